"""The reports of collection and of assessed against collected, as tables and charts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.blueprints.reportes.cuadro import (
    Celda,
    Cuadro,
    Fila,
    Presentacion,
    cuantos,
    enlace,
    pesos,
    porcentaje,
    texto,
)
from portal.blueprints.reportes.forms import EN_ESPERA, NOMBRES_DIMENSION
from portal.dominio.calendario import MESES
from portal.dominio.dinero import escribir_miles, escribir_pesos
from portal.dominio.dispersion import PlanDeCuentas
from portal.dominio.palabras import nombre_de
from portal.dominio.palabras_tesoreria import CANALES
from portal.operaciones.reportes import liquidado as de_lo_liquidado
from portal.operaciones.reportes import recaudo as del_recaudo
from portal.operaciones.reportes.filtros import Dimension, Dinero, Entidad, Filtro, de_la_celda
from portal.operaciones.reportes.liquidado import Cuenta, Liquidado
from portal.operaciones.reportes.recaudo import Renglon, Reporte, Sumas
from portal.operaciones.simulaciones import Nombres
from portal.web.graficas import Dibujo, Serie, columnas, horizontales

TITULOS_RECAUDO = {
    "recaudado": "Recaudado",
    "aplicado": "Aplicado",
    "revertido": "Revertido",
    "no_debido": "No debido",
    "devuelto": "Devuelto",
    "neto": "Neto",
}
TITULOS_LIQUIDADO = {
    "liquidado": "Liquidado",
    "sin_efecto": "Sin efecto",
    "cobrado": "Cobrado",
    "saldo_devuelto": "Saldo a favor devuelto",
    "neto": "Recaudo neto",
    "pendiente": "Pendiente",
}
# More bars than these are a table.
_MAXIMO_BARRAS = 20


@dataclass(frozen=True)
class Pedido:
    """What a report is asked, by whom it is grouped, and how codes are called."""

    filtro: Filtro
    por: tuple[Dimension, ...]
    plan: PlanDeCuentas
    nombres: Nombres
    departamento: str

    def nombre(self, dimension: Dimension, valor: str, entidades: dict[str, Entidad], *, espera: bool = False) -> str:
        """A group's value as people read it."""
        match dimension:
            case Dimension.ESTAMPILLA:
                return EN_ESPERA.get(valor) or self.nombres.estampilla(valor)
            case Dimension.CANAL:
                return nombre_de(CANALES, valor)
            case Dimension.MES:
                return f"{MESES[int(valor[5:]) - 1]} de {valor[:4]}".capitalize()
            case _ if espera:
                return "Sin asignar"
            case Dimension.CUENTA:
                cuenta = self.plan.por_codigo(valor)
                return cuenta.nombre if cuenta else valor
            case Dimension.ENTIDAD:
                return entidades[valor].nombre if valor else "Sin entidad (trámites)"
            case _:
                return self.nombres.acto(valor)


def recaudo(pedido: Pedido) -> Presentacion:
    """What was collected, by the dimensions asked for."""
    reporte = del_recaudo.recaudado(pedido.plan, pedido.filtro, pedido.por)
    filas = [_fila_de_recaudo(pedido, reporte, r) for r in reporte.estampillas]
    filas.append(_total_de_recaudo(pedido, "Total de estampillas", reporte.total_estampillas, Dinero.ESTAMPILLAS))
    if reporte.en_espera:
        filas += [_fila_de_recaudo(pedido, reporte, r) for r in reporte.en_espera]
        filas.append(_total_de_recaudo(pedido, "Total de dinero en espera", reporte.total_en_espera, Dinero.ESPERA))
        filas.append(_total_de_recaudo(pedido, "Total", reporte.total, None))
    cuadro = Cuadro("Recaudo", _columnas(pedido, TITULOS_RECAUDO), filas if reporte.renglones else [])
    aviso = _cuadre(reporte)
    return Presentacion(
        cuadro,
        _grafica_de_recaudo(pedido, reporte),
        avisos=[aviso] if aviso else [],
        ayudas=[
            "Aplicado: dinero que esperaba y se puso en su estampilla. No debido: estampillas pagadas que no se debían. "
            "Devuelto: lo que salió hacia quien pagó. Neto: lo recaudado y lo aplicado, menos lo demás.",
            "El dinero en espera es de quien pagó de más, o nadie sabe de quién: no es de ninguna estampilla, entidad ni acto.",
        ],
        notas=[aviso[1]] if aviso else [],
    )


def liquidado(pedido: Pedido) -> Presentacion:
    """Assessed against collected, by the dimensions asked for."""
    reporte = de_lo_liquidado.liquidado(pedido.plan, pedido.filtro, pedido.por)
    filas = [_fila_de_liquidado(pedido, reporte, clave, cuenta) for clave, cuenta in reporte.renglones]
    if filas:
        titulo = [texto("Total"), *(texto("") for _ in pedido.por[1:])]
        filas.append(Fila([*titulo, *_cifras_de_liquidado(pedido.filtro, reporte.total)], es_total=True))
    columnas_ = [*_columnas(pedido, TITULOS_LIQUIDADO), ("Cobrado sobre exigible", True), ("Facturas", True)]
    return Presentacion(
        Cuadro("Liquidado y cobrado", columnas_, filas),
        _grafica_de_liquidado(pedido, reporte),
        ayudas=[
            "Cuenta las facturas emitidas en esas fechas y lo que el libro tiene hoy de ellas, se haya pagado cuando se haya "
            "pagado. Por eso no es lo mismo que lo recaudado en esas fechas.",
            "Pendiente: lo liquidado que no se dejó sin efecto ni se ha cobrado, vencido o no. Saldo a favor devuelto: lo que "
            "se pagó de contratos que después se redujeron. De un contrato por retención cuenta cada cuenta de cobro.",
        ],
    )


def _columnas(pedido: Pedido, titulos: dict[str, str]) -> list[tuple[str, bool]]:
    return [*((NOMBRES_DIMENSION[d], False) for d in pedido.por), *((t, True) for t in titulos.values())]


def _fila_de_recaudo(pedido: Pedido, reporte: Reporte, renglon: Renglon) -> Fila:
    dinero = Dinero.ESPERA if renglon.espera else Dinero.ESTAMPILLAS
    filtro = de_la_celda(pedido.filtro, pedido.por, renglon.clave, reporte.entidades, dinero)
    nombres = [
        texto(pedido.nombre(d, valor, reporte.entidades, espera=renglon.espera))
        for d, valor in zip(pedido.por, renglon.clave, strict=True)
    ]
    nota = "Dinero en espera" if renglon.espera else ""
    return Fila([*nombres, *_cifras_de_recaudo(filtro, renglon.sumas)], nota=nota)


def _total_de_recaudo(pedido: Pedido, nombre: str, sumas: Sumas, dinero: Dinero | None) -> Fila:
    filtro = de_la_celda(pedido.filtro, (), (), {}, dinero)
    return Fila(
        [texto(nombre), *(texto("") for _ in pedido.por[1:]), *_cifras_de_recaudo(filtro, sumas)], es_total=True
    )


def _cifras_de_recaudo(filtro: Filtro, sumas: Sumas) -> list[Celda]:
    return [pesos(getattr(sumas, c), enlace("recaudo", c, filtro), aun_en_cero=c == "neto") for c in TITULOS_RECAUDO]


def _cuadre(reporte: Reporte) -> tuple[str, str] | None:
    if reporte.creditos is None:
        return None
    if not reporte.cuadra:
        return (
            "error",
            f"No cuadra con el libro. Los créditos suman {escribir_pesos(reporte.creditos)} y el libro "
            f"{escribir_pesos(reporte.total.recaudado)}. Avise al administrador.",
        )
    creditos = "crédito confirmado" if reporte.cuantos == 1 else "créditos confirmados"
    return (
        "exito",
        f"Cuadra con el libro: {escribir_miles(reporte.cuantos)} {creditos} por {escribir_pesos(reporte.creditos)}.",
    )


def _grafica_de_recaudo(pedido: Pedido, reporte: Reporte) -> list[Dibujo]:
    """The net of the stamps by the first dimension."""
    primera = pedido.por[0]
    sumas: dict[str, Decimal] = {}
    for renglon in reporte.estampillas:
        sumas[renglon.clave[0]] = sumas.get(renglon.clave[0], Decimal(0)) + renglon.sumas.neto
    partes = {valor: [neto] for valor, neto in sumas.items()}
    titulo = f"Recaudo neto de estampillas por {NOMBRES_DIMENSION[primera].lower()}"
    return _dibujar(
        pedido, primera, titulo, partes, {v: escribir_pesos(n) for v, n in sumas.items()}, reporte.entidades
    )


def _grafica_de_liquidado(pedido: Pedido, reporte: Liquidado) -> list[Dibujo]:
    primera = pedido.por[0]
    cuentas: dict[str, Cuenta] = {}
    for clave, cuenta in reporte.renglones:
        cuentas.setdefault(clave[0], Cuenta()).sumar(cuenta)
    partes = {valor: [c.cobrado, c.pendiente] for valor, c in cuentas.items()}
    cifras = {valor: porcentaje(c.cobrado, c.exigible).texto for valor, c in cuentas.items()}
    titulo = f"Cobrado y pendiente por {NOMBRES_DIMENSION[primera].lower()}"
    leyenda = ("Cobrado", "Pendiente")
    return _dibujar(pedido, primera, titulo, partes, cifras, reporte.entidades, leyenda)


def _dibujar(
    pedido: Pedido,
    dimension: Dimension,
    titulo: str,
    partes: dict[str, list[Decimal]],
    cifras: dict[str, str],
    entidades: dict[str, Entidad],
    leyenda: Sequence[str] = (),
) -> list[Dibujo]:
    """Months as columns in their order; anything else as bars, the largest first."""
    por_mes = dimension is Dimension.MES
    valores = list(partes) if por_mes else sorted(partes, key=lambda v: -sum(partes[v]))[:_MAXIMO_BARRAS]
    series = [
        Serie(pedido.nombre(dimension, v, entidades), partes[v], cifras[v], _mes_corto(v) if por_mes else "")
        for v in valores
    ]
    if not series:
        return []
    if len(partes) > len(series):
        titulo = f"{titulo}: los {_MAXIMO_BARRAS} mayores"
    return [(columnas if por_mes else horizontales)("grafica", titulo, series, leyenda)]


def _mes_corto(mes: str) -> str:
    dia = date.fromisoformat(f"{mes}-01")
    return f"{MESES[dia.month - 1][:3]}" if dia.month > 1 else str(dia.year)


def _fila_de_liquidado(pedido: Pedido, reporte: Liquidado, clave: tuple[str, ...], cuenta: Cuenta) -> Fila:
    filtro = de_la_celda(pedido.filtro, pedido.por, clave, reporte.entidades)
    nombres = [texto(pedido.nombre(d, valor, reporte.entidades)) for d, valor in zip(pedido.por, clave, strict=True)]
    return Fila([*nombres, *_cifras_de_liquidado(filtro, cuenta)])


def _cifras_de_liquidado(filtro: Filtro, cuenta: Cuenta) -> list[Celda]:
    cifras = [
        pesos(getattr(cuenta, c), enlace("liquidado", c, filtro), aun_en_cero=c == "neto") for c in TITULOS_LIQUIDADO
    ]
    facturas = cuantos(cuenta.facturas, enlace("liquidado", "liquidado", filtro))
    return [*cifras, porcentaje(cuenta.cobrado, cuenta.exigible), facturas]
