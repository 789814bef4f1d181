"""The figure whose rows are opened: what its address says, and how its rows are called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from portal.blueprints.reportes.catalogo import INFORMES
from portal.blueprints.reportes.forms import EN_ESPERA, RenglonesForm
from portal.blueprints.reportes.informes import TITULOS_LIQUIDADO, TITULOS_RECAUDO
from portal.documentos.libro import Hoja
from portal.dominio.dispersion import PlanDeCuentas
from portal.dominio.errores import DatoInvalido
from portal.dominio.estados import PUBLICO
from portal.dominio.palabras import nombre_de
from portal.dominio.palabras_tesoreria import ASIENTOS, CANALES
from portal.operaciones.reportes.filtros import Dinero, Filtro, entidad_de
from portal.operaciones.reportes.renglones import (
    COLUMNAS_DE_EXENCIONES,
    COLUMNAS_DE_FACTURAS,
    COLUMNAS_DE_LO_COBRADO,
    COLUMNAS_DEL_LIBRO,
    Cuales,
    Fila,
    Listado,
)
from portal.operaciones.simulaciones import Nombres

_COLUMNAS: Mapping[str, tuple[str, ...]] = {
    "recaudo": COLUMNAS_DEL_LIBRO,
    "liquidado": (*COLUMNAS_DE_FACTURAS, *COLUMNAS_DE_LO_COBRADO),
    "exenciones": COLUMNAS_DE_EXENCIONES,
}
_TITULOS: Mapping[str, str] = {
    columna: titulo.lower() for columna, titulo in (*TITULOS_RECAUDO.items(), *TITULOS_LIQUIDADO.items())
} | {"costo": "costo", "base": "base", "sin_costo": "sin costo conocido"}
_ESTADOS: Mapping[str, str] = {estado.value: palabra for estado, palabra in PUBLICO.items()}
_MAXIMO_REGLA = 500
# All that the address of a figure may say.
DATOS_DE_UNA_FIGURA = ("de", "columna", "regla", "destino", *Filtro.__dataclass_fields__)


@dataclass(frozen=True)
class Figura:
    """A figure of a report: the rows behind it, its column in words, and the destination that it is for, if any."""

    cuales: Cuales
    titulo: str
    informe: str
    destino: str = ""

    @property
    def del_libro(self) -> bool:
        """Whether its rows are asientos; else they are facturas."""
        return self.cuales.columna in (*COLUMNAS_DEL_LIBRO, *COLUMNAS_DE_LO_COBRADO)

    @property
    def de_exenciones(self) -> bool:
        return self.cuales.columna in COLUMNAS_DE_EXENCIONES

    @property
    def rotulo_de_clase(self) -> str:
        return "Clase" if self.del_libro else "Razón" if self.de_exenciones else "Estado"

    @property
    def rotulo_de_valor(self) -> str:
        return "Costo" if self.cuales.columna in ("costo", "sin_costo") else "Base" if self.de_exenciones else "Valor"

    def que_es(self, fila: Fila) -> str:
        """What a row is: the kind of its asiento, the state of its factura, or why it is exempt."""
        if self.de_exenciones:
            return fila.motivo
        return nombre_de(ASIENTOS if self.del_libro else _ESTADOS, fila.clase)

    def canal(self, fila: Fila) -> str:
        return nombre_de(CANALES, fila.canal) if fila.canal else ""

    def estampilla(self, fila: Fila, nombres: Nombres) -> str:
        return EN_ESPERA.get(fila.que) or nombres.estampilla(fila.que)


def leer_figura(form: RenglonesForm, pedido: MultiDict[str, str]) -> Figura:
    """What the address of a figure says. Raises `DatoInvalido` for a figure that no report has."""
    reporte, columna = pedido.get("de", ""), pedido.get("columna", "")
    if columna not in _COLUMNAS.get(reporte, ()):
        raise DatoInvalido("El enlace no es de una cifra de los reportes. Vuelva al reporte y ábrala desde allí.")
    cuales = Cuales(reporte, columna, form.filtro(pedido), pedido.get("regla", "")[:_MAXIMO_REGLA])
    informe = INFORMES[reporte].titulo
    return Figura(cuales, f"{informe}: {_TITULOS[columna]}", informe, pedido.get("destino", "")[:60])


def filtros_en_palabras(filtro: Filtro, nombres: Nombres, plan: PlanDeCuentas) -> str:
    """`Estampilla: Cultura. Canal: PSE.`: what narrows the rows besides their days."""
    cuenta = plan.por_codigo(filtro.cuenta)
    entidad = entidad_de(filtro.entidad)
    dichos = {
        "Estampilla": filtro.estampilla and (EN_ESPERA.get(filtro.estampilla) or nombres.estampilla(filtro.estampilla)),
        "Cuenta": cuenta.nombre if cuenta else filtro.cuenta,
        "Canal": filtro.canal and nombre_de(CANALES, filtro.canal),
        "Entidad": entidad.nombre if entidad else filtro.entidad,
        "Acto": filtro.acto and nombres.acto(filtro.acto),
        "Dinero": "en espera" if filtro.dinero == Dinero.ESPERA else "",
    }
    return " ".join(f"{que}: {dicho}." for que, dicho in dichos.items() if dicho)


def hoja_de_renglones(figura: Figura, listado: Listado, nombres: Nombres, notas: Sequence[str]) -> Hoja:
    """The rows as a sheet; a row whose pesos nobody can tell has none."""
    columnas = ("Fecha", "Asiento", "Factura", "Estampilla", "Acto", "Entidad", "Canal", "Clase", "Valor")
    filas = [
        (
            f.dia,
            f.asiento or None,
            f.factura or None,
            figura.estampilla(f, nombres),
            f.acto,
            f.entidad,
            figura.canal(f),
            figura.que_es(f),
            f.valor,
        )
        for f in listado.filas
    ]
    filtro = figura.cuales.filtro
    dias = f"{figura.titulo}, del {filtro.desde} al {filtro.hasta}."
    return Hoja("Renglones", columnas, filas, [dias, *filter(None, notas)])
