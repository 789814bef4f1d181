"""The breadcrumb of a page: the pages whose addresses begin its own, so that it follows the tree of addresses by itself."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from flask import Flask, current_app, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from portal.dominio.calendario import dia_en_palabras, mes_en_palabras
from portal.web.acceso import PUBLICO, acceso_de, usuario_actual

# What each page that has others under it is called there; `{…}` are parts of its own address. A test asks for all of them.
NOMBRES: Mapping[str, str] = {
    "agentes.mes": "{mes}",
    "agentes.meses": "Declaración mensual",
    "agentes_registro.lista": "Registro de agentes",
    "agentes_registro.ver": "Agente",
    "agentes_tablero.tablero": "Agentes recaudadores",
    "agentes_tablero.ver": "Agente",
    "archivos_banco.lista": "Archivos del banco",
    "archivos_banco.ver": "Archivo {numero}",
    "calendario.ver": "Calendario de plazos",
    "certificados.buscar": "Certificados de validación",
    "cierres.lista": "Cierre diario",
    "cierres.ver": "{dia}",
    "consignaciones.del_mes": "Consignaciones de {mes}",
    "consignaciones.lista": "Consignaciones de agentes",
    "consignaciones.propias": "Consignaciones",
    "consignaciones.ver": "Consignación {numero}",
    "cuenta.mis_llaves": "Llaves de acceso",
    "cuenta.segundo_factor_nuevo": "Segundo factor",
    "cuenta.ver": "Mi cuenta",
    "devolucion.inicio": "Devoluciones",
    "devolucion.ver": "Su devolución",
    "devoluciones.lista": "Devoluciones",
    "devoluciones.ver": "Devolución {numero}",
    "estampillas.sin_conexion": "Verificador sin conexión",
    "estampillas.verificar": "Verificar una estampilla",
    "gestion.inicio": "Mi trabajo",
    "liquidaciones.contrato": "Contrato",
    "liquidaciones.formulario": "Datos del acto",
    "liquidaciones.lista": "Liquidaciones",
    "liquidaciones.nueva": "Nueva liquidación",
    "liquidaciones.reconocimiento": "Reconocimiento {numero}",
    "liquidaciones.reconocimientos": "Reconocimientos",
    "liquidaciones.ver": "Liquidación",
    "login.ingresar": "Ingresar",
    "login.olvido": "¿Olvidó su contraseña?",
    "lotes.subir": "Importar contratos",
    "lotes.ver": "Archivo importado",
    "normativa.circular": "Circular de tarifas",
    "normativa.lista": "Valores de cada año",
    "normativa.lista_tarifas": "Tarifas",
    "normativa.ver": "Propuesta {propuesta_id}",
    "pago.buscar": "Pago en línea",
    "pago.ver": "Estado del pago",
    "publico.ayuda": "Ayuda",
    "publico.inicio": "Inicio",
    "publico.liquidacion": "Liquidación",
    "reclamos.lista": "Pagué y no aparece",
    "reportes.inicio": "Reportes",
    "tesoreria.inicio": "Tesorería",
    "tesoreria.lista": "Casos",
    "tesoreria.ordenes_lista": "Órdenes",
    "tesoreria.recaudo": "Recaudo {recaudo_id}",
    "tramites.elegir": "Liquide usted mismo",
    "tramites.quien": "Quién lo pide",
    "usuarios.lista": "Cuentas",
    "usuarios.ver": "Cuenta {cuenta}",
    "validacion.inicio": "Adherir y anular",
    "validacion_lista.lista": "Validar una lista",
}


_DIA, _MES = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\d{4}-\d\d")


class Miga(NamedTuple):
    """One page on the way: its name and its address."""

    nombre: str
    direccion: str


def migas() -> list[Miga]:
    """The pages above the one that was asked for, from the first, without those that this account may not open.

    Staff begin at their work, everybody else at the first screen.
    """
    return list(_sobre(request.path))


def _sobre(ruta: str) -> Iterator[Miga]:
    if not ruta.startswith("/gestion"):
        yield Miga(NOMBRES["publico.inicio"], "/")
    if not ruta.isprintable():
        # Nobody can write such an address, so nothing is on the way to it.
        return
    adaptador = current_app.url_map.bind("")
    partes = ruta.strip("/").split("/")
    for n in range(1, len(partes)):
        direccion = "/" + "/".join(partes[:n])
        hallada = _pagina(adaptador, direccion)
        if hallada is not None:
            endpoint, valores = hallada
            nombre = NOMBRES.get(endpoint)
            if nombre is not None and _puede_abrir(endpoint):
                yield Miga(nombre.format(**{parte: _en_palabras(str(valores[parte])) for parte in valores}), direccion)


def _en_palabras(parte: str) -> str:
    """Days and months of an address as people write them; anything else as it is."""
    try:
        if _DIA.fullmatch(parte):
            return dia_en_palabras(date.fromisoformat(parte))
        return mes_en_palabras(date.fromisoformat(f"{parte}-01")) if _MES.fullmatch(parte) else parte
    except ValueError:
        return "día que no existe"


def _pagina(adaptador: MapAdapter, direccion: str) -> tuple[str, Mapping[str, object]] | None:
    try:
        return adaptador.match(direccion, method="GET")
    except HTTPException:
        return None


def _puede_abrir(endpoint: str) -> bool:
    acceso = acceso_de(current_app, endpoint)
    if acceso == PUBLICO:
        return True
    try:
        usuario = usuario_actual()
    except SQLAlchemyError:
        # An error page of a database that does not answer still is a page.
        return False
    return usuario is not None and isinstance(acceso, frozenset) and usuario.rol in acceso


def init_app(app: Flask) -> None:
    """Give it to the layouts."""
    app.jinja_env.globals["migas"] = migas
