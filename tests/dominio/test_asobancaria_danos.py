"""A damaged bank file is never taken, and each damage is called by its name."""

from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.dominio.asobancaria import ArchivoRecaudo, Formato
from portal.dominio.asobancaria_hallazgos import MAXIMO_PROBLEMAS, Anomalia, ArchivoRecaudoInvalido
from portal.dominio.asobancaria_lectura import leer
from tests.archivos_banco import COLUMNAS_CAMBIADAS, DE_1998, MUESTRA, POR_FORMATO, TRUNCADO, lineas_sanas, unir


def leer_o_nada(contenido: bytes) -> ArchivoRecaudo | None:
    try:
        return leer(contenido)
    except ArchivoRecaudoInvalido:
        return None


CASOS = [(formato, nombre) for formato, danos in POR_FORMATO.items() for nombre in danos]
VECES = 100
# What is wrong with the order of the lines is said once, and nothing that only follows from it.
UNA_VEZ = {Anomalia.ORDEN, Anomalia.TIPO, Anomalia.INCOMPLETO, Anomalia.SOBRANTE, Anomalia.LOTE, Anomalia.LINEA_CORTA}


def problemas(contenido: bytes) -> ArchivoRecaudoInvalido:
    with pytest.raises(ArchivoRecaudoInvalido) as rechazo:
        leer(contenido)
    return rechazo.value


@pytest.mark.parametrize(("formato", "nombre"), CASOS, ids=lambda x: str(x))
def test_cada_dano_se_llama_por_su_nombre(formato: Formato, nombre: str) -> None:
    dano = POR_FORMATO[formato][nombre]
    for vez in range(VECES):
        semilla = f"{formato}/{nombre}/{vez}"
        azar = Random(semilla)
        lineas = lineas_sanas(azar, formato)
        leer(unir(lineas))
        rechazo = problemas(dano.danar(lineas, azar))
        hallados = {p.clase for p in rechazo.problemas}
        assert dano.clase in hallados, semilla
        assert hallados <= {dano.clase} | dano.secuelas, semilla
        assert rechazo.cuantos == 1 or dano.clase not in UNA_VEZ, semilla


@pytest.mark.parametrize("dano", [TRUNCADO, COLUMNAS_CAMBIADAS], ids=["truncado", "columnas cambiadas"])
@pytest.mark.parametrize("formato", list(Formato))
def test_lo_que_se_dana_de_muchos_modos_nunca_se_carga(formato: Formato, dano: object) -> None:
    assert dano is TRUNCADO or dano is COLUMNAS_CAMBIADAS
    for vez in range(VECES * 3):
        azar = Random(f"{formato}/{vez}")
        assert problemas(dano.danar(lineas_sanas(azar, formato), azar)).cuantos, vez


@given(st.binary(max_size=400))
@example(b"")
@example(b"01")
@example(b"\r\n" * 50)
@example(b"\xff\xfe")
@example(b"01" + "é".encode() * 100)
def test_ningun_contenido_rompe_la_lectura(contenido: bytes) -> None:
    problemas(contenido)


@given(st.data(), st.sampled_from(list(Formato)), st.integers(0, 10_000))
def test_ningun_remiendo_de_un_archivo_sano_rompe_la_lectura(
    data: st.DataObject, formato: Formato, semilla: int
) -> None:
    """Bytes changed, put in or taken away anywhere: the file is read whole or refused, and never anything else."""
    sano = unir(lineas_sanas(Random(semilla), formato))
    desde = data.draw(st.integers(0, len(sano)))
    hasta = data.draw(st.integers(desde, min(len(sano), desde + 200)))
    alterado = sano[:desde] + data.draw(st.binary(max_size=8)) + sano[hasta:]
    archivo = leer_o_nada(alterado)
    assert archivo is None or archivo.total == leer(sano).total, "no peso changes by the change of one place"


def test_todos_los_problemas_salen_juntos_y_por_linea() -> None:
    lineas = lineas_sanas(Random(7), Formato.ASOBANCARIA_2001)
    lineas[0] = lineas[0][:12] + b"20250230" + lineas[0][20:]
    lineas[2] = lineas[2][:50] + b"0000000000000X" + lineas[2][64:]
    lineas[3] = lineas[3][:2] + b" " * 48 + lineas[3][50:]
    rechazo = problemas(unir(lineas))
    assert [(p.linea, p.campo) for p in rechazo.problemas] == [
        (1, "fecha de recaudo"),
        (3, "valor recaudado"),
        (4, "referencia"),
    ]
    assert (
        rechazo.mensaje
        == "El archivo del banco tiene 3 problemas y no se cargó nada. Pida al banco el archivo correcto."
    )
    assert rechazo.campo == "archivo"


def test_la_lista_de_problemas_tiene_un_tope_y_su_cuenta_no() -> None:
    lineas = lineas_sanas(Random(7), Formato.ASOBANCARIA_2001)
    rechazo = problemas(unir([lineas[0], *[b"xx"] * 1500]))
    assert len(rechazo.problemas) == MAXIMO_PROBLEMAS == 100
    assert rechazo.cuantos == 1501
    assert "1.501 problemas" in rechazo.mensaje


@pytest.mark.parametrize("contenido", [b"hola\nadi\xf3s\n", b"  01\n05\n", MUESTRA.split(b"\n", 1)[1]])
def test_lo_que_no_comienza_por_el_encabezado_es_otra_cosa(contenido: bytes) -> None:
    (unico,) = problemas(contenido).problemas
    assert (unico.linea, unico.clase) == (1, Anomalia.ORDEN)
    assert unico.mensaje == "El archivo no comienza con el registro 01: no es un archivo de recaudo de Asobancaria."


@pytest.mark.parametrize(
    ("contenido", "linea", "mensaje"),
    [
        (b"\n".join(MUESTRA.split(b"\n")[:3]), 3, "El archivo termina sin los registros 08 y 09: llegó incompleto."),
        (b"\n".join(MUESTRA.split(b"\n")[:4]), 4, "El archivo termina sin el registro 09: llegó incompleto."),
        (b"\n".join(DE_1998.split(b"\n")[:2]), 2, "El archivo termina sin el registro 09: llegó incompleto."),
        (MUESTRA * 2, 6, "Después del cierre (registro 09) comienza otro archivo: se pegaron dos."),
        (MUESTRA + b"06\n07\n", 6, "Después del cierre (registro 09) hay más líneas."),
        (MUESTRA.replace(b"0000002\n", b"0000007\n"), 3, "La secuencia comienza en 7 y no en 2."),
        (
            MUESTRA.replace(b"\n0900000000100000000000010", b"\n0900000000100000000000020"),
            5,
            "El control dice $2.000 y los pagos suman $1.000.",
        ),
        (MUESTRA.replace(b"\n09000000001", b"\n09000001234"), 5, "El control dice 1.234 registros y hay 1."),
    ],
)
def test_cada_problema_dice_su_linea_y_que_paso(contenido: bytes, linea: int, mensaje: str) -> None:
    (unico,) = problemas(contenido).problemas
    assert (unico.linea, unico.mensaje) == (linea, mensaje)


@pytest.mark.parametrize(
    ("contenido", "linea", "dice"),
    [
        (b"", 0, "El archivo está vacío."),
        (b"0" * (5 * 1024**2 + 1), 0, "El archivo pesa más de 5 MB: no es el de un día."),
        (b"01\n" * 50_001, 0, "El archivo tiene más de 50.000 líneas."),
        (b"\xff\xfe0\x001\x00", 0, "El archivo está guardado en UTF-16 (Unicode). "),
        (MUESTRA.replace(b"\n06", b"\n\t6"), 3, "La línea tiene caracteres que no son texto"),
    ],
    ids=["vacío", "pesado", "largo", "UTF-16", "tabulador"],
)
def test_lo_que_es_de_todo_el_archivo_no_tiene_linea(contenido: bytes, linea: int, dice: str) -> None:
    (unico,) = problemas(contenido).problemas
    assert unico.linea == linea
    assert unico.mensaje.startswith(dice)
    assert "tiene un problema y" in problemas(contenido).mensaje
