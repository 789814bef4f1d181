"""The screens of the daily close, the report and their commands."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskCliRunner
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from portal.db import db, transaccion
from portal.dominio.casos import ClaseCaso
from portal.dominio.estados import EstadoPago
from portal.models import Caso, Cierre, MovimientoPasarela
from portal.models.usuario import Rol
from portal.operaciones.resultados import Causa, aplicar_resultado
from portal.pasarelas.base import EstadoPasarela
from tests import fabricas
from tests.cierres import AHORA, CUENTA, DIA, ESPERA, en_el_banco, llega_al_banco, pagado, respuesta_de
from tests.conftest import ingresar
from tests.navegador_de_pruebas import ClienteEstricto
from tests.pasarela_guion import PasarelaGuion, PasarelaNoDisponible

LISTA = "/gestion/tesoreria/cierre"
EL_DIA = f"{LISTA}/{CUENTA}/{DIA}"


@pytest.fixture
def _manana() -> Iterator[None]:
    """The day after: the day of the tests has ended."""
    with time_machine.travel(AHORA + timedelta(days=1), tick=True):
        yield


@pytest.fixture
def pasarela(app: Flask) -> PasarelaGuion:
    guion = PasarelaGuion()
    app.extensions["pasarela"] = guion
    return guion


def firmar(client: ClienteEstricto, visto: str | None = None) -> int:
    if visto is None:
        visto = client.get(EL_DIA).text.split('name="visto" value="')[1].split('"')[0]
    return client.enviar(f"{EL_DIA}/firmar", {"visto": visto}, EL_DIA).status_code


@pytest.mark.usefixtures("_manana")
def test_tesoreria_ve_el_mes_firma_un_dia_y_lo_reabre(client: ClienteEstricto) -> None:
    unos = [pagado(), pagado()]
    llega_al_banco(unos)
    ingresar(client, "tesoreria")
    mes = client.get(f"{LISTA}?mes={DIA:%Y-%m}").text
    assert "Cuentas de demostración." in mes
    assert f"{LISTA}/{CUENTA}/{DIA}" in mes
    pagina = client.get(EL_DIA).text
    assert all(x in pagina for x in ("Abierto", "Cuadrado", "$18.000", "2 líneas", unos[0].referencia, "•••• 0001"))
    assert firmar(client) == 303
    pagina = client.get(EL_DIA).text
    assert all(x in pagina for x in ("Firmado", "Huella", "Cuenta de tesorería", "Reabrir"))
    assert "Firmar el día" not in pagina
    assert client.enviar(f"{EL_DIA}/reabrir", {"motivo": ""}, f"{EL_DIA}/reabrir").status_code == 422
    assert client.enviar(f"{EL_DIA}/reabrir", {"motivo": "Faltó una línea"}, f"{EL_DIA}/reabrir").status_code == 303
    pagina = client.get(EL_DIA).text
    assert all(x in pagina for x in ("Reabierto", "Faltó una línea", "Firmar el día"))
    assert client.get(f"{EL_DIA}/reabrir").status_code == 303


@pytest.mark.usefixtures("_manana")
def test_lo_que_llego_despues_se_grita_en_la_lista_y_en_el_dia(client: ClienteEstricto) -> None:
    pagado()
    ingresar(client, "tesoreria")
    assert firmar(client) == 303
    pagado()
    assert "pide reabrirse" in client.get(f"{LISTA}?mes={DIA:%Y-%m}").text
    assert "Llegó algo después de firmar" in client.get(EL_DIA).text


@pytest.mark.usefixtures("_manana")
def test_quien_firma_lo_que_ya_cambio_lo_ve_de_nuevo(client: ClienteEstricto) -> None:
    pagado()
    ingresar(client, "tesoreria")
    assert firmar(client, visto="otra cosa") == 409
    assert db.session.scalar(select(Cierre.id)) is None


def test_hoy_no_se_firma(client: ClienteEstricto) -> None:
    pagado()
    ingresar(client, "tesoreria")
    pagina = client.get(EL_DIA).text
    assert "El día no ha terminado" in pagina
    assert 'name="visto"' not in pagina
    assert firmar(client, visto="x") == 409


@pytest.mark.parametrize("rol", [Rol.AUDITOR, Rol.ADMINISTRADOR])
@pytest.mark.usefixtures("_manana")
def test_quien_mira_no_firma(client: ClienteEstricto, rol: Rol) -> None:
    pagado()
    ingresar(client, rol.value)
    assert "Firmar el día" not in client.get(EL_DIA).text
    assert client.enviar(f"{EL_DIA}/firmar", {"visto": "x"}).status_code == 403
    assert client.get(f"{EL_DIA}/reabrir").status_code == 403


@pytest.mark.parametrize("direccion", ["ninguna/2026-01-02", f"{CUENTA}/2026-02-30", f"{CUENTA}/ayer", "creditos/999"])
def test_un_dia_o_una_cuenta_que_no_existen(client: ClienteEstricto, direccion: str) -> None:
    ingresar(client, "auditor")
    assert client.get(f"{LISTA}/{direccion}").status_code == 404


@pytest.mark.parametrize("mes", ["", "2026-13", "enero", "2999-01", "2024-02"])
def test_cualquier_mes_de_la_direccion_da_una_pagina(client: ClienteEstricto, mes: str) -> None:
    ingresar(client, "auditor")
    assert client.get(f"{LISTA}?mes={mes}").status_code == 200


def test_el_credito_muestra_su_reparto_y_suma_lo_pagado(client: ClienteEstricto) -> None:
    uno = pagado((4000, 5000), valor=8999)
    ingresar(client, "tesoreria")
    db.session.refresh(uno)
    pagina = client.get(f"{LISTA}/creditos/{uno.recaudos[0].id}").text
    assert all(x in pagina for x in ("Es un solo débito", "espera en Tesorería", "$8.999"))
    otro = pagado()
    db.session.refresh(otro)
    pagina = client.get(f"{LISTA}/creditos/{otro.recaudos[0].id}").text
    assert all(x in pagina for x in ("$4.000", "$5.000", "$9.000", "Recaudo de estampillas"))


def hojas(client: ClienteEstricto, direccion: str) -> dict[str, list[list[object]]]:
    respuesta = client.get(direccion)
    assert respuesta.status_code == 200
    libro = CalamineWorkbook.from_filelike(io.BytesIO(respuesta.data))
    return {nombre: libro.get_sheet_by_name(nombre).to_python() for nombre in libro.sheet_names}


def test_el_libro_del_dia_trae_cada_renglon(client: ClienteEstricto) -> None:
    uno = pagado()
    en_el_banco("de nadie", 777, dia=DIA)
    ingresar(client, "auditor")
    libro = hojas(client, f"{EL_DIA}/cierre.xlsx")
    assert libro["Cifras"][-1] == ["Total", 1, 9000, 1, 9000, 1, 777]
    assert [(f[0], f[1], f[4]) for f in libro["Renglones"][1:]] == [
        ("En tránsito", uno.referencia, "pse"),
        ("Solo en el banco", "de nadie", "pse"),
    ]


def conciliar(runner: FlaskCliRunner, *opciones: str) -> tuple[int, str]:
    hecho = runner.invoke(args=["pagos", "conciliar", "--dia", str(DIA), *opciones])
    return hecho.exit_code, hecho.output


def test_conciliar_guarda_lo_que_dice_la_pasarela_y_no_repite(runner: FlaskCliRunner, pasarela: PasarelaGuion) -> None:
    uno = pagado(confirmado=False)
    pasarela.sesiones[str(uno.id_pasarela)] = respuesta_de(uno)
    assert conciliar(runner)[0] == 0
    fila = db.session.scalars(select(MovimientoPasarela)).one()
    assert (fila.estado, fila.valor, fila.dia) == ("aprobado", 9000, DIA)
    assert "0 pagos por preguntar" in conciliar(runner)[1]
    assert conciliar(runner, "--de-nuevo")[0] == 0
    assert db.session.scalar(select(func.count(MovimientoPasarela.id))) == 1
    assert len(pasarela.preguntas) == 2


def test_conciliar_interrumpida_continua_con_los_que_faltan(runner: FlaskCliRunner, pasarela: PasarelaGuion) -> None:
    unos = [pagado(confirmado=False) for _ in range(3)]
    for uno in unos:
        pasarela.sesiones[str(uno.id_pasarela)] = respuesta_de(uno)
    mudo = str(unos[1].id_pasarela)
    pasarela.sesiones[mudo] = PasarelaNoDisponible()
    estado, salida = conciliar(runner)
    assert estado == 1
    assert "no respondió por 1" in salida
    pasarela.sesiones[mudo] = respuesta_de(unos[1])
    pasarela.preguntas.clear()
    assert conciliar(runner)[0] == 0
    assert pasarela.preguntas == [mudo]
    assert db.session.scalar(select(func.count(MovimientoPasarela.id))) == 3


def test_conciliar_aplica_la_aprobacion_tardia_de_un_pago_que_se_dio_por_no_hecho(
    runner: FlaskCliRunner, pasarela: PasarelaGuion
) -> None:
    uno = fabricas.pago(fabricas.liquidacion())
    with transaccion():
        rechazo = fabricas.respuesta(uno, EstadoPasarela.RECHAZADO, transaccion=None)
        aplicar_resultado(uno.id, rechazo, causa=Causa.SONDA, espera=ESPERA, ahora=AHORA)
    assert fabricas.estado_de(uno) is EstadoPago.RECHAZADO
    pasarela.sesiones[str(uno.id_pasarela)] = respuesta_de(uno)
    assert conciliar(runner)[0] == 0
    assert fabricas.estado_de(uno) is EstadoPago.APROBADO
    assert db.session.scalars(select(Caso.clase)).all() == [ClaseCaso.PAGO_TARDIO]


def test_conciliar_no_guarda_como_suya_la_respuesta_de_otro_pago(
    runner: FlaskCliRunner, pasarela: PasarelaGuion
) -> None:
    uno = pagado(confirmado=False)
    pasarela.sesiones[str(uno.id_pasarela)] = replace(respuesta_de(uno), referencia="OTRA")
    assert conciliar(runner)[0] == 0
    assert db.session.scalar(select(func.count(MovimientoPasarela.id))) == 0
    assert "0 pagos por preguntar" in conciliar(runner)[1]


def test_conciliar_descubre_lo_que_la_pasarela_devolvio(runner: FlaskCliRunner, pasarela: PasarelaGuion) -> None:
    uno = pagado(confirmado=False)
    dicha = respuesta_de(uno)
    devuelta = replace(dicha.transacciones[0], estado=EstadoPasarela.REVERTIDO)
    pasarela.sesiones[str(uno.id_pasarela)] = replace(dicha, transacciones=(devuelta,))
    assert conciliar(runner)[0] == 0
    assert db.session.scalars(select(MovimientoPasarela.estado)).all() == ["revertido"]
    assert db.session.scalars(select(Caso.clase)).all() == [ClaseCaso.REVERSION]


def test_conciliar_no_pregunta_por_lo_que_nunca_llego_a_la_pasarela_ni_por_otros_dias(
    runner: FlaskCliRunner, pasarela: PasarelaGuion
) -> None:
    fabricas.pago(fabricas.liquidacion(), enviado=False)
    pagado(confirmado=False)
    hecho = runner.invoke(args=["pagos", "conciliar", "--dia", str(DIA - timedelta(days=20)), "--dias", "2"])
    assert (hecho.exit_code, pasarela.preguntas) == (0, [])


@pytest.mark.usefixtures("_manana")
def test_la_orden_de_cierre_abre_casos_y_firma(runner: FlaskCliRunner, client: ClienteEstricto) -> None:
    pagado(confirmado=False)
    quien = ingresar(client, "tesoreria")
    hecho = runner.invoke(args=["pagos", "cierre"])
    assert hecho.exit_code == 0, hecho.output
    assert "1 nuevos" in hecho.output
    assert "Solo en el libro\t1 $9.000" in hecho.output
    mudo = runner.invoke(args=["pagos", "cierre", "--firmar"])
    assert (mudo.exit_code, "--cuenta" in mudo.output) == (1, True)
    orden = ["pagos", "cierre", "--dia", str(DIA), "--cuenta", CUENTA, "--firmar", "--usuario"]
    assert runner.invoke(args=[*orden, "nadie@demo.portal.test"]).exit_code == 1
    firmado = runner.invoke(args=[*orden, quien.correo])
    assert firmado.exit_code == 0, firmado.output
    assert "versión 1" in firmado.output
    assert db.session.scalars(select(Cierre.dia)).one() == DIA
    repetido = runner.invoke(args=[*orden, quien.correo])
    assert (repetido.exit_code, "ya está firmado" in repetido.output) == (1, True)
