"""What any gateway of the portal must do, over real HTTP against its simulator."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from portal.pasarelas.base import (
    EstadoPasarela,
    Pasarela,
    PasarelaNoDisponible,
    PasarelaRechazo,
    TransaccionDesconocida,
)
from portal.pasarelas.registro import crear
from tests.pasarelas.pedidos import solicitud
from tests.servidores import SimuladorEnMarcha, simulador_placetopay


@pytest.fixture
def simulador(tmp_path: Path) -> Iterator[SimuladorEnMarcha]:
    with simulador_placetopay(tmp_path) as marcha:
        yield marcha


@pytest.fixture
def pasarela(simulador: SimuladorEnMarcha) -> Pasarela:
    return crear("placetopay", simulador.ajustes)


def test_una_sesion_nueva_esta_pendiente_con_lo_que_se_pidio(pasarela: Pasarela) -> None:
    iniciado = pasarela.iniciar(solicitud())
    resultado = pasarela.consultar(iniciado.id_pasarela)
    assert resultado.estado is EstadoPasarela.PENDIENTE
    assert (resultado.referencia, resultado.total, resultado.moneda) == (
        "L238076-ABCDEFGHIJ",
        Decimal("235000.50"),
        "COP",
    )
    assert resultado.transacciones == ()


def test_un_pago_aprobado_trae_cus_banco_y_valor_exacto(pasarela: Pasarela, simulador: SimuladorEnMarcha) -> None:
    iniciado = pasarela.iniciar(solicitud())
    assert simulador.decidir(iniciado.url, "aprobar") == "http://localhost/pago/abc"
    resultado = pasarela.consultar(iniciado.id_pasarela)
    (transaccion,) = resultado.transacciones
    assert resultado.estado is transaccion.estado is EstadoPasarela.APROBADO
    assert (transaccion.valor, transaccion.moneda, transaccion.banco) == (Decimal("235000.50"), "COP", "BANCOLOMBIA")
    assert transaccion.cus
    assert transaccion.fecha is not None
    assert abs(datetime.now(UTC) - transaccion.fecha) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("decision", "estado", "transacciones"),
    [
        ("rechazar", EstadoPasarela.PENDIENTE, [EstadoPasarela.RECHAZADO]),
        ("fallar", EstadoPasarela.FALLIDO, [EstadoPasarela.FALLIDO]),
        ("pendiente", EstadoPasarela.PENDIENTE, [EstadoPasarela.PENDIENTE]),
        ("abandonar", EstadoPasarela.PENDIENTE, []),
        ("cancelar", EstadoPasarela.RECHAZADO, []),
    ],
)
def test_cada_desenlace_se_traduce(
    pasarela: Pasarela,
    simulador: SimuladorEnMarcha,
    decision: str,
    estado: EstadoPasarela,
    transacciones: list[EstadoPasarela],
) -> None:
    iniciado = pasarela.iniciar(solicitud())
    simulador.decidir(iniciado.url, decision)
    resultado = pasarela.consultar(iniciado.id_pasarela)
    assert resultado.estado is estado
    assert [t.estado for t in resultado.transacciones] == transacciones


def test_un_intento_rechazado_no_impide_pagar_en_la_misma_sesion(
    pasarela: Pasarela, simulador: SimuladorEnMarcha
) -> None:
    iniciado = pasarela.iniciar(solicitud())
    simulador.decidir(iniciado.url, "rechazar")
    simulador.decidir(iniciado.url, "aprobar")
    resultado = pasarela.consultar(iniciado.id_pasarela)
    assert resultado.estado is EstadoPasarela.APROBADO
    assert [t.estado for t in resultado.transacciones] == [EstadoPasarela.RECHAZADO, EstadoPasarela.APROBADO]


def test_una_sesion_que_nadie_paga_vence(pasarela: Pasarela, simulador: SimuladorEnMarcha) -> None:
    iniciado = pasarela.iniciar(solicitud())
    simulador.control("caducar", sesion=int(iniciado.id_pasarela))
    assert pasarela.consultar(iniciado.id_pasarela).estado is EstadoPasarela.VENCIDO


def test_un_debito_en_curso_no_se_da_por_vencido(pasarela: Pasarela, simulador: SimuladorEnMarcha) -> None:
    iniciado = pasarela.iniciar(solicitud())
    simulador.decidir(iniciado.url, "pendiente")
    simulador.control("caducar", sesion=int(iniciado.id_pasarela))
    assert pasarela.consultar(iniciado.id_pasarela).estado is EstadoPasarela.PENDIENTE
    simulador.control("resolver", sesion=int(iniciado.id_pasarela), decision="aprobar")
    assert pasarela.consultar(iniciado.id_pasarela).estado is EstadoPasarela.APROBADO


def test_no_conoce_una_sesion_ajena(pasarela: Pasarela) -> None:
    with pytest.raises(TransaccionDesconocida):
        pasarela.consultar("1")


@pytest.mark.parametrize("identificador", ["", "../1", "1?x", "١٢٣", "1" * 40, "1/cancel"])
def test_no_pregunta_por_lo_que_no_es_un_numero(pasarela: Pasarela, identificador: str) -> None:
    with pytest.raises(TransaccionDesconocida):
        pasarela.consultar(identificador)


def test_dice_por_que_no_se_creo(pasarela: Pasarela) -> None:
    with pytest.raises(PasarelaRechazo) as rechazo:
        pasarela.iniciar(solicitud(vence_en=datetime.now(UTC) + timedelta(minutes=1)))
    assert rechazo.value.codigo == "BR"
    assert "expiration" in rechazo.value.mensaje


def test_credenciales_equivocadas_no_dicen_nada_del_pago(
    simulador: SimuladorEnMarcha, caplog: pytest.LogCaptureFixture
) -> None:
    otra = crear("placetopay", {**simulador.ajustes, "PLACETOPAY_CLAVE": "clave-muy-equivocada"})
    with pytest.raises(PasarelaNoDisponible):
        otra.iniciar(solicitud())
    assert "Autenticación fallida 102" in caplog.text
    assert "clave-muy-equivocada" not in caplog.text


def test_un_reloj_corrido_seis_minutos_no_autentica(
    simulador: SimuladorEnMarcha, caplog: pytest.LogCaptureFixture
) -> None:
    corrida = crear("placetopay", simulador.ajustes, reloj=lambda: datetime.now(UTC) - timedelta(minutes=6))
    with pytest.raises(PasarelaNoDisponible):
        corrida.consultar("1")
    assert "103" in caplog.text


def test_la_clave_nueva_firma_y_las_dos_sirven_para_las_notificaciones(simulador: SimuladorEnMarcha) -> None:
    rotando = crear("placetopay", {**simulador.ajustes, "PLACETOPAY_CLAVE": f"{simulador.clave}, la-anterior"})
    assert rotando.iniciar(solicitud()).id_pasarela


def test_no_hay_otras_pasarelas() -> None:
    with pytest.raises(ValueError, match="no gateway"):
        crear("otra", {})


@pytest.mark.parametrize(
    "averia",
    [
        {"tipo": "estado", "estado": 500},
        {"tipo": "estado", "estado": 503},
        {"tipo": "estado", "estado": 429},
        {"tipo": "estado", "estado": 302},
        {"tipo": "estado", "estado": 400},
        {"tipo": "html"},
        {"tipo": "truncado"},
        {"tipo": "caer"},
    ],
    ids=lambda averia: "-".join(str(v) for v in averia.values()),
)
def test_en_sus_dias_malos_no_se_sabe_nada_y_despues_si(
    pasarela: Pasarela, simulador: SimuladorEnMarcha, averia: dict[str, object]
) -> None:
    simulador.control("averias", ruta="*", **averia)
    with pytest.raises(PasarelaNoDisponible):
        pasarela.iniciar(solicitud())
    iniciado = pasarela.iniciar(solicitud())
    simulador.control("averias", ruta="consultar", **averia)
    with pytest.raises(PasarelaNoDisponible):
        pasarela.consultar(iniciado.id_pasarela)
    assert pasarela.consultar(iniciado.id_pasarela).estado is EstadoPasarela.PENDIENTE


def test_cuenta_lo_que_la_pasarela_dice_y_no_lo_que_se_pidio(pasarela: Pasarela, simulador: SimuladorEnMarcha) -> None:
    iniciado = pasarela.iniciar(solicitud())
    simulador.decidir(iniciado.url, "aprobar")
    simulador.control("averias", ruta="consultar", tipo="alterar", valor="1000", moneda="USD", referencia="OTRA")
    resultado = pasarela.consultar(iniciado.id_pasarela)
    assert (resultado.total, resultado.moneda, resultado.referencia) == (Decimal(1000), "USD", "OTRA")
    assert resultado.transacciones[0].valor == Decimal(1000)


def test_una_palabra_desconocida_queda_pendiente_y_avisa(
    pasarela: Pasarela, simulador: SimuladorEnMarcha, caplog: pytest.LogCaptureFixture
) -> None:
    iniciado = pasarela.iniciar(solicitud())
    simulador.decidir(iniciado.url, "cancelar")
    simulador.control("averias", ruta="consultar", tipo="alterar", estado_sesion="SETTLED")
    assert pasarela.consultar(iniciado.id_pasarela).estado is EstadoPasarela.PENDIENTE
    assert "SETTLED" in caplog.text
