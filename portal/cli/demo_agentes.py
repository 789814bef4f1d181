"""Collecting agents of `flask demo cargar`: what they assessed and withheld last month and this one. No entity is real."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from portal.dominio.declaraciones import FormaRetencion, mes_anterior
from portal.models import Agente, Liquidacion, Usuario
from portal.models.liquidacion import ClaseContribuyente
from portal.operaciones import liquidaciones, simulaciones
from portal.operaciones.agentes import registro, retener
from portal.operaciones.agentes.registro import DatosAgente
from portal.operaciones.agentes.retener import Descuento
from portal.operaciones.encargos import Asunto, Contribuyente, Encargo
from portal.operaciones.firmas import Firma
from portal.web.departamento import departamento_actual
from portal.web.reloj import BOGOTA, ahora, hoy

# Another document than that of the known screens, whose twelve rows stay twelve.
_PRUEBA = Contribuyente("CC", "1000000001", "prueba", ClaseContribuyente.NATURAL)


def cargar_agentes(agentes: Sequence[dict[str, Any]], cuentas: Mapping[str, Usuario]) -> None:
    """Register the demonstration's agents and let their accounts work, in the order of time.

    `agentes` as `demostracion/<departamento>.toml` has them; `cuentas`: the accounts by name, the administrator's among them.
    """
    registrados = [(_registrar(uno, cuentas), cuentas[uno["usuario"]], uno["acto"]) for uno in agentes]
    for momento, agente, cuenta, acto in _en_orden(registrados):
        _trabajar(agente, cuenta, acto, momento)


def _registrar(uno: dict[str, Any], cuentas: Mapping[str, Usuario]) -> Agente:
    conocidas = tuple(simulaciones.nombres_de(departamento_actual().codigo).estampillas)
    datos = DatosAgente(
        nit=uno["nit"],
        nombre=uno["nombre"],
        clase=uno["clase"],
        estampillas=conocidas,
        cuenta=uno["cuenta"],
        desde=mes_anterior(hoy()),
        correo=f"{uno['usuario']}@demo.portal.test",
    )
    firma = Firma(cuentas["administrador"], _en(mes_anterior(hoy())))
    agente = registro.crear(datos, departamento=departamento_actual().codigo, conocidas=conocidas, firma=firma)
    for nombre in uno.get("sedes", ()):
        registro.agregar_sede(agente, nombre, firma=firma)
    registro.vincular(agente, cuentas[uno["usuario"]], firma=firma)
    return agente


def _en_orden(
    registrados: Sequence[tuple[Agente, Usuario, list[dict[str, Any]]]],
) -> list[tuple[datetime, Agente, Usuario, dict[str, Any]]]:
    """Each act at its moment, oldest first; what would fall after today has not happened yet."""
    primeros = {"anterior": mes_anterior(hoy()), "este": hoy().replace(day=1)}
    dichos = [
        (primeros[acto["mes"]] + timedelta(days=acto["dia"] - 1), agente, cuenta, acto)
        for agente, cuenta, actos in registrados
        for acto in actos
    ]
    dichos.sort(key=lambda uno: uno[0])
    return [(_en(dia), agente, cuenta, acto) for dia, agente, cuenta, acto in dichos if dia <= hoy()]


def _en(dia: date) -> datetime:
    """Nine in the morning of a day, or now if that is still to come."""
    return min(datetime.combine(dia, time(9), BOGOTA), ahora())


def _trabajar(agente: Agente, cuenta: Usuario, acto: dict[str, Any], momento: datetime) -> None:
    emitida = _emitir(agente, cuenta, acto, momento)
    if "documento" not in acto:
        return
    dia = momento.astimezone(BOGOTA).date()
    sede = next((s.id for s in agente.sedes if s.nombre == acto.get("sede")), None)
    retener.retener(
        emitida,
        [f.numero for f in emitida.facturas],
        Descuento(FormaRetencion(acto["forma"]), acto["documento"], dia, sede),
        clave=f"demostracion-{acto['documento']}",
        firma=Firma(cuenta, momento),
        hoy=dia,
    )


def _emitir(agente: Agente, cuenta: Usuario, acto: dict[str, Any], momento: datetime) -> Liquidacion:
    departamento = departamento_actual()
    return liquidaciones.emitir(
        Encargo(_PRUEBA, Asunto((acto["acto"],), clase=_PRUEBA.clase)),
        departamento=departamento.codigo,
        plazo_dias=departamento.dias_para_pagar,
        permitir_provisional=True,
        clave=f"demostracion-{agente.nit}-{acto['mes']}-{acto['dia']}-{acto['acto']}",
        usuario=cuenta,
        ahora=momento,
        hoy=momento.astimezone(BOGOTA).date(),
    )
