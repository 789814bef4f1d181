"""What treasury types of an order, and what people read of a case."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.dominio.casos import COLAS, NOMBRES_SALIDA, SalidaCaso, edad_en_palabras, salidas_a_mano
from portal.dominio.errores import DatoInvalido
from portal.dominio.libro import EXCEDENTES, LEGALIZACION_MANUAL, POR_IDENTIFICAR, de_banco, de_estampilla, de_pasarela
from portal.dominio.ordenes import NOMBRES_ORDEN, ClaseOrden, leer_comprobante, leer_facturas
from portal.dominio.palabras_tesoreria import ASIENTOS, nombre_de_cuenta

DIA = datetime(2025, 6, 24, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("texto", "numeros"),
    [("251332", [251332]), (" 2, 1;3\n2 ", [1, 2, 3]), ("", []), (",", [])],
)
def test_las_facturas_se_leen_en_orden_y_una_vez(texto: str, numeros: list[int]) -> None:
    assert leer_facturas(texto) == numeros


@pytest.mark.parametrize("texto", ["251332a", "-1", "1.5", "٣", "1" * 16, " ".join(map(str, range(51)))])
def test_lo_que_no_son_facturas_se_rechaza(texto: str) -> None:
    with pytest.raises(DatoInvalido) as hallado:
        leer_facturas(texto)
    assert hallado.value.campo == "facturas"


@pytest.mark.parametrize("texto", ["12345A", "12345a", " 00-12 345.a ", "0012/345_A"])
def test_un_comprobante_se_reconoce_como_quiera_que_se_escriba(texto: str) -> None:
    assert leer_comprobante(texto) == "12345A"


@pytest.mark.parametrize("texto", ["", "000", "12", "1234#", "ñandú1", "A" * 41])
def test_lo_que_no_es_un_comprobante_se_rechaza(texto: str) -> None:
    with pytest.raises(DatoInvalido) as hallado:
        leer_comprobante(texto)
    assert hallado.value.campo == "referencia_banco"


@pytest.mark.parametrize(
    ("pasado", "dicho"),
    [
        (timedelta(minutes=59), "menos de una hora"),
        (timedelta(hours=1), "1 hora"),
        (timedelta(hours=23, minutes=59), "23 horas"),
        (timedelta(days=1), "1 día"),
        (timedelta(days=30), "30 días"),
        (timedelta(seconds=-5), "menos de una hora"),
    ],
)
def test_la_edad_se_dice_en_su_mayor_unidad(pasado: timedelta, dicho: str) -> None:
    assert edad_en_palabras(DIA, DIA + pasado) == dicho


def test_todo_lo_que_se_muestra_tiene_nombre() -> None:
    assert set(NOMBRES_SALIDA) == set(SalidaCaso)
    assert set(NOMBRES_ORDEN) == set(ClaseOrden)
    for clase in ClaseOrden:
        assert NOMBRES_ORDEN[clase]
    cuentas = (
        EXCEDENTES,
        POR_IDENTIFICAR,
        LEGALIZACION_MANUAL,
        de_banco("1"),
        de_estampilla("E"),
        de_pasarela("wompi"),
    )
    assert all(nombre_de_cuenta(c)[0].isupper() for c in cuentas)
    assert all(ASIENTOS.values())


def test_nadie_declara_lo_que_hacen_dos_personas_o_la_pasarela() -> None:
    a_mano = {salida for clase in COLAS for salida in salidas_a_mano(clase)}
    assert a_mano == {SalidaCaso.DEVUELTO, SalidaCaso.APLICADO, SalidaCaso.REVISADO}
    assert all(salidas_a_mano(clase) for clase in COLAS)
