"""What happened and what will happen to the money, in sentences."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.dominio.casos import COLAS, ClaseCaso
from portal.dominio.dinero import escribir_pesos
from portal.dominio.estados import EstadoFactura
from portal.dominio.ordenes import ClaseOrden
from portal.dominio.palabras import nombre_de
from portal.dominio.palabras_tesoreria import EVENTOS_PAGO, QUIEN_REVIRTIO
from portal.models import Adhesion, Caso, Factura, OrdenTesoreria
from portal.operaciones.adhesiones import frase_de_uso, usadas_de
from portal.operaciones.facturas import se_debe
from portal.operaciones.rastreo import facturas_del_recaudo


def que_paso(caso: Caso) -> list[str]:
    """What a case is about, as somebody would tell it."""
    frases = [COLAS[caso.clase].explica, *_de_su_clase(caso)]
    if caso.clase is ClaseCaso.FIRMA_INVALIDA:
        frases.append(f"Llegaron {caso.veces} en el día." if caso.veces > 1 else "Llegó uno en el día.")
    elif caso.veces > 1:
        frases.append(f"Se ha informado {caso.veces} veces.")
    if caso.recaudo is not None and caso.recaudo.en_espera > 0:
        frases.append(f"De este recaudo esperan {escribir_pesos(caso.recaudo.en_espera)}.")
    return frases


def _de_su_clase(caso: Caso) -> list[str]:
    """What its own detail adds."""
    dicho = caso.detalle
    if caso.clase is ClaseCaso.REVERSION:
        return [f"Lo dijo {nombre_de(QUIEN_REVIRTIO, dicho.get('causa', ''))}."]
    if caso.clase is ClaseCaso.PAGO_TARDIO and "se_daba_por" in dicho:
        return [f"El portal lo daba por «{nombre_de(EVENTOS_PAGO, dicho['se_daba_por']).lower()}»."]
    if caso.clase is ClaseCaso.DEVOLUCION_REBOTADA:
        return [f"Es la devolución {dicho['devolucion']}. El banco dijo: «{dicho['motivo']}»."]
    if caso.clase is ClaseCaso.RESPUESTA_CONTRADICTORIA and "estado" in dicho:
        return [
            f"La pasarela dice ahora «{nombre_de(EVENTOS_PAGO, dicho['estado']).lower()}» de lo que había aprobado."
        ]
    return []


@dataclass(frozen=True)
class Alarma:
    """A stamp that was used and whose payment the bank took back: what happened, and the adhesion to look at."""

    frase: str
    adhesion: int | None


def alarmas(caso: Caso) -> list[Alarma]:
    """The used stamps of a reversal, each with who used it and how it stands now."""
    return [_alarma(factura, uso) for factura, uso in usadas_de(caso.detalle.get("usadas", ()))]


def _alarma(factura: Factura, uso: Adhesion | None) -> Alarma:
    cual = f"Factura {factura.numero}, {factura.estampilla_nombre}, {escribir_pesos(factura.valor)}."
    if uso is None:
        return Alarma(f"{cual} Se había usado; después se deshizo su adhesión.", None)
    ahora = (
        "Después se pagó de nuevo: sigue usada."
        if factura.estado is EstadoFactura.UTILIZADA
        else "Avise a esa dependencia: el acto quedó sin su estampilla pagada."
    )
    return Alarma(f"{cual} {frase_de_uso(uso)} {ahora}", uso.numero)


def efectos(orden: OrdenTesoreria) -> list[str]:
    """What approving an order will do to the money."""
    if orden.clase is ClaseOrden.REVERSION:
        return _al_revertir(orden)
    cuales = [
        f"La factura {r.factura.numero} ({r.factura.estampilla_nombre}, {escribir_pesos(r.valor)}) quedará "
        f"{'Legalizada' if r.factura.uso is None else 'Utilizada, porque ya se había usado'}."
        for r in orden.renglones
    ]
    if orden.clase is ClaseOrden.LEGALIZACION:
        return [*cuales, f"El libro anotará {escribir_pesos(orden.valor)} recibidos por legalización manual."]
    assert orden.recaudo is not None, "the database keeps the credit of an aplicación"
    queda = orden.recaudo.en_espera - orden.valor
    resto = f"Quedarán esperando {escribir_pesos(queda)}." if queda > 0 else "De ese recaudo no quedará nada esperando."
    return [*cuales, f"El dinero sale de lo que espera del recaudo {orden.recaudo_id}. {resto}"]


def _al_revertir(orden: OrdenTesoreria) -> list[str]:
    assert orden.recaudo is not None, "the database keeps the credit of a reversión"
    frases = [
        f"La factura {f.numero} ({f.estampilla_nombre}, {escribir_pesos(f.valor)}) se deberá de nuevo"
        f"{', aunque ya se usó' if f.estado is EstadoFactura.UTILIZADA else ''}."
        for f in facturas_del_recaudo(orden.recaudo)
    ]
    if orden.recaudo.en_espera > 0:
        frases.append(f"Los {escribir_pesos(orden.recaudo.en_espera)} que esperaban dejarán de deberse a quien pagó.")
    return [*frases, f"El libro deshará el recaudo {orden.recaudo_id} entero: {escribir_pesos(orden.valor)}."]


def reparos(orden: OrdenTesoreria) -> list[str]:
    """What whoever approves should know first: facturas that are not owed any more, or that the bank is working on."""
    frases = [frase for r in orden.renglones if (frase := _reparo(r.factura))]
    if orden.clase is not ClaseOrden.LEGALIZACION and orden.recaudo is not None and orden.recaudo.reversion is not None:
        frases.append("Ese recaudo ya fue revertido: esta orden no se puede aprobar.")
    return frases


def _reparo(factura: Factura) -> str:
    if not se_debe(factura):
        return f"La factura {factura.numero} ya no se debe: esta orden no se puede aprobar."
    if factura.estado is EstadoFactura.EN_VERIFICACION:
        return f"La factura {factura.numero} tiene un pago en el banco. Si después se aprueba, será un pago doble por devolver."
    return ""


def advertencias(orden: OrdenTesoreria, recaudos: Sequence[int], ordenes: Sequence[int]) -> list[str]:
    """Signs that the same proof was used before."""
    frases = [
        f"El recaudo {numero} tiene ese mismo número: compruebe que no sea el mismo dinero." for numero in recaudos
    ]
    if ordenes:
        otras = "otra orden" if len(ordenes) == 1 else "otras órdenes"
        frases.append(f"El mismo archivo es la prueba de {otras}: {', '.join(map(str, ordenes))}.")
    return frases
