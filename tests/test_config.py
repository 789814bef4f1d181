"""Each wrong setting refuses to start with one sentence that names it; a good production starts."""

import atexit
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from portal.config import ConfiguracionInvalida, leer_ajustes, secreto_de_demostracion


def clave_en_archivo(permisos: int = 0o600) -> str:
    """A file as the setting wants it; what is in it is looked at when something is signed."""
    descriptor, ruta = tempfile.mkstemp(suffix=".pem")
    os.fchmod(descriptor, permisos)
    os.close(descriptor)
    atexit.register(Path(ruta).unlink, missing_ok=True)
    return ruta


PRODUCCION = {
    "PORTAL_AMBIENTE": "produccion",
    "PORTAL_URL": "https://estampillas.ejemplo.gov.co",
    "PORTAL_CLAVE_SECRETA": "ZkqX3w9Yb7VtM1rLh5NsDc8PfGj2TzKe4QaUoWi6",
    "PORTAL_CORREO": "smtp",
    "PORTAL_CORREO_DE": "portal@ejemplo.gov.co",
    "PORTAL_SMTP_HOST": "smtp.ejemplo.gov.co",
    "PORTAL_GLN": "7709998461239",
    "DATABASE_URL": "postgresql://portal@db/portal",
    "PLACETOPAY_URL": "https://checkout.placetopay.com",
    "PLACETOPAY_LOGIN": "l",
    "PLACETOPAY_CLAVE": "c",
    "PORTAL_CLAVE_ESTAMPILLAS": clave_en_archivo(),
}


def test_una_produccion_completa_arranca(tmp_path: Path) -> None:
    ajustes = leer_ajustes(PRODUCCION, instancia=tmp_path)
    assert not ajustes.es_demostracion
    assert ajustes.a_flask()["SESSION_COOKIE_SECURE"] is True
    assert ajustes.a_flask()["SESSION_COOKIE_NAME"] == "__Host-portal"
    assert list(tmp_path.iterdir()) == [], "production writes no secret of its own"


@pytest.mark.parametrize(
    ("cambio", "nombre"),
    [
        ({"PORTAL_AMBIENTE": "desarrollo"}, "PORTAL_AMBIENTE"),
        ({"PORTAL_DEPARTAMENTO": "antioquia"}, "PORTAL_DEPARTAMENTO"),
        ({"PORTAL_URL": "http://estampillas.ejemplo.gov.co"}, "PORTAL_URL"),
        ({"PORTAL_URL": "https://x/ruta"}, "PORTAL_URL"),
        ({"PORTAL_CLAVE_SECRETA": ""}, "PORTAL_CLAVE_SECRETA"),
        ({"PORTAL_CLAVE_SECRETA": "corta"}, "PORTAL_CLAVE_SECRETA"),
        ({"PORTAL_CLAVE_ESTAMPILLAS": ""}, "PORTAL_CLAVE_ESTAMPILLAS"),
        ({"PORTAL_CLAVE_ESTAMPILLAS": "/no/existe.pem"}, "PORTAL_CLAVE_ESTAMPILLAS"),
        ({"PORTAL_CLAVE_ESTAMPILLAS": clave_en_archivo(0o644)}, "PORTAL_CLAVE_ESTAMPILLAS"),
        ({"PORTAL_GLN": ""}, "PORTAL_GLN"),
        ({"PORTAL_GLN": "7709998461230"}, "PORTAL_GLN"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL"),
        ({"PORTAL_PASARELA": "otra"}, "PORTAL_PASARELA"),
        ({"PLACETOPAY_URL": "", "PLACETOPAY_LOGIN": "", "PLACETOPAY_CLAVE": ""}, "PLACETOPAY_URL"),
        ({"PLACETOPAY_CLAVE": ""}, "PLACETOPAY_CLAVE"),
        ({"PLACETOPAY_URL": "http://checkout.placetopay.com"}, "PLACETOPAY_URL"),
        ({"PLACETOPAY_URL": "https://127.0.0.1:8001"}, "PLACETOPAY_URL"),
        ({"PLACETOPAY_URL": "https://localhost"}, "PLACETOPAY_URL"),
        ({"PLACETOPAY_URL": "https://[::1]"}, "PLACETOPAY_URL"),
        ({"PLACETOPAY_URL": "https://10.0.0.7"}, "PLACETOPAY_URL"),
        ({"PORT": "abc"}, "PORT"),
        ({"PORT": "70000"}, "PORT"),
        ({"PORTAL_SONDA_SEGUNDOS": "0"}, "PORTAL_SONDA_SEGUNDOS"),
        ({"PORTAL_SONDA_ESPERA": "-1"}, "PORTAL_SONDA_ESPERA"),
        ({"PORTAL_CONSULTAS_LIMITE": "muchas"}, "PORTAL_CONSULTAS_LIMITE"),
        ({"PORTAL_LIMITES": "memoria"}, "PORTAL_LIMITES"),
        ({"PORTAL_LIMITES": "redis://"}, "PORTAL_LIMITES"),
        ({"PORTAL_LIMITES": "redis://cache:puerto"}, "PORTAL_LIMITES"),
        ({"PORTAL_LIMITES": "redis://redis.ejemplo.com:6379/0"}, "PORTAL_LIMITES"),
        ({"PORTAL_PROXIES": "99"}, "PORTAL_PROXIES"),
        ({"PORTAL_NOMBRES_COMPLETOS": "true"}, "PORTAL_NOMBRES_COMPLETOS"),
        ({"PORTAL_ESQUEMA_POSTERIOR": "tal vez"}, "PORTAL_ESQUEMA_POSTERIOR"),
        ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
        ({"PORTAL_CLAVE_DEMO": "una clave"}, "PORTAL_CLAVE_DEMO"),
        ({"PORTAL_CLAVE_SECRETA": "s" * 40}, "PORTAL_CLAVE_SECRETA"),
        ({"PORTAL_CLAVE_SECRETA": "changeme-0123456789-abcdefghijklmnopqrstuvw"}, "PORTAL_CLAVE_SECRETA"),
        ({"PORTAL_URL": "https://localhost"}, "PORTAL_URL"),
        ({"PORTAL_URL": "https://10.0.0.7"}, "PORTAL_URL"),
        ({"PORTAL_HOSTS": "*"}, "PORTAL_HOSTS"),
        ({"PORTAL_HOSTS": "estampillas.ejemplo.gov.co,.ejemplo.gov.co"}, "PORTAL_HOSTS"),
        ({"PORTAL_HOSTS": "otro.ejemplo.gov.co"}, "PORTAL_HOSTS"),
        ({"PORTAL_AMBIENTE": "demostracion", "PORTAL_URL": "http://x.test", "PORTAL_PROXIES": "1"}, "PORTAL_PROXIES"),
        ({"DATABASE_URL": ""}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:////srv/portal.sqlite"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://portal@base.proveedor.com/portal"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://portal@base.proveedor.com/portal?sslmode=prefer"}, "DATABASE_URL"),
        ({"PLACETOPAY_URL": "https://checkout-test.placetopay.com"}, "PLACETOPAY_URL"),
        ({"PLACETOPAY_LOGIN": "demo"}, "PLACETOPAY_LOGIN"),
        ({"PORTAL_CORREO": "archivo"}, "PORTAL_CORREO"),
    ],
)
def test_un_ajuste_malo_se_nombra(cambio: dict[str, str], nombre: str, tmp_path: Path) -> None:
    with pytest.raises(ConfiguracionInvalida, match=rf"\b{nombre}\b"):
        leer_ajustes(PRODUCCION | cambio, instancia=tmp_path)


def test_lo_que_hizo_la_demostracion_no_sirve_en_produccion(tmp_path: Path) -> None:
    clave, simulador = (secreto_de_demostracion(tmp_path, nombre) for nombre in ("clave_secreta", "clave_simulador"))
    with pytest.raises(ConfiguracionInvalida, match="PORTAL_CLAVE_SECRETA"):
        leer_ajustes(PRODUCCION | {"PORTAL_CLAVE_SECRETA": clave}, instancia=tmp_path)
    with pytest.raises(ConfiguracionInvalida, match="PLACETOPAY_CLAVE"):
        leer_ajustes(PRODUCCION | {"PLACETOPAY_CLAVE": simulador}, instancia=tmp_path)


def test_una_carpeta_en_la_que_otros_escriben_no_sirve_en_produccion(tmp_path: Path) -> None:
    tmp_path.chmod(0o770)
    with pytest.raises(ConfiguracionInvalida, match=str(tmp_path)):
        leer_ajustes(PRODUCCION, instancia=tmp_path)
    assert leer_ajustes({}, instancia=tmp_path).es_demostracion


@pytest.mark.parametrize(
    "base",
    ["postgresql://portal@base.proveedor.com/portal?sslmode=verify-full", "postgresql:///portal?host=/run/postgresql"],
)
def test_una_base_de_datos_lejana_cifra_y_una_de_la_casa_puede_no_hacerlo(base: str, tmp_path: Path) -> None:
    assert leer_ajustes(PRODUCCION | {"DATABASE_URL": base}, instancia=tmp_path).base_datos.endswith(
        base.partition(":")[2]
    )


WOMPI = {
    "PORTAL_PASARELA": "wompi",
    "WOMPI_URL": "https://production.wompi.co/v1",
    "WOMPI_LLAVE_PUBLICA": "pub_prod_a",
    "WOMPI_LLAVE_PRIVADA": "prv_prod_b",
    "WOMPI_SECRETO_INTEGRIDAD": "prod_integrity_c,prod_integrity_d",
    "WOMPI_SECRETO_EVENTOS": "prod_events_e, prod_events_f",
}


def test_una_produccion_con_wompi_arranca(tmp_path: Path) -> None:
    ajustes = leer_ajustes(PRODUCCION | WOMPI, instancia=tmp_path)
    assert ajustes.credenciales_pasarela["WOMPI_SECRETO_EVENTOS"] == "prod_events_e, prod_events_f"


@pytest.mark.parametrize(
    ("cambio", "nombre"),
    [
        (dict.fromkeys(list(WOMPI)[1:], ""), "WOMPI_URL"),
        ({"WOMPI_URL": "https://sandbox.wompi.co/v1"}, "WOMPI_URL"),
        ({"WOMPI_URL": "http://production.wompi.co/v1"}, "WOMPI_URL"),
        ({"WOMPI_URL": "https://127.0.0.1:8001/v1"}, "WOMPI_URL"),
        ({"WOMPI_LLAVE_PRIVADA": ""}, "WOMPI_LLAVE_PRIVADA"),
        ({"WOMPI_LLAVE_PUBLICA": "pub_test_a"}, "WOMPI_LLAVE_PRIVADA"),
        ({"WOMPI_LLAVE_PRIVADA": "prv_test_b"}, "WOMPI_LLAVE_PRIVADA"),
        ({"WOMPI_LLAVE_PRIVADA": "pub_prod_a"}, "WOMPI_LLAVE_PRIVADA"),
        ({"WOMPI_SECRETO_INTEGRIDAD": "prod_events_e"}, "WOMPI_SECRETO_INTEGRIDAD"),
        ({"WOMPI_SECRETO_EVENTOS": "prod_events_e,test_events_f"}, "WOMPI_SECRETO_EVENTOS"),
        (
            {
                "WOMPI_LLAVE_PUBLICA": "pub_test_a",
                "WOMPI_LLAVE_PRIVADA": "prv_test_b",
                "WOMPI_SECRETO_INTEGRIDAD": "test_integrity_c",
                "WOMPI_SECRETO_EVENTOS": "test_events_e",
            },
            "WOMPI_LLAVE_PUBLICA",
        ),
    ],
)
def test_unas_llaves_de_wompi_que_no_cuadran_se_nombran(cambio: dict[str, str], nombre: str, tmp_path: Path) -> None:
    with pytest.raises(ConfiguracionInvalida, match=rf"\b{nombre}\b"):
        leer_ajustes(PRODUCCION | WOMPI | cambio, instancia=tmp_path)


def test_en_la_demostracion_wompi_es_el_simulador(tmp_path: Path) -> None:
    ajustes = leer_ajustes({"PORTAL_PASARELA": "wompi", "PORT": "9000"}, instancia=tmp_path)
    suyas = dict(ajustes.credenciales_pasarela)
    assert suyas.pop("WOMPI_URL") == "http://127.0.0.1:9001/v1"
    assert suyas["WOMPI_LLAVE_PUBLICA"].startswith("pub_test_")
    finales = [valor.rpartition("_")[2] for valor in suyas.values()]
    assert len(set(finales)) == 4, "the public key tells none of the others"
    assert ajustes == leer_ajustes({"PORTAL_PASARELA": "wompi", "PORT": "9000"}, instancia=tmp_path)


def test_el_arranque_se_detiene_con_una_frase_y_sin_traza() -> None:
    entorno = {"PORTAL_AMBIENTE": "produccion", "PATH": "/usr/bin:/bin"}
    raiz = Path(__file__).resolve().parents[1]
    orden = [sys.executable, "-c", "import wsgi"]
    hecho = subprocess.run(orden, cwd=raiz, env=entorno, capture_output=True, text=True, check=False)
    assert hecho.returncode == 1
    assert hecho.stderr.strip().splitlines() == [
        "El portal no puede arrancar: PORTAL_URL debe comenzar por https:// en producción."
    ]


def test_el_secreto_de_la_demostracion_es_estable_y_privado(tmp_path: Path) -> None:
    primero = secreto_de_demostracion(tmp_path, "clave")
    assert secreto_de_demostracion(tmp_path, "clave") == primero
    assert len(primero) >= 32
    assert (tmp_path / "clave").stat().st_mode & 0o777 == 0o600
    assert [a.name for a in tmp_path.iterdir()] == ["clave"]
