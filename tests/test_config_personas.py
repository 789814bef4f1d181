"""Production demands a second factor, and the keys that seal data are long and at most two."""

from pathlib import Path

import pytest

from portal.config import ConfiguracionInvalida, leer_ajustes
from tests.test_config import PRODUCCION


def test_en_produccion_el_segundo_factor_es_obligatorio_y_en_la_demostracion_se_elige(tmp_path: Path) -> None:
    assert leer_ajustes(PRODUCCION, instancia=tmp_path).personas.segundo_factor_obligatorio
    assert not leer_ajustes({}, instancia=tmp_path).personas.segundo_factor_obligatorio
    pedido = {"PORTAL_SEGUNDO_FACTOR": "obligatorio"}
    assert leer_ajustes(pedido, instancia=tmp_path).personas.segundo_factor_obligatorio


@pytest.mark.parametrize(
    ("cambio", "nombre"),
    [
        ({"PORTAL_SEGUNDO_FACTOR": "opcional"}, "PORTAL_SEGUNDO_FACTOR"),
        ({"PORTAL_SEGUNDO_FACTOR": "no"}, "PORTAL_SEGUNDO_FACTOR"),
        ({"PORTAL_CLAVE_DATOS": "corta"}, "PORTAL_CLAVE_DATOS"),
        ({"PORTAL_CLAVE_DATOS": "n" * 40 + ",corta"}, "PORTAL_CLAVE_DATOS"),
        ({"PORTAL_CLAVE_DATOS": ",".join(["a" * 40, "b" * 40, "c" * 40])}, "PORTAL_CLAVE_DATOS"),
    ],
)
def test_lo_que_esta_mal_se_dice_con_su_nombre(tmp_path: Path, cambio: dict[str, str], nombre: str) -> None:
    with pytest.raises(ConfiguracionInvalida, match=nombre):
        leer_ajustes(PRODUCCION | cambio, instancia=tmp_path)


def test_las_claves_de_los_datos_no_se_muestran_y_la_nueva_va_primero(tmp_path: Path) -> None:
    ajustes = leer_ajustes(PRODUCCION | {"PORTAL_CLAVE_DATOS": f"{'n' * 40}, {'v' * 40}"}, instancia=tmp_path)
    assert ajustes.personas.claves_datos == ("n" * 40, "v" * 40)
    assert "n" * 40 not in repr(ajustes.personas)
    assert leer_ajustes(PRODUCCION, instancia=tmp_path).personas.claves_datos == (PRODUCCION["PORTAL_CLAVE_SECRETA"],)
