"""One-use links: the person who receives one chooses its password; nobody else knows it. A second factor stays as it was."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlalchemy import false, insert, literal, select, update

from portal.db import db, ejecutar
from portal.dominio.errores import NoExiste
from portal.models import ClaseEnlace, Correo, EnlaceCuenta, Usuario
from portal.operaciones import correos
from portal.operaciones.bitacora import anotar
from portal.operaciones.cofre import Cofre
from portal.operaciones.fichas import huella_de, nueva_ficha
from portal.operaciones.limites import Limite, contar
from portal.operaciones.usuarios import terminar_sesiones

DURACION: Mapping[ClaseEnlace, timedelta] = MappingProxyType(
    {ClaseEnlace.INVITACION: timedelta(hours=72), ClaseEnlace.RESTABLECER: timedelta(minutes=30)}
)
PLANTILLAS: Mapping[ClaseEnlace, str] = MappingProxyType(
    {ClaseEnlace.INVITACION: "invitacion_cuenta", ClaseEnlace.RESTABLECER: "restablecer_contrasena"}
)
# What the token of a link is sealed for, while its e-mail waits.
SELLO = "enlace"
# Nobody's mailbox is filled by whoever knows its address.
_POR_CUENTA = Limite("olvido", 3, 3600)
_NADIE = -1


class EnlaceInservible(NoExiste):
    """Used, too old, replaced, or never sent: one answer for all."""

    def __init__(self) -> None:
        super().__init__("El enlace ya no sirve: se usó, venció o se pidió otro después.")


def enviar_enlace(usuario: Usuario, clase: ClaseEnlace, *, cofre: Cofre, ahora: datetime) -> None:
    """Write a link and queue its e-mail; the one that was alive ends. The outbox has it sealed."""
    _enviar(usuario.id, usuario.correo, clase, cofre=cofre, ahora=ahora)


def pedir_otra(correo: str, *, cofre: Cofre, ahora: datetime) -> None:
    """Send a link to an active account that forgot its password; of an address without account nothing is told.

    Both run the same statements, so that neither answer nor time tells which it was. Nor does the limit of an account.
    """
    correo = correo.strip().lower()
    admitida = contar(_POR_CUENTA, huella_de(correo), ahora)
    usuario_id = db.session.scalar(select(Usuario.id).where(Usuario.correo == correo, Usuario.activo))
    cual = usuario_id if usuario_id is not None and admitida else _NADIE
    _enviar(cual, correo, ClaseEnlace.RESTABLECER, cofre=cofre, ahora=ahora)


def enlace_vivo(ficha: str, ahora: datetime) -> EnlaceCuenta:
    """The link of a token while it serves. Raises `EnlaceInservible`. It changes nothing."""
    suyo = select(EnlaceCuenta).where(EnlaceCuenta.huella == huella_de(ficha), EnlaceCuenta.terminado_en.is_(None))
    hallado = db.session.scalar(suyo.where(EnlaceCuenta.vence_en > ahora))
    if hallado is None or not hallado.usuario.activo:
        raise EnlaceInservible
    return hallado


def usar_enlace(ficha: str, clave_hash: str, *, ahora: datetime, peticion: str = "") -> None:
    """Give its account the password of a hash, once: whoever comes second finds it used. Raises `EnlaceInservible`."""
    vivo = update(EnlaceCuenta).where(EnlaceCuenta.huella == huella_de(ficha), EnlaceCuenta.terminado_en.is_(None))
    usado = vivo.where(EnlaceCuenta.vence_en > ahora).values(terminado_en=ahora).returning(EnlaceCuenta.usuario_id)
    usuario = db.session.get(Usuario, db.session.scalar(usado) or _NADIE)
    if usuario is None or not usuario.activo:
        raise EnlaceInservible
    fijar_contrasena(usuario, clave_hash, ahora=ahora, peticion=peticion)


def fijar_contrasena(
    usuario: Usuario, clave_hash: str, *, ahora: datetime, salvo: str | None = None, peticion: str = ""
) -> None:
    """Change a password: its sessions end, but that of the token `salvo`, and so does its link. It is told by e-mail."""
    usuario.clave_hash = clave_hash
    db.session.flush()
    terminar_sesiones(usuario.id, ahora, salvo=salvo)
    terminar_enlaces(usuario.id, ahora)
    anotar("cuenta.contrasena", f"usuario:{usuario.id}", ahora=ahora, usuario_id=usuario.id, peticion=peticion)
    avisar(usuario, "se cambió la contraseña", ahora=ahora)


def terminar_enlaces(usuario_id: int, ahora: datetime) -> None:
    """End the link that is alive."""
    vivos = update(EnlaceCuenta).where(EnlaceCuenta.usuario_id == usuario_id, EnlaceCuenta.terminado_en.is_(None))
    ejecutar(vivos.values(terminado_en=ahora))


def avisar(usuario: Usuario, suceso: str, *, ahora: datetime) -> None:
    """Tell a person by e-mail what happened to its account, so that it may say that it was somebody else."""
    clave = f"cuenta:{usuario.id}:{ahora.isoformat()}:{suceso}"
    correos.encolar(clave, usuario.correo, "aviso_cuenta", {"suceso": suceso, "en": ahora.isoformat()}, ahora=ahora)


def _enviar(usuario_id: int, correo: str, clase: ClaseEnlace, *, cofre: Cofre, ahora: datetime) -> None:
    # Whoever asks at the same time waits here: one link is alive, and it is the last.
    db.session.execute(select(Usuario.id).where(Usuario.id == usuario_id).with_for_update())
    terminar_enlaces(usuario_id, ahora)
    ficha, huella = nueva_ficha()
    sello, vence = cofre.sellar(ficha, para=SELLO), ahora + DURACION[clase]
    tabla = EnlaceCuenta.__table__.c
    valores = {"clase": clase, "huella": huella, "creado_en": ahora, "vence_en": vence}
    fila = select(Usuario.id, *(literal(v, tabla[c].type) for c, v in valores.items())).where(Usuario.id == usuario_id)
    db.session.execute(insert(EnlaceCuenta).from_select(["usuario_id", *valores], fila))
    if usuario_id == _NADIE:
        # The same work over nothing.
        db.session.execute(insert(Correo).from_select(["clave"], select(Correo.clave).where(false())))
        return
    datos = {"sello": sello, "hasta": vence.isoformat()}
    correos.encolar(f"enlace:{huella}", correo, PLANTILLAS[clase], datos, ahora=ahora)
