"""The export of a period: deterministic, without what it must not have, and checkable with and without our code."""

import csv
import io
import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from portal.db import db, foto
from portal.dominio.errores import DatoInvalido
from portal.dominio.exportacion import PREFIJO_FIRMA, Periodo, celda, texto_original, texto_seguro
from portal.dominio.revision_exportacion import ExportacionIlegible, abrir
from portal.dominio.sello import SelloIlegible, leer_mensaje
from portal.models import Asiento, Bitacora
from portal.operaciones.exportacion.escritura import Encargo, escribir
from portal.web.estampillas import firmante_actual
from tests.auditoria import (
    PERIODO,
    Cambio,
    anotado,
    con_filas_cambiadas,
    correr_guion,
    exportado,
    faltas,
    filas_de,
    partes_de,
    periodo_movido,
    rehecho,
    sin_la_fila,
)
from tests.fabricas import AHORA, HOY


def test_lo_exportado_cuadra_y_es_lo_de_la_base(app: Flask) -> None:
    periodo_movido()
    paquete = exportado()
    assert faltas(paquete) == []
    asientos = filas_de(paquete, "asientos.csv")
    assert len(asientos) == len(db.session.scalars(select(Asiento)).all()) > 6
    (primero, *_) = filas_de(paquete, "liquidaciones.csv")
    assert (primero["documento"], primero["nombre"]) == ("1212312323", '\'=SUMA(A1) "x", ñ')
    assert (primero["total_centavos"], primero["total_pesos"]) == ("900000", "9000.00")
    assert {f["accion"] for f in filas_de(paquete, "bitacora.csv")} == {"pago.ver"}
    dice = json.loads(partes_de(paquete)["manifiesto.json"])
    assert dice["archivos"]["recaudos.csv"]["filas"] == 4
    assert dice["saldos_centavos"]["excedentes"]["despues"] == -(900000 + 900100)
    assert dice["cadenas"]["libro"]["anterior"] == "0" * 64


def test_un_periodo_posterior_empieza_donde_termino_el_otro(app: Flask) -> None:
    periodo_movido()
    primero = json.loads(partes_de(exportado())["manifiesto.json"])
    manana = Periodo(HOY + timedelta(days=1), HOY + timedelta(days=2))
    vacio = exportado(manana)
    assert faltas(vacio) == []
    dice = json.loads(partes_de(vacio)["manifiesto.json"])
    assert dice["cadenas"]["libro"]["primero"] is None
    assert dice["cadenas_al_exportar"]["libro"] == {
        "filas": primero["cadenas"]["libro"]["ultimo"],
        "huella": primero["cadenas"]["libro"]["huella"],
    }


def test_un_periodo_de_la_mitad_sigue_la_cadena(app: Flask) -> None:
    for dias in (3, 2, 1):
        anotado(ahora=_hace(dias), objeto=f"pago:{dias}")
    dia = _hace(2).date()
    paquete = exportado(Periodo(dia, dia))
    assert faltas(paquete) == []
    assert [f["objeto"] for f in filas_de(paquete, "bitacora.csv")] == ["pago:2"]
    assert json.loads(partes_de(paquete)["manifiesto.json"])["cadenas"]["bitacora"]["primero"] == 2


def _hace(dias: int) -> datetime:
    return datetime.combine(HOY - timedelta(days=dias), time(17), UTC)


def test_los_mismos_datos_dan_los_mismos_bytes(app: Flask) -> None:
    periodo_movido()
    encargo = Encargo(PERIODO, "putumayo", "prueba", AHORA, firmante_actual())
    escritos = []
    for _ in range(2):
        foto()
        salida = io.BytesIO()
        escribir(encargo, salida)
        escritos.append(salida.getvalue())
    assert escritos[0] == escritos[1]


def test_exportar_otra_vez_un_periodo_que_paso_da_los_mismos_archivos(app: Flask) -> None:
    anotado(ahora=_hace(3))
    pasado = Periodo(_hace(5).date(), _hace(1).date())
    uno, otro = (
        {n: o for n, o in partes_de(exportado(pasado)).items() if n.endswith((".csv", ".txt"))} for _ in range(2)
    )
    assert uno == otro
    assert b"pago.ver" in uno["bitacora.csv"]


def test_no_lleva_lo_que_no_debe(app: Flask) -> None:
    periodo_movido()
    todo = b"".join(partes_de(exportado()).values())
    for secreto in (
        b"prueba@correo.test",
        b"3001234567",
        b"203.0.113.9",
        b"@demo.portal.test",
        b"clave_hash",
        b"$argon",
    ):
        assert secreto not in todo


def test_exportar_queda_en_la_bitacora_con_su_huella(app: Flask) -> None:
    exportado()
    fila = db.session.scalars(select(Bitacora).where(Bitacora.accion == "auditoria.exportar")).one()
    assert fila.detalle["desde"] == PERIODO.desde.isoformat()
    assert len(fila.detalle["manifiesto"]) == 64


@pytest.mark.parametrize("texto", ["=1+1", "+57", "-3", "@x", "'a", "\tx", "\rx", "ñandú", "", "a=b"])
def test_ninguna_celda_es_una_formula_y_todas_vuelven(texto: str) -> None:
    escrito = texto_seguro(texto)
    assert not escrito.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert texto_original(escrito) == texto
    assert celda(texto) == escrito


@pytest.mark.parametrize(("desde", "dias"), [(HOY, -1), (HOY, 366)])
def test_un_periodo_al_reves_o_muy_largo_no_se_exporta(desde: date, dias: int) -> None:
    with pytest.raises(DatoInvalido):
        Periodo(desde, desde + timedelta(days=dias))


DANOS: list[tuple[str, str, Cambio]] = [
    ("un peso", "asientos.csv", lambda o: o.replace(b"400000,4000.00", b"400001,4000.01", 1)),
    ("una fila menos", "asientos.csv", sin_la_fila(3)),
    ("la última menos", "asientos.csv", lambda o: b"\r\n".join(o.split(b"\r\n")[:-2]) + b"\r\n"),
    ("dos cambiadas", "asientos.csv", con_filas_cambiadas(2, 3)),
    ("otro objeto", "bitacora.csv", lambda o: o.replace(b"pago:1,", b"pago:3,", 1)),
    ("una anotación menos", "bitacora.csv", sin_la_fila(1)),
    ("dos anotaciones cambiadas", "bitacora.csv", con_filas_cambiadas(1, 2)),
    ("un crédito que no entró", "recaudos.csv", lambda o: o.replace(b"900000,9000.00", b"900001,9000.01", 1)),
    ("una factura menos", "facturas.csv", sin_la_fila(1)),
    ("pesos que no son", "facturas.csv", lambda o: o.replace(b"400000,4000.00", b"400000,4000.01", 1)),
    ("otro nombre", "liquidaciones.csv", lambda o: o.replace(b"1212312323", b"1212312324", 1)),
    ("otra letra", "LEEME.txt", lambda o: o.replace(b"Archivos", b"Archivoz", 1)),
]
SOLO_POR_SU_HUELLA = ("otro nombre", "otra letra")


@pytest.mark.parametrize(("que", "nombre", "cambio"), DANOS, ids=[que for que, _, _ in DANOS])
def test_cada_dano_se_nombra(app: Flask, tmp_path: Path, que: str, nombre: str, cambio: Cambio) -> None:
    periodo_movido()
    paquete = exportado()
    partes = partes_de(paquete)
    danadas = partes | {nombre: cambio(partes[nombre])}
    assert danadas != partes
    assert f"{nombre}: no es el que dice el manifiesto" in faltas(rehecho(danadas))
    assert correr_guion(tmp_path, rehecho(danadas)).returncode == 1
    # Whoever also mends the digests is found by the chains and the sums, and always by the signature.
    cuidadoso = rehecho(danadas, manifiesto_al_dia=True)
    assert (faltas(cuidadoso) != []) is (que not in SOLO_POR_SU_HUELLA)
    assert correr_guion(tmp_path, cuidadoso, firmante_actual().publica).returncode == 1
    if nombre in ("asientos.csv", "bitacora.csv"):
        assert f"{nombre}" in correr_guion(tmp_path, cuidadoso).stdout


def test_un_byte_de_cualquier_archivo_se_nota(app: Flask, tmp_path: Path) -> None:
    periodo_movido()
    partes = partes_de(exportado())
    for nombre, octetos in partes.items():
        medio = len(octetos) // 2
        otro = octetos[:medio] + bytes([octetos[medio] ^ 1]) + octetos[medio + 1 :]
        danado = rehecho(partes | {nombre: otro})
        assert correr_guion(tmp_path, danado, firmante_actual().publica).returncode == 1, nombre


def test_control_el_guion_del_documento_acepta_lo_que_nadie_toco(app: Flask, tmp_path: Path) -> None:
    periodo_movido()
    paquete = exportado()
    for bueno in (paquete, rehecho(partes_de(paquete))):
        for claves in ("", firmante_actual().publica):
            hecho = correr_guion(tmp_path, bueno, claves)
            assert (hecho.returncode, hecho.stdout) == (0, "Todo está como se escribió.\n"), hecho.stderr


def test_las_ordenes_exportan_y_verifican_sin_base(app: Flask, runner: FlaskCliRunner, tmp_path: Path) -> None:
    periodo_movido()
    archivo, pem = tmp_path / "x.zip", tmp_path / "claves.pem"
    pem.write_text(firmante_actual().publica)
    fechas = ["--desde", str(PERIODO.desde), "--hasta", str(PERIODO.hasta)]
    hecho = runner.invoke(args=["auditoria", "exportar", *fechas, "--archivo", str(archivo)])
    assert hecho.exit_code == 0, hecho.output
    assert archivo.stat().st_mode & 0o077 == 0
    assert [p.name for p in tmp_path.glob(".x.zip*")] == []
    verificar = ["auditoria", "verificar", "--archivo", str(archivo)]
    assert "compárela con" in runner.invoke(args=verificar).output
    con_clave = runner.invoke(args=[*verificar, "--clave", str(pem)])
    assert (con_clave.exit_code, "de una clave que usted dio" in con_clave.output) == (0, True)
    otra = tmp_path / "otra.pem"
    otra.write_text(OTRA_CLAVE)
    ajena = runner.invoke(args=[*verificar, "--clave", str(otra)])
    assert (ajena.exit_code, "la firma no es de esas claves" in ajena.output) == (1, True)
    archivo.write_bytes(b"nada")
    assert runner.invoke(args=verificar).exit_code == 1


OTRA_CLAVE = """-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
-----END PUBLIC KEY-----
"""


def test_sin_clave_se_exporta_sin_firmar_y_lo_dice(app: Flask, runner: FlaskCliRunner, tmp_path: Path) -> None:
    clave = app.extensions["ajustes"].clave_estampillas
    clave.parent.mkdir(parents=True, exist_ok=True)
    clave.write_text("rota")
    periodo_movido()
    paquete = exportado()
    assert "firma.json" not in partes_de(paquete)
    assert faltas(paquete) == []
    archivo, pem = tmp_path / "x.zip", tmp_path / "claves.pem"
    archivo.write_bytes(paquete)
    pem.write_text(OTRA_CLAVE)
    verificar = ["auditoria", "verificar", "--archivo", str(archivo)]
    assert "No está firmada" in runner.invoke(args=verificar).output
    assert runner.invoke(args=[*verificar, "--clave", str(pem)]).exit_code == 1


def test_quitar_la_firma_se_nota(app: Flask) -> None:
    partes = partes_de(exportado())
    del partes["firma.json"]
    assert faltas(rehecho(partes)) == ["firma.json: falta"]


def test_lo_que_se_firma_no_puede_ser_una_estampilla() -> None:
    with pytest.raises(SelloIlegible):
        leer_mensaje((PREFIJO_FIRMA + "0" * 64).encode())


@pytest.mark.parametrize(
    "octetos", [b"", b"PK\x03\x04", rehecho({"otra.txt": b"x"}), rehecho({"manifiesto.json": b"{}"})]
)
def test_lo_que_no_es_una_exportacion_se_rechaza(octetos: bytes) -> None:
    with pytest.raises(ExportacionIlegible):
        abrir(io.BytesIO(octetos))


def test_una_celda_larga_se_lee_y_el_limite_de_los_demas_no_cambia(app: Flask) -> None:
    anotado(nota="x" * 200_000)
    antes = csv.field_size_limit()
    assert faltas(exportado()) == []
    assert csv.field_size_limit() == antes
