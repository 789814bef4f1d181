"""What a circular says in words: what does not pay, who must do what, what is still to be confirmed."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal, localcontext

from portal.dominio.calendario import dia_en_palabras
from portal.dominio.circular import Duda, Excepcion, Renglon
from portal.dominio.dinero import escribir_pesos
from portal.dominio.hechos import MOVIMIENTO
from portal.dominio.normativa import CLASES_DE_REGLA, Acto, Normativa, Regla
from portal.dominio.palabras import GRUPOS_ACTOS, nombre_de
from portal.dominio.redondeo import EXACTO, Redondeo
from portal.dominio.tarifas import TODOS, Tarifa
from portal.dominio.vigencia import rige


def excepciones_de(normativa: Normativa, estampilla: str, desde: date, hasta: date) -> tuple[Excepcion, ...]:
    """The rules that name a stamp (`*`: all of them) and are in force on some of the days, as catalogued."""
    reglas = [r for r in normativa.reglas if r.desde <= hasta and (r.hasta is None or r.hasta >= desde)]
    return tuple(
        Excepcion(
            codigo=regla.codigo,
            clase=CLASES_DE_REGLA[regla.clase],
            nombre=regla.nombre,
            texto=regla.texto,
            norma=regla.norma,
            articulo=regla.articulo,
            notas=tuple(_notas(normativa, regla, desde, hasta)),
        )
        for regla in reglas
        if estampilla in regla.estampillas
    )


def _notas(normativa: Normativa, regla: Regla, desde: date, hasta: date) -> Iterable[str]:
    if not regla.activa:
        yield "Está inactiva: el portal no la aplica."
    if regla.confirma_funcionario:
        yield "Un funcionario la confirma con su soporte."
    if regla.desde > desde:
        yield f"Rige desde el {dia_en_palabras(regla.desde)}."
    if regla.hasta is not None and regla.hasta < hasta:
        yield f"Rige hasta el {dia_en_palabras(regla.hasta)}."
    if regla.efecto.indicador:
        yield from _equivalencias(normativa, regla, desde, hasta)


def _equivalencias(normativa: Normativa, regla: Regla, desde: date, hasta: date) -> Iterable[str]:
    """What the units of a rule are worth: `1.200 UVT de 2025: $59.758.800` (Cundinamarca, manual 4.7 n.º 8)."""
    efecto = regla.efecto
    unidades = f"{escribir_pesos(efecto.cantidad).removeprefix('$')} {efecto.indicador} de {desde.year}"
    valores = [v for v in normativa.valores if v.codigo == efecto.indicador and v.desde <= hasta and v.hasta >= desde]
    with localcontext(EXACTO):
        pesos: dict[Decimal, None] = {efecto.cantidad * v.valor: None for v in valores}
    for cuanto in pesos:
        yield f"{unidades}: {escribir_pesos(cuanto)}."
    if not valores:
        yield f"{unidades}: sin valor publicado."


def nombre_conjunto(normativa: Normativa, tarifa: Tarifa, actos: Sequence[Acto], fecha: date) -> str:
    """How one row names all the acts that a tariff reaches: `Todos los actos y documentos sin cuantía (52)`."""
    vigentes = [
        t
        for t in normativa.tarifas
        if (t.estampilla, t.clase) == (tarifa.estampilla, tarifa.clase) and rige(t.desde, t.hasta, fecha)
    ]
    seguida = tarifa.acto.removeprefix(TODOS)
    aparte = any(not t.acto.startswith(TODOS) for t in vigentes)
    ajenos = any(
        a.estampillas_propias and tarifa.estampilla not in a.estampillas_propias and a.clase == tarifa.clase
        for a in normativa.actos
        if rige(a.desde, a.hasta, fecha)
    )
    todos = not (seguida or aparte or ajenos or tarifa.excepto_grupos)
    partes = ["Los demás" if aparte else "Todos los" if todos else "Los", "actos y documentos"]
    partes.append("con cuantía" if tarifa.clase == "con_cuantia" else "sin cuantía")
    if seguida:
        partes.append("gravados con " + next(e.nombre for e in normativa.estampillas if e.codigo == seguida))
    elif ajenos:
        partes.append("que no tienen su propia estampilla")
    salvo = " y ".join(nombre_de(GRUPOS_ACTOS, grupo).lower() for grupo in tarifa.excepto_grupos)
    return f"{' '.join(partes)}{', salvo los de ' if salvo else ''}{salvo} ({len(actos)})"


def cuanto_cobra(tarifa: Tarifa) -> str:
    """The rate, or the rate of each of its brackets: `0,5 %: hasta 2.000 SMMLV; 1 %: más de 2.000 SMMLV`."""
    if tarifa.escala is None:
        return tarifa.texto
    tramos = ((tarifa.en_tramo(tramo).texto, tarifa.escala.nombre_de(tramo)) for tramo in tarifa.escala.tramos)
    return "; ".join(f"{tasa}: {tramo}" for tasa, tramo in tramos)


def sobre_que(normativa: Normativa, tarifa: Tarifa, acto: Acto) -> str:
    """What a rate applies to; some appointments pay on the increase only (Nariño 243 a; Cundinamarca 4.6)."""
    if tarifa.sobre:
        return f"lo que vale {next(e.nombre for e in normativa.estampillas if e.codigo == tarifa.sobre)}"
    if not acto.movimientos:
        return acto.base_nombre
    hecho = next(hecho for hecho in normativa.hechos if hecho.clave == MOVIMIENTO)
    nombres = [hecho.nombre_de(movimiento).lower() for movimiento in acto.movimientos]
    cuales = f"{', '.join(nombres[:-1])} o {nombres[-1]}" if len(nombres) > 1 else nombres[0]
    return f"{acto.base_nombre}; en {cuales}, solo el aumento"


def como_redondea(redondeo: Redondeo, *, inferido: bool) -> str:
    """The rule in words with its citation, or the warning that the norm has none for the tariff (N-A05)."""
    if inferido:
        return f"{redondeo.nombre}, inferido porque la norma no trae regla para estas tarifas"
    return f"{redondeo.nombre} ({redondeo.cita})" if redondeo.cita else redondeo.nombre


def avisos_de(tarifa: Tarifa, actos: Sequence[Acto]) -> tuple[str, ...]:
    """What a reader must know about one row."""
    avisos = {
        f"Mínimo: {tarifa.minimo.texto if tarifa.minimo else ''}": tarifa.minimo is not None,
        f"Tope: {tarifa.tope.texto if tarifa.tope else ''}": tarifa.tope is not None,
        "Provisional": tarifa.provisional,
        "Falta confirmar la tarifa": bool(tarifa.variante),
        "Solo cuando no hay valor determinado": all(acto.con_valor_usar for acto in actos),
        "El portal no lo liquida": not any(acto.activo for acto in actos),
    }
    return tuple(aviso for aviso, vale in avisos.items() if vale)


def por_confirmar(renglones: Iterable[Renglon], dudas: Iterable[Duda]) -> tuple[str, ...]:
    """One sentence per act whose tariff somebody must still choose (Cundinamarca, C-A01)."""
    variantes: dict[str, list[Renglon]] = {}
    for renglon in renglones:
        if renglon.variante:
            variantes.setdefault(renglon.actos[0], []).append(renglon)
    todas = tuple(dudas)
    return tuple(
        f"{acto}, {suyas[0].nombre}: la norma trae {' y '.join(dict.fromkeys(r.tarifa for r in suyas))} y falta confirmar "
        f"cuál aplica.{''.join(f' {d.codigo}: {d.asunto}' for d in todas if acto in d.toca)}"
        for acto, suyas in variantes.items()
    )
