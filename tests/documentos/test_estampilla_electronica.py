"""What the documentation says of the signed text is what the portal writes: its example runs on a real one."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.dominio.sello import separar, unir
from tests import estampillas as de_prueba

DOCUMENTO = Path(__file__).resolve().parents[2] / "docs/estampilla-electronica.md"


@pytest.fixture
def papel() -> None:
    """Not the bare application of the other documents: this one needs the whole portal."""


def ejemplo() -> str:
    (guion,) = re.findall(r"```python\n(.+?)```", DOCUMENTO.read_text(), re.DOTALL)
    return guion


def correr(carpeta: Path, sello: str, pem: str) -> subprocess.CompletedProcess[str]:
    (carpeta / "verificar.py").write_text(ejemplo())
    (carpeta / "claves.pem").write_text(pem)
    orden = [sys.executable, "verificar.py", sello, "claves.pem"]
    return subprocess.run(orden, cwd=carpeta, capture_output=True, text=True, timeout=60, check=False)


def test_el_ejemplo_cabe_en_unas_treinta_lineas() -> None:
    assert len([linea for linea in ejemplo().splitlines() if linea.strip()]) <= 30


def test_el_ejemplo_comprueba_una_estampilla_y_rechaza_la_alterada(
    app: Flask, client: FlaskClient, tmp_path: Path
) -> None:
    estampilla = de_prueba.pagada((4000,))[0]
    sello, factura = estampilla.sello, estampilla.factura.numero
    pem = client.get("/claves/estampillas.pem").text
    buena = correr(tmp_path, f"http://localhost/v/{sello}", pem)
    assert buena.returncode == 0, buena.stderr
    assert f"factura: {factura}" in buena.stdout
    assert "valor: 4000" in buena.stdout
    mensaje, firma = separar(sello)
    for falsa in (
        unir(mensaje.replace(b"4000", b"9000"), firma),
        unir(mensaje.replace(b"EE1", b"EE2"), firma),
        "nada",
    ):
        assert correr(tmp_path, falsa, pem).stderr.strip() == "NO VÁLIDA"
    assert correr(tmp_path, sello, "").stderr.strip() == "NO VÁLIDA"
