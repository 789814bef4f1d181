"""Settings of the simulator, all from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

PROPIEDADES = "transaction.id,transaction.status,transaction.amount_in_cents"


@dataclass(frozen=True)
class Ajustes:
    """`aceleracion` divides every duration, and `aceleracion_eventos` the waits between two sendings of an event.

    `demora_url` is in seconds; `simultanea` is the sandbox's way of resolving.
    """

    base_datos: str
    url: str
    publica: str
    privada: str
    integridad: str
    eventos: str
    notificar_url: str
    aceleracion: float
    aceleracion_eventos: float
    demora_url: float
    simultanea: bool
    propiedades: tuple[str, ...]
    comercio: str
    control: bool

    @property
    def ambiente(self) -> str:
        """`test` or `prod`, as the public key says."""
        return "prod" if self.publica.startswith("pub_prod_") else "test"


def leer_ajustes(entorno: Mapping[str, str] | None = None) -> Ajustes:
    """Read the settings. Raises `ValueError` naming the one that is wrong."""
    crudo = os.environ if entorno is None else entorno
    aceleracion = float(crudo.get("SIMULADOR_ACELERACION", "1"))
    de_eventos = float(crudo.get("SIMULADOR_ACELERACION_EVENTOS", "1"))
    demora = float(crudo.get("SIMULADOR_DEMORA_URL", "0.5"))
    if not (0 < aceleracion <= 100_000 and 0 < de_eventos <= 100_000 and 0 <= demora <= 3600):
        raise ValueError("Las aceleraciones y SIMULADOR_DEMORA_URL deben ser positivas.")
    return Ajustes(
        base_datos=crudo.get("SIMULADOR_BASE_DATOS", "simulador-wompi.sqlite"),
        url=_obligatorio(crudo, "SIMULADOR_URL").rstrip("/"),
        publica=_obligatorio(crudo, "SIMULADOR_PUBLICA"),
        privada=_obligatorio(crudo, "SIMULADOR_PRIVADA"),
        integridad=_obligatorio(crudo, "SIMULADOR_INTEGRIDAD"),
        eventos=_obligatorio(crudo, "SIMULADOR_EVENTOS"),
        notificar_url=crudo.get("SIMULADOR_NOTIFICAR_URL", ""),
        aceleracion=aceleracion,
        aceleracion_eventos=de_eventos,
        demora_url=demora,
        simultanea=crudo.get("SIMULADOR_SIMULTANEA", "") == "1",
        propiedades=tuple(crudo.get("SIMULADOR_PROPIEDADES", PROPIEDADES).split(",")),
        comercio=crudo.get("SIMULADOR_COMERCIO", "Departamento (demostración)"),
        control=crudo.get("SIMULADOR_CONTROL", "") == "1",
    )


def _obligatorio(crudo: Mapping[str, str], nombre: str) -> str:
    valor = crudo.get(nombre, "")
    if not valor:
        raise ValueError(f"Falta {nombre}.")
    return valor
