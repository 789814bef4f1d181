"""One code base, one department per installation: each shows its own name, data and rules, from its own file."""

from dataclasses import replace
from pathlib import Path

import pytest

from portal import config
from portal.app import create_app
from portal.cli import demo
from portal.config import DEPARTAMENTOS, Ajustes, departamentos, leer_ajustes
from tests.normativa import inventado


@pytest.mark.parametrize("departamento", DEPARTAMENTOS)
@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
def test_cada_departamento_carga_su_demostracion_y_muestra_su_nombre(ajustes: Ajustes, departamento: str) -> None:
    app = create_app(replace(ajustes, departamento=departamento))
    with app.app_context():
        salida = app.test_cli_runner().invoke(args=["demo", "cargar"])
    assert salida.exit_code == 0, salida.output
    pagina = app.test_client().get("/").text
    nombre = {"putumayo": "del Putumayo", "narino": "de Nariño", "cundinamarca": "de Cundinamarca"}[departamento]
    assert f"Gobernación {nombre}" in pagina
    enlace = "/consulta?tipo_pago=contrato&vigencia=2025&nit={}&numero_contrato=647"
    nit = "1212312323" if departamento == "narino" else "901805364"
    assert "No se encontraron resultados" not in app.test_client().get(enlace.format(nit)).text


def test_cada_departamento_tiene_su_archivo(tmp_path: Path) -> None:
    bases = {leer_ajustes({"PORTAL_DEPARTAMENTO": d}, instancia=tmp_path).base_datos for d in DEPARTAMENTOS}
    assert len(bases) == len(DEPARTAMENTOS)


def test_un_departamento_nuevo_es_una_carpeta(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elegido = {"PORTAL_DEPARTAMENTO": inventado.CODIGO}
    with pytest.raises(config.ConfiguracionInvalida):
        leer_ajustes(elegido, instancia=tmp_path)
    monkeypatch.setattr(config, "DEPARTAMENTOS", departamentos(inventado.con_macondo(tmp_path / "normativa")))
    assert leer_ajustes(elegido, instancia=tmp_path).departamento == inventado.CODIGO


@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
def test_sin_ejemplos_propios_la_demostracion_son_las_cuentas(
    ajustes: Ajustes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "_CARPETA", tmp_path)
    app = create_app(ajustes)
    with app.app_context():
        salida = app.test_cli_runner().invoke(args=["demo", "cargar"])
    assert (salida.exit_code, "0 liquidaciones" in salida.output) == (0, True)
