"""Money that moves by hand: two people, one proof, exactly what was proposed, and nothing when the world has changed."""

from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from portal.db import db, transaccion
from portal.dominio.casos import ClaseCaso, SalidaCaso
from portal.dominio.errores import DatoInvalido, TransicionNoPermitida
from portal.dominio.ordenes import EstadoOrden
from portal.models import Archivo, Asiento, Bitacora, Caso, Liquidacion, OrdenTesoreria, Recaudo, Reversion
from portal.models.pago import CanalRecaudo, CausaReversion
from portal.operaciones import casos, libro, ordenes, reversiones, verificacion
from portal.operaciones.aplicaciones import aplicar
from portal.operaciones.recaudos import cubierta_de
from tests import ordenes as fabrica
from tests.fabricas import AHORA, HOY, estados_de, liquidacion, pago
from tests.ordenes import aplicacion, aprobar, credito, firma, legalizacion, pagada, rechazar, sustento, tesorero


def abiertos() -> list[ClaseCaso]:
    db.session.expire_all()
    return list(db.session.scalars(select(Caso.clase).where(Caso.cerrado_en.is_(None)).order_by(Caso.numero)))


def quiebres() -> list[str]:
    (propia,) = [i for i in verificacion.INVARIANTES if "a mano" in i.dice]
    return list(propia.quiebres())


def test_legalizar_no_mueve_nada_hasta_que_otra_persona_aprueba(app: Flask) -> None:
    una, ana, luis = liquidacion(), tesorero(), tesorero()
    orden = legalizacion(una, ana, referencia="777")
    assert estados_de(una) == ["liquidada", "liquidada"]
    assert libro.saldos() == {}
    aprobar(orden, luis)
    assert estados_de(una) == ["legalizada", "legalizada"]
    assert libro.saldos() == {"legalizacion_manual": 9000, "estampilla:E0": -4000, "estampilla:E1": -5000}
    recaudo = db.session.scalars(select(Recaudo)).one()
    assert (recaudo.canal, recaudo.pasarela, recaudo.transaccion) == (CanalRecaudo.MANUAL, "tesoreria", orden.clave)
    assert recaudo.autorizacion == "777"
    acciones = db.session.scalars(select(Bitacora.accion).where(Bitacora.objeto == f"orden:{orden.numero}")).all()
    assert acciones == ["orden.proponer", "orden.aprobar"]


def test_quien_propone_no_aprueba_aunque_sea_el_unico(app: Flask) -> None:
    una, ana = liquidacion(), tesorero()
    orden = legalizacion(una, ana)
    with pytest.raises(TransicionNoPermitida, match="otra persona"):
        aprobar(orden, ana)
    assert estados_de(una) == ["liquidada", "liquidada"]
    with pytest.raises(IntegrityError), transaccion():
        db.session.execute(
            text(
                "UPDATE orden_tesoreria SET estado = 'aprobada', resuelta_por = propuesta_por, resuelta_en = propuesta_en"
            )
        )


@pytest.mark.parametrize("rol", ["rentas", "administrador", "auditor"])
def test_solo_tesoreria_propone_y_aprueba(app: Flask, rol: str) -> None:
    una, otro = liquidacion(), tesorero(rol)
    orden = legalizacion(una, tesorero())
    with pytest.raises(TransicionNoPermitida, match="Tesorería"):
        aprobar(orden, otro)
    with pytest.raises(TransicionNoPermitida, match="Tesorería"):
        rechazar(orden, otro)
    with pytest.raises(TransicionNoPermitida, match="Tesorería"):
        legalizacion(una, otro)


def test_una_cuenta_cerrada_no_aprueba(app: Flask) -> None:
    orden, luis = legalizacion(liquidacion(), tesorero()), tesorero()
    with transaccion():
        luis.activo = False
    with pytest.raises(TransicionNoPermitida, match="activa"):
        aprobar(orden, luis)


def test_una_orden_se_resuelve_una_vez(app: Flask) -> None:
    una, luis = liquidacion(), tesorero()
    orden = legalizacion(una, tesorero())
    rechazar(orden, luis)
    for resolver in (aprobar, rechazar):
        with pytest.raises(TransicionNoPermitida, match="ya fue resuelta"):
            resolver(orden, luis)
    assert estados_de(una) == ["liquidada", "liquidada"]


def test_si_la_factura_se_pago_mientras_tanto_no_se_mueve_nada(app: Flask) -> None:
    una, luis = liquidacion(), tesorero()
    orden = legalizacion(una, tesorero())
    credito(4000, [cubierta_de(una.facturas[0])])
    with pytest.raises(TransicionNoPermitida, match="ya no se debe"):
        aprobar(orden, luis)
    assert estados_de(una) == ["legalizada", "liquidada"]
    assert db.session.get_one(OrdenTesoreria, orden.id).por_resolver
    assert abiertos() == []
    rechazar(orden, luis)


def test_lo_vencido_se_legaliza_y_lo_que_esta_en_el_banco_tambien(app: Flask) -> None:
    vencida = liquidacion((3000,), fecha_limite=HOY - timedelta(days=90))
    en_curso = liquidacion((6000,))
    pago(en_curso)
    for una in (vencida, en_curso):
        aprobar(legalizacion(una, tesorero()), tesorero())
        assert estados_de(una) == ["legalizada"]


def test_lo_que_se_cobra_por_partes_o_vale_cero_no_se_legaliza(app: Flask) -> None:
    ana = tesorero()
    for una in (liquidacion((3000,), por_retencion=True), pagada_antes()):
        with pytest.raises(DatoInvalido, match="no se debe"):
            legalizacion(una, ana)


def pagada_antes() -> Liquidacion:
    una = liquidacion((4000,))
    pagada(una)
    return una


def test_el_mismo_comprobante_no_sirve_dos_veces(app: Flask) -> None:
    ana, una, otra = tesorero(), liquidacion(), liquidacion()
    primera = legalizacion(una, ana, referencia="A12345")
    with pytest.raises(DatoInvalido, match=f"orden {primera.numero}") as hallado:
        legalizacion(otra, ana, referencia="A12345")
    assert hallado.value.campo == "referencia_banco"
    rechazar(primera, tesorero())
    aprobar(legalizacion(otra, ana, referencia="A12345"), tesorero())
    with pytest.raises(DatoInvalido, match="Ese comprobante ya está"):
        legalizacion(una, ana, referencia="A12345")


def test_el_comprobante_vale_lo_que_las_facturas_y_no_es_de_manana(app: Flask) -> None:
    una, ana = liquidacion(), tesorero()
    numeros = [f.numero for f in una.facturas]
    malos = [
        (numeros, fabrica.comprobante(8999), "valor"),
        (numeros, fabrica.comprobante(9000, fecha=HOY + timedelta(days=1)), "fecha_banco"),
        ([*numeros, 999999], fabrica.comprobante(9000), "facturas"),
        ([], fabrica.comprobante(9000), "facturas"),
    ]
    for cuales, comprobante, campo in malos:
        with pytest.raises(DatoInvalido) as hallado, transaccion():
            ordenes.proponer_legalizacion(cuales, comprobante, sustento(), firma=firma(ana), hoy=HOY)
        assert hallado.value.campo == campo
    assert db.session.scalar(select(func.count(OrdenTesoreria.id))) == 0
    assert db.session.scalar(select(func.count(Archivo.id))) == 0


def test_revertir_deshace_el_recaudo_entero_y_la_estampilla_se_debe(app: Flask) -> None:
    una, ana, luis = liquidacion(), tesorero(), tesorero()
    recaudo = pagada(una)
    orden = fabrica.reversion(recaudo, ana)
    assert estados_de(una) == ["legalizada", "legalizada"]
    aprobar(orden, luis)
    assert estados_de(una) == ["revertida", "revertida"]
    assert not any(libro.saldos().values())
    hecha = db.session.scalars(select(Reversion)).one()
    assert (hecha.causa, hecha.motivo) == (CausaReversion.TESORERIA, fabrica.MOTIVO)
    with pytest.raises(TransicionNoPermitida, match="ya fue revertido"):
        fabrica.reversion(recaudo, ana)


def test_si_el_banco_lo_revirtio_primero_la_orden_no_se_aprueba(app: Flask) -> None:
    recaudo, luis = pagada(liquidacion()), tesorero()
    orden = fabrica.reversion(recaudo, tesorero())
    with transaccion():
        reversiones.revertir(recaudo.id, causa=CausaReversion.BANCO, motivo="Devuelto", ahora=AHORA)
    with pytest.raises(TransicionNoPermitida, match="ya fue revertido"):
        aprobar(orden, luis)
    assert db.session.get_one(OrdenTesoreria, orden.id).estado is EstadoOrden.PROPUESTA


def test_aplicar_paga_la_factura_y_el_resto_sigue_esperando(app: Flask) -> None:
    una, ana, luis = liquidacion((4000, 5000)), tesorero(), tesorero()
    recaudo = credito(9000)
    aprobar(aplicacion(recaudo, una.facturas[1], ana), luis)
    assert estados_de(una) == ["liquidada", "legalizada"]
    db.session.expire_all()
    assert recaudo.por_identificar == 4000
    assert abiertos() == [ClaseCaso.REFERENCIA_DESCONOCIDA]
    aprobar(aplicacion(recaudo, una.facturas[0], luis), ana)
    assert estados_de(una) == ["legalizada", "legalizada"]
    assert abiertos() == []
    assert db.session.scalars(select(Caso.salida)).all() == [SalidaCaso.APLICADO]
    assert libro.saldos()["por_identificar"] == 0


def test_lo_aplicado_tambien_lo_deshace_una_reversion(app: Flask) -> None:
    una, ana, luis = liquidacion((4000,)), tesorero(), tesorero()
    recaudo = credito(7000)
    aprobar(aplicacion(recaudo, una.facturas[0], ana), luis)
    aprobar(fabrica.reversion(recaudo, ana), luis)
    assert estados_de(una) == ["revertida"]
    assert not any(libro.saldos().values())


def test_no_se_aplica_mas_de_lo_que_espera(app: Flask) -> None:
    ana, luis = tesorero(), tesorero()
    una, otra = liquidacion((4000,)), liquidacion((4000,))
    recaudo = credito(7000)
    with pytest.raises(DatoInvalido, match=r"7\.000") as hallado:
        aplicacion(recaudo, liquidacion((7001,)).facturas[0], ana)
    assert hallado.value.campo == "factura"
    primera, segunda = (aplicacion(recaudo, x.facturas[0], ana) for x in (una, otra))
    aprobar(primera, luis)
    with pytest.raises(TransicionNoPermitida, match=r"esperan \$3\.000"):
        aprobar(segunda, luis)
    assert estados_de(otra) == ["liquidada"]


def test_lo_que_el_banco_devolvio_no_se_aplica(app: Flask) -> None:
    una, ana, luis = liquidacion((4000,)), tesorero(), tesorero()
    recaudo = credito(7000)
    orden = aplicacion(recaudo, una.facturas[0], ana)
    with transaccion():
        reversiones.revertir(recaudo.id, causa=CausaReversion.BANCO, motivo="Devuelto", ahora=AHORA)
    with pytest.raises(TransicionNoPermitida, match="ya no hay dinero"):
        aprobar(orden, luis)
    assert estados_de(una) == ["liquidada"]


def test_el_excedente_de_un_pago_doble_se_aplica_a_otra_factura(app: Flask) -> None:
    una, otra = liquidacion((4000,)), liquidacion((4000,))
    pagada(una)
    doble = pagada(una)
    assert abiertos() == [ClaseCaso.PAGO_DOBLE]
    aprobar(aplicacion(doble, otra.facturas[0], tesorero()), tesorero())
    assert estados_de(otra) == ["legalizada"]
    assert abiertos() == []


def test_aprobar_cierra_el_caso_del_que_salio(app: Flask) -> None:
    una, uno = liquidacion((4000,)), pago(liquidacion((4000,)))
    with transaccion():
        caso_id = casos.abrir(ClaseCaso.SIN_RESOLVER, f"pago:{uno.id}", ahora=AHORA, pago_id=uno.id).id
    aprobar(legalizacion(una, tesorero(), caso_id=caso_id), tesorero())
    assert db.session.scalars(select(Caso.salida)).all() == [SalidaCaso.ORDENADO]


def test_lo_que_dice_una_orden_no_se_cambia_ni_se_borra(app: Flask) -> None:
    legalizacion(liquidacion(), tesorero())
    for orden in (
        "UPDATE orden_tesoreria SET valor = 1",
        "DELETE FROM orden_factura",
        "UPDATE orden_factura SET valor = 1",
        "DELETE FROM orden_tesoreria",
    ):
        with pytest.raises(Exception, match="solo se agrega"), transaccion():
            db.session.execute(text(orden))


def test_una_orden_resuelta_no_vuelve_a_abrirse(app: Flask) -> None:
    rechazar(legalizacion(liquidacion(), tesorero()), tesorero())
    with pytest.raises(Exception, match="solo se agrega"), transaccion():
        db.session.execute(
            text(
                "UPDATE orden_tesoreria SET estado = 'propuesta', resuelta_por = NULL, resuelta_en = NULL, "
                "motivo_rechazo = ''"
            )
        )


@pytest.mark.descuadra
def test_la_verificacion_halla_el_dinero_que_se_movio_sin_orden(app: Flask) -> None:
    una, recaudo = liquidacion((4000,)), pagada(liquidacion((5000,)))
    with transaccion():
        reversiones.revertir(recaudo.id, causa=CausaReversion.TESORERIA, motivo="Sin orden", ahora=AHORA)
    sobrante = credito(4000)
    with transaccion():
        aplicar(sobrante.id, una.facturas[0].id, origen="orden:99", ahora=AHORA)
    assert len(quiebres()) == 2
    assert all("sin una orden" in quiebre for quiebre in quiebres())


@pytest.mark.descuadra
def test_la_verificacion_halla_la_orden_que_no_hizo_nada(app: Flask) -> None:
    orden, luis = legalizacion(liquidacion(), tesorero()), tesorero()
    assert quiebres() == []
    with transaccion():
        db.session.execute(
            text("UPDATE orden_tesoreria SET estado = 'aprobada', resuelta_por = :quien, resuelta_en = propuesta_en"),
            {"quien": luis.id},
        )
    db.session.expire_all()
    assert quiebres() == [f"La orden {orden.numero} se aprobó y no tiene su efecto en el libro"]
    assert db.session.scalar(select(func.count(Asiento.numero))) == 0
    assert orden.valor == Decimal(9000)
