"""The base of a percentage: the act's amount, less what its kind of base leaves out, less what the rules exclude."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext

from portal.dominio.dinero import escribir_pesos
from portal.dominio.errores import DatoInvalido
from portal.dominio.exenciones import reducir
from portal.dominio.hechos import ASIGNACION_ANTERIOR, MOVIMIENTO, Valor
from portal.dominio.normativa import Acto, Normativa, Regla
from portal.dominio.redondeo import EXACTO


@dataclass(frozen=True)
class Base:
    """Pesos to tax and how they were reckoned. `bruta`: before the rules took their part; `exencion` when they took it all."""

    valor: Decimal
    detalle: str
    bruta: Decimal
    exencion: str | None = None
    avisos: tuple[str, ...] = ()
    aplicadas: tuple[Regla, ...] = ()


def base_de(
    normativa: Normativa,
    acto: Acto,
    valor: Decimal | None,
    fecha: date,
    hechos: Mapping[str, Valor],
    reducciones: tuple[Regla, ...],
) -> Base:
    """The base of an act's percentages.

    Raises `DatoInvalido` naming the field without which there is no base; `NormaNoVigente` as `reducir` does.
    """
    if valor is None:
        raise DatoInvalido(f"Falta el valor: el acto {acto.codigo} se liquida sobre {acto.base_nombre}", "valor")
    base, detalle = bruta, _ = _bruta(acto, valor, hechos)
    exencion, avisos, aplicadas = None, [], []
    for regla in reducciones:
        reducida = reducir(normativa, regla, base, fecha, hechos)
        if reducida.base < base:
            aplicadas.append(regla)
        base, detalle = reducida.base, reducida.detalle
        avisos.append(f"Se aplicó la regla {regla.codigo} ({regla.nombre}): {detalle}")
        if base == 0 and valor > 0:
            exencion = regla.motivo
    return Base(base, detalle, bruta, exencion, tuple(avisos), tuple(aplicadas))


def gravado(
    normativa: Normativa, importe: Decimal, fecha: date, hechos: Mapping[str, Valor], reducciones: tuple[Regla, ...]
) -> Decimal:
    """What the rules left to tax of `importe` pesos that were assessed before this act."""
    for regla in reducciones:
        importe = reducir(normativa, regla, importe, fecha, hechos, consumido=Decimal(0)).base
    return importe


def _bruta(acto: Acto, valor: Decimal, hechos: Mapping[str, Valor]) -> tuple[Decimal, str]:
    if acto.descuento is not None:
        return _con_descuento(acto, valor, hechos)
    if hechos.get(MOVIMIENTO) not in acto.movimientos:
        return valor, acto.base_nombre
    # Only the increase of the monthly pay in some appointments (Nariño 243 a; Cundinamarca 4.6).
    anterior = hechos.get(ASIGNACION_ANTERIOR)
    if not isinstance(anterior, Decimal):
        mensaje = f"Falta la asignación anterior: el acto {acto.codigo} paga solo sobre el aumento"
        raise DatoInvalido(mensaje, f"hechos.{ASIGNACION_ANTERIOR}")
    with localcontext(EXACTO):
        aumento = max(valor - anterior, Decimal(0))
    return aumento, f"el aumento de {escribir_pesos(anterior)} a {escribir_pesos(valor)}"


def _con_descuento(acto: Acto, valor: Decimal, hechos: Mapping[str, Valor]) -> tuple[Decimal, str]:
    """The amount less the VAT in it. Without that fact there is no base: guessing that there was none would overcharge."""
    descuento = acto.descuento
    assert descuento is not None
    campo = f"hechos.{descuento.hecho}"
    quitado = hechos.get(descuento.hecho)
    if not isinstance(quitado, Decimal):
        mensaje = (
            f"Falta el {descuento.nombre}: el acto {acto.codigo} se liquida sobre {acto.base_nombre}; si no tiene, es 0"
        )
        raise DatoInvalido(mensaje, campo)
    if quitado > valor:
        raise DatoInvalido(f"El {descuento.nombre} no puede ser mayor que {acto.valor_nombre}", campo)
    with localcontext(EXACTO):
        base = valor - quitado
    return base, f"{acto.base_nombre}: {escribir_pesos(valor)} menos {descuento.nombre} {escribir_pesos(quitado)}"
