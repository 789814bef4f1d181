"""A real Redis in a process of its own, for tests of what machines share."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from tests.servidores import esperar

BINARIO = shutil.which("redis-server") or "redis-server"


class ServidorRedis:
    """One server behind a socket in a folder; it can be ended and started again, empty."""

    def __init__(self, carpeta: Path) -> None:
        self._enchufe = carpeta / "redis.sock"
        self.url = f"unix://{self._enchufe}?db=0"
        self._proceso: subprocess.Popen[bytes] | None = None

    def arrancar(self) -> None:
        """Start it and wait until it answers. Nothing goes to disk."""
        orden = [BINARIO, "--port", "0", "--unixsocket", str(self._enchufe), "--save", "", "--appendonly", "no"]
        self._proceso = subprocess.Popen(orden, cwd=self._enchufe.parent, stdout=subprocess.DEVNULL)
        esperar(self._vive)

    def _vive(self) -> bool:
        with suppress(RedisError), Redis.from_url(self.url) as cliente:
            return bool(cliente.ping())
        return False

    def terminar(self) -> None:
        """End it, as when its machine goes away."""
        if self._proceso is not None:
            self._proceso.kill()
            self._proceso.wait()
            self._proceso = None


@contextmanager
def servidor_redis(carpeta: Path) -> Iterator[ServidorRedis]:
    servidor = ServidorRedis(carpeta)
    servidor.arrancar()
    try:
        yield servidor
    finally:
        servidor.terminar()
