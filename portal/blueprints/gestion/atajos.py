"""The letter of each area, after `g`: no two areas of a role share one."""

from collections.abc import Mapping
from types import MappingProxyType

INICIO = "m"
LETRAS: Mapping[str, str] = MappingProxyType(
    {
        "agentes.meses": "a",
        "agentes_diario.mio": "d",
        "agentes_registro.lista": "g",
        "agentes_tablero.tablero": "a",
        "archivos_banco.lista": "b",
        "auditoria.bitacora": "y",
        "calendario.ver": "z",
        "certificados.buscar": "e",
        "cierres.lista": "c",
        "consignaciones.lista": "s",
        "consignaciones.propias": "s",
        "consulta.consultar": "q",
        "correos.lista": "j",
        "devoluciones.lista": "d",
        "liquidaciones.lista": "l",
        "liquidaciones.nueva": "n",
        "liquidaciones.reconocimientos": "x",
        "lotes.subir": "i",
        "normativa.circular": "k",
        "normativa.lista": "u",
        "normativa.lista_tarifas": "f",
        "pago.buscar": "p",
        "reclamos.lista": "w",
        "reportes.inicio": "r",
        "tesoreria.inicio": "t",
        "tesoreria.ordenes_lista": "o",
        "usuarios.lista": "p",
        "validacion.inicio": "h",
        "validacion_lista.lista": "v",
    }
)
