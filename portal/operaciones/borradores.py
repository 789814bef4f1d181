"""A draft seen as if it were published: its plan over the dated rows, and the rules that would come of it."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.dominio.catalogo import construir, leer_tarifa
from portal.dominio.dinero import escribir_pesos
from portal.dominio.errores import DatoInvalido
from portal.dominio.normativa import Normativa
from portal.dominio.planes import (
    Correccion,
    Fila,
    Gravamen,
    Plan,
    plan_de_tarifa,
    plan_de_termino,
    plan_de_valor,
)
from portal.dominio.propuestas_tarifa import cifra_de
from portal.models import CambioTarifa, PropuestaIndicador, PropuestaTarifa
from portal.models.normativa import Indicador
from portal.operaciones.archivos_normativa import NACIONAL, fila_de_tarifa
from portal.operaciones.normativa import departamentos_cargados, filas_de, filas_de_tabla, ultimo_uso
from portal.operaciones.revision_normativa import revisar

Borrador = PropuestaIndicador | PropuestaTarifa
# Columns of a tariff that its draft fixes, and those that it leaves as they are in the tariff that it follows.
_QUE_SE_PROPONE = {
    *(
        "departamento",
        "codigo",
        "origen",
        "estampilla",
        "acto",
        "clase",
        "variante",
        "variante_sugerida",
        "desde",
        "hasta",
    ),
    *("tipo", "valor", "indicador", "redondeo", "redondeo_inferido", "norma", "articulo", "provisional"),
}
_QUE_SE_CONSERVA = {"excepto_grupos"}


def normativa_con(departamento: str, propuesta: Borrador) -> Normativa:
    """The rules of a department as they would be if this draft were published today; nothing is written.

    Raises `DatoInvalido` naming the field when the draft no longer fits among what is published.
    """
    return _con(departamento, filas_de(departamento), plan_de(propuesta))


def plan_de(propuesta: Borrador) -> Plan:
    """What publishing the draft would do to the dated rows. Raises `DatoInvalido` when it does not fit among them."""
    if isinstance(propuesta, PropuestaIndicador):
        return _plan_de_valor(propuesta)
    gravamen, filas = gravamen_de(propuesta), filas_tocables(propuesta)
    if propuesta.cambio is CambioTarifa.TERMINAR:
        return plan_de_termino(filas, propuesta.desde, propuesta.hasta)
    nueva = _fila_de_tarifa(propuesta, gravamen, filas)
    return plan_de_tarifa(filas, nueva, correccion=_correccion(propuesta, filas, gravamen))


def problemas_con(propuesta: Borrador, plan: Plan) -> list[str]:
    """What would be wrong with the rules after the plan and is not wrong today, one Spanish sentence each."""
    propias = (propuesta.departamento,) if propuesta.departamento != NACIONAL else departamentos_cargados()
    problemas: list[str] = []
    for departamento in propias:
        filas = filas_de(departamento)
        antes = set(revisar(construir(departamento, filas)))
        problemas += [p for p in revisar(_con(departamento, filas, plan)) if p not in antes]
    return problemas


def uso_en(propuesta: Borrador, plan: Plan) -> date | None:
    """The last day, among those that the plan would change, on which something was assessed; None when it may be published."""
    gravamen = gravamen_de(propuesta) if isinstance(propuesta, PropuestaTarifa) else None
    dias = list(plan.dias_de(filas_tocables(propuesta)))
    if gravamen:
        # Where a stamp begins to be charged on an act, the act may have been assessed without it.
        dias += [(nueva["desde"], nueva["hasta"]) for nueva in plan.nuevas]
    usos = [ultimo_uso(propuesta.departamento, desde, hasta, gravamen) for desde, hasta in dias]
    return max((uso for uso in usos if uso is not None), default=None)


def cifra_de_fila(clase: str, fila: Fila) -> str:
    """The figure of a row of either kind, for people: `$52.374`, `2 %`."""
    return cifra_de(leer_tarifa(fila)) if clase == "tarifa" else escribir_pesos(fila["valor"])


def filas_tocables(propuesta: Borrador) -> list[Fila]:
    """The live rows that a draft may end or replace: those of its gravamen or of its indicator, oldest first."""
    if isinstance(propuesta, PropuestaTarifa):
        return filas_del_gravamen(propuesta.departamento, gravamen_de(propuesta))
    filas: list[Fila] = [*filas_de_tabla("valor_indicador", propuesta.departamento, codigo=propuesta.codigo)]
    return filas


def gravamen_de(propuesta: PropuestaTarifa) -> Gravamen:
    """What a tariff's draft speaks of."""
    return Gravamen(propuesta.estampilla, propuesta.acto_gravado, propuesta.clase_acto)


def filas_del_gravamen(departamento: str, gravamen: Gravamen) -> list[Fila]:
    """The live tariffs of a gravamen, oldest first."""
    filas = [f for f in filas_de_tabla("tarifa", departamento) if gravamen.es_de(f)]
    return sorted(filas, key=lambda f: (f["desde"], f["variante"]))


def _con(departamento: str, filas: dict[str, list[dict[str, Any]]], plan: Plan) -> Normativa:
    return construir(departamento, {**filas, plan.clase: plan.sobre(filas[plan.clase])})


def _plan_de_valor(propuesta: PropuestaIndicador) -> Plan:
    filas = filas_tocables(propuesta)
    nueva = {
        "departamento": propuesta.departamento,
        "codigo": propuesta.codigo,
        "origen": "",
        "desde": propuesta.desde,
        "hasta": propuesta.hasta,
        "valor": propuesta.valor,
        # A draft may lack its act; what is published never does.
        "acto": propuesta.acto or "acto pendiente",
        "acto_fecha": propuesta.acto_fecha,
        "comprobacion": "",
    }
    consulta = select(Indicador.ano_completo).where(
        Indicador.departamento == propuesta.departamento, Indicador.codigo == propuesta.codigo
    )
    ano_completo = db.session.execute(consulta).scalar_one()
    return plan_de_valor(filas, nueva, ano_completo=ano_completo, correccion=_correccion(propuesta, filas, None))


def _fila_de_tarifa(propuesta: PropuestaTarifa, gravamen: Gravamen, filas: Sequence[Fila]) -> Fila:
    """The row that the draft would become; what a draft does not speak of stays as in the tariff that it follows.

    Raises `DatoInvalido` when that one has conditions (columns) that no draft can say or keep.
    """
    crudo = {
        "acto": gravamen.acto,
        "clase": gravamen.clase,
        "tipo": propuesta.tipo,
        "valor": f"{Decimal(propuesta.valor):f}",
        "indicador": propuesta.indicador,
        "redondeo": propuesta.redondeo,
        "redondeo_inferido": propuesta.redondeo_inferido,
        "norma": propuesta.norma,
        "articulo": propuesta.articulo,
        "desde": propuesta.desde,
    }
    nueva = fila_de_tarifa(crudo, propuesta.departamento, gravamen.estampilla, "")
    previas = [f for f in filas if f["desde"] <= propuesta.desde] or filas
    if not previas:
        return nueva
    previa = previas[-1]
    if any(previa[c] for c in set(previa) - _QUE_SE_PROPONE - _QUE_SE_CONSERVA):
        raise DatoInvalido(
            "Esta tarifa tiene condiciones que la pantalla no cambia: cámbiela en los archivos de normas."
        )
    return {**nueva, **{c: previa[c] for c in _QUE_SE_CONSERVA}}


def _correccion(propuesta: Borrador, filas: Sequence[Fila], gravamen: Gravamen | None) -> Correccion | None:
    if propuesta.corrige is None:
        return None
    hasta = next((f["hasta"] for f in filas if f["desde"] == propuesta.corrige), None)
    return Correccion(propuesta.corrige, ultimo_uso(propuesta.departamento, propuesta.corrige, hasta, gravamen))
