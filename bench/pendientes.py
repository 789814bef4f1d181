"""Facturas to be paid, and attempts already at the bank, by thousands: one is made by the portal's own operations and the rest
are copies of its rows with other keys, so that every invariant of money holds of all of them.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Table, func, insert, select, text

from bench import datos
from bench.pasarela import Sesion
from portal.app import create_app
from portal.config import leer_ajustes
from portal.db import Base, db, transaccion
from portal.dominio.calendario import BOGOTA
from portal.models import EventoFactura, EventoPago, Factura, Liquidacion, Pago, PagoFactura
from portal.models.liquidacion import ClaseContribuyente
from portal.models.pago import TipoPersona
from portal.operaciones import autoliquidaciones, pagos
from portal.operaciones.consecutivos import adelantar
from portal.operaciones.encargos import Asunto, Contribuyente, Encargo

_ACTO = "P-T-01"
_LOTE = 2_000
Fila = Mapping[str, Any]


@contextmanager
def portal(url: str) -> Iterator[None]:
    """The portal on that database, in this process, with its context open."""
    logging.disable(logging.INFO)  # of a bench, its report is what is read
    app = create_app(leer_ajustes(datos.entorno(url), instancia=datos.carpeta()))
    with app.app_context():
        yield
        db.session.remove()
        db.engine.dispose()


def liquidaciones(url: str, cuantas: int) -> list[str]:
    """Issue that many liquidaciones, one to each person; returns their public codes."""
    with portal(url):
        modelo = _emitir()
        with transaccion():
            _copiar_liquidaciones(modelo, cuantas - 1)
        return list(db.session.scalars(select(Liquidacion.codigo).order_by(Liquidacion.id)))


def pagos_en_el_banco(url: str, cuantos: int) -> list[Sesion]:
    """Issue that many liquidaciones and send each to the gateway; returns what the gateway must know of them."""
    with portal(url):
        modelo = _emitir()
        enviado = _enviar(modelo)
        with transaccion():
            _copiar_pagos(enviado, cuantos - 1, *_copiar_liquidaciones(modelo, cuantos - 1))
        filas = db.session.execute(select(Pago.id_pasarela, Pago.referencia, Pago.total).order_by(Pago.id))
        return [Sesion(int(str(clave)), referencia, format(total, "f")) for clave, referencia, total in filas]


def _emitir() -> int:
    ahora = datetime.now(UTC)
    quien = Contribuyente("CC", datos.documento(0), "Persona de Prueba", ClaseContribuyente.NATURAL)
    puerta = autoliquidaciones.Autoservicio(datos.DEPARTAMENTO, 30, True, ahora, ahora.astimezone(BOGOTA).date())
    encargo = Encargo(quien, Asunto((_ACTO,)))
    with transaccion():
        total = autoliquidaciones.prever(encargo, puerta).resultado.total
        return autoliquidaciones.liquidar_tramite(encargo, puerta, total_visto=total).id


def _enviar(liquidacion_id: int) -> int:
    ahora = datetime.now(UTC)
    with transaccion():
        numeros = db.session.scalars(select(Factura.numero).where(Factura.liquidacion_id == liquidacion_id)).all()
        pago = pagos.abrir_pago(
            liquidacion_id,
            numeros,
            pagos.Pagador(TipoPersona.NATURAL, "CC", datos.documento(0), "Pagadora", "p@banco.test", "3001234567"),
            clave="banco-de-pruebas-00000000",
            puerta=pagos.Puerta("203.0.113.9", "banco de pruebas", "placetopay"),
            espera=timedelta(days=1),
            ahora=ahora,
            hoy=ahora.astimezone(BOGOTA).date(),
        )
        pagos.registrar_envio(pago.id, id_pasarela=str(pago.id), url="http://127.0.0.1/", ahora=ahora)
        return pago.id


def _copiar_liquidaciones(modelo: int, cuantas: int) -> tuple[int, list[Fila]]:
    """The first id of the copies, and the facturas of the model; the facturas of each copy follow one another."""
    una = _filas(Liquidacion, Liquidacion.id == modelo)[0]
    facturas = _filas(Factura, Factura.liquidacion_id == modelo)
    eventos = _filas(EventoFactura, EventoFactura.factura_id == facturas[0]["id"])[:1]
    primera, numero = _siguiente(Liquidacion), una["numero"] + 1
    primera_factura, numero_factura = _siguiente(Factura), facturas[-1]["numero"] + 1
    for tanda in _tandas(cuantas):
        _insertar(
            Liquidacion,
            [
                {
                    **una,
                    "id": primera + i,
                    "codigo": f"banco-de-pruebas-{i:05d}",
                    "numero": numero + i,
                    "clave_formulario": f"banco-de-pruebas-{i:05d}",
                    "documento": datos.documento(i + 1),
                }
                for i in tanda
            ],
        )
        puestos = [(i, n, f) for i in tanda for n, f in enumerate(facturas)]
        nuevas = [
            {
                **f,
                "id": primera_factura + i * len(facturas) + n,
                "numero": numero_factura + i * len(facturas) + n,
                "liquidacion_id": primera + i,
                "estado": "liquidada",
            }
            for i, n, f in puestos
        ]
        _insertar(Factura, nuevas)
        _insertar(EventoFactura, [{**_sin_id(e), "factura_id": f["id"]} for f in nuevas for e in eventos])
    adelantar("liquidacion", numero + cuantas)
    adelantar("factura", numero_factura + cuantas * len(facturas))
    return primera, facturas


def _copiar_pagos(modelo: int, cuantos: int, primera: int, facturas: Sequence[Fila]) -> None:
    uno = _filas(Pago, Pago.id == modelo)[0]
    eventos = _filas(EventoPago, EventoPago.pago_id == modelo)
    de_facturas = _filas(EventoFactura, EventoFactura.pago_id == modelo)
    siguiente, factura = _siguiente(Pago), _siguiente(Factura) - cuantos * len(facturas)
    for tanda in _tandas(cuantos):
        nuevos = [
            {
                **uno,
                "id": siguiente + i,
                "codigo": f"banco-de-pruebas-{i:05d}",
                "referencia": f"L{primera + i}-BANCODEPRUEBAS",
                "clave_formulario": f"banco-de-pruebas-{i:05d}",
                "liquidacion_id": primera + i,
                "id_pasarela": str(siguiente + i),
            }
            for i in tanda
        ]
        _insertar(Pago, nuevos)
        _insertar(EventoPago, [{**_sin_id(e), "pago_id": p["id"]} for p in nuevos for e in eventos])
        suyas = [
            (siguiente + i, factura + i * len(facturas) + n, f["valor"]) for i in tanda for n, f in enumerate(facturas)
        ]
        _insertar(PagoFactura, [{"pago_id": p, "factura_id": f, "valor": valor, "viva": True} for p, f, valor in suyas])
        _insertar(EventoFactura, [{**_sin_id(de_facturas[0]), "factura_id": f, "pago_id": p} for p, f, _ in suyas])
    db.session.execute(
        text("UPDATE factura SET estado = 'en_verificacion' WHERE id >= :desde AND id < :hasta"),
        {"desde": factura, "hasta": factura + cuantos * len(facturas)},
    )


def _filas(clase: type[Base], condicion: Any) -> list[Fila]:
    tabla = clase.__table__
    assert isinstance(tabla, Table)
    orden = select(tabla).where(condicion).order_by(*tabla.primary_key)
    return [dict(fila) for fila in db.session.execute(orden).mappings()]


def _insertar(clase: type[Base], filas: Sequence[Fila]) -> None:
    db.session.execute(insert(clase.__table__), filas)  # type: ignore[arg-type]


def _sin_id(fila: Fila) -> dict[str, Any]:
    return {clave: valor for clave, valor in fila.items() if clave != "id"}


def _siguiente(clase: Any) -> int:
    return (db.session.scalar(select(func.max(clase.id))) or 0) + 1


def _tandas(cuantas: int) -> Iterator[range]:
    return (range(i, min(i + _LOTE, cuantas)) for i in range(0, cuantas, _LOTE))
