"""Treasury's screens as spreadsheets: the queues, their cases, a payment with its books, a search, the orders."""

from collections.abc import Sequence
from datetime import datetime

from portal.documentos.libro import Celda, Hoja
from portal.dominio.calendario import BOGOTA
from portal.dominio.casos import COLAS, NOMBRES_SALIDA, edad_en_palabras
from portal.dominio.ordenes import NOMBRES_ORDEN
from portal.dominio.palabras import nombre_de
from portal.dominio.palabras_tesoreria import ASIENTOS, CANALES, CAUSAS, CLASES_RECAUDO, EVENTOS_PAGO, nombre_de_cuenta
from portal.models import Asiento, Caso, EventoPago, OrdenTesoreria, Pago, Recaudo
from portal.operaciones.colas import EstadoCola, Paso
from portal.operaciones.rastreo import Hallazgos


def hoja_de_colas(colas: Sequence[EstadoCola], ahora: datetime, notas: Sequence[str]) -> Hoja:
    """How every queue stands."""
    filas: list[Sequence[Celda]] = [
        (
            c.cola.nombre,
            c.abiertos,
            c.atrasados,
            c.mios,
            c.sin_responsable,
            _instante(c.mas_antiguo),
            edad_en_palabras(c.mas_antiguo, ahora) if c.mas_antiguo else "",
        )
        for c in colas
    ]
    columnas = ("Cola", "Abiertos", "Atrasados", "Míos", "Sin responsable", "El más antiguo se abrió", "Edad")
    return Hoja("Colas", columnas, filas, notas)


def hoja_de_casos(casos: Sequence[Caso], notas: Sequence[str] = ()) -> Hoja:
    """Cases as rows."""
    columnas = (
        "Caso",
        "Cola",
        "Se abrió",
        "Responsable",
        "Dinero en espera",
        "Referencia",
        "CUS",
        "Factura",
        "Se cerró",
        "Salida",
        "Cerró",
        "Nota",
    )
    return Hoja("Casos", columnas, [_caso(c) for c in casos], notas)


def _caso(caso: Caso) -> Sequence[Celda]:
    return (
        caso.numero,
        COLAS[caso.clase].nombre + (" (ya se usó)" if caso.detalle.get("usadas") else ""),
        _instante(caso.abierto_en),
        caso.responsable_nombre,
        caso.recaudo.en_espera if caso.recaudo else None,
        caso.pago.referencia if caso.pago else "",
        (caso.recaudo.cus if caso.recaudo else None) or (caso.pago.cus if caso.pago else None),
        caso.factura.numero if caso.factura else None,
        _instante(caso.cerrado_en),
        NOMBRES_SALIDA[caso.salida] if caso.salida else "",
        caso.cerrado_por_nombre,
        caso.nota,
    )


def hojas_de_un_caso(caso: Caso, pasos: Sequence[Paso]) -> list[Hoja]:
    """A case, the credit that it is about, and what was done."""
    hojas = [hoja_de_casos([caso])]
    if caso.recaudo is not None:
        hojas += [hoja_de_recaudos([caso.recaudo]), hoja_de_asientos(caso.recaudo.asientos)]
    hojas.append(Hoja("Historia", ("Cuándo", "Qué pasó"), [(_instante(p.en), p.frase) for p in pasos]))
    return hojas


def hojas_de_un_pago(pago: Pago, eventos: Sequence[EventoPago], casos: Sequence[Caso]) -> list[Hoja]:
    """An attempt: what happened to it, its credits with their asientos, its cases."""
    filas: list[Sequence[Celda]] = [
        (
            _instante(e.en),
            nombre_de(EVENTOS_PAGO, e.desde) if e.desde else "",
            nombre_de(EVENTOS_PAGO, e.hasta),
            nombre_de(CAUSAS, e.causa),
        )
        for e in eventos
    ]
    return [
        Hoja("Pago", ("Cuándo", "Desde", "Hasta", "Lo dijo"), filas, [f"Pago {pago.referencia}"]),
        hoja_de_recaudos(pago.recaudos),
        hoja_de_asientos([a for r in pago.recaudos for a in r.asientos]),
        hoja_de_casos(casos),
    ]


def hoja_de_recaudos(recaudos: Sequence[Recaudo]) -> Hoja:
    """Credits as rows. Amounts in another currency are told by their column."""
    filas: list[Sequence[Celda]] = [
        (
            r.id,
            nombre_de(CANALES, r.canal.value),
            _instante(r.registrado_en),
            r.valor,
            r.moneda,
            r.aplicado,
            r.en_espera,
            nombre_de(CLASES_RECAUDO, r.clase.value),
            r.cus,
            r.transaccion,
            r.autorizacion,
            r.banco,
            _instante(r.reversion.en) if r.reversion else "",
        )
        for r in recaudos
    ]
    columnas = (
        "Recaudo",
        "Canal",
        "Registrado",
        "Valor",
        "Moneda",
        "Legalizó al llegar",
        "En espera",
        "Qué fue",
        "CUS",
        "Transacción",
        "Autorización",
        "Banco",
        "Revertido",
    )
    return Hoja("Recaudos", columnas, filas)


def hoja_de_asientos(asientos: Sequence[Asiento]) -> Hoja:
    """Asientos as rows."""
    filas: list[Sequence[Celda]] = [
        (
            a.numero,
            _instante(a.en),
            nombre_de(ASIENTOS, a.clase.value),
            nombre_de_cuenta(a.debe),
            nombre_de_cuenta(a.haber),
            a.valor,
        )
        for a in asientos
    ]
    return Hoja("Libro", ("Asiento", "Cuándo", "Clase", "Debe", "Haber", "Valor"), filas)


def hoja_de_ordenes(ordenes: Sequence[OrdenTesoreria], notas: Sequence[str] = ()) -> Hoja:
    """Orders as rows."""
    filas: list[Sequence[Celda]] = [
        (
            o.numero,
            NOMBRES_ORDEN[o.clase],
            o.estado.value.capitalize(),
            o.valor,
            ", ".join(str(r.factura.numero) for r in o.renglones),
            o.recaudo_id,
            o.banco,
            o.referencia_banco,
            o.fecha_banco,
            o.motivo,
            o.propuesta_por_nombre,
            _instante(o.propuesta_en),
            o.resuelta_por_nombre,
            _instante(o.resuelta_en),
            o.motivo_rechazo,
        )
        for o in ordenes
    ]
    columnas = (
        "Orden",
        "Clase",
        "Estado",
        "Valor",
        "Facturas",
        "Recaudo",
        "Banco",
        "Comprobante",
        "Fecha del comprobante",
        "Motivo",
        "Propuso",
        "Propuesta",
        "Resolvió",
        "Resuelta",
        "Motivo del rechazo",
    )
    return Hoja("Órdenes", columnas, filas, notas)


def hojas_de_hallazgos(hallazgos: Hallazgos, notas: Sequence[str] = ()) -> list[Hoja]:
    """What a search found; nothing in it says what was searched."""
    facturas: list[Sequence[Celda]] = [
        (f.numero, f.liquidacion.numero, f.estampilla_nombre, f.valor, f.estado.value) for f in hallazgos.facturas
    ]
    pagos: list[Sequence[Celda]] = [
        (
            p.referencia,
            p.liquidacion.numero,
            _instante(p.creado_en),
            p.total,
            nombre_de(EVENTOS_PAGO, p.estado.value),
            p.cus,
        )
        for p in hallazgos.pagos
    ]
    return [
        Hoja("Facturas", ("Factura", "Liquidación", "Estampilla", "Valor", "Estado"), facturas, notas),
        Hoja("Pagos", ("Referencia", "Liquidación", "Creado", "Valor", "Estado", "CUS"), pagos),
        hoja_de_recaudos(hallazgos.recaudos),
        hoja_de_casos(hallazgos.casos),
    ]


def _instante(en: datetime | None) -> str:
    """`2026-11-25 10:12`, in Colombian time."""
    return en.astimezone(BOGOTA).strftime("%Y-%m-%d %H:%M") if en else ""
