"""Rows of rules, from the shipped files or from the tables, become one `Normativa`. Both have the same keys."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from portal.dominio.condiciones import leer_condicion
from portal.dominio.escalas import AlCruzar, Escala, Limite, TramoTarifa
from portal.dominio.hechos import Hecho, TipoHecho
from portal.dominio.normativa import Acto, Descuento, Efecto, Estampilla, Normativa, Plazo, Regla
from portal.dominio.redondeo import Modo, Redondeo, Tramo
from portal.dominio.reparto import Reparto
from portal.dominio.tarifas import Tarifa, TipoTarifa
from portal.dominio.vigencia import Indicador, ValorIndicador

Fila = Mapping[str, Any]
# The kinds of rows, which are also the names of the tables.
CLASES_DE_FILA = (
    "estampilla",
    "acto",
    "tarifa",
    "redondeo",
    "indicador",
    "valor_indicador",
    "regla",
    "fuente",
    "hecho",
    "reparto",
)


def construir(departamento: str, filas: Mapping[str, Sequence[Fila]]) -> Normativa:
    """Build the rules of a department. Raises `ValueError` or `KeyError` when a row cannot be understood."""
    return Normativa(
        departamento=departamento,
        estampillas=tuple(_estampilla(f) for f in sorted(filas["estampilla"], key=lambda f: f["orden"])),
        actos=tuple(_acto(f) for f in sorted(filas["acto"], key=lambda f: f["orden"])),
        tarifas=tuple(leer_tarifa(f) for f in filas["tarifa"]),
        redondeos=tuple(_redondeo(f) for f in filas["redondeo"]),
        indicadores=tuple(Indicador(f["codigo"], f["nombre"], f["publicado"]) for f in filas["indicador"]),
        valores=tuple(_valor(f) for f in filas["valor_indicador"]),
        reglas=tuple(_regla(f) for f in sorted(filas["regla"], key=lambda f: f["orden"])),
        hechos=tuple(_hecho(f) for f in sorted(filas["hecho"], key=lambda f: f["orden"])),
        repartos=tuple(_reparto(f) for f in sorted(filas["reparto"], key=lambda f: f["orden"])),
    )


def _estampilla(fila: Fila) -> Estampilla:
    tope = fila["tope_porcentaje"]
    return Estampilla(
        codigo=fila["codigo"],
        nombre=fila["nombre"],
        orden=fila["orden"],
        norma=fila["norma"],
        articulo=fila["articulo"],
        desde=fila["desde"],
        hasta=fila["hasta"],
        sigue_a=fila["sigue_a"],
        tope_porcentaje=Decimal(tope) if tope else None,
    )


def _acto(fila: Fila) -> Acto:
    detalle = fila["detalle"]
    return Acto(
        codigo=fila["codigo"],
        nombre=fila["nombre"],
        clase=fila["clase"],
        documento=fila["documento"],
        grupo=fila["grupo"],
        orden=fila["orden"],
        desde=fila["desde"],
        hasta=fila["hasta"],
        activo=fila["activo"],
        base=fila["base"],
        base_nombre=fila["base_nombre"],
        cita=fila["cita"],
        movimientos=tuple(detalle.get("movimientos", ())) if detalle.get("base_si_movimiento") else (),
        estampillas_propias=tuple(detalle.get("estampillas_propias", ())),
        desplaza=tuple(detalle.get("desplaza", ())),
        concurre_con=tuple(detalle.get("concurre_con", ())),
        con_valor_usar=detalle.get("con_valor_usar", ""),
        descuento=Descuento(**detalle["base_menos"]) if "base_menos" in detalle else None,
        recaudo=detalle.get("recaudo", ""),
    )


def leer_tarifa(fila: Fila) -> Tarifa:
    """One tariff from its row. Raises `ValueError` or `KeyError` when it cannot be understood."""
    return Tarifa(
        estampilla=fila["estampilla"],
        acto=fila["acto"],
        clase=fila["clase"],
        tipo=TipoTarifa(fila["tipo"]),
        valor=Decimal(fila["valor"]),
        redondeo=fila["redondeo"],
        norma=fila["norma"],
        articulo=fila["articulo"],
        desde=fila["desde"],
        hasta=fila["hasta"],
        variante=fila["variante"],
        variante_sugerida=fila["variante_sugerida"],
        indicador=fila["indicador"],
        redondeo_inferido=fila["redondeo_inferido"],
        provisional=fila["provisional"],
        excepto_grupos=tuple(fila["excepto_grupos"]),
        sobre=fila["sobre"],
        escala=_escala(fila["escala"]) if fila["escala"] else None,
        minimo=_limite(fila["minimo"]) if fila["minimo"] else None,
        tope=_limite(fila["tope"]) if fila["tope"] else None,
    )


def _escala(crudo: Fila) -> Escala:
    tramos = tuple(
        TramoTarifa(Decimal(t["valor"]), Decimal(t["hasta"]), _inclusion(t["limite"]))
        if "hasta" in t
        else TramoTarifa(Decimal(t["valor"]))
        for t in crudo["tramos"]
    )
    anterior, fecha, indicador = (crudo.get(clave, "") for clave in ("anterior", "fecha", "indicador"))
    return Escala(tramos, AlCruzar(crudo["al_cruzar"]), crudo["cita"], indicador, fecha, anterior)


def _inclusion(limite: str) -> bool:
    if limite not in ("incluido", "excluido"):
        raise ValueError(f"a limit is incluido or excluido, not {limite!r}")
    return limite == "incluido"


def _limite(crudo: Fila) -> Limite:
    return Limite(Decimal(crudo["cantidad"]), crudo.get("indicador", ""), crudo.get("cita", ""))


def _redondeo(fila: Fila) -> Redondeo:
    tramos = tuple(
        Tramo(Decimal(t["multiplo"]), t["nombre"], Decimal(t["hasta"]) if t.get("hasta") else None)
        for t in fila["tramos"]
    )
    cita = ", ".join(parte for parte in (fila["norma"], fila["articulo"]) if parte)
    return Redondeo(fila["codigo"], fila["nombre"], Modo(fila["modo"]), tramos, cita, fila["desde"], fila["hasta"])


def _valor(fila: Fila) -> ValorIndicador:
    return ValorIndicador(fila["codigo"], Decimal(fila["valor"]), fila["desde"], fila["hasta"], fila["acto"])


def _regla(fila: Fila) -> Regla:
    alcance, efecto, plazo = fila["alcance"], fila["efecto"], fila["plazo"]
    return Regla(
        codigo=fila["codigo"],
        clase=fila["clase"],
        nombre=fila["nombre"],
        texto=fila["texto"],
        estampillas=tuple(alcance["estampillas"]),
        actos=tuple(alcance.get("actos", ())),
        excepto_actos=tuple(alcance.get("excepto_actos", ())),
        grupos=tuple(alcance.get("grupos", ())),
        cuando=leer_condicion(fila["cuando"]),
        efecto=Efecto(
            tipo=efecto["tipo"],
            indicador=efecto.get("indicador", ""),
            cantidad=Decimal(efecto.get("cantidad", "0")),
            fecha=efecto.get("fecha", ""),
            consumido=efecto.get("consumido", ""),
        ),
        plazo=Plazo(plazo["hecho"], plazo["anos"]) if plazo else None,
        activa=fila["activa"],
        confirma_funcionario=fila["confirma_funcionario"],
        norma=fila["norma"],
        articulo=fila["articulo"],
        desde=fila["desde"],
        hasta=fila["hasta"],
    )


def _hecho(fila: Fila) -> Hecho:
    # Rows that an earlier version loaded hold codes alone; loading the files again gives them their names.
    pares = [(v["codigo"], v["nombre"]) if isinstance(v, Mapping) else (v, "") for v in fila["valores"]]
    valores, nombres = tuple(codigo for codigo, _ in pares), tuple(nombre for _, nombre in pares)
    return Hecho(fila["codigo"], TipoHecho(fila["tipo"]), fila["descripcion"], valores, nombres, fila["nombre"])


def _reparto(fila: Fila) -> Reparto:
    return Reparto(
        codigo=fila["codigo"],
        destino=fila["destino"],
        porcentaje=Decimal(fila["porcentaje"]),
        estampillas=tuple(fila["estampillas"]),
        norma=fila["norma"],
        articulo=fila["articulo"],
        desde=fila["desde"],
        hasta=fila["hasta"],
    )
