"""A file of the bank is tried first and applied whole: each line does what was seen, or none does anything."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from sqlalchemy import select

from portal.db import db
from portal.dominio.archivos import nombre_legible
from portal.dominio.asobancaria import ArchivoRecaudo
from portal.dominio.errores import TransicionNoPermitida
from portal.dominio.movimientos import DESENLACES, Dudosas, Novedad, ResultadoMovimiento
from portal.models import ArchivoBanco, Asiento, Usuario
from portal.operaciones.agentes.consignaciones import casar_llegadas
from portal.operaciones.archivos_banco import fuentes
from portal.operaciones.archivos_banco.aplicacion import Aplicador
from portal.operaciones.archivos_banco.lectura import Convenio, leer_propio
from portal.operaciones.archivos_banco.plan import Renglon, huella_del_plan, planear
from portal.operaciones.bitacora import anotar
from portal.operaciones.consecutivos import tomar
from portal.operaciones.facturas import bloquear_facturas
from portal.operaciones.firmas import Firma
from portal.operaciones.reversiones import bloquear_recaudos

Avance = Callable[[int, int], None]
# Whoever else pays waits for an import to end, and gives up after five seconds: the screen applies no more than this.
MAXIMO_EN_PANTALLA = 500


@dataclass(frozen=True)
class Suma:
    """How many lines, and their pesos."""

    cuantas: int
    valor: Decimal


@dataclass(frozen=True)
class Revision:
    """Everything that importing a file would do. `anterior` is the import of the same file, when there was one."""

    archivo: ArchivoRecaudo
    avisos: Sequence[str]
    dudosas: Dudosas
    renglones: Sequence[Renglon]
    anterior: ArchivoBanco | None = None

    @cached_property
    def huella(self) -> str:
        """What a person agrees to."""
        return huella_del_plan(self.archivo, self.dudosas, self.renglones)

    @property
    def por_resultado(self) -> dict[ResultadoMovimiento, Suma]:
        """Its new lines by outcome, in the order in which outcomes are told. With the others they sum the file."""
        sumas = {r: self._suma([x for x in self.renglones if x.resultado is r]) for r in DESENLACES}
        return {resultado: suma for resultado, suma in sumas.items() if suma.cuantas}

    def con_novedad(self, novedad: Novedad) -> Suma:
        """Its lines that are new, repeated or doubtful."""
        return self._suma([r for r in self.renglones if r.novedad is novedad])

    @property
    def sin_decidir(self) -> bool:
        """Whether a person must say first what the doubtful lines are."""
        return any(r.novedad is Novedad.DUDOSA for r in self.renglones)

    @property
    def sin_novedad(self) -> bool:
        """Whether importing it would change nothing: all that it says is known."""
        return self.anterior is not None or (
            bool(self.renglones) and all(r.novedad is Novedad.REPETIDA for r in self.renglones)
        )

    @staticmethod
    def _suma(renglones: Sequence[Renglon]) -> Suma:
        return Suma(len(renglones), sum((r.detalle.valor for r in renglones), Decimal(0)))


class ArchivoRepetido(TransicionNoPermitida):
    """Nothing in the file is new, so nothing changed; `anterior` is its earlier import, if it was the same file."""

    def __init__(self, anterior: ArchivoBanco | None) -> None:
        como = (
            f"Ese archivo ya se importó, con el número {anterior.numero}"
            if anterior
            else "Todo lo que trae ya se importó"
        )
        super().__init__(f"{como}. No cambió nada.")
        self.anterior = anterior


class ArchivoCambio(TransicionNoPermitida):
    """Importing would not do what was seen."""

    def __init__(self) -> None:
        super().__init__("Lo que haría el archivo cambió desde la revisión. Revíselo de nuevo.")


def revisar(contenido: bytes, *, convenio: Convenio, hoy: date, dudosas: Dudosas = Dudosas.SIN_DECIDIR) -> Revision:
    """What importing a file would do now, without writing. Raises what `leer_propio` raises."""
    leido = leer_propio(contenido, convenio=convenio, hoy=hoy)
    anterior = _importado(leido.archivo.huella)
    renglones = () if anterior else planear(leido.archivo, convenio, dudosas)
    return Revision(leido.archivo, leido.avisos, dudosas, renglones, anterior)


def importar(
    contenido: bytes,
    *,
    nombre: str,
    convenio: Convenio,
    usuario: Usuario,
    ahora: datetime,
    hoy: date,
    visto: str | None = None,
    dudosas: Dudosas = Dudosas.SIN_DECIDIR,
    maximo: int | None = None,
    peticion: str = "",
    avanzar: Avance = lambda *_: None,
) -> ArchivoBanco:
    """Apply a file, all of it or nothing. `visto` is the `huella` of the dry run agreed to; `maximo`, its most new lines.

    Imports go one after another, and join their lines to the deposits of agents that waited for them. The same file, or the
    same payments in another, change nothing: `ArchivoRepetido`. Raises `ArchivoCambio` when it would do something else than
    what was seen, `TransicionNoPermitida` while nobody decided about its doubtful lines or when it is too long, and what
    `leer_propio` raises.
    """
    (numero,) = tomar("archivo_banco", 1)
    revision = _revisar_bloqueado(contenido, convenio=convenio, hoy=hoy, dudosas=dudosas)
    _exigir_importable(revision, visto, maximo)
    guardado = _guardar(revision, contenido, nombre, numero, usuario, ahora)
    _aplicar(revision, Aplicador(guardado, convenio, ahora), avanzar)
    casar_llegadas(guardado, firma=Firma(usuario, ahora, peticion))
    anotar(
        "archivo_banco.importar",
        f"archivo_banco:{guardado.id}",
        ahora=ahora,
        usuario_id=usuario.id,
        peticion=peticion,
        huella=guardado.huella,
        lineas=guardado.lineas,
        repetidas=guardado.repetidas,
        total=str(guardado.total),
        dudosas=dudosas.value,
    )
    db.session.flush()
    return guardado


def _exigir_importable(revision: Revision, visto: str | None, maximo: int | None) -> None:
    if revision.sin_novedad:
        raise ArchivoRepetido(revision.anterior)
    if revision.sin_decidir:
        raise TransicionNoPermitida("Diga primero si las líneas dudosas son pagos repetidos o pagos nuevos.")
    if visto is not None and visto != revision.huella:
        raise ArchivoCambio
    if maximo is not None and revision.con_novedad(Novedad.NUEVA).cuantas > maximo:
        raise TransicionNoPermitida(
            f"El archivo trae más de {maximo} pagos nuevos: se importa con la orden de sistemas."
        )


def _aplicar(revision: Revision, aplicador: Aplicador, avanzar: Avance) -> None:
    """Payments first, then returns."""
    nuevos = sorted((r for r in revision.renglones if r.es_nuevo), key=lambda r: r.detalle.devuelto)
    for cuenta, renglon in enumerate(nuevos, start=1):
        if not aplicador.aplicar(renglon):
            raise ArchivoCambio
        avanzar(cuenta, len(nuevos))


def _revisar_bloqueado(contenido: bytes, *, convenio: Convenio, hoy: date, dudosas: Dudosas) -> Revision:
    """The dry run over rows that nobody else can change any more: whoever is paying or voiding them ended, or waits."""
    previa = revisar(contenido, convenio=convenio, hoy=hoy, dudosas=dudosas)
    _bloquear(previa.renglones)
    db.session.expire_all()
    return revisar(contenido, convenio=convenio, hoy=hoy, dudosas=dudosas)


def _bloquear(renglones: Sequence[Renglon]) -> None:
    """In everybody's order: attempts, credits, facturas, and the series of asientos and of cases."""
    deshechos = [r.recaudo_id for r in renglones if r.resultado is ResultadoMovimiento.REVERTIDO and r.recaudo_id]
    for trozo in fuentes.trozos(sorted(deshechos)):
        bloquear_recaudos(trozo)
    facturas = {r.factura.id for r in renglones if r.factura is not None}
    for trozo in fuentes.trozos(sorted(deshechos)):
        legalizadas = select(Asiento.factura_id).where(Asiento.recaudo_id.in_(trozo), Asiento.factura_id.is_not(None))
        facturas.update(f for f in db.session.scalars(legalizadas) if f is not None)
    for trozo in fuentes.trozos(sorted(facturas)):
        bloquear_facturas(trozo)
    for serie in ("asiento", "caso"):
        tomar(serie, 0)


def _importado(huella: str) -> ArchivoBanco | None:
    return db.session.scalar(select(ArchivoBanco).where(ArchivoBanco.huella == huella))


def _guardar(
    revision: Revision, contenido: bytes, nombre: str, numero: int, usuario: Usuario, ahora: datetime
) -> ArchivoBanco:
    cabeza = revision.archivo.encabezado
    repetido = revision.con_novedad(Novedad.REPETIDA)
    guardado = ArchivoBanco(
        numero=numero,
        huella=revision.archivo.huella,
        nombre=nombre_legible(nombre),
        formato=revision.archivo.formato,
        banco=cabeza.banco,
        cuenta=cabeza.cuenta,
        dia=cabeza.fecha_recaudo,
        modificador=cabeza.modificador,
        lineas=len(revision.renglones),
        total=revision.archivo.total,
        repetidas=repetido.cuantas,
        valor_repetido=repetido.valor,
        contenido=contenido,
        usuario_id=usuario.id,
        usuario_nombre=usuario.nombre,
        importado_en=ahora,
    )
    db.session.add(guardado)
    db.session.flush()
    return guardado
