"""The columns of a file of contracts: what each holds, and which titles of a file name them."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from portal.dominio.celdas import Celda, esta_vacia, letra_de
from portal.dominio.normativa import Normativa
from portal.dominio.textos import llano
from portal.operaciones.lotes.archivo import ArchivoIlegible, Tabla

HECHOS = "hechos."
# Facts that have a column of their own.
CON_COLUMNA = ("contrato.tipo", "contratista.clase")


@dataclass(frozen=True)
class Columna:
    """One column. `clave` is how programs may call it; `obligatoria` says that the file must bring it."""

    clave: str
    titulo: str
    ayuda: str
    ejemplo: str
    obligatoria: bool = True


COLUMNAS = (
    Columna("acto", "Acto", "Código del acto gravado; están en la hoja «Valores».", ""),
    Columna(
        "otros_actos",
        "Otros actos",
        "Códigos de los demás actos gravados que el mismo documento es, separados por |.",
        "",
        obligatoria=False,
    ),
    Columna(
        "variante",
        "Tarifa que aplica",
        "Solo si la norma trae más de una tarifa para el acto; las opciones están en la hoja «Valores».",
        "",
        obligatoria=False,
    ),
    Columna("tipo_documento", "Tipo de documento", "Sigla o nombre del tipo de documento.", "NIT"),
    Columna(
        "documento",
        "Número de documento",
        "Con puntos o sin ellos. Si es NIT, el dígito de verificación va después de un guion.",
        "901805364-1",
    ),
    Columna("nombre", "Nombre del contratista", "Hasta 160 caracteres.", "NOMBRE DEL CONTRATISTA"),
    Columna("clase", "Tipo de contratista", "Código o nombre del tipo de contratista.", "juridica"),
    Columna("direccion", "Dirección", "Hasta 160 caracteres.", "Carrera 5 # 10-20", obligatoria=False),
    Columna("telefono", "Teléfono", "De 7 a 12 dígitos.", "3001234567", obligatoria=False),
    Columna("correo", "Correo electrónico", "Hasta 80 caracteres.", "contratista@correo.test", obligatoria=False),
    Columna(
        "valor",
        "Valor",
        "En pesos: 46911499,50 o 46.911.499,50 o 46911499.50. Todos los valores de la columna escritos igual. "
        "Vacío si el acto no tiene cuantía.",
        "46.911.499,50",
    ),
    Columna("contratante", "Entidad contratante", "Hasta 160 caracteres.", "ENTIDAD CONTRATANTE"),
    Columna("contratante_nit", "NIT de la entidad contratante", "Como el número de documento.", "", obligatoria=False),
    Columna(
        "numero_contrato", "Número de contrato", "Letras, números, puntos, guiones y barras; hasta 40.", "EJEMPLO-001"
    ),
    Columna("numero_proceso", "Número de proceso", "Hasta 60 caracteres.", "", obligatoria=False),
    Columna("tipo_contrato", "Tipo de contrato", "Código o nombre del tipo de contrato.", "suministro"),
    Columna("fecha_contrato", "Fecha de contrato", "AAAA-MM-DD o DD/MM/AAAA.", "2025-02-03"),
    Columna("objeto", "Objeto", "Hasta 1000 caracteres.", "Objeto del contrato"),
)
_POR_CLAVE = {columna.clave: columna for columna in COLUMNAS}


def titulo_de(clave: str) -> str:
    """How people call a column: the title, or the key of a fact."""
    return _POR_CLAVE[clave].titulo if clave in _POR_CLAVE else clave


def reconocer(tabla: Tabla, normativa: Normativa) -> dict[str, int]:
    """The position of each column of a file, by key; titles match whatever their case, accents and spaces.

    Raises `ArchivoIlegible` with a sentence for each title that is unknown, repeated or missing.
    """
    conocidos = _titulos_conocidos(normativa)
    posiciones: dict[str, int] = {}
    problemas: list[str] = []
    for posicion, titulo in enumerate(tabla.titulos):
        clave = conocidos.get(titulo_plano(titulo))
        if not titulo:
            problemas += _sin_titulo(tabla, posicion)
        elif clave is None:
            problemas.append(
                f"La columna {letra_de(posicion)} («{titulo[:60]}») no existe.{_parecida(titulo, conocidos)}"
            )
        elif clave in posiciones:
            problemas.append(
                f"La columna {letra_de(posicion)} («{titulo}») repite la columna {letra_de(posiciones[clave])}."
            )
        else:
            posiciones[clave] = posicion
    faltan = [columna.titulo for columna in COLUMNAS if columna.obligatoria and columna.clave not in posiciones]
    if faltan:
        problemas.append(f"{'Faltan las columnas' if len(faltan) > 1 else 'Falta la columna'}: {', '.join(faltan)}.")
    if problemas:
        raise ArchivoIlegible(*problemas)
    return posiciones


def celdas_de(tabla: Tabla, posicion: int) -> list[Celda]:
    """One column from top to bottom."""
    return [renglon.celdas[posicion] for renglon in tabla.renglones]


def _titulos_conocidos(normativa: Normativa) -> Mapping[str, str]:
    propias = {titulo_plano(texto): c.clave for c in COLUMNAS for texto in (c.clave, c.titulo)}
    hechos = (f"{HECHOS}{hecho.clave}" for hecho in normativa.hechos if hecho.clave not in CON_COLUMNA)
    return propias | {titulo_plano(clave): clave for clave in hechos}


def _sin_titulo(tabla: Tabla, posicion: int) -> list[str]:
    con_dato = next((r.numero for r in tabla.renglones if not esta_vacia(r.celdas[posicion])), None)
    if con_dato is None:
        return []
    return [f"La columna {letra_de(posicion)} no tiene título y trae datos, por ejemplo en la fila {con_dato}."]


def _parecida(titulo: str, conocidos: Mapping[str, str]) -> str:
    cercanos = difflib.get_close_matches(titulo_plano(titulo), conocidos, n=1, cutoff=0.75)
    return f" ¿Quiso decir «{titulo_de(conocidos[cercanos[0]])}»?" if cercanos else ""


def titulo_plano(titulo: str) -> str:
    """Lower case, without accents, spaces or the marks that people add to a title."""
    return re.sub(r"[^a-z0-9._]", "", llano(titulo)).rstrip("._")
