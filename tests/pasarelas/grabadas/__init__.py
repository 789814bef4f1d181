"""Answers as the gateways publish them, or as their test environments were seen to give them; each file names its source."""

import json
from pathlib import Path
from typing import Any


def grabada(nombre: str) -> dict[str, Any]:
    """The recording `nombre`: `fuente`, and `http` and `cuerpo` or whatever it holds."""
    leida: dict[str, Any] = json.loads((Path(__file__).parent / f"{nombre}.json").read_text(encoding="utf-8"))
    return leida
