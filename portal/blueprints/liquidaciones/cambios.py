"""The three acts over a contract as a screen needs them: what each would do, and doing it."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from portal.blueprints.liquidaciones.calculo import previa_de
from portal.blueprints.liquidaciones.cambios_forms import AdicionForm, CambioForm, CuentaForm, ReduccionForm
from portal.dominio.dinero import escribir_pesos
from portal.dominio.errores import DatoInvalido, ErrorDominio, TransicionNoPermitida
from portal.dominio.normativa import Normativa
from portal.models import Liquidacion
from portal.operaciones import contratos, reducciones, retenciones
from portal.operaciones.agentes.cuentas import registrar_y_retener
from portal.operaciones.contratos import ActoYaRegistrado, Despacho
from portal.operaciones.exigencias import falta_reconocimiento, sin_reconocer
from portal.operaciones.expedientes import Expediente


@dataclass(frozen=True)
class Vista:
    """What an act would do today. `cifra`, in pesos, is what the officer agrees to; `datos` are for its template."""

    cifra: Decimal
    datos: dict[str, Any]


@dataclass(frozen=True)
class CalculoCambio:
    """Figures, or why there are none yet: `faltan` are labels of empty fields, `errores` sentences."""

    vista: Vista | None = None
    faltan: tuple[str, ...] = ()
    errores: tuple[str, ...] = ()


class Cambio(ABC):
    """One kind of act. `nombre` is its step of the address; `boton` ends with the figure that is agreed to."""

    nombre: str
    titulo: str
    plantilla: str
    formulario: type[CambioForm]

    @abstractmethod
    def ver(self, expediente: Expediente, form: Any, normativa: Normativa, despacho: Despacho) -> Vista:
        """What it would do, from a validated form. Raises the domain's errors."""

    @abstractmethod
    def hacer(self, de: Liquidacion, form: Any, despacho: Despacho, cifra: Decimal) -> str:
        """Do it, inside a transaction; returns the sentence that says so."""

    def impedimento(self, expediente: Expediente) -> str:
        """Why a contract does not admit it at all; empty when it does."""
        try:
            contratos.exigir_inicial(expediente)
        except TransicionNoPermitida as error:
            return error.mensaje
        return ""


class Adicion(Cambio):
    nombre, titulo, plantilla, formulario = "adicion", "Adición", "contratos/_adicion.html", AdicionForm

    def ver(self, expediente: Expediente, form: Any, normativa: Normativa, despacho: Despacho) -> Vista:
        encargo = contratos.encargo_de_adicion(expediente, form.modificacion(), despacho.hoy)
        previa = previa_de(encargo.asunto, normativa)
        fecha = encargo.asunto.solicitud(despacho.hoy).fecha
        for regla in sin_reconocer(encargo, previa.resultado, departamento=despacho.departamento, fecha=fecha):
            # An addition states no supports of its own.
            raise DatoInvalido(falta_reconocimiento(regla, fecha, de=despacho.usuario))
        previa = replace(previa, resultado=previa.resultado.reconocido())
        saldo = contratos.saldo_excluido(expediente)
        return Vista(previa.resultado.total, {"previa": previa, "saldo": saldo, "valor": form.valor.leido})

    def hacer(self, de: Liquidacion, form: Any, despacho: Despacho, cifra: Decimal) -> str:
        nueva = contratos.adicionar(de, form.modificacion(), despacho, total_visto=cifra)
        return f"La adición {nueva.adicion} quedó emitida con la liquidación {nueva.numero}."


class Reduccion(Cambio):
    nombre, titulo, plantilla, formulario = "reduccion", "Reducción", "contratos/_reduccion.html", ReduccionForm

    def ver(self, expediente: Expediente, form: Any, normativa: Normativa, despacho: Despacho) -> Vista:
        plan = reducciones.planear(expediente, form.modificacion(), despacho)
        return Vista(plan.diferencia, {"plan": plan, "queda": expediente.valor - form.valor.leido})

    def hacer(self, de: Liquidacion, form: Any, despacho: Despacho, cifra: Decimal) -> str:
        plan = reducciones.reducir(de, form.modificacion(), despacho, diferencia_vista=cifra)
        return f"La reducción {form.documento.leido} quedó registrada. " + (
            "La diferencia de lo pagado quedó como saldo a favor del contribuyente."
            if plan.a_favor
            else "Lo que no se había pagado se reemplazó por el valor reducido."
        )


class CuentaDelContrato(Cambio):
    nombre, titulo, plantilla, formulario = "cuenta", "Cuenta", "contratos/_cuenta.html", CuentaForm

    def ver(self, expediente: Expediente, form: Any, normativa: Normativa, despacho: Despacho) -> Vista:
        partes = retenciones.partes_de(expediente, form.cuenta(), despacho.hoy)
        total = sum((p.valor for p in partes), Decimal(0))
        return Vista(total, {"partes": partes, "total": total, "queda": expediente.por_pagar - form.valor.leido})

    def hacer(self, de: Liquidacion, form: Any, despacho: Despacho, cifra: Decimal) -> str:
        if not form.orden_de_pago:
            nueva = retenciones.registrar_cuenta(de, form.cuenta(), despacho, total_visto=cifra)
            return f"La cuenta {nueva.cuenta} quedó registrada con la liquidación {nueva.numero}."
        hecha = registrar_y_retener(de, form.cuenta(), form.orden_de_pago, despacho, total_visto=cifra)
        nueva, retencion = hecha.liquidacion, hecha.retencion
        cola = f" y sus estampillas retenidas, por {escribir_pesos(retencion.recaudo.valor)}" if retencion else ""
        return f"La cuenta {nueva.cuenta} quedó registrada con la liquidación {nueva.numero}{cola}."

    def impedimento(self, expediente: Expediente) -> str:
        comun = super().impedimento(expediente)
        if comun or expediente.por_retencion:
            return comun or (
                "" if expediente.por_pagar else "Las cuentas registradas ya completan el valor del contrato."
            )
        return "Este contrato no se liquidó por retención: sus estampillas se pagan en un solo pago."


CAMBIOS = {cambio.nombre: cambio for cambio in (Adicion(), Reduccion(), CuentaDelContrato())}


def calcular(
    cambio: Cambio, expediente: Expediente, form: CambioForm, normativa: Normativa, despacho: Despacho
) -> CalculoCambio:
    """The preview of whatever is typed so far: what is missing is said kindly, what is wrong beside its field."""
    campos = form.campos_de_calculo
    errados = [c for c in campos if c.data and not c.validate(form)]
    if errados:
        return CalculoCambio(errores=tuple(f"{c.label.text}: {error}" for c in errados for error in c.errors))
    faltan = tuple(c.label.text for c in campos if not c.data and form.obliga(c))
    if faltan:
        return CalculoCambio(faltan=faltan)
    for campo in campos:
        campo.validate(form)
    try:
        return CalculoCambio(cambio.ver(expediente, form, normativa, despacho))
    except ErrorDominio as error:
        return CalculoCambio(errores=(error.mensaje,))


def validar(
    cambio: Cambio, expediente: Expediente, form: CambioForm, normativa: Normativa, despacho: Despacho
) -> Vista | None:
    """What a complete form would do; None when something must be mended, said beside its field."""
    if not form.validate():
        return None
    try:
        return cambio.ver(expediente, form, normativa, despacho)
    except ErrorDominio as error:
        senalar(form, error)
    return None


def senalar(form: CambioForm, error: ErrorDominio) -> None:
    """Put a refusal beside the field that it is about, or at the top of the form."""
    if isinstance(error, DatoInvalido):
        form.senalar(error)
    else:
        form.senalar(DatoInvalido(error.mensaje, "documento" if isinstance(error, ActoYaRegistrado) else None))
