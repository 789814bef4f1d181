"""What the files come to, and which of their rows each total adds up."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from portal.dominio.calendario import BOGOTA
from portal.dominio.estados import EstadoPublico
from portal.dominio.migracion.control import Concepto, Cuadre, Diferencia, Llave, Suma, juntar, sumar
from portal.dominio.migracion.renglones import FACTURAS, LIQUIDACIONES, PAGOS, Carpeta
from portal.dominio.migracion.unidades import Documento

_FILAS_A_NOMBRAR = 10
_VENCIDA = (Concepto.ESTADO, EstadoPublico.VENCIDA.value)
_LIQUIDADO = (Concepto.ESTADO, EstadoPublico.LIQUIDADO.value)


class _Sumando(NamedTuple):
    llave: Llave
    valor: Decimal
    archivo: str
    fila: int


def cuadre_de(documentos: Iterable[Documento]) -> Cuadre:
    """The totals of some documents."""
    return sumar((s.llave, s.valor) for s in _sumandos(documentos))


def totales_de(carpeta: Carpeta, documentos: Iterable[Documento]) -> Cuadre:
    """All the totals of a folder, as its control states them."""
    return cuadre_de(documentos) | {
        (Concepto.USUARIOS, ""): Suma(len(carpeta.usuarios)),
        (Concepto.CONTRIBUYENTES, ""): Suma(len(carpeta.contribuyentes)),
    }


def como_se_guarda(cuadre: Cuadre) -> Cuadre:
    """The same as the database tells it: *Vencida* is not stored, because it follows from the due date."""
    return juntar({ll: s for ll, s in cuadre.items() if ll != _VENCIDA}, {_LIQUIDADO: cuadre.get(_VENCIDA, Suma())})


def en_palabras(una: Diferencia, documentos: Sequence[Documento]) -> str:
    """A difference, with the rows that its total adds up."""
    vencidas = una.llave == _LIQUIDADO and una.control != una.hallado
    filas = [
        (s.archivo, s.fila) for s in _sumandos(documentos) if s.llave == una.llave or (vencidas and s.llave == _VENCIDA)
    ]
    nombradas = ", ".join(f"{archivo} {fila}" for archivo, fila in filas[:_FILAS_A_NOMBRAR])
    resto = f" y {len(filas) - _FILAS_A_NOMBRAR} más" if len(filas) > _FILAS_A_NOMBRAR else ""
    suman = f" Filas que lo suman: {nombradas}{resto}." if filas else " Ninguna fila lo suma."
    return f"Se esperaba {una.control} y hay {una.hallado}.{suman}"


def _sumandos(documentos: Iterable[Documento]) -> Iterator[_Sumando]:
    for uno in documentos:
        yield _Sumando((Concepto.LIQUIDACIONES, ""), uno.liquidacion.total, LIQUIDACIONES, uno.liquidacion.fila)
        for factura in uno.facturas:
            for llave in (
                (Concepto.ESTADO, factura.estado.value),
                (Concepto.ESTAMPILLA, factura.estampilla),
                (Concepto.VIGENCIA, str(uno.liquidacion.vigencia)),
            ):
                yield _Sumando(llave, factura.valor, FACTURAS, factura.fila)
        for pago in uno.pagos:
            dia = pago.pagado_el.astimezone(BOGOTA).date().isoformat()
            yield _Sumando((Concepto.DIA, dia), pago.valor, PAGOS, pago.fila)
