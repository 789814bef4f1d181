"""What a bank's file says of itself against what it brings: sequences, counts and totals."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from portal.dominio.asobancaria import DetalleRecaudo
from portal.dominio.asobancaria_hallazgos import Anomalia, Hallazgos, Variante
from portal.dominio.dinero import escribir_miles, escribir_pesos


@dataclass
class Cuenta:
    """What was seen of a batch or of a file. Out of order its counts say nothing; without every value, nor does its sum."""

    cuantos: int = 0
    total: Decimal = Decimal(0)
    en_orden: bool = True
    con_valores: bool = True

    def sumar(self, valor: Decimal | None) -> None:
        """Count a payment, whose value may be unreadable."""
        self.cuantos += 1
        if valor is None:
            self.con_valores = False
        else:
            self.total += valor


@dataclass
class LoteAbierto:
    """A batch whose control record has not come yet. None is what could not be read."""

    servicio: str | None
    numero: int | None
    cuenta: Cuenta = field(default_factory=Cuenta)
    detalles: list[DetalleRecaudo] = field(default_factory=list)
    ultima: int | None = None

    def perder_el_orden(self) -> None:
        """A line was missing, left over or unknown: nothing that counts lines can be asked of this batch any more."""
        self.cuenta.en_orden = False
        self.ultima = None


def revisar_secuencia(
    lote: LoteAbierto, secuencia: int | None, primeras: tuple[int, int], linea: int, hallazgos: Hallazgos
) -> None:
    """Sequences begin with one of `primeras`, nominally the first of them, and go one by one."""
    if secuencia is None:
        lote.ultima = None if lote.ultima is None else lote.ultima + 1
        return
    dicha, nominal = escribir_miles(secuencia), primeras[0]
    if lote.ultima is not None:
        esperada = lote.ultima + 1
        if secuencia == lote.ultima:
            hallazgos.problema(linea, "secuencia", Anomalia.SECUENCIA, f"La secuencia {dicha} se repite.")
        elif secuencia != esperada:
            mensaje = (
                f"La secuencia debía ser {escribir_miles(esperada)} y es {dicha}: falta, sobra o se movió una línea."
            )
            hallazgos.problema(linea, "secuencia", Anomalia.SECUENCIA, mensaje)
    elif lote.cuenta.en_orden and not lote.cuenta.cuantos and secuencia != nominal:
        mensaje = f"La secuencia comienza en {dicha} y no en {nominal}."
        if secuencia in primeras:
            hallazgos.aviso(linea, "secuencia", Variante.PRIMERA_SECUENCIA, mensaje)
        else:
            hallazgos.problema(linea, "secuencia", Anomalia.SECUENCIA, mensaje)
    lote.ultima = secuencia


def revisar_numero(lote: LoteAbierto, datos: Mapping[str, Any], linea: int, hallazgos: Hallazgos) -> None:
    """The control record of a batch says the number that its opening said."""
    if lote.cuenta.en_orden and lote.numero is not None and datos.get("numero", lote.numero) != lote.numero:
        mensaje = "El número de lote del cierre (registro 08) no es el de su apertura (registro 05)."
        hallazgos.problema(linea, "número de lote", Anomalia.LOTE, mensaje)


def cuadrar(
    cuenta: Cuenta, datos: Mapping[str, Any], controles: Collection[int], linea: int, hallazgos: Hallazgos
) -> None:
    """A control record declares the payments, or some bank's `controles` more, and exactly their pesos."""
    registros, valor = datos.get("registros"), datos.get("valor")
    if not cuenta.en_orden:
        return
    if registros is not None and registros != cuenta.cuantos:
        if registros - cuenta.cuantos in controles:
            mensaje = "El banco cuenta en los totales también registros de control, y no solo los pagos."
            hallazgos.aviso(linea, "total de registros", Variante.CONTEO_CON_CONTROL, mensaje)
        else:
            mensaje = f"El control dice {escribir_miles(registros)} registros y hay {escribir_miles(cuenta.cuantos)}."
            hallazgos.problema(linea, "total de registros", Anomalia.CONTEO, mensaje)
    if valor is not None and cuenta.con_valores and valor != cuenta.total:
        mensaje = f"El control dice {escribir_pesos(valor)} y los pagos suman {escribir_pesos(cuenta.total)}."
        hallazgos.problema(linea, "valor total", Anomalia.TOTAL, mensaje)
