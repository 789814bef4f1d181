"""The yearly values at the screens: two administrators, what each is told, and who may only read."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine

from portal.config import Ajustes
from portal.db import db
from portal.models import PropuestaIndicador, Usuario
from portal.models.usuario import Rol
from tests.conftest import ajustes_de_prueba, ingresar
from tests.navegador_de_pruebas import ClienteEstricto
from tests.propuestas import AHORA, cuenta, editar, proponer, publicar
from tests.web.pantallas_de_liquidar import texto_de

LISTA = "/gestion/normativa"
BUENA = {
    "desde": "2027-01-01",
    "hasta": "",
    "valor": "55.000",
    "acto": "Resolución DIAN de prueba",
    "acto_fecha": "05/12/2026",
    "evidencia": "https://normas.test/uvt-2027",
}


@pytest.fixture
def ajustes(base_datos: str, tmp_path: Path) -> Ajustes:
    return ajustes_de_prueba(tmp_path, base_datos, departamento="narino")


@pytest.fixture
def admin(client: ClienteEstricto) -> Any:
    """Signed in as an administrator, on a day of December."""
    with time_machine.travel(AHORA, tick=False):
        ingresar(client, "administrador")
        yield client


def enviar(client: ClienteEstricto, ruta: str, **datos: str) -> Any:
    return client.enviar(f"{LISTA}/{ruta}", datos, pagina="/consulta")


def guardada() -> PropuestaIndicador:
    db.session.rollback()
    return db.session.query(PropuestaIndicador).one()


def test_la_lista_dice_que_falta_y_quien_publico(admin: ClienteEstricto) -> None:
    pagina = texto_de(admin.get(LISTA).text)
    assert "No hay valor publicado para: 2026; 2027." in pagina
    assert "Viene con el portal" in pagina
    publicar(proponer(cuenta()), cuenta())
    respuesta = admin.get(LISTA)
    assert "https://normas.test/uvt-2027" in respuesta.text
    assert "Cuenta de prueba" in respuesta.text


def test_se_propone_y_otro_publica(admin: ClienteEstricto) -> None:
    respuesta = enviar(admin, "nueva/UVT", **BUENA)
    assert respuesta.status_code == 303
    una = guardada()
    assert (una.desde, una.hasta, una.valor) == (date(2027, 1, 1), date(2027, 12, 31), Decimal(55000))
    pagina = admin.get(respuesta.location).text
    assert "Usted escribió esta propuesta" in pagina
    assert "Revisar y publicar" not in pagina
    negada = enviar(admin, f"propuestas/{una.id}/publicar", version="1")
    assert (negada.status_code, "otro administrador" in negada.text) == (409, True)
    assert guardada().es_borrador


def test_el_segundo_administrador_revisa_y_publica(admin: ClienteEstricto) -> None:
    numero = proponer(cuenta())
    revision = admin.get(f"{LISTA}/propuestas/{numero}/publicar").text
    assert "Publicar $55.000" in revision
    assert "Resolución DIAN de prueba" in revision
    hecha = enviar(admin, f"propuestas/{numero}/publicar", version="1")
    assert hecha.status_code == 303
    assert "Publicada" in admin.get(hecha.location).text
    otra_vez = enviar(admin, f"propuestas/{numero}/publicar", version="1")
    assert (otra_vez.status_code, "Otra persona cambió" in otra_vez.text) == (409, True)


@pytest.mark.parametrize(
    ("cambios", "frase"),
    [
        ({"valor": ""}, "Escriba este dato"),
        ({"valor": "1,423,500"}, "por ejemplo 46.911.499"),
        ({"valor": "0"}, "mayor que cero"),
        ({"valor": "-5"}, "Escriba el valor en pesos"),
        ({"desde": "31/02/2027"}, "Escriba una fecha que exista"),
        ({"desde": "mañana"}, "Escriba una fecha que exista"),
        ({"hasta": "2026-12-31"}, "La fecha final es anterior"),
        ({"hasta": "2028-12-31"}, "dentro de un solo año"),
        ({"desde": "2026-01-01"}, "Ya hay un valor publicado"),
        ({"desde": "2029-01-01"}, "Todavía no se puede proponer"),
        ({"valor": "550.000"}, "se aparta más del 40 %"),
        ({"evidencia": "javascript:alert(1)"}, "Escriba un enlace completo"),
        ({"acto": "x" * 161}, "Use máximo 160 caracteres"),
    ],
)
def test_lo_malo_se_dice_junto_al_campo_y_no_se_guarda(
    admin: ClienteEstricto, cambios: dict[str, str], frase: str
) -> None:
    respuesta = enviar(admin, "nueva/UVT", **(BUENA | cambios))
    assert respuesta.status_code == 422
    assert frase in respuesta.text
    assert "<title>Error:" in respuesta.text
    assert db.session.query(PropuestaIndicador).count() == 0


def test_el_salto_se_confirma_con_la_casilla(admin: ClienteEstricto) -> None:
    salto = BUENA | {"valor": "550.000"}
    assert 'name="salto_confirmado"' in enviar(admin, "nueva/UVT", **salto).text
    assert enviar(admin, "nueva/UVT", **salto, salto_confirmado="y").status_code == 303
    assert guardada().salto_confirmado


def test_la_formula_llena_el_valor_y_no_guarda_nada(admin: ClienteEstricto) -> None:
    ruta = "nueva/PRO_CULTURA_SIN_CUANTIA"
    assert "art. 249, parágrafo" in admin.get(f"{LISTA}/{ruta}").text
    respuesta = enviar(admin, ruta, ajuste="3", desde="2026-01-01", acto="Decreto de prueba", formula="si")
    assert respuesta.status_code == 200
    assert 'value="4.400"' in respuesta.text
    assert 'value="Decreto de prueba"' in respuesta.text
    assert db.session.query(PropuestaIndicador).count() == 0
    for malo in ("", "mucho", "101", "-1"):
        assert enviar(admin, ruta, ajuste=malo, formula="si").status_code == 422


def test_quien_edita_de_segundo_ve_lo_que_dejo_el_primero(admin: ClienteEstricto) -> None:
    otra = cuenta()
    numero = proponer(otra)
    assert 'name="version" value="1"' in admin.get(f"{LISTA}/propuestas/{numero}/editar").text
    editar(numero, otra, valor=Decimal(56000))
    tarde = enviar(admin, f"propuestas/{numero}/editar", **(BUENA | {"valor": "57.000"}), version="1")
    assert tarde.status_code == 409
    assert "Ahora dice $56.000" in tarde.text
    assert 'value="57.000"' in tarde.text, "what was typed is not lost"
    assert guardada().valor == Decimal(56000)
    bien = enviar(admin, f"propuestas/{numero}/editar", **(BUENA | {"valor": "57.000"}), version="2")
    assert bien.status_code == 303
    assert guardada().autor_id == db.session.query(Usuario).filter_by(correo="administrador@demo.portal.test").one().id


@pytest.mark.parametrize("version", ["", "x", "0", "99", "٣", "1" * 40])
def test_una_version_ajena_no_publica(admin: ClienteEstricto, version: str) -> None:
    numero = proponer(cuenta())
    assert enviar(admin, f"propuestas/{numero}/publicar", version=version).status_code == 409
    assert guardada().es_borrador


def test_rechazar_pide_motivo_y_lo_muestra(admin: ClienteEstricto) -> None:
    numero = proponer(cuenta())
    assert "Rechazar" in admin.get(f"{LISTA}/propuestas/{numero}").text
    assert enviar(admin, f"propuestas/{numero}/retirar", version="1", motivo=" ").status_code == 422
    hecha = enviar(admin, f"propuestas/{numero}/retirar", version="1", motivo="El valor es de otro año")
    assert "El valor es de otro año" in admin.get(hecha.location).text
    assert enviar(admin, f"propuestas/{numero}/retirar", version="2", motivo="Otra vez").status_code == 409


def test_el_corte_se_avisa_antes_de_publicar(admin: ClienteEstricto) -> None:
    julio = {"desde": date(2026, 7, 1), "hasta": date(2026, 12, 31), "valor": Decimal(1800000)}
    numero = proponer(cuenta(), "SMMLV", **julio)
    assert "regirá solo hasta el 30 de junio de 2026" in admin.get(f"{LISTA}/propuestas/{numero}/publicar").text


def test_el_auditor_lee_y_no_escribe(client: ClienteEstricto) -> None:
    numero = proponer(cuenta())
    ingresar(client, Rol.AUDITOR.value)
    pagina = client.get(LISTA)
    assert (pagina.status_code, ">Proponer " in pagina.text) == (200, False)
    detalle = client.get(f"{LISTA}/propuestas/{numero}")
    assert (detalle.status_code, "Editar" in detalle.text) == (200, False)
    assert enviar(client, f"propuestas/{numero}/publicar", version="1").status_code == 403


@pytest.mark.parametrize("ruta", ["nueva/XYZ", "propuestas/99", "propuestas/99999999999999999999999"])
def test_lo_que_no_existe_es_404(admin: ClienteEstricto, ruta: str) -> None:
    assert admin.get(f"{LISTA}/{ruta}").status_code == 404


@pytest.mark.parametrize(("dia", "avisa"), [(30, False), (31, True)], ids=["30 de noviembre", "1 de diciembre"])
def test_desde_el_primero_de_diciembre_se_avisa_lo_que_falta(client: ClienteEstricto, dia: int, avisa: bool) -> None:
    # Nariño's decreed value of 2026 is missing today; with it, only December has something to say.
    ano = {"desde": date(2026, 1, 1), "hasta": date(2026, 12, 31), "valor": Decimal(4400)}
    publicar(proponer(cuenta(), "PRO_CULTURA_SIN_CUANTIA", **ano), cuenta())
    instante = datetime(2026, 11, 30, 23, tzinfo=UTC) if dia == 30 else datetime(2026, 12, 1, 12, tzinfo=UTC)
    with time_machine.travel(instante, tick=False):
        ingresar(client, "administrador")
        for ruta in ("/gestion", LISTA, "/gestion/liquidaciones"):
            assert ("Faltan valores de 2027: " in client.get(ruta).text) is avisa
        listo = client.get("/listo")
        assert listo.status_code == 200
        assert listo.text.startswith("listo\n")
        assert ("Faltan valores de 2027" in listo.text) is avisa


def test_en_enero_sin_valores_el_portal_no_esta_listo(client: ClienteEstricto) -> None:
    with time_machine.travel(datetime(2027, 1, 1, 5, tzinfo=UTC), tick=False):
        assert client.get("/listo").status_code == 503
        ingresar(client, "administrador")
        assert "Faltan valores de 2027" in client.get("/gestion").text


def test_los_demas_roles_no_ven_el_aviso(client: ClienteEstricto) -> None:
    with time_machine.travel(AHORA, tick=False):
        ingresar(client, "rentas")
        assert "Faltan valores" not in client.get("/gestion").text
