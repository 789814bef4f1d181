"""Asking for a refund and following it: step by step, nothing lost on the way, and nothing of the account shown to anybody."""

import re
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from portal.db import db
from portal.dominio.archivos import MAXIMO_BYTES
from portal.dominio.devoluciones import CausalDevolucion, EstadoDevolucion
from portal.models import Devolucion
from tests.archivos import pdf, png
from tests.devoluciones import aprobada, distinto, doble, estudiada, girar, pagado, pedir
from tests.fabricas import liquidacion, pago
from tests.navegador_de_pruebas import ClienteEstricto

DATOS = {
    "causal": "doble",
    "explicacion": "El banco me cobró dos veces.",
    "banco": "Banco de Bogotá",
    "tipo_cuenta": "ahorros",
    "cuenta": "084-951.400 0",
    "titular": "Prueba Pagadora",
    "tipo_documento": "CC",
    "documento": "1.212.312.323",
    "correo": "prueba@correo.test",
    "telefono": "300 123 4567",
}
CLAVE = "k" * 24


def mandar(client: ClienteEstricto, codigo: str, contenido: bytes | None = None, **cambios: Any) -> Any:
    """The last step, with its file, as a browser sends it."""
    campos: dict[str, Any] = {"csrf_token": client.csrf(), "pago": codigo, "clave": CLAVE} | DATOS | cambios
    if contenido is not None:
        campos["archivo"] = FileStorage(BytesIO(contenido), "certificación.pdf")
    borde, cuerpo = encode_multipart(campos)
    return client.post("/devolucion/enviar", data=cuerpo, content_type=f'multipart/form-data; boundary="{borde}"')


def ocultos(texto: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', texto))


def unica() -> Devolucion:
    db.session.expire_all()
    return db.session.scalars(select(Devolucion)).one()


def test_todo_el_camino_con_solo_lo_que_cada_pagina_pregunta(client: ClienteEstricto) -> None:
    uno = doble()
    pagina = client.get(f"/pago/{uno.codigo}").text
    assert f'href="/devolucion/de/{uno.codigo}">Pedir la devolución' in pagina
    motivo = client.get(f"/devolucion/de/{uno.codigo}").text
    assert "$9.000" in motivo
    assert re.search(r'value="doble" checked', motivo), "the only ground is chosen"
    llevado = ocultos(motivo) | {"causal": "doble", "explicacion": DATOS["explicacion"]}
    cuenta = client.enviar("/devolucion/cuenta", llevado)
    assert cuenta.status_code == 200
    propios = {n: DATOS[n] for n in ("banco", "tipo_cuenta", "cuenta", "titular", "tipo_documento", "documento")}
    contacto = client.enviar("/devolucion/contacto", ocultos(cuenta.text) | propios)
    assert contacto.status_code == 200
    revisar = client.enviar(
        "/devolucion/revisar", ocultos(contacto.text) | {n: DATOS[n] for n in ("correo", "telefono")}
    )
    assert revisar.status_code == 200
    for dato in ("Banco de Bogotá, ahorros, 0849514000", "CC 1.212.312.323", "$9.000", "prueba@correo.test"):
        assert dato in revisar.text
    vueltos = ocultos(revisar.text)
    assert vueltos["cuenta"] == DATOS["cuenta"], "what was typed is what travels"
    campos = vueltos | {"csrf_token": client.csrf(), "archivo": FileStorage(BytesIO(pdf()), "c.pdf")}
    borde, cuerpo = encode_multipart(campos)
    salida = client.post("/devolucion/enviar", data=cuerpo, content_type=f'multipart/form-data; boundary="{borde}"')
    assert salida.status_code == 303
    una = unica()
    assert salida.location == f"/devolucion/{una.codigo}"
    assert (una.cuenta, una.titular_documento, una.valor) == ("0849514000", "1212312323", 9000)
    assert "Ya hay una devolución en curso" in client.get(f"/devolucion/de/{uno.codigo}").text
    assert "Pedir la devolución" not in client.get(f"/pago/{uno.codigo}").text


def test_el_seguimiento_dice_el_estado_y_nada_de_la_cuenta(client: ClienteEstricto) -> None:
    una = pedir(doble())
    codigo, numero = una.codigo, una.numero
    for avanzar, nombre in ((lambda: None, "Solicitada"), (lambda: estudiada(una), "En estudio")):
        avanzar()
        texto = client.get(f"/devolucion/{codigo}").text
        assert f"<h2>{nombre}</h2>" in texto
        assert "50 días hábiles" in texto
        assert "Estatuto Tributario, artículo 855" in texto
    for dato in (
        "123456789",
        "1212312323",
        "1.212.312.323",
        "Prueba Pagadora",
        "Banco de prueba",
        "Tesorera",
        "confirma",
    ):
        assert dato not in texto
    hallada = client.enviar("/devolucion/consultar", {"codigo": f" http://localhost/devolucion/{codigo} "})
    assert hallada.location == f"/devolucion/{codigo}"
    assert f"Devolución {numero}" in texto


def test_pagada_dice_cuando_y_con_que_referencia(client: ClienteEstricto) -> None:
    uno = doble()
    una = aprobada(pedir(uno))
    assert "fue aprobada" in client.get(f"/devolucion/{una.codigo}").text
    girar(una, "TR-77")
    texto = client.get(f"/devolucion/{una.codigo}").text
    assert "TR-77" in texto
    assert "0849514000" not in texto
    pagina = client.get(f"/pago/{uno.codigo}").text
    assert "Este pago se devolvió" in pagina
    assert "Descargar el comprobante" not in pagina
    assert client.get(f"/pago/{uno.codigo}/comprobante.pdf").status_code == 404


def test_se_retira_con_una_confirmacion_y_se_pide_de_nuevo(client: ClienteEstricto) -> None:
    una = pedir(doble())
    assert "¿Retirar la solicitud?" in client.get(f"/devolucion/{una.codigo}/desistir").text
    assert unica().estado is EstadoDevolucion.SOLICITADA, "reading changes nothing"
    for _ in range(2):
        assert client.enviar(f"/devolucion/{una.codigo}/desistir", {}).location == f"/devolucion/{una.codigo}"
    assert unica().estado is EstadoDevolucion.DESISTIDA
    assert "Pedirla de nuevo" in client.get(f"/devolucion/{una.codigo}").text


def test_aprobada_ya_no_se_retira(client: ClienteEstricto) -> None:
    una = aprobada(pedir(doble()))
    client.enviar(f"/devolucion/{una.codigo}/desistir", {})
    assert unica().estado is EstadoDevolucion.APROBADA


@pytest.mark.parametrize(
    ("campo", "valor", "pagina"),
    [
        ("causal", "exceso", "¿Por qué pide"),
        ("causal", "no_debido", "¿Por qué pide"),
        ("explicacion", "", "¿Por qué pide"),
        ("explicacion", "x" * 1001, "¿Por qué pide"),
        ("factura", "abc", "¿Por qué pide"),
        ("banco", "", "¿A qué cuenta"),
        ("tipo_cuenta", "corrida", "¿A qué cuenta"),
        ("cuenta", "12", "¿A qué cuenta"),
        ("cuenta", "12345678901234567890123", "¿A qué cuenta"),
        ("cuenta", "ES12 3456", "¿A qué cuenta"),
        ("titular", "mal\u202eo", "¿A qué cuenta"),
        ("tipo_documento", "XX", "¿A qué cuenta"),
        ("documento", "012", "¿A qué cuenta"),
        ("correo", "sin arroba", "¿Cómo le respondemos"),
        ("telefono", "abc", "¿Cómo le respondemos"),
    ],
)
def test_un_dato_malo_vuelve_a_su_paso_sin_perder_los_demas(
    client: ClienteEstricto, campo: str, valor: str, pagina: str
) -> None:
    uno = doble()
    respuesta = mandar(client, uno.codigo, pdf(), **{campo: valor})
    assert respuesta.status_code == 422
    assert pagina in respuesta.text
    assert "Hay un problema" in respuesta.text
    for nombre in ("banco", "correo", "explicacion"):
        if nombre != campo:
            assert DATOS[nombre] in respuesta.text
    assert db.session.scalars(select(Devolucion)).all() == []


@pytest.mark.parametrize(
    ("contenido", "dice"),
    [
        (None, "Elija la certificación"),
        (b"", "vacío"),
        (png(), "debe ser un PDF"),
        (pdf(b"x" * MAXIMO_BYTES), "pesa más"),
    ],
)
def test_una_certificacion_que_no_sirve_se_corrige_sin_perder_lo_escrito(
    client: ClienteEstricto, contenido: bytes | None, dice: str
) -> None:
    uno = doble()
    respuesta = mandar(client, uno.codigo, contenido)
    assert respuesta.status_code == 422
    assert dice in respuesta.text
    assert "Revise y adjunte la certificación" in respuesta.text
    assert ocultos(respuesta.text)["banco"] == DATOS["banco"]
    assert db.session.scalars(select(Devolucion)).all() == []


def test_un_archivo_enorme_se_rechaza_con_una_frase(client: ClienteEstricto) -> None:
    respuesta = mandar(client, doble().codigo, b"x" * (4 * MAXIMO_BYTES + 1))
    assert respuesta.status_code == 413
    assert "lo que escribió sigue ahí" in respuesta.text


def test_enviar_dos_veces_pide_una_y_otra_clave_ya_no_puede(client: ClienteEstricto) -> None:
    uno = doble()
    primera, segunda = mandar(client, uno.codigo, pdf()), mandar(client, uno.codigo, pdf())
    assert primera.location == segunda.location == f"/devolucion/{unica().codigo}"
    assert mandar(client, uno.codigo, pdf(), clave="z" * 24).status_code in (409, 422)
    assert unica().numero == 1


def test_las_estampillas_no_debidas_se_eligen_por_su_factura(client: ClienteEstricto) -> None:
    una, uno = pagado()
    numero = una.facturas[1].numero
    assert "¿Pagó una estampilla que no debía?" in client.get(f"/pago/{uno.codigo}").text
    motivo = client.get(f"/devolucion/de/{uno.codigo}").text
    assert motivo.count('name="factura"') == 2
    revisar = client.enviar(
        "/devolucion/revisar", DATOS | {"pago": uno.codigo, "causal": "no_debido", "factura": [str(numero)]}
    ).text
    assert "$5.000" in revisar
    assert f'name="factura" value="{numero}"' in revisar
    assert mandar(client, uno.codigo, pdf(), causal="no_debido", factura=str(numero)).status_code == 303
    assert (unica().causal, unica().valor) == (CausalDevolucion.NO_DEBIDO, 5000)


@pytest.mark.parametrize("factura", ["999999", "-1", "1e3", "9" * 30])
def test_una_factura_ajena_no_se_devuelve(client: ClienteEstricto, factura: str) -> None:
    _, uno = pagado()
    assert mandar(client, uno.codigo, pdf(), causal="no_debido", factura=factura).status_code == 422
    assert db.session.scalars(select(Devolucion)).all() == []


def test_los_valores_no_viajan_ni_se_creen(client: ClienteEstricto) -> None:
    uno = distinto()
    mandar(client, uno.codigo, pdf(), causal="exceso", valor="1000000", estado="pagada", decidida_por="1")
    assert (unica().valor, unica().estado) == (8999, EstadoDevolucion.SOLICITADA)


def test_de_un_pago_sin_nada_por_devolver_se_dice(client: ClienteEstricto) -> None:
    uno = pago(liquidacion())
    assert "no hay nada por devolver" in client.get(f"/devolucion/de/{uno.codigo}").text
    assert mandar(client, uno.codigo, pdf()).status_code == 422


def test_el_codigo_del_pago_se_pega_o_se_escribe(client: ClienteEstricto) -> None:
    uno = doble()
    for escrito in (uno.codigo, f"https://portal.test/pago/{uno.codigo}", f" http://x/pago/{uno.codigo}/banco"):
        assert client.enviar("/devolucion", {"codigo": escrito}).location == f"/devolucion/de/{uno.codigo}"
    for malo in ("", "corto", "a" * 22, "x" * 300, "' OR 1=1 --"):
        assert client.enviar("/devolucion", {"codigo": malo}).status_code == 422
        assert client.enviar("/devolucion/consultar", {"codigo": malo}).status_code == 422


@pytest.mark.parametrize("codigo", ["no-existe", "%00", "A" * 500, "1"])
def test_un_codigo_inventado_no_existe(client: ClienteEstricto, codigo: str) -> None:
    for ruta in (f"/devolucion/{codigo}", f"/devolucion/de/{codigo}", f"/devolucion/{codigo}/desistir"):
        assert client.get(ruta).status_code == 404
    assert mandar(client, codigo.replace("%00", ""), pdf()).status_code == 404


def test_un_paso_abierto_por_su_direccion_vuelve_al_comienzo(client: ClienteEstricto) -> None:
    for paso in ("motivo", "cuenta", "contacto", "revisar", "enviar"):
        assert client.get(f"/devolucion/{paso}").location == "/devolucion"


def test_una_opcion_inventada_se_dice_en_espanol(client: ClienteEstricto) -> None:
    texto = mandar(client, doble().codigo, pdf(), causal="exceso").text
    assert "Elija" in texto
    assert "choice" not in texto.lower()


def test_quien_prueba_codigos_se_frena(client: ClienteEstricto) -> None:
    estados = [client.enviar("/devolucion/consultar", {"codigo": "a" * 22}).status_code for _ in range(31)]
    assert (estados[0], estados[-1]) == (422, 429)


def test_quien_llena_de_solicitudes_se_frena(client: ClienteEstricto) -> None:
    codigo = doble().codigo
    estados = [mandar(client, codigo, png()).status_code for _ in range(11)]
    assert (estados[0], estados[-1]) == (422, 429)


def test_los_plazos_se_dicen_con_su_norma(client: ClienteEstricto) -> None:
    texto = client.get("/devolucion").text
    assert "5 años siguientes al pago (Código Civil, artículo 2536)" in texto
    assert "50 días hábiles desde la solicitud" in texto
