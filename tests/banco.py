"""Bank files about rows of a test: whole files from plain lines, and importing them as the screen does."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from portal.db import db, transaccion
from portal.dominio.asobancaria import ArchivoRecaudo, DetalleRecaudo, EncabezadoRecaudo, Formato, LoteRecaudo
from portal.dominio.asobancaria_escritura import escribir
from portal.dominio.movimientos import Dudosas
from portal.models import ArchivoBanco, Caso, MovimientoBanco, Usuario
from portal.operaciones.archivos_banco import importacion
from portal.operaciones.archivos_banco.importacion import Revision
from portal.operaciones.archivos_banco.lectura import Convenio
from portal.web.reloj import hoy
from tests.fabricas import AHORA, HOY

NIT, CUENTA, GLN = "800094164", "849514000", "7709998000001"
CONVENIO = Convenio("putumayo", NIT, frozenset({GLN}), {CUENTA: CUENTA})
LIBRO = f"banco:{CUENTA}"
# The Colombian day, on which the screens would take the file.
DIA = hoy()


@dataclass(frozen=True)
class Pagado:
    """A payment as the bank tells it; at a counter in cash unless said otherwise. `numero` is operation and authorisation."""

    referencia: object
    valor: int | Decimal
    procedencia: str = "01"
    medio: str = "01"
    numero: int = 0
    causal: str = ""
    sucursal: str = "0001"


def por_pse(referencia: object, valor: int | Decimal, numero: int = 0, **otros: Any) -> Pagado:
    return Pagado(referencia, valor, "03", "15", numero, **otros)


def archivo(
    pagados: Iterable[Pagado],
    *,
    dia: date = DIA,
    modificador: str = "A",
    cuenta: str = CUENTA,
    nit: str = NIT,
    servicio: str = GLN,
    desde: int = 2,
) -> bytes:
    """A sound file of 2001 with one batch. `desde` is the first sequence."""
    detalles = tuple(
        DetalleRecaudo(
            str(p.referencia),
            Decimal(p.valor),
            p.procedencia,
            secuencia,
            p.medio,
            f"{p.numero:06d}",
            f"{p.numero:06d}",
            "000",
            p.sucursal,
            p.causal,
        )
        for secuencia, p in enumerate(pagados, start=desde)
    )
    cabeza = EncabezadoRecaudo(nit, dia, "061", cuenta, dia, time(6, 30), modificador, "01")
    lote = LoteRecaudo(servicio, 1, detalles, len(detalles))
    return escribir(ArchivoRecaudo(Formato.ASOBANCARIA_2001, cabeza, (lote,), len(detalles)))


def tesorera() -> Usuario:
    """An account of treasury, made once."""
    una = db.session.scalar(db.select(Usuario).where(Usuario.correo == "banco@demo.portal.test"))
    if una is None:
        with transaccion():
            una = Usuario(
                correo="banco@demo.portal.test", nombre="Tesorera", rol="tesoreria", clave_hash="x", creado_en=AHORA
            )
            db.session.add(una)
    return una


def revisar(contenido: bytes, **otros: Any) -> Revision:
    return importacion.revisar(contenido, **{"convenio": CONVENIO, "hoy": HOY} | otros)


def importar(contenido: bytes, *, ahora: datetime = AHORA, **otros: Any) -> ArchivoBanco:
    """Import a file and commit, agreeing to what its dry run said."""
    quien = tesorera()
    dudosas = otros.pop("dudosas", Dudosas.SIN_DECIDIR)
    visto = otros.pop("visto", None)
    datos: dict[str, Any] = {"nombre": "banco.txt", "convenio": CONVENIO, "usuario": quien, "hoy": HOY} | otros
    with transaccion():
        return importacion.importar(contenido, ahora=ahora, dudosas=dudosas, visto=visto, **datos)


def resultados() -> list[str]:
    """The outcome of every movement, as it was written."""
    db.session.expire_all()
    return [r.value for r in db.session.scalars(db.select(MovimientoBanco.resultado).order_by(MovimientoBanco.id))]


def casos_abiertos() -> list[str]:
    db.session.expire_all()
    return [
        c.value
        for c in db.session.scalars(db.select(Caso.clase).where(Caso.cerrado_en.is_(None)).order_by(Caso.numero))
    ]
