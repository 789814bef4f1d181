"""The life of a contract and the acts that change it."""

from tests.escenas.escena import Escena, vacio

_C = {"quien": "rentas", "mundo": "cundinamarca"}
_CONTRATO = "/gestion/liquidaciones/{%s}/contrato"
_ACTO = {"documento": "Otrosí 9", "fecha": "2026-11-05", "valor": "20.000.000"}


def _cambio(nombre: str, de: str) -> tuple[Escena, ...]:
    ruta = f"{_CONTRATO % de}/{nombre}"
    return (
        Escena(f"contrato-{nombre}", ruta, **_C),
        Escena(f"contrato-{nombre}-calculada", ruta, envio=_ACTO | {"paso": "calcular"}, **_C),
        vacio(f"contrato-{nombre}-error", ruta, **_C),
        Escena(f"contrato-{nombre}-revisar", ruta, envio=_ACTO, **_C),
    )


ESCENAS = (
    Escena("contrato", _CONTRATO % "contrato", **_C),
    Escena("contrato-recien-emitido", _CONTRATO % "contrato_nuevo", **_C),
    Escena("contrato-por-cuentas", _CONTRATO % "contrato_cuentas", **_C),
    Escena("contrato-nombre-largo", _CONTRATO % "contrato_largo", **_C),
    Escena("contrato-sin-efecto", _CONTRATO % "contrato_anulado", **_C),
    Escena("contrato-de-auditor", _CONTRATO % "contrato", quien="auditor", mundo="cundinamarca"),
    Escena("contrato-putumayo", _CONTRATO % "liq_contrato_demo", quien="rentas"),
    *_cambio("adicion", "contrato_nuevo"),
    *_cambio("reduccion", "contrato_nuevo"),
    *_cambio("cuenta", "contrato_por_retencion"),
)
