"""The settings of the mail: each wrong one is named, and nothing secret or whole travels in clear."""

from pathlib import Path

import pytest

from portal.config import ConfiguracionInvalida, leer_ajustes
from tests.test_config import PRODUCCION

SMTP = {"PORTAL_CORREO": "smtp", "PORTAL_CORREO_DE": "portal@ejemplo.gov.co", "PORTAL_SMTP_HOST": "smtp.ejemplo.gov.co"}


def test_sin_decir_nada_los_avisos_son_archivos(tmp_path: Path) -> None:
    correo = leer_ajustes({}, instancia=tmp_path).correo
    assert (correo.clase, correo.carpeta, correo.de) == ("archivo", tmp_path / "correo", "portal@localhost")


@pytest.mark.parametrize(("tls", "puerto"), [("starttls", 587), ("tls", 465), ("", 587)])
def test_cada_forma_de_cifrar_tiene_su_puerto(tmp_path: Path, tls: str, puerto: int) -> None:
    correo = leer_ajustes(PRODUCCION | SMTP | {"PORTAL_SMTP_TLS": tls}, instancia=tmp_path).correo
    assert (correo.puerto, correo.tls) == (puerto, tls or "starttls")
    assert leer_ajustes(SMTP | {"PORTAL_SMTP_PUERTO": "2525"}, instancia=tmp_path).correo.puerto == 2525


def test_un_servidor_de_la_red_propia_puede_no_cifrar(tmp_path: Path) -> None:
    local = {"PORTAL_SMTP_TLS": "no", "PORTAL_SMTP_HOST": "127.0.0.1"}
    assert leer_ajustes(PRODUCCION | SMTP | local, instancia=tmp_path).correo.puerto == 25


@pytest.mark.parametrize(
    ("cambio", "nombre"),
    [
        ({"PORTAL_CORREO": "paloma"}, "PORTAL_CORREO"),
        ({"PORTAL_SMTP_HOST": ""}, "PORTAL_SMTP_HOST"),
        ({"PORTAL_CORREO_DE": ""}, "PORTAL_CORREO_DE"),
        ({"PORTAL_CORREO_DE": "Portal <portal@ejemplo.gov.co>"}, "PORTAL_CORREO_DE"),
        ({"PORTAL_CORREO_DE": "portal@ejemplo.gov.co\r\nBcc: x@y.co"}, "PORTAL_CORREO_DE"),
        ({"PORTAL_SMTP_PUERTO": "0"}, "PORTAL_SMTP_PUERTO"),
        ({"PORTAL_SMTP_USUARIO": "portal"}, "PORTAL_SMTP_CLAVE"),
        ({"PORTAL_SMTP_CLAVE": "secreta"}, "PORTAL_SMTP_USUARIO"),
        ({"PORTAL_SMTP_TLS": "quizas"}, "PORTAL_SMTP_TLS"),
        ({"PORTAL_SMTP_TLS": "no"}, "PORTAL_SMTP_TLS"),
    ],
)
def test_un_ajuste_malo_se_nombra(cambio: dict[str, str], nombre: str, tmp_path: Path) -> None:
    with pytest.raises(ConfiguracionInvalida, match=rf"\b{nombre}\b"):
        leer_ajustes(PRODUCCION | SMTP | cambio, instancia=tmp_path)
