"""What the files must say alike: who owes, what adds up, what was paid, and states that the payments do not contradict."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from itertools import groupby

from portal.dominio.calendario import BOGOTA
from portal.dominio.dinero import escribir_pesos
from portal.dominio.errores import DatoInvalido
from portal.dominio.estados import EstadoPublico
from portal.dominio.migracion.celdas import Hallazgo
from portal.dominio.migracion.estados import PAGADOS, movidas
from portal.dominio.migracion.renglones import (
    CONTRIBUYENTES,
    FACTURAS,
    LIQUIDACIONES,
    PAGOS,
    USUARIOS,
    Carpeta,
    FacturaAnterior,
    LiquidacionAnterior,
    PagoAnterior,
)

_POR_PAGAR = (EstadoPublico.LIQUIDADO, EstadoPublico.VENCIDA)


def cruzar(
    carpeta: Carpeta, corte: date, cuentas: Mapping[str, str], entidades: Mapping[str, int]
) -> Iterator[Hallazgo]:
    """Everything on which the rows contradict one another, or the day `corte` of the old system's last movement.

    `cuentas`: role of the accounts of the portal, by address; those of the files are added. `entidades`: id of the collecting
    agents, by NIT.
    """
    facturas = carpeta.facturas_de()
    for una in carpeta.liquidaciones.values():
        yield from _liquidacion(carpeta, una, facturas[una.numero], corte)
    correos = {**cuentas, **{u.correo: u.rol for u in carpeta.usuarios.values()}}
    for factura in carpeta.facturas.values():
        yield from _factura(carpeta, factura, corte, correos)
    yield from _pagos(carpeta, corte)
    yield from _contratos(carpeta, entidades)
    yield from _usuarios(carpeta, cuentas, entidades)


def sin_liquidaciones(carpeta: Carpeta) -> int:
    """How many contributors owe nothing in the files: the portal keeps people on their documents alone."""
    return len(carpeta.contribuyentes.keys() - {una.persona for una in carpeta.liquidaciones.values()})


def _liquidacion(
    carpeta: Carpeta, una: LiquidacionAnterior, facturas: list[FacturaAnterior], corte: date
) -> Iterator[Hallazgo]:
    def mal(columna: str, mensaje: str) -> Hallazgo:
        return Hallazgo(LIQUIDACIONES, una.fila, columna, mensaje)

    if una.persona not in carpeta.contribuyentes:
        yield mal("documento", f"Ese contribuyente no está en {CONTRIBUYENTES}.")
    if not facturas:
        yield mal("numero", f"No tiene ninguna factura en {FACTURAS}.")
    suma = sum(f.valor for f in facturas)
    if facturas and suma != una.total:
        filas = ", ".join(str(f.fila) for f in facturas)
        yield mal(
            "total",
            f"Dice {escribir_pesos(una.total)} y sus facturas suman {escribir_pesos(suma)} ({FACTURAS}, filas {filas}).",
        )
    yield from (mal(c, m) for c, m in _dias_de(una, corte))
    for factura in facturas:
        if (factura.estado is EstadoPublico.SIN_EFECTO) == una.vigente:
            yield Hallazgo(
                FACTURAS,
                factura.fila,
                "estado",
                "Una liquidación queda sin efecto con todas sus facturas, o con ninguna.",
            )


def _dias_de(una: LiquidacionAnterior, corte: date) -> Iterator[tuple[str, str]]:
    for columna, instante in (("emitida_el", una.emitida_el), ("sin_efecto_el", una.sin_efecto_el)):
        if instante is not None and _dia(instante) > corte:
            yield columna, "Es posterior al corte."


def _factura(carpeta: Carpeta, una: FacturaAnterior, corte: date, correos: Mapping[str, str]) -> Iterator[Hallazgo]:
    def mal(columna: str, mensaje: str) -> Hallazgo:
        return Hallazgo(FACTURAS, una.fila, columna, mensaje)

    suya = carpeta.liquidaciones.get(una.liquidacion)
    if suya is None:
        yield mal("liquidacion", f"Esa liquidación no está en {LIQUIDACIONES}.")
        return
    try:
        movidas(una.estado, de_cero=una.valor == 0)
    except DatoInvalido as error:
        yield mal("estado", error.mensaje)
    yield from (mal("estado", mensaje) for mensaje in _estado(una, suya, carpeta.pagos.get(una.numero), corte))
    if una.revertida_el is not None and not suya.emitida_el <= una.revertida_el or _tarde(una.revertida_el, corte):
        yield mal("revertida_el", "Va desde que se emitió hasta el corte.")
    if una.uso is not None:
        yield from (mal(c, m) for c, m in _uso(una, suya, carpeta.pagos.get(una.numero), corte, correos))


def _estado(una: FacturaAnterior, suya: LiquidacionAnterior, pago: PagoAnterior | None, corte: date) -> Iterator[str]:
    pagada = una.estado in PAGADOS and una.valor > 0
    if pagada and pago is None:
        yield f"Dice {una.estado} y no tiene pago en {PAGOS}."
    if not pagada and pago is not None:
        yield f"Dice {una.estado} y tiene un pago en {PAGOS}, fila {pago.fila}."
    if una.estado in _POR_PAGAR and (suya.con_limite or una.estado is EstadoPublico.VENCIDA):
        debido = EstadoPublico.VENCIDA if corte > suya.fecha_limite else EstadoPublico.LIQUIDADO
        if una.estado is not debido:
            yield f"Dice {una.estado}, y por su fecha límite el día del corte es {debido}."


def _uso(
    una: FacturaAnterior, suya: LiquidacionAnterior, pago: PagoAnterior | None, corte: date, correos: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    assert una.uso is not None, "only a used one is asked"
    desde = pago.pagado_el if pago else suya.emitida_el
    if _dia(una.uso.en) < _dia(desde) or _tarde(una.uso.en, corte):
        yield "usada_el", "Va desde que se pagó hasta el corte."
    if una.uso.acto_fecha > corte:
        yield "acto_fecha", "Es posterior al corte."
    if una.uso.por not in correos:
        yield "usada_por", f"Esa cuenta no está en {USUARIOS} ni en el portal."


def _pagos(carpeta: Carpeta, corte: date) -> Iterator[Hallazgo]:
    for pago in carpeta.pagos.values():
        factura = carpeta.facturas.get(pago.factura)
        if factura is None:
            yield Hallazgo(PAGOS, pago.fila, "factura", f"Esa factura no está en {FACTURAS}.")
            continue
        if factura.valor != pago.valor:
            vale, pagan = escribir_pesos(factura.valor), escribir_pesos(pago.valor)
            yield Hallazgo(
                PAGOS, pago.fila, "valor", f"Paga {pagan} y la factura vale {vale} ({FACTURAS}, fila {factura.fila})."
            )
        suya = carpeta.liquidaciones.get(factura.liquidacion)
        if suya is not None and (_dia(pago.pagado_el) < _dia(suya.emitida_el) or _tarde(pago.pagado_el, corte)):
            yield Hallazgo(PAGOS, pago.fila, "pagado_el", "Va desde que se emitió la liquidación hasta el corte.")
    for filas in por_referencia(carpeta).values():
        for otra in filas[1:]:
            if otra.comun != filas[0].comun:
                yield Hallazgo(
                    PAGOS,
                    otra.fila,
                    "referencia",
                    f"Es el mismo pago de la fila {filas[0].fila} y no dice lo mismo de su fecha, banco, CUS o autorización.",
                )


def por_referencia(carpeta: Carpeta) -> dict[str, list[PagoAnterior]]:
    """The rows of each payment."""
    filas = sorted(carpeta.pagos.values(), key=lambda p: (p.referencia, p.fila))
    return {referencia: list(grupo) for referencia, grupo in groupby(filas, key=lambda p: p.referencia)}


def llave_de_contrato(una: LiquidacionAnterior, entidades: Mapping[str, int]) -> tuple[int, str, str, int]:
    """What tells a contract from all others, as the portal does: year, contractor, number, entity."""
    return una.vigencia, una.persona.documento, una.numero_contrato, entidades.get(una.contratante_nit, 0)


def _usuarios(carpeta: Carpeta, cuentas: Mapping[str, str], entidades: Mapping[str, int]) -> Iterator[Hallazgo]:
    for una in carpeta.usuarios.values():
        if cuentas.get(una.correo, una.rol) != una.rol:
            yield Hallazgo(USUARIOS, una.fila, "rol", "Esa cuenta ya existe en el portal con otro rol.")
        if una.agente_nit and una.agente_nit not in entidades:
            yield Hallazgo(USUARIOS, una.fila, "agente_nit", "Registre antes ese agente recaudador en el portal.")


def _contratos(carpeta: Carpeta, entidades: Mapping[str, int]) -> Iterator[Hallazgo]:
    """A contract has one assessment in force, and an addition follows the ones before it."""
    vigentes: dict[tuple[object, ...], dict[int, LiquidacionAnterior]] = {}
    for una in sorted(carpeta.liquidaciones.values(), key=lambda x: x.fila):
        if not una.numero_contrato or not una.vigente:
            continue
        suyas = vigentes.setdefault(llave_de_contrato(una, entidades), {})
        if (otra := suyas.setdefault(una.adicion, una)) is not una:
            yield Hallazgo(
                LIQUIDACIONES,
                una.fila,
                "numero_contrato",
                f"La fila {otra.fila} ya liquida ese contrato y está en firme. "
                "Si son de dos entidades, regístrelas antes como agentes recaudadores.",
            )
    for suyas in vigentes.values():
        for adicion, una in suyas.items():
            if adicion and adicion - 1 not in suyas:
                yield Hallazgo(
                    LIQUIDACIONES, una.fila, "adicion", "Falta, en firme, la parte del contrato a la que sigue."
                )


def _dia(instante: datetime) -> date:
    return instante.astimezone(BOGOTA).date()


def _tarde(instante: datetime | None, corte: date) -> bool:
    return instante is not None and _dia(instante) > corte
