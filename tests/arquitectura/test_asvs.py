"""The page of ASVS says where each requirement is held: every name on it exists."""

import re
from pathlib import Path

RAIZ = Path(__file__).resolve().parents[2]
PAGINA = RAIZ / "docs" / "asvs.md"
_FILA = re.compile(r"^\| (\d[^|]*) \| (.+) \| (.+) \|$", re.MULTILINE)
_ID = re.compile(r"\d+\.\d+\.\d+")
_ENTRE_COMILLAS = re.compile(r"`([^`]+)`")
_ENLACE = re.compile(r"\]\(([^)]+)\)")


def _filas() -> list[tuple[str, str, str]]:
    return _FILA.findall(PAGINA.read_text(encoding="utf-8"))


def test_cada_requisito_esta_una_vez() -> None:
    ids = [uno for fila in _filas() for uno in _ID.findall(fila[0])]
    assert len(ids) > 150
    assert sorted({uno for uno in ids if ids.count(uno) > 1}) == []


def test_cada_requisito_dice_quien_lo_muestra() -> None:
    assert [
        ids for ids, _, muestra in _filas() if not (_ENTRE_COMILLAS.search(muestra) or _ENLACE.search(muestra))
    ] == []


def test_cada_nombre_existe() -> None:
    ordenes = set(re.findall(r"^([a-z-]+):", (RAIZ / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    pagina = PAGINA.read_text(encoding="utf-8")
    faltan = [enlace for enlace in _ENLACE.findall(pagina) if not (PAGINA.parent / enlace).exists()]
    for nombre in {n for fila in _filas() for n in _ENTRE_COMILLAS.findall(" ".join(fila[1:]))}:
        if nombre.startswith("make "):
            faltan += [nombre] if nombre.removeprefix("make ") not in ordenes else []
        elif ".py::" in nombre:
            faltan += [nombre] if not _prueba(*nombre.split("::")) else []
        elif re.search(r"\.(py|conf)$", nombre) or nombre.startswith("portal/"):
            faltan += [nombre] if not _archivos(nombre) else []
    assert faltan == []


def _archivos(nombre: str) -> list[Path]:
    return [RAIZ / nombre] if (RAIZ / nombre).exists() else list((RAIZ / "tests").rglob(nombre))


def _prueba(archivo: str, prueba: str) -> bool:
    return any(f"def {prueba}(" in uno.read_text(encoding="utf-8") for uno in _archivos(archivo))
