"""Issuing: what the engine says becomes an immutable liquidación, one numbered factura per stamp."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import and_, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from portal.db import db
from portal.dominio.errores import NoExiste, TransicionNoPermitida
from portal.dominio.estados import EstadoFactura, EventoFactura
from portal.dominio.liquidador import ResultadoLiquidacion
from portal.models import AdhesionFactura, Agente, Factura, Liquidacion, Usuario
from portal.models import EventoFactura as FilaEvento
from portal.models.liquidacion import TipoLiquidacion
from portal.operaciones import expedientes
from portal.operaciones.agentes.alcance import en_su_nombre, entidad_que_contrata, es_visible
from portal.operaciones.bitacora import anotar
from portal.operaciones.composicion import Emision, Emitente, componer, numerar
from portal.operaciones.encargos import Encargo, Previa, previsualizar
from portal.operaciones.exigencias import Declaracion, Sustento, exigir
from portal.operaciones.facturas import mover_facturas
from portal.operaciones.normativa import normativa_en_firme
from portal.operaciones.reconocimientos import Firma, YaReconocido


class ContratoYaLiquidado(TransicionNoPermitida):
    """The same contract has a liquidación in force; `codigo` leads to it, and is empty for who may not see it."""

    def __init__(self, existente: Liquidacion, usuario: Usuario) -> None:
        suya = es_visible(existente, usuario)
        super().__init__(
            f"Ese contrato ya tiene la liquidación {existente.numero}. Úsela, o déjela sin efecto si hay que liquidar de nuevo."
            if suya
            else "Ese contrato ya se liquidó, y no a nombre de su entidad. Pregunte a Rentas."
        )
        self.codigo = existente.codigo if suya else ""


class CifrasCambiaron(TransicionNoPermitida):
    """The rules give another total than the one that the officer saw."""


def emitir(
    encargo: Encargo,
    *,
    departamento: str,
    plazo_dias: int,
    permitir_provisional: bool,
    clave: str,
    usuario: Usuario,
    ahora: datetime,
    hoy: date,
    peticion: str = "",
    numeros: Sequence[int] = (),
    total_visto: Decimal | None = None,
    declaraciones: Sequence[Declaracion] = (),
) -> Liquidacion:
    """Issue a liquidación with its facturas, all numbered. `hoy` is the Colombian day; `plazo_dias` are calendar days.

    The rules are those in force now: nobody publishes others until the transaction ends. `total_visto`, in pesos, is what the
    officer agreed to; `declaraciones`, the supports of rules that need a recognition not on record yet. `numeros` keeps the
    facturas' numbers of an earlier system; the series goes on after the largest.

    The same `clave` (the form's key) returns what it already issued. Raises `ContratoYaLiquidado` (the unique index decides),
    `CifrasCambiaron` when the total is another, and `DatoInvalido` or `NormaNoVigente` as `previsualizar` and `exigir`.
    """
    encargo = replace(en_su_nombre(encargo, usuario), entidad=entidad_que_contrata(departamento, encargo, usuario))
    # Whoever waited here for another officer looks afterwards at what that one issued.
    expedientes.abrir(expedientes.llave_del_encargo(departamento, encargo))
    if emitida := por_clave(clave):
        return emitida
    normativa = normativa_en_firme(departamento)
    previa = previsualizar(
        encargo.asunto, normativa=normativa, plazo_dias=plazo_dias, permitir_provisional=permitir_provisional, hoy=hoy
    )
    rechazar_otras_cifras(previa, total_visto)
    _rechazar_si_ya_esta(departamento, encargo, usuario)
    firma = Firma(usuario, ahora, hoy, peticion)
    emision = Emision(departamento, clave, Emitente(usuario.id, usuario.nombre), ahora, hoy)
    nueva = componer(encargo, previa, normativa, emision)
    return _guardar(nueva, previa.resultado, numeros, Sustento(encargo, declaraciones, firma))


def rechazar_otras_cifras(previa: Previa, total_visto: Decimal | None) -> None:
    """Raises `CifrasCambiaron` when the total is not the one that was seen."""
    if total_visto is not None and total_visto != previa.resultado.total:
        raise CifrasCambiaron("Las normas cambiaron mientras usted revisaba y las cifras son otras. Revíselas.")


def _guardar(
    nueva: Liquidacion, resultado: ResultadoLiquidacion, numeros: Sequence[int], sustento: Sustento
) -> Liquidacion:
    """Number and insert; whoever loses a race gets what the winner issued, or learns of it, and spends no number."""
    try:
        with db.session.begin_nested():
            numerar(nueva, resultado.lineas, numeros)
            exigir(nueva, resultado, sustento)
            db.session.add(nueva)
            db.session.flush()
    except (IntegrityError, YaReconocido):
        emitida = por_clave(nueva.clave_formulario)
        if emitida is not None:
            return emitida
        _rechazar_si_ya_esta(nueva.departamento, sustento.encargo, sustento.firma.usuario)
        raise
    anotar_emision(nueva, sustento.firma.ahora, sustento.firma.peticion)
    expedientes.anotar_liquidacion(nueva, sustento.encargo.soporte)
    return nueva


def anotar_emision(nueva: Liquidacion, ahora: datetime, peticion: str) -> None:
    """The events of what was just numbered and inserted; a stamp of $0 is settled by it."""
    db.session.add_all(
        FilaEvento(
            factura_id=f.id,
            en=ahora,
            desde=None,
            hasta=EstadoFactura.LIQUIDADA.value,
            evento="emitida",
            usuario_id=nueva.emitida_por,
        )
        for f in nueva.facturas
    )
    de_cero = [f.id for f in nueva.facturas if f.valor == 0]
    if de_cero:
        mover_facturas(de_cero, EventoFactura.VALOR_CERO, ahora=ahora, usuario_id=nueva.emitida_por)
    anotar(
        "liquidacion.emitir",
        f"liquidacion:{nueva.numero}",
        ahora=ahora,
        usuario_id=nueva.emitida_por,
        peticion=peticion,
        total=str(nueva.total),
        facturas=[f.numero for f in nueva.facturas],
    )


def por_clave(clave: str) -> Liquidacion | None:
    """What a form's idempotency key already issued."""
    return db.session.scalar(select(Liquidacion).where(Liquidacion.clave_formulario == clave))


def _rechazar_si_ya_esta(departamento: str, encargo: Encargo, usuario: Usuario) -> None:
    existente = contrato_vigente(departamento, encargo, usuario)
    if existente is not None:
        raise ContratoYaLiquidado(existente, usuario)


def contrato_vigente(departamento: str, encargo: Encargo, usuario: Usuario) -> Liquidacion | None:
    """The liquidación in force of the contract that an account would assess, if there is one.

    A contract that was assessed before its entity was registered as an agent is the same one: its NIT says so.
    """
    if encargo.asunto.fecha_contrato is None:
        return None
    entidad = entidad_que_contrata(departamento, encargo, usuario)
    su_nit = select(Agente.nit).where(Agente.id == entidad).scalar_subquery()
    return db.session.scalar(
        select(Liquidacion).where(
            Liquidacion.departamento == departamento,
            Liquidacion.tipo == TipoLiquidacion.CONTRATO,
            Liquidacion.vigencia == encargo.asunto.fecha_contrato.year,
            Liquidacion.documento == encargo.contribuyente.documento,
            Liquidacion.numero_contrato == encargo.numero_contrato,
            or_(Liquidacion.entidad == entidad, and_(Liquidacion.entidad == 0, Liquidacion.contratante_nit == su_nit)),
            Liquidacion.adicion == encargo.adicion,
            Liquidacion.cuenta == "",
            Liquidacion.vigente,
        )
    )


def por_codigo(codigo: str) -> Liquidacion:
    """The liquidación behind its unguessable code, with its facturas and its voiding. Raises `NoExiste`."""
    hallada = db.session.scalar(
        select(Liquidacion)
        .where(Liquidacion.codigo == codigo)
        .options(selectinload(Liquidacion.facturas).selectinload(Factura.reconocimientos))
        .options(selectinload(Liquidacion.facturas).joinedload(Factura.uso).joinedload(AdhesionFactura.adhesion))
        .options(selectinload(Liquidacion.sin_efecto))
    )
    if hallada is None:
        raise NoExiste("No encontramos esa liquidación. Revise la dirección.")
    return hallada


def historia(liquidacion: Liquidacion) -> Sequence[FilaEvento]:
    """What happened to its facturas, oldest first."""
    ids = [f.id for f in liquidacion.facturas]
    return db.session.scalars(
        select(FilaEvento).where(FilaEvento.factura_id.in_(ids)).order_by(FilaEvento.en, FilaEvento.id)
    ).all()
