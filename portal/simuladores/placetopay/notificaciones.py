"""The one notification of each session that ends: signed, sent in the background, never sent again."""

import hashlib
import json
import logging
import threading
from typing import Any

from portal.simuladores.maquinaria.almacen import SILENCIO, Almacen
from portal.simuladores.maquinaria.envios import SEGUNDOS, enviar
from portal.simuladores.placetopay import protocolo
from portal.simuladores.placetopay.ajustes import Ajustes

registro = logging.getLogger(__name__)


class Notificador:
    """Sends notifications to the site's configured address."""

    def __init__(self, almacen: Almacen, ajustes: Ajustes) -> None:
        self._almacen, self._ajustes = almacen, ajustes
        self._hilos: list[threading.Thread] = []

    def al_terminar(self, numero: int) -> None:
        """Send the notification of session `numero`, unless the panel's switch says that it gets lost."""
        if not self._ajustes.notificar_url or self._almacen.interruptor(SILENCIO):
            return
        with self._almacen.leer() as conexion:
            sesion = conexion.execute("SELECT * FROM sesion WHERE id = ?", (numero,)).fetchone()
        estado = protocolo.estado(sesion["estado"], sesion["motivo"], sesion["mensaje"], sesion["fecha"])
        referencia = json.loads(sesion["pedido"])["payment"]["reference"]
        cuerpo = {
            "status": estado,
            "requestId": numero,
            "reference": referencia,
            "signature": firmar(self._ajustes, numero, estado),
        }
        hilo = threading.Thread(target=self._enviar, args=(numero, json.dumps(cuerpo).encode()), daemon=True)
        self._hilos = [h for h in self._hilos if h.is_alive()] + [hilo]
        hilo.start()

    def esperar(self) -> None:
        """Wait for what is being sent."""
        for hilo in self._hilos:
            hilo.join(SEGUNDOS)

    def _enviar(self, numero: int, cuerpo: bytes) -> None:
        dicho = enviar(self._ajustes.notificar_url, cuerpo, {"User-Agent": "Placetopay"})
        registro.info("notificación de la sesión %s: %s", numero, dicho)
        with self._almacen.escribir() as conexion:
            valores = (numero, cuerpo.decode(), dicho)
            conexion.execute("INSERT INTO aviso (sesion_id, cuerpo, respuesta) VALUES (?, ?, ?)", valores)


def firmar(ajustes: Ajustes, numero: int, estado: dict[str, Any]) -> str:
    """The signature: hexadecimal hash of number + word + date + key; SHA-1 carries no prefix."""
    base = f"{numero}{estado['status']}{estado['date']}{ajustes.clave}".encode()
    if ajustes.firma == "sha1":
        return hashlib.sha1(base, usedforsecurity=False).hexdigest()
    return f"sha256:{hashlib.sha256(base).hexdigest()}"
