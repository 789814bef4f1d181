"""The distribution's own browser, one for a whole process: none is downloaded."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

_NOMBRES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTOS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    # A bar of pixels at the side is of the desk, and not of the page that is measured.
    "--hide-scrollbars",
)


def ejecutable() -> str:
    """Where it is."""
    return next(ruta for nombre in _NOMBRES if (ruta := shutil.which(nombre)))


@contextmanager
def navegador() -> Iterator[Browser]:
    """It, open."""
    with sync_playwright() as playwright:
        abierto = playwright.chromium.launch(executable_path=ejecutable(), args=ARGUMENTOS)
        try:
            yield abierto
        finally:
            abierto.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """It, for the tests of this process: Playwright can be started only once in each."""
    with navegador() as abierto:
        yield abierto
