"""The lists of the law's data, of its days and of what was certified, as spreadsheets: what their pages show, row by row."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from portal.documentos.libro import Celda, Hoja
from portal.documentos.listados import dia_de
from portal.dominio.calendario import BOGOTA
from portal.dominio.codigo_corto import escribir_codigo
from portal.dominio.festivos import Festivo
from portal.dominio.propuestas_tarifa import cifra_de
from portal.models import CertificadoValidacion, Contingencia, DiaNoHabil, TramiteAbierto
from portal.models.normativa import Indicador, ValorIndicador
from portal.operaciones.borradores import Borrador
from portal.operaciones.tarifas import Vigente


def hoja_de_valores(
    tablas: Sequence[tuple[Indicador, Sequence[ValorIndicador]]],
    publicadas: Mapping[tuple[str, date], Borrador],
    notas: Sequence[str],
) -> Hoja:
    """Every published value of every indicator, and who published it."""
    columnas = ("Indicador", "Desde", "Hasta", "Valor", "Acto que lo fijó", "Fecha del acto", "Publicado por")
    celdas: list[Sequence[Celda]] = [
        (
            indicador.nombre,
            v.desde,
            v.hasta,
            v.valor,
            v.acto,
            v.acto_fecha,
            una.resuelta_por_nombre if (una := publicadas.get((v.codigo, v.desde))) else "Viene con el portal",
        )
        for indicador, valores in tablas
        for v in valores
    ]
    return Hoja("Valores", columnas, celdas, notas)


def hoja_de_tarifas(vigentes: Sequence[Vigente], notas: Sequence[str]) -> Hoja:
    """The tariffs in force on a day; several of one act are those among which the act's data choose."""
    columnas = ("Estampilla", "Acto", "Código del acto", "Tarifa", "Desde", "Hasta", "Norma", "Provisional")
    celdas: list[Sequence[Celda]] = [
        (
            sujeto.estampilla.nombre,
            sujeto.acto_nombre,
            sujeto.acto.codigo if sujeto.acto else "",
            cifra_de(t),
            t.desde,
            t.hasta,
            t.cita,
            "Sí" if t.provisional else "No",
        )
        for sujeto, suyas in vigentes
        for t in suyas
    ]
    return Hoja("Tarifas", columnas, celdas, notas)


def hoja_de_tramites_abiertos(filas: Sequence[tuple[TramiteAbierto, str]], notas: Sequence[str]) -> Hoja:
    """What people assess by themselves, with the name of its act."""
    columnas = ("Entidad que lo pide", "Trámite", "Actos", "Abierto", "Lo abrió")
    celdas: list[Sequence[Celda]] = [
        (uno.entidad, nombre, ", ".join(uno.codigos), dia_de(uno.abierto_en), uno.abierto_por_nombre)
        for uno, nombre in filas
    ]
    return Hoja("Trámites abiertos", columnas, celdas, notas)


def hoja_de_calendario(
    festivos: Mapping[date, Sequence[Festivo]],
    dias: Sequence[DiaNoHabil],
    fallas: Sequence[Contingencia],
    notas: Sequence[str],
) -> Hoja:
    """The holidays, declared days and outages of a year, by their first day."""
    columnas = ("Desde", "Hasta", "Qué es", "Motivo", "Norma o acto", "Lo declaró", "Estado")
    celdas: list[Sequence[Celda]] = [
        *((dia, dia, "Festivo", uno.nombre, uno.norma, "", "") for dia, varios in festivos.items() for uno in varios),
        *((d.dia, d.dia, "Día no hábil", d.motivo, d.norma, d.declarado_por_nombre, _estado(d)) for d in dias),
        *(
            (
                dia_de(f.inicio),
                dia_de(f.fin),
                "Falla del portal",
                f.motivo,
                "",
                f.declarada_por_nombre,
                "Continúa" if f.abierta else f"De {_hora(f.inicio)} a {_hora(f.fin)}",
            )
            for f in fallas
        ),
    ]
    return Hoja("Calendario", columnas, sorted(celdas, key=lambda celda: str(celda[0])), notas)


def hoja_de_certificados(filas: Sequence[CertificadoValidacion], notas: Sequence[str]) -> Hoja:
    """Certificates as their list names them; what each says is in its own PDF."""
    columnas = ("Código", "Fecha", "Se consultó", "Consultó", "Dependencia", "Estampillas")
    celdas: list[Sequence[Celda]] = [
        (escribir_codigo(x.codigo), dia_de(x.en), x.titulo, x.usuario_nombre, x.dependencia, x.estampillas)
        for x in filas
    ]
    return Hoja("Certificados", columnas, celdas, notas)


def _estado(dia: DiaNoHabil) -> str:
    return f"Revocado por {dia.revocado_por_nombre}: {dia.revocado_motivo}" if dia.revocado else "No hábil"


def _hora(en: datetime | None) -> str:
    return en.astimezone(BOGOTA).strftime("%Y-%m-%d %H:%M") if en else ""
