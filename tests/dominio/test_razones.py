"""Why each rule applied or not, in words that a tax officer can check against the facts."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

import pytest

from portal.dominio.condiciones import leer_condicion
from portal.dominio.liquidador import Linea, Solicitud, liquidar
from portal.dominio.normativa import Normativa
from portal.dominio.razones import ReglaExaminada, Resultado, reglas_de
from portal.operaciones.archivos_normativa import normativa_de_archivos
from tests.normativa.inventado import normativa_de_macondo

DIA = date(2025, 3, 3)


@cache
def norma(departamento: str) -> Normativa:
    return normativa_de_archivos(departamento)


def lineas(normativa: Normativa, acto: str, **hechos: object) -> tuple[Linea, ...]:
    """The lines of an act of $46.911.499; facts are written with `__` for the dot."""
    dados = {clave.replace("__", "."): valor for clave, valor in hechos.items()}
    return liquidar(normativa, Solicitud((acto,), DIA, Decimal("46911499"), {}, dados)).lineas


def regla(codigo: str, departamento: str, acto: str, renglon: int = 0, **hechos: object) -> ReglaExaminada:
    reglas = {r.codigo: r for r in lineas(norma(departamento), acto, **hechos)[renglon].reglas()}
    return reglas[codigo]


def test_no_aplica_dice_lo_que_hay_y_lo_que_la_regla_pide() -> None:
    hallada = regla("N-EXE-254-01", "narino", "N-CC-D", 1, contratista__clase="juridica")
    assert (hallada.resultado, hallada.norma) == (Resultado.NO_APLICA, "Ordenanza 028 de 2010, art. 254")
    assert hallada.motivo == (
        "Clase de contratista: «Persona jurídica»; la regla pide «Entidad pública» o «Entidad sin ánimo de lucro»."
    )
    assert not hallada.relevante


@pytest.mark.parametrize(
    ("hechos", "resultado", "motivo", "relevante"),
    [
        (
            {"contratista__clase": "economia_mixta", "contratista__capital_publico": "69.9"},
            Resultado.NO_APLICA,
            "Capital público de la sociedad: 69,9 %; la regla pide 70 % o más.",
            False,
        ),
        (
            {"contratista__clase": "economia_mixta"},
            Resultado.FALTA,
            "Sin respuesta: capital público de la sociedad; la regla pide 70 % o más.",
            True,
        ),
        (
            {"contratista__clase": "publica"},
            Resultado.APLICADA,
            "Clase de contratista: «Entidad pública». Se supone que no: intervienen sujetos de derecho privado.",
            True,
        ),
        (
            {"contratista__clase": "publica", "contrato__intervienen_privados": True},
            Resultado.NO_APLICA,
            "Intervienen sujetos de derecho privado: sí; la regla pide que no.",
            False,
        ),
        (
            {},
            Resultado.FALTA,
            "Sin respuesta: clase de contratista; la regla pide «Entidad pública» o «Sociedad de economía mixta». "
            "Sin respuesta: capital público de la sociedad; la regla pide 70 % o más.",
            False,
        ),
    ],
)
def test_entre_entidades_publicas(
    hechos: dict[str, object], resultado: Resultado, motivo: str, relevante: bool
) -> None:
    hallada = regla("C-EX-02", "cundinamarca", "CC-2", **hechos)
    assert (hallada.resultado, hallada.motivo, hallada.relevante) == (resultado, motivo, relevante)


def test_las_dos_vias_cerradas_se_dicen_las_dos() -> None:
    hechos = {"contrato__tipo": "obra", "contratista__clase": "natural"}
    assert regla("N-EXE-246-04", "narino", "N-CC-D", **hechos).motivo == (
        "Tipo de contrato: «Obra»; la regla pide «Empréstito». "
        "Tampoco por clase de contratista: «Persona natural»; la regla pide «Entidad pública»."
    )


def test_un_importe_que_falta_se_toma_del_acto_y_se_nombra_asi() -> None:
    hallada = regla("N-EXE-246-11", "narino", "N-CC-D", pago__clase="avance")
    assert hallada.motivo == "Valor del acto: $46.911.499; la regla pide menos de $50.000."


def test_la_que_ya_no_hace_falta_nombra_la_que_se_aplico() -> None:
    hechos = {"contratista__clase": "publica", "contrato__recursos": "PAE"}
    primera, segunda = (regla(codigo, "cundinamarca", "CC-2", **hechos) for codigo in ("C-EX-02", "C-EX-05"))
    assert (primera.resultado, segunda.resultado) == (Resultado.APLICADA, Resultado.NO_APLICA)
    assert segunda.motivo.endswith("Ya no se cobra por la regla C-EX-02.")
    assert segunda.relevante


def test_la_que_reduce_la_base_lo_dice() -> None:
    hechos = {"contrato__tipo": "prestacion_servicios_tecnicos", "contratista__clase": "natural"}
    hallada = regla("C-EX-08", "cundinamarca", "CC-2", **hechos)
    assert hallada.resultado is Resultado.APLICADA
    cuanto = "Resta de la base hasta 1.200 UVT de $49.799 (Resolución DIAN 000193)."
    assert hallada.motivo.endswith(f"Clase de contratista: «Persona natural». {cuanto}")
    linea = lineas(norma("cundinamarca"), "CC-2", **hechos)[0]
    assert [valor.codigo for valor in linea.indicadores] == ["UVT"]


def test_la_inactiva_dice_si_sus_condiciones_se_darian() -> None:
    hechos = {"contrato__objeto": "productos_agropecuarios", "certificado__acidc": True}
    hallada = regla("C-EXE-095", "cundinamarca", "CC-2", **hechos)
    assert hallada.resultado is Resultado.INACTIVA
    assert hallada.motivo.startswith("La regla no está activa. Sin respuesta: exención reconocida por Rentas")
    assert not hallada.relevante


def hielo_que_sigue_al_ferrocarril(hechos: dict[str, object]) -> tuple[Linea, ...]:
    """Macondo where Pro Hielo taxes only what Pro Ferrocarril does, before any UVT was published."""
    macondo = normativa_de_macondo()
    siguen = {"PRO_HIELO": "PRO_FERROCARRIL"}
    sin_uvt = replace(
        macondo,
        estampillas=tuple(replace(e, sigue_a=siguen.get(e.codigo, "")) for e in macondo.estampillas),
        reglas=tuple(
            replace(r, cuando=leer_condicion([{"hecho": "contratista.clase", "es": "natural"}]))
            if r.codigo == "M-EXE-01"
            else r
            for r in macondo.reglas
        ),
        valores=tuple(v for v in macondo.valores if v.codigo != "UVT"),
    )
    return liquidar(sin_uvt, Solicitud(("M-C-01",), DIA, Decimal("46911499"), {}, hechos)).lineas


@pytest.mark.parametrize("tipo", ["prestacion_servicios_profesionales", None])
def test_la_exenta_por_otra_no_dice_que_sus_reglas_podrian_aplicarse_ni_pide_su_unidad(tipo: str | None) -> None:
    hechos: dict[str, object] = {"contratista.clase": "natural", "contrato.iva": "0"}
    gallos, _, hielo = hielo_que_sigue_al_ferrocarril(hechos | ({"contrato.tipo": tipo} if tipo else {}))
    (propia,) = (r for r in hielo.reglas() if r.codigo == "M-EX-01")
    assert propia.resultado is Resultado.NO_APLICA
    assert propia.motivo.endswith(" Ya no se cobra: sigue a Pro Ferrocarril, que está exenta.")
    assert propia.relevante is (tipo is not None), "what nobody answered would change nothing"
    assert hielo.indicadores == gallos.indicadores == ()
    assert (hielo.valor, gallos.valor) == (0, 0)


def test_la_exenta_por_otra_no_avisa_de_lo_que_falta() -> None:
    """The missing fact would excuse from Pro Cultura alone, which an exempt Pro Desarrollo leaves without tax already."""
    narino = norma("narino")
    pide = [{"hecho": "contrato.tipo", "es": "emprestito"}, {"hecho": "contratista.capital_publico", "minimo": "70"}]
    cambios = {"N-EXE-254-01": {"cuando": leer_condicion(pide)}, "N-EXE-246-04": {}}
    reglas = tuple(replace(r, **cambios[r.codigo]) for r in narino.reglas if r.codigo in cambios)
    solicitud = Solicitud(("N-CC-D",), DIA, Decimal("46911499"), {}, {"contrato.tipo": "emprestito"})
    exenta = liquidar(replace(narino, reglas=reglas), solicitud)
    assert [linea.valor for linea in exenta.lineas] == [0, 0]
    assert exenta.avisos == ()
    cobrada = liquidar(replace(narino, reglas=reglas[1:]), solicitud)
    assert "N-EXE-254-01" in cobrada.avisos[0]


@pytest.mark.parametrize(
    ("fecha", "resultado", "motivo"),
    [
        (
            "2015-03-02",
            Resultado.NO_APLICA,
            "La regla dura 10 años desde 2 de marzo de 2015, y el acto no cae en ellos.",
        ),
        (
            "2025-03-04",
            Resultado.NO_APLICA,
            "La regla dura 10 años desde 4 de marzo de 2025, y el acto no cae en ellos.",
        ),
        (None, Resultado.FALTA, "Sin respuesta: fecha del reconocimiento."),
    ],
)
def test_el_plazo_es_una_razon(fecha: str | None, resultado: Resultado, motivo: str) -> None:
    hechos: dict[str, object] = {"contrato__objeto": "infraestructura_transporte", "proyecto__estrategico": True}
    hechos |= {"reconocimiento__otorgado": True} | ({"reconocimiento__fecha": fecha} if fecha else {})
    hallada = regla("C-EXE-100", "cundinamarca", "CC-2", **hechos)
    assert (hallada.resultado, hallada.motivo) == (resultado, motivo)


def test_varios_valores_se_dicen_en_el_orden_del_catalogo() -> None:
    hallada = regla("C-EX-05", "cundinamarca", "CC-2", contrato__recursos=["propios", "SGP_salud"])
    assert hallada.motivo.startswith(
        "Recursos con que se paga: «Sistema General de Participaciones para salud» y «Recursos"
    )


def test_un_hecho_sin_nombre_se_dice_con_su_pregunta() -> None:
    cundinamarca = norma("cundinamarca")
    sin_nombres = replace(cundinamarca, hechos=tuple(replace(h, nombre="") for h in cundinamarca.hechos))
    (hallada,) = (
        r for r in lineas(sin_nombres, "CC-2", contratista__clase="natural")[0].reglas() if r.codigo == "C-EX-02"
    )
    assert hallada.motivo.startswith("«¿Qué clase de persona es el contratista?»: «Persona natural»; la regla pide")


def test_lo_distinto_de_se_dice() -> None:
    narino = norma("narino")
    otra = replace(narino.reglas[3], cuando=leer_condicion([{"hecho": "contrato.tipo", "no_es": "obra"}]))
    cambiada = replace(narino, reglas=(otra,))
    (hallada,) = lineas(cambiada, "N-CC-D", contrato__tipo="obra")[0].reglas()
    assert hallada.motivo == "Tipo de contrato: «Obra»; la regla pide algo distinto de «Obra»."


@pytest.mark.parametrize("departamento", ["narino", "cundinamarca"])
def test_cada_hecho_que_piden_las_reglas_tiene_nombre(departamento: str) -> None:
    for hecho in norma(departamento).hechos:
        assert hecho.nombre, hecho.clave
        assert hecho.nombre[0].isupper()
        assert not hecho.nombre.endswith(".")


def test_las_reglas_de_varios_renglones_se_dicen_una_vez_con_sus_lugares() -> None:
    juntas = reglas_de(lineas(norma("narino"), "N-CC-D", contratista__clase="esal"))
    por_codigo = {junta["codigo"]: junta for junta in juntas}
    assert len(por_codigo) == len(juntas)
    assert por_codigo["N-EXE-246-04"]["renglones"] == [0]
    assert por_codigo["N-EXE-254-01"]["renglones"] == [1]
    assert por_codigo["N-EXE-254-01"]["resultado"] == "aplicada"
    cundinamarca = reglas_de(lineas(norma("cundinamarca"), "CC-2"))
    assert all(junta["renglones"] == [0, 1, 2, 3, 4, 5] for junta in cundinamarca)


def test_ninguna_razon_muestra_un_codigo_de_programa() -> None:
    """No underscore, no English, whatever single answer is given."""
    for departamento, acto in (("narino", "N-CC-D"), ("cundinamarca", "CC-2"), ("cundinamarca", "SC-04")):
        for hecho in norma(departamento).hechos:
            for valor in hecho.valores:
                for linea in lineas(norma(departamento), acto, **{hecho.clave: valor}):
                    for hallada in linea.reglas():
                        assert hallada.motivo.endswith(".")
                        assert not {"_", "None", "True", "False"} & set(hallada.motivo.replace("_", " _ ").split())
