"""The reports written a second time, row by row in Python, apart from their SQL: what the tests compare them with."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from portal.db import db
from portal.models import Asiento, Factura, Liquidacion, ParteDevolucion, Recaudo

BOGOTA = ZoneInfo("America/Bogota")
# `portal/normativa/putumayo/cuentas.toml`, read by a person.
PROPIAS = {"ITP": "destinacion-especifica", "ADULTO_MAYOR": "destinacion-especifica"}
LA_DEMAS = "recaudo-estampillas"
ENTRADAS = ("recaudo", "excedente", "sin_identificar")


@dataclass(frozen=True)
class Paso:
    """What an asiento does to a stamp or to money that waits: pesos gained or lost."""

    numero: int
    dia: date
    que: str
    espera: bool
    canal: str
    columna: str
    pesos: Decimal
    nombrada: bool
    factura: Any

    @property
    def cuenta(self) -> str:
        return "" if self.espera else PROPIAS.get(self.que, LA_DEMAS)

    @property
    def mes(self) -> str:
        return f"{self.dia:%Y-%m}"

    @property
    def acto(self) -> str:
        return "" if self.espera or self.factura is None else self.factura.acto

    @property
    def entidad(self) -> str:
        return "" if self.espera or self.factura is None else self.factura.entidad

    @property
    def estampilla(self) -> str:
        return self.que

    @property
    def como_se_lee(self) -> Decimal:
        """Positive for what left, as people read those columns."""
        return -self.pesos if self.columna in ("revertido", "no_debido", "devuelto") else self.pesos


@dataclass(frozen=True)
class Emitida:
    """A factura with what the reports say of it."""

    numero: int
    estampilla: str
    acto: str
    entidad: str
    dia: date
    valor: Decimal
    estado: str
    exencion: str | None
    por_retencion: bool
    es_cuenta: bool

    @property
    def mes(self) -> str:
        return f"{self.dia:%Y-%m}"


def dia_de(instante: datetime) -> date:
    return instante.astimezone(BOGOTA).date()


def facturas() -> dict[int, Emitida]:
    """Every factura by its id."""
    filas = _leer(
        *(
            Factura.id,
            Factura.numero,
            Factura.estampilla,
            Factura.acto,
            Factura.valor,
            Factura.estado,
            Factura.exencion,
        ),
        *(Liquidacion.contratante, Liquidacion.contratante_nit, Liquidacion.emitida_en, Liquidacion.por_retencion),
        Liquidacion.cuenta,
        de=Factura.__table__.join(Liquidacion.__table__),
    )
    return {
        x.id: Emitida(
            x.numero,
            x.estampilla,
            x.acto,
            x.contratante_nit or x.contratante,
            dia_de(x.emitida_en),
            x.valor,
            x.estado.value,
            x.exencion,
            x.por_retencion,
            bool(x.cuenta),
        )
        for x in filas
    }


def _leer(*columnas: Any, de: Any) -> list[Any]:
    """All the rows, in one reading that ends here: no engine waits for Python with a transaction open."""
    filas = list(db.session.execute(select(*columnas).select_from(de)))
    db.session.rollback()
    return filas


def pasos(todas: dict[int, Emitida]) -> list[Paso]:
    """The whole ledger, each asiento once for each stamp or wait that it touches."""
    recaudos = {
        r.id: r for r in _leer(Recaudo.id, Recaudo.canal, Recaudo.fecha_banco, Recaudo.registrado_en, de=Recaudo)
    }
    partes = {
        f"devolucion:{p.devolucion_id}:parte:{p.id}:saldo": p.factura_id
        for p in _leer(
            ParteDevolucion.id, ParteDevolucion.devolucion_id, ParteDevolucion.factura_id, de=ParteDevolucion
        )
    }
    columnas = ("numero", "en", "clase", "debe", "haber", "valor", "origen", "recaudo_id", "factura_id")
    asientos = sorted(_leer(*(getattr(Asiento, c) for c in columnas), de=Asiento), key=lambda a: a.numero)
    origenes = {a.numero: a.origen for a in asientos}
    dados: list[Paso] = []
    for a in asientos:
        if a.recaudo_id is None:
            continue
        r = recaudos[a.recaudo_id]
        factura_id = a.factura_id
        if factura_id is None and a.clase == "no_debido":
            factura_id = partes.get(a.origen)
        if factura_id is None and a.clase == "reversion" and ":asiento:" in a.origen:
            factura_id = partes.get(origenes.get(int(a.origen.rsplit(":", 1)[1]), ""))
        instante = (r.fecha_banco or r.registrado_en) if a.clase in ENTRADAS else a.en
        for cuenta, pesos in ((a.haber, a.valor), (a.debe, -a.valor)):
            espera = cuenta in ("excedentes", "por_identificar")
            if espera or cuenta.startswith("estampilla:"):
                que = cuenta.removeprefix("estampilla:")
                columna = _columna(a.clase.value, pesos)
                factura = todas.get(factura_id) if factura_id else None
                nombrada = a.factura_id is not None
                dados.append(
                    Paso(a.numero, dia_de(instante), que, espera, r.canal.value, columna, pesos, nombrada, factura)
                )
    return dados


def _columna(clase: str, pesos: Decimal) -> str:
    if clase in ENTRADAS:
        return "recaudado"
    if clase == "reversion":
        return "revertido"
    if clase in ("devolucion", "rebote"):
        return "devuelto"
    return "no_debido" if clase == "no_debido" and pesos < 0 else "aplicado"


def entre(cosas: Iterable[Any], desde: date, hasta: date, **iguales: str) -> Iterator[Any]:
    """Those of some days whose attributes are the given ones."""
    for una in cosas:
        if desde <= una.dia <= hasta and all(getattr(una, k) == v for k, v in iguales.items()):
            yield una


def por_celda(cosas: Iterable[Paso], por: tuple[str, ...]) -> dict[tuple[bool, tuple[str, ...]], dict[str, Decimal]]:
    """The collection, by group and column, with the net."""
    celdas: dict[Any, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for p in cosas:
        celda = celdas[p.espera, tuple(getattr(p, d) for d in por)]
        celda[p.columna] += p.como_se_lee
        celda["neto"] += p.pesos
    return celdas


def liquidado_por_celda(
    todas: Iterable[Emitida], dados: Iterable[Paso], por: tuple[str, ...], vale: Callable[[Emitida], bool]
) -> dict[tuple[str, ...], dict[str, Decimal]]:
    """Assessed, without effect and collected, by group."""
    celdas: dict[Any, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for f in todas:
        if vale(f) and not f.por_retencion:
            celda = celdas[tuple(getattr(f, d) for d in por)]
            celda["liquidado"] += f.valor
            celda["sin_efecto"] += f.valor if f.estado == "sin_efecto" else 0
            celda["pendiente"] += f.valor if f.estado in ("liquidada", "en_verificacion", "revertida") else 0
            celda["facturas"] += 1
    for p in dados:
        if not p.espera and p.factura is not None and vale(p.factura):
            celda = celdas[tuple(getattr(p.factura, d) for d in por)]
            celda["neto"] += p.pesos
            if p.nombrada:
                celda["cobrado"] += p.pesos
            else:
                celda["saldo_devuelto"] -= p.pesos
    return celdas
