"""One code base, one department per installation: each shows its own name, data and rules, from its own file."""

from dataclasses import replace
from pathlib import Path

import pytest

from portal.app import create_app
from portal.config import DEPARTAMENTOS, Ajustes, leer_ajustes


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
