"""What narrows a report. It all travels in the address, so there is nothing in it about a person."""

import re
from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import SelectField

from portal.dominio.dispersion import PlanDeCuentas
from portal.dominio.errores import DatoInvalido
from portal.dominio.palabras_tesoreria import CANALES
from portal.operaciones.reportes.filtros import SIN_ENTIDAD, Dimension, Filtro, entidad_de, entidades
from portal.operaciones.reportes.movimientos import ESPERAS
from portal.operaciones.reportes.topes import PRIMER_DIA
from portal.operaciones.simulaciones import Nombres
from portal.web.formularios import CampoTexto, Formulario, leer, leer_fecha, opciones

NOMBRES_DIMENSION: Mapping[Dimension, str] = {
    Dimension.ESTAMPILLA: "Estampilla",
    Dimension.CUENTA: "Cuenta",
    Dimension.CANAL: "Canal",
    Dimension.ENTIDAD: "Entidad",
    Dimension.ACTO: "Acto",
    Dimension.MES: "Mes",
}
EN_ESPERA: Mapping[str, str] = dict(zip(ESPERAS, ("Por devolver a quien pagó", "Por identificar"), strict=True))
# A select that somebody can still use; the rest are reached from the report by entity.
_MAXIMO_ENTIDADES = 500
_CODIGO = re.compile(r"[A-Za-z0-9_-]{0,60}")


class FiltrosForm(Formulario):
    """The filters of the reports; each report keeps those that it has."""

    class Meta(Formulario.Meta):
        csrf = False

    desde = CampoTexto("Desde", [leer(leer_fecha)])
    hasta = CampoTexto("Hasta", [leer(leer_fecha)])
    estampilla = SelectField("Estampilla", default="")
    canal = SelectField("Canal", default="")
    cuenta = SelectField("Cuenta", default="")
    entidad = SelectField("Entidad", default="", validate_choice=False)
    acto = SelectField("Acto", default="")
    por = SelectField("Agrupar por", default="")
    y = SelectField("Y también por", default="")

    def ofrecer(self, plan: PlanDeCuentas, nombres: Nombres, dimensiones: tuple[Dimension, ...]) -> None:
        """Fill the choices of the fields that are left."""
        ofertas = {
            "estampilla": [("", "Todas"), *nombres.estampillas.items(), *EN_ESPERA.items()],
            "canal": [("", "Todos"), *CANALES.items()],
            "cuenta": [("", "Todas"), *((c.codigo, c.nombre) for c in plan.cuentas)],
            "acto": [("", "Todos"), *((codigo, nombres.acto(codigo)) for codigo in nombres.actos)],
            "por": [(d.value, NOMBRES_DIMENSION[d]) for d in dimensiones],
            "y": [("", "Nada más"), *((d.value, NOMBRES_DIMENSION[d]) for d in dimensiones)],
        }
        for nombre, pares in ofertas.items():
            if nombre in self:
                self[nombre].choices = opciones(pares)
        if "entidad" in self:
            self.entidad.choices = opciones(_entidades(self.entidad.data or ""))

    def validate(self, extra_validators: Any = None) -> bool:
        bien: bool = super().validate(extra_validators)
        if bien and "desde" in self and self.desde.leido > self.hasta.leido:
            self.hasta.errors = ["La fecha final debe ser igual o posterior a la inicial."]
            bien = False
        if "entidad" in self and not _es_entidad(self.entidad.data or ""):
            self.entidad.errors = ["Esa entidad no existe. Elija una de la lista."]
            bien = False
        if "y" in self and self.y.data and self.y.data == self.por.data:
            self.y.errors = ["Elija otra agrupación: esa ya está."]
            bien = False
        return bien

    @property
    def dimensiones(self) -> tuple[Dimension, ...]:
        """What to group by, once it is valid."""
        pedidas = (self[nombre].data for nombre in ("por", "y") if nombre in self)
        return tuple(Dimension(d) for d in pedidas if d)

    def filtro(self) -> Filtro:
        """What was asked, once it is valid."""
        textos = ("estampilla", "canal", "cuenta", "entidad", "acto")
        return Filtro(
            self.desde.leido if "desde" in self else PRIMER_DIA,
            self.hasta.leido,
            **{nombre: self[nombre].data or "" for nombre in textos if nombre in self},
        )


class RenglonesForm(Formulario):
    """Which figure is opened: what its link says, checked again."""

    class Meta(Formulario.Meta):
        csrf = False

    desde = CampoTexto("Desde", [leer(leer_fecha)])
    hasta = CampoTexto("Hasta", [leer(leer_fecha)])

    def filtro(self, pedido: MultiDict[str, str]) -> Filtro:
        """The filter of the figure. Raises `DatoInvalido` for what no link of ours says."""
        textos = {n: pedido.get(n, "") for n in ("estampilla", "canal", "cuenta", "acto", "dinero")}
        entidad = pedido.get("entidad", "")
        if not all(_CODIGO.fullmatch(texto) for texto in textos.values()) or not _es_entidad(entidad):
            raise DatoInvalido("El enlace no es de una cifra de los reportes. Vuelva al reporte y ábrala desde allí.")
        if textos["canal"] and textos["canal"] not in CANALES or textos["dinero"] not in ("", "estampillas", "espera"):
            raise DatoInvalido("El enlace no es de una cifra de los reportes. Vuelva al reporte y ábrala desde allí.")
        return Filtro(self.desde.leido, self.hasta.leido, entidad=entidad, **textos)


def _es_entidad(codigo: str) -> bool:
    return codigo in ("", SIN_ENTIDAD) or entidad_de(codigo) is not None


def _entidades(elegida: str) -> list[tuple[str, str]]:
    pares = [(e.codigo, e.nombre) for e in entidades()[:_MAXIMO_ENTIDADES]]
    suya = entidad_de(elegida)
    if suya is not None and elegida not in {codigo for codigo, _ in pares}:
        pares = [(elegida if nombre == suya.nombre else codigo, nombre) for codigo, nombre in pares]
        if elegida not in {codigo for codigo, _ in pares}:
            pares.append((elegida, suya.nombre))
    return [("", "Todas"), (SIN_ENTIDAD, "Sin entidad (trámites)"), *pares]
