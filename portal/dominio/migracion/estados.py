"""How a factura of the old system came to the state that it has: the moves of our graph that lead there."""

from collections.abc import Mapping
from types import MappingProxyType

from portal.dominio.errores import DatoInvalido
from portal.dominio.estados import EstadoFactura, EstadoPublico, EventoFactura, siguiente_factura

_P, _E = EstadoPublico, EventoFactura
# (moves of one that is worth something, moves of one of $0); None: it cannot be so.
_MOVIDAS: Mapping[EstadoPublico, tuple[tuple[EventoFactura, ...], tuple[EventoFactura, ...] | None]] = MappingProxyType(
    {
        _P.LIQUIDADO: ((), None),
        _P.VENCIDA: ((), None),
        _P.LEGALIZADO: ((_E.PAGO_APROBADO,), (_E.VALOR_CERO,)),
        _P.UTILIZADA: ((_E.PAGO_APROBADO, _E.ADHERIDA), (_E.VALOR_CERO, _E.ADHERIDA)),
        _P.REVERTIDO: ((_E.PAGO_APROBADO, _E.PAGO_REVERTIDO), None),
        _P.SIN_EFECTO: ((_E.DEJADA_SIN_EFECTO,), (_E.VALOR_CERO, _E.VALOR_CERO_SIN_EFECTO)),
    }
)
PAGADOS = (_P.LEGALIZADO, _P.UTILIZADA)
_POR_PALABRA = {estado.value.casefold(): estado for estado in _MOVIDAS}


def leer_estado(texto: str) -> EstadoPublico:
    """A state as people see it, whatever its capitals. Raises `DatoInvalido`."""
    estado = _POR_PALABRA.get(" ".join(texto.split()).casefold())
    if estado is None:
        raise DatoInvalido(f"El estado debe ser uno de: {', '.join(_MOVIDAS)}.")
    return estado


def movidas(estado: EstadoPublico, *, de_cero: bool) -> tuple[EventoFactura, ...]:
    """What happened to it since it was assessed. Raises `DatoInvalido` when a factura of $0 cannot be so."""
    con_valor, sin_valor = _MOVIDAS[estado]
    if not de_cero:
        return con_valor
    if sin_valor is None:
        raise DatoInvalido("Una factura de $0 no se debe: su estado es Legalizado, Utilizada o Sin efecto.")
    return sin_valor


def pasos(estado: EstadoPublico, *, de_cero: bool) -> list[tuple[EstadoFactura, EventoFactura, EstadoFactura]]:
    """The same, each move with where it leaves from and where it leads."""
    desde, hechos = EstadoFactura.LIQUIDADA, []
    for evento in movidas(estado, de_cero=de_cero):
        hasta = siguiente_factura(desde, evento)
        hechos.append((desde, evento, hasta))
        desde = hasta
    return hechos
