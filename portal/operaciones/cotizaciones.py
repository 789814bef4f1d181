"""The engine's public door for other systems: one JSON line in, one JSON line out, whatever the line holds.

The shape of both is public (the README shows it). Amounts come as strings because a JSON number may have lost cents on its way.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.dominio.errores import DatoInvalido, ErrorDominio
from portal.dominio.hechos import TipoHecho, breve, leer_fecha, leer_importe
from portal.dominio.liquidador import Linea, Solicitud, liquidar
from portal.dominio.normativa import Normativa

MAXIMO_LINEA = 64 * 1024
MAXIMO_ACTOS = 50
_CLAVES = {"id", "actos", "fecha", "valor", "variante", "hechos"}
_DECIMAL = re.compile(r"[0-9]{1,3}\.[0-9]{1,6}")
_ENTERO = re.compile(r"-?[0-9]{1,15}")


def responder(normativa: Normativa, linea: bytes) -> bytes:
    """Answer one line, given without its ending: the assessment, or `{"id": …, "error": …}`. No line makes it raise."""
    id_: object = None
    try:
        pedido = _leer_objeto(linea)
        id_ = _leer_id(pedido.get("id"))
        _rechazar_dudosos(pedido)
        respuesta = _cotizar(normativa, id_, _leer_solicitud(normativa, pedido))
    except ErrorDominio as error:
        respuesta = {"id": id_, "error": error.mensaje}
    # An error may quote what it refused, and a lone surrogate has no UTF-8.
    return json.dumps(respuesta, ensure_ascii=False).encode("utf-8", "backslashreplace")


def _leer_objeto(linea: bytes) -> dict[str, Any]:
    if len(linea) > MAXIMO_LINEA:
        raise DatoInvalido(f"La línea tiene más de {MAXIMO_LINEA} bytes")
    try:
        crudo = json.loads(
            linea.decode("utf-8"),
            object_pairs_hook=_objeto,
            parse_constant=_Dudoso,
            parse_float=lambda texto: Decimal(texto) if _DECIMAL.fullmatch(texto) else _Dudoso(texto),
            parse_int=lambda texto: int(texto) if _ENTERO.fullmatch(texto) else _Dudoso(texto),
        )
    except UnicodeDecodeError:
        raise DatoInvalido("La línea no es texto UTF-8") from None
    except (json.JSONDecodeError, RecursionError):
        raise DatoInvalido("La línea no es JSON") from None
    if not isinstance(crudo, dict):
        raise DatoInvalido("La línea debe ser un objeto JSON")
    return crudo


@dataclass(frozen=True)
class _Dudoso:
    """A number that is refused: NaN, an exponent, too many digits. Kept until the line's `id` is known, to answer with it."""

    texto: str


class _ConRepetidas(dict[str, Any]):
    """An object that had some key twice."""


def _objeto(pares: list[tuple[str, Any]]) -> dict[str, Any]:
    objeto = dict(pares)
    return objeto if len(objeto) == len(pares) else _ConRepetidas(objeto)


def _rechazar_dudosos(pedido: dict[str, Any]) -> None:
    pendientes: list[Any] = [pedido]
    while pendientes:
        parte = pendientes.pop()
        if isinstance(parte, _ConRepetidas):
            raise DatoInvalido("Hay una clave repetida")
        if isinstance(parte, _Dudoso):
            raise DatoInvalido(f"El número {breve(parte.texto)} no se admite: los importes se escriben entre comillas")
        pendientes += parte.values() if isinstance(parte, dict) else parte if isinstance(parte, list) else []


def _leer_id(crudo: object) -> str | int | None:
    if crudo is None or (isinstance(crudo, int) and not isinstance(crudo, bool)):
        return crudo
    if isinstance(crudo, str) and len(crudo) <= 200:
        return crudo
    raise DatoInvalido("«id» debe ser un texto de hasta 200 caracteres o un número entero", "id")


def _leer_solicitud(normativa: Normativa, pedido: Mapping[str, Any]) -> Solicitud:
    sobran = sorted(set(pedido) - _CLAVES)
    if sobran:
        raise DatoInvalido(f"La clave «{breve(sobran[0])}» no existe")
    actos = pedido.get("actos")
    if not isinstance(actos, list) or not 0 < len(actos) <= MAXIMO_ACTOS or not all(isinstance(a, str) for a in actos):
        raise DatoInvalido(f"«actos» debe ser una lista de 1 a {MAXIMO_ACTOS} códigos de acto", "actos")
    if pedido.get("fecha") is None:
        raise DatoInvalido("Falta «fecha», escrita AAAA-MM-DD", "fecha")
    fecha = leer_fecha(pedido["fecha"], "fecha")
    _solo_texto(pedido.get("valor"), "valor")
    valor = None if pedido.get("valor") is None else leer_importe(pedido["valor"], "valor")
    hechos = {} if pedido.get("hechos") is None else pedido["hechos"]
    if not isinstance(hechos, dict):
        raise DatoInvalido("«hechos» debe ser un objeto JSON", "hechos")
    _rechazar_importes_sin_comillas(normativa, hechos)
    sin_variante = Solicitud(tuple(actos), fecha, valor, {}, hechos)
    return Solicitud(
        tuple(actos), fecha, valor, _leer_variantes(normativa, pedido.get("variante"), sin_variante), hechos
    )


def _rechazar_importes_sin_comillas(normativa: Normativa, hechos: Mapping[str, Any]) -> None:
    porcentajes = {hecho.clave for hecho in normativa.hechos if hecho.tipo is TipoHecho.PORCENTAJE}
    for clave, crudo in hechos.items():
        if clave not in porcentajes:
            _solo_texto(crudo, f"hechos.{breve(clave)}")


def _solo_texto(crudo: object, campo: str) -> None:
    if isinstance(crudo, Decimal):
        raise DatoInvalido(f"«{campo}» no puede ser un número con decimales: escríbalo entre comillas", campo)


def _leer_variantes(normativa: Normativa, crudo: object, solicitud: Solicitud) -> dict[str, str]:
    """`variante` is the name alone when one act of the request has variants, or an object from act to name."""
    if crudo is None:
        return {}
    if isinstance(crudo, dict) and all(isinstance(nombre, str) for nombre in crudo.values()):
        return crudo
    if not isinstance(crudo, str):
        raise DatoInvalido("«variante» debe ser un texto, o un objeto de acto a variante", "variante")
    actos = [normativa.acto(codigo, solicitud.fecha) for codigo in solicitud.actos]
    candidatos = [acto.codigo for acto in actos if normativa.variantes_de(acto, solicitud.fecha)]
    if len(candidatos) != 1:
        raise DatoInvalido("«variante» solo se admite cuando un acto de la solicitud tiene variantes", "variante")
    return {candidatos[0]: crudo}


def _cotizar(normativa: Normativa, id_: object, solicitud: Solicitud) -> dict[str, Any]:
    resultado = liquidar(normativa, solicitud)
    return {
        "id": id_,
        "lineas": [_renglon(linea) for linea in resultado.lineas],
        "total": int(resultado.total),
        "avisos": list(resultado.avisos),
    }


def _renglon(linea: Linea) -> dict[str, Any]:
    return {
        "estampilla": linea.estampilla,
        "base": None if linea.base is None else _plano(linea.base),
        "tarifa": linea.tarifa,
        "exacto": _plano(linea.exacto),
        "valor": int(linea.valor),
        "redondeo": linea.redondeo,
        "norma": linea.norma,
        "exencion": linea.exencion,
        "acto": linea.acto,
        "indicadores": [
            {"codigo": i.codigo, "valor": _plano(i.valor), "acto": i.acto, "desde": i.desde.isoformat()}
            for i in linea.indicadores
        ],
        "explicacion": linea.explicacion(),
        "reglas": [
            {"codigo": r.codigo, "nombre": r.nombre, "norma": r.norma, "resultado": r.resultado, "motivo": r.motivo}
            for r in linea.reglas()
        ],
    }


def _plano(valor: Decimal) -> str:
    """Plain digits, no exponent, no zeros beyond need: `938229.98`."""
    texto = f"{valor:f}"
    return texto.rstrip("0").rstrip(".") if "." in texto else texto
