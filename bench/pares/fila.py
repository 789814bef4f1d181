"""What the peers show of a factura, so that all of them write the same words."""

from collections.abc import Sequence
from datetime import date, datetime

COLUMNAS = (
    ("identificacion", "Identificación", False),
    ("nombre", "Nombre", False),
    ("tramite", "Trámite", False),
    ("estampilla", "Estampilla", False),
    ("factura", "Factura Estampilla", False),
    ("valor", "Valor Estampilla", True),
    ("estado", "Estado", False),
)
_ESTADOS = {"legalizada": "Legalizado", "utilizada": "Utilizada"}
Mostrada = dict[str, object]


def mostrada(*, nombre: str, estado: str, fecha_limite: date, valor: int, **otros: object) -> Mostrada:
    """A row: pesos as they are written, the name hidden, the word of its state."""
    if estado == "liquidada":
        palabra = "Vencida" if fecha_limite < datetime.now().astimezone().date() else "Liquidado"
    else:
        palabra = _ESTADOS.get(estado, "En verificación")
    oculto = " ".join(f"{p[0]}***" for p in nombre.split())
    return {**otros, "nombre": oculto, "estado": palabra, "valor": f"${valor // 100:,}".replace(",", ".")}


def contexto_de(filas: Sequence[Mostrada], total: int) -> dict[str, object]:
    """What `tabla.html` needs for the first page."""
    return {
        "filas": filas,
        "columnas": COLUMNAS,
        "tamanos": (5, 10, 25, 50, 100),
        "desde": 1,
        "hasta": len(filas),
        "total": total,
    }
