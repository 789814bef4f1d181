"""What a collecting agent may see and touch: only what its own entity takes part in. Everybody else's role says it alone."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from portal.dominio.errores import Ajeno
from portal.models import Agente, Liquidacion, MovimientoContrato, Usuario
from portal.models.usuario import Rol
from portal.operaciones.agentes.registro import entidad_de, que_interviene
from portal.operaciones.encargos import Encargo
from portal.operaciones.expedientes import Expediente


def entidad_que_limita(usuario: Usuario) -> Agente | None:
    """The entity outside of which an account sees nothing; None for an account of the department.

    Raises `CuentaSinEntidad` for an agent that was not linked to one.
    """
    return entidad_de(usuario) if usuario.rol is Rol.AGENTE else None


def es_visible(liquidacion: Liquidacion, usuario: Usuario) -> bool:
    """Whether an account may see a liquidación. Raises as `entidad_que_limita`."""
    entidad = entidad_que_limita(usuario)
    return entidad is None or liquidacion.agente_id == entidad.id


def exigir_visible(liquidacion: Liquidacion, usuario: Usuario) -> None:
    """Raises `Ajeno` for a liquidación of another entity, as if it were not there."""
    if not es_visible(liquidacion, usuario):
        raise Ajeno("No encontramos esa liquidación. Revise la dirección.", f"liquidacion:{liquidacion.numero}")


def exigir_visibles(liquidaciones: Iterable[Liquidacion], usuario: Usuario) -> None:
    """The same of everything that an act rests on: a contract is seen and changed whole, or not at all."""
    for liquidacion in liquidaciones:
        exigir_visible(liquidacion, usuario)


def movimientos_visibles(expediente: Expediente, usuario: Usuario) -> Sequence[MovimientoContrato]:
    """The lines of a contract's ledger since it is the asker's: an addition may have had another agent than its contract."""
    ajenos = (m.orden for m in expediente.movimientos if m.liquidacion and not es_visible(m.liquidacion, usuario))
    ultimo = max(ajenos, default=0)
    return [m for m in expediente.movimientos if m.orden > ultimo]


def en_su_nombre(encargo: Encargo, usuario: Usuario) -> Encargo:
    """What an agent assesses, it contracts: whatever was written of the contracting entity, it is its own."""
    entidad = entidad_que_limita(usuario)
    if entidad is None or encargo.asunto.fecha_contrato is None or encargo.adicion:
        return encargo
    return replace(encargo, contratante=entidad.nombre, contratante_nit=entidad.nit)


def entidad_que_contrata(departamento: str, encargo: Encargo, usuario: Usuario) -> int:
    """Whose contract an encargo is about, as `Contrato.entidad` says it: that of the agent that assesses, and no other.

    For the department: that of the contract it follows from, or the agent that contracts. Raises as `entidad_que_limita`.
    """
    if usuario.rol is not Rol.AGENTE and encargo.entidad is not None:
        return encargo.entidad
    agente = que_interviene(departamento, usuario, encargo.contratante_nit)
    return agente.id if agente else 0
