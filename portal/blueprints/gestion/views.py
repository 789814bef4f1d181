"""`/gestion`: what waits for the person who signed in, and the areas of their role."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from portal.blueprints.gestion.atajos import INICIO, LETRAS
from portal.blueprints.gestion.pendientes import por_hacer
from portal.dominio.palabras import ROLES
from portal.models import Liquidacion, Usuario
from portal.models.usuario import Rol
from portal.operaciones import listado_liquidaciones, trabajo
from portal.operaciones.agentes.alcance import entidad_que_limita
from portal.operaciones.trabajo import Jornada
from portal.web.acceso import quien_ingreso, requiere_rol, usuario_actual
from portal.web.departamento import departamento_actual
from portal.web.preferencias import registros_elegidos, volver_a
from portal.web.reloj import ahora, hoy

bp = Blueprint("gestion", __name__)
_RECIENTES = 5


@dataclass(frozen=True)
class Tarea:
    """One card: where it leads and what it is for."""

    endpoint: str
    titulo: str
    texto: str


_NUEVA = Tarea("liquidaciones.nueva", "Liquidar un contrato o trámite", "Elija el acto, revise el cálculo y emita.")
_LISTA = Tarea("liquidaciones.lista", "Liquidaciones", "Busque por número, factura, documento o contrato.")
_IMPORTAR = Tarea("lotes.subir", "Importar contratos", "Liquide muchos contratos de una vez, desde Excel o CSV.")
_VALORES = Tarea("normativa.lista", "Valores de cada año", "UVT, SMMLV y valores por decreto: proponga y publique.")
_LEER_VALORES = Tarea(
    "normativa.lista", "Valores de cada año", "UVT, SMMLV y valores por decreto, con quién los publicó."
)
_RECONOCIMIENTOS = Tarea(
    "liquidaciones.reconocimientos",
    "Reconocimientos",
    "Exenciones reconocidas: a quién, con qué soporte y hasta cuándo.",
)
_TARIFAS = Tarea("normativa.lista_tarifas", "Tarifas", "Lo que cobra cada estampilla: proponga y publique cambios.")
_LEER_TARIFAS = Tarea("normativa.lista_tarifas", "Tarifas", "Lo que cobra cada estampilla, con su norma y su historia.")
_CIRCULAR = Tarea(
    "normativa.circular", "Circular de tarifas", "Lo que paga cada acto este año, con su norma; en PDF y Excel."
)
_ARCHIVOS_BANCO = Tarea(
    "archivos_banco.lista", "Archivos del banco", "Importe lo que recaudó el banco; vea qué pasó con cada pago."
)
_LEER_ARCHIVOS_BANCO = Tarea(
    "archivos_banco.lista", "Archivos del banco", "Lo que informó el banco y qué pasó con cada pago."
)
_CONSULTA = Tarea("consulta.consultar", "Consulta Pública", "Compruebe si una estampilla está pagada.")
_PAGO = Tarea("pago.buscar", "Pago en línea", "Acompañe a una persona que va a pagar por PSE.")
_DEVOLUCIONES = Tarea(
    "devoluciones.lista", "Devoluciones", "Estudie, decida y registre lo que se le devuelve a quien pagó de más."
)
_RECLAMOS = Tarea(
    "reclamos.lista", "Pagué y no aparece", "Personas que dicen que pagaron y la pasarela no lo sabe: respóndales."
)
_TESORERIA = Tarea(
    "tesoreria.inicio", "Tesorería", "Lo que espera a una persona: pagos dobles, avisos raros, dinero sin dueño."
)
_LEER_TESORERIA = Tarea("tesoreria.inicio", "Tesorería", "Las colas de Tesorería, sus casos, sus pagos y sus órdenes.")
_ORDENES = Tarea(
    "tesoreria.ordenes_lista", "Órdenes por aprobar", "Legalizar, revertir o aplicar a mano, entre dos personas."
)
_CONSIGNACIONES = Tarea(
    "consignaciones.propias",
    "Consignaciones",
    "Envíe el comprobante de lo que consignó y vea la respuesta de Tesorería.",
)
_CONSIGNACIONES_DE_AGENTES = Tarea(
    "consignaciones.lista", "Consignaciones de agentes", "Lo que dicen que consignaron, frente al archivo del banco."
)
_CIERRE = Tarea(
    "cierres.lista", "Cierre diario", "Libro, pasarela y banco de cada cuenta y día, con la firma de Tesorería."
)
_REPORTE = Tarea("reportes.inicio", "Reportes", "Lo recaudado entre dos fechas, por estampilla, cuenta y canal.")
_VALIDAR_LISTA = Tarea(
    "validacion_lista.lista", "Validar una lista", "Pegue o suba muchos contratos y vea el estado de cada uno."
)
_CERTIFICAR = Tarea(
    "certificados.buscar",
    "Certificados de validación",
    "Consulte un acto y certifique lo que encontró, con código y PDF.",
)
_VALIDACION = Tarea(
    "validacion.inicio", "Adherir y anular", "Busque o lea una estampilla, compárela con el papel y úsela una sola vez."
)
_CALENDARIO = Tarea(
    "calendario.ver", "Calendario de plazos", "Festivos y días no hábiles. Declare un día o una falla del portal."
)
_LEER_CALENDARIO = Tarea(
    "calendario.ver", "Calendario de plazos", "Festivos, días no hábiles y fallas del portal que mueven los plazos."
)
_AUDITORIA = Tarea(
    "auditoria.bitacora",
    "Auditoría",
    "Quién hizo qué y cuándo, el estado de las cadenas y la exportación de un periodo.",
)
_CUENTAS = Tarea("usuarios.lista", "Cuentas", "Quién ingresa al portal y qué puede hacer: invite, cambie o desactive.")
_LEER_DEVOLUCIONES = Tarea(
    "devoluciones.lista", "Devoluciones", "Lo que se le devolvió a quien pagó de más, y quién lo decidió."
)
_LEER_RECLAMOS = Tarea("reclamos.lista", "Pagué y no aparece", "Los reclamos de pago que esperan respuesta.")
_MIS_MESES = Tarea(
    "agentes.meses", "Declaración mensual", "Cada mes de su entidad: revise lo que retuvo, preséntelo o corríjalo."
)
_AGENTES = Tarea(
    "agentes_tablero.tablero", "Agentes recaudadores", "Quién declaró el mes, quién está en mora y qué no cuadra."
)
_REGISTRO_AGENTES = Tarea(
    "agentes_registro.lista", "Registro de agentes", "Entidades que recaudan, sus sedes y las cuentas vinculadas."
)
_DIARIO = Tarea("agentes_diario.mio", "Recaudo diario", "Lo que cada sede retuvo y consignó, y el reporte del mes.")
_CORREOS = Tarea("correos.lista", "Correos sin enviar", "Avisos que no han podido salir, por qué, y otro intento.")
TAREAS: Mapping[Rol, Sequence[Tarea]] = {
    Rol.RENTAS: (
        _NUEVA,
        _IMPORTAR,
        _LISTA,
        _RECONOCIMIENTOS,
        _CERTIFICAR,
        _VALIDAR_LISTA,
        _AGENTES,
        _REPORTE,
        _CIRCULAR,
        _LEER_CALENDARIO,
        _CONSULTA,
        _PAGO,
    ),
    Rol.ADMINISTRADOR: (
        _VALORES,
        _TARIFAS,
        _CALENDARIO,
        _CIRCULAR,
        _LISTA,
        _RECONOCIMIENTOS,
        _REGISTRO_AGENTES,
        _AGENTES,
        _LEER_TESORERIA,
        _CONSIGNACIONES_DE_AGENTES,
        _LEER_ARCHIVOS_BANCO,
        _CIERRE,
        _REPORTE,
        _AUDITORIA,
        _CUENTAS,
        _CORREOS,
        _CONSULTA,
    ),
    Rol.AUDITOR: (
        _AUDITORIA,
        _LISTA,
        _RECONOCIMIENTOS,
        _LEER_TESORERIA,
        _LEER_DEVOLUCIONES,
        _LEER_RECLAMOS,
        _CONSIGNACIONES_DE_AGENTES,
        _LEER_ARCHIVOS_BANCO,
        _CIERRE,
        _AGENTES,
        _REPORTE,
        _LEER_VALORES,
        _LEER_TARIFAS,
        _CIRCULAR,
        _LEER_CALENDARIO,
        _CORREOS,
        _CERTIFICAR,
        _VALIDAR_LISTA,
        _CONSULTA,
    ),
    Rol.TESORERIA: (
        _TESORERIA,
        _ORDENES,
        _DEVOLUCIONES,
        _RECLAMOS,
        _CONSIGNACIONES_DE_AGENTES,
        _ARCHIVOS_BANCO,
        _CIERRE,
        _AGENTES,
        _REPORTE,
        _CERTIFICAR,
        _VALIDAR_LISTA,
        _CONSULTA,
        _PAGO,
        _CIRCULAR,
    ),
    Rol.FUNCIONARIO: (_VALIDACION, _VALIDAR_LISTA, _CERTIFICAR, _CONSULTA, _CIRCULAR),
    Rol.AGENTE: (_NUEVA, _LISTA, _MIS_MESES, _CONSIGNACIONES, _DIARIO, _LEER_CALENDARIO, _CONSULTA, _CIRCULAR),
}
# What the account of an agent does for its entity: nothing while nobody linked it to one.
DE_SU_ENTIDAD = (_NUEVA, _LISTA, _MIS_MESES, _CONSIGNACIONES, _DIARIO)


_DE_LIQUIDACIONES = ("liquidaciones.lista", "Buscar", "Número de liquidación, factura, documento o contrato, completo.")
# What each role looks for from its first page: endpoint, label and hint of the box.
BUSQUEDAS: Mapping[Rol, tuple[str, str, str]] = {
    Rol.FUNCIONARIO: (
        "validacion.buscar",
        "¿Está pagado? Busque un contrato o una estampilla",
        "Número de contrato, factura, liquidación, documento o código de la estampilla, completo.",
    ),
    Rol.TESORERIA: (
        "tesoreria.buscar",
        "Buscar un pago",
        "CUS, referencia, documento, número de factura o de liquidación, completo.",
    ),
    Rol.RENTAS: _DE_LIQUIDACIONES,
    Rol.ADMINISTRADOR: _DE_LIQUIDACIONES,
    Rol.AUDITOR: _DE_LIQUIDACIONES,
    Rol.AGENTE: _DE_LIQUIDACIONES,
}


def areas_de(usuario: Usuario) -> list[Tarea]:
    """The areas that an account may enter."""
    sin_entidad = usuario.rol is Rol.AGENTE and usuario.agente_id is None
    return [t for t in TAREAS[usuario.rol] if not (sin_entidad and t in DE_SU_ENTIDAD)]


@bp.app_context_processor
def atajos() -> dict[str, Any]:
    """How pages of staff list the areas that the keyboard reaches."""
    return {"areas_con_atajo": areas_con_atajo}


def areas_con_atajo() -> list[tuple[str, str, str]]:
    """Letter, title and address of each area of whoever signed in; their work, for every account, first."""
    usuario = usuario_actual()
    areas = areas_de(usuario) if usuario else []
    propias = [(LETRAS[t.endpoint], t.titulo, url_for(t.endpoint)) for t in areas if t.endpoint in LETRAS]
    return [(INICIO, "Mi trabajo", url_for("gestion.inicio")), *propias]


@bp.get("/gestion")
@requiere_rol()
def inicio() -> str:
    """What waits for one, by urgency; then the areas of the role, and what was assessed last."""
    usuario, areas = quien_ingreso(), areas_de(quien_ingreso())
    sin_entidad = usuario.rol is Rol.AGENTE and usuario.agente_id is None
    entidad = None if sin_entidad else entidad_que_limita(usuario)
    departamento = departamento_actual()
    recientes: Sequence[Liquidacion] = ()
    if _LISTA in areas:
        recientes = listado_liquidaciones.buscar(departamento.codigo, de=entidad, limite=_RECIENTES).filas
    jornada = Jornada(departamento.codigo, ahora(), hoy(), departamento.devolucion.dias_habiles_para_decidir)
    return render_template(
        "gestion/inicio.html",
        usuario=usuario,
        rol=ROLES[usuario.rol],
        entidad=entidad,
        sin_entidad=sin_entidad,
        busqueda=None if sin_entidad else BUSQUEDAS[usuario.rol],
        pendientes=[por_hacer(p, jornada) for p in trabajo.pendientes_de(usuario, jornada)],
        areas=areas,
        recientes=recientes,
        hoy=jornada.hoy,
    )


@bp.post("/gestion/preferencias")
@requiere_rol()
def preferencias() -> Any:
    """Keep how the account likes its lists, and go back to the one that it was looking at."""
    registros_elegidos()
    return redirect(volver_a(request.form.get("volver", "")), 303)
