"""Collecting agents: the entities, their offices, what they withheld, what they deposited and their monthly returns."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Entero, Instante, Pesos, enum_texto
from portal.dominio.declaraciones import EstadoConsignacion, EstadoDeclaracion, FormaRetencion
from portal.models.archivo import Archivo
from portal.models.liquidacion import Liquidacion
from portal.models.movimiento_banco import MovimientoBanco
from portal.models.pago import Recaudo


class Agente(Base):
    """An entity that collects for the department (manual, 4.1). `clase` is one of the department's own list.

    `estampillas` are the stamps that it collects; `cuenta` the collecting account that it deposits in. It must file one return
    for each month from `desde` to `hasta`; those up to `abierto_hasta` were opened.
    """

    __tablename__ = "agente"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    codigo: Mapped[str] = mapped_column(String(32), unique=True)
    departamento: Mapped[str] = mapped_column(String(30))
    nit: Mapped[str] = mapped_column(String(20))
    nombre: Mapped[str] = mapped_column(String(160))
    clase: Mapped[str] = mapped_column(String(60))
    estampillas: Mapped[list[str]] = mapped_column(JSON)
    cuenta: Mapped[str] = mapped_column(String(60))
    direccion: Mapped[str] = mapped_column(String(160), default="")
    telefono: Mapped[str] = mapped_column(String(30), default="")
    correo: Mapped[str] = mapped_column(String(254), default="")
    desde: Mapped[date]
    hasta: Mapped[date | None]
    abierto_hasta: Mapped[date | None]
    creado_en: Mapped[datetime] = mapped_column(Instante)

    sedes: Mapped[list["Sede"]] = relationship(back_populates="agente", order_by="Sede.nombre")

    __table_args__ = (
        UniqueConstraint("departamento", "nit"),
        CheckConstraint("nombre <> '' AND nit <> ''", name="con_nombre_y_nit"),
        CheckConstraint("hasta IS NULL OR hasta >= desde", name="termina_despues_de_empezar"),
    )


class Sede(Base):
    """An office of an agent that collects every day, such as those of Transporte y Movilidad (manual, 6)."""

    __tablename__ = "sede"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    agente_id: Mapped[int] = mapped_column(ForeignKey("agente.id"))
    nombre: Mapped[str] = mapped_column(String(120))
    activa: Mapped[bool] = mapped_column(default=True)

    agente: Mapped[Agente] = relationship(back_populates="sedes")

    __table_args__ = (UniqueConstraint("agente_id", "nombre"), CheckConstraint("nombre <> ''", name="con_nombre"))


class Retencion(Base):
    """What an agent took from a contributor for the stamps of one liquidación. Its pesos are those of its `recaudo`.

    From then on the agent alone answers for them (ET 370). `mes` is the month of `fecha`, in which they are declared. It is
    only ever undone, once, with its reason.
    """

    __tablename__ = "retencion"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    agente_id: Mapped[int] = mapped_column(ForeignKey("agente.id"))
    sede_id: Mapped[int | None] = mapped_column(ForeignKey("sede.id"))
    clave: Mapped[str] = mapped_column(String(64))
    liquidacion_id: Mapped[int] = mapped_column(ForeignKey("liquidacion.id"), index=True)
    recaudo_id: Mapped[int] = mapped_column(ForeignKey("recaudo.id"), unique=True)
    fecha: Mapped[date]
    mes: Mapped[date]
    forma: Mapped[FormaRetencion] = mapped_column(enum_texto(FormaRetencion))
    documento: Mapped[str] = mapped_column(String(60))
    registrada_por: Mapped[int] = mapped_column(ForeignKey("usuario.id"))
    registrada_por_nombre: Mapped[str] = mapped_column(String(120))
    registrada_en: Mapped[datetime] = mapped_column(Instante)
    deshecha_por: Mapped[int | None] = mapped_column(ForeignKey("usuario.id"))
    deshecha_en: Mapped[datetime | None] = mapped_column(Instante)
    motivo: Mapped[str] = mapped_column(String(300), default="")

    agente: Mapped[Agente] = relationship()
    sede: Mapped[Sede | None] = relationship()
    liquidacion: Mapped[Liquidacion] = relationship()
    recaudo: Mapped[Recaudo] = relationship()

    __table_args__ = (
        UniqueConstraint("agente_id", "clave"),
        Index(None, "agente_id", "mes"),
        CheckConstraint("documento <> ''", name="con_documento"),
        CheckConstraint(
            "(deshecha_en IS NULL) = (deshecha_por IS NULL) AND (deshecha_en IS NULL) = (motivo = '')",
            name="deshecha_con_motivo",
        ),
    )

    @property
    def viva(self) -> bool:
        """Whether nobody undid it."""
        return self.deshecha_en is None


class Consignacion(Base):
    """A deposit that an agent reports with its slip, for one month; treasury accepts or rejects it, once.

    `movimiento_id` is the bank's line of the same money, when its file brought it. A slip's number serves one living deposit.
    """

    __tablename__ = "consignacion"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    codigo: Mapped[str] = mapped_column(String(32), unique=True)
    numero: Mapped[int] = mapped_column(Entero, unique=True)
    clave: Mapped[str] = mapped_column(String(64))
    agente_id: Mapped[int] = mapped_column(ForeignKey("agente.id"))
    sede_id: Mapped[int | None] = mapped_column(ForeignKey("sede.id"))
    mes: Mapped[date]
    valor: Mapped[Decimal] = mapped_column(Pesos)
    fecha: Mapped[date]
    banco: Mapped[str] = mapped_column(String(120))
    referencia: Mapped[str] = mapped_column(String(60))
    archivo_id: Mapped[int] = mapped_column(ForeignKey("archivo.id"), index=True)
    enviada_por: Mapped[int] = mapped_column(ForeignKey("usuario.id"))
    enviada_por_nombre: Mapped[str] = mapped_column(String(120))
    enviada_en: Mapped[datetime] = mapped_column(Instante)
    estado: Mapped[EstadoConsignacion] = mapped_column(
        enum_texto(EstadoConsignacion), default=EstadoConsignacion.RECIBIDA
    )
    movimiento_id: Mapped[int | None] = mapped_column(ForeignKey("movimiento_banco.id"), unique=True)
    resuelta_por: Mapped[int | None] = mapped_column(ForeignKey("usuario.id"))
    resuelta_por_nombre: Mapped[str] = mapped_column(String(120), default="")
    resuelta_en: Mapped[datetime | None] = mapped_column(Instante)
    motivo: Mapped[str] = mapped_column(String(300), default="")

    agente: Mapped[Agente] = relationship()
    sede: Mapped[Sede | None] = relationship()
    archivo: Mapped[Archivo] = relationship()
    movimiento: Mapped[MovimientoBanco | None] = relationship()

    __table_args__ = (
        UniqueConstraint("agente_id", "clave"),
        Index(None, "agente_id", "mes"),
        Index(
            "uq_consignacion_referencia_viva",
            "referencia",
            unique=True,
            sqlite_where=text("estado <> 'rechazada'"),
            postgresql_where=text("estado <> 'rechazada'"),
        ),
        CheckConstraint("valor > 0", name="valor_positivo"),
        CheckConstraint("(estado = 'recibida') = (resuelta_por IS NULL)", name="resuelta_por_alguien"),
        CheckConstraint("(resuelta_por IS NULL) = (resuelta_en IS NULL)", name="resuelta_en_su_instante"),
        CheckConstraint("enviada_por <> resuelta_por", name="la_resuelve_otra_persona"),
        CheckConstraint("(estado = 'rechazada') = (motivo <> '')", name="rechazada_con_motivo"),
    )


class Declaracion(Base):
    """One version of the return of a month. Its content is fixed when it is filed (`contenido`, its SHA-256 in `huella`).

    The database admits one draft and one standing version per agent and month.
    """

    __tablename__ = "declaracion"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    # Unguessable: what the QR of the form opens.
    codigo: Mapped[str] = mapped_column(String(32), unique=True)
    agente_id: Mapped[int] = mapped_column(ForeignKey("agente.id"))
    mes: Mapped[date]
    version: Mapped[int] = mapped_column(Integer)
    estado: Mapped[EstadoDeclaracion] = mapped_column(enum_texto(EstadoDeclaracion), default=EstadoDeclaracion.BORRADOR)
    abierta_en: Mapped[datetime] = mapped_column(Instante)
    # Why this version corrects the one before; empty in the first.
    motivo_correccion: Mapped[str] = mapped_column(String(500), default="")
    # From here on, null while it is a draft.
    numero: Mapped[int | None] = mapped_column(Entero, unique=True)
    liquidado: Mapped[Decimal | None] = mapped_column(Pesos)
    declarado: Mapped[Decimal | None] = mapped_column(Pesos)
    pagado: Mapped[Decimal | None] = mapped_column(Pesos)
    contenido: Mapped[str | None] = mapped_column(Text, deferred=True)
    huella: Mapped[str | None] = mapped_column(String(64))
    # The Ed25519 signature of `huella` in base64, and the key that made it (`portal.dominio.declaraciones.mensaje_firmado`).
    clave_id: Mapped[str | None] = mapped_column(ForeignKey("clave_estampillas.id"))
    firma_huella: Mapped[str | None] = mapped_column(String(128))
    # The due date as it was when the return was filed; null where no norm gives one.
    vence: Mapped[date | None]
    presentada_por: Mapped[int | None] = mapped_column(ForeignKey("usuario.id"))
    presentada_por_nombre: Mapped[str] = mapped_column(String(120), default="")
    presentada_en: Mapped[datetime | None] = mapped_column(Instante)
    motivo_devolucion: Mapped[str] = mapped_column(String(500), default="")

    agente: Mapped[Agente] = relationship()
    renglones: Mapped[list["RenglonDeclaracion"]] = relationship(order_by="RenglonDeclaracion.orden")
    eventos: Mapped[list["PasoDeclaracion"]] = relationship(order_by="PasoDeclaracion.id")

    __table_args__ = (
        UniqueConstraint("agente_id", "mes", "version"),
        Index(
            "uq_declaracion_borrador",
            "agente_id",
            "mes",
            unique=True,
            sqlite_where=text("estado = 'borrador'"),
            postgresql_where=text("estado = 'borrador'"),
        ),
        Index(
            "uq_declaracion_en_pie",
            "agente_id",
            "mes",
            unique=True,
            sqlite_where=text("estado IN ('presentado', 'aceptado', 'devuelto')"),
            postgresql_where=text("estado IN ('presentado', 'aceptado', 'devuelto')"),
        ),
        CheckConstraint("version > 0", name="version_positiva"),
        CheckConstraint(
            "(estado = 'borrador') = (numero IS NULL) AND (numero IS NULL) = (presentada_por IS NULL)"
            " AND (numero IS NULL) = (contenido IS NULL) AND (numero IS NULL) = (declarado IS NULL)",
            name="fija_desde_que_se_presenta",
        ),
        CheckConstraint("(version = 1) = (motivo_correccion = '')", name="correccion_con_motivo"),
        CheckConstraint("estado <> 'devuelto' OR motivo_devolucion <> ''", name="devuelta_con_motivo"),
    )


class RenglonDeclaracion(Base):
    """One line of a filed return, in pesos (`portal.dominio.declaraciones.Renglon`)."""

    __tablename__ = "renglon_declaracion"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    declaracion_id: Mapped[int] = mapped_column(ForeignKey("declaracion.id"))
    orden: Mapped[int] = mapped_column(Integer)
    estampilla: Mapped[str] = mapped_column(String(60))
    estampilla_nombre: Mapped[str] = mapped_column(String(160))
    acto: Mapped[str] = mapped_column(String(30))
    acto_nombre: Mapped[str] = mapped_column(String(400))
    cantidad: Mapped[int] = mapped_column(Integer)
    base: Mapped[Decimal] = mapped_column(Pesos)
    liquidado: Mapped[Decimal] = mapped_column(Pesos)
    retenidas: Mapped[int] = mapped_column(Integer)
    retenido: Mapped[Decimal] = mapped_column(Pesos)
    pagado: Mapped[Decimal] = mapped_column(Pesos)

    __table_args__ = (UniqueConstraint("declaracion_id", "orden"),)


class PasoDeclaracion(Base):
    """One move of a version: from where to where, when, who and why."""

    __tablename__ = "paso_declaracion"

    id: Mapped[int] = mapped_column(Entero, primary_key=True)
    declaracion_id: Mapped[int] = mapped_column(ForeignKey("declaracion.id"), index=True)
    en: Mapped[datetime] = mapped_column(Instante)
    desde: Mapped[str | None] = mapped_column(String(32))
    hasta: Mapped[str] = mapped_column(String(32))
    evento: Mapped[str] = mapped_column(String(32))
    usuario_id: Mapped[int | None] = mapped_column(ForeignKey("usuario.id"))
    usuario_nombre: Mapped[str] = mapped_column(String(120), default="")
    motivo: Mapped[str] = mapped_column(String(500), default="")
