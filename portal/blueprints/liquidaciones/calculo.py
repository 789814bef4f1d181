"""The figures while the officer types: what is missing is said kindly, what is wrong is said once, nothing is written."""

from dataclasses import dataclass

from portal.blueprints.liquidaciones.forms import EncargoForm
from portal.dominio.errores import DatoInvalido, NormaNoVigente
from portal.dominio.normativa import Normativa
from portal.operaciones.encargos import Asunto, Previa, previsualizar
from portal.web.departamento import ajustes_actuales, departamento_actual
from portal.web.reloj import hoy


@dataclass(frozen=True)
class Calculo:
    """Figures, or why there are none yet: `faltan` are labels of empty fields, `errores` sentences."""

    previa: Previa | None = None
    faltan: tuple[str, ...] = ()
    errores: tuple[str, ...] = ()


def calcular(form: EncargoForm, normativa: Normativa) -> Calculo:
    """The preview of whatever is typed so far; reads only the fields that the figures depend on."""
    campos = [form[nombre] for nombre in form.DE_CALCULO if nombre in form] + [c.campo for c in form.campos_hechos]
    faltan = [c.label.text for c in campos if not c.data and form.hace_falta(c)]
    escritos = [c for c in campos if c.data and not c.validate(form)]
    if escritos:
        return Calculo(errores=tuple(f"{c.label.text}: {error}" for c in escritos for error in c.errors))
    if faltan:
        return Calculo(faltan=tuple(faltan))
    for campo in campos:
        campo.validate(form)
    try:
        return Calculo(previa_de(form.asunto(), normativa))
    except DatoInvalido as error:
        # The engine alone knows that an act which nothing exempts needs its amount.
        if error.campo == "valor" and "valor" in form and not form["valor"].data:
            return Calculo(faltan=(form["valor"].label.text,))
        return Calculo(errores=(error.mensaje,))
    except NormaNoVigente as error:
        return Calculo(errores=(error.en_palabras,))


def previa_de(asunto: Asunto, normativa: Normativa) -> Previa:
    """The figures of today with this installation's settings. Raises as `previsualizar`."""
    return previsualizar(
        asunto,
        normativa=normativa,
        plazo_dias=departamento_actual().dias_para_pagar,
        permitir_provisional=ajustes_actuales().es_demostracion,
        hoy=hoy(),
    )
