"""What any gateway of the portal must do, over real HTTP against its simulator."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from portal.pasarelas.base import (
    EstadoPasarela,
    NadaCreado,
    Pasarela,
    PasarelaNoDisponible,
    PasarelaRechazo,
    TransaccionDesconocida,
)
from portal.pasarelas.registro import crear
from tests.pasarelas.pedidos import pedir, solicitud
from tests.servidores import SIMULADORES, SimuladorEnMarcha

PASARELAS = tuple(SIMULADORES)
_P = EstadoPasarela


@pytest.fixture(params=PASARELAS)
def simulador(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SimuladorEnMarcha]:
    with SIMULADORES[request.param](tmp_path) as marcha:
        yield marcha


@pytest.fixture
def pasarela(simulador: SimuladorEnMarcha) -> Pasarela:
    return crear(simulador.pasarela, simulador.ajustes)


def solo(*pasarelas: str) -> pytest.MarkDecorator:
    """A duty that only these gateways have."""
    return pytest.mark.parametrize("simulador", pasarelas, indirect=True)


def test_una_sesion_nueva_esta_pendiente_con_lo_que_se_pidio(pasarela: Pasarela) -> None:
    iniciado = pedir(pasarela)
    resultado = pasarela.consultar(iniciado.id_pasarela)
    assert resultado.estado is EstadoPasarela.PENDIENTE
    assert (resultado.referencia, resultado.total, resultado.moneda) == (
        "L238076-ABCDEFGHIJ",
        Decimal("235000.50"),
        "COP",
    )
    assert not any(t.estado is not EstadoPasarela.PENDIENTE for t in resultado.transacciones)


def test_un_pago_aprobado_trae_cus_banco_y_valor_exacto(pasarela: Pasarela, simulador: SimuladorEnMarcha) -> None:
    iniciado = pedir(pasarela)
    retorno = simulador.decidir(iniciado.url, "aprobar")
    assert retorno is not None
    assert retorno.partition("?")[0] == "http://localhost/pago/abc"
    resultado = pasarela.consultar(iniciado.id_pasarela)
    (transaccion,) = resultado.transacciones
    assert resultado.estado is transaccion.estado is EstadoPasarela.APROBADO
    assert (transaccion.valor, transaccion.moneda) == (Decimal("235000.50"), "COP")
    # Where the bank is chosen in the portal, it is the portal that knows its name.
    assert transaccion.banco == (None if pasarela.pide_banco else "BANCOLOMBIA")
    assert transaccion.cus
    assert transaccion.fecha is not None
    assert abs(datetime.now(UTC) - transaccion.fecha) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("simulador", "decision", "estado", "transacciones"),
    [
        ("placetopay", "rechazar", _P.PENDIENTE, [_P.RECHAZADO]),
        ("placetopay", "fallar", _P.FALLIDO, [_P.FALLIDO]),
        ("placetopay", "pendiente", _P.PENDIENTE, [_P.PENDIENTE]),
        ("placetopay", "abandonar", _P.PENDIENTE, []),
        ("placetopay", "cancelar", _P.RECHAZADO, []),
        ("wompi", "rechazar", _P.RECHAZADO, [_P.RECHAZADO]),
        ("wompi", "fallar", _P.FALLIDO, [_P.FALLIDO]),
        ("wompi", "pendiente", _P.PENDIENTE, [_P.PENDIENTE]),
        ("wompi", "abandonar", _P.PENDIENTE, [_P.PENDIENTE]),
        ("wompi", "cancelar", _P.RECHAZADO, [_P.RECHAZADO]),
    ],
    indirect=["simulador"],
)
def test_cada_desenlace_se_traduce(
    pasarela: Pasarela,
    simulador: SimuladorEnMarcha,
    decision: str,
    estado: EstadoPasarela,
    transacciones: list[EstadoPasarela],
) -> None:
    iniciado = pedir(pasarela)
    simulador.decidir(iniciado.url, decision)
    resultado = pasarela.consultar(iniciado.id_pasarela)
    assert resultado.estado is estado
    assert [t.estado for t in resultado.transacciones] == transacciones


@solo("placetopay")
def test_un_intento_rechazado_no_impide_pagar_en_la_misma_sesion(
    pasarela: Pasarela, simulador: SimuladorEnMarcha
) -> None:
    iniciado = pedir(pasarela)
    simulador.decidir(iniciado.url, "rechazar")
    simulador.decidir(iniciado.url, "aprobar")
    resultado = pasarela.consultar(iniciado.id_pasarela)
    assert resultado.estado is EstadoPasarela.APROBADO
    assert [t.estado for t in resultado.transacciones] == [EstadoPasarela.RECHAZADO, EstadoPasarela.APROBADO]


def test_una_sesion_que_nadie_paga_vence(pasarela: Pasarela, simulador: SimuladorEnMarcha) -> None:
    iniciado = pedir(pasarela)
    simulador.control("caducar", sesion=iniciado.id_pasarela)
    # PlacetoPay's session expires; PSE cancels Wompi's debit.
    esperado = EstadoPasarela.RECHAZADO if pasarela.pide_banco else EstadoPasarela.VENCIDO
    assert pasarela.consultar(iniciado.id_pasarela).estado is esperado


def test_un_debito_en_curso_no_se_da_por_vencido(pasarela: Pasarela, simulador: SimuladorEnMarcha) -> None:
    iniciado = pedir(pasarela)
    simulador.decidir(iniciado.url, "pendiente")
    simulador.control("caducar", sesion=iniciado.id_pasarela)
    assert pasarela.consultar(iniciado.id_pasarela).estado is EstadoPasarela.PENDIENTE
    simulador.control("resolver", sesion=iniciado.id_pasarela, decision="aprobar")
    assert pasarela.consultar(iniciado.id_pasarela).estado is EstadoPasarela.APROBADO


def test_no_conoce_una_sesion_ajena(pasarela: Pasarela) -> None:
    with pytest.raises(TransaccionDesconocida):
        pasarela.consultar("1")


@pytest.mark.parametrize("identificador", ["", "../1", "1?x", "١٢٣", "1" * 65, "1/cancel", "-1", "1%2e"])
def test_no_pregunta_por_lo_que_no_es_un_numero(pasarela: Pasarela, identificador: str) -> None:
    with pytest.raises(TransaccionDesconocida):
        pasarela.consultar(identificador)


@pytest.mark.parametrize(
    ("simulador", "cambios", "codigo", "dice"),
    [
        ("placetopay", {"vence_en": datetime.now(UTC)}, "BR", "expiration"),
        ("wompi", {"total": Decimal("1499.99")}, "INPUT_VALIDATION_ERROR", "amount_in_cents"),
    ],
    indirect=["simulador"],
)
def test_dice_por_que_no_se_creo(pasarela: Pasarela, cambios: dict[str, object], codigo: str, dice: str) -> None:
    with pytest.raises(PasarelaRechazo) as rechazo:
        pedir(pasarela, **cambios)
    assert rechazo.value.codigo == codigo
    assert dice in rechazo.value.mensaje


@pytest.mark.parametrize(
    ("simulador", "ajuste", "queja"),
    [
        ("placetopay", {"PLACETOPAY_CLAVE": "clave-muy-equivocada"}, "Autenticación fallida 102"),
        ("wompi", {"WOMPI_LLAVE_PUBLICA": "pub_test_clave-muy-equivocada"}, "Llave no válida"),
    ],
    indirect=["simulador"],
)
def test_credenciales_equivocadas_no_dicen_nada_del_pago(
    simulador: SimuladorEnMarcha,
    pasarela: Pasarela,
    caplog: pytest.LogCaptureFixture,
    ajuste: dict[str, str],
    queja: str,
) -> None:
    otra = crear(simulador.pasarela, {**simulador.ajustes, **ajuste})
    with pytest.raises(PasarelaNoDisponible):
        otra.iniciar(solicitud(banco="1007", aceptaciones=pasarela.condiciones()))
    assert queja in caplog.text
    assert "clave-muy-equivocada" not in caplog.text
    assert simulador.sesiones() == []


@solo("placetopay")
def test_un_reloj_corrido_seis_minutos_no_autentica(
    simulador: SimuladorEnMarcha, caplog: pytest.LogCaptureFixture
) -> None:
    corrida = crear("placetopay", simulador.ajustes, reloj=lambda: datetime.now(UTC) - timedelta(minutes=6))
    with pytest.raises(PasarelaNoDisponible):
        corrida.consultar("1")
    assert "103" in caplog.text


@pytest.mark.parametrize(
    ("simulador", "ajustes"),
    [("placetopay", ["PLACETOPAY_CLAVE"]), ("wompi", ["WOMPI_SECRETO_INTEGRIDAD", "WOMPI_SECRETO_EVENTOS"])],
    indirect=["simulador"],
)
def test_de_dos_claves_en_rotacion_firma_la_primera(simulador: SimuladorEnMarcha, ajustes: list[str]) -> None:
    dobles = {nombre: f"{simulador.ajustes[nombre]}, la-anterior" for nombre in ajustes}
    assert pedir(crear(simulador.pasarela, {**simulador.ajustes, **dobles})).id_pasarela


def test_una_respuesta_lenta_pero_dentro_del_plazo_vale(pasarela: Pasarela, simulador: SimuladorEnMarcha) -> None:
    simulador.control("averias", ruta="crear", tipo="demora", segundos=0.3)
    assert pedir(pasarela).id_pasarela


def test_una_respuesta_vieja_dice_pendiente_y_nada_mas(pasarela: Pasarela, simulador: SimuladorEnMarcha) -> None:
    iniciado = pedir(pasarela)
    simulador.decidir(iniciado.url, "aprobar")
    simulador.control("averias", ruta="consultar", tipo="pendiente")
    assert pasarela.consultar(iniciado.id_pasarela).estado is EstadoPasarela.PENDIENTE
    assert pasarela.consultar(iniciado.id_pasarela).estado is EstadoPasarela.APROBADO


def test_una_reversion_se_dice_con_su_nombre(pasarela: Pasarela, simulador: SimuladorEnMarcha) -> None:
    iniciado = pedir(pasarela)
    simulador.decidir(iniciado.url, "aprobar")
    (aprobada,) = pasarela.consultar(iniciado.id_pasarela).transacciones
    simulador.control("resolver", sesion=iniciado.id_pasarela, decision="revertir")
    resultado = pasarela.consultar(iniciado.id_pasarela)
    (revertida,) = resultado.transacciones
    # PlacetoPay does not say how much was handed back.
    dicho = EstadoPasarela.REVERTIDO if pasarela.codigo == "wompi" else EstadoPasarela.APROBADO_CON_DEVOLUCION
    assert resultado.estado is revertida.estado is dicho
    assert (revertida.id, revertida.valor, revertida.cus) == (aprobada.id, aprobada.valor, aprobada.cus)


def test_lo_que_se_creo_se_encuentra_por_la_referencia(pasarela: Pasarela, simulador: SimuladorEnMarcha) -> None:
    if not pasarela.busca_por_referencia:
        with pytest.raises(PasarelaNoDisponible):
            pasarela.buscar("L238076-ABCDEFGHIJ")
        return
    solicitada = solicitud(banco="1007", aceptaciones=pasarela.condiciones())
    assert pasarela.buscar(solicitada.referencia) is None
    simulador.control("averias", ruta="crear", tipo="caer")
    with pytest.raises(PasarelaNoDisponible):
        pasarela.iniciar(solicitada)
    hallado = pasarela.buscar(solicitada.referencia)
    assert hallado is not None
    assert hallado.id_pasarela == simulador.sesiones()[0]["sesion"]
    assert hallado.url is not None
    with pytest.raises(PasarelaNoDisponible):
        pasarela.iniciar(solicitud(banco="1007", aceptaciones=pasarela.condiciones()))


def test_sin_nadie_que_escuche_es_seguro_que_no_se_creo_nada(simulador: SimuladorEnMarcha, pasarela: Pasarela) -> None:
    condiciones = pasarela.condiciones()
    lejos = {n: "http://127.0.0.1:9/v1" for n in simulador.ajustes if n.endswith("_URL")}
    with pytest.raises(NadaCreado):
        crear(simulador.pasarela, {**simulador.ajustes, **lejos}).iniciar(
            solicitud(banco="1007", aceptaciones=condiciones)
        )


def test_cancelar_termina_una_sesion_que_nadie_paga(pasarela: Pasarela, simulador: SimuladorEnMarcha) -> None:
    iniciado = pedir(pasarela)
    if not pasarela.cancela:
        with pytest.raises(PasarelaRechazo):
            pasarela.cancelar(iniciado.id_pasarela)
        return
    pasarela.cancelar(iniciado.id_pasarela)
    assert pasarela.consultar(iniciado.id_pasarela).estado is EstadoPasarela.RECHAZADO
    with pytest.raises(PasarelaRechazo):
        pasarela.cancelar(iniciado.id_pasarela)
    with pytest.raises(TransaccionDesconocida):
        pasarela.cancelar("1")


@solo("placetopay")
@pytest.mark.parametrize("decision", ["pendiente", "aprobar"])
def test_no_se_cancela_lo_que_esta_en_el_banco_o_pagado(
    pasarela: Pasarela, simulador: SimuladorEnMarcha, decision: str
) -> None:
    iniciado = pedir(pasarela)
    simulador.decidir(iniciado.url, decision)
    with pytest.raises(PasarelaRechazo):
        pasarela.cancelar(iniciado.id_pasarela)


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
    solicitada = solicitud(banco="1007", aceptaciones=pasarela.condiciones())
    simulador.control("averias", ruta="crear", **averia)
    with pytest.raises(PasarelaNoDisponible):
        pasarela.iniciar(solicitada)
    iniciado = pedir(pasarela, referencia="L238076-KLMNOPQRST")
    simulador.control("averias", ruta="consultar", **averia)
    with pytest.raises(PasarelaNoDisponible):
        pasarela.consultar(iniciado.id_pasarela)
    assert pasarela.consultar(iniciado.id_pasarela).estado is EstadoPasarela.PENDIENTE


def test_cuenta_lo_que_la_pasarela_dice_y_no_lo_que_se_pidio(pasarela: Pasarela, simulador: SimuladorEnMarcha) -> None:
    iniciado = pedir(pasarela)
    simulador.decidir(iniciado.url, "aprobar")
    simulador.control("averias", ruta="consultar", tipo="alterar", valor="1000", moneda="USD", referencia="OTRA")
    resultado = pasarela.consultar(iniciado.id_pasarela)
    assert (resultado.total, resultado.moneda, resultado.referencia) == (Decimal(1000), "USD", "OTRA")
    assert resultado.transacciones[0].valor == Decimal(1000)


def test_una_palabra_desconocida_queda_pendiente_y_avisa(
    pasarela: Pasarela, simulador: SimuladorEnMarcha, caplog: pytest.LogCaptureFixture
) -> None:
    iniciado = pedir(pasarela)
    simulador.decidir(iniciado.url, "cancelar")
    simulador.control("averias", ruta="consultar", tipo="alterar", estado_sesion="SETTLED", estado="SETTLED")
    assert pasarela.consultar(iniciado.id_pasarela).estado is EstadoPasarela.PENDIENTE
    assert "SETTLED" in caplog.text
