"""Every public address that takes a key that could be guessed has a limit; the others are here, each with why it needs none."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from portal.dominio.codigo_corto import nuevo_codigo
from portal.web.acceso import PUBLICO, acceso_de
from tests import autoliquidaciones
from tests.navegador_de_pruebas import ClienteEstricto

pytestmark = pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
POCAS = 2
AL_AZAR = "a private address of 128 random bits, or what follows from it"
NADA = "nothing is asked for: the same for everybody, or a step whose form carries a seal of ours"
PASO = "a step of a form about a private address; what it sends is limited by frenar_envio"
FIRMADA = "signed by the gateway; what is not is counted in one case for each day"
CUENTA = "failures of each account and address are limited; tests/web/test_ingresar.py, test_segundo_factor.py"
Pedir = Callable[[ClienteEstricto, int], Any]
CONTRATO = "/consulta?tipo_pago=contrato&vigencia=2025&nit={}&numero_contrato=1"
ANA = {"tipo_documento": "CC", "nombre": "Ana Ñáñez", "correo": ""}


def _tramite(cliente: ClienteEstricto, n: int, paso: str, **otros: str) -> Any:
    return cliente.enviar(f"/tramites/1/{paso}", ANA | {"documento": str(52_000_111 + n)} | otros)


# How to guess, the n-th time, and how many times somebody may; it is the next one that is refused.
LIMITADAS: dict[str, tuple[int, Pedir]] = {
    "POST /consulta": (POCAS, lambda c, n: c.enviar("/consulta", {"tipo_pago": "tramite", "documento": "52000111"})),
    "GET /consulta": (POCAS, lambda c, n: c.get(CONTRATO.format(900100200))),
    "POST /pago": (POCAS, lambda c, n: c.enviar("/pago", {"tipo_pago": "tramite", "documento": "52000111"})),
    "POST /pago/no-aparece": (
        POCAS,
        lambda c, n: c.enviar("/pago/no-aparece", {"dato": f"99887766{n}", "correo": "a@b.test", "telefono": ""}),
    ),
    "POST /devolucion": (POCAS, lambda c, n: c.enviar("/devolucion", {"codigo": f"{n:022d}"})),
    "POST /devolucion/consultar": (POCAS, lambda c, n: c.enviar("/devolucion/consultar", {"codigo": f"{n:022d}"})),
    "GET /v/<codigo>": (POCAS, lambda c, n: c.get(f"/v/{nuevo_codigo()}")),
    "GET /certificado/<codigo>": (POCAS, lambda c, n: c.get(f"/certificado/{nuevo_codigo()}")),
    "GET /declaracion/<codigo>": (POCAS, lambda c, n: c.get(f"/declaracion/{nuevo_codigo()}")),
    "POST /ingresar/olvido": (10, lambda c, n: c.enviar("/ingresar/olvido", {"correo": f"n{n}@b.test"})),
    "POST /tramites/<int:numero>/revisar": (POCAS, lambda c, n: _tramite(c, 0, "revisar")),
    "POST /tramites/<int:numero>/liquidar": (10, lambda c, n: _tramite(c, n, "liquidar", total_visto="0")),
}
DE_128_BITS = (
    "/liquidacion/<",
    "/pago/<codigo>",
    "/pago/de/<",
    "/devolucion/<codigo>",
    "/devolucion/de/<",
    "/ingresar/enlace/<",
)
# After the right password, or before it: each has its own count of failures.
DE_CUENTA = frozenset(["/ingresar", "/ingresar/codigo", "/ingresar/llave"])
PASOS = (
    "/devolucion/motivo",
    "/devolucion/cuenta",
    "/devolucion/contacto",
    "/devolucion/revisar",
    "/devolucion/enviar",
)
SIN_CLAVE = frozenset(
    [
        "/",
        "/accesibilidad",
        "/apariencia",
        "/ayuda",
        "/ayuda/consultar",
        "/ayuda/pagar",
        "/claves/estampillas.pem",
        "/colores.css",
        "/devolucion",
        "/devolucion/consultar",
        "/ingresar",
        "/ingresar/codigo",
        "/ingresar/olvido",
        "/ingresar/olvido/enviado",
        "/listo",
        "/metrics",
        "/pago",
        "/pago/elegir",
        "/pago/no-aparece",
        "/pago/pagar",
        "/pago/revisar",
        "/privacidad",
        "/salir",
        "/salud",
        "/static/<path:filename>",
        "/tramites",
        "/tramites/<int:numero>",
        "/tramites/<int:numero>/liquidar",
        "/tramites/<int:numero>/revisar",
        "/users/login",
        "/verificar",
        "/verificar/sin-conexion",
        "/verificar/sin-conexion/manifiesto.webmanifest",
        "/verificar/sin-conexion/trabajador.js",
    ]
)


def por_que_no(metodo: str, ruta: str) -> str:
    """Why an address needs no limit of guesses; empty when nobody said."""
    if ruta.startswith(DE_128_BITS):
        return AL_AZAR
    if metodo == "POST" and ruta in PASOS:
        return PASO
    if ruta.startswith("/pago/notificaciones/"):
        return FIRMADA
    if metodo == "POST" and ruta in DE_CUENTA:
        return CUENTA
    return NADA if ruta in SIN_CLAVE or ruta in PASOS or "/estampillas-pro-" in ruta or "/index.php" in ruta else ""


def test_cada_direccion_publica_tiene_su_limite_o_su_razon(app: Flask) -> None:
    publicas = {
        f"{metodo} {regla.rule}"
        for regla in app.url_map.iter_rules()
        for metodo in {"GET", "POST"} & (regla.methods or set())
        if acceso_de(app, regla.endpoint) == PUBLICO
    }
    assert sorted(set(LIMITADAS) - publicas) == []
    assert sorted(una for una in publicas - set(LIMITADAS) if not por_que_no(*una.split(" "))) == []


def test_adivinar_se_frena_por_cada_puerta(app: Flask) -> None:
    app.extensions["ajustes"] = replace(app.extensions["ajustes"], consultas_limite=POCAS)
    autoliquidaciones.abrir()
    abiertas = {}
    for numero, (puerta, (veces, pedir)) in enumerate(LIMITADAS.items()):
        cliente = app.test_client()
        assert isinstance(cliente, ClienteEstricto)
        cliente.environ_base["REMOTE_ADDR"] = f"198.51.{numero}.7"
        estados = [pedir(cliente, n).status_code for n in range(veces + 1)]
        if 429 in estados[:-1] or estados[-1] != 429:
            abiertas[puerta] = estados
    assert abiertas == {}
