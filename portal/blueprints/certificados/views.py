"""`/gestion/certificados`: look an act up, certify what was found, and read or print what was certified."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for

from portal.blueprints.certificados.blueprint import CERTIFICAN, bp, direccion_publica
from portal.blueprints.certificados.forms import CertificarForm, abrir, leer_clave
from portal.db import transaccion
from portal.documentos.certificado import actos_de, pdf_certificado, pedido_entero
from portal.documentos.libro import escribir
from portal.documentos.listados_normativa import hoja_de_certificados
from portal.dominio.codigo_corto import escribir_codigo
from portal.dominio.errores import DatoInvalido
from portal.models import CertificadoValidacion
from portal.operaciones import certificados, listas
from portal.operaciones.certificados import Certificado, Consulta
from portal.operaciones.paginas import MAXIMO_EXPORTADO
from portal.operaciones.validaciones import Respuesta
from portal.web.acceso import quien_ingreso, requiere_rol
from portal.web.departamento import departamento_actual
from portal.web.exportacion import entregar_lista, formato_pedido, notas_de_lista
from portal.web.frenos import frenar_certificado
from portal.web.htmx import render_page_or_fragment
from portal.web.reloj import ahora, hoy
from portal.web.seguridad import peticion_id


@bp.route("/gestion/certificados", methods=["GET", "POST"])
@requiere_rol(*CERTIFICAN)
def buscar() -> Any:
    """Look an act up and see what would be certified; the identity number travels in the body."""
    form = abrir(request.form)
    if not form.is_submitted() and formato_pedido():
        return _archivo(formato_pedido())
    if not form.is_submitted():
        return _pagina(form, None, 200)
    if not form.validate():
        return _pagina(form, None, 422)
    try:
        with transaccion():
            respuesta = _mirar(form, _contexto())
    except DatoInvalido as error:
        form.senalar(error)
        return _pagina(form, None, 422)
    return _pagina(form, respuesta, 200)


@bp.post("/gestion/certificados/emitir")
@requiere_rol(*CERTIFICAN)
def emitir() -> Any:
    """Look the act up again and certify what is found now."""
    form = CertificarForm()
    if not form.validate():
        return _pagina(form, None, 422)
    try:
        return _certificar(
            leer_clave(form.clave.data),
            lambda contexto: [Consulta(_mirar(form, contexto))],
            form.dependencia.leido or "",
        )
    except DatoInvalido as error:
        form.senalar(error)
        return _pagina(form, None, 422)


@bp.post("/gestion/certificados/lista")
@requiere_rol(*CERTIFICAN)
def emitir_lista() -> Any:
    """Certify the state of every row of a list that was just read."""
    try:
        renglones = listas.leer_lista(request.form.get("lista", "").encode())
        return _certificar(leer_clave(request.form.get("clave")), lambda contexto: _consultas_de(renglones, contexto))
    except DatoInvalido as error:
        flash(error.mensaje, "error")
        return redirect(url_for("validacion_lista.lista"), 303)


@bp.get("/gestion/certificados/<codigo>")
@requiere_rol(*CERTIFICAN)
def ver(codigo: str) -> Any:
    """One certificate: what it says, its paper, its public page."""
    fila = certificados.entero(_anotado(codigo))
    return render_template(
        "certificados/ver.html",
        fila=fila,
        certificado=certificados.leer(fila),
        codigo=escribir_codigo(fila.codigo),
        direccion=direccion_publica(fila.codigo),
        actos=actos_de,
        pedido=pedido_entero,
    )


@bp.get("/gestion/certificados/<codigo>.pdf")
@requiere_rol(*CERTIFICAN)
def pdf(codigo: str) -> Response:
    """The paper, as it was handed out."""
    fila = certificados.entero(_anotado(codigo, con_pdf=True))
    nombre = f"certificado-{escribir_codigo(fila.codigo)}.pdf"
    cabeceras = {"Content-Disposition": f'inline; filename="{nombre}"'}
    return Response(fila.pdf, mimetype="application/pdf", headers=cabeceras)


def _archivo(formato: str) -> Response:
    """Every certificate that the page would list if it were long enough."""
    filas = certificados.recientes(departamento_actual().codigo, quien_ingreso(), MAXIMO_EXPORTADO)
    notas = notas_de_lista("del más reciente al más antiguo.", len(filas), hay_mas=len(filas) == MAXIMO_EXPORTADO)
    return entregar_lista(escribir(formato, hoja_de_certificados(filas, notas)), "certificados", filas=len(filas))


def _mirar(form: CertificarForm, contexto: dict[str, Any]) -> Respuesta:
    return certificados.mirar(departamento_actual().codigo, form.pregunta, **contexto)


def _consultas_de(renglones: Sequence[listas.RenglonLista], contexto: dict[str, Any]) -> list[Consulta]:
    revisada = listas.revisar(departamento_actual().codigo, renglones, **contexto)
    if revisada.con_error:
        raise DatoInvalido("Corrija las filas con errores antes de certificar la lista.")
    return [Consulta(r.respuesta, r.fila) for r in revisada.renglones if r.respuesta is not None]


def _contexto() -> dict[str, Any]:
    return {"hoy": hoy(), "usuario": quien_ingreso(), "ahora": ahora(), "peticion": peticion_id()}


def _certificar(clave: str, mirar: Callable[[dict[str, Any]], list[Consulta]], dependencia: str = "") -> Any:
    """Read, lay out and keep, each by itself: no transaction waits for the paper. Raises `DatoInvalido`."""
    previo = certificados.por_clave(clave, quien_ingreso())
    if previo is None:
        frenar_certificado()
        with transaccion():
            contexto = _contexto()
            consultas = mirar(contexto)
            certificado = certificados.preparar(
                consultas, usuario=contexto["usuario"], ahora=contexto["ahora"], dependencia=dependencia
            )
        papel = pdf_certificado(
            certificado, departamento=departamento_actual(), url=direccion_publica(certificado.codigo)
        )
        previo = _guardar(certificado, papel, clave)
    return redirect(url_for("certificados.ver", codigo=previo.codigo), 303)


def _guardar(certificado: Certificado, papel: bytes, clave: str) -> CertificadoValidacion:
    with transaccion():
        return certificados.expedir(
            certificado,
            papel,
            departamento=departamento_actual().codigo,
            clave=clave,
            usuario=quien_ingreso(),
            peticion=peticion_id(),
        )


def _anotado(codigo: str, *, con_pdf: bool = False) -> int:
    with transaccion():
        return certificados.ver(codigo, usuario=quien_ingreso(), ahora=ahora(), peticion=peticion_id(), con_pdf=con_pdf)


def _pagina(form: CertificarForm, respuesta: Respuesta | None, estado: int) -> Any:
    return render_page_or_fragment(
        "certificados/buscar.html",
        "certificados/_buscar.html",
        estado,
        form=form,
        respuesta=respuesta,
        actos=actos_de,
        pedido=pedido_entero,
        recientes=certificados.recientes(departamento_actual().codigo, quien_ingreso()),
        leida_en=ahora(),
    )
