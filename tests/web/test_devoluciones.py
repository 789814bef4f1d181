"""Treasury's pages of refunds: two people, account data for them alone, and every refusal on its page."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from portal.db import db, transaccion
from portal.dominio.devoluciones import CausalDevolucion, EstadoDevolucion
from portal.models import Bitacora, Devolucion, Usuario
from portal.models.pago import CausaReversion
from portal.operaciones import adhesiones, reversiones
from tests.adhesiones import usar
from tests.archivos import pdf
from tests.conftest import ingresar
from tests.devoluciones import aprobada, doble, estudiada, pagado, pedir
from tests.fabricas import AHORA, HOY
from tests.navegador_de_pruebas import ClienteEstricto

RUTA = "/gestion/tesoreria/devoluciones"
GIRO = {"cuenta": "0849514000", "referencia": "tr 77", "fecha": HOY.isoformat()}


@pytest.fixture
def tesoreria(client: ClienteEstricto) -> Any:
    ingresar(client, "tesoreria")
    return client


def unica() -> Devolucion:
    db.session.expire_all()
    return db.session.scalars(select(Devolucion)).one()


def yo() -> Usuario:
    return db.session.scalars(select(Usuario).where(Usuario.correo == "tesoreria@demo.portal.test")).one()


def test_la_lista_no_trae_datos_personales(tesoreria: ClienteEstricto) -> None:
    assert "No hay solicitudes" in tesoreria.get(RUTA).text
    pedir(doble())
    texto = tesoreria.get(RUTA).text
    assert f'href="{RUTA}/1"' in texto
    assert "$9.000" in texto
    for dato in ("123456789", "1.212.312.323", "Prueba Pagadora", "prueba@correo.test"):
        assert dato not in texto
    assert "Devoluciones" in tesoreria.get("/gestion").text


def test_quien_la_abre_ve_la_cuenta_y_queda_anotado(tesoreria: ClienteEstricto) -> None:
    una = pedir(doble())
    texto = tesoreria.get(f"{RUTA}/{una.numero}").text
    for dato in ("123456789", "CC 1.212.312.323", "Prueba Pagadora", "prueba@correo.test"):
        assert dato in texto
    quien = db.session.scalars(select(Bitacora.usuario_id).where(Bitacora.accion == "devolucion.mirar")).one()
    assert quien == yo().id


@pytest.mark.parametrize("rol", ["rentas", "administrador", "agente", "funcionario"])
def test_los_demas_no_ven_nada(client: ClienteEstricto, rol: str) -> None:
    una = pedir(doble())
    ingresar(client, rol)
    for ruta in (RUTA, f"{RUTA}/{una.numero}", f"{RUTA}/{una.numero}/certificacion"):
        assert client.get(ruta).status_code == 403


def test_la_certificacion_solo_se_descarga(tesoreria: ClienteEstricto) -> None:
    una = pedir(doble())
    bajado = tesoreria.get(f"{RUTA}/{una.numero}/certificacion")
    assert (bajado.data, bajado.mimetype) == (pdf(), "application/pdf")
    assert bajado.headers["Content-Disposition"].startswith("attachment")
    assert bajado.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_estudiar_pide_un_concepto_y_despues_decide_otra_persona(tesoreria: ClienteEstricto) -> None:
    una = pedir(doble())
    ruta = f"{RUTA}/{una.numero}"
    assert tesoreria.enviar(f"{ruta}/estudiar", {"concepto": " "}).status_code == 422
    assert tesoreria.enviar(f"{ruta}/estudiar", {"concepto": "El libro lo confirma."}).status_code == 303
    assert "la decide otra persona" in tesoreria.get(ruta).text
    respuesta = tesoreria.enviar(f"{ruta}/decidir", {"decision": "aprobar"})
    assert respuesta.status_code == 409
    assert "debe hacerlo otra persona" in respuesta.text
    assert unica().estado is EstadoDevolucion.EN_ESTUDIO
    assert tesoreria.enviar(f"{ruta}/estudiar", {"concepto": "Otra vez"}).status_code == 409


def test_aprobar_y_registrar_la_transferencia(tesoreria: ClienteEstricto) -> None:
    una = estudiada(pedir(doble()))
    ruta = f"{RUTA}/{una.numero}"
    assert "Aprobar $9.000" in tesoreria.get(ruta).text
    assert tesoreria.enviar(f"{ruta}/decidir", {"decision": "aprobar"}).status_code == 303
    assert tesoreria.enviar(f"{ruta}/pagar", GIRO | {"cuenta": "x"}).status_code == 422
    assert tesoreria.enviar(f"{ruta}/pagar", GIRO).status_code == 303
    assert (unica().estado, unica().referencia_bancaria) == (EstadoDevolucion.PAGADA, "TR77")
    assert tesoreria.enviar(f"{ruta}/pagar", GIRO | {"referencia": "otra"}).status_code == 409
    assert f'{RUTA}/{una.numero}"' in tesoreria.get(f"{RUTA}?filtro=terminadas").text


def test_negar_pide_la_razon_y_quien_la_pidio_la_lee(tesoreria: ClienteEstricto) -> None:
    una = estudiada(pedir(doble()))
    for datos in ({"decision": "negar"}, {"decision": "negar", "motivo": "  "}, {}):
        assert tesoreria.enviar(f"{RUTA}/{una.numero}/decidir", datos).status_code == 422
    razon = "La certificación es de otra persona."
    assert tesoreria.enviar(f"{RUTA}/{una.numero}/decidir", {"decision": "negar", "motivo": razon}).status_code == 303
    assert razon in tesoreria.get(f"/devolucion/{una.codigo}").text


@pytest.mark.parametrize(
    ("campo", "valor"),
    [("cuenta", "12"), ("referencia", ""), ("referencia", "a b;c"), ("fecha", "ayer"), ("fecha", "2020-01-01")],
)
def test_una_transferencia_mal_escrita_se_corrige(tesoreria: ClienteEstricto, campo: str, valor: str) -> None:
    una = aprobada(pedir(doble()))
    respuesta = tesoreria.enviar(f"{RUTA}/{una.numero}/pagar", GIRO | {campo: valor})
    assert respuesta.status_code == 422
    assert "Hay un problema" in respuesta.text
    assert unica().estado is EstadoDevolucion.APROBADA


def test_una_referencia_repetida_se_dice_en_su_campo(tesoreria: ClienteEstricto) -> None:
    for n, estado in ((1, 303), (2, 422)):
        una = aprobada(pedir(doble()))
        respuesta = tesoreria.enviar(f"{RUTA}/{una.numero}/pagar", GIRO)
        assert respuesta.status_code == estado, n
    assert "ya está en otra devolución" in respuesta.text
    assert "Cuentas que el libro conoce: 0849514000" in respuesta.text


def test_si_la_estampilla_se_uso_la_pagina_lo_dice(tesoreria: ClienteEstricto, monkeypatch: pytest.MonkeyPatch) -> None:
    una, uno = pagado((4000,))
    pedida = estudiada(pedir(uno, CausalDevolucion.NO_DEBIDO, (una.facturas[0].numero,)))
    # The official had looked before the request was made.
    monkeypatch.setattr(adhesiones, "_devoluciones_de", lambda ids: {})
    usar(una.facturas[0].id)
    respuesta = tesoreria.enviar(f"{RUTA}/{pedida.numero}/decidir", {"decision": "aprobar"})
    assert respuesta.status_code == 409
    assert "ya se usó" in respuesta.text


def test_si_el_banco_se_llevo_el_pago_ya_no_se_decide(tesoreria: ClienteEstricto) -> None:
    una = estudiada(pedir(doble()))
    with transaccion():
        reversiones.revertir(una.partes[0].recaudo_id, causa=CausaReversion.BANCO, motivo="Reclamo", ahora=AHORA)
    assert "Aprobar" not in tesoreria.get(f"{RUTA}/{una.numero}").text
    assert tesoreria.enviar(f"{RUTA}/{una.numero}/decidir", {"decision": "aprobar"}).status_code == 409


def test_lo_pedido_despues_del_plazo_se_avisa(tesoreria: ClienteEstricto) -> None:
    una = pedir(doble())
    assert "después de 5 años" not in tesoreria.get(f"{RUTA}/{una.numero}").text
    with transaccion():
        viejo = una.solicitada_en.replace(year=una.solicitada_en.year - 5, day=1, month=1)
        db.session.execute(text("UPDATE pago SET resuelto_en = :en"), {"en": viejo.replace(year=viejo.year - 1)})
    assert "después de 5 años" in tesoreria.get(f"{RUTA}/{una.numero}").text


def test_un_numero_que_no_existe(tesoreria: ClienteEstricto) -> None:
    for numero in ("999", "9" * 30):
        for cola in ("", "/certificacion"):
            assert tesoreria.get(f"{RUTA}/{numero}{cola}").status_code == 404
    assert tesoreria.enviar(f"{RUTA}/999/estudiar", {"concepto": "x"}).status_code == 404


def test_la_firma_de_la_operacion_es_la_de_quien_ingreso(tesoreria: ClienteEstricto, app: Flask) -> None:
    una = pedir(doble())
    tesoreria.enviar(f"{RUTA}/{una.numero}/estudiar", {"concepto": "Sí", "estudiada_por": "999"})
    assert unica().estudiada_por == yo().id
