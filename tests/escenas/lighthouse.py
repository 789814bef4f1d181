"""`make lighthouse`: the public pages through Lighthouse, as a phone would load them."""

import json
import os
import subprocess
from collections.abc import Sequence

from playwright.sync_api import Browser

from tests.chromium import ejecutable
from tests.escenas.escena import PUBLICO, Escena
from tests.escenas.marcha import RAIZ, MundoEnMarcha

LIGHTHOUSE = RAIZ / "tests/escenas/node/node_modules/lighthouse/cli/index.js"
CATEGORIAS = ("performance", "accessibility", "best-practices")
MINIMO = 98
_INTENTOS = 3
_ORDEN = (
    "--quiet",
    "--output=json",
    "--output-path=stdout",
    "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
    f"--only-categories={','.join(CATEGORIAS)}",
)


def medir(_navegador: Browser, mundos: dict[str, MundoEnMarcha], escenas: Sequence[Escena]) -> list[str]:
    """Measure the public scenes that an address alone reaches; prints each, and returns those under the least."""
    faltas = []
    for escena in escenas:
        if escena.quien != PUBLICO or escena.envio is not None or escena.estado != 200:
            continue
        notas = _notas(mundos[escena.mundo].direccion(escena.ruta))
        print(f"{escena.nombre}: " + ", ".join(f"{c} {nota}" for c, nota in notas.items()), flush=True)
        faltas += [f"{escena.nombre}: {c} {nota}" for c, nota in notas.items() if nota < MINIMO]
    return faltas


def _notas(direccion: str) -> dict[str, int]:
    entorno = {**os.environ, "CHROME_PATH": ejecutable()}
    for intento in range(_INTENTOS):
        hecho = subprocess.run(
            ["node", str(LIGHTHOUSE), direccion, *_ORDEN], capture_output=True, text=True, env=entorno, check=False
        )
        if hecho.returncode == 0:
            break
        # Now and then it loses the browser's trace, and says to run it again. A low mark is never asked twice.
        assert intento + 1 < _INTENTOS, hecho.stderr[-2000:]
    categorias = json.loads(hecho.stdout)["categories"]
    return {c: round(100 * categorias[c]["score"]) for c in CATEGORIAS}
