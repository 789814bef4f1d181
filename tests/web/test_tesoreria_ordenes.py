"""The screens of an order: proposing on a proof, keeping what was typed, the second person, and the file that never runs."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from portal.db import db, transaccion
from portal.dominio.archivos import MAXIMO_BYTES
from portal.dominio.casos import ClaseCaso
from portal.models import Bitacora, Caso, Liquidacion, OrdenTesoreria, Recaudo
from portal.operaciones import casos
from tests import ordenes as fabrica
from tests.archivos import pdf
from tests.conftest import ingresar
from tests.fabricas import AHORA, HOY, estados_de, liquidacion, pago
from tests.navegador_de_pruebas import ClienteEstricto
from tests.ordenes import MOTIVO, aprobar, credito, legalizacion, pagada, rechazar, tesorero

RAIZ = "/gestion/tesoreria"


def mandar(
    client: ClienteEstricto, ruta: str, contenido: bytes | None = None, *, htmx: bool = False, **datos: str
) -> Any:
    """A form with its file, as a browser sends it."""
    archivo = FileStorage(BytesIO(contenido or b""), "certificado.pdf" if contenido is not None else "")
    borde, cuerpo = encode_multipart({"csrf_token": client.csrf(), **datos, "archivo": archivo})
    cabeceras = {"HX-Request": "true"} if htmx else {}
    tipo = f'multipart/form-data; boundary="{borde}"'
    return client.post(RAIZ + ruta, data=cuerpo, content_type=tipo, headers=cabeceras)


def datos_de(una: Liquidacion, **otros: str) -> dict[str, str]:
    return {
        "facturas": ", ".join(str(f.numero) for f in una.facturas),
        "valor": "9.000",
        "banco": "Banco de prueba",
        "fecha_banco": (HOY - timedelta(days=1)).isoformat(),
        "referencia_banco": "000-123.456",
        "motivo": MOTIVO,
    } | otros


def una_orden() -> OrdenTesoreria:
    db.session.rollback()
    return db.session.scalars(select(OrdenTesoreria)).one()


def test_se_propone_y_la_pagina_dice_que_pasara(app: Flask, client: ClienteEstricto) -> None:
    una = liquidacion()
    numeros = [f.numero for f in una.facturas]
    yo = ingresar(client, "tesoreria")
    assert client.get(f"{RAIZ}/ordenes/legalizar").status_code == 200
    respuesta = mandar(client, "/ordenes/legalizar", pdf(), **datos_de(una))
    assert respuesta.status_code == 303
    orden = una_orden()
    assert (orden.propuesta_por, orden.referencia_banco, orden.valor) == (yo.id, "123456", 9000)
    pagina = client.get(respuesta.location).text
    assert f"La factura {numeros[0]} (Desarrollo Fronterizo, $4.000) quedará Legalizada." in pagina
    assert "debe aprobarla otra persona" in pagina
    assert "/aprobar" not in pagina
    assert estados_de(una) == ["liquidada", "liquidada"]


@pytest.mark.parametrize(
    ("cambio", "frase"),
    [
        ({"facturas": ""}, "Escriba este dato: Facturas"),
        ({"facturas": "uno y dos"}, "Escriba los números de factura"),
        ({"facturas": "999999"}, "No existe la factura 999999"),
        ({"valor": "8.999"}, "exactamente por lo que suman las facturas: $9.000"),
        ({"valor": "nada"}, "Escriba"),
        ({"fecha_banco": (HOY + timedelta(days=2)).isoformat()}, "un día que aún no llega"),
        ({"fecha_banco": "31/02/2025"}, "una fecha que exista"),
        ({"referencia_banco": "!"}, "Escriba el número del comprobante"),
        ({"motivo": ""}, "Escriba este dato: Motivo"),
    ],
)
def test_lo_malo_se_dice_y_no_se_pierde_lo_escrito(
    app: Flask, client: ClienteEstricto, cambio: dict[str, str], frase: str
) -> None:
    una = liquidacion()
    datos = datos_de(una, **cambio)
    ingresar(client, "tesoreria")
    for htmx in (False, True):
        respuesta = mandar(client, "/ordenes/legalizar", pdf(), htmx=htmx, **datos)
        assert (respuesta.status_code, frase in respuesta.text) == (422, True)
        assert 'value="Banco de prueba"' in respuesta.text
        assert respuesta.text.lstrip().startswith("<section") is htmx
    assert db.session.scalars(select(OrdenTesoreria)).all() == []


@pytest.mark.parametrize(
    ("contenido", "frase"),
    [(None, "Elija el archivo"), (b"MZ" * 90, "no es un PDF"), (pdf(b"x" * MAXIMO_BYTES), "más de 5 MB")],
)
def test_sin_una_prueba_buena_no_hay_orden(
    app: Flask, client: ClienteEstricto, contenido: bytes | None, frase: str
) -> None:
    una = liquidacion()
    datos = datos_de(una)
    ingresar(client, "tesoreria")
    respuesta = mandar(client, "/ordenes/legalizar", contenido, **datos)
    assert (respuesta.status_code, frase in respuesta.text) == (422, True)
    assert 'href="#archivo"' in respuesta.text
    assert db.session.scalars(select(OrdenTesoreria)).all() == []


def test_el_mismo_comprobante_dice_en_que_orden_esta(app: Flask, client: ClienteEstricto) -> None:
    primera = legalizacion(liquidacion(), tesorero(), referencia="123456").numero
    datos = datos_de(liquidacion())
    ingresar(client, "tesoreria")
    respuesta = mandar(client, "/ordenes/legalizar", pdf(), **datos)
    assert (respuesta.status_code, f"Ese comprobante ya está en la orden {primera}" in respuesta.text) == (422, True)


def test_otra_persona_aprueba_y_el_dinero_se_mueve(app: Flask, client: ClienteEstricto) -> None:
    una = liquidacion()
    numero = legalizacion(una, tesorero()).numero
    ingresar(client, "tesoreria")
    assert "Aprobar por $9.000" in client.get(f"{RAIZ}/ordenes/{numero}").text
    respuesta = client.enviar(f"{RAIZ}/ordenes/{numero}/aprobar", {}, follow_redirects=True)
    assert "el dinero se movió" in respuesta.text
    assert "Aprobar por" not in respuesta.text
    assert estados_de(una) == ["legalizada", "legalizada"]
    assert client.enviar(f"{RAIZ}/ordenes/{numero}/aprobar", {}).status_code == 409


def test_quien_propone_no_aprueba_ni_escribiendo_la_direccion(app: Flask, client: ClienteEstricto) -> None:
    una = liquidacion()
    datos = datos_de(una)
    ingresar(client, "tesoreria")
    mandar(client, "/ordenes/legalizar", pdf(), **datos)
    respuesta = client.enviar(f"{RAIZ}/ordenes/{una_orden().numero}/aprobar", {})
    assert (respuesta.status_code, "debe aprobarla otra persona" in respuesta.text) == (409, True)
    assert estados_de(una) == ["liquidada", "liquidada"]


def test_lo_que_ya_no_se_debe_se_avisa_y_no_se_aprueba(app: Flask, client: ClienteEstricto) -> None:
    una = liquidacion()
    orden = legalizacion(una, tesorero()).numero
    pagada(una)
    ingresar(client, "tesoreria")
    assert "ya no se debe: esta orden no se puede aprobar" in client.get(f"{RAIZ}/ordenes/{orden}").text
    respuesta = client.enviar(f"{RAIZ}/ordenes/{orden}/aprobar", {})
    assert (respuesta.status_code, "No se movió dinero" in respuesta.text) == (409, True)


def test_rechazar_pide_motivo(app: Flask, client: ClienteEstricto) -> None:
    numero = legalizacion(liquidacion(), tesorero()).numero
    ingresar(client, "tesoreria")
    ruta = f"{RAIZ}/ordenes/{numero}/rechazar"
    assert client.enviar(ruta, {"motivo": ""}).status_code == 422
    fragmento = client.enviar(ruta, {"motivo": "x" * 301}, headers={"HX-Request": "true"})
    assert (fragmento.status_code, "x" * 301 in fragmento.text) == (422, True)
    assert fragmento.text.lstrip().startswith("<section")
    assert client.enviar(ruta, {"motivo": "No es legible"}).status_code == 303
    assert "Motivo: No es legible" in client.get(f"{RAIZ}/ordenes/{numero}").text
    assert client.enviar(ruta, {"motivo": "Otra vez"}).status_code == 409


def test_revertir_muestra_lo_que_se_debera_de_nuevo(app: Flask, client: ClienteEstricto) -> None:
    una = liquidacion()
    recaudo, factura = pagada(una).id, una.facturas[0].numero
    ingresar(client, "tesoreria")
    ruta = f"/recaudos/{recaudo}/revertir"
    assert f"Factura {factura}: Desarrollo Fronterizo" in client.get(RAIZ + ruta).text
    assert mandar(client, ruta, pdf(), motivo="").status_code == 422
    respuesta = mandar(client, ruta, pdf(), motivo=MOTIVO)
    assert respuesta.status_code == 303
    assert (
        f"La factura {factura} (Desarrollo Fronterizo, $4.000) se deberá de nuevo."
        in client.get(respuesta.location).text
    )
    aprobar(una_orden(), tesorero())
    assert estados_de(una) == ["revertida", "revertida"]
    assert "ya fue revertido" in client.get(RAIZ + ruta).text
    assert mandar(client, ruta, pdf(), motivo=MOTIVO).status_code == 409
    assert client.get(f"{RAIZ}/recaudos/{recaudo}").status_code == 200


def test_aplicar_muestra_la_factura_antes_de_proponer(app: Flask, client: ClienteEstricto) -> None:
    una, cara = liquidacion((4000,)), liquidacion((9000,))
    recaudo = credito(7000).id
    caso = db.session.scalars(select(Caso.numero)).one()
    numero, otra = una.facturas[0].numero, cara.facturas[0].numero
    ruta = f"/recaudos/{recaudo}/aplicar"
    ingresar(client, "tesoreria")
    assert f'action="{RAIZ}{ruta}"' in client.get(f"{RAIZ}{ruta}?caso={caso}").text
    assert "no alcanza a pagarla" in client.get(f"{RAIZ}{ruta}?factura={otra}").text
    assert "No existe la factura 999999" in client.get(f"{RAIZ}{ruta}?factura=999999").text
    assert "separados por comas" in client.get(f"{RAIZ}{ruta}?factura=x").text
    elegida = client.get(f"{RAIZ}{ruta}?factura={numero}&caso={caso}").text
    assert "Proponer aplicar $4.000" in elegida
    assert "Desarrollo Fronterizo" in elegida
    vistas = db.session.scalars(select(Bitacora.objeto).where(Bitacora.accion == "factura.ver")).all()
    assert vistas == [f"factura:{otra}", f"factura:{numero}"], "who looked whose it is, is noted"
    for malo in ("", "999999", str(otra), f"{numero}, {otra}"):
        assert mandar(client, ruta, pdf(), factura=malo, motivo=MOTIVO).status_code == 422, malo
    sin_motivo = mandar(client, ruta, pdf(), htmx=True, factura=str(numero), motivo="")
    assert (sin_motivo.status_code, "Proponer aplicar $4.000" in sin_motivo.text) == (422, True)
    respuesta = mandar(client, ruta, pdf(), factura=str(numero), motivo=MOTIVO, caso=str(caso))
    assert respuesta.status_code == 303
    assert "Quedarán esperando $3.000" in client.get(respuesta.location).text
    assert una_orden().caso is not None
    aprobar(una_orden(), tesorero())
    assert estados_de(una) == ["legalizada"]


def test_un_caso_ajeno_al_recaudo_no_se_pega_a_la_orden(app: Flask, client: ClienteEstricto) -> None:
    uno, otro = credito(7000).id, credito(8000)
    ajeno = db.session.scalars(select(Caso.numero).where(Caso.recaudo_id == otro.id)).one()
    ingresar(client, "tesoreria")
    for caso in (str(ajeno), "no", "99999"):
        assert mandar(client, f"/recaudos/{uno}/revertir", pdf(), motivo=MOTIVO, caso=caso).status_code == 303
    assert {o.caso_id for o in db.session.scalars(select(OrdenTesoreria))} == {None}


def test_desde_un_caso_el_formulario_ya_trae_lo_que_se_debe(app: Flask, client: ClienteEstricto) -> None:
    una = liquidacion()
    uno = pago(una)
    numeros = ", ".join(str(f.numero) for f in una.facturas)
    with transaccion():
        caso = casos.abrir(ClaseCaso.SIN_RESOLVER, "x", ahora=AHORA, pago_id=uno.id).numero
    datos = datos_de(una, caso=str(caso))
    ingresar(client, "tesoreria")
    pagina = client.get(f"{RAIZ}/ordenes/legalizar?caso={caso}").text
    assert f'value="{numeros}"' in pagina
    assert "Error" not in pagina
    respuesta = mandar(client, "/ordenes/legalizar", pdf(), **datos)
    assert "tiene un pago en el banco" in client.get(respuesta.location).text
    aprobar(una_orden(), tesorero())
    pagina = client.get(f"{RAIZ}/casos/{caso}").text
    assert "Lo ordenaron dos personas de Tesorería" in pagina
    assert "Legalización manual, orden 1: la aprobó" in pagina


def test_un_comprobante_que_ya_llego_por_otro_lado_se_advierte(app: Flask, client: ClienteEstricto) -> None:
    ana = tesorero()
    rechazar(legalizacion(liquidacion(), ana), tesorero())
    with transaccion():
        fabrica.recaudar(
            fabrica.Credito(fabrica.CanalRecaudo.VENTANILLA, "banco", "linea1", "banco:1", 500, autorizacion="555777"),
            [],
            ahora=AHORA,
        )
    recaudo = db.session.scalars(select(Recaudo.id)).one()
    numero = legalizacion(liquidacion(), ana, referencia="555777").numero
    ingresar(client, "auditor")
    pagina = client.get(f"{RAIZ}/ordenes/{numero}").text
    assert f"El recaudo {recaudo} tiene ese mismo número" in pagina
    assert "El mismo archivo es la prueba de otra orden: 1" in pagina
    assert "<form" not in pagina.split("<main")[1], "an auditor only reads"


def test_la_prueba_se_baja_y_nunca_corre_como_pagina(app: Flask, client: ClienteEstricto) -> None:
    numero = legalizacion(liquidacion(), tesorero()).numero
    ingresar(client, "auditor")
    enlace = re.search(rf'href="({RAIZ}/ordenes/evidencia/[^"]+)"', client.get(f"{RAIZ}/ordenes/{numero}").text)
    assert enlace
    bajado = client.get(enlace[1])
    assert (bajado.data, bajado.mimetype) == (pdf(), "application/pdf")
    assert bajado.headers["Content-Disposition"] == "attachment; filename=certificado.pdf"
    assert bajado.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_las_listas_separan_lo_que_espera_de_lo_resuelto(app: Flask, client: ClienteEstricto) -> None:
    ana = tesorero()
    viva, muerta = legalizacion(liquidacion(), ana).numero, legalizacion(liquidacion(), ana)
    rechazar(muerta, ana)
    ingresar(client, "auditor")
    pendientes = client.get(f"{RAIZ}/ordenes").text
    resueltas = client.get(f"{RAIZ}/ordenes?filtro=resueltas").text
    for pagina, esta, falta in ((pendientes, viva, muerta.numero), (resueltas, muerta.numero, viva)):
        assert f'{RAIZ}/ordenes/{esta}"' in pagina
        assert f'{RAIZ}/ordenes/{falta}"' not in pagina
    hoja = CalamineWorkbook.from_filelike(
        BytesIO(client.get(f"{RAIZ}/ordenes?filtro=resueltas&exportar=xlsx").data)
    ).get_sheet_by_name("Órdenes")
    assert len(hoja.to_python()) == 3 + 3, "notes, a line apart, titles and one order"
    assert "Hay una orden" in client.get(RAIZ).text


@pytest.mark.parametrize("rol", ["auditor", "administrador"])
def test_quien_lee_no_propone_ni_resuelve(app: Flask, client: ClienteEstricto, rol: str) -> None:
    una = liquidacion()
    numero = legalizacion(una, tesorero()).numero
    ingresar(client, rol)
    for accion in ("aprobar", "rechazar"):
        assert client.enviar(f"{RAIZ}/ordenes/{numero}/{accion}", {"motivo": "No"}).status_code == 403
    assert client.get(f"{RAIZ}/ordenes/legalizar").status_code == 403
    assert estados_de(una) == ["liquidada", "liquidada"]
