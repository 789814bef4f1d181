"""Facts (`hechos`): what rules ask about an act, with their catalogue. An unknown key or value is refused, never ignored."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from portal.dominio.calendario import dia_en_palabras
from portal.dominio.dinero import MAXIMO_PESOS, escribir_pesos
from portal.dominio.errores import DatoInvalido
from portal.dominio.palabras import nombre_de

Valor = str | bool | Decimal | date | frozenset[str]
LARGO_TEXTO = 160
# The act's own amount, where a rule compares it: no fact of the catalogue, because it comes apart.
VALOR = "valor"
# The two facts that some bases, and not only rules, ask for.
MOVIMIENTO = "posesion.movimiento"
ASIGNACION_ANTERIOR = "posesion.asignacion_anterior"
_DECIMAL = re.compile(r"[0-9]{1,16}(?:\.[0-9]{1,2})?")
_FECHA = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class TipoHecho(StrEnum):
    """What a fact holds. `OPCIONES` admits one value or several."""

    OPCION = "opcion"
    OPCIONES = "opciones"
    SI_NO = "si_no"
    IMPORTE = "importe"
    PORCENTAJE = "porcentaje"
    FECHA = "fecha"
    TEXTO = "texto"


@dataclass(frozen=True)
class Hecho:
    """One fact of the catalogue. `descripcion` is the question that a person reads; `nombres` go with `valores`, one each.

    `nombre` is what the fact is called in a sentence: `Clase de contratista`.
    """

    clave: str
    tipo: TipoHecho
    descripcion: str
    valores: tuple[str, ...] = ()
    nombres: tuple[str, ...] = ()
    nombre: str = ""

    def nombre_de(self, valor: str) -> str:
        """How a person reads one of its values."""
        return nombre_de(self._nombres, valor)

    @cached_property
    def _nombres(self) -> Mapping[str, str]:
        return dict(zip(self.valores, self.nombres, strict=False))

    def decir(self, valor: Valor) -> str:
        """A checked value for people: `«Persona jurídica»`, `sí`, `$50.000`, `69,9 %`, `3 de marzo de 2025`."""
        if isinstance(valor, bool):
            return "sí" if valor else "no"
        if isinstance(valor, date):
            return dia_en_palabras(valor)
        if isinstance(valor, Decimal):
            return escribir_pesos(valor) if self.tipo is TipoHecho.IMPORTE else f"{valor:f} %".replace(".", ",")
        codigos = sorted(valor, key=self.valores.index) if isinstance(valor, frozenset) else [valor]
        return " y ".join(f"«{self.nombre_de(codigo) if self.valores else codigo}»" for codigo in codigos)


def breve(texto: object) -> str:
    """What somebody sent, short enough to be quoted in a sentence."""
    plano = str(texto)
    return plano if len(plano) <= 40 else plano[:39] + "…"


def leer_importe(texto: object, campo: str) -> Decimal:
    """Read an amount as other systems write it: a string of digits, at most two decimals after a dot, up to 10**15 pesos.

    Raises `DatoInvalido` naming `campo`; numbers that are not strings are refused because they may have lost cents on the way.
    """
    if isinstance(texto, Decimal):
        texto = f"{texto:f}" if texto.is_finite() and texto.adjusted() < 20 else "x"
    if not isinstance(texto, str) or not _DECIMAL.fullmatch(texto):
        raise DatoInvalido(f'«{campo}» debe ser un importe en pesos entre comillas, por ejemplo "46911499.50"', campo)
    valor = Decimal(texto)
    if valor > MAXIMO_PESOS:
        raise DatoInvalido(f"«{campo}» es mayor que el máximo de 1.000.000.000.000.000 de pesos", campo)
    return valor


def leer_fecha(texto: object, campo: str) -> date:
    """Read a date written `AAAA-MM-DD`. Raises `DatoInvalido` naming `campo`."""
    if type(texto) is date:
        return texto
    if isinstance(texto, str) and _FECHA.fullmatch(texto):
        try:
            return date.fromisoformat(texto)
        except ValueError:
            pass
    raise DatoInvalido(f"«{campo}» debe ser una fecha que exista, escrita AAAA-MM-DD", campo)


def leer_hechos(catalogo: Iterable[Hecho], crudos: Mapping[str, object]) -> dict[str, Valor]:
    """Check facts against their catalogue. Raises `DatoInvalido` with `campo` = `hechos.<clave>`."""
    conocidos = {hecho.clave: hecho for hecho in catalogo}
    leidos: dict[str, Valor] = {}
    for clave, crudo in crudos.items():
        if clave not in conocidos:
            raise DatoInvalido(f"El hecho «{breve(clave)}» no existe", "hechos")
        leidos[clave] = _leer(conocidos[clave], crudo)
    return leidos


def importe_de(hechos: Mapping[str, Valor], clave: str) -> Decimal:
    """The pesos of a fact; nothing when it was not given."""
    importe = hechos.get(clave)
    return importe if isinstance(importe, Decimal) else Decimal(0)


def dia_de(hechos: Mapping[str, Valor], clave: str, fecha: date) -> date:
    """The day of the signature in the fact `clave`, or the act's when there is none.

    Raises `DatoInvalido` when it is later than the act.
    """
    dia = hechos.get(clave, fecha)
    if not isinstance(dia, date) or dia > fecha:
        raise DatoInvalido("La fecha de suscripción no puede ser posterior a la del acto", f"hechos.{clave}")
    return dia


def _leer(hecho: Hecho, crudo: object) -> Valor:
    campo = f"hechos.{hecho.clave}"
    match hecho.tipo:
        case TipoHecho.IMPORTE:
            return leer_importe(crudo, campo)
        case TipoHecho.FECHA:
            return leer_fecha(crudo, campo)
        case TipoHecho.PORCENTAJE:
            return _leer_porcentaje(crudo, campo)
        case TipoHecho.SI_NO:
            if not isinstance(crudo, bool):
                raise DatoInvalido(f"«{hecho.clave}» debe ser true o false, sin comillas", campo)
            return crudo
        case TipoHecho.TEXTO:
            return _leer_texto(hecho, crudo, campo)
        case TipoHecho.OPCION:
            return _leer_opcion(hecho, crudo, campo)
        case TipoHecho.OPCIONES:
            varios = crudo if isinstance(crudo, list | tuple | frozenset) and crudo else (crudo,)
            return frozenset(_leer_opcion(hecho, uno, campo) for uno in varios)


def _leer_texto(hecho: Hecho, crudo: object, campo: str) -> str:
    if not isinstance(crudo, str) or not crudo.strip() or len(crudo) > LARGO_TEXTO:
        raise DatoInvalido(f"«{hecho.clave}» debe ser un texto de 1 a {LARGO_TEXTO} caracteres", campo)
    return crudo


def _leer_opcion(hecho: Hecho, crudo: object, campo: str) -> str:
    if not isinstance(crudo, str) or crudo not in hecho.valores:
        permitidos = ", ".join(hecho.valores)
        raise DatoInvalido(f"«{hecho.clave}» no puede ser «{breve(crudo)}»; valores permitidos: {permitidos}", campo)
    return crudo


def _leer_porcentaje(crudo: object, campo: str) -> Decimal:
    # A whole JSON number loses nothing; a fraction must come as text, like every exact figure.
    if isinstance(crudo, int) and not isinstance(crudo, bool) and 0 <= crudo <= 100:
        return Decimal(crudo)
    texto = f"{crudo:f}" if isinstance(crudo, Decimal) and crudo.is_finite() and crudo.adjusted() < 3 else crudo
    if isinstance(texto, str) and re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{1,6})?", texto) and Decimal(texto) <= 100:
        return Decimal(texto)
    raise DatoInvalido(f'«{campo}» debe ser un porcentaje de 0 a 100 entre comillas, por ejemplo "69.9"', campo)
