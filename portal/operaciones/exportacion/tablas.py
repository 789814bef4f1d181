"""The files of an export as queries: their columns, and how their rows become text, read by pieces."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, inspect, select
from sqlalchemy.orm import InstrumentedAttribute

from portal.db import Base, Pesos, db
from portal.dominio.bitacora import Cadena
from portal.dominio.cierre import limites
from portal.dominio.exportacion import Periodo, celda, en_pesos
from portal.models import (
    Archivo,
    Asiento,
    Bitacora,
    ClaveEstampillas,
    Consignacion,
    Declaracion,
    MovimientoBanco,
    PasoDeclaracion,
    Propuesta,
    PropuestaIndicador,
    PropuestaTarifa,
    SelloBitacora,
    Usuario,
    VersionAnterior,
)
from portal.models.propuesta import EstadoPropuesta
from portal.operaciones.exportacion.contenido import FUENTES, PROPUESTA, TARIFA, VERSION, Fuente

Expresion = InstrumentedAttribute[Any] | ColumnElement[Any]
_CADENAS: dict[Cadena, tuple[InstrumentedAttribute[int], InstrumentedAttribute[Any]]] = {
    Cadena.LIBRO: (Asiento.numero, Asiento.en),
    Cadena.BITACORA: (SelloBitacora.numero, Bitacora.en),
}


@dataclass(frozen=True)
class Tabla:
    """One CSV: its name, what it is in Spanish, its columns by name, and the query of its rows in a stable order."""

    archivo: str
    dice: str
    columnas: Sequence[tuple[str, Expresion]]
    consulta: Select[Any]

    @property
    def titulos(self) -> list[str]:
        """The headings; money has two columns."""
        titulos: list[str] = []
        for nombre, expresion in self.columnas:
            titulos += [f"{nombre}_centavos", f"{nombre}_pesos"] if _es_dinero(expresion) else [nombre]
        return titulos

    def filas(self) -> Iterator[list[str]]:
        """The rows as texts."""
        dinero = [_es_dinero(expresion) for _, expresion in self.columnas]
        consulta = self.consulta.with_only_columns(*(expresion for _, expresion in self.columnas))
        for fila in db.session.execute(consulta.execution_options(yield_per=1000)):
            textos: list[str] = []
            for valor, es_dinero in zip(fila, dinero, strict=True):
                textos += _pesos(valor) if es_dinero else [celda(valor)]
            yield textos


def tablas_de(periodo: Periodo) -> list[Tabla]:
    """Every file of a period, in the order of the archive."""
    propias = [_de_fuente(fuente, periodo) for fuente in FUENTES]
    de_agentes = [_consignaciones(periodo), _pasos(periodo)]
    return [*propias, *de_agentes, _claves(), *_normativa(periodo), _asientos(periodo), _bitacora(periodo)]


def numeros_de(cadena: Cadena, periodo: Periodo) -> tuple[int, int]:
    """First and last numbers of a chain's piece; 1 and 0 when nothing of it is of the period.

    A chain is ordered by its numbers and not by clocks: everything between the first and the last of the period comes too.
    """
    numero, en = _CADENAS[cadena]
    extremos = select(func.min(numero), func.max(numero)).where(_dentro(en, periodo))
    if cadena is Cadena.BITACORA:
        extremos = extremos.join(Bitacora, Bitacora.id == SelloBitacora.bitacora_id)
    primero, ultimo = db.session.execute(extremos).one()
    return (1, 0) if primero is None else (primero, ultimo)


def _de_fuente(fuente: Fuente, periodo: Periodo) -> Tabla:
    modelo = fuente.modelo
    if fuente.padre:
        padre = fuente.padre
        cuales = getattr(modelo, fuente.llave).in_(select(padre.modelo.id).where(_suyas(padre, periodo)))
    else:
        cuales = _suyas(fuente, periodo)
    consulta = select(modelo).where(cuales).order_by(*inspect(modelo).primary_key)
    return Tabla(fuente.archivo, fuente.dice, _columnas(modelo, fuente.columnas), consulta)


def _suyas(fuente: Fuente, periodo: Periodo) -> ColumnElement[bool]:
    instante = getattr(fuente.modelo, fuente.instante)
    return instante < limites(periodo.desde, periodo.hasta)[1] if fuente.acumula else _dentro(instante, periodo)


def _consignaciones(periodo: Periodo) -> Tabla:
    x, linea = Consignacion, MovimientoBanco
    return Tabla(
        "consignaciones.csv",
        "Consignaciones que los agentes enviaron en el periodo, con la huella de su comprobante y el recaudo de su línea "
        "del banco. El estado es el del momento de exportar.",
        [
            *_columnas(x, "id numero agente_id sede_id mes valor fecha banco referencia"),
            ("soporte_sha256", Archivo.sha256),
            *_columnas(x, "enviada_por enviada_por_nombre enviada_en estado movimiento_id"),
            ("recaudo_id", linea.recaudo_id),
            *_columnas(x, "resuelta_por resuelta_por_nombre resuelta_en motivo"),
        ],
        select(x)
        .join(Archivo, Archivo.id == x.archivo_id)
        .outerjoin(linea, linea.id == x.movimiento_id)
        .where(_dentro(x.enviada_en, periodo))
        .order_by(x.id),
    )


def _pasos(periodo: Periodo) -> Tabla:
    x, version = PasoDeclaracion, Declaracion
    return Tabla(
        "declaraciones_pasos.csv",
        "Cada cambio de estado de una declaración en el periodo, desde que se abre su mes.",
        [
            *_columnas(x, "id declaracion_id"),
            *_columnas(version, "agente_id mes version"),
            *_columnas(x, "en desde hasta evento usuario_id usuario_nombre motivo"),
        ],
        select(x).join(version, version.id == x.declaracion_id).where(_dentro(x.en, periodo)).order_by(x.id),
    )


def _claves() -> Tabla:
    x = ClaveEstampillas
    dice = "Todas las claves públicas que han firmado estampillas."
    return Tabla("claves.csv", dice, _columnas(x, "id publica creada_en"), select(x).order_by(x.id))


def _normativa(periodo: Periodo) -> list[Tabla]:
    # The tables and not the classes: those join every kind of draft by themselves.
    x, valor, tarifa, y = (
        modelo.__table__.c for modelo in (Propuesta, PropuestaIndicador, PropuestaTarifa, VersionAnterior)
    )
    publicadas = x.estado.in_((EstadoPropuesta.PUBLICADA, EstadoPropuesta.CORREGIDA)), _dentro(x.resuelta_en, periodo)
    columnas = [
        *((nombre, x[nombre]) for nombre in PROPUESTA.split()),
        ("indicador_valor", valor.valor),
        *((f"tarifa_{nombre}", tarifa[nombre]) for nombre in TARIFA.split()),
    ]
    propuestas = Propuesta.__table__.outerjoin(PropuestaIndicador.__table__, valor.id == x.id).outerjoin(
        PropuestaTarifa.__table__, tarifa.id == x.id
    )
    return [
        Tabla(
            "normativa_publicada.csv",
            "Valores y tarifas que se publicaron en el periodo, con quién los escribió y quién los publicó.",
            columnas,
            select(x.id).select_from(propuestas).where(*publicadas).order_by(x.id),
        ),
        Tabla(
            "normativa_reemplazada.csv",
            "Las filas que esas publicaciones reemplazaron o terminaron, como eran antes.",
            [(nombre, y[nombre]) for nombre in VERSION.split()],
            select(y.id)
            .select_from(VersionAnterior.__table__.join(Propuesta.__table__, x.id == y.propuesta_id))
            .where(*publicadas)
            .order_by(y.id),
        ),
    ]


def _asientos(periodo: Periodo) -> Tabla:
    x = Asiento
    tramo = x.numero.between(*numeros_de(Cadena.LIBRO, periodo))
    return Tabla(
        "asientos.csv",
        "El libro, del primero al último asiento del periodo, sin saltos.",
        _columnas(x, "numero en clase debe haber valor origen recaudo_id factura_id huella"),
        select(x).where(tramo).order_by(x.numero),
    )


def _bitacora(periodo: Periodo) -> Tabla:
    x, y = Bitacora, SelloBitacora
    return Tabla(
        "bitacora.csv",
        "La bitácora, del primer al último sello del periodo, sin saltos: quién hizo o consultó qué, y cuándo.",
        [
            ("numero", y.numero),
            ("sellada_en", y.en),
            *_columnas(x, "id en usuario_id"),
            ("usuario_nombre", Usuario.nombre),
            *_columnas(x, "accion objeto detalle peticion"),
            ("huella", y.huella),
        ],
        select(x)
        .join(y, y.bitacora_id == x.id)
        .outerjoin(Usuario, Usuario.id == x.usuario_id)
        .where(y.numero.between(*numeros_de(Cadena.BITACORA, periodo)))
        .order_by(y.numero),
    )


def _columnas(modelo: type[Base], nombres: str) -> list[tuple[str, Expresion]]:
    return [(nombre, getattr(modelo, nombre)) for nombre in nombres.split()]


def _dentro(columna: Expresion, periodo: Periodo) -> ColumnElement[bool]:
    inicio, fin = limites(periodo.desde, periodo.hasta)
    return and_(columna >= inicio, columna < fin)


def _es_dinero(expresion: Expresion) -> bool:
    return isinstance(expresion.type, Pesos)


def _pesos(valor: Any) -> list[str]:
    if valor is None:
        return ["", ""]
    centavos = int(valor * 100)
    return [str(centavos), en_pesos(centavos)]
