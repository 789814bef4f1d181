"""What a payer reads in each state: PSE's mandated words, whether money left the account, and what happens next.

Texts of PENDIENTE and APROBADA: PSE's double-payment control (rule R9).
"""

from dataclasses import dataclass

from portal.dominio.estados import EstadoPago
from portal.models import Pago
from portal.web.departamento import Departamento


@dataclass(frozen=True)
class Palabras:
    """`clase` picks the colour; `frase` says in one sentence whether money left the account, and what happens next."""

    titulo: str
    clase: str
    frase: str


_PALABRAS = {
    EstadoPago.CREADO: Palabras(
        "Estamos preparando su pago",
        "alerta",
        "Todavía no se ha hecho ningún débito: espere un momento y, si en unos minutos esto no cambia, las estampillas "
        "quedan libres y podrá intentarlo de nuevo.",
    ),
    EstadoPago.ENVIADO: Palabras(
        "Su pago está sin terminar",
        "alerta",
        "Todavía no se ha hecho ningún débito: continúe en el banco para terminar el pago o, si no quiere hacerlo, deje que "
        "la solicitud venza sola.",
    ),
    EstadoPago.PENDIENTE: Palabras(
        "Transacción pendiente",
        "alerta",
        "Su banco aún no confirma si hizo el débito: no pague de nuevo, que esta página cambia sola cuando el banco responda "
        "y también puede cerrarla y volver más tarde.",
    ),
    EstadoPago.APROBADO: Palabras(
        "Transacción aprobada",
        "exito",
        "El dinero salió de su cuenta y el pago quedó registrado: las estampillas ya aparecen como Legalizado en la Consulta "
        "Pública.",
    ),
    EstadoPago.RECHAZADO: Palabras(
        "Transacción rechazada",
        "error",
        "No se hizo ningún débito: su banco no autorizó el pago o usted lo canceló, y puede intentarlo de nuevo.",
    ),
    EstadoPago.FALLIDO: Palabras(
        "Transacción fallida",
        "error",
        "No se hizo ningún débito: las estampillas siguen por pagar y puede intentarlo de nuevo en unos minutos.",
    ),
    EstadoPago.VENCIDO: Palabras(
        "Transacción vencida",
        "error",
        "No se hizo ningún débito: la solicitud venció antes de terminar el pago, y puede intentarlo de nuevo.",
    ),
}
_REVERTIDO = Palabras(
    "El banco devolvió este pago",
    "error",
    "El banco había aprobado el pago y después lo reversó: pregúntele por su dinero y pague otra vez las estampillas, que se "
    "deben de nuevo.",
)
_EXCEDENTE = Palabras(
    "Recibimos un pago que debemos revisar",
    "alerta",
    "El dinero salió de su cuenta, pero la estampilla ya estaba pagada, no se debía o el valor no coincide: no pague de "
    "nuevo, y el dinero de más se le devuelve a la cuenta que indique al pedir la devolución.",
)
_DEVUELTO = Palabras(
    "Este pago se devolvió",
    "exito",
    "El dinero de este pago se transfirió a la cuenta que se indicó al pedir la devolución, y por eso ya no sirve como prueba.",
)
_SIN_LEGALIZAR = Palabras(
    "Este pago no legalizó ninguna estampilla",
    "error",
    "El banco cobró un valor que no era el liquidado y la Tesorería ya dispuso de ese dinero: las estampillas siguen sin "
    "pagar y puede pagarlas de nuevo.",
)
_RECHAZADO_EN_SESION = Palabras(
    "Transacción rechazada",
    "error",
    "No se hizo ningún débito: su banco no autorizó el pago, y puede intentarlo de nuevo con el mismo banco o con otro.",
)
_APROBADO_TARDE = Palabras(
    "Transacción aprobada",
    "exito",
    "El dinero salió de su cuenta: el banco confirmó el pago después de darlo por no hecho, y las estampillas ya aparecen como "
    "Legalizado en la Consulta Pública.",
)


def palabras(pago: Pago, *, tarde: bool = False) -> Palabras:
    """The words for the state of an attempt; money that went back, or that paid nothing, is said first.

    `tarde`: it was approved after it had been given up (`pagos.llego_tarde`).
    """
    casos = (
        (pago.reversion is not None, _REVERTIDO),
        (bool(pago.excedente), _EXCEDENTE),
        (pago.devuelto_entero, _DEVUELTO),
        (pago.estado is EstadoPago.FALLIDO and bool(pago.recaudos), _SIN_LEGALIZAR),
        (pago.estado is EstadoPago.ENVIADO and pago.rechazado_en_sesion, _RECHAZADO_EN_SESION),
        (pago.estado is EstadoPago.APROBADO and tarde, _APROBADO_TARDE),
    )
    return next((suyas for es, suyas in casos if es), _PALABRAS[pago.estado])


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
