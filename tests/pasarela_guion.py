"""A gateway that answers what a test wrote for it, for tests of the portal's own logic.

Tests of the protocol use the simulator over HTTP instead.
"""

from collections.abc import Callable, Mapping

from portal.pasarelas.base import (
    AvisoPasarela,
    Banco,
    Condicion,
    FirmaInvalida,
    PagoIniciado,
    PasarelaNoDisponible,
    ResultadoPasarela,
    SolicitudPago,
    TransaccionDesconocida,
)


class PasarelaGuion:
    """`sesiones` maps a session id to its answer, or to the exception to raise; `halladas`, a reference to what is found."""

    codigo = "placetopay"
    pide_banco = False
    documentos: frozenset[str] | None = None
    busca_por_referencia = False
    cancela = False
    destinos: tuple[str, ...] = ("http://banco.test",)

    def __init__(self) -> None:
        self.sesiones: dict[str, ResultadoPasarela | Exception] = {}
        self.solicitudes: list[SolicitudPago] = []
        self.preguntas: list[str] = []
        self.halladas: dict[str, ResultadoPasarela | Exception] = {}
        self.cancelados: list[str] = []
        self.al_cancelar: Exception | None = None
        self.lista_bancos: tuple[Banco, ...] | Exception = ()
        self.lista_condiciones: tuple[Condicion, ...] | Exception = ()
        self.veces_bancos = self.veces_condiciones = 0
        self.direccion: str | None = "http://banco.test/sesion"
        self.al_iniciar: Exception | None = None
        self.al_preguntar: Callable[[], None] = lambda: None

    def iniciar(self, solicitud: SolicitudPago) -> PagoIniciado:
        self.solicitudes.append(solicitud)
        if self.al_iniciar is not None:
            raise self.al_iniciar
        return PagoIniciado(f"s{len(self.solicitudes)}", self.direccion)

    def bancos(self) -> tuple[Banco, ...]:
        self.veces_bancos += 1
        if isinstance(self.lista_bancos, Exception):
            raise self.lista_bancos
        return self.lista_bancos

    def condiciones(self) -> tuple[Condicion, ...]:
        self.veces_condiciones += 1
        if isinstance(self.lista_condiciones, Exception):
            raise self.lista_condiciones
        return self.lista_condiciones

    def buscar(self, referencia: str) -> ResultadoPasarela | None:
        hallada = self.halladas.get(referencia)
        if isinstance(hallada, Exception):
            raise hallada
        return hallada

    def cancelar(self, id_pasarela: str) -> None:
        self.cancelados.append(id_pasarela)
        if self.al_cancelar is not None:
            raise self.al_cancelar

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
