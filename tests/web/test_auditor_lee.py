"""An auditor opens whatever only reads and can send nothing that acts. The exceptions are here, each with its reason."""

from flask import Flask

from portal.models.usuario import Rol
from portal.web.acceso import acceso_de

FORMULARIO = "a form that acts"
DE_UNA_PERSONA = "unfinished work of the person who uploaded it; what came of it is open"
DE_LA_OFICINA = "the work list of the account's own office; what it did is open"
DE_SU_ENTIDAD = "an entity's own list; the department's board, register and queues are open"
PROMETIDO = "an account of a person, who was told that only treasury sees it"
CUENTAS = "who works with the portal; each change of an account is a row of the bitácora, which is open"
LLAVES = "keys are offered to administrators"
NO_LEE = {
    "liquidaciones.nueva": FORMULARIO,
    "liquidaciones.formulario": FORMULARIO,
    "liquidaciones.recomenzar": FORMULARIO,
    "liquidaciones.cambiar": FORMULARIO,
    "liquidaciones.sin_efecto": FORMULARIO,
    "liquidaciones.revocar": FORMULARIO,
    "liquidaciones.reconocimiento_nuevo": FORMULARIO,
    "lotes.subir": FORMULARIO,
    "lotes.plantilla": "an empty file to fill in, for that form",
    "lotes.errores": DE_UNA_PERSONA,
    "normativa.nueva": FORMULARIO,
    "normativa.editar": FORMULARIO,
    "normativa.publicar": FORMULARIO,
    "normativa.retirar": FORMULARIO,
    "normativa.elegir_tarifa": FORMULARIO,
    "normativa.nueva_tarifa": FORMULARIO,
    "archivos_banco.revision": DE_UNA_PERSONA,
    "cierres.reabrir": FORMULARIO,
    "devoluciones.certificacion": PROMETIDO,
    "devoluciones.evidencia": PROMETIDO,
    "tesoreria.legalizar": FORMULARIO,
    "tesoreria.aplicar": FORMULARIO,
    "tesoreria.revertir": FORMULARIO,
    "validacion.inicio": DE_LA_OFICINA,
    "validacion.buscar": "the first step of using a stamp",
    "validacion.leida": "the first step of using a stamp",
    "validacion.acto": FORMULARIO,
    "liquidaciones.deshacer": FORMULARIO,
    "liquidaciones.volver": FORMULARIO,
    "agentes.meses": DE_SU_ENTIDAD,
    "agentes.corregir": FORMULARIO,
    "agentes.devolver": FORMULARIO,
    "agentes_diario.mio": DE_SU_ENTIDAD,
    "agentes_registro.nuevo": FORMULARIO,
    "agentes_registro.cambiar": FORMULARIO,
    "calendario.declarar_dia": FORMULARIO,
    "calendario.declarar_falla": FORMULARIO,
    "calendario.revocar_dia": FORMULARIO,
    "calendario.terminar_falla": FORMULARIO,
    "consignaciones.propias": DE_SU_ENTIDAD,
    "consignaciones.del_mes": DE_SU_ENTIDAD,
    "consignaciones.soporte": DE_SU_ENTIDAD,
    "consignaciones.nueva": FORMULARIO,
    "cuenta.mis_llaves": LLAVES,
    "usuarios.lista": CUENTAS,
    "usuarios.ver": CUENTAS,
    "usuarios.cambiar": FORMULARIO,
    "usuarios.invitar": FORMULARIO,
}
BUSCA = "a look-up whose data are somebody's, so they travel in the body"
CERTIFICA = "a certificate of what was found, which changes nothing of what it certifies"
SUYA = "its own password, sessions and second factor"
ENVIA = {
    "auditoria.exportar": "its own export",
    "gestion.preferencias": "how it likes its own lists",
    "liquidaciones.lista": BUSCA,
    "liquidaciones.reconocimientos": BUSCA,
    "tesoreria.buscar": BUSCA,
    "validacion_lista.lista": BUSCA,
    "certificados.buscar": BUSCA,
    "certificados.emitir": CERTIFICA,
    "certificados.emitir_lista": CERTIFICA,
    "cuenta.cerrar_sesion": SUYA,
    "cuenta.codigos": SUYA,
    "cuenta.confirmar": SUYA,
    "cuenta.contrasena": SUYA,
    "cuenta.quitar_factor": SUYA,
    "cuenta.segundo_factor_nuevo": SUYA,
}


def cerradas(app: Flask, metodo: str) -> dict[str, frozenset[Rol]]:
    """The routes of staff that answer a method, with who may enter."""
    return {
        r.endpoint: acceso
        for r in app.url_map.iter_rules()
        if metodo in (r.methods or ()) and isinstance(acceso := acceso_de(app, r.endpoint), frozenset)
    }


def test_el_auditor_abre_todo_lo_que_solo_lee(app: Flask) -> None:
    sin_auditor = {endpoint for endpoint, acceso in cerradas(app, "GET").items() if Rol.AUDITOR not in acceso}
    assert sin_auditor == set(NO_LEE)


def test_el_auditor_no_envia_nada_que_actue(app: Flask) -> None:
    con_auditor = {endpoint for endpoint, acceso in cerradas(app, "POST").items() if Rol.AUDITOR in acceso}
    assert con_auditor == set(ENVIA)
