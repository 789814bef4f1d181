"""The whole portal over HTTP: return pages, signed notifications and probes bring one approval at the same time."""

import hashlib
import json
import re
import threading
from collections.abc import Callable

import httpx2
from sqlalchemy import select

from portal.db import db
from portal.dominio.estados import EstadoPago
from portal.models import EventoPago, Notificacion, Pago, Recaudo
from tests.portal_en_marcha import PortalEnMarcha

FACTURA = "249640"
PAGADOR = {
    "tipo_persona": "natural",
    "tipo_documento": "CC",
    "documento": "1212312323",
    "nombre": "prueba",
    "correo": "prueba@correo.test",
    "telefono": "3001234567",
}


def _oculto(texto: str, nombre: str) -> str:
    hallado = re.search(rf'name="{nombre}"[^>]* value="([^"]*)"', texto)
    assert hallado, f"{nombre} is not in the page"
    return hallado[1]


def abrir_pago(portal: PortalEnMarcha, factura: str = FACTURA) -> tuple[str, str]:
    """Walk the pages as a person would; returns the payment's code and the bank's address."""
    with httpx2.Client(base_url=portal.url, trust_env=False) as navegador:
        banco = recorrer(navegador, factura)
    codigo = db.session.scalars(select(Pago.codigo).where(Pago.url_pasarela == banco)).one()
    db.session.rollback()
    return codigo, banco


def recorrer(navegador: httpx2.Client, factura: str) -> str:
    """From the search to the bank's address, page by page."""
    token = _oculto(navegador.get("/pago").text, "csrf_token")
    origen = {"Referer": f"{str(navegador.base_url).rstrip('/')}/pago"}

    def enviar(ruta: str, **datos: str) -> httpx2.Response:
        return navegador.post(ruta, data={"csrf_token": token, **datos}, headers=origen)

    elegir = enviar("/pago", tipo_pago="tramite", documento=factura).text
    facturas = re.findall(r'name="factura" value="(\d+)"', elegir)
    datos = {"csrf_token": token, "sello": _oculto(elegir, "sello"), "factura": facturas, **PAGADOR}
    revision = navegador.post("/pago/revisar", data=datos, headers=origen).text
    sello, clave = _oculto(revision, "sello"), _oculto(revision, "clave")
    return str(enviar("/pago/pagar", sello=sello, clave=clave, **PAGADOR).headers["location"])


def aviso_firmado(portal: PortalEnMarcha, pago: Pago) -> bytes:
    """What the gateway sends when a session ends, signed with the site's key (SHA-256)."""
    fecha = "2026-01-01T10:00:00-05:00"
    clave = portal.simulador.ajustes["PLACETOPAY_CLAVE"]
    firma = hashlib.sha256(f"{pago.id_pasarela}APPROVED{fecha}{clave}".encode()).hexdigest()
    cuerpo = {
        "status": {"status": "APPROVED", "reason": "00", "message": "Aprobada", "date": fecha},
        "requestId": int(str(pago.id_pasarela)),
        "reference": pago.referencia,
        "signature": f"sha256:{firma}",
    }
    return json.dumps(cuerpo).encode()


def a_la_vez(tareas: list[Callable[[], object]]) -> list[BaseException]:
    salida = threading.Barrier(len(tareas))
    errores: list[BaseException] = []

    def correr(tarea: Callable[[], object]) -> None:
        try:
            salida.wait(30)
            tarea()
        except BaseException as error:
            errores.append(error)

    hilos = [threading.Thread(target=correr, args=(t,)) for t in tareas]
    for hilo in hilos:
        hilo.start()
    for hilo in hilos:
        hilo.join(120)
    return errores


def test_retorno_notificacion_y_sonda_a_la_vez_legalizan_una_vez(portal: PortalEnMarcha) -> None:
    portal.simulador.control("notificaciones", silencio=True)
    codigo, banco = abrir_pago(portal)
    assert portal.simulador.decidir(banco, "aprobar") == f"{portal.url}/pago/{codigo}"
    pago = db.session.scalars(select(Pago).where(Pago.codigo == codigo)).one()
    aviso = aviso_firmado(portal, pago)
    pago_id = pago.id
    db.session.rollback()
    ruta = f"{portal.url}/pago/notificaciones/placetopay"
    json_ = {"Content-Type": "application/json"}

    def volver() -> None:
        assert httpx2.get(f"{portal.url}/pago/{codigo}", trust_env=False, timeout=60).status_code == 200

    def notificar() -> None:
        assert httpx2.post(ruta, content=aviso, headers=json_, trust_env=False, timeout=60).status_code == 200

    assert a_la_vez([volver] * 4 + [notificar] * 4 + [lambda: portal.flask("pagos", "sondear")] * 2) == []
    db.session.expire_all()
    assert db.session.get_one(Pago, pago_id).estado is EstadoPago.APROBADO
    mios = db.session.scalars(select(Recaudo).where(Recaudo.pago_id == pago_id)).all()
    assert [(r.clase, r.aplicado) for r in mios] == [("aplicado", 9000)]
    pasos = db.session.scalars(select(EventoPago.hasta).where(EventoPago.pago_id == pago_id)).all()
    assert pasos.count("aprobado") == 1
    assert db.session.scalars(select(Notificacion.veces)).all() == [4]


def test_una_notificacion_falsificada_no_mueve_nada(portal: PortalEnMarcha) -> None:
    codigo, _ = abrir_pago(portal)
    pago = db.session.scalars(select(Pago).where(Pago.codigo == codigo)).one()
    bueno = aviso_firmado(portal, pago)
    ruta = f"{portal.url}/pago/notificaciones/placetopay"
    db.session.rollback()
    malos = {
        b"": 400,
        b"null": 400,
        b"[1]": 400,
        bueno[:-5]: 400,
        b"\xef\xbb\xbf" + bueno: 400,
        bueno.replace(b"APPROVED", b"REJECTED"): 401,
        bueno.replace(b"sha256:", b"sha256:0"): 401,
        bueno.decode().encode("utf-16"): 400,
        b'{"a":' * 50_000: 413,
        b'{"signature": "\xff"}': 400,
        b"x" * 2_000_000: 413,
    }
    for cuerpo, esperado in malos.items():
        respuesta = httpx2.post(
            ruta, content=cuerpo, headers={"Content-Type": "application/json"}, trust_env=False, timeout=60
        )
        assert respuesta.status_code in (esperado, 400, 401, 413), cuerpo[:40]
        assert respuesta.status_code < 500
    db.session.expire_all()
    assert db.session.scalars(select(Notificacion)).all() == []
    assert db.session.scalars(select(Pago.estado).where(Pago.codigo == codigo)).all() == ["enviado"]
