"""Settings of the simulator, all from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Ajustes:
    """`aceleracion` divides every duration but the five minutes of the seed; `intentos` is the limit of refused ones."""

    base_datos: str
    login: str
    clave: str
    url: str
    notificar_url: str
    firma: str
    aceleracion: float
    intentos: int
    comercio: str
    control: bool


def leer_ajustes(entorno: Mapping[str, str] | None = None) -> Ajustes:
    """Read the settings. Raises `ValueError` naming the one that is wrong."""
    crudo = os.environ if entorno is None else entorno
    firma = crudo.get("SIMULADOR_FIRMA", "sha256")
    if firma not in ("sha256", "sha1"):
        raise ValueError("SIMULADOR_FIRMA debe ser sha256 o sha1.")
    aceleracion = float(crudo.get("SIMULADOR_ACELERACION", "1"))
    intentos = int(crudo.get("SIMULADOR_INTENTOS", "10"))
    if not (0 < aceleracion <= 100_000 and 1 <= intentos <= 100):
        raise ValueError("SIMULADOR_ACELERACION y SIMULADOR_INTENTOS deben ser positivos.")
    return Ajustes(
        base_datos=crudo.get("SIMULADOR_BASE_DATOS", "simulador.sqlite"),
        login=crudo.get("SIMULADOR_LOGIN", "demo"),
        clave=_obligatorio(crudo, "SIMULADOR_CLAVE"),
        url=_obligatorio(crudo, "SIMULADOR_URL").rstrip("/"),
        notificar_url=crudo.get("SIMULADOR_NOTIFICAR_URL", ""),
        firma=firma,
        aceleracion=aceleracion,
        intentos=intentos,
        comercio=crudo.get("SIMULADOR_COMERCIO", "Departamento (demostración)"),
        control=crudo.get("SIMULADOR_CONTROL", "") == "1",
    )


def _obligatorio(crudo: Mapping[str, str], nombre: str) -> str:
    valor = crudo.get(nombre, "")
    if not valor:
        raise ValueError(f"Falta {nombre}.")
    return valor
