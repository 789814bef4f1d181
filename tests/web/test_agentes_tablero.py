"""`/gestion/agentes`: who declared, who is late, what does not square."""

from io import BytesIO
from types import SimpleNamespace

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from portal.db import db
from portal.dominio.declaraciones import EstadoDeclaracion, mes_anterior, mes_de
from portal.models import Agente
from portal.models.usuario import Rol
from portal.operaciones.agentes import tablero as meses
from portal.web.reloj import hoy
from tests.agentes import agente, persona, retenida, suya
from tests.conftest import ingresar
from tests.fabricas import HOY
from tests.tableros import version

TABLERO = "/gestion/agentes"
LEEN = ("rentas", "tesoreria", "administrador", "auditor")
ESTE = f"{HOY:%Y-%m}"


def _con_retenciones(nombre: str) -> Agente:
    entidad = agente(nombre=nombre)
    retenida(suya(entidad), persona(Rol.AGENTE, entidad))
    return entidad


@pytest.mark.parametrize("rol", LEEN)
def test_el_mes_que_se_debe_ahora_es_el_anterior(client: FlaskClient, rol: str) -> None:
    entidad = agente(nombre="Hospital Ñandú")
    version(entidad, mes_anterior(hoy()), EstadoDeclaracion.PRESENTADO)
    ingresar(client, rol)
    pagina = client.get(TABLERO).text
    assert "Hospital Ñandú" in pagina
    assert "Presentado</span>" in pagina
    assert "Sin abrir</span>" in client.get(f"{TABLERO}?mes={ESTE}").text


@pytest.mark.parametrize("mes", ["2026-13", "ayer", "1999-12", "2900-01"])
def test_un_mes_que_no_se_puede_mostrar_no_existe(client: FlaskClient, mes: str) -> None:
    ingresar(client, "rentas")
    for pagina in ("", "/doce-meses", "/tablero.csv"):
        assert client.get(f"{TABLERO}{pagina}?mes={mes}").status_code == 404


def test_se_filtra_por_estado_y_se_busca_sin_tildes(client: FlaskClient) -> None:
    debe, cuadra = _con_retenciones("Contraloría"), agente(nombre="Asamblea")
    version(cuadra, mes_de(HOY), EstadoDeclaracion.ACEPTADO)
    ingresar(client, "rentas")

    def esta(consulta: str) -> list[bool]:
        texto = client.get(f"{TABLERO}?mes={ESTE}&{consulta}").text
        return [f">{uno.nombre}</a>" in texto for uno in (debe, cuadra)]

    assert esta("") == [True, True]
    assert esta("mostrar=con_diferencia") == [True, False]
    assert esta("mostrar=sin_presentar") == [True, False]
    assert esta("mostrar=vencidas") == [False, False]
    assert esta("mostrar=cualquiera") == [True, True]
    assert esta("buscar=contraloria") == [True, False]


def test_lo_que_vencio_sin_presentar_se_ve_en_mora(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    agente(nombre="Hospital")
    hace_un_ano = hoy().replace(year=hoy().year - 1, day=1)
    monkeypatch.setattr(meses, "plazos_de", lambda *_: lambda _mes: SimpleNamespace(dia=hace_un_ano))
    ingresar(client, "tesoreria")
    pagina = client.get(f"{TABLERO}?mostrar=vencidas").text
    assert "Sin abrir, vencida" in pagina
    assert "días tarde" in pagina


def test_lo_que_se_descarga_es_lo_que_se_ve(client: FlaskClient) -> None:
    _con_retenciones("Contraloría")
    agente(nombre="=Asamblea")
    ingresar(client, "auditor")
    libro = CalamineWorkbook.from_filelike(BytesIO(client.get(f"{TABLERO}?exportar=xlsx&mes={ESTE}").data))
    filas = libro.get_sheet_by_index(0).to_python()
    assert [f[0] for f in filas[-3:]] == ["=Asamblea", "Contraloría", "Total"]
    titulos = filas[-4]
    assert [filas[-1][titulos.index(t)] for t in ("Retenido", "Consignaciones aceptadas", "Diferencia")] == [
        9000,
        0,
        9000,
    ]
    csv = client.get(f"{TABLERO}?exportar=csv&mes={ESTE}&buscar=asamblea")
    lineas = csv.data.decode("utf-8-sig").splitlines()
    assert csv.mimetype == "text/csv"
    assert [linea.split(";")[0] for linea in lineas[:3]] == ["Entidad", "'=Asamblea", "Total"]


def test_la_matriz_trae_doce_meses_de_cada_entidad(client: FlaskClient) -> None:
    entidad = agente(nombre="Hospital")
    version(entidad, mes_anterior(mes_anterior(hoy())), EstadoDeclaracion.DEVUELTO)
    ingresar(client, "rentas")
    pagina = client.get(f"{TABLERO}/doce-meses").text
    assert pagina.count('class="mes"') + pagina.count('class="mes sin-mes"') == 24
    assert 'title="Devuelto"' in pagina
    assert client.get(f"{TABLERO}/doce-meses", headers={"HX-Request": "true"}).text.lstrip().startswith("<section")


def test_la_entidad_muestra_sus_meses_y_lo_que_debe_segun_el_libro(client: FlaskClient) -> None:
    entidad = _con_retenciones("Contraloría")
    ingresar(client, "administrador")
    pagina = client.get(f"{TABLERO}/{entidad.codigo}").text
    assert "Debe según el libro" in pagina
    assert "<strong>$9.000</strong>" in pagina
    assert "no dicen lo mismo" not in pagina
    assert client.get(f"{TABLERO}/no-existe").status_code == 404


def test_pedir_correccion_es_de_rentas(client: FlaskClient) -> None:
    version(agente(), mes_de(HOY), EstadoDeclaracion.ACEPTADO)
    for rol, puede in (("rentas", True), ("tesoreria", False), ("auditor", False)):
        ingresar(client, rol)
        assert ("Pedir corrección" in client.get(f"{TABLERO}?mes={ESTE}").text) is puede


@pytest.mark.parametrize("rol", ["agente", "funcionario"])
def test_los_demas_no_entran(client: FlaskClient, rol: str) -> None:
    entidad = agente()
    ingresar(client, rol)
    for pagina in ("/doce-meses", "/tablero.csv", f"/{entidad.codigo}"):
        assert client.get(f"{TABLERO}{pagina}").status_code == 403
    assert client.get(TABLERO).status_code == (303 if rol == "agente" else 403)


def test_rentas_pide_correccion_de_lo_aceptado_con_su_motivo(client: FlaskClient) -> None:
    entidad, mes = agente(), mes_anterior(hoy())
    aceptada = version(entidad, mes, EstadoDeclaracion.ACEPTADO)
    ingresar(client, "rentas")
    pagina = client.get(TABLERO).text
    accion = f"{TABLERO}/{entidad.codigo}/{mes:%Y-%m}/devolver"
    assert f'action="{accion}"' in pagina
    assert client.enviar(accion, {"motivo": "", "version": "1"}).status_code == 422
    assert client.enviar(accion, {"motivo": "Falta un acto", "version": "1"}).status_code == 303
    db.session.refresh(aceptada)
    assert (aceptada.estado, aceptada.motivo_devolucion) == (EstadoDeclaracion.DEVUELTO, "Falta un acto")
    assert "Devuelto</span>" in client.get(TABLERO).text
    assert "Pedir corrección" not in client.get(TABLERO).text
