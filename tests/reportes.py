"""A department's years in one database, for the reports: thousands of facturas by bulk inserts that respect every invariant of
money, and a few of each rare kind by the portal's own operations."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, text

from portal.db import Base, db, transaccion
from portal.dominio.cadena import GENESIS
from portal.dominio.libro import Partida, contraria, eslabon, partidas_de_recaudo
from portal.models import (
    Asiento,
    Caso,
    EventoFactura,
    EventoPago,
    Factura,
    Liquidacion,
    Pago,
    PagoFactura,
    Recaudo,
    Reversion,
    SinEfecto,
)
from portal.models.liquidacion import TipoLiquidacion
from portal.operaciones.consecutivos import tomar
from tests.encargos import oficial
from tests.reportes_exentas import Exenta, paleta

PRIMER_DIA, ULTIMO_DIA = date(2025, 1, 1), date(2026, 10, 31)
ESTAMPILLAS = ("ADULTO_MAYOR", "CULTURA", "DESARROLLO_FRONTERIZO", "ELECTRIFICACION_RURAL", "ITP", "TASA_PRO_DEPORTE")
TRAMITES, CONTRATOS = ("P-T-01", "P-T-02"), ("P-C-01", "P-C-02")
# Some have no NIT, one writes its name in two ways, and one has a name that a spreadsheet would run.
ENTIDADES = (
    *((f"ENTIDAD {n:02d}", f"8000000{n:02d}") for n in range(30)),
    ("ALCALDIA SIN NIT", ""),
    ("=GOBERNACION+1", "899999001"),
    ("ENTIDAD 07 E.S.E.", "800000007"),
)
_UTC_BOGOTA = timedelta(hours=5)


@dataclass
class Mundo:
    """What is being made: rows by table, the chain of the ledger, and the cost of each exempt factura (by number)."""

    azar: Random
    oficial_id: int
    filas: dict[type[Base], list[dict[str, Any]]] = field(default_factory=dict)
    siguientes: dict[type[Base], int] = field(default_factory=dict)
    costos: dict[int, Decimal] = field(default_factory=dict)
    partidas: list[tuple[datetime, Partida]] = field(default_factory=list)
    numeros: dict[str, Iterator[int]] = field(default_factory=dict)

    def id(self, tabla: type[Base]) -> int:
        if tabla not in self.siguientes:
            self.siguientes[tabla] = (db.session.scalar(select(func.max(tabla.id))) or 0) + 1  # type: ignore[attr-defined]
        self.siguientes[tabla] += 1
        return self.siguientes[tabla] - 1

    def agregar(self, tabla: type[Base], **datos: Any) -> dict[str, Any]:
        self.filas.setdefault(tabla, []).append(datos)
        return datos

    def numero(self, serie: str) -> int:
        """From the portal's own series, a thousand at a time; what is left over of the last thousand is given back."""
        try:
            return next(self.numeros[serie])
        except (KeyError, StopIteration):
            self.numeros[serie] = iter(tomar(serie, 1000))
            return next(self.numeros[serie])

    def unico(self) -> str:
        return UUID(int=self.azar.getrandbits(128)).hex

    def instante(self, desde: date = PRIMER_DIA, hasta: date = ULTIMO_DIA) -> datetime:
        """Any second of the Colombian days, with some just before and after midnight."""
        dias = (min(desde, hasta) + timedelta(self.azar.randrange((hasta - min(desde, hasta)).days + 1))).toordinal()
        inicio = datetime.fromordinal(dias).replace(tzinfo=UTC) + _UTC_BOGOTA
        return inicio + timedelta(seconds=self.azar.choice([0, 86399, self.azar.randrange(86400)]))


def construir(facturas: int, semilla: int = 1) -> Mundo:
    """Make about that many facturas, in pages. The rare kinds must exist before (`tests.reportes_raros`)."""
    mundo = Mundo(Random(semilla), oficial().id)
    exentas, hechas = paleta(), 0
    while hechas < facturas:
        with transaccion():
            while hechas < facturas and len(mundo.filas.get(Factura, ())) < 20_000:
                hechas += _un_acto(mundo, exentas)
            _guardar(mundo)
    with transaccion():
        for serie, quedan in mundo.numeros.items():
            sobran = len(list(quedan))
            db.session.execute(
                text("UPDATE consecutivo SET siguiente = siguiente - :n WHERE serie = :s"), {"n": sobran, "s": serie}
            )
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conexion:
            conexion.execute(text("ANALYZE"))
    return mundo


def _guardar(mundo: Mundo) -> None:
    ultimo = db.session.execute(select(Asiento.numero, Asiento.huella).order_by(Asiento.numero.desc()).limit(1)).first()
    numero, huella = ultimo or (0, GENESIS)
    mundo.partidas.sort(key=lambda par: par[0])
    for en, partida in mundo.partidas:
        numero += 1
        huella = eslabon(huella, numero, en, partida)
        mundo.agregar(Asiento, numero=numero, en=en, huella=huella, **vars(partida))
    if mundo.partidas:
        tomar("asiento", len(mundo.partidas))
    for tabla in Base.metadata.sorted_tables:
        modelo = next((m for m in mundo.filas if m.__table__ is tabla), None)
        if modelo is not None:
            db.session.execute(insert(modelo), mundo.filas[modelo])
    mundo.partidas.clear()
    mundo.filas.clear()


def _un_acto(mundo: Mundo, exentas: list[Exenta]) -> int:
    """One assessment with its facturas, and what became of it; returns how many facturas."""
    azar = mundo.azar
    if azar.random() < 0.08:
        return _exento(mundo, azar.choice(exentas))
    es_contrato = azar.random() < 0.45
    estampillas = azar.sample(ESTAMPILLAS, azar.randrange(1, 4))
    acto = azar.choice(CONTRATOS if es_contrato else TRAMITES)
    renglones = [_renglon(acto, e, Decimal(azar.randrange(100, 400_000_000, 100)) / 100) for e in estampillas]
    emitida = mundo.instante()
    una = _liquidacion(mundo, emitida, renglones, es_contrato=es_contrato, departamento="putumayo")
    if es_contrato and azar.random() < 0.1:
        # An addition of the same contract.
        una |= {"adicion": 1}
    azar.choices([_sin_pagar, _anulada, _por_pse, _por_ventanilla], [20, 8, 52, 20])[0](mundo, una, emitida)
    return len(renglones)


def _renglon(acto: str, estampilla: str, valor: Decimal, **otros: Any) -> dict[str, Any]:
    datos = {"base": None, "exencion": None, "exacto": str(valor), "explicacion": "Prueba."}
    return {"acto": acto, "estampilla": estampilla, "valor": valor, **datos, **otros}


def _exento(mundo: Mundo, una: Exenta) -> int:
    azar = mundo.azar
    emitida = mundo.instante(una.fecha)
    renglones = [
        _renglon(x.acto, x.estampilla, x.valor, base=x.base, exencion=x.exencion, exacto=f"{x.exacto:f}")
        for x in una.lineas
    ]
    otros = {
        "solicitud": una.solicitud,
        "valor_acto": una.valor,
        "fecha_causacion": una.fecha,
        "departamento": "narino",
    }
    liquidacion = _liquidacion(mundo, emitida, renglones, es_contrato=azar.random() < 0.5, **otros)
    que = azar.choices([_sin_pagar, _anulada], [9, 1])[0]
    que(mundo, liquidacion, emitida)
    if que is _sin_pagar:
        for f in liquidacion["facturas"]:
            if f["exencion"]:
                mundo.costos[f["numero"]] = una.costos[f["acto"], f["estampilla"]]
    return len(renglones)


def _liquidacion(
    mundo: Mundo, emitida: datetime, renglones: list[dict[str, Any]], *, es_contrato: bool, **otros: Any
) -> dict[str, Any]:
    id_ = mundo.id(Liquidacion)
    nombre, nit = mundo.azar.choice(ENTIDADES) if es_contrato else ("", "")
    dia = (emitida - _UTC_BOGOTA).date()
    una = mundo.agregar(
        Liquidacion,
        **{
            "id": id_,
            "codigo": mundo.unico()[:22],
            "numero": mundo.numero("liquidacion"),
            "clave_formulario": mundo.unico(),
            "tipo": TipoLiquidacion.CONTRATO if es_contrato else TipoLiquidacion.TRAMITE,
            "vigencia": dia.year,
            "tipo_documento": "CC",
            "documento": str(1_000_000_000 + id_),
            "nombre": "Contribuyente de prueba",
            "clase": "natural",
            "acto_nombre": "Acto de prueba",
            "numero_contrato": str(id_) if es_contrato else None,
            "contratante": nombre,
            "contratante_nit": nit,
            "fecha_contrato": dia if es_contrato else None,
            "adicion": 0,
            "valor_acto": None,
            "fecha_causacion": dia,
            "solicitud": {},
            "avisos": [],
            "reglas": [],
            "total": sum((r["valor"] for r in renglones), Decimal(0)),
            "fecha_limite": dia + timedelta(days=30),
            "emitida_en": emitida,
            "emitida_por": mundo.oficial_id,
            "emitida_por_nombre": "Rentas",
            "vigente": True,
            **otros,
        },
    )
    facturas = [_factura(mundo, id_, orden, emitida, r) for orden, r in enumerate(renglones)]
    # Known here and no column of the table.
    return _ConFacturas(una, facturas)


class _ConFacturas(dict[str, Any]):
    """A row of `liquidacion` that also answers `facturas`; changing it changes the row that will be inserted."""

    def __init__(self, fila: dict[str, Any], facturas: list[dict[str, Any]]) -> None:
        super().__init__(fila | {"facturas": facturas})
        self.fila = fila

    def __ior__(self, otros: Any) -> "_ConFacturas":  # type: ignore[override,misc]
        self.fila.update(otros)
        self.update(otros)
        return self


def _factura(mundo: Mundo, de: int, orden: int, emitida: datetime, renglon: dict[str, Any]) -> dict[str, Any]:
    una = mundo.agregar(
        Factura,
        id=mundo.id(Factura),
        numero=mundo.numero("factura"),
        liquidacion_id=de,
        orden=orden,
        estampilla_nombre=renglon["estampilla"].title(),
        tarifa="Prueba",
        indicador="",
        redondeo="Prueba",
        norma="Prueba",
        estado="liquidada",
        **renglon,
    )
    mundo.agregar(EventoFactura, factura_id=una["id"], en=emitida, desde=None, hasta="liquidada", evento="emitida")
    if una["valor"] == 0:
        _mover(mundo, una, "legalizada", "valor_cero", emitida)
    return una


def _mover(mundo: Mundo, factura: dict[str, Any], hasta: str, evento: str, en: datetime) -> None:
    mundo.agregar(EventoFactura, factura_id=factura["id"], en=en, desde=factura["estado"], hasta=hasta, evento=evento)
    factura["estado"] = hasta


def _sin_pagar(_mundo: Mundo, _una: dict[str, Any], _emitida: datetime) -> None:
    """Nobody has paid it."""


def _anulada(mundo: Mundo, una: Any, emitida: datetime) -> None:
    en = emitida + timedelta(days=1)
    una |= {"vigente": False}
    mundo.agregar(
        SinEfecto,
        liquidacion_id=una["id"],
        en=en,
        usuario_id=mundo.oficial_id,
        usuario_nombre="Rentas",
        motivo="Prueba",
    )
    for factura in una["facturas"]:
        _mover(
            mundo,
            factura,
            "sin_efecto",
            "valor_cero_sin_efecto" if factura["valor"] == 0 else "dejada_sin_efecto",
            en,
        )


def _por_pse(mundo: Mundo, una: dict[str, Any], emitida: datetime) -> None:
    """Paid at the gateway; perhaps taken back, perhaps approved twice, perhaps still at the bank."""
    azar = mundo.azar
    en = emitida + timedelta(hours=azar.randrange(24 * 20))
    pago_id = mundo.id(Pago)
    rechazado, espera = azar.random() < 0.05, azar.random() < 0.03
    estado = "rechazado" if rechazado else "enviado" if espera else "aprobado"
    _intento(mundo, pago_id, una, en, estado)
    if rechazado:
        return
    for factura in una["facturas"]:
        _mover(mundo, factura, "en_verificacion", "pago_enviado", en)
    if espera:
        return
    pago = {"pago_id": pago_id, "canal": "pse", "pasarela": "placetopay"}
    recaudo = _credito(mundo, una, en, entra="pasarela:placetopay", **pago)
    if azar.random() < 0.03:
        _excedente(mundo, en + timedelta(hours=3), una["total"], entra="pasarela:placetopay", **pago)
    if azar.random() < 0.06:
        _revertir(mundo, una, recaudo, en + timedelta(days=azar.randrange(60)))


def _intento(mundo: Mundo, pago_id: int, una: dict[str, Any], en: datetime, estado: str) -> None:
    mundo.agregar(
        Pago,
        id=pago_id,
        codigo=mundo.unico(),
        referencia=mundo.unico(),
        clave_formulario=mundo.unico(),
        liquidacion_id=una["id"],
        total=una["total"],
        estado=estado,
        tipo_persona="natural",
        tipo_documento="CC",
        documento="1",
        nombre="Prueba",
        correo="prueba@correo.test",
        telefono="3001234567",
        ip="203.0.113.9",
        agente="prueba",
        pasarela="placetopay",
        id_pasarela=f"bloque-{pago_id}",
        creado_en=en,
        vence_en=en + timedelta(hours=1),
        resuelto_en=en,
    )
    for desde, hasta in ((None, "creado"), ("creado", "enviado"), ("enviado", estado)):
        if desde != hasta:
            mundo.agregar(EventoPago, pago_id=pago_id, en=en, desde=desde, hasta=hasta, causa="prueba", detalle={})
    for f in una["facturas"]:
        datos = {"pago_id": pago_id, "factura_id": f["id"], "valor": f["valor"]}
        f["retenida"] = mundo.agregar(PagoFactura, viva=estado != "rechazado", **datos)


def _por_ventanilla(mundo: Mundo, una: dict[str, Any], emitida: datetime) -> None:
    """Each factura at the bank's window, on its day; perhaps again, perhaps money of nobody, perhaps in another currency."""
    azar = mundo.azar
    for factura in una["facturas"]:
        en = emitida + timedelta(hours=azar.randrange(24 * 25))
        banco = {"canal": "ventanilla", "pasarela": "banco", "entra": "banco:recaudo-estampillas"}
        # The file comes days after the window; some lines do not tell their instant.
        registrado = en + timedelta(days=azar.randrange(4))
        fecha = None if azar.random() < 0.1 else en
        sola = dict(una) | {"facturas": [factura], "total": factura["valor"]}
        recaudo = _credito(mundo, sola, registrado, fecha_banco=fecha, **banco)
        if azar.random() < 0.04:
            _revertir(mundo, sola, recaudo, registrado + timedelta(days=azar.randrange(40)))
        if azar.random() < 0.02:
            _excedente(mundo, registrado, factura["valor"], identificado=azar.random() < 0.5, **banco)
        if azar.random() < 0.01:
            _otra_moneda(mundo, registrado)


def _recaudo(mundo: Mundo, registrado: datetime, valor: Decimal, **otros: Any) -> dict[str, Any]:
    datos = {"pago_id": None, "moneda": "COP", "fecha_banco": None, "transaccion": mundo.unico()}
    return mundo.agregar(Recaudo, id=mundo.id(Recaudo), valor=valor, registrado_en=registrado, **(datos | otros))


def _credito(mundo: Mundo, una: dict[str, Any], en: datetime, *, entra: str, **otros: Any) -> dict[str, Any]:
    recaudo = _recaudo(mundo, en, una["total"], aplicado=una["total"], clase="aplicado", **otros)
    legalizadas = [(f["id"], f["estampilla"], f["valor"]) for f in una["facturas"]]
    partidas = partidas_de_recaudo(recaudo["id"], entra, una["total"], legalizadas)
    mundo.partidas += [(en, partida) for partida in partidas]
    for factura in una["facturas"]:
        _mover(mundo, factura, "legalizada", "pago_aprobado", en)
    return {"id": recaudo["id"], "partidas": partidas}


def _excedente(
    mundo: Mundo, en: datetime, valor: Decimal, *, entra: str, identificado: bool = True, **otros: Any
) -> None:
    clase = "doble" if identificado else "sin_identificar"
    recaudo = _recaudo(mundo, en, valor, aplicado=Decimal(0), clase=clase, **otros)
    partidas = partidas_de_recaudo(recaudo["id"], entra, valor, [], identificado=identificado)
    mundo.partidas += [(en, partida) for partida in partidas]
    mundo.agregar(
        Caso,
        numero=mundo.numero("caso"),
        clase="pago_doble" if identificado else "referencia_desconocida",
        clave=f"bloque:{recaudo['id']}",
        abierto_en=en,
        detalle={},
        recaudo_id=recaudo["id"],
    )


def _otra_moneda(mundo: Mundo, en: datetime) -> None:
    """Money that is no pesos is a credit and a case, and nothing of the ledger."""
    otros = {"canal": "ventanilla", "pasarela": "banco", "clase": "valor_distinto"}
    _recaudo(mundo, en, Decimal(500), aplicado=Decimal(0), moneda="USD", **otros)


def _revertir(mundo: Mundo, una: dict[str, Any], recaudo: dict[str, Any], en: datetime) -> None:
    id_ = mundo.id(Reversion)
    mundo.agregar(Reversion, id=id_, recaudo_id=recaudo["id"], en=en, causa="banco", motivo="Prueba")
    mundo.partidas += [(en, contraria(n, p, f"bloque:{id_}")) for n, p in enumerate(recaudo["partidas"])]
    for factura in una["facturas"]:
        _mover(mundo, factura, "revertida", "pago_revertido", en)
        if "retenida" in factura:
            factura["retenida"]["viva"] = False
