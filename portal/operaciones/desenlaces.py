"""What is publicly true of an attempt, computed from its rows: PSE's four outcomes, whether money left, what comes next.

The words in capitals and the sentences marked as mandated are PSE's (pse.md 2); templates only place them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.dominio.dinero import escribir_pesos
from portal.dominio.estados import ESTADOS_VIVOS, EstadoPago
from portal.models import Pago
from portal.models.pago import ClaseRecaudo


class Resultado(StrEnum):
    """PSE's outcomes as its receipts name them."""

    APROBADA = "Transacción aprobada"
    PENDIENTE = "Transacción pendiente"
    RECHAZADA = "Transacción rechazada"
    FALLIDA = "Transacción fallida"


@dataclass(frozen=True)
class Contacto:
    """Whom a payer asks; either may be empty."""

    oficina: str
    correo: str
    telefono: str

    def frase(self) -> str:
        """`escriba a … o llame al …`; in person when neither is known."""
        medios = []
        if self.correo:
            medios.append(f"escriba a {self.correo}")
        if self.telefono:
            medios.append(f"llame al {self.telefono}")
        return " o ".join(medios) or f"acérquese a la {self.oficina}"


@dataclass(frozen=True)
class Desenlace:
    """Everything the page of a payment says. `mandado` is PSE's own sentence, when it has one for the case."""

    resultado: Resultado
    dinero: str
    siguiente: str
    mandado: str = ""
    mensaje: str = ""
    es_final: bool = True
    puede_continuar: bool = False
    puede_reintentar: bool = False
    tiene_comprobante: bool = False


def desenlace_de(pago: Pago, contacto: Contacto, ahora: datetime) -> Desenlace:
    """The public facts of an attempt at `ahora`. Money of another amount is said before anything else."""
    clases = [r.clase for r in pago.recaudos]
    if pago.estado is not EstadoPago.APROBADO and ClaseRecaudo.VALOR_DISTINTO in clases:
        return _valor_distinto(pago, contacto)
    if pago.estado is EstadoPago.APROBADO:
        return _aprobado(pago, clases, contacto)
    if pago.estado in ESTADOS_VIVOS:
        return _en_espera(pago, contacto, ahora)
    return _no_pagado(pago, contacto)


def texto_pendiente(referencia: str, cus: str | None, contacto: Contacto) -> str:
    """PSE's mandated sentence for a reference whose payment waits for the bank (R9)."""
    return (
        f"En este momento su {referencia} presenta un proceso de pago cuya transacción se encuentra PENDIENTE de recibir "
        "confirmación por parte de su entidad financiera, por favor espere unos minutos y vuelva a consultar más tarde "
        f"para verificar si su pago fue confirmado de forma exitosa. {_mas_informacion(referencia, cus, contacto)}"
    )


def texto_aprobada(referencia: str, cus: str | None, contacto: Contacto) -> str:
    """PSE's mandated sentence for a reference that is paid already (R9)."""
    return (
        f"En este momento su {referencia} ha finalizado su proceso de pago y cuya transacción se encuentra APROBADA en su "
        f"entidad financiera. {_mas_informacion(referencia, cus, contacto)}"
    )


def _mas_informacion(referencia: str, cus: str | None, contacto: Contacto) -> str:
    medios = []
    if contacto.telefono:
        medios.append(f"comunicarse a nuestras líneas de atención al cliente {contacto.telefono}")
    if contacto.correo:
        medios.append(f"enviar un correo electrónico a {contacto.correo}")
    como = " o ".join(medios) or f"acercarse a la {contacto.oficina}"
    return (
        f"Si desea mayor información sobre el estado actual de su operación puede {como} y preguntar por el estado de la "
        f"transacción: {cus or referencia}."
    )


def _aprobado(pago: Pago, clases: Sequence[ClaseRecaudo], contacto: Contacto) -> Desenlace:
    salio = f"El dinero salió de su cuenta: {escribir_pesos(pago.total)}."
    devolver = f"Para la devolución, {contacto.frase()} e indique la referencia {pago.referencia}."
    if ClaseRecaudo.APLICADO in clases:
        siguiente = "Sus estampillas quedaron legalizadas. Descargue y guarde el comprobante."
        if ClaseRecaudo.DOBLE in clases:
            siguiente += f" El banco confirmó otro débito por este mismo pago. {devolver}"
    elif ClaseRecaudo.PARCIAL in clases:
        siguiente = f"Una parte legalizó estampillas; las demás ya estaban pagadas con otro pago. {devolver}"
    else:
        siguiente = f"Este pago no legalizó estampillas: ya estaban pagadas con otro pago o sin efecto. {devolver}"
    return Desenlace(Resultado.APROBADA, salio, siguiente, tiene_comprobante=True)


def _valor_distinto(pago: Pago, contacto: Contacto) -> Desenlace:
    otro = next(r for r in pago.recaudos if r.clase is ClaseRecaudo.VALOR_DISTINTO)
    recibido = escribir_pesos(otro.valor) if otro.moneda == "COP" else f"{otro.valor} {otro.moneda}"
    return Desenlace(
        Resultado.PENDIENTE,
        f"El banco confirmó {recibido}, pero el valor de este pago es {escribir_pesos(pago.total)}.",
        f"No pague de nuevo: Tesorería lo está revisando. Si necesita ayuda, {contacto.frase()} e indique la referencia "
        f"{pago.referencia}.",
        es_final=False,
    )


def _en_espera(pago: Pago, contacto: Contacto, ahora: datetime) -> Desenlace:
    if all(not r.viva for r in pago.renglones):
        return Desenlace(
            Resultado.PENDIENTE,
            "Estas estampillas ya quedaron pagadas con otro pago.",
            "No continúe este pago. Si llega a salir dinero de su cuenta por él, se le devolverá.",
            es_final=False,
        )
    if pago.estado is EstadoPago.CREADO:
        return Desenlace(
            Resultado.PENDIENTE,
            "Aún no ha salido dinero de su cuenta.",
            "Creando transacción… Espere unos segundos y actualice esta página.",
            es_final=False,
        )
    if pago.estado is EstadoPago.PENDIENTE and not pago.mensaje:
        return Desenlace(
            Resultado.PENDIENTE,
            "Su banco todavía no confirma si el dinero salió de su cuenta.",
            "No pague de nuevo. Esta página pregunta sola; también puede cerrarla y volver más tarde a esta dirección.",
            mandado=texto_pendiente(pago.referencia, pago.cus, contacto),
            es_final=False,
        )
    return _sin_terminar(pago, ahora)


def _sin_terminar(pago: Pago, ahora: datetime) -> Desenlace:
    """The gateway's session is open and nothing waits at a bank: the payer left, or the bank refused the last try."""
    abierta = ahora < pago.vence_en and pago.url_pasarela is not None
    dinero = "Usted no terminó el pago en el banco: no tenemos noticia de que haya salido dinero de su cuenta."
    if pago.mensaje:
        dinero = "El banco rechazó el último intento: no salió dinero de su cuenta por él."
    siguiente = "El plazo para continuar terminó. Espere: la pasarela debe confirmarlo antes de que pueda pagar de nuevo."
    if abierta:
        siguiente = "Puede continuar el mismo pago. Si no lo continúa, vence solo y podrá pagar de nuevo."
    return Desenlace(
        Resultado.PENDIENTE, dinero, siguiente, mensaje=pago.mensaje, es_final=False, puede_continuar=abierta
    )


def _no_pagado(pago: Pago, contacto: Contacto) -> Desenlace:
    if pago.estado is EstadoPago.RECHAZADO:
        return Desenlace(
            Resultado.RECHAZADA,
            "No salió dinero de su cuenta por este pago.",
            "Puede intentar de nuevo, con otro banco si lo prefiere. "
            f"Si su banco muestra un débito, no pague otra vez: {contacto.frase()}.",
            mensaje=pago.mensaje,
            puede_reintentar=True,
        )
    dinero = "No tenemos noticia de que haya salido dinero de su cuenta."
    if pago.estado is EstadoPago.VENCIDO:
        dinero = f"El plazo para pagar venció sin terminar el pago. {dinero}"
    elif pago.id_pasarela is None:
        dinero = "No alcanzó a entrar al banco: no salió dinero de su cuenta."
    return Desenlace(
        Resultado.FALLIDA,
        dinero,
        f"Puede intentar de nuevo. Si su banco muestra un débito, no pague otra vez: {contacto.frase()}.",
        mensaje=pago.mensaje,
        puede_reintentar=True,
    )
