"""What publishing a draft would do, in sentences that a person checks before signing."""

from collections.abc import Iterator
from datetime import date

from portal.dominio.calendario import dia_en_palabras
from portal.dominio.errores import DatoInvalido
from portal.dominio.planes import Fila, Plan, clave
from portal.operaciones.borradores import Borrador, cifra_de_fila, filas_tocables
from portal.operaciones.publicaciones import revisar


def efectos(una: Borrador, hoy: date) -> tuple[list[str], str]:
    """One sentence for each row that would begin, change its last day or stop; or why it cannot be published today."""
    try:
        plan = revisar(una, hoy)
    except DatoInvalido as error:
        return [], error.mensaje
    return [*_nuevas(plan), *_cambios(plan, filas_tocables(una))], ""


def _nuevas(plan: Plan) -> Iterator[str]:
    for fila in plan.nuevas:
        yield f"{cifra_de_fila(plan.clase, fila)} regirá desde el {dia_en_palabras(fila['desde'])}{_hasta(fila['hasta'])}."


def _cambios(plan: Plan, filas: list[Fila]) -> Iterator[str]:
    for fila in filas:
        que = f"Lo publicado, {cifra_de_fila(plan.clase, fila)} ({fila.get('norma') or fila.get('acto')})"
        if clave(fila) in plan.quitadas:
            yield f"{que}, se reemplaza del todo: ninguna liquidación lo usó."
        elif clave(fila) in plan.finales and plan.finales[clave(fila)] != fila["hasta"]:
            fin = plan.finales[clave(fila)]
            yield f"{que}, regirá{' solo' if _es_antes(fin, fila['hasta']) else ''}{_hasta(fin)}."


def _es_antes(nuevo: date | None, viejo: date | None) -> bool:
    return (nuevo or date.max) < (viejo or date.max)


def _hasta(fin: date | None) -> str:
    return f" hasta el {dia_en_palabras(fin)}" if fin else " sin fecha final"
