"""The department's collecting accounts, from `portal/normativa/<departamento>/cuentas.toml`."""

import tomllib
from functools import lru_cache
from pathlib import Path

from portal.dominio.dispersion import Cuenta, PlanDeCuentas
from portal.operaciones.archivos_normativa import CARPETA


@lru_cache(maxsize=8)
def plan_de(departamento: str, carpeta: Path = CARPETA) -> PlanDeCuentas:
    """The accounts of a department, read once. Raises `ValueError` when a stamp would have two accounts or none."""
    datos = tomllib.loads((carpeta / departamento / "cuentas.toml").read_text(encoding="utf-8"))
    cuentas = tuple(
        Cuenta(
            codigo=cruda["codigo"],
            nombre=cruda["nombre"],
            banco=cruda["banco"],
            clase=cruda["clase"],
            numero=cruda["numero"],
            gln=cruda.get("gln", ""),
            recibe_pse=cruda.get("recibe_pse", False),
            estampillas=tuple(cruda["estampillas"]),
            provisional=cruda.get("provisional", False),
            desde=cruda["desde"],
            hasta=cruda.get("hasta"),
        )
        for cruda in datos["cuenta"]
    )
    plan = PlanDeCuentas(cuentas, datos["dias_en_transito"])
    # Nothing is collected before the first account; from then on each change of the plan is looked at.
    primero = min(c.desde for c in cuentas)
    cambios = {primero, *(c.desde for c in cuentas), *(d for _, d in plan.cortes(primero, primero.replace(year=2100)))}
    problemas = plan.problemas(sorted(cambios))
    if problemas:
        raise ValueError(f"cuentas.toml de {departamento}: {'; '.join(problemas)}")
    return plan
