"""What an administrator published survives the files, and the commands do the same as the screens."""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskCliRunner
from flask_migrate import downgrade, upgrade

from portal.db import db, transaccion
from portal.dominio.errores import DatoInvalido
from portal.models import CambioTarifa, Propuesta, Usuario
from portal.operaciones import normativa, propuestas
from portal.operaciones.archivos_normativa import CARPETA
from tests import fabricas
from tests.propuestas import AHORA, cuenta, proponer, proponer_tarifa, publicar

UVT_AJENA = """
[[valor]]
indicador = "UVT"
valor = "60000"
desde = 2027-01-01
hasta = 2027-12-31
acto = "Otra resolución"
"""


def cargar(carpeta: Path = CARPETA) -> normativa.Resumen:
    with transaccion():
        return normativa.cargar(carpeta)


def valores(codigo: str) -> list[tuple[date, date | None, Decimal]]:
    db.session.rollback()
    return [(v.desde, v.hasta, v.valor) for v in propuestas.valores_de(propuestas.indicador_de("narino", codigo))]


def test_cargar_no_deshace_el_corte_de_un_smmlv_publicado(app: Flask) -> None:
    numero = proponer(cuenta(), "SMMLV", desde=date(2026, 7, 1), hasta=date(2026, 12, 31), valor=Decimal(1800000))
    publicar(numero, cuenta())
    antes = valores("SMMLV")
    resumen = cargar()
    assert valores("SMMLV") == antes
    assert resumen.publicadas == ["valor_indicador nacional SMMLV desde 2026-02-19"]
    assert (resumen.nuevas, resumen.actualizadas, resumen.conservadas, resumen.ausentes) == (0, [], [], [])


def test_un_valor_nuevo_de_los_archivos_no_pisa_el_publicado(app: Flask, tmp_path: Path) -> None:
    publicar(proponer(cuenta()), cuenta())
    antes = valores("UVT")
    copia = tmp_path / "normativa"
    shutil.copytree(CARPETA, copia)
    with (copia / "indicadores.toml").open("a", encoding="utf-8") as archivo:
        archivo.write(UVT_AJENA)
    resumen = cargar(copia)
    assert valores("UVT") == antes
    assert resumen.publicadas == ["valor_indicador nacional UVT desde 2027-01-01"]
    assert normativa.verificar() == []


def test_control_sin_publicacion_los_archivos_mandan(app: Flask, tmp_path: Path) -> None:
    copia = tmp_path / "normativa"
    shutil.copytree(CARPETA, copia)
    with (copia / "indicadores.toml").open("a", encoding="utf-8") as archivo:
        archivo.write(UVT_AJENA)
    assert cargar(copia).nuevas == 1
    assert valores("UVT")[-1][2] == Decimal(60000)


def test_una_instalacion_anterior_recibe_lo_que_cada_indicador_dice(app: Flask) -> None:
    db.session.remove()
    downgrade(revision="001")
    upgrade()
    assert propuestas.indicador_de("narino", "SMMLV").ano_completo is True
    fabricas.liquidacion()
    cargar()
    dicen = {i.codigo: (i.ano_completo, bool(i.formula)) for i in propuestas.indicadores_de("narino")}
    assert dicen == {"UVT": (True, False), "SMMLV": (False, False), "PRO_CULTURA_SIN_CUANTIA": (True, True)}


def test_una_propuesta_de_antes_sigue_siendo_la_misma(app: Flask) -> None:
    """The migration moves what every draft has to the table of all of them, and numbers go on."""
    publicada, borrador = proponer(cuenta()), proponer(cuenta(), "SMMLV", valor=Decimal(1800000))
    publicar(publicada, cuenta())
    dichas = [_dicho(n) for n in (publicada, borrador)]
    db.session.remove()
    downgrade(revision="003")
    upgrade()
    assert [_dicho(n) for n in (publicada, borrador)] == dichas
    with pytest.raises(DatoInvalido, match="Ya hay un valor publicado"):
        proponer(cuenta())
    ano = {"desde": date(2026, 1, 1), "hasta": date(2026, 12, 31), "valor": Decimal(4400)}
    assert proponer(cuenta(), "PRO_CULTURA_SIN_CUANTIA", **ano) > borrador


def _dicho(numero: int) -> tuple[object, ...]:
    una = db.session.get_one(Propuesta, numero)
    return una.codigo, propuestas.datos_de(una), una.estado, una.version, una.autor_id, una.resuelta_por, una.escrita_en


TARIFA_AJENA = """
[[tarifa]]
acto = "SC-01"
clase = "sin_cuantia"
tipo = "unidades"
valor = "3"
indicador = "UVT"
redondeo = "sin_cuantia_tramos"
norma = "Otra ordenanza"
articulo = "art. 1"
desde = 2027-06-01
"""
UDEC = "cundinamarca/estampillas/udec.toml"


def tarifas_vivas(*codigos: str) -> list[tuple[str, date, date | None, str]]:
    db.session.rollback()
    filas = normativa.filas_de_tabla("tarifa", "cundinamarca")
    return [(f["codigo"], f["desde"], f["hasta"], f["valor"]) for f in filas if f["codigo"].startswith(codigos)]


def test_cargar_no_deshace_ninguna_publicacion_de_tarifas(app: Flask) -> None:
    ana, berta = cuenta(), cuenta()
    fin = {"cambio": CambioTarifa.TERMINAR, "desde": date(2021, 1, 1), "hasta": date(2026, 12, 31)}
    variante = {"cambio": CambioTarifa.VARIANTE, "variante": "segundo_renglon", "desde": date(2021, 1, 1)}
    corrige = {"corrige": date(2021, 1, 1), "correccion": "Se leyó mal", "desde": date(2021, 1, 1)}
    cambios: list[dict[str, Any]] = [
        {},
        {"codigo": "UDEC/SC-02", "acto": "Ordenanza 12", **fin},
        {"codigo": "PRO_DESARROLLO/SC-15", "acto": "Acta 1", **variante},
        {"codigo": "UDEC/SC-03", **corrige, "valor": Decimal("0.12")},
    ]
    for cambio in cambios:
        publicar(proponer_tarifa(ana, **cambio), berta)
    codigos = ("UDEC/SC-0", "PRO_DESARROLLO/SC-15")
    antes = tarifas_vivas(*codigos)
    resumen = cargar()
    assert tarifas_vivas(*codigos) == antes
    assert (resumen.nuevas, resumen.actualizadas, resumen.conservadas) == (0, [], [])
    assert sorted(resumen.publicadas) == [
        "tarifa cundinamarca PRO_DESARROLLO/SC-15/primer_renglon desde 2021-01-01",
        "tarifa cundinamarca PRO_DESARROLLO/SC-15/segundo_renglon desde 2021-01-01",
        "tarifa cundinamarca UDEC/SC-01 desde 2021-01-01",
        "tarifa cundinamarca UDEC/SC-02 desde 2021-01-01",
        "tarifa cundinamarca UDEC/SC-03 desde 2021-01-01",
    ]
    assert normativa.verificar() == []


@pytest.mark.parametrize("publicada", [True, False], ids=["publicada", "control sin publicarla"])
def test_una_tarifa_nueva_de_los_archivos_no_pisa_la_publicada(app: Flask, tmp_path: Path, publicada: bool) -> None:
    if publicada:
        publicar(proponer_tarifa(cuenta()), cuenta())
    copia = tmp_path / "normativa"
    shutil.copytree(CARPETA, copia)
    archivo = copia / UDEC
    texto = archivo.read_text(encoding="utf-8")
    cerrada = texto.replace('acto = "SC-01"', 'acto = "SC-01"\nhasta = 2027-05-31', 1)
    archivo.write_text(cerrada + TARIFA_AJENA, encoding="utf-8")
    resumen = cargar(copia)
    assert (("UDEC/SC-01", date(2027, 6, 1), None, "3") in tarifas_vivas("UDEC/SC-01")) is not publicada
    assert ("tarifa cundinamarca UDEC/SC-01 desde 2027-06-01" in resumen.publicadas) is publicada
    assert normativa.verificar() == []


def test_los_archivos_que_alcanzan_a_lo_publicado_no_dicen_nada(app: Flask, tmp_path: Path) -> None:
    """A later release ships what the administrators published already: both say the same."""
    publicar(proponer_tarifa(cuenta()), cuenta())
    copia = tmp_path / "normativa"
    shutil.copytree(CARPETA, copia)
    archivo = copia / UDEC
    texto = archivo.read_text(encoding="utf-8").replace('acto = "SC-01"', 'acto = "SC-01"\nhasta = 2026-12-31', 1)
    misma = TARIFA_AJENA.replace('"3"', '"1.2"').replace("2027-06-01", "2027-01-01").replace("art. 1", "art. 4")
    archivo.write_text(texto + misma.replace("Otra ordenanza", "Ordenanza 12 de 2026"), encoding="utf-8")
    resumen = cargar(copia)
    assert (resumen.nuevas, resumen.publicadas, resumen.conservadas, resumen.ausentes) == (0, [], [], [])


def correo(cuenta_id: int) -> str:
    return db.session.get_one(Usuario, cuenta_id).correo


def orden_proponer(de: str, *otros: str) -> list[str]:
    acto = ["--acto", "Resolución de prueba", "--acto-fecha", "2026-12-05", "--evidencia", "https://normas.test/u"]
    return [
        "indicadores",
        "proponer",
        "UVT",
        "--valor",
        "55.000",
        "--desde",
        "2027-01-01",
        *acto,
        "--autor",
        de,
        *otros,
    ]


@time_machine.travel(AHORA, tick=False)
def test_los_comandos_proponen_y_publican_y_repetirlos_no_cambia_nada(app: Flask, runner: FlaskCliRunner) -> None:
    ana, berta = correo(cuenta()), correo(cuenta())
    primera, segunda = (runner.invoke(args=orden_proponer(ana)) for _ in range(2))
    assert primera.exit_code == 0, primera.stderr
    assert primera.output == "Propuesta 1: UVT 2027-01-01 a 2027-12-31, $55.000, por publicar.\n"
    assert segunda.output == primera.output
    propia = runner.invoke(args=["indicadores", "publicar", "1", "--publicador", ana])
    assert (propia.exit_code, "otro administrador" in propia.stderr) == (1, True)
    for _ in range(2):
        hecha = runner.invoke(args=["indicadores", "publicar", "1", "--publicador", berta.upper()])
        assert (hecha.exit_code, "publicado" in hecha.output) == (0, True), hecha.stderr
    assert "UVT\t2027-01-01 a 2027-12-31\t$55.000" in runner.invoke(args=["indicadores", "listar"]).output


@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
@time_machine.travel(AHORA, tick=False)
def test_los_comandos_dicen_en_una_frase_lo_que_no_pueden(app: Flask, runner: FlaskCliRunner) -> None:
    ana = correo(cuenta())
    malas = [
        (orden_proponer("nadie@demo.portal.test"), "No hay una cuenta activa"),
        (orden_proponer(correo(cuenta("rentas"))), "Solo un administrador"),
        (orden_proponer(ana, "--valor", "1,423"), "pesos"),
        (orden_proponer(ana, "--valor", "550.000"), "se aparta más del 40 %"),
        (orden_proponer(ana, "--hasta", "2026-01-01"), "La fecha final es anterior"),
        (["indicadores", "publicar", "7", "--publicador", ana], "No encontramos esa propuesta"),
    ]
    for orden, frase in malas:
        resultado = runner.invoke(args=orden)
        assert resultado.exit_code == 1, orden
        assert frase in resultado.stderr
        assert resultado.stderr.count("\n") == 1
    confirmada = runner.invoke(args=orden_proponer(ana, "--valor", "550.000", "--confirmar-salto"))
    assert confirmada.exit_code == 0
