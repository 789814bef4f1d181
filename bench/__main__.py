"""`python -m bench [--rapido] [part …]`: run the parts asked for, or all of them, one after another."""

import argparse
import time
from collections.abc import Callable
from importlib import import_module

from bench import informe
from bench.rondas import Parte
from bench.servidor import RondaInvalida

# In the order of the report; each is a module with `medir(rapido) -> Parte`.
PARTES = ("consulta", "crecimiento", "pdf", "pagos", "motor", "arranque", "carga")


def main() -> int:
    """Fails when a goal is not met; the long run also writes the report."""
    lector = argparse.ArgumentParser(prog="bench", description=__doc__)
    lector.add_argument("partes", nargs="*", metavar="part", help=", ".join(PARTES))
    lector.add_argument("--rapido", action="store_true", help="shorter rounds and smaller tables; nothing is written")
    argumentos = lector.parse_args()
    if ajenas := set(argumentos.partes) - set(PARTES):
        lector.error(f"no such part: {', '.join(sorted(ajenas))}")
    faltan = 0
    for clave in argumentos.partes or PARTES:
        print(f"… {clave}", flush=True)
        medir: Callable[[bool], Parte] = import_module(f"bench.partes.{clave}").medir
        comienzo = time.monotonic()
        try:
            parte = medir(argumentos.rapido)
        except RondaInvalida as error:
            # What was not measured is not reported; the other parts are.
            print(f"  not measured: {error}", flush=True)
            faltan += 1
            continue
        segundos = time.monotonic() - comienzo
        print(informe.en_pantalla(parte), f"  {segundos:.0f} s", sep="\n", flush=True)
        faltan += sum(not parte.cumple(meta) for meta in parte.metas)
        if not argumentos.rapido:
            informe.guardar(clave, parte, segundos)
    if not argumentos.rapido:
        informe.escribir(list(PARTES))
    return 1 if faltan else 0


if __name__ == "__main__":
    raise SystemExit(main())
