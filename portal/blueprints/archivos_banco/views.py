"""`/gestion/tesoreria/archivos-del-banco`: a file is tried first, and applied whole only after somebody saw what it does."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for

from portal.blueprints.archivos_banco.forms import SubirForm
from portal.blueprints.archivos_banco.libros import hojas
from portal.db import transaccion
from portal.documentos.libro import escribir
from portal.documentos.listados import hoja_de_archivos
from portal.dominio.asobancaria_texto import MAXIMO_BYTES
from portal.dominio.errores import DatoInvalido, TransicionNoPermitida
from portal.dominio.movimientos import DESENLACES, Dudosas, Novedad
from portal.models import EntregaBanco
from portal.models.usuario import Rol
from portal.operaciones.archivos_banco import consultas, entregas
from portal.operaciones.archivos_banco.importacion import (
    MAXIMO_EN_PANTALLA,
    ArchivoRepetido,
    importar,
    revisar,
)
from portal.operaciones.archivos_banco.lectura import leer_propio
from portal.operaciones.paginas import MAXIMO_EXPORTADO, paginas_de
from portal.web.acceso import quien_ingreso, requiere_rol
from portal.web.convenio import convenio_actual
from portal.web.exportacion import entregar_lista, formato_pedido, notas_de_lista
from portal.web.htmx import es_fragmento, render_page_or_fragment
from portal.web.preferencias import registros_elegidos
from portal.web.reloj import ahora, hoy
from portal.web.seguridad import admite_archivo, peticion_id
from portal.web.tablas import pagina_pedida

bp = Blueprint("archivos_banco", __name__, url_prefix="/gestion/tesoreria/archivos-del-banco")
_LEEN = (Rol.TESORERIA, Rol.AUDITOR, Rol.ADMINISTRADOR)
# Larger than a good file, so that a somewhat larger one gets a sentence instead of a cut connection.
_MAXIMO_ENVIO = 4 * MAXIMO_BYTES
_MB = MAXIMO_BYTES // 1024**2


@bp.get("")
@requiere_rol(*_LEEN)
def lista() -> Any:
    """The imported files and, for treasury, the form."""
    if formato := formato_pedido():
        filas = consultas.importados(limite=MAXIMO_EXPORTADO)
        notas = notas_de_lista("todos los archivos importados.", len(filas), hay_mas=len(filas) == MAXIMO_EXPORTADO)
        return entregar_lista(escribir(formato, hoja_de_archivos(filas, notas)), "archivos-del-banco", filas=len(filas))
    return _pagina_lista(SubirForm(), 200)


@bp.post("")
@requiere_rol(Rol.TESORERIA)
@admite_archivo(_MAXIMO_ENVIO, f"El archivo es demasiado grande. Debe tener como máximo {_MB} MB.")
def subir() -> Any:
    """Take a file that can be read and is ours; what it would do is the next page's."""
    form = SubirForm()
    if not form.validate():
        return _pagina_lista(form, 422)
    enviado = form.archivo.data
    contenido = enviado.read(MAXIMO_BYTES + 1)
    try:
        leer_propio(contenido, convenio=convenio_actual(), hoy=hoy())
    except DatoInvalido as error:
        form.senalar(error)
        return _pagina_lista(form, 422)
    with transaccion():
        codigo = entregas.guardar(contenido, enviado.filename or "", usuario=quien_ingreso(), ahora=ahora()).codigo
    return redirect(url_for("archivos_banco.revision", codigo=codigo), 303)


@bp.get("/revisar/<codigo>")
@requiere_rol(Rol.TESORERIA)
def revision(codigo: str) -> Any:
    """What importing a file would do now, line by line."""
    return _pagina_revision(_entrega(codigo), _dudosas(request.args.get("dudosas", "")))


@bp.post("/revisar/<codigo>/importar")
@requiere_rol(Rol.TESORERIA)
def confirmar(codigo: str) -> Any:
    """Apply everything, only if it is what the treasurer saw."""
    dudosas = _dudosas(request.form.get("dudosas", ""))
    try:
        with transaccion():
            numero = _importar(_entrega(codigo), dudosas)
    except ArchivoRepetido as error:
        flash(error.mensaje, "alerta")
        if error.anterior is None:
            return redirect(url_for("archivos_banco.lista"), 303)
        numero = error.anterior.numero
    except TransicionNoPermitida as error:
        return _pagina_revision(_entrega(codigo), dudosas, aviso=error.mensaje, estado=409)
    else:
        flash("El archivo del banco quedó importado.", "exito")
    return redirect(url_for("archivos_banco.ver", numero=numero), 303)


@bp.post("/descartar")
@requiere_rol(Rol.TESORERIA)
def descartar() -> Any:
    """Forget the file that waits."""
    with transaccion():
        entregas.descartar(quien_ingreso())
    flash("El archivo se borró del portal. No se aplicó nada.", "exito")
    return redirect(url_for("archivos_banco.lista"), 303)


@bp.get("/<int:numero>")
@requiere_rol(*_LEEN)
def ver(numero: int) -> Any:
    """What an imported file did."""
    archivo = consultas.por_numero(numero)
    if formato := formato_pedido():
        movimientos = consultas.movimientos(archivo)
        contenido = escribir(formato, *hojas(archivo, movimientos, consultas.sumas(archivo)))
        return entregar_lista(contenido, f"archivo-del-banco-{numero}", filas=len(movimientos))
    nuevas = archivo.lineas - archivo.repetidas
    registros = registros_elegidos()
    pagina, paginas = _pagina(nuevas, registros)
    linea = request.args.get("linea", "")
    if linea.isascii() and linea.isdigit() and len(linea) <= 6:
        pagina = min(consultas.lugar_de(archivo, int(linea)) // registros + 1, paginas)
    movimientos = consultas.movimientos(archivo, desde=(pagina - 1) * registros, limite=registros)
    return render_page_or_fragment(
        "archivos_banco/archivo.html",
        "archivos_banco/_archivo.html",
        archivo=archivo,
        sumas=consultas.sumas(archivo),
        movimientos=movimientos,
        casos=consultas.casos_por_movimiento(movimientos),
        desenlaces=DESENLACES,
        pagina=pagina,
        paginas=paginas,
    )


def _importar(entrega: EntregaBanco, dudosas: Dudosas) -> int:
    quien = quien_ingreso()
    archivo = importar(
        entrega.contenido,
        nombre=entrega.nombre,
        convenio=convenio_actual(),
        usuario=quien,
        ahora=ahora(),
        hoy=hoy(),
        visto=request.form.get("visto", ""),
        dudosas=dudosas,
        maximo=MAXIMO_EN_PANTALLA,
        peticion=peticion_id(),
    )
    entregas.descartar(quien)
    return archivo.numero


def _pagina_lista(form: SubirForm, estado: int) -> Any:
    registros = registros_elegidos()
    pagina, paginas = _pagina(consultas.cuantos(), registros)
    return render_page_or_fragment(
        "archivos_banco/lista.html",
        "archivos_banco/_lista.html",
        estado,
        form=form,
        puede_subir=quien_ingreso().rol is Rol.TESORERIA,
        maximo_mb=_MB,
        importados=consultas.importados(desde=(pagina - 1) * registros, limite=registros),
        cuantos=consultas.cuantos(),
        pagina=pagina,
        paginas=paginas,
    )


def _pagina_revision(entrega: EntregaBanco, dudosas: Dudosas, *, aviso: str = "", estado: int = 200) -> Any:
    hecha = revisar(entrega.contenido, convenio=convenio_actual(), hoy=hoy(), dudosas=dudosas)
    registros = registros_elegidos()
    pagina, paginas = _pagina(len(hecha.renglones), registros)
    respuesta = render_page_or_fragment(
        "archivos_banco/revision.html",
        "archivos_banco/_revision.html",
        estado,
        entrega=entrega,
        revision=hecha,
        renglones=hecha.renglones[(pagina - 1) * registros : pagina * registros],
        novedades=Novedad,
        hay_dudosas=hecha.sin_decidir or dudosas is not Dudosas.SIN_DECIDIR,
        es_larga=hecha.con_novedad(Novedad.NUEVA).cuantas > MAXIMO_EN_PANTALLA,
        maximo=MAXIMO_EN_PANTALLA,
        desenlaces=DESENLACES,
        aviso=aviso,
        pagina=pagina,
        paginas=paginas,
    )
    return _con_direccion(respuesta, entrega)


def _con_direccion(respuesta: Response, entrega: EntregaBanco) -> Response:
    """A fragment that came after an upload has an address of its own, worth a place in the browser's history."""
    if es_fragmento():
        respuesta.headers["HX-Push-Url"] = url_for("archivos_banco.revision", codigo=entrega.codigo)
    return respuesta


def _entrega(codigo: str) -> EntregaBanco:
    return entregas.por_codigo(codigo, usuario=quien_ingreso(), ahora=ahora())


def _dudosas(texto: str) -> Dudosas:
    return Dudosas(texto) if texto in set(Dudosas) else Dudosas.SIN_DECIDIR


def _pagina(cuantas: int, por_pagina: int) -> tuple[int, int]:
    """The page that was asked for, within those that there are, and how many there are."""
    paginas = paginas_de(cuantas, por_pagina)
    return min(max(pagina_pedida(), 1), paginas), paginas
