"""A real browser against a real gunicorn and the real protocol of the simulator."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from zlib import crc32

import pytest
from playwright.sync_api import Browser, Page, expect

# How long a page may take to show what is expected before the test fails; a busy machine is no fault of the portal.
expect.set_options(timeout=20_000)


# What a browser test is repeated over: engine, width, with or without JavaScript.
FACTORES = {"base_datos": ("sqlite", "postgresql"), "ancho": (360, 1280), "javascript": (True, False)}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run the four of eight combinations that hold every pair of values (an orthogonal array), two of four, one of two engines.

    A browser is slow, and what breaks depends on two of the factors at most. PORTAL_NAVEGADOR=completo runs all of them.
    """
    if os.environ.get("PORTAL_NAVEGADOR") == "completo":
        return
    propias = [item for item in items if item.path.is_relative_to(Path(__file__).parent)]
    todas = {item.nodeid for item in propias}
    sobran = [item for item in propias if not _entra(item, todas)]
    config.hook.pytest_deselected(items=sobran)
    items[:] = [item for item in items if item not in sobran]


def _entra(item: pytest.Item, todas: set[str]) -> bool:
    valores = item.callspec.params if hasattr(item, "callspec") else {}
    presentes = [nombre for nombre in FACTORES if nombre in valores]
    niveles = [FACTORES[nombre].index(valores[nombre]) for nombre in presentes]
    if presentes == ["base_datos"] and isinstance(item, pytest.Function):
        motor = valores["base_datos"]
        otro = next(m for m in FACTORES["base_datos"] if m != motor)
        if item.nodeid.replace(motor, otro) not in todas:
            return True
        # Half of those that are repeated over the engines alone go to each.
        return (niveles[0] + crc32(item.name.replace(valores["base_datos"], "*").encode())) % 2 == 0
    return len(niveles) < 2 or sum(niveles) % 2 == 0


@pytest.fixture
def abrir(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page in a browser of its own; fails when a page logs an error or, at any width, overflows sideways."""
    contextos = []
    quejas: list[str] = []

    def nueva(ancho: int = 360, *, javascript: bool = True) -> Page:
        contexto = chromium.new_context(viewport={"width": ancho, "height": 800}, java_script_enabled=javascript)
        contexto.set_default_timeout(15_000)
        contextos.append(contexto)
        pagina = contexto.new_page()
        pagina.on("pageerror", lambda e: quejas.append(str(e)))
        pagina.on("console", lambda m: quejas.append(m.text) if _es_queja(m.type, m.text) else None)
        return pagina

    yield nueva
    for contexto in contextos:
        contexto.close()
    assert quejas == []


def _es_queja(tipo: str, texto: str) -> bool:
    # A 4xx answer is what the test asked for; everything else in the console is a fault (CSP, scripts, missing files).
    return tipo == "error" and "status of 4" not in texto
