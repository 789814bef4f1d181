"""A reminder is a notice of the outbox: once for each entity, month, due date and kind."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from flask import Flask
from sqlalchemy import select

from portal.db import db, transaccion
from portal.dominio.correo import PLANTILLAS, leer_datos
from portal.models import Correo, EstadoCorreo
from portal.operaciones.recordatorios import Pendiente, encolar_recordatorio

AHORA = datetime(2025, 5, 11, 12, 0, tzinfo=UTC)
UNO = Pendiente(
    "agente:7", "Hospital de la Samaritana", "agente@demo.test", date(2025, 4, 1), "Borrador", date(2025, 5, 12)
)


def encolar(uno: Pendiente = UNO, clase: str = "antes-1", dias: int = 0) -> None:
    ahora = AHORA + timedelta(days=dias)
    with transaccion():
        encolar_recordatorio(uno, clase, hoy=ahora.date(), ahora=ahora)


def correos() -> list[Correo]:
    db.session.rollback()
    return list(db.session.scalars(select(Correo).order_by(Correo.id)))


def test_dice_la_entidad_el_mes_cuando_vence_y_en_que_va(app: Flask) -> None:
    encolar()
    (correo,) = correos()
    assert correo.estado is EstadoCorreo.PENDIENTE
    assert correo.asunto == "Falta 1 día: declaración de estampillas de abril de 2025"
    assert leer_datos(PLANTILLAS[correo.plantilla], correo.datos) == {
        "entidad": "Hospital de la Samaritana",
        "mes": "abril de 2025",
        "vence": date(2025, 5, 12),
        "estado": "Borrador",
        "aviso": "Falta 1 día",
    }


def test_el_mismo_no_se_escribe_dos_veces_aunque_corra_otro_dia(app: Flask) -> None:
    encolar()
    encolar()
    encolar(dias=1)
    assert len(correos()) == 1


def test_otra_clase_otro_mes_otra_entidad_y_otro_vencimiento_son_otros(app: Flask) -> None:
    encolar()
    encolar(clase="el-dia", dias=1)
    encolar(replace(UNO, periodo=date(2025, 5, 1)))
    encolar(replace(UNO, codigo="agente:8"))
    encolar(replace(UNO, vence=date(2025, 5, 13)))
    assert len(correos()) == 5


def test_una_direccion_mala_queda_escrita_con_su_razon_y_no_detiene_nada(app: Flask) -> None:
    encolar(replace(UNO, correo="no es una dirección"))
    (correo,) = correos()
    assert (correo.estado, correo.ultimo_error) == (EstadoCorreo.ABANDONADO, "La dirección de correo no es válida.")
