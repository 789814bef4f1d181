"""What somebody reads who checks a stamp: whether it may be received, and why not."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from portal.dominio.estados import EstadoPublico
from portal.operaciones.estampillas import Situacion


@dataclass(frozen=True)
class Palabras:
    """`clase` picks the colour; `sigue` says what to do."""

    titulo: str
    clase: str
    sigue: str


_NO_LA_RECIBA = "No la reciba."
_PALABRAS: Mapping[EstadoPublico, Palabras] = MappingProxyType(
    {
        EstadoPublico.LEGALIZADO: Palabras(
            "Pagada y sin usar",
            "exito",
            "Compare estos datos con los del papel y con los del acto. Si alguno es distinto, no la reciba.",
        ),
        EstadoPublico.UTILIZADA: Palabras("Ya se usó", "alerta", f"Una estampilla sirve una sola vez. {_NO_LA_RECIBA}"),
        EstadoPublico.EN_VERIFICACION: Palabras(
            "El pago no está confirmado", "alerta", f"Hay un pago en el banco. {_NO_LA_RECIBA} Consúltela más tarde."
        ),
        EstadoPublico.REVERTIDO: Palabras(
            "El banco devolvió el pago", "error", f"La estampilla se debe de nuevo. {_NO_LA_RECIBA}"
        ),
        EstadoPublico.SIN_EFECTO: Palabras("Sin efecto", "error", f"Esta estampilla ya no vale. {_NO_LA_RECIBA}"),
    }
)
# Its factura is owed as if nobody had paid: only an agent that undoes a withholding leaves an issued stamp so.
_DESHECHA = Palabras(
    "Ya no está pagada", "error", f"La entidad deshizo la retención y la estampilla se debe de nuevo. {_NO_LA_RECIBA}"
)
_DEBIDA = (EstadoPublico.LIQUIDADO, EstadoPublico.VENCIDA)
_REEMPLAZADA = Palabras(
    "Reemplazada por otra",
    "alerta",
    "El banco devolvió el pago con que se expidió y la factura se pagó de nuevo. Pida la estampilla nueva: tiene otro código.",
)
_REEMPLAZADA_POR_LA_ENTIDAD = Palabras(
    "Reemplazada por otra",
    "alerta",
    "La entidad deshizo la retención con que se expidió y la factura se pagó de nuevo. Pida la estampilla nueva: tiene otro "
    "código.",
)


def palabras_de(situacion: Situacion) -> Palabras:
    """The words of what a stamp is worth now; a state that no issued stamp should have is not one to receive."""
    if situacion.reemplazada:
        return _REEMPLAZADA_POR_LA_ENTIDAD if situacion.deshecha else _REEMPLAZADA
    if situacion.deshecha and situacion.estado in _DEBIDA:
        return _DESHECHA
    return _PALABRAS.get(situacion.estado, Palabras(situacion.estado.value, "error", _NO_LA_RECIBA))
