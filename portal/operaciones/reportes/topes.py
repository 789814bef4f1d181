"""The emission caps of a department (`portal/normativa/<departamento>/topes.toml`) against what the ledger has collected."""

import tomllib
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from portal.dominio.dispersion import PlanDeCuentas
from portal.dominio.topes import Avance, PlanDeTopes, RecaudadoAntes, Tope, avance, problemas
from portal.operaciones.archivos_normativa import CARPETA
from portal.operaciones.reportes.filtros import Dimension, Dinero, Filtro
from portal.operaciones.reportes.recaudo import recaudado

# Nothing of the portal is older.
PRIMER_DIA = date(1990, 1, 1)


@lru_cache(maxsize=8)
def topes_de(departamento: str, carpeta: Path = CARPETA) -> PlanDeTopes:
    """The caps of a department, read once; none where no source has any. Raises `KeyError` or `ValueError` on a bad file."""
    archivo = carpeta / departamento / "topes.toml"
    if not archivo.exists():
        return PlanDeTopes()
    datos = tomllib.loads(archivo.read_text(encoding="utf-8"))
    topes = tuple(
        Tope(
            estampilla=crudo["estampilla"],
            valor=Decimal(crudo["valor"]),
            norma=crudo["norma"],
            articulo=crudo["articulo"],
            desde=crudo["desde"],
            precios_de=crudo.get("precios_de"),
            nota=crudo.get("nota", ""),
            hasta=crudo.get("hasta"),
        )
        for crudo in datos["tope"]
    )
    antes = tuple(
        (crudo["estampilla"], RecaudadoAntes(Decimal(crudo["valor"]), crudo["hasta"], crudo["fuente"]))
        for crudo in datos.get("recaudado_antes", ())
    )
    plan = PlanDeTopes(topes, tuple(Decimal(u) for u in datos["umbrales"]), antes)
    if malos := problemas(plan):
        raise ValueError(f"topes.toml de {departamento}: {'; '.join(malos)}")
    return plan


def avances(plan: PlanDeCuentas, topes: PlanDeTopes, hasta: date) -> list[Avance]:
    """Each stamp with a cap against what the ledger kept of it until a day, in one grouped reading."""
    filtro = Filtro(PRIMER_DIA, hasta, dinero=Dinero.ESTAMPILLAS)
    netos = {r.clave[0]: r.sumas.neto for r in recaudado(plan, filtro, (Dimension.ESTAMPILLA,)).renglones}
    return [avance(topes, e, hasta, netos.get(e, Decimal(0))) for e in topes.estampillas(hasta)]
