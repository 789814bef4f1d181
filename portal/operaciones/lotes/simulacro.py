"""The dry run: every row of a file is read and assessed, nothing is written, and whatever is wrong is said at once."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from portal.dominio.errores import DatoInvalido, NormaNoVigente
from portal.dominio.normativa import Normativa
from portal.operaciones.encargos import Encargo, Previa, previsualizar
from portal.operaciones.exigencias import falta_reconocimiento, sin_reconocer
from portal.operaciones.lotes.archivo import Renglon, Tabla
from portal.operaciones.lotes.columnas import titulo_de
from portal.operaciones.lotes.identidad import (
    Antecedentes,
    Liquidado,
    agentes_por_nit,
    antecedentes,
    clave_de,
    contenido_de,
    contrato_de,
)
from portal.operaciones.lotes.renglones import ErrorCelda, Lector, RenglonErrado

# Told how many rows of how many are done.
Avance = Callable[[int, int], None]


@dataclass(frozen=True)
class Regimen:
    """What an assessment of this installation follows besides the contract: whose rules, which terms."""

    departamento: str
    plazo_dias: int
    permitir_provisional: bool


@dataclass(frozen=True)
class ContratoDeLote:
    """A row that can be assessed. `existente`: the same contract, saying the same, has a liquidación already."""

    fila: int
    encargo: Encargo
    clave: str
    total: Decimal
    existente: Liquidado | None


@dataclass
class SumaEstampilla:
    """What one stamp would collect over all the new contracts. `cuantas` are facturas, exempt ones too."""

    nombre: str
    cuantas: int = 0
    valor: Decimal = Decimal(0)


@dataclass
class Simulacro:
    """What importing a file would do now. `avisos`: each warning with the rows that it is about."""

    contratos: list[ContratoDeLote] = field(default_factory=list)
    errores: list[ErrorCelda] = field(default_factory=list)
    avisos: dict[str, list[int]] = field(default_factory=dict)
    estampillas: dict[str, SumaEstampilla] = field(default_factory=dict)
    renglones: int = 0

    @property
    def nuevos(self) -> list[ContratoDeLote]:
        """The contracts that would be issued."""
        return [contrato for contrato in self.contratos if contrato.existente is None]

    @property
    def total(self) -> Decimal:
        """Whole pesos of what would be issued."""
        return sum((contrato.total for contrato in self.nuevos), Decimal(0))

    @property
    def huella(self) -> str:
        """Changes whenever what would be issued does: the officer agrees to this and to nothing else."""
        dicho = [f"{c.fila} {c.clave} {c.total} {c.existente.numero if c.existente else ''}" for c in self.contratos]
        return hashlib.sha256("\n".join([*dicho, *map(str, self.errores)]).encode()).hexdigest()


def simular(
    tabla: Tabla, *, regimen: Regimen, normativa: Normativa, hoy: date, avanzar: Avance = lambda *_: None
) -> Simulacro:
    """Try every row. Raises `ArchivoIlegible` when the titles are wrong; what is wrong in a row is in `errores`."""
    lector = Lector(tabla, normativa, hoy)
    hecho = Simulacro(renglones=len(tabla.renglones))
    agentes = agentes_por_nit(regimen.departamento)
    leidos = [
        (renglon, replace(encargo, entidad=agentes.get(encargo.contratante_nit, 0)))
        for renglon, encargo in _leer(lector, tabla, hecho)
    ]
    conocidos = antecedentes(regimen.departamento, (encargo for _, encargo in leidos), agentes)
    repetidos = _repetidos(leidos)
    for cuenta, (renglon, encargo) in enumerate(leidos, start=1):
        try:
            _rechazar_repetido(lector, renglon, repetidos)
            contrato, previa = _ensayar(lector, renglon, encargo, conocidos, regimen)
        except RenglonErrado as error:
            hecho.errores += error.errores
        else:
            hecho.contratos.append(contrato)
            if contrato.existente is None:
                _sumar(hecho, renglon.numero, previa)
        avanzar(cuenta, len(leidos))
    hecho.errores.sort(key=lambda error: (error.fila, len(error.columna), error.columna))
    return hecho


def _leer(lector: Lector, tabla: Tabla, hecho: Simulacro) -> Iterable[tuple[Renglon, Encargo]]:
    for renglon in tabla.renglones:
        try:
            yield renglon, lector.leer(renglon)
        except RenglonErrado as error:
            hecho.errores += error.errores


def _repetidos(leidos: Sequence[tuple[Renglon, Encargo]]) -> Mapping[int, int]:
    """Row → the first row with the same contract."""
    primeras: dict[object, int] = {}
    repetidos: dict[int, int] = {}
    for renglon, encargo in leidos:
        primera = primeras.setdefault(contrato_de(encargo), renglon.numero)
        if primera != renglon.numero:
            repetidos[renglon.numero] = primera
    return repetidos


def _rechazar_repetido(lector: Lector, renglon: Renglon, repetidos: Mapping[int, int]) -> None:
    primera = repetidos.get(renglon.numero)
    if primera is not None:
        mensaje = f"Ese contrato ya está en la fila {primera} de este archivo."
        raise RenglonErrado([lector.error(renglon, "numero_contrato", mensaje)])


def _ensayar(
    lector: Lector, renglon: Renglon, encargo: Encargo, conocidos: Antecedentes, regimen: Regimen
) -> tuple[ContratoDeLote, Previa | None]:
    contrato = contrato_de(encargo)
    existente = conocidos.vigentes.get(contrato)
    clave = clave_de(regimen.departamento, encargo, conocidos.sin_efecto.get(contrato[:3], 0))
    if existente is not None:
        _exigir_igual(lector, renglon, encargo, existente)
        # It was assessed under the rules of its day: nothing is computed again.
        return ContratoDeLote(renglon.numero, encargo, clave, Decimal(0), existente), None
    try:
        previa = previsualizar(
            encargo.asunto,
            normativa=lector.normativa,
            plazo_dias=regimen.plazo_dias,
            permitir_provisional=regimen.permitir_provisional,
            hoy=lector.hoy,
        )
        _exigir_reconocimientos(lector, renglon, encargo, previa, regimen)
    except DatoInvalido as error:
        raise RenglonErrado([lector.senalar(renglon, error)]) from None
    except NormaNoVigente as error:
        raise RenglonErrado([lector.error(renglon, "", error.en_palabras)]) from None
    return ContratoDeLote(renglon.numero, encargo, clave, previa.resultado.total, None), previa


def _exigir_igual(lector: Lector, renglon: Renglon, encargo: Encargo, existente: Liquidado) -> None:
    dice = contenido_de(encargo)
    distintas = [c for c in dict.fromkeys([*dice, *existente.contenido]) if dice.get(c) != existente.contenido.get(c)]
    if distintas:
        mensaje = (
            f"Ese contrato ya tiene la liquidación {existente.numero}, con otros datos en: "
            f"{', '.join(titulo_de(clave) for clave in distintas)}. "
            "Corrija la fila, o deje la liquidación sin efecto si hay que liquidar de nuevo."
        )
        raise RenglonErrado([lector.error(renglon, "numero_contrato", mensaje)])


def _exigir_reconocimientos(
    lector: Lector, renglon: Renglon, encargo: Encargo, previa: Previa, regimen: Regimen
) -> None:
    """A file has no place for supports: whatever a row needs is on record already, or the row cannot be issued."""
    fecha = encargo.asunto.solicitud(lector.hoy).fecha
    faltan = sin_reconocer(encargo, previa.resultado, departamento=regimen.departamento, fecha=fecha)
    if faltan:
        raise RenglonErrado(
            ErrorCelda(renglon.numero, "", "", falta_reconocimiento(regla, fecha), regla.codigo) for regla in faltan
        )


def _sumar(hecho: Simulacro, fila: int, previa: Previa | None) -> None:
    assert previa is not None, "a new contract was assessed"
    # The recognitions that the rules ask for are on record.
    for aviso in previa.resultado.reconocido().avisos:
        hecho.avisos.setdefault(aviso, []).append(fila)
    for linea in previa.resultado.lineas:
        suma = hecho.estampillas.setdefault(linea.estampilla, SumaEstampilla(linea.estampilla_nombre))
        suma.cuantas += 1
        suma.valor += linea.valor
