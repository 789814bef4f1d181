"""How one recorded credit is split: which stamps it paid, and the collecting account that each part is for."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.db import db
from portal.dominio.cierre import dia_contable
from portal.dominio.dispersion import Parte, PlanDeCuentas, dispersar
from portal.dominio.errores import NoExiste
from portal.dominio.libro import ClaseAsiento, de_estampilla
from portal.models import Recaudo
from portal.operaciones.cierres.lineas import cuenta_de

_PREFIJO = de_estampilla("")


@dataclass(frozen=True)
class Dispersion:
    """A credit, the account into which it came whole, and its parts. Parts and what waits sum to what the ledger took in."""

    recaudo: Recaudo
    dia: date
    entro_a: str
    partes: tuple[Parte, ...]
    en_espera: Decimal

    @property
    def por_cuenta(self) -> dict[str, Decimal]:
        """Pesos for each account."""
        sumas: dict[str, Decimal] = {}
        for parte in self.partes:
            sumas[parte.cuenta.codigo] = sumas.get(parte.cuenta.codigo, Decimal(0)) + parte.valor
        return sumas


def de_recaudo(plan: PlanDeCuentas, recaudo_id: int) -> Dispersion:
    """The split of a credit as it came in; what was moved afterwards is in its asientos. Raises `NoExiste`."""
    recaudo = db.session.get(Recaudo, recaudo_id)
    if recaudo is None:
        raise NoExiste("No encontramos ese crédito.")
    dia = dia_contable(recaudo.fecha_banco, recaudo.registrado_en)
    valores = [(a.haber.removeprefix(_PREFIJO), a.valor) for a in recaudo.asientos if a.clase is ClaseAsiento.RECAUDO]
    entra = recaudo.asientos[0].debe if recaudo.asientos else ""
    return Dispersion(
        recaudo=recaudo,
        dia=dia,
        entro_a=cuenta_de(plan, entra, dia),
        partes=dispersar(valores, plan, dia),
        en_espera=recaudo.valor - recaudo.aplicado,
    )
