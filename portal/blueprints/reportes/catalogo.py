"""The reports that there are: what each says, how it may be narrowed and grouped, and how it is made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from portal.blueprints.reportes import informes, informes_de_ley
from portal.blueprints.reportes.cuadro import Presentacion
from portal.blueprints.reportes.informes import Pedido
from portal.operaciones.reportes.filtros import Dimension
from portal.operaciones.reportes.liquidado import DIMENSIONES

_D = Dimension


@dataclass(frozen=True)
class Informe:
    """One report. `campos`: the filters that it has; `por`: its groupings, the first of `omision` unless the address says."""

    titulo: str
    frase: str
    campos: tuple[str, ...]
    presentar: Callable[[Pedido], Presentacion]
    por: tuple[Dimension, ...] = ()
    omision: Mapping[str, str] | None = None
    vacio: str = "En esas fechas no hay nada."


INFORMES: Mapping[str, Informe] = {
    "recaudo": Informe(
        "Recaudo",
        "Lo recaudado entre dos fechas según el libro, por estampilla, cuenta, canal, entidad, acto o mes.",
        ("desde", "hasta", "estampilla", "canal", "cuenta", "entidad", "acto", "por", "y"),
        informes.recaudo,
        (_D.ESTAMPILLA, _D.CUENTA, _D.CANAL, _D.ENTIDAD, _D.ACTO, _D.MES),
        {"por": "estampilla", "y": "canal"},
        "En esas fechas no se recaudó nada.",
    ),
    "liquidado": Informe(
        "Liquidado y cobrado",
        "Lo que se liquidó, lo que quedó sin efecto, lo que se ha cobrado y lo que falta, por estampilla o por mes.",
        ("desde", "hasta", "estampilla", "entidad", "acto", "por", "y"),
        informes.liquidado,
        DIMENSIONES,
        {"por": "estampilla", "y": ""},
        "En esas fechas no se liquidó nada.",
    ),
    "exenciones": Informe(
        "Exenciones",
        "Las estampillas que una regla dejó en $0, cuántas son y cuánto costó cada regla.",
        ("desde", "hasta", "estampilla", "entidad", "acto"),
        informes_de_ley.exenciones,
        vacio="En esas fechas ninguna regla dejó una estampilla en $0.",
    ),
    "topes": Informe(
        "Topes de emisión",
        "Cuánto autoriza la ley a emitir de cada estampilla, cuánto se ha recaudado y cuándo hay que avisar.",
        ("hasta",),
        informes_de_ley.topes,
        vacio="Ninguna estampilla de este departamento tiene un tope en nuestras fuentes.",
    ),
    "distribucion": Informe(
        "Distribución",
        "A qué destino va lo que recauda cada estampilla, según las normas.",
        ("desde", "hasta", "estampilla", "canal"),
        informes_de_ley.distribucion,
        vacio="En esas fechas no hay recaudo que repartir.",
    ),
}
