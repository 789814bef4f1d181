"""The engine: order, exactness, refusals, explanation; and properties against arithmetic in whole centavos."""

from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.dominio.errores import DatoInvalido, NormaNoVigente
from portal.dominio.liquidador import Linea, ResultadoLiquidacion, Solicitud, liquidar
from portal.operaciones.archivos_normativa import normativa_de_archivos

NARINO = normativa_de_archivos("narino")
CUNDINAMARCA = normativa_de_archivos("cundinamarca")
PUTUMAYO = normativa_de_archivos("putumayo")
HOY = date(2025, 3, 3)
VALORES = st.decimals(min_value=0, max_value=10**15, allow_nan=False, places=2)


def narino(*actos: str, valor: str | Decimal | None = None, fecha: date = HOY, **otros: Any) -> ResultadoLiquidacion:
    return liquidar(NARINO, Solicitud(actos, fecha, None if valor is None else Decimal(valor), **otros))


def test_el_ejemplo_publico_da_sus_tres_renglones() -> None:
    resultado = narino("N-CC-D", "N-U-01", valor="46911499", hechos={"contratista.clase": "juridica"})
    assert [(linea.estampilla, linea.acto, linea.exacto, linea.valor) for linea in resultado.lineas] == [
        ("PRO_DESARROLLO", "N-CC-D", Decimal("938229.98"), 938300),
        ("PRO_CULTURA", "N-CC-D", Decimal("938229.98"), 938300),
        ("PRO_UNIVERSIDAD", "N-U-01", Decimal("234557.495"), 234600),
    ]
    assert (resultado.total, resultado.avisos, resultado.vigencia) == (2111200, (), 2025)


def test_los_renglones_siguen_el_orden_de_los_actos() -> None:
    resultado = narino("N-U-01", "N-CC-D", valor="1000000")
    assert [linea.acto for linea in resultado.lineas] == ["N-U-01", "N-CC-D", "N-CC-D"]


def test_la_misma_estampilla_por_dos_actos_son_dos_renglones() -> None:
    resultado = narino("N-SC-05", "N-SC-10")
    assert [(linea.acto, linea.valor) for linea in resultado.lineas] == [("N-SC-05", 44200), ("N-SC-10", 5700)]


def test_la_explicacion_permite_rehacer_la_cuenta() -> None:
    primera, _, tercera = narino("N-CC-D", "N-U-01", valor="46911499").lineas
    assert primera.explicacion() == (
        "$46.911.499 (el valor total del contrato) × 2 % = $938.229,98, redondeado a la centena superior: $938.300. "
        "Ordenanza 028 de 2010, art. 243."
    )
    assert "$234.557,495" in tercera.explicacion()
    # No article rounds the percentages of Universidad: the hundred above is inferred, and it says so (N-A05).
    assert "inferida" in tercera.explicacion()


def test_la_explicacion_nombra_el_indicador_y_su_acto() -> None:
    linea = narino("N-SC-05").lineas[0]
    assert linea.indicador is not None
    assert (linea.indicador.codigo, linea.indicador.valor) == ("SMMLV", 1423500)
    assert "3,10 % de un SMMLV ($1.423.500, Decreto 1572 de 2024) = $44.128,50" in linea.explicacion()


def test_el_valor_decretado_cita_su_decreto() -> None:
    linea = narino("N-SC-01").lineas[1]
    assert linea.norma == "Ordenanza 028 de 2010, art. 249 y parágrafo; Decreto 570 de 2024"


def test_lo_exento_dice_su_razon_y_su_norma() -> None:
    linea = narino("N-SC-01", hechos={"solicitante.clase": "trabajador"}).lineas[0]
    assert (linea.valor, linea.exacto) == (0, 0)
    assert linea.exencion is not None
    assert "art. 246, n.º 1" in linea.exencion
    assert linea.exencion in linea.explicacion()


def test_lo_provisional_queda_marcado() -> None:
    resultado = liquidar(PUTUMAYO, Solicitud(("P-T-01",), HOY))
    assert all(linea.provisional for linea in resultado.lineas)
    assert all("sin norma publicada" in linea.norma for linea in resultado.lineas)


def test_el_valor_que_no_se_usa_se_avisa() -> None:
    assert narino("N-SC-05", valor="1000").avisos == (
        "El valor $1.000 no se usó: N-SC-05 (Registro y matrícula inicial de vehícul…) no tiene cuantía",
    )


@pytest.mark.parametrize(
    ("actos", "otros", "campo"),
    [
        ((), {}, "actos"),
        (("N-XX",), {}, "actos"),
        (("N-SC-05", "N-SC-05"), {}, "actos"),
        (("N-U-14",), {"valor": "1"}, "actos"),
        (("N-CC-D",), {}, "valor"),
        (("N-CC-D",), {"valor": "-1"}, "valor"),
        (("N-CC-D",), {"valor": "NaN"}, "valor"),
        (("N-CC-D",), {"valor": "sNaN"}, "valor"),
        (("N-CC-D",), {"valor": "Infinity"}, "valor"),
        (("N-CC-D",), {"valor": "1.001"}, "valor"),
        (("N-CC-D",), {"valor": "1000000000000000.01"}, "valor"),
        (("N-SC-05",), {"variantes": {"N-SC-05": "otra"}}, "variante"),
        (("N-SC-05",), {"hechos": {"no.existe": "x"}}, "hechos"),
        (("N-SC-05",), {"hechos": {"contratista.clase": "x"}}, "hechos.contratista.clase"),
    ],
)
def test_rehusa_y_nombra_el_campo(actos: tuple[str, ...], otros: dict[str, Any], campo: str) -> None:
    with pytest.raises(DatoInvalido) as error:
        narino(*actos, **otros)
    assert error.value.campo == campo


def test_la_variante_debe_confirmarse_y_existir() -> None:
    for variantes in ({}, {"SC-15": "tercera"}):
        with pytest.raises(DatoInvalido) as error:
            liquidar(CUNDINAMARCA, Solicitud(("SC-15",), HOY, variantes=variantes))
        assert error.value.campo == "variante"
        assert "segundo_renglon (0,6 UVT)" in error.value.mensaje


def test_la_suscripcion_no_puede_ser_posterior_al_acto() -> None:
    hechos = {
        "contrato.tipo": "prestacion_servicios_profesionales",
        "contratista.clase": "natural",
        "contrato.fecha_suscripcion": "2025-03-04",
    }
    with pytest.raises(DatoInvalido, match="posterior"):
        liquidar(CUNDINAMARCA, Solicitud(("CC-2",), HOY, Decimal(1), hechos=hechos))


@pytest.mark.parametrize(("anos", "ultimo"), [(10, date(2034, 2, 28)), (4, date(2028, 2, 29))])
def test_un_plazo_que_empieza_el_29_de_febrero_acaba_el_ultimo_dia_de_febrero(anos: int, ultimo: date) -> None:
    hechos = {
        "contrato.objeto": "infraestructura_transporte",
        "proyecto.estrategico": True,
        "reconocimiento.otorgado": True,
        "reconocimiento.fecha": "2024-02-29",
    }
    reglas = (replace(r, plazo=replace(r.plazo, anos=anos)) if r.plazo else r for r in CUNDINAMARCA.reglas)
    normativa = replace(CUNDINAMARCA, reglas=tuple(reglas))
    for fecha, exento in ((ultimo, True), (ultimo + timedelta(days=1), False)):
        linea = liquidar(normativa, Solicitud(("CC-2",), fecha, Decimal(1000000), hechos=hechos)).lineas[0]
        assert bool(linea.exencion) is exento


@pytest.mark.parametrize("fecha", [date(2010, 12, 31), date(1, 1, 1)])
def test_antes_de_la_ordenanza_no_hay_norma(fecha: date) -> None:
    with pytest.raises(NormaNoVigente, match="El acto N-CC-D no está vigente"):
        narino("N-CC-D", valor="1", fecha=fecha)


def test_el_ultimo_dia_del_ano_aun_tiene_smmlv_y_el_siguiente_no() -> None:
    assert narino("N-SC-05", fecha=date(2026, 12, 31)).vigencia == 2026
    with pytest.raises(NormaNoVigente, match="^No hay SMMLV publicado para la fecha 2027-01-01$"):
        narino("N-SC-05", fecha=date(2027, 1, 1))


def test_una_fila_que_cambia_de_nombre_rige_cada_una_en_sus_dias() -> None:
    vieja = NARINO.estampillas[0]
    cambio = date(2025, 7, 1)
    nombres = (replace(vieja, hasta=date(2025, 6, 30)), replace(vieja, nombre="Pro-Desarrollo nueva", desde=cambio))
    acto = NARINO.acto("N-SC-05")
    actos = (replace(acto, hasta=date(2025, 12, 31)), *(a for a in NARINO.actos if a.codigo != "N-SC-05"))
    normativa = replace(NARINO, estampillas=(*nombres, *NARINO.estampillas[1:]), actos=actos)
    antes, despues = (liquidar(normativa, Solicitud(("N-SC-05",), fecha)) for fecha in (date(2025, 6, 30), cambio))
    assert [linea.estampilla_nombre for linea in antes.lineas] == [vieja.nombre]
    assert [linea.estampilla_nombre for linea in despues.lineas] == ["Pro-Desarrollo nueva"]
    with pytest.raises(NormaNoVigente, match="N-SC-05 no está vigente en la fecha 2026-01-01"):
        liquidar(normativa, Solicitud(("N-SC-05",), date(2026, 1, 1)))


@given(valor=VALORES)
def test_coincide_con_la_cuenta_en_centavos_enteros(valor: Decimal) -> None:
    centavos = int(valor * 100)

    def centena_superior(por_mil: int) -> int:
        return -(-centavos * por_mil // (1000 * 100 * 100)) * 100

    def mil_cercano(por_mil: int) -> int:
        unidad = 1000 * 100 * 1000
        return (2 * centavos * por_mil + unidad) // (2 * unidad) * 1000

    esperado = [centena_superior(20), centena_superior(20), centena_superior(5)]
    assert [linea.valor for linea in narino("N-CC-D", "N-U-01", valor=valor).lineas] == esperado
    cundinamarca = liquidar(CUNDINAMARCA, Solicitud(("CC-2",), HOY, valor)).lineas
    assert [linea.valor for linea in cundinamarca] == [mil_cercano(t) for t in (20, 2, 20, 10, 15, 20)]


@given(valor=VALORES, anterior=VALORES)
def test_las_adiciones_consumen_la_exclusion_una_sola_vez(valor: Decimal, anterior: Decimal) -> None:
    hechos = {"contrato.tipo": "prestacion_servicios_profesionales", "contratista.clase": "natural"}

    def base(parte: Decimal, **otros: str) -> Decimal:
        resultado = liquidar(CUNDINAMARCA, Solicitud(("CC-2",), HOY, parte, hechos={**hechos, **otros}))
        assert resultado.lineas[0].base is not None
        return resultado.lineas[0].base

    tope = 10**15
    if valor + anterior <= tope:
        partes = base(anterior) + base(valor, **{"contrato.valor_anterior": f"{anterior:f}"})
        assert partes == base(anterior + valor)


@given(valor=VALORES)
def test_el_total_es_la_suma_y_nada_es_coma_flotante(valor: Decimal) -> None:
    resultado = liquidar(CUNDINAMARCA, Solicitud(("CC-2",), HOY, valor))
    assert resultado.total == sum(linea.valor for linea in resultado.lineas)
    for linea in resultado.lineas:
        assert not any(isinstance(getattr(linea, campo.name), float) for campo in fields(Linea))
        assert linea.valor == linea.valor.to_integral_value()
