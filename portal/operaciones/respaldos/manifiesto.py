"""What a backup says that it holds: enough to know, without the original, whether a copy is whole."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from alembic.migration import MigrationContext
from sqlalchemy import func, inspect, select, table
from sqlalchemy.engine import Connection

from portal.dominio.cadena import GENESIS
from portal.dominio.dinero import escribir_pesos
from portal.models import Asiento, SelloBitacora

FORMATO = 1
NOMBRE = "manifiesto.json"


class RespaldoInservible(Exception):
    """The backup cannot be made or used; the message is the sentence to show."""


@dataclass(frozen=True)
class Contenido:
    """A database at one instant: its migration, the rows of each table, the pesos of each account of the ledger, and the last
    link of both chains (`[number, huella]`)."""

    migracion: str
    filas: Mapping[str, int]
    cuentas: Mapping[str, str]
    libro: tuple[int, str]
    bitacora: tuple[int, str]

    def diferencias(self, otro: "Contenido") -> list[str]:
        """Where `otro` does not say the same, one Spanish sentence each."""
        halladas = [
            f"{nombre}: {uno} y {dos}"
            for nombre, uno, dos in (
                ("migración", self.migracion, otro.migracion),
                ("último asiento", self.libro, otro.libro),
                ("último sello de la bitácora", self.bitacora, otro.bitacora),
            )
            if uno != dos
        ]
        for rotulo, unas, otras in (("filas de", self.filas, otro.filas), ("saldo de", self.cuentas, otro.cuentas)):
            for clave in sorted({*unas, *otras}):
                if unas.get(clave) != otras.get(clave):
                    halladas.append(f"{rotulo} {clave}: {unas.get(clave)} y {otras.get(clave)}")
        return halladas


@dataclass(frozen=True)
class Manifiesto:
    """`archivo` is the copy beside it; `clave` the id of the key that signed stamps, empty without one."""

    departamento: str
    motor: str
    hecho_en: str
    archivo: str
    octetos: int
    sha256: str
    clave: str
    contenido: Contenido

    def a_json(self) -> bytes:
        return json.dumps({"formato": FORMATO, **asdict(self)}, ensure_ascii=False, indent=1, sort_keys=True).encode()


def leer_contenido(conexion: Connection) -> Contenido:
    """What the database of this connection holds, read with Core only: it may be another one than the session's."""
    nombres = sorted(set(inspect(conexion).get_table_names()) - {"alembic_version"})
    filas = {n: int(conexion.execute(select(func.count()).select_from(table(n))).scalar_one()) for n in nombres}
    migraciones = MigrationContext.configure(conexion).get_current_heads()
    return Contenido(
        migracion=",".join(sorted(migraciones)),
        filas=filas,
        cuentas=_cuentas(conexion) if "asiento" in filas else {},
        libro=_cabeza(conexion, Asiento) if "asiento" in filas else (0, GENESIS),
        bitacora=_cabeza(conexion, SelloBitacora) if "sello_bitacora" in filas else (0, GENESIS),
    )


def _cuentas(conexion: Connection) -> dict[str, str]:
    """Pesos that each account received less those that it gave."""
    saldos: dict[str, Any] = {}
    for columna, signo in ((Asiento.debe, 1), (Asiento.haber, -1)):
        suma = func.sum(Asiento.valor, type_=Asiento.valor.type)
        for cuenta, valor in conexion.execute(select(columna, suma).group_by(columna)):
            saldos[cuenta] = saldos.get(cuenta, 0) + signo * valor
    return {cuenta: escribir_pesos(valor) for cuenta, valor in sorted(saldos.items())}


def _cabeza(conexion: Connection, cadena: type[Asiento] | type[SelloBitacora]) -> tuple[int, str]:
    ultimo = select(cadena.numero, cadena.huella).order_by(cadena.numero.desc()).limit(1)
    fila = conexion.execute(ultimo).first()
    return (fila.numero, fila.huella) if fila else (0, GENESIS)


def leer(origen: Path) -> Manifiesto:
    """The manifest of a folder. Raises `RespaldoInservible` when it does not read as one of ours."""
    try:
        dicho = json.loads((origen / NOMBRE).read_bytes())
        if dicho.pop("formato") != FORMATO:
            raise RespaldoInservible("El respaldo es de otra versión del portal y esta no lo sabe leer.")
        contenido = dicho.pop("contenido")
        libro, bitacora = tuple(contenido.pop("libro")), tuple(contenido.pop("bitacora"))
        return Manifiesto(**dicho, contenido=Contenido(**contenido, libro=libro, bitacora=bitacora))
    except OSError as error:
        raise RespaldoInservible(f"No se puede leer {origen / NOMBRE}: {error.strerror}.") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise RespaldoInservible(f"{origen / NOMBRE} no es el manifiesto de un respaldo.") from error


def comprobar_archivo(origen: Path, manifiesto: Manifiesto) -> Path:
    """The copy that a manifest speaks of, byte for byte. Raises `RespaldoInservible`."""
    archivo = origen / Path(manifiesto.archivo).name
    try:
        if archivo.stat().st_size != manifiesto.octetos or sha256_de(archivo) != manifiesto.sha256:
            raise RespaldoInservible(f"{archivo} no es el archivo del manifiesto: está dañado, incompleto o cambiado.")
    except OSError as error:
        raise RespaldoInservible(f"No se puede leer {archivo}: {error.strerror}.") from error
    return archivo


def sha256_de(archivo: Path) -> str:
    """In hexadecimal, read by pieces."""
    with archivo.open("rb") as abierto:
        return hashlib.file_digest(abierto, "sha256").hexdigest()
