"""`/gestion/liquidaciones/reconocimientos`: who is recognised an exemption, on which document, until when; and revoking it."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from wtforms import SelectField
from wtforms.validators import DataRequired

from portal.blueprints.liquidaciones.blueprint import LEEN_RECONOCIMIENTOS, bp
from portal.blueprints.liquidaciones.lista import antes_de
from portal.blueprints.liquidaciones.soportes import ELIJA, SoporteForm
from portal.db import transaccion
from portal.documentos.libro import escribir
from portal.documentos.listados import hoja_de_reconocimientos
from portal.dominio.errores import DatoInvalido
from portal.dominio.identificacion import (
    TIPOS_DOCUMENTO,
    leer_documento,
    leer_documento_de_consulta,
    leer_numero_contrato,
    leer_texto,
)
from portal.dominio.lectura import leer_vigencia
from portal.dominio.normativa import Regla
from portal.models import Agente
from portal.models.usuario import Rol
from portal.operaciones import reconocimientos
from portal.operaciones.agentes import registro
from portal.operaciones.normativa import normativa_de
from portal.operaciones.reconocimientos import (
    POR_VENCER,
    Alcance,
    Datos,
    Firma,
    Lista,
    YaReconocido,
    reglas_por_reconocer,
)
from portal.web.acceso import quien_ingreso, requiere_rol
from portal.web.departamento import departamento_actual
from portal.web.exportacion import corte, entregar_lista, formato_pedido, notas_de_lista
from portal.web.formularios import CampoTexto, Formulario, leer, leer_fecha, opciones
from portal.web.htmx import render_page_or_fragment
from portal.web.miradas import anotar_mirada
from portal.web.reloj import ahora, hoy
from portal.web.seguridad import peticion_id

_SIN_AGENTE = ("", "El departamento, u otra que no es agente recaudador")


class BuscarReconocimientoForm(Formulario):
    """One box, for the beneficiary's document."""

    buscar = CampoTexto("Documento del beneficiario", [leer(leer_documento_de_consulta, opcional=True)])


class ReconocimientoForm(SoporteForm):
    """Everything that a recognition says."""

    regla = SelectField("Exención o exclusión", validators=[DataRequired("Elija una regla de la lista.")])
    tipo_documento = SelectField("Tipo de documento", choices=opciones(TIPOS_DOCUMENTO.items()), default="NIT")
    documento = CampoTexto("Número de documento", [leer(leer_texto, maximo=25, campo="documento")])
    nombre = CampoTexto("Nombre del beneficiario", [leer(leer_texto, maximo=160, campo="nombre")])
    numero_contrato = CampoTexto("Número de contrato", [leer(leer_numero_contrato, opcional=True)])
    vigencia_contrato = CampoTexto("Vigencia del contrato", [leer(leer_vigencia, opcional=True)])
    entidad = SelectField("Entidad que contrata", default="")
    desde = CampoTexto("Vale desde", [leer(leer_fecha)])

    datos: Datos
    _agentes: dict[str, int]
    _fields: dict[str, Any]

    def __init__(self) -> None:
        super().__init__()
        # A subclass's fields come last: the summary of errors follows the page.
        contrato = ("numero_contrato", "vigencia_contrato", "entidad")
        propios = ("regla", "tipo_documento", "documento", "nombre", *contrato, "desde")
        self._fields = {nombre: self._fields[nombre] for nombre in dict.fromkeys([*propios, *self._fields])}

    def preparar(self, reglas: tuple[Regla, ...], agentes: Sequence[Agente]) -> None:
        """Offer the rules that need a recognition, and the agents whose contracts it may be about, if there is any."""
        self.entidad.choices = opciones([_SIN_AGENTE, *((agente.codigo, agente.nombre) for agente in agentes)])
        self._agentes = {agente.codigo: agente.id for agente in agentes}
        if not agentes:
            del self["entidad"]
        nombres = {regla.codigo: f"{regla.nombre} ({regla.codigo})" for regla in reglas}
        self.regla.choices = opciones([ELIJA, *nombres.items()])

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        try:
            self.datos = self._datos()
        except DatoInvalido as error:
            self.senalar(error)
            return False
        return True

    def _datos(self) -> Datos:
        numero, vigencia = self.numero_contrato.leido, self.vigencia_contrato.leido
        if (numero is None) != (vigencia is None):
            campo = "numero_contrato" if numero is None else "vigencia_contrato"
            raise DatoInvalido("Un contrato se identifica con su número y su vigencia: escriba los dos.", campo)
        agente_id = self._agentes.get(self.entidad.data) if "entidad" in self else None
        if agente_id is not None and numero is None:
            raise DatoInvalido("Escriba el número y la vigencia del contrato de esa entidad.", "numero_contrato")
        documento = leer_documento(self.tipo_documento.data, self.documento.leido)
        return Datos(
            Alcance(self.tipo_documento.data, documento, self.nombre.leido, numero, vigencia, agente_id),
            self.soporte,
            self.desde.leido,
            self.hasta.leido,
            departamento_actual().oficina,
        )


class RevocarForm(Formulario):
    """Why a recognition ends."""

    motivo = CampoTexto("Motivo", [leer(leer_texto, maximo=500, campo="motivo")])


@bp.route("/reconocimientos", methods=["GET", "POST"], endpoint="reconocimientos")
@requiere_rol(*LEEN_RECONOCIMIENTOS)
def lista() -> Any:
    """The recognitions, newest first; the document that is searched travels in the body."""
    form, estado = BuscarReconocimientoForm(), 200
    if request.method == "POST" and not form.validate():
        pagina, estado = Lista((), None), 422
    else:
        buscado = (form.buscar.leido if request.method == "POST" else "") or ""
        if buscado:
            anotar_mirada("reconocimiento.buscar", "reconocimientos", hallados=[r.id for r in _leer(buscado).filas])
        pagina = _leer(buscado)
        if formato := formato_pedido():
            hoja = hoja_de_reconocimientos(pagina.filas, hoy(), _notas(pagina, form.buscar.data or ""))
            return entregar_lista(escribir(formato, hoja), "reconocimientos", filas=len(pagina.filas))
    return render_page_or_fragment(
        "reconocimientos/lista.html",
        "reconocimientos/_lista.html",
        estado,
        form=form,
        lista=pagina,
        por_vencer=_por_vencer(),
        hay_reglas=bool(_reglas()),
        hoy=hoy(),
    )


def _leer(documento: str) -> Lista:
    vencen = (hoy(), hoy() + POR_VENCER) if _por_vencer() else None
    limite = corte()["registros"]
    return reconocimientos.buscar(
        departamento_actual().codigo, documento, vencen=vencen, antes_de=antes_de(), limite=limite
    )


def _por_vencer() -> bool:
    return request.values.get("cuales") == "por-vencer"


def _notas(pagina: Lista, buscado: str) -> list[str]:
    filtro = "Vigentes que vencen en los próximos 30 días." if _por_vencer() else "Todos."
    filtro += f" Documento: {buscado}." if buscado else ""
    return notas_de_lista(filtro, len(pagina.filas), hay_mas=pagina.siguiente is not None)


@bp.route("/reconocimientos/nuevo", methods=["GET", "POST"])
@requiere_rol(Rol.RENTAS)
def reconocimiento_nuevo() -> Any:
    """Record one."""
    form = ReconocimientoForm()
    form.preparar(_reglas(), registro.listar(departamento_actual().codigo))
    if request.method == "GET":
        return _formulario(form)
    if not form.validate():
        return _formulario(form), 422
    try:
        with transaccion():
            departamento = departamento_actual().codigo
            numero = reconocimientos.reconocer(
                form.regla.data, form.datos, departamento=departamento, firma=_firma()
            ).id
    except DatoInvalido as error:
        form.senalar(error)
        return _formulario(form), 422
    except YaReconocido as error:
        return _formulario(form, error), 409
    flash(f"El reconocimiento {numero} quedó registrado.", "exito")
    return redirect(url_for("liquidaciones.reconocimiento", numero=numero), 303)


@bp.get("/reconocimientos/<int:numero>")
@requiere_rol(*LEEN_RECONOCIMIENTOS)
def reconocimiento(numero: int) -> Any:
    """One recognition, and what was issued on its strength."""
    uno = reconocimientos.por_id(departamento_actual().codigo, numero)
    anotar_mirada("reconocimiento.ver", f"reconocimiento:{numero}")
    usos, cuantos = reconocimientos.usos(uno.id)
    return render_template(
        "reconocimientos/ver.html",
        uno=uno,
        usos=usos,
        cuantos=cuantos,
        puede_revocar=quien_ingreso().rol is Rol.RENTAS and not uno.revocado,
        hoy=hoy(),
    )


@bp.route("/reconocimientos/<int:numero>/revocar", methods=["GET", "POST"])
@requiere_rol(Rol.RENTAS)
def revocar(numero: int) -> Any:
    """Ask the reason, then end it."""
    uno = reconocimientos.por_id(departamento_actual().codigo, numero)
    if uno.revocado:
        return redirect(url_for("liquidaciones.reconocimiento", numero=numero), 303)
    form = RevocarForm()
    if not form.validate_on_submit():
        estado = 422 if form.is_submitted() else 200
        return render_template("reconocimientos/revocar.html", form=form, uno=uno), estado
    with transaccion():
        reconocimientos.revocar(numero, motivo=form.motivo.leido, firma=_firma())
    flash(f"El reconocimiento {numero} quedó revocado.", "exito")
    return redirect(url_for("liquidaciones.reconocimiento", numero=numero), 303)


def _formulario(form: ReconocimientoForm, cruzado: YaReconocido | None = None) -> str:
    reglas = _reglas()
    return render_template("reconocimientos/nuevo.html", form=form, reglas=reglas, cruzado=cruzado)


def _reglas() -> tuple[Regla, ...]:
    return reglas_por_reconocer(normativa_de(departamento_actual().codigo))


def _firma() -> Firma:
    return Firma(quien_ingreso(), ahora(), hoy(), peticion_id())
