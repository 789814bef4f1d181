"""Events of Wompi: the checksum with the properties as sent, the two environments, and bytes of any kind."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.pasarelas.base import AvisoMalFormado, AvisoPasarela, FirmaInvalida
from portal.pasarelas.wompi_avisos import BYTES_MAXIMOS, leer_evento, suma
from tests.pasarelas.grabadas import grabada
from tests.pasarelas.pedidos import adaptador_wompi

SECRETO = "test_events_x"
MARCA = 1530291411
PROPIEDADES = ["transaction.id", "transaction.status", "transaction.amount_in_cents"]


def evento(secreto: str = SECRETO, propiedades: Any = None, **cambios: Any) -> dict[str, Any]:
    """A signed event of the sandbox; `cambios` of its transaction happen before it is signed."""
    propiedades = PROPIEDADES if propiedades is None else propiedades
    transaccion = {"id": "1234-1610641025-49201", "status": "APPROVED", "amount_in_cents": 4490000, "reference": "L1-A"}
    datos = {"transaction": transaccion | cambios}
    texto = "".join(str(datos["transaction"].get(p.partition(".")[2])) for p in propiedades)
    return {
        "event": "transaction.updated",
        "data": datos,
        "environment": "test",
        "signature": {
            "properties": propiedades,
            "checksum": hashlib.sha256(f"{texto}{MARCA}{secreto}".encode()).hexdigest(),
        },
        "timestamp": MARCA,
        "sent_at": "2018-07-20T16:45:05.000Z",
    }


def _leer(dicho: object, cabeceras: Mapping[str, str] | None = None) -> AvisoPasarela:
    return leer_evento(cabeceras or {}, json.dumps(dicho).encode(), (SECRETO,), "test")


def test_la_suma_es_un_sha256_corriente_de_los_valores_la_marca_y_el_secreto() -> None:
    grabado = grabada("wompi_evento")
    texto = f"1234-1610641025-49201APPROVED44900001530291411{grabado['secreto']}"
    propia = suma(grabado["cuerpo"]["data"], PROPIEDADES, MARCA, grabado["secreto"])
    assert propia == hashlib.sha256(texto.encode()).hexdigest()


def test_lee_el_evento_publicado_con_su_suma_rehecha() -> None:
    grabado = grabada("wompi_evento")
    cuerpo = grabado["cuerpo"]
    with pytest.raises(FirmaInvalida):
        leer_evento({}, json.dumps(cuerpo).encode(), (grabado["secreto"],), "prod")
    cuerpo["signature"]["checksum"] = suma(cuerpo["data"], PROPIEDADES, MARCA, grabado["secreto"]).upper()
    aviso = leer_evento({}, json.dumps(cuerpo).encode(), (grabado["secreto"],), "prod")
    assert aviso == AvisoPasarela("1234-1610641025-49201", "MZQ3X2DE2SMX", "APPROVED", str(MARCA))


def test_lee_un_evento_por_la_interfaz() -> None:
    cuerpo = json.dumps(evento()).encode()
    cabeceras = {"X-Event-Checksum": evento()["signature"]["checksum"].upper()}
    assert adaptador_wompi().interpretar_notificacion(cabeceras, cuerpo).id_pasarela == "1234-1610641025-49201"


@pytest.mark.parametrize(
    "propiedades",
    [
        PROPIEDADES[::-1],
        ["transaction.status", "transaction.id"],
        ["transaction.id"],
        [*PROPIEDADES, "transaction.reference", "transaction.amount_in_cents"],
    ],
)
def test_las_propiedades_valen_en_el_orden_en_que_vienen(propiedades: list[str]) -> None:
    assert _leer(evento(propiedades=propiedades)).estado == "APPROVED"
    movido = evento(propiedades=propiedades)
    movido["signature"]["properties"] = [*propiedades[1:], propiedades[0], "transaction.reference"]
    with pytest.raises(FirmaInvalida):
        _leer(movido)


def test_durante_la_rotacion_valen_los_dos_secretos_y_despues_solo_uno() -> None:
    cuerpo = json.dumps(evento("el-anterior")).encode()
    assert leer_evento({}, cuerpo, (SECRETO, "el-anterior"), "test").referencia == "L1-A"
    with pytest.raises(FirmaInvalida):
        leer_evento({}, cuerpo, (SECRETO,), "test")


@pytest.mark.parametrize(("suyo", "nuestro"), [("test", "prod"), ("prod", "test"), (None, "test"), ("TEST", "test")])
def test_un_evento_de_otro_ambiente_se_rechaza_y_se_dice(
    suyo: object, nuestro: str, caplog: pytest.LogCaptureFixture
) -> None:
    cuerpo = json.dumps(evento() | {"environment": suyo}).encode()
    with pytest.raises(FirmaInvalida):
        leer_evento({}, cuerpo, (SECRETO,), nuestro)
    assert "environment" in caplog.text


@pytest.mark.parametrize(
    "firma",
    [
        None,
        "",
        5,
        ["x"],
        "ñandú",
        "٣" * 64,
        evento()["signature"]["checksum"][:-1],
        evento()["signature"]["checksum"] + "0",
    ],
)
def test_sin_la_suma_de_la_pasarela_no_es_suyo(firma: object) -> None:
    dicho = evento()
    dicho["signature"]["checksum"] = firma
    with pytest.raises(FirmaInvalida):
        _leer(dicho)
    with pytest.raises(FirmaInvalida):
        _leer({**dicho, "signature": firma})


@pytest.mark.parametrize("campo", ["id", "status", "amount_in_cents"])
def test_cambiar_lo_firmado_invalida_la_suma(campo: str) -> None:
    dicho = evento()
    dicho["data"]["transaction"][campo] = "7"
    with pytest.raises(FirmaInvalida):
        _leer(dicho)
    with pytest.raises(FirmaInvalida):
        _leer(evento() | {"timestamp": MARCA + 1})


def test_dos_sumas_distintas_no_valen() -> None:
    with pytest.raises(FirmaInvalida):
        _leer(evento(), {"x-event-checksum": "0" * 64})


def test_el_identificador_debe_estar_firmado() -> None:
    """Whoever caught one event could cut its signed text in another way, and speak of another transaction."""
    firmado = evento()
    cazado = {**firmado, "data": {"transaction": {"id": "otra", "status": "APPROVED", "reference": "L1-A"}}}
    cazado["data"]["relleno"] = "1234-1610641025-49201APPROVED4490000"
    cazado["signature"] = {**firmado["signature"], "properties": ["relleno"]}
    with pytest.raises(FirmaInvalida):
        _leer(cazado)


@pytest.mark.parametrize(
    "propiedades",
    [
        [],
        "transaction.id",
        None,
        [5],
        ["transaction.id", "__class__"],
        ["transaction.id"] * 21,
        ["transaction.id", "a..b"],
    ],
)
def test_unas_propiedades_que_no_se_entienden(propiedades: object) -> None:
    dicho = evento()
    dicho["signature"]["properties"] = propiedades
    with pytest.raises(AvisoMalFormado):
        _leer(dicho)


@pytest.mark.parametrize("valor", [None, True, 1.5, [], {}, "x" * 201])
def test_una_propiedad_que_no_es_texto_ni_entero_no_se_firma(valor: object) -> None:
    with pytest.raises(AvisoMalFormado):
        _leer(evento(propiedades=[*PROPIEDADES, "transaction.otra"], otra=valor))


@pytest.mark.parametrize(
    "cambios",
    [
        {"reference": None},
        {"reference": ""},
        {"reference": "x" * 65},
        {"id": "../1"},
        {"id": 5},
        {"status": "aprobado"},
    ],
)
def test_una_transaccion_mal_formada(cambios: dict[str, Any]) -> None:
    with pytest.raises(AvisoMalFormado):
        _leer(evento(**cambios))


def test_un_evento_de_otra_cosa_se_recibe_y_no_habla_de_ningun_pago(caplog: pytest.LogCaptureFixture) -> None:
    datos = {"nequi_token": {"id": "n1", "status": "APPROVED"}}
    propiedades = ["nequi_token.id", "nequi_token.status"]
    otro = evento() | {"event": "nequi_token.updated", "data": datos}
    otro["signature"] = {"properties": propiedades, "checksum": suma(datos, propiedades, MARCA, SECRETO)}
    aviso = _leer(otro)
    assert (aviso.id_pasarela, aviso.referencia, aviso.estado) == ("", "", "nequi_token.updated")
    assert "nequi_token.updated" in caplog.text


@pytest.mark.parametrize("cambios", [{"timestamp": None}, {"timestamp": "1"}, {"timestamp": True}, {"data": None}])
def test_sin_datos_o_sin_marca_no_hay_que_firmar(cambios: dict[str, object]) -> None:
    with pytest.raises(AvisoMalFormado):
        _leer(evento() | cambios)


@pytest.mark.parametrize(
    "cuerpo",
    [
        b"",
        b"[]",
        b"null",
        b"\xff",
        b'{"a": NaN}',
        b'{"a": 1, "a": 2}',
        b"[" * 50_000,
        b'{"a": "' + b"x" * BYTES_MAXIMOS + b'"}',
    ],
    ids=range(8),
)
def test_bytes_que_no_son_un_objeto_json(cuerpo: bytes) -> None:
    with pytest.raises(AvisoMalFormado):
        leer_evento({}, cuerpo, (SECRETO,), "test")


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda hijos: st.lists(hijos, max_size=4) | st.dictionaries(st.text(max_size=8), hijos, max_size=4),
    max_leaves=12,
)
_CAMPOS = ("event", "data", "environment", "signature", "timestamp")


@given(st.binary(max_size=300))
@example(b"\x00")
def test_bytes_cualesquiera_nunca_dan_otra_excepcion(cuerpo: bytes) -> None:
    with pytest.raises((AvisoMalFormado, FirmaInvalida)):
        leer_evento({}, cuerpo, (SECRETO,), "test")


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(_CAMPOS, _JSON)))
def test_json_cualquiera_nunca_da_otra_excepcion(cambios: dict[str, Any]) -> None:
    base = evento()
    base["signature"]["checksum"] = "0" * 64
    with pytest.raises((AvisoMalFormado, FirmaInvalida)):
        _leer(base | cambios)
