"""`make galeria`: photograph every scene on a phone and on a screen into `docs/galeria`, with an index by area."""

import io
import shutil
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from tests.escenas.catalogo import AREAS
from tests.escenas.escena import PUBLICO, Escena
from tests.escenas.marcha import RAIZ, MundoEnMarcha, abrir
from tests.escenas.temas import vestido

CARPETA = RAIZ / "docs" / "galeria"
# Width of the window, and how much of its size is kept: a thousand photographs must stay small.
VISTAS = {360: 0.7, 1280: 0.5}
# Beyond this a page only repeats rows.
ALTO_MAXIMO = {360: 1300, 1280: 1200}
_CALIDAD = 20
# A picture further down than the window is only fetched when it is asked for; the head of a table follows a page that scrolled.
_DISPONER = """scrollTo(0, 0), Promise.all([...document.images].map(imagen => {
    imagen.loading = 'eager';
    return imagen.decode().catch(() => null);
}))"""


def fotografiar(navegador: Browser, mundos: dict[str, MundoEnMarcha], escenas: Sequence[Escena]) -> None:
    """Photograph the scenes, each loaded once, and write the indexes of those that there are; prints how far it is."""
    with vestido(navegador, "claro") as pagina:
        for hechas, escena in enumerate(escenas, 1):
            abrir(pagina, escena, mundos[escena.mundo])
            pagina.evaluate(_DISPONER)
            for ancho in VISTAS:
                pagina.set_viewport_size({"width": ancho, "height": 800})
                _guardar(pagina.screenshot(full_page=True, animations="disabled"), archivo_de(escena, ancho), ancho)
            print(f"\r{hechas} de {len(escenas)} escenas ", end="", flush=True)
    print()


def archivo_de(escena: Escena, ancho: int, carpeta: Path = CARPETA) -> Path:
    """Where the photograph of a scene at a width is."""
    return carpeta / escena.area / f"{escena.nombre}-{ancho}.webp"


def _guardar(foto: bytes, archivo: Path, ancho: int) -> None:
    imagen = Image.open(io.BytesIO(foto)).convert("RGB")
    imagen = imagen.crop((0, 0, imagen.width, min(imagen.height, ALTO_MAXIMO[ancho])))
    tamano = (round(imagen.width * VISTAS[ancho]), round(imagen.height * VISTAS[ancho]))
    archivo.parent.mkdir(parents=True, exist_ok=True)
    imagen.resize(tamano, Image.Resampling.LANCZOS).save(archivo, "WEBP", quality=_CALIDAD, method=6)


def empezar() -> None:
    """Forget the photographs of before: a scene that is no more leaves none."""
    shutil.rmtree(CARPETA, ignore_errors=True)


def indices(escenas: Sequence[Escena]) -> dict[Path, str]:
    """The text of each index: one of the areas, and one with the photographs of each."""
    por_area = {area: list(suyas) for area, suyas in groupby(escenas, key=lambda e: e.area)}
    principal = [
        "# Gallery",
        "",
        "Every page of the portal in each of its states, on a phone (360 px) and on a screen (1280 px), made smaller and cut",
        "where a page only goes on with more rows. Made by `make galeria` from the scenes of `tests/escenas`; the data are the",
        "demonstration's and the tests'. What is inside a field of a date or of a file is the browser's, in its own language.",
        "",
        "| Area | Scenes |",
        "|---|---|",
        *(f"| [{AREAS[area]}]({area}/README.md) | {len(suyas)} |" for area, suyas in por_area.items()),
        "",
    ]
    textos = {CARPETA / "README.md": "\n".join(principal)}
    for area, suyas in por_area.items():
        textos[CARPETA / area / "README.md"] = "\n".join([*_encabezado(area, suyas), *map(_entrada, suyas)])
    return textos


def _encabezado(area: str, suyas: Sequence[Escena]) -> list[str]:
    areas = list(AREAS)
    vecinas = {"←": areas[: areas.index(area)][-1:], "→": areas[areas.index(area) + 1 :][:1]}
    camino = ["[All areas](../README.md)"]
    camino += [f"{flecha} [{AREAS[otra]}](../{otra}/README.md)" for flecha, una in vecinas.items() for otra in una]
    escenas = ", ".join(f"[{e.nombre}](#{e.nombre})" for e in suyas)
    return [f"# {AREAS[area]}", "", " · ".join(camino), "", escenas, ""]


def _entrada(escena: Escena) -> str:
    quien = "" if escena.quien == PUBLICO else f", {escena.quien}"
    fotos = "".join(
        f'<td valign="top"><img src="{archivo_de(escena, ancho).name}" alt="{escena.nombre} a {ancho} px"></td>'
        for ancho in VISTAS
    )
    return f"## {escena.nombre}\n\n`{escena.ruta}` ({escena.mundo}{quien})\n\n<table><tr>{fotos}</tr></table>\n"


def escribir_indices(escenas: Sequence[Escena]) -> None:
    """Write them."""
    for archivo, texto in indices(escenas).items():
        archivo.write_text(texto, encoding="utf-8")
