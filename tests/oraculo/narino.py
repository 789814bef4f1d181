"""Nariño by hand: circular SH-22-2024, which transcribes the Ordenanza 028 de 2010, one function per article.

Readings of what the circular leaves open carry the number of their doubt (N-A…).
"""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from tests.oraculo.lectura import Pedido, Rehusa, Renglon, al_superior

PRIMER_DIA = date(2011, 1, 1)
"""La Ordenanza 028 es del 21 de diciembre de 2010; se aplica desde el año siguiente."""

# Art. 243, tanto por ciento de un SMMLV: literales a) a d); tránsito 1 (dos actos, N-A12) a 9; otros 1 a 4.
DEL_243 = {
    "N-SC-01": "0.30", "N-SC-02": "0.30", "N-SC-03": "22", "N-SC-04": "0.30",
    "N-SC-05": "3.10", "N-SC-06": "3.10", "N-SC-07": "3.10", "N-SC-08": "0.40", "N-SC-09": "0.60",
    "N-SC-10": "0.40", "N-SC-11": "1.0", "N-SC-12": "0.40", "N-SC-13": "3.10", "N-SC-14": "3.10",
    "N-SC-15": "1.60", "N-SC-16": "0.70", "N-SC-17": "3", "N-SC-18": "3.70",
}  # fmt: skip
TRANSITO = tuple(f"N-SC-{numero:02}" for numero in range(5, 15))
POSESIONES_243 = ("N-CC-A", "N-CC-B", "N-CC-C")
CON_CUANTIA_243 = (*POSESIONES_243, "N-CC-D")

# Art. 257, tanto por ciento de su base; los números 3 y 6 son tanto por ciento de un SMMLV. El 14 no se liquida aquí (N-A20).
DEL_257 = {
    "N-U-01": "0.5", "N-U-02": "2", "N-U-04A": "0.5", "N-U-04B": "0.2", "N-U-05": "1", "N-U-07": "2", "N-U-08": "2",
    "N-U-09": "2", "N-U-10": "1", "N-U-11": "1", "N-U-12": "2", "N-U-13": "2",
}  # fmt: skip
CERTIFICADOS_257 = ("N-U-03", "N-U-06")
POSESIONES_257 = ("N-U-04A", "N-U-04B", "N-U-05")
CONTRATOS_257 = ("N-U-01", "N-U-12")


def liquidar(pedido: Pedido) -> list[Renglon]:
    conocidos = {*CON_CUANTIA_243, *DEL_243, *DEL_257, *CERTIFICADOS_257}
    if any(acto not in conocidos for acto in pedido.actos):
        raise Rehusa("acto desconocido o inactivo")
    if pedido.fecha < PRIMER_DIA:
        raise Rehusa("antes de la ordenanza")
    if pedido.variantes:
        raise Rehusa("variante de un acto que no tiene")
    return [renglon for acto in _una_sola_vez(pedido.actos) for renglon in _acto(acto, pedido)]


def _una_sola_vez(actos: Sequence[str]) -> list[str]:
    """Double framing of art. 257: the special number is charged and the general one is not (N-A14, N-A15, N-A19)."""
    sobran = set()
    if "N-U-12" in actos:
        sobran |= {"N-U-01"}
    if "N-U-06" in actos:
        sobran |= {"N-U-03"}
    if "N-U-11" in actos:
        sobran |= {"N-U-03", "N-U-06"}
    return [acto for acto in actos if acto not in sobran]


def _acto(acto: str, pedido: Pedido) -> list[Renglon]:
    if acto in CON_CUANTIA_243 or acto in DEL_243:
        return _actos_del_243(acto, pedido)
    return [_pro_universidad(acto, pedido)]


def _actos_del_243(acto: str, pedido: Pedido) -> list[Renglon]:
    desarrollo = articulo_246(acto, pedido)
    cultura = articulo_254(acto, pedido)
    # Art. 248: Pro Cultura sigue a Pro Desarrollo; exento de la una, no queda «gravado» para la otra (N-A06).
    renglones = [_pro_desarrollo(acto, pedido, desarrollo)]
    if acto not in TRANSITO:  # art. 254: los actos de la Subsecretaría de Tránsito no pagan Pro Cultura
        renglones.append(_pro_cultura(acto, pedido, cultura or desarrollo))
    return renglones


def _cero(estampilla: str, reglas: tuple[str, ...]) -> Renglon:
    return Renglon(estampilla, None, Fraction(0), 0, reglas)


def _centena_superior(estampilla: str, base: Fraction | None, exacto: Fraction) -> Renglon:
    """Art. 243, paragraph; in Cultura and Universidad it is inferred (N-A05)."""
    return Renglon(estampilla, base, exacto, al_superior(exacto, 100))


def _pro_desarrollo(acto: str, pedido: Pedido, reglas: tuple[str, ...]) -> Renglon:
    """Art. 243: 2 % of the amount, or the table in SMMLV."""
    if reglas:
        return _cero("PRO_DESARROLLO", reglas)
    if acto in DEL_243:
        return _centena_superior("PRO_DESARROLLO", None, Fraction(DEL_243[acto]) * pedido.smmlv() / 100)
    base = _base_243(acto, pedido)
    return _centena_superior("PRO_DESARROLLO", base, base * 2 / 100)


def _base_243(acto: str, pedido: Pedido) -> Fraction:
    """Letters a) to d): pay, or its increase in movements (a; also b and c, N-A07), or the contract's whole value (N-A09)."""
    valor = _valor(pedido)
    movimiento = pedido.dice("posesion.movimiento", "reclasificacion", "ascenso", "encargo", "traslado")
    if acto not in POSESIONES_243 or not movimiento:
        return valor
    if "posesion.asignacion_anterior" not in pedido.hechos:
        raise Rehusa("sin asignación anterior")
    return max(Fraction(0), valor - pedido.hechos["posesion.asignacion_anterior"])


def _valor(pedido: Pedido) -> Fraction:
    if pedido.valor is None:
        raise Rehusa("sin valor")
    return pedido.valor


def _pro_cultura(acto: str, pedido: Pedido, reglas: tuple[str, ...]) -> Renglon:
    """Art. 249: 2 % of the amount; without amount, what the decree of the year says and nothing else (N-A24)."""
    if reglas:
        return _cero("PRO_CULTURA", reglas)
    if acto in CON_CUANTIA_243:
        base = _base_243(acto, pedido)
        return _centena_superior("PRO_CULTURA", base, base * 2 / 100)
    return _centena_superior("PRO_CULTURA", None, Fraction(pedido.pro_cultura()))


def _pro_universidad(acto: str, pedido: Pedido) -> Renglon:
    """Art. 257. The pay of an appointment is whole also in movements (N-A16)."""
    reglas = articulo_263(acto, pedido)
    if reglas:
        return _cero("PRO_UNIVERSIDAD", reglas)
    if acto in CERTIFICADOS_257:
        return _centena_superior("PRO_UNIVERSIDAD", None, Fraction("0.25") * pedido.smmlv() / 100)
    base = _valor(pedido)
    return _centena_superior("PRO_UNIVERSIDAD", base, base * Fraction(DEL_257[acto]) / 100)


# ------------------------------------------------------------------------------------------------ exenciones


def articulo_246(acto: str, pedido: Pedido) -> tuple[str, ...]:
    """Pro Desarrollo, numerals 1 to 11."""
    contrato, uso = acto == "N-CC-D", pedido.hechos.get("documento.uso")
    publica = pedido.dice("solicitante.clase", "entidad_publica")
    esal_coopera = pedido.dice("contratista.clase", "esal") and pedido.dice(
        "contrato.finalidad", "cooperacion", "cofinanciacion"
    )
    pagado = pedido.hechos.get("pago.valor", pedido.valor)
    aplica = {
        1: acto in ("N-SC-01", "N-SC-02") and (pedido.dice("solicitante.clase", "trabajador") or uso == "viaticos"),
        2: uso in ("penal", "laboral", "administrativa", "prestaciones_sociales")
        and pedido.si("documento.constancia_uso_exclusivo"),
        3: pedido.dice("documento.clase", "cuota_parte_pensional"),
        4: contrato and (pedido.dice("contrato.tipo", "emprestito") or pedido.dice("contratista.clase", "publica")),
        5: publica,
        6: acto in POSESIONES_243 and _ad_honorem_o_vacancia_temporal(pedido),
        7: contrato and (pedido.dice("contrato.tipo", "interadministrativo") or esal_coopera),
        8: publica
        or pedido.dice("solicitante.clase", "junta_accion_comunal")
        or uso in ("rama_judicial", "fiscalia", "procuraduria", "control"),
        9: contrato and pedido.dice("contrato.objeto", "servicios_publicos_domiciliarios"),
        10: contrato
        and pedido.dice("contrato.tipo", "arrendamiento", "comodato", "compraventa")
        and pedido.dice("contrato.objeto", "bien_inmueble"),  # N-A26
        11: pedido.dice("pago.clase", "caja_menor", "avance") and pagado is not None and pagado < 50_000,  # N-A27
    }
    return tuple(f"N-EXE-246-{numeral:02}" for numeral, si in aplica.items() if si)


def _ad_honorem_o_vacancia_temporal(pedido: Pedido) -> bool:
    """«Ad-honorem o encargados por vacancia temporal»; the charge of a definitive vacancy pays on the increase (N-A08)."""
    temporal = pedido.dice("posesion.movimiento", "encargo") and pedido.dice("posesion.vacancia", "temporal")
    return pedido.si("posesion.ad_honorem") or temporal


def articulo_254(acto: str, pedido: Pedido) -> tuple[str, ...]:
    """Pro Cultura: contracts with public and non-profit entities; Tránsito; health with SGP (paragraph)."""
    contrato = acto == "N-CC-D"
    aplica = {
        "N-EXE-254-01": contrato and pedido.dice("contratista.clase", "publica", "esal"),
        "N-EXE-254-02": pedido.emitido_por("Subsecretaría de Tránsito Departamental"),
        "N-EXE-254-P": contrato
        and "SGP_salud" in pedido.recursos()
        and pedido.dice("contrato.objeto", "salud_oferta", "regimen_subsidiado"),
    }
    return tuple(codigo for codigo, si in aplica.items() if si)


def articulo_263(acto: str, pedido: Pedido) -> tuple[str, ...]:
    """Pro Universidad, numerals 1 to 5."""
    uso = pedido.hechos.get("documento.uso")
    aplica = {
        1: uso == "prestaciones_sociales",
        2: acto in CONTRATOS_257 and pedido.dice("contratista.clase", "publica", "esal"),
        3: pedido.dice("documento.clase", "beca"),
        4: uso in ("penal", "laboral", "civil", "administrativa"),
        5: acto in POSESIONES_257 and _ad_honorem_o_vacancia_temporal(pedido),
    }
    return tuple(f"N-EXE-263-{numeral:02}" for numeral, si in aplica.items() if si)
