"""Months of agents in any state, for tests of the board: rows as the operations of returns and deposits leave them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

from portal.db import db, transaccion
from portal.dominio.declaraciones import TRANSICIONES_DECLARACION, EstadoConsignacion, EstadoDeclaracion, huella
from portal.models import Agente, Consignacion, Declaracion, PasoDeclaracion, RenglonDeclaracion, Usuario
from portal.models.usuario import Rol
from portal.operaciones.consecutivos import tomar
from tests.agentes import persona
from tests.declaraciones import consignada
from tests.fabricas import AHORA


def version(
    de: Agente,
    mes: date,
    estado: EstadoDeclaracion,
    *,
    numero: int = 1,
    declarado: int = 0,
    en: datetime = AHORA,
    vence: date | None = None,
    por: Usuario | None = None,
) -> Declaracion:
    """One version of a month's return."""
    quien = por or persona(Rol.AGENTE, de)
    una = Declaracion(
        codigo=uuid4().hex,
        agente_id=de.id,
        mes=mes,
        version=numero,
        estado=estado,
        abierta_en=en,
        motivo_correccion="" if numero == 1 else "Faltaba un acto",
        motivo_devolucion="No cuadra" if estado is EstadoDeclaracion.DEVUELTO else "",
    )
    with transaccion():
        if estado is not EstadoDeclaracion.BORRADOR:
            _fijar(una, declarado, en, vence, quien)
        db.session.add(una)
        db.session.flush()
        db.session.add_all(_pasos(una, quien))
    return una


def _pasos(una: Declaracion, quien: Usuario) -> list[PasoDeclaracion]:
    """Its way along the graph: filed, and from there straight to where it is."""
    desde, pasos = EstadoDeclaracion.BORRADOR, []
    camino = [EstadoDeclaracion.PRESENTADO, una.estado]
    for hasta in dict.fromkeys(camino) if una.numero else ():
        evento = next(
            e for (origen, e), destino in TRANSICIONES_DECLARACION.items() if (origen, destino) == (desde, hasta)
        )
        pasos.append(
            PasoDeclaracion(
                declaracion_id=una.id, en=AHORA, desde=desde, hasta=hasta, evento=evento, usuario_id=quien.id, motivo=""
            )
        )
        desde = hasta
    return pasos


def _fijar(una: Declaracion, declarado: int, en: datetime, vence: date | None, quien: Usuario) -> None:
    una.numero, una.vence = tomar("declaracion", 1)[0], vence
    una.liquidado = una.declarado = Decimal(declarado)
    una.pagado, una.contenido, una.huella = Decimal(0), "{}", huella("{}")
    una.presentada_por, una.presentada_por_nombre, una.presentada_en = quien.id, quien.nombre, en
    una.renglones = [
        RenglonDeclaracion(
            orden=0,
            estampilla="E0",
            estampilla_nombre="Desarrollo Fronterizo",
            acto="P-T-01",
            acto_nombre="Certificados",
            cantidad=1,
            base=Decimal(0),
            liquidado=Decimal(declarado),
            retenidas=1,
            retenido=Decimal(declarado),
            pagado=Decimal(0),
        )
    ]


def deposito(
    de: Agente,
    mes: date,
    valor: int,
    estado: EstadoConsignacion = EstadoConsignacion.ACEPTADA,
    *,
    fecha: date | None = None,
    sede_id: int | None = None,
) -> Consignacion:
    """A deposit, accepted unless it is said otherwise, on the first day of its month."""
    return consignada(de, valor, estado, mes, fecha=fecha or mes, sede_id=sede_id)


def mediodia(dia: date) -> datetime:
    """Noon in Colombia of a day."""
    return datetime(dia.year, dia.month, dia.day, 17, tzinfo=UTC)
