"""The door through which a contributor assesses alone: this department, now; and what this browser assessed."""

from portal.models import Liquidacion
from portal.operaciones.autoliquidaciones import Autoservicio
from portal.web.departamento import ajustes_actuales, departamento_actual
from portal.web.recordados import recordados, recordar
from portal.web.reloj import ahora, hoy
from portal.web.seguridad import peticion_id


def autoservicio() -> Autoservicio:
    """Where and when whoever asks is."""
    departamento = departamento_actual()
    return Autoservicio(
        departamento.codigo,
        departamento.dias_para_pagar,
        ajustes_actuales().es_demostracion,
        ahora(),
        hoy(),
        peticion_id(),
    )


def recordar_liquidacion(codigo: str) -> None:
    """Keep in this browser, until it is closed, that it may open that private page."""
    recordar("liquidaciones", codigo)


def es_de_este_navegador(liquidacion: Liquidacion) -> bool:
    """Whether this browser was led to its private page before."""
    return liquidacion.codigo in recordados("liquidaciones")
