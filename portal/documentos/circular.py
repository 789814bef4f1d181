"""The yearly circular as a page of its own, as PDF with its spreadsheet inside, and as that spreadsheet."""

from collections.abc import Iterator
from pathlib import Path

from flask import render_template
from markupsafe import Markup

from portal.documentos.autoridad import Autoridad
from portal.documentos.libro import Celda, Hoja, escribir_xlsx
from portal.documentos.pdf import Adjunto, generar_pdf
from portal.dominio.circular import Capitulo, Circular, Renglon

_ESTILO = Path(__file__).resolve().parent / "documento.css"


def html_circular(circular: Circular, *, departamento: Autoridad, demostracion: bool) -> str:
    """The circular as one HTML file with its style inside. Needs an application context."""
    # Our own file, in which nobody else writes.
    estilo = Markup(_ESTILO.read_text(encoding="utf-8"))  # noqa: S704
    return _html(circular, departamento, demostracion, estilo)


def pdf_circular(circular: Circular, *, departamento: Autoridad, demostracion: bool) -> bytes:
    """The circular as PDF/A-3, in letter size, with the spreadsheet attached. Needs an application context.

    Equal content gives equal bytes. Raises `DocumentoImposible`.
    """
    libro = Adjunto(
        nombre=f"{nombre_de_archivo(circular)}.xlsx",
        descripcion=f"Las mismas tarifas de {circular.vigencia} en una hoja de cálculo",
        contenido=xlsx_circular(circular, departamento=departamento),
    )
    return generar_pdf(_html(circular, departamento, demostracion, Markup()), [libro])


def xlsx_circular(circular: Circular, *, departamento: Autoridad) -> bytes:
    """The circular as a spreadsheet: tariffs, values of the year, what does not pay, duties. Equal content, equal bytes."""
    notas = [
        f"Tarifas de las estampillas departamentales, vigencia {circular.vigencia}. {departamento.gobernacion}",
        *(
            f"Circular incompleta: falta {uno.nombre}, del {uno.dias.desde} al {uno.dias.hasta}"
            for uno in circular.faltan
        ),
        *(["Tarifas provisionales: son de demostración, no tienen norma publicada"] if circular.provisional else []),
        *circular.notas,
    ]
    return escribir_xlsx(
        [
            Hoja("Tarifas", _COLUMNAS, [_fila(c, r) for c in circular.capitulos for r in c.renglones], notas),
            _hoja_valores(circular),
            Hoja("Exclusiones y exenciones", _COLUMNAS_EXCEPCIONES, list(_excepciones(circular))),
            Hoja("Deberes", ("Quién", "Deber", "Norma"), [(d.quien, d.texto, d.norma) for d in circular.deberes]),
        ]
    )


def nombre_de_archivo(circular: Circular) -> str:
    """`circular-narino-2025`, without its ending."""
    return f"circular-{circular.departamento}-{circular.vigencia}"


def _html(circular: Circular, departamento: Autoridad, demostracion: bool, estilo: Markup) -> str:
    return render_template(
        "documentos/circular.html",
        circular=circular,
        departamento=departamento,
        demostracion=demostracion,
        estilo=estilo,
    )


_COLUMNAS = (
    "Estampilla",
    "Cuantía",
    "Código",
    "Acto o documento",
    "Tarifa",
    "Sobre",
    "Indicador",
    "Valor del indicador",
    "Acto que lo fijó",
    "Valor exacto",
    "Valor en pesos",
    "Redondeo",
    "Norma",
    "Artículo",
    "Desde",
    "Hasta",
    "Avisos",
)
_COLUMNAS_EXCEPCIONES = ("Estampilla", "Clase", "Regla", "Nombre", "Texto", "Norma", "Artículo", "Avisos")


def _fila(capitulo: Capitulo, renglon: Renglon) -> tuple[Celda, ...]:
    return (
        capitulo.nombre,
        "Con cuantía" if renglon.clase == "con_cuantia" else "Sin cuantía",
        ", ".join(renglon.actos),
        renglon.nombre,
        renglon.tarifa,
        renglon.base,
        renglon.indicador,
        renglon.valor_indicador,
        "; ".join(renglon.indicadores),
        renglon.exacto,
        renglon.falta or renglon.valor,
        renglon.redondeo,
        renglon.norma,
        renglon.articulo,
        renglon.dias.desde,
        renglon.dias.hasta,
        ". ".join(renglon.avisos),
    )


def _hoja_valores(circular: Circular) -> Hoja:
    filas = [(v.nombre, v.dias.desde, v.dias.hasta, v.falta or v.valor, v.acto) for v in circular.valores]
    return Hoja("Valores del año", ("Indicador", "Desde", "Hasta", "Valor", "Acto que lo fijó"), filas)


def _excepciones(circular: Circular) -> Iterator[tuple[Celda, ...]]:
    por_estampilla = [(c.nombre, c.excepciones) for c in circular.capitulos] + [("Todas", circular.excepciones)]
    for estampilla, reglas in por_estampilla:
        for una in reglas:
            datos = (una.clase, una.codigo, una.nombre, una.texto, una.norma, una.articulo)
            yield (estampilla, *datos, " ".join(una.notas))
