"""`make accesos`: writes docs/accesos.md from the matrix."""

from tests.accesos.documento import DOCUMENTO, documento

if __name__ == "__main__":
    DOCUMENTO.write_text(documento())
    print(f"Escrito: {DOCUMENTO}")
