"""Undoing an adhesion: alone on the same Colombian day, by two people later, whatever the bank did meanwhile."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from portal.db import db, transaccion
from portal.dominio.adhesiones import EstadoDeshacer
from portal.dominio.calendario import BOGOTA
from portal.dominio.errores import DatoInvalido, TransicionNoPermitida
from portal.models import Adhesion, Bitacora, DeshacerAdhesion
from portal.operaciones import deshacer_adhesiones
from tests.adhesiones import acto, adherir, aprobar, deshacer, en_pie, firma, funcionario, proponer, rechazar
from tests.devoluciones import decir, pagado
from tests.fabricas import AHORA, estados_de, pago, respuesta
from tests.operaciones.test_adhesiones import pagar_de_nuevo, revertir

UN_DIA = timedelta(days=1)


def leida(una: Adhesion) -> Adhesion:
    db.session.expire_all()
    return db.session.get_one(Adhesion, una.id)


def test_quien_la_hizo_la_deshace_el_mismo_dia_y_se_puede_usar_en_otro_acto(app: Flask) -> None:
    una, _ = pagado()
    quien = funcionario()
    hecha = adherir(una, quien)
    deshacer(hecha, quien, "Era de otro expediente.")
    assert estados_de(una) == ["legalizada", "legalizada"]
    fila = leida(hecha).deshecha
    assert fila is not None
    assert (fila.motivo, fila.inmediata, fila.resuelta_por) == ("Era de otro expediente.", True, quien.id)
    assert not hecha.viva
    otra = adherir(una, funcionario("Luis Funcionario"), que=acto("Contrato 648"))
    assert en_pie(una.facturas[0].id) == [otra.numero]
    acciones = db.session.scalars(select(Bitacora.accion).where(Bitacora.objeto == "adhesion:1")).all()
    assert acciones == ["adhesion.adherir", "adhesion.deshacer"]


def test_el_mismo_dia_es_el_de_colombia(app: Flask) -> None:
    una, _ = pagado((4000,))
    quien = funcionario()
    # 23:30 in Bogotá is the next day in UTC.
    tarde = datetime(2026, 3, 10, 4, 30, tzinfo=UTC)
    hecha = adherir(una, quien, que=acto(fecha=tarde.astimezone(BOGOTA).date()), ahora=tarde)
    with pytest.raises(TransicionNoPermitida, match="solo el mismo día"):
        deshacer(hecha, quien, ahora=tarde + timedelta(hours=1))
    deshacer(hecha, quien, ahora=tarde + timedelta(minutes=20))
    assert estados_de(una) == ["legalizada"]


def test_ni_otra_persona_ni_sin_motivo(app: Flask) -> None:
    una, _ = pagado((4000,))
    quien = funcionario()
    hecha = adherir(una, quien)
    with pytest.raises(TransicionNoPermitida, match="Solo quien la hizo"):
        deshacer(hecha, funcionario("Luis Funcionario"))
    with pytest.raises(DatoInvalido):
        deshacer(hecha, quien, "  ")
    with pytest.raises(TransicionNoPermitida, match="Solo un funcionario"):
        proponer(hecha, funcionario(rol="rentas"))
    assert estados_de(una) == ["utilizada"]


def test_no_se_deshace_dos_veces(app: Flask) -> None:
    una, _ = pagado((4000,))
    quien = funcionario()
    hecha = adherir(una, quien)
    deshacer(hecha, quien)
    for intento in (lambda: deshacer(hecha, quien), lambda: proponer(hecha, quien)):
        with pytest.raises(TransicionNoPermitida, match="ya se deshizo"):
            intento()
    assert db.session.scalars(select(DeshacerAdhesion.estado)).all() == [EstadoDeshacer.APROBADA]


def test_despues_una_persona_lo_pide_y_otra_lo_aprueba(app: Flask) -> None:
    una, _ = pagado((4000,))
    ana, luis = funcionario("Ana"), funcionario("Luis")
    hecha = adherir(una, ana, ahora=AHORA - UN_DIA, que=acto(fecha=(AHORA - 2 * UN_DIA).date()))
    proponer(hecha, ana)
    assert estados_de(una) == ["utilizada"]
    with pytest.raises(TransicionNoPermitida, match="debe aprobarlo otra persona"):
        aprobar(hecha, ana)
    with pytest.raises(TransicionNoPermitida, match="ya pidió"):
        proponer(hecha, luis)
    aprobar(hecha, luis)
    assert estados_de(una) == ["legalizada"]
    fila = leida(hecha).deshecha
    assert fila is not None
    assert (fila.propuesta_por, fila.resuelta_por, fila.inmediata) == (ana.id, luis.id, False)
    with pytest.raises(TransicionNoPermitida, match="Nadie espera"):
        aprobar(hecha, luis)


def test_rechazada_queda_como_estaba_y_se_puede_pedir_de_nuevo(app: Flask) -> None:
    una, _ = pagado((4000,))
    ana, luis = funcionario("Ana"), funcionario("Luis")
    hecha = adherir(una, ana)
    proponer(hecha, luis)
    with pytest.raises(DatoInvalido):
        rechazar(hecha, ana, " ")
    rechazar(hecha, ana, "Sí era de este acto.")
    assert estados_de(una) == ["utilizada"]
    assert leida(hecha).viva
    proponer(hecha, luis)
    aprobar(hecha, ana)
    assert estados_de(una) == ["legalizada"]


# While the bank has the money


def test_se_deshace_mientras_el_banco_tiene_el_dinero_y_al_pagarla_queda_nueva(app: Flask) -> None:
    una, uno = pagado((4000,))
    quien = funcionario()
    hecha = adherir(una, quien)
    revertir(uno)
    deshacer(hecha, quien)
    assert estados_de(una) == ["revertida"]
    assert en_pie(una.facturas[0].id) == []
    pagar_de_nuevo(una)
    assert estados_de(una) == ["legalizada"]
    adherir(una, quien)
    assert estados_de(una) == ["utilizada"]


def test_se_deshace_mientras_se_paga_de_nuevo(app: Flask) -> None:
    una, uno = pagado((4000,))
    quien = funcionario()
    hecha = adherir(una, quien)
    revertir(uno)
    otro = pago(una)
    deshacer(hecha, quien)
    assert estados_de(una) == ["en_verificacion"]
    decir(otro, respuesta(otro, transaccion="t9"))
    assert estados_de(una) == ["legalizada"]


# What the database refuses by itself


@pytest.mark.parametrize(
    ("orden", "dice"),
    [
        ("UPDATE deshacer_adhesion SET motivo = 'Otro'", "solo se agrega"),
        ("UPDATE deshacer_adhesion SET estado = 'propuesta'", "solo se agrega"),
        ("DELETE FROM deshacer_adhesion", "solo se agrega"),
        ("UPDATE adhesion_factura SET viva = true", "solo se agrega"),
    ],
)
def test_lo_deshecho_no_se_cambia_ni_se_borra(app: Flask, orden: str, dice: str) -> None:
    una, _ = pagado((4000,))
    quien = funcionario()
    deshacer(adherir(una, quien), quien)
    with pytest.raises(Exception, match=dice), transaccion():
        db.session.execute(text(orden))


def test_la_base_de_datos_no_deja_que_una_persona_se_apruebe(app: Flask) -> None:
    una, _ = pagado((4000,))
    ana = funcionario()
    hecha = adherir(una, ana)
    proponer(hecha, ana)
    with pytest.raises(Exception, match="la_aprueba_otra_persona"), transaccion():
        db.session.execute(
            text(
                "UPDATE deshacer_adhesion SET estado = 'aprobada', resuelta_por = propuesta_por, resuelta_en = propuesta_en"
            )
        )
    assert deshacer_adhesiones.sin_otra_persona(hecha, ana, firma(ana).ahora.astimezone(BOGOTA).date())
