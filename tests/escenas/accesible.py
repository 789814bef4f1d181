"""`make accesible`: every scene in every theme at every width, enlarged, and with letters twice as large."""

import time
from collections.abc import Iterator, Sequence

from playwright.sync_api import Browser, Page

from tests.escenas.escena import Escena
from tests.escenas.marcha import EscenaRota, MundoEnMarcha, abrir
from tests.escenas.revision import ANCHOS, revisar, revisar_ampliada, revisar_forma
from tests.escenas.temas import TEMAS, vestido


def recorrer(navegador: Browser, mundos: dict[str, MundoEnMarcha], escenas: Sequence[Escena]) -> list[str]:
    """Look at every scene; prints how far it is, and returns what is wrong."""
    faltas: list[str] = []
    total, desde = len(escenas) * len(TEMAS), time.monotonic()
    for hechas, (escena, tema, pagina) in enumerate(_combinaciones(navegador, escenas), 1):
        halladas = [f"{falta} ({tema})" for falta in mirar(pagina, escena, mundos[escena.mundo])]
        for falta in halladas:
            print(f"\n{falta}", flush=True)
        faltas += halladas
        print(f"\r{hechas} de {total}, {time.monotonic() - desde:.0f} s, {len(faltas)} faltas ", end="", flush=True)
    print()
    return faltas


def mirar(pagina: Page, escena: Escena, mundo: MundoEnMarcha, anchos: Sequence[int] = ANCHOS) -> list[str]:
    """What is wrong with a scene at some widths, and enlarged."""
    try:
        abrir(pagina, escena, mundo)
    except EscenaRota as rota:
        return [str(rota)]
    faltas = revisar_forma(pagina)
    for ancho in anchos:
        faltas += revisar(pagina, ancho)
    return [f"{escena.nombre}: {falta}" for falta in (*faltas, *revisar_ampliada(pagina))]


def _combinaciones(navegador: Browser, escenas: Sequence[Escena]) -> Iterator[tuple[Escena, str, Page]]:
    for tema in TEMAS:
        with vestido(navegador, tema) as pagina:
            for escena in escenas:
                yield escena, tema, pagina
