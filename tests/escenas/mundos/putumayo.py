"""Putumayo with everything that a payment, a stamp and treasury can come to. It has no norm for agents' due dates."""

from datetime import timedelta
from urllib.parse import quote

from sqlalchemy import select

from portal.db import db
from portal.models import Factura, Liquidacion
from portal.operaciones import tramites_abiertos
from tests import estampillas
from tests.escenas.mundos import Lugares, putumayo_oficinas, putumayo_pagos, putumayo_personas, putumayo_tesoreria
from tests.escenas.mundos.largos import CON_ESPACIOS, OBJETO, SIN_ESPACIOS
from tests.escenas.mundos.sellos import sello_de
from tests.fabricas import HOY, contrato, liquidacion

# Whose trámites are as many as on the known screen, and more.
DE_MUCHAS = "1000000012"
DE_DOCE = "1000000013"


def poblar() -> Lugares:
    return {
        **_liquidaciones(),
        **putumayo_pagos.poblar(),
        **putumayo_oficinas.poblar(),
        **putumayo_tesoreria.poblar(),
        **putumayo_personas.poblar(),
    }


def _liquidaciones() -> Lugares:
    por_pagar = liquidacion((4000, 5000), documento="1000000002")
    larga = contrato(
        "9" * 18,
        nit="900111222",
        nombre=SIN_ESPACIOS,
        contratante=CON_ESPACIOS,
        objeto=OBJETO,
        valores=(123_456_789_012, 98_765_432_100),
    )
    palabras = contrato("90002", nit="900111333", nombre=CON_ESPACIOS, objeto=OBJETO, contratante=CON_ESPACIOS)
    liquidacion(tuple(range(1000, 31000, 1000)), documento=DE_MUCHAS)
    abierto = tramites_abiertos.abiertos("putumayo")[0]
    doce = [liquidacion((4000, 5000), documento=DE_DOCE) for _ in range(6)]
    estampillas.pagar(doce[0])
    estampillas.pagar(doce[1], facturas=(doce[1].facturas[0].numero,))
    return {
        "liq_por_pagar": por_pagar.codigo,
        "id_por_pagar": str(por_pagar.id),
        "id_larga": str(larga.id),
        **{f"facturas_larga_{i}": str(f.numero) for i, f in enumerate(larga.facturas)},
        "factura_por_pagar": str(por_pagar.facturas[0].numero),
        "sello": sello_de(por_pagar),
        "sello_largo": sello_de(larga),
        "liq_larga": larga.codigo,
        "liq_palabras": palabras.codigo,
        "liq_vencida": liquidacion(fecha_limite=HOY - timedelta(days=9), documento="1000000003").codigo,
        "factura_vencida": str(
            liquidacion((7000,), fecha_limite=HOY - timedelta(days=9), documento="1000000004").facturas[0].numero
        ),
        "liq_demo": _de_factura(249640),
        "liq_contrato_demo": _de_factura(254311),
        "tramite": str(abierto.id),
        "tramite_entidad": quote(abierto.entidad),
        "nit_largo": "900111222",
        "contrato_largo": "9" * 18,
    }


def _de_factura(numero: int) -> str:
    """The code of the liquidación of one of the demonstration's facturas."""
    return db.session.scalars(select(Liquidacion.codigo).join(Factura).where(Factura.numero == numero)).one()
