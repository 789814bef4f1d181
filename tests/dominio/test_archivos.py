"""What is accepted as evidence is decided by its bytes; a name is only a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.dominio.archivos import MAXIMO_BYTES, TipoArchivo, limpiar_nombre, reconocer
from portal.dominio.errores import DatoInvalido
from tests.archivos import jpeg, pdf, png

PDF = TipoArchivo("application/pdf", "pdf")


@pytest.mark.parametrize(
    ("contenido", "tipo"), [(pdf(), "application/pdf"), (png(), "image/png"), (jpeg(), "image/jpeg")]
)
def test_se_reconoce_por_sus_bytes(contenido: bytes, tipo: str) -> None:
    assert reconocer(contenido).tipo == tipo


@pytest.mark.parametrize(
    ("contenido", "frase"),
    [
        (b"", "vacío"),
        (b"MZ\x90\x00", "no es un PDF"),
        (b"<html><script>alert(1)</script></html>", "no es un PDF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no es un PDF"),
        (b"PK\x03\x04" + pdf(), "no es un PDF"),
        (b"<html>\n" + pdf(), "no es un PDF"),
        (pdf() + b"PK\x03\x04" + b"\x00" * 2000, "no es un PDF"),
        (png() + b"<script>alert(1)</script>", "no es un PDF"),
        (jpeg() + b"PK\x03\x04", "no es un PDF"),
        (pdf()[:-8], "no es un PDF"),
        (png()[:-4], "no es un PDF"),
        (b"GIF89a" + b"\x00" * 20, "no es un PDF"),
        (pdf(b"x" * MAXIMO_BYTES), "más de 5 MB"),
    ],
    ids=[
        "vacío",
        "ejecutable",
        "html",
        "svg",
        "zip y pdf",
        "html y pdf",
        "pdf y zip",
        "png y guion",
        "jpg y zip",
        "pdf cortado",
        "png cortado",
        "gif",
        "grande",
    ],
)
def test_lo_demas_se_rehusa_con_una_frase(contenido: bytes, frase: str) -> None:
    with pytest.raises(DatoInvalido, match=frase) as error:
        reconocer(contenido)
    assert error.value.campo == "archivo"


def test_el_mas_grande_que_se_admite_cabe() -> None:
    assert reconocer(pdf(b"x" * (MAXIMO_BYTES - len(pdf()))))


@pytest.mark.parametrize(
    ("nombre", "limpio"),
    [
        ("Ordenanza 12 de 2026.pdf", "Ordenanza 12 de 2026.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("..\\..\\windows\\system.ini", "system.pdf"),
        ("decreto.pdf.exe", "decreto.pdf.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie x.pdf"),
        ('"; filename=otro.html', "filename otro.pdf"),
        ("año\u202efdp.exe", "año fdp.pdf"),
        ("....", "evidencia.pdf"),
        ("", "evidencia.pdf"),
        (".htaccess", "evidencia.pdf"),
        ("x" * 400 + ".pdf", "x" * 100 + ".pdf"),
    ],
)
def test_el_nombre_queda_sin_nada_que_un_sistema_entienda(nombre: str, limpio: str) -> None:
    assert limpiar_nombre(nombre, PDF) == limpio


@given(st.text(max_size=200))
def test_cualquier_nombre_queda_corto_y_plano(nombre: str) -> None:
    limpio = limpiar_nombre(nombre, PDF)
    assert limpio.endswith(".pdf")
    assert len(limpio) <= 104
    assert not set(limpio) & set("/\\\"'<>:;|?*\x00\r\n\t%")
    assert not limpio.startswith(".")
