"""Bringing a folder: reserve its numbers, write it step by step, square it to the peso. Whoever is cut short goes on.

A step is a transaction. It locks the row of the migration, writes what of it is still missing, reads it back from the database
and adds what it read to the account in the same conditional UPDATE that moves the count: of two who bring the same folder at
once, each step is written by one of them.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import and_, select, update

from portal.db import db, ejecutar
from portal.dominio.errores import TransicionNoPermitida
from portal.dominio.migracion.celdas import Hallazgo
from portal.dominio.migracion.control import INMUTABLES, Cuadre, a_json, de_json, diferencias, juntar, solo
from portal.dominio.migracion.cuadres import como_se_guarda, cuadre_de, en_palabras
from portal.dominio.migracion.unidades import Documento, Unidad, tramos
from portal.models import Liquidacion, Migracion, Usuario
from portal.models.usuario import Rol
from portal.operaciones.archivos_banco.fuentes import trozos
from portal.operaciones.bitacora import anotar
from portal.operaciones.consecutivos import adelantar, tomar
from portal.operaciones.firmas import Firma, exigir_rol
from portal.operaciones.migracion.escritura import Contexto, escribir, lo_escrito
from portal.operaciones.migracion.plan import Plan, mirar
from portal.operaciones.normativa import normativa_de
from portal.operaciones.verificacion_migraciones import lo_inmutable

# Facturas of one step: some tenths of a second, within the five seconds after which another who writes gives up.
FACTURAS_POR_TRAMO = 500
# No password matches it, and the account is closed: whoever administers the portal invites its owner.
SIN_CLAVE = ""


class CarpetaConErrores(TransicionNoPermitida):
    """Something in the folder stands in the way, so nothing of it is written."""

    def __init__(self, hallazgos: Sequence[Hallazgo]) -> None:
        super().__init__(f"No se escribió nada: hay {len(hallazgos)} hallazgos que corregir.")
        self.hallazgos = hallazgos


class MigracionNoCuadra(TransicionNoPermitida):
    """The database does not hold what the files come to. `diferencias`: one sentence for each total."""

    def __init__(self, frases: Sequence[str]) -> None:
        super().__init__("Lo que quedó en la base de datos no es lo de los archivos. La migración se detuvo.")
        self.diferencias = frases


def abrir(leida: Plan, *, firma: Firma) -> tuple[Migracion, Plan]:
    """Reserve the numbers of a folder and create its accounts; what was opened before is returned as it is.

    The database is looked at again with the series locked, so that nothing issued here takes a number of the folder. Raises
    `CarpetaConErrores`, `TransicionNoPermitida` for whoever is no administrator.
    """
    exigir_rol(firma.usuario, Rol.ADMINISTRADOR)
    if leida.hallazgos:
        raise CarpetaConErrores(leida.hallazgos)
    for serie in ("liquidacion", "factura"):
        tomar(serie, 0)
    plan = mirar(leida)
    if plan.hallazgos:
        raise CarpetaConErrores(plan.hallazgos)
    if plan.migracion is not None:
        return plan.migracion, plan
    documentos = [d for unidad in plan.unidades for d in unidad]
    adelantar("liquidacion", 1 + max((d.liquidacion.numero for d in documentos), default=0))
    adelantar("factura", 1 + max((f.numero for d in documentos for f in d.facturas), default=0))
    nueva = Migracion(
        departamento=plan.departamento,
        huella=plan.leido.huella,
        corte=plan.leido.corte,
        total=len(plan.documentos),
        usuario_id=firma.usuario.id,
        usuario_nombre=firma.usuario.nombre,
        iniciada_en=firma.ahora,
    )
    db.session.add(nueva)
    db.session.flush()
    creadas = _crear_cuentas(plan, firma)
    _anotar("migracion.abrir", nueva, firma, huella=nueva.huella, liquidaciones=nueva.total, cuentas=creadas)
    return nueva, plan


def tramos_de(plan: Plan, *, facturas: int = FACTURAS_POR_TRAMO) -> Iterator[Sequence[Documento]]:
    """What is left of a folder, in steps; units that another folder brought are not touched."""
    listas = plan.hechas | plan.previas
    faltan: list[Unidad] = []
    for unidad in plan.unidades:
        suyas = tuple(d for d in unidad if d.liquidacion.numero not in listas)
        if suyas:
            faltan.append(suyas)
    for tramo in tramos(faltan, facturas):
        yield [documento for unidad in tramo for documento in unidad]


def escribir_tramo(migracion_id: int, tramo: Sequence[Documento], plan: Plan, *, firma: Firma) -> int:
    """Write what is missing of a step and return how many liquidaciones. Raises `MigracionNoCuadra`; then nothing stays."""
    una = _bloquear(migracion_id)
    faltan = _faltan(tramo)
    if not faltan:
        return 0
    nombres = {e.codigo: e.nombre for e in normativa_de(plan.departamento).estampillas}
    contexto = Contexto(plan.departamento, una.id, nombres, plan.entidades, firma.ahora)
    nuevas = escribir(faltan, contexto)
    escrito = lo_escrito([x.id for x in nuevas])
    _exigir_cuadre(cuadre_de(faltan), escrito, faltan)
    _avanzar(una, len(nuevas), escrito)
    _anotar(
        "migracion.escribir",
        una,
        firma,
        liquidaciones=len(nuevas),
        facturas=sum(len(d.facturas) for d in faltan),
        total=str(sum(d.liquidacion.total for d in faltan)),
    )
    db.session.flush()
    return len(nuevas)


def terminar(migracion_id: int, plan: Plan, *, firma: Firma) -> Migracion:
    """Square the whole and close it; closed already, nothing happens. Raises `MigracionNoCuadra` with each difference."""
    una = _bloquear(migracion_id)
    if una.terminada_en is not None:
        return una
    esperado = cuadre_de(plan.documentos)
    _exigir_cuadre(esperado, de_json(una.cuadre), plan.documentos)
    _exigir_cuadre(solo(esperado, INMUTABLES), lo_inmutable(una.id), plan.documentos)
    una.terminada_en = firma.ahora
    _anotar("migracion.terminar", una, firma, liquidaciones=una.total, cuadre=una.cuadre)
    db.session.flush()
    return una


def _bloquear(migracion_id: int) -> Migracion:
    """Who brings the same folder at once waits here (SQLite: the transaction already holds the lock)."""
    orden = select(Migracion).where(Migracion.id == migracion_id).with_for_update()
    return db.session.execute(orden.execution_options(populate_existing=True)).scalar_one()


def _faltan(tramo: Sequence[Documento]) -> list[Documento]:
    numeros = [d.liquidacion.numero for d in tramo]
    escritas: set[int] = set()
    for trozo in trozos(numeros):
        escritas.update(db.session.scalars(select(Liquidacion.numero).where(Liquidacion.numero.in_(trozo))))
    return [d for d in tramo if d.liquidacion.numero not in escritas]


def _avanzar(una: Migracion, cuantas: int, escrito: Cuadre) -> None:
    """Move the count that this step started from; another who moved it meanwhile makes this step void."""
    orden = (
        update(Migracion)
        .where(and_(Migracion.id == una.id, Migracion.hechas == una.hechas, Migracion.terminada_en.is_(None)))
        .values(hechas=una.hechas + cuantas, cuadre=a_json(juntar(de_json(una.cuadre), escrito)))
        .execution_options(synchronize_session=False)
    )
    if ejecutar(orden) != 1:
        raise TransicionNoPermitida("Otra persona avanzó la misma migración. Ejecute la orden de nuevo.")


def _exigir_cuadre(esperado: Cuadre, hallado: Cuadre, documentos: Sequence[Documento]) -> None:
    distintos = diferencias(como_se_guarda(esperado), hallado)
    if distintos:
        raise MigracionNoCuadra([f"{una.nombre}: {en_palabras(una, documentos)}" for una in distintos])


def _crear_cuentas(plan: Plan, firma: Firma) -> int:
    """Closed accounts without a password for the users that the portal does not know; returns how many."""
    conocidas = set(db.session.scalars(select(Usuario.correo)))
    creadas = 0
    for antes in plan.leido.carpeta.usuarios.values():
        if antes.correo in conocidas:
            continue
        cuenta = Usuario(
            correo=antes.correo,
            nombre=antes.nombre,
            rol=Rol(antes.rol),
            dependencia=antes.dependencia,
            agente_id=plan.entidades.get(antes.agente_nit),
            clave_hash=SIN_CLAVE,
            activo=False,
            creado_en=firma.ahora,
        )
        db.session.add(cuenta)
        db.session.flush()
        quien = firma.usuario.id
        anotar("usuario_creado", f"usuario:{cuenta.id}", ahora=firma.ahora, usuario_id=quien, rol=antes.rol)
        creadas += 1
    return creadas


def _anotar(accion: str, una: Migracion, firma: Firma, **detalle: object) -> None:
    anotar(
        accion,
        f"migracion:{una.id}",
        ahora=firma.ahora,
        usuario_id=firma.usuario.id,
        peticion=firma.peticion,
        **detalle,
    )
