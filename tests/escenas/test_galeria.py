"""The gallery that is kept is that of the catalogue: no scene without its two photographs, no photograph without its scene."""

from tests.escenas.catalogo import ESCENAS
from tests.escenas.galeria import CARPETA, VISTAS, archivo_de, indices


def test_cada_escena_tiene_sus_dos_fotos_y_cada_foto_su_escena() -> None:
    pedidas = {archivo_de(escena, ancho) for escena in ESCENAS for ancho in VISTAS}
    guardadas = set(CARPETA.rglob("*.webp"))
    assert sorted(foto.name for foto in pedidas - guardadas) == [], "run `make galeria`"
    assert sorted(foto.name for foto in guardadas - pedidas) == [], "no scene has them: run `make galeria`"


def test_los_indices_dicen_lo_que_hay() -> None:
    assert {archivo: archivo.read_text(encoding="utf-8") for archivo in CARPETA.rglob("*.md")} == indices(ESCENAS)
