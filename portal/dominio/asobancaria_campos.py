"""The fields of a bank's file: what each kind of datum must look like, to read it and to write it."""

import re
from collections.abc import Callable, Mapping
from datetime import date, time
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from portal.dominio.asobancaria import MEDIOS_DE_PAGO, PROCEDENCIAS, TIPOS_DE_CUENTA
from portal.dominio.asobancaria_hallazgos import Anomalia, Hallazgos, Variante
from portal.dominio.asobancaria_trazado import Campo, Dato, Registro, fecha_real
from portal.dominio.identificacion import digito_gs1, digito_nit

_REFERENCIA = re.compile("[!-~]+")
_CUENTA = re.compile("[0-9A-Za-z-]+")
_CAUSAL = re.compile("[0-9A-Za-z]{3}")
_SEPARADORES = re.compile("[0-9][.,][0-9]")
_LARGO_GLN, _LARGO_NIT = 13, 9
_TABLAS: Mapping[Dato, Mapping[str, str]] = MappingProxyType(
    {Dato.PROCEDENCIA: PROCEDENCIAS, Dato.MEDIO: MEDIOS_DE_PAGO, Dato.TIPO_CUENTA: TIPOS_DE_CUENTA}
)

_Avisar = Callable[[Variante, str], None]


class _Malo(Exception):
    """What is wrong with a field."""

    def __init__(self, clase: Anomalia, mensaje: str) -> None:
        super().__init__(mensaje)
        self.clase = clase
        self.mensaje = mensaje


def leer_registro(linea: int, texto: str, registro: Registro, hallazgos: Hallazgos) -> dict[str, Any]:
    """The fields of a line that are what they must be, by name; each of the others is a finding."""
    datos: dict[str, Any] = {}
    for nombre, campo in registro.campos.items():

        def avisar(clase: Variante, mensaje: str, titulo: str = campo.titulo) -> None:
            hallazgos.aviso(linea, titulo, clase, mensaje)

        try:
            datos[nombre] = _LECTORES[campo.dato](campo.de(texto), campo, avisar)
        except _Malo as malo:
            hallazgos.problema(linea, campo.titulo, malo.clase, malo.mensaje)
    if registro.reservado(texto).strip():
        mensaje = "El banco escribe en la zona reservada de las líneas; no se lee."
        hallazgos.aviso(linea, "zona reservada", Variante.RESERVADO, mensaje)
    return datos


def escribir_campo(valor: Any, campo: Campo) -> str:
    """The datum as the file carries it, filled on the left. Raises `ValueError` when it does not fit or could not be read."""
    texto = _ESCRITORES.get(campo.dato, str)(valor)
    relleno = " " if campo.dato is Dato.CAUSAL else "0"
    escrito = texto.rjust(campo.largo, relleno)
    if len(escrito) != campo.largo:
        raise ValueError(f"{campo.titulo}: does not fit in {campo.largo}")
    try:
        leido = _LECTORES[campo.dato](escrito, campo, lambda _clase, _mensaje: None)
    except _Malo as malo:
        raise ValueError(f"{campo.titulo}: {malo.mensaje}") from malo
    if leido != valor:
        raise ValueError(f"{campo.titulo}: would be read as something else")
    return escrito


def _cifras(crudo: str, campo: Campo, avisar: _Avisar) -> str:
    if campo.opcional and not crudo.strip(" "):
        avisar(Variante.CAMPO_EN_BLANCO, f"El banco deja en blanco el campo «{campo.titulo}».")
        return "0" * campo.largo
    if not (crudo.isascii() and crudo.isdigit()):
        raise _Malo(Anomalia.DATO, f"El campo «{campo.titulo}» debe tener solo números.")
    return crudo


def _entero(crudo: str, campo: Campo, avisar: _Avisar) -> int:
    return int(_cifras(crudo, campo, avisar))


def _pesos(crudo: str, campo: Campo, avisar: _Avisar) -> Decimal:
    if "-" in crudo:
        raise _Malo(Anomalia.VALOR, f"El {campo.titulo} no puede ser negativo.")
    if _SEPARADORES.search(crudo):
        mensaje = f"El {campo.titulo} lleva puntos o comas. Debe ir corrido, con los dos últimos números como centavos."
        raise _Malo(Anomalia.VALOR, mensaje)
    return Decimal(_entero(crudo, campo, avisar)).scaleb(-2)


def _pesos_positivos(crudo: str, campo: Campo, avisar: _Avisar) -> Decimal:
    valor = _pesos(crudo, campo, avisar)
    if not valor:
        raise _Malo(Anomalia.VALOR, f"El {campo.titulo} debe ser mayor que cero.")
    return valor


def _fecha(crudo: str, campo: Campo, _avisar: _Avisar) -> date:
    leida = fecha_real(crudo)
    if leida is None:
        raise _Malo(Anomalia.FECHA, f"La {campo.titulo} no existe; debe ir como AAAAMMDD, por ejemplo 20250610.")
    return leida


def _hora(crudo: str, campo: Campo, avisar: _Avisar) -> time:
    cifras = _cifras(crudo, campo, avisar)
    horas, minutos = int(cifras[:2]), int(cifras[2:])
    if horas > 23 or minutos > 59:
        raise _Malo(Anomalia.FECHA, f"La {campo.titulo} no existe; debe ir como HHMM, por ejemplo 0630.")
    return time(horas, minutos)


def _nit(crudo: str, campo: Campo, avisar: _Avisar) -> str:
    """Without its check digit, which is verified: nine digits after the zeros are a NIT written without it."""
    numero = _cifras(crudo, campo, avisar).lstrip("0")
    if len(numero) == _LARGO_NIT:
        avisar(Variante.NIT_SIN_DIGITO, "El banco escribe el NIT sin su dígito de verificación.")
        return numero
    if len(numero) == _LARGO_NIT + 1 and digito_nit(numero[:-1]) == numero[-1]:
        return numero[:-1]
    raise _Malo(Anomalia.NIT, "El NIT no está completo o su dígito de verificación no corresponde.")


def _servicio(crudo: str, campo: Campo, avisar: _Avisar) -> str:
    """A GLN, with its check digit verified, or a code of the bank's own when it is shorter."""
    codigo = _cifras(crudo, campo, avisar).lstrip("0")
    if not codigo:
        raise _Malo(Anomalia.SERVICIO, "Falta el código del servicio recaudado.")
    if len(codigo) < _LARGO_GLN:
        mensaje = "El código del servicio no es un número GS1 de 13 cifras: es uno propio del banco."
        avisar(Variante.SERVICIO_PROPIO, mensaje)
    elif digito_gs1(codigo[:-1]) != codigo[-1]:
        mensaje = "El dígito de control del código del servicio (número GS1) no corresponde."
        raise _Malo(Anomalia.SERVICIO, mensaje)
    return codigo


def _recortado(forma: re.Pattern[str], clase: Anomalia) -> Callable[[str, Campo, _Avisar], str]:
    """A text without what fills it, which some banks make of zeros and some of spaces."""

    def leer(crudo: str, campo: Campo, _avisar: _Avisar) -> str:
        limpio = crudo.strip(" ").lstrip("0")
        if not forma.fullmatch(limpio):
            falta = "tiene espacios o signos que no se pueden usar" if limpio else "está vacío"
            raise _Malo(clase, f"El campo «{campo.titulo}» {falta}.")
        return limpio

    return leer


def _modificador(crudo: str, campo: Campo, _avisar: _Avisar) -> str:
    if not "A" <= crudo <= "Z":
        raise _Malo(Anomalia.DATO, f"El {campo.titulo} debe ser una letra mayúscula, de la A a la Z.")
    return crudo


def _causal(crudo: str, campo: Campo, _avisar: _Avisar) -> str:
    if crudo.strip(" ") in ("", "000"):
        return ""
    if not _CAUSAL.fullmatch(crudo):
        raise _Malo(Anomalia.DATO, f"La {campo.titulo} debe ir en blanco o tener tres letras o números.")
    return crudo


def _codigo(crudo: str, campo: Campo, avisar: _Avisar) -> str:
    """A code with its zeros; one that its table lacks is kept and said."""
    cifras = _cifras(crudo, campo, avisar)
    if cifras not in _TABLAS[campo.dato]:
        mensaje = f"El código {cifras} de «{campo.titulo}» no está en la tabla de Asobancaria."
        avisar(Variante.CODIGO_DESCONOCIDO, mensaje)
    return cifras


_LECTORES: Mapping[Dato, Callable[[str, Campo, _Avisar], Any]] = MappingProxyType(
    {
        Dato.CIFRAS: _cifras,
        Dato.ENTERO: _entero,
        Dato.PESOS: _pesos,
        Dato.PESOS_POSITIVOS: _pesos_positivos,
        Dato.FECHA: _fecha,
        Dato.HORA: _hora,
        Dato.NIT: _nit,
        Dato.SERVICIO: _servicio,
        Dato.REFERENCIA: _recortado(_REFERENCIA, Anomalia.REFERENCIA),
        Dato.CUENTA: _recortado(_CUENTA, Anomalia.DATO),
        Dato.MODIFICADOR: _modificador,
        Dato.CAUSAL: _causal,
        Dato.PROCEDENCIA: _codigo,
        Dato.MEDIO: _codigo,
        Dato.TIPO_CUENTA: _codigo,
    }
)


def _centavos(valor: Decimal) -> str:
    centavos = valor * 100
    if centavos != centavos.to_integral_value():
        raise ValueError("a value has fractions of a cent")
    return str(int(centavos))


_ESCRITORES: Mapping[Dato, Callable[[Any], str]] = MappingProxyType(
    {
        Dato.PESOS: _centavos,
        Dato.PESOS_POSITIVOS: _centavos,
        Dato.FECHA: lambda dia: f"{dia:%Y%m%d}",
        Dato.HORA: lambda hora: f"{hora:%H%M}",
        Dato.NIT: lambda nit: nit + digito_nit(nit),
    }
)
