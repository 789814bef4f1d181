"""Issuing the electronic stamp of what is legalised, finding it again, and saying what it is worth now.

It is issued after the money was committed, in a transaction of its own, by whoever needs it first: a page, the probe or the
command. Its state is never kept: it is read from the factura each time, so that it turns when the factura does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.dominio.calendario import BOGOTA
from portal.dominio.codigo_corto import leer_codigo, nuevo_codigo
from portal.dominio.estados import ESTADOS_PAGADOS, SIGNIFICADO, EstadoPublico
from portal.dominio.identificacion import enmascarar_documento, enmascarar_nombre
from portal.dominio.libro import ClaseAsiento, de_estampilla
from portal.dominio.sello import Sello, SelloIlegible, leer_mensaje, separar, texto_de_sello, unir
from portal.models import Asiento, EstampillaElectronica, Factura, Liquidacion, Recaudo, Reversion
from portal.models import EventoFactura as FilaEvento
from portal.models.liquidacion import ClaseContribuyente
from portal.models.pago import CausaReversion
from portal.operaciones import claves
from portal.operaciones.claves import Firmante
from portal.operaciones.facturas import bloquear_facturas

# Money that came to rest on a stamp; what a reversal took away is looked for in the credit itself.
_LEGALIZAN = (ClaseAsiento.RECAUDO, ClaseAsiento.APLICACION)
_LARGO_NOMBRE = 40


@dataclass(frozen=True)
class Emisor:
    """Who issues: the code of the department and what is printed of it.

    `norma_leyenda` is what orders the legends; empty when no published norm does.
    """

    codigo: str
    sujeto_activo: str
    norma_leyenda: str


@dataclass(frozen=True)
class Situacion:
    """What a stamp is worth now. `desde` is when its factura came to that state.

    `reemplazada`: its factura is paid, but with another credit than the one that this stamp was issued for.
    `deshecha`: that one was an agent's, which undid what it had registered as withheld.
    """

    estado: EstadoPublico
    frase: str
    desde: datetime | None
    reemplazada: bool
    deshecha: bool = False

    @property
    def sirve(self) -> bool:
        """Whether an official may attach it to its act."""
        return self.estado is EstadoPublico.LEGALIZADO and not self.reemplazada

    @property
    def esta_pagada(self) -> bool:
        """Whether it may be printed: its own money stands, used or not."""
        return self.sirve or self.utilizada

    @property
    def utilizada(self) -> bool:
        """Whether it was attached to its act and cancelled, and its money stands."""
        return self.estado is EstadoPublico.UTILIZADA and not self.reemplazada


def expedir(
    factura_ids: Sequence[int], *, emisor: Emisor, firmante: Firmante, ahora: datetime
) -> list[EstampillaElectronica]:
    """Issue what those facturas lack and return it: one stamp for each that is legalised, or worth $0, and has none in force.

    Asking again issues nothing. The facturas are locked, so that no reversal passes between looking and issuing.
    """
    ids = sorted(set(factura_ids))
    bloquear_facturas(ids)
    faltan = select(Factura).where(Factura.id.in_(ids), _le_falta()).order_by(Factura.id)
    facturas = db.session.scalars(faltan.execution_options(populate_existing=True)).all()
    if not facturas:
        return []
    claves.publicar(firmante, ahora=ahora)
    creditos = creditos_de([f.id for f in facturas])
    nuevas = [_nueva(f, creditos.get(f.id), emisor, firmante, ahora) for f in facturas]
    db.session.add_all(nuevas)
    db.session.flush()
    return nuevas


def pendientes(limite: int = 500, *, liquidacion_id: int | None = None, ultimos: int | None = None) -> list[int]:
    """Ids of legalised facturas without a stamp in force, oldest first.

    `ultimos` looks only at so many of the latest moves to a paid state: what happens all the time must not read everything.
    """
    orden = select(Factura.id).where(_le_falta()).order_by(Factura.id).limit(limite)
    if liquidacion_id is not None:
        orden = orden.where(Factura.liquidacion_id == liquidacion_id)
    if ultimos is not None:
        movidas = select(FilaEvento.factura_id).where(FilaEvento.hasta.in_(ESTADOS_PAGADOS))
        orden = orden.where(Factura.id.in_(movidas.order_by(FilaEvento.id.desc()).limit(ultimos)))
    return list(db.session.scalars(orden))


def por_codigo(texto: str) -> EstampillaElectronica | None:
    """The stamp of a short code as a person typed it, with its factura; None when there is none."""
    return _de_codigo(leer_codigo(texto) or "")


def por_sello(texto: str, *, departamento: str) -> EstampillaElectronica | None:
    """The stamp of a signed text. None, after about the same work, for whatever is not exactly what `departamento` issued:

    altered, signed by somebody else or by an unknown key, of another department, or not on record.
    """
    try:
        mensaje, firma = separar(texto)
        sello = leer_mensaje(mensaje)
    except SelloIlegible:
        claves.vale("", b"", bytes(64))
        _de_codigo("")
        return None
    firmado = claves.vale(sello.clave, mensaje, firma)
    hallada = _de_codigo(sello.codigo)
    if not firmado or sello.departamento != departamento or hallada is None or hallada.sello != texto:
        return None
    return hallada


def de_liquidacion(liquidacion_id: int) -> list[EstampillaElectronica]:
    """The stamps in force of a liquidación, in the order of its facturas; what is not paid now has none."""
    orden = (
        select(EstampillaElectronica)
        .join(Factura)
        .where(Factura.liquidacion_id == liquidacion_id, Factura.estado.in_(ESTADOS_PAGADOS), _es_la_ultima())
        .options(joinedload(EstampillaElectronica.factura).joinedload(Factura.liquidacion))
        .order_by(Factura.orden)
    )
    halladas = list(db.session.scalars(orden))
    creditos = creditos_de([e.factura_id for e in halladas])
    return [e for e in halladas if _es_de(e, creditos.get(e.factura_id))]


def situacion(estampilla: EstampillaElectronica, hoy: date) -> Situacion:
    """What the stamp is worth on the Colombian day `hoy`: the one answer that every page, document and export gives."""
    return situaciones([estampilla], hoy)[0]


def situaciones(halladas: Sequence[EstampillaElectronica], hoy: date) -> list[Situacion]:
    """The same of several stamps, in their order, with as many queries as for one."""
    ids = [e.factura_id for e in halladas]
    creditos = creditos_de(ids)
    ultimos = select(func.max(FilaEvento.id)).where(FilaEvento.factura_id.in_(ids)).group_by(FilaEvento.factura_id)
    movidas = select(FilaEvento.factura_id, FilaEvento.en).where(FilaEvento.id.in_(ultimos))
    desde = dict(db.session.execute(movidas).all())
    suyos = [e.recaudo_id for e in halladas]
    por_agente = select(Reversion.recaudo_id).where(
        Reversion.recaudo_id.in_(suyos), Reversion.causa == CausaReversion.AGENTE
    )
    deshechos = set(db.session.scalars(por_agente))
    return [
        _situacion(e, creditos.get(e.factura_id), desde.get(e.factura_id), hoy, deshecha=e.recaudo_id in deshechos)
        for e in halladas
    ]


def _situacion(
    estampilla: EstampillaElectronica, credito: Recaudo | None, desde: datetime | None, hoy: date, *, deshecha: bool
) -> Situacion:
    factura = estampilla.factura
    estado = factura.estado_publico(hoy)
    reemplazada = factura.esta_pagada and not _es_de(estampilla, credito)
    return Situacion(estado, SIGNIFICADO[estado], desde, reemplazada, deshecha)


def creditos_de(factura_ids: Sequence[int]) -> dict[int, Recaudo]:
    """The credit that legalised each factura and stands; a factura of $0, or that is owed, has none."""
    orden = (
        select(Factura.id, Recaudo)
        .join(Asiento, Asiento.factura_id == Factura.id)
        .join(Recaudo, Recaudo.id == Asiento.recaudo_id)
        .outerjoin(Reversion, Reversion.recaudo_id == Recaudo.id)
        .where(Factura.id.in_(factura_ids), legaliza(), Reversion.id.is_(None))
        .order_by(Asiento.numero)
    )
    return dict(db.session.execute(orden).all())


def pagadas_con(liquidacion: Liquidacion) -> dict[int, Recaudo]:
    """The credit of each factura of a liquidación that is paid; nothing is asked when none is."""
    pagadas = [f.id for f in liquidacion.facturas if f.esta_pagada]
    return creditos_de(pagadas) if pagadas else {}


def _de_codigo(codigo: str) -> EstampillaElectronica | None:
    return db.session.scalar(
        select(EstampillaElectronica)
        .where(EstampillaElectronica.codigo == codigo)
        .options(joinedload(EstampillaElectronica.factura).joinedload(Factura.liquidacion))
    )


def _es_de(estampilla: EstampillaElectronica, credito: Recaudo | None) -> bool:
    return estampilla.recaudo_id == (credito.id if credito else None)


def legaliza() -> ColumnElement[bool]:
    """The asientos that put money on a stamp."""
    return and_(Asiento.clase.in_(_LEGALIZAN), Asiento.haber.startswith(de_estampilla("")))


def _le_falta() -> ColumnElement[bool]:
    """Legalised, and no stamp was issued for the credit that stands; or of $0, and none was issued."""
    suyas = select(EstampillaElectronica.id).where(EstampillaElectronica.factura_id == Factura.id)
    deshecho = exists().where(Reversion.recaudo_id == Asiento.recaudo_id)
    credito_sin_ella = exists().where(
        Asiento.factura_id == Factura.id,
        legaliza(),
        ~deshecho,
        ~suyas.where(EstampillaElectronica.recaudo_id == Asiento.recaudo_id).exists(),
    )
    return and_(Factura.estado.in_(ESTADOS_PAGADOS), or_(credito_sin_ella, and_(Factura.valor == 0, ~suyas.exists())))


def _es_la_ultima() -> ColumnElement[bool]:
    posterior = EstampillaElectronica.__table__.alias()
    hay_posterior = exists().where(
        posterior.c.factura_id == EstampillaElectronica.factura_id, posterior.c.orden > EstampillaElectronica.orden
    )
    return ~hay_posterior


def _nueva(
    factura: Factura, credito: Recaudo | None, emisor: Emisor, firmante: Firmante, ahora: datetime
) -> EstampillaElectronica:
    anterior = db.session.scalar(
        select(func.max(EstampillaElectronica.orden)).where(EstampillaElectronica.factura_id == factura.id)
    )
    codigo, liquidacion = nuevo_codigo(), factura.liquidacion
    sello = Sello(
        clave=firmante.id,
        codigo=codigo,
        departamento=emisor.codigo,
        factura=factura.numero,
        estampilla=factura.estampilla,
        nombre=texto_de_sello(factura.estampilla_nombre),
        valor=factura.valor,
        acto=texto_de_sello(_acto(liquidacion)),
        contribuyente=_enmascarado(liquidacion),
        fecha=ahora.astimezone(BOGOTA).date(),
    )
    mensaje = sello.mensaje()
    return EstampillaElectronica(
        codigo=codigo,
        factura_id=factura.id,
        orden=(anterior or 0) + 1,
        recaudo_id=credito.id if credito else None,
        clave_id=firmante.id,
        sello=unir(mensaje, firmante.firmar(mensaje)),
        impresa=_lo_impreso(factura, credito, emisor),
        expedida_en=ahora,
    )


def _acto(liquidacion: Liquidacion) -> str:
    """What must match the paper: the contract, or the procedure of a liquidación."""
    if liquidacion.es_contrato:
        return f"Contrato {liquidacion.numero_en_palabras} de {liquidacion.vigencia}"
    return f"{texto_de_sello(liquidacion.acto_nombre, _LARGO_NOMBRE)}, liq. {liquidacion.numero}"


def _enmascarado(liquidacion: Liquidacion) -> str:
    """A company's name is public; a person's is hidden, and no document is whole (I-21)."""
    natural = liquidacion.clase is ClaseContribuyente.NATURAL
    nombre = enmascarar_nombre(liquidacion.nombre) if natural else liquidacion.nombre
    documento = f"{liquidacion.tipo_documento} {enmascarar_documento(liquidacion.documento)}"
    return texto_de_sello(f"{texto_de_sello(nombre, _LARGO_NOMBRE)}, {documento}")


def _lo_impreso(factura: Factura, credito: Recaudo | None, emisor: Emisor) -> dict[str, Any]:
    liquidacion = factura.liquidacion
    return {
        "departamento": emisor.sujeto_activo,
        "norma_leyenda": emisor.norma_leyenda,
        "estampilla": factura.estampilla_nombre,
        "factura": factura.numero,
        "valor": f"{factura.valor:f}",
        "norma": factura.norma,
        "exencion": factura.exencion or "",
        "liquidacion": liquidacion.numero,
        "acto": liquidacion.acto_nombre,
        "contrato": liquidacion.numero_en_palabras if liquidacion.es_contrato else "",
        "vigencia": liquidacion.vigencia,
        "contratante": liquidacion.contratante,
        "nombre": liquidacion.nombre,
        "tipo_documento": liquidacion.tipo_documento,
        "documento": liquidacion.documento,
        "provisional": liquidacion.provisional,
        "pago": _pago_impreso(credito) if credito else None,
    }


def _pago_impreso(credito: Recaudo) -> dict[str, str]:
    return {
        "canal": credito.canal.value,
        "cus": credito.cus or (credito.pago.cus if credito.pago else None) or "",
        "banco": credito.banco or "",
        "autorizacion": credito.autorizacion or "",
        "fecha": (credito.fecha_banco or credito.registrado_en).isoformat(),
    }
