"""The gateway and the bank behind it, in memory: the truth about every debit, whoever was told of it and in whatever order."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from portal.pasarelas.base import (
    AvisoPasarela,
    EstadoPasarela,
    PagoIniciado,
    PasarelaNoDisponible,
    PasarelaRechazo,
    ResultadoPasarela,
    SolicitudPago,
    TransaccionDesconocida,
    TransaccionPasarela,
)

FINALES = (EstadoPasarela.RECHAZADO, EstadoPasarela.FALLIDO, EstadoPasarela.VENCIDO)
CONFIRMADOS = (EstadoPasarela.APROBADO, EstadoPasarela.REVERTIDO)


class Muerte(Exception):
    """Stands for the death of the portal's process: nothing catches it."""


@dataclass
class Sesion:
    """One session at the gateway. `final` is how it was closed, if it was; `historia`, every answer it has ever given."""

    id: str
    referencia: str
    total: Decimal
    final: EstadoPasarela | None = None
    debitos: list[TransaccionPasarela] = field(default_factory=list)
    historia: list[ResultadoPasarela] = field(default_factory=list)

    @property
    def estado(self) -> EstadoPasarela:
        if any(d.estado in CONFIRMADOS for d in self.debitos):
            return EstadoPasarela.APROBADO
        return self.final or EstadoPasarela.PENDIENTE

    @property
    def ahora(self) -> ResultadoPasarela:
        """The honest answer at this moment."""
        return self.historia[-1]

    def anotar(self) -> None:
        """Something changed: from now on the answer is another."""
        self.historia.append(
            ResultadoPasarela(
                id_pasarela=self.id,
                referencia=self.referencia,
                estado=self.estado,
                total=self.total,
                moneda="COP",
                transacciones=tuple(self.debitos),
                mensaje=f"La sesión está {self.estado.value}",
                crudo="{}",
            )
        )


class Banco:
    """A gateway for the portal, and the hands of the payer and the bank for a test."""

    codigo = "placetopay"
    pide_banco = False
    documentos: frozenset[str] | None = None
    busca_por_referencia = False
    cancela = False
    destinos: tuple[str, ...] = ("http://banco.test",)

    def __init__(self) -> None:
        self.sesiones: list[Sesion] = []
        self.al_iniciar = "bien"
        self.caida = False
        # What it was asked and answered, in order.
        self.contestado: list[tuple[Sesion, ResultadoPasarela]] = []
        self._debitos = 0

    def iniciar(self, solicitud: SolicitudPago) -> PagoIniciado:
        """By `al_iniciar`: `bien`, `rehusa`, `se_pierde` (made, and its answer lost), `muere` (the portal dies)."""
        if self.al_iniciar == "rehusa":
            raise PasarelaRechazo("401", "no autorizado")
        sesion = Sesion(f"s{len(self.sesiones)}", solicitud.referencia, solicitud.total)
        sesion.anotar()
        self.sesiones.append(sesion)
        if self.al_iniciar == "se_pierde":
            raise PasarelaNoDisponible
        if self.al_iniciar == "muere":
            raise Muerte
        return PagoIniciado(sesion.id, "http://banco.test/sesion")

    def consultar(self, id_pasarela: str) -> ResultadoPasarela:
        if self.caida:
            raise PasarelaNoDisponible
        for sesion in self.sesiones:
            if sesion.id == id_pasarela:
                self.contestado.append((sesion, sesion.ahora))
                return sesion.ahora
        raise TransaccionDesconocida

    def interpretar_notificacion(self, cabeceras: Mapping[str, str], cuerpo: bytes) -> AvisoPasarela:
        id_pasarela, referencia, estado = cuerpo.decode().split("|")
        return AvisoPasarela(id_pasarela, referencia, estado, "2025-01-01T00:00:00-05:00")

    def debitar(self, sesion: Sesion, valor: Decimal, moneda: str = "COP") -> int:
        """The payer sends a debit to a bank; returns its place in the session."""
        self._debitos += 1
        numero = f"{self._debitos:04}"
        sesion.debitos.append(
            TransaccionPasarela(
                id=numero,
                estado=EstadoPasarela.PENDIENTE,
                valor=valor,
                moneda=moneda,
                cus=f"cus{numero}",
                banco="Banco de prueba",
                autorizacion=numero,
                recibo=numero,
                fecha=None,
                motivo="00",
                mensaje="",
            )
        )
        sesion.anotar()
        return len(sesion.debitos) - 1

    def decidir(self, sesion: Sesion, cual: int, estado: EstadoPasarela) -> None:
        """The bank says what became of a debit."""
        sesion.debitos[cual] = replace(sesion.debitos[cual], estado=estado)
        sesion.anotar()

    def cerrar(self, sesion: Sesion, final: EstadoPasarela) -> None:
        """The session ends, whatever its debits are doing at the bank."""
        sesion.final = final
        sesion.anotar()
