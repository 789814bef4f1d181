"""`python -m tests.escenas ORDEN [ESCENA…]`: photograph the scenes, or check them. Without names, all of them."""

import argparse
import sys
from collections.abc import Callable, Sequence

from playwright.sync_api import Browser

from tests.chromium import navegador
from tests.escenas import accesible, galeria, html_valido, lighthouse
from tests.escenas.catalogo import ESCENAS
from tests.escenas.escena import Escena
from tests.escenas.marcha import MundoEnMarcha, mundos_en_marcha


def _galeria(abierto: Browser, mundos: dict[str, MundoEnMarcha], elegidas: Sequence[Escena]) -> list[str]:
    if len(elegidas) == len(ESCENAS):
        galeria.empezar()
    galeria.fotografiar(abierto, mundos, elegidas)
    if len(elegidas) == len(ESCENAS):
        galeria.escribir_indices(ESCENAS)
    return []


ORDENES: dict[str, Callable[[Browser, dict[str, MundoEnMarcha], Sequence[Escena]], list[str]]] = {
    "accesible": accesible.recorrer,
    "galeria": _galeria,
    "html-valido": html_valido.validar,
    "lighthouse": lighthouse.medir,
}


def principal() -> int:
    """Run the order; 1 when it found something wrong."""
    lector = argparse.ArgumentParser(prog="python -m tests.escenas")
    lector.add_argument("orden", choices=ORDENES)
    lector.add_argument("escenas", nargs="*", help="only those whose name has any of these in it")
    pedido = lector.parse_args()
    elegidas = [e for e in ESCENAS if not pedido.escenas or any(parte in e.nombre for parte in pedido.escenas)]
    if not elegidas:
        lector.error("ninguna escena tiene ese nombre")
    with mundos_en_marcha(sorted({e.mundo for e in elegidas})) as mundos, navegador() as abierto:
        faltas = ORDENES[pedido.orden](abierto, mundos, elegidas)
    print(*faltas, f"{len(faltas)} faltas en {len(elegidas)} escenas.", sep="\n")
    return 1 if faltas else 0


if __name__ == "__main__":
    sys.exit(principal())
