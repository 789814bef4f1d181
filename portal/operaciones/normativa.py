"""The rules in the tables: load what ships, check that everything fits together, build what the engine needs."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from secrets import token_hex
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, inspect, select, update

from portal.db import db, ejecutar
from portal.dominio.catalogo import construir
from portal.dominio.errores import NoExiste
from portal.dominio.normativa import Normativa
from portal.dominio.planes import Gravamen
from portal.models import (
    EdicionNormativa,
    EstadoPropuesta,
    Factura,
    Liquidacion,
    Propuesta,
    PropuestaIndicador,
    PropuestaTarifa,
)
from portal.models.normativa import TABLAS
from portal.operaciones.archivos_normativa import CARPETA, NACIONAL, leer_filas
from portal.operaciones.revision_normativa import revisar

# Rows that compute nothing by themselves follow the files freely.
_DESCRIPTIVAS = ("fuente", "hecho")
# Columns that no figure depends on.
_DE_PRESENTACION = {"orden", "origen", "ano_completo", "formula"}


@dataclass
class Resumen:
    """What loading did. `conservadas`, `publicadas` and `ausentes` are told to people: nothing of theirs was touched."""

    nuevas: int = 0
    iguales: int = 0
    actualizadas: list[str] = field(default_factory=list)
    conservadas: list[str] = field(default_factory=list)
    publicadas: list[str] = field(default_factory=list)
    ausentes: list[str] = field(default_factory=list)


def cargar(carpeta: Path = CARPETA) -> Resumen:
    """Load the shipped rules of every department. The same files change nothing.

    A shipped row that differs from the loaded one replaces it only while no assessment falls inside the dates that the change
    touches; after that the loaded one is kept and the difference reported, because the past never moves. Closing a row
    (`hasta`) touches the days that it takes away. On the days of a value or a tariff that an administrator published, the
    files change nothing. Flushes; the caller commits. Raises `KeyError` on a bad file.
    """
    resumen = Resumen()
    bloquear_normativa()
    publicadas = _publicadas()
    for clase, filas in leer_filas(carpeta).items():
        tabla = TABLAS[clase]
        guardadas = {_clave(_datos(fila)): fila for fila in db.session.scalars(select(tabla))}
        for datos in filas:
            # Text arrives as the column will hand it back, so that comparing both is fair.
            if clase == "valor_indicador":
                datos["valor"] = Decimal(datos["valor"])
            if _pisa(clase, datos, publicadas):
                resumen.publicadas += _distinta(clase, datos, guardadas.pop(_clave(datos), None))
                continue
            _cargar_fila(clase, datos, guardadas.pop(_clave(datos), None), resumen)
        resumen.ausentes += [_nombre(clase, _datos(fila)) for fila in guardadas.values() if fila.origen]
    if resumen.nuevas or resumen.actualizadas:
        nueva_edicion()
    db.session.flush()
    return resumen


def bloquear_normativa() -> None:
    """Wait for whoever is issuing, so that what they used is seen, and let nobody else change a rule until the end."""
    db.session.execute(select(EdicionNormativa.marca).with_for_update())


def nueva_edicion() -> None:
    """Say that the rules changed, in the transaction that changes them and after it did: every process reads them again."""
    orden = update(EdicionNormativa).where(EdicionNormativa.id == 1).values(marca=token_hex(16))
    assert ejecutar(orden) == 1, "the migration made its only row"


def normativa_de(departamento: str) -> Normativa:
    """The rules of a department from the tables, kept by the process until their edition changes.

    Raises `NoExiste` when nothing is loaded for that department.
    """
    while True:
        edicion = edicion_actual()
        guardada = _guardada(departamento, edicion)
        if guardada is not None:
            return guardada
        leida = construir(departamento, filas_de(departamento))
        # PostgreSQL shows what others commit between two queries: half of a publication is no set of rules.
        if edicion_actual() == edicion:
            _guardadas.setdefault(db.engine, {})[departamento] = (edicion, leida)
            return leida


def normativa_en_firme(departamento: str) -> Normativa:
    """The same for who writes with them: nobody publishes others until the transaction ends. Raises as `normativa_de`."""
    edicion = db.session.execute(select(EdicionNormativa.marca).with_for_update(read=True)).scalar_one()
    return _guardada(departamento, edicion) or normativa_de(departamento)


def _guardada(departamento: str, edicion: str) -> Normativa | None:
    """What the process keeps, if it is of that edition."""
    guardada = _guardadas.get(db.engine, {}).get(departamento)
    return guardada[1] if guardada is not None and guardada[0] == edicion else None


# By engine, because one process may serve several databases (its tests do).
_guardadas: WeakKeyDictionary[Engine, dict[str, tuple[str, Normativa]]] = WeakKeyDictionary()


def edicion_actual() -> str:
    """The mark of the rules as they are: another one means that somebody published or loaded something."""
    return db.session.execute(select(EdicionNormativa.marca)).scalar_one()


def filas_de(departamento: str) -> dict[str, list[dict[str, Any]]]:
    """The rows that a department's rules are built from, its own and the nation's, by kind: one query per table.

    Raises `NoExiste` when nothing is loaded for that department.
    """
    filas: dict[str, list[dict[str, Any]]] = {}
    for clase, tabla in TABLAS.items():
        consulta = select(tabla).where(tabla.departamento.in_((departamento, NACIONAL))).order_by(tabla.id)
        filas[clase] = [_datos(fila) for fila in db.session.scalars(consulta)]
    if not filas["acto"]:
        raise NoExiste("No hay normas cargadas de ese departamento. Ejecute: flask normativa cargar")
    return filas


def filas_de_tabla(clase: str, departamento: str, *, codigo: str | None = None) -> list[dict[str, Any]]:
    """The live rows of one kind that belong to a department itself, oldest first; only those of a code when it is given."""
    tabla: Any = TABLAS[clase]
    consulta = select(tabla).where(tabla.departamento == departamento).order_by(tabla.desde, tabla.id)
    if codigo is not None:
        consulta = consulta.where(tabla.codigo == codigo)
    return [_datos(fila) for fila in db.session.scalars(consulta)]


def indicadores_sin_valor(departamento: str, fecha: date) -> list[str]:
    """Names of the indicators that a department uses and that have no published value on a date."""
    return list(normativa_de(departamento).indicadores_sin_valor(fecha))


def listar_valores() -> list[Any]:
    """Every published value of every indicator, by indicator and date."""
    tabla: Any = TABLAS["valor_indicador"]
    return list(db.session.scalars(select(tabla).order_by(tabla.codigo, tabla.desde)))


def ultimo_uso(departamento: str, desde: date, hasta: date | None, gravamen: Gravamen | None = None) -> date | None:
    """The last day of a range on which a department (any, for the rows of the whole nation) assessed something, or None.

    With `gravamen`, only assessments of its act count, whichever their stamps; for every act of a kind, those of its stamp.
    """
    # What came from the earlier system was assessed by its rules, not by these.
    consulta = select(func.max(Liquidacion.fecha_causacion)).where(
        Liquidacion.fecha_causacion >= desde, Liquidacion.migracion_id.is_(None)
    )
    if departamento != NACIONAL:
        consulta = consulta.where(Liquidacion.departamento == departamento)
    if hasta is not None:
        consulta = consulta.where(Liquidacion.fecha_causacion <= hasta)
    if gravamen is not None:
        suyas = Factura.acto == gravamen.acto if gravamen.es_de_un_acto else Factura.estampilla == gravamen.estampilla
        consulta = consulta.where(Liquidacion.facturas.any(suyas))
    return db.session.scalar(consulta)


def departamentos_cargados() -> list[str]:
    """Codes of the departments that have rules in the tables."""
    tabla: Any = TABLAS["acto"]
    return sorted(set(db.session.scalars(select(tabla.departamento))))


def verificar() -> list[str]:
    """What is wrong with the loaded rules, one Spanish sentence each; empty when all is well."""
    departamentos = departamentos_cargados()
    if not departamentos:
        return ["No hay normas cargadas. Ejecute: flask normativa cargar"]
    # Read anew: what the process keeps may hide a row that somebody changed by hand.
    return [f"{d}: {problema}" for d in departamentos for problema in revisar(construir(d, filas_de(d)))]


def _cargar_fila(clase: str, datos: dict[str, Any], guardada: Any, resumen: Resumen) -> None:
    if guardada is None:
        db.session.add(TABLAS[clase](**datos))
        resumen.nuevas += 1
        return
    cambios = {clave: valor for clave, valor in datos.items() if getattr(guardada, clave) != valor}
    if not cambios:
        resumen.iguales += 1
        return
    nombre = f"{_nombre(clase, datos)} ({', '.join(cambios)})"
    if clase not in _DESCRIPTIVAS and set(cambios) - _DE_PRESENTACION and _se_uso(cambios, guardada):
        resumen.conservadas.append(nombre)
        return
    for clave, valor in cambios.items():
        setattr(guardada, clave, valor)
    resumen.actualizadas.append(nombre)


def _publicadas() -> list[Propuesta]:
    return list(db.session.scalars(select(Propuesta).where(Propuesta.estado == EstadoPropuesta.PUBLICADA)))


def _pisa(clase: str, datos: dict[str, Any], publicadas: list[Propuesta]) -> bool:
    """Whether a shipped value or tariff falls on days that an administrator published."""
    hasta = datos.get("hasta") or date.max
    if clase == "valor_indicador":
        indicador = (datos["departamento"], datos["codigo"])
        return any(
            (p.departamento, p.codigo) == indicador and p.desde <= hasta and datos["desde"] <= (p.hasta or date.max)
            for p in publicadas
            if isinstance(p, PropuestaIndicador)
        )
    if clase == "tarifa":
        gravamen = (datos["departamento"], datos["estampilla"], datos["acto"], datos["clase"])
        # From its first day on, what was published is what the files do not know yet.
        return any(
            (p.departamento, p.estampilla, p.acto_gravado, p.clase_acto) == gravamen and p.desde <= hasta
            for p in publicadas
            if isinstance(p, PropuestaTarifa)
        )
    return False


def _distinta(clase: str, datos: dict[str, Any], guardada: Any) -> list[str]:
    """The row's name, unless the table says the same already."""
    iguales = guardada is not None and all(
        getattr(guardada, clave) == datos[clave] for clave in datos if clave not in _DE_PRESENTACION
    )
    return [] if iguales else [_nombre(clase, datos)]


def _se_uso(cambios: dict[str, Any], guardada: Any) -> bool:
    """Whether some assessment falls inside the dates that the change touches; any one, which errs on the side of keeping."""
    desde, hasta = getattr(guardada, "desde", date.min), getattr(guardada, "hasta", None)
    if set(cambios) - _DE_PRESENTACION == {"hasta"}:
        finales = sorted((hasta or date.max, cambios["hasta"] or date.max))
        desde, hasta = finales[0] + timedelta(days=1), finales[1]
    return ultimo_uso(guardada.departamento, desde, hasta) is not None


def _datos(fila: Any) -> dict[str, Any]:
    return {
        columna.key: getattr(fila, columna.key) for columna in inspect(type(fila)).column_attrs if columna.key != "id"
    }


def _clave(datos: dict[str, Any]) -> tuple[Any, ...]:
    return datos["departamento"], datos["codigo"], datos.get("desde")


def _nombre(clase: str, datos: dict[str, Any]) -> str:
    desde = f" desde {datos['desde']}" if "desde" in datos else ""
    return f"{clase} {datos['departamento'] or 'nacional'} {datos['codigo']}{desde}"
