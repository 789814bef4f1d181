"""What an entity is told of what the department decides: of each return and deposit, once, with its fact or not at all."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db, transaccion
from portal.dominio.calendario import mes_en_palabras
from portal.dominio.correo import PLANTILLAS, leer_datos
from portal.dominio.declaraciones import EstadoConsignacion, EstadoDeclaracion, mes_de
from portal.dominio.errores import TransicionNoPermitida
from portal.models import Agente, Consignacion, Correo, Declaracion, EstadoCorreo, Usuario
from portal.models.usuario import Rol
from portal.operaciones.agentes import consignaciones, declaraciones
from portal.operaciones.firmas import Firma
from tests import consignaciones as depositos
from tests.agentes import agente, persona
from tests.consignaciones import con_deuda, del_banco, desaceptada, devuelta_por_el_banco, enviada, rechazada
from tests.declaraciones import ANTES, MES, aceptada, borrador, corregida, devuelta, presentada
from tests.fabricas import AHORA, HOY

pytestmark = pytest.mark.usefixtures("app")


def correos() -> list[Correo]:
    db.session.expire_all()
    return list(db.session.scalars(select(Correo).order_by(Correo.id)))


def plantillas() -> list[str]:
    return [correo.plantilla for correo in correos()]


def con_mes(**otros: Any) -> tuple[Agente, Usuario, Declaracion]:
    """An entity, its person, and a month that it filed."""
    entidad = agente(desde=ANTES, **otros)
    quien = persona(Rol.AGENTE, entidad)
    return entidad, quien, presentada(borrador(entidad), quien)


def test_una_declaracion_devuelta_se_cuenta_con_su_motivo(app: Flask) -> None:
    entidad, _, una = con_mes()
    assert correos() == []
    devuelta(una, "Falta la orden 45")
    (correo,) = correos()
    assert (correo.destinatario, correo.estado) == (entidad.correo, EstadoCorreo.PENDIENTE)
    assert correo.asunto == f"Por corregir: declaración de estampillas de {mes_en_palabras(MES)}, versión 1"
    assert leer_datos(PLANTILLAS[correo.plantilla], correo.datos) == {
        "entidad": entidad.nombre,
        "mes": mes_en_palabras(MES),
        "version": 1,
        "declaracion": una.numero,
        "motivo": "Falta la orden 45",
        "en": AHORA,
    }


def test_se_cuenta_cada_paso_del_departamento_y_ninguno_de_la_entidad(app: Flask) -> None:
    entidad, quien, una = con_mes()
    aceptada(una)
    devuelta(una)
    presentada(corregida(entidad, quien), quien)
    segunda = borrador(entidad)
    devuelta(segunda)
    assert plantillas() == ["declaracion_aceptada", "declaracion_devuelta", "declaracion_devuelta"]
    assert [c.datos["version"] for c in correos()] == ["1", "1", "2"]
    assert correos()[0].datos["declarado"] == str(una.declarado)


def test_lo_que_no_se_pudo_decidir_no_se_cuenta(app: Flask) -> None:
    _, _, una = con_mes()
    aceptada(una)
    with pytest.raises(TransicionNoPermitida):
        aceptada(una)
    assert plantillas() == ["declaracion_aceptada"]


def resuelta(como: str) -> Consignacion:
    """A deposit after treasury, or the bank, did something with it."""
    una = enviada(con_deuda()[1])
    if como == "rechazada":
        rechazada(una, "No se lee")
        return una
    linea = del_banco() if como == "revertida" else None
    depositos.aceptada(una)
    if como == "desaceptada":
        desaceptada(una, "El banco no la muestra")
    if linea is not None:
        devuelta_por_el_banco(linea)
    return una


@pytest.mark.parametrize(
    ("como", "dichos"),
    [
        ("aceptada", [("aceptar", "aceptada", "")]),
        ("rechazada", [("rechazar", "rechazada", "No se lee")]),
        ("desaceptada", [("aceptar", "aceptada", ""), ("deshacer", "rechazada", "El banco no la muestra")]),
        ("revertida", [("aceptar", "aceptada", ""), ("revertir", "devuelta por el banco", "")]),
    ],
)
def test_cada_hecho_de_una_consignacion_se_cuenta_una_vez(
    app: Flask, como: str, dichos: list[tuple[str, str, str]]
) -> None:
    una = resuelta(como)
    todos = correos()
    assert [(c.datos["evento"], c.datos["estado"], c.datos["motivo"]) for c in todos] == dichos
    for correo in todos:
        assert (correo.destinatario, correo.estado) == ("entidad@correo.test", EstadoCorreo.PENDIENTE)
        leidos = leer_datos(PLANTILLAS["consignacion_resuelta"], correo.datos)
        assert (leidos["consignacion"], leidos["valor"], leidos["entidad"]) == (
            una.numero,
            una.valor,
            una.agente.nombre,
        )
        assert (
            correo.asunto
            == f"Consignación {una.numero}, mes de {mes_en_palabras(mes_de(HOY))}: {correo.datos['estado']}"
        )


def test_enviar_y_unir_con_la_linea_no_se_cuentan(app: Flask) -> None:
    una = enviada(con_deuda()[1])
    assert correos() == []
    depositos.aceptada(una)
    del_banco()
    db.session.refresh(una)
    assert una.movimiento_id is not None
    assert len(correos()) == 1


def test_a_quien_no_dejo_direccion_no_se_le_escribe_y_todo_sigue(app: Flask) -> None:
    _, _, una = con_mes(correo="")
    devuelta(una)
    otra = enviada(con_deuda(correo="")[1])
    depositos.aceptada(otra)
    assert correos() == []
    assert (una.estado, otra.estado) == (EstadoDeclaracion.DEVUELTO, EstadoConsignacion.ACEPTADA)


def test_una_direccion_mala_no_detiene_el_dinero(app: Flask) -> None:
    entidad, quien = con_deuda()
    una = enviada(quien)
    with transaccion():
        entidad.correo = "no es una dirección"
    depositos.aceptada(una)
    (correo,) = correos()
    assert (una.estado, correo.estado) == (EstadoConsignacion.ACEPTADA, EstadoCorreo.ABANDONADO)


def _devolver(una: Declaracion, _: Consignacion, firma: Callable[[Rol], Firma]) -> None:
    declaraciones.devolver(una, motivo="Falta el soporte", firma=firma(Rol.RENTAS))


def _aceptar(_: Declaracion, una: Consignacion, firma: Callable[[Rol], Firma]) -> None:
    consignaciones.aceptar(una, firma=firma(Rol.TESORERIA))


@pytest.mark.parametrize("decidir", [_devolver, _aceptar])
def test_el_aviso_va_en_la_transaccion_del_hecho(app: Flask, decidir: Callable[..., None]) -> None:
    _, _, una = con_mes()
    otra = enviada(con_deuda()[1])
    quienes = {rol: Firma(persona(rol), AHORA) for rol in (Rol.RENTAS, Rol.TESORERIA)}

    def decidir_y_caer() -> None:
        with transaccion():
            decidir(una, otra, quienes.__getitem__)
            assert len(db.session.scalars(select(Correo)).all()) == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        decidir_y_caer()
    assert correos() == []
    assert (una.estado, otra.estado) == (EstadoDeclaracion.PRESENTADO, EstadoConsignacion.RECIBIDA)
