"""The worlds from outside: starting their process, opening a scene in a browser, finding what of the portal a scene shows."""

import html
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from playwright.sync_api import BrowserContext, Page

from tests.escenas.escena import PUBLICO, Escena

RAIZ = Path(__file__).resolve().parents[2]
# What the page's own form would send, and nothing else: a form is made with its address and its token.
_ENVIAR = """([accion, campos]) => {
    const formulario = document.createElement('form');
    formulario.method = 'post';
    formulario.action = accion;
    formulario.enctype = 'multipart/form-data';
    const ficha = document.querySelector('input[name=csrf_token]');
    const todos = [...campos];
    if (ficha && !todos.some(([nombre]) => nombre === 'csrf_token')) todos.push(['csrf_token', ficha.value]);
    for (const [nombre, valor] of todos) {
        const campo = document.createElement('input');
        campo.type = 'hidden';
        campo.name = nombre;
        campo.value = valor;
        formulario.append(campo);
    }
    document.body.append(formulario);
    formulario.submit();
}"""
_FICHA = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class EscenaRota(AssertionError):
    """The page is not what its scene says."""


@dataclass(frozen=True)
class MundoEnMarcha:
    """A world that is being served."""

    url: str
    lugares: Mapping[str, str]
    cookies: Mapping[str, str]

    def direccion(self, ruta: str) -> str:
        """The whole address of a scene's, with its places."""
        return self.url + ruta.format_map(self.lugares)

    def cookie(self, quien: str) -> list[dict[str, Any]]:
        """What a browser has in which `quien` signed in."""
        if quien == PUBLICO:
            return []
        return [{"name": self.cookies["nombre"], "value": self.cookies[quien], "url": self.url}]


@contextmanager
def mundos_en_marcha(nombres: Sequence[str]) -> Iterator[dict[str, MundoEnMarcha]]:
    """Serve worlds in a process of their own, by name."""
    with tempfile.TemporaryDirectory(prefix="escenas-") as carpeta:
        orden = [sys.executable, "-m", "tests.escenas.servir", carpeta, *nombres]
        with subprocess.Popen(orden, cwd=RAIZ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as proceso:
            assert proceso.stdin is not None
            assert proceso.stdout is not None
            try:
                dicho = proceso.stdout.readline()
                assert dicho, "the worlds could not be built"
                yield {nombre: MundoEnMarcha(**uno) for nombre, uno in json.loads(dicho).items()}
            finally:
                proceso.stdin.close()


def entrar(contexto: BrowserContext, mundo: MundoEnMarcha, quien: str) -> None:
    """Make a browser be that of `quien` in a world, and of nobody else."""
    # Worlds differ in their port alone, which a cookie does not look at.
    contexto.clear_cookies(name=mundo.cookies["nombre"])
    if galletas := mundo.cookie(quien):
        contexto.add_cookies(galletas)  # type: ignore[arg-type]


def abrir(pagina: Page, escena: Escena, mundo: MundoEnMarcha) -> None:
    """Lead a page to a scene. Raises `EscenaRota` when it is another page or another state."""
    entrar(pagina.context, mundo, escena.quien)
    respuesta = pagina.goto(mundo.direccion(escena.ruta))
    if escena.envio is not None:
        with pagina.expect_navigation() as navegacion:
            pagina.evaluate(_ENVIAR, [mundo.direccion(escena.a or escena.ruta), _campos(escena, mundo)])
        respuesta = navegacion.value
    assert respuesta is not None
    _exigir(escena, respuesta.status, pagina.locator("body").inner_text() if escena.ve else "")


def pedir(escena: Escena, mundo: MundoEnMarcha) -> str:
    """The HTML of a scene as the server sends it, without a browser. Raises `EscenaRota` as `abrir` does."""
    with httpx2.Client(trust_env=False, follow_redirects=True) as cliente:
        for galleta in mundo.cookie(escena.quien):
            cliente.cookies.set(galleta["name"], galleta["value"], domain="127.0.0.1")
        respuesta = cliente.get(mundo.direccion(escena.ruta))
        if escena.envio is not None:
            datos: dict[str, list[str]] = {}
            if ficha := _FICHA.search(respuesta.text):
                datos["csrf_token"] = [ficha[1]]
            for nombre, valor in _campos(escena, mundo):
                datos[nombre] = [*(datos.get(nombre, []) if nombre != "csrf_token" else []), valor]
            respuesta = cliente.post(mundo.direccion(escena.a or escena.ruta), data=datos)
    _exigir(escena, respuesta.status_code, html.unescape(respuesta.text))
    return respuesta.text


def _campos(escena: Escena, mundo: MundoEnMarcha) -> list[tuple[str, str]]:
    return [
        (nombre, uno.format_map(mundo.lugares))
        for nombre, valor in (escena.envio or {}).items()
        for uno in ((valor,) if isinstance(valor, str) else valor)
    ]


def _exigir(escena: Escena, estado: int, texto: str) -> None:
    if estado != escena.estado:
        raise EscenaRota(f"{escena.nombre}: respondió {estado} y no {escena.estado}")
    if escena.ve not in texto:
        raise EscenaRota(f"{escena.nombre}: no dice «{escena.ve}»")
