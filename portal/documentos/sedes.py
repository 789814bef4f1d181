"""The monthly report of an agent's offices, what they assessed and collected, as a spreadsheet and on paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from flask import render_template

from portal.documentos.autoridad import Autoridad
from portal.documentos.libro import Celda, Hoja
from portal.documentos.pdf import generar_pdf
from portal.dominio.agentes import ReporteSedes
from portal.dominio.calendario import mes_en_palabras
from portal.dominio.identificacion import escribir_nit
from portal.dominio.recaudo_diario import RecaudoDiario, RenglonDeSede, sumar_renglones
from portal.models import Agente


@dataclass(frozen=True)
class ReporteMensual:
    """A month of an agent: day by day, and by office, stamp and act. `hoy`: the day on which it was read."""

    agente: Agente
    reglas: ReporteSedes
    recaudo: RecaudoDiario
    renglones: Sequence[RenglonDeSede]
    hoy: date

    @property
    def mes(self) -> date:
        return self.recaudo.mes

    @property
    def archivo(self) -> str:
        """The name of its files."""
        return f"sedes-{self.agente.nit}-{self.mes:%Y-%m}"

    @property
    def por_sede(self) -> list[tuple[str, list[RenglonDeSede]]]:
        """Its lines, office by office."""
        return [(sede, list(suyos)) for sede, suyos in groupby(self.renglones, key=lambda r: r.sede)]


def pdf_de_sedes(reporte: ReporteMensual, *, departamento: Autoridad) -> bytes:
    """The report as PDF/A-3, in letter size. Needs an application context. Equal content gives equal bytes.

    Raises `DocumentoImposible`.
    """
    html = render_template(
        "documentos/sedes.html",
        reporte=reporte,
        agente=reporte.agente,
        recaudo=reporte.recaudo,
        departamento=departamento,
        sumar=sumar_renglones,
    )
    return generar_pdf(html)


def hojas_de_sedes(reporte: ReporteMensual) -> list[Hoja]:
    """The same: its lines, its offices, and every day of each."""
    notas = [
        reporte.reglas.nombre,
        f"{reporte.agente.nombre}, NIT {escribir_nit(reporte.agente.nit)}, {mes_en_palabras(reporte.mes)}",
        f"Leído el {reporte.hoy}",
    ]
    return [_actos(reporte, notas), _sedes(reporte, notas), _dias(reporte, notas)]


def _actos(reporte: ReporteMensual, notas: Sequence[str]) -> Hoja:
    filas: list[Sequence[Celda]] = [
        (r.sede, r.estampilla, r.acto, r.liquidadas, r.liquidado, r.retenidas, r.retenido) for r in reporte.renglones
    ]
    filas.append(("Total", "", "", *sumar_renglones(reporte.renglones)))
    columnas = ("Sede", "Estampilla", "Acto", "Liquidadas", "Liquidado", "Retenidas", "Retenido")
    return Hoja("Liquidación y recaudo", columnas, filas, notas)


def _sedes(reporte: ReporteMensual, notas: Sequence[str]) -> Hoja:
    recaudo = reporte.recaudo
    filas: list[Sequence[Celda]] = [
        (s.nombre, s.retenido, s.consignado, s.aceptado, s.diferencia, s.sin_operaciones) for s in recaudo.sedes
    ]
    filas.append(("Total", recaudo.retenido, recaudo.consignado, recaudo.aceptado, recaudo.diferencia, None))
    columnas = ("Sede", "Retenido", "Consignado", "Aceptado", "Sin consignar", "Días sin operaciones")
    return Hoja("Sedes", columnas, filas, notas)


def _dias(reporte: ReporteMensual, notas: Sequence[str]) -> Hoja:
    filas: list[Sequence[Celda]] = [
        (s.nombre, d.dia, d.retenido, d.consignado, d.diferencia, d.acumulado)
        for s in reporte.recaudo.sedes
        for d in s.dias
    ]
    columnas = ("Sede", "Día", "Retenido", "Consignado", "Diferencia del día", "Sin consignar")
    return Hoja("Días", columnas, filas, notas)
