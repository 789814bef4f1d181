"""How an agent's month stands before the department."""

from datetime import date
from decimal import Decimal

import pytest

from portal.dominio.declaraciones import EstadoDeclaracion
from portal.dominio.tablero import (
    Cifras,
    EstadoMes,
    Filtro,
    MesDeAgente,
    Version,
    contar_estados,
    pasa,
    resumir,
    totalizar,
)

_E = EstadoDeclaracion
MES, VENCE = date(2026, 10, 1), date(2026, 11, 10)


def _v(estado: EstadoDeclaracion, dia: int = 9, declarado: int = 100, vence: date | None = VENCE) -> Version:
    return (
        Version(estado) if estado is _E.BORRADOR else Version(estado, 1, date(2026, 11, dia), Decimal(declarado), vence)
    )


def _mes(*versiones: Version, vence: date | None = VENCE, hoy: date = date(2026, 11, 20), **cifras: int) -> MesDeAgente:
    return resumir(MES, versiones, Cifras(**{k: Decimal(v) for k, v in cifras.items()}), vence, hoy)


@pytest.mark.parametrize(
    ("versiones", "estado"),
    [
        ((), EstadoMes.SIN_ABRIR),
        ((_v(_E.BORRADOR),), EstadoMes.BORRADOR),
        ((_v(_E.PRESENTADO),), EstadoMes.PRESENTADO),
        ((_v(_E.CORREGIDO), _v(_E.ACEPTADO)), EstadoMes.ACEPTADO),
        ((_v(_E.DEVUELTO),), EstadoMes.DEVUELTO),
        ((_v(_E.DEVUELTO), _v(_E.BORRADOR)), EstadoMes.EN_CORRECCION),
        ((_v(_E.CORREGIDO), _v(_E.ACEPTADO), _v(_E.BORRADOR)), EstadoMes.EN_CORRECCION),
    ],
)
def test_el_mes_tiene_un_solo_estado(versiones: tuple[Version, ...], estado: EstadoMes) -> None:
    assert _mes(*versiones).estado is estado


def test_sin_presentar_los_dias_de_mora_se_cuentan_hasta_hoy() -> None:
    assert (_mes(_v(_E.BORRADOR)).dias_tarde, _mes(_v(_E.BORRADOR)).vencida) == (10, True)
    en_el_dia = _mes(_v(_E.BORRADOR), hoy=VENCE)
    assert (en_el_dia.dias_tarde, en_el_dia.vencida) == (0, False)


def test_corregir_despues_no_es_presentar_tarde() -> None:
    corregida = _mes(_v(_E.CORREGIDO, dia=10), _v(_E.PRESENTADO, dia=25))
    assert (corregida.dias_tarde, corregida.presentada) == (0, date(2026, 11, 10))
    tarde = _mes(_v(_E.PRESENTADO, dia=13))
    assert (tarde.dias_tarde, tarde.vencida) == (3, False)


def test_la_fecha_que_se_movio_despues_no_cambia_la_que_regia_al_presentar() -> None:
    assert _mes(_v(_E.PRESENTADO, dia=13), vence=date(2026, 11, 30)).dias_tarde == 3
    assert _mes(_v(_E.PRESENTADO, dia=13, vence=None), vence=VENCE).dias_tarde == 0


def test_sin_plazo_nadie_esta_en_mora() -> None:
    libre = _mes(vence=None)
    assert (libre.dias_tarde, libre.vencida, libre.vence) == (0, False, None)


def test_la_diferencia_es_lo_retenido_que_ninguna_consignacion_aceptada_cubre() -> None:
    uno = _mes(_v(_E.ACEPTADO), liquidado=500, retenido=100, aceptado=70, por_revisar=30)
    assert (uno.diferencia, uno.difiere_lo_declarado) == (Decimal(30), False)
    assert _mes(_v(_E.ACEPTADO), retenido=90).difiere_lo_declarado


def test_solo_lo_presentado_o_aceptado_admite_pedir_correccion() -> None:
    assert [_mes(_v(e)).admite_correccion for e in (_E.BORRADOR, _E.PRESENTADO, _E.ACEPTADO, _E.DEVUELTO)] == [
        False,
        True,
        True,
        False,
    ]


def test_cada_filtro_muestra_lo_suyo() -> None:
    meses = {
        "sin": _mes(),
        "a tiempo": _mes(_v(_E.BORRADOR), vence=date(2026, 12, 10)),
        "devuelta": _mes(_v(_E.DEVUELTO), retenido=100, aceptado=100),
        "debe": _mes(_v(_E.ACEPTADO), retenido=100),
        "cuadra": _mes(_v(_E.ACEPTADO), retenido=100, aceptado=100),
    }
    elegidos = {f: {nombre for nombre, m in meses.items() if pasa(f, m)} for f in Filtro}
    assert elegidos == {
        Filtro.TODAS: set(meses),
        Filtro.SIN_PRESENTAR: {"sin", "a tiempo"},
        Filtro.VENCIDAS: {"sin"},
        Filtro.DEVUELTAS: {"devuelta"},
        Filtro.CON_DIFERENCIA: {"debe"},
    }


def test_los_totales_separan_lo_declarado_de_lo_aceptado() -> None:
    t = totalizar(
        [_mes(_v(_E.ACEPTADO), retenido=100, aceptado=60), _mes(_v(_E.PRESENTADO, declarado=7), retenido=7), _mes()]
    )
    assert (t.declarado, t.declarado_aceptado, t.diferencia) == (Decimal(107), Decimal(100), Decimal(47))
    assert (t.cifras.retenido, t.cifras.aceptado) == (Decimal(107), Decimal(60))


def test_se_cuenta_cada_estado_aunque_nadie_este_en_el() -> None:
    cuenta = contar_estados([_mes(), _mes(_v(_E.ACEPTADO))])
    assert list(cuenta) == list(EstadoMes)
    assert (cuenta[EstadoMes.SIN_ABRIR], cuenta[EstadoMes.ACEPTADO], cuenta[EstadoMes.DEVUELTO]) == (1, 1, 0)
