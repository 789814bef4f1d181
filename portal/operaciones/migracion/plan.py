"""What bringing a folder would do now: everything that stands in its way, or the documents that are still to be written."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute

from portal.db import db
from portal.dominio.migracion.celdas import Hallazgo
from portal.dominio.migracion.control import Cuadre, diferencias
from portal.dominio.migracion.cruces import cruzar, llave_de_contrato, sin_liquidaciones
from portal.dominio.migracion.cuadres import en_palabras, totales_de
from portal.dominio.migracion.lectura import Catalogo
from portal.dominio.migracion.renglones import CONTROL, FACTURAS, LIQUIDACIONES, PAGOS
from portal.dominio.migracion.unidades import Documento, Unidad, unidades
from portal.models import Factura, Liquidacion, Migracion, Recaudo, Usuario
from portal.models.liquidacion import ClaseContribuyente, TipoLiquidacion
from portal.models.usuario import Rol
from portal.operaciones.archivos_banco.fuentes import trozos
from portal.operaciones.lotes.identidad import agentes_por_nit
from portal.operaciones.migracion.archivos import Leido, leer
from portal.operaciones.normativa import normativa_de

# Who confirmed the money: the name of the earlier system in `Recaudo.pasarela`.
PASARELA = "anterior"


@dataclass(frozen=True)
class Plan:
    """A folder against what there is. `entidades`: id of the collecting agents, by NIT; `previas`: numbers of liquidaciones
    that another folder brought as they are here. With any of `hallazgos` nothing may be written."""

    departamento: str
    leido: Leido
    entidades: Mapping[str, int]
    unidades: Sequence[Unidad]
    previas: frozenset[int]
    hechas: frozenset[int]
    hallazgos: Sequence[Hallazgo]
    migracion: Migracion | None = None

    @cached_property
    def documentos(self) -> list[Documento]:
        """Those that this folder brings or brought, and no other did."""
        return [d for unidad in self.unidades for d in unidad if d.liquidacion.numero not in self.previas]

    @property
    def pendientes(self) -> int:
        """Liquidaciones that are not here yet."""
        return len(self.documentos) - len(self.hechas)

    @property
    def termino(self) -> bool:
        """Whether the same folder was brought whole before."""
        return self.migracion is not None and self.migracion.terminada_en is not None

    @property
    def totales(self) -> Cuadre:
        """The totals of the whole folder, as its files come to."""
        return totales_de(self.leido.carpeta, [d for unidad in self.unidades for d in unidad])

    def avisos(self) -> Iterator[str]:
        """What is brought otherwise than it was, in words."""
        carpeta, corte = self.leido.carpeta, self.leido.corte
        if sobran := sin_liquidaciones(carpeta):
            yield f"Contribuyentes sin liquidaciones, que no se guardan: {sobran}."
        sin_limite = [x for x in carpeta.liquidaciones.values() if not x.con_limite and x.vigente]
        if vencen := sum(x.fecha_limite < corte for x in sin_limite):
            yield f"Liquidaciones sin fecha límite de años que ya cerraron: {vencen}. Lo que no se pagó se verá Vencida."


def planear(contenidos: Mapping[str, bytes], *, departamento: str, hoy: date) -> Plan:
    """Read a folder and look at what there is; writes nothing. `hoy` is the Colombian day."""
    normas = normativa_de(departamento)
    catalogo = Catalogo(
        estampillas=[e.codigo for e in normas.estampillas],
        actos=sorted({a.codigo for a in normas.actos}),
        clases=list(ClaseContribuyente),
        roles=list(Rol),
    )
    leido = leer(contenidos, catalogo)
    entidades = agentes_por_nit(departamento)
    hallazgos = list(leido.hallazgos)
    if leido.corte > hoy:
        hallazgos.append(Hallazgo(CONTROL, 0, "corte", "El último día del sistema anterior aún no llega."))
    todas: list[Unidad] = []
    if not hallazgos:
        cuentas = {correo: rol.value for correo, rol in db.session.execute(select(Usuario.correo, Usuario.rol))}
        hallazgos += cruzar(leido.carpeta, leido.corte, cuentas, entidades)
    if not hallazgos:
        todas = unidades(leido.carpeta, entidades)
        hallazgos += _contra_el_control(leido, [d for unidad in todas for d in unidad])
    plan = Plan(departamento, leido, entidades, todas, frozenset(), frozenset(), _en_orden(hallazgos))
    return plan if hallazgos else mirar(plan)


def mirar(plan: Plan) -> Plan:
    """The same folder, already read and without faults of its own, against what there is now."""
    una = _de_la_huella(plan.departamento, plan.leido.huella)
    hallazgos = list(_otra_en_curso(plan.departamento, plan.leido.huella))
    previas, hechas, choques = _contra_la_base(
        plan.unidades, plan.departamento, plan.entidades, una.id if una else None
    )
    return replace(plan, previas=previas, hechas=hechas, hallazgos=_en_orden([*hallazgos, *choques]), migracion=una)


def _en_orden(hallazgos: Iterable[Hallazgo]) -> list[Hallazgo]:
    return sorted(hallazgos, key=lambda h: (h.archivo, h.fila))


def _de_la_huella(departamento: str, huella: str) -> Migracion | None:
    return db.session.scalar(
        select(Migracion).where(Migracion.departamento == departamento, Migracion.huella == huella)
    )


def _otra_en_curso(departamento: str, huella: str) -> Iterator[Hallazgo]:
    en_curso = select(Migracion).where(Migracion.departamento == departamento, Migracion.terminada_en.is_(None))
    una = db.session.scalar(en_curso.where(Migracion.huella != huella))
    if una is not None:
        yield Hallazgo(
            CONTROL, 0, "", f"Otra carpeta se quedó a medias ({una.hechas} de {una.total}). Termine de traerla primero."
        )


def _contra_el_control(leido: Leido, documentos: Sequence[Documento]) -> Iterator[Hallazgo]:
    for una in diferencias(leido.control, totales_de(leido.carpeta, documentos)):
        yield Hallazgo(CONTROL, 0, una.nombre, en_palabras(una, documentos))


def _contra_la_base(
    todas: Sequence[Unidad], departamento: str, entidades: Mapping[str, int], propia: int | None
) -> tuple[frozenset[int], frozenset[int], list[Hallazgo]]:
    """`(brought by another folder, brought by this one, what is in the way)`."""
    documentos = {d.liquidacion.numero: d for unidad in todas for d in unidad}
    columnas = (Liquidacion.numero, Liquidacion.huella_origen, Liquidacion.migracion_id)
    previas, hechas, ajenas, choques = set[int](), set[int](), set[int](), list[Hallazgo]()
    for numero, huella, migracion_id in _filas(select(*columnas), Liquidacion.numero, documentos):
        if huella == documentos[numero].huella:
            (hechas if migracion_id == propia else previas).add(numero)
        else:
            quien = "este portal la emitió" if migracion_id is None else "ya se trajo con otros datos"
            choques.append(_choque(LIQUIDACIONES, documentos[numero].liquidacion.fila, "numero", quien))
            ajenas.add(numero)
    nuevos = [d for numero, d in documentos.items() if numero not in previas | hechas | ajenas]
    choques += _facturas_tomadas(nuevos)
    choques += _pagos_tomados(nuevos)
    choques += _contratos_tomados(nuevos, departamento, entidades)
    return frozenset(previas), frozenset(hechas), choques


def _facturas_tomadas(nuevos: Sequence[Documento]) -> Iterator[Hallazgo]:
    filas = {f.numero: f.fila for d in nuevos for f in d.facturas}
    for (numero,) in _filas(select(Factura.numero), Factura.numero, filas):
        yield _choque(FACTURAS, filas[numero], "numero", "ya existe en el portal")


def _pagos_tomados(nuevos: Sequence[Documento]) -> Iterator[Hallazgo]:
    """A payment comes whole with its documents, or came whole before."""
    filas = {p.referencia: p.fila for d in nuevos for p in d.pagos}
    tomadas = select(Recaudo.transaccion).where(Recaudo.pasarela == PASARELA)
    for (referencia,) in _filas(tomadas, Recaudo.transaccion, filas):
        yield _choque(PAGOS, filas[referencia], "referencia", "ya se trajo con otras facturas")


def _contratos_tomados(
    nuevos: Sequence[Documento], departamento: str, entidades: Mapping[str, int]
) -> Iterator[Hallazgo]:
    vigentes = {
        (*llave_de_contrato(d.liquidacion, entidades), d.liquidacion.adicion): d.liquidacion.fila
        for d in nuevos
        if d.liquidacion.numero_contrato and d.liquidacion.vigente
    }
    una = Liquidacion
    consulta = select(una.vigencia, una.documento, una.numero_contrato, una.entidad, una.adicion).where(
        una.departamento == departamento, una.tipo == TipoLiquidacion.CONTRATO, una.vigente, una.cuenta == ""
    )
    for llave in _filas(consulta, una.numero_contrato, {llave[2] for llave in vigentes}):
        if tuple(llave) in vigentes:
            yield _choque(LIQUIDACIONES, vigentes[tuple(llave)], "numero_contrato", "el portal ya lo tiene liquidado")


def _choque(archivo: str, fila: int, columna: str, dice: str) -> Hallazgo:
    return Hallazgo(archivo, fila, columna, f"No se puede traer: {dice}.")


def _filas(
    consulta: Select[*tuple[Any, ...]], columna: InstrumentedAttribute[Any], valores: Iterable[object]
) -> Iterator[Any]:
    """The rows of a query whose column is one of many values, asked for in parts."""
    for trozo in trozos(list(valores)):
        yield from db.session.execute(consulta.where(columna.in_(trozo)))
