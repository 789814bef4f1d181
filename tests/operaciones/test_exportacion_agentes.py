"""What collecting agents brought, in the export of a period: whole, and each damage named from the file alone."""

import csv
import hashlib
import io
import json
from datetime import timedelta
from pathlib import Path

from flask import Flask

from portal.db import transaccion
from portal.dominio.calendario import BOGOTA
from portal.dominio.exportacion import FORMATO_SIN_AGENTES, MANIFIESTO, Periodo, escribir_manifiesto
from portal.models.usuario import Rol
from portal.operaciones.agentes import consignaciones as operaciones
from portal.operaciones.firmas import Firma
from tests.agentes import deshecha, persona, retenida, suya
from tests.auditoria import (
    Cambio,
    agentes_movidos,
    con_celdas,
    con_filas_cambiadas,
    correr_guion,
    exportado,
    faltas,
    filas_de,
    partes_de,
    rehecho,
    sin_la_fila,
)
from tests.consignaciones import (
    SOPORTE,
    aceptada,
    con_deuda,
    del_banco,
    devuelta_por_el_banco,
    enviada,
)
from tests.fabricas import AHORA

FILAS = {
    "agentes.csv": 1,
    "sedes.csv": 1,
    "retenciones.csv": 3,
    "consignaciones.csv": 3,
    "declaraciones.csv": 2,
    "declaraciones_renglones.csv": 4,
    "declaraciones_pasos.csv": 8,
    "dias_no_habiles.csv": 1,
    "contingencias.csv": 1,
}


def test_lo_de_los_agentes_esta_entero_y_cuadra(app: Flask, tmp_path: Path) -> None:
    agentes_movidos()
    paquete = exportado()
    assert faltas(paquete) == []
    assert correr_guion(tmp_path, paquete).stdout == "Todo está como se escribió.\n"
    assert {nombre: len(filas_de(paquete, nombre)) for nombre in FILAS} == FILAS
    primera, _, deshecha_ = filas_de(paquete, "retenciones.csv")
    assert (primera["forma"], primera["documento"], primera["sede_id"]) == ("descuento", "OP-1", "1")
    assert (primera["deshecha_en"], deshecha_["motivo"]) == ("", "Se registró por error")
    con_linea, devuelta, recibida = filas_de(paquete, "consignaciones.csv")
    assert [f["estado"] for f in (con_linea, devuelta, recibida)] == ["aceptada", "rechazada", "recibida"]
    assert con_linea["soporte_sha256"] == hashlib.sha256(SOPORTE.contenido).hexdigest()
    assert (con_linea["valor_centavos"], con_linea["movimiento_id"] != "") == ("900000", True)
    una, otra = filas_de(paquete, "declaraciones.csv")
    assert [(f["version"], f["estado"]) for f in (una, otra)] == [("1", "corregido"), ("2", "aceptado")]
    assert otra["huella"] == hashlib.sha256(otra["contenido"].encode()).hexdigest()
    assert (una["declarado_centavos"], otra["declarado_centavos"]) == ("900000", "1200000")


def test_de_los_agentes_no_lleva_contactos_ni_comprobantes(app: Flask) -> None:
    agentes_movidos()
    todo = b"".join(partes_de(exportado()).values())
    for secreto in (b"entidad@correo.test", b"@demo.portal.test", b"%PDF"):
        assert secreto not in todo


def _otro_texto(octetos: bytes) -> bytes:
    """A return whose text was written again, with its digest."""
    filas = list(csv.DictReader(io.StringIO(octetos.decode(), newline="")))
    texto = filas[1]["contenido"].replace('"retenido":"5000', '"retenido":"6000', 1)
    assert texto != filas[1]["contenido"]
    return con_celdas(2, contenido=texto, huella=hashlib.sha256(texto.encode()).hexdigest())(octetos)


DANOS: list[tuple[str, Cambio, str]] = [
    ("agentes.csv", sin_la_fila(1), "el agente 1 no está en agentes.csv"),
    ("agentes.csv", sin_la_fila(1), "la cuenta agente:1 es de un agente que no está"),
    ("sedes.csv", sin_la_fila(1), "retenciones.csv, fila 1: la sede 1 no es de ese agente"),
    ("retenciones.csv", sin_la_fila(2), "recaudos.csv: la retención del recaudo 2 no está"),
    ("retenciones.csv", sin_la_fila(2), "retenciones.csv: falta la fila 2, que está en la bitácora"),
    ("retenciones.csv", con_celdas(1, recaudo_id="99"), "el recaudo 99 de la retención 1 no está"),
    ("retenciones.csv", con_celdas(1, agente_id="2"), "no está en la cuenta del agente que lo retuvo"),
    ("retenciones.csv", con_celdas(1, mes="2020-01-01"), "la retención 1 no es del mes de su fecha"),
    ("retenciones.csv", con_celdas(3, deshecha_en=""), "la retención 3 y la reversión de su recaudo no dicen lo mismo"),
    ("reversiones.csv", sin_la_fila(1), "la retención 3 y la reversión de su recaudo no dicen lo mismo"),
    ("reversiones.csv", sin_la_fila(1), "la reversión del recaudo 3 no está en reversiones.csv"),
    ("recaudos.csv", sin_la_fila(1), "el recaudo 1 de la retención 1 no está en recaudos.csv"),
    ("consignaciones.csv", sin_la_fila(3), "falta la fila 3, que está en la bitácora"),
    (
        "consignaciones.csv",
        con_celdas(1, valor_centavos="900001", valor_pesos="9000.01"),
        "no es la consignación 1, que dice nombrar",
    ),
    ("consignaciones.csv", con_celdas(1, recaudo_id=""), "no es la consignación 1, que dice nombrar"),
    ("consignaciones.csv", con_celdas(1, estado="recibida"), "la consignación 1 y los asientos no dicen lo mismo"),
    ("consignaciones.csv", con_celdas(2, estado="aceptada"), "la consignación 2 y los asientos no dicen lo mismo"),
    (
        "consignaciones.csv",
        con_celdas(3, estado="aceptada", resuelta_en=AHORA.isoformat()),
        "la consignación 3 y los asientos no dicen lo mismo",
    ),
    ("declaraciones.csv", con_celdas(1, contenido='{"cabecera":{}}'), "la declaración 1 no es la que se presentó"),
    ("declaraciones.csv", con_celdas(1, contenido='{"renglones":["x"]}'), "declaraciones.csv: no se puede leer entero"),
    ("declaraciones.csv", _otro_texto, "los datos de la declaración 2 no son los del texto"),
    (
        "declaraciones.csv",
        con_celdas(2, declarado_centavos="1200001", declarado_pesos="12000.01"),
        "los renglones de la declaración 2 no suman lo que declara",
    ),
    ("declaraciones.csv", con_celdas(2, mes="2020-01-01"), "declaraciones.csv, fila 2: no es lo que dice la bitácora"),
    ("declaraciones.csv", sin_la_fila(2), "declaraciones.csv: falta una versión que se presentó (3)"),
    (
        "declaraciones_renglones.csv",
        con_celdas(1, retenido_centavos="0", retenido_pesos="0.00"),
        "los renglones de la declaración 1 no suman",
    ),
    ("declaraciones_renglones.csv", con_celdas(1, acto="otro"), "los datos de la declaración 1 no son los del texto"),
    ("declaraciones_renglones.csv", sin_la_fila(4), "los datos de la declaración 2 no son los del texto"),
    ("declaraciones_pasos.csv", sin_la_fila(3), "la declaración 1 no tiene su paso"),
    ("declaraciones_pasos.csv", con_celdas(4, hasta="aceptado"), "no pasa de «presentado» a «aceptado» por «devolver»"),
    ("dias_no_habiles.csv", con_celdas(1, dia="2020-01-02"), "fila 1: no es lo que dice la bitácora"),
    ("contingencias.csv", sin_la_fila(1), "contingencias.csv: falta la fila 1, que está en la bitácora"),
]


def test_cada_dano_de_lo_de_los_agentes_se_nombra_aunque_el_manifiesto_este_al_dia(app: Flask, tmp_path: Path) -> None:
    agentes_movidos()
    partes = partes_de(exportado())
    for nombre, cambio, dice in DANOS:
        danadas = partes | {nombre: cambio(partes[nombre])}
        halladas = faltas(rehecho(danadas, manifiesto_al_dia=True))
        assert any(dice in falta for falta in halladas), (nombre, dice, halladas)
        assert correr_guion(tmp_path, rehecho(danadas)).returncode == 1


def test_control_escribir_otra_vez_las_mismas_filas_no_dana_nada(app: Flask) -> None:
    agentes_movidos()
    partes = partes_de(exportado())
    iguales = {nombre: con_celdas(1)(partes[nombre]) for nombre in FILAS}
    assert faltas(rehecho(partes | iguales, manifiesto_al_dia=True)) == []
    movidas = partes | {"declaraciones_renglones.csv": con_filas_cambiadas(1, 2)(partes["declaraciones_renglones.csv"])}
    assert faltas(rehecho(movidas, manifiesto_al_dia=True)) == []


def test_lo_que_otro_periodo_decidio_no_es_una_falta(app: Flask) -> None:
    entidad, quien = con_deuda()
    otra = retenida(suya(entidad, (7000,)), quien)
    consignacion, sin_linea = enviada(quien), enviada(quien, 1000, "1001")
    tesorera, linea = persona(Rol.TESORERIA), del_banco()
    hoy, manana = Firma(tesorera, AHORA), Firma(tesorera, AHORA + timedelta(days=1))
    with transaccion():
        operaciones.aceptar(sin_linea, firma=hoy)
    deshecha(otra, quien, dias=1)
    with transaccion():
        operaciones.aceptar(consignacion, linea, firma=manana)
        operaciones.deshacer_aceptacion(sin_linea, "El banco no la muestra", firma=manana)
    dia = AHORA.astimezone(BOGOTA).date()
    este, siguiente = (exportado(Periodo(d, d)) for d in (dia, dia + timedelta(days=1)))
    assert (faltas(este), faltas(siguiente)) == ([], [])
    assert [f["estado"] for f in filas_de(este, "consignaciones.csv")] == ["aceptada", "rechazada"]
    assert [f["deshecha_en"] != "" for f in filas_de(este, "retenciones.csv")] == [False, True]
    assert [filas_de(siguiente, f"{nombre}.csv") for nombre in ("retenciones", "consignaciones")] == [[], []]
    assert len(filas_de(siguiente, "reversiones.csv")) == len(filas_de(siguiente, "agentes.csv")) == 1


def test_una_consignacion_que_el_banco_mostro_despues_y_devolvio_cuadra(app: Flask) -> None:
    _, quien = con_deuda()
    tarde, devuelta = enviada(quien, 2000, "2002"), enviada(quien, 7000, "7007")
    aceptada(tarde)
    del_banco(2000, "2002")
    aceptada(devuelta)
    devuelta_por_el_banco(del_banco(7000, "7007"))
    paquete = exportado()
    assert faltas(paquete) == []
    assert [f["estado"] for f in filas_de(paquete, "consignaciones.csv")] == ["aceptada", "revertida"]
    otro_valor = con_celdas(1, valor_centavos="1", valor_pesos="0.01")
    danadas = partes_de(paquete)
    danadas["consignaciones.csv"] = otro_valor(danadas["consignaciones.csv"])
    assert sum("que dice nombrar" in falta for falta in faltas(rehecho(danadas, manifiesto_al_dia=True))) == 2


def test_un_archivo_que_se_llevaron_antes_de_haber_agentes_se_sigue_revisando(app: Flask) -> None:
    agentes_movidos()
    partes = {nombre: octetos for nombre, octetos in partes_de(exportado()).items() if nombre not in FILAS}
    dice = json.loads(partes[MANIFIESTO])
    de_antes = {nombre: de for nombre, de in dice["archivos"].items() if nombre not in FILAS}
    dice |= {"archivos": de_antes, "formato": FORMATO_SIN_AGENTES}
    assert faltas(rehecho(partes | {MANIFIESTO: escribir_manifiesto(dice)})) == []
