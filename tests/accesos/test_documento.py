"""docs/accesos.md is what the matrix says."""

from tests.accesos.documento import DOCUMENTO, documento


def test_el_documento_esta_al_dia() -> None:
    assert DOCUMENTO.read_text() == documento(), "make accesos"
