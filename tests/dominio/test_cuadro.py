"""The reckoning of a month, against a second one that counts factura by factura."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from portal.dominio.cuadro import ClaseDiferencia, Clave, Cobrado, HechosMes, Liquidado, Referencia, cuadrar
from portal.dominio.declaraciones import EstadoConsignacion, Sumas, escribir, huella, leer

CERO = Decimal(0)
CENTAVOS = st.integers(1, 10**12).map(lambda n: Decimal(n) / 100)


@dataclass(frozen=True)
class Una:
    """One factura: in which month it was assessed (0: this one), and in which it was withheld or paid, if ever."""

    estampilla: str
    acto: str
    valor: Decimal
    liquidada: int
    retenida: int | None
    pagada: int | None
    revertida: int | None


@st.composite
def facturas(draw: st.DrawFn) -> Una:
    como = draw(st.sampled_from(["nadie", "retenida", "pagada", "revertida"]))
    meses = st.integers(-1, 1)
    return Una(
        draw(st.sampled_from("ABC")),
        draw(st.sampled_from("xy")),
        draw(CENTAVOS),
        draw(meses),
        draw(meses) if como == "retenida" else None,
        draw(meses) if como in ("pagada", "revertida") else None,
        draw(meses) if como == "revertida" else None,
    )


def hechos_de(todas: list[Una], consignado: dict[EstadoConsignacion, Decimal]) -> HechosMes:
    """What the database would say, grouped."""
    liquidado: dict[Clave, Liquidado] = {}
    cobros: dict[str, dict[Clave, Cobrado]] = {"retenido": {}, "pagado": {}}
    sin, otras = [], []

    def cobrar(donde: str, una: Una, valor: Decimal) -> None:
        clave = Clave(una.estampilla, una.estampilla, una.acto, una.acto)
        antes = cobros[donde].get(clave, Cobrado(0, CERO, CERO))
        propio = valor if una.liquidada == 0 else CERO
        cobros[donde][clave] = Cobrado(antes.veces + 1, antes.valor + valor, antes.del_mes + propio)

    for n, una in enumerate(todas):
        clave = Clave(una.estampilla, una.estampilla, una.acto, una.acto)
        if una.liquidada == 0:
            antes = liquidado.get(clave, Liquidado(0, CERO, CERO))
            liquidado[clave] = Liquidado(antes.cantidad + 1, antes.base + una.valor, antes.valor + una.valor)
            if una.retenida is None and (una.pagada is None or una.revertida is not None):
                sin.append(Referencia(n, f"c{n}", una.valor))
        if una.retenida == 0:
            cobrar("retenido", una, una.valor)
            if una.liquidada != 0:
                otras.append(Referencia(n, f"c{n}", una.valor))
        if una.pagada == 0:
            cobrar("pagado", una, una.valor)
        if una.revertida == 0:
            cobrar("pagado", una, -una.valor)
    return HechosMes(liquidado, cobros["retenido"], cobros["pagado"], sin, otras, consignado)


CONSIGNADO = st.dictionaries(st.sampled_from(list(EstadoConsignacion)), CENTAVOS)


@given(st.lists(facturas(), max_size=25), CONSIGNADO)
def test_las_tres_cuentas_cierran_al_centavo(todas: list[Una], consignado: dict[EstadoConsignacion, Decimal]) -> None:
    mes = cuadrar(hechos_de(todas, consignado))
    retenido = sum((u.valor for u in todas if u.retenida == 0), CERO)
    assert mes.sumas.retenido == retenido
    assert sum((r.retenido for r in mes.renglones), CERO) == retenido
    assert sum(r.retenidas for r in mes.renglones) == sum(u.retenida == 0 for u in todas)
    aceptado = consignado.get(EstadoConsignacion.ACEPTADA, CERO)
    assert (mes.consignado, mes.por_consignar) == (aceptado, retenido - aceptado)
    assert mes.sumas.liquidado == sum((u.valor for u in todas if u.liquidada == 0), CERO)
    dicho: defaultdict[ClaseDiferencia, Decimal] = defaultdict(Decimal)
    for diferencia in mes.diferencias:
        assert diferencia.valor > 0, diferencia
        dicho[diferencia.clase] = diferencia.valor
    clase = ClaseDiferencia
    assert dicho[clase.SIN_RECAUDAR] == sum(
        (
            u.valor
            for u in todas
            if u.liquidada == 0 and u.retenida is None and (u.pagada is None or u.revertida is not None)
        ),
        CERO,
    )
    assert dicho[clase.RETENIDO_DE_OTROS] == sum((u.valor for u in todas if u.retenida == 0 and u.liquidada != 0), CERO)
    assert dicho[clase.POR_CONSIGNAR] - dicho[clase.DE_MAS] == mes.por_consignar
    assert dicho[clase.EN_REVISION] == consignado.get(EstadoConsignacion.RECIBIDA, CERO)
    assert dicho[clase.PAGADO_POR_ELLOS] - dicho[clase.PAGO_DEVUELTO] == mes.sumas.pagado
    # What was assessed in the month went to exactly one place.
    fuera = sum(
        (
            u.valor * ((u.retenida or 0) != 0 if u.retenida is not None else (u.pagada != 0))
            for u in todas
            if u.liquidada == 0 and u.revertida is None and (u.retenida is not None or u.pagada is not None)
        ),
        CERO,
    )
    volvio = sum(
        (
            u.valor * ((u.pagada == 0) - (u.revertida == 0))
            for u in todas
            if u.liquidada == 0 and u.revertida is not None
        ),
        CERO,
    )
    assert dicho[clase.RECAUDADO_EN_OTRO_MES] - dicho[clase.DEVUELTO_DESPUES] == fuera - volvio


@given(st.lists(facturas(), max_size=25), st.randoms())
def test_el_mismo_contenido_es_el_mismo_texto_y_se_lee_igual(todas: list[Una], azar: object) -> None:
    renglones = cuadrar(hechos_de(todas, {})).renglones
    revueltos = list(renglones)
    azar.shuffle(revueltos)  # type: ignore[attr-defined]
    texto = escribir(renglones, {"mes": "2026-11-01", "estampillas": [["A", "Á"]]})
    assert texto == escribir(revueltos, {"estampillas": [["A", "Á"]], "mes": "2026-11-01"})
    assert leer(texto) == (list(renglones), {"mes": "2026-11-01", "estampillas": [["A", "Á"]]})
    assert huella(texto) != huella(escribir(renglones, {"mes": "2026-12-01", "estampillas": [["A", "Á"]]}))


def test_un_mes_sin_nada_es_en_cero_y_no_tiene_diferencias() -> None:
    mes = cuadrar(HechosMes({}, {}, {}))
    assert (mes.en_cero, list(mes.diferencias), mes.por_consignar) == (True, [], CERO)
    assert not cuadrar(HechosMes({}, {}, {}, consignado={EstadoConsignacion.RECIBIDA: Decimal(1)})).en_cero


def test_lo_que_quedo_sin_efecto_despues_de_presentar_se_dice() -> None:
    clave = Clave("A", "A", "x", "x")
    hechos = HechosMes({clave: Liquidado(1, CERO, Decimal(9000))}, {}, {})
    presentado = Sumas(Decimal(13000), CERO, CERO)
    (ultima,) = [d for d in cuadrar(hechos, presentado).diferencias if d.clase is ClaseDiferencia.CAMBIO_LO_LIQUIDADO]
    assert ultima.valor == 4000
    assert "era $13.000" in ultima.frase
    assert "hoy es $9.000" in ultima.frase
    iguales = cuadrar(hechos, Sumas(Decimal(9000), CERO, CERO)).diferencias
    assert ClaseDiferencia.CAMBIO_LO_LIQUIDADO not in {d.clase for d in iguales}
