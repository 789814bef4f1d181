"""Treasury's side of a transfer that came back: record it, bring another account, and decide it as the second person."""

from typing import Any

from flask import Response, request

from portal.blueprints.devoluciones.forms import CuentaForm, ReboteForm
from portal.blueprints.devoluciones.views import bp, firma, intentar, pagina, segunda_persona
from portal.db import transaccion
from portal.dominio.errores import NoExiste
from portal.models.usuario import Rol
from portal.operaciones import devoluciones, rebotes
from portal.operaciones.rebotes import Aviso
from portal.web.acceso import requiere_rol
from portal.web.confirmacion import reautenticado
from portal.web.cuenta_bancaria import DEMASIADO, certificacion_enviada
from portal.web.descargas import entregar
from portal.web.recepcion import CUERPO_MAXIMO, recibir
from portal.web.reloj import hoy
from portal.web.seguridad import admite_archivo


@bp.post("/<int:numero>/rebotar")
@requiere_rol(Rol.TESORERIA)
@admite_archivo(CUERPO_MAXIMO, DEMASIADO)
def rebotar(numero: int) -> Any:
    """Record that the bank could not deliver the transfer."""
    una, form = devoluciones.por_numero(numero), ReboteForm()
    if not form.validate():
        return pagina(numero, form), 422

    def hacer() -> None:
        prueba = recibir(request.files.get("archivo"), "Elija el archivo del banco que lo prueba.")
        with transaccion():
            rebotes.rebotar(una, Aviso(form.dia.leido, form.razon.leido, prueba), firma(), hoy=hoy())

    frase = "Quedó registrado que el banco devolvió la transferencia: falta una cuenta que la reciba."
    return intentar(numero, form, hacer, frase)


@bp.post("/<int:numero>/cuenta")
@requiere_rol(Rol.TESORERIA)
@admite_archivo(CUERPO_MAXIMO, DEMASIADO)
def corregir(numero: int) -> Any:
    """Bring another account for the transfer, with the bank's certificate."""
    una, form = devoluciones.por_numero(numero), CuentaForm()
    if not form.validate():
        return pagina(numero, form), 422

    def hacer() -> None:
        papel = certificacion_enviada()
        with transaccion():
            rebotes.corregir_cuenta(una, form.destino, papel, firma(), clave=form.clave_leida)

    return intentar(numero, form, hacer, "La cuenta quedó guardada. La acepta otra persona de Tesorería.")


@bp.post("/<int:numero>/cuenta/decidir")
@requiere_rol(Rol.TESORERIA)
@reautenticado
def decidir_cuenta(numero: int) -> Any:
    """Accept the account or refuse it, as the second person."""
    frases = "La cuenta quedó aceptada: falta transferir.", "La cuenta quedó rechazada."
    return segunda_persona(numero, rebotes.aprobar_cuenta, rebotes.rechazar_cuenta, frases)


@bp.get("/<int:numero>/rebotes/<int:orden>")
@requiere_rol(Rol.TESORERIA)
def evidencia(numero: int, orden: int) -> Response:
    """The bank's paper about the transfer that came back in that order, from 1; always as a download."""
    suyos = devoluciones.por_numero(numero).rebotes
    if not 1 <= orden <= len(suyos):
        raise NoExiste("No encontramos ese archivo.")
    with transaccion():
        devoluciones.mirar(devoluciones.por_numero(numero), firma())
    return entregar(devoluciones.por_numero(numero).rebotes[orden - 1].evidencia)
