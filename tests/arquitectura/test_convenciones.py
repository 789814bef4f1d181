"""Written architecture, checked: import contracts, templates, vendored files, settings documented, sizes, words."""

import ast
import hashlib
import re
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from portal.config import AJUSTES

RAIZ = Path(__file__).resolve().parents[2]
PORTAL = RAIZ / "portal"
MODULOS = sorted(PORTAL.rglob("*.py"))
PLANTILLAS = sorted((PORTAL / "templates").rglob("*.html"))
HTMX_SHA256 = "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717"


def test_los_contratos_de_importacion_se_cumplen() -> None:
    orden = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    hecho = subprocess.run(orden, cwd=RAIZ, capture_output=True, text=True, check=False)
    assert hecho.returncode == 0, hecho.stdout


def test_htmx_es_el_archivo_que_elegimos() -> None:
    archivo = PORTAL / "static/vendor/htmx-2.0.11/htmx.min.js"
    assert hashlib.sha256(archivo.read_bytes()).hexdigest() == HTMX_SHA256


def test_htmx_conoce_cada_clave_de_su_configuracion() -> None:
    base = (PORTAL / "templates/layouts/base.html").read_text()
    codigo = (PORTAL / "static/vendor/htmx-2.0.11/htmx.min.js").read_text()
    configuracion = re.search(r"name=\"htmx-config\" content='(\{.*?\})'", base)
    assert configuracion
    claves = re.findall(r'"([a-zA-Z]+)":', re.sub(r"\[.*\]", "[]", configuracion[1]))
    assert len(claves) >= 7
    assert [c for c in claves if c not in codigo] == []


def test_cada_plantilla_compila_y_dice_que_necesita(app: Flask) -> None:
    for plantilla in PLANTILLAS:
        app.jinja_env.get_template(str(plantilla.relative_to(PORTAL / "templates")))
        assert plantilla.read_text().startswith("{#"), f"{plantilla.name} does not say what it needs"


def test_ninguna_plantilla_apaga_el_escape_ni_usa_lo_que_la_csp_prohibe() -> None:
    malo = re.compile(
        r"\|\s*safe\b|autoescape false|\bhx-on|=\s*[\"']js:|(?<!data-)\bhx-(get|post|target|swap|trigger)\b"
    )
    assert [p.name for p in PLANTILLAS if malo.search(p.read_text())] == []


def test_cada_ajuste_esta_en_el_readme() -> None:
    readme = (RAIZ / "README.md").read_text()
    assert [nombre for nombre in AJUSTES if f"`{nombre}`" not in readme] == []


@pytest.mark.parametrize("archivo", MODULOS, ids=lambda p: str(p.relative_to(RAIZ)))
def test_los_modulos_y_funciones_caben_en_la_cabeza(archivo: Path) -> None:
    texto = archivo.read_text()
    assert texto.count("\n") <= 350
    assert archivo.name not in {"utils.py", "helpers.py", "common.py", "misc.py"}
    arbol = ast.parse(texto)
    assert ast.get_docstring(arbol), "a module says what it is for"
    for nodo in ast.walk(arbol):
        if isinstance(nodo, ast.FunctionDef):
            assert (nodo.end_lineno or 0) - nodo.lineno < 45, f"{nodo.name} is too long"


def test_ninguna_tarifa_uvt_ni_smmlv_vive_en_el_codigo() -> None:
    """Law is data: the yearly figures and the rates of the norms appear in no module of ours."""
    cifras = re.compile(r"\b(1_?423_?500|49_?799|47_?065|52_?374|1_?750_?905|1_?300_?000)\b")
    assert [a.name for a in MODULOS if cifras.search(a.read_text())] == []


def test_el_repositorio_no_nombra_esta_maquina() -> None:
    archivos = subprocess.run(["git", "ls-files"], cwd=RAIZ, capture_output=True, text=True, check=True).stdout.split()
    ruta = re.compile("/(" + "wo" + "rk|ro" + "ot)/")
    culpables = []
    for nombre in archivos:
        archivo = RAIZ / nombre
        if archivo.suffix in {".py", ".html", ".md", ".toml", ".txt", ".sh", ".css", ".js", ""} and archivo.is_file():
            texto = archivo.read_text(errors="ignore")
            if ruta.search(texto):
                culpables.append(nombre)
    assert culpables == []
