"""The spreadsheets of an import: the template with its help, the errors of a dry run, the result."""

from collections.abc import Callable, Iterable
from datetime import date

from portal.documentos.libro import Hoja
from portal.dominio.hechos import Hecho, TipoHecho
from portal.dominio.identificacion import TIPOS_DOCUMENTO, escribir_documento
from portal.dominio.normativa import Normativa
from portal.dominio.palabras import CLASES_CONTRIBUYENTE, TIPOS_CONTRATO, nombre_de
from portal.models import RenglonLote
from portal.operaciones.lotes.columnas import COLUMNAS, CON_COLUMNA, HECHOS
from portal.operaciones.lotes.renglones import ErrorCelda

_FORMAS = {
    TipoHecho.SI_NO: "Sí o No",
    TipoHecho.IMPORTE: "Pesos, como la columna Valor",
    TipoHecho.PORCENTAJE: "De 0 a 100, por ejemplo 69,9, sin dar a la celda formato de porcentaje",
    TipoHecho.FECHA: "AAAA-MM-DD o DD/MM/AAAA",
    TipoHecho.TEXTO: "Texto de hasta 160 caracteres",
}


def plantilla(normativa: Normativa, hoy: date) -> tuple[Hoja, ...]:
    """The sheets of the template: contracts with a row of example, what each column holds, and the values to choose from."""
    actos = [acto for acto in normativa.actos_vigentes(hoy) if acto.documento == "contrato"]
    ejemplo = next((acto.codigo for acto in actos if acto.tiene_cuantia), "")
    fila = [ejemplo if columna.clave == "acto" else columna.ejemplo for columna in COLUMNAS]
    ayudas = [(c.titulo, "Sí" if c.obligatoria else "No", c.ayuda) for c in COLUMNAS]
    ayudas += [
        (f"{HECHOS}{hecho.clave}", "No", f"{hecho.descripcion} {_como_se_escribe(hecho)}")
        for hecho in normativa.hechos
        if hecho.clave not in CON_COLUMNA
    ]
    valores = [("Acto", acto.codigo, acto.nombre) for acto in actos]
    valores += [
        ("Tarifa que aplica", t.variante, f"{acto.codigo}: {t.texto}")
        for acto in actos
        for t in normativa.variantes_de(acto, hoy)
    ]
    valores += [("Otros actos", codigo, f"Junto con {a.codigo}") for a in actos for codigo in a.concurre_con]
    valores += [("Tipo de documento", codigo, nombre) for codigo, nombre in TIPOS_DOCUMENTO.items()]
    valores += [("Tipo de contratista", codigo, nombre) for codigo, nombre in CLASES_CONTRIBUYENTE.items()]
    tipos = next((hecho.valores for hecho in normativa.hechos if hecho.clave == "contrato.tipo"), ())
    valores += [("Tipo de contrato", codigo, nombre_de(TIPOS_CONTRATO, codigo)) for codigo in tipos]
    return (
        Hoja("Contratos", [c.titulo for c in COLUMNAS], [fila]),
        Hoja("Ayuda", ("Columna", "¿Debe estar?", "Qué se escribe"), ayudas),
        Hoja("Valores", ("Columna", "Se escribe", "Significa"), valores),
    )


def errores(todos: Iterable[ErrorCelda]) -> Hoja:
    """What to mend, by row and column."""
    filas = [(error.fila, error.columna, error.titulo, error.regla, error.mensaje) for error in todos]
    return Hoja("Errores", ("Fila", "Columna", "Título", "Regla", "Qué corregir"), filas)


def resultado(renglones: Iterable[RenglonLote], hoy: date, enlace: Callable[[str], str]) -> Hoja:
    """The liquidación of each row. `enlace` gives the address of a liquidación's PDF from its code."""
    titulos = (
        "Fila",
        "Número de contrato",
        "Vigencia",
        "Contratista",
        "Documento",
        "Liquidación",
        "Total",
        "Estado",
        "Resultado",
        "PDF",
    )
    filas = []
    for renglon in renglones:
        una = renglon.liquidacion
        filas.append(
            (
                renglon.fila,
                una.numero_contrato,
                una.vigencia,
                una.nombre,
                escribir_documento(una.tipo_documento, una.documento),
                una.numero,
                una.total,
                ", ".join(estado.value for estado in una.estados_publicos(hoy)),
                "Emitida" if renglon.nueva else "Ya estaba liquidado",
                enlace(una.codigo),
            )
        )
    return Hoja("Resultado", titulos, filas)


def _como_se_escribe(hecho: Hecho) -> str:
    if hecho.tipo in _FORMAS:
        return _FORMAS[hecho.tipo] + "."
    varios = " Varios van separados por |." if hecho.tipo is TipoHecho.OPCIONES else ""
    return "Uno de: " + ", ".join(f"{valor} ({hecho.nombre_de(valor)})" for valor in hecho.valores) + "." + varios
