"""The spreadsheet of one day's close."""

from portal.documentos.libro import Celda, Hoja
from portal.dominio.cierre import SIGNIFICADOS, LineaBanco, Renglon
from portal.dominio.cierre_dia import Cifras
from portal.operaciones.cierres.cotejo import Dia

_LADOS = ("libro", "pasarela", "banco")


def hojas_del_dia(dia: Dia) -> tuple[Hoja, ...]:
    """Its figures by class, and its lines with what each side says."""
    mostrado = dia.mostrado
    notas = [f"Cuenta {mostrado.cuenta}, {mostrado.dia}", f"Estado: {dia.estado.value}"]
    if dia.firma is not None and mostrado is not dia.actual:
        notas.append(f"Versión {dia.firma.version}, firmada por {dia.firma.firmado_por_nombre}")
        notas.append(f"Huella {dia.firma.huella}")
    if dia.pide_reabrir:
        notas.append("Llegó algo después de firmar: el día pide reabrirse.")
    cifras = [(SIGNIFICADOS[clase].nombre, *_cifras(suyas)) for clase, suyas in mostrado.cifras().items()]
    titulos = ("Clase", "Créditos", "Libro", "Transacciones", "Pasarela", "Líneas", "Banco")
    return (
        Hoja("Cifras", titulos, [*cifras, ("Total", *_cifras(mostrado.total()))], notas),
        Hoja(
            "Renglones",
            (
                "Clase",
                "Referencia",
                "Transacción",
                "CUS",
                "Canal",
                *(t for x in _LADOS for t in (f"Día {x}", f"Valor {x}")),
            ),
            [_fila(renglon) for renglon in mostrado.renglones],
        ),
    )


def _cifras(cifras: Cifras) -> list[Celda]:
    return [celda for lado in _LADOS for celda in (getattr(cifras, lado).cuantas, getattr(cifras, lado).valor)]


def _fila(renglon: Renglon) -> list[Celda]:
    uno = renglon.libro or renglon.pasarela
    nombres = [uno.referencia, uno.transaccion, uno.cus] if uno else [renglon.lineas[0].referencia, "", ""]
    lados: list[Celda] = []
    for lado in _LADOS:
        linea = getattr(renglon, lado)
        lados += [linea.dia, linea.valor] if linea else [None, None]
    return [SIGNIFICADOS[renglon.clase].nombre, *nombres, _canal(renglon), *lados]


def _canal(renglon: Renglon) -> str:
    if renglon.libro is not None:
        return renglon.libro.canal.value
    linea = renglon.banco
    return "ventanilla" if isinstance(linea, LineaBanco) and not linea.es_pse else "pse"
