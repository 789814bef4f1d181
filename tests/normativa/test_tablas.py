"""The tables on both engines: loading is idempotent, what was used never moves, and the engine reads from them."""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from portal.config import departamentos
from portal.db import db, transaccion
from portal.dominio.errores import NoExiste
from portal.dominio.liquidador import Solicitud, liquidar
from portal.models.normativa import TABLAS, Tarifa
from portal.operaciones import normativa
from portal.operaciones.archivos_normativa import CARPETA, normativa_de_archivos
from portal.operaciones.normativa import Resumen
from tests.fabricas import liquidacion
from tests.normativa.inventado import con_macondo, normativa_de_macondo


@pytest.fixture
def carpeta(tmp_path: Path) -> Path:
    """A copy of the shipped rules, to be changed."""
    return Path(shutil.copytree(CARPETA, tmp_path / "normativa"))


def cambiar(archivo: Path, viejo: str, nuevo: str) -> None:
    texto = archivo.read_text(encoding="utf-8")
    assert viejo in texto
    archivo.write_text(texto.replace(viejo, nuevo, 1), encoding="utf-8")


def cargar(carpeta: Path = CARPETA) -> Resumen:
    with transaccion():
        return normativa.cargar(carpeta)


def tarifa_de_udec() -> Tarifa:
    consulta = select(Tarifa).where(Tarifa.departamento == "cundinamarca", Tarifa.codigo == "UDEC/con_cuantia/*")
    return db.session.scalars(consulta.execution_options(populate_existing=True)).one()


def test_cargar_otra_vez_no_cambia_nada(app: Flask) -> None:
    resumen = cargar()
    assert (resumen.nuevas, resumen.actualizadas, resumen.conservadas, resumen.ausentes) == (0, [], [], [])
    assert resumen.iguales > 400


@pytest.mark.parametrize("departamento", departamentos())
def test_las_tablas_dan_la_misma_normativa_que_los_archivos(app: Flask, departamento: str) -> None:
    guardada, enviada = normativa.normativa_de(departamento), normativa_de_archivos(departamento)
    assert (guardada.actos, guardada.estampillas) == (enviada.actos, enviada.estampillas)
    assert (guardada.reglas, guardada.hechos, guardada.redondeos) == (enviada.reglas, enviada.hechos, enviada.redondeos)
    assert (guardada.tarifas, guardada.valores) == (enviada.tarifas, enviada.valores)


def test_lo_cargado_no_se_contradice(app: Flask) -> None:
    assert normativa.verificar() == []


def test_un_departamento_sin_normas_se_dice(app: Flask) -> None:
    with pytest.raises(NoExiste, match="normativa cargar"):
        normativa.normativa_de("ninguno")


def test_dice_que_indicadores_faltan(app: Flask) -> None:
    assert normativa.indicadores_sin_valor("narino", date(2025, 6, 1)) == []
    assert set(normativa.indicadores_sin_valor("narino", date(2027, 1, 1))) == {
        "SMMLV",
        "valor de Pro Cultura sin cuantía",
    }
    assert normativa.indicadores_sin_valor("putumayo", date(2027, 1, 1)) == []


def test_una_correccion_entra_mientras_nadie_la_haya_usado(app: Flask, carpeta: Path) -> None:
    cambiar(carpeta / "cundinamarca/estampillas/udec.toml", 'valor = "1.5"', 'valor = "1.4"')
    resumen = cargar(carpeta)
    assert resumen.actualizadas == ["tarifa cundinamarca UDEC/con_cuantia/* desde 2021-01-01 (valor)"]
    assert tarifa_de_udec().valor == "1.4"


def test_lo_que_una_liquidacion_uso_no_se_reescribe(app: Flask, carpeta: Path) -> None:
    liquidacion(departamento="cundinamarca", fecha_causacion=date(2025, 3, 3))
    cambiar(carpeta / "cundinamarca/estampillas/udec.toml", 'valor = "1.5"', 'valor = "1.4"')
    resumen = cargar(carpeta)
    assert resumen.conservadas == ["tarifa cundinamarca UDEC/con_cuantia/* desde 2021-01-01 (valor)"]
    assert tarifa_de_udec().valor == "1.5"


def test_una_ordenanza_nueva_cierra_la_fila_usada_y_abre_otra(app: Flask, carpeta: Path) -> None:
    liquidacion(departamento="cundinamarca", fecha_causacion=date(2025, 3, 3))
    archivo = carpeta / "cundinamarca/estampillas/udec.toml"
    texto = archivo.read_text(encoding="utf-8")
    fila = "[[tarifa]]" + texto.split("[[tarifa]]")[1]
    cerrada = fila.replace("desde = 2021-01-01", "desde = 2021-01-01\nhasta = 2026-06-30")
    nueva = fila.replace("desde = 2021-01-01", "desde = 2026-07-01").replace('"1.5"', '"1.2"')
    archivo.write_text(texto.replace(fila, cerrada + nueva), encoding="utf-8")
    resumen = cargar(carpeta)
    assert (resumen.nuevas, resumen.conservadas) == (1, [])
    assert resumen.actualizadas == ["tarifa cundinamarca UDEC/con_cuantia/* desde 2021-01-01 (hasta)"]
    assert normativa.verificar() == []


def test_cerrar_una_fila_antes_de_una_liquidacion_se_rehusa(app: Flask, carpeta: Path) -> None:
    liquidacion(departamento="cundinamarca", fecha_causacion=date(2025, 3, 3))
    archivo = carpeta / "cundinamarca/estampillas/udec.toml"
    texto = archivo.read_text(encoding="utf-8")
    fila = texto.split("[[tarifa]]")[1]
    cerrada = fila.replace("desde = 2021-01-01", "desde = 2021-01-01\nhasta = 2025-03-02")
    archivo.write_text(texto.replace(fila, cerrada), encoding="utf-8")
    assert cargar(carpeta).conservadas == ["tarifa cundinamarca UDEC/con_cuantia/* desde 2021-01-01 (hasta)"]


def test_lo_que_desaparece_de_los_archivos_se_conserva_y_se_dice(app: Flask, carpeta: Path) -> None:
    (carpeta / "putumayo/estampillas/cultura.toml").unlink()
    resumen = cargar(carpeta)
    assert resumen.ausentes == [
        "estampilla putumayo CULTURA desde 2024-01-01",
        "tarifa putumayo CULTURA/P-C-02 desde 2024-01-01",
    ]
    assert len(normativa.normativa_de("putumayo").estampillas) == 6


def test_un_departamento_inventado_es_solo_datos(app: Flask, tmp_path: Path) -> None:
    """Brackets, limits, a surcharge, shares and a base without VAT go through the tables as they do through the files."""
    resumen = cargar(con_macondo(tmp_path / "normativa"))
    assert (resumen.actualizadas, resumen.conservadas, resumen.ausentes) == ([], [], [])
    assert normativa.verificar() == []
    guardada, enviada = normativa.normativa_de("macondo"), normativa_de_macondo()
    assert guardada == enviada
    hechos = {"contrato.iva": "0", "contrato.valor_anterior": "2000000000"}
    pedido = Solicitud(("M-C-01",), date(2025, 3, 3), Decimal(1_000_000_000), {}, hechos)
    assert [linea.valor for linea in liquidar(guardada, pedido).lineas] == [2_000_000, 20_000_000, 20_000_000]
    assert len(normativa.normativa_de("narino").actos) == len(normativa_de_archivos("narino").actos)


def test_cada_tabla_tiene_filas(app: Flask) -> None:
    # The documents at hand share out nothing: docs/normativa.md says so.
    for nombre in TABLAS.keys() - {"reparto"}:
        assert db.session.scalar(select(TABLAS[nombre]).limit(1)) is not None
