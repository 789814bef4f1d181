"""Cundinamarca by hand: manual A-GI-MA-010 versión 08, one function per section, in the order of the manual.

Readings of what the manual leaves open carry the number of their doubt (C-A…).
"""

from datetime import date
from fractions import Fraction

from tests.oraculo.lectura import Pedido, Rehusa, Renglon, al_mas_cercano

PRIMER_DIA = date(2021, 1, 1)
"""La Ordenanza 039 es del 14 de diciembre de 2020; se aplica desde el año siguiente."""

CON_CUANTIA = ("CC-1", "CC-2", "CC-3")
CONTRATOS = ("CC-2", "CC-3", "SC-49", "SC-51")
POSESIONES = ("CC-1", "SC-01")

# 5.1 (art. 303), renglón por renglón: acto sin cuantía y UVT. El 15 está dos veces (C-A01).
PRO_DESARROLLO_UVT = """
1 1      2 0.50   3 0.15   4 0.15   5 0.15   6 0.15   7 1      8 1.25   9 15     10 1.5   11 1.5
12 0.75  13 0.75  14 0.75
15a 0.5  15b 0.6
16 0.6   17 0.5   18 0.5   19 0.5   20 0.4   21 0.5   22 0.5   23 0.5   24 0.5   25 0.3
26 0.3   27 0.3   28 0.5   29 0.3   30 0.3   31 0.3   32 0.5   33 0.4   34 0.6   35 0.5
36 0.3   37 0.3   38 0.4   39 0.3   40 0.3   41 0.3   42 0.3   43 0.4   44 0.5   45 0.6
46 0.4   47 0.3   48 0.3   49 200   50 0.75  51 0.5   52 0.5
"""

# 5.5 (art. 322): solo quince renglones.
UDEC_UVT = (
    "1 1  2 0.25  3 0.1  4 0.1  5 0.1  6 0.1  7 0.75  8 1  9 15  10 1.25  11 1.25  49 200  50 0.75  51 0.5  52 0.5"
)


def _tabla(texto: str) -> dict[str, Fraction]:
    piezas = texto.split()
    return {numero: Fraction(tarifa) for numero, tarifa in zip(piezas[::2], piezas[1::2], strict=True)}


DEL_303, DEL_322 = _tabla(PRO_DESARROLLO_UVT), _tabla(UDEC_UVT)
RENGLON_15 = {"primer_renglon": "15a", "segundo_renglon": "15b"}
SIN_CUANTIA = tuple(f"SC-{numero:02}" for numero in range(1, 53))


def liquidar(pedido: Pedido) -> list[Renglon]:
    if any(acto not in CON_CUANTIA + SIN_CUANTIA for acto in pedido.actos):
        raise Rehusa("acto desconocido")
    if pedido.fecha < PRIMER_DIA:
        raise Rehusa("antes de la ordenanza")
    if set(pedido.variantes) - ({"SC-15"} & set(pedido.actos)):
        raise Rehusa("variante de un acto que no tiene")
    return [renglon for acto in pedido.actos for renglon in _acto(acto, pedido)]


def _acto(acto: str, pedido: Pedido) -> list[Renglon]:
    return _con_cuantia(acto, pedido) if acto in CON_CUANTIA else _sin_cuantia(acto, pedido)


# ------------------------------------------------------------------------------------------------ 4.6 y 5, con cuantía

DEL_NUMERAL_1 = {
    "PRO_DESARROLLO": "2",  # 5.1, art. 302
    "PRO_ELECTRIFICACION": "0.2",  # 5.2
    "PRO_HOSPITALES": "2",  # 5.3, art. 311
    "PRO_CULTURA": "1",  # 5.4, art. 316
    "UDEC": "1.5",  # 5.5, art. 321
    "ADULTO_MAYOR": "2",  # 5.6, art. 326
}


def _con_cuantia(acto: str, pedido: Pedido) -> list[Renglon]:
    reglas = exclusiones(acto, pedido)
    if reglas:
        return [Renglon(estampilla, None, Fraction(0), 0, reglas) for estampilla in DEL_NUMERAL_1]
    if pedido.valor is None:
        raise Rehusa("sin valor")
    valor = aumento(pedido) if acto == "CC-1" else pedido.valor
    base = menos_las_primeras_1200_uvt(valor, pedido) if acto in CONTRATOS else valor
    absorbida = ("C-EX-08",) if base == 0 and base < valor else ()
    return [
        Renglon(estampilla, base, base * Fraction(porcentaje) / 100, _mil(base * Fraction(porcentaje) / 100), absorbida)
        for estampilla, porcentaje in DEL_NUMERAL_1.items()
    ]


def _mil(exacto: Fraction) -> int:
    """4.6: «deberán aproximarse al múltiplo de mil más cercano», also below ten thousand (C-A03)."""
    return al_mas_cercano(exacto, 1000)


def aumento(pedido: Pedido) -> Fraction:
    """4.6, last paragraph: reclassification, promotion, charge and transfer pay on the increase only."""
    assert pedido.valor is not None
    if not pedido.dice("posesion.movimiento", "reclasificacion", "ascenso", "encargo", "traslado"):
        return pedido.valor
    if "posesion.asignacion_anterior" not in pedido.hechos:
        raise Rehusa("sin asignación anterior")
    return max(Fraction(0), pedido.valor - pedido.hechos["posesion.asignacion_anterior"])


def menos_las_primeras_1200_uvt(valor: Fraction, pedido: Pedido) -> Fraction:
    """4.7 n.º 8, with the UVT of the signature and once per contract (C-A07)."""
    profesional = pedido.dice("contrato.tipo", "prestacion_servicios_profesionales", "prestacion_servicios_tecnicos")
    if not (profesional and pedido.dice("contratista.clase", "natural")):
        return valor
    firma = pedido.hechos.get("contrato.fecha_suscripcion", pedido.fecha)
    if firma > pedido.fecha:
        raise Rehusa("firma posterior al acto")
    ya_liquidado = pedido.hechos.get("contrato.valor_anterior", Fraction(0))
    saldo = max(Fraction(0), 1200 * pedido.uvt(firma) - ya_liquidado)
    return max(Fraction(0), valor - saldo)


# ------------------------------------------------------------------------------------------------ 4.6 y 5, sin cuantía


def _sin_cuantia(acto: str, pedido: Pedido) -> list[Renglon]:
    if acto == "SC-49" and pedido.valor is not None:
        raise Rehusa("concesión con valor")  # C-A02: la que tiene valor es CC-3
    numero = str(int(acto.removeprefix("SC-")))
    renglon_303 = numero
    if numero == "15":
        if pedido.variantes.get(acto) not in RENGLON_15:
            raise Rehusa("sin renglón del 15")  # C-A01: el administrador confirma cuál
        renglon_303 = RENGLON_15[pedido.variantes[acto]]
    tarifas = {
        "PRO_DESARROLLO": DEL_303[renglon_303],
        "PRO_ELECTRIFICACION": Fraction("0.20"),  # 5.2: «todos» (C-A11)
        "PRO_CULTURA": Fraction("0.15"),  # 5.4, art. 317: «todos» (C-A11)
    }  # 5.3 y 5.6: los actos sin cuantía están excluidos de Hospitales y de Adulto Mayor
    if numero in DEL_322:
        tarifas["UDEC"] = DEL_322[numero]
    reglas = exclusiones(acto, pedido)
    if reglas:
        return [Renglon(estampilla, None, Fraction(0), 0, reglas) for estampilla in tarifas]
    unidad = pedido.uvt(pedido.fecha)  # C-A22: la del día de causación
    return [Renglon(estampilla, None, n * unidad, aproximar(n * unidad)) for estampilla, n in tarifas.items()]


def aproximar(exacto: Fraction) -> int:
    """4.2, numerals 1 to 3. The band is chosen by the value before rounding; 100 and 10.000 belong to the lower one (C-A05)."""
    if exacto <= 100:
        return al_mas_cercano(exacto, 1)
    if exacto <= 10_000:
        return al_mas_cercano(exacto, 100)
    return al_mas_cercano(exacto, 1000)


# ------------------------------------------------------------------------------------------------ 3, 4.7 y 4.8


def exclusiones(acto: str, pedido: Pedido) -> tuple[str, ...]:
    """Codes of what leaves the whole act out of the stamps."""
    contrato = acto in CONTRATOS
    # 4.7 n.º 2: la economía mixta cuenta como pública desde el 70 % exacto (C-A25).
    publico = pedido.dice("contratista.clase", "publica") or (
        pedido.dice("contratista.clase", "economia_mixta")
        and pedido.hechos.get("contratista.capital_publico", Fraction(0)) >= 70
    )
    objeto = pedido.hechos.get("contrato.objeto")
    # 4.7 n.º 13, cuatro objetos (C-A17); «pago de servicios públicos».
    adquiere = objeto in ("tiquetes_aereos", "soat", "matriculas_vehiculos", "servicios_publicos_domiciliarios")
    certificado = pedido.hechos.get("certificado.asunto") if acto == "SC-04" else None
    aplica = {
        "C-EX-01": pedido.si("acto.relacion_laboral") and acto not in POSESIONES,  # C-A08
        # Quien contrata con una entidad pública y no dice que intervengan particulares, no los tiene.
        "C-EX-02": contrato and publico and not pedido.si("contrato.intervienen_privados"),
        "C-EX-03": contrato and pedido.dice("contrato.regimen", "articulo_355_cp"),
        "C-EX-04": pedido.dice("entidad.clase", "eps") and pedido.dice("acto.finalidad", "salud"),
        "C-EX-05": contrato and "PAE" in pedido.recursos(),
        "C-EX-06": certificado == "pension" and pedido.emitido_por(*UAEPC),
        "C-EX-07": contrato and objeto in ("infraestructura_salud", "infraestructura_educacion"),
        "C-EX-09": "SGR_FCTI" in pedido.recursos(),
        "C-EX-10": acto == "SC-02" and pedido.dice("pagador.entidad", "empresa_licores_cundinamarca"),
        "C-EX-11": pedido.si("acto.monopolio_licores") and pedido.si("acto.desarrollo_objeto"),
        "C-EX-12": "donaciones_fondo_riesgo" in pedido.recursos(),
        "C-EX-13": contrato and adquiere,
        "C-EX-14": certificado == "aportes_voluntarios_donaciones",
        "C-EX-IED": pedido.dice("entidad.clase", "institucion_educativa_departamental", "empresa_social_del_estado"),
        "C-EXE-100": contrato and objeto == "infraestructura_transporte" and _reconocida(pedido),
        # 4.8, Ordenanza 095 de 2022: caducó con el Plan 2024-2028; no se aplica hasta que se pruebe lo contrario (C-A14).
    }
    # What objective facts prove does not wait for an office to recognise it, so it is what is printed.
    return tuple(sorted((codigo for codigo, si in aplica.items() if si), key=CON_RECONOCIMIENTO.__contains__))


# 4.7 n.º 4 y 11: the destination of the act or its nearness to the monopoly are for an office to judge; 4.8 says so itself.
CON_RECONOCIMIENTO = ("C-EX-04", "C-EX-11", "C-EXE-100")

UAEPC = (
    "UAEPC",
    "Unidad Administrativa Especial de Pensiones de Cundinamarca",
    "Unidad Administrativa Especial de Pensiones de Cundinamarca (UAEPC)",
)


def _reconocida(pedido: Pedido) -> bool:
    """4.8, Ordenanza 0100: strategic project, recognised, and for ten years from the recognition (C-A13), last day included."""
    if not (pedido.si("proyecto.estrategico") and pedido.si("reconocimiento.otorgado")):
        return False
    if "reconocimiento.fecha" not in pedido.hechos:
        return False
    desde = pedido.hechos["reconocimiento.fecha"]
    # Código Civil art. 67: el plazo de años acaba el día del mismo número; si ese mes no lo tiene, su último día.
    bisiesto_sin_dia = (desde.month, desde.day) == (2, 29) and not _bisiesto(desde.year + 10)
    hasta = date(desde.year + 10, 2, 28) if bisiesto_sin_dia else date(desde.year + 10, desde.month, desde.day)
    return bool(desde <= pedido.fecha <= hasta)


def _bisiesto(ano: int) -> bool:
    return ano % 4 == 0 and (ano % 100 != 0 or ano % 400 == 0)
