"""Whose file it is: what a bank's file must say of the department before anything in it is believed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from portal.dominio.asobancaria import ArchivoRecaudo
from portal.dominio.asobancaria_lectura import leer
from portal.dominio.errores import DatoInvalido

COLOMBIA = ZoneInfo("America/Bogota")
# An older file is read all the same, and said: somebody may be loading what was never loaded.
ANTIGUO = timedelta(days=60)
_LARGO_GLN, _LARGO_NIT = 13, 9


@dataclass(frozen=True)
class Convenio:
    """What the installation knows of its collection agreement.

    `nit` goes without check digit, empty when the department's data have none; `glns` are those that its barcodes print;
    `cuentas` gives the name in the ledger of each account, by its number without zeros on the left.
    """

    departamento: str
    nit: str
    glns: frozenset[str]
    cuentas: Mapping[str, str] = field(default_factory=dict)

    def cuenta_del_libro(self, numero: str) -> str:
        """How the ledger calls an account of the bank; by its number when nobody gave it a name."""
        return self.cuentas.get(numero, numero)


@dataclass(frozen=True)
class Leido:
    """A file that is ours, and what people should know of it."""

    archivo: ArchivoRecaudo
    avisos: Sequence[str]


def leer_propio(contenido: bytes, *, convenio: Convenio, hoy: date) -> Leido:
    """Read a file and make sure that it is of this department and of a day that came.

    Raises `ArchivoRecaudoInvalido` when its structure is wrong, `DatoInvalido` when it is not ours: another NIT, another
    collection agreement (its references would name other debts), a day still to come.
    """
    archivo = leer(contenido)
    cabeza = archivo.encabezado
    if convenio.nit and cabeza.nit != convenio.nit:
        raise DatoInvalido("El archivo es de otra entidad: su NIT no es el del departamento.", "archivo")
    if cabeza.fecha_recaudo > hoy:
        raise DatoInvalido(
            "La fecha de recaudo del archivo todavía no ha llegado. Pida al banco el correcto.", "archivo"
        )
    servicios = {lote.servicio for lote in archivo.lotes if lote.servicio}
    if ajenos := {s for s in servicios if len(s) == _LARGO_GLN and s not in convenio.glns}:
        cuantos = "un convenio" if len(ajenos) == 1 else f"{len(ajenos)} convenios"
        raise DatoInvalido(
            f"El archivo trae pagos de {cuantos} de recaudo que no es de este portal: sus referencias son de otras deudas.",
            "archivo",
        )
    return Leido(archivo, [*(h.mensaje for h in archivo.avisos), *_avisos(archivo, convenio, servicios, hoy)])


def _avisos(archivo: ArchivoRecaudo, convenio: Convenio, servicios: set[str], hoy: date) -> list[str]:
    cabeza = archivo.encabezado
    avisos = []
    if cabeza.cuenta not in convenio.cuentas:
        avisos.append(f"La cuenta terminada en {cabeza.cuenta[-4:]} no está en los datos del departamento.")
    if not convenio.nit:
        avisos.append("Los datos del departamento no tienen su NIT: no se pudo comparar con el del archivo.")
    if any(len(s) != _LARGO_GLN for s in servicios):
        avisos.append("El banco nombra el convenio con un código propio: confirme que es el de las estampillas.")
    if cabeza.fecha_recaudo < hoy - ANTIGUO:
        avisos.append(f"El recaudo es de hace más de {ANTIGUO.days} días.")
    if not archivo.detalles:
        avisos.append("El archivo no trae pagos: dice que ese día no se recaudó nada.")
    return avisos
