"""Cases of treasury: one for each fact, counted when it is told again, owned, and closed once, by somebody or by themselves."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from portal.db import db, ejecutar, transaccion
from portal.dominio.casos import COLAS, ClaseCaso, SalidaCaso
from portal.dominio.errores import NoExiste, TransicionNoPermitida
from portal.dominio.estados import EstadoPago
from portal.dominio.libro import POR_IDENTIFICAR, ClaseAsiento, Partida
from portal.models import Bitacora, Caso, Pago
from portal.models.pago import CausaReversion
from portal.operaciones import casos, reversiones
from portal.operaciones.libro import asentar
from portal.operaciones.recaudos import cubierta_de
from portal.operaciones.resultados import Causa, aplicar_resultado
from tests.fabricas import AHORA, ESPERA, estado_de, estados_de, liquidacion, pago, respuesta
from tests.ordenes import credito, tesorero

pytestmark = pytest.mark.usefixtures("app")

LUEGO = AHORA + timedelta(hours=1)


def abrir(clave: str = "x", clase: ClaseCaso = ClaseCaso.FIRMA_INVALIDA, **otros: object) -> Caso:
    with transaccion():
        uno = casos.abrir(clase, clave, ahora=AHORA, **otros)  # type: ignore[arg-type]
    return leido(uno.id)


def leido(caso_id: int) -> Caso:
    db.session.expire_all()
    return db.session.get_one(Caso, caso_id)


def anotaciones() -> list[tuple[str, str, int | None, dict[str, object], str]]:
    filas = select(Bitacora.accion, Bitacora.objeto, Bitacora.usuario_id, Bitacora.detalle, Bitacora.peticion)
    return [
        tuple(f) for f in db.session.execute(filas.where(Bitacora.accion.startswith("caso.")).order_by(Bitacora.id))
    ]


def test_un_hecho_es_un_caso_por_muchas_veces_que_se_diga() -> None:
    uno = abrir(detalle={"pasarela": "placetopay"})
    assert (uno.numero, uno.clase, uno.abierto_en, uno.veces) == (1, ClaseCaso.FIRMA_INVALIDA, AHORA, 1)
    assert uno.detalle == {"pasarela": "placetopay"}
    otra_vez = abrir(detalle={"pasarela": "wompi"}, veces=12)
    assert (otra_vez.id, otra_vez.veces, otra_vez.detalle) == (uno.id, 13, {"pasarela": "placetopay"})
    distinto = abrir("y", veces=3)
    assert (distinto.numero, distinto.veces, distinto.detalle) == (2, 3, {})
    assert abrir("x", ClaseCaso.SIN_RESOLVER).numero == 3


def test_un_caso_nombra_el_pago_el_credito_y_la_factura_de_que_trata() -> None:
    una = liquidacion((4000,))
    uno, recibido = pago(una), credito(7000)
    caso = abrir(pago_id=uno.id, recaudo_id=recibido.id, factura_id=una.facturas[0].id)
    assert (caso.pago_id, caso.recaudo_id, caso.factura_id) == (uno.id, recibido.id, una.facturas[0].id)


def test_se_halla_por_su_numero_y_uno_que_no_cabe_no_existe() -> None:
    uno = abrir()
    assert casos.por_numero(uno.numero).id == uno.id
    for numero in (uno.numero + 1, 0, 2**63 - 1, 2**63, 10**30):
        with pytest.raises(NoExiste):
            casos.por_numero(numero)


def test_quien_toma_un_caso_es_su_responsable_aunque_otro_lo_tuviera() -> None:
    ana, luis = tesorero(), tesorero()
    uno, ajeno = abrir(), abrir("y")
    for quien in (ana, luis):
        with transaccion():
            casos.tomar_caso(uno.id, usuario=quien, ahora=AHORA, peticion="p1")
    assert (leido(uno.id).responsable_id, leido(uno.id).responsable_nombre) == (luis.id, luis.nombre)
    assert leido(ajeno.id).responsable_id is None
    assert anotaciones() == [("caso.tomar", f"caso:{uno.id}", quien.id, {}, "p1") for quien in (ana, luis)]


def test_cerrar_dice_quien_como_cuando_y_que_anoto() -> None:
    ana, uno, ajeno = tesorero(), abrir(), abrir("y")
    with transaccion():
        casos.cerrar(uno.id, SalidaCaso.REVISADO, ahora=LUEGO, nota="n" * 501, usuario=ana, peticion="p2")
    cerrado = leido(uno.id)
    assert (cerrado.cerrado_en, cerrado.salida, cerrado.nota) == (LUEGO, SalidaCaso.REVISADO, "n" * 500)
    assert (cerrado.cerrado_por, cerrado.cerrado_por_nombre) == (ana.id, ana.nombre)
    assert leido(ajeno.id).abierto
    assert anotaciones() == [("caso.cerrar", f"caso:{uno.id}", ana.id, {"salida": "revisado"}, "p2")]


def test_lo_que_se_cierra_solo_no_lo_cerro_nadie() -> None:
    uno = abrir(clase=ClaseCaso.SIN_RESOLVER)
    with transaccion():
        casos.cerrar(uno.id, SalidaCaso.RESUELTO_SOLO, ahora=LUEGO)
    cerrado = leido(uno.id)
    assert (cerrado.cerrado_por, cerrado.cerrado_por_nombre, cerrado.nota) == (None, "", "")
    assert anotaciones() == [("caso.cerrar", f"caso:{uno.id}", None, {"salida": "resuelto_solo"}, "")]


def test_un_caso_cerrado_no_se_cierra_ni_se_toma_otra_vez() -> None:
    ana, uno = tesorero(), abrir()
    with transaccion():
        casos.cerrar(uno.id, SalidaCaso.REVISADO, ahora=AHORA)
    with transaccion(), pytest.raises(TransicionNoPermitida, match="ya está cerrado"):
        casos.cerrar(uno.id, SalidaCaso.REVISADO, ahora=LUEGO)
    with transaccion(), pytest.raises(TransicionNoPermitida, match="ya está cerrado"):
        casos.tomar_caso(uno.id, usuario=ana, ahora=LUEGO)
    assert (leido(uno.id).cerrado_en, leido(uno.id).responsable_id) == (AHORA, None)


@pytest.mark.parametrize("clase", ClaseCaso)
def test_cada_cola_se_cierra_solo_de_las_maneras_que_admite(clase: ClaseCaso) -> None:
    for salida in SalidaCaso:
        uno = abrir(salida.value, clase)
        if salida in COLAS[clase].salidas:
            with transaccion():
                casos.cerrar(uno.id, salida, ahora=AHORA)
        else:
            with transaccion(), pytest.raises(TransicionNoPermitida, match="de esa manera"):
                casos.cerrar(uno.id, salida, ahora=AHORA)
        assert leido(uno.id).abierto is (salida not in COLAS[clase].salidas)


def test_solo_los_casos_del_dinero_que_espera_esperan_por_el() -> None:
    una = liquidacion((4000,))
    doble = [credito(4000, [cubierta_de(una.facturas[0])]) for _ in range(2)][1]
    corto = credito(1, [cubierta_de(liquidacion((2,)).facturas[0])])
    sin_dueno = credito(7000)
    esperan = db.session.scalars(select(Caso).order_by(Caso.id)).all()
    assert [(c.clase, c.recaudo_id) for c in esperan] == [
        (ClaseCaso.PAGO_DOBLE, doble.id),
        (ClaseCaso.VALOR_DISTINTO, corto.id),
        (ClaseCaso.REFERENCIA_DESCONOCIDA, sin_dueno.id),
    ]
    assert all(casos.espera_dinero(c) for c in esperan)
    assert not casos.espera_dinero(abrir(recaudo_id=sin_dueno.id))
    assert not casos.espera_dinero(abrir("aviso", ClaseCaso.REFERENCIA_DESCONOCIDA))
    for caso in esperan:
        with transaccion(), pytest.raises(TransicionNoPermitida, match="sin devolver ni aplicar"):
            casos.cerrar(caso.id, SalidaCaso.DEVUELTO, ahora=AHORA)


def devolver(recaudo_id: int) -> None:
    with transaccion():
        reversiones.revertir(recaudo_id, causa=CausaReversion.BANCO, motivo="Oficio", ahora=AHORA)


def test_cerrar_de_cierra_los_de_esas_colas_sobre_ese_credito_o_ese_pago_y_los_cerrados_no() -> None:
    uno, otro = pago(liquidacion()), pago(liquidacion())
    suyos = [abrir(str(n), ClaseCaso.SIN_RESOLVER, pago_id=uno.id) for n in range(2)]
    ajenos = [
        abrir("ajeno", ClaseCaso.SIN_RESOLVER, pago_id=otro.id),
        abrir("otra cola", ClaseCaso.RESPUESTA_CONTRADICTORIA, pago_id=uno.id),
    ]
    ana = tesorero()
    for _ in range(2):
        with transaccion():
            casos.cerrar_de((ClaseCaso.SIN_RESOLVER,), SalidaCaso.ORDENADO, ahora=LUEGO, pago_id=uno.id, usuario=ana)
    assert [leido(c.id).cerrado_por for c in suyos] == [ana.id, ana.id]
    assert [leido(c.id).abierto for c in ajenos] == [True, True]
    assert [objeto for _, objeto, *_ in anotaciones()] == [f"caso:{c.id}" for c in suyos]


def cobrar_de_menos(uno: Pago, *transacciones: str) -> None:
    for transaccion_ in transacciones:
        with transaccion():
            dicha = respuesta(uno, transaccion=transaccion_, valor=Decimal(8999))
            aplicar_resultado(uno.id, dicha, causa=Causa.SONDA, espera=ESPERA, ahora=AHORA)


def test_lo_que_el_banco_cobro_mal_se_puede_pagar_cuando_se_dispone_de_todo_ese_dinero() -> None:
    una = liquidacion()
    uno = pago(una)
    cobrar_de_menos(uno, "t1", "t2")
    primero, segundo = db.session.scalars(select(Caso).order_by(Caso.id)).all()
    assert primero.clase is segundo.clase is ClaseCaso.VALOR_DISTINTO
    for caso in (primero, segundo):
        devolver(caso.recaudo_id or 0)
    with transaccion():
        casos.cerrar(primero.id, SalidaCaso.DEVUELTO, ahora=LUEGO)
    assert (estado_de(uno), estados_de(una)) == (EstadoPago.PENDIENTE, ["en_verificacion", "en_verificacion"])
    with transaccion():
        casos.cerrar(segundo.id, SalidaCaso.DEVUELTO, ahora=LUEGO)
    assert (estado_de(uno), estados_de(una)) == (EstadoPago.FALLIDO, ["liquidada", "liquidada"])
    mensaje = "El banco cobró otro valor y Tesorería ya dispuso de ese dinero. Puede pagar de nuevo."
    assert db.session.get_one(Pago, uno.id).mensaje == mensaje


def test_cerrar_otra_cola_no_suelta_el_pago() -> None:
    una = liquidacion()
    uno = pago(una)
    caso = abrir(clase=ClaseCaso.RESPUESTA_CONTRADICTORIA, pago_id=uno.id)
    with transaccion():
        casos.cerrar(caso.id, SalidaCaso.REVISADO, ahora=LUEGO)
    assert (estado_de(uno), estados_de(una)) == (EstadoPago.ENVIADO, ["en_verificacion", "en_verificacion"])


@pytest.mark.descuadra
def test_lo_que_se_acaba_de_aplicar_ya_no_espera_aunque_el_caso_estuviera_a_la_vista() -> None:
    recibido = credito(7000)
    caso = db.session.scalars(select(Caso)).one()
    with transaccion():
        assert casos.espera_dinero(caso)
        aplicada = Partida(
            ClaseAsiento.APLICACION, POR_IDENTIFICAR, "estampilla:E0", Decimal(7000), "a mano", recibido.id
        )
        asentar([aplicada], ahora=AHORA)
        casos.cerrar(caso.id, SalidaCaso.APLICADO, ahora=LUEGO)
    assert not leido(caso.id).abierto


def test_si_otro_abre_el_mismo_caso_en_ese_instante_se_cuenta_en_el_suyo(monkeypatch: pytest.MonkeyPatch) -> None:
    uno = abrir()
    respuestas = [0]
    # The first look finds nothing, as if the other had not committed yet.
    monkeypatch.setattr(casos, "ejecutar", lambda orden: respuestas.pop() if respuestas else ejecutar(orden))
    assert (abrir(veces=4).id, leido(uno.id).veces) == (uno.id, 5)
    assert abrir("y").numero > uno.numero


def test_cuantas_veces_se_dijo_se_lee_de_la_base() -> None:
    uno = abrir()
    with transaccion():
        assert uno.veces == 1
        # Somebody else's, of which the object that was read knows nothing.
        ajena = update(Caso).values(veces=7).execution_options(synchronize_session=False)
        db.session.execute(ajena)
        assert casos.abrir(ClaseCaso.FIRMA_INVALIDA, "x", ahora=AHORA).veces == 8
