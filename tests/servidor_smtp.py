"""A mail server in a thread, that speaks enough SMTP (RFC 5321) for a client to be believed, and misbehaves when told to."""

import base64
import contextlib
import socketserver
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import cast


@dataclass
class ServidorSMTP:
    """`respuestas` maps a verb (or `FIN`, after the data) to what is said instead; `None` means silence until the end.

    `gotea` sends the greeting one byte at a time, for ever. `tls` is `starttls`, `tls` or `no`.
    """

    puerto: int = 0
    respuestas: dict[str, str | None] = field(default_factory=dict)
    gotea: bool = False
    tls: str = "no"
    contexto: ssl.SSLContext | None = None
    sobres: list[tuple[str, str]] = field(default_factory=list)
    crudos: list[bytes] = field(default_factory=list)
    verbos: list[str] = field(default_factory=list)
    claves: list[str] = field(default_factory=list)
    terminar: threading.Event = field(default_factory=threading.Event)

    @property
    def mensajes(self) -> list[EmailMessage]:
        """What was accepted, as a mail program reads it."""
        return [cast(EmailMessage, message_from_bytes(crudo, policy=default)) for crudo in self.crudos]


class _Conversacion(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.guion: ServidorSMTP = self.server.guion  # type: ignore[attr-defined]
        with contextlib.suppress(OSError):
            self._conversar()

    def _conversar(self) -> None:
        if self.guion.tls == "tls":
            self._cifrar()
        if self.guion.gotea:
            while not self.guion.terminar.wait(0.02):
                self.wfile.write(b"2")
            return
        self._decir("220 prueba ESMTP")
        while linea := self.rfile.readline().decode("ascii"):
            verbo, _, resto = linea.strip().partition(" ")
            verbo = verbo.upper()
            self.guion.verbos.append(verbo)
            if verbo in self.guion.respuestas:
                if not self._decir(self.guion.respuestas[verbo]):
                    return
            elif not self._atender(verbo, resto):
                return

    def _atender(self, verbo: str, resto: str) -> bool:
        if verbo == "EHLO":
            extras = [b"STARTTLS"] if self.guion.tls == "starttls" and not self._cifrada() else [b"AUTH PLAIN"]
            self.wfile.write(b"".join(b"250-%s\r\n" % e for e in (b"prueba", *extras)) + b"250 8BITMIME\r\n")
        elif verbo == "STARTTLS":
            self._decir("220 adelante")
            self._cifrar()
        elif verbo == "AUTH":
            self.guion.claves.append(base64.b64decode(resto.split()[-1]).decode())
            self._decir("235 bien")
        elif verbo == "MAIL":
            self.remitente = resto
            self._decir("250 bien")
        elif verbo == "RCPT":
            self.destinatario = resto
            self._decir("250 bien")
        elif verbo == "DATA":
            self._recibir()
        elif verbo == "QUIT":
            self._decir("221 adiós".encode("ascii", "ignore").decode())
            return False
        else:
            self._decir("250 bien")
        return True

    def _recibir(self) -> None:
        self._decir("354 siga")
        lineas = []
        while (linea := self.rfile.readline()) not in (b".\r\n", b""):
            lineas.append(linea[1:] if linea.startswith(b".") else linea)
        if not linea:
            return
        if "FIN" in self.guion.respuestas and not self._decir(self.guion.respuestas["FIN"]):
            return
        if not (self.guion.respuestas.get("FIN") or "250").startswith("250"):
            return
        self.guion.crudos.append(b"".join(lineas))
        self.guion.sobres.append((self.remitente, self.destinatario))
        if "FIN" not in self.guion.respuestas:
            self._decir("250 recibido")

    def _decir(self, texto: str | None) -> bool:
        if texto is None:
            self.guion.terminar.wait(60)
            return False
        self.wfile.write(f"{texto}\r\n".encode())
        return True

    def _cifrada(self) -> bool:
        return isinstance(self.request, ssl.SSLSocket)

    def _cifrar(self) -> None:
        assert self.guion.contexto is not None
        self.request = self.guion.contexto.wrap_socket(self.request, server_side=True)
        self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", buffering=0)

    def finish(self) -> None:
        with contextlib.suppress(OSError):
            super().finish()
        # The server closes the socket that it knows, which TLS replaced.
        self.request.close()


class _Servidor(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = True
    allow_reuse_address = True


@contextmanager
def servidor_smtp(guion: ServidorSMTP | None = None, puerto: int = 0) -> Iterator[ServidorSMTP]:
    """The server, listening on a free port of this machine while the block lasts."""
    guion = guion or ServidorSMTP()
    with _Servidor(("127.0.0.1", puerto), _Conversacion) as servidor:
        servidor.guion = guion  # type: ignore[attr-defined]
        guion.puerto = servidor.server_address[1]
        hilo = threading.Thread(target=servidor.serve_forever, kwargs={"poll_interval": 0.05})
        hilo.start()
        try:
            yield guion
        finally:
            guion.terminar.set()
            servidor.shutdown()
            hilo.join(30)


def certificado(carpeta: Path, nombre: str = "127.0.0.1") -> Path:
    """A fresh certificate for `nombre` that nobody vouches for, with its key in the same file."""
    archivo, llave = carpeta / "cert.pem", carpeta / "llave.pem"
    clase = "IP" if nombre[0].isdigit() else "DNS"
    orden = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    orden += ["-days", "2", "-subj", f"/CN={nombre}", "-addext", f"subjectAltName={clase}:{nombre}"]
    subprocess.run([*orden, "-keyout", str(llave), "-out", str(archivo)], check=True, capture_output=True)
    archivo.write_bytes(archivo.read_bytes() + llave.read_bytes())
    return archivo
