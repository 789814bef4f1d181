"""What watches the portal from outside: each figure is asked of the database when it is read, so any machine tells the same."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func, select

from portal.db import db
from portal.dominio.bitacora import Cadena
from portal.dominio.casos import ClaseCaso
from portal.dominio.estados import ESTADOS_VIVOS, EstadoPago
from portal.models import Bitacora, Caso, Correo, EstadoCorreo, EventoPago, Notificacion, Pago
from portal.models.pago import ClaseRecaudo
from portal.operaciones import comprobaciones, contadores, estampillas, labores, sellos

Valor = tuple[dict[str, str], float]
EDADES = (
    ("menos_de_15_min", timedelta(minutes=15)),
    ("menos_de_1_h", timedelta(hours=1)),
    ("menos_de_1_d", timedelta(days=1)),
)
MAS_VIEJO = "mas_de_1_d"
# Answers of the gateway that were written down and not believed.
_EN_CUARENTENA = ("referencia_distinta", ClaseRecaudo.VALOR_DISTINTO.value)


@dataclass(frozen=True)
class Metrica:
    """`nombre` as Prometheus knows it, `tipo` (gauge or counter), what it says, and how it is read at an instant."""

    nombre: str
    tipo: str
    dice: str
    leer: Callable[[datetime], Iterable[Valor]]


def escribir(ahora: datetime) -> str:
    """Every metric in Prometheus' text format."""
    lineas: list[str] = []
    for una in METRICAS:
        lineas += [f"# HELP {una.nombre} {una.dice}", f"# TYPE {una.nombre} {una.tipo}"]
        lineas += [f"{una.nombre}{_etiquetas(donde)} {valor:g}" for donde, valor in una.leer(ahora)]
    return "\n".join(lineas) + "\n"


def _etiquetas(donde: dict[str, str]) -> str:
    def limpia(valor: str) -> str:
        return valor.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")

    return "{" + ",".join(f'{clave}="{limpia(valor)}"' for clave, valor in donde.items()) + "}" if donde else ""


def _cuantos(consulta: Any) -> float:
    return float(db.session.scalar(consulta) or 0)


def _por(columna: Any, etiqueta: str, posibles: Iterable[Any], *condiciones: Any) -> Iterable[Valor]:
    """How many rows of each value, also of those that none has: a series that appears late raises no alert."""
    filas: dict[Any, int] = dict(
        db.session.execute(select(columna, func.count()).where(*condiciones).group_by(columna)).all()
    )
    return [({etiqueta: str(uno.value)}, float(filas.get(uno, 0))) for uno in posibles]


def _pagos(_ahora: datetime) -> Iterable[Valor]:
    return _por(Pago.estado, "estado", EstadoPago)


def _sin_resolver(ahora: datetime) -> Iterable[Valor]:
    edad = case(*((Pago.creado_en > ahora - limite, nombre) for nombre, limite in EDADES), else_=MAS_VIEJO)
    consulta = select(edad, func.count()).where(Pago.estado.in_(ESTADOS_VIVOS)).group_by(edad)
    filas: dict[str, int] = dict(db.session.execute(consulta).all())
    return [({"edad": nombre}, float(filas.get(nombre, 0))) for nombre in (*(n for n, _ in EDADES), MAS_VIEJO)]


def _mas_antiguo(ahora: datetime) -> Iterable[Valor]:
    return [({}, _segundos(db.session.scalar(_primero(Pago.creado_en, Pago.estado.in_(ESTADOS_VIVOS))), ahora))]


def _primero(columna: Any, *condiciones: Any) -> Any:
    return select(columna).where(*condiciones).order_by(columna).limit(1)


def _segundos(desde: datetime | None, ahora: datetime) -> float:
    return max(0.0, (ahora - desde).total_seconds()) if desde else 0.0


def _colas(_ahora: datetime) -> Iterable[Valor]:
    pendientes = {
        "correo": _cuantos(select(func.count()).where(Correo.estado == EstadoCorreo.PENDIENTE)),
        "avisos": _cuantos(select(func.count()).where(Notificacion.atendida_en.is_(None))),
        "sellos": float(sellos.por_sellar()[0]),
        "estampillas": float(len(estampillas.pendientes(_MAXIMO_EN_COLA, ultimos=_ULTIMOS))),
    }
    return [({"cola": nombre}, cuantos) for nombre, cuantos in pendientes.items()]


# Beyond it the figure says "at least so many", which is alarm enough.
_MAXIMO_EN_COLA = 1000
# What lacks its stamp was legalised lately: what is asked every minute must not read everything.
_ULTIMOS = 2000


def _correo_abandonado(_ahora: datetime) -> Iterable[Valor]:
    return [({}, _cuantos(select(func.count()).where(Correo.estado == EstadoCorreo.ABANDONADO)))]


def _casos(_ahora: datetime) -> Iterable[Valor]:
    return _por(Caso.clase, "clase", ClaseCaso, Caso.cerrado_en.is_(None))


def _casos_abiertos_desde(_ahora: datetime) -> Iterable[Valor]:
    return _por(Caso.clase, "clase", ClaseCaso)


def _diferencias(_ahora: datetime) -> Iterable[Valor]:
    abiertas = (Caso.clase == ClaseCaso.DIFERENCIA) & Caso.cerrado_en.is_(None)
    return [({}, _cuantos(select(func.count()).select_from(Caso).where(abiertas)))]


def _cuarentena(_ahora: datetime) -> Iterable[Valor]:
    return [({}, _cuantos(select(func.count()).where(EventoPago.hasta.in_(_EN_CUARENTENA))))]


def _repetidos(_ahora: datetime) -> Iterable[Valor]:
    return [({}, _cuantos(select(func.sum(Notificacion.veces - 1))))]


def _cadenas(_ahora: datetime) -> Iterable[Valor]:
    return [({"cadena": una.value}, float(comprobaciones.cabeza_de(una).filas)) for una in Cadena]


def _quiebres(_ahora: datetime) -> Iterable[Valor]:
    ultimas = comprobaciones.ultimas()
    return [({"cadena": una.value}, float(ultimas[una].quiebres if una in ultimas else 0)) for una in Cadena]


def _bitacora(_ahora: datetime) -> Iterable[Valor]:
    return [({}, _cuantos(select(func.max(Bitacora.id))))]


def _labores_hace(ahora: datetime) -> Iterable[Valor]:
    return [({"labor": t.nombre}, _segundos(t.terminada_en, ahora)) for t in labores.todas() if t.terminada_en]


def _labores_fallos(_ahora: datetime) -> Iterable[Valor]:
    return [({"labor": t.nombre}, float(t.fallos)) for t in labores.todas()]


def _labores_duracion(_ahora: datetime) -> Iterable[Valor]:
    return [({"labor": t.nombre}, t.milisegundos / 1000) for t in labores.todas()]


def _contador(nombre: str, *etiquetas: str, entre: int = 1) -> Callable[[datetime], Iterable[Valor]]:
    """What processes counted under `nombre`, whose label is one word for each of `etiquetas`."""

    def leer(_ahora: datetime) -> Iterable[Valor]:
        hallados = contadores.leer(nombre)
        if not etiquetas:
            return [({}, sum(v for _, v in hallados) / entre)]
        return [(dict(zip(etiquetas, e.split(" "), strict=False)), v / entre) for e, v in hallados]

    return leer


METRICAS: Sequence[Metrica] = (
    Metrica("portal_pagos", "gauge", "Intentos de pago, por estado.", _pagos),
    Metrica("portal_pagos_sin_resolver", "gauge", "Intentos sin respuesta definitiva, por edad.", _sin_resolver),
    Metrica("portal_pago_sin_resolver_segundos", "gauge", "Edad del intento más antiguo sin respuesta.", _mas_antiguo),
    Metrica("portal_cola", "gauge", "Lo que espera, por cola.", _colas),
    Metrica("portal_correo_abandonado", "gauge", "Avisos que se dejaron de intentar.", _correo_abandonado),
    Metrica("portal_casos_abiertos", "gauge", "Casos abiertos de tesorería, por clase.", _casos),
    Metrica("portal_casos_total", "counter", "Casos abiertos desde siempre, por clase.", _casos_abiertos_desde),
    Metrica("portal_cierre_diferencias", "gauge", "Diferencias del cierre diario sin explicación.", _diferencias),
    Metrica(
        "portal_respuestas_en_cuarentena_total", "counter", "Respuestas de la pasarela que no se creyeron.", _cuarentena
    ),
    Metrica("portal_avisos_repetidos_total", "counter", "Avisos de la pasarela que llegaron repetidos.", _repetidos),
    Metrica("portal_cadena_eslabones", "gauge", "Filas de cada cadena: el número de la última.", _cadenas),
    Metrica("portal_cadena_quiebres", "gauge", "Quiebres que halló la última revisión de cada cadena.", _quiebres),
    Metrica("portal_bitacora_anotaciones", "gauge", "El último número de la bitácora.", _bitacora),
    Metrica("portal_labor_hace_segundos", "gauge", "Desde que cada labor terminó bien.", _labores_hace),
    Metrica("portal_labor_fallos", "gauge", "Fallos de cada labor desde que terminó bien.", _labores_fallos),
    Metrica("portal_labor_segundos", "gauge", "Lo que tardó cada labor la última vez.", _labores_duracion),
    Metrica(
        "portal_peticiones_total",
        "counter",
        "Peticiones, por ruta y estado.",
        _contador("peticiones", "ruta", "estado"),
    ),
    Metrica(
        "portal_peticiones_segundos_total",
        "counter",
        "Tiempo de las peticiones, por ruta.",
        _contador("peticiones_ms", "ruta", entre=1000),
    ),
    Metrica(
        "portal_peticiones_lentas_total",
        "counter",
        "Peticiones de más de un segundo, por ruta.",
        _contador("lentas", "ruta"),
    ),
    Metrica(
        "portal_limites_alcanzados_total",
        "counter",
        "Peticiones que un límite detuvo, por ruta.",
        _contador("limites", "ruta"),
    ),
    Metrica("portal_pdf_total", "counter", "Archivos PDF servidos.", _contador("pdf")),
    Metrica(
        "portal_pdf_segundos_total",
        "counter",
        "Tiempo de las peticiones que dieron un PDF.",
        _contador("pdf_ms", entre=1000),
    ),
)
