"""The words of the earlier system: amounts, days, states and the totals that must agree to the peso."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from portal.dominio.calendario import BOGOTA
from portal.dominio.errores import DatoInvalido
from portal.dominio.estados import EstadoFactura, EstadoPublico
from portal.dominio.migracion.celdas import Fila, Hallazgo, leer_dia, leer_importe, leer_instante, leer_numero
from portal.dominio.migracion.control import Concepto, Suma, a_json, de_json, diferencias, juntar, sumar
from portal.dominio.migracion.estados import leer_estado, pasos


@pytest.mark.parametrize(("texto", "valor"), [("235000", "235000"), ("46911499,50", "46911499.50"), ("0.5", "0.5")])
def test_los_importes_se_leen_como_los_escribe_un_programa(texto: str, valor: str) -> None:
    assert leer_importe(texto) == Decimal(valor)


@pytest.mark.parametrize(
    "texto", ["235.000", "1,234,567", "-5", "$5", "5e3", "٤٥", "1.234", "", "9" * 17, "10,125", " 5"]
)
def test_un_importe_dudoso_negativo_o_con_miles_se_rechaza(texto: str) -> None:
    with pytest.raises(DatoInvalido):
        leer_importe(texto)


@pytest.mark.parametrize("texto", ["0", "007", "12345678901", "1.234", "12a", "-3"])
def test_un_numero_de_documento_es_entero_y_cabe_en_el_codigo_de_barras(texto: str) -> None:
    with pytest.raises(DatoInvalido):
        leer_numero(texto)


def test_los_dias_y_los_instantes_son_de_colombia() -> None:
    assert leer_dia("2025-02-28") == date(2025, 2, 28)
    assert leer_instante("2025-02-28 23:59:58") == datetime(2025, 2, 28, 23, 59, 58, tzinfo=BOGOTA)
    assert leer_instante("2025-02-28") == datetime(2025, 2, 28, 12, tzinfo=BOGOTA)
    for malo in ("28/02/2025", "2025-02-30", "2025-2-3", "2025-02-28 24:00"):
        with pytest.raises(DatoInvalido):
            leer_instante(malo)


def test_cada_estado_de_la_gente_tiene_su_camino_por_el_grafo() -> None:
    finales = {
        "LEGALIZADO": EstadoFactura.LEGALIZADA,
        "utilizada": EstadoFactura.UTILIZADA,
        "Pago  revertido": EstadoFactura.REVERTIDA,
        "Sin efecto": EstadoFactura.SIN_EFECTO,
    }
    for palabra, final in finales.items():
        assert pasos(leer_estado(palabra), de_cero=False)[-1][2] is final
    assert pasos(EstadoPublico.VENCIDA, de_cero=False) == []
    assert pasos(EstadoPublico.LEGALIZADO, de_cero=True)[-1][2] is EstadoFactura.LEGALIZADA
    with pytest.raises(DatoInvalido, match=r"\$0"):
        pasos(EstadoPublico.LIQUIDADO, de_cero=True)
    with pytest.raises(DatoInvalido):
        leer_estado("En verificación")


def test_un_peso_o_una_fila_de_mas_es_una_diferencia() -> None:
    dia, otro = (Concepto.DIA, "2025-02-03"), (Concepto.DIA, "2025-02-04")
    uno = sumar([(dia, Decimal(5)), (dia, Decimal("7.50")), (otro, Decimal(1))])
    assert uno == {dia: Suma(2, Decimal("12.50")), otro: Suma(1, Decimal(1))}
    assert diferencias(uno, uno) == []
    (una,) = diferencias(uno, uno | {dia: Suma(2, Decimal("13.50"))})
    assert (una.nombre, str(una.control), str(una.hallado)) == ("dia 2025-02-03", "2 por $12,50", "2 por $13,50")
    assert [d.llave for d in diferencias(uno, {dia: uno[dia]})] == [otro], "a total that is missing is zero"
    assert juntar(uno, uno)[dia] == Suma(4, Decimal(25))
    assert de_json(a_json(uno)) == uno


def test_una_fila_cuenta_todo_lo_que_tiene_mal_y_no_repite_lo_que_decia() -> None:
    hallazgos: list[Hallazgo] = []
    fila = Fila("pagos.csv", 7, {"valor": "1.000.000", "factura": ""}, hallazgos)
    assert fila.exigir("valor", leer_importe, Decimal(0)) == 0
    assert fila.exigir("factura", leer_numero, 0) == 0
    assert not fila.sana
    assert [str(h)[:28] for h in hallazgos] == ["pagos.csv, fila 7, valor: Es", "pagos.csv, fila 7, factura: "]
    assert "1.000.000" not in str(hallazgos[0])
