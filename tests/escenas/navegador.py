"""The browser that looks at the scenes."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from tests.navegador.conftest import ejecutable


@contextmanager
def navegador() -> Iterator[Browser]:
    """The distribution's own browser."""
    with sync_playwright() as playwright:
        abierto = playwright.chromium.launch(
            executable_path=ejecutable(), args=["--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        )
        try:
            yield abierto
        finally:
            abierto.close()
