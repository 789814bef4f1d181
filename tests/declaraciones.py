"""Monthly returns, for tests: plain functions; each commits, as the edge would."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from portal.db import db, transaccion
from portal.dominio.calendario import BOGOTA
from portal.dominio.declaraciones import EstadoConsignacion, huella, mes_de, mes_siguiente
from portal.dominio.libro import CONSIGNACIONES, ClaseAsiento, Partida, de_agente
from portal.models import Agente, Archivo, Consignacion, Declaracion, Liquidacion, Usuario
from portal.models.usuario import Rol
from portal.operaciones import libro, sin_efecto
from portal.operaciones.agentes import declaraciones, versiones
from portal.operaciones.consecutivos import tomar
from portal.operaciones.firmas import Firma
from tests.agentes import persona, suya
from tests.estampillas import firmante
from tests.fabricas import AHORA, HOY

MES = mes_de(mes_de(HOY) - timedelta(days=1))
ANTES = mes_de(MES - timedelta(days=1))


def en(dia: date) -> datetime:
    """Noon of a Colombian day."""
    return datetime(dia.year, dia.month, dia.day, 12, tzinfo=BOGOTA)


def del_mes(agente: Agente, valores: tuple[int, ...] = (4000, 5000), mes: date = MES, dia: int = 10) -> Liquidacion:
    """What the agent assessed in a month."""
    cuando = mes.replace(day=dia)
    return suya(agente, valores, fecha_causacion=cuando, emitida_en=en(cuando), fecha_limite=HOY + timedelta(days=30))


def abiertas(agente: Agente, hasta: date = HOY) -> list[Declaracion]:
    with transaccion():
        return declaraciones.abrir_meses(agente, hasta, ahora=AHORA)


def borrador(agente: Agente, mes: date = MES) -> Declaracion:
    """The last version of a month, which was opened."""
    abiertas(agente)
    return versiones.de_mes(agente, mes)


def vista(una: Declaracion) -> str:
    """The digest that the page of the month carries."""
    return huella(versiones.contenido_de(una, versiones.cuadro_de(una.agente, una.mes).renglones))


def presentada(una: Declaracion, por: Usuario, *, visto: str | None = None, hoy: date | None = None) -> Declaracion:
    with transaccion():
        return declaraciones.presentar(
            una,
            firma=Firma(por, AHORA),
            firmante=firmante(),
            vence=None,
            huella_vista=visto or vista(una),
            hoy=hoy or mes_siguiente(una.mes),
        )


def aceptada(una: Declaracion) -> Declaracion:
    quien = persona(Rol.RENTAS)
    with transaccion():
        declaraciones.aceptar(una, firma=Firma(quien, AHORA))
    return una


def devuelta(una: Declaracion, motivo: str = "Falta el soporte") -> Declaracion:
    quien = persona(Rol.RENTAS)
    with transaccion():
        declaraciones.devolver(una, motivo=motivo, firma=Firma(quien, AHORA))
    return una


def corregida(agente: Agente, por: Usuario, motivo: str = "Faltó una retención", mes: date = MES) -> Declaracion:
    with transaccion():
        return declaraciones.abrir_correccion(agente, mes, motivo=motivo, firma=Firma(por, AHORA))


def anulada(una: Liquidacion) -> None:
    """Rentas leaves it without effect."""
    quien = persona(Rol.RENTAS)
    with transaccion():
        sin_efecto.anular(una.id, motivo="Error", usuario=quien, ahora=AHORA)


def consignada(
    agente: Agente,
    valor: int,
    estado: EstadoConsignacion = EstadoConsignacion.RECIBIDA,
    mes: date = MES,
    *,
    fecha: date = HOY,
    sede_id: int | None = None,
) -> Consignacion:
    """A deposit, with its asiento when it was accepted."""
    quien, otro = persona(Rol.AGENTE, agente), persona(Rol.TESORERIA)
    resuelta = estado is not EstadoConsignacion.RECIBIDA
    with transaccion():
        papel = Archivo(
            codigo=uuid4().hex,
            nombre="soporte.pdf",
            tipo="application/pdf",
            contenido=b"%PDF-1.4",
            sha256=uuid4().hex * 2,
            tamano=8,
            subido_en=AHORA,
            subido_por=quien.id,
        )
        db.session.add(papel)
        db.session.flush()
        una = Consignacion(
            codigo=uuid4().hex,
            numero=tomar("consignacion", 1)[0],
            clave=uuid4().hex,
            agente_id=agente.id,
            mes=mes,
            valor=Decimal(valor),
            sede_id=sede_id,
            fecha=fecha,
            banco="Banco de prueba",
            referencia=uuid4().hex,
            archivo_id=papel.id,
            enviada_por=quien.id,
            enviada_por_nombre=quien.nombre,
            enviada_en=AHORA,
            estado=estado,
            resuelta_por=otro.id if resuelta else None,
            resuelta_en=AHORA if resuelta else None,
            motivo="No llegó" if estado is EstadoConsignacion.RECHAZADA else "",
        )
        db.session.add(una)
        db.session.flush()
        if estado is EstadoConsignacion.ACEPTADA:
            origen = f"consignacion:{una.id}"
            entra = Partida(ClaseAsiento.CONSIGNACION, CONSIGNACIONES, de_agente(agente.id), una.valor, origen)
            libro.asentar([entra], ahora=AHORA)
    return una
