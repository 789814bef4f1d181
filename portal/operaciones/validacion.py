"""What an official sees before using a stamp: the act found by whatever the paper says, and what must match it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.db import db
from portal.dominio.errores import NoExiste
from portal.dominio.sello import es_sello, sin_direccion
from portal.models import AdhesionFactura, EstampillaElectronica, Factura, Liquidacion, Recaudo
from portal.operaciones import estampillas, listado_liquidaciones
from portal.operaciones.adhesiones import Reparo, reparos_de
from portal.operaciones.bitacora import anotar
from portal.operaciones.firmas import Firma

# Nobody reads more by eye; a longer answer means that the question was too wide.
MAXIMO = 50
# The audit action that says that an official looked at an act: the work list goes on from it.
VER = "validacion.ver"


@dataclass(frozen=True)
class Hallazgo:
    """The acts that a search found, newest first; `estampilla` is the one whose code or signed text was read."""

    liquidaciones: Sequence[Liquidacion]
    estampilla: EstampillaElectronica | None = None


@dataclass(frozen=True)
class FilaEstampilla:
    """A stamp of the act: the credit that paid it, if one stands, and why it cannot be used, if it cannot."""

    factura: Factura
    credito: Recaudo | None
    reparo: Reparo | None


def buscar(texto: str, *, departamento: str, firma: Firma) -> Hallazgo:
    """Find by the code or the signed text of a stamp, or by exact factura, liquidación, document or contract; and note it.

    What was typed is not noted, because it may be an identity number.
    """
    estampilla = estampilla_leida(texto, departamento=departamento)
    if estampilla is not None:
        hallazgo = Hallazgo([estampilla.factura.liquidacion], estampilla)
    else:
        filas = listado_liquidaciones.buscar(departamento, texto, limite=MAXIMO).filas
        hallazgo = Hallazgo(filas or _de_otro_departamento(texto))
    anotar(
        "validacion.buscar",
        "validacion",
        ahora=firma.ahora,
        usuario_id=firma.usuario.id,
        peticion=firma.peticion,
        liquidaciones=[x.id for x in hallazgo.liquidaciones],
    )
    return hallazgo


def estampilla_leida(texto: str, *, departamento: str) -> EstampillaElectronica | None:
    """The stamp of a short code, a signed text, or the address that its QR opens; None for anything else."""
    limpio = sin_direccion(texto)
    if es_sello(limpio):
        return estampillas.por_sello(limpio, departamento=departamento)
    return estampillas.por_codigo(limpio)


def _de_otro_departamento(texto: str) -> Sequence[Liquidacion]:
    """A factura that is here but is not this department's, so that it is told apart from one that does not exist."""
    limpio = texto.strip()
    if not (limpio.isascii() and limpio.isdigit() and len(limpio) <= 15):
        return ()
    suya = select(Liquidacion).join(Factura).where(Factura.numero == int(limpio))
    return db.session.scalars(suya.options(selectinload(Liquidacion.facturas))).all()


def mirar(numero: int, firma: Firma) -> int:
    """Note that an official reads an act and whose it is; returns the id of the liquidación. Raises `NoExiste`."""
    # SQLite refuses to compare with a number that does not fit in its integers.
    suyo = select(Liquidacion.id).where(Liquidacion.numero == numero)
    liquidacion_id = db.session.scalar(suyo) if numero < 2**63 else None
    if liquidacion_id is None:
        raise NoExiste("No encontramos ese acto.")
    anotar(
        VER, f"liquidacion:{liquidacion_id}", ahora=firma.ahora, usuario_id=firma.usuario.id, peticion=firma.peticion
    )
    return liquidacion_id


def acto(liquidacion_id: int) -> Liquidacion:
    """A liquidación with its stamps and what was done with them."""
    de_un_uso = selectinload(Liquidacion.facturas).joinedload(Factura.uso).joinedload(AdhesionFactura.adhesion)
    orden = select(Liquidacion).where(Liquidacion.id == liquidacion_id).options(de_un_uso)
    return db.session.scalars(orden.options(joinedload(Liquidacion.sin_efecto))).unique().one()


def filas_de(liquidacion: Liquidacion, *, departamento: str, hoy: date) -> list[FilaEstampilla]:
    """The stamps of an act, in their order, with what an official must know of each on the Colombian day `hoy`."""
    reparos = {r.factura: r for r in reparos_de(liquidacion.facturas, liquidacion, departamento=departamento, hoy=hoy)}
    creditos = estampillas.creditos_de([f.id for f in liquidacion.facturas])
    return [FilaEstampilla(f, creditos.get(f.id), reparos.get(f.numero)) for f in liquidacion.facturas]
