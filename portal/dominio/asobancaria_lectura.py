"""Reading a bank's file: all of it, or a list of everything that is wrong with it."""

from typing import Any

from portal.dominio.asobancaria import ArchivoRecaudo, DetalleRecaudo, EncabezadoRecaudo, Formato, LoteRecaudo
from portal.dominio.asobancaria_campos import leer_registro
from portal.dominio.asobancaria_cuadre import Cuenta, LoteAbierto, cuadrar, revisar_numero, revisar_secuencia
from portal.dominio.asobancaria_hallazgos import Anomalia, Hallazgos, Variante
from portal.dominio.asobancaria_texto import huella_de, leer_lineas
from portal.dominio.asobancaria_trazado import (
    APERTURA_LOTE,
    CIERRE,
    CIERRE_LOTE,
    EN_LOTE,
    ENCABEZADO,
    FIN,
    INICIO,
    TRAZADOS,
    Registro,
    formato_de,
)
from portal.dominio.dinero import escribir_miles

_FUERA_DE_ORDEN = {
    ENCABEZADO: "Hay otro encabezado (registro 01) en medio del archivo: parece que se pegaron dos archivos.",
    APERTURA_LOTE: "Comienza un lote (registro 05) sin que el anterior se haya cerrado con su registro 08.",
    CIERRE_LOTE: "Hay un cierre de lote (registro 08) sin un lote abierto: falta su registro 05.",
    CIERRE: "El archivo se cierra (registro 09) sin cerrar el último lote con su registro 08.",
}
_SIN_LOTE = "Hay un pago (registro 06) fuera de un lote: falta el registro 05."


def leer(contenido: bytes) -> ArchivoRecaudo:
    """Read a bank's file of 2001 or 1998, told apart by its first record, in Latin-1 or UTF-8.

    Strict with what it says (order, counts, totals, sequences, dates, check digits) and tolerant of the variants known of
    how it is written, which go in `avisos`. Raises `ArchivoRecaudoInvalido` with every problem: there is no partial reading.
    """
    hallazgos = Hallazgos()
    renglones = leer_lineas(contenido, hallazgos)
    if not renglones[0].startswith(ENCABEZADO):
        mensaje = "El archivo no comienza con el registro 01: no es un archivo de recaudo de Asobancaria."
        hallazgos.problema(1, "tipo de registro", Anomalia.ORDEN, mensaje)
        hallazgos.rechazar()
    lector = _Lector(formato_de(renglones[0], renglones[1] if len(renglones) > 1 else ""), hallazgos)
    for linea, texto in enumerate(renglones, 1):
        lector.recibir(linea, texto)
    return lector.terminar(len(renglones), huella_de(renglones))


class _Lector:
    """The state of a reading: where in the order of records it is, and what it has so far."""

    def __init__(self, formato: Formato, hallazgos: Hallazgos) -> None:
        self._formato = formato
        self._trazado = TRAZADOS[formato]
        self._hallazgos = hallazgos
        self._estado = INICIO
        self._encabezado: EncabezadoRecaudo | None = None
        self._cuenta = Cuenta()
        # The payments of a layout without batches are in this one.
        self._lote = LoteAbierto("", 0)
        self._aperturas: list[tuple[str | None, int | None]] = []
        self._lotes: list[LoteRecaudo] = []
        self._registros = 0
        self._sobra = False

    def recibir(self, linea: int, texto: str) -> None:
        """Take the next line."""
        tipo = texto[:2]
        registro = self._trazado.registros.get(tipo)
        if self._estado == FIN:
            self._sobrar(linea, tipo)
        elif not texto.strip(" "):
            mensaje = "Hay una línea vacía en medio del archivo: pudo perderse un registro."
            self._problema(linea, "línea", Anomalia.LINEA_VACIA, mensaje)
        elif registro is None:
            self._problema(
                linea, "tipo de registro", Anomalia.TIPO, "La línea no es de ningún tipo de registro conocido."
            )
            self._desordenar()
        else:
            datos = self._leer(linea, texto, registro)
            en_orden = self._avanzar(linea, tipo)
            self._tomar(linea, tipo, datos, en_orden)

    def terminar(self, ultima: int, huella: str) -> ArchivoRecaudo:
        """The file, once its last line was taken. Raises `ArchivoRecaudoInvalido`."""
        if self._estado != FIN:
            en_un_lote = self._estado == EN_LOTE and CIERRE_LOTE in self._trazado.registros
            falta = "los registros 08 y 09" if en_un_lote else "el registro 09"
            self._problema(ultima, "archivo", Anomalia.INCOMPLETO, f"El archivo termina sin {falta}: llegó incompleto.")
        self._hallazgos.rechazar()
        assert self._encabezado is not None
        return ArchivoRecaudo(
            self._formato, self._encabezado, tuple(self._lotes), self._registros, huella, self._hallazgos.avisos
        )

    def _problema(self, linea: int, campo: str, clase: Anomalia, mensaje: str) -> None:
        self._hallazgos.problema(linea, campo, clase, mensaje)

    def _sobrar(self, linea: int, tipo: str) -> None:
        """Say once that something follows the end."""
        if not self._sobra:
            sigue = "comienza otro archivo: se pegaron dos" if tipo == ENCABEZADO else "hay más líneas"
            mensaje = f"Después del cierre (registro 09) {sigue}."
            self._problema(linea, "tipo de registro", Anomalia.SOBRANTE, mensaje)
        self._sobra = True

    def _desordenar(self) -> None:
        self._cuenta.en_orden = False
        self._lote.perder_el_orden()

    def _leer(self, linea: int, texto: str, registro: Registro) -> dict[str, Any]:
        """The good fields of a line; none of one that is cut or too long, because they may be out of place."""
        ancho = self._trazado.ancho
        if len(texto) > ancho:
            mensaje = f"La línea mide {escribir_miles(len(texto))} caracteres y el máximo es {ancho}."
            self._problema(linea, "línea", Anomalia.LINEA_LARGA, mensaje)
            return {}
        if len(texto) < registro.minimo:
            mensaje = f"La línea está cortada: mide {len(texto)} caracteres y sus datos ocupan {registro.minimo}."
            self._problema(linea, "línea", Anomalia.LINEA_CORTA, mensaje)
            return {}
        if len(texto) < ancho:
            mensaje = f"Hay líneas que no se completan con espacios hasta {ancho} caracteres. No cambia lo que dicen."
            self._hallazgos.aviso(linea, "línea", Variante.ANCHO, mensaje)
        return leer_registro(linea, texto, registro, self._hallazgos)

    def _avanzar(self, linea: int, tipo: str) -> bool:
        """Move to the next state; out of order, to the one that makes the best of what follows. Says if it was in order."""
        siguiente = self._trazado.orden.get((self._estado, tipo))
        if siguiente is not None:
            self._estado = siguiente
            return True
        self._problema(linea, "tipo de registro", Anomalia.ORDEN, _FUERA_DE_ORDEN.get(tipo, _SIN_LOTE))
        self._desordenar()
        if tipo != ENCABEZADO and tipo != CIERRE_LOTE:
            self._estado = FIN if tipo == CIERRE else EN_LOTE
        return False

    def _tomar(self, linea: int, tipo: str, datos: dict[str, Any], en_orden: bool) -> None:
        if tipo == ENCABEZADO:
            self._encabezar(linea, datos)
        elif tipo == APERTURA_LOTE:
            self._abrir_lote(linea, datos, en_orden)
        elif tipo == self._trazado.detalle:
            self._detallar(linea, datos)
        elif tipo == CIERRE_LOTE:
            self._cerrar_lote(linea, datos)
        else:
            self._cerrar(linea, datos)

    def _completo(self, tipo: str, datos: dict[str, Any]) -> bool:
        return len(datos) == len(self._trazado.registros[tipo].campos)

    def _encabezar(self, linea: int, datos: dict[str, Any]) -> None:
        if self._completo(ENCABEZADO, datos):
            self._encabezado = EncabezadoRecaudo(**datos)
        if "fecha_recaudo" in datos and datos.get("fecha_archivo", datos["fecha_recaudo"]) < datos["fecha_recaudo"]:
            mensaje = "La fecha del archivo es anterior a la del recaudo."
            self._hallazgos.aviso(linea, "fecha del archivo", Variante.ARCHIVO_ANTERIOR, mensaje)

    def _abrir_lote(self, linea: int, datos: dict[str, Any], en_orden: bool) -> None:
        self._lote = LoteAbierto(datos.get("servicio"), datos.get("numero"), Cuenta(en_orden=en_orden))
        apertura = self._lote.servicio, self._lote.numero
        if en_orden and None not in apertura and apertura in self._aperturas:
            mensaje = "El número de lote se repite para el mismo servicio: el lote puede estar dos veces."
            self._problema(linea, "número de lote", Anomalia.LOTE, mensaje)
        self._aperturas.append(apertura)

    def _detallar(self, linea: int, datos: dict[str, Any]) -> None:
        revisar_secuencia(self._lote, datos.get("secuencia"), self._trazado.primeras, linea, self._hallazgos)
        for cuenta in (self._lote.cuenta, self._cuenta):
            cuenta.sumar(datos.get("valor"))
        if self._completo(self._trazado.detalle, datos):
            self._lote.detalles.append(DetalleRecaudo(**datos, linea=linea))

    def _cerrar_lote(self, linea: int, datos: dict[str, Any]) -> None:
        lote = self._lote
        revisar_numero(lote, datos, linea, self._hallazgos)
        cuadrar(lote.cuenta, datos, {1}, linea, self._hallazgos)
        if lote.servicio is not None and lote.numero is not None and "registros" in datos:
            self._lotes.append(LoteRecaudo(lote.servicio, lote.numero, tuple(lote.detalles), datos["registros"]))

    def _cerrar(self, linea: int, datos: dict[str, Any]) -> None:
        cuadrar(self._cuenta, datos, {1, len(self._aperturas)}, linea, self._hallazgos)
        self._registros = datos.get("registros", 0)
        if APERTURA_LOTE not in self._trazado.registros:
            self._lotes.append(LoteRecaudo("", 0, tuple(self._lote.detalles), self._registros))
        elif not self._aperturas and self._cuenta.en_orden:
            self._problema(linea, "archivo", Anomalia.ORDEN, "El archivo no trae ningún lote (registro 05).")
