"""Eight threads count in one file that somebody else keeps locked now and then; run apart, because the fault was to die."""

import sqlite3
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from portal.operaciones.limites import Cuenta, Limite
from portal.web.contadores import ContadorArchivo, NoResponde

HILOS, SEGUNDOS = 8, 2.0


def main() -> None:
    """Prints how many counts were answered and how many were refused."""
    archivo, fin = Path(sys.argv[1]), time.monotonic() + SEGUNDOS
    contador, limite = ContadorArchivo(archivo), Limite("a", 10**9, 600)
    dichas = {True: 0, False: 0}

    def contar() -> None:
        while time.monotonic() < fin:
            contador.descanso.terminar()
            try:
                contador.primero_agotado([Cuenta(limite, "x")] * 4, datetime.now(UTC))
                dichas[True] += 1
            except NoResponde:
                dichas[False] += 1

    hilos = [threading.Thread(target=contar) for _ in range(HILOS)]
    for hilo in hilos:
        hilo.start()
    while time.monotonic() < fin:
        with sqlite3.connect(archivo, isolation_level=None) as ajena:
            ajena.execute("BEGIN IMMEDIATE")
            time.sleep(0.3)
            ajena.execute("COMMIT")
        time.sleep(0.1)
    for hilo in hilos:
        hilo.join()
    print(dichas[True], dichas[False])


if __name__ == "__main__":
    main()
