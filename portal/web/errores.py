"""Every refusal becomes an answer here, once: a status, a Spanish sentence, the office's contact and the request's id."""

import logging

from flask import Flask, Response, make_response, render_template, request
from flask_wtf.csrf import CSRFError, generate_csrf
from sqlalchemy.exc import InternalError, OperationalError, TimeoutError
from werkzeug.exceptions import HTTPException, SecurityError

from portal.db import db, transaccion
from portal.dominio.errores import (
    Ajeno,
    CuentaSinEntidad,
    CupoAgotado,
    DatoInvalido,
    DocumentoImposible,
    ErrorDominio,
    NoExiste,
    NormaNoVigente,
    ServicioOcupado,
    TransicionNoPermitida,
)
from portal.operaciones.bitacora import anotar
from portal.web.acceso import quien_ingreso
from portal.web.conservar import pagina_para_reenviar
from portal.web.htmx import es_fragmento
from portal.web.reloj import ahora
from portal.web.seguridad import cuerpo_admitido, peticion_id

registro = logging.getLogger(__name__)

_ESTADO = {
    NoExiste: 404,
    TransicionNoPermitida: 409,
    DatoInvalido: 422,
    NormaNoVigente: 422,
    DocumentoImposible: 422,
    CupoAgotado: 429,
    ServicioOcupado: 503,
}
_TITULO = {
    400: "No pudimos leer la solicitud",
    401: "Ingrese para continuar",
    403: "Su cuenta no tiene permiso para esta página",
    404: "No encontramos esa página",
    405: "Esta dirección no admite esa operación",
    409: "La operación ya no es posible",
    413: "El envío es demasiado grande",
    415: "El formato del envío no se admite",
    422: "Hay un dato por corregir",
    429: "Espere antes de seguir",
    500: "Tuvimos un problema",
    503: "El servicio no está disponible por un momento",
}
_SENTENCIA = {
    400: "Vuelva a la página anterior, recárguela e inténtelo de nuevo.",
    403: "Si necesita hacer este trabajo, pida el permiso al administrador del portal.",
    404: "Revise la dirección o vuelva al inicio.",
    405: "Vuelva al inicio y siga los enlaces del portal.",
    413: "Reduzca el tamaño de lo que envía e inténtelo de nuevo.",
    415: "Use los formularios del portal.",
    422: "Revise los datos e inténtelo de nuevo.",
    429: "Espere unos minutos e inténtelo de nuevo.",
    500: "Ya quedó registrado. Inténtelo de nuevo en unos minutos; si pagó, consulte el estado antes de pagar otra vez.",
    503: "Inténtelo de nuevo en unos minutos. Ningún dato se perdió.",
}


def init_app(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(CSRFError, _pagina_vencida)
    app.register_error_handler(SecurityError, _host_ajeno)
    app.register_error_handler(HTTPException, _error_http)
    app.register_error_handler(ErrorDominio, _error_dominio)
    app.register_error_handler(OperationalError, _sin_base_de_datos)
    # PostgreSQL hung up on a transaction that was idle for too long.
    app.register_error_handler(InternalError, _sin_base_de_datos)
    app.register_error_handler(TimeoutError, _sin_base_de_datos)
    app.register_error_handler(Exception, _inesperado)


def pagina_de_error(estado: int, mensaje: str = "", titulo: str = "") -> Response:
    """The error page, or its fragment for htmx; plain words when not even that page can be made."""
    plantilla = "errores/_error.html" if es_fragmento() else "errores/error.html"
    titulo, mensaje = titulo or _TITULO.get(estado, _TITULO[400]), mensaje or _SENTENCIA.get(estado, _SENTENCIA[400])
    try:
        cuerpo = render_template(plantilla, estado=estado, titulo=titulo, mensaje=mensaje)
    except Exception as error:
        # What failed may be what every page needs: the database that says who is signed in, for one.
        db.session.rollback()
        registro.error("no se pudo hacer la página de error en %s: %s", request.endpoint, _lugar(error))
        return Response(f"{titulo}. {mensaje} Solicitud {peticion_id()}.\n", estado, mimetype="text/plain")
    respuesta = make_response(cuerpo, estado)
    respuesta.vary.add("HX-Request")
    return respuesta


def _pagina_vencida(_error: CSRFError) -> Response:
    """The page was open longer than its token lives: a fragment gets another and asks again by itself, a form comes back."""
    titulo, mensaje = "La página estuvo abierta demasiado tiempo", "Por seguridad, confirme el envío."
    if not es_fragmento() and (pagina := pagina_para_reenviar(400, titulo, mensaje)):
        return pagina
    respuesta = pagina_de_error(
        400, "La página estuvo abierta demasiado tiempo. Recargue la página y envíe los datos de nuevo."
    )
    if es_fragmento():
        respuesta.headers["X-Csrf-Token"] = generate_csrf()
    return respuesta


def _host_ajeno(_error: SecurityError) -> Response:
    """Without a trusted host no page can be built: not even its links."""
    return Response("Esta dirección no pertenece al portal.\n", 400, mimetype="text/plain")


def _error_http(error: HTTPException) -> Response:
    estado = error.code or 500
    if 300 <= estado < 400:
        return error.get_response()  # type: ignore[return-value]
    # Only sentences of our own abort(…) calls are shown; werkzeug's are English.
    propio = isinstance(error.description, str) and error.description != type(error).description
    mensaje = str(error.description) if propio and estado in (422, 429, 409) else ""
    if estado == 413 and (admitido := cuerpo_admitido()) is not None:
        mensaje = admitido[1]
    respuesta = pagina_de_error(estado, mensaje)
    for nombre, valor in error.get_headers():
        if nombre in ("Allow", "Retry-After"):
            respuesta.headers[nombre] = valor
    return respuesta


def _error_dominio(error: ErrorDominio) -> Response:
    db.session.rollback()
    if isinstance(error, Ajeno):
        _anotar_acceso_ajeno(error)
    if isinstance(error, DocumentoImposible):
        registro.error("documento imposible en %s: %s", request.endpoint, error.motivo)
    titulo = "Su cuenta aún no trabaja para una entidad" if isinstance(error, CuentaSinEntidad) else ""
    estado = next(codigo for clase, codigo in _ESTADO.items() if isinstance(error, clase))
    respuesta = pagina_de_error(
        estado, error.en_palabras if isinstance(error, NormaNoVigente) else error.mensaje, titulo
    )
    if isinstance(error, CupoAgotado | ServicioOcupado):
        respuesta.headers["Retry-After"] = str(error.espera)
    return respuesta


def _anotar_acceso_ajeno(error: Ajeno) -> None:
    """Who asked for what is another entity's: the answer says that it does not exist, and the bitácora keeps the question."""
    usuario = quien_ingreso()
    with transaccion():
        anotar(
            "acceso_ajeno",
            error.objeto,
            ahora=ahora(),
            usuario_id=usuario.id,
            peticion=peticion_id(),
            ruta=request.endpoint,
            metodo=request.method,
        )


def _sin_base_de_datos(error: Exception) -> Response:
    db.session.rollback()
    registro.error("base de datos no disponible en %s: %s", request.endpoint, type(error).__name__)
    return pagina_de_error(503)


def _inesperado(error: Exception) -> Response:
    db.session.rollback()
    # The exception's text may quote what a person typed: only its type and place are logged.
    registro.error("error inesperado en %s: %s", request.endpoint, _lugar(error))
    return pagina_de_error(500)


def _lugar(error: BaseException) -> str:
    traza = error.__traceback__
    pasos = []
    while traza is not None:
        codigo = traza.tb_frame.f_code
        pasos.append(f"{codigo.co_filename.rsplit('/', 2)[-1]}:{traza.tb_lineno} {codigo.co_name}")
        traza = traza.tb_next
    return f"{type(error).__name__} <- " + " <- ".join(reversed(pasos[-12:]))
