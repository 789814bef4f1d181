"""Stamps collected by withholding: each payment of the contract (*cuenta*) carries its part, and the parts sum exactly.

Cundinamarca, manual 4.1, Causación: «el recaudo de las estampillas deberá ser por retención y distribuido en la forma en que se
realicen los pagos al contratista»; the total is rounded once and then split, with the residue in the last payment (C-A06).
"""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy.exc import IntegrityError

from portal.db import db
from portal.dominio.dinero import escribir_pesos
from portal.dominio.errores import DatoInvalido, TransicionNoPermitida
from portal.dominio.estados import EstadoFactura
from portal.dominio.partes import parte_de_cuenta
from portal.models import ClaseMovimiento, Factura, Integrante, Liquidacion
from portal.operaciones import expedientes, liquidaciones
from portal.operaciones.agentes.alcance import exigir_visibles
from portal.operaciones.consecutivos import tomar
from portal.operaciones.contratos import ActoYaRegistrado, Despacho, exigir_inicial
from portal.operaciones.expedientes import Expediente, Renglon

# What a cuenta's liquidación copies from the one that determined the stamps.
_COPIADOS = (
    *("departamento", "tipo", "vigencia", "tipo_documento", "documento", "nombre", "clase", "direccion", "telefono"),
    *(
        "correo",
        "acto_nombre",
        "numero_contrato",
        "numero_proceso",
        "contratante",
        "contratante_nit",
        "objeto",
        "agente_id",
    ),
    *("fecha_contrato", "fecha_causacion"),
)


@dataclass(frozen=True)
class Cuenta:
    """A payment that the entity makes to the contractor: `valor` gross, in pesos; `numero` unique in its contract."""

    numero: str
    fecha: date
    valor: Decimal


@dataclass(frozen=True)
class Parte:
    """What a cuenta carries of one stamp, and the sentence that lets a person redo it."""

    renglon: Renglon
    valor: Decimal
    explicacion: str


def partes_de(expediente: Expediente, cuenta: Cuenta, hoy: date) -> list[Parte]:
    """The parts that a cuenta would carry, in the order of the stamps.

    Raises `TransicionNoPermitida` when the contract is not collected by withholding, is paid whole or has that cuenta, and
    `DatoInvalido` with the field.
    """
    inicial = exigir_inicial(expediente)
    if not inicial.por_retencion:
        raise TransicionNoPermitida(
            "Este contrato no se liquidó por retención: sus estampillas se pagan en un solo pago."
        )
    if any(x.cuenta == cuenta.numero for x in expediente.cuentas):
        raise ActoYaRegistrado(f"La cuenta {cuenta.numero} ya está registrada en este contrato.")
    if cuenta.fecha > hoy:
        raise DatoInvalido("La fecha no puede ser futura.", "fecha")
    if inicial.fecha_contrato and cuenta.fecha < inicial.fecha_contrato:
        raise DatoInvalido("La fecha de la cuenta no puede ser anterior a la del contrato.", "fecha")
    if expediente.por_pagar <= 0:
        raise TransicionNoPermitida("Las cuentas registradas ya completan el valor del contrato.")
    if cuenta.valor > expediente.por_pagar:
        raise DatoInvalido(
            f"Por pagar del contrato quedan {escribir_pesos(expediente.por_pagar)}. La cuenta no puede ser mayor.",
            "valor",
        )
    return [_parte(renglon, cuenta.valor, expediente.por_pagar) for renglon in expediente.renglones()]


def _parte(renglon: Renglon, valor: Decimal, por_pagar: Decimal) -> Parte:
    pendiente = renglon.sin_cuenta
    parte = parte_de_cuenta(pendiente, valor, por_pagar)
    if renglon.determinado == 0 and renglon.exencion:
        return Parte(renglon, parte, f"$0. {renglon.exencion}.")
    if valor == por_pagar:
        return Parte(
            renglon, parte, f"Última cuenta: lleva todo lo que falta de la estampilla, {escribir_pesos(parte)}."
        )
    cuentas = (
        f"{escribir_pesos(pendiente)} por cobrar × {escribir_pesos(valor)} de esta cuenta ÷ "
        f"{escribir_pesos(por_pagar)} por pagar = {escribir_pesos(parte)}, en pesos enteros hacia abajo."
    )
    return Parte(renglon, parte, cuentas)


def registrar_cuenta(
    de: Liquidacion, cuenta: Cuenta, despacho: Despacho, *, total_visto: Decimal | None = None
) -> Liquidacion:
    """Register a payment of the contract that `de` belongs to, and issue its part of the stamps, payable.

    The same `clave` returns what it already issued. Raises as `partes_de`, and `CifrasCambiaron` when the parts are others
    than the officer saw.
    """
    emitida = liquidaciones.por_clave(despacho.clave)
    if emitida is not None:
        return emitida
    expediente = expedientes.leer(de, bloqueado=True)
    exigir_visibles([de, *expediente.liquidaciones], despacho.usuario)
    partes = partes_de(expediente, cuenta, despacho.hoy)
    total = sum((p.valor for p in partes), Decimal(0))
    if total_visto is not None and total_visto != total:
        raise liquidaciones.CifrasCambiaron(
            "El contrato cambió mientras usted revisaba y las partes son otras. Revíselas."
        )
    return _emitir(expediente, cuenta, partes, despacho)


def cerrar_si_ya_se_pago(de: Liquidacion, documento: str, fecha: date, despacho: Despacho) -> Liquidacion | None:
    """After a reduction to what is already paid no cuenta is left to carry the rest of the stamps: issue it by itself."""
    expediente = expedientes.leer(de, bloqueado=True)
    renglones = expediente.renglones()
    if not expediente.por_retencion or expediente.por_pagar or not any(r.sin_cuenta for r in renglones):
        return None
    cuenta = Cuenta(f"CIERRE {documento}"[:40], fecha, Decimal(0))
    frase = f"El contrato se redujo a lo que ya se pagó ({documento}): esto es lo que falta de la estampilla."
    return _emitir(expediente, cuenta, [Parte(r, r.sin_cuenta, frase) for r in renglones], despacho)


def _emitir(expediente: Expediente, cuenta: Cuenta, partes: list[Parte], despacho: Despacho) -> Liquidacion:
    nueva = _liquidacion(exigir_inicial(expediente), cuenta, partes, despacho)
    _insertar(nueva, cuenta)
    liquidaciones.anotar_emision(nueva, despacho.ahora, despacho.peticion)
    expedientes.anotar_movimiento(
        expediente.id,
        ClaseMovimiento.CUENTA,
        pagado=cuenta.valor,
        documento=cuenta.numero,
        fecha=cuenta.fecha,
        liquidacion_id=nueva.id,
        **expedientes.quien(despacho.usuario, despacho.ahora),
    )
    return nueva


def _insertar(nueva: Liquidacion, cuenta: Cuenta) -> None:
    """Number and insert; who did not see that the cuenta was there spends no number."""
    try:
        with db.session.begin_nested():
            nueva.numero = tomar("liquidacion", 1)[0]
            for factura, numero in zip(nueva.facturas, tomar("factura", len(nueva.facturas)), strict=True):
                factura.numero = numero
            db.session.add(nueva)
            db.session.flush()
    except IntegrityError:
        raise ActoYaRegistrado(f"La cuenta {cuenta.numero} ya está registrada en este contrato.") from None


def _liquidacion(inicial: Liquidacion, cuenta: Cuenta, partes: list[Parte], despacho: Despacho) -> Liquidacion:
    return Liquidacion(
        **{campo: getattr(inicial, campo) for campo in _COPIADOS},
        codigo=secrets.token_urlsafe(16),
        clave_formulario=despacho.clave,
        cuenta=cuenta.numero,
        valor_acto=cuenta.valor,
        # The engine was asked nothing: a part is reckoned from what it had answered.
        solicitud={},
        avisos=[],
        provisional=inicial.provisional,
        total=sum((p.valor for p in partes), Decimal(0)),
        # A part uses the values of no year, so no year's end bounds it.
        fecha_limite=despacho.hoy + timedelta(days=despacho.plazo_dias),
        emitida_en=despacho.ahora,
        emitida_por=despacho.usuario.id,
        emitida_por_nombre=despacho.usuario.nombre,
        vigente=True,
        facturas=[_factura(i, parte, cuenta) for i, parte in enumerate(partes)],
        integrantes=[
            Integrante(
                orden=i.orden, **{c: getattr(i, c) for c in ("tipo_documento", "documento", "nombre", "porcentaje")}
            )
            for i in inicial.integrantes
        ],
    )


def _factura(orden: int, parte: Parte, cuenta: Cuenta) -> Factura:
    renglon = parte.renglon
    return Factura(
        orden=orden,
        estampilla=renglon.estampilla,
        estampilla_nombre=renglon.nombre,
        acto=renglon.acto,
        base=cuenta.valor,
        tarifa="parte proporcional",
        exacto=f"{parte.valor:f}",
        redondeo="en pesos enteros, hacia abajo",
        norma=renglon.norma,
        explicacion=f"{parte.explicacion} {renglon.norma}."[:1000],
        exencion=renglon.exencion if renglon.determinado == 0 else None,
        valor=parte.valor,
        estado=EstadoFactura.LIQUIDADA,
    )
