"""The reckoning of an agent's month: what it assessed, withheld and deposited side by side, and every difference in words.

What is declared is what was withheld. Three accounts must close, to the centavo, whatever happened:

- assessed = withheld and paid in the month of what was assessed in it + collected in other months + not collected;
- withheld = declared = deposits accepted + what is still to be deposited;
- withheld = of what was assessed in the month + of the rest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from portal.dominio.declaraciones import EstadoConsignacion, Renglon, Sumas, ordenar, sumar
from portal.dominio.dinero import escribir_pesos

_CERO = Decimal(0)


@dataclass(frozen=True)
class Clave:
    """One stamp on one act."""

    estampilla: str
    estampilla_nombre: str
    acto: str
    acto_nombre: str


@dataclass(frozen=True)
class Liquidado:
    """What was assessed of one stamp on one act: facturas, pesos of their bases and of their values."""

    cantidad: int
    base: Decimal
    valor: Decimal


@dataclass(frozen=True)
class Cobrado:
    """What was collected in the month of one stamp on one act: times, pesos, and how many pesos are of what it assessed."""

    veces: int
    valor: Decimal
    del_mes: Decimal


@dataclass(frozen=True)
class Referencia:
    """A liquidación that explains some pesos, and the code of its page."""

    numero: int
    codigo: str
    valor: Decimal


@dataclass(frozen=True)
class HechosMes:
    """All that happened to an agent in a month, as the ledger and the liquidaciones say it.

    `sin_recaudar`: of what was assessed in the month, what nobody has collected yet. `de_otras`: withheld in the month of what
    was not assessed in it. `consignado`: pesos of its deposits for the month, by state.
    """

    liquidado: Mapping[Clave, Liquidado]
    retenido: Mapping[Clave, Cobrado]
    pagado: Mapping[Clave, Cobrado]
    sin_recaudar: Sequence[Referencia] = ()
    de_otras: Sequence[Referencia] = ()
    consignado: Mapping[EstadoConsignacion, Decimal] = field(default_factory=dict)


class ClaseDiferencia(StrEnum):
    """Why two figures of a month are not the same."""

    SIN_RECAUDAR = "sin_recaudar"
    RECAUDADO_EN_OTRO_MES = "recaudado_en_otro_mes"
    DEVUELTO_DESPUES = "devuelto_despues"
    RETENIDO_DE_OTROS = "retenido_de_otros"
    PAGADO_POR_ELLOS = "pagado_por_ellos"
    PAGO_DEVUELTO = "pago_devuelto"
    POR_CONSIGNAR = "por_consignar"
    EN_REVISION = "en_revision"
    DE_MAS = "de_mas"
    CONSIGNACION_REVERTIDA = "consignacion_revertida"
    CAMBIO_LO_LIQUIDADO = "cambio_lo_liquidado"


@dataclass(frozen=True)
class Diferencia:
    """One difference: its pesos, one plain sentence, and the liquidaciones behind it."""

    clase: ClaseDiferencia
    valor: Decimal
    frase: str
    liquidaciones: Sequence[Referencia] = ()


@dataclass(frozen=True)
class Cuadro:
    """A month reckoned. `por_consignar` is negative when the agent deposited more than it withheld."""

    renglones: Sequence[Renglon]
    sumas: Sumas
    consignado: Decimal
    en_revision: Decimal
    diferencias: Sequence[Diferencia]

    @property
    def por_consignar(self) -> Decimal:
        """Declared less deposits accepted: the open difference."""
        return self.sumas.retenido - self.consignado

    @property
    def en_cero(self) -> bool:
        """Whether nothing happened: nothing assessed, collected or deposited."""
        return not self.renglones and not self.consignado and not self.en_revision


def cuadrar(hechos: HechosMes, presentado: Sumas | None = None) -> Cuadro:
    """Reckon a month. `presentado` are the totals of the return that stands before the department, if there is one."""
    renglones = _renglones(hechos)
    sumas = sumar(renglones)
    consignado = hechos.consignado.get(EstadoConsignacion.ACEPTADA, _CERO)
    en_revision = hechos.consignado.get(EstadoConsignacion.RECIBIDA, _CERO)
    revertida = hechos.consignado.get(EstadoConsignacion.REVERTIDA, _CERO)
    diferencias = (
        *_de_lo_liquidado(hechos, sumas),
        *_de_lo_retenido(hechos, sumas),
        *_de_lo_consignado(sumas.retenido - consignado, en_revision, revertida),
        *_de_lo_presentado(sumas, presentado),
    )
    return Cuadro(renglones, sumas, consignado, en_revision, diferencias)


def _renglones(hechos: HechosMes) -> list[Renglon]:
    """One line per stamp and act in which anything happened; a name is that of the liquidaciones of the month, if any."""
    claves: dict[tuple[str, str], Clave] = {}
    for grupo in (hechos.pagado, hechos.retenido, hechos.liquidado):
        claves |= {(c.estampilla, c.acto): c for c in grupo}
    liquidado = {(c.estampilla, c.acto): v for c, v in hechos.liquidado.items()}
    retenido = {(c.estampilla, c.acto): v for c, v in hechos.retenido.items()}
    pagado = {(c.estampilla, c.acto): v for c, v in hechos.pagado.items()}
    nada, sin_cobro = Liquidado(0, _CERO, _CERO), Cobrado(0, _CERO, _CERO)
    hechas = []
    for par, clave in claves.items():
        suyo, cobro = liquidado.get(par, nada), retenido.get(par, sin_cobro)
        hechas.append(
            Renglon(
                estampilla=clave.estampilla,
                estampilla_nombre=clave.estampilla_nombre,
                acto=clave.acto,
                acto_nombre=clave.acto_nombre,
                cantidad=suyo.cantidad,
                base=suyo.base,
                liquidado=suyo.valor,
                retenidas=cobro.veces,
                retenido=cobro.valor,
                pagado=pagado.get(par, sin_cobro).valor,
            )
        )
    return ordenar(hechas)


def _de_lo_liquidado(hechos: HechosMes, sumas: Sumas) -> list[Diferencia]:
    propio = sum((c.del_mes for c in (*hechos.retenido.values(), *hechos.pagado.values())), _CERO)
    sin_recaudar = sum((r.valor for r in hechos.sin_recaudar), _CERO)
    en_otros = sumas.liquidado - propio - sin_recaudar
    dichas = []
    if sin_recaudar:
        frase = f"{escribir_pesos(sin_recaudar)} liquidados en el mes no se han retenido ni pagado todavía."
        dichas.append(Diferencia(ClaseDiferencia.SIN_RECAUDAR, sin_recaudar, frase, hechos.sin_recaudar))
    if en_otros > 0:
        frase = (
            f"{escribir_pesos(en_otros)} liquidados en el mes se retuvieron o se pagaron en otro mes: cuentan en ese."
        )
        dichas.append(Diferencia(ClaseDiferencia.RECAUDADO_EN_OTRO_MES, en_otros, frase))
    if en_otros < 0:
        frase = f"{escribir_pesos(-en_otros)} que se habían pagado en el mes los devolvió el banco después: se deben de nuevo."
        dichas.append(Diferencia(ClaseDiferencia.DEVUELTO_DESPUES, -en_otros, frase))
    if sumas.pagado > 0:
        frase = (
            f"{escribir_pesos(sumas.pagado)} los pagaron los contribuyentes directamente al departamento: "
            "la entidad no los declara ni los consigna."
        )
        dichas.append(Diferencia(ClaseDiferencia.PAGADO_POR_ELLOS, sumas.pagado, frase))
    if sumas.pagado < 0:
        frase = (
            f"{escribir_pesos(-sumas.pagado)} que los contribuyentes habían pagado directamente en otros meses "
            "se les devolvieron o los devolvió el banco en este."
        )
        dichas.append(Diferencia(ClaseDiferencia.PAGO_DEVUELTO, -sumas.pagado, frase))
    return dichas


def _de_lo_retenido(hechos: HechosMes, sumas: Sumas) -> list[Diferencia]:
    de_otros = sumas.retenido - sum((c.del_mes for c in hechos.retenido.values()), _CERO)
    if not de_otros:
        return []
    frase = f"{escribir_pesos(de_otros)} retenidos en el mes son de liquidaciones de otros meses o que ya no están vigentes."
    return [Diferencia(ClaseDiferencia.RETENIDO_DE_OTROS, de_otros, frase, hechos.de_otras)]


def _de_lo_consignado(abierta: Decimal, en_revision: Decimal, revertida: Decimal) -> list[Diferencia]:
    dichas = []
    if abierta > 0:
        frase = f"{escribir_pesos(abierta)} retenidos no tienen todavía una consignación aceptada."
        dichas.append(Diferencia(ClaseDiferencia.POR_CONSIGNAR, abierta, frase))
    if abierta < 0:
        frase = f"{escribir_pesos(-abierta)} se consignaron de más: las consignaciones aceptadas pasan de lo retenido."
        dichas.append(Diferencia(ClaseDiferencia.DE_MAS, -abierta, frase))
    if en_revision:
        frase = f"{escribir_pesos(en_revision)} consignados esperan la revisión de Tesorería."
        dichas.append(Diferencia(ClaseDiferencia.EN_REVISION, en_revision, frase))
    if revertida:
        frase = f"{escribir_pesos(revertida)} consignados y aceptados los devolvió el banco: se deben de nuevo."
        dichas.append(Diferencia(ClaseDiferencia.CONSIGNACION_REVERTIDA, revertida, frase))
    return dichas


def _de_lo_presentado(sumas: Sumas, presentado: Sumas | None) -> list[Diferencia]:
    """Only what was assessed can change after a month was filed: a liquidación was voided, or what it gave was handed back."""
    if presentado is None or presentado.liquidado == sumas.liquidado:
        return []
    cambio = abs(sumas.liquidado - presentado.liquidado)
    frase = (
        f"Lo liquidado era {escribir_pesos(presentado.liquidado)} cuando se presentó la declaración y hoy es "
        f"{escribir_pesos(sumas.liquidado)}: hay liquidaciones del mes que quedaron sin efecto o se devolvieron."
    )
    return [Diferencia(ClaseDiferencia.CAMBIO_LO_LIQUIDADO, cambio, frase)]
