"""What each test executes, written down once for each of its files and kept while the modules do not change."""

import json
import os
import sys
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from tests.mutacion.carga import RAIZ, archivo_de, con_marcas
from tests.mutacion.sesiones import Anotadora, Prueba, correr, en_hijo


class Registro:
    """What is known while neither the modules nor the files of tests change; without a file, for this time only.

    `notados` says which file of tests noticed each wrong, so that what was interrupted can go on.
    """

    def __init__(self, modulos: Sequence[str], archivo: Path | None) -> None:
        self.modulos, self.archivo = modulos, archivo
        self.notados: dict[str, str] = {}
        self._archivos: dict[str, dict] = {}
        self._huella = _huella([archivo_de(m) for m in modulos])
        if archivo and archivo.exists():
            guardado = json.loads(archivo.read_text())
            if guardado["modulos"] == self._huella:
                self._archivos, self.notados = guardado["archivos"], guardado["notados"]

    def anotar(self, carpeta: Path, pruebas: Sequence[str]) -> list[Prueba]:
        """Run without any wrong the files that are not known, and tell of all. Ends the program when they fail."""
        actuales = {archivo: _huella([RAIZ / archivo]) for archivo in _archivos(pruebas)}
        faltan = [a for a, suya in actuales.items() if self._archivos.get(a, {}).get("huella") != suya]
        if faltan:
            hechas = _correr_con_marcas(carpeta, self.modulos, faltan)
            for archivo in faltan:
                suyas = [h for h in hechas if h["nombre"].partition("::")[0] == archivo]
                self._archivos[archivo] = {"huella": actuales[archivo], "pruebas": suyas}
        self.notados = {clave: a for clave, a in self.notados.items() if a in actuales and a not in faltan}
        self.guardar()
        return [_leer(p) for archivo in actuales for p in self._archivos[archivo]["pruebas"]]

    def guardar(self) -> None:
        if self.archivo:
            guardado = {"modulos": self._huella, "archivos": self._archivos, "notados": self.notados}
            self.archivo.write_text(json.dumps(guardado))


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
