"""What a person is asked: only what can change the figures of the chosen acts, and everything that a warning may miss."""

from datetime import date
from decimal import Decimal
from functools import cache

import pytest

from portal.dominio.hechos import TipoHecho, Valor, leer_hechos
from portal.dominio.liquidador import Solicitud, liquidar
from portal.dominio.normativa import Normativa
from portal.dominio.preguntas import Pregunta, avisos_en_palabras, preguntar
from portal.operaciones.archivos_normativa import normativa_de_archivos

DIA = date(2025, 6, 24)
# What the form of a contract asks in fields of its own.
PROPIOS = {"contrato.tipo", "contratista.clase"}


@cache
def norma(departamento: str) -> Normativa:
    return normativa_de_archivos(departamento)


def preguntas(departamento: str, *actos: str, **hechos: Valor) -> dict[str, Pregunta]:
    """The questions by key; facts are written with `__` for the dot."""
    normativa = norma(departamento)
    dados = {clave.replace("__", "."): valor for clave, valor in hechos.items()}
    elegidos = [normativa.acto(codigo) for codigo in actos]
    return {p.hecho.clave: p for p in preguntar(normativa, elegidos, DIA, dados)}


def test_putumayo_no_pregunta_nada_porque_no_tiene_reglas() -> None:
    assert preguntas("putumayo", "P-C-02") == {}


def test_un_certificado_no_pregunta_por_contratos() -> None:
    claves = preguntas("cundinamarca", "SC-04")
    assert "emisor" in claves
    assert not {"contrato.objeto", "contrato.regimen", "pagador.entidad"} & set(claves)
    assert "pagador.entidad" in preguntas("cundinamarca", "SC-02")


def test_lo_propio_del_acto_va_antes_que_lo_de_cualquier_acto() -> None:
    orden = [p.propia for p in preguntas("narino", "N-CC-D").values()]
    assert orden == sorted(orden, reverse=True)
    assert next(iter(preguntas("cundinamarca", "CC-2"))).startswith("contrato")
    assert next(iter(preguntas("narino", "N-CC-A"))) == "posesion.movimiento"


def test_una_respuesta_abre_las_preguntas_que_dependen_de_ella() -> None:
    assert "contratista.capital_publico" not in preguntas("cundinamarca", "CC-2", contratista__clase="publica")
    mixta = preguntas("cundinamarca", "CC-2", contratista__clase="economia_mixta")
    assert "contratista.capital_publico" in mixta
    assert "contrato.intervienen_privados" in mixta
    assert "proyecto.estrategico" not in preguntas("cundinamarca", "CC-2")
    via = preguntas("cundinamarca", "CC-2", contrato__objeto="infraestructura_transporte")
    assert {"proyecto.estrategico", "reconocimiento.otorgado", "reconocimiento.fecha"} <= set(via)


def test_las_1200_uvt_preguntan_por_la_adicion_solo_donde_rigen() -> None:
    de_la_adicion = {"contrato.valor_anterior", "contrato.fecha_suscripcion"}
    tipo = "prestacion_servicios_profesionales"
    si = preguntas("cundinamarca", "CC-2", contrato__tipo=tipo, contratista__clase="natural")
    no = preguntas("cundinamarca", "CC-2", contrato__tipo=tipo, contratista__clase="juridica")
    assert de_la_adicion <= set(si)
    assert not de_la_adicion & set(no)


def test_la_asignacion_anterior_es_obligatoria_solo_si_se_paga_el_aumento() -> None:
    for departamento, acto in (("narino", "N-CC-A"), ("cundinamarca", "CC-1")):
        assert "posesion.asignacion_anterior" not in preguntas(departamento, acto)
        assert "posesion.asignacion_anterior" not in preguntas(departamento, acto, posesion__movimiento="ingreso")
        ascenso = preguntas(departamento, acto, posesion__movimiento="ascenso")
        assert ascenso["posesion.asignacion_anterior"].obligatoria
        assert not ascenso["posesion.movimiento"].obligatoria


def test_una_regla_inactiva_no_pregunta() -> None:
    claves = preguntas("cundinamarca", "CC-2", contrato__objeto="productos_agropecuarios")
    assert "certificado.acidc" not in claves


def test_el_hecho_que_se_escribe_trae_los_nombres_que_las_reglas_conocen() -> None:
    assert preguntas("narino", "N-SC-01")["emisor"].sugerencias == ("Subsecretaría de Tránsito Departamental",)


@pytest.mark.parametrize("departamento", ["putumayo", "narino", "cundinamarca"])
def test_todo_hecho_que_un_aviso_echa_de_menos_se_pregunta(departamento: str) -> None:
    """Every act with every single answer: a warning never names a fact that the form does not show."""
    normativa = norma(departamento)
    for acto in normativa.actos_vigentes(DIA):
        hay = normativa.variantes_de(acto, DIA)
        variantes = {acto.codigo: hay[0].variante} if hay else {}
        for crudos in _respuestas_sueltas(normativa):
            dados = leer_hechos(normativa.hechos, crudos)
            pedidas = {p.hecho.clave for p in preguntar(normativa, [acto], DIA, dados)} | PROPIOS
            if dados.get("posesion.movimiento") in acto.movimientos:
                assert "posesion.asignacion_anterior" in pedidas
                continue
            valor = Decimal(5_000_000) if acto.tiene_cuantia else None
            for aviso in liquidar(normativa, Solicitud((acto.codigo,), DIA, valor, variantes, crudos)).avisos:
                if " el hecho " in aviso:
                    faltan = aviso.rpartition(" el hecho ")[2].split(", ")
                    assert set(faltan) <= pedidas, f"{acto.codigo} {crudos}: {aviso}"


def _respuestas_sueltas(normativa: Normativa) -> list[dict[str, object]]:
    sueltas: list[dict[str, object]] = [{}]
    for hecho in normativa.hechos:
        if hecho.tipo in (TipoHecho.OPCION, TipoHecho.OPCIONES):
            sueltas += [{hecho.clave: valor} for valor in hecho.valores]
        elif hecho.tipo is TipoHecho.SI_NO:
            sueltas += [{hecho.clave: True}, {hecho.clave: False}]
    return sueltas


@pytest.mark.parametrize("departamento", ["putumayo", "narino", "cundinamarca"])
def test_cada_pregunta_y_cada_respuesta_se_leen_en_castellano(departamento: str) -> None:
    for hecho in norma(departamento).hechos:
        assert hecho.descripcion[0] == "¿" or "¿" in hecho.descripcion, hecho.clave
        for valor in hecho.valores:
            nombre = hecho.nombre_de(valor)
            assert nombre[0].isupper(), nombre
            assert "_" not in nombre


def test_los_avisos_dicen_la_pregunta_y_no_la_clave() -> None:
    normativa = norma("cundinamarca")
    crudos = {"contratista.clase": "economia_mixta"}
    avisos = liquidar(normativa, Solicitud(("CC-2",), DIA, Decimal(1000), {}, crudos)).avisos
    assert any(aviso.endswith("falta el hecho contratista.capital_publico") for aviso in avisos)
    dichos = avisos_en_palabras(normativa, avisos)
    assert any("falta responder «¿Qué porcentaje del capital" in aviso for aviso in dichos)
    publica = liquidar(normativa, Solicitud(("CC-2",), DIA, Decimal(1000), {}, {"contratista.clase": "publica"})).avisos
    assert "respuesta es «No» a «¿Intervienen entidades" in avisos_en_palabras(normativa, publica)[0]
