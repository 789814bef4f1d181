"""`/gestion`: the work of one's role, with links only to what exists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template

from portal.dominio.palabras import ROLES
from portal.models import Liquidacion
from portal.models.usuario import Rol
from portal.operaciones import liquidaciones
from portal.web.acceso import requiere_rol, usuario_actual
from portal.web.departamento import departamento_actual
from portal.web.reloj import hoy

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
TAREAS: Mapping[Rol, Sequence[Tarea]] = {
    Rol.RENTAS: (
        _NUEVA,
        _IMPORTAR,
        _LISTA,
        _RECONOCIMIENTOS,
        _CERTIFICAR,
        _VALIDAR_LISTA,
        _REPORTE,
        _CIRCULAR,
        _CONSULTA,
        _PAGO,
    ),
    Rol.ADMINISTRADOR: (
        _VALORES,
        _TARIFAS,
        _CIRCULAR,
        _LISTA,
        _RECONOCIMIENTOS,
        _LEER_TESORERIA,
        _LEER_ARCHIVOS_BANCO,
        _CIERRE,
        _REPORTE,
        _CONSULTA,
    ),
    Rol.AUDITOR: (
        _LISTA,
        _RECONOCIMIENTOS,
        _LEER_TESORERIA,
        _LEER_ARCHIVOS_BANCO,
        _CIERRE,
        _REPORTE,
        _LEER_VALORES,
        _LEER_TARIFAS,
        _CIRCULAR,
        _CERTIFICAR,
        _VALIDAR_LISTA,
        _CONSULTA,
    ),
    Rol.TESORERIA: (
        _TESORERIA,
        _ORDENES,
        _DEVOLUCIONES,
        _RECLAMOS,
        _ARCHIVOS_BANCO,
        _CIERRE,
        _REPORTE,
        _CERTIFICAR,
        _VALIDAR_LISTA,
        _CONSULTA,
        _PAGO,
        _CIRCULAR,
    ),
    Rol.FUNCIONARIO: (_VALIDACION, _VALIDAR_LISTA, _CERTIFICAR, _CONSULTA, _CIRCULAR),
    Rol.AGENTE: (_CONSULTA, _CIRCULAR),
}


@bp.get("/gestion")
@requiere_rol()
def inicio() -> str:
    """The work list of one's role."""
    usuario = usuario_actual()
    assert usuario is not None, "exigir_acceso let nobody else in"
    tareas = TAREAS[usuario.rol]
    recientes: Sequence[Liquidacion] = ()
    if _LISTA in tareas:
        recientes = liquidaciones.buscar(departamento_actual().codigo, limite=_RECIENTES).filas
    return render_template(
        "gestion/inicio.html",
        usuario=usuario,
        rol=ROLES[usuario.rol],
        tareas=tareas,
        recientes=recientes,
        hoy=hoy(),
    )
