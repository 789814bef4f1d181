"""The spreadsheet of an imported file: every line with what it did, and the sums by outcome."""

from collections.abc import Mapping, Sequence

from portal.documentos.libro import Hoja
from portal.dominio.movimientos import DESENLACES, CanalMovimiento, ResultadoMovimiento
from portal.models import ArchivoBanco, MovimientoBanco
from portal.operaciones.archivos_banco.importacion import Suma

_CANALES = {CanalMovimiento.PSE: "PSE", CanalMovimiento.VENTANILLA: "Ventanilla"}


def hojas(
    archivo: ArchivoBanco,
    movimientos: Sequence[MovimientoBanco],
    sumas: Mapping[ResultadoMovimiento, Suma],
) -> tuple[Hoja, ...]:
    """The lines that were new, and what the whole file sums."""
    notas = (
        f"Archivo {archivo.numero}: {archivo.nombre}. Recaudo del {archivo.dia.isoformat()}.",
        f"Lo importó {archivo.usuario_nombre}.",
    )
    titulos = (
        "Línea",
        "Canal",
        "Referencia",
        "Valor",
        "Devuelto",
        "Resultado",
        "Qué significa",
        "Operación",
        "Autorización",
    )
    filas = [
        (
            m.linea,
            _CANALES[m.canal],
            m.referencia,
            m.valor,
            "Sí" if m.devuelta else "No",
            DESENLACES[m.resultado].nombre,
            DESENLACES[m.resultado].explica,
            m.operacion or "",
            m.autorizacion or "",
        )
        for m in movimientos
    ]
    resumen = [(DESENLACES[r].nombre, s.cuantas, s.valor) for r, s in sumas.items()]
    if archivo.repetidas:
        resumen.append(("Ya los había traído otro archivo", archivo.repetidas, archivo.valor_repetido))
    resumen.append(("Total del archivo", archivo.lineas, archivo.total))
    return (
        Hoja("Líneas", titulos, filas, notas),
        Hoja("Resumen", ("Resultado", "Líneas", "Valor"), resumen, notas),
    )
