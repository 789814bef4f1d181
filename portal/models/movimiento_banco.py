"""The bank's collection files that were imported, each payment line that they brought, and files that wait for their import."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Entero, Instante, Pesos, enum_texto
from portal.dominio.asobancaria import Formato
from portal.dominio.movimientos import CanalMovimiento, ResultadoMovimiento
from portal.models.pago import Recaudo, Reversion


class EntregaBanco(Base):
    """A file that somebody uploaded and has not imported; gone at `vence_en`."""

    __tablename__ = "entrega_banco"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    codigo: Mapped[str] = mapped_column(String(32), unique=True)
    usuario_id: Mapped[int] = mapped_column(ForeignKey("usuario.id"), index=True)
    nombre: Mapped[str] = mapped_column(String(120))
    contenido: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    vence_en: Mapped[datetime] = mapped_column(Instante)


class ArchivoBanco(Base):
    """A file of the bank, as it came. Triggers refuse to change or delete it; `huella` makes it one.

    `lineas` and `total` are those of the file; `repetidas` and `valor_repetido`, what of it an earlier file had brought,
    which has no movement here. Its movements sum `total - valor_repetido`. `cuenta` goes without zeros on the left.
    """

    __tablename__ = "archivo_banco"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    numero: Mapped[int] = mapped_column(Entero, unique=True)
    huella: Mapped[str] = mapped_column(String(64), unique=True)
    nombre: Mapped[str] = mapped_column(String(120))
    formato: Mapped[Formato] = mapped_column(enum_texto(Formato))
    banco: Mapped[str] = mapped_column(String(3))
    cuenta: Mapped[str] = mapped_column(String(20))
    dia: Mapped[date]
    modificador: Mapped[str] = mapped_column(String(1))
    lineas: Mapped[int] = mapped_column(Integer)
    total: Mapped[Decimal] = mapped_column(Pesos)
    repetidas: Mapped[int] = mapped_column(Integer)
    valor_repetido: Mapped[Decimal] = mapped_column(Pesos)
    contenido: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    usuario_id: Mapped[int] = mapped_column(ForeignKey("usuario.id"))
    usuario_nombre: Mapped[str] = mapped_column(String(120))
    importado_en: Mapped[datetime] = mapped_column(Instante)

    movimientos: Mapped[list["MovimientoBanco"]] = relationship(
        back_populates="archivo", order_by="MovimientoBanco.linea"
    )

    __table_args__ = (
        CheckConstraint("lineas >= 0 AND total >= 0", name="no_negativo"),
        CheckConstraint(
            "repetidas >= 0 AND repetidas <= lineas AND valor_repetido >= 0 AND valor_repetido <= total",
            name="repetido_dentro_del_total",
        ),
        Index(None, "dia", "cuenta"),
    )


class MovimientoBanco(Base):
    """One payment line of a bank's file, once whatever file brings it (`llave`). Triggers refuse to change or delete it.

    `cuenta` is the account as the ledger calls it; its file has the number.
    `recaudo_id` is the credit that it recorded (counter) or whose money it brought (PSE); `reversion_id`, the reversal that
    it caused. They and `resultado` may be filled once afterwards, for a PSE line that came before its gateway's word.
    """

    __tablename__ = "movimiento_banco"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    llave: Mapped[str] = mapped_column(String(64), unique=True)
    cuenta: Mapped[str] = mapped_column(String(40))
    dia: Mapped[date]
    referencia: Mapped[str] = mapped_column(String(48), index=True)
    valor: Mapped[Decimal] = mapped_column(Pesos)
    canal: Mapped[CanalMovimiento] = mapped_column(enum_texto(CanalMovimiento))
    devuelta: Mapped[bool]
    archivo_id: Mapped[int] = mapped_column(ForeignKey("archivo_banco.id"))
    linea: Mapped[int] = mapped_column(Integer)
    cus: Mapped[str | None] = mapped_column(String(60))
    autorizacion: Mapped[str | None] = mapped_column(String(60))
    operacion: Mapped[str | None] = mapped_column(String(60))
    recaudo_id: Mapped[int | None] = mapped_column(ForeignKey("recaudo.id"), unique=True)
    reversion_id: Mapped[int | None] = mapped_column(ForeignKey("reversion.id"), unique=True)
    resultado: Mapped[ResultadoMovimiento] = mapped_column(enum_texto(ResultadoMovimiento), index=True)
    registrado_en: Mapped[datetime] = mapped_column(Instante)

    archivo: Mapped[ArchivoBanco] = relationship(back_populates="movimientos")
    recaudo: Mapped[Recaudo | None] = relationship()
    reversion: Mapped[Reversion | None] = relationship()

    __table_args__ = (
        CheckConstraint("valor > 0", name="valor_positivo"),
        CheckConstraint("NOT (devuelta AND recaudo_id IS NOT NULL)", name="lo_devuelto_no_entra"),
        CheckConstraint("reversion_id IS NULL OR devuelta", name="solo_lo_devuelto_revierte"),
        UniqueConstraint("archivo_id", "linea"),
        Index(None, "dia", "cuenta"),
    )
