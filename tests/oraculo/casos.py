"""Random requests, drawn towards the edges where rules begin and end. The same seed and number always give the same request."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from tests.oraculo.lectura import Vocabulario
from tests.oraculo.situaciones import ACTOS, ACTOS_JUNTOS, SITUACIONES
from tests.oraculo.tablas import UVT

Pedido = dict[str, Any]

# Días en que algo empieza, termina o cambia: primer día de cada régimen, cambios de año y los decretos dentro de un año.
DIAS = (
    *(date(ano, 12, 31) for ano in range(2010, 2027)),
    *(date(ano, 1, 1) for ano in range(2011, 2028)),
    date(2011, 1, 10), date(2011, 1, 11), date(2026, 2, 12), date(2026, 2, 18), date(2026, 2, 19),
    date(2024, 2, 29), date(2027, 1, 15), date(2030, 6, 1),
)  # fmt: skip
DESDE = {"cundinamarca": date(2021, 1, 1), "narino": date(2011, 1, 1), "putumayo": date(2024, 1, 1)}
ULTIMO = date(2026, 12, 31)
JUEGOS_DE_TABLAS = 40
CENTAVO = Decimal("0.01")
TARIFAS = tuple(map(Decimal, ("0.2", "0.5", "1", "1.5", "2")))
MAL_ESCRITOS = ("-1", "1.234", "1,5", "abc", "", "1e5", "NaN", "1000000000000000.01")
OFICINAS = (
    "UAEPC",
    "uaepc",
    "Unidad Administrativa Especial de Pensiones de Cundinamarca",
    "Subsecretaría de Tránsito Departamental",
    "SUBSECRETARIA  DE TRANSITO DEPARTAMENTAL",
    "Secretaría de Hacienda",
)


def pedido(departamento: str, semilla: int, numero: int, vocabulario: Vocabulario) -> Pedido:
    """Request `numero` of a seed, as `cotizar` takes it."""
    azar = Random(f"{departamento} {semilla} {numero}")
    fecha = _fecha(azar, departamento)
    actos = _actos(azar, departamento)
    hechos = _hechos(azar, departamento, actos, fecha, vocabulario)
    nuevo: Pedido = {"id": f"{departamento}-{semilla}-{numero}", "actos": actos, "fecha": str(fecha), "hechos": hechos}
    valor = _valor(azar, fecha, hechos)
    # An act of the catalogue knows better than chance whether an amount makes sense; both senses are tried.
    if azar.random() < (0.9 if any(_suele_tener_valor(acto) for acto in actos) else 0.1):
        nuevo["valor"] = str(valor)
    if "SC-15" in actos and azar.random() < 0.9:
        nuevo["variante"] = {"SC-15": azar.choice(("primer_renglon", "segundo_renglon"))}
    if azar.random() < 0.03:
        azar.choice(DANOS)(azar, nuevo)
    return nuevo


def tablas(semilla: int, numero: int) -> int:
    """Which yearly tables a request is tried with: 0, the public ones, most of the time; else the number of a made-up set."""
    azar = Random(f"tablas {semilla} {numero}")
    return 0 if azar.random() < 0.6 else azar.randrange(1, JUEGOS_DE_TABLAS)


def _suele_tener_valor(acto: str) -> bool:
    sin_valor = ("SC-", "N-SC-", "P-T-", "N-U-03", "N-U-06")
    return not acto.startswith(sin_valor)


def _actos(azar: Random, departamento: str) -> list[str]:
    """One act most of the time, those that go together often, any two or three sometimes."""
    suerte = azar.random()
    if suerte < 0.55:
        return [azar.choice(ACTOS[departamento])]
    if suerte < 0.85:
        return list(azar.choice(ACTOS_JUNTOS[departamento]))
    return azar.sample(ACTOS[departamento], azar.choice((2, 3)))


def _fecha(azar: Random, departamento: str) -> date:
    suerte = azar.random()
    primero = DESDE[departamento]
    if suerte < 0.25:
        return azar.choice([dia for dia in DIAS if dia >= primero])
    if suerte < 0.30:
        return primero + timedelta(days=azar.choice((-1, 0, 0, 1)))
    if suerte < 0.55:
        return date(2025, 1, 1) + timedelta(days=azar.randrange(365))  # the one year whose every value is published
    return primero + timedelta(days=azar.randrange((ULTIMO - primero).days + 1))


# ------------------------------------------------------------------------------------------------ importes


def _valor(azar: Random, fecha: date, hechos: Mapping[str, Any]) -> Decimal:
    suerte = azar.random()
    if suerte < 0.15:
        return Decimal(
            azar.choice(("0", "0.01", "0.99", "1", "49999", "49999.99", "50000", "50000.01", "1000000000000000"))
        )
    if suerte < 0.40:
        return _junto_a(azar, _borde_de_redondeo(azar))
    if suerte < 0.60:
        return _junto_a(azar, _mil_doscientas_uvt(fecha, hechos))
    if suerte < 0.70 and "posesion.asignacion_anterior" in hechos:
        return _junto_a(azar, _leida(hechos["posesion.asignacion_anterior"]))
    return _cualquiera(azar)


def _cualquiera(azar: Random) -> Decimal:
    entero = Decimal(azar.randrange(10 ** azar.randrange(1, 13)))
    return entero if azar.random() < 0.7 else entero + azar.randrange(100) * CENTAVO


def _borde_de_redondeo(azar: Random) -> Decimal:
    """An amount whose charge falls exactly on a multiple or halfway between two thousands."""
    veces, tarifa = azar.randrange(1, 10 ** azar.randrange(1, 6)), azar.choice(TARIFAS)
    cobro = Decimal(veces * 1000 + 500) if azar.random() < 0.5 else Decimal(veces * 100)
    return (cobro * 100 / tarifa).quantize(CENTAVO)


def _mil_doscientas_uvt(fecha: date, hechos: Mapping[str, Any]) -> Decimal:
    """What is left of the 1.200 UVT of the contract's year."""
    firma = date.fromisoformat(hechos.get("contrato.fecha_suscripcion", str(fecha)))
    tope = Decimal(1200 * UVT.get(firma.year, 50000))
    return max(tope - _leida(hechos.get("contrato.valor_anterior", "0")), Decimal(1))


def _junto_a(azar: Random, borde: Decimal) -> Decimal:
    """The edge itself, or a peso or a centavo to one side."""
    paso = azar.choice((Decimal(0), Decimal(0), CENTAVO, -CENTAVO, Decimal(1), Decimal(-1)))
    return max(borde + paso, Decimal(0))


def _leida(texto: str) -> Decimal:
    return Decimal(texto)


# ------------------------------------------------------------------------------------------------ hechos


def _hechos(azar: Random, departamento: str, actos: list[str], fecha: date, vocabulario: Vocabulario) -> Pedido:
    """Nothing, noise, or the situation of one rule: whole, short of a fact, or with one fact changed."""
    hechos: Pedido = {}
    if azar.random() < 0.55 and SITUACIONES[departamento]:
        situacion, suyos = azar.choice(SITUACIONES[departamento])
        hechos = {clave: azar.choice(valores) for clave, valores in situacion.items()}
        if suyos and azar.random() < 0.8:
            actos[:] = [azar.choice(suyos), *(acto for acto in actos[1:] if acto not in suyos)]
        if hechos and azar.random() < 0.35:
            del hechos[azar.choice(list(hechos))]
    for clave in azar.sample(list(vocabulario), azar.choice((0, 0, 0, 1, 2, 4))):
        if clave not in hechos or azar.random() < 0.3:
            hechos[clave] = respuesta(azar, *vocabulario[clave], fecha)
    _completar(azar, hechos, fecha)
    return hechos


def _completar(azar: Random, hechos: Pedido, fecha: date) -> None:
    """Figures that only make sense beside others: the earlier pay of a movement, the life of a contract, the ten years."""
    if "posesion.movimiento" in hechos and azar.random() < 0.7:
        hechos["posesion.asignacion_anterior"] = str(_cualquiera(azar))
    if hechos.get("contrato.tipo", "").startswith("prestacion_servicios") and azar.random() < 0.5:
        firma = azar.choice((fecha, date(fecha.year, 1, 1), date(fecha.year - 1, 12, 31), fecha + timedelta(days=1)))
        hechos["contrato.fecha_suscripcion"] = str(firma)
    if hechos.get("contrato.tipo", "").startswith("prestacion_servicios") and azar.random() < 0.5:
        tope = Decimal(1200 * UVT.get(fecha.year, 50000))
        hechos["contrato.valor_anterior"] = str(
            azar.choice((_junto_a(azar, tope), _junto_a(azar, tope / 2), _cualquiera(azar)))
        )
    if "reconocimiento.otorgado" in hechos and azar.random() < 0.85:
        hechos["reconocimiento.fecha"] = str(_hace_diez_anos(azar, fecha))


def _hace_diez_anos(azar: Random, fecha: date) -> date:
    dia = 28 if (fecha.month, fecha.day) == (2, 29) else fecha.day
    vispera = date(fecha.year - 10, fecha.month, dia) + timedelta(days=azar.choice((-1, 0, 1)))
    return azar.choice((vispera, fecha, fecha + timedelta(days=1), fecha - timedelta(days=azar.randrange(1, 5000))))


def respuesta(azar: Random, tipo: str, valores: tuple[str, ...], fecha: date) -> Any:
    """Some admissible answer to a fact of that type."""
    if tipo == "opcion":
        return azar.choice(valores)
    if tipo == "opciones":
        return azar.choice((azar.choice(valores), azar.sample(valores, 2)))
    if tipo == "si_no":
        return azar.random() < 0.6
    if tipo == "importe":
        return str(azar.choice((_cualquiera(azar), _junto_a(azar, Decimal(50000)))))
    if tipo == "porcentaje":
        return azar.choice(("0", "69", "69.9", "69.999999", "70", "70.000001", "100", 70, 69))
    if tipo == "fecha":
        return str(fecha - timedelta(days=azar.randrange(-2, 5000)))
    return azar.choice(OFICINAS)


# ------------------------------------------------------------------------------------------------ lo que se debe rehusar


def _hecho_inventado(azar: Random, nuevo: Pedido) -> None:
    nuevo["hechos"]["hecho.inventado"] = "sí"


def _opcion_inventada(azar: Random, nuevo: Pedido) -> None:
    nuevo["hechos"]["contratista.clase"] = "inventada"


def _valor_mal_escrito(azar: Random, nuevo: Pedido) -> None:
    nuevo["valor"] = azar.choice(MAL_ESCRITOS)


def _importe_mal_escrito(azar: Random, nuevo: Pedido) -> None:
    nuevo["hechos"]["contrato.valor_anterior"] = azar.choice(MAL_ESCRITOS)


def _porcentaje_imposible(azar: Random, nuevo: Pedido) -> None:
    nuevo["hechos"]["contratista.capital_publico"] = azar.choice(("100.000001", "-1", "70 %", "1.1234567"))


def _fecha_imposible(azar: Random, nuevo: Pedido) -> None:
    nuevo["fecha"] = azar.choice(("2025-02-29", "2025-13-01", "0000-01-01", "hoy"))


def _acto_inventado(azar: Random, nuevo: Pedido) -> None:
    nuevo["actos"].append(azar.choice(("ACTO-INVENTADO", "N-U-14", "P-T-02", "SC-53", "CC-2")))


def _acto_repetido(azar: Random, nuevo: Pedido) -> None:
    nuevo["actos"].append(nuevo["actos"][0])


def _variante_inventada(azar: Random, nuevo: Pedido) -> None:
    nuevo["variante"] = {azar.choice((nuevo["actos"][0], "SC-15")): azar.choice(("tercer_renglon", "primer_renglon"))}


DANOS: tuple[Callable[[Random, Pedido], None], ...] = (
    _hecho_inventado,
    _opcion_inventada,
    _valor_mal_escrito,
    _importe_mal_escrito,
    _porcentaje_imposible,
    _fecha_imposible,
    _acto_inventado,
    _acto_repetido,
    _variante_inventada,
)
