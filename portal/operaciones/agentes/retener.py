"""What an agent takes from a contributor: a credit that legalises the stamps, and a debt of the agent until it deposits it.

Cundinamarca, manual A-GI-MA-010, 4.4: the agent collects by discount or by a consignación to its order, and the document of it
is the contributor's proof of payment. ET 370: once withheld, the agent alone answers for the money.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from portal.db import db, ejecutar
from portal.dominio.calendario import BOGOTA, mes_en_palabras
from portal.dominio.declaraciones import EN_PIE, EstadoDeclaracion, FormaRetencion, mes_de
from portal.dominio.errores import Ajeno, DatoInvalido, NoExiste, TransicionNoPermitida
from portal.dominio.estados import EstadoFactura
from portal.dominio.identificacion import leer_texto
from portal.dominio.libro import de_agente
from portal.models import Agente, Declaracion, Factura, Liquidacion, Retencion, Sede
from portal.models.pago import CanalRecaudo, CausaReversion, ClaseRecaudo
from portal.operaciones import reversiones
from portal.operaciones.agentes.alcance import exigir_visible
from portal.operaciones.agentes.registro import entidad_de
from portal.operaciones.bitacora import anotar
from portal.operaciones.facturas import bloquear_facturas, se_debe
from portal.operaciones.firmas import Firma
from portal.operaciones.recaudos import Credito, cubierta_de, recaudar

# Who says that the money was taken: no gateway and no bank, but the entity that has it.
AGENTE = "agente"
_YA_DESHECHA = "Esa retención ya se había deshecho."


@dataclass(frozen=True)
class Descuento:
    """What the paper of the withholding says. `documento`: number of the payment order, or of the slip to the agent's order."""

    forma: FormaRetencion
    documento: str
    fecha: date
    sede_id: int | None = None


def retener(
    liquidacion: Liquidacion, numeros: Sequence[int], descuento: Descuento, *, clave: str, firma: Firma, hoy: date
) -> Retencion:
    """Record that the agent of `firma` took the value of some facturas of its own liquidación; they are legalised.

    The same `clave` returns what it already recorded. Raises `NoExiste` for a liquidación of others, `DatoInvalido` with the
    field, `TransicionNoPermitida` when one of the facturas is not owed or is at the bank, or the month was filed.
    """
    agente = entidad_de(firma.usuario)
    exigir_visible(liquidacion, firma.usuario)
    bloquear(agente)
    descuento = replace(descuento, documento=leer_texto(descuento.documento, maximo=60, campo="documento"))
    facturas = _facturas(liquidacion, numeros)
    if (hecha := _ya_hecha(agente, clave, facturas)) is not None:
        return hecha
    _exigir_fecha(agente, liquidacion, descuento, hoy)
    exigir_mes_abierto(agente, mes_de(descuento.fecha))
    bloquear_facturas([f.id for f in facturas])
    for factura in facturas:
        _exigir_retenible(factura, agente)
    credito = _credito(agente, facturas, descuento, clave)
    recaudado = recaudar(credito, [cubierta_de(f) for f in facturas], ahora=firma.ahora)
    if recaudado.clase is not ClaseRecaudo.APLICADO:
        raise TransicionNoPermitida("Esas estampillas ya no se deben como estaban. No se registró nada.")
    return _guardar(agente, liquidacion, recaudado.id, descuento, clave, firma)


def _credito(agente: Agente, facturas: Sequence[Factura], descuento: Descuento, clave: str) -> Credito:
    return Credito(
        canal=CanalRecaudo.RETENCION,
        pasarela=AGENTE,
        transaccion=f"{agente.id}:{clave}"[:64],
        entra=de_agente(agente.id),
        valor=sum((f.valor for f in facturas), Decimal(0)),
        banco=agente.nombre[:120],
        autorizacion=descuento.documento,
        fecha_banco=datetime.combine(descuento.fecha, time(12), BOGOTA),
    )


def deshacer(retencion: Retencion, *, motivo: str, firma: Firma) -> None:
    """Take back what was recorded by mistake: the stamps are owed again. Once, while its month is not filed.

    Raises `NoExiste` for one of others, `TransicionNoPermitida` when a stamp was used, its month was filed, or it was undone.
    """
    agente = entidad_de(firma.usuario)
    if retencion.agente_id != agente.id:
        raise Ajeno("No encontramos esa retención.", f"retencion:{retencion.id}")
    texto = leer_texto(motivo, maximo=300, campo="motivo")
    bloquear(agente)
    exigir_mes_abierto(agente, retencion.mes)
    ids = _cubiertas(retencion)
    bloquear_facturas(ids)
    _exigir_sin_usar(ids)
    deshecha = (
        update(Retencion)
        .where(Retencion.id == retencion.id, Retencion.deshecha_en.is_(None))
        .values(deshecha_por=firma.usuario.id, deshecha_en=firma.ahora, motivo=texto)
        .execution_options(synchronize_session=False)
    )
    if ejecutar(deshecha) != 1:
        raise TransicionNoPermitida(_YA_DESHECHA)
    db.session.refresh(retencion)
    if reversiones.revertir(retencion.recaudo_id, causa=CausaReversion.AGENTE, motivo=texto, ahora=firma.ahora) is None:
        raise TransicionNoPermitida("El recaudo de esa retención ya estaba revertido.")
    _anotar("retencion.deshacer", retencion, firma)


def retenibles(liquidacion: Liquidacion, agente: Agente) -> list[Factura]:
    """The facturas of its liquidación that the agent can withhold now, in their order; `retener` looks again."""
    return [f for f in liquidacion.facturas if not _por_que_no(f, agente)]


def de_liquidacion(liquidacion: Liquidacion) -> Sequence[Retencion]:
    """What was withheld for a liquidación, undone or not, oldest first."""
    orden = select(Retencion).where(Retencion.liquidacion_id == liquidacion.id).order_by(Retencion.id)
    return db.session.scalars(orden.options(joinedload(Retencion.recaudo), joinedload(Retencion.sede))).all()


def una_de(liquidacion: Liquidacion, retencion_id: int) -> Retencion:
    """One of them. Raises `NoExiste`."""
    hallada = db.session.get(Retencion, retencion_id) if retencion_id < 2**63 else None
    if hallada is None or hallada.liquidacion_id != liquidacion.id:
        raise NoExiste("No encontramos esa retención.")
    return hallada


def impedimento(retencion: Retencion) -> str:
    """Why it cannot be undone, as a sentence; empty when it can. `deshacer` looks again."""
    try:
        _exigir_viva(retencion)
        exigir_mes_abierto(retencion.agente, retencion.mes)
        _exigir_sin_usar(_cubiertas(retencion))
    except TransicionNoPermitida as error:
        return error.mensaje
    return ""


def bloquear(agente: Agente) -> None:
    """Whoever changes a month of an agent waits here for whoever files it (no-op on SQLite)."""
    db.session.execute(select(Agente.id).where(Agente.id == agente.id).with_for_update())


def exigir_mes_abierto(agente: Agente, mes: date) -> None:
    """Raises `TransicionNoPermitida` when the month's return was filed and nobody opened its correction.

    The caller holds the agent's lock.
    """
    estados = set(
        db.session.scalars(select(Declaracion.estado).where(Declaracion.agente_id == agente.id, Declaracion.mes == mes))
    )
    if estados & {*EN_PIE} and EstadoDeclaracion.BORRADOR not in estados:
        raise TransicionNoPermitida(
            f"La declaración de {mes_en_palabras(mes)} ya se presentó. Abra su corrección y registre esto en ella."
        )


def _guardar(
    agente: Agente, liquidacion: Liquidacion, recaudo_id: int, descuento: Descuento, clave: str, firma: Firma
) -> Retencion:
    retencion = Retencion(
        agente_id=agente.id,
        sede_id=_sede(agente, descuento.sede_id or firma.usuario.sede_id),
        clave=clave,
        liquidacion_id=liquidacion.id,
        recaudo_id=recaudo_id,
        fecha=descuento.fecha,
        mes=mes_de(descuento.fecha),
        forma=descuento.forma,
        documento=descuento.documento,
        registrada_por=firma.usuario.id,
        registrada_por_nombre=firma.usuario.nombre,
        registrada_en=firma.ahora,
    )
    db.session.add(retencion)
    db.session.flush()
    _anotar("retencion.registrar", retencion, firma)
    return retencion


def _ya_hecha(agente: Agente, clave: str, facturas: Sequence[Factura]) -> Retencion | None:
    hecha = db.session.scalar(select(Retencion).where(Retencion.agente_id == agente.id, Retencion.clave == clave))
    if hecha is None:
        return None
    if not hecha.viva or _cubiertas(hecha) != sorted(f.id for f in facturas):
        raise TransicionNoPermitida(
            "Ese formulario ya registró otra retención. Vuelva a la liquidación y empiece de nuevo."
        )
    return hecha


def _cubiertas(retencion: Retencion) -> list[int]:
    """Ids of the facturas that it legalised."""
    return sorted({a.factura_id for a in retencion.recaudo.asientos if a.factura_id})


def _exigir_viva(retencion: Retencion) -> None:
    if not retencion.viva:
        raise TransicionNoPermitida(_YA_DESHECHA)


def _exigir_sin_usar(ids: Sequence[int]) -> None:
    usadas = select(Factura.numero).where(Factura.id.in_(ids), Factura.estado == EstadoFactura.UTILIZADA)
    if (usada := db.session.scalars(usadas.order_by(Factura.numero)).first()) is not None:
        raise TransicionNoPermitida(f"La estampilla {usada} ya se adhirió a su acto. Deshaga primero esa adhesión.")


def _facturas(liquidacion: Liquidacion, numeros: Sequence[int]) -> list[Factura]:
    pedidas = [f for f in liquidacion.facturas if f.numero in set(numeros)]
    if not pedidas or len(pedidas) != len(set(numeros)):
        raise DatoInvalido("Elija al menos una estampilla de esta liquidación.", "factura")
    return pedidas


def _exigir_fecha(agente: Agente, liquidacion: Liquidacion, descuento: Descuento, hoy: date) -> None:
    if descuento.fecha > hoy:
        raise DatoInvalido("La fecha no puede ser futura.", "fecha")
    if descuento.fecha < liquidacion.fecha_causacion:
        raise DatoInvalido("La fecha no puede ser anterior a la del acto.", "fecha")
    if descuento.fecha < agente.desde or (agente.hasta and mes_de(descuento.fecha) > agente.hasta):
        raise DatoInvalido("En esa fecha la entidad no era agente recaudador.", "fecha")


def _exigir_retenible(factura: Factura, agente: Agente) -> None:
    db.session.refresh(factura, ["estado"])
    if motivo := _por_que_no(factura, agente):
        raise TransicionNoPermitida(motivo)


def _por_que_no(factura: Factura, agente: Agente) -> str:
    """Why a factura cannot be withheld, as a sentence; empty when it can."""
    if factura.estado is EstadoFactura.EN_VERIFICACION:
        return f"Hay un pago de la factura {factura.numero} en el banco. Espere su resultado antes de retener."
    if not se_debe(factura):
        return f"De la factura {factura.numero} no se debe nada: no hay qué retener."
    if factura.estampilla not in agente.estampillas:
        return f"{factura.estampilla_nombre} no está entre las estampillas que la entidad recauda."
    return ""


def _sede(agente: Agente, sede_id: int | None) -> int | None:
    """The office that took it. Raises `DatoInvalido` (campo `sede`) for one of others, or one that was closed."""
    abierta = select(Sede.id).where(Sede.id == sede_id, Sede.agente_id == agente.id, Sede.activa)
    if sede_id is not None and db.session.scalar(abierta) is None:
        raise DatoInvalido("Elija una sede abierta de la lista.", "sede")
    return sede_id


def _anotar(accion: str, retencion: Retencion, firma: Firma) -> None:
    anotar(
        accion,
        f"retencion:{retencion.id}",
        ahora=firma.ahora,
        usuario_id=firma.usuario.id,
        peticion=firma.peticion,
        agente=retencion.agente_id,
        recaudo=retencion.recaudo_id,
        valor=str(retencion.recaudo.valor),
    )
