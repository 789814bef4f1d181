"""Model objects in memory for documents: no database, the data of the known liquidación with its test person."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from portal.dominio.estados import EstadoFactura, EstadoPago
from portal.dominio.libro import EXCEDENTES, ClaseAsiento
from portal.models import Asiento, Factura, Liquidacion, Pago, PagoFactura, Recaudo
from portal.models.liquidacion import ClaseContribuyente, TipoLiquidacion
from portal.models.pago import ClaseRecaudo, TipoPersona

GLN = "7709998000001"
URL = "http://localhost/liquidacion/Zk3vQ8mN1xTb7pLw5sRd2A"
URL_PAGO = "http://localhost/pago/Qm4tV9cX2bNe6hKj8yUa1w"
EMITIDA = datetime(2024, 6, 24, 15, 0, tzinfo=UTC)
NOMBRES = ("Pro Bienestar del Adulto Mayor", "Instituto Tecnológico del Putumayo", "TASA PRO-DEPORTE")


@dataclass(frozen=True)
class Oficina:
    """An authority in the shape that documents ask for."""

    gobernacion: str = "Gobernación del Putumayo"
    secretaria: str = "Secretaría de Hacienda Departamental"
    oficina: str = "Oficina de Rentas"
    nit: str = "900.000.000-8"
    correo: str = "rentas@correo.test"
    telefono: str = "(608) 000 0000"
    direccion: str = ""
    horario: str = ""


def contrato(valores: tuple[int | str, ...] = (1000, 1000, 1000), **otros: Any) -> Liquidacion:
    """The three-stamp contract 24062024 of 2024; `valores` are pesos, one stamp each."""
    facturas = [_factura(238076 + i, i, Decimal(v)) for i, v in enumerate(valores)]
    datos: dict[str, Any] = {
        "numero": 1024,
        "codigo": "Zk3vQ8mN1xTb7pLw5sRd2A",
        "departamento": "putumayo",
        "tipo": TipoLiquidacion.CONTRATO,
        "vigencia": 2024,
        "tipo_documento": "CC",
        "documento": "1212312323",
        "nombre": "prueba",
        "clase": ClaseContribuyente.NATURAL,
        "direccion": "carrera 5",
        "telefono": "50235241052",
        "correo": "prueba@correo.test",
        "acto_nombre": "Consultoría",
        "numero_contrato": "24062024",
        "numero_proceso": "123456789",
        "objeto": "PRUEBA",
        "fecha_contrato": date(2024, 6, 24),
        "adicion": 0,
        "valor_acto": Decimal(1000),
        "fecha_causacion": date(2024, 6, 24),
        "avisos": [],
        "provisional": True,
        "total": sum((f.valor for f in facturas), Decimal(0)),
        "fecha_limite": date(2024, 7, 24),
        "emitida_en": EMITIDA,
        "emitida_por_nombre": "Administrador Admin",
        "vigente": True,
        "facturas": facturas,
    }
    return Liquidacion(**(datos | otros))


def tramite(valores: tuple[int | str, ...] = (4000, 5000), **otros: Any) -> Liquidacion:
    """A trámite with two stamps."""
    datos: dict[str, Any] = {
        "tipo": TipoLiquidacion.TRAMITE,
        "acto_nombre": "Certificados de la administración central",
        "numero_contrato": None,
        "fecha_contrato": None,
        "valor_acto": None,
        "objeto": "",
    }
    return contrato(valores, **(datos | otros))


def _factura(numero: int, orden: int, valor: Decimal) -> Factura:
    return Factura(
        numero=numero,
        orden=orden,
        estampilla_nombre=NOMBRES[orden % 3],
        norma="Tarifa provisional de demostración",
        explicacion=f"Base $1.000 × tarifa 100 % = ${valor}; al múltiplo de mil más cercano: ${valor}.",
        exencion=None,
        valor=valor,
        estado=EstadoFactura.LIQUIDADA if valor else EstadoFactura.LEGALIZADA,
    )


def pago(liquidacion: Liquidacion | None = None, **otros: Any) -> Pago:
    """An approved payment of every stamp of a liquidación, with the one credit that paid it."""
    liquidacion = liquidacion or contrato()
    datos: dict[str, Any] = {
        "codigo": "Qm4tV9cX2bNe6hKj8yUa1w",
        "referencia": "PUT-1024-7H2K9",
        "liquidacion": liquidacion,
        "total": liquidacion.total,
        "estado": EstadoPago.APROBADO,
        "tipo_persona": TipoPersona.NATURAL,
        "tipo_documento": "CC",
        "documento": "1212312323",
        "nombre": "prueba",
        "ip": "203.0.113.9",
        "cus": "1234567",
        "banco": "Banco de prueba",
        "resuelto_en": EMITIDA,
        "renglones": [PagoFactura(factura=f, valor=f.valor, viva=True) for f in liquidacion.facturas],
        "recaudos": [recaudo(liquidacion.total, liquidacion.total)],
    }
    return Pago(**(datos | otros))


def recaudo(valor: Decimal, aplicado: Decimal) -> Recaudo:
    """A credit of `valor` pesos of which `aplicado` legalised stamps; the bank dates it at 11:05 p. m. in Colombia."""
    sobra = Asiento(clase=ClaseAsiento.EXCEDENTE, debe="pasarela:placetopay", haber=EXCEDENTES, valor=valor - aplicado)
    return Recaudo(
        asientos=[sobra] if sobra.valor else [],
        valor=valor,
        aplicado=aplicado,
        moneda="COP",
        clase=ClaseRecaudo.APLICADO if aplicado == valor else ClaseRecaudo.DOBLE,
        cus="1234567",
        banco="Banco de prueba",
        fecha_banco=datetime(2024, 6, 25, 4, 5, tzinfo=UTC),
    )
