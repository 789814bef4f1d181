"""The installation of docs/despliegue made here: gunicorn twice, nginx with TLS in front, one PostgreSQL, one Redis."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import httpx2
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

RAIZ = Path(__file__).resolve().parents[2]
DESPLIEGUE = RAIZ / "docs" / "despliegue"


@dataclass
class Maquina:
    """One application machine: gunicorn with the configuration of the docs, in a group of its own that dies whole."""

    nombre: str
    puerto: int
    entorno: dict[str, str]
    bitacora: Path
    proceso: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    def arrancar(self) -> None:
        binario = str(Path(sys.executable).parent / "gunicorn")
        with self.bitacora.open("ab") as salida:
            self.proceso = subprocess.Popen(
                [binario, "-c", str(DESPLIEGUE / "gunicorn.conf.py"), "wsgi:app"],
                cwd=RAIZ,
                env={**self.entorno, "PORTAL_ESCUCHA": f"127.0.0.1:{self.puerto}"},
                stdout=salida,
                stderr=salida,
                start_new_session=True,
            )
        esperar(lambda: self.pedir("/listo").status_code == 200, f"{self.nombre} never answered: {self.bitacora}")

    def matar(self) -> None:
        assert self.proceso is not None
        os.killpg(self.proceso.pid, signal.SIGKILL)
        self.proceso.wait()

    def parar(self) -> None:
        if self.proceso is not None and self.proceso.poll() is None:
            os.killpg(self.proceso.pid, signal.SIGTERM)
            self.proceso.wait(40)

    def pedir(self, ruta: str, **cabeceras: str) -> httpx2.Response:
        """As nginx would ask it, without going through nginx."""
        de_nginx = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9", **cabeceras}
        return httpx2.get(f"http://127.0.0.1:{self.puerto}{ruta}", headers=de_nginx, trust_env=False, timeout=10)


def esperar(condicion: object, si_no: str) -> None:
    assert callable(condicion)
    for _ in range(600):
        try:
            if condicion():
                return
        except (httpx2.HTTPError, OSError):
            pass
        time.sleep(0.1)
    raise AssertionError(si_no)


def certificado(carpeta: Path) -> tuple[Path, Path]:
    """A certificate of localhost and its key."""
    clave, nombre = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]),
    )
    ahora = datetime.now(UTC)
    nombres = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    hecho = (
        x509.CertificateBuilder()
        .subject_name(nombre)
        .issuer_name(nombre)
        .public_key(clave.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(ahora - timedelta(hours=1))
        .not_valid_after(ahora + timedelta(days=1))
        .add_extension(nombres, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(clave, hashes.SHA256())
    )
    publico, privada = carpeta / "fullchain.pem", carpeta / "privkey.pem"
    publico.write_bytes(hecho.public_bytes(serialization.Encoding.PEM))
    formato = serialization.PrivateFormat.PKCS8
    privada.write_bytes(clave.private_bytes(serialization.Encoding.PEM, formato, serialization.NoEncryption()))
    return publico, privada


def configuracion_de_nginx(carpeta: Path, puertos: tuple[int, int], http: int, https: int) -> Path:
    """The file of the docs with this machine's addresses, inside the smallest main file that holds it."""
    texto = (DESPLIEGUE / "nginx" / "portal.conf").read_text()
    publico, privada = certificado(carpeta)
    for antes, despues in {
        "10.0.0.11:8000": f"127.0.0.1:{puertos[0]}",
        "10.0.0.12:8000": f"127.0.0.1:{puertos[1]}",
        "listen 443": f"listen 127.0.0.1:{https}",
        "listen 80": f"listen 127.0.0.1:{http}",
        "estampillas.ejemplo.gov.co": "localhost",
        "/etc/ssl/portal/fullchain.pem": str(publico),
        "/etc/ssl/portal/privkey.pem": str(privada),
        "/var/log/nginx": str(carpeta),
        # Its port is not the usual one, so browsers say it.
        " $host;": f" localhost:{https};",
        # Everybody is one address here; the portal's own limits are what is tried.
        "rate=20r/s": "rate=10000r/s",
    }.items():
        assert antes in texto, f"the file of the docs no longer says {antes}"
        texto = texto.replace(antes, despues)
    (carpeta / "portal.conf").write_text(texto)
    temporales = "".join(
        f"{cual}_temp_path {carpeta}/{cual};\n" for cual in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    principal = carpeta / "nginx.conf"
    principal.write_text(
        f"daemon off;\nworker_processes 1;\npid {carpeta}/nginx.pid;\nerror_log {carpeta}/nginx.log warn;\n"
        f"events {{ worker_connections 512; }}\nhttp {{\n{temporales}include {carpeta}/portal.conf;\n}}\n"
    )
    return principal


@contextmanager
def proceso(orden: list[str], **otros: object) -> Iterator["subprocess.Popen[bytes]"]:
    """A server that is stopped at the end."""
    uno = subprocess.Popen(orden, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **otros)  # type: ignore[call-overload]
    try:
        yield uno
    finally:
        uno.terminate()
        uno.wait(15)


def programa(nombre: str) -> str:
    """Where a server is. Debian keeps them where not every account looks."""
    hallado = shutil.which(nombre, path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    assert hallado, f"{nombre} is not installed"
    return hallado


def oculto(texto: str, nombre: str) -> str:
    hallado = re.search(rf'name="{nombre}"[^>]* value="([^"]*)"', texto)
    assert hallado, f"{nombre} is not in the page"
    return hallado[1]
