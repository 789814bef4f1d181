"""The screens of the calendar, and the outage that every page tells while it lasts."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from portal.db import db
from portal.models import Contingencia, DiaNoHabil
from portal.models.usuario import Rol
from portal.operaciones import calendario
from tests.bases import contando
from tests.calendario import AHORA, acciones, cuenta, declarar_dia, declarar_falla, terminar_falla
from tests.conftest import ingresar
from tests.navegador_de_pruebas import ClienteEstricto
from tests.web.pantallas_de_reconocer import visible

LISTA = "/gestion/calendario"
DIA = {"dia": "2025-06-10", "motivo": "Día cívico", "norma": "Decreto 500 de 2025"}
FALLA = {"inicio": "2025-05-12T09:05", "fin": "", "motivo": "El proveedor no responde."}
AVISO = (
    "El portal presenta fallas desde el 12 de mayo de 2025, 9:05 a. m. Motivo: El proveedor no responde. "
    "Los plazos de los agentes recaudadores que vencen mientras dure se extienden."
)
PAGINAS_PUBLICAS = ("/ingresar", "/consulta", "/pago", "/ayuda", "/verificar", "/no-existe")


@pytest.fixture(autouse=True)
def _aquel_lunes() -> Iterator[None]:
    with time_machine.travel(AHORA, tick=False):
        yield


@pytest.fixture
def admin(client: ClienteEstricto) -> ClienteEstricto:
    ingresar(client, "administrador")
    return client


def resumen(respuesta: TestResponse) -> str:
    hallado = re.search(r'id="resumen-errores">(.*?)</div>', respuesta.text, re.DOTALL)
    return hallado[1] if hallado else ""


@pytest.mark.parametrize("rol", list(Rol))
def test_cualquier_cuenta_lo_lee_y_solo_el_administrador_lo_cambia(client: ClienteEstricto, rol: Rol) -> None:
    quien = cuenta()
    declarar_dia(quien)
    declarar_falla(quien)
    ingresar(client, rol.value)
    pagina = client.get(LISTA)
    for dicho in (
        "Calendario de 2025",
        "Lunes 30 de junio de 2025",
        "Sagrado Corazón de Jesús",
        "San Pedro y San Pablo",
        "Ley 51 de 1983, arts. 1 y 2",
        "Martes 10 de junio de 2025",
        "Decreto 500 de 2025",
        "Continúa",
    ):
        assert dicho in visible(pagina), dicho
    enlaces = re.findall(rf'href="({LISTA}/[^"]+)"', pagina.text)
    assert len(enlaces) == (4 if rol is Rol.ADMINISTRADOR else 0)
    for enlace in enlaces:
        assert client.get(enlace).status_code == 200


def test_cada_ano_tiene_sus_festivos(admin: ClienteEstricto) -> None:
    chiquinquira = "Nuestra Señora del Rosario de Chiquinquirá"
    assert chiquinquira not in visible(admin.get(LISTA, query_string={"ano": "2025"}))
    proximo = visible(admin.get(LISTA, query_string={"ano": "2026"}))
    assert f"Lunes 13 de julio de 2026 {chiquinquira} Ley 2578 de 2026, art. 6" in proximo
    for malo in ("20255", "x", "1980", "-1"):
        assert admin.get(LISTA, query_string={"ano": malo}).status_code == 422


def test_se_declara_un_dia_y_se_revoca(admin: ClienteEstricto) -> None:
    respuesta = admin.enviar(f"{LISTA}/dias/nuevo", DIA)
    assert (respuesta.status_code, respuesta.location) == (303, f"{LISTA}?ano=2025")
    assert "quedó declarado no hábil" in visible(admin.get(respuesta.location))
    uno = db.session.scalars(select(DiaNoHabil)).one()
    revocar = f"{LISTA}/dias/{uno.id}/revocar"
    vacia = admin.enviar(revocar, {"motivo": " "})
    assert (vacia.status_code, "Escriba este dato: Motivo." in resumen(vacia)) == (422, True)
    assert admin.enviar(revocar, {"motivo": "Se derogó"}).status_code == 303
    pagina = visible(admin.get(LISTA))
    assert "Revocado por Cuenta de administrador, 12 de mayo de 2025: Se derogó" in pagina
    assert admin.get(revocar).status_code == 303
    assert [accion for accion, _ in acciones()][-2:] == ["calendario.dia", "calendario.revocar_dia"]


@pytest.mark.parametrize(
    ("campo", "malo", "frase"),
    [
        ("dia", "", "Escriba este dato: Día."),
        ("dia", "2025-02-30", "una fecha que exista"),
        ("dia", "2025-06-14", "Ese día ya no es hábil (sábado)."),
        ("dia", "2035-06-14", "del año pasado"),
        ("motivo", "", "Escriba este dato: Motivo."),
        ("norma", "x" * 161, "máximo 160"),
        ("norma", "a\u202eb", "caracteres que no se pueden usar"),
    ],
)
def test_lo_que_esta_mal_se_dice_sin_perder_lo_escrito(
    admin: ClienteEstricto, campo: str, malo: str, frase: str
) -> None:
    respuesta = admin.enviar(f"{LISTA}/dias/nuevo", DIA | {campo: malo})
    assert respuesta.status_code == 422
    assert frase in resumen(respuesta)
    assert DIA["motivo" if campo != "motivo" else "norma"] in respuesta.text
    assert db.session.scalars(select(DiaNoHabil)).all() == []


def test_un_dia_que_llego_no_ofrece_revocarse(admin: ClienteEstricto) -> None:
    uno = declarar_dia(cuenta(), date(2025, 5, 12))
    assert "Revocar" not in visible(admin.get(LISTA))
    assert admin.enviar(f"{LISTA}/dias/{uno.id}/revocar", {"motivo": "x"}).status_code == 303
    assert not db.session.scalars(select(DiaNoHabil)).one().revocado


def test_se_declara_una_falla_todas_las_paginas_la_dicen_y_termina(admin: ClienteEstricto) -> None:
    formulario = admin.get(f"{LISTA}/fallas/nueva")
    assert 'value="2025-05-12T10:00"' in formulario.text, "it proposes now, in Colombian time"
    assert AVISO not in visible(admin.get("/consulta"))
    assert admin.enviar(f"{LISTA}/fallas/nueva", FALLA).status_code == 303
    for direccion in (*PAGINAS_PUBLICAS, "/gestion", LISTA):
        assert AVISO in visible(admin.get(direccion)), direccion
    otra = admin.enviar(f"{LISTA}/fallas/nueva", FALLA | {"inicio": "2025-05-12T09:30"})
    assert (otra.status_code, "Ya hay una falla abierta" in resumen(otra)) == (422, True)
    una = db.session.scalars(select(Contingencia)).one()
    terminar = f"{LISTA}/fallas/{una.id}/terminar"
    assert admin.enviar(terminar, {}).status_code == 303
    assert admin.get(terminar).status_code == 303
    for direccion in (*PAGINAS_PUBLICAS, "/gestion"):
        assert "presenta fallas" not in visible(admin.get(direccion)), direccion
    assert "12 de mayo de 2025, 9:05 a. m. 12 de mayo de 2025, 10:00 a. m." in visible(admin.get(LISTA))


@pytest.mark.parametrize(
    ("cambios", "frase"),
    [
        ({"inicio": ""}, "Escriba este dato: Empezó."),
        ({"inicio": "2025-05-12"}, "la fecha y la hora"),
        ({"inicio": "2025-05-12T25:00"}, "la fecha y la hora"),
        ({"inicio": "2025-05-12T10:01"}, "un momento que ya pasó"),
        ({"fin": "2025-05-12T09:05"}, "después de empezar"),
        ({"fin": "2025-05-12T10:01"}, "antes de ahora"),
        ({"motivo": ""}, "Escriba este dato: Motivo."),
    ],
)
def test_una_falla_mal_escrita_no_se_declara(admin: ClienteEstricto, cambios: dict[str, str], frase: str) -> None:
    respuesta = admin.enviar(f"{LISTA}/fallas/nueva", FALLA | cambios)
    assert respuesta.status_code == 422
    assert frase in resumen(respuesta)
    assert db.session.scalars(select(Contingencia)).all() == []


def test_una_falla_que_ya_termino_no_se_anuncia(admin: ClienteEstricto) -> None:
    assert admin.enviar(f"{LISTA}/fallas/nueva", FALLA | {"fin": "12/05/2025 09:40"}).status_code == 303
    assert "presenta fallas" not in visible(admin.get("/consulta"))


def test_la_pagina_que_el_navegador_guarda_no_dice_lo_de_hoy(admin: ClienteEstricto) -> None:
    admin.enviar(f"{LISTA}/fallas/nueva", FALLA)
    assert "presenta fallas" not in visible(admin.get("/verificar/sin-conexion"))


def test_lo_que_declara_otro_proceso_se_ve_en_segundos_y_cuesta_una_pregunta(
    app: Flask, client: ClienteEstricto
) -> None:
    client.get("/ayuda")
    una = declarar_falla(quien := cuenta())
    db.session.rollback()
    with contando() as ordenes:
        for _ in range(5):
            assert "presenta fallas" not in visible(client.get("/ayuda"))
        assert ordenes == []
        with time_machine.travel(AHORA + timedelta(seconds=5), tick=False):
            for _ in range(5):
                assert "presenta fallas" in visible(client.get("/ayuda"))
    assert len([o for o in ordenes if "FROM contingencia" in o]) == 1
    terminar_falla(una, quien)
    with time_machine.travel(AHORA + timedelta(seconds=10), tick=False):
        assert "presenta fallas" not in visible(client.get("/ayuda"))


def test_si_la_base_no_responde_la_pagina_se_escribe_con_lo_ultimo_que_se_supo(
    admin: ClienteEstricto, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin.enviar(f"{LISTA}/fallas/nueva", FALLA)
    admin.get("/ayuda")

    def caida() -> None:
        raise OperationalError("SELECT 1", {}, Exception("sin base"))

    monkeypatch.setattr(calendario, "contingencia_abierta", caida)
    with time_machine.travel(AHORA + timedelta(minutes=1), tick=False):
        respuesta = admin.get("/ayuda")
    assert respuesta.status_code == 200
    assert AVISO in visible(respuesta)
