"""Keeping a file between its dry run and its import, and importing it: all of its contracts are issued, or none is."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import joinedload

from portal.db import db, ejecutar
from portal.dominio.archivos import nombre_legible
from portal.dominio.errores import Ajeno, ErrorDominio, NoExiste, TransicionNoPermitida
from portal.models import Liquidacion, Lote, RenglonLote, Usuario
from portal.operaciones import expedientes, liquidaciones
from portal.operaciones.bitacora import anotar
from portal.operaciones.firmas import Firma
from portal.operaciones.lotes.archivo import Limites, Tabla, leer_tabla
from portal.operaciones.lotes.renglones import ErrorCelda
from portal.operaciones.lotes.simulacro import Avance, ContratoDeLote, Regimen, Simulacro, simular
from portal.operaciones.normativa import normativa_de, normativa_en_firme

# Whoever else issues waits for an import to end, and gives up after five seconds: the screen takes no more than that.
EN_PANTALLA = Limites(filas=500, bytes=2 * 1024**2)
EN_ORDEN = Limites(filas=5000, bytes=10 * 1024**2)
VIGENCIA = timedelta(hours=2)
_YA_NO_ESTA = "Ese archivo ya no está en el portal. Súbalo de nuevo."


class LoteCambio(TransicionNoPermitida):
    """Importing would not do what the officer saw; `simulacro` is what it would do now."""

    def __init__(self, simulacro: Simulacro) -> None:
        super().__init__("Lo que se va a emitir cambió desde la revisión. Revíselo de nuevo.")
        self.simulacro = simulacro


class LoteConErrores(TransicionNoPermitida):
    """Some contract could not be issued, so none was."""

    def __init__(self, errores: Sequence[ErrorCelda]) -> None:
        super().__init__("No se emitió ninguna liquidación, porque hay filas con errores.")
        self.errores = errores


def ensayar(tabla: Tabla, *, regimen: Regimen, hoy: date, avanzar: Avance = lambda *_: None) -> Simulacro:
    """The dry run of a table by the rules of today. Raises `ArchivoIlegible`."""
    normativa = normativa_de(regimen.departamento)
    return simular(tabla, regimen=regimen, normativa=normativa, hoy=hoy, avanzar=avanzar)


def guardar(contenido: bytes, archivo: str, *, departamento: str, usuario: Usuario, ahora: datetime) -> Lote:
    """Keep a file for its owner until it is imported or two hours pass."""
    olvidar_vencidos(ahora)
    nuevo = Lote(
        codigo=secrets.token_urlsafe(16),
        departamento=departamento,
        archivo=nombre_legible(archivo),
        huella=hashlib.sha256(contenido).hexdigest(),
        contenido=contenido,
        usuario_id=usuario.id,
        usuario_nombre=usuario.nombre,
        creado_en=ahora,
        vence_en=ahora + VIGENCIA,
    )
    db.session.add(nuevo)
    db.session.flush()
    return nuevo


def olvidar_vencidos(ahora: datetime) -> int:
    """Drop the files that nobody imported in time; returns how many."""
    return ejecutar(delete(Lote).where(Lote.importado_en.is_(None), Lote.vence_en <= ahora))


def descartar(usuario: Usuario) -> None:
    """Drop what somebody uploaded and did not import; there may be nothing."""
    ejecutar(delete(Lote).where(Lote.usuario_id == usuario.id, Lote.importado_en.is_(None)))


def por_codigo(codigo: str, *, departamento: str, usuario: Usuario, ahora: datetime) -> Lote:
    """A file by its unguessable code: imported ones are everybody's of the office, others their owner's.

    Raises `NoExiste` and, of one that waits for somebody else, `Ajeno`, which says the same.
    """
    hallado = db.session.scalar(select(Lote).where(Lote.codigo == codigo, Lote.departamento == departamento))
    if hallado is None or not (hallado.importado_en or hallado.vence_en > ahora):
        raise NoExiste(_YA_NO_ESTA)
    if not hallado.importado_en and hallado.usuario_id != usuario.id:
        raise Ajeno(_YA_NO_ESTA, f"lote:{hallado.id}")
    return hallado


def tabla_de(lote: Lote) -> Tabla:
    """The table of a file that waits on the screen to be imported. Raises `ArchivoIlegible`."""
    assert lote.contenido is not None, "the database keeps the bytes until the import"
    return leer_tabla(lote.contenido, EN_PANTALLA)


def importar(
    lote: Lote,
    *,
    regimen: Regimen,
    firma: Firma,
    hoy: date,
    visto: str | None = None,
    limites: Limites = EN_PANTALLA,
    avanzar: Avance = lambda *_: None,
) -> Lote:
    """Issue every contract of a file that has no liquidación yet. `visto`: the `huella` of the dry run agreed to.

    The same file, or the same contracts in another, issue nothing again: each row's key is its content. The rules stay as they
    are until the transaction ends. Raises `TransicionNoPermitida` when it was imported already, `LoteCambio` when it would do
    something else than what was seen, `LoteConErrores` when any row is wrong, `ArchivoIlegible`.
    """
    normativa = normativa_en_firme(regimen.departamento)
    simulacro = simular(leer_tabla(_tomar(lote), limites), regimen=regimen, normativa=normativa, hoy=hoy)
    if visto is not None and visto != simulacro.huella:
        raise LoteCambio(simulacro)
    if simulacro.errores:
        raise LoteConErrores(simulacro.errores)
    _abrir_expedientes(simulacro.contratos, regimen.departamento)
    nuevas, total, filas = _emitir_todos(simulacro.contratos, regimen, firma, hoy, avanzar)
    db.session.add_all(RenglonLote(lote_id=lote.id, **fila) for fila in filas)
    hecho = {"nuevas": nuevas, "iguales": len(filas) - nuevas, "total": total}
    db.session.execute(update(Lote).where(Lote.id == lote.id).values(importado_en=firma.ahora, contenido=None, **hecho))
    anotar(
        "lote.importar",
        f"lote:{lote.id}",
        ahora=firma.ahora,
        usuario_id=firma.usuario.id,
        peticion=firma.peticion,
        huella=lote.huella,
        **hecho | {"total": str(total)},
    )
    db.session.flush()
    return lote


def _abrir_expedientes(contratos: Sequence[ContratoDeLote], departamento: str) -> None:
    """Lock every contract in one order: two files that share contracts in different places wait instead of deadlocking."""
    llaves = {expedientes.llave_del_encargo(departamento, contrato.encargo) for contrato in contratos}
    for llave in sorted(llave for llave in llaves if llave is not None):
        expedientes.abrir(llave)


def _tomar(lote: Lote) -> bytes:
    """The bytes of a file, locked until the transaction ends: of two confirmations, the second finds it imported."""
    consulta = select(Lote.contenido).where(Lote.id == lote.id, Lote.importado_en.is_(None)).with_for_update()
    contenido = db.session.scalar(consulta)
    if contenido is None:
        raise TransicionNoPermitida("Ese archivo ya se importó.")
    return contenido


def _emitir_todos(
    contratos: Sequence[ContratoDeLote], regimen: Regimen, firma: Firma, hoy: date, avanzar: Avance
) -> tuple[int, Decimal, list[dict[str, int | bool]]]:
    nuevas, total = 0, Decimal(0)
    filas: list[dict[str, int | bool]] = []
    errores: list[ErrorCelda] = []
    for cuenta, contrato in enumerate(contratos, start=1):
        try:
            liquidacion_id, nueva, valor = _emitir(contrato, regimen, firma, hoy)
        except ErrorDominio as error:
            # Going on tells every row that is refused; nothing of this transaction stays.
            errores.append(ErrorCelda(contrato.fila, "", "", error.mensaje))
        else:
            nuevas, total = nuevas + nueva, total + valor
            filas.append({"fila": contrato.fila, "liquidacion_id": liquidacion_id, "nueva": nueva})
        avanzar(cuenta, len(contratos))
    if errores:
        raise LoteConErrores(errores)
    return nuevas, total, filas


def _emitir(contrato: ContratoDeLote, regimen: Regimen, firma: Firma, hoy: date) -> tuple[int, bool, Decimal]:
    """The liquidación of a contract, whether this import issued it, and for how much."""
    if contrato.existente is not None:
        return contrato.existente.id, False, Decimal(0)
    una = liquidaciones.emitir(
        contrato.encargo,
        departamento=regimen.departamento,
        plazo_dias=regimen.plazo_dias,
        permitir_provisional=regimen.permitir_provisional,
        clave=contrato.clave,
        usuario=firma.usuario,
        ahora=firma.ahora,
        hoy=hoy,
        peticion=firma.peticion,
        total_visto=contrato.total,
    )
    # Another import may have issued the same content a moment ago.
    nueva = (una.emitida_por, una.emitida_en) == (firma.usuario.id, firma.ahora)
    return una.id, nueva, una.total if nueva else Decimal(0)


@dataclass(frozen=True)
class Resultado:
    """Some rows of an import, in order, and how many there are in all."""

    renglones: Sequence[RenglonLote]
    cuantos: int


def resultado(lote: Lote, *, desde: int = 0, limite: int | None = None) -> Resultado:
    """What each row of an imported file led to, with its facturas."""
    consulta = (
        select(RenglonLote)
        .where(RenglonLote.lote_id == lote.id)
        .options(joinedload(RenglonLote.liquidacion).selectinload(Liquidacion.facturas))
        .order_by(RenglonLote.fila)
        .offset(desde)
        .limit(limite)
    )
    cuantos = db.session.scalar(select(func.count()).where(RenglonLote.lote_id == lote.id))
    return Resultado(db.session.scalars(consulta).all(), cuantos or 0)


def importados(departamento: str, limite: int = 10) -> Sequence[Lote]:
    """The latest imports."""
    consulta = select(Lote).where(Lote.departamento == departamento, Lote.importado_en.is_not(None))
    return db.session.scalars(consulta.order_by(Lote.importado_en.desc()).limit(limite)).all()
