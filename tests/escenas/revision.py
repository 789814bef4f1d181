"""What every page must be whoever looks at it, and however: found by axe, and by looking at what axe does not."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

ANCHOS = (360, 768, 1280)
# A screen of 1280 seen at 400 % and at 200 % (WCAG 1.4.10).
AMPLIADOS = (320, 640)
ALTO = 800
_NORMAS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_OPCIONES = {"runOnly": {"type": "tag", "values": _NORMAS}, "resultTypes": ["violations"], "preload": False}
_FORMA = """() => {
    const visibles = [...document.querySelectorAll('h1')].filter(h => h.checkVisibility()).length;
    const faltas = [];
    if (visibles !== 1) faltas.push(`tiene ${visibles} títulos h1`);
    if (document.documentElement.lang !== 'es-CO') faltas.push('no dice su idioma');
    if (!/\\S+.* – \\S+/.test(document.title)) faltas.push(`su título es «${document.title}»`);
    return faltas;
}"""
_DESBORDE = """() => {
    const ancho = window.innerWidth;
    if (document.documentElement.scrollWidth <= ancho) return null;
    // The deepest elements that stick out, and not what scrolls them inside itself.
    const fuera = [...document.querySelectorAll('body *')].filter(e =>
        e.getBoundingClientRect().right > ancho + 1 && ![...e.children].some(h => h.getBoundingClientRect().right > ancho + 1));
    return fuera.slice(0, 2).map(e => e.outerHTML.slice(0, 120)).join(' ') || document.documentElement.scrollWidth + ' px';
}"""


def revisar(pagina: Page, ancho: int) -> list[str]:
    """What is wrong with the page at a width, in words."""
    pagina.set_viewport_size({"width": ancho, "height": ALTO})
    return [f"{ancho} px: {falta}" for falta in [*_axe(pagina), *desborde(pagina)]]


def revisar_forma(pagina: Page) -> list[str]:
    """One visible h1, language and title."""
    faltas: list[str] = pagina.evaluate(_FORMA)
    return faltas


def revisar_ampliada(pagina: Page) -> list[str]:
    """Nothing scrolls sideways on a screen of 1280 at 200 % and at 400 %, nor with letters twice as large."""
    faltas = []
    for ancho in AMPLIADOS:
        pagina.set_viewport_size({"width": ancho, "height": ALTO})
        faltas += [f"{ancho} px: {falta}" for falta in desborde(pagina)]
    pagina.set_viewport_size({"width": 1280, "height": ALTO})
    pagina.evaluate("document.documentElement.style.fontSize = '200%'")
    faltas += [f"letra al 200 %: {falta}" for falta in desborde(pagina)]
    pagina.evaluate("document.documentElement.style.fontSize = ''")
    return faltas


def desborde(pagina: Page) -> list[str]:
    """Whether something sticks out sideways."""
    fuera = pagina.evaluate(_DESBORDE)
    return [f"se desborda: {fuera}"] if fuera else []


def _axe(pagina: Page) -> list[str]:
    halladas: list[dict[str, Any]] = _AXE.run(pagina, options=_OPCIONES).response["violations"]
    return [f"{v['id']}: {' '.join(n['html'][:160] for n in v['nodes'][:3])}" for v in halladas]


_AXE = Axe()
