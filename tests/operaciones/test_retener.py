"""What an agent withholds: it legalises, it is the agent's debt, and it is undone whole."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db, transaccion
from portal.dominio.declaraciones import EstadoDeclaracion, FormaRetencion, huella
from portal.dominio.errores import DatoInvalido, NoExiste, TransicionNoPermitida
from portal.dominio.libro import de_agente
from portal.models import Caso, Declaracion, PasoDeclaracion, Recaudo, RenglonDeclaracion, Retencion
from portal.models.pago import CanalRecaudo
from portal.models.usuario import Rol
from portal.operaciones import libro, ordenes
from portal.operaciones.agentes import retener
from portal.operaciones.agentes.registro import que_interviene
from portal.operaciones.agentes.retener import Descuento
from portal.operaciones.consecutivos import tomar
from portal.operaciones.firmas import Firma
from portal.operaciones.verificacion import verificar
from tests.adhesiones import usar
from tests.agentes import agente, deshecha, persona, retenida, suya
from tests.fabricas import AHORA, HOY, estados_de, liquidacion, pago

pytestmark = pytest.mark.usefixtures("app")


def test_lo_retenido_legaliza_y_queda_a_cargo_de_la_entidad(app: Flask) -> None:
    entidad = agente()
    una = suya(entidad)
    hecha = retenida(una, persona(Rol.AGENTE, entidad), documento="OP 45")
    assert estados_de(una) == ["legalizada", "legalizada"]
    recaudo = db.session.get_one(Recaudo, hecha.recaudo_id)
    assert (recaudo.canal, recaudo.valor, recaudo.banco) == (CanalRecaudo.RETENCION, Decimal(9000), entidad.nombre)
    assert (recaudo.autorizacion, recaudo.pago_id) == ("OP 45", None)
    assert libro.saldos()[de_agente(entidad.id)] == Decimal(9000)
    assert (hecha.mes, hecha.viva) == (HOY.replace(day=1), True)


def test_el_mismo_formulario_retiene_una_vez_y_con_otras_estampillas_se_rechaza(app: Flask) -> None:
    entidad = agente()
    una, quien = suya(entidad), persona(Rol.AGENTE, entidad)
    primera = retenida(una, quien, clave="c1")
    assert retenida(una, quien, clave="c1").id == primera.id
    with pytest.raises(TransicionNoPermitida, match="otra retención"):
        retenida(una, quien, clave="c1", numeros=(una.facturas[0].numero,))
    assert libro.saldos()[de_agente(entidad.id)] == Decimal(9000)


def test_una_liquidacion_de_otra_entidad_no_existe_para_ella(app: Flask) -> None:
    ajena = suya(agente())
    quien = persona(Rol.AGENTE, agente())
    with pytest.raises(NoExiste):
        retenida(ajena, quien)
    with pytest.raises(NoExiste):
        retenida(liquidacion(), quien)
    assert estados_de(ajena) == ["liquidada", "liquidada"]


def test_no_se_retiene_lo_que_esta_en_el_banco_ni_lo_que_no_se_debe(app: Flask) -> None:
    entidad = agente()
    quien = persona(Rol.AGENTE, entidad)
    en_el_banco = suya(entidad)
    pago(en_el_banco)
    with pytest.raises(TransicionNoPermitida, match="en el banco"):
        retenida(en_el_banco, quien)
    ya = suya(entidad)
    retenida(ya, quien)
    with pytest.raises(TransicionNoPermitida, match="no se debe nada"):
        retenida(ya, quien)
    assert len(db.session.scalars(select(Retencion)).all()) == 1


def test_solo_se_retienen_las_estampillas_que_la_entidad_recauda(app: Flask) -> None:
    entidad = agente(estampillas=("E0",))
    una, quien = suya(entidad), persona(Rol.AGENTE, entidad)
    with pytest.raises(TransicionNoPermitida, match="no está entre las estampillas"):
        retenida(una, quien)
    retenida(una, quien, numeros=(una.facturas[0].numero,))
    assert estados_de(una) == ["legalizada", "liquidada"]


@pytest.mark.parametrize(
    ("fecha", "dice"),
    [
        (HOY + timedelta(days=1), "futura"),
        (date(2024, 12, 31), "anterior a la del acto"),
    ],
)
def test_la_fecha_es_de_un_dia_posible(app: Flask, fecha: date, dice: str) -> None:
    entidad = agente()
    una, quien = suya(entidad), persona(Rol.AGENTE, entidad)
    with pytest.raises(DatoInvalido, match=dice) as error, transaccion():
        retener.retener(
            una,
            [f.numero for f in una.facturas],
            Descuento(FormaRetencion.DESCUENTO, "OP-1", fecha),
            clave="x",
            firma=Firma(quien, AHORA),
            hoy=HOY,
        )
    assert error.value.campo == "fecha"


def test_antes_de_su_primer_mes_la_entidad_no_retiene(app: Flask) -> None:
    entidad = agente(desde=HOY + timedelta(days=40))
    with pytest.raises(DatoInvalido, match="no era agente"):
        retenida(suya(entidad), persona(Rol.AGENTE, entidad))


def test_lo_deshecho_se_debe_de_nuevo_y_la_entidad_no_debe_nada(app: Flask) -> None:
    entidad = agente()
    una, quien = suya(entidad), persona(Rol.AGENTE, entidad)
    hecha = retenida(una, quien)
    deshecha(hecha, quien)
    assert estados_de(una) == ["liquidada", "liquidada"]
    assert libro.saldos()[de_agente(entidad.id)] == 0
    assert db.session.scalars(select(Caso)).all() == []
    with pytest.raises(TransicionNoPermitida, match="ya se había deshecho"):
        deshecha(hecha, quien)
    retenida(una, quien)
    assert estados_de(una) == ["legalizada", "legalizada"]


def test_lo_retenido_y_usado_no_se_deshace(app: Flask) -> None:
    entidad = agente()
    una, quien = suya(entidad), persona(Rol.AGENTE, entidad)
    hecha = retenida(una, quien)
    for factura in una.facturas:
        usar(factura.id)
    with pytest.raises(TransicionNoPermitida, match="ya se adhirió"):
        deshecha(hecha, quien)
    assert estados_de(una) == ["utilizada", "utilizada"]


def test_otra_entidad_no_deshace_lo_que_no_es_suyo(app: Flask) -> None:
    entidad = agente()
    hecha = retenida(suya(entidad), persona(Rol.AGENTE, entidad))
    with pytest.raises(NoExiste):
        deshecha(hecha, persona(Rol.AGENTE, agente()))


def test_un_mes_presentado_no_se_toca_hasta_abrir_su_correccion(app: Flask) -> None:
    entidad = agente()
    quien = persona(Rol.AGENTE, entidad)
    hecha = retenida(suya(entidad), quien)
    with transaccion():
        db.session.add(_presentada(entidad.id, quien.id, hecha.mes))
    for intento in (lambda: retenida(suya(entidad), quien), lambda: deshecha(hecha, quien)):
        with pytest.raises(TransicionNoPermitida, match="Abra su corrección"):
            intento()


def _presentada(agente_id: int, usuario_id: int, mes: date) -> Declaracion:
    renglon = RenglonDeclaracion(
        orden=0, estampilla="E0", estampilla_nombre="E", acto="P-T-01", acto_nombre="A", cantidad=1, base=Decimal(0),
        liquidado=Decimal(9000), retenidas=1, retenido=Decimal(9000), pagado=Decimal(0),
    )  # fmt: skip
    return Declaracion(
        codigo="c", agente_id=agente_id, mes=mes, version=1, estado=EstadoDeclaracion.PRESENTADO, abierta_en=AHORA,
        numero=tomar("declaracion", 1)[0], liquidado=Decimal(9000), declarado=Decimal(9000), pagado=Decimal(0), contenido="{}",
        huella=huella("{}"), presentada_por=usuario_id, presentada_por_nombre="x", presentada_en=AHORA, renglones=[renglon],
        eventos=[PasoDeclaracion(en=AHORA, desde="borrador", hasta="presentado", evento="presentar")],
    )  # fmt: skip


def test_tesoreria_no_revierte_por_orden_lo_que_retuvo_una_entidad(app: Flask) -> None:
    entidad = agente()
    hecha, tesorera = retenida(suya(entidad), persona(Rol.AGENTE, entidad)), persona(Rol.TESORERIA)
    with pytest.raises(TransicionNoPermitida, match="lo deshace la misma entidad"), transaccion():
        ordenes.proponer_reversion(
            hecha.recaudo_id,
            ordenes.Sustento("porque sí", "x.pdf", b"%PDF-1.4 %%EOF"),
            firma=Firma(tesorera, AHORA),
        )


def test_interviene_la_entidad_de_quien_liquida_o_la_que_contrata(app: Flask) -> None:
    entidad, otra = agente(), agente()
    assert que_interviene("putumayo", persona(Rol.AGENTE, entidad), otra.nit) == entidad
    assert que_interviene("putumayo", persona(Rol.RENTAS), otra.nit) == otra
    assert que_interviene("narino", persona(Rol.RENTAS), otra.nit) is None
    assert que_interviene("putumayo", persona(Rol.RENTAS), "") is None
    with pytest.raises(TransicionNoPermitida, match="vinculada"):
        que_interviene("putumayo", persona(Rol.AGENTE), "")


@pytest.mark.descuadra
def test_una_retencion_deshecha_sin_su_reversion_descuadra(app: Flask) -> None:
    entidad = agente()
    quien = persona(Rol.AGENTE, entidad)
    hecha = retenida(suya(entidad), quien)
    with transaccion():
        hecha.deshecha_por, hecha.deshecha_en, hecha.motivo = quien.id, AHORA, "sin revertir"
    rotas = {(i.codigo, i.dice) for i, filas in verificar() if filas}
    assert rotas == {
        ("I-19", "Cada retención de un agente es un recaudo suyo."),
        ("I-19", "Cada agente debe lo que retuvo y no ha consignado, según el libro."),
    }
