"""What a table does in little room is told twice: to browsers that know containers, and by the window to those that do not."""

import re
from pathlib import Path

import pytest

import portal

_ESTATICOS = Path(portal.__file__).parent / "static"
_REGLA = re.compile(r"([^{}]+)\{([^{}]*)\}")


def _reglas(hoja: str, cabeza: str) -> list[tuple[str, str]]:
    """The rules of every block that begins with `cabeza`, as they are written and in their order."""
    reglas = []
    for parte in hoja.split(cabeza)[1:]:
        cuerpo, abiertas = "", 1
        for letra in parte:
            abiertas += (letra == "{") - (letra == "}")
            if not abiertas:
                break
            cuerpo += letra
        reglas += [(selector.strip(), dicho.strip()) for selector, dicho in _REGLA.findall(cuerpo)]
    return reglas


@pytest.mark.parametrize("nombre", ["portal.css", "gestion.css"])
def test_las_tablas_son_tarjetas_tambien_en_navegadores_de_antes(nombre: str) -> None:
    hoja = (_ESTATICOS / nombre).read_text(encoding="utf-8")
    con_contenedor = _reglas(hoja, "@container (max-width: 48rem) {")
    assert con_contenedor
    assert _reglas(hoja, "@supports not (container-type: inline-size) { @media (max-width: 48rem) {") == con_contenedor
