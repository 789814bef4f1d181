"""Rules of whatever asks by htmx: it has a plain way for who has no JavaScript, and a second click sends nothing."""

import re
from pathlib import Path

PLANTILLAS = Path(__file__).resolve().parents[2] / "portal/templates"
DE_PLANTILLA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
ELEMENTO = re.compile(r"<(\w+)[^<>]*\bdata-hx-(?:get|post)=[^<>]*>")


def elementos() -> list[tuple[str, str, str]]:
    """Template, kind and opening tag of each element that asks by htmx."""
    return [
        (str(plantilla.relative_to(PLANTILLAS)), m[1], m[0])
        for plantilla in sorted(PLANTILLAS.rglob("*.html"))
        for m in ELEMENTO.finditer(DE_PLANTILLA.sub("x", plantilla.read_text()))
    ]


def test_un_segundo_toque_no_pide_otra_vez() -> None:
    """By POST: what is under way is replaced, or lets nothing else in. htmx itself would keep the second one for afterwards."""
    hallados = [(donde, texto) for donde, _, texto in elementos() if "data-hx-post" in texto]
    assert len(hallados) >= 10
    sin_freno = [d for d, texto in hallados if not re.search(r"data-hx-(sync|disabled-elt)=", texto)]
    assert sin_freno == []


def test_quien_no_tiene_javascript_tiene_el_mismo_camino() -> None:
    """A form has its action and method and a link its address; what only asks for a preview has its form around."""
    sin_camino = [
        (donde, texto[:80])
        for donde, que, texto in elementos()
        if (que == "form" and " action=" not in texto) or (que == "a" and " href=" not in texto)
    ]
    assert sin_camino == []


def test_cada_region_que_se_espera_se_puede_encontrar_de_nuevo() -> None:
    """What is said and where the focus goes after a swap are looked for by the id of the region."""
    destinos = {m for _, _, texto in elementos() for m in re.findall(r'data-hx-target="#([\w-]+)"', texto)}
    todo = "".join(p.read_text() for p in PLANTILLAS.rglob("*.html"))
    assert len(destinos) >= 10
    assert sorted(d for d in destinos if f'id="{d}"' not in todo) == []
