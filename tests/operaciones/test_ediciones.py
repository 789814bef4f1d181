"""Rules kept by a process: they change with their edition, and not under the feet of who is issuing."""

import threading
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.db import db, transaccion
from portal.dominio.vigencia import ValorIndicador as Valor
from portal.models import Liquidacion, Usuario
from portal.models.normativa import ValorIndicador
from portal.operaciones import liquidaciones, normativa
from portal.operaciones.liquidaciones import CifrasCambiaron
from portal.operaciones.normativa import normativa_de, nueva_edicion
from tests.bases import contando
from tests.encargos import emitir, encargo_tramite, oficial
from tests.operaciones.test_carreras import a_la_vez

HOY = date(2026, 6, 24)


def uvt() -> Valor:
    db.session.rollback()
    return normativa_de("cundinamarca").valor_indicador("UVT", HOY)


def cambiar_uvt(valor: int) -> None:
    """What a publication does to the tables, in the transaction that is open."""
    db.session.execute(
        update(ValorIndicador)
        .where(ValorIndicador.codigo == "UVT", ValorIndicador.desde == date(2026, 1, 1))
        .values(valor=Decimal(valor))
    )
    nueva_edicion()


def test_se_leen_una_vez_mientras_nadie_publique(app: Flask) -> None:
    assert normativa_de("narino") is normativa_de("narino")
    with transaccion():
        normativa.cargar()
    assert normativa_de("narino") is normativa_de("narino")


def test_emitir_pregunta_una_vez_por_la_edicion(app: Flask) -> None:
    rentas = oficial()
    emitir(encargo_tramite("SC-04"), rentas, departamento="cundinamarca", hoy=HOY)
    with contando() as ordenes:
        emitir(encargo_tramite("SC-04"), rentas, departamento="cundinamarca", hoy=HOY)
    assert len([orden for orden in ordenes if "edicion_normativa" in orden]) == 1


def test_lo_publicado_se_ve_enseguida(app: Flask) -> None:
    antes = uvt().valor
    with transaccion():
        cambiar_uvt(60000)
    assert (antes, uvt().valor) == (Decimal(52374), Decimal(60000))


def test_control_quien_cambia_una_fila_sin_nueva_edicion_no_se_nota(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    antes = uvt().valor
    monkeypatch.setitem(globals(), "nueva_edicion", lambda: None)
    with transaccion():
        cambiar_uvt(60000)
    assert uvt().valor == antes


def test_lo_que_se_deshace_no_queda_guardado(app: Flask) -> None:
    def deshecha(valor: int) -> None:
        with transaccion():
            cambiar_uvt(valor)
            assert normativa_de("cundinamarca").valor_indicador("UVT", HOY).valor == valor
            raise ZeroDivisionError

    for valor in (60000, 61000):
        with pytest.raises(ZeroDivisionError):
            deshecha(valor)
        assert uvt().valor == Decimal(52374)


def test_una_publicacion_a_medias_no_se_guarda(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process publishes between two of the queries that read the rules."""
    leer, veces = normativa.filas_de, []

    def leer_y_publicar(departamento: str) -> Any:
        leida = leer(departamento)
        veces.append(departamento)
        if len(veces) == 1:
            monkeypatch.setattr(normativa, "edicion_actual", lambda: "otra")
        return leida

    monkeypatch.setattr(normativa, "filas_de", leer_y_publicar)
    with transaccion():
        nueva_edicion()
    normativa_de("narino")
    assert len(veces) == 2


def test_no_se_emite_por_un_total_que_el_oficial_no_vio(app: Flask) -> None:
    rentas = oficial()
    visto = emitir(encargo_tramite("SC-04"), rentas, departamento="cundinamarca", hoy=HOY).total
    with transaccion():
        cambiar_uvt(60000)
    with pytest.raises(CifrasCambiaron):
        emitir(encargo_tramite("SC-04"), rentas, departamento="cundinamarca", hoy=HOY, total_visto=visto)
    assert len(db.session.scalars(select(Liquidacion.id)).all()) == 1


def _publicar_mientras_se_emite(app: Flask, monkeypatch: pytest.MonkeyPatch) -> tuple[bool, list[Exception]]:
    """Whether the publication was over before the assessment that had already read its rules was written."""
    rentas, leyo, publicado = oficial().id, threading.Event(), threading.Event()
    calcular, antes = liquidaciones.previsualizar, []

    def con_pausa(*datos: Any, **opciones: Any) -> Any:
        previa = calcular(*datos, **opciones)
        leyo.set()
        antes.append(publicado.wait(timeout=2))
        return previa

    monkeypatch.setattr(liquidaciones, "previsualizar", con_pausa)

    def liquidar() -> None:
        emitir(encargo_tramite("SC-04"), db.session.get_one(Usuario, rentas), departamento="cundinamarca", hoy=HOY)

    def publicar() -> None:
        assert leyo.wait(timeout=30)
        with transaccion():
            cambiar_uvt(60000)
        publicado.set()

    errores = a_la_vez(app, [liquidar, publicar])
    assert publicado.is_set()
    return antes[0], errores


def test_quien_publica_espera_a_quien_esta_emitiendo(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _publicar_mientras_se_emite(app, monkeypatch) == (False, [])


def test_control_sin_el_candado_se_emite_con_normas_que_ya_no_rigen(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    if db.engine.dialect.name == "sqlite":
        # Its one writer is a lock of its own: who reads the rules before taking it is the careless one.
        monkeypatch.setattr(liquidaciones, "normativa_en_firme", lambda _, vieja=normativa_de("cundinamarca"): vieja)
        rentas = oficial()
        visto = emitir(encargo_tramite("SC-04"), rentas, departamento="cundinamarca", hoy=HOY).total
        with transaccion():
            cambiar_uvt(60000)
        otra = emitir(encargo_tramite("SC-04"), rentas, departamento="cundinamarca", hoy=HOY, total_visto=visto)
        assert otra.total == visto
        return
    monkeypatch.setattr(liquidaciones, "normativa_en_firme", normativa_de)
    assert _publicar_mientras_se_emite(app, monkeypatch) == (True, [])
