"""Every scene is what it says, and some of them are looked at in one theme and one width; `make accesible` looks at all."""

import re
from collections.abc import Iterator
from zlib import crc32

import pytest
from playwright.sync_api import Browser

from tests.escenas.accesible import mirar
from tests.escenas.catalogo import ESCENAS
from tests.escenas.escena import PUBLICO, Escena
from tests.escenas.marcha import EscenaRota, MundoEnMarcha, mundos_en_marcha, pedir
from tests.escenas.mundos import MUNDOS
from tests.escenas.revision import ANCHOS
from tests.escenas.temas import TEMAS, vestido

# A whole page says its language, its title with the department's name, and one heading.
_FORMA = (r'<html lang="es-CO"', r"<title>[^<]+ – [^<]+</title>", r"<h1[ >]")


@pytest.fixture(scope="module")
def mundos() -> Iterator[dict[str, MundoEnMarcha]]:
    with mundos_en_marcha(list(MUNDOS)) as en_marcha:
        yield en_marcha


def _rota(escena: Escena, mundo: MundoEnMarcha) -> str:
    try:
        pagina = pedir(escena, mundo)
    except EscenaRota as rota:
        return str(rota)
    veces = [len(re.findall(patron, pagina)) for patron in _FORMA]
    return "" if veces == [1] * len(_FORMA) else f"{escena.nombre}: idioma, título y h1 aparecen {veces} veces"


def las_que_se_miran() -> list[Escena]:
    """A scene for each page, chosen by their names: every step of the public, and of staff one page in three."""
    por_pagina: dict[str, list[Escena]] = {}
    for escena in ESCENAS:
        direccion = escena.a if escena.a and escena.quien == PUBLICO else escena.ruta
        por_pagina.setdefault(re.sub(r"\{\w+\}|\?.*", "", direccion), []).append(escena)
    elegidas = [min(unas, key=_turno) for unas in por_pagina.values()]
    return [e for e in elegidas if e.quien == PUBLICO or _turno(e) % 3 == 0]


def _turno(escena: Escena) -> int:
    return crc32(escena.nombre.encode())


def test_cada_escena_es_lo_que_dice(mundos: dict[str, MundoEnMarcha]) -> None:
    assert [falta for e in ESCENAS if (falta := _rota(e, mundos[e.mundo]))] == []


def test_las_paginas_se_ven_bien(mundos: dict[str, MundoEnMarcha], chromium: Browser) -> None:
    faltas: list[str] = []
    elegidas = las_que_se_miran()
    for i, tema in enumerate(TEMAS):
        with vestido(chromium, tema) as pagina:
            for escena in elegidas:
                turno = _turno(escena) // 3
                if turno % len(TEMAS) == i:
                    ancho = ANCHOS[turno // len(TEMAS) % len(ANCHOS)]
                    faltas += mirar(pagina, escena, mundos[escena.mundo], (ancho,))
    assert faltas == []
