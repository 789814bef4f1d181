"""The files of docs/despliegue say what exists, and the migrations keep the rule that lets old code live on a new schema."""

import ast
import configparser
import re
import runpy
import shlex
from pathlib import Path
from types import ModuleType

import pytest
from flask import Flask
from gunicorn.config import KNOWN_SETTINGS

from portal.config import AJUSTES

RAIZ = Path(__file__).resolve().parents[2]
DESPLIEGUE = RAIZ / "docs" / "despliegue"
UNIDADES = sorted((DESPLIEGUE / "systemd").iterdir())
# The first one that may find a production behind it.
DESDE = 49
# What old code, which still runs, could not live with; a migration that must do it says why on the same line.
CONTRAE = ("drop_table", "drop_column", "alter_column", "rename_table", "drop_constraint", "create_check_constraint")
PORQUE = "# old code:"


def _leer(archivo: Path) -> dict[str, list[tuple[str, str]]]:
    """A systemd file by sections; a key may come several times."""
    secciones: dict[str, list[tuple[str, str]]] = {}
    actual = ""
    for linea in archivo.read_text().splitlines():
        if re.fullmatch(r"\[\w+\]", linea):
            actual = linea[1:-1]
            secciones[actual] = []
        elif linea and not linea.startswith("#"):
            clave, _, valor = linea.partition("=")
            assert valor, f"{archivo.name}: {linea}"
            secciones[actual].append((clave, valor))
    return secciones


@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
def test_cada_unidad_corre_una_orden_que_existe_sin_privilegios(app: Flask) -> None:
    ordenes = {(g.name, o) for g in app.cli.commands.values() for o in getattr(g, "commands", {"": None})}
    vistas = set()
    for unidad in UNIDADES:
        secciones = _leer(unidad)
        if unidad.suffix == ".timer":
            assert unidad.with_suffix(".service").exists()
            assert dict(secciones["Timer"])["Persistent"] == "yes"
            continue
        servicio = dict(secciones["Service"])
        assert (servicio["User"], servicio["NoNewPrivileges"], servicio["ProtectSystem"]) == ("portal", "yes", "strict")
        palabras = [p for p in re.split(r"[\s\"']+", servicio["ExecStart"]) if p]
        if "gunicorn" in servicio["ExecStart"]:
            assert (RAIZ / palabras[palabras.index("-c") + 1]).exists()
            continue
        donde = next(n for n, p in enumerate(palabras) if p.endswith("bin/flask"))
        grupo, orden = (*palabras[donde + 1 :], "")[:2]
        assert (grupo, orden) in ordenes or (grupo, "") in ordenes, f"{unidad.name}: flask {grupo} {orden}"
        vistas.add(grupo)
    assert vistas == {"pagos", "correo", "agentes", "respaldo", "verificar", "auditoria"}


def test_los_ajustes_de_los_archivos_son_los_del_portal() -> None:
    de_otros = {"PORTAL_ESCUCHA", "PORTAL_PROXY_IP", "PORTAL_PROCESOS"}
    for archivo in DESPLIEGUE.glob("*.env"):
        for linea in archivo.read_text().splitlines():
            if linea and not linea.startswith("#"):
                assert len(shlex.split(linea)) == 1, linea
                assert linea.partition("=")[0] in {*AJUSTES, *de_otros}
                assert not re.search(r"CLAVE_SECRETA|_LOGIN|SMTP_CLAVE|PGPASSWORD", linea), "a secret has its own file"


def test_gunicorn_conoce_cada_ajuste_y_espera_mas_que_la_pasarela(monkeypatch: pytest.MonkeyPatch) -> None:
    dicho = runpy.run_path(str(DESPLIEGUE / "gunicorn.conf.py"))
    suyos = {k: v for k, v in dicho.items() if not k.startswith("_") and not isinstance(v, ModuleType)}
    assert set(suyos) <= {s.name for s in KNOWN_SETTINGS}
    assert suyos["timeout"] > 10
    assert suyos["accesslog"] is None
    assert suyos["control_socket_disable"]


def test_el_documento_nombra_archivos_y_ordenes_que_existen() -> None:
    texto = (RAIZ / "docs" / "operacion.md").read_text()
    enlaces = re.findall(r"\]\(([\w./-]+)\)", texto)
    assert [e for e in enlaces if not (RAIZ / "docs" / e).exists()] == []
    makefile = (RAIZ / "Makefile").read_text()
    assert [o for o in re.findall(r"`make ([\w-]+)", texto) if f"\n{o}:" not in makefile] == []
    pruebas = {p.name for p in (RAIZ / "tests").rglob("test_*.py")}
    assert set(re.findall(r"`(test_\w+\.py)`", texto)) <= pruebas


def contracciones(fuente: str) -> list[str]:
    """What `upgrade` of a migration does that old code could not live with, unless its line says why it can."""
    arbol, lineas = ast.parse(fuente), fuente.splitlines()
    sube = next(n for n in arbol.body if isinstance(n, ast.FunctionDef) and n.name == "upgrade")
    malas = []
    for nodo in ast.walk(sube):
        if not isinstance(nodo, ast.Call) or not isinstance(nodo.func, ast.Attribute):
            continue
        texto = ast.unparse(nodo)
        sin_valor = nodo.func.attr == "add_column" and "nullable=False" in texto and "server_default" not in texto
        if (nodo.func.attr in CONTRAE or sin_valor) and PORQUE not in lineas[nodo.lineno - 1]:
            malas.append(f"{nodo.lineno}: {nodo.func.attr}")
    return malas


def test_las_migraciones_solo_agregan() -> None:
    for archivo in sorted((RAIZ / "migrations" / "versions").glob("*.py")):
        if int(archivo.name[:3]) >= DESDE:
            assert contracciones(archivo.read_text()) == [], archivo.name


def test_control_una_migracion_que_quita_se_nota() -> None:
    assert contracciones("def upgrade():\n    op.drop_column('pago', 'cus')\n    batch.drop_constraint('x')\n") == [
        "2: drop_column",
        "3: drop_constraint",
    ]
    assert contracciones("def upgrade():\n    op.add_column('x', sa.Column('y', nullable=False))\n") == [
        "2: add_column"
    ]
    assert contracciones("def upgrade():\n    op.drop_index('i')  # free\n") == []


def test_los_archivos_de_systemd_se_leen() -> None:
    lector = configparser.ConfigParser(strict=False, interpolation=None)
    lector.optionxform = str  # type: ignore[assignment,method-assign]
    for unidad in UNIDADES:
        lector.read_string(unidad.read_text())
