"""The monthly return: opened every month, filed as it was seen, accepted, given back, corrected."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from portal.db import db, transaccion
from portal.dominio.cuadro import ClaseDiferencia
from portal.dominio.declaraciones import EstadoConsignacion, EstadoDeclaracion, mes_de, mes_siguiente
from portal.dominio.errores import DatoInvalido, NoExiste, TransicionNoPermitida
from portal.models import Agente, Bitacora, Declaracion, PasoDeclaracion, RenglonDeclaracion
from portal.models.usuario import Rol
from portal.operaciones.agentes import cuadros, declaraciones, versiones
from portal.operaciones.agentes.cuadros import cuadro
from portal.operaciones.agentes.declaraciones import MesCambio
from portal.operaciones.firmas import Firma
from portal.operaciones.verificacion import verificar
from tests.agentes import agente, deshecha, persona, retenida, suya
from tests.bases import contando
from tests.declaraciones import (
    ANTES,
    MES,
    abiertas,
    aceptada,
    anulada,
    borrador,
    consignada,
    corregida,
    del_mes,
    devuelta,
    en,
    presentada,
    vista,
)
from tests.estampillas import devolver_el_banco, pagar
from tests.fabricas import AHORA, HOY

pytestmark = pytest.mark.usefixtures("app")
DIA = MES.replace(day=20)


def clases(entidad: Agente, mes: date = MES) -> dict[ClaseDiferencia, Decimal]:
    return {d.clase: d.valor for d in versiones.cuadro_de(entidad, mes).diferencias}


def test_se_abre_cada_mes_aun_sin_operaciones_y_una_sola_vez() -> None:
    entidad = agente(desde=date(2026, 1, 5))
    hechas = abiertas(entidad, date(2026, 4, 30))
    assert [(d.mes, d.version, d.estado) for d in hechas] == [
        (date(2026, n, 1), 1, EstadoDeclaracion.BORRADOR) for n in range(1, 5)
    ]
    assert entidad.abierto_hasta == date(2026, 4, 1)
    assert abiertas(entidad, date(2026, 3, 1)) == []
    assert entidad.abierto_hasta == date(2026, 4, 1)
    assert [d.mes.month for d in abiertas(entidad, date(2026, 5, 1))] == [5]
    assert db.session.scalar(select(func.count(PasoDeclaracion.id))) == 5


def test_no_se_abren_meses_antes_del_primero_ni_despues_del_ultimo() -> None:
    entidad = agente(desde=date(2026, 3, 1), hasta=date(2026, 4, 1))
    assert abiertas(entidad, date(2026, 2, 28)) == []
    assert entidad.abierto_hasta is None
    assert [d.mes.month for d in abiertas(entidad, date(2026, 12, 1))] == [3, 4]
    assert entidad.abierto_hasta == date(2026, 4, 1)


def test_se_abren_los_meses_de_todas_las_entidades_del_departamento() -> None:
    for _ in range(2):
        agente(desde=date(2026, 2, 1))
    agente(departamento="narino", clase="otros", desde=date(2026, 2, 1))
    with transaccion():
        assert declaraciones.abrir_todos("putumayo", date(2026, 3, 9), ahora=AHORA) == 4
    with transaccion():
        assert declaraciones.abrir_todos("putumayo", date(2026, 3, 9), ahora=AHORA) == 0


def test_el_mes_se_llena_solo_por_estampilla_y_acto() -> None:
    entidad = agente()
    quien = persona(Rol.AGENTE, entidad)
    una, otra = del_mes(entidad), del_mes(entidad, (7000,))
    del_mes(agente())
    retenida(una, quien, fecha=DIA)
    mes = cuadro(entidad, MES)
    assert [(r.estampilla, r.cantidad, r.liquidado, r.retenidas, r.retenido) for r in mes.renglones] == [
        ("E0", 2, Decimal(11000), 1, Decimal(4000)),
        ("E1", 1, Decimal(5000), 1, Decimal(5000)),
    ]
    assert clases(entidad) == {
        ClaseDiferencia.SIN_RECAUDAR: Decimal(7000),
        ClaseDiferencia.POR_CONSIGNAR: Decimal(9000),
    }
    (sin, _) = versiones.cuadro_de(entidad, MES).diferencias
    assert [(r.numero, r.codigo, r.valor) for r in sin.liquidaciones] == [(otra.numero, otra.codigo, Decimal(7000))]


def test_el_mes_es_el_de_colombia() -> None:
    """An instant of the last night of the month in Colombia is of the next month in UTC."""
    entidad = agente()
    ultima = mes_siguiente(MES) - timedelta(days=1)
    suya(entidad, (4000,), fecha_causacion=ultima, emitida_en=en(ultima).replace(hour=23, minute=59))
    suya(entidad, (5000,), fecha_causacion=ultima, emitida_en=en(mes_siguiente(MES)).replace(hour=0))
    assert cuadro(entidad, MES).sumas.liquidado == 4000
    assert cuadro(entidad, mes_siguiente(MES)).sumas.liquidado == 5000


def test_lo_retenido_de_liquidaciones_de_otros_meses_se_declara_y_se_explica() -> None:
    entidad = agente()
    quien = persona(Rol.AGENTE, entidad)
    vieja = del_mes(entidad, (6000,), mes=ANTES)
    retenida(vieja, quien, fecha=DIA)
    assert cuadro(entidad, MES).sumas.retenido == 6000
    assert clases(entidad)[ClaseDiferencia.RETENIDO_DE_OTROS] == 6000
    (dicha,) = [d for d in cuadro(entidad, MES).diferencias if d.clase is ClaseDiferencia.RETENIDO_DE_OTROS]
    assert [r.numero for r in dicha.liquidaciones] == [vieja.numero]
    assert clases(entidad, ANTES) == {ClaseDiferencia.RECAUDADO_EN_OTRO_MES: Decimal(6000)}


def test_lo_que_pagan_los_contribuyentes_no_se_declara() -> None:
    entidad = agente()
    este = mes_de(HOY)
    intento = pagar(suya(entidad))
    mes = cuadro(entidad, este)
    assert (mes.sumas.pagado, mes.sumas.retenido) == (9000, 0)
    assert clases(entidad, este) == {ClaseDiferencia.PAGADO_POR_ELLOS: Decimal(9000)}
    devolver_el_banco(intento)
    assert cuadro(entidad, este).sumas.pagado == 0
    assert clases(entidad, este) == {ClaseDiferencia.SIN_RECAUDAR: Decimal(9000)}


def test_lo_determinado_por_retencion_y_lo_que_quedo_sin_efecto_no_se_cuentan() -> None:
    entidad = agente()
    suya(entidad, por_retencion=True)
    anulada(suya(entidad))
    assert list(cuadro(entidad, mes_de(HOY)).renglones) == []


def test_las_consignaciones_aceptadas_bajan_la_diferencia_y_las_demas_se_explican() -> None:
    entidad = agente()
    retenida(del_mes(entidad), persona(Rol.AGENTE, entidad), fecha=DIA)
    consignada(entidad, 4000, EstadoConsignacion.ACEPTADA)
    consignada(entidad, 3000)
    consignada(entidad, 1000, EstadoConsignacion.RECHAZADA)
    mes = cuadro(entidad, MES)
    assert (mes.consignado, mes.en_revision, mes.por_consignar) == (4000, 3000, 5000)
    assert clases(entidad) == {ClaseDiferencia.POR_CONSIGNAR: Decimal(5000), ClaseDiferencia.EN_REVISION: Decimal(3000)}
    consignada(entidad, 6000, EstadoConsignacion.ACEPTADA)
    assert clases(entidad)[ClaseDiferencia.DE_MAS] == 1000


def test_se_presenta_lo_que_se_vio_una_sola_vez() -> None:
    entidad = agente()
    quien = persona(Rol.AGENTE, entidad)
    retenida(del_mes(entidad), quien, fecha=DIA)
    una = borrador(entidad)
    visto = vista(una)
    assert presentada(una, quien, visto=visto).id == una.id
    assert presentada(una, quien, visto=visto).numero == una.numero == 1
    assert (una.estado, una.declarado, una.liquidado, una.huella) == (EstadoDeclaracion.PRESENTADO, 9000, 9000, visto)
    assert [(r.estampilla, r.retenido) for r in una.renglones] == [("E0", 4000), ("E1", 5000)]
    assert [(p.desde, p.hasta, p.evento, p.usuario_id) for p in una.eventos] == [
        (None, "borrador", "abrir", None),
        ("borrador", "presentado", "presentar", quien.id),
    ]
    assert db.session.scalar(select(func.count()).where(Bitacora.accion == "declaracion.presentar")) == 1
    with pytest.raises(TransicionNoPermitida, match="otras cifras"):
        presentada(una, quien, visto="0" * 64)


def test_no_se_presenta_lo_que_cambio_despues_de_verlo() -> None:
    entidad = agente()
    quien = persona(Rol.AGENTE, entidad)
    una = borrador(entidad)
    visto = vista(una)
    hecha = retenida(del_mes(entidad), quien, fecha=DIA)
    with pytest.raises(MesCambio, match="cambiaron mientras"):
        presentada(una, quien, visto=visto)
    assert versiones.de_mes(entidad, MES).estado is EstadoDeclaracion.BORRADOR
    deshecha(hecha, quien)
    assert vista(una) != visto


def test_un_mes_que_no_ha_terminado_no_se_presenta() -> None:
    entidad = agente()
    quien = persona(Rol.AGENTE, entidad)
    una = borrador(entidad)
    with pytest.raises(TransicionNoPermitida, match="no ha terminado"):
        presentada(una, quien, hoy=mes_siguiente(MES) - timedelta(days=1))
    presentada(una, quien, hoy=mes_siguiente(MES))
    assert una.declarado == 0
    assert db.session.scalar(select(func.count(RenglonDeclaracion.id))) == 0


def test_nadie_presenta_lo_de_otra_entidad() -> None:
    entidad = agente()
    una = borrador(entidad)
    with pytest.raises(NoExiste):
        presentada(una, persona(Rol.AGENTE, agente()))
    with pytest.raises(TransicionNoPermitida):
        presentada(una, persona(Rol.RENTAS))
    with pytest.raises(NoExiste):
        corregida(entidad, persona(Rol.AGENTE, agente()))


def test_rentas_acepta_devuelve_y_pide_correccion() -> None:
    entidad = agente()
    quien = persona(Rol.AGENTE, entidad)
    una = presentada(borrador(entidad), quien)
    aceptada(una)
    assert una.estado is EstadoDeclaracion.ACEPTADO
    with pytest.raises(TransicionNoPermitida):
        aceptada(una)
    devuelta(una, "Revise el adulto mayor")
    assert (una.estado, una.motivo_devolucion) == (EstadoDeclaracion.DEVUELTO, "Revise el adulto mayor")
    assert una.eventos[-1].motivo == "Revise el adulto mayor"
    with pytest.raises(DatoInvalido):
        devuelta(una, "  ")
    for otro in (quien, persona(Rol.TESORERIA)):
        with pytest.raises(TransicionNoPermitida, match="Rentas"), transaccion():
            declaraciones.aceptar(una, firma=Firma(otro, AHORA))


def test_un_borrador_no_se_acepta_ni_se_devuelve() -> None:
    una = borrador(agente())
    for acto in (aceptada, devuelta):
        with pytest.raises(TransicionNoPermitida, match="borrador"):
            acto(una)


@pytest.mark.parametrize("antes", ["presentado", "aceptado", "devuelto"])
def test_la_correccion_reemplaza_a_la_que_estaba_en_pie(antes: str) -> None:
    entidad = agente()
    quien = persona(Rol.AGENTE, entidad)
    primera = presentada(borrador(entidad), quien)
    if antes != "presentado":
        {"aceptado": aceptada, "devuelto": devuelta}[antes](primera)
    hecha = del_mes(entidad)
    with pytest.raises(TransicionNoPermitida, match="Abra su corrección"):
        retenida(hecha, quien, fecha=DIA)
    segunda = corregida(entidad, quien)
    assert corregida(entidad, quien).id == segunda.id
    with pytest.raises(TransicionNoPermitida, match="ya está abierta"):
        corregida(entidad, quien, "otro motivo")
    retenida(hecha, quien, fecha=DIA)
    assert db.session.get_one(Declaracion, primera.id).estado.value == antes
    presentada(segunda, quien)
    db.session.refresh(primera)
    assert (primera.estado, primera.declarado) == (EstadoDeclaracion.CORREGIDO, 0)
    assert (segunda.version, segunda.numero, segunda.declarado) == (2, 2, 9000)
    with pytest.raises(TransicionNoPermitida):
        aceptada(primera)


def test_una_correccion_sin_cambios_se_puede_presentar() -> None:
    entidad = agente()
    quien = persona(Rol.AGENTE, entidad)
    primera = presentada(borrador(entidad), quien)
    segunda = presentada(corregida(entidad, quien), quien)
    assert (segunda.declarado, segunda.huella != primera.huella) == (0, True)


def test_lo_que_no_se_ha_presentado_no_se_corrige() -> None:
    entidad = agente()
    abiertas(entidad)
    with pytest.raises(TransicionNoPermitida, match="no se ha presentado"):
        corregida(entidad, persona(Rol.AGENTE, entidad))


def test_lo_anulado_despues_de_presentar_aparece_como_diferencia_del_mes() -> None:
    entidad = agente()
    una = del_mes(entidad)
    presentada(borrador(entidad), persona(Rol.AGENTE, entidad))
    anulada(una)
    assert clases(entidad) == {ClaseDiferencia.CAMBIO_LO_LIQUIDADO: Decimal(9000)}


@pytest.mark.descuadra
def test_un_estado_sin_su_paso_descuadra() -> None:
    entidad = agente()
    una = presentada(borrador(entidad), persona(Rol.AGENTE, entidad))
    with transaccion():
        db.session.get_one(Declaracion, una.id).estado = EstadoDeclaracion.ACEPTADO
    rotas = {i.dice for i, filas in verificar() if filas}
    assert rotas == {"Las declaraciones se mueven solo por su grafo, y su estado es el de su historia."}


def test_el_cuadro_pregunta_lo_mismo_con_mucho_que_con_poco() -> None:
    entidad = agente()
    quien = persona(Rol.AGENTE, entidad)
    otras = del_mes(entidad, (1000,), mes=ANTES)
    retenida(otras, quien, fecha=DIA)
    cuadro(entidad, MES)
    pocas = _preguntas(entidad)
    for n in range(8):
        una = del_mes(entidad, (1000 + n, 2000, 3000))
        if n % 2:
            retenida(una, quien, fecha=DIA)
        consignada(entidad, 100 + n)
    assert _preguntas(entidad) == pocas <= 7


def _preguntas(entidad: Agente) -> int:
    entidad_id, departamento = entidad.id, entidad.departamento
    assert departamento
    with contando() as dichas:
        cuadros.hechos_de(db.session.get_one(Agente, entidad_id), MES)
    return len([d for d in dichas if "agente_id" in d])
