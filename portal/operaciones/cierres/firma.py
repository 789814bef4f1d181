"""Signing and reopening the close of a day. What is signed is never changed: a reopening and a new version follow it."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.db import db
from portal.dominio.cierre import EstadoCierre
from portal.dominio.cierre_dia import escribir, huella_de_firma, resumen_de, resumen_de_entradas
from portal.dominio.dispersion import PlanDeCuentas
from portal.dominio.errores import TransicionNoPermitida
from portal.models import Cierre, Consecutivo, Reapertura, Usuario
from portal.models.usuario import Rol
from portal.operaciones.bitacora import anotar
from portal.operaciones.cierres.cotejo import Dia, dia_de
from portal.operaciones.cierres.diferencias import avisar


class CierreCambio(TransicionNoPermitida):
    """The day is not what the treasurer had in sight."""


def resumen_visto(dia: Dia) -> str:
    """What the page carries so that nothing but what was seen can be signed."""
    return resumen_de(escribir(dia.actual))


def firmar(
    plan: PlanDeCuentas,
    cuenta: str,
    dia: date,
    *,
    usuario: Usuario,
    ahora: datetime,
    hoy: date,
    permitir_provisional: bool,
    visto: str | None = None,
    peticion: str = "",
) -> Cierre:
    """Sign one account's day as it is now, and open a case for each of its differences.

    `visto` is what `resumen_visto` said when the page was made; None signs whatever there is. Raises `CierreCambio` when it is
    another thing by now, and `TransicionNoPermitida` for a day that has not ended, one already signed, an account of
    demonstration or a person who is not of treasury.
    """
    _exigir_firmable(plan, cuenta, dia, usuario, hoy, permitir_provisional)
    hasta_asiento = _ultimo_asiento()
    actual = dia_de(plan, cuenta, dia, hoy=hoy)
    if actual.estado is EstadoCierre.FIRMADO:
        raise TransicionNoPermitida("Ese día ya está firmado. Para cambiarlo, reábralo con su motivo.")
    if visto is not None and visto != resumen_visto(actual):
        raise CierreCambio("El día cambió mientras usted lo miraba. Revíselo de nuevo antes de firmar.")
    cierre = _escribir(actual, hasta_asiento, usuario, ahora)
    avisar([actual.actual], ahora=ahora)
    anotar(
        "cierre.firmar",
        f"cierre:{cierre.id}",
        ahora=ahora,
        usuario_id=usuario.id,
        peticion=peticion,
        cuenta=cuenta,
        dia=dia.isoformat(),
        version=cierre.version,
        novedades=cierre.novedades,
        huella=cierre.huella,
    )
    return cierre


def reabrir(
    plan: PlanDeCuentas,
    cuenta: str,
    dia: date,
    *,
    motivo: str,
    usuario: Usuario,
    ahora: datetime,
    hoy: date,
    peticion: str = "",
) -> Reapertura:
    """Say why a signed day counts no more. Raises `TransicionNoPermitida` when it is not signed or somebody was first."""
    _exigir_tesoreria(usuario)
    actual = dia_de(plan, cuenta, dia, hoy=hoy)
    if actual.firma is None or actual.estado is not EstadoCierre.FIRMADO:
        raise TransicionNoPermitida("Ese día no está firmado.")
    nueva = Reapertura(
        cierre_id=actual.firma.id, motivo=motivo, usuario_id=usuario.id, usuario_nombre=usuario.nombre, en=ahora
    )
    _agregar(nueva, "Otra persona acaba de reabrir ese día.")
    db.session.expire(actual.firma, ["reapertura"])
    anotar(
        "cierre.reabrir",
        f"cierre:{actual.firma.id}",
        ahora=ahora,
        usuario_id=usuario.id,
        peticion=peticion,
        cuenta=cuenta,
        dia=dia.isoformat(),
        motivo=motivo,
    )
    return nueva


def _exigir_firmable(
    plan: PlanDeCuentas, cuenta: str, dia: date, usuario: Usuario, hoy: date, permitir_provisional: bool
) -> None:
    _exigir_tesoreria(usuario)
    if dia >= hoy:
        raise TransicionNoPermitida("Un día se firma cuando terminó: ni hoy ni un día futuro.")
    conocida = plan.por_codigo(cuenta)
    if conocida is None:
        raise TransicionNoPermitida(
            "Esa cuenta no está entre las cuentas recaudadoras del departamento: regístrela antes."
        )
    if conocida.provisional and not permitir_provisional:
        raise TransicionNoPermitida(
            "Esa cuenta recaudadora es de demostración. Registre las cuentas del departamento para firmar sus cierres."
        )


def _exigir_tesoreria(usuario: Usuario) -> None:
    if usuario.rol is not Rol.TESORERIA:
        raise TransicionNoPermitida("El cierre lo firma y lo reabre una persona de Tesorería.")


def _ultimo_asiento() -> int:
    """The last number of the ledger. Whoever is writing in it ends first, and nobody writes until this act is done."""
    serie = select(Consecutivo.siguiente).where(Consecutivo.serie == "asiento").with_for_update()
    return (db.session.scalar(serie) or 1) - 1


def _escribir(actual: Dia, hasta_asiento: int, usuario: Usuario, ahora: datetime) -> Cierre:
    contenido, version = escribir(actual.actual), (actual.firma.version if actual.firma else 0) + 1
    nuevo = Cierre(
        cuenta=actual.actual.cuenta,
        dia=actual.actual.dia,
        version=version,
        contenido=contenido,
        entradas=resumen_de_entradas(actual.actual),
        hasta_asiento=hasta_asiento,
        novedades=len(actual.actual.novedades),
        huella=huella_de_firma(
            contenido, version=version, hasta_asiento=hasta_asiento, usuario_id=usuario.id, en=ahora
        ),
        firmado_por=usuario.id,
        firmado_por_nombre=usuario.nombre,
        firmado_en=ahora,
    )
    _agregar(nuevo, "Otra persona acaba de firmar ese día.")
    return nuevo


def _agregar(fila: Cierre | Reapertura, si_otro: str) -> None:
    """The unique row decides between two people."""
    try:
        with db.session.begin_nested():
            db.session.add(fila)
            db.session.flush()
    except IntegrityError:
        raise TransicionNoPermitida(si_otro) from None
