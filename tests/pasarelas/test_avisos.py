"""Notifications: the published signatures, every way to spoil them, and bytes of any kind."""

import hashlib
import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.pasarelas.base import AvisoMalFormado, AvisoPasarela, FirmaInvalida
from portal.pasarelas.placetopay_avisos import BYTES_MAXIMOS, firma_valida, leer_aviso
from tests.pasarelas.pedidos import CLAVE, adaptador

FECHA = "2019-01-01T12:00:00-05:00"


def _firma(numero: object = 1234, estado: str = "APPROVED", clave: str = CLAVE) -> str:
    return "sha256:" + hashlib.sha256(f"{numero}{estado}{FECHA}{clave}".encode()).hexdigest()


def _aviso(**cambios: Any) -> dict[str, Any]:
    estado = {"status": "APPROVED", "reason": "00", "message": "Transaction approved", "date": FECHA}
    return {"status": estado, "requestId": 1234, "reference": "L1-A", "signature": _firma(), **cambios}


def _leer(aviso: object) -> AvisoPasarela:
    return leer_aviso(json.dumps(aviso).encode(), (CLAVE,))


def test_las_firmas_publicadas_son_validas() -> None:
    sha256 = "sha256:246e39961c90a45c4ee1b15579fc19a336f0b087af2fc3494fe18f11319954c2"
    assert firma_valida(sha256, "1234", "APPROVED", FECHA, CLAVE)
    sha1 = "8fb4beea130ab3e75a1de956bd0213892e0f6839"
    assert firma_valida(sha1, "83", "APPROVED", "2016-10-10T16:39:57-05:00", "024h1IlD")
    assert not firma_valida(sha1, "84", "APPROVED", "2016-10-10T16:39:57-05:00", "024h1IlD")


def test_lee_un_aviso_por_la_interfaz() -> None:
    cuerpo = json.dumps(_aviso()).encode()
    esperado = AvisoPasarela(id_pasarela="1234", referencia="L1-A", estado="APPROVED", fecha=FECHA)
    assert adaptador().interpretar_notificacion({}, cuerpo) == esperado


def test_el_numero_puede_venir_como_texto_y_la_firma_en_mayusculas() -> None:
    assert _leer(_aviso(requestId="1234", signature="sha256:" + _firma()[7:].upper())).id_pasarela == "1234"


def test_durante_la_rotacion_valen_las_dos_claves() -> None:
    cuerpo = json.dumps(_aviso(signature=_firma(clave="la-anterior"))).encode()
    assert leer_aviso(cuerpo, (CLAVE, "la-anterior")).id_pasarela == "1234"
    with pytest.raises(FirmaInvalida):
        leer_aviso(cuerpo, (CLAVE,))


@pytest.mark.parametrize(
    "firma",
    [
        None,
        "",
        7,
        ["sha256:"],
        "sha256:",
        _firma()[7:],
        "sha1:" + _firma()[7:],
        _firma()[:-1],
        _firma() + "0",
        "ñandú",
        "sha256:" + "٣" * 64,
        _firma(estado="REJECTED"),
        _firma(numero=1235),
        _firma(clave=""),
    ],
)
def test_sin_la_firma_de_la_pasarela_no_es_suyo(firma: object) -> None:
    with pytest.raises(FirmaInvalida):
        _leer(_aviso(signature=firma))


@pytest.mark.parametrize(
    "cambios",
    [
        {"requestId": None},
        {"requestId": True},
        {"requestId": -1},
        {"requestId": 12.5},
        {"requestId": "12a"},
        {"requestId": "١٢"},
        {"requestId": {}},
        {"requestId": 10**30},
        {"reference": None},
        {"reference": 5},
        {"reference": "x" * 65},
        {"reference": ""},
        {"status": None},
        {"status": "APPROVED"},
        {"status": []},
        {"status": {"status": 1, "date": FECHA}},
        {"status": {"status": "APPROVED"}},
        {"status": {"status": "APPROVED", "date": "2019\n01"}},
        {"status": {"status": "4APPROVED", "date": FECHA}},
        {"status": {"status": "APPROVED", "date": "D" + FECHA}},
    ],
)
def test_lo_que_el_protocolo_no_describe_esta_mal_formado(cambios: dict[str, object]) -> None:
    with pytest.raises(AvisoMalFormado):
        _leer(_aviso(**cambios))


@pytest.mark.parametrize(
    "cuerpo",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"aviso"',
        b"\xff\xfe",
        b"\xef\xbb\xbf{}",
        b'{"a": NaN}',
        b'{"signature": "x", "signature": "y"}',
        b"[" * 50_000,
        b'{"a":' * 5_000,
        b'{"a": ' + b"9" * 5_000 + b"}",
        b'{"a": "\\u0000"}',
        b'{"\\udfff": 1}',
        b'{"a": "' + b"x" * BYTES_MAXIMOS + b'"}',
    ],
    ids=range(15),
)
def test_bytes_que_no_son_un_objeto_json(cuerpo: bytes) -> None:
    with pytest.raises(AvisoMalFormado):
        leer_aviso(cuerpo, (CLAVE,))


def test_un_aviso_de_cobro_recurrente_no_es_nuestro() -> None:
    recurrente = _aviso(internalReference=1598634446, recurring={"tries": 2, "enabled": 0})
    del recurrente["requestId"]
    with pytest.raises(AvisoMalFormado):
        _leer(recurrente)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda hijos: st.lists(hijos, max_size=4) | st.dictionaries(st.text(max_size=8), hijos, max_size=4),
    max_leaves=12,
)
_CAMPOS = st.fixed_dictionaries(
    {}, optional={nombre: _JSON for nombre in ("status", "requestId", "reference", "signature")}
)


@given(st.binary(max_size=300))
@example(b"\x00")
def test_bytes_cualesquiera_nunca_dan_otra_excepcion(cuerpo: bytes) -> None:
    with pytest.raises((AvisoMalFormado, FirmaInvalida)):
        leer_aviso(cuerpo, (CLAVE,))


@given(_CAMPOS | _JSON, st.dictionaries(st.text(), _JSON, max_size=3))
def test_json_cualquiera_nunca_da_otra_excepcion(aviso: Any, estado: dict[str, Any]) -> None:
    if isinstance(aviso, dict):
        aviso["status"] = aviso.get("status", estado)
    with pytest.raises((AvisoMalFormado, FirmaInvalida)):
        leer_aviso(json.dumps(aviso).encode(), (CLAVE,))


@given(st.integers(0, 10**19), st.sampled_from(["APPROVED", "REJECTED", "PENDING"]), st.integers(1, 12))
def test_mover_la_frontera_entre_los_campos_firmados_no_engana(numero: int, estado: str, corte: int) -> None:
    """The signed text has no separators: the same text cut elsewhere must not read as another notification."""
    texto = f"{numero}{estado}"
    corte = min(corte, len(texto) - 1)
    movido = {"status": {"status": texto[corte:], "date": FECHA}, "requestId": texto[:corte], "reference": "L1-A"}
    movido["signature"] = _firma(numero=numero, estado=estado)
    try:
        assert _leer(movido).id_pasarela == str(numero)
    except AvisoMalFormado:
        return
