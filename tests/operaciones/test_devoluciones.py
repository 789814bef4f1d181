"""Refunds: asked for what the ledger owes, decided by two people, paid once, and never over a stamp that was used."""

from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from portal.db import db, transaccion
from portal.dominio.casos import ClaseCaso, SalidaCaso
from portal.dominio.devoluciones import CausalDevolucion, EstadoDevolucion
from portal.dominio.errores import DatoInvalido, NoExiste, TransicionNoPermitida
from portal.dominio.estados import EstadoFactura, EstadoPago
from portal.dominio.libro import ClaseAsiento
from portal.models import Archivo, Asiento, Bitacora, Caso, Devolucion, Factura, Liquidacion, Pago, Reversion
from portal.models.pago import CausaReversion
from portal.operaciones import adhesiones, devoluciones, libro, reversiones, sin_efecto, verificacion
from portal.operaciones.solicitudes_devolucion import YaSolicitada, devolvibles, hay_en_curso, solicitar
from portal.pasarelas.base import EstadoPasarela
from tests.adhesiones import usar
from tests.archivos import pdf, png
from tests.devoluciones import (
    aprobada,
    decir,
    distinto,
    doble,
    estudiada,
    firma,
    girar,
    leida,
    pagado,
    pedido,
    pedir,
    tesorero,
)
from tests.fabricas import AHORA, HOY, estado_de, estados_de, liquidacion, pago, respuesta

NO_DEBIDO = CausalDevolucion.NO_DEBIDO


def revertir(uno: Pago) -> None:
    db.session.expire_all()
    with transaccion():
        for recaudo in db.session.get_one(Pago, uno.id).recaudos:
            reversiones.revertir(recaudo.id, causa=CausaReversion.BANCO, motivo="Reclamo del titular", ahora=AHORA)


def casos_de(clase: ClaseCaso) -> list[SalidaCaso | None]:
    db.session.expire_all()
    return list(db.session.scalars(select(Caso.salida).where(Caso.clase == clase).order_by(Caso.id)))


def test_el_pago_doble_se_devuelve_entero_y_su_caso_se_cierra_solo(app: Flask) -> None:
    uno = doble()
    (debido,) = devolvibles(uno)
    assert (debido.causal, debido.valor) == (CausalDevolucion.DOBLE, 9000)
    una = pedir(uno)
    assert (una.numero, una.estado, una.valor) == (1, EstadoDevolucion.SOLICITADA, 9000)
    assert len(una.codigo) >= 22
    aprobada(una)
    assert casos_de(ClaseCaso.PAGO_DOBLE) == [None]
    girar(una)
    assert leida(una).estado is EstadoDevolucion.PAGADA
    assert casos_de(ClaseCaso.PAGO_DOBLE) == [SalidaCaso.DEVUELTO]
    saldos = libro.saldos()
    assert (saldos["excedentes"], saldos["banco:0849514000"]) == (0, -9000)
    pagada = db.session.get_one(Pago, uno.id)
    assert (pagada.excedente, pagada.devuelto, pagada.devuelto_entero) == (0, 9000, True)
    assert devolvibles(pagada) == []


def test_un_valor_distinto_se_devuelve_y_las_estampillas_se_pueden_pagar_otra_vez(app: Flask) -> None:
    uno = distinto()
    assert estado_de(uno) is EstadoPago.PENDIENTE
    una = pedir(uno, CausalDevolucion.EXCESO)
    assert una.valor == 8999
    girar(aprobada(una))
    assert casos_de(ClaseCaso.VALOR_DISTINTO) == [SalidaCaso.DEVUELTO]
    assert estado_de(uno) is EstadoPago.FALLIDO
    assert estados_de(uno.liquidacion) == ["liquidada", "liquidada"]
    otro = pago(uno.liquidacion)
    decir(otro, respuesta(otro, transaccion="después"))
    assert estados_de(uno.liquidacion) == ["legalizada", "legalizada"]


def test_lo_no_debido_deja_sin_efecto_solo_las_estampillas_pedidas(app: Flask) -> None:
    una, uno = pagado()
    pedida = pedir(uno, NO_DEBIDO, (una.facturas[0].numero,))
    assert pedida.valor == 4000
    aprobada(pedida)
    assert estados_de(una) == ["sin_efecto", "legalizada"]
    clases = db.session.scalars(select(Asiento.clase).order_by(Asiento.numero)).all()
    assert clases == [ClaseAsiento.RECAUDO, ClaseAsiento.RECAUDO, ClaseAsiento.NO_DEBIDO]
    assert db.session.get_one(Pago, uno.id).excedente == 4000
    girar(pedida)
    assert libro.saldos() == {
        "banco:0849514000": -4000,
        "estampilla:E0": 0,
        "estampilla:E1": -5000,
        "excedentes": 0,
        "pasarela:placetopay": 9000,
    }
    (queda,) = devolvibles(db.session.get_one(Pago, uno.id))
    assert [p.factura.numero for p in queda.partes if p.factura] == [una.facturas[1].numero]


def test_lo_devuelto_no_impide_dejar_sin_efecto_la_liquidacion(app: Flask) -> None:
    una, uno = pagado()
    numeros = tuple(f.numero for f in una.facturas)
    pedida = pedir(uno, NO_DEBIDO, numeros[:1])
    girar(aprobada(pedida))
    quien = tesorero()
    with pytest.raises(TransicionNoPermitida, match="ya se pagó"), transaccion():
        sin_efecto.dejar_sin_efecto(una.id, motivo="Mal liquidada", usuario=quien, ahora=AHORA)
    assert not sin_efecto.puede_dejarse_sin_efecto(una)
    girar(aprobada(pedir(uno, NO_DEBIDO, numeros[1:])), "TR-2")
    db.session.expire_all()
    assert sin_efecto.puede_dejarse_sin_efecto(una)
    with transaccion():
        sin_efecto.dejar_sin_efecto(una.id, motivo="Mal liquidada", usuario=quien, ahora=AHORA)
    assert estados_de(una) == ["sin_efecto", "sin_efecto"]


def test_una_estampilla_usada_no_se_devuelve(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    una, uno = pagado((4000,))
    numero, factura_id = una.facturas[0].numero, una.facturas[0].id
    pedida = estudiada(pedir(uno, NO_DEBIDO, (numero,)))
    # The official had looked before the request was made.
    monkeypatch.setattr(adhesiones, "_devoluciones_de", lambda ids: {})
    usar(factura_id)
    with pytest.raises(TransicionNoPermitida, match="ya se usó"):
        aprobada_por_otra(pedida)
    assert leida(pedida).estado is EstadoDevolucion.EN_ESTUDIO
    assert estados_de(una) == ["utilizada"]
    assert libro.saldos()["estampilla:E0"] == -4000


def test_una_estampilla_usada_no_se_puede_ni_pedir(app: Flask) -> None:
    una, uno = pagado()
    usar(una.facturas[0].id)
    with pytest.raises(DatoInvalido, match="ya se usaron") as rechazo:
        pedir(uno, NO_DEBIDO, (una.facturas[0].numero,))
    assert rechazo.value.campo == "factura"


def aprobada_por_otra(una: Devolucion) -> None:
    quien = tesorero()
    with transaccion():
        devoluciones.aprobar(una, firma(quien))


def test_quien_estudia_no_decide_ni_en_la_operacion_ni_en_la_base(app: Flask) -> None:
    quien = tesorero()
    una = estudiada(pedir(doble()), quien)
    for decidir in (
        lambda: devoluciones.aprobar(una, firma(quien)),
        lambda: devoluciones.negar(una, "No", firma(quien)),
    ):
        with pytest.raises(TransicionNoPermitida, match="otra persona"), transaccion():
            decidir()
    with pytest.raises(IntegrityError, match="la_decide_otra_persona"), transaccion():
        db.session.execute(text("UPDATE devolucion SET decidida_por = estudiada_por"))
    with pytest.raises(IntegrityError, match="aprobada_por_dos_personas"), transaccion():
        db.session.execute(text("UPDATE devolucion SET estado = 'aprobada'"))


def test_sin_estudio_no_hay_decision_y_sin_aprobacion_no_hay_giro(app: Flask) -> None:
    una = pedir(doble())
    quien = tesorero()
    with pytest.raises(TransicionNoPermitida, match="«Solicitada»"), transaccion():
        devoluciones.aprobar(una, firma(quien))
    with pytest.raises(TransicionNoPermitida, match="«Solicitada»"):
        girar(una)
    assert casos_de(ClaseCaso.PAGO_DOBLE) == [None]


def test_negada_dice_su_motivo_y_deja_pedir_de_nuevo(app: Flask) -> None:
    uno = doble()
    una = estudiada(pedir(uno))
    with pytest.raises(YaSolicitada):
        pedir(uno)
    quien = tesorero()
    with transaccion():
        devoluciones.negar(una, "La certificación es de otra persona.", firma(quien))
    assert (leida(una).estado, una.motivo) == (EstadoDevolucion.NEGADA, "La certificación es de otra persona.")
    assert casos_de(ClaseCaso.PAGO_DOBLE) == [None], "the money still waits"
    assert pedir(uno).numero == 2


@pytest.mark.parametrize("estudio", [False, True])
def test_quien_la_pide_puede_desistir_hasta_que_se_decida(app: Flask, estudio: bool) -> None:
    una = pedir(doble())
    if estudio:
        estudiada(una)
    with transaccion():
        devoluciones.desistir(una, firma())
    assert leida(una).estado is EstadoDevolucion.DESISTIDA
    otra = aprobada(pedir(doble()))
    with pytest.raises(TransicionNoPermitida, match="«Aprobada»"), transaccion():
        devoluciones.desistir(otra, firma())


def test_la_misma_clave_pide_una_sola_vez(app: Flask) -> None:
    uno = doble()
    assert pedir(uno, clave="a" * 24).id == pedir(uno, clave="a" * 24).id
    assert hay_en_curso(uno)
    assert devolvibles(uno) == []


@pytest.mark.parametrize(
    ("contenido", "dice"),
    [(b"", "vacío"), (png(), "debe ser un PDF"), (b"%PDF-1.7 a medias", "completo")],
)
def test_la_certificacion_es_un_pdf_completo(app: Flask, contenido: bytes, dice: str) -> None:
    with pytest.raises(DatoInvalido, match=dice) as rechazo:
        pedir(doble(), certificacion=contenido)
    assert rechazo.value.campo == "archivo"
    assert db.session.scalars(select(Devolucion)).all() == []
    assert db.session.scalars(select(Archivo)).all() == []


def test_lo_que_no_se_debe_no_se_puede_pedir(app: Flask) -> None:
    _, uno = pagado()
    for causal in (CausalDevolucion.DOBLE, CausalDevolucion.EXCESO):
        with pytest.raises(DatoInvalido) as rechazo:
            pedir(uno, causal)
        assert rechazo.value.campo == "causal"
    for facturas in ((), (999_999,)):
        with pytest.raises(DatoInvalido):
            pedir(uno, NO_DEBIDO, facturas)
    assert devolvibles(pago(liquidacion())) == []
    with pytest.raises(NoExiste), transaccion():
        solicitar("no-existe", pedido(), ("a.pdf", pdf()), clave="a" * 24, ahora=AHORA)


def test_la_referencia_del_banco_sirve_una_vez(app: Flask) -> None:
    girar(aprobada(pedir(doble())))
    otra = aprobada(pedir(doble()))
    with pytest.raises(DatoInvalido, match="ya está en otra devolución") as rechazo:
        girar(otra)
    assert rechazo.value.campo == "referencia"
    assert leida(otra).estado is EstadoDevolucion.APROBADA
    girar(otra, "TR-2")
    with pytest.raises(TransicionNoPermitida, match="«Pagada»"):
        girar(otra, "TR-3")


@pytest.mark.parametrize("dias", [-1, 1])
def test_la_transferencia_es_de_un_dia_posible(app: Flask, dias: int) -> None:
    una = aprobada(pedir(doble()))
    with pytest.raises(DatoInvalido, match="hasta hoy") as rechazo:
        girar(una, fecha=HOY + timedelta(days=dias))
    assert rechazo.value.campo == "fecha"


@pytest.mark.parametrize("hasta", ["solicitada", "estudiada", "aprobada"])
def test_si_el_banco_se_lleva_el_pago_la_devolucion_queda_sin_objeto(app: Flask, hasta: str) -> None:
    uno = doble()
    una = pedir(uno)
    if hasta == "estudiada":
        estudiada(una)
    elif hasta == "aprobada":
        aprobada(una)
    revertir(uno)
    assert (leida(una).estado, una.motivo) == (EstadoDevolucion.NEGADA, devoluciones.MOTIVO_SIN_OBJETO)
    with pytest.raises(TransicionNoPermitida):
        girar(una)
    assert libro.saldos()["excedentes"] == 0
    with pytest.raises(DatoInvalido, match="no hay dinero por devolver"):
        pedir(uno)


def test_si_el_banco_se_lleva_lo_no_debido_ya_aprobado_todo_queda_en_cero(app: Flask) -> None:
    una, uno = pagado((4000,))
    pedida = aprobada(pedir(uno, NO_DEBIDO, (una.facturas[0].numero,)))
    revertir(uno)
    assert leida(pedida).estado is EstadoDevolucion.NEGADA
    assert estados_de(una) == ["sin_efecto"]
    assert not any(libro.saldos().values())


def test_si_el_banco_se_lleva_lo_que_ya_se_devolvio_el_caso_lo_dice(app: Flask) -> None:
    uno = doble()
    una = pedir(uno)
    girar(aprobada(una))
    revertir(uno)
    assert leida(una).estado is EstadoDevolucion.PAGADA
    assert libro.saldos()["excedentes"] == 9000, "whoever received both owes one"
    caso = db.session.scalars(select(Caso).where(Caso.clase == ClaseCaso.REVERSION)).one()
    assert caso.detalle["devueltas"] == [una.numero]


@pytest.mark.descuadra
def test_una_aprobada_no_se_paga_si_la_reversion_la_dejo_viva(app: Flask) -> None:
    """Control of the second barrier: even a refund that the reversal forgot cannot be paid, because the ledger is asked."""
    uno = doble()
    una = aprobada(pedir(uno))
    recaudo_id = una.partes[0].recaudo_id
    with transaccion():
        db.session.add(Reversion(recaudo_id=recaudo_id, en=AHORA, causa=CausaReversion.BANCO, motivo="a medias"))
    with pytest.raises(TransicionNoPermitida, match="se llevó este pago"):
        girar(una)
    assert leida(una).estado is EstadoDevolucion.APROBADA


@pytest.mark.descuadra
def test_lo_que_se_puso_en_otra_estampilla_ya_no_se_devuelve(app: Flask) -> None:
    """Treasury may have used the left-over meanwhile: the ledger refuses, whatever was asked."""
    uno = doble()
    una = estudiada(pedir(uno))
    puesta = libro.Partida(
        ClaseAsiento.APLICACION, "excedentes", "estampilla:E0", Decimal(5000), "prueba", una.partes[0].recaudo_id
    )
    with transaccion():
        libro.asentar([puesta], ahora=AHORA)
    with pytest.raises(TransicionNoPermitida, match=r"\$4\.000 por devolver"):
        aprobada_por_otra(una)


def test_dos_motivos_del_mismo_pago_no_se_pisan(app: Flask) -> None:
    """One credit paid a stamp and left the rest over: both can be asked, and each gets its own pesos."""
    una, uno = parcial()
    de_mas = pedir(uno)
    no_debida = pedir(uno, NO_DEBIDO, (una.facturas[1].numero,))
    assert (de_mas.valor, no_debida.valor) == (4000, 5000)
    aprobada(no_debida)
    aprobada(de_mas)
    girar(no_debida, "TR-1")
    assert casos_de(ClaseCaso.PAGO_DOBLE) == [None], "the rest still waits"
    girar(de_mas, "TR-2")
    assert casos_de(ClaseCaso.PAGO_DOBLE) == [SalidaCaso.DEVUELTO]
    assert libro.saldos()["excedentes"] == 0


def test_lo_aprobado_por_un_motivo_no_se_ofrece_por_otro(app: Flask) -> None:
    una, uno = parcial()
    aprobada(pedir(uno, NO_DEBIDO, (una.facturas[1].numero,)))
    (debido,) = devolvibles(db.session.get_one(Pago, uno.id))
    assert (debido.causal, debido.valor) == (CausalDevolucion.DOBLE, 4000)


def parcial() -> tuple[Liquidacion, Pago]:
    """A payment of two stamps approved late, when another had paid the first."""
    una = liquidacion()
    uno = pago(una)
    decir(uno, respuesta(uno, EstadoPasarela.RECHAZADO, transaccion=None))
    otro = pago(una, facturas=(una.facturas[0].numero,))
    decir(otro, respuesta(otro, transaccion="otro"))
    decir(uno, respuesta(uno, transaccion="uno"))
    return una, uno


def test_la_bitacora_no_guarda_datos_de_nadie(app: Flask) -> None:
    una = pedir(doble())
    girar(aprobada(una))
    sucesos = db.session.scalars(select(Bitacora).where(Bitacora.objeto == f"devolucion:{una.id}")).all()
    assert [s.accion for s in sucesos] == [
        "devolucion.solicitar",
        "devolucion.estudiada",
        "devolucion.aprobada",
        "devolucion.pagada",
    ]
    for dato in ("123456789", "1212312323", "Prueba", "correo", "300"):
        assert not any(dato in str(s.detalle) for s in sucesos)


@pytest.mark.descuadra
def test_la_verificacion_nombra_lo_que_no_cuadra(app: Flask) -> None:
    """Control of the invariants: each notices the row that breaks it."""
    una = pedir(doble())
    girar(aprobada(una))
    with transaccion():
        db.session.execute(text("UPDATE devolucion SET valor = valor - 100"))
        recaudo_id = una.partes[0].recaudo_id
        sobra = libro.Partida(ClaseAsiento.DEVOLUCION, "excedentes", "banco:1", Decimal(1), "suelta", recaudo_id)
        libro.asentar([sobra], ahora=AHORA)
    fuera, uno = pagado((4000,))
    no_debida = aprobada(pedir(uno, NO_DEBIDO, (fuera.facturas[0].numero,)))
    with transaccion():
        db.session.get_one(Factura, fuera.facturas[0].id).estado = EstadoFactura.UTILIZADA
    fallas = " | ".join(f for _, filas in verificacion.verificar() for f in filas)
    for frase in (
        f"La devolución {una.numero} no suma",
        "El giro suelta y el libro no dicen lo mismo",
        f"Del recaudo {recaudo_id} se devolvió más",
        f"La devolución {no_debida.numero} es de la factura {fuera.facturas[0].numero}, que está utilizada",
    ):
        assert frase in fallas
