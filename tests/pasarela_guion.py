"""A gateway that answers what a test wrote for it, for tests of the portal's own logic.

Tests of the protocol use the simulator over HTTP instead.
"""

from collections.abc import Callable, Mapping

from portal.pasarelas.base import (
    AvisoPasarela,
    FirmaInvalida,
    PagoIniciado,
    PasarelaNoDisponible,
    ResultadoPasarela,
    SolicitudPago,
    TransaccionDesconocida,
)


class PasarelaGuion:
    """`sesiones` maps a session id to its answer, or to the exception to raise."""

    codigo = "placetopay"

    def __init__(self) -> None:
        self.sesiones: dict[str, ResultadoPasarela | Exception] = {}
        self.solicitudes: list[SolicitudPago] = []
        self.preguntas: list[str] = []
        self.al_iniciar: Exception | None = None
        self.al_preguntar: Callable[[], None] = lambda: None

    def iniciar(self, solicitud: SolicitudPago) -> PagoIniciado:
        self.solicitudes.append(solicitud)
        if self.al_iniciar is not None:
            raise self.al_iniciar
        return PagoIniciado(f"s{len(self.solicitudes)}", "http://banco.test/sesion")

    def consultar(self, id_pasarela: str) -> ResultadoPasarela:
        self.preguntas.append(id_pasarela)
        self.al_preguntar()
        respuesta = self.sesiones.get(id_pasarela, TransaccionDesconocida())
        if isinstance(respuesta, Exception):
            raise respuesta
        return respuesta

    def interpretar_notificacion(self, cabeceras: Mapping[str, str], cuerpo: bytes) -> AvisoPasarela:
        if cabeceras.get("X-Firma") != "buena":
            raise FirmaInvalida
        id_pasarela, referencia = cuerpo.decode().split("|")
        return AvisoPasarela(id_pasarela, referencia, "APPROVED", "2025-01-01T00:00:00-05:00")


__all__ = ["PasarelaGuion", "PasarelaNoDisponible"]
