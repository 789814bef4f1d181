"""Where a finished message leaves the portal: a file of the installation, or a mail server.

A failure says in words of ours what it was: what a server answers may repeat the address of a person.
"""

import os
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from portal.config import AjustesCorreo

# For each answer of the server, and for the whole delivery: a server that answers one byte at a time is cut off too.
SEGUNDOS_POR_RESPUESTA = 10.0
SEGUNDOS_POR_ENVIO = 60.0


class EntregaFallida(Exception):
    """The message did not leave. `definitiva`: it never will. `del_servidor`: no other message would leave now either."""

    def __init__(self, motivo: str, *, definitiva: bool = False, del_servidor: bool = False) -> None:
        super().__init__(motivo)
        self.motivo = motivo
        self.definitiva = definitiva
        self.del_servidor = del_servidor


# Takes a message and a name that is always the same for it. Raises `EntregaFallida`.
Entrega = Callable[[EmailMessage, str], None]


def entrega_de(ajustes: AjustesCorreo) -> Entrega:
    """How this installation delivers."""
    if ajustes.clase == "archivo":
        return lambda mensaje, nombre: guardar_en_archivo(mensaje, ajustes.carpeta / f"{nombre}.eml")
    return lambda mensaje, _nombre: entregar_por_smtp(mensaje, ajustes)


def guardar_en_archivo(mensaje: EmailMessage, archivo: Path) -> None:
    """Write the whole message or nothing, readable by this account only; the same message again replaces its own file."""
    borrador = archivo.with_name(f".{archivo.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        archivo.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(borrador, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as salida:
            salida.write(mensaje.as_bytes(policy=SMTP))
            salida.flush()
            os.fsync(salida.fileno())
        borrador.replace(archivo)
    except OSError as error:
        with suppress(OSError):
            borrador.unlink(missing_ok=True)
        raise EntregaFallida(f"No se pudo escribir el archivo: {type(error).__name__}.", del_servidor=True) from error


def entregar_por_smtp(
    mensaje: EmailMessage,
    ajustes: AjustesCorreo,
    *,
    por_respuesta: float = SEGUNDOS_POR_RESPUESTA,
    por_envio: float = SEGUNDOS_POR_ENVIO,
) -> None:
    """Hand one message to the server, whose certificate must be right. Raises `EntregaFallida`."""
    try:
        with _conectado(ajustes, por_respuesta, por_envio) as servidor:
            servidor.send_message(mensaje)
    except smtplib.SMTPRecipientsRefused as error:
        # One address, one answer.
        codigo, texto = next(iter(error.recipients.values()))
        raise EntregaFallida(
            f"El servidor no aceptó al destinatario ({codigo}).", definitiva=_no_existe(codigo, texto)
        ) from error
    except smtplib.SMTPDataError as error:
        raise EntregaFallida(f"El servidor no aceptó el mensaje ({error.smtp_code}).") from error
    except smtplib.SMTPResponseException as error:
        raise EntregaFallida(f"El servidor no atiende ({error.smtp_code}).", del_servidor=True) from error
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        raise EntregaFallida(f"No hubo servidor de correo: {type(error).__name__}.", del_servidor=True) from error


@contextmanager
def _conectado(ajustes: AjustesCorreo, por_respuesta: float, por_envio: float) -> Iterator[smtplib.SMTP]:
    contexto = ssl.create_default_context()
    # Said by us: the library would ask the network for this machine's name, and tell it.
    nombre = ajustes.de.rpartition("@")[2]
    servidor: smtplib.SMTP = (
        smtplib.SMTP_SSL(local_hostname=nombre, timeout=por_respuesta, context=contexto)
        if ajustes.tls == "tls"
        else smtplib.SMTP(local_hostname=nombre, timeout=por_respuesta)
    )
    limite = threading.Timer(por_envio, _cortar, (servidor,))
    limite.daemon = True
    limite.start()
    try:
        # The name that the certificate must have; the library learns it only from its constructor.
        servidor._host = ajustes.host  # type: ignore[attr-defined]
        servidor.connect(ajustes.host, ajustes.puerto)
        if ajustes.tls == "starttls":
            servidor.starttls(context=contexto)
        if ajustes.usuario:
            servidor.login(ajustes.usuario, ajustes.clave)
        yield servidor
        # The message is accepted already: a farewell that fails changes nothing.
        with suppress(smtplib.SMTPException, OSError):
            servidor.quit()
    finally:
        limite.cancel()
        servidor.close()


def _cortar(servidor: smtplib.SMTP) -> None:
    if servidor.sock is not None:
        with suppress(OSError):
            # The socket itself, below TLS: the other thread is using what lies above.
            socket.socket.shutdown(servidor.sock, socket.SHUT_RDWR)


def _no_existe(codigo: int, texto: bytes) -> bool:
    """Whether the address itself is refused for good. `5.7` is a rule against this sender (RFC 3463): it may be settled."""
    return codigo >= 500 and not texto.lstrip().startswith(b"5.7")
