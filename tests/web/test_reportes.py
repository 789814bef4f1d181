"""The pages of the reports: every figure opens rows that sum to it, filters are in the address, files are safe and bounded."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from html import unescape

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from portal.blueprints.reportes.catalogo import INFORMES
from portal.db import db
from portal.dominio.topes import PlanDeTopes, RecaudadoAntes, Tope
from portal.models import Bitacora, Liquidacion
from portal.models.usuario import Rol
from portal.operaciones.normativa import normativa_de
from portal.operaciones.reportes import topes as de_los_topes
from portal.operaciones.reportes.filtros import Dimension
from tests import fabricas, reportes, reportes_raros
from tests.cierres import DIA, pagado
from tests.conftest import ingresar
from tests.navegador_de_pruebas import ClienteEstricto
from tests.operaciones.test_reportes_doscientas_mil import repartos

R = "/gestion/reportes"
TODO = "desde=2024-01-01&hasta=2027-12-31"
_CIFRA = re.compile(r'<a href="([^"]*/renglones\?[^"]*)">([^<]+)</a>')


@pytest.fixture
def mundo(app: Flask) -> None:
    reportes_raros.hacer()
    reportes.construir(60)


def cifras(client: ClienteEstricto, direccion: str) -> list[tuple[str, str]]:
    respuesta = client.get(direccion)
    assert respuesta.status_code == 200, direccion
    return [(unescape(enlace), texto) for enlace, texto in _CIFRA.findall(respuesta.text)]


def suma_dicha(texto: str) -> str:
    """What the foot of the rows says that the figure is: their sum, their number, or the share of a destination."""
    parte = re.search(r"le corresponden ([^<]+)\.</p>", texto)
    return (parte or re.search(r"Suman ([^<]+)\.</p>", texto) or [None, ""])[1]


def todas_las_direcciones() -> Iterator[str]:
    for clave, informe in INFORMES.items():
        # What each grouping adds is compared with the ledger in another test; here, that its links say the same.
        grupos = ["", *(f"&por={d.value}" for d in (Dimension.ENTIDAD, Dimension.MES) if d in informe.por)]
        yield from (f"{R}/{clave}?{TODO}{grupo}" for grupo in grupos)
    yield f"{R}/recaudo?{TODO}&por=entidad&y=mes&canal=ventanilla"
    yield f"{R}/recaudo?{TODO}&por=cuenta&y=acto"


@pytest.mark.usefixtures("mundo")
def test_cada_cifra_de_cada_reporte_abre_renglones_que_la_suman(
    client: ClienteEstricto, monkeypatch: pytest.MonkeyPatch
) -> None:
    normas = replace(normativa_de("putumayo"), repartos=repartos())
    for modulo in ("informes_de_ley", "views"):
        monkeypatch.setattr(
            f"portal.blueprints.reportes.{modulo}.normativa_de",
            lambda d: normas if d == "putumayo" else normativa_de(d),
        )
    ingresar(client, "auditor")
    abiertas: dict[str, tuple[str, int]] = {}
    for direccion in todas_las_direcciones():
        halladas = cifras(client, direccion)
        assert halladas, direccion
        for enlace, cifra in halladas:
            if enlace not in abiertas:
                pagina = client.get(enlace)
                assert pagina.status_code == 200, enlace
                renglones = re.search(r": ([0-9.]+) rengl", pagina.text)
                assert renglones, enlace
                abiertas[enlace] = suma_dicha(pagina.text), int(renglones[1].replace(".", ""))
            suma, cuantos = abiertas[enlace]
            if cifra.lstrip("-").startswith("$"):
                assert suma == cifra, (direccion, enlace)
            else:
                assert cuantos == int(cifra.replace(".", "")), (direccion, enlace)
    assert len(abiertas) > 150


@pytest.mark.usefixtures("mundo")
def test_las_paginas_de_renglones_suman_lo_que_dice_su_pie(client: ClienteEstricto) -> None:
    ingresar(client, "tesoreria")
    direccion = f"{R}/renglones?de=recaudo&columna=neto&dinero=estampillas&{TODO}"
    primera = client.get(direccion).text
    paginas = int(re.search(r'aria-current="page">1 de ([0-9]+)<', primera)[1])  # type: ignore[index]
    suma = Decimal(0)
    for numero in range(1, paginas + 1):
        for texto in re.findall(
            r'data-titulo="Valor" class="importe">([^<]+)<', client.get(f"{direccion}&pagina={numero}").text
        ):
            suma += Decimal(texto.replace("$", "").replace(".", "").replace(",", "."))
    dicha = suma_dicha(primera).replace("$", "").replace(".", "").replace(",", ".")
    assert paginas > 3
    assert suma == Decimal(dicha)


def test_la_direccion_de_antes_sigue_sirviendo(client: ClienteEstricto) -> None:
    pagado()
    ingresar(client, "rentas")
    antes = client.get(f"{R}?desde={DIA}&hasta={DIA}")
    assert (antes.status_code, antes.location) == (308, f"{R}/recaudo?desde={DIA}&hasta={DIA}")
    pagina = client.get(antes.location).text
    assert all(x in pagina for x in ("Cuadra con el libro", "$9.000", "$4.000", "$5.000", "PSE", "Impreso por"))
    libro = client.get(f"{R}/excel?desde={DIA}&hasta={DIA}&reporte=topes&_external=1")
    assert libro.status_code == 308
    hojas = CalamineWorkbook.from_filelike(io.BytesIO(client.get(libro.location).data))
    filas = hojas.get_sheet_by_name("Recaudo").to_python()
    assert filas[-1] == ["Total de estampillas", "", 9000, 0, 0, 0, 0, 9000]
    assert "no se recaudó nada" in client.get(f"{R}/recaudo?desde=2021-01-01&hasta=2021-01-02").text


@pytest.mark.parametrize(
    "pedido",
    [
        "desde=x&hasta=2026-01-01",
        "desde=2026-02-01&hasta=2026-01-01",
        "desde=2026-01-01",
        f"{TODO}&estampilla=NINGUNA",
        f"{TODO}&canal=trueque",
        f"{TODO}&cuenta=otra",
        f"{TODO}&entidad=901805364",
        f"{TODO}&entidad='",
        f"{TODO}&acto=NO-HAY",
        f"{TODO}&por=color",
        f"{TODO}&por=mes&y=mes",
    ],
)
def test_un_filtro_malo_se_explica_y_conserva_lo_escrito(client: ClienteEstricto, pedido: str) -> None:
    ingresar(client, "auditor")
    for direccion in ("recaudo", "recaudo.xlsx", "recaudo.csv"):
        respuesta = client.get(f"{R}/{direccion}?{pedido}")
        assert respuesta.status_code == 422
        assert "Hay un problema" in respuesta.text
        desde = re.search(r"desde=([^&]+)", pedido)
        assert desde is not None
        assert f'value="{desde[1]}"' in respuesta.text


@pytest.mark.parametrize(
    "pedido",
    [
        "de=otro&columna=neto",
        "de=recaudo&columna=cobrado",
        "de=recaudo&columna=neto&canal=trueque",
        "de=recaudo&columna=neto&estampilla=%27%20OR%201",
        "de=recaudo&columna=neto&entidad=99999",
        "de=recaudo&columna=neto&dinero=todo",
    ],
)
def test_un_enlace_inventado_no_abre_nada(client: ClienteEstricto, pedido: str) -> None:
    ingresar(client, "auditor")
    for direccion in ("renglones", "renglones.xlsx", "renglones.csv"):
        assert client.get(f"{R}/{direccion}?{TODO}&{pedido}").status_code == 422
    assert client.get(f"{R}/renglones?de=recaudo&columna=neto").status_code == 422
    assert client.get(f"{R}/ninguno").status_code == 404


@pytest.mark.usefixtures("mundo")
def test_ni_direcciones_ni_renglones_dicen_de_quien_son(client: ClienteEstricto) -> None:
    ingresar(client, "tesoreria")
    for enlace, _ in cifras(client, f"{R}/recaudo?{TODO}&por=entidad"):
        assert not re.search(r"[0-9]{9}", enlace), "no NIT in an address"
    documentos = set(db.session.scalars(select(Liquidacion.documento)))
    nombres = {"Contribuyente de prueba", "prueba"}
    pagina = client.get(f"{R}/renglones?de=liquidado&columna=liquidado&{TODO}")
    assert not any(x in pagina.text for x in documentos | nombres)
    nota = db.session.scalars(select(Bitacora).where(Bitacora.accion == "reporte.renglones")).one()
    assert (nota.objeto, nota.detalle["columna"], nota.detalle["desde"]) == (
        "reporte:liquidado",
        "liquidado",
        "2024-01-01",
    )
    assert nota.usuario_id is not None


@pytest.mark.usefixtures("mundo")
def test_los_archivos_traen_lo_mismo_con_celdas_seguras(client: ClienteEstricto) -> None:
    ingresar(client, "rentas")
    pedido = f"{TODO}&por=entidad"
    csv = client.get(f"{R}/recaudo.csv?{pedido}")
    assert csv.content_type == "text/csv; charset=utf-8"
    assert csv.data.startswith(b"\xef\xbb\xbf")
    lineas = csv.data.decode("utf-8-sig").splitlines()
    assert lineas[0] == "Entidad;Recaudado;Aplicado;Revertido;No debido;Devuelto;Neto;Nota"
    assert any(linea.startswith("'=GOBERNACION+1;") for linea in lineas), "a name that a spreadsheet would run"
    assert not any(linea.startswith("Total") for linea in lineas)
    hoja = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{R}/recaudo.xlsx?{pedido}").data)).get_sheet_by_index(
        0
    )
    filas = [
        f for f in hoja.to_python() if len(f) > 6 and isinstance(f[6], float) and not str(f[0]).startswith("Total")
    ]
    for linea, fila in zip(lineas[1:], filas, strict=True):
        nombre, *valores = linea.split(";")
        assert nombre.removeprefix("'") == fila[0]
        assert [Decimal(v.replace(",", ".")) for v in valores[:6]] == [Decimal(str(x)) for x in fila[1:7]]
    for reporte in INFORMES:
        for forma in ("csv", "xlsx"):
            assert client.get(f"{R}/{reporte}.{forma}?{TODO}").status_code == 200


def test_los_renglones_se_descargan_hasta_su_limite(client: ClienteEstricto, monkeypatch: pytest.MonkeyPatch) -> None:
    pagado()
    ingresar(client, "auditor")
    pedido = f"{TODO}&de=recaudo&columna=neto&dinero=estampillas"
    csv = client.get(f"{R}/renglones.csv?{pedido}").data.decode("utf-8-sig").splitlines()
    assert csv[0] == "Fecha;Asiento;Factura;Estampilla;Acto;Entidad;Canal;Clase;Valor"
    assert [linea.rsplit(";", 1)[1] for linea in csv[1:]] == ["4000", "5000"]
    assert client.get(f"{R}/renglones.xlsx?{pedido}").status_code == 200
    monkeypatch.setattr("portal.blueprints.reportes.views.MAXIMO_EXPORTADO", 1)
    muchos = client.get(f"{R}/renglones.csv?{pedido}")
    assert muchos.status_code == 422
    assert "Son 2 renglones" in muchos.text
    assert "Descargar" not in client.get(f"{R}/renglones?{pedido}").text


@pytest.mark.parametrize("rol", [Rol.FUNCIONARIO, Rol.AGENTE])
def test_quien_no_es_de_hacienda_no_ve_reportes(client: ClienteEstricto, rol: Rol) -> None:
    ingresar(client, rol.value)
    for direccion in ("", "/recaudo", "/recaudo.xlsx", "/renglones"):
        assert client.get(f"{R}{direccion}").status_code == 403


def test_el_tope_avisa_a_tiempo_y_dice_con_que_compara(
    client: ClienteEstricto, monkeypatch: pytest.MonkeyPatch
) -> None:
    pagado((4000, 5000))
    ingresar(client, "tesoreria")
    sin_avisar = client.get(f"{R}/topes").text
    assert all(
        x in sin_avisar for x in ("$300.000.000.000", "$400.000.000.000", "a precios de 2012", "pesos corrientes")
    )
    assert "no está en nuestras fuentes" in sin_avisar
    assert "aviso-alerta" not in sin_avisar.split("<h2>")[1]

    def con(tope: int, antes: int) -> str:
        uno = Tope("E0", Decimal(tope), "Ley inventada", "art. 1", fabricas.HOY.replace(year=2020))
        dicho = RecaudadoAntes(Decimal(antes), fabricas.HOY.replace(year=2021), "Certificación de la Contraloría")
        plan = PlanDeTopes((uno,), (Decimal(70), Decimal(90)), (("E0", dicho),) if antes else ())
        monkeypatch.setattr("portal.blueprints.reportes.informes_de_ley.topes_de", lambda _: plan)
        return client.get(f"{R}/topes").text

    assert "pasó del 70 % del tope" in con(5000, 0)
    assert "pasó del 90 % del tope" in con(5000, 500)
    pagina = con(5000, 1000)
    assert all(x in pagina for x in ("alcanzó el tope", "Tope alcanzado", "Certificación de la Contraloría"))
    assert de_los_topes.topes_de("narino") == PlanDeTopes()
    monkeypatch.setattr("portal.blueprints.reportes.informes_de_ley.topes_de", lambda _: PlanDeTopes())
    assert "tiene un tope en nuestras fuentes" in client.get(f"{R}/topes").text


def test_agrupar_dice_todas_las_dimensiones(client: ClienteEstricto) -> None:
    ingresar(client, "auditor")
    pagina = client.get(f"{R}/recaudo").text
    assert all(f'value="{d.value}"' in pagina for d in Dimension)
    inicio = client.get(R).text
    assert all(informe.frase in unescape(inicio) for informe in INFORMES.values())
