"""Generated files with every anomaly: each line is what it was made to be, and a second import changes nothing (T-12).

What is expected comes from how each line was made, not from reading it. `make archivos-banco` runs a thousand.
"""

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.db import db, transaccion
from portal.dominio.asobancaria_hallazgos import ArchivoRecaudoInvalido
from portal.dominio.movimientos import Novedad
from portal.models import Asiento, Caso, Liquidacion, MovimientoBanco, Pago, Recaudo, Reversion
from portal.operaciones import sin_efecto
from portal.operaciones.archivos_banco.importacion import ArchivoRepetido
from portal.operaciones.resultados import Causa, aplicar_resultado
from tests.archivos_banco import CRLF, F2001, POR_FORMATO
from tests.banco import Pagado, archivo, importar, por_pse, revisar, tesorera
from tests.fabricas import AHORA, ESPERA, HOY, liquidacion, pago, respuesta

CUANTOS = int(os.environ.get("ARCHIVOS_BANCO", "60"))


@dataclass
class Linea:
    """A line and what it must turn out to be."""

    pagado: Pagado
    espera: str


@dataclass
class Mundo:
    """What was paid so far, to send it back, again or damaged, and unique numbers for everything."""

    azar: Random
    cuenta: int = 100_000
    recibidos: list[Pagado] = field(default_factory=list)
    vistas: Counter[str] = field(default_factory=Counter)

    def numero(self) -> int:
        self.cuenta += 1
        return self.cuenta

    def valor(self) -> int:
        return self.azar.randrange(1000, 400_000)


def _facturas(mundo: Mundo, cuantas: int, **otros: object) -> Liquidacion:
    return liquidacion(tuple(mundo.valor() for _ in range(cuantas)), fecha_limite=HOY + timedelta(30), **otros)


def _aprobado(mundo: Mundo, de: Liquidacion, dia: date) -> tuple[Pago, str]:
    """An attempt that the gateway confirmed on a day, and its CUS."""
    uno, cus = pago(de), str(7_000_000 + mundo.numero())
    dicha = respuesta(uno, transaccion=f"t{mundo.numero()}")
    unica = replace(
        dicha.transacciones[0],
        cus=cus,
        autorizacion=f"{mundo.numero()}",
        fecha=datetime.combine(dia, time(17), tzinfo=UTC),
    )
    with transaccion():
        aplicar_resultado(uno.id, replace(dicha, transacciones=(unica,)), causa=Causa.SONDA, espera=ESPERA, ahora=AHORA)
    db.session.refresh(uno)
    return uno, cus


def exacto(mundo: Mundo, _dia: date) -> list[Linea]:
    (factura,) = _facturas(mundo, 1).facturas
    # Some banks number their payments and some do not.
    una = Pagado(factura.numero, factura.valor, numero=mundo.azar.choice([0, mundo.numero()]))
    mundo.recibidos.append(una)
    return [Linea(una, "legalizado")]


def otro_valor(mundo: Mundo, _dia: date) -> list[Linea]:
    de_menos, de_mas = _facturas(mundo, 2).facturas
    cuanto = mundo.azar.randrange(1, 900)
    return [
        Linea(Pagado(de_menos.numero, de_menos.valor - cuanto), "valor_distinto"),
        Linea(Pagado(de_mas.numero, de_mas.valor + cuanto), "valor_distinto"),
    ]


def doble(mundo: Mundo, _dia: date) -> list[Linea]:
    (factura,) = _facturas(mundo, 1).facturas
    una = Pagado(factura.numero, factura.valor, numero=mundo.azar.choice([0, mundo.numero()]))
    otra = replace(una, numero=mundo.azar.choice([una.numero, mundo.numero()]))
    return [Linea(una, "legalizado"), Linea(otra, "ya_pagada")]


def desconocida(mundo: Mundo, _dia: date) -> list[Linea]:
    referencia = mundo.azar.choice([f"{900_000_000 + mundo.numero()}", f"X-{mundo.numero()}", "8" * 30])
    return [Linea(Pagado(referencia, mundo.valor(), numero=mundo.numero()), "referencia_desconocida")]


def ya_pagada(mundo: Mundo, dia: date) -> list[Linea]:
    una = _facturas(mundo, 1)
    _aprobado(mundo, una, dia)
    return [Linea(Pagado(una.facturas[0].numero, una.facturas[0].valor), "ya_pagada")]


def anulada(mundo: Mundo, _dia: date) -> list[Linea]:
    una = _facturas(mundo, 1)
    quien = tesorera()
    with transaccion():
        sin_efecto.dejar_sin_efecto(una.id, motivo="Prueba", usuario=quien, ahora=AHORA)
    return [Linea(Pagado(una.facturas[0].numero, una.facturas[0].valor), "sin_efecto")]


def tardia(mundo: Mundo, dia: date) -> list[Linea]:
    una = liquidacion((mundo.valor(),), fecha_limite=dia - timedelta(days=1))
    return [Linea(Pagado(una.facturas[0].numero, una.facturas[0].valor), "legalizado_tarde")]


def de_pse(mundo: Mundo, dia: date) -> list[Linea]:
    uno, cus = _aprobado(mundo, _facturas(mundo, 2), dia - timedelta(days=mundo.azar.randrange(4)))
    como = mundo.azar.choice([uno.referencia, cus, uno.id_pasarela])
    una = Linea(por_pse(como, uno.total, mundo.numero()), "pse_trasladado")
    if mundo.azar.random() < 0.5:
        return [una]
    return [una, Linea(por_pse(uno.referencia, uno.total, mundo.numero()), "pse_repetido")]


def de_pse_extrana(mundo: Mundo, dia: date) -> list[Linea]:
    """Very like a payment that the gateway confirmed, and not it."""
    uno, cus = _aprobado(mundo, _facturas(mundo, 1), dia)
    return [
        Linea(por_pse(f"{cus}1", uno.total, 0), "pse_sin_pasarela"),
        Linea(por_pse(cus, uno.total + 1, 0), "pse_valor_distinto"),
        Linea(por_pse(_facturas(mundo, 1).facturas[0].numero, uno.total, 0), "pse_sin_pasarela"),
    ]


def devuelta(mundo: Mundo, _dia: date) -> list[Linea]:
    if not mundo.recibidos or mundo.azar.random() < 0.3:
        return [Linea(Pagado(mundo.numero(), 500, causal="R02"), "devuelto_sin_origen")]
    pagado = mundo.recibidos.pop(mundo.azar.randrange(len(mundo.recibidos)))
    return [Linea(replace(pagado, causal="R02"), "revertido")]


def medio_extrano(mundo: Mundo, _dia: date) -> list[Linea]:
    (factura,) = _facturas(mundo, 1).facturas
    return [
        Linea(
            Pagado(factura.numero, factura.valor, *mundo.azar.choice([("77", "01"), ("01", "99")])), "medio_desconocido"
        )
    ]


CLASES: tuple[Callable[[Mundo, date], list[Linea]], ...] = (
    exacto,
    otro_valor,
    doble,
    desconocida,
    ya_pagada,
    anulada,
    tardia,
    de_pse,
    de_pse_extrana,
    devuelta,
    medio_extrano,
)


def contado() -> list[int]:
    db.session.rollback()
    return [
        db.session.scalar(select(func.count()).select_from(tabla)) or 0
        for tabla in (MovimientoBanco, Recaudo, Asiento, Caso, Reversion)
    ]


def probar(mundo: Mundo, lineas: list[Linea], dia: date) -> list[tuple[str, str]]:
    """Import a file of these lines; returns those that were not what they had to be, as (expected, found)."""
    contenido = archivo([linea.pagado for linea in lineas], dia=dia)
    revision = revisar(contenido)
    esperados = [linea.espera for linea in lineas]
    mal = [(e, str(r.resultado)) for e, r in zip(esperados, revision.renglones, strict=True) if r.resultado != e]
    guardado = importar(contenido, visto=revision.huella)
    hechos = db.session.scalars(
        select(MovimientoBanco.resultado)
        .where(MovimientoBanco.archivo_id == guardado.id)
        .order_by(MovimientoBanco.linea)
    ).all()
    mal += [(e, h.value) for e, h in zip(esperados, hechos, strict=True) if h != e]
    mundo.vistas.update(esperados)
    return mal


def repetir(mundo: Mundo, lineas: list[Linea], dia: date) -> None:
    """The same file, the same day under another modifier and in another order, or damaged: nothing changes."""
    antes = contado()
    pagados = [linea.pagado for linea in lineas]
    mezclados = mundo.azar.sample(pagados, len(pagados))
    for contenido in (archivo(pagados, dia=dia), archivo(mezclados, dia=dia, modificador="B", desde=1)):
        with pytest.raises(ArchivoRepetido):
            importar(contenido)
    nombre, dano = mundo.azar.choice(sorted(POR_FORMATO[F2001].items()))
    sanas = archivo([*pagados, Pagado(1, 1), Pagado(2, 2)], dia=dia, modificador="C").split(CRLF)[:-1]
    with pytest.raises(ArchivoRecaudoInvalido):
        importar(dano.danar(sanas, mundo.azar))
    mundo.vistas.update([f"dañado: {nombre}"])
    assert contado() == antes, nombre


def ampliar(mundo: Mundo, lineas: list[Linea], dia: date) -> None:
    """The day again under another modifier with one payment more: only that one counts."""
    nueva = exacto(mundo, dia)[0]
    completo = archivo([nueva.pagado, *(linea.pagado for linea in lineas)], dia=dia, modificador="D")
    guardado = importar(completo)
    assert guardado.lineas - guardado.repetidas == 1
    assert [r.novedad for r in revisar(archivo([nueva.pagado], dia=dia)).renglones] == [Novedad.REPETIDA]


def test_cada_linea_generada_es_lo_que_se_hizo_que_fuera(app: Flask) -> None:
    mundo = Mundo(Random(20261125))
    mal: list[tuple[str, str]] = []
    for cual in range(CUANTOS):
        # Time goes forward: what is returned was paid before.
        dia = HOY - timedelta(days=(CUANTOS - cual) // 20)
        # Every anomaly takes its turn; others come by chance.
        clases = [CLASES[cual % len(CLASES)], *mundo.azar.sample(CLASES, 2)]
        lineas = [linea for clase in clases for linea in clase(mundo, dia)]
        mal += probar(mundo, lineas, dia)
        repetir(mundo, lineas, dia)
        if cual % 5 == 0:
            ampliar(mundo, lineas, dia)
    assert mal == []
    assert len([v for v in mundo.vistas if not v.startswith("dañado")]) >= 13, mundo.vistas
