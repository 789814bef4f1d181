"""The rules as dated rows: what ships in `portal/normativa/`, loaded by `flask normativa cargar`, and what is published later.

Exact figures that are no money (rates, multiples) are text, because a database number would not keep `0.30` apart from `0.3`.
`departamento` is empty in the rows of the whole nation. `origen` is the file that a row came from.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from portal.db import Base, Entero, Pesos


class _Fila:
    """One row per code and department."""

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    departamento: Mapped[str] = mapped_column(String(30))
    codigo: Mapped[str] = mapped_column(String(80))
    origen: Mapped[str] = mapped_column(String(120))

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:
        return (UniqueConstraint("departamento", "codigo"),)


class _FilaFechada(_Fila):
    """One row per code, department and first day in force; `hasta` is the last day, none while it rules."""

    desde: Mapped[date]
    hasta: Mapped[date | None]

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:
        return (
            UniqueConstraint("departamento", "codigo", "desde"),
            CheckConstraint("hasta IS NULL OR hasta >= desde", name="hasta_despues_de_desde"),
        )


class _FilaConNorma(_FilaFechada):
    """A dated row that quotes its norm and article."""

    norma: Mapped[str] = mapped_column(String(120))
    articulo: Mapped[str] = mapped_column(String(160))


class Estampilla(_FilaConNorma, Base):
    """A stamp of a department."""

    __tablename__ = "estampilla"

    nombre: Mapped[str] = mapped_column(String(160))
    orden: Mapped[int] = mapped_column(Integer)
    sigue_a: Mapped[str] = mapped_column(String(60))
    tope_porcentaje: Mapped[str] = mapped_column(String(20))
    fuentes: Mapped[list[str]] = mapped_column(JSON)


class Acto(_FilaFechada, Base):
    """A taxed act."""

    __tablename__ = "acto"

    nombre: Mapped[str] = mapped_column(String(400))
    clase: Mapped[str] = mapped_column(String(20))
    documento: Mapped[str] = mapped_column(String(20))
    grupo: Mapped[str] = mapped_column(String(60))
    orden: Mapped[int] = mapped_column(Integer)
    base: Mapped[str] = mapped_column(String(60))
    base_nombre: Mapped[str] = mapped_column(String(120))
    activo: Mapped[bool]
    cita: Mapped[str] = mapped_column(String(200))
    detalle: Mapped[dict[str, Any]] = mapped_column(JSON)


class Tarifa(_FilaConNorma, Base):
    """A stamp's rate on an act, on every act of a kind (`*`) or on what another stamp taxes (`*CODIGO`).

    `sobre`, `escala`, `minimo` and `tope` are empty where the norm has no surcharge, brackets or limits.
    """

    __tablename__ = "tarifa"

    estampilla: Mapped[str] = mapped_column(String(60))
    acto: Mapped[str] = mapped_column(String(60))
    clase: Mapped[str] = mapped_column(String(20))
    tipo: Mapped[str] = mapped_column(String(30))
    valor: Mapped[str] = mapped_column(String(30))
    variante: Mapped[str] = mapped_column(String(40))
    variante_sugerida: Mapped[bool]
    indicador: Mapped[str] = mapped_column(String(60))
    redondeo: Mapped[str] = mapped_column(String(60))
    redondeo_inferido: Mapped[bool]
    provisional: Mapped[bool]
    excepto_grupos: Mapped[list[str]] = mapped_column(JSON)
    sobre: Mapped[str] = mapped_column(String(60), default="")
    escala: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    minimo: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    tope: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)


class Redondeo(_FilaConNorma, Base):
    """A rounding rule."""

    __tablename__ = "redondeo"

    nombre: Mapped[str] = mapped_column(String(120))
    modo: Mapped[str] = mapped_column(String(20))
    tramos: Mapped[list[dict[str, str]]] = mapped_column(JSON)


class Indicador(_Fila, Base):
    """UVT, SMMLV, a value that a decree fixes every year.

    `ano_completo` is false where a value may begin inside a year; `formula` is what the norm itself says of the next value.
    """

    __tablename__ = "indicador"

    nombre: Mapped[str] = mapped_column(String(120))
    publicado: Mapped[str] = mapped_column(String(20))
    ano_completo: Mapped[bool]
    formula: Mapped[dict[str, str]] = mapped_column(JSON)


class ValorIndicador(_FilaFechada, Base):
    """The pesos of an indicator between two days; `codigo` is the indicator's."""

    __tablename__ = "valor_indicador"

    valor: Mapped[Decimal] = mapped_column(Pesos)
    acto: Mapped[str] = mapped_column(String(160))
    acto_fecha: Mapped[date | None]
    comprobacion: Mapped[str] = mapped_column(String(120))


class Regla(_FilaConNorma, Base):
    """An exclusion, an exemption or an act that is not taxed; conditions and effects as data."""

    __tablename__ = "regla"

    clase: Mapped[str] = mapped_column(String(20))
    nombre: Mapped[str] = mapped_column(String(160))
    texto: Mapped[str] = mapped_column(String(2000))
    orden: Mapped[int] = mapped_column(Integer)
    alcance: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    cuando: Mapped[list[Any]] = mapped_column(JSON)
    efecto: Mapped[dict[str, Any]] = mapped_column(JSON)
    plazo: Mapped[dict[str, Any]] = mapped_column(JSON)
    activa: Mapped[bool]
    confirma_funcionario: Mapped[bool]
    detalle: Mapped[dict[str, Any]] = mapped_column(JSON)


class Fuente(_Fila, Base):
    """A norm that rules are taken from."""

    __tablename__ = "fuente"

    norma: Mapped[str] = mapped_column(String(200))
    articulos: Mapped[str] = mapped_column(String(300))


class Hecho(_Fila, Base):
    """A fact that rules ask for; `codigo` is its key. `valores`: `{"codigo": …, "nombre": …}` each."""

    __tablename__ = "hecho"

    nombre: Mapped[str] = mapped_column(String(120), default="")
    tipo: Mapped[str] = mapped_column(String(20))
    descripcion: Mapped[str] = mapped_column(String(300))
    valores: Mapped[list[Any]] = mapped_column(JSON)
    orden: Mapped[int] = mapped_column(Integer)


class Reparto(_FilaConNorma, Base):
    """A destination of what some stamps (`*`: all) collect, and its percentage."""

    __tablename__ = "reparto"

    destino: Mapped[str] = mapped_column(String(160))
    porcentaje: Mapped[str] = mapped_column(String(20))
    estampillas: Mapped[list[str]] = mapped_column(JSON)
    orden: Mapped[int] = mapped_column(Integer)


# By the name of the table, which is also the kind of row that the files hold.
TABLAS: dict[str, type[_Fila]] = {
    tabla.__tablename__: tabla
    for tabla in (Estampilla, Acto, Tarifa, Redondeo, Indicador, ValorIndicador, Regla, Fuente, Hecho, Reparto)
}
