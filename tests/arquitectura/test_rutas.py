"""Conventions of every route: it says who may enter, and its address is lower-case words with hyphens."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.models.usuario import Rol
from portal.web.acceso import PUBLICO, acceso_de
from tests.conftest import crear_cuenta, ingresar

# Whatever is here is open to anybody; a new public route must be added on purpose.
PUBLICAS = {
    "static",
    "publico.inicio",
    "publico.liquidacion",
    "publico.liquidacion_pdf",
    "publico.reliquidar",
    "publico.ayuda",
    "publico.ayuda_consultar",
    "publico.ayuda_pagar",
    "publico.accesibilidad",
    "publico.privacidad",
    "publico.salud",
    "publico.listo",
    "publico.metrics",
    "publico.anterior",
    "apariencia.cambiar",
    "apariencia.colores",
    "login.ingresar",
    "login.salir",
    "login.codigo",
    "login.llave",
    "login.olvido",
    "login.olvido_enviado",
    "login.enlace",
    "consulta.consultar",
    "pago.buscar",
    "pago.de_liquidacion",
    "pago.recomenzar",
    "pago.elegir",
    "pago.otra_vez",
    "pago.revisar",
    "pago.pagar",
    "pago.banco",
    "pago.ver",
    "pago.cancelar",
    "pago.comprobante",
    "tramites.elegir",
    "tramites.quien",
    "tramites.recomenzar",
    "tramites.revisar",
    "tramites.liquidar",
    "devolucion.inicio",
    "devolucion.de_pago",
    "devolucion.recomenzar",
    "devolucion.avanzar",
    "devolucion.enviar",
    "devolucion.consultar",
    "devolucion.ver",
    "devolucion.desistir",
    "devolucion.corregir",
    "reclamos.no_aparece",
    "certificados.verificado",
    "agentes.declaracion",
    "estampillas.ver",
    "estampillas.verificar",
    "estampillas.publicadas",
    "estampillas.de_liquidacion",
    "estampillas.de_factura",
    "estampillas.de_pago",
    "estampillas.sin_conexion",
    "estampillas.manifiesto",
    "estampillas.trabajador",
    "notificaciones.recibir",
}
# A file ends with its type.
RUTA_BUENA = re.compile(r"(/[a-z0-9-]+|/<(int:|string:|path:)?[a-z_]+>(/?[a-z0-9.-]+)?)*(\.[a-z]+|/)?")


def test_toda_ruta_dice_quien_puede_entrar(app: Flask) -> None:
    mudas = [r.endpoint for r in app.url_map.iter_rules() if acceso_de(app, r.endpoint) is None]
    assert mudas == []


def test_las_rutas_publicas_son_las_que_decidimos(app: Flask) -> None:
    abiertas = {r.endpoint for r in app.url_map.iter_rules() if acceso_de(app, r.endpoint) == PUBLICO}
    assert abiertas == PUBLICAS


def test_las_direcciones_son_minusculas_con_guiones(app: Flask) -> None:
    malas = [
        r.rule
        for r in app.url_map.iter_rules()
        if r.endpoint not in ("static", "publico.anterior") and not RUTA_BUENA.fullmatch(r.rule)
    ]
    assert malas == []


def _rutas_cerradas(app: Flask) -> list[tuple[str, str, frozenset[Rol]]]:
    cerradas = []
    for regla in app.url_map.iter_rules():
        acceso = acceso_de(app, regla.endpoint)
        if not isinstance(acceso, frozenset):
            continue
        ruta = re.sub(r"<int:[a-z_]+>", "999999", re.sub(r"<(string:)?[a-z_]+>", "no-existe", regla.rule))
        metodo = "GET" if "GET" in (regla.methods or ()) else "POST"
        cerradas.append((metodo, ruta, acceso))
    return cerradas


def test_sin_ingresar_toda_ruta_cerrada_lleva_al_ingreso(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    rutas = _rutas_cerradas(app)
    assert rutas
    for metodo, ruta, _ in rutas:
        respuesta = client.open(ruta, method=metodo)
        assert respuesta.status_code == 303, ruta
        assert respuesta.location.startswith("/ingresar"), ruta


@pytest.mark.parametrize("rol", list(Rol))
def test_cada_rol_entra_solo_a_lo_suyo(app: Flask, client: FlaskClient, rol: Rol) -> None:
    ingresar(client, rol.value)
    app.config["WTF_CSRF_ENABLED"] = False
    for metodo, ruta, permitidos in _rutas_cerradas(app):
        estado = client.open(ruta, method=metodo).status_code
        if rol in permitidos:
            assert estado not in (401, 403), f"{rol} must enter {metodo} {ruta}"
        else:
            assert estado == 403, f"{rol} must not enter {metodo} {ruta}"


def test_un_fragmento_sin_sesion_ordena_salir_y_no_trae_el_formulario(client: FlaskClient) -> None:
    respuesta = client.get("/gestion", headers={"HX-Request": "true"})
    assert respuesta.status_code == 401
    assert respuesta.headers["HX-Redirect"].startswith("/ingresar")
    assert respuesta.data == b""


def test_crear_una_cuenta_no_inicia_sesion(app: Flask, client: FlaskClient) -> None:
    crear_cuenta("rentas")
    assert client.get("/gestion").status_code == 303
