"""The audit never passes without an answer about every package: its tool is played here by a script."""

import json
from pathlib import Path

import pytest

from tests.suministro.auditar import auditar

LINEAS = ("flask==3.1.3", "jinja2==3.1.6", "colorama==0.4.6 ; sys_platform == 'win32'")
CANDADO = "".join(f"{linea} \\\n    --hash=sha256:{'0' * 64}\n" for linea in LINEAS)
SANO = {"name": "flask", "version": "3.1.3", "vulns": []}
JINJA = {"name": "Jinja2", "version": "3.1.6", "vulns": []}
CON_AVISO = JINJA | {"vulns": [{"id": "CVE-2099-1234", "fix_versions": ["9"]}]}
SALTADA = {"name": "jinja2", "skip_reason": "Dependency not found on PyPI and could not be audited"}


@pytest.mark.parametrize(
    ("salida", "codigo", "dice"),
    [
        (json.dumps({"dependencies": [SANO, JINJA]}), 0, ""),
        (json.dumps({"dependencies": [SANO, CON_AVISO]}), 1, "jinja2 3.1.6: CVE-2099-1234."),
        (json.dumps({"dependencies": [SANO]}), 0, "no respondió por 1 de 2 paquetes"),
        (json.dumps({"dependencies": [SANO, SALTADA]}), 0, "no respondió por 1 de 2 paquetes"),
        (json.dumps({"dependencies": [SANO, JINJA]}), 1, "terminó con 1"),
        ("", 1, "no respondió por 2 de 2 paquetes"),
        ("", 0, "no respondió por 2 de 2 paquetes"),
        ("<html>proxy</html>", 0, "Esto no es un resultado"),
    ],
)
def test_solo_pasa_con_una_respuesta_limpia_sobre_todos(tmp_path: Path, salida: str, codigo: int, dice: str) -> None:
    (tmp_path / "candado.txt").write_text(CANDADO)
    (tmp_path / "salida").write_text(salida)
    herramienta = tmp_path / "pip-audit"
    herramienta.write_text(f"#!/bin/sh\ncat {tmp_path}/salida\nexit {codigo}\n")
    herramienta.chmod(0o755)
    frases = auditar(str(herramienta), tmp_path / "candado.txt")
    assert [dice in frase for frase in frases] == ([True] if dice else []), frases
