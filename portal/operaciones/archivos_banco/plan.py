"""What importing a file would do, line by line, by what the portal knows now. Nothing is written here.

The importing transaction makes the plan again under its locks and does exactly that, or nothing.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from hashlib import sha256

from portal.dominio.asobancaria import (
    MEDIOS_DE_PAGO,
    PROCEDENCIAS,
    ArchivoRecaudo,
    DetalleRecaudo,
    es_de_pse,
)
from portal.dominio.asobancaria_llaves import LineaRecaudo, es_reenvio, lineas, llave_repetida
from portal.dominio.estados import EstadoFactura, EventoFactura, origenes_factura
from portal.dominio.movimientos import CanalMovimiento, Dudosas, Novedad, ResultadoMovimiento
from portal.dominio.movimientos_pse import ANTES, ANTES_DE_DEVOLVER, CreditosPse, LineaPse
from portal.operaciones.archivos_banco import fuentes
from portal.operaciones.archivos_banco.fuentes import Deuda, Entrada
from portal.operaciones.archivos_banco.lectura import Convenio

_R = ResultadoMovimiento
_SE_DEBEN = origenes_factura(EventoFactura.PAGO_APROBADO)


@dataclass(frozen=True)
class Renglon:
    """A line and what becomes of it: `resultado` is empty unless it is new.

    `recaudo_id` is the credit whose money it brings or takes back; `de_llave`, the line of the same file that it takes back;
    `cus` is set when the line named the credit by it.
    """

    llave: str
    detalle: DetalleRecaudo
    canal: CanalMovimiento
    novedad: Novedad
    resultado: ResultadoMovimiento | None = None
    factura: Deuda | None = None
    recaudo_id: int | None = None
    de_llave: str | None = None
    cus: str | None = None

    @property
    def es_nuevo(self) -> bool:
        return self.novedad is Novedad.NUEVA


def planear(archivo: ArchivoRecaudo, convenio: Convenio, dudosas: Dudosas) -> tuple[Renglon, ...]:
    """Every payment of a file, in its order. Payments come before returns, wherever the bank wrote them."""
    renglones = _con_novedad(archivo, dudosas)
    nuevos = [r for r in renglones if r.es_nuevo]
    planeador = _Planeador(archivo, convenio, [r.detalle for r in nuevos])
    hechos = {r.llave: planeador.pagar(r) for r in nuevos if not r.detalle.devuelto}
    hechos |= {r.llave: planeador.devolver(r) for r in nuevos if r.detalle.devuelto}
    return tuple(hechos[r.llave] if r.es_nuevo else r for r in renglones)


def huella_del_plan(archivo: ArchivoRecaudo, dudosas: Dudosas, renglones: Sequence[Renglon]) -> str:
    """What somebody agrees to: another plan has another one."""
    dicho = [
        (r.llave, r.novedad, r.resultado, r.factura.id if r.factura else None, r.recaudo_id, r.de_llave)
        for r in renglones
    ]
    return sha256(json.dumps([archivo.huella, dudosas, dicho]).encode()).hexdigest()


def _con_novedad(archivo: ArchivoRecaudo, dudosas: Dudosas) -> list[Renglon]:
    todas = list(lineas(archivo))
    guardadas = fuentes.llaves_guardadas([linea.llave for linea in todas])
    sueltas = {linea.llave for linea in todas if linea.llave in guardadas and not linea.distinguible}
    if sueltas:
        propias = [linea.llave for linea in todas]
        anteriores = fuentes.llaves_de_anteriores(archivo)
        reenviadas = [dichas | guardo for dichas, guardo in anteriores if es_reenvio(dichas, propias)]
        sueltas = sueltas.difference(*reenviadas)
    usadas = guardadas | {linea.llave for linea in todas}
    return [_renglon(archivo, linea, guardadas, sueltas, usadas, dudosas) for linea in todas]


def _renglon(
    archivo: ArchivoRecaudo,
    linea: LineaRecaudo,
    guardadas: set[str],
    sueltas: set[str],
    usadas: set[str],
    dudosas: Dudosas,
) -> Renglon:
    canal = CanalMovimiento.PSE if es_de_pse(linea.detalle) else CanalMovimiento.VENTANILLA
    renglon = Renglon(linea.llave, linea.detalle, canal, Novedad.NUEVA)
    if linea.llave not in guardadas:
        return renglon
    if linea.llave not in sueltas or dudosas is Dudosas.REPETIDAS:
        return replace(renglon, novedad=Novedad.REPETIDA)
    if dudosas is Dudosas.SIN_DECIDIR:
        return replace(renglon, novedad=Novedad.DUDOSA)
    return replace(renglon, llave=_siguiente_llave(archivo, linea, usadas))


def _siguiente_llave(archivo: ArchivoRecaudo, linea: LineaRecaudo, usadas: set[str]) -> str:
    """The key of one payment more, equal to those that came: the one it would have in a file that brought them all."""
    repeticion = linea.repeticion + 1
    while True:
        llave = llave_repetida(archivo, linea, repeticion)
        if llave not in usadas and not fuentes.llaves_guardadas([llave]):
            usadas.add(llave)
            return llave
        repeticion += 1


class _Planeador:
    """The facts that the lines of a file find, and what each line changes for those after it."""

    def __init__(self, archivo: ArchivoRecaudo, convenio: Convenio, detalles: Sequence[DetalleRecaudo]) -> None:
        cabeza = archivo.encabezado
        self._dia: date = cabeza.fecha_recaudo
        de_pse = [d for d in detalles if es_de_pse(d)]
        de_caja = [d for d in detalles if not es_de_pse(d)]
        numeros = {n for d in de_caja if (n := fuentes.numero_de(d.referencia)) is not None}
        self._deudas = fuentes.deudas(convenio.departamento, numeros)
        antes = ANTES_DE_DEVOLVER if any(d.devuelto for d in de_pse) else ANTES
        self._creditos = CreditosPse(fuentes.creditos_pse(self._dia, antes=antes) if de_pse else ())
        devueltas = {d.referencia for d in de_caja if d.devuelto}
        self._entradas: dict[tuple[str, Decimal], list[Entrada]] = defaultdict(list)
        if devueltas:
            self._entradas.update(fuentes.entradas(convenio.cuenta_del_libro(cabeza.cuenta), self._dia, devueltas))

    def pagar(self, renglon: Renglon) -> Renglon:
        """What a payment does."""
        if not _codigos_conocidos(renglon.detalle):
            return replace(renglon, resultado=_R.MEDIO_DESCONOCIDO)
        if renglon.canal is CanalMovimiento.PSE:
            return self._casar(renglon)
        return self._aplicar(renglon)

    def devolver(self, renglon: Renglon) -> Renglon:
        """What a return does."""
        if renglon.canal is CanalMovimiento.PSE:
            hallado = self._creditos.devolucion(self._linea(renglon.detalle))
            if hallado.credito is None:
                return replace(renglon, resultado=hallado.resultado)
            hallado.credito.revertido = True
            return replace(renglon, resultado=hallado.resultado, recaudo_id=hallado.credito.recaudo_id)
        return self._deshacer(renglon)

    def _casar(self, renglon: Renglon) -> Renglon:
        linea = self._linea(renglon.detalle)
        hallado = self._creditos.llegada(linea)
        credito = hallado.credito
        if credito is None:
            return replace(renglon, resultado=hallado.resultado)
        if hallado.resultado is _R.PSE_TRASLADADO:
            credito.llegado = True
        cus = linea.cus_de(credito)
        return replace(renglon, resultado=hallado.resultado, recaudo_id=credito.recaudo_id, cus=cus)

    def _aplicar(self, renglon: Renglon) -> Renglon:
        detalle = renglon.detalle
        numero = fuentes.numero_de(detalle.referencia)
        deuda = self._deudas.get(numero) if numero is not None else None
        entrada = Entrada(renglon.llave, None, fuentes.numeros_de(detalle.operacion, detalle.autorizacion))
        self._entradas[detalle.referencia, detalle.valor].append(entrada)
        if deuda is None:
            return replace(renglon, resultado=_R.REFERENCIA_DESCONOCIDA)
        resultado = _resultado(deuda, detalle.valor, self._dia)
        if resultado in (_R.LEGALIZADO, _R.LEGALIZADO_TARDE):
            self._deudas[deuda.numero] = deuda._replace(estado=EstadoFactura.LEGALIZADA)
        return replace(renglon, resultado=resultado, factura=deuda)

    def _deshacer(self, renglon: Renglon) -> Renglon:
        detalle = renglon.detalle
        posibles = self._entradas.get((detalle.referencia, detalle.valor), [])
        numeros = fuentes.numeros_de(detalle.operacion, detalle.autorizacion)
        if any(numeros):
            posibles = [e for e in posibles if e.numeros == numeros] or posibles
        vivas = [e for e in posibles if not e.revertido]
        if len(vivas) == 1:
            (entrada,) = vivas
            entrada.revertido = True
            de_llave = entrada.llave if entrada.recaudo_id is None else None
            return replace(renglon, resultado=_R.REVERTIDO, recaudo_id=entrada.recaudo_id, de_llave=de_llave)
        if len(posibles) == 1:
            return replace(renglon, resultado=_R.REVERTIDO_ANTES, recaudo_id=posibles[0].recaudo_id)
        return replace(renglon, resultado=_R.DEVUELTO_SIN_ORIGEN)

    def _linea(self, detalle: DetalleRecaudo) -> LineaPse:
        return LineaPse(detalle.referencia, detalle.valor, self._dia, detalle.autorizacion, detalle.operacion)


def _codigos_conocidos(detalle: DetalleRecaudo) -> bool:
    return detalle.procedencia in PROCEDENCIAS and (not detalle.medio or detalle.medio in MEDIOS_DE_PAGO)


def _resultado(deuda: Deuda, valor: Decimal, dia: date) -> ResultadoMovimiento:
    """What a payment of `valor` pesos finds; the same that `recaudar` will say."""
    if valor != deuda.valor:
        return _R.VALOR_DISTINTO
    if deuda.estado is EstadoFactura.SIN_EFECTO:
        return _R.SIN_EFECTO
    if deuda.estado not in _SE_DEBEN:
        return _R.YA_PAGADA
    if deuda.por_retencion:
        return _R.NO_PAGABLE
    # What the bank had taken back may be paid again whenever it is.
    tarde = dia > deuda.fecha_limite and deuda.estado is not EstadoFactura.REVERTIDA
    return _R.LEGALIZADO_TARDE if tarde else _R.LEGALIZADO
