"""`make accesible`: every scene in every theme at every width, enlarged, and with letters twice as large."""

import time
from collections.abc import Iterator, Sequence

from playwright.sync_api import Browser, Page

from tests.escenas.escena import Escena
from tests.escenas.marcha import EscenaRota, MundoEnMarcha, abrir
from tests.escenas.revision import ANCHOS, revisar, revisar_ampliada, revisar_forma
from tests.escenas.temas import TEMAS, vestido


def recorrer(
    navegador: Browser, mundos: dict[str, MundoEnMarcha], escenas: Sequence[Escena], temas: Sequence[str] = tuple(TEMAS)
) -> list[str]:
    """Look at every scene; prints how far it is, and returns what is wrong."""
    faltas: list[str] = []
    total, desde = len(escenas) * len(temas), time.monotonic()
    for hechas, (escena, tema, pagina) in enumerate(_combinaciones(navegador, escenas, temas), 1):
        halladas = [f"{escena.nombre} ({tema}): {falta}" for falta in _mirar(pagina, escena, mundos[escena.mundo])]
        for falta in halladas:
            print(f"\n{falta}", flush=True)
        faltas += halladas
        print(f"\r{hechas} de {total}, {time.monotonic() - desde:.0f} s, {len(faltas)} faltas ", end="", flush=True)
    print()
    return faltas


def _combinaciones(
    navegador: Browser, escenas: Sequence[Escena], temas: Sequence[str]
) -> Iterator[tuple[Escena, str, Page]]:
    for tema in temas:
        with vestido(navegador, tema) as pagina:
            for escena in escenas:
                yield escena, tema, pagina


def _mirar(pagina: Page, escena: Escena, mundo: MundoEnMarcha) -> list[str]:
    try:
        abrir(pagina, escena, mundo)
    except EscenaRota as rota:
        return [str(rota)]
    faltas = revisar_forma(pagina)
    for ancho in ANCHOS:
        faltas += revisar(pagina, ancho)
    return [*faltas, *revisar_ampliada(pagina)]
