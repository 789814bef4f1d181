"""A transfer that the bank brings back, as the applicant and treasury see it; and the balance of a reduced contract."""

import re
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from portal.db import db, transaccion
from portal.dominio.devoluciones import CausalDevolucion, EstadoDevolucion
from portal.models import Bitacora, Devolucion, Liquidacion, Pago, Usuario
from portal.operaciones import rebotes
from tests import contratos
from tests.archivos import pdf, png
from tests.conftest import ingresar
from tests.devoluciones import aceptar_cuenta, aprobada, corregir, doble, firma, girar, pedir, rebotar, tesorero
from tests.encargos import oficial
from tests.fabricas import HOY
from tests.navegador_de_pruebas import ClienteEstricto

RUTA = "/gestion/tesoreria/devoluciones"
CUENTA = {
    "banco": "Banco de la República",
    "tipo_cuenta": "corriente",
    "cuenta": "084-951.400 0",
    "titular": "Prueba Pagadora",
    "tipo_documento": "CC",
    "documento": "1.212.312.323",
    "clave": "k" * 24,
}
VOLVIO = {"dia": HOY.isoformat(), "razon": "Cuenta cancelada"}


def pagada() -> Devolucion:
    una = aprobada(pedir(doble()))
    girar(una)
    return una


def unica() -> Devolucion:
    db.session.expire_all()
    return db.session.scalars(select(Devolucion)).one()


def mandar(client: ClienteEstricto, ruta: str, datos: dict[str, str], contenido: bytes | None = None) -> Any:
    campos: dict[str, Any] = {"csrf_token": client.csrf()} | datos
    if contenido is not None:
        campos["archivo"] = FileStorage(BytesIO(contenido), "papel.pdf")
    borde, cuerpo = encode_multipart(campos)
    return client.post(ruta, data=cuerpo, content_type=f'multipart/form-data; boundary="{borde}"')


def yo() -> Usuario:
    return db.session.scalars(select(Usuario).where(Usuario.correo == "tesoreria@demo.portal.test")).one()


def test_quien_la_pidio_lee_que_paso_y_envia_otra_cuenta(client: ClienteEstricto) -> None:
    una = pagada()
    ruta = f"/devolucion/{una.codigo}"
    assert client.get(f"{ruta}/cuenta").status_code == 303, "nothing is awaited yet"
    rebotar(una)
    texto = client.get(ruta).text
    for dicho in ("Transferencia devuelta", "lo devolvió a la entidad", "Cuenta cancelada", "sigue aprobada"):
        assert dicho in texto
    assert f'href="{ruta}/cuenta">Enviar otra cuenta' in texto
    formulario = client.get(f"{ruta}/cuenta").text
    assert "$9.000" in formulario
    assert "123456789" not in formulario, "the account that there was is shown to nobody"
    assert "1212312323" not in formulario
    assert mandar(client, f"{ruta}/cuenta", CUENTA, pdf(b"nueva")).status_code == 303
    assert (unica().estado, unica().destino.cuenta) == (EstadoDevolucion.CORREGIDA, "0849514000")
    texto = client.get(ruta).text
    assert "Cuenta por revisar" in texto
    assert "0849514000" not in texto
    assert "Retirar la solicitud" not in texto


@pytest.mark.parametrize(
    ("cambio", "contenido", "frase"),
    [
        ({"cuenta": "12"}, pdf(), "entre 6 y 20"),
        ({"documento": "1"}, pdf(), "documento"),
        ({"tipo_cuenta": "otra"}, pdf(), "de ahorros o corriente"),
        ({}, None, "Elija la certificación"),
        ({}, png(), "PDF"),
    ],
)
def test_lo_que_esta_mal_se_dice_sin_perder_lo_escrito(
    client: ClienteEstricto, cambio: dict[str, str], contenido: bytes | None, frase: str
) -> None:
    una = pagada()
    rebotar(una)
    respuesta = mandar(client, f"/devolucion/{una.codigo}/cuenta", CUENTA | cambio, contenido)
    assert respuesta.status_code == 422
    assert 'class="resumen-errores"' in respuesta.text
    assert frase in respuesta.text
    assert "Banco de la República" in respuesta.text
    assert unica().estado is EstadoDevolucion.REBOTADA


def test_una_cuenta_rechazada_se_dice_con_su_razon(client: ClienteEstricto) -> None:
    una = pagada()
    rebotar(una)
    corregir(una)
    quien = tesorero()
    with transaccion():
        rebotes.rechazar_cuenta(una, "La certificación no se lee.", firma(quien))
    texto = client.get(f"/devolucion/{una.codigo}").text
    assert "No se aceptó la última cuenta que envió. Razón: La certificación no se lee." in texto


def test_tesoreria_registra_trae_otra_cuenta_y_la_acepta_otra_persona(client: ClienteEstricto) -> None:
    una = pagada()
    ingresar(client, "tesoreria")
    ruta = f"{RUTA}/{una.numero}"
    assert "El banco devolvió la transferencia" in client.get(ruta).text
    for datos, papel in (({"dia": ""}, pdf()), ({"razon": " "}, pdf()), ({}, None)):
        assert mandar(client, f"{ruta}/rebotar", VOLVIO | datos, papel).status_code == 422
    assert unica().estado is EstadoDevolucion.PAGADA
    assert mandar(client, f"{ruta}/rebotar", VOLVIO, pdf(b"rechazo")).status_code == 303
    texto = client.get(ruta).text
    assert "Traer otra cuenta" in texto
    assert client.get(f"{ruta}/rebotes/1").data == pdf(b"rechazo")
    assert client.get(f"{ruta}/rebotes/2").status_code == 404
    caso = re.search(
        r"/gestion/tesoreria/casos/\d+", client.get("/gestion/tesoreria/casos?cola=devolucion_rebotada").text
    )
    assert caso
    pagina = client.get(caso[0]).text
    assert f'href="{ruta}"' in pagina
    assert "Cuenta cancelada" in pagina
    assert mandar(client, f"{ruta}/cuenta", CUENTA, pdf(b"nueva")).status_code == 303
    texto = client.get(ruta).text
    assert "la acepta otra persona" in texto
    assert client.enviar(f"{ruta}/cuenta/decidir", {"decision": "aprobar", "motivo": ""}).status_code == 409
    aceptar_cuenta(una)
    girar(unica(), "TR-2")
    texto = client.get(ruta).text
    for dicho in ("Cuenta que se pidió al principio", "TR-1", "TR-2", "Cuenta aceptada", "Descargar la prueba"):
        assert dicho in texto
    assert client.get(f"{ruta}/certificacion").data == pdf(b"nueva")


def test_la_segunda_persona_decide_con_razon_si_la_rechaza(client: ClienteEstricto) -> None:
    una = pagada()
    rebotar(una)
    corregir(una, tesorero())
    ingresar(client, "tesoreria")
    ruta = f"{RUTA}/{una.numero}"
    assert "Decidir la cuenta" in client.get(ruta).text
    assert client.enviar(f"{ruta}/cuenta/decidir", {"decision": "negar", "motivo": ""}).status_code == 422
    assert client.enviar(f"{ruta}/cuenta/decidir", {"decision": "negar", "motivo": "No coincide."}).status_code == 303
    assert unica().estado is EstadoDevolucion.REBOTADA
    corregir(una)
    assert client.enviar(f"{ruta}/cuenta/decidir", {"decision": "aprobar", "motivo": ""}).status_code == 303
    assert unica().estado is EstadoDevolucion.APROBADA
    assert unica().correcciones[-1].decidida_por == yo().id
    acciones = set(db.session.scalars(select(Bitacora.accion)))
    assert {"devolucion.rebotada", "devolucion.cuenta_corregida", "devolucion.cuenta_aprobada"} <= acciones


@pytest.mark.parametrize("rol", ["rentas", "administrador", "auditor", "funcionario"])
def test_los_demas_no_tocan_nada(client: ClienteEstricto, rol: str) -> None:
    una = pagada()
    ingresar(client, rol)
    ruta = f"{RUTA}/{una.numero}"
    assert client.get(f"{ruta}/rebotes/1").status_code == 403
    for acto in ("rebotar", "cuenta", "cuenta/decidir"):
        assert client.enviar(f"{ruta}/{acto}", {}).status_code == 403


def test_el_saldo_de_un_contrato_reducido_se_ofrece_y_se_pide(app: Flask, client: ClienteEstricto) -> None:
    rentas = oficial()
    una = contratos.contratar(rentas)
    contratos.pagar(una)
    a_favor = contratos.reducir(una, contratos.acto("20000000", "ACTA 3"), rentas).a_favor
    codigo = db.session.scalars(select(Pago.codigo).where(Pago.liquidacion_id == una.id)).one()
    escrito = f"${a_favor:,.0f}".replace(",", ".")
    pagina = client.get(f"/pago/{codigo}").text
    assert f"de este pago sobran <strong>{escrito}</strong>" in pagina
    motivo = client.get(f"/devolucion/de/{codigo}").text
    assert "El contrato se redujo y se pagó más de lo que ahora se debe" in motivo
    assert escrito in motivo
    assert "siguen pagadas" in motivo
    datos = {k: v for k, v in CUENTA.items() if k != "clave"} | {"pago": codigo, "causal": "saldo_a_favor"}
    contacto = {"explicacion": "El contrato se redujo.", "correo": "prueba@correo.test", "telefono": "3001234567"}
    revision = client.enviar("/devolucion/revisar", datos | contacto)
    assert revision.status_code == 200, revision.text
    for r in contratos.leer(una).renglones():
        assert f"{r.nombre}, factura" in revision.text
    pedida = pedir(db.session.scalars(select(Pago)).one(), CausalDevolucion.SALDO_A_FAVOR)
    assert "sobran" not in client.get(f"/pago/{codigo}").text
    ingresar(client, "tesoreria")
    ruta = f"{RUTA}/{pedida.numero}"
    texto = client.get(ruta).text
    assert "Saldo a favor de " in texto
    assert "por «ACTA 3»" in texto
    assert "Se pidió después" not in texto
    girar(aprobada(pedida))
    ingresar(client, "rentas")
    codigo = db.session.get_one(Liquidacion, una.id).codigo
    contrato = client.get(f"/gestion/liquidaciones/{codigo}/contrato").text
    assert f"Ya se le devolvieron <strong>{escrito}</strong>" in contrato
