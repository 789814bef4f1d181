"""What the first visit to each public page weighs on the wire, in bytes. `make peso`.

A page is asked for as a browser does it over HTTPS (`Accept-Encoding: gzip, deflate, br`), then every file that it names and
the browser brings by itself: style sheets, scripts, icon, manifest, pictures. Headers are not counted.
"""

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask.testing import FlaskClient
from flask_migrate import upgrade

from portal.app import create_app
from portal.config import leer_ajustes
from portal.db import transaccion
from portal.operaciones import normativa

# 25 KB.
MAXIMO = 25 * 1024
# What a browser says of itself when a person writes the address or opens a bookmark.
DIRECTA = {"Sec-Fetch-Site": "none"}
COMPRIMIDA = DIRECTA | {"Accept-Encoding": "gzip, deflate, br"}
# Pages that a person reaches by an address of their own; those that follow a form weigh the same files, kept by then.
PAGINAS = (
    "/",
    "/ingresar",
    "/consulta",
    "/pago",
    "/pago/no-aparece",
    "/devolucion",
    "/devolucion/consultar",
    "/verificar",
    "/verificar/sin-conexion",
    "/ayuda",
    "/accesibilidad",
    "/privacidad",
    "/no-existe",
)
_RECURSO = re.compile(r'<(?:link|script|img)\b[^>]*?\b(?:href|src)="([^"]+)"')


@dataclass(frozen=True)
class Peso:
    """A page and the bytes of each thing that its first visit brings, itself first."""

    pagina: str
    partes: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.partes.values())


def pesar(client: FlaskClient, pagina: str) -> Peso:
    """Visit `pagina` for the first time, with all that it names."""
    partes = {}
    cuerpo = _traer(client, pagina, DIRECTA).decode()
    for direccion in (pagina, *dict.fromkeys(_RECURSO.findall(cuerpo))):
        partes[direccion.split("?")[0]] = len(_traer(client, direccion, COMPRIMIDA))
    return Peso(pagina, partes)


def _traer(client: FlaskClient, direccion: str, cabeceras: dict[str, str]) -> bytes:
    with client.get(direccion, headers=cabeceras) as respuesta:
        return respuesta.data


def main() -> None:
    """Print the table, in thousands of bytes."""
    print(f"{'Página':26}{'HTML':>8}{'CSS':>8}{'JS':>8}{'Otros':>8}{'Total':>8}")
    for peso in _pesos():
        por_tipo = {"html": 0, "css": 0, "js": 0, "otros": 0}
        for direccion, bytes_ in peso.partes.items():
            sufijo = Path(direccion).suffix[1:]
            por_tipo["html" if direccion == peso.pagina else sufijo if sufijo in por_tipo else "otros"] += bytes_
        print(f"{peso.pagina:26}" + "".join(f"{n / 1000:8.1f}" for n in (*por_tipo.values(), peso.total)))


def _pesos() -> Iterator[Peso]:
    with tempfile.TemporaryDirectory(prefix="peso-") as carpeta:
        entorno = {"DATABASE_URL": f"sqlite:///{carpeta}/portal.sqlite"}
        app = create_app(leer_ajustes(entorno, instancia=Path(carpeta)))
        with app.app_context():
            upgrade()
            with transaccion():
                normativa.cargar()
        for pagina in PAGINAS:
            # A client of its own has no cookie, as on a first visit.
            yield pesar(app.test_client(), pagina)


if __name__ == "__main__":
    main()
