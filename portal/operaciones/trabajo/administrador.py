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
        Pendiente(Asunto.PROPUESTAS, *ciclo_propuestas.de_otra_persona(jornada.departamento, usuario.id)),
        Pendiente(Asunto.CORREOS, *correos.abandonados()),
        Pendiente(Asunto.FALLA, int(falla is not None), falla.inicio if falla else None, urgente=True),
    ]


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
