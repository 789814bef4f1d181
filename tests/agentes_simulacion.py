"""Months of many collecting agents, made up with the operations that people use, and an account of them kept apart.

Each agent, each month: idle or not, it assesses, withholds, takes some back, deposits whole, in part or not at all, files,
and sometimes corrects what it filed. `Cuenta` only adds up what was asked for; nothing of it is read from the database.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from sqlalchemy import select

from portal.db import db, transaccion
from portal.dominio.declaraciones import EN_PIE, huella, mes_anterior, mes_de, mes_siguiente
from portal.dominio.libro import ClaseAsiento, de_agente
from portal.models import Agente, Asiento, Consignacion, Declaracion, Retencion, Usuario
from portal.models.usuario import Rol
from portal.operaciones.agentes import consignaciones, declaraciones, envios, retener, versiones
from portal.operaciones.agentes.envios import Deposito, Soporte
from portal.operaciones.firmas import Firma
from tests.agentes import agente, persona, retenida, suya
from tests.archivos import pdf
from tests.estampillas import firmante
from tests.fabricas import HOY

Clave = tuple[int, date]


@dataclass
class Cuenta:
    """Pesos by agent and month, as they were asked for."""

    retenido: defaultdict[Clave, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    aceptado: defaultdict[Clave, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    ociosos: int = 0
    deshechas: int = 0
    corregidos: int = 0


@dataclass(frozen=True)
class _Quienes:
    """The people of one agent and of the department."""

    suyo: Usuario
    rentas: Usuario
    tesoreria: Usuario


def simular(agentes: int, meses: int, semilla: int = 0) -> tuple[Sequence[Agente], Sequence[date], Cuenta]:
    """Let `agentes` work for `meses` up to last month. Returns them, their months, and the account kept apart."""
    azar, cuenta = Random(semilla), Cuenta()  # noqa: S311  a test's chance
    pasados = _pasados(meses)
    rentas, tesoreria = persona(Rol.RENTAS), persona(Rol.TESORERIA)
    entidades = [agente(desde=pasados[0]) for _ in range(agentes)]
    gente = {una.id: _Quienes(persona(Rol.AGENTE, una), rentas, tesoreria) for una in entidades}
    for mes in pasados:
        for una in entidades:
            _vivir(una, mes, gente[una.id], azar, cuenta)
    return entidades, pasados, cuenta


def _pasados(cuantos: int) -> list[date]:
    meses = [mes_anterior(mes_de(HOY))]
    while len(meses) < cuantos:
        meses.append(mes_anterior(meses[-1]))
    return meses[::-1]


def _vivir(una: Agente, mes: date, gente: _Quienes, azar: Random, cuenta: Cuenta) -> None:
    if azar.random() < 0.3:
        cuenta.ociosos += 1
    else:
        for _ in range(azar.randint(1, 3)):
            _retener(una, mes, gente, azar, cuenta)
    _presentar(una, mes, gente, azar)
    if azar.random() < 0.2:
        _corregir(una, mes, gente, azar, cuenta)
        cuenta.corregidos += 1
    _consignar(una, mes, gente, azar, cuenta)


def _retener(una: Agente, mes: date, gente: _Quienes, azar: Random, cuenta: Cuenta) -> None:
    dia = mes + timedelta(days=azar.randrange((mes_siguiente(mes) - mes).days))
    valores = tuple(azar.randint(1, 10**7) for _ in range(azar.randint(1, 3)))
    emitida = suya(una, valores, fecha_causacion=dia, emitida_en=_en(dia))
    hecha = retenida(emitida, gente.suyo, fecha=dia, ahora=_en(dia))
    if azar.random() < 0.15:
        with transaccion():
            retener.deshacer(hecha, motivo="Se registró por error", firma=Firma(gente.suyo, _en(dia)))
        cuenta.deshechas += 1
    else:
        cuenta.retenido[una.id, mes] += sum(valores)


def _presentar(una: Agente, mes: date, gente: _Quienes, azar: Random) -> None:
    """Open what is missing, file it as it is seen, and let the department accept it, or not yet."""
    dia = min(mes_siguiente(mes) + timedelta(days=azar.randrange(15)), HOY)
    with transaccion():
        declaraciones.abrir_meses(una, mes, ahora=_en(dia))
    borrador = versiones.de_mes(una, mes)
    vista = huella(versiones.contenido_de(borrador, versiones.cuadro_de(una, mes).renglones))
    with transaccion():
        declaraciones.presentar(
            borrador,
            firma=Firma(gente.suyo, _en(dia)),
            firmante=firmante(),
            vence=None,
            huella_vista=vista,
            hoy=max(HOY, dia),
        )
    if azar.random() < 0.7:
        with transaccion():
            declaraciones.aceptar(borrador, firma=Firma(gente.rentas, _en(dia)))


def _corregir(una: Agente, mes: date, gente: _Quienes, azar: Random, cuenta: Cuenta) -> None:
    """The agent forgot a withholding, or the department gives the month back; it is filed again."""
    firma = Firma(gente.suyo, _en(HOY))
    if azar.random() < 0.5:
        with transaccion():
            declaraciones.devolver(
                versiones.de_mes(una, mes), motivo="Falta un acto", firma=Firma(gente.rentas, _en(HOY))
            )
    with transaccion():
        declaraciones.abrir_correccion(una, mes, motivo="Faltaba un acto", firma=firma)
    _retener(una, mes, gente, azar, cuenta)
    _presentar(una, mes, gente, azar)


def _consignar(una: Agente, mes: date, gente: _Quienes, azar: Random, cuenta: Cuenta) -> None:
    for numero, parte in enumerate(_partes(cuenta.retenido[una.id, mes], azar)):
        referencia = f"S{una.id}-{mes:%Y%m}-{numero}"
        datos = Deposito(mes, parte, min(mes_siguiente(mes), HOY), "Banco de prueba", referencia)
        with transaccion():
            enviada = envios.enviar(
                datos,
                Soporte("s.pdf", pdf(referencia.encode())),
                clave=referencia,
                firma=Firma(gente.suyo, _en(HOY)),
                hoy=HOY,
            )
        suerte = azar.random()
        if suerte < 0.8:
            with transaccion():
                consignaciones.aceptar(enviada, firma=Firma(gente.tesoreria, _en(HOY)))
            cuenta.aceptado[una.id, mes] += parte
        elif suerte < 0.9:
            with transaccion():
                consignaciones.rechazar(enviada, "No es de esa cuenta", firma=Firma(gente.tesoreria, _en(HOY)))


def _partes(debe: Decimal, azar: Random) -> list[Decimal]:
    """Nothing, all at once, or two slips."""
    if debe < 2 or azar.random() < 0.2:
        return []
    primera = debe if azar.random() < 0.6 else Decimal(azar.randint(1, int(debe) - 1))
    return [parte for parte in (primera, debe - primera) if parte]


def _en(dia: date) -> datetime:
    return datetime.combine(dia, time(17), UTC)


def descuadres(entidades: Sequence[Agente], meses: Sequence[date], cuenta: Cuenta) -> Iterator[str]:
    """Agents' months in which declared, withheld, deposited and open are not what I-19 says, by a fold of the whole ledger."""
    retenido, aceptado = _plegar()
    declarado = dict(
        ((d.agente_id, d.mes), d.declarado)
        for d in db.session.scalars(select(Declaracion).where(Declaracion.estado.in_(EN_PIE)))
    )
    for una in entidades:
        for mes in meses:
            clave = (una.id, mes)
            if declarado.get(clave) is None:
                yield f"{clave}: no month without a return, idle or not"
            elif not declarado[clave] == retenido[clave] == cuenta.retenido[clave]:
                yield f"{clave}: declared {declarado[clave]}, withheld {retenido[clave]} of {cuenta.retenido[clave]}"
            if aceptado[clave] != cuenta.aceptado[clave]:
                yield f"{clave}: deposited {aceptado[clave]} of {cuenta.aceptado[clave]}"


def _plegar() -> tuple[defaultdict[Clave, Decimal], defaultdict[Clave, Decimal]]:
    """What was withheld and what was deposited, by agent and month: one asiento after another, in the order of the ledger."""
    agentes = {de_agente(uno): uno for uno in db.session.scalars(select(Agente.id))}
    de_recaudo = {r.recaudo_id: r.mes for r in db.session.scalars(select(Retencion))}
    de_origen = {f"consignacion:{c.id}": c.mes for c in db.session.scalars(select(Consignacion))}
    retenido: defaultdict[Clave, Decimal] = defaultdict(Decimal)
    aceptado: defaultdict[Clave, Decimal] = defaultdict(Decimal)
    for asiento in db.session.scalars(select(Asiento).order_by(Asiento.numero)):
        for cuenta, pesos in ((asiento.debe, asiento.valor), (asiento.haber, -asiento.valor)):
            if cuenta not in agentes:
                continue
            if asiento.clase is ClaseAsiento.CONSIGNACION:
                aceptado[agentes[cuenta], de_origen[asiento.origen]] -= pesos
            else:
                retenido[agentes[cuenta], de_recaudo[asiento.recaudo_id]] += pesos
    return retenido, aceptado
