"""The lists of an office as spreadsheets: acts that wait, what was used today, used stamps without their money."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from portal.documentos.libro import Celda, Hoja
from portal.dominio.calendario import BOGOTA
from portal.dominio.estados import EstadoFactura
from portal.models import Adhesion, AdhesionFactura, Liquidacion


def hoja_por_usar(filas: Sequence[Liquidacion], notas: Sequence[str]) -> Hoja:
    """Acts with paid stamps that nobody used."""
    columnas = ("Liquidación", "Acto", "Contribuyente", "Contratante", "Estampillas por usar", "Valor")
    celdas: list[Sequence[Celda]] = []
    for una in filas:
        utiles = [f for f in una.facturas if f.estado is EstadoFactura.LEGALIZADA]
        acto = f"Contrato {una.numero_en_palabras} de {una.vigencia}" if una.es_contrato else una.acto_nombre
        valor = sum((f.valor for f in utiles), Decimal(0))
        celdas.append((una.numero, acto, una.nombre, una.contratante, len(utiles), valor))
    return Hoja("Por adherir", columnas, celdas, notas)


def hoja_de_usadas(filas: Sequence[Adhesion], notas: Sequence[str]) -> Hoja:
    """One row for each stamp of each adhesion."""
    columnas = (
        "Adhesión",
        "Hora",
        "Factura",
        "Estampilla",
        "Valor",
        "Acto",
        "Fecha del acto",
        "Dependencia",
        "Funcionario",
        "Huella SHA-256 del acto",
        "Estado",
    )
    celdas: list[Sequence[Celda]] = [
        (
            una.numero,
            una.en.astimezone(BOGOTA).strftime("%H:%M"),
            renglon.factura.numero,
            renglon.factura.estampilla_nombre,
            renglon.factura.valor,
            una.acto_numero,
            una.acto_fecha,
            una.dependencia,
            una.usuario_nombre,
            una.acto_sha256,
            "En pie" if renglon.viva else "Deshecha",
        )
        for una in filas
        for renglon in una.renglones
    ]
    return Hoja("Usadas hoy", columnas, celdas, notas)


def hoja_de_revertidas(filas: Sequence[AdhesionFactura], hoy: date, notas: Sequence[str]) -> Hoja:
    """Used stamps whose payment the bank took back."""
    columnas = ("Factura", "Estampilla", "Valor", "Estado", "Acto", "Fecha del acto", "Dependencia", "Adhesión")
    celdas: list[Sequence[Celda]] = [
        (
            r.factura.numero,
            r.factura.estampilla_nombre,
            r.factura.valor,
            r.factura.estado_publico(hoy).value,
            r.adhesion.acto_numero,
            r.adhesion.acto_fecha,
            r.adhesion.dependencia,
            r.adhesion.numero,
        )
        for r in filas
    ]
    return Hoja("Revertidas", columnas, celdas, notas)
