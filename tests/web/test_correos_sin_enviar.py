"""`/gestion/correos`: what did not leave and why, without anybody's address, and another try by an administrator's order."""

from sqlalchemy import select

from portal.db import db, transaccion
from portal.models import Bitacora, Correo, EstadoCorreo
from portal.operaciones import correos
from tests.conftest import ingresar
from tests.fabricas import AHORA
from tests.navegador_de_pruebas import ClienteEstricto

PAGINA = "/gestion/correos"
DATOS = {"pago": "1", "referencia": "L7-AB", "liquidacion": "7", "total": "1000", "en": AHORA.isoformat()}


def abandonar(clave: str) -> None:
    with transaccion():
        correos.encolar(clave, "persona@correo.test", "pago_no_iniciado", DATOS, ahora=AHORA)
    suyo = db.session.scalars(select(Correo.id).where(Correo.clave == clave)).one()
    with transaccion():
        intento = correos.apartar(suyo, ahora=AHORA)
    assert intento
    with transaccion():
        correos.registrar_fallo(
            suyo, intento, motivo="El servidor no la acepta.", definitivo=True, azar=0.0, ahora=AHORA
        )


def test_el_administrador_ve_por_que_no_salieron_y_ordena_otro_intento(client: ClienteEstricto) -> None:
    abandonar("pago:1:no_iniciado")
    with transaccion():
        correos.encolar("pago:2:no_iniciado", "nadie", "pago_no_iniciado", DATOS, ahora=AHORA)
    usuario = ingresar(client, "administrador")
    assert PAGINA in client.get("/gestion").text
    pagina = client.get(PAGINA).text
    assert "El servidor no la acepta." in pagina
    assert "Intentar de nuevo el abandonado" in pagina, "the other one can never be sent"
    assert "avísele a la persona por otro medio" in pagina
    assert "persona@correo.test" not in pagina
    hecho = client.enviar(f"{PAGINA}/reanudar", {}, PAGINA, follow_redirects=True)
    assert "Correos que se intentarán de nuevo en unos minutos: 1." in hecho.text
    db.session.rollback()
    estados = {clave: estado for clave, estado in db.session.execute(select(Correo.clave, Correo.estado))}
    assert estados == {"pago:1:no_iniciado": EstadoCorreo.PENDIENTE, "pago:2:no_iniciado": EstadoCorreo.ABANDONADO}
    anotada = db.session.scalars(select(Bitacora).where(Bitacora.accion == "correo.reanudar")).one()
    assert (anotada.usuario_id, anotada.detalle) == (usuario.id, {"cuantos": 1})
    assert (
        "No había correos por intentar de nuevo."
        in client.enviar(f"{PAGINA}/reanudar", {}, PAGINA, follow_redirects=True).text
    )


def test_el_auditor_los_lee_y_no_ordena(client: ClienteEstricto) -> None:
    abandonar("pago:1:no_iniciado")
    ingresar(client, "auditor")
    pagina = client.get(PAGINA).text
    assert "Abandonado" in pagina
    assert "Intentar de nuevo" not in pagina
    assert client.enviar(f"{PAGINA}/reanudar", {}, "/gestion").status_code == 403


def test_cuando_todo_salio_lo_dice(client: ClienteEstricto) -> None:
    ingresar(client, "administrador")
    assert "Todos los avisos han salido." in client.get(PAGINA).text
