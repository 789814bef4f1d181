"""Rows for tests: plain functions with sensible defaults; each commits, as the edge would."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from portal.db import db, transaccion
from portal.dominio.calendario import BOGOTA
from portal.dominio.dinero import escribir_pesos
from portal.dominio.estados import EstadoPago
from portal.models import EventoFactura, Factura, Liquidacion, Pago, Usuario
from portal.models.liquidacion import ClaseContribuyente, TipoLiquidacion
from portal.models.pago import TipoPersona
from portal.operaciones import pagos
from portal.operaciones.consecutivos import tomar
from portal.operaciones.pagos import Pagador, Puerta
from portal.pasarelas.base import EstadoPasarela, ResultadoPasarela, TransaccionPasarela

AHORA = datetime.now(UTC)
HOY = AHORA.astimezone(BOGOTA).date()
ESPERA = timedelta(minutes=7)
PUERTA = Puerta(ip="203.0.113.9", agente="prueba", pasarela="placetopay")
PAGADOR = Pagador(TipoPersona.NATURAL, "CC", "1212312323", "prueba", "prueba@correo.test", "3001234567")


def liquidacion(valores: tuple[int, ...] = (4000, 5000), **otros: Any) -> Liquidacion:
    """A liquidación with one factura per value, by an officer made for it."""
    datos: dict[str, Any] = {
        "codigo": uuid4().hex[:22],
        "clave_formulario": uuid4().hex,
        "departamento": "putumayo",
        "tipo": TipoLiquidacion.TRAMITE,
        "vigencia": HOY.year,
        "tipo_documento": "CC",
        "documento": "1212312323",
        "nombre": "prueba",
        "clase": ClaseContribuyente.NATURAL,
        "acto_nombre": "Certificados de la administración central",
        "fecha_causacion": HOY,
        "solicitud": {},
        "total": Decimal(sum(valores)),
        "fecha_limite": HOY + timedelta(days=30),
        "emitida_en": AHORA,
        "emitida_por_nombre": "Funcionaria de Rentas",
    } | otros
    with transaccion():
        oficial = Usuario(
            correo=f"{uuid4().hex}@demo.portal.test", nombre="Rentas", rol="rentas", clave_hash="x", creado_en=AHORA
        )
        db.session.add(oficial)
        db.session.flush()
        nueva = Liquidacion(numero=tomar("liquidacion", 1)[0], emitida_por=oficial.id, **datos)
        numeros = tomar("factura", len(valores))
        nueva.facturas = [_factura(n, i, v) for i, (n, v) in enumerate(zip(numeros, valores, strict=True))]
        db.session.add(nueva)
        db.session.flush()
        db.session.add_all(
            EventoFactura(factura_id=f.id, en=AHORA, hasta="liquidada", evento="emitida") for f in nueva.facturas
        )
    return nueva


def contrato(numero: str = "647", nit: str = "901805364", vigencia: int = 2025, **otros: Any) -> Liquidacion:
    """The contract of the known screen, two stamps of $235.000 unless `valores` says others."""
    valores = otros.pop("valores", (235000, 235000))
    datos = {
        "tipo": TipoLiquidacion.CONTRATO,
        "vigencia": vigencia,
        "tipo_documento": "NIT",
        "documento": nit,
        "nombre": "UNION TEMPORAL PUTUMAYO SEGURO 20/24",
        "clase": ClaseContribuyente.CONSORCIO,
        "numero_contrato": numero,
        "contratante": "GOBERNACION DEL PUTUMAYO",
        "valor_acto": Decimal("46911499"),
        "fecha_contrato": date(vigencia, 2, 3),
        "acto_nombre": "Contrato",
    }
    return liquidacion(valores, **(datos | otros))


def _factura(numero: int, orden: int, valor: int) -> Factura:
    return Factura(
        numero=numero,
        orden=orden,
        estampilla=f"E{orden}",
        estampilla_nombre=("Desarrollo Fronterizo", "Electrificación Rural", "Cultura")[orden % 3],
        acto="P-T-01",
        tarifa="Valor fijo",
        exacto=str(valor),
        redondeo="sin redondeo",
        norma="Tarifa provisional de demostración",
        explicacion=f"Valor fijo de {escribir_pesos(Decimal(valor))}.",
        valor=Decimal(valor),
    )


def pago(de: Liquidacion, *, facturas: tuple[int, ...] | None = None, enviado: bool = True, clave: str = "") -> Pago:
    """An attempt over some facturas (all by default); `enviado` also gives it a gateway session."""
    numeros = facturas or tuple(f.numero for f in de.facturas)
    with transaccion():
        nuevo = pagos.abrir_pago(
            de.id,
            numeros,
            PAGADOR,
            clave=clave or uuid4().hex,
            puerta=PUERTA,
            espera=ESPERA,
            ahora=AHORA,
            hoy=HOY,
        )
        if enviado:
            assert pagos.registrar_envio(nuevo.id, id_pasarela=f"s{nuevo.id}", url="http://banco.test/1", ahora=AHORA)
    db.session.refresh(nuevo)
    return nuevo


def respuesta(
    de: Pago,
    estado: EstadoPasarela = EstadoPasarela.APROBADO,
    *,
    transaccion: str | None = "t1",
    valor: Decimal | None = None,
    moneda: str = "COP",
    referencia: str | None = None,
) -> ResultadoPasarela:
    """What the gateway says of an attempt; `transaccion=None` means that nobody went to the bank."""
    hechas = ()
    if transaccion is not None:
        hechas = (
            TransaccionPasarela(
                id=transaccion,
                estado=estado,
                valor=de.total if valor is None else valor,
                moneda=moneda,
                cus="1234567",
                banco="Banco de prueba",
                autorizacion="000001",
                recibo="1",
                fecha=AHORA,
                motivo="00",
                mensaje="Aprobada",
            ),
        )
    return ResultadoPasarela(
        id_pasarela=de.id_pasarela or f"s{de.id}",
        referencia=de.referencia if referencia is None else referencia,
        estado=estado,
        total=de.total,
        moneda=moneda,
        transacciones=hechas,
        mensaje="La petición ha sido procesada",
        crudo="{}",
    )


def estados_de(una: Liquidacion) -> list[str]:
    """The stored states of its facturas, read again from the database."""
    db.session.expire_all()
    return [f.estado.value for f in db.session.get_one(Liquidacion, una.id).facturas]


def estado_de(uno: Pago) -> EstadoPago:
    """The stored state of an attempt, read again from the database."""
    db.session.expire_all()
    return db.session.get_one(Pago, uno.id).estado
