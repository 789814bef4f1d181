"""What each file of the old system holds: its columns, and a row of it as data. docs/traslado.md says it in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from portal.dominio.estados import EstadoPublico

COLUMNAS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "usuarios.csv": ("correo", "nombre", "rol", "dependencia", "agente_nit"),
        "contribuyentes.csv": ("tipo_documento", "documento", "nombre", "clase", "direccion", "telefono", "correo"),
        "liquidaciones.csv": (
            *("numero", "tipo", "vigencia", "tipo_documento", "documento", "concepto", "acto", "numero_contrato"),
            *("numero_proceso", "contratante", "contratante_nit", "objeto", "fecha_contrato", "adicion", "valor_acto"),
            *("total", "emitida_el", "fecha_limite", "funcionario", "sin_efecto_el", "motivo_sin_efecto"),
        ),
        "facturas.csv": (
            *("numero", "liquidacion", "estampilla", "base", "tarifa", "valor", "estado", "motivo_de_cero"),
            *("revertida_el", "usada_el", "usada_por", "dependencia", "acto_numero", "acto_fecha"),
        ),
        "pagos.csv": ("referencia", "factura", "valor", "pagado_el", "banco", "cus", "autorizacion"),
        "control.csv": ("concepto", "clave", "cuantas", "valor"),
    }
)
USUARIOS, CONTRIBUYENTES, LIQUIDACIONES, FACTURAS, PAGOS, CONTROL = COLUMNAS


class Persona(NamedTuple):
    """Whose a liquidación is: the key of the contributors' file."""

    tipo_documento: str
    documento: str


@dataclass(frozen=True)
class UsuarioAnterior:
    fila: int
    correo: str
    nombre: str
    rol: str
    dependencia: str
    agente_nit: str


@dataclass(frozen=True)
class ContribuyenteAnterior:
    fila: int
    persona: Persona
    nombre: str
    clase: str
    direccion: str
    telefono: str
    correo: str


@dataclass(frozen=True)
class LiquidacionAnterior:
    """`numero_contrato` is empty for a trámite; `fecha_limite`, if nobody said it, is the last day of the year of its issue."""

    fila: int
    numero: int
    vigencia: int
    persona: Persona
    concepto: str
    acto: str
    numero_contrato: str
    numero_proceso: str
    contratante: str
    contratante_nit: str
    objeto: str
    fecha_contrato: date | None
    adicion: int
    valor_acto: Decimal | None
    total: Decimal
    emitida_el: datetime
    fecha_limite: date
    con_limite: bool
    funcionario: str
    sin_efecto_el: datetime | None
    motivo_sin_efecto: str

    @property
    def vigente(self) -> bool:
        return self.sin_efecto_el is None


@dataclass(frozen=True)
class UsoAnterior:
    """Its adhesion: when, by which account, in which act of which office."""

    en: datetime
    por: str
    dependencia: str
    acto_numero: str
    acto_fecha: date


@dataclass(frozen=True)
class FacturaAnterior:
    fila: int
    numero: int
    liquidacion: int
    estampilla: str
    base: Decimal | None
    tarifa: str
    valor: Decimal
    estado: EstadoPublico
    motivo_de_cero: str
    revertida_el: datetime | None
    uso: UsoAnterior | None


@dataclass(frozen=True)
class PagoAnterior:
    """What one payment put on one factura."""

    fila: int
    referencia: str
    factura: int
    valor: Decimal
    pagado_el: datetime
    banco: str
    cus: str
    autorizacion: str

    @property
    def comun(self) -> tuple[datetime, str, str, str]:
        """What every row of one payment says alike."""
        return self.pagado_el, self.banco, self.cus, self.autorizacion


@dataclass
class Carpeta:
    """All the rows that could be read, each under its key."""

    usuarios: dict[str, UsuarioAnterior] = field(default_factory=dict)
    contribuyentes: dict[Persona, ContribuyenteAnterior] = field(default_factory=dict)
    liquidaciones: dict[int, LiquidacionAnterior] = field(default_factory=dict)
    facturas: dict[int, FacturaAnterior] = field(default_factory=dict)
    # By factura: each is paid once.
    pagos: dict[int, PagoAnterior] = field(default_factory=dict)

    def facturas_de(self) -> dict[int, list[FacturaAnterior]]:
        """Those of each liquidación, in the order of the file."""
        grupos: dict[int, list[FacturaAnterior]] = {numero: [] for numero in self.liquidaciones}
        for una in self.facturas.values():
            grupos.setdefault(una.liquidacion, []).append(una)
        return grupos
