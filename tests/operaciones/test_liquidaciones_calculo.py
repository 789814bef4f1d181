"""The figures before issuing: totals, due dates, and that every text of the rules fits where it is stored."""

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import String

from portal.config import DEPARTAMENTOS
from portal.dominio.errores import DatoInvalido, NormaNoVigente
from portal.dominio.normativa import Acto, Normativa
from portal.dominio.palabras import TIPOS_CONTRATO
from portal.models import Factura
from portal.models.liquidacion import ClaseContribuyente
from portal.operaciones import composicion
from portal.operaciones.encargos import Asunto, Previa, previsualizar
from portal.operaciones.normativa import normativa_de
from tests.encargos import HOY, emitir, encargo_contrato, oficial


def previa(normativa: Normativa, asunto: Asunto, *, hoy: date = HOY, plazo: int = 30) -> Previa:
    return previsualizar(asunto, normativa=normativa, plazo_dias=plazo, permitir_provisional=True, hoy=hoy)


def asunto_de(acto: Acto, normativa: Normativa, valor: Decimal, hoy: date = HOY) -> Asunto:
    """The act alone, with whatever it asks for."""
    variantes = normativa.variantes_de(acto, hoy)
    return Asunto(
        actos=(acto.codigo,),
        valor=valor if acto.tiene_cuantia else None,
        variantes={acto.codigo: variantes[0].variante} if variantes else {},
        fecha_contrato=hoy if acto.documento == "contrato" else None,
        clase=ClaseContribuyente.JURIDICA,
    )


def liquidables(normativa: Normativa) -> list[Acto]:
    return [a for a in normativa.actos if a.activo and normativa.tarifas_de(a, HOY)]


@pytest.mark.parametrize("departamento", DEPARTAMENTOS)
def test_el_total_es_la_suma_de_las_lineas_en_pesos_enteros(app: Flask, departamento: str) -> None:
    normativa = normativa_de(departamento)

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        acto=st.sampled_from(liquidables(normativa)),
        centavos=st.integers(min_value=1, max_value=10**17),
    )
    def propiedad(acto: Acto, centavos: int) -> None:
        resultado = previa(normativa, asunto_de(acto, normativa, Decimal(centavos) / 100)).resultado
        assert resultado.lineas
        assert resultado.total == sum(linea.valor for linea in resultado.lineas)
        assert all(linea.valor >= 0 and linea.valor == linea.valor.to_integral_value() for linea in resultado.lineas)

    propiedad()


@pytest.mark.parametrize("valor", ["1", "999.99", "46911499", "1000000000000000"])
def test_lo_emitido_suma_lo_que_suman_sus_facturas(app: Flask, valor: str) -> None:
    una = emitir(encargo_contrato(acto="CC-2", valor=valor), oficial(), departamento="cundinamarca")
    assert una.total == sum(f.valor for f in una.facturas)
    assert len({f.numero for f in una.facturas}) == len(una.facturas) == 6


@pytest.mark.parametrize("departamento", DEPARTAMENTOS)
def test_todo_acto_se_previsualiza_y_sus_textos_caben_en_las_columnas(app: Flask, departamento: str) -> None:
    normativa = normativa_de(departamento)
    largos = {c.key: c.type.length for c in Factura.__table__.columns if isinstance(c.type, String) and c.type.length}
    for acto in liquidables(normativa):
        assert len(acto.nombre) <= 400
        for linea in previa(normativa, asunto_de(acto, normativa, Decimal("999999999999999.99"))).resultado.lineas:
            factura = composicion._factura(1, 0, linea)
            for columna, largo in largos.items():
                texto = getattr(factura, columna)
                assert texto is None or len(texto) <= largo, f"{acto.codigo} {linea.estampilla} {columna}"


@pytest.mark.parametrize("departamento", DEPARTAMENTOS)
def test_los_motivos_de_exclusion_caben_en_su_columna(app: Flask, departamento: str) -> None:
    normativa = normativa_de(departamento)
    # A stamp that follows another prints both reasons: the longest prefix and the longest reason must fit together.
    prefijo = max(len(f"Sigue a {e.nombre} ({e.norma}, {e.articulo}). ") for e in normativa.estampillas)
    for regla in normativa.reglas:
        assert prefijo + len(regla.motivo) <= 500, regla.codigo


def test_todo_tipo_de_contrato_del_catalogo_tiene_nombre(app: Flask) -> None:
    tipos = {v for d in DEPARTAMENTOS for h in normativa_de(d).hechos if h.clave == "contrato.tipo" for v in h.valores}
    assert tipos == set(TIPOS_CONTRATO)


@pytest.mark.parametrize(
    ("hoy", "limite"),
    [
        (date(2025, 6, 24), date(2025, 7, 24)),
        (date(2025, 12, 1), date(2025, 12, 31)),
        (date(2025, 12, 2), date(2025, 12, 31)),
        (date(2025, 12, 31), date(2025, 12, 31)),
    ],
)
def test_el_plazo_nunca_pasa_del_31_de_diciembre_de_su_vigencia(app: Flask, hoy: date, limite: date) -> None:
    normativa = normativa_de("narino")
    assert previa(normativa, Asunto(actos=("N-SC-08",)), hoy=hoy).fecha_limite == limite


def test_un_contrato_de_otro_ano_con_porcentajes_se_paga_dentro_del_ano_en_curso(app: Flask) -> None:
    normativa = normativa_de("narino")
    viejo = Asunto(actos=("N-CC-D",), valor=Decimal(1000000), fecha_contrato=date(2024, 11, 5))
    assert previa(normativa, viejo, hoy=date(2025, 6, 24)).fecha_limite == date(2025, 7, 24)
    assert previa(normativa, viejo, hoy=date(2025, 12, 20)).fecha_limite == date(2025, 12, 31)


def test_con_valores_de_un_ano_que_ya_cerro_no_se_emite_nada_vencido(app: Flask) -> None:
    normativa = normativa_de("cundinamarca")
    viejo = Asunto(actos=("SC-49",), fecha_contrato=date(2024, 11, 5))
    assert previa(normativa, viejo, hoy=date(2024, 12, 15)).fecha_limite == date(2024, 12, 31)
    with pytest.raises(NormaNoVigente, match="2024"):
        previa(normativa, viejo, hoy=date(2025, 1, 1))


def test_el_ano_sin_valores_publicados_no_liquida(app: Flask) -> None:
    with pytest.raises(NormaNoVigente, match="No hay SMMLV publicado para la fecha 2029-01-15"):
        previa(normativa_de("narino"), Asunto(actos=("N-SC-08",)), hoy=date(2029, 1, 15))


def test_sin_el_valor_que_el_acto_pide_se_dice_cual_falta(app: Flask) -> None:
    with pytest.raises(DatoInvalido, match="Falta el valor") as rechazo:
        previa(normativa_de("putumayo"), Asunto(actos=("P-C-02",), fecha_contrato=HOY))
    assert rechazo.value.campo == "valor"


def test_el_contrato_de_narino_lleva_las_estampillas_de_sus_dos_actos(app: Flask) -> None:
    doble = Asunto(actos=("N-CC-D", "N-U-01"), valor=Decimal(46911499), fecha_contrato=date(2025, 3, 3))
    resultado = previa(normativa_de("narino"), doble).resultado
    assert resultado.total == 2111200
    assert [linea.acto for linea in resultado.lineas] == ["N-CC-D", "N-CC-D", "N-U-01"]
