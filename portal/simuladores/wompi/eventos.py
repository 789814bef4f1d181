"""Events: one for each final state, signed, and sent again until the merchant answers exactly 200, at most four times."""

import hashlib
import json
import logging
import threading
import time
from typing import Any

from portal.simuladores.maquinaria.almacen import SILENCIO, Almacen
from portal.simuladores.maquinaria.envios import SEGUNDOS, enviar
from portal.simuladores.wompi import protocolo
from portal.simuladores.wompi.ajustes import Ajustes

registro = logging.getLogger(__name__)
# Seconds after the first sending.
REINTENTOS = (30 * 60, 3 * 3600, 24 * 3600)


class Notificador:
    """Sends events to the merchant's configured address."""

    def __init__(self, almacen: Almacen, ajustes: Ajustes) -> None:
        self._almacen, self._ajustes = almacen, ajustes
        self._hilos: list[threading.Thread] = []

    def anunciar(self, identificador: str) -> None:
        """Send the event of a transaction, unless the panel's switch says that it gets lost."""
        if not self._ajustes.notificar_url or self._almacen.interruptor(SILENCIO):
            return
        with self._almacen.leer() as conexion:
            fila = conexion.execute("SELECT * FROM transaccion WHERE id = ?", (identificador,)).fetchone()
        ahora = time.time()
        cuerpo = json.dumps(self._evento(protocolo.contar(fila, self._ajustes, con_direccion=True), ahora))
        orden = "INSERT INTO evento (transaccion, cuerpo, primera, proximo) VALUES (?, ?, ?, ?)"
        with self._almacen.escribir() as conexion:
            conexion.execute(orden, (identificador, cuerpo, ahora, ahora))
        self.repetir()

    def repetir(self) -> None:
        """Send, each in its own thread, the events whose turn has come."""
        orden = "SELECT * FROM evento WHERE proximo <= ?"
        with self._almacen.leer() as conexion:
            debidos = conexion.execute(orden, (time.time(),)).fetchall()
        for fila in debidos:
            if not self._apartar(fila["numero"]):
                continue
            hilo = threading.Thread(target=self._enviar, args=(fila["numero"],), daemon=True)
            self._hilos = [h for h in self._hilos if h.is_alive()] + [hilo]
            hilo.start()

    def esperar(self) -> None:
        """Wait for what is being sent."""
        for hilo in list(self._hilos):
            hilo.join(SEGUNDOS)

    def _apartar(self, numero: int) -> bool:
        orden = "UPDATE evento SET proximo = NULL, envios = envios + 1 WHERE numero = ? AND proximo IS NOT NULL"
        with self._almacen.escribir() as conexion:
            return conexion.execute(orden, (numero,)).rowcount == 1

    def _enviar(self, numero: int) -> None:
        with self._almacen.leer() as conexion:
            fila = conexion.execute("SELECT * FROM evento WHERE numero = ?", (numero,)).fetchone()
        suma = json.loads(fila["cuerpo"])["signature"]["checksum"]
        dicho = enviar(self._ajustes.notificar_url, fila["cuerpo"].encode(), {"X-Event-Checksum": suma})
        registro.info("evento %s: %s", numero, dicho)
        quedan = fila["envios"] <= len(REINTENTOS)
        proximo = (
            fila["primera"] + REINTENTOS[fila["envios"] - 1] / self._ajustes.aceleracion_eventos if quedan else None
        )
        with self._almacen.escribir() as conexion:
            valores = (dicho, None if dicho == "200" else proximo, numero)
            conexion.execute("UPDATE evento SET respuesta = ?, proximo = ? WHERE numero = ?", valores)

    def _evento(self, transaccion: dict[str, Any], ahora: float) -> dict[str, Any]:
        propiedades = (self._almacen.interruptor("propiedades") or ",".join(self._ajustes.propiedades)).split(",")
        datos = {"transaction": transaccion}
        suma = sumar(datos, propiedades, int(ahora), self._almacen.interruptor("secreto") or self._ajustes.eventos)
        return {
            "event": "transaction.updated",
            "data": datos,
            "environment": self._almacen.interruptor("ambiente") or self._ajustes.ambiente,
            "signature": {
                "properties": propiedades,
                "checksum": suma.upper() if self._almacen.interruptor("mayusculas") else suma,
            },
            "timestamp": int(ahora),
            "sent_at": protocolo.iso(ahora),
        }


def sumar(datos: dict[str, Any], propiedades: list[str], marca: int, secreto: str) -> str:
    """The checksum: SHA-256 of the values of the properties, the timestamp and the secret, one after the other."""
    texto = ""
    for propiedad in propiedades:
        valor: Any = datos
        for nombre in propiedad.split("."):
            valor = valor[nombre]
        texto += str(valor)
    return hashlib.sha256(f"{texto}{marca}{secreto}".encode()).hexdigest()
