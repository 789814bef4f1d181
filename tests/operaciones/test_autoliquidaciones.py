"""A contributor assesses an open trámite, or again what expired, without any account: the engine's figures, once."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.db import db, transaccion
from portal.dominio.errores import DatoInvalido, NoExiste, NormaNoVigente, TransicionNoPermitida
from portal.models import Bitacora, Liquidacion, MovimientoContrato, SinEfecto
from portal.operaciones import expedientes, resultados, tramites_abiertos
from portal.operaciones.autoliquidaciones import YaTieneLiquidacion, sustituta
from portal.operaciones.firmas import Firma
from portal.operaciones.liquidaciones import CifrasCambiaron
from portal.operaciones.normativa import normativa_de
from portal.operaciones.resultados import Causa
from tests import fabricas
from tests.autoliquidaciones import (
    AUTOSERVICIO,
    DE_DESPUES,
    DESPUES,
    ENTIDAD,
    abrir,
    administrador,
    liquidar,
    reliquidar,
)
from tests.encargos import HOY, dejar_sin_efecto, emitir, encargo_contrato, encargo_tramite, oficial
from tests.reconocimientos import reconocer

pytestmark = pytest.mark.usefixtures("app")
EL_CONTRIBUYENTE = "El contribuyente, en línea"


def de_la_bitacora(accion: str) -> list[Bitacora]:
    return list(db.session.scalars(select(Bitacora).where(Bitacora.accion == accion).order_by(Bitacora.id)))


def test_lo_que_liquida_el_contribuyente_no_es_de_ninguna_cuenta() -> None:
    nueva = liquidar()
    assert (nueva.emitida_por, nueva.emitida_por_nombre) == (None, EL_CONTRIBUYENTE)
    assert (nueva.total, nueva.fecha_limite, nueva.vigencia) == (9000, HOY + timedelta(days=30), 2025)
    assert nueva.objeto == f"La pide: {ENTIDAD}"
    assert [(f.valor, f.acto) for f in nueva.facturas] == [(4000, "P-T-01"), (5000, "P-T-01")]
    (anotada,) = de_la_bitacora("liquidacion.emitir")
    assert anotada.usuario_id is None
    assert "1212312323" not in str(anotada.detalle)


def test_la_misma_persona_no_tiene_dos_sin_pagar_por_el_mismo_tramite() -> None:
    primera = liquidar()
    with pytest.raises(YaTieneLiquidacion) as hallada:
        liquidar()
    assert hallada.value.liquidacion.id == primera.id
    assert liquidar(documento="52000111").id != primera.id
    assert liquidar(DE_DESPUES).id != primera.id, "what expired is in nobody's way"


def test_la_que_hizo_un_funcionario_tambien_cuenta_y_la_anulada_no() -> None:
    quien = oficial()
    suya = emitir(encargo_tramite(), quien)
    with pytest.raises(YaTieneLiquidacion):
        liquidar()
    dejar_sin_efecto(suya.id, quien)
    assert liquidar().id != suya.id


def test_mientras_se_paga_no_se_liquida_otra_y_pagada_si() -> None:
    pago = fabricas.pago(fabricas.liquidacion())
    ahora_mismo = replace(AUTOSERVICIO, hoy=fabricas.HOY, ahora=fabricas.AHORA)
    with pytest.raises(YaTieneLiquidacion):
        liquidar(ahora_mismo)
    with transaccion():
        resultados.aplicar_resultado(
            pago.id, fabricas.respuesta(pago), causa=Causa.RETORNO, espera=fabricas.ESPERA, ahora=fabricas.AHORA
        )
    assert liquidar(ahora_mismo).id != pago.liquidacion_id


def test_solo_se_emite_el_total_que_se_vio() -> None:
    with pytest.raises(CifrasCambiaron):
        liquidar(total=8999)
    assert db.session.scalars(select(Liquidacion.id)).all() == []


def test_en_produccion_una_tarifa_provisional_no_se_liquida() -> None:
    with pytest.raises(NormaNoVigente, match="Pida la nueva liquidación en la Oficina de Rentas"):
        liquidar(replace(AUTOSERVICIO, permitir_provisional=False))


def test_una_vencida_se_liquida_de_nuevo_con_lo_de_ese_dia_y_la_vieja_queda_sin_efecto() -> None:
    vieja = emitir(encargo_tramite(), oficial())
    nueva = reliquidar(vieja.id)
    assert (nueva.emitida_por_nombre, nueva.fecha_causacion) == (EL_CONTRIBUYENTE, DESPUES)
    assert nueva.fecha_limite == DESPUES + timedelta(days=30)
    assert fabricas.estados_de(vieja) == ["sin_efecto", "sin_efecto"]
    razon = db.session.get_one(SinEfecto, vieja.id)
    assert (razon.usuario_id, razon.usuario_nombre) == (None, EL_CONTRIBUYENTE)
    hallada = sustituta(vieja)
    assert hallada is not None
    assert hallada.id == nueva.id


def test_dos_toques_dan_la_misma_y_la_nueva_tambien_puede_vencer() -> None:
    vieja = emitir(encargo_tramite(), oficial())
    nueva = reliquidar(vieja.id)
    assert reliquidar(vieja.id).id == nueva.id
    luego = replace(DE_DESPUES, ahora=DE_DESPUES.ahora + timedelta(days=31), hoy=DESPUES + timedelta(days=31))
    assert reliquidar(nueva.id, luego).id not in (vieja.id, nueva.id)


def test_un_contrato_vencido_conserva_su_dia_y_su_expediente() -> None:
    viejo = emitir(encargo_contrato(), oficial())
    nuevo = reliquidar(viejo.id)
    assert (nuevo.total, nuevo.fecha_causacion, nuevo.numero_contrato) == (viejo.total, date(2025, 2, 3), "647")
    expediente = expedientes.leer(nuevo)
    assert [x.id for x in expediente.liquidaciones] == [nuevo.id]
    assert expediente.valor == nuevo.valor_acto
    clases = db.session.scalars(select(MovimientoContrato.clase).order_by(MovimientoContrato.orden)).all()
    assert [c.value for c in clases] == ["inicial", "sin_efecto", "inicial"]


def test_lo_que_no_esta_vencido_no_se_liquida_de_nuevo() -> None:
    una = emitir(encargo_tramite(), oficial())
    with pytest.raises(TransicionNoPermitida, match="Solo se liquida de nuevo lo que está vencido"):
        reliquidar(una.id, AUTOSERVICIO)
    assert fabricas.estados_de(una) == ["liquidada", "liquidada"]


def test_lo_que_se_pago_en_parte_o_se_esta_pagando_no_se_toca() -> None:
    una = fabricas.liquidacion()
    fabricas.pago(una, facturas=(una.facturas[0].numero,))
    luego = replace(AUTOSERVICIO, ahora=fabricas.AHORA, hoy=fabricas.HOY + timedelta(days=31))
    with pytest.raises(TransicionNoPermitida, match="ya se pagó o tiene un pago en proceso"):
        reliquidar(una.id, luego)
    assert fabricas.estados_de(una) == ["en_verificacion", "liquidada"]


def test_sin_los_valores_del_ano_se_dice_y_no_se_anula_nada() -> None:
    vieja = emitir(encargo_tramite("SC-04"), oficial(), departamento="cundinamarca")
    manana = replace(DE_DESPUES, departamento="cundinamarca", hoy=date(2031, 2, 1))
    with pytest.raises(NormaNoVigente, match="Todavía no se han publicado los valores"):
        reliquidar(vieja.id, manana)
    assert set(fabricas.estados_de(vieja)) == {"liquidada"}
    assert db.session.get_one(Liquidacion, vieja.id).vigente


def test_una_exencion_reconocida_la_mira_un_funcionario() -> None:
    quien = oficial()
    una, reconocida = emitir(encargo_tramite(), quien), reconocer(quien)
    with transaccion():
        db.session.get_one(Liquidacion, una.id).facturas[0].reconocimientos = [reconocida]
    with pytest.raises(TransicionNoPermitida, match="Un funcionario debe comprobar un dato"):
        reliquidar(una.id)


def cerrar(numero: int, firma: Firma) -> None:
    with transaccion():
        tramites_abiertos.cerrar("putumayo", numero, firma=firma)


def test_se_abre_se_ofrece_y_se_cierra_con_su_rastro() -> None:
    normativa = normativa_de("putumayo")
    uno = abrir()
    abrir(entidad="Otra entidad")
    grupos = tramites_abiertos.por_entidad(normativa, HOY)
    assert {e: [x.actos for x in xs] for e, xs in grupos.items()} == {ENTIDAD: ["P-T-01"], "Otra entidad": ["P-T-01"]}
    firma = administrador()
    cerrar(uno.id, firma)
    assert list(tramites_abiertos.por_entidad(normativa, HOY)) == ["Otra entidad"]
    with pytest.raises(NoExiste):
        tramites_abiertos.exigir_abierto(normativa, uno.id, HOY)
    with pytest.raises(TransicionNoPermitida, match="ya estaba cerrado"):
        cerrar(uno.id, firma)
    assert abrir().id != uno.id, "closed, it may be opened again"
    assert len(de_la_bitacora("tramite.abrir")) == 3
    assert [b.objeto for b in de_la_bitacora("tramite.cerrar")] == [f"tramite_abierto:{uno.id}"]


def test_abierto_para_una_entidad_no_se_abre_dos_veces() -> None:
    abrir()
    with pytest.raises(DatoInvalido, match="ya está abierto"):
        abrir()


@pytest.mark.parametrize(
    ("departamento", "actos", "razon"),
    [
        ("putumayo", "P-C-01", "no es un trámite"),
        ("narino", "N-U-02", "necesita el valor del pasaporte"),
        ("narino", "N-SC-18", "suele ser también N-U-02"),
        ("cundinamarca", "SC-15", "varias tarifas"),
        ("narino", "N-SC-01+N-SC-04", "no van juntos"),
    ],
)
def test_lo_que_necesita_un_funcionario_no_se_abre(departamento: str, actos: str, razon: str) -> None:
    with pytest.raises(DatoInvalido, match=razon):
        abrir(actos, departamento=departamento)


def test_un_documento_que_es_dos_actos_se_abre_entero() -> None:
    assert abrir("N-SC-01+N-U-06", departamento="narino").codigos == ("N-SC-01", "N-U-06")
