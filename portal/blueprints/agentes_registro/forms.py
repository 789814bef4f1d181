"""What an administrator writes of an agent, of its offices and of its accounts."""

from collections.abc import Mapping, Sequence

from wtforms import SelectField, SelectMultipleField

from portal.dominio.agentes import ReglasAgentes
from portal.dominio.declaraciones import leer_mes
from portal.dominio.dispersion import PlanDeCuentas
from portal.dominio.identificacion import escribir_nit, leer_texto
from portal.dominio.lectura import leer_nit
from portal.models import Agente, Sede
from portal.operaciones.agentes.registro import DatosAgente
from portal.web.formularios import CampoTexto, Formulario, leer, leer_correo, leer_telefono, opciones

_ELIJA = ("", "Elija una opción")


class AgenteForm(Formulario):
    """An entity. The months are written as a browser's own field sends them, `2026-11`."""

    nit = CampoTexto("NIT", [leer(leer_nit)])
    nombre = CampoTexto("Nombre de la entidad", [leer(leer_texto, maximo=160, campo="nombre")])
    clase = SelectField("Clase de entidad", validate_choice=False)
    estampillas = SelectMultipleField("Estampillas que recauda", validate_choice=False)
    cuenta = SelectField("Cuenta en que consigna", validate_choice=False)
    desde = CampoTexto("Primer mes que declara", [leer(leer_mes)])
    hasta = CampoTexto("Último mes que declara", [leer(leer_mes, opcional=True)])
    direccion = CampoTexto("Dirección", [leer(leer_texto, opcional=True, maximo=160, campo="direccion")])
    telefono = CampoTexto("Teléfono", [leer(leer_telefono, opcional=True)])
    correo = CampoTexto("Correo electrónico", [leer(leer_correo, opcional=True)])

    @property
    def datos(self) -> DatosAgente:
        """What was typed, once the form validated; the operation decides on the lists."""
        return DatosAgente(
            nit=self.nit.leido,
            nombre=self.nombre.leido,
            clase=self.clase.data or "",
            estampillas=tuple(self.estampillas.data or ()),
            cuenta=self.cuenta.data or "",
            desde=self.desde.leido,
            hasta=self.hasta.leido,
            direccion=self.direccion.leido or "",
            telefono=self.telefono.leido or "",
            correo=self.correo.leido or "",
        )


class SedeForm(Formulario):
    """An office."""

    sede = CampoTexto("Nombre de la sede", [leer(leer_texto, maximo=120, campo="sede")])


class CuentaForm(Formulario):
    """The account to link, and the office that it works in."""

    correo = CampoTexto("Correo de la cuenta", [leer(leer_correo)])
    sede_id = SelectField("Sede", validate_choice=False)


def formulario_de(
    agente: Agente | None, reglas: ReglasAgentes, plan: PlanDeCuentas, estampillas: Mapping[str, str]
) -> AgenteForm:
    """The form with the department's lists; of an agent, with what is on record."""
    form = AgenteForm(data=_escrito(agente) if agente else None)
    form.clase.choices = opciones([_ELIJA, *reglas.clases.items()])
    form.cuenta.choices = opciones([_ELIJA, *((c.codigo, c.nombre) for c in plan.cuentas)])
    form.estampillas.choices = opciones(estampillas.items())
    return form


def formulario_de_cuenta(sedes: Sequence[Sede], *, vacio: bool = False) -> CuentaForm:
    """The form with the open offices of an agent; `vacio`: nothing of the request is in it."""
    form = CuentaForm(formdata=None) if vacio else CuentaForm()
    form.sede_id.choices = opciones(
        [("", "Ninguna en particular"), *((str(s.id), s.nombre) for s in sedes if s.activa)]
    )
    return form


def _escrito(agente: Agente) -> dict[str, object]:
    return {
        "nit": escribir_nit(agente.nit),
        "nombre": agente.nombre,
        "clase": agente.clase,
        "estampillas": agente.estampillas,
        "cuenta": agente.cuenta,
        "desde": f"{agente.desde:%Y-%m}",
        "hasta": f"{agente.hasta:%Y-%m}" if agente.hasta else "",
        "direccion": agente.direccion,
        "telefono": agente.telefono,
        "correo": agente.correo,
    }
