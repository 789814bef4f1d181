"""What publishing a draft would do, in sentences that a person checks before signing."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from portal.dominio.dinero import escribir_pesos
from portal.dominio.errores import DatoInvalido
from portal.dominio.planes import Fila, Plan, clave
from portal.dominio.tarifas import Tarifa, TipoTarifa, texto_de
from portal.operaciones.borradores import Borrador, filas_tocables
from portal.operaciones.publicaciones import revisar


def efectos(una: Borrador, hoy: date) -> tuple[list[str], str]:
    """One sentence for each row that would begin, change its last day or stop; or why it cannot be published today."""
    try:
        plan = revisar(una, hoy)
    except DatoInvalido as error:
        return [], error.mensaje
    return [*_nuevas(plan), *_cambios(plan, filas_tocables(una))], ""


def cifra_de(clase: str, fila: Fila) -> str:
    """The figure of a row of either kind, for people."""
    if clase == "tarifa":
        return texto_de(TipoTarifa(fila["tipo"]), Decimal(fila["valor"]), fila["indicador"])
    return escribir_pesos(Decimal(fila["valor"]))


def cifra_de_tarifa(tarifa: Tarifa) -> str:
    """The same, of a tariff as the engine reads it."""
    return texto_de(tarifa.tipo, tarifa.valor, tarifa.indicador)


def _nuevas(plan: Plan) -> Iterator[str]:
    for fila in plan.nuevas:
        yield f"{cifra_de(plan.clase, fila)} regirá desde el {_dia(fila['desde'])}{_hasta(fila['hasta'])}."


def _cambios(plan: Plan, filas: list[Fila]) -> Iterator[str]:
    for fila in filas:
        que = f"Lo publicado, {cifra_de(plan.clase, fila)} ({fila.get('norma') or fila.get('acto')})"
        if clave(fila) in plan.quitadas:
            yield f"{que}, se reemplaza del todo: ninguna liquidación lo usó."
        elif clave(fila) in plan.finales and plan.finales[clave(fila)] != fila["hasta"]:
            fin = plan.finales[clave(fila)]
            yield f"{que}, regirá{' solo' if _es_antes(fin, fila['hasta']) else ''}{_hasta(fin)}."


def _es_antes(nuevo: date | None, viejo: date | None) -> bool:
    return (nuevo or date.max) < (viejo or date.max)


def _hasta(fin: date | None) -> str:
    return f" hasta el {_dia(fin)}" if fin else " sin fecha final"


def _dia(fecha: date) -> str:
    return fecha.strftime("%d/%m/%Y")
