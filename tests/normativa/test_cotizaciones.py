"""The engine's public door: one JSON line out for each line in, whatever comes in."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.operaciones.archivos_normativa import normativa_de_archivos
from portal.operaciones.cotizaciones import MAXIMO_LINEA, responder

NARINO = normativa_de_archivos("narino")
CUNDINAMARCA = normativa_de_archivos("cundinamarca")
BUENA = {"id": "1", "actos": ["N-CC-D", "N-U-01"], "fecha": "2025-03-03", "valor": "46911499"}


def pedir(normativa: Any = NARINO, **pedido: Any) -> dict[str, Any]:
    respuesta: dict[str, Any] = json.loads(responder(normativa, json.dumps(pedido).encode()))
    return respuesta


def test_responde_el_ejemplo_publico_con_su_forma_exacta() -> None:
    respuesta = pedir(**BUENA, hechos={"contratista.clase": "juridica"})
    assert list(respuesta) == ["id", "lineas", "total", "avisos"]
    assert dict(list(respuesta["lineas"][0].items())[:8]) == {
        "estampilla": "PRO_DESARROLLO",
        "base": "46911499",
        "tarifa": "2 %",
        "exacto": "938229.98",
        "valor": 938300,
        "redondeo": "centena_superior",
        "norma": "Ordenanza 028 de 2010, art. 243",
        "exencion": None,
    }
    assert [linea["valor"] for linea in respuesta["lineas"]] == [938300, 938300, 234600]
    assert respuesta["lineas"][2]["exacto"] == "234557.495"
    assert (respuesta["id"], respuesta["total"], respuesta["avisos"]) == ("1", 2111200, [])


def test_cada_linea_trae_su_explicacion_sus_indicadores_y_sus_reglas() -> None:
    pasaporte = pedir(id="1", actos=["N-SC-18"], fecha="2025-03-03")["lineas"][0]
    assert list(pasaporte)[8:] == ["acto", "indicadores", "explicacion", "reglas"]
    smmlv = {"codigo": "SMMLV", "valor": "1423500", "acto": "Decreto 1572 de 2024", "desde": "2025-01-01"}
    assert (pasaporte["acto"], pasaporte["indicadores"]) == ("N-SC-18", [smmlv])
    assert pasaporte["explicacion"].startswith("3,70 % de un SMMLV ($1.423.500, Decreto 1572 de 2024) = $52.669,50")
    contrato = pedir(**BUENA, hechos={"contratista.clase": "juridica"})["lineas"]
    cultura = {regla["codigo"]: regla for regla in contrato[1]["reglas"]}
    assert cultura["N-EXE-254-01"] == {
        "codigo": "N-EXE-254-01",
        "nombre": "Contrato con entidad pública o sin ánimo de lucro",
        "norma": "Ordenanza 028 de 2010, art. 254",
        "resultado": "no aplica",
        "motivo": "Clase de contratista: «Persona jurídica»; la regla pide «Entidad pública» o «Entidad sin ánimo de lucro».",
    }
    assert cultura["N-EXE-254-P"]["resultado"] == "falta un dato"


def test_un_ano_sin_publicar_es_un_error_de_esa_linea() -> None:
    assert pedir(id="2", actos=["N-SC-01"], fecha="2027-01-15") == {
        "id": "2",
        "error": "No hay SMMLV publicado para la fecha 2027-01-15",
    }


def test_lo_exento_va_en_cero_con_su_razon() -> None:
    linea = pedir(id=1, actos=["N-SC-01"], fecha="2025-03-03", hechos={"solicitante.clase": "trabajador"})["lineas"][0]
    assert (linea["valor"], linea["exacto"], linea["base"]) == (0, "0", None)
    assert "art. 246, n.º 1" in linea["exencion"]


@pytest.mark.parametrize("variante", ["segundo_renglon", {"SC-15": "segundo_renglon"}])
def test_la_variante_va_sola_o_por_acto(variante: Any) -> None:
    respuesta = pedir(CUNDINAMARCA, id="1", actos=["SC-15"], fecha="2025-03-03", variante=variante)
    assert respuesta["lineas"][0]["valor"] == 30000


@pytest.mark.parametrize("capital", ["69.9", 69.9, 69])
def test_un_porcentaje_puede_ir_sin_comillas_porque_se_lee_exacto(capital: Any) -> None:
    hechos = {"contratista.clase": "economia_mixta", "contratista.capital_publico": capital}
    respuesta = pedir(CUNDINAMARCA, id="1", actos=["CC-2"], fecha="2025-03-03", valor="1000000", hechos=hechos)
    assert respuesta["total"] == 87000


@pytest.mark.parametrize(
    "cambio",
    [
        {"otra": 1},
        {"actos": []},
        {"actos": "N-CC-D"},
        {"actos": [1]},
        {"actos": [["N-CC-D"]]},
        {"actos": ["N-CC-D"] * 51},
        {"actos": ["N-CC-D", "N-CC-D"]},
        {"fecha": None},
        {"fecha": 20250303},
        {"fecha": "03/03/2025"},
        {"fecha": "2025-02-30"},
        {"valor": 46911499},
        {"valor": 46911499.5},
        {"valor": "46.911.499"},
        {"valor": "46,5"},
        {"valor": "1e9"},
        {"valor": "-1"},
        {"valor": ""},
        {"valor": "1000000000000001"},
        {"valor": True},
        {"valor": []},
        {"hechos": []},
        {"hechos": {"no.existe": 1}},
        {"hechos": {"contratista.clase": "otra"}},
        {"hechos": {"contratista.clase": None}},
        {"hechos": {"contrato.valor_anterior": 5.5}},
        {"hechos": {"contrato.intervienen_privados": "true"}},
        {"variante": "x"},
        {"variante": 1},
        {"variante": {"N-CC-D": 1}},
        {"variante": {"N-CC-D": "x"}},
    ],
)
def test_rehusa_la_linea_y_conserva_su_id(cambio: dict[str, Any]) -> None:
    respuesta = pedir(**{**BUENA, **cambio})
    assert list(respuesta) == ["id", "error"]
    assert respuesta["id"] == "1"


@pytest.mark.parametrize(
    "linea",
    [
        b"",
        b" ",
        b"\xff\xfe",
        b"\xef\xbb\xbf{}",
        b"null",
        b"[]",
        b'"x"',
        b"{",
        b"{}",
        b'{"id": true}',
        b'{"id": 1.5}',
        b'{"id": [1]}',
        b'{"id": "' + b"x" * 201 + b'"}',
        b'{"id": ' + b"9" * 5000 + b"}",
        b"[" * 60_000,
        b'{"a":' * 10_000,
        b"x" * (MAXIMO_LINEA + 1),
        b'{"id": "\\ud800", "actos": ["\\ud800"], "fecha": "2025-01-01"}',
    ],
    ids=lambda linea: repr(linea[:20]),
)
def test_ninguna_linea_lo_tumba(linea: bytes) -> None:
    respuesta = responder(NARINO, linea)
    assert b"\n" not in respuesta
    assert "error" in json.loads(respuesta)


@pytest.mark.parametrize(
    "crudo",
    ['"valor": NaN', '"valor": 1e3', '"valor": Infinity', '"hechos": {"a": 1, "a": 2}', '"valor": "1", "valor": "2"'],
)
def test_lo_que_json_deja_pasar_y_no_es_seguro_se_rehusa_con_su_id(crudo: str) -> None:
    linea = f'{{{crudo}, "id": "7", "actos": ["N-CC-D"], "fecha": "2025-03-03"}}'
    respuesta = json.loads(responder(NARINO, linea.encode()))
    assert (list(respuesta), respuesta["id"]) == (["id", "error"], "7")


CUALQUIER_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda hijos: st.lists(hijos, max_size=4) | st.dictionaries(st.text(), hijos, max_size=4),
    max_leaves=8,
)
PEDIDOS = st.fixed_dictionaries(
    {},
    optional={
        "id": CUALQUIER_JSON,
        "actos": st.lists(st.sampled_from([acto.codigo for acto in NARINO.actos]), max_size=4) | CUALQUIER_JSON,
        "fecha": st.dates().map(str) | CUALQUIER_JSON,
        "valor": st.decimals(places=2).map(str) | CUALQUIER_JSON,
        "variante": CUALQUIER_JSON,
        "hechos": st.dictionaries(st.sampled_from([h.clave for h in NARINO.hechos]), CUALQUIER_JSON) | CUALQUIER_JSON,
    },
)


@given(linea=st.binary(max_size=200) | PEDIDOS.map(lambda pedido: json.dumps(pedido).encode()))
def test_toda_linea_tiene_una_respuesta(linea: bytes) -> None:
    respuesta = json.loads(responder(NARINO, linea))
    assert set(respuesta) in ({"id", "error"}, {"id", "lineas", "total", "avisos"})
    if "lineas" in respuesta:
        assert respuesta["total"] == sum(linea["valor"] for linea in respuesta["lineas"])
