"""What may go wrong: values unpublished, a gateway that does not answer, too many look-ups, mail that cannot leave."""

from sqlalchemy import delete

from portal.db import db, transaccion
from portal.dominio.redes import direccion_contable
from portal.models.normativa import ValorIndicador
from portal.operaciones import correos
from portal.operaciones.limites import Cuenta, Limite
from portal.operaciones.normativa import nueva_edicion
from portal.web.contadores import contar_hasta_agotar
from tests.escenas.mundos import Lugares
from tests.escenas.mundos.sellos import sello_de
from tests.fabricas import AHORA, HOY, liquidacion


def poblar() -> Lugares:
    una = liquidacion((4000, 5000), departamento="narino")
    with transaccion():
        db.session.execute(delete(ValorIndicador).where(ValorIndicador.desde >= HOY.replace(month=1, day=1)))
        nueva_edicion()
    # The only look-up that its setting admits.
    contar_hasta_agotar([Cuenta(Limite("consulta", 1, 600), direccion_contable("127.0.0.1"))], AHORA)
    _correos_que_no_salieron()
    return {"sello": sello_de(una)}


def _correos_que_no_salieron() -> None:
    """One to be tried again, one given up, one that can never be sent."""
    datos = {"pago": "1", "referencia": "L7-AB", "liquidacion": "7", "total": "1000", "en": AHORA.isoformat()}
    with transaccion():
        for clave, destino in (("a", "persona@correo.test"), ("b", "otra@correo.test"), ("c", "nadie")):
            correos.encolar(f"pago:{clave}", destino, "pago_no_iniciado", datos, ahora=AHORA)
    for numero, definitivo in zip(correos.por_enviar(AHORA), (False, True), strict=True):
        with transaccion():
            intento = correos.apartar(numero, ahora=AHORA) or 0
            motivo = (
                "El servidor de correo no acepta esa dirección." if definitivo else "El servidor de correo no responde."
            )
            correos.registrar_fallo(numero, intento, motivo=motivo, definitivo=definitivo, azar=0.0, ahora=AHORA)
