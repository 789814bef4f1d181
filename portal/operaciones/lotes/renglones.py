"""From a row to the encargo of one contract, by the rules of the form; whatever is wrong is said by row and column."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from portal.dominio.celdas import (
    Celda,
    dia_en,
    escrito_en,
    esta_vacia,
    importe_escrito,
    letra_de,
    porcentaje_escrito,
    signo_de,
)
from portal.dominio.dinero import leer_pesos
from portal.dominio.errores import DatoInvalido, NoExiste
from portal.dominio.hechos import LARGO_TEXTO, Hecho, TipoHecho, breve
from portal.dominio.identificacion import TIPOS_DOCUMENTO, leer_texto
from portal.dominio.lectura import leer_porcentaje, leer_valor
from portal.dominio.normativa import Acto, Normativa
from portal.dominio.palabras import CLASES_CONTRIBUYENTE, TIPOS_CONTRATO, nombre_de
from portal.dominio.preguntas import Pregunta, abrir_preguntas
from portal.dominio.textos import llano
from portal.models.liquidacion import ClaseContribuyente
from portal.operaciones.datos_encargo import DATOS, acto_liquidable, componer_contrato, otros_actos
from portal.operaciones.encargos import Asunto, Encargo
from portal.operaciones.lotes.archivo import Renglon, Tabla
from portal.operaciones.lotes.columnas import COLUMNAS, HECHOS, celdas_de, reconocer, titulo_de

EJEMPLO = "EJEMPLO"
_SEPARADOR = "|"
# How the engine and the form name what stands in another column here.
_COLUMNA_DE = {"actos": "acto", "hechos.contrato.tipo": "tipo_contrato", "hechos.contratista.clase": "clase"}


@dataclass(frozen=True)
class ErrorCelda:
    """One thing to mend. `fila` as the spreadsheet numbers it; `columna` is its letter, empty when it is about the row.

    `regla`: the code of the rule whose recognition is missing; that is mended in the portal and not in the file.
    """

    fila: int
    columna: str
    titulo: str
    mensaje: str
    regla: str = ""

    @property
    def lugar(self) -> str:
        """Where in the row: `D (Nombre del contratista)`, `Regla C-EX-04` or `Toda la fila`."""
        if self.columna:
            return f"{self.columna} ({self.titulo})"
        return f"Regla {self.regla}" if self.regla else "Toda la fila"

    def __str__(self) -> str:
        columna = f", columna {self.lugar}" if self.columna else ""
        regla = f", regla {self.regla}" if self.regla else ""
        return f"Fila {self.fila}{columna}{regla}: {self.mensaje}"


class RenglonErrado(Exception):
    """A row cannot be read; every error of it that could be told at once."""

    def __init__(self, errores: Iterable[ErrorCelda]) -> None:
        super().__init__()
        self.errores = tuple(errores)


class Lector:
    """Reads the rows of one table. Raises `ArchivoIlegible` when its titles are not those of a file of contracts."""

    def __init__(self, tabla: Tabla, normativa: Normativa, hoy: date) -> None:
        self.normativa, self.hoy = normativa, hoy
        self.posiciones = reconocer(tabla, normativa)
        hechos = {hecho.clave: hecho for hecho in normativa.hechos}
        self.hechos = [hechos[c.removeprefix(HECHOS)] for c in self.posiciones if c.startswith(HECHOS)]
        importes = ["valor", *(HECHOS + h.clave for h in self.hechos if h.tipo is TipoHecho.IMPORTE)]
        self.signos = {
            clave: signo_de(celdas_de(tabla, self.posiciones[clave])) for clave in importes if clave in self.posiciones
        }
        tipos = hechos["contrato.tipo"].valores if "contrato.tipo" in hechos else ()
        self.listas = {
            "tipo_documento": _lista(TIPOS_DOCUMENTO, TIPOS_DOCUMENTO),
            "clase": _lista(ClaseContribuyente, CLASES_CONTRIBUYENTE, hechos.get("contratista.clase")),
            "tipo_contrato": _lista(tipos, TIPOS_CONTRATO, hechos.get("contrato.tipo")),
        }

    def leer(self, renglon: Renglon) -> Encargo:
        """The encargo of a row. Raises `RenglonErrado`."""
        return _Lectura(self, renglon).encargo()

    def senalar(self, renglon: Renglon, error: DatoInvalido) -> ErrorCelda:
        """Put a refusal where it belongs: the column of its field, or the row."""
        return self.error(renglon, _COLUMNA_DE.get(error.campo or "", error.campo or ""), error.mensaje)

    def error(self, renglon: Renglon, clave: str, mensaje: str) -> ErrorCelda:
        """An error in the column `clave`; without such a column it belongs to the row."""
        if clave not in self.posiciones:
            conocida = any(clave == columna.clave for columna in COLUMNAS) or clave.startswith(HECHOS)
            return ErrorCelda(renglon.numero, "", "", f"{titulo_de(clave)}: {mensaje}" if conocida else mensaje)
        return ErrorCelda(renglon.numero, letra_de(self.posiciones[clave]), titulo_de(clave), mensaje)


class _Lectura:
    """One row while it is read."""

    def __init__(self, lector: Lector, renglon: Renglon) -> None:
        self.lector, self.renglon = lector, renglon
        self.errores: list[ErrorCelda] = []

    def celda(self, clave: str) -> Celda:
        posicion = self.lector.posiciones.get(clave)
        return None if posicion is None else self.renglon.celdas[posicion]

    def encargo(self) -> Encargo:
        datos = {clave: self._leer(clave, self._dato, vacia_esta_bien=dato.opcional) for clave, dato in DATOS.items()}
        datos |= {clave: self._leer(clave, self._de_lista) for clave in self.lector.listas}
        acto = self._leer("acto", self._acto)
        asunto = self._asunto(acto, datos) if acto else None
        if (datos["numero_contrato"] or "").startswith(EJEMPLO):
            self._apuntar("numero_contrato", "Es la fila de ejemplo de la plantilla. Bórrela.")
        if asunto is None or self.errores:
            raise RenglonErrado(self.errores)
        try:
            return componer_contrato(datos, asunto)
        except DatoInvalido as error:
            raise RenglonErrado([self.lector.senalar(self.renglon, error)]) from None

    def _leer(self, clave: str, leer: Callable[[str], Any], *, vacia_esta_bien: bool = False) -> Any:
        """What `leer` makes of a cell; None when it is empty or wrong, which is kept as an error."""
        if esta_vacia(self.celda(clave)):
            if not vacia_esta_bien:
                self._apuntar(clave, "Falta este dato.")
            return None
        try:
            return leer(clave)
        except (DatoInvalido, NoExiste) as error:
            self._apuntar(clave, error.mensaje)
            return None

    def _apuntar(self, clave: str, mensaje: str) -> None:
        self.errores.append(self.lector.error(self.renglon, clave, mensaje))

    def _dato(self, clave: str) -> Any:
        celda = self.celda(clave)
        return DATOS[clave].leer(dia_en(celda).isoformat() if clave == "fecha_contrato" else escrito_en(celda))

    def _de_lista(self, clave: str) -> str:
        return _elegir(escrito_en(self.celda(clave)), self.lector.listas[clave])

    def _acto(self, clave: str) -> Acto:
        acto = acto_liquidable(self.lector.normativa, escrito_en(self.celda(clave)).upper(), self.lector.hoy)
        if acto.documento != "contrato":
            raise DatoInvalido("Ese acto no es un contrato.")
        return acto

    def _asunto(self, acto: Acto, datos: Mapping[str, Any]) -> Asunto | None:
        otros = self._leer("otros_actos", lambda c: self._otros(c, acto), vacia_esta_bien=True) or ()
        variante = self._variante(acto)
        valor = self._valor((acto, *otros))
        if datos["fecha_contrato"] is None or datos["clase"] is None or datos["tipo_contrato"] is None:
            return None
        return Asunto(
            actos=(acto.codigo, *(otro.codigo for otro in otros)),
            valor=valor,
            variantes={acto.codigo: variante} if variante else {},
            fecha_contrato=datos["fecha_contrato"],
            tipo_contrato=datos["tipo_contrato"],
            clase=ClaseContribuyente(datos["clase"]),
            hechos=self._hechos((acto, *otros), datos),
        )

    def _otros(self, clave: str, acto: Acto) -> tuple[Acto, ...]:
        posibles = {otro.codigo: otro for otro in otros_actos(self.lector.normativa, acto)}
        codigos = [parte.strip().upper() for parte in escrito_en(self.celda(clave)).split(_SEPARADOR)]
        ajeno = next((codigo for codigo in codigos if codigo not in posibles), None)
        if ajeno is not None:
            validos = f"puede ser {' | '.join(posibles)}" if posibles else "deje vacía la celda"
            raise DatoInvalido(f"«{breve(ajeno)}» no va junto con {acto.codigo}: {validos}.")
        return tuple(posibles[codigo] for codigo in codigos)

    def _variante(self, acto: Acto) -> str:
        variantes = {t.variante: t.texto for t in self.lector.normativa.variantes_de(acto, self.lector.hoy)}
        if not variantes:
            if not esta_vacia(self.celda("variante")):
                self._apuntar("variante", "Ese acto tiene una sola tarifa: deje vacía la celda.")
            return ""
        elegida = self._leer("variante", lambda c: _elegir(escrito_en(self.celda(c)), _lista(variantes, variantes)))
        return str(elegida or "")

    def _valor(self, actos: tuple[Acto, ...]) -> Decimal | None:
        if not any(acto.tiene_cuantia for acto in actos):
            if not esta_vacia(self.celda("valor")):
                self._apuntar("valor", "Ese acto no tiene cuantía: deje vacía la celda.")
            return None
        leido: Decimal | None = self._leer(
            "valor", lambda c: leer_valor(self._importe(c)), vacia_esta_bien=not actos[0].tiene_cuantia
        )
        return leido

    def _importe(self, clave: str) -> str:
        return importe_escrito(self.celda(clave), self.lector.signos[clave])

    def _hechos(self, actos: tuple[Acto, ...], datos: Mapping[str, Any]) -> dict[str, object]:
        """The answers to what is asked about these acts. An answer that nobody asked for is an error, but for a *no*."""
        respuestas: dict[str, object] = {}
        preguntados: set[str] = set()

        def responder(pregunta: Pregunta) -> object:
            clave = pregunta.hecho.clave
            preguntados.add(clave)
            respuesta = self._leer(
                HECHOS + clave, lambda _: self._respuesta(pregunta.hecho), vacia_esta_bien=not pregunta.obligatoria
            )
            if respuesta is not None:
                respuestas[clave] = respuesta
            return respuesta

        propios = {"contrato.tipo": datos["tipo_contrato"], "contratista.clase": datos["clase"]}
        fecha = min(datos["fecha_contrato"], self.lector.hoy)
        abrir_preguntas(self.lector.normativa, actos, fecha, propios, responder)
        for hecho in self.lector.hechos:
            if hecho.clave not in preguntados and not self._calla(hecho):
                self._apuntar(HECHOS + hecho.clave, "Este dato no se pregunta para este contrato: deje vacía la celda.")
        return respuestas

    def _calla(self, hecho: Hecho) -> bool:
        """Whether a cell says nothing: it is empty, or says *no* to a question of yes or no."""
        celda = self.celda(HECHOS + hecho.clave)
        return esta_vacia(celda) or (hecho.tipo is TipoHecho.SI_NO and _SI_NO.get(_plano(_texto(celda))) == "no")

    def _respuesta(self, hecho: Hecho) -> object:
        """An answer as JSON holds it, which is how the form keeps it too."""
        clave = HECHOS + hecho.clave
        celda = self.celda(clave)
        match hecho.tipo:
            case TipoHecho.SI_NO:
                return _elegir(escrito_en(celda), _SI_NO) == "si"
            case TipoHecho.OPCION:
                return _elegir(escrito_en(celda), _lista(hecho.valores, {}, hecho))
            case TipoHecho.OPCIONES:
                opciones = _lista(hecho.valores, {}, hecho)
                return [_elegir(parte, opciones) for parte in escrito_en(celda).split(_SEPARADOR)]
            case TipoHecho.IMPORTE:
                return f"{leer_pesos(self._importe(clave)):f}"
            case TipoHecho.PORCENTAJE:
                return f"{leer_porcentaje(porcentaje_escrito(celda)):f}"
            case TipoHecho.FECHA:
                return dia_en(celda).isoformat()
            case TipoHecho.TEXTO:
                return leer_texto(escrito_en(celda), maximo=LARGO_TEXTO, campo=clave)


def _lista(codigos: Iterable[str], nombres: Mapping[str, str], hecho: Hecho | None = None) -> dict[str, str]:
    """What may be written → code: the code itself and the names that people know it by."""
    escrituras: dict[str, str] = {}
    for codigo in codigos:
        propias = (codigo, nombre_de(nombres, codigo), hecho.nombre_de(codigo) if hecho else "")
        escrituras |= {_plano(una): str(codigo) for una in propias if una}
    return escrituras


def _elegir(texto: str, escrituras: Mapping[str, str]) -> str:
    codigo = escrituras.get(_plano(texto))
    if codigo is None:
        posibles = ", ".join(dict.fromkeys(escrituras.values()))
        raise DatoInvalido(f"«{breve(texto)}» no está en la lista: {posibles}.")
    return codigo


def _texto(celda: Celda) -> str:
    return "no" if celda is False else str(celda)


def _plano(texto: str) -> str:
    return llano(texto.replace("_", " "))


_SI_NO = {"si": "si", "s": "si", "true": "si", "verdadero": "si", "no": "no", "n": "no", "false": "no", "falso": "no"}
