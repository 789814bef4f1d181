"""What the portal is made of is locked, known, above the floors of known faults, and may be used. Without network."""

import json
import re
import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from packaging.version import Version

from portal.db import SQLITE_CON_WAL_SANO
from tests.suministro.__main__ import ESCRITOS
from tests.suministro.candados import PRODUCCION, PRUEBAS, RAIZ, SEGURIDAD, leer
from tests.suministro.licencias import licencia_de, rechazada, tabla

PISOS = tomllib.loads(Path(__file__).with_name("pisos.toml").read_text(encoding="utf-8"))
AVISO = re.compile(r"CVE-\d{4}-\d{4,}|GHSA(-[23456789cfghjmpqrvwx]{4}){3}|PYSEC-\d{4}-\d+")


@pytest.mark.parametrize("piso", PISOS["piso"], ids=lambda p: p["paquete"])
def test_ni_lo_bloqueado_ni_lo_instalado_tiene_una_falla_conocida(piso: dict[str, str]) -> None:
    bloqueadas = [p.version for c in (PRODUCCION, PRUEBAS, SEGURIDAD) for p in leer(c) if p.nombre == piso["paquete"]]
    assert bloqueadas, "a floor of something that is not used says nothing"
    for una in [*bloqueadas, version(piso["paquete"])]:
        assert Version(una) >= Version(piso["desde"]), f"{piso['paquete']} {una}: {piso['avisos']}, {piso['por']}"
    assert all(AVISO.fullmatch(aviso) for aviso in piso["avisos"])
    assert piso["por"]


def test_el_piso_de_sqlite_es_el_que_el_portal_mira_al_abrir_la_base() -> None:
    assert ".".join(map(str, SQLITE_CON_WAL_SANO)) == PISOS["biblioteca"]["sqlite"]["desde"]


def test_lo_instalado_es_lo_bloqueado() -> None:
    for candado in (PRODUCCION, PRUEBAS):
        for paquete in leer(candado):
            try:
                instalada = version(paquete.nombre)
            except PackageNotFoundError:
                assert paquete.donde, f"{paquete.nombre} is for every machine, and is not here"
                continue
            assert Version(instalada) == Version(paquete.version), paquete.nombre


def test_cada_dependencia_directa_esta_fija_y_bloqueada() -> None:
    proyecto = tomllib.loads((RAIZ / "pyproject.toml").read_text(encoding="utf-8"))
    for directas, candado in (
        (proyecto["project"]["dependencies"], PRODUCCION),
        (proyecto["dependency-groups"]["tests"], PRUEBAS),
        (proyecto["dependency-groups"]["seguridad"], SEGURIDAD),
    ):
        bloqueadas = {p.nombre: p.version for p in leer(candado)}
        for directa in directas:
            nombre, _, fija = re.sub(r"\[[^]]*\]", "", directa).partition("==")
            assert bloqueadas[nombre] == fija, directa


def test_una_linea_sin_huella_o_sin_version_no_pasa(tmp_path: Path) -> None:
    for mala in ("flask==3.1.3\n", "flask>=3 \\\n    --hash=sha256:" + "0" * 64, "git+https://x.test/y \\\n"):
        (tmp_path / "x.txt").write_text(mala)
        with pytest.raises(ValueError, match="not a hashed line"):
            leer(tmp_path / "x.txt")


def test_cada_paquete_tiene_una_licencia_que_se_puede_usar() -> None:
    produccion, pruebas = leer(PRODUCCION), leer(PRUEBAS)
    assert [p.nombre for p in (*produccion, *pruebas) if not licencia_de(p)] == []
    assert [p.nombre for p in produccion if rechazada(licencia_de(p))] == []
    assert [a["nombre"] for a in tabla()["ajeno"] if rechazada(a["licencia"])] == []


@pytest.mark.parametrize(
    ("licencia", "mala"),
    [
        ("AGPL-3.0-or-later", True),
        ("GPL-3.0-only", True),
        ("GNU General Public License v2 or later (GPLv2+)", True),
        ("SSPL-1.0", True),
        ("LGPL-3.0-only", False),
        ("GNU Lesser General Public License v2 or later (LGPLv2+)", False),
        ("Apache-2.0 OR BSD-3-Clause", False),
        ("MIT-CMU", False),
    ],
)
def test_que_licencias_se_rechazan(licencia: str, mala: bool) -> None:
    assert rechazada(licencia) is mala


def test_cada_archivo_ajeno_esta_en_el_inventario_con_su_licencia_al_lado() -> None:
    conocidos = {a["archivo"] for a in tabla()["ajeno"]}
    carpeta = RAIZ / "portal/static/vendor"
    hallados = {str(a.relative_to(RAIZ)) for a in carpeta.rglob("*") if a.is_file() and a.name != "LICENSE"}
    assert hallados == {a for a in conocidos if "/vendor/" in a}
    assert all((RAIZ / a).parent.glob("LICEN*") for a in conocidos)


@pytest.mark.parametrize("archivo", ESCRITOS, ids=lambda a: a.name)
def test_el_inventario_y_las_licencias_son_los_de_los_candados(archivo: Path) -> None:
    assert archivo.read_text(encoding="utf-8") == ESCRITOS[archivo](leer(PRODUCCION), leer(PRUEBAS)), "make inventario"


def test_el_inventario_nombra_todo_una_vez() -> None:
    inventario = json.loads((RAIZ / "docs/inventario.cdx.json").read_text(encoding="utf-8"))
    nombres = [c["purl"] for c in inventario["components"]]
    assert len(nombres) == len(set(nombres))
    assert {p.purl for p in (*leer(PRODUCCION), *leer(PRUEBAS))} <= set(nombres)


def test_cada_regla_propia_tiene_ejemplos_de_lo_que_halla_y_de_lo_que_no() -> None:
    """`make semgrep` tries them; what has no example would never be tried."""
    carpeta = RAIZ / ".ci/semgrep"
    reglas = set(re.findall(r"^  - id: (\S+)$", (carpeta / "reglas.yml").read_text(encoding="utf-8"), re.MULTILINE))
    ejemplos = "".join(a.read_text(encoding="utf-8") for a in carpeta.glob("reglas.*") if a.suffix != ".yml")
    assert len(reglas) >= 12
    for clase in ("ruleid", "ok"):
        assert set(re.findall(rf"\b{clase}: ([a-z-]+)", ejemplos)) == reglas, clase
