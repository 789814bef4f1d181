"""`/gestion/agentes`: how every agent's month stands, the last twelve months of all, and the months of one."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from portal.documentos.libro import escribir
from portal.documentos.tablero import hoja_de_historia, hoja_de_matriz, hoja_de_tablero
from portal.dominio.declaraciones import leer_mes, mes_anterior, mes_de, mes_siguiente, meses_entre
from portal.dominio.errores import DatoInvalido, NoExiste
from portal.dominio.palabras import ESTADOS_MES
from portal.dominio.tablero import Filtro, contar_estados, pasa, totalizar
from portal.models.usuario import Rol
from portal.operaciones.agentes import registro
from portal.operaciones.agentes import tablero as meses
from portal.operaciones.agentes.tablero import RenglonTablero
from portal.web.acceso import quien_ingreso, requiere_rol
from portal.web.departamento import departamento_actual
from portal.web.exportacion import entregar_lista, formato_pedido, notas_de_lista
from portal.web.htmx import render_page_or_fragment
from portal.web.reloj import hoy
from portal.web.tablas import contiene

bp = Blueprint("agentes_tablero", __name__, url_prefix="/gestion/agentes")
LEEN = (Rol.RENTAS, Rol.TESORERIA, Rol.ADMINISTRADOR, Rol.AUDITOR)
FILTROS: Mapping[Filtro, str] = {
    Filtro.TODAS: "Todas",
    Filtro.SIN_PRESENTAR: "Sin presentar",
    Filtro.VENCIDAS: "Vencidas",
    Filtro.DEVUELTAS: "Devueltas",
    Filtro.CON_DIFERENCIA: "Con diferencia",
}
MESES_A_LA_VISTA = 12
# Before any return that could be here.
_PRIMERO = date(2000, 1, 1)
_SIN_MES = "No encontramos ese mes."


@bp.get("")
@requiere_rol(Rol.AGENTE, *LEEN)
def tablero() -> Any:
    """Every agent's month: the one whose return is due now, unless the address says another. An agent goes to its own."""
    if quien_ingreso().rol is Rol.AGENTE:
        return redirect(url_for("agentes.meses"), 303)
    mes, filtro, buscar = _mes(), _filtro(), _buscar()
    todos = meses.del_mes(departamento_actual().codigo, mes, hoy=hoy())
    elegidos = _elegir(todos, filtro, buscar)
    if formato := formato_pedido():
        notas = notas_de_lista(_filtro_en_palabras(filtro, buscar), len(elegidos))
        hoja = hoja_de_tablero(mes, elegidos, _clases(), notas)
        return entregar_lista(escribir(formato, hoja), f"agentes-{mes:%Y-%m}", filas=len(elegidos))
    return render_page_or_fragment(
        "agentes_tablero/tablero.html",
        "agentes_tablero/_tablero.html",
        renglones=elegidos,
        todos=len(todos),
        totales=totalizar(r.mes for r in elegidos),
        cuentas=contar_estados(r.mes for r in todos),
        vencidas=sum(r.mes.vencida for r in todos),
        filtro=filtro,
        filtros=FILTROS,
        buscar=buscar,
        **_del_mes(mes),
    )


@bp.get("/doce-meses")
@requiere_rol(*LEEN)
def matriz() -> Any:
    """Every agent beside its last twelve months."""
    hasta, buscar = _mes(), _buscar()
    desde = hasta
    for _ in range(MESES_A_LA_VISTA - 1):
        desde = mes_anterior(desde)
    renglones = _que_se_llaman(meses.matriz(departamento_actual().codigo, desde, hasta, hoy=hoy()), buscar)
    if formato := formato_pedido():
        notas = notas_de_lista(_filtro_en_palabras(Filtro.TODAS, buscar), len(renglones))
        hoja = hoja_de_matriz(meses_entre(desde, hasta), renglones, notas)
        return entregar_lista(escribir(formato, hoja), f"agentes-doce-meses-{hasta:%Y-%m}", filas=len(renglones))
    return render_page_or_fragment(
        "agentes_tablero/matriz.html",
        "agentes_tablero/_matriz.html",
        renglones=renglones,
        columnas=meses_entre(desde, hasta),
        buscar=buscar,
        **_del_mes(hasta),
    )


@bp.get("/<codigo>")
@requiere_rol(*LEEN)
def ver(codigo: str) -> Any:
    """One agent: its months and what it owes by the ledger."""
    agente = registro.por_codigo(codigo, departamento_actual().codigo)
    historia = meses.historia_de(agente, mes_de(hoy()), hoy=hoy())
    if formato := formato_pedido():
        hoja = hoja_de_historia(historia, notas_de_lista(f"{agente.nombre}, todos sus meses.", len(historia)))
        return entregar_lista(escribir(formato, hoja), f"meses-{agente.nit}", filas=len(historia))
    return render_template(
        "agentes_tablero/ver.html",
        agente=agente,
        clase=_clases().get(agente.clase, agente.clase),
        historia=historia,
        totales=totalizar(historia),
        saldo=meses.saldo_de(agente),
        **_comunes(),
    )


def _elegir(renglones: Sequence[RenglonTablero], filtro: Filtro, buscar: str) -> list[RenglonTablero]:
    return [r for r in _que_se_llaman(renglones, buscar) if pasa(filtro, r.mes)]


def _que_se_llaman(renglones: Sequence[RenglonTablero], buscar: str) -> list[RenglonTablero]:
    return [r for r in renglones if contiene(r.agente.nombre, buscar)]


def _del_mes(mes: date) -> dict[str, Any]:
    siguiente = mes_siguiente(mes)
    return {
        "mes": mes,
        "anterior": mes_anterior(mes),
        "siguiente": siguiente if siguiente <= hoy() else None,
        **_comunes(),
    }


def _comunes() -> dict[str, Any]:
    return {"estados": ESTADOS_MES, "devuelve": quien_ingreso().rol is Rol.RENTAS}


def _clases() -> Mapping[str, str]:
    return registro.reglas_de(departamento_actual().codigo).clases


def _filtro_en_palabras(filtro: Filtro, buscar: str) -> str:
    return f"{FILTROS[filtro]}." + (f" Buscar: {buscar}." if buscar else "")


def _mes() -> date:
    """The month of the address; without one, last month's, whose return is due now. Raises `NoExiste`."""
    texto = request.args.get("mes", "")
    if not texto:
        return mes_anterior(hoy())
    try:
        mes = leer_mes(texto)
    except DatoInvalido:
        raise NoExiste(_SIN_MES) from None
    if not _PRIMERO <= mes <= hoy():
        raise NoExiste(_SIN_MES)
    return mes


def _filtro() -> Filtro:
    pedido = request.args.get("mostrar", "")
    return Filtro(pedido) if pedido in set(Filtro) else Filtro.TODAS


def _buscar() -> str:
    return request.args.get("buscar", "").strip()[:80]
