"""The charts of the reports: lengths to one scale, nothing drawn outside, told whole to who cannot see them."""

from decimal import Decimal

from portal.web.graficas import Serie, columnas, horizontales


def serie(nombre: str, *partes: int) -> Serie:
    return Serie(nombre, [Decimal(p) for p in partes], f"${sum(partes)}", nombre[:3])


def anchos(clase: str, piezas: list) -> list[str]:
    return [p.ancho for p in piezas if p.clase == clase]


def test_las_barras_van_a_una_escala_y_se_apilan() -> None:
    d = horizontales("g", "Título", [serie("Cultura", 60, 40), serie("ITP", 25, 0)], ("Cobrado", "Pendiente"))
    assert anchos("serie-principal", d.piezas) == ["60.00%", "25.00%"]
    assert [(p.x, p.ancho) for p in d.piezas if p.clase == "serie-resto"] == [("60.00%", "40.00%"), ("25.00%", "0.00%")]
    assert d.descripcion == "Cultura: $100; ITP: $25."
    assert d.leyenda == [("serie-principal", "Cobrado"), ("serie-resto", "Pendiente")]


def test_lo_negativo_se_ve_y_se_explica() -> None:
    d = horizontales("g", "Título", [serie("A", 50), serie("B", -100)])
    assert anchos("serie-negativa", d.piezas) == ["100.00%"]
    assert d.leyenda == [("serie-negativa", "Salió más de lo que entró")]


def test_lo_que_pasa_del_maximo_no_se_sale() -> None:
    uno = Serie("ITP", [Decimal(130)], "130 %", umbrales=(Decimal(70), Decimal(95)))
    d = horizontales("g", "Título", [uno], maximo=Decimal(100))
    assert anchos("serie-principal", d.piezas) == ["100.00%"]
    assert [p.x for p in d.piezas if p.clase == "umbral"] == ["70.00%", "95.00%"]


def test_las_columnas_nombran_solo_las_que_caben() -> None:
    d = columnas("g", "Título", [serie(f"Mes {n}", n) for n in range(1, 31)])
    assert len([p for p in d.piezas if p.clase == "serie-principal"]) == 30
    assert len([r for r in d.rotulos if r.ancla == "middle"]) == 10
    assert max(p.alto for p in d.piezas if p.clase == "serie-principal") == 170


def test_sin_nada_no_hay_division_por_cero() -> None:
    assert horizontales("g", "Título", [serie("A", 0)]).alto > 0
    assert columnas("g", "Título", []).piezas
