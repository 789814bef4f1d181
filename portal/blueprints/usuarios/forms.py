"""What an administrator writes about an account, and which accounts are looked for."""

from collections.abc import Sequence
from typing import Any

from wtforms import SelectField

from portal.dominio.adhesiones import leer_dependencia
from portal.dominio.identificacion import leer_texto
from portal.dominio.palabras import ROLES
from portal.models import Agente, Usuario
from portal.models.usuario import Rol
from portal.operaciones.personas import DatosCuenta, EstadoCuenta, Filtro
from portal.web.formularios import CampoTexto, Formulario, leer, leer_correo, opciones

_TODOS = ("", "Todos")
_ESTADOS = (
    (EstadoCuenta.ACTIVA, "Activas"),
    (EstadoCuenta.INVITADA, "Invitadas"),
    (EstadoCuenta.INACTIVA, "Inactivas"),
)


class CuentaForm(Formulario):
    """Who an account is."""

    nombre = CampoTexto("Nombre", [leer(leer_texto, maximo=120, campo="nombre")])
    rol = SelectField("Rol", validate_choice=False)
    dependencia = CampoTexto("Dependencia", [leer(leer_dependencia, opcional=True, obligatoria=False)])
    agente = SelectField("Entidad para la que recauda", validate_choice=False)

    @property
    def datos(self) -> DatosCuenta:
        """What was typed, once the form validated; the operation decides on the lists."""
        return DatosCuenta(self.nombre.leido, self.rol.data or "", self.dependencia.leido or "", self.agente.data or "")


class InvitarForm(CuentaForm):
    """The same, with the address that receives the link."""

    correo = CampoTexto("Correo electrónico", [leer(leer_correo)])


class MotivoForm(Formulario):
    """Why a second factor is taken away."""

    motivo = CampoTexto("Motivo", [leer(leer_texto, maximo=300, campo="motivo")])


class FiltroForm(Formulario):
    """Which accounts. Nothing of it is anybody's data, so it travels in the address."""

    class Meta(Formulario.Meta):
        csrf = False

    rol = SelectField("Rol", choices=opciones([_TODOS, *ROLES.items()]))
    estado = SelectField("Estado", choices=opciones([("", "Todas"), *_ESTADOS]))
    factor = SelectField(
        "Segundo factor", choices=opciones([_TODOS, ("con", "Con segundo factor"), ("sin", "Sin segundo factor")])
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for campo in (self.rol, self.estado, self.factor):
            campo.data = campo.data or ""

    @property
    def filtro(self) -> Filtro:
        """What is asked, once the form is right."""
        return Filtro(
            rol=Rol(self.rol.data) if self.rol.data else None,
            estado=EstadoCuenta(self.estado.data) if self.estado.data else None,
            segundo_factor={"con": True, "sin": False}.get(self.factor.data),
        )

    @property
    def datos(self) -> dict[str, str]:
        """The same for the address of another page."""
        return {campo.name: campo.data for campo in self if campo.data}

    @property
    def en_palabras(self) -> str:
        """The same for whoever reads a file."""
        elegidos = [(campo, dict((o.value, o.label) for o in campo.iter_choices())) for campo in self if campo.data]
        return (
            "; ".join(f"{campo.label.text}: {textos[campo.data]}" for campo, textos in elegidos) or "todas las cuentas"
        )


def con_listas(form: CuentaForm, agentes: Sequence[Agente]) -> CuentaForm:
    """The form with its roles and the department's entities."""
    form.rol.choices = opciones([("", "Elija"), *ROLES.items()])
    form.agente.choices = opciones([("", "Ninguna"), *((a.codigo, a.nombre) for a in agentes)])
    return form


def escrito(cuenta: Usuario, agente: Agente | None) -> dict[str, str]:
    """What is on record of an account, for its form."""
    return {
        "nombre": cuenta.nombre,
        "rol": cuenta.rol.value,
        "dependencia": cuenta.dependencia,
        "agente": agente.codigo if agente else "",
    }
