"""The outbox: each notice is written once, taken by one sender at a time, tried again with patience and never lost."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.db import db, transaccion
from portal.dominio.correo import MAXIMO_INTENTOS, PLANTILLAS, espera_antes_de_repetir
from portal.models import Correo, EstadoCorreo
from portal.operaciones import correos
from tests.fabricas import AHORA
from tests.operaciones.test_carreras import a_la_vez

DATOS = {
    "pago": "1",
    "referencia": "L1-ABC",
    "liquidacion": "7",
    "total": "9000.00",
    "en": AHORA.isoformat(),
}
DESTINO = "pagadora@correo.test"


def encolar(clave: str = "pago:L1:fallido", destino: str = DESTINO, **cambios: str) -> Correo:
    with transaccion():
        correos.encolar(clave, destino, "pago_no_iniciado", DATOS | cambios, ahora=AHORA)
    return leer(clave)


def leer(clave: str = "pago:L1:fallido") -> Correo:
    db.session.expire_all()
    return db.session.scalars(select(Correo).where(Correo.clave == clave)).one()


def apartar(correo: Correo, minutos: float = 0) -> int | None:
    with transaccion():
        return correos.apartar(correo.id, ahora=AHORA + timedelta(minutes=minutos))


def fallar(correo: Correo, intento: int, minutos: float = 0, *, definitivo: bool = False) -> bool:
    with transaccion():
        return correos.registrar_fallo(
            correo.id,
            intento,
            motivo="El servidor no atiende (421).",
            definitivo=definitivo,
            azar=0.0,
            ahora=AHORA + timedelta(minutes=minutos),
        )


def test_el_mismo_hecho_se_cuenta_una_vez_y_queda_como_se_escribio_primero(app: Flask) -> None:
    primero = encolar()
    encolar(destino="otra@correo.test", liquidacion="8")
    assert db.session.scalars(select(Correo.destinatario)).all() == [DESTINO]
    assert (primero.estado, primero.intentos, primero.proximo_intento_en) == (EstadoCorreo.PENDIENTE, 0, AHORA)
    assert primero.asunto == "No se pudo iniciar el pago de la liquidación 7"


def test_si_el_hecho_se_deshace_el_aviso_tambien(app: Flask) -> None:
    def a_medias() -> None:
        with transaccion():
            correos.encolar("pago:L1:fallido", DESTINO, "pago_no_iniciado", DATOS, ahora=AHORA)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        a_medias()
    assert db.session.scalars(select(Correo)).all() == []


@pytest.mark.parametrize(
    "direccion",
    [
        "",
        "sin arroba",
        "a@b",
        ".a@b.co",
        "a..b@c.co",
        "a@b.co\r\nBcc: otra@correo.test",
        "a@b.co\nSubject: otro",
        "a@b.co, otra@correo.test",
        "Nombre <a@b.co>",
        '"a b"@c.co',
        "ñandú@correo.co",
        "a@b.co\x00",
        f"{'a' * 250}@b.co",
    ],
)
@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
def test_una_direccion_que_no_sirve_nace_abandonada_y_no_estorba(app: Flask, direccion: str) -> None:
    """SQLite keeps even what PostgreSQL could not have stored as the payer's address."""
    correo = encolar(destino=direccion)
    assert (correo.estado, correo.ultimo_error) == (
        EstadoCorreo.ABANDONADO,
        "La dirección de correo no es válida.",
    )
    assert correos.por_enviar(AHORA) == []


@pytest.mark.parametrize(
    "cambios",
    [
        {"liquidacion": "7\r\nBcc: otra@correo.test"},
        {"liquidacion": "siete"},
        {"total": "NaN pesos"},
        {"en": "ayer"},
        {"cedula": "1212312323"},
    ],
)
def test_datos_que_no_son_los_de_la_plantilla_no_detienen_el_hecho(app: Flask, cambios: dict[str, str]) -> None:
    correo = encolar(**cambios)
    assert correo.estado is EstadoCorreo.ABANDONADO
    assert "plantilla" in correo.ultimo_error


def test_un_asunto_de_varias_lineas_se_rechaza(app: Flask) -> None:
    """The result is a text that the subject names: the one place where data reach a header."""
    with transaccion():
        for i, resultado in enumerate(("fallida\r\nBcc: otra@correo.test", "x" * 200, "fa\u202ellida")):
            datos = DATOS | {"resultado": resultado}
            correos.encolar(f"pago:L{i}:x", DESTINO, "pago_sin_debito", datos, ahora=AHORA)
    filas = db.session.execute(select(Correo.estado, Correo.asunto, Correo.ultimo_error)).all()
    assert {tuple(f) for f in filas} == {(EstadoCorreo.ABANDONADO, "", "El asunto no es una sola línea corta.")}


def test_una_plantilla_que_no_existe_queda_a_la_vista(app: Flask) -> None:
    with transaccion():
        correos.encolar("x", DESTINO, "no_existe", {}, ahora=AHORA)
    assert leer("x").ultimo_error == "La plantilla no existe."


def test_quien_lo_aparta_lo_tiene_solo_hasta_que_vence_su_plazo(app: Flask) -> None:
    correo = encolar()
    assert apartar(correo) == 1
    assert apartar(correo, minutos=9) is None
    assert apartar(correo, minutos=10) == 2


def test_el_fallo_de_quien_perdio_el_turno_no_cuenta_pero_su_envio_si(app: Flask) -> None:
    correo = encolar()
    apartar(correo)
    assert apartar(correo, minutos=10) == 2
    assert not fallar(correo, 1, minutos=10)
    assert leer().ultimo_error == ""
    with transaccion():
        assert correos.registrar_envio(correo.id, ahora=AHORA)
        assert not correos.registrar_envio(correo.id, ahora=AHORA)
    assert not fallar(correo, 2, minutos=11)
    assert leer().estado is EstadoCorreo.ENVIADO
    assert apartar(correo, minutos=60) is None


def test_espera_cada_vez_mas_y_al_final_se_rinde_a_la_vista(app: Flask) -> None:
    correo, minutos, esperas = encolar(), 0.0, []
    while leer().estado is EstadoCorreo.PENDIENTE:
        intento = apartar(correo, minutos)
        assert intento is not None
        assert fallar(correo, intento, minutos)
        proximo = leer().proximo_intento_en
        if proximo is not None:
            esperas.append((proximo - AHORA).total_seconds() / 60 - minutos)
            minutos += esperas[-1]
    assert [round(e) for e in esperas] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 720, 720, 720]
    fila = leer()
    assert (fila.estado, fila.intentos) == (EstadoCorreo.ABANDONADO, MAXIMO_INTENTOS)
    assert fila.ultimo_error == "El servidor no atiende (421)."
    assert minutos > 2 * 24 * 60
    assert correos.contar() == {
        EstadoCorreo.PENDIENTE: 0,
        EstadoCorreo.ENVIADO: 0,
        EstadoCorreo.ABANDONADO: 1,
    }


def test_el_azar_separa_los_intentos_sin_adelantarlos() -> None:
    for intento in (1, 5, MAXIMO_INTENTOS, 10_000):
        justa = espera_antes_de_repetir(intento, 0.0)
        assert justa < espera_antes_de_repetir(intento, 0.7) < justa * 1.5


def test_lo_que_nunca_se_va_a_poder_se_abandona_al_primer_intento(app: Flask) -> None:
    correo = encolar()
    apartar(correo)
    fallar(correo, 1, definitivo=True)
    assert leer().estado is EstadoCorreo.ABANDONADO


def test_lo_que_mata_a_quien_lo_envia_no_se_intenta_para_siempre(app: Flask) -> None:
    correo, minutos = encolar(), 0
    while apartar(correo, minutos) is not None:
        minutos += 10
    with transaccion():
        assert correos.abandonar_agotados(ahora=AHORA + timedelta(minutes=minutos)) == 1
    fila = leer()
    assert (fila.estado, fila.intentos) == (EstadoCorreo.ABANDONADO, MAXIMO_INTENTOS)
    assert "se interrumpió" in fila.ultimo_error


def test_van_primero_los_que_mas_llevan_esperando(app: Flask) -> None:
    uno, dos = encolar("a"), encolar("b")
    apartar(uno)
    fallar(uno, 1)
    assert correos.por_enviar(AHORA + timedelta(minutes=2)) == [dos.id, uno.id]
    assert correos.por_enviar(AHORA) == [dos.id]


def test_de_ocho_que_envian_a_la_vez_uno_aparta_cada_aviso(app: Flask) -> None:
    ids = [encolar(f"pago:L{i}:fallido").id for i in range(5)]
    apartados: list[int] = []

    def tarea() -> None:
        for correo_id in ids:
            with transaccion():
                if correos.apartar(correo_id, ahora=AHORA) is not None:
                    apartados.append(correo_id)

    assert a_la_vez(app, [tarea] * 8) == []
    assert sorted(apartados) == ids


def test_control_mirar_antes_de_apartar_envia_dos_veces(app: Flask) -> None:
    """The usual mistake: look at the state in one transaction and write it in another."""
    correo_id = encolar().id
    todos_miraron = threading.Barrier(8)
    enviados: list[int] = []

    def ingenua() -> None:
        pendiente = db.session.scalar(select(Correo.estado).where(Correo.id == correo_id))
        db.session.rollback()
        todos_miraron.wait(timeout=30)
        if pendiente is EstadoCorreo.PENDIENTE:
            enviados.append(correo_id)
            with transaccion():
                db.session.execute(update(Correo).where(Correo.id == correo_id).values(intentos=1))

    a_la_vez(app, [ingenua] * 8)
    assert len(enviados) > 1, "the control must show the doubling, else the race test proves nothing"


def test_ocho_que_cuentan_el_mismo_hecho_a_la_vez_lo_escriben_una_vez(app: Flask) -> None:
    def tarea() -> None:
        with transaccion():
            correos.encolar("pago:L1:fallido", DESTINO, "pago_no_iniciado", DATOS, ahora=AHORA)

    tareas: list[Callable[[], None]] = [tarea] * 8
    assert a_la_vez(app, tareas) == []
    assert len(db.session.scalars(select(Correo)).all()) == 1


def test_cada_plantilla_tiene_un_asunto_que_se_escribe_con_sus_datos() -> None:
    for nombre, plantilla in PLANTILLAS.items():
        assert plantilla.nombre == nombre
        assert plantilla.asunto.format_map({clave: "1" for clave in plantilla.datos})
