"""What the gateway says, written down exactly: when to ask again, which data are kept, what is told to treasury and once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.db import db, transaccion
from portal.dominio.casos import ClaseCaso, SalidaCaso
from portal.dominio.estados import EstadoPago
from portal.models import Caso, EventoPago, Pago, Reversion
from portal.operaciones import resultados
from portal.operaciones.resultados import Causa
from portal.pasarelas.base import EstadoPasarela, ResultadoPasarela, TransaccionPasarela
from tests.fabricas import AHORA, ESPERA, estado_de, estados_de, liquidacion, pago, respuesta

pytestmark = pytest.mark.usefixtures("app")

DOCE = timedelta(minutes=12)
HORA = timedelta(hours=1)


def decir(uno: Pago, resultado: ResultadoPasarela, espera: timedelta = ESPERA) -> Pago:
    with transaccion():
        estado = resultados.aplicar_resultado(uno.id, resultado, causa=Causa.SONDA, espera=espera, ahora=AHORA)
    assert leido(uno).estado is estado
    return leido(uno)


def desconocer(uno: Pago, ahora: object = AHORA, espera: timedelta = ESPERA) -> Pago:
    with transaccion():
        estado = resultados.aplicar_desconocido(uno.id, causa=Causa.SONDA, espera=espera, ahora=ahora)
    assert leido(uno).estado is estado
    return leido(uno)


def leido(uno: Pago) -> Pago:
    db.session.expire_all()
    return db.session.get_one(Pago, uno.id)


def debito(uno: Pago, **cambios: object) -> TransaccionPasarela:
    (una,) = respuesta(uno).transacciones
    return replace(una, **cambios)


@pytest.mark.parametrize(("espera", "hasta"), [(ESPERA, ESPERA), (HORA, DOCE)])
def test_lo_que_no_termina_se_vuelve_a_preguntar_a_mas_tardar_a_los_doce_minutos(
    espera: timedelta, hasta: timedelta
) -> None:
    uno = pago(liquidacion())
    assert decir(uno, respuesta(uno, EstadoPasarela.PENDIENTE), espera).consultar_desde == AHORA + hasta
    assert desconocer(uno, espera=espera).consultar_desde == AHORA + hasta
    tarde = AHORA + HORA
    with transaccion():
        assert resultados.apartar(uno.id, espera=espera, ahora=tarde)
    assert leido(uno).consultar_desde == tarde + hasta


def test_la_sonda_nunca_aparta_un_turno_sin_moverlo() -> None:
    uno = pago(liquidacion())
    tarde = AHORA + HORA
    with transaccion():
        assert resultados.apartar(uno.id, espera=timedelta(0), ahora=tarde)
        assert not resultados.apartar(uno.id, espera=timedelta(0), ahora=tarde)
    assert leido(uno).consultar_desde == tarde + timedelta(seconds=1)


def test_la_sonda_pregunta_primero_por_lo_que_espera_desde_antes() -> None:
    viejo, nuevo, otro = (pago(liquidacion()) for _ in range(3))
    for uno, espera in ((nuevo, 3), (otro, 3), (viejo, 2)):
        decir(uno, respuesta(uno, EstadoPasarela.PENDIENTE), timedelta(minutes=espera))
    assert resultados.por_consultar(AHORA + HORA) == [viejo.id, nuevo.id, otro.id]
    assert resultados.por_consultar(AHORA + HORA, limite=1) == [viejo.id]
    assert resultados.por_consultar(AHORA + timedelta(minutes=2)) == [viejo.id]


def test_lo_que_la_pasarela_no_conoce_se_da_por_fallido_solo_cuando_ya_no_puede_tener_dinero() -> None:
    una = liquidacion()
    uno = pago(una)
    limite = uno.vence_en + HORA
    esperando = desconocer(uno, limite)
    assert (esperando.estado, esperando.consultado_en) == (EstadoPago.ENVIADO, limite)
    assert estados_de(una) == ["en_verificacion", "en_verificacion"]
    tarde = limite + timedelta(microseconds=1)
    fallido = desconocer(uno, tarde)
    assert (fallido.estado, fallido.resuelto_en) == (EstadoPago.FALLIDO, tarde)
    assert (fallido.mensaje, fallido.consultar_desde) == ("La pasarela no conoce este pago.", None)
    assert estados_de(una) == ["liquidada", "liquidada"]


def test_lo_aprobado_no_se_olvida_aunque_la_pasarela_deje_de_conocerlo() -> None:
    una = liquidacion()
    uno = pago(una)
    decir(uno, respuesta(uno))
    despues = desconocer(uno, uno.vence_en + HORA * 24)
    assert (despues.estado, despues.mensaje) == (EstadoPago.APROBADO, "La petición ha sido procesada")
    assert estados_de(una) == ["legalizada", "legalizada"]


def test_el_mensaje_cabe_en_su_columna_y_uno_vacio_no_borra_el_anterior() -> None:
    uno = pago(liquidacion())
    dicha = respuesta(uno, EstadoPasarela.PENDIENTE)
    assert decir(uno, replace(dicha, mensaje="x" * 301)).mensaje == "x" * 300
    assert decir(uno, replace(dicha, mensaje="")).mensaje == "x" * 300


def test_se_guardan_los_datos_del_debito_aprobado_y_si_no_hay_los_del_ultimo() -> None:
    uno = pago(liquidacion())
    malo = debito(uno, id="t0", estado=EstadoPasarela.RECHAZADO, cus="0", banco="Banco malo")
    otro = debito(uno, id="t2", estado=EstadoPasarela.RECHAZADO, cus=None, banco="Otro banco")
    dicha = respuesta(uno)
    rechazados = decir(uno, replace(dicha, estado=EstadoPasarela.PENDIENTE, transacciones=(malo, otro)))
    assert (rechazados.cus, rechazados.banco, rechazados.rechazado_en_sesion) == (None, "Otro banco", True)
    bueno = debito(uno, cus="7", banco=None)
    aprobado = decir(uno, replace(dicha, transacciones=(bueno, malo)))
    assert (aprobado.cus, aprobado.banco, aprobado.rechazado_en_sesion) == ("7", "Otro banco", False)
    assert aprobado.recaudos[0].banco == "Otro banco"
    assert decir(uno, replace(dicha, transacciones=(replace(bueno, cus=None),))).cus == "7"


def test_despues_de_aprobado_nada_cambia_sus_datos_salvo_otro_debito_aprobado() -> None:
    uno = pago(liquidacion())
    decir(uno, respuesta(uno))
    dicha = respuesta(uno, EstadoPasarela.RECHAZADO)
    rechazado = debito(uno, id="t2", estado=EstadoPasarela.RECHAZADO, cus="9")
    despues = decir(uno, replace(dicha, mensaje="Negada", transacciones=(rechazado,)))
    assert (despues.cus, despues.mensaje, despues.rechazado_en_sesion) == (
        "1234567",
        "La petición ha sido procesada",
        False,
    )
    otro = decir(uno, replace(respuesta(uno), transacciones=(debito(uno), debito(uno, id="t3", cus="9"))))
    assert otro.cus == "9"


def test_la_sesion_que_la_pasarela_dice_se_guarda_solo_si_no_se_sabia() -> None:
    sabida, nueva = pago(liquidacion()), pago(liquidacion(), enviado=False)
    for uno in (sabida, nueva):
        decir(uno, replace(respuesta(uno, EstadoPasarela.PENDIENTE), id_pasarela=f"otra{uno.id}"))
    assert (leido(sabida).id_pasarela, leido(nueva).id_pasarela) == (f"s{sabida.id}", f"otra{nueva.id}")


def test_una_respuesta_que_no_se_puede_creer_se_escribe_una_vez_y_no_mueve_nada() -> None:
    una = liquidacion()
    uno = pago(una)
    for _ in range(2):
        despues = decir(uno, respuesta(uno, referencia="de otro"))
    assert (despues.estado, despues.consultado_en, despues.cus) == (EstadoPago.ENVIADO, AHORA, None)
    assert despues.consultar_desde == AHORA + ESPERA
    eventos = db.session.scalars(select(EventoPago).where(EventoPago.hasta == "referencia_distinta")).all()
    assert [(e.pago_id, e.desde, e.causa, e.en) for e in eventos] == [(uno.id, "enviado", "sonda", AHORA)]


def test_un_si_a_lo_que_se_daba_por_perdido_se_le_cuenta_a_tesoreria() -> None:
    uno, esperado = pago(liquidacion()), pago(liquidacion())
    decir(uno, respuesta(uno, EstadoPasarela.VENCIDO, transaccion=None))
    decir(uno, respuesta(uno))
    decir(esperado, respuesta(esperado, transaccion="t2"))
    (caso,) = db.session.scalars(select(Caso)).all()
    assert (caso.clase, caso.pago_id, caso.detalle) == (ClaseCaso.PAGO_TARDIO, uno.id, {"se_daba_por": "vencido"})
    assert leido(uno).resuelto_en == leido(esperado).resuelto_en == AHORA


@pytest.mark.parametrize(
    "dicho",
    [
        EstadoPasarela.RECHAZADO,
        EstadoPasarela.FALLIDO,
        EstadoPasarela.VENCIDO,
        EstadoPasarela.APROBADO_CON_DEVOLUCION,
    ],
)
def test_lo_que_contradice_un_si_dice_que_se_dijo_y_de_que_credito(dicho: EstadoPasarela) -> None:
    uno = pago(liquidacion())
    decir(uno, respuesta(uno))
    decir(uno, respuesta(uno, dicho))
    (caso,) = db.session.scalars(select(Caso)).all()
    (recaudo,) = leido(uno).recaudos
    assert (caso.clase, caso.pago_id, caso.recaudo_id) == (ClaseCaso.RESPUESTA_CONTRADICTORIA, uno.id, recaudo.id)
    assert caso.detalle == {"estado": dicho.value}


@pytest.mark.parametrize(
    ("mensaje", "motivo"),
    [("", "La pasarela informó que el banco devolvió el pago."), ("y" * 301, "y" * 300), ("Reversada", "Reversada")],
)
def test_una_reversion_dice_lo_que_dijo_la_pasarela(mensaje: str, motivo: str) -> None:
    uno = pago(liquidacion())
    dicha = respuesta(uno)
    devuelto = debito(uno, estado=EstadoPasarela.REVERTIDO, mensaje=mensaje)
    decir(uno, replace(dicha, estado=EstadoPasarela.REVERTIDO, transacciones=(devuelto,)))
    assert db.session.scalars(select(Reversion.motivo)).all() == [motivo]
    assert estado_de(uno) is EstadoPago.APROBADO


def test_un_si_sin_debito_ninguno_queda_a_la_espera_de_alguien() -> None:
    una = liquidacion()
    uno = pago(una)
    despues = decir(uno, respuesta(uno, transaccion=None))
    assert (despues.estado, despues.rechazado_en_sesion) == (EstadoPago.PENDIENTE, False)
    assert estados_de(una) == ["en_verificacion", "en_verificacion"]


def test_lo_que_ya_se_devolvio_no_se_contradice() -> None:
    uno = pago(liquidacion())
    devuelto = debito(uno, estado=EstadoPasarela.REVERTIDO)
    decir(uno, replace(respuesta(uno), transacciones=(devuelto,)))
    decir(uno, respuesta(uno, EstadoPasarela.RECHAZADO))
    assert db.session.scalars(select(Caso.clase)).all() == [ClaseCaso.REVERSION]


def test_un_credito_que_no_es_el_que_se_esperaba_queda_en_la_historia_del_pago() -> None:
    uno = pago(liquidacion())
    for _ in range(2):
        decir(uno, respuesta(uno, valor=uno.total - 1))
    eventos = db.session.scalars(select(EventoPago.hasta).where(EventoPago.pago_id == uno.id).order_by(EventoPago.id))
    assert eventos.all() == ["creado", "enviado", "valor_distinto", "pendiente"]


def test_lo_que_lleva_mas_de_un_dia_abierto_se_avisa_una_vez_aunque_tenga_otro_caso() -> None:
    viejo, otro, resuelto = (pago(liquidacion()) for _ in range(3))
    decir(viejo, respuesta(viejo, valor=viejo.total - 1))
    decir(resuelto, respuesta(resuelto, transaccion="t2"))
    for _ in range(2):
        with transaccion():
            resultados.avisar_sin_resolver(AHORA + timedelta(days=1, microseconds=1))
    avisos = db.session.scalars(select(Caso).where(Caso.clase == ClaseCaso.SIN_RESOLVER).order_by(Caso.pago_id)).all()
    assert [(c.pago_id, c.veces) for c in avisos] == [(viejo.id, 1), (otro.id, 1)]


@pytest.mark.descuadra
def test_lo_que_otra_puerta_ya_escribio_se_lee_de_nuevo_antes_de_decidir() -> None:
    uno = pago(liquidacion())
    vencido = update(Pago).where(Pago.id == uno.id).values(estado=EstadoPago.VENCIDO)
    with transaccion():
        assert db.session.get_one(Pago, uno.id).estado is EstadoPago.ENVIADO
        # Somebody else's, of which the object that was read knows nothing.
        db.session.execute(vencido.execution_options(synchronize_session=False))
        dicha = respuesta(uno, EstadoPasarela.PENDIENTE)
        estado = resultados.aplicar_resultado(uno.id, dicha, causa=Causa.SONDA, espera=ESPERA, ahora=AHORA)
    assert estado is estado_de(uno) is EstadoPago.VENCIDO


def test_un_valor_distinto_que_se_sabe_ya_devuelto_no_retiene_nada() -> None:
    una = liquidacion()
    uno = pago(una)
    devuelto = debito(uno, valor=uno.total - 1, estado=EstadoPasarela.REVERTIDO)
    despues = decir(uno, replace(respuesta(uno), estado=EstadoPasarela.REVERTIDO, transacciones=(devuelto,)))
    assert despues.estado is EstadoPago.FALLIDO
    assert estados_de(una) == ["liquidada", "liquidada"]


def test_cada_debito_aprobado_guarda_su_banco() -> None:
    uno = pago(liquidacion())
    debitos = (debito(uno, banco="Banco Uno"), debito(uno, id="t2", banco="Banco Dos"))
    despues = decir(uno, replace(respuesta(uno), transacciones=debitos))
    assert [(r.transaccion, r.banco) for r in despues.recaudos] == [("t1", "Banco Uno"), ("t2", "Banco Dos")]


@pytest.mark.parametrize("final", [EstadoPasarela.APROBADO, EstadoPasarela.RECHAZADO, EstadoPasarela.VENCIDO])
def test_una_respuesta_final_cierra_el_caso_de_que_no_la_habia_y_solo_el_suyo(final: EstadoPasarela) -> None:
    uno, otro = pago(liquidacion()), pago(liquidacion())
    with transaccion():
        resultados.avisar_sin_resolver(AHORA + timedelta(days=2))
    decir(uno, respuesta(uno, final))
    casos = db.session.scalars(select(Caso).order_by(Caso.pago_id)).all()
    assert [(c.pago_id, c.salida) for c in casos] == [(uno.id, SalidaCaso.RESUELTO_SOLO), (otro.id, None)]
