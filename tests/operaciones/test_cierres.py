"""The close of a day over the real rows: what it says, who signs it, and what happens to what comes afterwards."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from portal.db import db, transaccion
from portal.dominio.casos import ClaseCaso, SalidaCaso
from portal.dominio.cierre import ClaseRenglon, EstadoCierre
from portal.dominio.cierre_dia import CierreDia, Cifra, escribir, huella_de_firma, leer, resumen_de_entradas
from portal.dominio.errores import NoExiste, TransicionNoPermitida
from portal.dominio.movimientos import CanalMovimiento
from portal.models import Bitacora, Caso, Cierre, Recaudo, Reversion, Usuario
from portal.models.pago import CanalRecaudo, CausaReversion
from portal.models.usuario import Rol
from portal.operaciones import conciliacion, reversiones, verificacion
from portal.operaciones.cierres import cotejo, diferencias, firma
from portal.operaciones.cierres.cotejo import Dia
from portal.operaciones.recaudos import Credito, cubierta_de, recaudar
from tests import fabricas
from tests.cierres import (
    AHORA,
    CUENTA,
    DIA,
    MANANA,
    PLAN,
    VENCIDO,
    en_el_banco,
    llega_al_banco,
    pagado,
    respuesta_de,
    tesorera,
)

C = ClaseRenglon


def el_dia(dia: Any = DIA, hoy: Any = MANANA, cuenta: str = CUENTA) -> Dia:
    db.session.rollback()
    return cotejo.dia_de(PLAN, cuenta, dia, hoy=hoy)


def clases(dia: Any = DIA, hoy: Any = MANANA, cuenta: str = CUENTA) -> list[str]:
    return sorted(r.clase.value for r in el_dia(dia, hoy, cuenta).actual.renglones)


def firmar(quien: Usuario, hoy: Any = MANANA, **otros: Any) -> Cierre:
    datos = {"usuario": quien, "ahora": AHORA + timedelta(days=1), "hoy": hoy, "permitir_provisional": True} | otros
    with transaccion():
        return firma.firmar(PLAN, CUENTA, DIA, **datos)


def reabrir(quien: Usuario, motivo: str = "Llegó un pago tardío") -> None:
    with transaccion():
        firma.reabrir(PLAN, CUENTA, DIA, motivo=motivo, usuario=quien, ahora=AHORA, hoy=MANANA)


def avisar(hoy: Any = MANANA) -> tuple[int, int]:
    with transaccion():
        return diferencias.avisar(cotejo.cotejar_dias(PLAN, DIA, MANANA, hoy=hoy).values(), ahora=AHORA)


def casos() -> list[tuple[str, bool]]:
    db.session.expire_all()
    orden = select(Caso).where(Caso.clase == ClaseCaso.DIFERENCIA).order_by(Caso.numero)
    return [(c.detalle["clase"], c.abierto) for c in db.session.scalars(orden)]


def test_un_pago_espera_al_banco_y_cuadra_cuando_llega_otro_dia(app: Flask) -> None:
    uno = pagado()
    assert clases() == ["en_transito"]
    assert clases(hoy=VENCIDO) == ["sin_banco"]
    llega_al_banco([uno])
    assert clases() == clases(hoy=VENCIDO) == clases(MANANA) == ["cuadrado"]
    # The line counts in the day that it has: the money is shown in both and summed once.
    hoy, despues = el_dia().actual, el_dia(MANANA).actual
    assert (hoy.total().libro, hoy.total().banco) == (Cifra(1, uno.total), Cifra())
    assert (despues.total().libro, despues.total().banco) == (Cifra(), Cifra(1, uno.total))


def test_lo_que_la_pasarela_no_volvio_a_decir_no_cuadra(app: Flask) -> None:
    uno = pagado(confirmado=False)
    assert clases() == ["solo_nuestro"]
    llega_al_banco([uno])
    assert clases() == ["sin_pasarela"]


def test_lo_que_el_banco_recibio_por_otro_valor_y_lo_que_nadie_conoce_salen_a_la_vista(app: Flask) -> None:
    uno = pagado()
    en_el_banco(uno.referencia, int(uno.total) + 1)
    en_el_banco("no es de nadie", 777)
    assert clases(MANANA) == ["solo_banco", "valor_distinto"]


def test_ventanilla_cuadra_con_su_linea_y_una_reversion_con_la_devuelta(app: Flask) -> None:
    una = fabricas.liquidacion((4000,))
    with transaccion():
        recaudo = recaudar(credito_de_ventanilla(4000), [cubierta_de(una.facturas[0])], ahora=AHORA)
        recaudo_id = recaudo.id
    assert clases() == ["solo_nuestro"]
    numero = str(una.facturas[0].numero)
    en_el_banco(numero, 4000, dia=DIA, canal=CanalMovimiento.VENTANILLA, recaudo_id=recaudo_id)
    assert clases() == ["cuadrado"]
    with transaccion():
        reversiones.revertir(recaudo_id, causa=CausaReversion.BANCO, motivo="Cheque devuelto", ahora=AHORA)
    assert clases() == ["cuadrado", "en_transito"]
    en_el_banco(f"000{numero}", 4000, dia=DIA, canal=CanalMovimiento.VENTANILLA, devuelta=True)
    assert clases() == ["cuadrado", "cuadrado"]
    assert el_dia().actual.total().libro.valor == 0
    assert db.session.scalars(select(Reversion)).one().recaudo_id == recaudo_id


def credito_de_ventanilla(valor: int) -> Credito:
    """A window's credit into the collecting account."""
    return Credito(CanalRecaudo.VENTANILLA, "banco", "linea", f"banco:{CUENTA}", Decimal(valor))


def test_se_firma_lo_que_se_vio_y_queda_con_su_huella(app: Flask) -> None:
    llega_al_banco([pagado(), pagado()])
    quien = tesorera()
    visto = firma.resumen_visto(el_dia())
    firmado = firmar(quien, visto=visto)
    assert (firmado.version, firmado.novedades, len(firmado.huella)) == (1, 0, 64)
    assert el_dia().estado is EstadoCierre.FIRMADO
    assert not el_dia().pide_reabrir
    assert leer(firmado.contenido).total().libro.cuantas == 2
    anotada = db.session.scalars(select(Bitacora).where(Bitacora.accion == "cierre.firmar")).one()
    assert anotada.detalle["huella"] == firmado.huella


def test_lo_que_cambio_mientras_se_miraba_no_se_firma(app: Flask) -> None:
    pagado()
    visto = firma.resumen_visto(el_dia())
    pagado()
    with pytest.raises(firma.CierreCambio, match="cambió"):
        firmar(tesorera(), visto=visto)
    assert db.session.scalar(select(Cierre.id)) is None


@pytest.mark.parametrize(
    ("cambio", "dice"),
    [
        ({"hoy": DIA}, "ni hoy"),
        ({"hoy": DIA - timedelta(days=1)}, "futuro"),
        ({"permitir_provisional": False}, "demostración"),
    ],
)
def test_no_se_firma_un_dia_sin_terminar_ni_una_cuenta_de_demostracion(
    app: Flask, cambio: dict[str, Any], dice: str
) -> None:
    pagado()
    with pytest.raises(TransicionNoPermitida, match=dice):
        firmar(tesorera(), **cambio)


@pytest.mark.parametrize("rol", [r for r in Rol if r is not Rol.TESORERIA])
def test_solo_tesoreria_firma_y_reabre(app: Flask, rol: Rol) -> None:
    pagado()
    with pytest.raises(TransicionNoPermitida, match="Tesorería"):
        firmar(tesorera(rol))
    firmar(tesorera())
    with pytest.raises(TransicionNoPermitida, match="Tesorería"):
        reabrir(tesorera(rol))


def test_lo_que_llega_a_un_dia_firmado_se_ve_y_pide_reabrirlo(app: Flask) -> None:
    pagado()
    quien = tesorera()
    firmar(quien)
    tarde = pagado()
    dia = el_dia()
    recaudo = db.session.scalars(select(Recaudo.id).where(Recaudo.pago_id == tarde.id)).one()
    assert dia.pide_reabrir
    assert dia.despues == ((f"placetopay:t{tarde.id}", f"recaudo:{recaudo}"), ())
    # What was signed is what is shown.
    assert dia.mostrado.total().libro.cuantas == 1
    with pytest.raises(TransicionNoPermitida, match="ya está firmado"):
        firmar(quien)
    reabrir(quien)
    assert el_dia().estado is EstadoCierre.REABIERTO
    segundo = firmar(quien)
    assert (segundo.version, leer(segundo.contenido).total().libro.cuantas) == (2, 2)
    assert [c.version for c in cotejo.versiones(CUENTA, DIA)] == [2, 1]
    assert not el_dia().pide_reabrir


def test_el_dinero_en_transito_que_llega_despues_no_cambia_lo_firmado(app: Flask) -> None:
    uno = pagado()
    firmar(tesorera())
    llega_al_banco([uno])
    dia = el_dia()
    assert not dia.pide_reabrir
    assert [r.clase for r in dia.mostrado.renglones] == [C.EN_TRANSITO]
    assert clases(MANANA) == ["cuadrado"]


def test_no_se_reabre_lo_que_no_esta_firmado_ni_dos_veces(app: Flask) -> None:
    pagado()
    quien = tesorera()
    with pytest.raises(TransicionNoPermitida, match="no está firmado"):
        reabrir(quien)
    firmar(quien)
    reabrir(quien)
    with pytest.raises(TransicionNoPermitida, match="no está firmado"):
        reabrir(quien)


def test_cada_diferencia_abre_un_caso_y_se_cierra_sola_cuando_cuadra(app: Flask) -> None:
    uno = pagado(confirmado=False)
    en_el_banco("no es de nadie", 777, dia=DIA)
    assert avisar() == (2, 0)
    assert avisar() == (0, 0)
    assert casos() == [("solo_nuestro", True), ("solo_banco", True)]
    pagado()
    assert avisar() == (0, 0)
    assert avisar(VENCIDO) == (1, 0)
    with transaccion():
        conciliacion.guardar(uno.id, respuesta_de(uno), ahora=AHORA)
    llega_al_banco([uno])
    assert avisar() == (0, 2)
    assert casos() == [("solo_nuestro", False), ("solo_banco", True), ("sin_banco", False)]
    salidas = set(db.session.scalars(select(Caso.salida).where(Caso.cerrado_en.is_not(None))))
    assert salidas == {SalidaCaso.RESUELTO_SOLO}


def test_firmar_abre_los_casos_de_lo_que_se_firma(app: Flask) -> None:
    pagado(confirmado=False)
    assert firmar(tesorera()).novedades == 1
    assert casos() == [("solo_nuestro", True)]


def test_una_cuenta_que_no_existe_no_tiene_cierre(app: Flask) -> None:
    with pytest.raises(NoExiste):
        el_dia(cuenta="ninguna")
    assert el_dia(cuenta="destinacion-especifica").actual.renglones == ()
    en_el_banco("algo", 10, cuenta="cuenta-vieja", dia=DIA)
    assert clases(cuenta="cuenta-vieja") == ["solo_banco"]
    datos = {"usuario": tesorera(), "ahora": AHORA, "hoy": MANANA, "permitir_provisional": True}
    with pytest.raises(TransicionNoPermitida, match="regístrela"), transaccion():
        firma.firmar(PLAN, "cuenta-vieja", DIA, **datos)


@pytest.mark.parametrize("orden", ["UPDATE cierre SET novedades = 9", "DELETE FROM cierre", "DELETE FROM reapertura"])
def test_lo_firmado_no_se_cambia_ni_se_borra(app: Flask, orden: str) -> None:
    pagado()
    quien = tesorera()
    firmar(quien)
    reabrir(quien)
    with pytest.raises(DatabaseError, match="solo se agrega"), transaccion():
        db.session.execute(text(orden))


@pytest.mark.descuadra
@pytest.mark.parametrize(
    ("campo", "valor", "dice"),
    [
        ("contenido", '{"cuenta":"recaudo-estampillas","renglones":[]}', "no es el que se firmó"),
        ("hasta_asiento", 99, "no es el que se firmó"),
        ("version", 2, "falta una versión"),
    ],
)
def test_la_verificacion_nota_un_cierre_cambiado(app: Flask, campo: str, valor: Any, dice: str) -> None:
    pagado()
    firmado = firmar(tesorera()).id
    db.session.rollback()
    with db.engine.begin() as conexion:
        if db.engine.dialect.name == "sqlite":
            conexion.execute(text("DROP TRIGGER cierre_no_cambia"))
        else:
            conexion.execute(text("ALTER TABLE cierre DISABLE TRIGGER cierre_no_cambia"))
        conexion.execute(text(f"UPDATE cierre SET {campo} = :valor WHERE id = :id"), {"valor": valor, "id": firmado})
    assert any(dice in fila for fila in quiebres())


@pytest.mark.descuadra
def test_la_verificacion_nota_un_credito_que_falta_en_un_dia_firmado(app: Flask) -> None:
    """Control: a close written around the operation, without its credit and with a right digest."""
    pagado()
    quien = tesorera()
    bueno = firmar(quien)
    assert quiebres() == []
    reabrir(quien)
    vacio = CierreDia(CUENTA, DIA, ())
    datos = {"version": 2, "hasta_asiento": bueno.hasta_asiento, "en": AHORA}
    with transaccion():
        db.session.add(
            Cierre(
                cuenta=CUENTA, dia=DIA, version=2, contenido=escribir(vacio), entradas=resumen_de_entradas(vacio),
                hasta_asiento=bueno.hasta_asiento, novedades=0, firmado_por=quien.id, firmado_por_nombre="x", firmado_en=AHORA,
                huella=huella_de_firma(escribir(vacio), usuario_id=quien.id, **datos),
            )
        )  # fmt: skip
    assert any("no está una vez" in fila for fila in quiebres())


def quiebres() -> list[str]:
    db.session.rollback()
    return [fila for i in verificacion.INVARIANTES if i.codigo == "I-20" for fila in i.quiebres()]
