"""Every list of staff is taken away whole, as Excel and as CSV, with its filter said and who took it written down."""

import csv
import io
from collections.abc import Callable

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from portal.db import db, transaccion
from portal.dominio.bitacora import ACCIONES
from portal.dominio.casos import ClaseCaso
from portal.models import Bitacora, Usuario
from portal.operaciones import casos, correos
from portal.web.exportacion import MAXIMO_EXPORTADO
from tests import fabricas
from tests.adhesiones import DEPENDENCIA
from tests.agentes import agente
from tests.cierres import pagado as pagado_y_confirmado
from tests.conftest import ingresar
from tests.consignaciones import con_deuda, enviada
from tests.devoluciones import doble, pedir
from tests.estampillas import pagar
from tests.fabricas import AHORA, contrato
from tests.navegador_de_pruebas import ClienteEstricto

T = "/gestion/tesoreria"
L = "/gestion/liquidaciones"


def abrir_caso() -> None:
    with transaccion():
        casos.abrir(ClaseCaso.NO_APARECE, "a", ahora=AHORA)


def consignar() -> None:
    enviada(con_deuda()[1])


def correo_sin_salida() -> None:
    """An address that nobody can write to: its notice is born abandoned."""
    with transaccion():
        correos.encolar("pago:1:x", "nadie", "pago_no_iniciado", {}, ahora=AHORA)


def nada() -> None:
    """The list has rows by itself."""


# Role, address and what makes a row; the first words of the filter that the file says.
LISTAS: dict[str, tuple[str, str, Callable[[], object], str]] = {
    "colas": ("tesoreria", T, abrir_caso, "todas las colas"),
    "casos": ("auditor", f"{T}/casos?filtro=sin-responsable", abrir_caso, "Todas las colas. Sin responsable."),
    "ordenes": ("tesoreria", f"{T}/ordenes?filtro=resueltas", nada, "Resueltas."),
    "devoluciones": ("tesoreria", f"{T}/devoluciones", lambda: pedir(doble()), "En curso."),
    "terminadas": ("auditor", f"{T}/devoluciones?filtro=terminadas", nada, "Terminadas."),
    "reclamos": ("tesoreria", f"{T}/reclamos", abrir_caso, "Pagué y no aparece. Abiertos."),
    "cierres": ("tesoreria", f"{T}/cierre", pagado_y_confirmado, ""),
    "consignaciones": ("administrador", f"{T}/consignaciones", consignar, "Recibidas."),
    "registro": ("rentas", "/gestion/agentes/registro", agente, "todas las entidades."),
    "tablero": ("rentas", "/gestion/agentes?mostrar=sin_presentar", agente, "Sin presentar."),
    "doce meses": ("rentas", "/gestion/agentes/doce-meses?buscar=hospital", agente, "Todas. Buscar: hospital."),
    "archivos": ("tesoreria", f"{T}/archivos-del-banco", nada, "todos los archivos importados."),
    "correos": ("administrador", "/gestion/correos", correo_sin_salida, "correos que no han salido."),
    "valores": ("administrador", "/gestion/normativa", nada, "todos los valores publicados."),
    "tarifas": ("auditor", "/gestion/normativa/tarifas?fecha=2026-11-20", nada, "Vigentes el 20 de noviembre de 2026."),
    "tramites": ("administrador", "/gestion/normativa/tramites-abiertos", nada, "trámites abiertos."),
    "calendario": ("agente", "/gestion/calendario?ano=2026", nada, "año 2026."),
    "certificados": ("funcionario", "/gestion/certificados", nada, "del más reciente"),
    "bitacora": ("auditor", "/gestion/auditoria", nada, "del "),
    "cuentas": ("administrador", "/gestion/usuarios?estado=activa", nada, "Estado: Activas."),
    "por adherir": (
        "funcionario",
        "/gestion/validacion?lista=por-usar",
        lambda: pagar(contrato("1", contratante=DEPENDENCIA)),
        f"{DEPENDENCIA}. Por adherir.",
    ),
}


def filas_de(datos: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(datos.decode("utf-8-sig")), delimiter=";"))


@pytest.mark.parametrize("nombre", LISTAS)
def test_cada_lista_se_descarga_en_los_dos_formatos_con_su_filtro(client: ClienteEstricto, nombre: str) -> None:
    rol, direccion, sembrar, filtro = LISTAS[nombre]
    sembrar()
    usuario = ingresar(client, rol)
    with transaccion():
        db.session.get_one(Usuario, usuario.id).dependencia = DEPENDENCIA
    union = "&" if "?" in direccion else "?"
    libro, tabla = (client.get(f"{direccion}{union}exportar={formato}") for formato in ("xlsx", "csv"))
    assert (libro.status_code, tabla.status_code) == (200, 200)
    assert libro.headers["Content-Disposition"].endswith('.xlsx"')
    assert tabla.headers["Content-Disposition"].endswith('.csv"')
    assert tabla.mimetype == "text/csv"
    en_excel = CalamineWorkbook.from_filelike(io.BytesIO(libro.data)).get_sheet_by_index(0).to_python()
    en_csv = filas_de(tabla.data)
    assert str(en_excel[1][0]).startswith(f"Filtro: {filtro}")
    assert any(fila and fila[0].startswith(f"Filtro: {filtro}") for fila in en_csv)
    titulos = next(i for i, fila in enumerate(en_excel) if not any(fila)) + 1
    assert [str(x) for x in en_excel[titulos] if x != ""] == en_csv[0]
    db.session.rollback()
    hechas = db.session.scalars(select(Bitacora).where(Bitacora.accion == "lista.exportar").order_by(Bitacora.id)).all()
    assert [h.detalle["formato"] for h in hechas] == ["xlsx", "csv"]
    assert {h.usuario_id for h in hechas} == {usuario.id}
    assert hechas[0].detalle["filas"] <= len(en_excel) - titulos - 1 <= hechas[0].detalle["filas"] + 1, "and a total"


def test_un_formato_que_no_existe_es_la_pagina(client: ClienteEstricto) -> None:
    ingresar(client, "tesoreria")
    assert "<html" in client.get(f"{T}/casos?exportar=pdf").text


def test_se_descarga_todo_lo_filtrado_y_no_la_pagina(client: ClienteEstricto) -> None:
    for _ in range(12):
        fabricas.liquidacion((1000,), documento="555")
    fabricas.liquidacion((2000,), documento="777")
    usuario = ingresar(client, "rentas")
    with transaccion():
        db.session.get_one(Usuario, usuario.id).registros = 10
    pedido = {"buscar": "555", "exportar": "csv"}
    filas = filas_de(client.enviar(L, pedido, "/gestion").data)
    assert len([f for f in filas[1:] if f and f[0].isdigit()]) == 12
    assert ["Filtro: Todas. Buscar: 555."] in filas
    db.session.rollback()
    anotada = db.session.scalars(select(Bitacora).where(Bitacora.accion == "lista.exportar")).one()
    assert "555" not in str(anotada.detalle), "what was typed may be an identity number"


def test_lo_que_no_cabe_se_dice_en_el_archivo(client: ClienteEstricto, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.web.exportacion.MAXIMO_EXPORTADO", 3)
    for _ in range(4):
        fabricas.liquidacion((1000,))
    ingresar(client, "rentas")
    filas = filas_de(client.get(f"{L}?exportar=csv").data)
    assert len([f for f in filas[1:] if f and f[0].isdigit()]) == 3
    assert any("Hay más registros" in f[0] for f in filas if f)
    assert MAXIMO_EXPORTADO >= 5000


@pytest.mark.parametrize("formato", ["xlsx", "csv"])
def test_ninguna_celda_corre_como_formula(client: ClienteEstricto, formato: str) -> None:
    fabricas.liquidacion((1000,), nombre='=HYPERLINK("http://malo.test")')
    ingresar(client, "rentas")
    datos = client.get(f"{L}?exportar={formato}").data
    if formato == "csv":
        assert "'=HYPERLINK" in datos.decode("utf-8-sig")
    else:
        hoja = CalamineWorkbook.from_filelike(io.BytesIO(datos)).get_sheet_by_index(0).to_python()
        assert any('=HYPERLINK("http://malo.test")' in fila for fila in hoja), "text, as it was written"


def test_un_agente_descarga_solo_lo_suyo(app: Flask, client: ClienteEstricto) -> None:
    ajena, propia = fabricas.liquidacion((1000,)), agente()
    numero = ajena.numero
    usuario = ingresar(client, "agente")
    with transaccion():
        db.session.get_one(Usuario, usuario.id).agente_id = propia.id
    for direccion in (L, "/gestion/agentes/consignaciones", "/gestion/agentes/meses"):
        tabla = client.get(f"{direccion}?exportar=csv")
        assert tabla.mimetype == "text/csv"
        assert not [f for f in filas_de(tabla.data)[1:] if f and f[0] == str(numero)]


def test_la_busqueda_de_tesoreria_se_descarga_con_todas_sus_tablas(client: ClienteEstricto) -> None:
    una = fabricas.liquidacion((1000,))
    pagar(una)
    ingresar(client, "tesoreria")
    pedido = {"buscar": str(una.numero), "exportar": "csv"}
    filas = filas_de(client.enviar(f"{T}/buscar", pedido, "/gestion").data)
    assert filas[0][0] == "Factura"
    assert ["Pagos"] in filas


def test_los_reconocimientos_por_vencer_se_descargan_con_su_filtro(client: ClienteEstricto) -> None:
    ingresar(client, "rentas")
    filas = filas_de(client.get(f"{L}/reconocimientos?cuales=por-vencer&exportar=csv").data)
    assert any(f and f[0].startswith("Filtro: Vigentes que vencen") for f in filas)


def test_las_lineas_de_un_archivo_del_banco_se_descargan_en_csv(client: ClienteEstricto) -> None:
    ingresar(client, "auditor")
    assert client.get(f"{T}/archivos-del-banco/1?exportar=csv").status_code == 404


def test_lo_que_se_descarga_tiene_nombre_en_la_bitacora() -> None:
    assert ACCIONES["lista.exportar"]
