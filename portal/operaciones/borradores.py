"""A draft seen as if it were published: its plan over the dated rows, and the rules that would come of it."""

from datetime import timedelta

from portal.dominio import propuestas as reglas
from portal.dominio.catalogo import construir
from portal.dominio.normativa import Normativa
from portal.dominio.planes import Plan
from portal.models import PropuestaIndicador
from portal.operaciones.normativa import filas_de
from portal.operaciones.propuestas import datos_de, en_rango, indicador_de


def normativa_con(departamento: str, propuesta: PropuestaIndicador) -> Normativa:
    """The rules of a department as they would be if this draft were published today; nothing is written.

    Raises `DatoInvalido` naming the field when the draft no longer fits among what is published.
    """
    plan = plan_de(departamento, propuesta)
    filas = filas_de(departamento)
    return construir(departamento, {**filas, plan.clase: plan.sobre(filas[plan.clase])})


def plan_de(departamento: str, propuesta: PropuestaIndicador) -> Plan:
    """What publishing the draft would do to the dated rows. Raises `DatoInvalido` when it does not fit."""
    indicador = indicador_de(departamento, propuesta.codigo)
    datos = datos_de(propuesta)
    cortada = reglas.encajar(datos.desde, datos.hasta, en_rango(indicador), ano_completo=indicador.ano_completo)
    nueva = {
        "departamento": propuesta.departamento,
        "codigo": propuesta.codigo,
        "origen": "",
        "desde": datos.desde,
        "hasta": datos.hasta,
        "valor": datos.valor,
        "acto": datos.acto,
        "acto_fecha": datos.acto_fecha,
        "comprobacion": "",
    }
    finales = {} if cortada is None else {(propuesta.codigo, cortada.desde): datos.desde - timedelta(days=1)}
    return Plan("valor_indicador", (nueva,), finales)
