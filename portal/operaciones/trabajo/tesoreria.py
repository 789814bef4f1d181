"""Treasury's work: cases, orders of another person, closes, deposits, refunds and the bank's file."""

from datetime import date, datetime

from sqlalchemy import func, select

from portal.db import db
from portal.dominio.cierre import limites
from portal.dominio.devoluciones import EstadoDevolucion
from portal.dominio.errores import NormaNoVigente
from portal.dominio.festivos import habiles_despues
from portal.dominio.trabajo import Asunto, Pendiente
from portal.models import EntregaBanco, Usuario
from portal.operaciones import colas, listado_devoluciones
from portal.operaciones.agentes import colas_consignaciones
from portal.operaciones.agentes.colas_consignaciones import Cuales
from portal.operaciones.calendario import calendario_de
from portal.operaciones.cierres.sin_firmar import sin_firmar
from portal.operaciones.cuentas import plan_de
from portal.operaciones.trabajo.jornada import Jornada, dia_de

_E = EstadoDevolucion
_DEVOLUCIONES = {
    _E.SOLICITADA: Asunto.POR_ESTUDIAR,
    _E.EN_ESTUDIO: Asunto.POR_DECIDIR,
    _E.APROBADA: Asunto.POR_TRANSFERIR,
    _E.REBOTADA: Asunto.CUENTAS_POR_PEDIR,
    _E.CORREGIDA: Asunto.CUENTAS_POR_ACEPTAR,
}
# The norm's term is to decide; afterwards it is a transfer that waits.
_CON_TERMINO = (_E.SOLICITADA, _E.EN_ESTUDIO)


def pendientes(usuario: Usuario, jornada: Jornada) -> list[Pendiente]:
    """The queues of treasury for one of its people: never an order nor a refund that needs somebody else than them."""
    cuantas, desde = colas.por_aprobar_de(usuario.id)
    return [
        *_casos(usuario, jornada),
        Pendiente(Asunto.ORDENES, cuantas, desde),
        *_devoluciones(usuario, jornada),
        *_consignaciones(),
        *_cierres(jornada),
        _archivo(usuario, jornada),
    ]


def _casos(usuario: Usuario, jornada: Jornada) -> list[Pendiente]:
    return [
        Pendiente(
            Asunto.CASOS,
            una.abiertos,
            una.mas_antiguo,
            dia_de(una.mas_antiguo + una.cola.plazo),
            nota=_duenos(una),
            que=una.cola.nombre,
            datos={"cola": una.clase.value},
        )
        for una in colas.estado_de_las_colas(usuario.id, jornada.ahora)
        if una.mas_antiguo is not None
    ]


def _duenos(una: colas.EstadoCola) -> str:
    ajenos = una.abiertos - una.mios - una.sin_responsable
    partes = ((una.mios, "de usted"), (una.sin_responsable, "sin responsable"), (ajenos, "de otra persona"))
    return ", ".join(f"{cuantos} {de_quien}" for cuantos, de_quien in partes if cuantos)


def _devoluciones(usuario: Usuario, jornada: Jornada) -> list[Pendiente]:
    return [
        Pendiente(
            _DEVOLUCIONES[estado], cuantas, desde, _por_decidir(desde, jornada) if estado in _CON_TERMINO else None
        )
        for estado, (cuantas, desde) in listado_devoluciones.por_atender(usuario.id).items()
    ]


def _por_decidir(solicitada_en: datetime, jornada: Jornada) -> date | None:
    """The last day to decide; None when the holidays of its year are not published."""
    try:
        return habiles_despues(dia_de(solicitada_en), jornada.dias_para_decidir, calendario_de(jornada.hoy))
    except NormaNoVigente:
        return None


def _consignaciones() -> list[Pendiente]:
    recibidas, aceptadas = (colas_consignaciones.esperan(c) for c in (Cuales.RECIBIDAS, Cuales.SIN_LINEA))
    return [Pendiente(Asunto.CONSIGNACIONES, *recibidas), Pendiente(Asunto.SIN_LINEA, *aceptadas)]


def _cierres(jornada: Jornada) -> list[Pendiente]:
    dias = sin_firmar(plan_de(jornada.departamento), jornada.hoy)
    if not dias:
        return []
    primero = min(dia for _, dia in dias)
    return [Pendiente(Asunto.CIERRES, len(dias), limites(primero, primero)[0], datos={"mes": f"{primero:%Y-%m}"})]


def _archivo(usuario: Usuario, jornada: Jornada) -> Pendiente:
    vivas = (EntregaBanco.usuario_id == usuario.id, EntregaBanco.vence_en > jornada.ahora)
    codigo = db.session.scalar(select(func.max(EntregaBanco.codigo)).where(*vivas))
    return Pendiente(Asunto.ARCHIVO_BANCO, int(codigo is not None), urgente=True, datos={"codigo": codigo or ""})
