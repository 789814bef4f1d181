"""Agents in every state of a month, seen from inside and from the department."""

from datetime import date

from portal.db import db, transaccion
from portal.models import Agente, Usuario
from portal.models.usuario import Rol
from portal.operaciones import usuarios
from portal.operaciones.agentes import registro
from portal.operaciones.firmas import Firma
from tests import consignaciones, declaraciones
from tests.agentes import agente, deshecha, retenida
from tests.escenas.mundos import Lugares
from tests.escenas.mundos.largos import CON_ESPACIOS
from tests.escenas.mundos.putumayo_oficinas import cuenta_de
from tests.fabricas import AHORA

DESDE = date(2026, 3, 1)
# Each month of the entity, by what became of its return.
MESES = {
    "aceptado": date(2026, 4, 1),
    "devuelto": date(2026, 5, 1),
    "presentado": date(2026, 6, 1),
    "corregido": date(2026, 7, 1),
    "cero": date(2026, 8, 1),
    "borrador": date(2026, 10, 1),
}


def poblar() -> Lugares:
    entidad = agente("cundinamarca", desde=DESDE, nombre="Hospital de demostración")
    quien = _cuenta("entidad", entidad)
    _cuenta("sin-entidad", None)
    larga = agente("cundinamarca", desde=date(2026, 10, 1), nombre=CON_ESPACIOS[:140])
    for _ in range(12):
        agente("cundinamarca", desde=date(2026, 9, 1))
    return {
        **_meses(entidad, quien),
        **_retenciones(entidad, quien),
        **_registro(entidad),
        "agente": entidad.codigo,
        "agente_largo": larga.codigo,
        "agente_sedes": _con_sedes().codigo,
    }


def _cuenta(nombre: str, de: Agente | None) -> Usuario:
    with transaccion():
        quien = usuarios.crear_usuario(
            correo=f"{nombre}@demo.portal.test",
            nombre="Cuenta de la entidad",
            rol=Rol.AGENTE,
            clave="una clave de escenas larga",
            ahora=AHORA,
        )
        quien.agente_id = de.id if de else None
    return quien


def _meses(entidad: Agente, quien: Usuario) -> Lugares:
    for mes in MESES.values():
        if mes != MESES["cero"]:
            una = declaraciones.del_mes(entidad, mes=mes)
            # The draft owes a stamp of its month, so that it does not square.
            retenida(una, quien, fecha=mes.replace(day=12), numeros=(una.facturas[0].numero,))
    declaraciones.aceptada(declaraciones.presentada(_borrador(entidad, "aceptado"), quien))
    declaraciones.devuelta(declaraciones.presentada(_borrador(entidad, "devuelto"), quien))
    presentada = declaraciones.presentada(_borrador(entidad, "presentado"), quien)
    declaraciones.devuelta(declaraciones.presentada(_borrador(entidad, "corregido"), quien))
    declaraciones.corregida(entidad, quien, mes=MESES["corregido"])
    declaraciones.presentada(_borrador(entidad, "cero"), quien)
    consignaciones.aceptada(consignaciones.enviada(quien, 4000, "778801", mes=MESES["aceptado"]))
    consignaciones.rechazada(consignaciones.enviada(quien, 4000, "778802", mes=MESES["presentado"]))
    for numero in range(12):
        consignaciones.enviada(quien, 100 + numero, f"7789{numero:02d}", mes=MESES["borrador"])
    propia = consignaciones.enviada(quien, 1000, "778803", mes=MESES["corregido"])
    return {f"mes_{estado}": f"{mes:%Y-%m}" for estado, mes in MESES.items()} | {
        "declaracion": presentada.codigo,
        "consignacion_propia": propia.codigo,
    }


def _borrador(entidad: Agente, estado: str):  # type: ignore[no-untyped-def]
    return declaraciones.borrador(entidad, MESES[estado])


def _retenciones(entidad: Agente, quien: Usuario) -> Lugares:
    por_retener = declaraciones.del_mes(entidad, mes=date(2026, 11, 1), dia=5)
    hecha = declaraciones.del_mes(entidad, mes=date(2026, 11, 1), dia=6)
    retencion = retenida(hecha, quien)
    otra = declaraciones.del_mes(entidad, mes=date(2026, 11, 1), dia=7)
    deshecha(retenida(otra, quien), quien)
    return {
        "liq_por_retener": por_retener.codigo,
        "liq_retenida": hecha.codigo,
        "retencion": str(retencion.id),
        "liq_deshecha": otra.codigo,
    }


def _registro(entidad: Agente) -> Lugares:
    firma = Firma(cuenta_de("administrador"), AHORA)
    with transaccion():
        registro.agregar_sede(entidad, "Sede Centro (demostración)", firma=firma)
        registro.cerrar_sede(registro.agregar_sede(entidad, "Sede Norte (demostración)", firma=firma), firma=firma)
    return {}


def _con_sedes() -> Agente:
    return db.session.query(Agente).filter(Agente.nombre.like("Secretaría de Transporte%")).one()
