"""Reductions of a contract: the last that was added is the first that is taken away.

What is not paid is voided and issued again over the reduced value, in the same transaction. What is paid stays as it is, and
what it exceeds is written down as the contributor's (*saldo a favor*), stamp by stamp.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from portal.db import db
from portal.dominio.dinero import escribir_pesos
from portal.dominio.errores import DatoInvalido, TransicionNoPermitida
from portal.dominio.estados import ESTADOS_PAGADOS, EstadoFactura
from portal.models import ClaseMovimiento, Factura, Liquidacion, MovimientoContrato, SaldoAFavor
from portal.operaciones import expedientes, liquidaciones, retenciones, sin_efecto
from portal.operaciones.agentes.alcance import exigir_visibles
from portal.operaciones.bitacora import anotar
from portal.operaciones.contratos import Despacho, Modificacion, comprobar_acto, encargo_de, exigir_inicial
from portal.operaciones.encargos import Soporte, previsualizar
from portal.operaciones.expedientes import Expediente, sin_devolver
from portal.operaciones.facturas import bloquear_facturas
from portal.operaciones.normativa import normativa_de, normativa_en_firme

_Clave = tuple[str, str]


@dataclass(frozen=True)
class Cambio:
    """One stamp of a part that is reduced: what it was and what it becomes, in pesos; `a_favor`, what was paid in excess."""

    acto: str
    estampilla: str
    nombre: str
    antes: Decimal
    despues: Decimal
    a_favor: Decimal


@dataclass(frozen=True)
class Paso:
    """What a reduction does to one part of the contract. `pagada`: its assessment stays, and the excess is owed back."""

    liquidacion: Liquidacion
    antes: Decimal
    despues: Decimal
    pagada: bool
    cambios: tuple[Cambio, ...]


@dataclass(frozen=True)
class Plan:
    """Everything that a reduction would do, newest part first. `excesos`: carried by paid cuentas beyond the new total."""

    pasos: tuple[Paso, ...]
    excesos: tuple[Cambio, ...] = ()

    @property
    def a_favor(self) -> Decimal:
        """Pesos that would be owed back."""
        todos = [c for paso in self.pasos for c in paso.cambios] + list(self.excesos)
        return sum((c.a_favor for c in todos), Decimal(0))

    @property
    def diferencia(self) -> Decimal:
        """Pesos that the stamps go down in all."""
        return sum((c.antes - c.despues for paso in self.pasos for c in paso.cambios), Decimal(0))


def planear(expediente: Expediente, modificacion: Modificacion, despacho: Despacho) -> Plan:
    """What a reduction by `modificacion.valor` would do today; nothing is written.

    Raises `TransicionNoPermitida` when a stamp is at the bank or only some are paid, `DatoInvalido` with the field, and
    `NormaNoVigente` as `previsualizar`.
    """
    exigir_inicial(expediente)
    comprobar_acto(expediente, modificacion.documento, modificacion.fecha, despacho.hoy)
    if modificacion.valor >= expediente.valor:
        raise DatoInvalido(
            f"El contrato vale {escribir_pesos(expediente.valor)}: la reducción debe ser menor. "
            "Si el contrato no se ejecutó, deje sin efecto su liquidación.",
            "valor",
        )
    if expediente.valor - modificacion.valor < expediente.pagado:
        raise DatoInvalido(
            f"El contrato no puede valer menos que los {escribir_pesos(expediente.pagado)} de las cuentas registradas.",
            "valor",
        )
    falta, pasos = modificacion.valor, []
    for parte in reversed(expediente.determinaciones):
        vale = expediente.valor_de(parte.adicion)
        if falta and vale:
            quita = min(falta, vale)
            falta -= quita
            pasos.append(_paso(expediente, parte, vale, vale - quita, despacho))
    return Plan(tuple(pasos), tuple(_excesos(expediente, pasos)))


def _paso(expediente: Expediente, parte: Liquidacion, antes: Decimal, despues: Decimal, despacho: Despacho) -> Paso:
    pagada = _esta_pagada(parte)
    debido = _debido(parte, despues, despacho)
    ya = _ya_a_favor(expediente, parte.adicion)
    cambios = []
    for f in sin_devolver(parte.facturas):
        clave = (f.acto, f.estampilla)
        antes_f = f.valor - ya.get(clave, Decimal(0))
        despues_f = debido.get(clave, Decimal(0))
        a_favor = max(antes_f - despues_f, Decimal(0)) if pagada else Decimal(0)
        cambios.append(Cambio(*clave, f.estampilla_nombre, antes_f, despues_f, a_favor))
    return Paso(parte, antes, despues, pagada, tuple(cambios))


def _esta_pagada(parte: Liquidacion) -> bool:
    """Whether every stamp that is worth something is paid; False when none is. Raises `TransicionNoPermitida` in between."""
    estados = [f.estado for f in sin_devolver(parte.facturas) if f.valor]
    if EstadoFactura.EN_VERIFICACION in estados:
        raise TransicionNoPermitida(
            f"La liquidación {parte.numero} tiene un pago en proceso en el banco. Espere a que se resuelva."
        )
    pagadas = [e in ESTADOS_PAGADOS for e in estados]
    if any(pagadas) and not all(pagadas):
        raise TransicionNoPermitida(
            f"La liquidación {parte.numero} tiene estampillas pagadas y otras sin pagar. "
            "Registre la reducción cuando todas estén pagadas."
        )
    return any(pagadas)


def _debido(parte: Liquidacion, valor: Decimal, despacho: Despacho) -> Mapping[_Clave, Decimal]:
    """What each stamp of a part would be over another value; nothing when there is no value left."""
    if not valor:
        return {}
    previa = previsualizar(
        replace(encargo_de(parte).asunto, valor=valor),
        normativa=normativa_de(despacho.departamento),
        plazo_dias=despacho.plazo_dias,
        permitir_provisional=despacho.permitir_provisional,
        hoy=despacho.hoy,
    )
    return {(x.acto, x.estampilla): x.valor for x in previa.resultado.lineas}


def _ya_a_favor(expediente: Expediente, adicion: int) -> Mapping[_Clave, Decimal]:
    saldos: dict[_Clave, Decimal] = {}
    for m in expediente.movimientos if not expediente.por_retencion else ():
        for s in m.saldos if m.adicion == adicion else ():
            saldos[s.acto, s.estampilla] = saldos.get((s.acto, s.estampilla), Decimal(0)) + s.valor
    return saldos


def _excesos(expediente: Expediente, pasos: list[Paso]) -> list[Cambio]:
    """By withholding: what the cuentas already carried beyond the new total of each stamp.

    Raises `TransicionNoPermitida` while some of it is not paid: nobody is owed back what nobody paid.
    """
    if not expediente.por_retencion:
        return []
    baja: dict[_Clave, Decimal] = {}
    for c in (c for paso in pasos for c in paso.cambios):
        baja[c.acto, c.estampilla] = baja.get((c.acto, c.estampilla), Decimal(0)) + c.antes - c.despues
    excesos = []
    for r in expediente.renglones():
        llevado = r.en_cuentas - r.a_favor
        total = r.determinado - baja.get((r.acto, r.estampilla), Decimal(0))
        if llevado <= total:
            continue
        if r.legalizado < r.en_cuentas:
            raise TransicionNoPermitida(
                f"Las cuentas ya llevan {escribir_pesos(llevado)} de {r.nombre}, que quedaría en {escribir_pesos(total)}, "
                "y hay cuentas sin pagar. Déjelas sin efecto, registre la reducción y regístrelas de nuevo."
            )
        excesos.append(Cambio(r.acto, r.estampilla, r.nombre, llevado, total, llevado - total))
    return excesos


def reducir(
    de: Liquidacion, modificacion: Modificacion, despacho: Despacho, *, diferencia_vista: Decimal | None = None
) -> Plan:
    """Register the reduction of the contract that `de` belongs to, all of it or nothing. Returns what was done.

    Raises as `planear`, and `CifrasCambiaron` when the stamps go down by another amount than the officer saw.
    """
    expediente = expedientes.leer(de, bloqueado=True)
    exigir_visibles([de, *expediente.liquidaciones], despacho.usuario)
    facturas = [f for parte in expediente.determinaciones for f in parte.facturas]
    bloquear_facturas(sorted(f.id for f in facturas))
    _refrescar(facturas)
    normativa_en_firme(despacho.departamento)
    plan = planear(expediente, modificacion, despacho)
    if diferencia_vista is not None and diferencia_vista != plan.diferencia:
        raise liquidaciones.CifrasCambiaron(
            "El contrato cambió mientras usted revisaba y las cifras son otras. Revíselas."
        )
    for paso in plan.pasos:
        _aplicar(expediente, paso, modificacion, despacho)
    if plan.excesos:
        _guardar_saldos(expedientes.ultimo_movimiento(expediente.id), plan.excesos)
    retenciones.cerrar_si_ya_se_pago(de, modificacion.documento, modificacion.fecha, despacho)
    anotar(
        "contrato.reducir",
        f"contrato:{expediente.id}",
        ahora=despacho.ahora,
        usuario_id=despacho.usuario.id,
        peticion=despacho.peticion,
        valor=str(modificacion.valor),
        a_favor=str(plan.a_favor),
    )
    return plan


def _refrescar(facturas: Sequence[Factura]) -> None:
    """A payment may have moved them while the lock was awaited."""
    for factura in facturas:
        db.session.refresh(factura, ["estado"])


def _aplicar(expediente: Expediente, paso: Paso, modificacion: Modificacion, despacho: Despacho) -> None:
    parte, quien = paso.liquidacion, expedientes.quien(despacho.usuario, despacho.ahora)
    soporte = Soporte(ClaseMovimiento.REDUCCION, modificacion.documento, modificacion.fecha, paso.despues - paso.antes)
    if not paso.pagada:
        sin_efecto.anular(
            parte.id,
            motivo=f"Reducción del contrato: {modificacion.documento}.",
            usuario=despacho.usuario,
            ahora=despacho.ahora,
            peticion=despacho.peticion,
        )
        if paso.despues:
            encargo = encargo_de(parte)
            reducido = replace(encargo, asunto=replace(encargo.asunto, valor=paso.despues), soporte=soporte)
            # One act may issue several: each has a key of its own, and the act's document is what makes it happen once.
            liquidaciones.emitir(reducido, **vars(replace(despacho, clave=secrets.token_urlsafe(24))))
            return
    movimiento = expedientes.anotar_movimiento(
        expediente.id,
        soporte.clase,
        adicion=parte.adicion,
        valor=soporte.valor,
        documento=soporte.documento,
        fecha=soporte.fecha,
        liquidacion_id=parte.id,
        **quien,
    )
    _guardar_saldos(movimiento, paso.cambios)


def _guardar_saldos(movimiento: MovimientoContrato, cambios: Sequence[Cambio]) -> None:
    db.session.add_all(
        SaldoAFavor(movimiento_id=movimiento.id, acto=c.acto, estampilla=c.estampilla, valor=c.a_favor)
        for c in cambios
        if c.a_favor
    )
    db.session.flush()
