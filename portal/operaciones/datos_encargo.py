"""What an officer writes about an act, however it arrives: one reading rule per datum, and the encargo made of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import Any

from portal.dominio.errores import NoExiste
from portal.dominio.identificacion import leer_documento, leer_numero_contrato, leer_texto
from portal.dominio.lectura import leer_correo, leer_fecha, leer_nit, leer_telefono
from portal.dominio.normativa import Acto, Normativa
from portal.models.liquidacion import ClaseContribuyente
from portal.operaciones.encargos import Asunto, Contribuyente, Encargo


@dataclass(frozen=True)
class Dato:
    """One datum: `leer` turns its text into what an encargo holds and raises `DatoInvalido`; `opcional` may stay empty."""

    leer: Callable[[str], Any]
    opcional: bool = False


def _texto(campo: str, maximo: int, *, opcional: bool = False) -> Dato:
    return Dato(partial(leer_texto, maximo=maximo, campo=campo), opcional)


DATOS: Mapping[str, Dato] = MappingProxyType(
    {
        # Only cleaned: what a document may look like depends on its type, see `componer_contribuyente`.
        "documento": _texto("documento", 25),
        "nombre": _texto("nombre", 160),
        "direccion": _texto("direccion", 160, opcional=True),
        "telefono": Dato(leer_telefono, opcional=True),
        "correo": Dato(leer_correo, opcional=True),
        "contratante": _texto("contratante", 160),
        "contratante_nit": Dato(leer_nit, opcional=True),
        "numero_contrato": Dato(leer_numero_contrato),
        "numero_proceso": _texto("numero_proceso", 60, opcional=True),
        "fecha_contrato": Dato(leer_fecha),
        "objeto": _texto("objeto", 1000),
    }
)


def acto_liquidable(normativa: Normativa, codigo: str, hoy: date) -> Acto:
    """The act of a code, if it is assessed on `hoy`. Raises `NoExiste` for what this department does not assess."""
    hallado = next((acto for acto in normativa.actos_vigentes(hoy) if acto.codigo == codigo), None)
    if hallado is None:
        raise NoExiste("Ese acto no se liquida en este departamento. Elija uno de la lista.")
    return hallado


def otros_actos(normativa: Normativa, acto: Acto) -> tuple[Acto, ...]:
    """The acts that the same document may also be."""
    return tuple(otro for codigo in acto.concurre_con if (otro := normativa.acto(codigo)).activo)


def componer_contribuyente(datos: Mapping[str, Any]) -> Contribuyente:
    """Who owes, from data that were read; None is an optional one left empty. Raises `DatoInvalido` with the field."""
    return Contribuyente(
        tipo_documento=datos["tipo_documento"],
        documento=leer_documento(datos["tipo_documento"], datos["documento"]),
        nombre=datos["nombre"],
        clase=ClaseContribuyente(datos["clase"]),
        direccion=datos.get("direccion") or "",
        telefono=datos.get("telefono") or "",
        correo=datos.get("correo") or "",
    )


def componer_contrato(datos: Mapping[str, Any], asunto: Asunto) -> Encargo:
    """The encargo of a contract, from data that were read. Raises `DatoInvalido` with the field."""
    return Encargo(
        componer_contribuyente(datos),
        asunto,
        objeto=datos["objeto"],
        numero_contrato=datos["numero_contrato"],
        numero_proceso=datos.get("numero_proceso") or "",
        contratante=datos["contratante"],
        contratante_nit=datos.get("contratante_nit") or "",
    )
