"""`make html-valido`: every scene's HTML, as the server sends it, through the Nu Html Checker."""

import json
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser

from tests.escenas.escena import Escena
from tests.escenas.marcha import RAIZ, MundoEnMarcha, pedir

# What was typed is shown again with its error, even in a field of a day that a browser of today would have offered.
_SE_ADMITE = "for attribute “value” on element “input”"
VNU = RAIZ / "tests/escenas/node/node_modules/vnu-jar/build/dist/vnu.jar"


def validar(_navegador: Browser, mundos: dict[str, MundoEnMarcha], escenas: Sequence[Escena]) -> list[str]:
    """What the checker finds wrong, each thing once with the scenes that have it; prints how far it is."""
    with tempfile.TemporaryDirectory(prefix="html-") as carpeta:
        for hechas, escena in enumerate(escenas, 1):
            Path(carpeta, f"{escena.nombre}.html").write_text(pedir(escena, mundos[escena.mundo]), encoding="utf-8")
            print(f"\r{hechas} de {len(escenas)} escenas ", end="", flush=True)
        print()
        return _revisar(Path(carpeta))


def _revisar(carpeta: Path) -> list[str]:
    orden = ["java", "-Xss4m", "-jar", str(VNU), "--format", "json", "--skip-non-html", "--errors-only", str(carpeta)]
    dicho = json.loads(subprocess.run(orden, capture_output=True, text=True, check=False).stderr)
    halladas: dict[str, set[str]] = {}
    for mensaje in dicho["messages"]:
        if _SE_ADMITE in mensaje["message"]:
            continue
        falta = f"{mensaje['message']} {' '.join(mensaje.get('extract', '').split())}"
        halladas.setdefault(falta, set()).add(Path(mensaje["url"]).stem)
    return [f"{falta} [{', '.join(sorted(donde))}]" for falta, donde in halladas.items()]
