"""What a payer reads in each state: PSE's mandated words, whether money left the account, and what happens next.

Texts of PENDIENTE and APROBADA: PSE's double-payment control (rule R9).
"""

from dataclasses import dataclass

from portal.dominio.estados import EstadoPago
from portal.models import Pago
from portal.web.departamento import Departamento


@dataclass(frozen=True)
class Palabras:
    """`clase` picks the colour; `dinero` answers the only question that worries the payer."""

    titulo: str
    clase: str
    dinero: str
    siguiente: str


_PALABRAS = {
    EstadoPago.CREADO: Palabras(
        "Estamos preparando su pago",
        "alerta",
        "Todavía no se ha hecho ningún débito.",
        "Espere un momento. Si en unos minutos no cambia, las estampillas quedan libres y podrá intentarlo de nuevo.",
    ),
    EstadoPago.ENVIADO: Palabras(
        "Su pago está sin terminar",
        "alerta",
        "Todavía no se ha hecho ningún débito.",
        "Continúe en el banco para terminar el pago. Si no lo hace, la solicitud vence sola y podrá intentarlo de nuevo.",
    ),
    EstadoPago.PENDIENTE: Palabras(
        "Transacción pendiente",
        "alerta",
        "Su banco aún no confirma si hizo el débito. No pague de nuevo.",
        "Esta página pregunta por usted y cambia sola cuando el banco responda. También puede cerrarla y volver más tarde.",
    ),
    EstadoPago.APROBADO: Palabras(
        "Transacción aprobada",
        "exito",
        "El dinero salió de su cuenta y el pago quedó registrado.",
        "Las estampillas ya aparecen como Legalizado en la Consulta Pública. Descargue el comprobante.",
    ),
    EstadoPago.RECHAZADO: Palabras(
        "Transacción rechazada",
        "error",
        "No se hizo ningún débito.",
        "Su banco no autorizó el pago o usted lo canceló. Puede intentarlo de nuevo.",
    ),
    EstadoPago.FALLIDO: Palabras(
        "Transacción fallida",
        "error",
        "No se hizo ningún débito.",
        "Puede intentarlo de nuevo en unos minutos.",
    ),
    EstadoPago.VENCIDO: Palabras(
        "Transacción vencida",
        "error",
        "No se hizo ningún débito.",
        "La solicitud venció antes de terminar el pago. Puede intentarlo de nuevo.",
    ),
}


def palabras(pago: Pago) -> Palabras:
    """The words for the state of an attempt; money that went back, or that paid nothing, is said first."""
    if pago.reversion is not None:
        return Palabras(
            "El banco devolvió este pago",
            "error",
            "El pago se había aprobado y después el banco lo reversó: las estampillas se deben de nuevo.",
            "Pregunte a su banco por el dinero y pague otra vez las estampillas. Este pago ya no sirve como prueba.",
        )
    if pago.excedente:
        return Palabras(
            "Recibimos un pago que debemos revisar",
            "alerta",
            "El dinero salió de su cuenta, pero la estampilla ya estaba pagada, no se debía o el valor no coincide.",
            "No pague de nuevo. El dinero de más se le devuelve a la cuenta que indique al pedir la devolución.",
        )
    if pago.devuelto_entero:
        return Palabras(
            "Este pago se devolvió",
            "exito",
            "El dinero se transfirió a la cuenta que se indicó al pedir la devolución.",
            "Este pago ya no sirve como prueba.",
        )
    if pago.estado is EstadoPago.FALLIDO and pago.recaudos:
        return Palabras(
            "Este pago no legalizó ninguna estampilla",
            "error",
            "El banco cobró un valor que no era el liquidado, y la Tesorería ya dispuso de ese dinero.",
            "Las estampillas siguen sin pagar. Puede pagarlas de nuevo; si tiene dudas, escríbanos con la referencia.",
        )
    if pago.estado is EstadoPago.ENVIADO and pago.rechazado_en_sesion:
        return Palabras(
            "Transacción rechazada",
            "error",
            "No se hizo ningún débito.",
            "Su banco no autorizó el pago. Puede intentarlo de nuevo con el mismo banco o con otro.",
        )
    return _PALABRAS[pago.estado]


def texto_en_curso(pago: Pago, departamento: Departamento) -> str:
    """PSE's mandated sentence for whoever tries to pay again what is pending or paid."""
    referencia = f"liquidación {pago.liquidacion.numero}"
    contacto = _contacto(departamento)
    if pago.estado is EstadoPago.APROBADO:
        return (
            f"En este momento su {referencia} ha finalizado su proceso de pago y cuya transacción se encuentra APROBADA en "
            f"su entidad financiera. Si desea mayor información sobre el estado de su operación puede comunicarse {contacto} "
            f"y preguntar por el estado de la transacción: {pago.cus or pago.referencia}."
        )
    return (
        f"En este momento su {referencia} presenta un proceso de pago cuya transacción se encuentra PENDIENTE de recibir "
        "confirmación por parte de su entidad financiera, por favor espere unos minutos y vuelva a consultar más tarde para "
        "verificar si su pago fue confirmado de forma exitosa. Si desea mayor información sobre el estado actual de su "
        f"operación puede comunicarse {contacto} y preguntar por el estado de la transacción: {pago.cus or pago.referencia}."
    )


def _contacto(departamento: Departamento) -> str:
    telefono = f"a nuestras líneas de atención al cliente {departamento.telefono} o " if departamento.telefono else ""
    if not departamento.correo:
        return f"con la {departamento.oficina}"
    return (
        f"{telefono}enviar un correo electrónico a {departamento.correo}"
        if telefono
        else f"al correo {departamento.correo}"
    )
