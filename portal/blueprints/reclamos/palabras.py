"""What somebody reads who paid and does not see it: one sentence of what is known, and a way on. No personal data."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.operaciones.reclamos import Noticia


@dataclass(frozen=True)
class Respuesta:
    """`clase` picks the colour; `insiste` offers to claim even so, because the bank may say something else."""

    titulo: str
    clase: str
    frase: str
    siguiente: str
    insiste: bool = False


RESPUESTAS: Mapping[Noticia, Respuesta] = {
    Noticia.APROBADO: Respuesta(
        "El pago está aprobado",
        "exito",
        "El banco lo confirmó y las estampillas están legalizadas.",
        "Compruébelo en la Consulta Pública. Si una estampilla no aparece, cuéntenos.",
        insiste=True,
    ),
    Noticia.REVERTIDO: Respuesta(
        "El banco devolvió este pago",
        "error",
        "Se había aprobado y después el banco lo reversó: las estampillas se deben de nuevo.",
        "Pregunte a su banco por el dinero y pague otra vez las estampillas.",
        insiste=True,
    ),
    Noticia.SOBRA: Respuesta(
        "El pago llegó y hay dinero por devolver",
        "alerta",
        "El banco lo confirmó, pero la estampilla ya estaba pagada o el valor no coincide.",
        "No pague de nuevo. Puede pedir la devolución desde la página de su pago.",
        insiste=True,
    ),
    Noticia.DEVUELTO: Respuesta(
        "El dinero de este pago se devolvió",
        "alerta",
        "Se transfirió a la cuenta que se indicó al pedir la devolución.",
        "Si las estampillas siguen sin pagar, páguelas de nuevo.",
        insiste=True,
    ),
    Noticia.NO_HECHO: Respuesta(
        "El pago no se hizo",
        "error",
        "La pasarela dice que el banco no hizo el débito.",
        "Puede pagar de nuevo. Si su banco sí descontó el dinero, no pague otra vez: cuéntenos.",
        insiste=True,
    ),
    Noticia.EN_PROCESO: Respuesta(
        "El pago está en proceso",
        "alerta",
        "El banco todavía no confirma. No pague de nuevo.",
        "El portal pregunta por usted y el estado cambia solo. Vuelva a consultar en una hora.",
    ),
}
