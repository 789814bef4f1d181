"""An agent's deposit: sent once, accepted by another, joined to the bank's line of the same money, and undone with it."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db, transaccion
from portal.dominio.consignaciones import Parecido
from portal.dominio.declaraciones import EstadoConsignacion, mes_de, mes_siguiente
from portal.dominio.errores import DatoInvalido, NoExiste, TransicionNoPermitida
from portal.dominio.libro import CONSIGNACIONES, POR_IDENTIFICAR, de_agente
from portal.models import Agente, Asiento, Bitacora, Caso, Consignacion, MovimientoBanco, Recaudo
from portal.models.pago import CausaReversion
from portal.models.usuario import Rol
from portal.operaciones import libro, reversiones
from portal.operaciones.agentes import consignaciones, envios
from portal.operaciones.agentes.lineas_del_banco import posibles
from portal.operaciones.firmas import Firma
from portal.operaciones.verificacion import verificar
from tests.agentes import agente, persona
from tests.archivos import pdf, png
from tests.banco import Pagado, archivo, casos_abiertos, importar
from tests.consignaciones import (
    SOPORTE,
    aceptada,
    casada,
    con_deuda,
    del_banco,
    deposito,
    desaceptada,
    devuelta_por_el_banco,
    enviada,
    lineas_de,
    rechazada,
)
from tests.fabricas import AHORA, HOY, liquidacion
from tests.ordenes import aplicacion, aprobar, legalizacion, rechazar, reversion, tesorero

pytestmark = pytest.mark.usefixtures("app")
_E = EstadoConsignacion


def saldo(cuenta: str) -> Decimal:
    return libro.saldos().get(cuenta, Decimal(0))


def debe(entidad: Agente) -> Decimal:
    return saldo(de_agente(entidad.id))


def estado(una: Consignacion) -> EstadoConsignacion:
    db.session.expire_all()
    return una.estado


def test_enviar_no_mueve_dinero_y_aceptar_sin_linea_descarga_a_la_entidad(app: Flask) -> None:
    entidad, quien = con_deuda()
    una = enviada(quien)
    assert (una.numero, una.estado, una.mes) == (1, _E.RECIBIDA, mes_de(HOY))
    assert (debe(entidad), saldo(CONSIGNACIONES)) == (Decimal(9000), 0)
    aceptada(una)
    assert estado(una) is _E.ACEPTADA
    assert (debe(entidad), saldo(CONSIGNACIONES)) == (0, Decimal(9000))
    assert una.movimiento_id is None


def test_con_la_linea_del_banco_sale_de_lo_que_esperaba_y_cierra_su_caso(app: Flask) -> None:
    entidad, quien = con_deuda()
    linea = del_banco(referencia="90", numero=555)
    assert casos_abiertos() == ["referencia_desconocida"]
    una = enviada(quien)
    aceptada(una, linea)
    assert una.movimiento_id == linea.id
    assert (debe(entidad), saldo(CONSIGNACIONES), saldo(POR_IDENTIFICAR)) == (0, 0, 0)
    assert casos_abiertos() == []
    caso = db.session.scalars(select(Caso)).one()
    assert caso.salida == "aplicado"
    asiento = db.session.scalars(select(Asiento).where(Asiento.origen == f"consignacion:{una.id}")).one()
    assert (asiento.recaudo_id, asiento.valor) == (linea.recaudo_id, Decimal(9000))


@pytest.mark.parametrize(
    "pagado",
    [Pagado("778899", 9000), Pagado("90", 9000, numero=778899)],
    ids=["por la referencia", "por el numero de operacion"],
)
def test_al_aceptar_la_unica_linea_exacta_se_casa_sola(app: Flask, pagado: Pagado) -> None:
    entidad, quien = con_deuda()
    (linea,) = lineas_de(importar(archivo([pagado], dia=HOY)))
    una = enviada(quien)
    aceptada(una)
    assert una.movimiento_id == linea.id
    assert debe(entidad) == 0


def test_lo_aceptado_se_casa_solo_cuando_llega_el_archivo(app: Flask) -> None:
    entidad, quien = con_deuda()
    una = enviada(quien)
    aceptada(una)
    linea = del_banco(dia=HOY + timedelta(days=3))
    assert (estado(una), una.movimiento_id) == (_E.ACEPTADA, linea.id)
    assert (debe(entidad), saldo(CONSIGNACIONES), saldo(POR_IDENTIFICAR)) == (0, 0, 0)
    assert casos_abiertos() == []


def test_una_recibida_no_se_acepta_sola_porque_llegue_su_linea(app: Flask) -> None:
    entidad, quien = con_deuda()
    una = enviada(quien)
    linea = del_banco()
    assert (estado(una), una.movimiento_id) == (_E.RECIBIDA, None)
    assert [(x.movimiento.id, x.parecido) for x in posibles(una)] == [(linea.id, Parecido.EXACTA)]
    assert debe(entidad) == Decimal(9000)


@pytest.mark.parametrize(
    ("valor", "referencia", "dias", "como"),
    [
        (9000, "555", 1, Parecido.SOLO_VALOR),
        (9000, "778899", 40, Parecido.OTRO_DIA),
        (9001, "778899", 1, Parecido.OTRO_VALOR),
        (9000, "555", 40, None),
        (9001, "555", 1, None),
    ],
)
def test_por_el_valor_solo_se_propone_y_nunca_se_casa(
    app: Flask, valor: int, referencia: str, dias: int, como: Parecido | None
) -> None:
    entidad, quien = con_deuda()
    una = enviada(quien)
    aceptada(una)
    linea = del_banco(valor, referencia, HOY + timedelta(days=dias))
    assert (estado(una), una.movimiento_id) == (_E.ACEPTADA, None)
    assert [x.parecido for x in posibles(una)] == ([como] if como else [])
    assert (debe(entidad), saldo(CONSIGNACIONES)) == (0, Decimal(9000))
    if como in (Parecido.SOLO_VALOR, Parecido.OTRO_DIA):
        casada(una, linea)
        assert (saldo(CONSIGNACIONES), saldo(POR_IDENTIFICAR)) == (0, 0)
    else:
        with pytest.raises(TransicionNoPermitida, match="no puede ser esta consignación"):
            casada(una, linea)


def test_dos_lineas_exactas_no_se_casan_solas(app: Flask) -> None:
    _, quien = con_deuda()
    una = enviada(quien)
    aceptada(una)
    primera, _ = lineas_de(
        importar(archivo([Pagado("778899", 9000, numero=1), Pagado("778899", 9000, numero=2)], dia=HOY))
    )
    assert (estado(una), una.movimiento_id) == (_E.ACEPTADA, None)
    casada(una, primera)
    assert saldo(POR_IDENTIFICAR) == Decimal(-9000)
    assert casos_abiertos() == ["referencia_desconocida"]


def test_una_linea_ya_usada_no_sirve_ni_para_otra_consignacion_ni_para_una_factura(app: Flask) -> None:
    _, quien = con_deuda()
    linea = del_banco()
    credito = linea.recaudo
    assert credito is not None
    otra_factura = liquidacion((9000,)).facturas[0]
    ana, luis = tesorero(), tesorero()
    propuesta = aplicacion(credito, otra_factura, ana)
    aceptada(enviada(quien), linea)
    with pytest.raises(TransicionNoPermitida, match="esperan"):
        aprobar(propuesta, luis)
    otra = enviada(quien, referencia="111222")
    assert posibles(otra) == []
    with pytest.raises(TransicionNoPermitida, match="ya se usó"):
        aceptada(otra, linea)
    assert estado(otra) is _E.RECIBIDA


def test_lo_que_ya_se_aplico_no_sirve_para_una_consignacion(app: Flask) -> None:
    _, quien = con_deuda()
    linea = del_banco()
    assert linea.recaudo is not None
    ana, luis = tesorero(), tesorero()
    aprobar(aplicacion(linea.recaudo, liquidacion((4000,)).facturas[0], ana), luis)
    una = enviada(quien)
    assert posibles(una) == []
    with pytest.raises(TransicionNoPermitida, match="ya se usó"):
        aceptada(una, linea)


def test_si_el_banco_devuelve_el_credito_la_entidad_debe_de_nuevo(app: Flask) -> None:
    entidad, quien = con_deuda()
    linea = del_banco()
    una = enviada(quien)
    aceptada(una)
    devuelta_por_el_banco(linea)
    assert estado(una) is _E.REVERTIDA
    assert (debe(entidad), saldo(CONSIGNACIONES), saldo(POR_IDENTIFICAR)) == (Decimal(9000), 0, 0)
    assert "consignacion.revertir" in set(db.session.scalars(select(Bitacora.accion)))


def test_si_se_acepto_antes_de_su_linea_la_reversion_deshace_las_dos_cosas(app: Flask) -> None:
    entidad, quien = con_deuda()
    una = enviada(quien)
    aceptada(una)
    linea = del_banco()
    assert linea.recaudo is not None
    ana, luis = tesorero(), tesorero()
    aprobar(reversion(linea.recaudo, ana), luis)
    assert estado(una) is _E.REVERTIDA
    assert (debe(entidad), saldo(CONSIGNACIONES), saldo(POR_IDENTIFICAR)) == (Decimal(9000), 0, 0)
    otra = enviada(quien, referencia="31415")
    aceptada(otra)
    assert debe(entidad) == 0
    with pytest.raises(DatoInvalido, match="ya se usó en otra consignación"):
        enviada(quien)


def test_lo_devuelto_antes_de_aceptar_no_es_una_linea_posible(app: Flask) -> None:
    _, quien = con_deuda()
    linea = del_banco()
    devuelta_por_el_banco(linea)
    una = enviada(quien)
    assert posibles(una) == []
    with pytest.raises(TransicionNoPermitida, match="lo devolvió"):
        aceptada(una, linea)


def test_rechazar_suelta_el_comprobante_y_no_mueve_dinero(app: Flask) -> None:
    entidad, quien = con_deuda()
    una = enviada(quien)
    rechazada(una)
    assert (estado(una), una.motivo) == (_E.RECHAZADA, "El comprobante no es legible")
    assert debe(entidad) == Decimal(9000)
    for imposible in (aceptada, rechazada, desaceptada):
        with pytest.raises(TransicionNoPermitida):
            imposible(una)
    enviada(quien)


def test_lo_aceptado_que_el_banco_nunca_mostro_se_deshace_con_su_motivo(app: Flask) -> None:
    entidad, quien = con_deuda()
    una = enviada(quien)
    with pytest.raises(TransicionNoPermitida):
        desaceptada(una)
    aceptada(una)
    with pytest.raises(TransicionNoPermitida):
        rechazada(una)
    desaceptada(una)
    assert (estado(una), una.motivo) == (_E.RECHAZADA, "El banco no la muestra")
    assert (debe(entidad), saldo(CONSIGNACIONES)) == (Decimal(9000), 0)


def test_lo_que_el_banco_ya_mostro_no_se_deshace_a_mano(app: Flask) -> None:
    entidad, quien = con_deuda()
    del_banco()
    una = enviada(quien)
    aceptada(una)
    for imposible in (aceptada, rechazada, desaceptada):
        with pytest.raises(TransicionNoPermitida):
            imposible(una)
    with pytest.raises(DatoInvalido):
        desaceptada(una, "")
    assert (estado(una), debe(entidad)) == (_E.ACEPTADA, 0)


def test_el_mismo_formulario_envia_una_vez_y_con_otros_datos_se_rechaza(app: Flask) -> None:
    _, quien = con_deuda()
    una = enviada(quien, clave="c1", banco=" Banco  de prueba ")
    assert enviada(quien, clave="c1").id == una.id
    for otros in ({"valor": 8000}, {"fecha": HOY - timedelta(days=0), "banco": "Otro banco"}):
        with pytest.raises(TransicionNoPermitida, match="ya envió otra"):
            enviada(quien, clave="c1", **otros)
    with pytest.raises(TransicionNoPermitida, match="ya envió otra"):
        enviada(quien, clave="c1", soporte=replace(SOPORTE, contenido=pdf(b"otro")))
    assert len(db.session.scalars(select(Consignacion)).all()) == 1


def test_un_comprobante_sirve_una_vez_y_la_respuesta_no_nombra_a_nadie(app: Flask) -> None:
    _, quien = con_deuda()
    enviada(quien)
    _, ajena = con_deuda()
    with pytest.raises(DatoInvalido) as error:
        enviada(ajena)
    assert (error.value.mensaje, error.value.campo) == (
        "Ese comprobante ya se usó en otra consignación.",
        "referencia",
    )


def test_el_comprobante_de_una_orden_no_sirve_para_una_consignacion_ni_al_reves(app: Flask) -> None:
    _, quien = con_deuda()
    ana, luis = tesorero(), tesorero()
    orden = legalizacion(liquidacion((7000,)), ana, referencia="778899")
    with pytest.raises(DatoInvalido, match="otro trámite de Tesorería"):
        enviada(quien)
    rechazar(orden, luis)
    una = enviada(quien)
    with pytest.raises(DatoInvalido, match=f"ya está en la consignación {una.numero}") as error:
        legalizacion(liquidacion((7000,)), ana, referencia="778899")
    assert error.value.campo == "referencia_banco"
    rechazada(una)
    legalizacion(liquidacion((7000,)), ana, referencia="778899")


@pytest.mark.parametrize(
    ("otros", "campo"),
    [
        ({"fecha": mes_de(HOY) - timedelta(days=1)}, "fecha"),
        ({"banco": "   "}, "banco"),
        ({"soporte": replace(SOPORTE, contenido=png())}, "archivo"),
    ],
)
def test_lo_que_no_puede_ser_se_dice_junto_a_su_campo(app: Flask, otros: dict[str, object], campo: str) -> None:
    _, quien = con_deuda()
    with pytest.raises(DatoInvalido) as error:
        enviada(quien, **otros)  # type: ignore[arg-type]
    assert error.value.campo == campo


def test_la_fecha_no_es_futura(app: Flask) -> None:
    _, quien = con_deuda()
    futura = deposito(fecha=HOY + timedelta(days=1))
    with pytest.raises(DatoInvalido, match="futura"), transaccion():
        envios.enviar(futura, SOPORTE, clave="x", firma=Firma(quien, AHORA), hoy=HOY)


@pytest.mark.parametrize("mes", [date(2024, 12, 1), mes_siguiente(HOY), HOY.replace(day=2)])
def test_solo_se_consigna_para_un_mes_de_la_entidad(app: Flask, mes: date) -> None:
    with pytest.raises(NoExiste):
        enviada(persona(Rol.AGENTE, agente()), mes=mes)
    ida = agente(hasta=date(2025, 3, 1))
    with pytest.raises(NoExiste):
        enviada(persona(Rol.AGENTE, ida))
    enviada(persona(Rol.AGENTE, ida), mes=date(2025, 3, 1))


@pytest.mark.parametrize("rol", [Rol.AGENTE, Rol.RENTAS, Rol.AUDITOR, Rol.ADMINISTRADOR])
def test_solo_tesoreria_resuelve(app: Flask, rol: Rol) -> None:
    _, quien = con_deuda()
    linea = del_banco(referencia="555")
    una, otro = enviada(quien), persona(rol, agente() if rol is Rol.AGENTE else None)
    for intento in (
        lambda: aceptada(una, None, otro),
        lambda: casada(una, linea, otro),
        lambda: rechazada(una, "no", otro),
        lambda: desaceptada(una, "no", otro),
    ):
        with pytest.raises(TransicionNoPermitida, match="Tesorería"):
            intento()


def test_lo_de_otra_clase_no_envia(app: Flask) -> None:
    with pytest.raises(TransicionNoPermitida, match="vinculada"):
        enviada(persona(Rol.AGENTE))
    with pytest.raises(TransicionNoPermitida, match="agente recaudador"):
        enviada(persona(Rol.TESORERIA))


def _i19() -> set[str]:
    return {i.dice for i, filas in verificar() if filas and i.codigo == "I-19"}


@pytest.mark.descuadra
def test_una_consignacion_aceptada_a_mano_descuadra(app: Flask) -> None:
    _, quien = con_deuda()
    una, tesorera = enviada(quien), tesorero()
    with transaccion():
        una.estado, una.resuelta_por, una.resuelta_en = _E.ACEPTADA, tesorera.id, AHORA
    assert _i19() == {
        "Cada agente debe lo que retuvo y no ha consignado, según el libro.",
        "Cada consignación aceptada está en el libro, y ninguna otra.",
        "Lo aceptado sin línea del banco es lo que el libro tiene en consignaciones.",
    }


@pytest.mark.descuadra
def test_una_linea_puesta_a_mano_y_una_reversion_que_la_consignacion_no_supo_descuadran(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, quien = con_deuda()
    una = enviada(quien)
    aceptada(una)
    linea = del_banco(referencia="555")
    with transaccion():
        db.session.get_one(Consignacion, una.id).movimiento_id = linea.id
    casada_sola = "Cada consignación casada es su crédito del banco, entero."
    assert _i19() == {casada_sola, "Lo aceptado sin línea del banco es lo que el libro tiene en consignaciones."}
    otra = enviada(quien, referencia="31415")
    suya = del_banco(referencia="31415")
    aceptada(otra)
    monkeypatch.setattr(consignaciones, "revertir", lambda *_, **__: [])
    with transaccion():
        assert suya.recaudo_id is not None
        reversiones.revertir(suya.recaudo_id, causa=CausaReversion.BANCO, motivo="x", ahora=AHORA)
    assert f"La consignación {otra.numero} y la reversión de su crédito no dicen lo mismo" in _filas(casada_sola)


def _filas(dice: str) -> list[str]:
    return [fila for i, filas in verificar() if i.dice == dice for fila in filas]


def test_la_orden_de_reversion_de_lo_que_aun_no_es_de_nadie_no_toca_consignaciones(app: Flask) -> None:
    entidad, quien = con_deuda()
    una = enviada(quien)
    aceptada(una)
    linea = del_banco(referencia="555")
    credito = db.session.get_one(Recaudo, linea.recaudo_id)
    aprobar(reversion(credito, tesorero()), tesorero())
    assert (estado(una), debe(entidad), saldo(CONSIGNACIONES)) == (_E.ACEPTADA, 0, Decimal(9000))
    assert db.session.scalars(select(MovimientoBanco)).one().resultado == "referencia_desconocida"
