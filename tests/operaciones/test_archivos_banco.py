"""The bank's file applied: each line does what it must once, everything else waits in a case, and the money squares."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DatabaseError

from portal.db import db, transaccion
from portal.dominio.asobancaria_hallazgos import ArchivoRecaudoInvalido
from portal.dominio.casos import ClaseCaso, SalidaCaso
from portal.dominio.errores import DatoInvalido
from portal.dominio.movimientos import DESENLACES, ResultadoMovimiento
from portal.models import ArchivoBanco, Asiento, Bitacora, Caso, Liquidacion, MovimientoBanco, Pago, Recaudo, Reversion
from portal.models.pago import CanalRecaudo, CausaReversion
from portal.operaciones import libro, reversiones, sin_efecto
from portal.operaciones.archivos_banco.importacion import ArchivoCambio, ArchivoRepetido
from portal.operaciones.archivos_banco.pendientes import casar_pendientes, hay_pendientes
from portal.operaciones.resultados import Causa, aplicar_resultado
from portal.pasarelas.base import EstadoPasarela
from tests.banco import (
    CONVENIO,
    CUENTA,
    DIA,
    GLN,
    LIBRO,
    Pagado,
    archivo,
    casos_abiertos,
    importar,
    por_pse,
    resultados,
    revisar,
    tesorera,
)
from tests.fabricas import AHORA, ESPERA, HOY, estados_de, liquidacion, pago, respuesta


def aprobar(uno: Pago, transaccion_id: str = "t1", **otros: object) -> None:
    dicha = respuesta(uno, transaccion=transaccion_id)
    dicha = replace(dicha, transacciones=(replace(dicha.transacciones[0], **otros),))  # type: ignore[arg-type]
    with transaccion():
        aplicar_resultado(uno.id, dicha, causa=Causa.SONDA, espera=ESPERA, ahora=AHORA)


def anular(una: Liquidacion) -> None:
    quien = tesorera()
    with transaccion():
        sin_efecto.dejar_sin_efecto(una.id, motivo="Prueba", usuario=quien, ahora=AHORA)


def movimientos() -> list[MovimientoBanco]:
    db.session.expire_all()
    return list(db.session.scalars(select(MovimientoBanco).order_by(MovimientoBanco.id)))


def test_lo_pagado_en_ventanilla_legaliza_su_factura_y_entra_a_la_cuenta(app: Flask) -> None:
    una = liquidacion((4000, 5000))
    contenido = archivo([Pagado(una.facturas[0].numero, 4000, numero=7)])
    revision = revisar(contenido)
    assert [r.resultado for r in revision.renglones] == [ResultadoMovimiento.LEGALIZADO]
    guardado = importar(contenido, visto=revision.huella)
    assert estados_de(una) == ["legalizada", "liquidada"]
    assert libro.saldos() == {LIBRO: 4000, "estampilla:E0": -4000}
    (movimiento,) = movimientos()
    assert (movimiento.archivo_id, movimiento.linea, movimiento.operacion) == (guardado.id, 3, "000007")
    recaudo = movimiento.recaudo
    assert recaudo is not None
    assert (recaudo.canal, recaudo.pasarela, recaudo.transaccion) == (
        CanalRecaudo.VENTANILLA,
        "banco",
        movimiento.llave,
    )
    assert casos_abiertos() == []
    anotado = db.session.scalars(select(Bitacora).where(Bitacora.accion == "archivo_banco.importar")).one()
    assert anotado.detalle["lineas"] == 1


def test_lo_que_no_es_exacto_no_legaliza_y_espera_en_su_cola(app: Flask) -> None:
    una, pagada, anulada = liquidacion((4000, 5000)), liquidacion((6000,)), liquidacion((7000,))
    aprobar(pago(pagada))
    anular(anulada)
    importar(
        archivo(
            [
                Pagado(una.facturas[0].numero, 3999),
                Pagado(una.facturas[1].numero, 5001),
                Pagado(pagada.facturas[0].numero, 6000),
                Pagado(anulada.facturas[0].numero, 7000),
                Pagado(99999999, 8000),
                Pagado("ABC-1", 900),
                Pagado("9" * 40, 901),
            ]
        )
    )
    assert resultados() == [
        "valor_distinto",
        "valor_distinto",
        "ya_pagada",
        "sin_efecto",
        "referencia_desconocida",
        "referencia_desconocida",
        "referencia_desconocida",
    ]
    assert estados_de(una) == ["liquidada", "liquidada"]
    assert estados_de(anulada) == ["sin_efecto"]
    assert casos_abiertos() == ["valor_distinto"] * 2 + ["pago_doble"] * 2 + ["referencia_desconocida"] * 3
    saldos = libro.saldos()
    assert saldos["excedentes"] == -(3999 + 5001 + 6000 + 7000)
    assert saldos["por_identificar"] == -(8000 + 900 + 901)


def test_de_dos_pagos_de_la_misma_factura_en_un_archivo_sobra_el_segundo(app: Flask) -> None:
    una = liquidacion((4000,))
    numero = una.facturas[0].numero
    importar(archivo([Pagado(numero, 4000), Pagado(numero, 4000), Pagado(numero, 4000, numero=9)]))
    assert resultados() == ["legalizado", "ya_pagada", "ya_pagada"]
    assert len(movimientos()) == 3


def test_un_pago_despues_del_plazo_cuenta_y_se_pregunta_al_banco(app: Flask) -> None:
    una = liquidacion((4000,), fecha_limite=DIA - timedelta(days=1))
    importar(archivo([Pagado(una.facturas[0].numero, 4000)]))
    assert resultados() == ["legalizado_tarde"]
    assert estados_de(una) == ["legalizada"]
    caso = db.session.scalars(select(Caso)).one()
    assert (caso.clase, caso.factura_id) == (ClaseCaso.PAGO_TARDIO, una.facturas[0].id)


def test_una_determinacion_por_retencion_no_se_paga_entera(app: Flask) -> None:
    una = liquidacion((4000,), por_retencion=True)
    importar(archivo([Pagado(una.facturas[0].numero, 4000)]))
    assert resultados() == ["no_pagable"]
    assert estados_de(una) == ["liquidada"]
    assert libro.saldos()["excedentes"] == -4000


def test_lo_de_otro_departamento_no_se_toca(app: Flask) -> None:
    una = liquidacion((4000,), departamento="narino")
    importar(archivo([Pagado(una.facturas[0].numero, 4000)]))
    assert resultados() == ["referencia_desconocida"]
    assert estados_de(una) == ["liquidada"]


def test_un_medio_que_no_esta_en_las_tablas_no_mueve_dinero(app: Flask) -> None:
    una = liquidacion((4000,))
    importar(
        archivo([Pagado(una.facturas[0].numero, 4000, "77", "01"), Pagado(una.facturas[0].numero, 4000, "01", "99")])
    )
    assert resultados() == ["medio_desconocido"] * 2
    assert casos_abiertos() == ["diferencia"] * 2
    assert libro.saldos() == {}


@pytest.mark.parametrize("como", ["referencia", "cus", "transaccion", "sesion", "autorizacion"])
def test_un_pago_de_pse_solo_pasa_de_la_pasarela_a_la_cuenta(app: Flask, como: str) -> None:
    una = liquidacion()
    uno = pago(una)
    aprobar(uno, "889900", cus="7654321", autorizacion="000321")
    db.session.refresh(uno)
    linea = {
        "referencia": por_pse(uno.referencia, 9000),
        "cus": por_pse("7654321", 9000),
        "transaccion": por_pse("889900", 9000),
        "sesion": por_pse(uno.id_pasarela, 9000),
        "autorizacion": por_pse("55555", 9000, 321),
    }[como]
    importar(archivo([linea]))
    assert resultados() == ["pse_trasladado"]
    assert libro.saldos() == {"pasarela:placetopay": 0, LIBRO: 9000, "estampilla:E0": -4000, "estampilla:E1": -5000}
    assert db.session.scalar(select(func.count(Recaudo.id))) == 1
    assert movimientos()[0].cus == ("7654321" if como == "cus" else None)
    assert casos_abiertos() == []


def test_un_pago_de_pse_llega_una_vez_aunque_el_banco_lo_repita(app: Flask) -> None:
    uno = pago(liquidacion())
    aprobar(uno)
    importar(archivo([por_pse(uno.referencia, 9000, 1), por_pse(uno.referencia, 9000, 2)]))
    importar(archivo([por_pse(uno.referencia, 9000, 3)], modificador="B"))
    assert resultados() == ["pse_trasladado", "pse_repetido", "pse_repetido"]
    assert libro.saldos()[LIBRO] == 9000
    assert casos_abiertos() == ["diferencia"] * 2


def test_lo_de_pse_que_la_pasarela_no_dijo_no_se_aplica(app: Flask) -> None:
    una = liquidacion((4000,))
    uno, otro = pago(liquidacion()), pago(liquidacion((1000,)))
    aprobar(uno)
    aprobar(otro, "t2", cus=None, fecha=AHORA - timedelta(days=40))
    importar(
        archivo(
            [
                por_pse(una.facturas[0].numero, 4000),
                por_pse(uno.referencia, 9001),
                por_pse("1", 9000),
                por_pse(otro.referencia, 1000),
            ]
        )
    )
    assert resultados() == ["pse_sin_pasarela", "pse_valor_distinto", "pse_sin_pasarela", "pse_sin_pasarela"]
    assert estados_de(una) == ["liquidada"]
    assert LIBRO not in libro.saldos()
    assert casos_abiertos() == ["diferencia"] * 4


def test_entre_dos_creditos_que_pueden_ser_no_se_adivina(app: Flask) -> None:
    for cual in ("a", "b"):
        aprobar(pago(liquidacion()), cual, cus=None, autorizacion="000321")
    importar(archivo([por_pse("5", 9000, 321)]))
    assert resultados() == ["pse_ambiguo"]
    assert casos_abiertos() == ["diferencia"]


def test_lo_que_espera_a_la_pasarela_se_casa_cuando_ella_lo_dice(app: Flask) -> None:
    uno = pago(liquidacion())
    importar(archivo([por_pse(uno.referencia, 9000)]))
    assert resultados() == ["pse_sin_pasarela"]
    with transaccion():
        assert casar_pendientes(ahora=AHORA) == 0
    aprobar(uno)
    assert hay_pendientes()
    for esperados in (1, 0):
        with transaccion():
            assert casar_pendientes(ahora=AHORA) == esperados
    assert resultados() == ["pse_trasladado"]
    assert libro.saldos()[LIBRO] == 9000
    assert casos_abiertos() == []
    assert db.session.scalars(select(Caso.salida)).one() is SalidaCaso.RESUELTO_SOLO
    assert not hay_pendientes()


def test_el_banco_devuelve_lo_que_recibio_y_se_debe_de_nuevo(app: Flask) -> None:
    una = liquidacion((4000,))
    numero = una.facturas[0].numero
    importar(archivo([Pagado(numero, 4000, medio="02", numero=5)], dia=HOY - timedelta(days=2)))
    importar(archivo([Pagado(numero, 4000, medio="02", numero=5, causal="R02")]))
    assert resultados() == ["legalizado", "revertido"]
    assert estados_de(una) == ["revertida"]
    assert not any(libro.saldos().values())
    reversion = db.session.scalars(select(Reversion)).one()
    assert reversion.causa is CausaReversion.BANCO
    assert movimientos()[1].reversion_id == reversion.id
    importar(archivo([Pagado(numero, 4000, medio="02", numero=5, causal="R03")]))
    assert resultados()[-1] == "revertido_antes"
    importar(archivo([Pagado(numero, 4000, numero=6)], modificador="C"))
    assert estados_de(una) == ["legalizada"]


def test_lo_recibido_y_devuelto_en_el_mismo_archivo_se_deshace_venga_como_venga(app: Flask) -> None:
    una = liquidacion((4000,))
    numero = una.facturas[0].numero
    importar(archivo([Pagado(numero, 4000, causal="R02"), Pagado(numero, 4000)]))
    assert sorted(resultados()) == ["legalizado", "revertido"]
    assert estados_de(una) == ["revertida"]


def test_una_devolucion_sin_su_pago_o_con_varios_no_revierte_nada(app: Flask) -> None:
    numero = liquidacion((4000,)).facturas[0].numero
    importar(archivo([Pagado(numero, 4000, causal="R02"), Pagado(12345, 1, causal="R02")]))
    importar(archivo([Pagado(numero, 4000), Pagado(numero, 4000)], modificador="B"))
    importar(archivo([Pagado(numero, 4000, causal="R09", numero=4)], modificador="C"))
    assert resultados() == ["devuelto_sin_origen"] * 2 + ["legalizado", "ya_pagada", "devuelto_sin_origen"]
    assert db.session.scalar(select(func.count(Reversion.id))) == 0


def test_un_pago_de_pse_devuelto_sale_de_la_cuenta_y_de_la_pasarela(app: Flask) -> None:
    una = liquidacion()
    uno = pago(una)
    aprobar(uno)
    importar(archivo([por_pse(uno.referencia, 9000)]))
    importar(archivo([por_pse(uno.referencia, 9000, causal="R17")]))
    assert resultados() == ["pse_trasladado", "revertido"]
    assert estados_de(una) == ["revertida", "revertida"]
    assert not any(libro.saldos().values())


def test_lo_que_la_pasarela_ya_habia_revertido_solo_sale_de_la_cuenta(app: Flask) -> None:
    uno = pago(liquidacion())
    aprobar(uno)
    importar(archivo([por_pse(uno.referencia, 9000)]))
    recaudo_id = db.session.scalars(select(Recaudo.id)).one()
    with transaccion():
        reversiones.revertir(recaudo_id, causa=CausaReversion.PASARELA, motivo="Reversado", ahora=AHORA)
    assert libro.saldos()["pasarela:placetopay"] == -9000
    importar(archivo([por_pse(uno.referencia, 9000, causal="R17"), por_pse(uno.referencia, 9000, 8, causal="R17")]))
    assert resultados() == ["pse_trasladado", "revertido_antes", "revertido_antes"]
    assert not any(libro.saldos().values())


def test_se_importa_lo_que_se_vio_o_nada(app: Flask) -> None:
    una = liquidacion()
    uno = pago(una)
    contenido = archivo([Pagado(una.facturas[0].numero, 4000), Pagado(77, 10)])
    visto = revisar(contenido).huella
    aprobar(uno)
    with pytest.raises(ArchivoCambio):
        importar(contenido, visto=visto)
    assert resultados() == []
    assert db.session.scalar(select(func.count(ArchivoBanco.id))) == 0
    guardado = importar(contenido, visto=revisar(contenido).huella)
    assert guardado.numero == 1
    assert resultados() == ["ya_pagada", "referencia_desconocida"]


def test_un_archivo_ajeno_o_de_manana_se_rechaza(app: Flask) -> None:
    for contenido, mensaje in (
        (archivo([], nit="899999114"), "otra entidad"),
        (archivo([], dia=HOY + timedelta(days=1)), "no ha llegado"),
        (archivo([Pagado(1, 1)], servicio="7709998000018"), "convenio"),
    ):
        with pytest.raises(DatoInvalido, match=mensaje):
            revisar(contenido)
    with pytest.raises(ArchivoRecaudoInvalido):
        revisar(archivo([Pagado(1, 1)])[:-160])


def test_lo_raro_que_no_impide_se_avisa(app: Flask) -> None:
    sin_datos = replace(CONVENIO, nit="", cuentas={})
    revision = revisar(archivo([], dia=HOY - timedelta(days=90), servicio="12"), convenio=sin_datos)
    avisos = " ".join(revision.avisos)
    for dicho in ("terminada en 4000", "no tienen su NIT", "código propio", "más de 60 días", "no trae pagos"):
        assert dicho in avisos


def test_un_dia_sin_recaudo_tambien_queda(app: Flask) -> None:
    guardado = importar(archivo([]))
    assert (guardado.lineas, guardado.total) == (0, 0)
    with pytest.raises(ArchivoRepetido):
        importar(archivo([]))


def test_la_cuenta_tiene_en_el_libro_el_nombre_que_le_da_el_departamento(app: Flask) -> None:
    con_nombre = replace(CONVENIO, cuentas={CUENTA: "recaudo-estampillas"})
    importar(archivo([Pagado(liquidacion((4000,)).facturas[0].numero, 4000)]), convenio=con_nombre)
    assert libro.saldos()["banco:recaudo-estampillas"] == 4000
    assert movimientos()[0].cuenta == "recaudo-estampillas"
    assert movimientos()[0].archivo.cuenta == CUENTA


def test_lo_revisado_suma_lo_que_el_archivo(app: Flask) -> None:
    una = liquidacion((4000,))
    revision = revisar(archivo([Pagado(una.facturas[0].numero, 4000), Pagado(9, Decimal("10.50")), por_pse("x", 7)]))
    assert sum(s.valor for s in revision.por_resultado.values()) == revision.archivo.total == Decimal("4017.50")
    assert set(DESENLACES) == set(ResultadoMovimiento)


@pytest.mark.descuadra
def test_la_base_de_datos_no_deja_cambiar_lo_importado(app: Flask) -> None:
    uno = pago(liquidacion())
    importar(archivo([por_pse(uno.referencia, 9000)]))
    aprobar(uno)
    recaudo_id = db.session.scalars(select(Recaudo.id)).one()
    for orden in (
        "UPDATE archivo_banco SET total = 1",
        "DELETE FROM archivo_banco",
        "DELETE FROM movimiento_banco",
        "UPDATE movimiento_banco SET valor = 1",
        "UPDATE movimiento_banco SET resultado = 'pse_trasladado'",
        f"UPDATE movimiento_banco SET recaudo_id = {recaudo_id}",
        f"UPDATE movimiento_banco SET recaudo_id = {recaudo_id}, resultado = 'pse_trasladado', valor = 1",
    ):
        with pytest.raises(DatabaseError, match="solo se agrega"), transaccion():
            db.session.execute(text(orden))
    llenar = update(MovimientoBanco).values(recaudo_id=recaudo_id, resultado=ResultadoMovimiento.PSE_TRASLADADO)
    with transaccion():
        db.session.execute(llenar)
    with pytest.raises(DatabaseError, match="solo se agrega"), transaccion():
        db.session.execute(update(MovimientoBanco).values(recaudo_id=None))


def test_lo_rechazado_por_la_pasarela_no_cuenta_aunque_el_banco_lo_traiga(app: Flask) -> None:
    uno = pago(liquidacion())
    with transaccion():
        aplicar_resultado(
            uno.id, respuesta(uno, EstadoPasarela.RECHAZADO), causa=Causa.SONDA, espera=ESPERA, ahora=AHORA
        )
    importar(archivo([por_pse(uno.referencia, 9000)]))
    assert resultados() == ["pse_sin_pasarela"]
    assert db.session.scalar(select(func.count(Asiento.numero))) == 0
    assert GLN in CONVENIO.glns
