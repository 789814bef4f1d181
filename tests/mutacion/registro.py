"""What each test executes, written down once for each of its files and kept while the modules do not change."""

import json
import os
import sys
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from tests.mutacion.carga import RAIZ, archivo_de, con_marcas
from tests.mutacion.sesiones import Anotadora, Prueba, correr, en_hijo


def anotar(carpeta: Path, modulos: Sequence[str], pruebas: Sequence[str], guardado: Path | None) -> list[Prueba]:
    """Run the files of tests without any wrong, save those that `guardado` knows already. Ends the program when they fail."""
    huella = _huella([archivo_de(m) for m in modulos])
    registro = json.loads(guardado.read_text()) if guardado and guardado.exists() else {}
    if registro.get("modulos") != huella:
        registro = {"modulos": huella, "archivos": {}}
    actuales = {archivo: _huella([RAIZ / archivo]) for archivo in _archivos(pruebas)}
    sabidos = registro["archivos"]
    faltan = [a for a, suya in actuales.items() if sabidos.get(a, {}).get("huella") != suya]
    if faltan:
        hechas = _correr_con_marcas(carpeta, modulos, faltan)
        for archivo in faltan:
            suyas = [h for h in hechas if h["nombre"].partition("::")[0] == archivo]
            sabidos[archivo] = {"huella": actuales[archivo], "pruebas": suyas}
        if guardado:
            guardado.write_text(json.dumps(registro))
    return [_leer(p) for archivo in actuales for p in sabidos[archivo]["pruebas"]]


def _correr_con_marcas(carpeta: Path, modulos: Sequence[str], archivos: Sequence[str]) -> list[dict]:
    anotado = carpeta / "pruebas.json"

    def hacer() -> int:
        anotadora = Anotadora(modulos, anotado)
        sys.meta_path.insert(0, con_marcas(modulos, anotadora.pasos.add))
        with (carpeta / "salida.txt").open("w") as salida:
            os.dup2(salida.fileno(), 1)
            return correr(archivos, carpeta, anotadora)

    if en_hijo(hacer) != 0:
        sys.exit(f"Las pruebas fallan sin ningún mutante.\n{(carpeta / 'salida.txt').read_text()}")
    return json.loads(anotado.read_text())


def _archivos(pruebas: Sequence[str]) -> list[str]:
    hallados = [a for p in pruebas for a in ([RAIZ / p] if p.endswith(".py") else sorted((RAIZ / p).glob("test_*.py")))]
    return [str(a.relative_to(RAIZ)) for a in hallados]


def _huella(archivos: Sequence[Path]) -> str:
    return sha256(b"".join(str(a).encode() + a.read_bytes() for a in archivos)).hexdigest()


def _leer(anotada: dict) -> Prueba:
    return Prueba(
        anotada["nombre"],
        anotada["segundos"],
        frozenset((modulo, linea) for modulo, linea in anotada["pasos"]),
        frozenset(anotada["importa"]),
    )
