"""A file has no place for supports: its dry run asks for the recognitions that its rows need, and what passes it is issued."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskCliRunner

from portal.models import Usuario
from portal.operaciones import reconocimientos
from portal.operaciones.lotes.archivo import leer_tabla
from portal.operaciones.lotes.importacion import EN_PANTALLA, LoteCambio, LoteConErrores, ensayar
from portal.operaciones.lotes.simulacro import Regimen, Simulacro
from portal.operaciones.reconocimientos import Alcance
from tests.conftest import AHORA, crear_cuenta
from tests.encargos import HOY, oficial
from tests.lotes import CUNDINAMARCA, csv_de, de_eps, emitidas, importar_archivo
from tests.reconocimientos import ALCANCE, TRANSPORTE, reconocer, revocar
from tests.web.pantallas_de_liquidar import instalar

FALTA = (
    "«EPS, con destino a la salud» se aplica solo con un reconocimiento, y este contratista no tiene uno vigente el "
    "3 de febrero de 2025. Regístrelo en Reconocimientos y revise de nuevo; o corrija los datos si no le corresponde."
)
DE_OTRA_ENTIDAD = {"hechos.entidad.clase": "sector_central", "hechos.acto.finalidad": ""}


@pytest.fixture
def rentas(app: Flask) -> Usuario:
    return oficial()


def probar(filas: list[dict[str, Any]], regimen: Regimen = CUNDINAMARCA) -> Simulacro:
    return ensayar(leer_tabla(csv_de(filas), EN_PANTALLA), regimen=regimen, hoy=HOY)


def errores_de(filas: list[dict[str, Any]]) -> list[str]:
    return [str(error) for error in probar(filas).errores]


def test_lo_que_pasa_el_simulacro_se_emite_y_lo_que_no_se_dice_por_fila_y_regla(rentas: Usuario) -> None:
    filas = [de_eps("1"), de_eps("2") | DE_OTRA_ENTIDAD, de_eps("3")]
    assert errores_de(filas) == [f"Fila {n}, regla C-EX-04: {FALTA}" for n in (2, 4)]
    with pytest.raises(LoteConErrores) as dicho:
        importar_archivo(csv_de(filas), rentas, regimen=CUNDINAMARCA)
    assert [error.regla for error in dicho.value.errores] == ["C-EX-04", "C-EX-04"]
    assert emitidas() == []
    uno = reconocer(rentas)
    hecho = probar(filas)
    assert (hecho.errores, hecho.total) == ([], 4_081_000), "only the second one pays"
    assert not any("confirmar" in aviso for aviso in hecho.avisos), "the recognition on record answers it"
    assert importar_archivo(csv_de(filas), rentas, regimen=CUNDINAMARCA, visto=hecho.huella).nuevas == 3
    usados = [{r.id for f in una.facturas for r in f.reconocimientos} for una in emitidas()]
    assert usados == [{uno.id}, set(), {uno.id}]


@pytest.mark.parametrize(
    "cambios",
    [
        {"alcance": Alcance("NIT", "860069804", "EPS DE PRUEBA", "2", 2025)},
        {"alcance": Alcance("NIT", "901805364", "OTRA EPS")},
        {"desde": date(2025, 2, 4)},
        {"hasta": date(2025, 2, 2)},
    ],
    ids=["de otro contrato", "de otro contratista", "posterior", "vencido"],
)
@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
def test_uno_que_no_cubre_el_contrato_no_sirve(rentas: Usuario, cambios: dict[str, Any]) -> None:
    reconocer(rentas, **cambios)
    assert errores_de([de_eps("1")]) == [f"Fila 2, regla C-EX-04: {FALTA}"]


@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
def test_el_de_ese_contrato_sirve(rentas: Usuario) -> None:
    reconocer(rentas, alcance=replace(ALCANCE, numero_contrato="1", vigencia_contrato=2025))
    assert errores_de([de_eps("1")]) == []


@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
def test_la_fecha_que_no_es_la_del_documento_se_dice_en_su_columna(rentas: Usuario) -> None:
    reconocer(rentas, TRANSPORTE)
    de_transporte = de_eps("1") | {
        "hechos.entidad.clase": "",
        "hechos.acto.finalidad": "",
        "hechos.contrato.objeto": "infraestructura_transporte",
        "hechos.proyecto.estrategico": "Sí",
        "hechos.reconocimiento.otorgado": "Sí",
        "hechos.reconocimiento.fecha": "2024-03-01",
    }
    (error,) = errores_de([de_transporte])
    assert error.startswith("Fila 2, columna Q (hechos.reconocimiento.fecha): ")
    assert "es del 29 de febrero de 2024" in error
    assert errores_de([de_transporte | {"hechos.reconocimiento.fecha": "29/02/2024"}]) == []


@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
def test_lo_que_ya_se_liquido_no_vuelve_a_pedirlo(rentas: Usuario) -> None:
    uno = reconocer(rentas)
    importar_archivo(csv_de([de_eps("1")]), rentas, regimen=CUNDINAMARCA)
    revocar(uno.id, rentas)
    hecho = probar([de_eps("1")])
    assert (hecho.errores, hecho.nuevos, len(hecho.contratos)) == ([], [], 1)


def test_si_lo_revocan_despues_de_revisar_se_vuelve_a_mostrar(rentas: Usuario) -> None:
    uno = reconocer(rentas)
    visto = probar([de_eps("1")]).huella
    revocar(uno.id, rentas)
    with pytest.raises(LoteCambio) as dicho:
        importar_archivo(csv_de([de_eps("1")]), rentas, regimen=CUNDINAMARCA, visto=visto)
    assert [error.regla for error in dicho.value.simulacro.errores] == ["C-EX-04"]
    assert emitidas() == []


def test_si_lo_revocan_mientras_se_importa_no_se_emite_ninguna(
    rentas: Usuario, monkeypatch: pytest.MonkeyPatch
) -> None:
    reconocer(rentas)
    monkeypatch.setattr(reconocimientos, "sujetar", lambda _: False)
    with pytest.raises(LoteConErrores) as dicho:
        importar_archivo(csv_de([de_eps("1")]), rentas, regimen=CUNDINAMARCA)
    assert "Falta el reconocimiento de la regla C-EX-04" in str(dicho.value.errores[0])
    assert emitidas() == []


@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
def test_la_orden_los_pide_tambien(app: Flask, runner: FlaskCliRunner, tmp_path: Path) -> None:
    instalar(app, "cundinamarca")
    archivo = tmp_path / "contratos.csv"
    archivo.write_bytes(csv_de([de_eps("1")]))
    with time_machine.travel(AHORA, tick=True):
        cuenta = crear_cuenta("rentas")
        hecho = runner.invoke(args=["liquidaciones", "importar", str(archivo)])
        assert (hecho.exit_code, hecho.stderr.splitlines()[0]) == (1, f"Fila 2, regla C-EX-04: {FALTA}")
        reconocer(cuenta)
        hecho = runner.invoke(args=["liquidaciones", "importar", str(archivo)])
        assert hecho.exit_code == 0, hecho.output
        assert "Se emitirían 1, por $0." in hecho.stdout
