"""Administrators declare days and outages; due dates follow, never backwards; what was declared stays as it was."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from portal.db import db, transaccion
from portal.dominio.errores import DatoInvalido, NoExiste, TransicionNoPermitida
from portal.dominio.plazos import leer_plazo, vencimiento
from portal.models import Contingencia, DiaNoHabil
from portal.models.usuario import Rol
from portal.operaciones import calendario
from tests.bases import contando
from tests.calendario import (
    AHORA,
    HOY,
    acciones,
    cuenta,
    declarar_dia,
    declarar_falla,
    en_bogota,
    revocar_dia,
    terminar_falla,
)
from tests.dominio.test_plazos import FILA

ABRIL, MAYO = date(2025, 4, 1), date(2025, 5, 1)


def vence(periodo: date = MAYO, hoy: date = HOY) -> date:
    db.session.rollback()
    return vencimiento(periodo, leer_plazo(FILA), calendario.calendario_de(hoy)).dia


def frases(periodo: date, hoy: date) -> str:
    db.session.rollback()
    return " ".join(vencimiento(periodo, leer_plazo(FILA), calendario.calendario_de(hoy)).frases)


def test_sin_nada_declarado_rigen_los_festivos_que_trae_el_portal(app: Flask) -> None:
    assert len(calendario.semana_de().reglas) == 19
    assert vence(ABRIL) == date(2025, 5, 12)
    assert vence(MAYO) == date(2025, 6, 10)


def test_un_dia_declarado_corre_el_plazo_y_revocado_a_tiempo_lo_devuelve(app: Flask) -> None:
    quien = cuenta()
    uno = declarar_dia(quien)
    assert vence() == date(2025, 6, 11)
    assert "(declarado no hábil: Día cívico, Decreto 500 de 2025)" in frases(MAYO, HOY)
    revocar_dia(uno, quien)
    assert vence() == date(2025, 6, 10)
    db.session.refresh(uno)
    assert (uno.revocado_motivo, uno.revocado_por, uno.revocado_en) == ("Se derogó el decreto", quien.id, AHORA)
    assert acciones() == [
        ("calendario.dia", f"dia_no_habil:{uno.id}"),
        ("calendario.revocar_dia", f"dia_no_habil:{uno.id}"),
    ]
    assert [d.id for d in calendario.dias_no_habiles(2025)] == [uno.id]
    assert calendario.dias_no_habiles(2026) == []


def test_un_dia_que_paso_se_declara_y_extiende_lo_que_vencia_en_el(app: Flask) -> None:
    declarar_dia(cuenta(), date(2025, 4, 10))
    assert vence(date(2025, 3, 1)) == date(2025, 4, 11)


@pytest.mark.parametrize(
    ("dia", "frase"),
    [
        (date(2025, 6, 14), "sábado"),
        (date(2025, 6, 15), "domingo"),
        (date(2025, 6, 30), "San Pedro y San Pablo"),
        (date(2023, 6, 13), "año pasado"),
        (date(2027, 6, 10), "año pasado"),
    ],
)
def test_lo_que_ya_no_es_habil_o_esta_lejos_no_se_declara(app: Flask, dia: date, frase: str) -> None:
    with pytest.raises(DatoInvalido, match=frase) as caida:
        declarar_dia(cuenta(), dia)
    assert caida.value.campo == "dia"
    assert acciones() == []


def test_un_dia_no_se_declara_dos_veces_mientras_rija(app: Flask) -> None:
    quien = cuenta()
    uno = declarar_dia(quien)
    with pytest.raises(DatoInvalido, match="ya no es hábil"):
        declarar_dia(quien)
    revocar_dia(uno, quien)
    assert declarar_dia(quien).id != uno.id


@pytest.mark.parametrize("dia", [HOY, HOY - timedelta(days=3)])
def test_un_dia_que_ya_llego_no_se_revoca(app: Flask, dia: date) -> None:
    quien = cuenta()
    uno = declarar_dia(quien, dia)
    with pytest.raises(TransicionNoPermitida, match="no se acortan"):
        revocar_dia(uno, quien)


def test_la_vispera_en_colombia_todavia_se_revoca(app: Flask) -> None:
    quien = cuenta()
    uno = declarar_dia(quien)
    revocar_dia(uno, quien, ahora=en_bogota(2025, 6, 9, 23, 59))
    otro = declarar_dia(quien)
    with pytest.raises(TransicionNoPermitida):
        revocar_dia(otro, quien, ahora=en_bogota(2025, 6, 10, 0, 0))
    with pytest.raises(TransicionNoPermitida):
        revocar_dia(uno, quien)


def test_mientras_dura_la_falla_el_plazo_no_llega_y_al_terminar_se_queda_donde_iba(app: Flask) -> None:
    quien = cuenta()
    una = declarar_falla(quien)
    vistos = [vence(ABRIL, HOY + timedelta(days=n)) for n in range(4)]
    assert vistos == [date(2025, 5, 13), date(2025, 5, 14), date(2025, 5, 15), date(2025, 5, 16)]
    terminar_falla(una, quien, ahora=en_bogota(2025, 5, 15, 9, 0))
    assert vence(ABRIL, date(2025, 9, 1)) == date(2025, 5, 16)
    assert "El portal presentó fallas del 12 de mayo de 2025 al 15 de mayo de 2025" in frases(ABRIL, date(2025, 9, 1))
    assert acciones() == [
        ("contingencia.declarar", f"contingencia:{una.id}"),
        ("contingencia.terminar", f"contingencia:{una.id}"),
    ]
    with pytest.raises(TransicionNoPermitida, match="ya había terminado"):
        terminar_falla(una, quien)


def test_el_dia_de_una_falla_es_el_de_colombia(app: Flask) -> None:
    """Eight in the evening of the 12th in Bogotá is the 13th in UTC."""
    declarar_falla(cuenta(), en_bogota(2025, 5, 12, 20, 0), en_bogota(2025, 5, 12, 23, 0), ahora=en_bogota(2025, 5, 20))
    (falla,) = calendario.calendario_de(HOY).contingencias
    assert (falla.inicio, falla.fin) == (date(2025, 5, 12), date(2025, 5, 12))
    assert vence(ABRIL) == date(2025, 5, 13)


def test_una_falla_que_ya_paso_se_declara_entera_y_no_queda_abierta(app: Flask) -> None:
    una = declarar_falla(cuenta(), en_bogota(2025, 4, 10, 8), en_bogota(2025, 4, 11, 12))
    assert not una.abierta
    assert calendario.contingencia_abierta() is None
    assert vence(date(2025, 3, 1)) == date(2025, 4, 14)


@pytest.mark.parametrize(
    ("inicio", "fin", "campo"),
    [
        (AHORA + timedelta(minutes=1), None, "inicio"),
        (AHORA.replace(year=2023), None, "inicio"),
        (AHORA - timedelta(hours=1), AHORA - timedelta(hours=1), "fin"),
        (AHORA - timedelta(hours=1), AHORA - timedelta(hours=2), "fin"),
        (AHORA - timedelta(hours=1), AHORA + timedelta(minutes=1), "fin"),
    ],
)
def test_una_falla_no_empieza_ni_termina_en_el_futuro(
    app: Flask, inicio: datetime, fin: datetime | None, campo: str
) -> None:
    with pytest.raises(DatoInvalido) as caida:
        declarar_falla(cuenta(), inicio, fin)
    assert caida.value.campo == campo


def test_hay_una_sola_falla_abierta_y_dos_no_empiezan_a_la_vez(app: Flask) -> None:
    quien = cuenta()
    una = declarar_falla(quien)
    with pytest.raises(DatoInvalido, match="Ya hay una falla abierta, desde el 12 de mayo de 2025, 9:00 a. m. Declare"):
        declarar_falla(quien, AHORA)
    terminar_falla(una, quien, ahora=AHORA + timedelta(hours=1))
    with pytest.raises(DatoInvalido, match="en ese momento"):
        declarar_falla(quien, una.inicio, AHORA)
    assert [c.id for c in calendario.contingencias(2025)] == [una.id]
    assert calendario.contingencias(2024) == []


@pytest.mark.parametrize("rol", [r for r in Rol if r is not Rol.ADMINISTRADOR])
def test_los_demas_no_cambian_el_calendario(app: Flask, rol: Rol) -> None:
    admin, otro = cuenta(), cuenta(rol)
    uno, una = declarar_dia(admin), declarar_falla(admin)
    for acto in (
        lambda: declarar_dia(otro, date(2025, 6, 11)),
        lambda: revocar_dia(uno, otro),
        lambda: declarar_falla(otro, en_bogota(2025, 5, 1, 8), en_bogota(2025, 5, 1, 9)),
        lambda: terminar_falla(una, otro),
    ):
        with pytest.raises(TransicionNoPermitida, match="administrador"):
            acto()
    assert len(acciones()) == 2


def test_una_cuenta_cerrada_tampoco(app: Flask) -> None:
    with pytest.raises(TransicionNoPermitida):
        declarar_dia(cuenta(activo=False))


@pytest.mark.parametrize("numero", [99, 2**31, 2**70])
def test_lo_que_no_existe_se_dice(app: Flask, numero: int) -> None:
    with pytest.raises(NoExiste):
        calendario.dia_por_id(numero)
    with pytest.raises(NoExiste):
        calendario.contingencia_por_id(numero)


@pytest.mark.parametrize(
    "orden",
    [
        "UPDATE dia_no_habil SET dia = '2025-06-12'",
        "UPDATE dia_no_habil SET motivo = 'otro'",
        "DELETE FROM dia_no_habil",
        "UPDATE contingencia SET motivo = 'otro'",
        "UPDATE contingencia SET inicio = declarada_en",
        "DELETE FROM contingencia",
    ],
)
def test_lo_declarado_no_se_reescribe_ni_se_borra(app: Flask, orden: str) -> None:
    quien = cuenta()
    declarar_dia(quien)
    declarar_falla(quien)
    with pytest.raises(Exception, match="solo se agrega"), transaccion():
        db.session.execute(text(orden))


def test_lo_terminado_no_cambia_mas(app: Flask) -> None:
    quien = cuenta()
    uno, una = declarar_dia(quien), declarar_falla(quien)
    revocar_dia(uno, quien)
    terminar_falla(una, quien, ahora=AHORA + timedelta(hours=1))
    for orden in (
        update(DiaNoHabil).values(revocado_en=None, revocado_por=None, revocado_motivo=""),
        update(Contingencia).values(fin=AHORA),
        update(Contingencia).values(abierta=True, fin=None, terminada_por=None),
    ):
        with pytest.raises(Exception, match="solo se agrega"), transaccion():
            db.session.execute(orden)


def test_saber_todo_el_calendario_cuesta_dos_preguntas(app: Flask) -> None:
    quien = cuenta()
    declarar_dia(quien)
    declarar_falla(quien)
    db.session.rollback()
    with contando() as ordenes:
        vencimiento(MAYO, leer_plazo(FILA), calendario.calendario_de(HOY))
    assert len([o for o in ordenes if o.startswith("SELECT")]) == 2


def test_la_base_rechaza_por_si_sola_dos_dias_vigentes_y_dos_fallas_abiertas(app: Flask) -> None:
    """Whatever the code forgets: the unique indexes."""
    quien = cuenta()
    declarar_dia(quien)
    declarar_falla(quien)
    for tabla, indice in ((DiaNoHabil, "dia"), (Contingencia, "abierta")):
        valores = dict(db.session.execute(select(tabla.__table__)).mappings().one())
        valores.pop("id")
        if tabla is Contingencia:
            valores["inicio"] = AHORA - timedelta(days=1)
        with pytest.raises(Exception, match=f"uq_.*(vigente|abierta)|{indice}"), transaccion():
            db.session.add(tabla(**valores))
