"""The reports of what the law gives and asks: exemptions and their cost, emission caps, the distribution of the proceeds."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import groupby

from portal.blueprints.reportes.cuadro import (
    Celda,
    Cuadro,
    Fila,
    Presentacion,
    cuantos,
    enlace,
    escribir_por_ciento,
    pesos,
    por_ciento,
    texto,
)
from portal.blueprints.reportes.informes import Pedido
from portal.dominio.calendario import dia_en_palabras
from portal.dominio.dinero import escribir_pesos
from portal.dominio.normativa import Regla
from portal.dominio.topes import Avance, Situacion
from portal.operaciones.normativa import normativa_de
from portal.operaciones.reportes import distribucion as del_reparto
from portal.operaciones.reportes import exenciones as de_las_exenciones
from portal.operaciones.reportes.distribucion import Parte
from portal.operaciones.reportes.exenciones import Suma
from portal.operaciones.reportes.filtros import Dinero, Filtro
from portal.operaciones.reportes.topes import PRIMER_DIA, avances, topes_de
from portal.web.graficas import Dibujo, Serie, horizontales

_MAXIMO_BARRAS = 20
# Titles of the columns, and whether they are figures.
_DE_EXENCIONES = (
    ("Regla", False),
    ("Estampilla", False),
    ("Estampillas exentas", True),
    ("Base", True),
    ("Costo", True),
    ("Sin costo conocido", True),
)
_DE_TOPES = (
    ("Estampilla", False),
    ("Norma", False),
    ("Tope", True),
    ("Recaudado", True),
    ("Antes del portal", True),
    ("Falta", True),
    ("Del tope", True),
    ("Situación", False),
)
_DE_DISTRIBUCION = (
    ("Destino", False),
    ("Estampilla", False),
    ("Días y norma", False),
    ("Neto de la estampilla", True),
    ("Porcentaje", True),
    ("Le corresponde", True),
)
_SITUACIONES = {
    Situacion.HOLGADO: "Sin aviso",
    Situacion.AVISO: "Aviso",
    Situacion.ALCANZADO: "Tope alcanzado",
}


def exenciones(pedido: Pedido) -> Presentacion:
    """How many stamps each rule left at $0, and what that cost."""
    sumas = de_las_exenciones.exenciones(pedido.filtro)
    nombres = {r.codigo: r for r in normativa_de(pedido.departamento).reglas}
    filas = [
        Fila(
            [
                texto(_regla(razon, suma, nombres)),
                texto(pedido.nombres.estampilla(estampilla)),
                *_cifras(pedido, suma, razon, estampilla),
            ]
        )
        for (razon, estampilla), suma in sumas.items()
    ]
    total = de_las_exenciones.total(list(sumas.values()))
    if filas:
        filas.append(Fila([texto("Total"), texto(""), *_cifras(pedido, total)], es_total=True))
    avisos = []
    if total.sin_costo:
        avisos.append(
            (
                "alerta",
                "De algunas facturas no se guardó con qué se liquidaron: su costo no se puede saber y no está en el total.",
            )
        )
    return Presentacion(
        Cuadro("Exenciones", _DE_EXENCIONES, filas),
        _grafica_de_exenciones(sumas, nombres),
        avisos=avisos,
        ayudas=[
            "Costo: lo que la estampilla habría cobrado sin la regla que la dejó en $0. Se calcula liquidando otra vez el "
            "mismo acto con las normas de su día y sin esa regla ni otra que la dejara en $0; las reglas que solo quitan una "
            "parte de la base siguen.",
            "Cuenta las facturas emitidas en esas fechas que siguen vigentes. Las exclusiones que solo reducen la base no "
            "dejan la estampilla en $0 y no están aquí. De un contrato por retención cuenta su liquidación, no cada cuenta.",
        ],
    )


def _regla(razon: str, suma: Suma, reglas: Mapping[str, Regla]) -> str:
    regla = reglas.get(razon)
    return f"{razon}: {regla.nombre}" if regla else suma.motivo


def _cifras(pedido: Pedido, suma: Suma, razon: str = "", estampilla: str = "") -> list[Celda]:
    filtro = replace(pedido.filtro, estampilla=estampilla or pedido.filtro.estampilla)
    otros = {"regla": razon} if razon else {}

    def adonde(columna: str) -> str:
        return enlace("exenciones", columna, filtro, **otros)

    return [
        cuantos(suma.cuantas, adonde("costo")),
        pesos(suma.base, adonde("base")),
        pesos(suma.costo, adonde("costo")),
        cuantos(suma.sin_costo, adonde("sin_costo")),
    ]


def _grafica_de_exenciones(sumas: Mapping[tuple[str, str], Suma], reglas: Mapping[str, Regla]) -> list[Dibujo]:
    por_regla: dict[str, Decimal] = {}
    for (razon, _), suma in sumas.items():
        nombre = _regla(razon, suma, reglas)
        por_regla[nombre] = por_regla.get(nombre, Decimal(0)) + suma.costo
    mayores = sorted(por_regla.items(), key=lambda par: -par[1])[:_MAXIMO_BARRAS]
    series = [Serie(nombre, [costo], escribir_pesos(costo)) for nombre, costo in mayores]
    return [horizontales("grafica", "Lo que costó cada regla", series)] if series else []


def topes(pedido: Pedido) -> Presentacion:
    """Each stamp with a cap against what it has collected until a day."""
    plan = topes_de(pedido.departamento)
    unos = avances(pedido.plan, plan, pedido.filtro.hasta)
    umbrales = ", ".join(f"{escribir_por_ciento(u)} %" for u in plan.umbrales)
    ayudas = [
        "La comparación es prudente: los topes están en pesos constantes y el portal no publica el índice que los actualiza, "
        "así que se comparan con pesos corrientes. El tope actualizado sería mayor y se alcanzaría más tarde.",
        "Recaudado: el neto que el libro del portal tiene de la estampilla.",
    ]
    if not all(a.antes for a in unos):
        ayudas.append("Lo que se recaudó antes del portal no está en nuestras fuentes y no se suma.")
    dichas = [f"{pedido.nombres.estampilla(a.estampilla)}. {_nota(a)}" for a in unos if _nota(a)]
    ayudas += dichas
    if umbrales:
        ayudas.append(f"Se avisa desde {umbrales} del tope: es una decisión de la instalación.")
    return Presentacion(
        Cuadro("Topes", _DE_TOPES, [_fila_de_tope(pedido, a) for a in unos]),
        _grafica_de_topes(pedido, unos, plan.umbrales),
        avisos=[_aviso(pedido, a) for a in unos if a.situacion is not Situacion.HOLGADO],
        ayudas=ayudas,
        notas=ayudas,
    )


def _fila_de_tope(pedido: Pedido, a: Avance) -> Fila:
    filtro = Filtro(PRIMER_DIA, pedido.filtro.hasta, estampilla=a.estampilla, dinero=Dinero.ESTAMPILLAS.value)
    normas = "; ".join(f"{t.cita}: {escribir_pesos(t.valor)}{_precios(t.precios_de)}" for t in a.topes)
    antes = pesos(a.antes.valor) if a.antes else texto("Sin dato")
    return Fila(
        [
            texto(pedido.nombres.estampilla(a.estampilla)),
            texto(normas),
            pesos(a.tope),
            pesos(a.en_portal, enlace("recaudo", "neto", filtro)),
            antes,
            pesos(a.falta),
            por_ciento(a.porcentaje),
            texto(_SITUACIONES[a.situacion]),
        ]
    )


def _precios(ano: int | None) -> str:
    return f" a precios de {ano}" if ano else ""


def _nota(a: Avance) -> str:
    notas = [f"{t.cita}: {t.nota}" for t in a.topes if t.nota]
    if a.antes:
        notas.append(f"Antes del portal, hasta el {dia_en_palabras(a.antes.hasta)}: {a.antes.fuente}.")
    return " ".join(notas)


def _aviso(pedido: Pedido, a: Avance) -> tuple[str, str]:
    nombre = pedido.nombres.estampilla(a.estampilla)
    if a.situacion is Situacion.ALCANZADO:
        return "error", f"{nombre} alcanzó el tope de su ley. Consulte a la Secretaría antes de seguir liquidándola."
    assert a.umbral is not None
    return (
        "alerta",
        f"{nombre} pasó del {escribir_por_ciento(a.umbral)} % del tope de su ley. Faltan {escribir_pesos(a.falta)}.",
    )


def _grafica_de_topes(pedido: Pedido, unos: Sequence[Avance], umbrales: Sequence[Decimal]) -> list[Dibujo]:
    series = [
        Serie(
            pedido.nombres.estampilla(a.estampilla),
            [min(a.recaudado * 100 / a.tope, Decimal(100))],
            por_ciento(a.porcentaje).texto,
            umbrales=umbrales,
        )
        for a in unos
    ]
    return [horizontales("grafica", "Recaudado sobre el tope de la ley", series, maximo=Decimal(100))] if series else []


def distribucion(pedido: Pedido) -> Presentacion:
    """What of the net proceeds is for each destination."""
    partes = del_reparto.distribucion(pedido.plan, normativa_de(pedido.departamento), pedido.filtro)
    filas: list[Fila] = []
    series: list[Serie] = []
    for destino, suyas in groupby(partes, key=lambda p: p.destino):
        de_el = list(suyas)
        filas += [_fila_de_parte(pedido, p) for p in de_el]
        suma = sum((p.valor for p in de_el), Decimal(0))
        filas.append(Fila([texto(f"Total para {destino}"), *(texto("") for _ in range(4)), pesos(suma)], es_total=True))
        series.append(Serie(destino, [suma], escribir_pesos(suma)))
    if filas:
        filtro = replace(pedido.filtro, dinero=Dinero.ESTAMPILLAS.value)
        neto = sum((p.valor for p in partes), Decimal(0))
        total = pesos(neto, enlace("recaudo", "neto", filtro))
        filas.append(Fila([texto("Total repartido"), *(texto("") for _ in range(4)), total], es_total=True))
    return Presentacion(
        Cuadro("Distribución", _DE_DISTRIBUCION, filas),
        [horizontales("grafica", "Lo que corresponde a cada destino", series)] if series else [],
        ayudas=[
            "Reparte el neto de cada estampilla según su norma, al centavo. Donde una participación cambia, los días se "
            "cortan. Cada total es la suma de los renglones de su destino.",
            "Si las normas del portal no dicen cómo se reparte una estampilla, todo es para el destino de la estampilla.",
        ],
    )


def _fila_de_parte(pedido: Pedido, p: Parte) -> Fila:
    filtro = replace(
        pedido.filtro, desde=p.desde, hasta=p.hasta, estampilla=p.estampilla, dinero=Dinero.ESTAMPILLAS.value
    )
    dias = f"Del {dia_en_palabras(p.desde)} al {dia_en_palabras(p.hasta)}"
    return Fila(
        [
            texto(p.destino),
            texto(pedido.nombres.estampilla(p.estampilla)),
            texto(f"{dias}. {p.cita}." if p.cita else f"{dias}."),
            pesos(p.neto, enlace("recaudo", "neto", filtro)),
            por_ciento(p.porcentaje),
            pesos(p.valor, enlace("recaudo", "neto", filtro, destino=p.codigo)),
        ]
    )
