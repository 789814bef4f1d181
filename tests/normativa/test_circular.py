"""The yearly circular: its figures are those of the published circulars and of the engine, and it invents none."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from portal.dominio.circular import Capitulo, Circular, Dias, Renglon
from portal.dominio.circular_composicion import SIN_DECRETO, SIN_VALOR, componer, vigencias
from portal.dominio.errores import ErrorDominio, NoExiste
from portal.dominio.escalas import Limite
from portal.dominio.liquidador import Linea, Solicitud, liquidar
from portal.dominio.normativa import Normativa, ValorIndicador
from portal.operaciones.archivos_normativa import departamentos, normativa_de_archivos
from portal.operaciones.circulares import deberes_de, dudas_de
from tests.normativa.inventado import normativa_de_macondo

CASOS = Path(__file__).parent / "casos"
ENERO, DICIEMBRE = date(2025, 1, 1), date(2025, 12, 31)


@cache
def normas(departamento: str) -> Normativa:
    return normativa_de_archivos(departamento)


def circular(departamento: str, vigencia: int, **cambios: object) -> Circular:
    """The circular of a department whose rules were changed as `cambios` say."""
    return componer(
        replace(normas(departamento), **cambios),  # type: ignore[arg-type]
        vigencia,
        deberes=deberes_de(departamento),
        dudas=dudas_de(departamento),
    )


def filas(archivo: str) -> list[dict[str, str]]:
    with (CASOS / archivo).open(encoding="utf-8", newline="") as entrada:
        return list(csv.DictReader(entrada, delimiter=";"))


def capitulo(una: Circular, codigo: str) -> Capitulo:
    return next(c for c in una.capitulos if c.codigo == codigo)


def del_acto(una: Circular, estampilla: str, acto: str) -> list[Renglon]:
    return [r for r in capitulo(una, estampilla).renglones if acto in r.actos]


def fijos(una: Circular) -> Iterator[tuple[str, Renglon]]:
    return ((c.codigo, r) for c in una.capitulos for r in c.renglones if r.valor is not None or r.falta)


def con_valores(departamento: str, codigo: str, *valores: tuple[date, date, str]) -> tuple[ValorIndicador, ...]:
    """The published values of a department, those of one indicator replaced."""
    otros = tuple(v for v in normas(departamento).valores if v.codigo != codigo)
    return otros + tuple(ValorIndicador(codigo, Decimal(v), d, h, f"Decreto de prueba {d}") for d, h, v in valores)


def test_narino_2025_dice_lo_que_dice_su_circular() -> None:
    publicadas = {
        (f["estampilla"], f["acto"]): (f["tarifa"], int(f["pesos_2025"])) for f in filas("narino_circular_2025.csv")
    }
    halladas = {(e, r.actos[0]): (r.tarifa, int(r.valor or 0)) for e, r in fijos(circular("narino", 2025))}
    # The ordinance taxes passports and the table that the department published forgot them (N-A22).
    assert halladas.pop(("PRO_DESARROLLO", "N-SC-18")) == ("3,70 % de un SMMLV", 52700)
    assert halladas == publicadas
    (cultura,) = del_acto(circular("narino", 2025), "PRO_CULTURA", "N-SC-15")
    assert (cultura.valor, cultura.decretos) == (Decimal(4200), ("Decreto 570 de 2024",))
    assert cultura.nombre.endswith("gravados con Estampilla Pro-Desarrollo Departamental, salvo los de tránsito (8)")


def test_narino_dice_de_cada_acto_con_cuantia_su_porcentaje_y_su_base() -> None:
    (contrato,) = del_acto(circular("narino", 2025), "PRO_UNIVERSIDAD", "N-U-01")
    assert (contrato.tarifa, contrato.base, contrato.valor) == ("0,5 %", "el valor total del contrato", None)
    (posesion,) = del_acto(circular("narino", 2025), "PRO_DESARROLLO", "N-CC-A")
    assert posesion.base.endswith("en reclasificación, ascenso, encargo o traslado, solo el aumento")


@pytest.mark.parametrize("vigencia", [2024, 2025])
def test_cundinamarca_dice_lo_que_dice_su_tabla_en_uvt(vigencia: int) -> None:
    def clave(estampilla: str, acto: str, variante: str) -> tuple[str, str, str]:
        return estampilla, acto, variante

    tabla = {
        clave(f["estampilla"], f["acto"], f["variante"]): (
            f"{f['uvt'].replace('.', ',')} UVT",
            int(f[f"pesos_{vigencia}"]),
        )
        for f in filas("cundinamarca_uvt.csv")
    }
    halladas = {
        clave(e, r.actos[0] if len(r.actos) == 1 else "*", r.variante): (r.tarifa, int(r.valor or 0))
        for e, r in fijos(circular("cundinamarca", vigencia))
    }
    assert halladas == tabla
    todos = next(r for _, r in fijos(circular("cundinamarca", vigencia)) if len(r.actos) > 1)
    assert todos.nombre == "Todos los actos y documentos sin cuantía (52)"
    assert todos.avisos == ()


def lineas(departamento: str, renglon: Renglon, acto: str, dia: date) -> list[Linea]:
    todas = normas(departamento).variantes_de(normas(departamento).acto(acto, dia), dia)
    variantes = {acto: renglon.variante or todas[0].variante} if todas else {}
    return list(liquidar(normas(departamento), Solicitud((acto,), dia, None, variantes)).lineas)


@pytest.mark.parametrize("departamento", departamentos())
def test_cada_cifra_es_la_que_liquida_el_motor(departamento: str) -> None:
    comparadas = 0
    for vigencia in vigencias(normas(departamento)):
        for estampilla, renglon in fijos(circular(departamento, vigencia)):
            for acto in renglon.actos:
                for dia in (renglon.dias.desde, renglon.dias.hasta):
                    try:
                        suyas = lineas(departamento, renglon, acto, dia)
                    except ErrorDominio:
                        # Another stamp of the same act has no published value: nobody can assess it.
                        assert circular(departamento, vigencia).faltan
                        continue
                    (linea,) = [linea for linea in suyas if linea.estampilla == estampilla]
                    assert (linea.exacto, linea.valor, linea.tarifa) == (renglon.exacto, renglon.valor, renglon.tarifa)
                    comparadas += 1
    assert comparadas >= {"narino": 40, "cundinamarca": 2000, "putumayo": 12}[departamento]


def test_lo_que_no_se_ha_publicado_se_dice_y_no_se_calcula() -> None:
    una = circular("narino", 2026)
    (cultura,) = del_acto(una, "PRO_CULTURA", "N-SC-01")
    assert (cultura.falta, cultura.valor, cultura.exacto, cultura.indicadores) == (SIN_DECRETO, None, None, ())
    assert [(v.codigo, v.falta) for v in una.faltan] == [("PRO_CULTURA_SIN_CUANTIA", SIN_DECRETO)]
    assert not circular("narino", 2025).faltan


def test_un_decreto_que_no_cambia_el_valor_no_parte_la_tabla_pero_se_nombra() -> None:
    una = circular("narino", 2026)
    (certificado,) = del_acto(una, "PRO_DESARROLLO", "N-SC-01")
    assert certificado.dias.completos
    assert certificado.indicadores == ("Decreto 1469 de 2025", "Decreto 0159 de 2026")
    decretos = [(v.dias, v.acto) for v in una.valores if v.codigo == "SMMLV"]
    febrero = date(2026, 2, 18), date(2026, 2, 19)
    assert decretos == [
        (Dias(date(2026, 1, 1), febrero[0]), "Decreto 1469 de 2025"),
        (Dias(febrero[1], date(2026, 12, 31)), "Decreto 0159 de 2026"),
    ]


def test_un_valor_que_cambia_en_el_ano_da_un_renglon_por_cada_parte() -> None:
    junio, julio = date(2025, 6, 30), date(2025, 7, 1)
    valores = con_valores("narino", "SMMLV", (ENERO, junio, "1000000"), (julio, DICIEMBRE, "2000000"))
    una = circular("narino", 2025, valores=valores)
    partes = [(r.dias, r.valor) for r in del_acto(una, "PRO_DESARROLLO", "N-SC-01")]
    assert partes == [(Dias(ENERO, junio), Decimal(3000)), (Dias(julio, DICIEMBRE), Decimal(6000))]
    (porcentaje,) = del_acto(una, "PRO_DESARROLLO", "N-CC-D")
    assert porcentaje.dias.completos, "a rate over an amount does not depend on it"


def test_un_valor_publicado_para_medio_ano_deja_sin_cifra_el_otro_medio() -> None:
    junio, julio = date(2025, 6, 30), date(2025, 7, 1)
    una = circular("narino", 2025, valores=con_valores("narino", "SMMLV", (ENERO, junio, "1000000")))
    partes = [(r.dias, r.valor, r.falta) for r in del_acto(una, "PRO_DESARROLLO", "N-SC-01")]
    assert partes == [(Dias(ENERO, junio), Decimal(3000), ""), (Dias(julio, DICIEMBRE), None, SIN_VALOR)]
    assert [(v.dias, v.falta) for v in una.faltan] == [(Dias(julio, DICIEMBRE), SIN_VALOR)]


def test_una_tarifa_que_cambia_en_el_ano_muestra_las_dos_con_sus_fechas_y_normas() -> None:
    tarifas = tuple(
        parte
        for t in normas("cundinamarca").tarifas
        for parte in (
            (
                replace(t, hasta=date(2025, 3, 31)),
                replace(t, desde=date(2025, 4, 1), valor=Decimal(2), norma="Ordenanza nueva"),
            )
            if (t.estampilla, t.acto) == ("PRO_DESARROLLO", "SC-07")
            else (t,)
        )
    )
    una = circular("cundinamarca", 2025, tarifas=tarifas)
    antes, despues = del_acto(una, "PRO_DESARROLLO", "SC-07")
    assert (antes.tarifa, antes.dias.hasta, antes.norma) == ("1 UVT", date(2025, 3, 31), "Ordenanza 039 de 2020")
    assert (despues.tarifa, despues.dias.desde, despues.norma) == ("2 UVT", date(2025, 4, 1), "Ordenanza nueva")
    assert (antes.valor, despues.valor) == (Decimal(50000), Decimal(100000))
    assert [r.valor for r in del_acto(circular("cundinamarca", 2026, tarifas=tarifas), "PRO_DESARROLLO", "SC-07")] == [
        Decimal(105000)
    ]


def test_un_acto_que_solo_alcanza_una_tarifa_de_todos_sale_con_su_nombre() -> None:
    tarifas = tuple(t for t in normas("cundinamarca").tarifas if t.acto.startswith("*"))
    una = circular("cundinamarca", 2025, tarifas=tarifas)
    nombres = [r.nombre for r in capitulo(una, "PRO_CULTURA").renglones if r.clase == "sin_cuantia"]
    assert len(nombres) == 52
    assert "Patentes" in nombres


def test_si_un_acto_tiene_tarifa_propia_los_otros_son_los_demas() -> None:
    todas = next(t for t in normas("cundinamarca").tarifas if (t.estampilla, t.clase) == ("PRO_CULTURA", "sin_cuantia"))
    una = circular("cundinamarca", 2025, tarifas=(*normas("cundinamarca").tarifas, replace(todas, acto="SC-07")))
    assert [r.nombre for r in capitulo(una, "PRO_CULTURA").cuadros[-1].renglones] == [
        "Los demás actos y documentos sin cuantía (51)"
    ]


def test_las_variantes_por_confirmar_salen_las_dos_y_con_su_duda() -> None:
    una = circular("cundinamarca", 2025)
    matriculas = del_acto(una, "PRO_DESARROLLO", "SC-15")
    assert [(r.valor, r.avisos) for r in matriculas] == [
        (Decimal(25000), ("Falta confirmar la tarifa",)),
        (Decimal(30000), ("Falta confirmar la tarifa",)),
    ]
    (nota,) = una.notas
    assert "0,5 UVT y 0,6 UVT" in nota
    assert "C-A01" in nota


def test_dice_que_acto_no_liquida_el_portal_y_cual_pide_no_tener_valor() -> None:
    (tasa,) = del_acto(circular("narino", 2025), "PRO_UNIVERSIDAD", "N-U-14")
    assert tasa.avisos == ("El portal no lo liquida",)
    (concesion,) = [r for r in del_acto(circular("cundinamarca", 2025), "PRO_DESARROLLO", "SC-49")]
    assert concesion.avisos == ("Solo cuando no hay valor determinado",)


def test_las_tarifas_provisionales_se_marcan() -> None:
    una = circular("putumayo", 2025)
    assert una.provisional
    assert {r.avisos for c in una.capitulos for r in c.renglones} == {("Provisional",)}
    assert not circular("narino", 2025).provisional


def test_el_redondeo_inferido_se_dice_y_el_de_la_norma_se_cita() -> None:
    una = circular("narino", 2025)
    assert capitulo(una, "PRO_UNIVERSIDAD").cuadros[0].redondeos == (
        "Redondeo: a la centena superior, inferido porque la norma no trae regla para estas tarifas.",
    )
    (explicito,) = capitulo(una, "PRO_DESARROLLO").cuadros[0].redondeos
    assert "art. 243, parágrafo" in explicito
    fijo = circular("putumayo", 2025).capitulos[-2].cuadros[0]
    assert fijo.redondeos == (), "pesos are not rounded"


def test_dos_redondeos_en_un_cuadro_nombran_sus_actos() -> None:
    tarifas = tuple(replace(t, redondeo_inferido=t.acto == "N-SC-02") for t in normas("narino").tarifas)
    cuadro = capitulo(circular("narino", 2025, tarifas=tarifas), "PRO_DESARROLLO").cuadros[1]
    assert [frase.split(":")[0] for frase in cuadro.redondeos] == [
        "Redondeo de N-SC-01, N-SC-03, N-SC-04",
        "Redondeo de N-SC-02",
    ]


@pytest.mark.parametrize("departamento", departamentos())
def test_toda_regla_sale_bajo_sus_estampillas(departamento: str) -> None:
    una = circular(departamento, 2025)
    salidas = {(c.codigo, e.codigo) for c in una.capitulos for e in c.excepciones}
    salidas |= {("*", e.codigo) for e in una.excepciones}
    assert salidas == {(e, r.codigo) for r in normas(departamento).reglas for e in r.estampillas}


def test_las_exenciones_dicen_cuanto_valen_y_si_no_se_aplican() -> None:
    notas = {e.codigo: e.notas for e in circular("cundinamarca", 2025).excepciones}
    assert notas["C-EX-08"] == ("1.200 UVT de 2025: $59.758.800.",)
    assert notas["C-EXE-095"][0] == "Está inactiva: el portal no la aplica."


def test_una_regla_que_empieza_y_termina_en_el_ano_dice_sus_dias() -> None:
    reglas = tuple(replace(r, desde=date(2025, 3, 1), hasta=date(2025, 9, 30)) for r in normas("narino").reglas)
    notas = capitulo(circular("narino", 2025, reglas=reglas), "PRO_CULTURA").excepciones[0].notas
    assert notas == ("Rige desde el 1 de marzo de 2025.", "Rige hasta el 30 de septiembre de 2025.")
    assert capitulo(circular("narino", 2024, reglas=reglas), "PRO_CULTURA").excepciones == ()


def test_los_deberes_son_los_que_rigen_en_el_ano() -> None:
    assert [d.norma for d in circular("narino", 2024).deberes] == ["Ordenanza 028 de 2010, art. 238"]
    assert len(circular("narino", 2025).deberes) == 2
    assert len(circular("cundinamarca", 2025).deberes) == 7
    assert [len(circular("putumayo", ano).deberes) for ano in (2024, 2025)] == [0, 1]


def test_hay_circular_desde_que_hay_tarifas_hasta_el_ultimo_valor_publicado() -> None:
    assert vigencias(normas("narino")) == tuple(range(2026, 2010, -1))
    assert vigencias(normas("cundinamarca")) == tuple(range(2026, 2020, -1))
    assert vigencias(normas("putumayo")) == (2026, 2025, 2024)


@pytest.mark.parametrize("vigencia", [-1, 0, 1, 2010, 2027, 9999, 10**30])
def test_un_ano_sin_valores_o_absurdo_no_tiene_circular(vigencia: int) -> None:
    with pytest.raises(NoExiste, match="No hay circular de"):
        circular("narino", vigencia)


def test_los_tramos_los_limites_y_los_recargos_se_leen() -> None:
    """On Macondo, which does not exist."""
    macondo = componer(normativa_de_macondo(), 2025)
    (gallos,), (ferrocarril,), (hielo, licencia) = (list(capitulo.renglones) for capitulo in macondo.capitulos)
    assert (gallos.base, gallos.tarifa) == ("lo que vale Pro Ferrocarril", "10 %")
    tramos = "0,5 %: hasta 2.000 SMMLV; 1 %: más de 2.000 SMMLV y menos de 6.000 SMMLV; 2 %: 6.000 SMMLV o más"
    assert (ferrocarril.base, ferrocarril.tarifa) == ("el valor del contrato sin IVA", tramos)
    assert hielo.avisos == ("Mínimo: 1 UVT", "Tope: 500 UVT")
    assert (licencia.exacto, licencia.valor, licencia.avisos) == (24500, 25000, ("Tope: $24.500",))
    assert [valor.codigo for valor in macondo.valores] == ["UVT", "SMMLV"]


def test_un_limite_sin_valor_del_ano_no_tiene_cifra() -> None:
    macondo = normativa_de_macondo()
    limite = Limite(Decimal(1), "SMMLV")
    tarifas = tuple(replace(t, tope=limite) if t.acto == "M-T-01" else t for t in macondo.tarifas)
    sin_smmlv = tuple(v for v in macondo.valores if v.codigo != "SMMLV" or v.desde.year != 2025)
    una = componer(replace(macondo, tarifas=tarifas, valores=sin_smmlv), 2025)
    assert [(r.valor, r.falta) for r in del_acto(una, "PRO_HIELO", "M-T-01")] == [(None, SIN_VALOR)]
