"""Adherir y anular: once, all or none, with the reason of every refusal; and what the bank takes back afterwards."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from portal.db import db, transaccion
from portal.dominio.adhesiones import Rechazo
from portal.dominio.devoluciones import CausalDevolucion
from portal.dominio.errores import DatoInvalido, TransicionNoPermitida
from portal.dominio.estados import EventoFactura as Evento
from portal.models import Adhesion, Bitacora, Caso, EventoFactura, Liquidacion, Pago
from portal.models.pago import CausaReversion
from portal.operaciones import devoluciones, reversiones, sin_efecto, verificacion
from portal.operaciones.adhesiones import AdhesionRechazada, reparos_de
from portal.operaciones.facturas import mover_facturas
from portal.pasarelas.base import EstadoPasarela
from tests.adhesiones import HOY_COLOMBIA, acto, adherir, en_pie, funcionario, usar
from tests.devoluciones import decir, doble, estudiada, firma, pagado, pedir, tesorero
from tests.fabricas import AHORA, estados_de, liquidacion, pago, respuesta
from tests.ordenes import aplicacion, aprobar, credito, legalizacion


def revertir(uno: Pago) -> None:
    db.session.expire_all()
    with transaccion():
        for recaudo in db.session.get_one(Pago, uno.id).recaudos:
            reversiones.revertir(recaudo.id, causa=CausaReversion.BANCO, motivo="Reclamo del titular", ahora=AHORA)


def pagar_de_nuevo(una: Liquidacion, transaccion_: str = "t2") -> Pago:
    otro = pago(una)
    decir(otro, respuesta(otro, transaccion=transaccion_))
    return otro


def rechazos(error: pytest.ExceptionInfo[AdhesionRechazada]) -> list[Rechazo]:
    return [r.rechazo for r in error.value.reparos]


def test_se_usan_todas_las_estampillas_de_un_acto(app: Flask) -> None:
    una, _ = pagado()
    quien = funcionario()
    hecha = adherir(una, quien, que=acto(huella=("a" * 64, 1234)))
    assert estados_de(una) == ["utilizada", "utilizada"]
    assert (hecha.numero, hecha.viva, hecha.huella) == (1, True, ("a" * 64, 1234))
    assert [f.uso.adhesion_id if f.uso else None for f in una.facturas] == [hecha.id, hecha.id]
    eventos = db.session.scalars(select(EventoFactura).where(EventoFactura.evento == "adherida")).all()
    assert [(e.desde, e.hasta, e.usuario_id) for e in eventos] == [("legalizada", "utilizada", quien.id)] * 2
    anotado = db.session.scalars(select(Bitacora).where(Bitacora.accion == "adhesion.adherir")).one()
    assert (anotado.objeto, anotado.usuario_id) == ("adhesion:1", quien.id)
    assert una.documento not in str(anotado.detalle)


def test_se_puede_usar_una_sola_y_despues_la_otra(app: Flask) -> None:
    una, _ = pagado()
    quien = funcionario()
    adherir(una, quien, [una.facturas[0].numero])
    assert estados_de(una) == ["utilizada", "legalizada"]
    adherir(una, quien, [una.facturas[1].numero])
    assert estados_de(una) == ["utilizada", "utilizada"]


def test_la_segunda_vez_se_dice_quien_cuando_y_para_que(app: Flask) -> None:
    una, _ = pagado((4000,))
    adherir(una, funcionario("Ana Funcionaria"), que=acto("Resolución 12"))
    with pytest.raises(AdhesionRechazada) as error:
        adherir(una, funcionario("Luis Funcionario"), que=acto("Resolución 13"))
    assert rechazos(error) == [Rechazo.YA_USADA]
    for parte in ("Ana Funcionaria", "Resolución 12", "Secretaría de Gobierno", "adhesión 1", "No se usó ninguna"):
        assert parte in error.value.mensaje
    assert en_pie(una.facturas[0].id) == [1]


def test_la_misma_peticion_da_la_misma_respuesta(app: Flask) -> None:
    una, _ = pagado()
    quien, clave = funcionario(), "k" * 40
    primera = adherir(una, quien, clave=clave).numero
    assert adherir(una, quien, clave=clave).numero == primera
    assert db.session.scalars(select(Adhesion.numero)).all() == [primera]
    for otro in (acto("Contrato 648"), acto(huella=("b" * 64, 9))):
        with pytest.raises(TransicionNoPermitida, match="con otros datos"):
            adherir(una, quien, que=otro, clave=clave)
    with pytest.raises(TransicionNoPermitida, match="con otros datos"):
        adherir(una, quien, [una.facturas[0].numero], clave=clave)
    with pytest.raises(AdhesionRechazada):
        adherir(una, funcionario(), clave=clave)


def test_o_todas_o_ninguna(app: Flask) -> None:
    una, _ = pagado()
    quien = funcionario()
    adherir(una, quien, [una.facturas[0].numero])
    with pytest.raises(AdhesionRechazada) as error:
        adherir(una, quien)
    assert [r.factura for r in error.value.reparos] == [una.facturas[0].numero]
    assert estados_de(una) == ["utilizada", "legalizada"]


def sin_pagar() -> Liquidacion:
    return liquidacion((4000,))


def vencida() -> Liquidacion:
    return liquidacion((4000,), fecha_limite=HOY_COLOMBIA - timedelta(days=1))


def por_retencion() -> Liquidacion:
    return liquidacion((4000,), por_retencion=True)


def en_verificacion() -> Liquidacion:
    una = liquidacion((4000,))
    pago(una)
    return una


def revertida() -> Liquidacion:
    una, uno = pagado((4000,))
    revertir(uno)
    return una


def usada_y_revertida() -> Liquidacion:
    una, uno = pagado((4000,))
    adherir(una, funcionario())
    revertir(uno)
    return una


def anulada() -> Liquidacion:
    una = liquidacion((4000,))
    rentas = funcionario(rol="rentas")
    with transaccion():
        sin_efecto.dejar_sin_efecto(una.id, motivo="Mal liquidada", usuario=rentas, ahora=AHORA)
    return una


def pedida_de_vuelta() -> Liquidacion:
    una, uno = pagado((4000,))
    pedir(uno, CausalDevolucion.NO_DEBIDO, (una.facturas[0].numero,))
    return una


def de_otro_departamento() -> Liquidacion:
    return liquidacion((4000,), departamento="narino")


@pytest.mark.parametrize(
    ("como", "rechazo", "dice"),
    [
        (sin_pagar, Rechazo.NO_PAGADA, "No está pagada"),
        (vencida, Rechazo.VENCIDA, "su plazo venció"),
        (por_retencion, Rechazo.POR_RETENCION, "por partes"),
        (en_verificacion, Rechazo.EN_VERIFICACION, "en verificación"),
        (revertida, Rechazo.REVERTIDA, "El banco devolvió el pago"),
        (usada_y_revertida, Rechazo.USADA_Y_REVERTIDA, "Ana Funcionaria"),
        (anulada, Rechazo.SIN_EFECTO, "sin efecto"),
        (pedida_de_vuelta, Rechazo.DEVOLUCION_EN_CURSO, "n.º 1"),
        (de_otro_departamento, Rechazo.OTRO_DEPARTAMENTO, "otro departamento"),
    ],
)
def test_cada_rechazo_dice_su_razon(app: Flask, como: Any, rechazo: Rechazo, dice: str) -> None:
    una = como()
    antes = estados_de(una)
    with pytest.raises(AdhesionRechazada, match=dice) as error:
        adherir(una, funcionario("Luis Funcionario"))
    assert rechazos(error) == [rechazo]
    assert estados_de(una) == antes


def test_la_de_otra_persona_o_de_otro_acto_no_sirve(app: Flask) -> None:
    una, _ = pagado((4000,))
    otra, _ = pagado((5000,))
    ajena = liquidacion((4000,), documento="900100200")
    quien = funcionario()
    with pytest.raises(AdhesionRechazada, match="de otro acto") as error:
        adherir(una, quien, [una.facturas[0].numero, otra.facturas[0].numero])
    assert rechazos(error) == [Rechazo.OTRO_ACTO]
    with pytest.raises(AdhesionRechazada, match="de otra persona") as error:
        adherir(una, quien, [ajena.facturas[0].numero])
    assert rechazos(error) == [Rechazo.OTRA_PERSONA]
    assert estados_de(una) == ["legalizada"]


def test_la_exenta_de_cero_pesos_tambien_se_usa_y_ya_no_se_anula(app: Flask) -> None:
    una = liquidacion((0,))
    rentas = funcionario(rol="rentas")
    with transaccion():
        mover_facturas([una.facturas[0].id], Evento.VALOR_CERO, ahora=AHORA)
    adherir(una, funcionario())
    assert estados_de(una) == ["utilizada"]
    assert not sin_efecto.puede_dejarse_sin_efecto(una)
    with pytest.raises(TransicionNoPermitida, match="ya se usó"), transaccion():
        sin_efecto.dejar_sin_efecto(una.id, motivo="Mal", usuario=rentas, ahora=AHORA)


def test_los_datos_del_acto_se_revisan(app: Flask) -> None:
    una, _ = pagado((4000,))
    quien = funcionario()
    for que, campo in (
        (acto(fecha=HOY_COLOMBIA + timedelta(days=1)), "acto_fecha"),
        (acto(fecha=HOY_COLOMBIA.replace(year=1950, day=1)), "acto_fecha"),
    ):
        with pytest.raises(DatoInvalido) as error:
            adherir(una, quien, que=que)
        assert error.value.campo == campo
    with pytest.raises(DatoInvalido, match="No existe la factura 999999"):
        adherir(una, quien, [999999])
    for otro in (funcionario(rol="rentas"), funcionario(rol="agente")):
        with pytest.raises(TransicionNoPermitida, match="Solo un funcionario"):
            adherir(una, otro)


# What the bank takes back after use


def test_lo_usado_que_el_banco_devuelve_y_se_paga_de_nuevo_sigue_usado(app: Flask) -> None:
    una, uno = pagado((4000,))
    quien = funcionario()
    adherir(una, quien)
    revertir(uno)
    assert estados_de(una) == ["revertida"]
    caso = db.session.scalars(select(Caso)).one()
    assert caso.detalle["usadas"] == [una.facturas[0].numero]
    pagar_de_nuevo(una)
    assert estados_de(una) == ["utilizada"]
    with pytest.raises(AdhesionRechazada, match="Ya se usó"):
        adherir(una, funcionario("Luis Funcionario"))


def test_el_dinero_que_tesoreria_aplica_a_lo_usado_no_lo_hace_usable(app: Flask) -> None:
    una, uno = pagado((4000,))
    adherir(una, funcionario())
    revertir(uno)
    ana, luis = tesorero(), tesorero()
    aprobar(aplicacion(credito(4000), una.facturas[0], ana), luis)
    assert estados_de(una) == ["utilizada"]
    otra, otro = pagado((5000,))
    adherir(otra, funcionario())
    revertir(otro)
    aprobar(legalizacion(otra, ana), luis)
    assert estados_de(otra) == ["utilizada"]


def test_un_pago_nuevo_que_no_se_hace_la_deja_revertida_y_usada(app: Flask) -> None:
    una, uno = pagado((4000,))
    adherir(una, funcionario())
    revertir(uno)
    otro = pago(una)
    assert estados_de(una) == ["en_verificacion"]
    decir(otro, respuesta(otro, EstadoPasarela.RECHAZADO, transaccion=None))
    assert estados_de(una) == ["revertida"]
    pagar_de_nuevo(una, "t3")
    assert estados_de(una) == ["utilizada"]


def test_una_devolucion_de_un_pago_doble_no_impide_usarla(app: Flask) -> None:
    uno = doble((4000,))
    una = uno.liquidacion
    pedir(uno)
    adherir(una, funcionario())
    assert estados_de(una) == ["utilizada"]


def test_lo_usado_no_se_puede_devolver_y_lo_devuelto_no_se_puede_usar(app: Flask) -> None:
    una, uno = pagado((4000,))
    pedida = estudiada(pedir(uno, CausalDevolucion.NO_DEBIDO, (una.facturas[0].numero,)))
    with pytest.raises(AdhesionRechazada, match="n.º 1"):
        adherir(una, funcionario())
    quien = firma(tesorero())
    with transaccion():
        devoluciones.aprobar(pedida, quien)
    with pytest.raises(AdhesionRechazada, match="sin efecto"):
        adherir(una, funcionario())
    otra, otro = pagado((5000,))
    usar(otra.facturas[0].id)
    with pytest.raises(DatoInvalido, match="no hay dinero por devolver"):
        pedir(otro, CausalDevolucion.NO_DEBIDO, (otra.facturas[0].numero,))


# What the database refuses by itself


@pytest.mark.parametrize(
    "orden",
    [
        "UPDATE adhesion SET acto_numero = 'Otro'",
        "DELETE FROM adhesion",
        "UPDATE adhesion_factura SET adhesion_id = 2",
        "DELETE FROM adhesion_factura",
    ],
)
def test_una_adhesion_no_se_cambia_ni_se_borra(app: Flask, orden: str) -> None:
    una, _ = pagado((4000,))
    adherir(una, funcionario())
    with pytest.raises(Exception, match="solo se agrega"), transaccion():
        db.session.execute(text(orden))


@pytest.mark.descuadra
@pytest.mark.parametrize(
    ("orden", "dice"),
    [
        ("UPDATE adhesion_factura SET viva = false", "está utilizada y ninguna adhesión la usa"),
        ("UPDATE adhesion_factura SET viva = false", "y lo que se deshizo no dicen lo mismo"),
        ("UPDATE factura SET estado = 'legalizada'", "tiene una adhesión en pie y está legalizada"),
    ],
)
def test_la_verificacion_nombra_lo_que_no_cuadra(app: Flask, orden: str, dice: str) -> None:
    una, _ = pagado((4000,))
    adherir(una, funcionario())
    with transaccion():
        db.session.execute(text(orden))
    fallas = " | ".join(f for i in verificacion.INVARIANTES if i.codigo == "I-25" for f in i.quiebres())
    assert dice in fallas


def test_lo_que_se_puede_usar_no_tiene_reparos(app: Flask) -> None:
    una, _ = pagado()
    assert reparos_de(una.facturas, una, departamento="putumayo", hoy=HOY_COLOMBIA) == []
