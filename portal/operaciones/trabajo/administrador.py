"""An administrator's work: yearly values, other people's drafts to publish, mail that does not leave, outages that go on."""

from datetime import date

from portal.dominio.errores import NoExiste
from portal.dominio.trabajo import Asunto, Pendiente
from portal.models import Usuario
from portal.operaciones import calendario, ciclo_propuestas, correos, propuestas
from portal.operaciones.trabajo.jornada import Jornada


def pendientes(usuario: Usuario, jornada: Jornada) -> list[Pendiente]:
    """The queues of an administrator: never a draft of their own, which another publishes."""
    falla = calendario.contingencia_abierta()
    return [
        *_valores(jornada),
        _propuestas(usuario, jornada),
        Pendiente(Asunto.CORREOS, *correos.abandonados()),
        Pendiente(Asunto.FALLA, int(falla is not None), falla.inicio if falla else None, urgente=True),
    ]


def _propuestas(usuario: Usuario, jornada: Jornada) -> Pendiente:
    """A single draft is named, so that its page is one step away."""
    cuantas, desde, una = ciclo_propuestas.de_otra_persona(jornada.departamento, usuario.id)
    return Pendiente(Asunto.PROPUESTAS, cuantas, desde, datos={"propuesta_id": str(una)} if cuantas == 1 else {})


def _valores(jornada: Jornada) -> list[Pendiente]:
    """One row for each year: a value must be there when its year begins."""
    try:
        faltan = propuestas.valores_que_faltan(jornada.departamento, jornada.hoy)
    except NoExiste:
        return []
    return [
        Pendiente(
            Asunto.VALORES,
            len(nombres),
            vence=date(ano - 1, 12, 31),
            nota=", ".join(nombres),
            que=f"Valores de {ano} por publicar",
        )
        for ano, nombres in faltan.items()
    ]
