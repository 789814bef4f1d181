"""The outbox: a notice is written with its fact, and sent afterwards by whoever takes its turn.

Writing one never raises: the money that it tells of does not depend on an address or on a template.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from portal.db import db, ejecutar, tabla
from portal.dominio.correo import (
    MAXIMO_INTENTOS,
    PLANTILLAS,
    escribir_asunto,
    espera_antes_de_repetir,
    leer_datos,
    leer_destinatario,
)
from portal.dominio.errores import DatoInvalido
from portal.models import Correo, EstadoCorreo
from portal.operaciones.bitacora import anotar
from portal.operaciones.firmas import Firma
from portal.operaciones.paginas import MAXIMO_EXPORTADO, Pagina, paginar
from portal.operaciones.paginas import contar as contar_filas

# A sender that takes longer than this died; the deadline of a delivery is far below it.
PLAZO_DE_UN_ENVIO = timedelta(minutes=10)
# Without a subject it was born abandoned: nothing can be sent of it.
_ENCOLAR = {
    nombre: insertar(tabla(Correo)).on_conflict_do_nothing(index_elements=["clave"])
    for nombre, insertar in (("postgresql", postgresql.insert), ("sqlite", sqlite.insert))
}
_REANUDABLES = (Correo.estado == EstadoCorreo.ABANDONADO, Correo.asunto != "")


def encolar(clave: str, destinatario: str, plantilla: str, datos: Mapping[str, str], *, ahora: datetime) -> None:
    """Write a notice to be sent, in the transaction of the fact that `clave` names; the same `clave` again does nothing.

    One that can never be sent (a bad address, data that are not the template's) is born abandoned with its reason.
    """
    valores: dict[str, Any] = {
        "clave": clave,
        "destinatario": destinatario[:254],
        "asunto": "",
        "plantilla": plantilla,
        "datos": dict(datos),
        "estado": EstadoCorreo.PENDIENTE,
        "creado_en": ahora,
        "proximo_intento_en": ahora,
    }
    try:
        valores |= _preparar(destinatario, plantilla, datos)
    except DatoInvalido as error:
        valores |= {"estado": EstadoCorreo.ABANDONADO, "proximo_intento_en": None, "ultimo_error": error.mensaje}
    # Neither a look before writing nor a savepoint: a repeated key must leave the money's transaction as it was.
    db.session.execute(_ENCOLAR[db.session.get_bind().dialect.name], valores)


def _preparar(destinatario: str, plantilla: str, datos: Mapping[str, str]) -> dict[str, str]:
    if plantilla not in PLANTILLAS:
        raise DatoInvalido("La plantilla no existe.")
    leer_datos(PLANTILLAS[plantilla], datos)
    asunto = escribir_asunto(PLANTILLAS[plantilla], datos)
    try:
        return {"destinatario": leer_destinatario(destinatario), "asunto": asunto}
    except DatoInvalido:
        # The form's sentence asks somebody to type it again; here nobody can.
        raise DatoInvalido("La dirección de correo no es válida.") from None


def por_enviar(ahora: datetime, limite: int = 200) -> list[int]:
    """Notices whose turn has come, the longest waiting first."""
    orden = (
        select(Correo.id)
        .where(Correo.proximo_intento_en <= ahora)
        .order_by(Correo.proximo_intento_en, Correo.id)
        .limit(limite)
    )
    return list(db.session.scalars(orden))


def apartar(correo_id: int, *, ahora: datetime) -> int | None:
    """Take one notice for this sender alone, for `PLAZO_DE_UN_ENVIO`; the number of this try, or None when another has it."""
    orden = (
        update(Correo)
        .where(Correo.id == correo_id, Correo.proximo_intento_en <= ahora, Correo.intentos < MAXIMO_INTENTOS)
        .values(proximo_intento_en=ahora + PLAZO_DE_UN_ENVIO, intentos=Correo.intentos + 1)
        .returning(Correo.intentos)
    )
    return db.session.scalar(orden)


def registrar_envio(correo_id: int, *, ahora: datetime) -> bool:
    """Note that it was handed over; whoever did it, it is not sent again. False when that was known."""
    orden = (
        update(Correo)
        .where(Correo.id == correo_id, Correo.estado != EstadoCorreo.ENVIADO)
        .values(estado=EstadoCorreo.ENVIADO, enviado_en=ahora, proximo_intento_en=None, ultimo_error="")
    )
    return ejecutar(orden) == 1


def registrar_fallo(
    correo_id: int, intento: int, *, motivo: str, definitivo: bool, azar: float, ahora: datetime
) -> bool:
    """Note why try number `intento` failed, and when the next one is; none after the last, or when it is `definitivo`.

    False when another sender has taken it meanwhile: its result is the one that counts. `motivo` holds no personal data.
    """
    rendirse = definitivo or intento >= MAXIMO_INTENTOS
    orden = (
        update(Correo)
        .where(Correo.id == correo_id, Correo.intentos == intento, Correo.estado == EstadoCorreo.PENDIENTE)
        .values(
            estado=EstadoCorreo.ABANDONADO if rendirse else EstadoCorreo.PENDIENTE,
            proximo_intento_en=None if rendirse else ahora + espera_antes_de_repetir(intento, azar),
            ultimo_error=motivo[:200],
        )
    )
    return ejecutar(orden) == 1


def abandonar_agotados(*, ahora: datetime) -> int:
    """Give up notices whose last sender died in every try; returns how many."""
    orden = (
        update(Correo)
        .where(Correo.proximo_intento_en <= ahora, Correo.intentos >= MAXIMO_INTENTOS)
        .values(
            estado=EstadoCorreo.ABANDONADO,
            proximo_intento_en=None,
            ultimo_error="El envío se interrumpió en todos los intentos.",
        )
    )
    return ejecutar(orden)


def reanudar_abandonados(*, ahora: datetime) -> int:
    """Give those that were given up all their tries again, once whatever stopped them is settled; returns how many.

    Those that were born abandoned stay: nothing can be sent of them.
    """
    orden = (
        update(Correo).where(*_REANUDABLES).values(estado=EstadoCorreo.PENDIENTE, proximo_intento_en=ahora, intentos=0)
    )
    return ejecutar(orden)


def reanudar(firma: Firma) -> int:
    """`reanudar_abandonados` by somebody's order, which is audited; returns how many."""
    cuantos = reanudar_abandonados(ahora=firma.ahora)
    if cuantos:
        anotar(
            "correo.reanudar",
            "correo",
            ahora=firma.ahora,
            usuario_id=firma.usuario.id,
            peticion=firma.peticion,
            cuantos=cuantos,
        )
    return cuantos


def por_reanudar() -> int:
    """How many were given up and can be sent."""
    return contar_filas(select(Correo.id).where(*_REANUDABLES))


def detenidos(pagina: int = 1, registros: int = MAXIMO_EXPORTADO) -> Pagina[Correo]:
    """Notices that have failed and are not sent, the oldest first."""
    orden = select(Correo).where(Correo.estado != EstadoCorreo.ENVIADO, Correo.ultimo_error != "")
    return paginar(orden.order_by(Correo.id), pagina, registros)


def abandonados() -> tuple[int, datetime | None]:
    """How many notices were given up, and when the oldest was written."""
    consulta = select(func.count(), func.min(Correo.creado_en)).where(Correo.estado == EstadoCorreo.ABANDONADO)
    cuantos, desde = db.session.execute(consulta).one()
    return cuantos, desde


def contar() -> dict[EstadoCorreo, int]:
    """How many notices are in each state."""
    cuentas = dict(db.session.execute(select(Correo.estado, func.count()).group_by(Correo.estado)).all())
    return {estado: cuentas.get(estado, 0) for estado in EstadoCorreo}
