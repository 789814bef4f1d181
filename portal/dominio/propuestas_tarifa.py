"""A proposed tariff by itself: its figure in words, and pure checks of it (limits, the act's base, implausible jumps)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from portal.dominio.dinero import escribir_pesos
from portal.dominio.errores import DatoInvalido
from portal.dominio.normativa import Acto, Estampilla
from portal.dominio.propuestas import SALTO_POR_CIENTO
from portal.dominio.tarifas import Tarifa, TipoTarifa
from portal.dominio.vigencia import rige

# `0,005` is the finest rate of the norms read so far; more decimals than these are a slip of the hand.
DECIMALES = 6
_PESOS_ENTEROS = (TipoTarifa.PESOS, TipoTarifa.DECRETADO)


def cifra_de(tarifa: Tarifa) -> str:
    """What a tariff charges, for who keeps it: as `Tarifa.texto`, but a fixed amount says its pesos: `$4.000`."""
    return escribir_pesos(tarifa.valor) if tarifa.tipo is TipoTarifa.PESOS else tarifa.texto


def revisar_dias(desde: date, estampilla: Estampilla, acto: Acto | None, hoy: date) -> None:
    """Refuse a first day too far ahead, or on which the stamp or the act (none: every act of a kind) does not exist.

    Raises `DatoInvalido` naming `desde` or `acto_gravado`.
    """
    if desde.year > hoy.year + 1:
        raise DatoInvalido(f"Todavía no se puede proponer una tarifa de {desde.year}.", "desde")
    if not rige(estampilla.desde, estampilla.hasta, desde):
        raise DatoInvalido(f"La estampilla {estampilla.nombre} no rige ese día.", "desde")
    if acto is not None and not rige(acto.desde, acto.hasta, desde):
        raise DatoInvalido("El acto no rige ese día.", "desde")
    if acto is not None and not acto.activo:
        raise DatoInvalido("Ese acto está inactivo: no se liquida en este portal.", "acto_gravado")


def revisar_cifra(tarifa: Tarifa, estampilla: Estampilla) -> None:
    """Refuse a figure that cannot be: not above zero, above 100 % or the law's limit, a percentage of no base.

    Raises `DatoInvalido` naming `valor` or `medida`.
    """
    if tarifa.valor <= 0:
        raise DatoInvalido("La tarifa debe ser mayor que cero. Si deja de cobrarse, termine la tarifa.", "valor")
    if -int(tarifa.valor.as_tuple().exponent) > DECIMALES:
        raise DatoInvalido(f"Use máximo {DECIMALES} decimales.", "valor")
    if tarifa.tipo in _PESOS_ENTEROS and tarifa.valor != tarifa.valor.to_integral_value():
        raise DatoInvalido("El valor fijo debe ser de pesos enteros.", "valor")
    if tarifa.tipo is not TipoTarifa.PORCENTAJE:
        return
    if tarifa.clase != "con_cuantia":
        raise DatoInvalido("El acto no tiene cuantía: no hay una base a la que aplicar un porcentaje.", "medida")
    if tarifa.valor > 100:
        raise DatoInvalido("La tarifa no puede pasar del 100 %.", "valor")
    tope = estampilla.tope_porcentaje
    if tope is not None and tarifa.valor > tope:
        texto = replace(tarifa, valor=tope).texto
        raise DatoInvalido(f"La norma de la estampilla {estampilla.nombre} no deja cobrar más del {texto}.", "valor")


def exigir_confirmacion(nueva: Tarifa, anterior: Tarifa | None) -> None:
    """Refuse, until a person confirms it, a figure more than 40 % away from the one before or measured another way.

    A provisional tariff is compared with nothing. Raises `DatoInvalido` naming `salto_confirmado`.
    """
    if anterior is None or anterior.provisional:
        return
    antes = cifra_de(anterior)
    if (nueva.tipo, nueva.indicador) != (anterior.tipo, anterior.indicador):
        raise DatoInvalido(
            f"La tarifa se mide de otra manera que la anterior, {antes}. Si está bien, confírmelo con la casilla.",
            "salto_confirmado",
        )
    if _distancia(nueva.valor, anterior.valor) > SALTO_POR_CIENTO:
        raise DatoInvalido(
            f"La tarifa se aparta más del {SALTO_POR_CIENTO} % de la anterior, {antes}. "
            "Si está bien, confírmelo con la casilla.",
            "salto_confirmado",
        )


def _distancia(valor: Decimal, anterior: Decimal) -> Decimal:
    """Per cent of the earlier value, close enough to compare with a limit."""
    return abs(valor - anterior) * 100 / anterior
