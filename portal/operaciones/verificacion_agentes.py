"""The invariant of collecting agents (I-19): what they withheld is what they declare, and what they deposit or still owe."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby

from sqlalchemy import func, or_, select

from portal.db import Pesos, db
from portal.dominio.declaraciones import (
    EN_PIE,
    TRANSICIONES_DECLARACION,
    EstadoConsignacion,
    EstadoDeclaracion,
    EventoDeclaracion,
    huella,
    mes_de,
    meses_entre,
)
from portal.dominio.libro import de_agente
from portal.models import (
    Agente,
    Asiento,
    Consignacion,
    Declaracion,
    PasoDeclaracion,
    Recaudo,
    RenglonDeclaracion,
    Retencion,
    Reversion,
)
from portal.models.pago import CanalRecaudo

_PREFIJO = "agente:"


def retenciones_con_su_recaudo() -> Iterator[str]:
    """Withholdings and their credits that do not say the same."""
    consulta = (
        select(Recaudo.id, Retencion.id)
        .outerjoin(Retencion)
        .where(or_(Recaudo.canal == CanalRecaudo.RETENCION, Retencion.id.is_not(None)))
        .where(or_(Retencion.id.is_(None), Recaudo.canal != CanalRecaudo.RETENCION))
    )
    for recaudo, _ in db.session.execute(consulta):
        yield f"El recaudo {recaudo} y su retención no se corresponden"
    distintas = (
        select(Retencion.id)
        .outerjoin(Reversion, Reversion.recaudo_id == Retencion.recaudo_id)
        .where((Retencion.deshecha_en.is_(None)) != (Reversion.id.is_(None)))
    )
    for (retencion,) in db.session.execute(distintas):
        yield f"La retención {retencion} y la reversión de su recaudo no dicen lo mismo"
    for retencion, fecha, mes in db.session.execute(select(Retencion.id, Retencion.fecha, Retencion.mes)):
        if mes != mes_de(fecha):
            yield f"La retención {retencion} no es del mes de su fecha"


def deudas_de_agentes() -> Iterator[str]:
    """Agents that owe, by the ledger, something else than what they withheld less what was accepted of their deposits."""
    debe: defaultdict[int, Decimal] = defaultdict(Decimal)
    retenido = (
        select(Retencion.agente_id, func.sum(Recaudo.valor, type_=Pesos()))
        .join(Recaudo)
        .where(Retencion.deshecha_en.is_(None))
        .group_by(Retencion.agente_id)
    )
    for agente, pesos in db.session.execute(retenido):
        debe[agente] += pesos
    consignado = (
        select(Consignacion.agente_id, func.sum(Consignacion.valor, type_=Pesos()))
        .where(Consignacion.estado == EstadoConsignacion.ACEPTADA)
        .group_by(Consignacion.agente_id)
    )
    for agente, pesos in db.session.execute(consignado):
        debe[agente] -= pesos
    libro = _saldos()
    cuentas = {de_agente(agente): agente for agente in debe}
    for cuenta in sorted({*libro, *cuentas}):
        if libro.get(cuenta, Decimal(0)) != (debe[cuentas[cuenta]] if cuenta in cuentas else Decimal(0)):
            yield f"El libro no tiene en {cuenta} lo que la entidad retuvo y no ha consignado"


def _saldos() -> dict[str, Decimal]:
    saldos: defaultdict[str, Decimal] = defaultdict(Decimal)
    for columna, signo in ((Asiento.debe, 1), (Asiento.haber, -1)):
        consulta = select(columna, func.sum(Asiento.valor, type_=Pesos())).where(columna.startswith(_PREFIJO))
        for cuenta, pesos in db.session.execute(consulta.group_by(columna)):
            saldos[cuenta] += signo * pesos
    return dict(saldos)


def declaraciones_con_lo_retenido() -> Iterator[str]:
    """Filed returns that do not declare what was withheld in their month, unless their correction is open."""
    nombres = dict(db.session.execute(select(Agente.id, Agente.nombre)).all())
    retenido = {
        (agente, mes): pesos
        for agente, mes, pesos in db.session.execute(
            select(Retencion.agente_id, Retencion.mes, func.sum(Recaudo.valor, type_=Pesos()))
            .join(Recaudo)
            .where(Retencion.deshecha_en.is_(None))
            .group_by(Retencion.agente_id, Retencion.mes)
        )
    }
    borradores = select(Declaracion.agente_id, Declaracion.mes).where(Declaracion.estado == EstadoDeclaracion.BORRADOR)
    abiertas = {(agente, mes) for agente, mes in db.session.execute(borradores)}
    en_pie = select(Declaracion.agente_id, Declaracion.mes, Declaracion.declarado).where(Declaracion.estado.in_(EN_PIE))
    for agente, mes, declarado in db.session.execute(en_pie):
        if (agente, mes) not in abiertas and declarado != retenido.get((agente, mes), Decimal(0)):
            yield f"{nombres[agente]} declaró de {mes:%Y-%m} otro valor que el que retuvo"


def declaraciones_enteras() -> Iterator[str]:
    """Filed returns whose lines, text or digest are not those of what they say."""
    suma = func.coalesce(func.sum(RenglonDeclaracion.retenido, type_=Pesos()), 0)
    consulta = (
        select(Declaracion.numero)
        .outerjoin(RenglonDeclaracion)
        .where(Declaracion.estado != EstadoDeclaracion.BORRADOR)
        .group_by(Declaracion.id, Declaracion.numero, Declaracion.declarado)
        .having(suma != Declaracion.declarado)
    )
    for (numero,) in db.session.execute(consulta):
        yield f"Los renglones de la declaración {numero} no suman lo que declara"
    for numero, contenido, dicha in db.session.execute(
        select(Declaracion.numero, Declaracion.contenido, Declaracion.huella).where(Declaracion.contenido.is_not(None))
    ):
        if huella(contenido or "") != dicha:
            yield f"La declaración {numero} no es la que se presentó"


def historia_de_declaraciones() -> Iterator[str]:
    """Versions that moved otherwise than along their graph, or are not where their steps left them."""
    pasos = db.session.execute(
        select(PasoDeclaracion.declaracion_id, PasoDeclaracion.desde, PasoDeclaracion.hasta, PasoDeclaracion.evento)
        .where(PasoDeclaracion.desde.is_not(None))
        .order_by(PasoDeclaracion.declaracion_id, PasoDeclaracion.id)
    ).all()
    finales: dict[int, EstadoDeclaracion] = {}
    for una, suyos in groupby(pasos, key=lambda paso: paso[0]):
        estado = EstadoDeclaracion.BORRADOR
        for _, desde, hasta, evento in suyos:
            seguido = TRANSICIONES_DECLARACION.get((estado, EventoDeclaracion(evento)))
            if desde != estado or seguido != hasta:
                yield f"La versión {una} de una declaración pasó de {desde} a {hasta} sin que su estado lo permitiera"
            estado = EstadoDeclaracion(hasta)
        finales[una] = estado
    for una, estado in db.session.execute(select(Declaracion.id, Declaracion.estado)):
        if finales.get(una, EstadoDeclaracion.BORRADOR) is not estado:
            yield f"La versión {una} de una declaración está {estado} y su historia dice otra cosa"


def meses_sin_declaracion() -> Iterator[str]:
    """Months that were opened and have no return, and returns that are not whole: even a month without operations has one."""
    versiones: defaultdict[tuple[int, object], list[int]] = defaultdict(list)
    vivas: defaultdict[tuple[int, object], int] = defaultdict(int)
    for quien, mes, version, estado in db.session.execute(
        select(Declaracion.agente_id, Declaracion.mes, Declaracion.version, Declaracion.estado)
    ):
        versiones[quien, mes].append(version)
        vivas[quien, mes] += estado is not EstadoDeclaracion.CORREGIDO
    for agente in db.session.scalars(select(Agente).where(Agente.abierto_hasta.is_not(None))):
        assert agente.abierto_hasta is not None
        for mes in meses_entre(agente.desde, agente.abierto_hasta):
            if sorted(versiones[agente.id, mes]) != list(range(1, len(versiones[agente.id, mes]) + 1)):
                yield f"A {agente.nombre} le falta una versión de la declaración de {mes:%Y-%m}"
            elif not vivas[agente.id, mes]:
                yield f"{agente.nombre} no tiene declaración de {mes:%Y-%m}"
