"""What people read of the books: accounts, asientos, channels, and what happened to a payment."""

from collections.abc import Mapping
from types import MappingProxyType

from portal.dominio.libro import (
    CONSIGNACIONES,
    EXCEDENTES,
    LEGALIZACION_MANUAL,
    POR_IDENTIFICAR,
    SISTEMA_ANTERIOR,
    ClaseAsiento,
)

_A = ClaseAsiento
ASIENTOS: Mapping[str, str] = MappingProxyType(
    {
        _A.RECAUDO: "Recaudo de la estampilla",
        _A.EXCEDENTE: "Excedente por devolver",
        _A.SIN_IDENTIFICAR: "Recaudo por identificar",
        _A.APLICACION: "Aplicación de dinero en espera",
        _A.REVERSION: "Reversión",
        _A.TRASLADO: "Llegada al banco",
        _A.NO_DEBIDO: "Pago no debido",
        _A.DEVOLUCION: "Devolución",
        _A.CONSIGNACION: "Consignación de un agente",
        _A.REBOTE: "Devolución que el banco no pudo entregar",
    }
)
_CUENTAS: Mapping[str, str] = MappingProxyType(
    {
        EXCEDENTES: "Excedentes por devolver",
        POR_IDENTIFICAR: "Dinero por identificar",
        LEGALIZACION_MANUAL: "Legalización manual",
        SISTEMA_ANTERIOR: "Recaudado en el sistema anterior",
        CONSIGNACIONES: "Consignaciones sin línea del banco",
        "agente": "A cargo del agente recaudador",
        "pasarela": "Pasarela",
        "banco": "Cuenta bancaria",
        "estampilla": "Estampilla",
    }
)
CANALES: Mapping[str, str] = MappingProxyType(
    {
        "pse": "PSE",
        "ventanilla": "Ventanilla del banco",
        "manual": "Legalización manual",
        "retencion": "Retención de un agente",
        "migracion": "Sistema anterior",
    }
)
CLASES_RECAUDO: Mapping[str, str] = MappingProxyType(
    {
        "aplicado": "Legalizó sus estampillas",
        "parcial": "Legalizó una parte; el resto sobró",
        "doble": "Las estampillas ya estaban pagadas",
        "valor_distinto": "El valor o la moneda no son los liquidados",
        "sin_identificar": "No se sabe de quién es",
    }
)
EVENTOS_PAGO: Mapping[str, str] = MappingProxyType(
    {
        "creado": "Creado",
        "enviado": "Enviado al banco",
        "pendiente": "Pendiente",
        "aprobado": "Aprobado",
        "rechazado": "Rechazado",
        "fallido": "Fallido",
        "vencido": "Vencido",
        "revertido": "Devuelto por el banco",
        "referencia_distinta": "La pasarela respondió por otra referencia",
        **CLASES_RECAUDO,
    }
)
CAUSAS: Mapping[str, str] = MappingProxyType(
    {
        "pagador": "el pagador",
        "envio": "el envío a la pasarela",
        "retorno": "el regreso del pagador",
        "notificacion": "un aviso de la pasarela",
        "sonda": "la sonda",
        "tesoreria": "una consulta de Tesorería",
        "reversion": "una reversión",
    }
)
QUIEN_REVIRTIO: Mapping[str, str] = MappingProxyType(
    {
        "pasarela": "la pasarela",
        "banco": "el banco",
        "tesoreria": "Tesorería, con una orden de dos personas",
        "agente": "la entidad que lo había retenido",
    }
)


def nombre_de_cuenta(cuenta: str) -> str:
    """An account of the ledger, for people.

    >>> nombre_de_cuenta("estampilla:P-CULTURA"), nombre_de_cuenta("excedentes")
    ('Estampilla P-CULTURA', 'Excedentes por devolver')
    """
    clase, _, cual = cuenta.partition(":")
    return f"{_CUENTAS.get(clase, clase)} {cual}".strip()
