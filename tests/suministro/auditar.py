"""`make auditar`: ask the advisory service about every locked package. Without an answer about all of them there is no result.

pip-audit takes a service that it cannot reach, or a package that the service does not know, for nothing found. Here both are a
failure that says so.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.suministro.candados import PRODUCCION, PRUEBAS, RAIZ, SEGURIDAD, Paquete, leer

_SIN_RESULTADO = (
    "{candado}: el servicio de avisos no respondió por {faltan} de {todos} paquetes. Esto no es un resultado: repita la orden "
    "donde haya conexión. Los pisos de fallas conocidas los revisa la suite sin red (tests/suministro)."
)


def auditar(herramienta: str, candado: Path) -> list[str]:
    """What is to be said of a lock, one Spanish sentence each; nothing when all its packages were asked and have none."""
    orden = [
        herramienta,
        "--strict",
        "--disable-pip",
        "--require-hashes",
        "--progress-spinner",
        "off",
        "--format",
        "json",
    ]
    hecho = subprocess.run(
        [*orden, "--requirement", str(candado)], capture_output=True, text=True, check=False, cwd=RAIZ
    )
    respuestas = _respuestas(hecho.stdout)
    paquetes = [p for p in leer(candado) if not p.donde or p.nombre in respuestas]
    faltan = [p for p in paquetes if p.nombre not in respuestas]
    nombre = candado.relative_to(RAIZ) if candado.is_relative_to(RAIZ) else candado
    if faltan:
        return [_SIN_RESULTADO.format(candado=nombre, faltan=len(faltan), todos=len(paquetes))]
    frases = [_frase(p, avisos) for p in paquetes if (avisos := respuestas[p.nombre])]
    return frases or ([f"{nombre}: la herramienta terminó con {hecho.returncode}."] if hecho.returncode else [])


def _respuestas(texto: str) -> dict[str, list[str]]:
    """The advisories of each package that was really asked about."""
    try:
        dependencias = json.loads(texto)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return {}
    return {d["name"].lower().replace("_", "-"): [v["id"] for v in d["vulns"]] for d in dependencias if "vulns" in d}


def _frase(paquete: Paquete, avisos: Sequence[str]) -> str:
    return f"{paquete.nombre} {paquete.version}: {', '.join(avisos)}. Súbalo, y suba su piso en tests/suministro/pisos.toml."


def main() -> None:
    frases = [frase for candado in (PRODUCCION, PRUEBAS, SEGURIDAD) for frase in auditar(sys.argv[1], candado)]
    for frase in frases:
        print(frase, file=sys.stderr)
    if frases:
        sys.exit(1)
    print("Ningún paquete bloqueado tiene un aviso publicado.")


if __name__ == "__main__":
    main()
