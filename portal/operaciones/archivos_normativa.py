"""Read the shipped rules, `portal/normativa/`, as rows with the columns of the tables. docs/normativa.md has the schema.

What the files hold for people only (notes, doubts, duties, quotations of what was observed) stays in the files.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from portal.config import CARPETA_NORMATIVA, departamentos
from portal.dominio.catalogo import CLASES_DE_FILA, construir
from portal.dominio.normativa import Normativa

CARPETA = CARPETA_NORMATIVA
NACIONAL = ""
Filas = dict[str, list[dict[str, Any]]]
_DETALLE_ACTO = (
    "alias",
    "numero",
    "movimientos",
    "base_si_movimiento",
    "base_menos",
    "estampillas_propias",
    "desplaza",
    "concurre_con",
    "con_valor_usar",
    "recaudo",
    "cantidad_editable",
)
_DETALLE_REGLA = ("alias", "requiere_reconocimiento", "plazo_maximo_anos", "requiere_certificado", "vence_con")


def leer_filas(carpeta: Path = CARPETA) -> Filas:
    """Every row of every department and the yearly indicators. Raises `KeyError` or `tomllib.TOMLDecodeError` on a bad file."""
    filas: Filas = {clase: [] for clase in CLASES_DE_FILA}
    for crudo, origen in _bloques(carpeta / "indicadores.toml", "indicador"):
        filas["indicador"].append(_indicador(crudo, origen))
    for crudo, origen in _bloques(carpeta / "indicadores.toml", "valor"):
        departamento = next(i["departamento"] for i in filas["indicador"] if i["codigo"] == crudo["indicador"])
        filas["valor_indicador"].append(_valor(crudo, departamento, origen))
    for departamento in departamentos(carpeta):
        _leer_departamento(carpeta, departamento, filas)
    return filas


def normativa_de_archivos(departamento: str, carpeta: Path = CARPETA) -> Normativa:
    """The rules of a department as they ship, without a database. Raises `KeyError` on a bad file."""
    propias = (departamento, NACIONAL)
    filas = {clase: [f for f in filas if f["departamento"] in propias] for clase, filas in leer_filas(carpeta).items()}
    return construir(departamento, filas)


def _leer_departamento(carpeta: Path, departamento: str, filas: Filas) -> None:
    propia = carpeta / departamento
    bases = tomllib.loads((propia / "actos.toml").read_text(encoding="utf-8")).get("bases", {})
    for orden, (crudo, origen) in enumerate(_bloques(propia / "actos.toml", "acto")):
        filas["acto"].append(_acto(crudo, departamento, orden, bases, origen))
    for archivo in sorted((propia / "estampillas").glob("*.toml")):
        for crudo, origen in _bloques(archivo, "estampilla"):
            filas["estampilla"].append(_estampilla(crudo, departamento, origen))
            estampilla = crudo["codigo"]
        for crudo, origen in _bloques(archivo, "tarifa"):
            filas["tarifa"].append(fila_de_tarifa(crudo, departamento, estampilla, origen))
    for crudo, origen in _bloques(propia / "redondeos.toml", "redondeo"):
        filas["redondeo"].append(_redondeo(crudo, departamento, origen))
    reglas = [*_bloques(propia / "exclusiones.toml", "regla"), *_bloques(propia / "exenciones.toml", "regla")]
    for orden, (crudo, origen) in enumerate(reglas):
        filas["regla"].append(_regla(crudo, departamento, orden, origen))
    for crudo, origen in _bloques(propia / "fuentes.toml", "fuente"):
        filas["fuente"].append(_fuente(crudo, departamento, origen))
    for orden, (crudo, origen) in enumerate(_bloques(propia / "reparto.toml", "reparto")):
        filas["reparto"].append(_reparto(crudo, departamento, orden, origen))
    hechos = [*_bloques(carpeta / "hechos.toml", "hecho"), *_bloques(propia / "hechos.toml", "hecho")]
    for orden, (crudo, origen) in enumerate(hechos):
        filas["hecho"].append(_hecho(crudo, departamento, orden, origen))


def _bloques(archivo: Path, nombre: str) -> Iterator[tuple[dict[str, Any], str]]:
    """The `[nombre]` or `[[nombre]]` of a file with the file's name, relative to the rules; none when there is no file."""
    if not archivo.exists():
        return
    bloques = tomllib.loads(archivo.read_text(encoding="utf-8")).get(nombre, [])
    carpetas = 3 if archivo.parent.name == "estampillas" else 2
    origen = "/".join(archivo.parts[-carpetas:])
    for bloque in bloques if isinstance(bloques, list) else [bloques]:
        yield bloque, origen


def _indicador(crudo: dict[str, Any], origen: str) -> dict[str, Any]:
    return {
        "departamento": crudo.get("departamento", NACIONAL),
        "codigo": crudo["codigo"],
        "nombre": crudo["nombre"],
        "publicado": crudo["publicado"],
        "ano_completo": crudo.get("ano_completo", True),
        "formula": crudo.get("formula", {}),
        "origen": origen,
    }


def _valor(crudo: dict[str, Any], departamento: str, origen: str) -> dict[str, Any]:
    return {
        "departamento": departamento,
        "codigo": crudo["indicador"],
        "valor": crudo["valor"],
        "acto": crudo["acto"],
        "acto_fecha": crudo.get("acto_fecha"),
        "comprobacion": crudo.get("comprobacion", ""),
        **_fechas(crudo),
        "origen": origen,
    }


def _estampilla(crudo: dict[str, Any], departamento: str, origen: str) -> dict[str, Any]:
    return {
        "departamento": departamento,
        "codigo": crudo["codigo"],
        "nombre": crudo["nombre"],
        "orden": crudo["orden"],
        "sigue_a": crudo.get("sigue_a", ""),
        "tope_porcentaje": crudo.get("tope_porcentaje", ""),
        "fuentes": crudo.get("fuentes", []),
        **_cita(crudo, origen),
    }


def _acto(crudo: dict[str, Any], departamento: str, orden: int, bases: dict[str, str], origen: str) -> dict[str, Any]:
    base = crudo.get("base", "")
    return {
        "departamento": departamento,
        "codigo": crudo["codigo"],
        "nombre": crudo["nombre"],
        "clase": crudo["clase"],
        "documento": crudo["documento"],
        "grupo": crudo["grupo"],
        "orden": orden,
        "base": base,
        "base_nombre": bases[base] if base else "",
        "activo": crudo.get("activo", True),
        "cita": crudo["cita"],
        "detalle": {clave: crudo[clave] for clave in _DETALLE_ACTO if clave in crudo},
        **_fechas(crudo),
        "origen": origen,
    }


def fila_de_tarifa(crudo: dict[str, Any], departamento: str, estampilla: str, origen: str) -> dict[str, Any]:
    """The row of one tariff, from the keys of its file; those that are missing take the common case."""
    clase = crudo["clase"] if crudo["acto"].startswith("*") else ""
    partes = (estampilla, clase, crudo["acto"], crudo.get("variante", ""))
    return {
        "departamento": departamento,
        "codigo": "/".join(parte for parte in partes if parte),
        "estampilla": estampilla,
        "acto": crudo["acto"],
        "clase": crudo["clase"],
        "tipo": crudo["tipo"],
        # A scale has the rates; the row itself none.
        "valor": "0" if "escala" in crudo else crudo["valor"],
        "variante": crudo.get("variante", ""),
        "variante_sugerida": crudo.get("variante_sugerida", False),
        "indicador": crudo.get("indicador", ""),
        "redondeo": crudo["redondeo"],
        "redondeo_inferido": crudo.get("redondeo_inferido", False),
        "provisional": crudo.get("provisional", False),
        "excepto_grupos": crudo.get("excepto_grupos", []),
        "sobre": crudo.get("sobre", ""),
        **{clave: crudo.get(clave, {}) for clave in ("escala", "minimo", "tope")},
        **_cita(crudo, origen),
    }


def _redondeo(crudo: dict[str, Any], departamento: str, origen: str) -> dict[str, Any]:
    return {
        "departamento": departamento,
        "codigo": crudo["codigo"],
        "nombre": crudo["nombre"],
        "modo": crudo["modo"],
        "tramos": crudo["tramos"],
        **_cita(crudo, origen),
    }


def _regla(crudo: dict[str, Any], departamento: str, orden: int, origen: str) -> dict[str, Any]:
    return {
        "departamento": departamento,
        "codigo": crudo["codigo"],
        "clase": crudo["clase"],
        "nombre": crudo["nombre"],
        "texto": crudo["texto"],
        "orden": orden,
        "alcance": {c: crudo[c] for c in ("estampillas", "actos", "excepto_actos", "grupos") if c in crudo},
        "cuando": crudo["cuando"],
        "efecto": crudo["efecto"],
        "plazo": crudo.get("plazo", {}),
        "activa": crudo.get("activa", True),
        "confirma_funcionario": crudo.get("confirma_funcionario", False),
        "detalle": {clave: crudo[clave] for clave in _DETALLE_REGLA if clave in crudo},
        **_cita(crudo, origen),
    }


def _fuente(crudo: dict[str, Any], departamento: str, origen: str) -> dict[str, Any]:
    return {
        "departamento": departamento,
        "codigo": crudo["codigo"],
        "norma": crudo["norma"],
        "articulos": crudo.get("articulos", ""),
        "origen": origen,
    }


def _reparto(crudo: dict[str, Any], departamento: str, orden: int, origen: str) -> dict[str, Any]:
    return {
        "departamento": departamento,
        "codigo": crudo["codigo"],
        "destino": crudo["destino"],
        "porcentaje": crudo["porcentaje"],
        "estampillas": crudo["estampillas"],
        "orden": orden,
        **_cita(crudo, origen),
    }


def _hecho(crudo: dict[str, Any], departamento: str, orden: int, origen: str) -> dict[str, Any]:
    nombres = crudo.get("nombres", {})
    return {
        "departamento": departamento,
        "codigo": crudo["clave"],
        "tipo": crudo["tipo"],
        "nombre": crudo.get("nombre", ""),
        "descripcion": crudo["descripcion"],
        "valores": [{"codigo": v, "nombre": nombres.get(v, "")} for v in crudo.get("valores", [])],
        "orden": orden,
        "origen": origen,
    }


def _fechas(crudo: dict[str, Any]) -> dict[str, Any]:
    return {"desde": crudo["desde"], "hasta": crudo.get("hasta")}


def _cita(crudo: dict[str, Any], origen: str) -> dict[str, Any]:
    return {"norma": crudo["norma"], "articulo": crudo["articulo"], **_fechas(crudo), "origen": origen}
