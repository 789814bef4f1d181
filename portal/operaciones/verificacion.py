"""The invariants of money, each one a question whose answer must be empty (docs/invariantes.md has their words).

Nothing is repaired here: a row that breaks one is named, and people decide.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select

from portal.db import Pesos, db
from portal.dominio.devoluciones import EstadoDevolucion
from portal.dominio.estados import (
    ESTADOS_PAGADOS,
    ESTADOS_VIVOS,
    TRANSICIONES_FACTURA,
    EstadoFactura,
    EstadoPago,
    EventoFactura,
    puede_pasar,
)
from portal.dominio.libro import (
    CLASES_DE_ENTRADA,
    CLASES_REVERSIBLES,
    EXCEDENTES,
    POR_IDENTIFICAR,
    ClaseAsiento,
)
from portal.models import (
    Asiento,
    Caso,
    Devolucion,
    EventoPago,
    Factura,
    Liquidacion,
    Pago,
    PagoFactura,
    ParteDevolucion,
    Recaudo,
    Reversion,
)
from portal.models import EventoFactura as FilaEvento
from portal.operaciones import verificacion_banco, verificacion_saldos
from portal.operaciones.cierres.verificacion import creditos_fuera, firmas_rotas
from portal.operaciones.normativa import verificar as verificar_normativa
from portal.operaciones.verificacion_adhesiones import (
    deshechas_con_su_motivo,
    una_adhesion_en_pie,
    usadas_con_su_adhesion,
)
from portal.operaciones.verificacion_agentes import (
    declaraciones_con_lo_retenido,
    declaraciones_enteras,
    deudas_de_agentes,
    historia_de_declaraciones,
    meses_sin_declaracion,
    retenciones_con_su_recaudo,
)
from portal.operaciones.verificacion_bitacora import (
    anotaciones_sin_sello,
    cadena_de_bitacora,
    cadenas_de_otras_veces,
)
from portal.operaciones.verificacion_consignaciones import (
    consignaciones_con_su_linea,
    consignaciones_en_el_libro,
    consignaciones_sin_linea,
)
from portal.operaciones.verificacion_devoluciones import (
    devuelto_de_mas,
    historia_de_devoluciones,
    pagadas_con_su_asiento,
    sobre_estampillas_usadas,
)
from portal.operaciones.verificacion_emision import emitido_sin_efecto, siguientes_numeros
from portal.operaciones.verificacion_estampillas import estampillas_expedidas
from portal.operaciones.verificacion_importes import importes
from portal.operaciones.verificacion_libro import cadena
from portal.operaciones.verificacion_migraciones import dinero_del_sistema_anterior, migraciones_enteras
from portal.operaciones.verificacion_ordenes import ordenes as _ordenes


@dataclass(frozen=True)
class Invariante:
    """Its number in the reliability programme, what it says, and how to find who breaks it."""

    codigo: str
    dice: str
    quiebres: Callable[[], Iterable[str]]


def verificar() -> Iterator[tuple[Invariante, list[str]]]:
    """Every invariant with the rows that break it, one Spanish sentence each."""
    for invariante in INVARIANTES:
        yield invariante, list(invariante.quiebres())


def _totales() -> Iterator[str]:
    suma = _suma(Factura.valor)
    consulta = select(Liquidacion.numero).join(Factura).group_by(Liquidacion.id, Liquidacion.numero, Liquidacion.total)
    for (numero,) in db.session.execute(consulta.having(suma != Liquidacion.total)):
        yield f"La liquidación {numero} no suma lo que sus estampillas"
    for (pago,) in db.session.execute(
        select(Pago.referencia)
        .join(PagoFactura)
        .group_by(Pago.id, Pago.referencia, Pago.total)
        .having(_suma(PagoFactura.valor) != Pago.total)
    ):
        yield f"El pago {pago} no suma lo que sus estampillas"


def _reparto() -> Iterator[str]:
    aplicado = func.coalesce(_suma(case((Asiento.clase == ClaseAsiento.RECAUDO, Asiento.valor))), 0)
    repartido = func.coalesce(_suma(Asiento.valor), 0)
    entrada = and_(Asiento.recaudo_id == Recaudo.id, Asiento.clase.in_(CLASES_DE_ENTRADA))
    consulta = (
        select(Recaudo.id)
        .outerjoin(Asiento, entrada)
        .where(Recaudo.moneda == "COP")
        .group_by(Recaudo.id, Recaudo.valor, Recaudo.aplicado)
        .having(or_(repartido != Recaudo.valor, aplicado != Recaudo.aplicado))
    )
    for (recaudo,) in db.session.execute(consulta):
        yield f"El recaudo {recaudo} no está entero en el libro"


def _sin_respaldo() -> Iterator[str]:
    consulta = (
        select(Recaudo.id)
        .outerjoin(Pago)
        .where(Recaudo.aplicado > 0, or_(Recaudo.valor != Pago.total, Recaudo.moneda != "COP"))
    )
    for (recaudo,) in db.session.execute(consulta):
        yield f"El recaudo {recaudo} legalizó estampillas con un valor o una moneda que no son los del pago"
    cubierta = and_(PagoFactura.pago_id == Recaudo.pago_id, PagoFactura.factura_id == Asiento.factura_id)
    ajenos = (
        select(Asiento.numero)
        .join(Recaudo, Recaudo.id == Asiento.recaudo_id)
        .join(Factura, Factura.id == Asiento.factura_id)
        .outerjoin(PagoFactura, cubierta)
        .where(
            or_(
                Factura.valor != Asiento.valor,
                and_(
                    Recaudo.pago_id.is_not(None), Asiento.clase == ClaseAsiento.RECAUDO, PagoFactura.pago_id.is_(None)
                ),
            )
        )
    )
    for (numero,) in db.session.execute(ajenos):
        yield f"El asiento {numero} legaliza una estampilla que su pago no cubría por ese valor"


def _en_espera() -> Iterator[str]:
    espera = func.coalesce(
        _suma(
            case(
                (Asiento.haber.in_((EXCEDENTES, POR_IDENTIFICAR)), Asiento.valor),
                (Asiento.debe.in_((EXCEDENTES, POR_IDENTIFICAR)), -Asiento.valor),
            )
        ),
        0,
    )
    abiertos = select(Caso.recaudo_id).where(Caso.cerrado_en.is_(None), Caso.recaudo_id.is_not(None))
    saldos = select(Asiento.recaudo_id).where(Asiento.recaudo_id.is_not(None)).group_by(Asiento.recaudo_id)
    girandose = (
        select(ParteDevolucion.recaudo_id).join(Devolucion).where(Devolucion.estado == EstadoDevolucion.APROBADA)
    )
    atendidos = {*db.session.scalars(abiertos), *db.session.scalars(girandose)}
    for (recaudo,) in db.session.execute(saldos.having(espera > 0)):
        if recaudo not in atendidos:
            yield f"El recaudo {recaudo} tiene dinero en espera y ningún caso abierto ni devolución aprobada"
    revertidos = set(db.session.scalars(select(Reversion.recaudo_id)))
    for (recaudo,) in db.session.execute(saldos.having(espera < 0)):
        if recaudo not in revertidos:
            yield f"Del recaudo {recaudo} se devolvió o se aplicó más de lo que sobraba"


def _reversiones() -> Iterator[str]:
    deshecho = func.coalesce(_suma(case((Asiento.clase == ClaseAsiento.REVERSION, Asiento.valor))), 0)
    hecho = func.coalesce(_suma(case((Asiento.clase.in_(CLASES_REVERSIBLES), Asiento.valor))), 0)
    consulta = (
        select(Recaudo.id, Reversion.id)
        .outerjoin(Reversion)
        .outerjoin(Asiento, Asiento.recaudo_id == Recaudo.id)
        .where(Recaudo.moneda == "COP")
        .group_by(Recaudo.id, Reversion.id)
        .having(or_(and_(Reversion.id.is_(None), deshecho != 0), and_(Reversion.id.is_not(None), deshecho != hecho)))
    )
    for recaudo, _ in db.session.execute(consulta):
        yield f"El recaudo {recaudo} y su reversión no dicen lo mismo en el libro"


def _intentos_vivos() -> Iterator[str]:
    vivos = select(Pago.referencia).join(PagoFactura).where(PagoFactura.viva, Pago.estado.not_in(ESTADOS_VIVOS))
    for (referencia,) in db.session.execute(vivos.where(Pago.estado != EstadoPago.APROBADO).distinct()):
        yield f"El pago {referencia} terminó y todavía retiene estampillas"
    retenidas = select(PagoFactura.factura_id).where(PagoFactura.viva)
    sueltas = select(Factura.numero).where(
        Factura.estado == EstadoFactura.EN_VERIFICACION, Factura.id.not_in(retenidas)
    )
    for (numero,) in db.session.execute(sueltas):
        yield f"La factura {numero} está en verificación y ningún pago la retiene"


def _historia_facturas() -> Iterator[str]:
    consulta = select(FilaEvento.factura_id, FilaEvento.desde, FilaEvento.hasta, FilaEvento.evento)
    estados = dict(db.session.execute(select(Factura.id, Factura.estado)).all())
    numeros = dict(db.session.execute(select(Factura.id, Factura.numero)).all())
    for factura, pasos in _por_dueno(consulta.order_by(FilaEvento.factura_id, FilaEvento.id)).items():
        estado = EstadoFactura.LIQUIDADA
        for _, desde, hasta, evento in pasos[1:] if pasos[0][1] is None else pasos:
            seguido = TRANSICIONES_FACTURA.get((estado, EventoFactura(evento)))
            if desde != estado or seguido is None or seguido != hasta:
                yield f"La factura {numeros[factura]} pasó de {desde} a {hasta} sin que su estado lo permitiera"
            estado = EstadoFactura(hasta)
        if estados[factura] is not estado:
            yield f"La factura {numeros[factura]} está {estados[factura]} y su historia dice {estado}"


def _historia_pagos() -> Iterator[str]:
    propios = [estado.value for estado in EstadoPago]
    consulta = (
        select(EventoPago.pago_id, EventoPago.desde, EventoPago.hasta)
        .where(EventoPago.hasta.in_(propios))
        .order_by(EventoPago.pago_id, EventoPago.id)
    )
    actuales = dict(db.session.execute(select(Pago.id, Pago.estado)).all())
    for pago, pasos in _por_dueno(consulta).items():
        for anterior, (_, desde, hasta) in pairwise(pasos):
            if desde != anterior[2] or not puede_pasar(EstadoPago(desde), EstadoPago(hasta)):
                yield f"El pago {pago} pasó de {desde} a {hasta} sin que su estado lo permitiera"
        if actuales[pago] != pasos[-1][2]:
            yield f"El pago {pago} está {actuales[pago]} y su historia dice {pasos[-1][2]}"


def _estados_pagados() -> Iterator[str]:
    entra = Asiento.haber.startswith("estampilla:")
    cobrado = func.coalesce(_suma(case((entra, Asiento.valor), else_=-Asiento.valor)), 0)
    consulta = (
        select(Factura.numero, Factura.estado)
        .outerjoin(Asiento, Asiento.factura_id == Factura.id)
        .group_by(Factura.id, Factura.numero, Factura.estado, Factura.valor)
    )
    pagada = Factura.estado.in_(ESTADOS_PAGADOS)
    descuadre = or_(and_(pagada, cobrado != Factura.valor), and_(~pagada, cobrado != 0))
    for numero, estado in db.session.execute(consulta.having(descuadre)):
        yield f"La factura {numero} está {estado} y el libro dice otra cosa"


def _por_dueno(consulta: Select[*tuple[Any, ...]]) -> dict[int, list[Any]]:
    """Rows by their first column, in their order."""
    grupos: dict[int, list[Any]] = {}
    for fila in db.session.execute(consulta):
        grupos.setdefault(fila[0], []).append(fila)
    return grupos


def _suma(columna: Any) -> Any:
    """A sum that compares with another amount."""
    return func.sum(columna, type_=Pesos())


INVARIANTES: tuple[Invariante, ...] = (
    Invariante("I-01", "Cada importe es un número entero de centavos y no pasa de 10¹⁵ pesos.", importes),
    Invariante("I-02", "Cada liquidación y cada pago suman lo que sus estampillas.", _totales),
    Invariante("I-03", "Cada recaudo está entero en el libro, repartido entre estampillas y excedente.", _reparto),
    Invariante("I-07", "Nada se legaliza sin un crédito confirmado por el valor del pago.", _sin_respaldo),
    Invariante("I-08", "Una estampilla está en verificación si y solo si un pago vivo la retiene.", _intentos_vivos),
    Invariante(
        "I-10", "Las facturas se mueven solo por su grafo, y su estado es el de su historia.", _historia_facturas
    ),
    Invariante("I-10", "Los pagos se mueven solo por su grafo, y su estado es el de su historia.", _historia_pagos),
    Invariante("I-10", "Una reversión deshace entero su recaudo, y nada más lo deshace.", _reversiones),
    Invariante("I-12", "El dinero se mueve a mano solo por una orden que aprobaron dos personas.", _ordenes),
    Invariante(
        "I-10",
        "Las devoluciones se mueven solo por su grafo, y su estado es el de su historia.",
        historia_de_devoluciones,
    ),
    Invariante("I-12", "El dinero que sobró o que nadie reconoce espera en un caso o en una devolución.", _en_espera),
    Invariante("I-12", "De un recaudo no se devuelve más de lo que entró.", devuelto_de_mas),
    Invariante("I-12", "Una devolución pagada tiene su asiento, y nada más se devuelve.", pagadas_con_su_asiento),
    Invariante("I-12", "Ninguna devolución aprobada es de una estampilla usada.", sobre_estampillas_usadas),
    Invariante("I-12", "Un saldo a favor sale de su estampilla una sola vez.", verificacion_saldos.saldos_devueltos),
    Invariante("I-12", "Lo que no se entregó vuelve a salir a una cuenta aceptada.", verificacion_saldos.rebotes),
    Invariante("I-14", "El libro no tiene huecos ni asientos cambiados.", cadena),
    Invariante("I-22", "La bitácora sellada no tiene huecos ni anotaciones cambiadas.", cadena_de_bitacora),
    Invariante("I-22", "Ninguna anotación de la bitácora se quedó sin sello.", anotaciones_sin_sello),
    Invariante("I-14", "El libro y la bitácora son los que otras veces se comprobaron.", cadenas_de_otras_veces),
    Invariante("I-16", "Una estampilla está legalizada si y solo si el libro tiene su valor.", _estados_pagados),
    Invariante(
        "I-25",
        "Una estampilla está utilizada si y solo si su adhesión y su dinero están en pie.",
        usadas_con_su_adhesion,
    ),
    Invariante("I-25", "Cada estampilla se usa una sola vez, en el acto de su liquidación.", una_adhesion_en_pie),
    Invariante(
        "I-25", "Una adhesión está en pie mientras nadie la deshaga, entera y con motivo.", deshechas_con_su_motivo
    ),
    Invariante("I-04", "Lo que quedó sin efecto lo quedó entero y con su motivo.", emitido_sin_efecto),
    Invariante("I-15", "Cada estampilla expedida dice lo de su factura, con firma que vale.", estampillas_expedidas),
    Invariante(
        "I-10",
        "Las declaraciones se mueven solo por su grafo, y su estado es el de su historia.",
        historia_de_declaraciones,
    ),
    Invariante("I-19", "Cada retención de un agente es un recaudo suyo.", retenciones_con_su_recaudo),
    Invariante("I-19", "Cada agente debe lo que retuvo y no ha consignado, según el libro.", deudas_de_agentes),
    Invariante("I-19", "Cada agente declara lo que retuvo en el mes.", declaraciones_con_lo_retenido),
    Invariante("I-19", "Una declaración presentada es lo que suman sus renglones.", declaraciones_enteras),
    Invariante(
        "I-19", "Cada mes abierto de un agente tiene su declaración, aun sin operaciones.", meses_sin_declaracion
    ),
    Invariante("I-19", "Cada consignación aceptada está en el libro, y ninguna otra.", consignaciones_en_el_libro),
    Invariante(
        "I-19", "Lo aceptado sin línea del banco es lo que el libro tiene en consignaciones.", consignaciones_sin_linea
    ),
    Invariante("I-19", "Cada consignación casada es su crédito del banco, entero.", consignaciones_con_su_linea),
    Invariante("I-20", "Un archivo del banco es lo que suman sus movimientos.", verificacion_banco.archivos_enteros),
    Invariante(
        "I-20", "Cada movimiento aplicado tiene su recaudo por su valor.", verificacion_banco.movimientos_con_credito
    ),
    Invariante("I-20", "Lo de PSE llega una vez, entero, de la pasarela al banco.", verificacion_banco.traslados),
    Invariante("I-02", "Cada migración suma lo que cuadró al traerse.", migraciones_enteras),
    Invariante(
        "I-03", "El dinero del sistema anterior paga sus documentos, y solo ellos.", dinero_del_sistema_anterior
    ),
    Invariante("I-17", "Los consecutivos siguen después del último número usado.", siguientes_numeros),
    Invariante("I-20", "Cada cierre firmado es el que se firmó.", firmas_rotas),
    Invariante("I-20", "Cada crédito de un día firmado está una vez en su cierre.", creditos_fuera),
    Invariante("I-18", "Las normas cargadas están completas y no se contradicen.", verificar_normativa),
)
