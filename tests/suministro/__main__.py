"""`make inventario`: write docs/inventario.cdx.json and docs/licencias.md from the locks."""

from tests.suministro import inventario, licencias
from tests.suministro.candados import PRODUCCION, PRUEBAS, RAIZ, leer

ESCRITOS = {RAIZ / "docs/inventario.cdx.json": inventario.documento, RAIZ / "docs/licencias.md": licencias.documento}


def main() -> None:
    for archivo, componer in ESCRITOS.items():
        archivo.write_text(componer(leer(PRODUCCION), leer(PRUEBAS)), encoding="utf-8")
        print(f"{archivo.relative_to(RAIZ)}")


if __name__ == "__main__":
    main()
