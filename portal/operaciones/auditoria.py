"""The bitácora as auditors read it: filtered by what the address says, with the page of what each row touched."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from portal.db import db
from portal.dominio.calendario import BOGOTA
from portal.dominio.cierre import limites
from portal.models import (
    Adhesion,
    Agente,
    ArchivoBanco,
    Bitacora,
    Caso,
    CertificadoValidacion,
    Cierre,
    Consignacion,
    Contingencia,
    Declaracion,
    Devolucion,
    DiaNoHabil,
    Factura,
    Liquidacion,
    Lote,
    MovimientoContrato,
    OrdenTesoreria,
    Pago,
    Propuesta,
    Reconocimiento,
    Retencion,
    SelloBitacora,
    Usuario,
)
from portal.operaciones.bitacora import anotar
from portal.operaciones.firmas import Firma
from portal.operaciones.paginas import POR_PAGINA, Pagina, paginar

_MIRAR = "auditoria.mirar"
# Issuing names the liquidación by its number, everything else by its id.
_POR_NUMERO = "liquidacion.emitir"
Columna = InstrumentedAttribute[Any]
# What finds the page of an object: the column that its name carries, and what the address of its page needs.
_PAGINAS: Mapping[str, tuple[Columna, Mapping[str, Columna]]] = {
    "adhesion": (Adhesion.numero, {"numero": Adhesion.numero}),
    "agente": (Agente.id, {"codigo": Agente.codigo}),
    "archivo_banco": (ArchivoBanco.id, {"numero": ArchivoBanco.numero}),
    "caso": (Caso.id, {"numero": Caso.numero}),
    "certificado": (CertificadoValidacion.id, {"codigo": CertificadoValidacion.codigo}),
    "cierre": (Cierre.id, {"cuenta": Cierre.cuenta, "dia": Cierre.dia}),
    "consignacion": (Consignacion.id, {"numero": Consignacion.numero}),
    "contingencia": (Contingencia.id, {"ano": Contingencia.inicio}),
    "contrato": (MovimientoContrato.contrato_id, {"codigo": Liquidacion.codigo}),
    "declaracion": (
        Declaracion.id,
        {"codigo": Agente.codigo, "mes": Declaracion.mes, "version": Declaracion.version},
    ),
    "devolucion": (Devolucion.id, {"numero": Devolucion.numero}),
    "dia_no_habil": (DiaNoHabil.id, {"ano": DiaNoHabil.dia}),
    "factura": (Factura.numero, {"codigo": Liquidacion.codigo}),
    "liquidacion": (Liquidacion.id, {"codigo": Liquidacion.codigo}),
    "liquidacion_numero": (Liquidacion.numero, {"codigo": Liquidacion.codigo}),
    "lote": (Lote.id, {"codigo": Lote.codigo}),
    "orden": (OrdenTesoreria.numero, {"numero": OrdenTesoreria.numero}),
    "pago": (Pago.id, {"referencia": Pago.referencia}),
    "propuesta": (Propuesta.id, {"propuesta_id": Propuesta.id}),
    "reconocimiento": (Reconocimiento.id, {"numero": Reconocimiento.id}),
    "retencion": (Retencion.id, {"codigo": Liquidacion.codigo}),
    "usuario": (Usuario.id, {"cuenta": Usuario.id}),
}


@dataclass(frozen=True)
class Filtro:
    """What rows to show: Colombian days, both included, and the action, object and account when they are said."""

    desde: date
    hasta: date
    accion: str = ""
    objeto: str = ""
    cuenta: int | None = None


@dataclass(frozen=True)
class Renglon:
    """A row of the bitácora as it is shown. `pagina` is `(kind, what its address needs)` of what it touched, if it has one."""

    fila: Bitacora
    quien: str
    sello: int | None
    pagina: tuple[str, Mapping[str, str]] | None


def anotaciones(filtro: Filtro, pagina: int, registros: int = POR_PAGINA) -> Pagina[Renglon]:
    """A page of the bitácora, the latest first."""
    inicio, fin = limites(filtro.desde, filtro.hasta)
    consulta = select(Bitacora).where(Bitacora.en >= inicio, Bitacora.en < fin)
    for columna, pedido in ((Bitacora.accion, filtro.accion), (Bitacora.objeto, filtro.objeto)):
        if pedido:
            consulta = consulta.where(columna == pedido)
    if filtro.cuenta is not None:
        consulta = consulta.where(Bitacora.usuario_id == filtro.cuenta)
    hallada = paginar(consulta.order_by(Bitacora.en.desc(), Bitacora.id.desc()), pagina, registros)
    return Pagina(_renglones(hallada.filas), hallada.total, hallada.numero, registros)


def mirar(firma: Firma) -> None:
    """Write down that somebody looks at the bitácora, once per Colombian day: reading it must not make it grow."""
    anotar(_MIRAR, "bitacora", ahora=firma.ahora, usuario_id=firma.usuario.id, peticion=firma.peticion)


def ya_miro(usuario: Usuario, hoy: date) -> bool:
    """Whether that is written down already for the day `hoy`."""
    ultima: datetime | None = db.session.scalar(
        select(Bitacora.en)
        .where(Bitacora.usuario_id == usuario.id, Bitacora.accion == _MIRAR)
        .order_by(Bitacora.id.desc())
        .limit(1)
    )
    return ultima is not None and ultima.astimezone(BOGOTA).date() >= hoy


def cuentas() -> Sequence[tuple[int, str]]:
    """Number and name of every account, by name."""
    return [
        (id_, nombre) for id_, nombre in db.session.execute(select(Usuario.id, Usuario.nombre).order_by(Usuario.nombre))
    ]


def _renglones(filas: Sequence[Bitacora]) -> list[Renglon]:
    nombres = _pares(select(Usuario.id, Usuario.nombre).where(Usuario.id.in_({f.usuario_id for f in filas})))
    sellos = _pares(
        select(SelloBitacora.bitacora_id, SelloBitacora.numero).where(
            SelloBitacora.bitacora_id.in_([f.id for f in filas])
        )
    )
    paginas = _paginas_de(filas)
    return [
        Renglon(
            fila=f,
            quien=nombres.get(f.usuario_id, f"Cuenta {f.usuario_id}") if f.usuario_id else "",
            sello=sellos.get(f.id),
            pagina=paginas.get(_nombre_de(f)),
        )
        for f in filas
    ]


def _paginas_de(filas: Iterable[Bitacora]) -> dict[tuple[str, str], tuple[str, Mapping[str, str]]]:
    """The page of each object, asking the database once for each kind."""
    por_clase: dict[str, set[int]] = {}
    for clase, llave in map(_nombre_de, filas):
        if clase in _PAGINAS and llave.isascii() and llave.isdigit():
            por_clase.setdefault(clase, set()).add(int(llave))
    halladas: dict[tuple[str, str], tuple[str, Mapping[str, str]]] = {}
    for clase, llaves in por_clase.items():
        columna, datos = _PAGINAS[clase]
        consulta = select(columna, *datos.values()).select_from(columna.class_).where(columna.in_(llaves))
        for otra in {dato.class_ for dato in datos.values()} - {columna.class_}:
            consulta = consulta.join(otra)
        for llave, *valores in db.session.execute(consulta):
            suyos = {nombre: _en_direccion(nombre, valor) for nombre, valor in zip(datos, valores, strict=True)}
            halladas[clase, str(llave)] = clase, suyos
    return halladas


def _en_direccion(nombre: str, valor: Any) -> str:
    """A value as addresses write it: months as `2026-11`, years alone, in Colombian days."""
    dia = valor.astimezone(BOGOTA).date() if isinstance(valor, datetime) else valor
    formatos = {"mes": "%Y-%m", "ano": "%Y"}
    return format(dia, formatos[nombre]) if nombre in formatos else str(valor)


def _nombre_de(fila: Bitacora) -> tuple[str, str]:
    clase, _, llave = fila.objeto.partition(":")
    return ("liquidacion_numero" if fila.accion == _POR_NUMERO else clase), llave


def _pares(consulta: Any) -> dict[Any, Any]:
    return {clave: valor for clave, valor in db.session.execute(consulta)}
