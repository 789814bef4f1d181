"""A run in steps: it stops, goes on, races and grows old, and the account is always that of one go."""

import threading
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update

from portal.db import db, transaccion
from portal.dominio.errores import DatoInvalido, TransicionNoPermitida
from portal.models import Bitacora, EstadoSimulacion, PropuestaIndicador, Simulacion
from portal.models.normativa import ValorIndicador
from portal.operaciones import simulaciones, tramos
from portal.operaciones.simulaciones import SinSimular
from portal.operaciones.tramos import SimulacionVieja
from tests.operaciones.test_carreras import a_la_vez
from tests.propuestas import AHORA, cuenta, editar, proponer, publicar, retirar
from tests.simulaciones import iniciar, leer, pasada, paso, terminar

# Its past assessments are made by hand, without their history.
pytestmark = pytest.mark.descuadra


@pytest.fixture
def propuesta(app: Flask) -> int:
    return proponer(cuenta())


def varias(cuantas: int) -> None:
    for n in range(cuantas):
        pasada("SC-01" if n % 2 else "SC-02")


def una(numero: int) -> PropuestaIndicador:
    return db.session.get_one(PropuestaIndicador, numero)


def test_el_resultado_es_el_de_las_liquidaciones_vigentes_del_ano_anterior(propuesta: int) -> None:
    pasada("SC-01")
    pasada("SC-01", fecha_causacion=date(2025, 12, 31))
    pasada("SC-01", fecha_causacion=date(2027, 1, 1))
    pasada("SC-01", vigente=False)
    pasada("N-SC-01", departamento="narino")
    hecha = terminar(iniciar(propuesta))
    resultado = simulaciones.resultado_de(hecha)
    assert (hecha.total, hecha.procesadas, resultado.liquidaciones, hecha.por_ciento) == (1, 1, 1, 100)
    # One UVT of 2026, 52.374, and of the draft, 55.000.
    suya = resultado.estampillas["PRO_DESARROLLO"]
    assert (suya.antes, suya.despues) == (Decimal(52000), Decimal(55000))
    assert "PRO_DESARROLLO" in {fila.estampilla for fila in simulaciones.tarifas_de(hecha)}
    acciones = db.session.scalars(select(Bitacora.accion).where(Bitacora.objeto == f"propuesta:{propuesta}"))
    assert set(acciones) >= {"simulacion_iniciada", "simulacion_terminada"}


def test_lo_que_se_guarda_no_dice_de_quien_es(propuesta: int) -> None:
    pasada("SC-01", documento="79456123", nombre="Persona de Prueba")
    pasada("NO-EXISTE", documento="79456123", nombre="Persona de Prueba")
    hecha = terminar(iniciar(propuesta))
    guardado = f"{hecha.resultado}{hecha.tarifas}"
    assert "NO-EXISTE" in guardado
    assert "79456123" not in guardado
    assert "Persona" not in guardado


@pytest.mark.parametrize("pagina", [1, 3, 4, 100])
def test_por_pasos_da_lo_mismo_que_de_una_vez(propuesta: int, pagina: int) -> None:
    varias(8)
    de_una = simulaciones.resultado_de(terminar(iniciar(propuesta)))
    por_pasos = terminar(iniciar(propuesta), pagina)
    assert simulaciones.resultado_de(por_pasos) == de_una
    assert (por_pasos.procesadas, por_pasos.total) == (8, 8)


def test_en_dos_procesos_da_lo_mismo(propuesta: int) -> None:
    varias(9)
    de_una = simulaciones.resultado_de(terminar(iniciar(propuesta)))
    numero = iniciar(propuesta)
    for tramo in tramos.calcular_en_procesos(leer(numero), 2, pagina=2):
        with transaccion():
            assert tramos.guardar(tramo, ahora=AHORA)
    assert leer(numero).termino
    assert simulaciones.resultado_de(leer(numero)) == de_una


def test_si_se_cae_entre_dos_pasos_sigue_donde_iba(propuesta: int) -> None:
    varias(6)
    numero = iniciar(propuesta)
    assert paso(numero, 2)

    def caer() -> None:
        with transaccion():
            tramos.guardar(tramos_siguiente, ahora=AHORA)
            raise KeyboardInterrupt

    tramos_siguiente = tramos.calcular(leer(numero), segundos=0, pagina=2)
    with pytest.raises(KeyboardInterrupt):
        caer()
    assert (leer(numero).procesadas, leer(numero).por_ciento) == (2, 33)
    assert iniciar(propuesta) == numero, "the same run goes on"
    hecha = terminar(numero, 2)
    assert (hecha.procesadas, simulaciones.resultado_de(hecha).liquidaciones) == (6, 6)


def test_el_mismo_paso_dos_veces_cuenta_una(propuesta: int) -> None:
    varias(4)
    numero = iniciar(propuesta)
    tramo = tramos.calcular(leer(numero), segundos=0, pagina=2)
    guardados = []
    for _ in range(2):
        with transaccion():
            guardados.append(tramos.guardar(tramo, ahora=AHORA))
    assert guardados == [True, False]
    assert leer(numero).procesadas == 2


def test_dos_pestanas_a_la_vez_no_cuentan_nada_dos_veces(app: Flask, propuesta: int) -> None:
    varias(6)
    numero = iniciar(propuesta)
    todas = threading.Barrier(4)

    def pestana() -> None:
        tramo = tramos.calcular(leer(numero), segundos=0, pagina=3)
        todas.wait(timeout=30)
        with transaccion():
            tramos.guardar(tramo, ahora=AHORA)

    assert a_la_vez(app, [pestana] * 4) == []
    assert leer(numero).procesadas == 3
    assert simulaciones.resultado_de(terminar(numero, 3)).liquidaciones == 6


def test_control_sin_la_marca_dos_pestanas_cuentan_dos_veces(app: Flask, propuesta: int) -> None:
    """The usual mistake: add to what was read before, whoever else was adding."""
    varias(6)
    numero = iniciar(propuesta)
    todas = threading.Barrier(2)

    def ingenua() -> None:
        tramo = tramos.calcular(leer(numero), segundos=0, pagina=3)
        todas.wait(timeout=30)
        with transaccion():
            orden = update(Simulacion).where(Simulacion.id == numero)
            db.session.execute(orden.values(procesadas=Simulacion.procesadas + tramo.leidas))

    assert a_la_vez(app, [ingenua] * 2) == []
    assert leer(numero).procesadas == 6, "the control must show the doubling, else the race test proves nothing"


def test_de_dos_inicios_a_la_vez_queda_uno(app: Flask, propuesta: int) -> None:
    varias(2)
    db.session.rollback()
    assert a_la_vez(app, [lambda: iniciar(propuesta) and None] * 6) == []
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Simulacion)) == 1


def test_control_sin_el_indice_cabrian_dos_en_curso(propuesta: int) -> None:
    varias(2)
    primera = leer(iniciar(propuesta))
    copia = {c.key: getattr(primera, c.key) for c in Simulacion.__table__.columns if c.key != "id"}

    def forzar() -> None:
        with transaccion():
            db.session.add(Simulacion(**copia))

    with pytest.raises(Exception, match=r"uq_simulacion_en_curso|simulacion\.propuesta_id"):
        forzar()
    with transaccion():
        db.session.execute(text("DROP INDEX uq_simulacion_en_curso"))
    forzar()


def test_si_la_propuesta_cambia_la_simulacion_ya_no_vale(propuesta: int) -> None:
    varias(3)
    numero = iniciar(propuesta)
    assert paso(numero, 2)
    tramo = tramos.calcular(leer(numero), segundos=0, pagina=2)
    editar(propuesta, cuenta(), valor=Decimal(56000))
    with pytest.raises(SimulacionVieja, match="La propuesta cambió"), transaccion():
        tramos.guardar(tramo, ahora=AHORA)
    with pytest.raises(SimulacionVieja, match="La propuesta cambió"):
        paso(numero)
    otra = iniciar(propuesta)
    assert (otra != numero, leer(numero).estado) == (True, EstadoSimulacion.ABANDONADA)
    assert simulaciones.motivo_de_vieja(terminar(otra), una(propuesta)) == ""


def test_si_se_publican_otras_normas_la_simulacion_ya_no_vale(propuesta: int) -> None:
    varias(1)
    hecha = terminar(iniciar(propuesta))
    assert simulaciones.vigente_de("cundinamarca", una(propuesta)) is not None
    smmlv = {"codigo": "SMMLV", "valor": Decimal(1_900_000)}
    publicar(proponer(cuenta(), **smmlv), cuenta())
    assert "otras normas" in simulaciones.motivo_de_vieja(leer(hecha.id), una(propuesta))
    assert simulaciones.vigente_de("cundinamarca", una(propuesta)) is None


def test_lo_que_ya_se_publico_conserva_su_simulacion(propuesta: int) -> None:
    varias(1)
    hecha = terminar(iniciar(propuesta))
    publicar(propuesta, cuenta())
    assert simulaciones.motivo_de_vieja(leer(hecha.id), una(propuesta)) == ""
    with pytest.raises(TransicionNoPermitida, match="por publicar"):
        iniciar(propuesta)


def test_lo_que_se_retira_a_mitad_no_sigue(propuesta: int) -> None:
    varias(3)
    numero = iniciar(propuesta)
    retirar(propuesta, cuenta())
    with pytest.raises(SimulacionVieja, match="ya terminó"):
        paso(numero)


def test_sin_liquidaciones_termina_enseguida_con_las_tarifas_fijas(propuesta: int) -> None:
    hecha = leer(iniciar(propuesta))
    assert (hecha.termino, hecha.total, len(hecha.tarifas)) == (True, 0, 70)
    assert not simulaciones.hay_que_simular("cundinamarca", una(propuesta))
    assert simulaciones.efecto_de("cundinamarca", una(propuesta)).simulacion is not None


def test_publicar_sin_simular_pide_confirmarlo(propuesta: int) -> None:
    def exigir(*, sin_simular: bool = False, version: int = 1) -> None:
        simulaciones.exigir_simulacion("cundinamarca", una(propuesta), version=version, sin_simular=sin_simular)

    exigir()
    assert len(simulaciones.efecto_de("cundinamarca", una(propuesta)).tarifas) == 70
    varias(1)
    assert simulaciones.efecto_de("cundinamarca", una(propuesta)).falta_simular
    with pytest.raises(SinSimular, match="Nadie ha simulado"):
        exigir()
    exigir(sin_simular=True)
    exigir(version=7)
    numero = iniciar(propuesta)
    with pytest.raises(SinSimular):
        exigir()
    terminar(numero)
    exigir()
    editar(propuesta, cuenta(), valor=Decimal(56000))
    with pytest.raises(SinSimular):
        exigir(version=2)


def test_una_propuesta_que_ya_no_cabe_no_se_simula(propuesta: int) -> None:
    dias = {"desde": date(2027, 1, 1), "hasta": date(2027, 12, 31)}
    with transaccion():
        fila = {"departamento": "", "codigo": "UVT", "origen": "indicadores.toml", "acto": "Otra", "comprobacion": ""}
        db.session.add(ValorIndicador(**fila, **dias, valor=Decimal(54000), acto_fecha=None))
    with pytest.raises(DatoInvalido, match="Ya hay un valor publicado"):
        iniciar(propuesta)
    assert simulaciones.efecto_de("cundinamarca", una(propuesta)).tarifas == []
