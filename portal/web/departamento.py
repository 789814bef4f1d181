"""Whose portal this is: names, contact and decisions of the installation's department, from its data file."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Flask, current_app

from portal.config import CARPETA_NORMATIVA, Ajustes


@dataclass(frozen=True)
class PlazosDevolucion:
    """The legal terms of a refund, each with its norm: years to ask since the payment, working days to decide since then."""

    anos_para_pedir: int
    norma_para_pedir: str
    dias_habiles_para_decidir: int
    norma_para_decidir: str


@dataclass(frozen=True)
class Departamento:
    """What screens and documents print about the authority. `dias_para_pagar` are calendar days from the issue.

    `sujeto_activo` is whose tax it is, as stamps say it; `norma_leyenda` is what orders their words.
    """

    codigo: str
    nombre: str
    gobernacion: str
    secretaria: str
    oficina: str
    nit: str
    correo: str
    telefono: str
    direccion: str
    horario: str
    dias_para_pagar: int
    provisional: bool
    sujeto_activo: str
    norma_leyenda: str
    devolucion: PlazosDevolucion
    # Colours of the light theme that are the department's own, by token of `temas.toml`.
    tema: Mapping[str, str]
    # Other lines and addresses of the foot: (name, value) and (text, address).
    lineas: Sequence[tuple[str, str]]
    enlaces: Sequence[tuple[str, str]]


def leer_departamento(codigo: str) -> Departamento:
    """Read `portal/normativa/<codigo>/departamento.toml`."""
    archivo = CARPETA_NORMATIVA / codigo / "departamento.toml"
    datos = tomllib.loads(archivo.read_text(encoding="utf-8"))
    correos = datos.get("correos", [])
    return Departamento(
        codigo=codigo,
        nombre=datos["nombre"],
        gobernacion=datos["gobernacion"],
        secretaria=datos["secretaria"],
        oficina=datos["oficina"],
        nit=datos.get("nit", ""),
        correo=correos[0] if correos else "",
        telefono=datos.get("telefono", ""),
        direccion=datos.get("direccion", ""),
        horario=datos.get("horario", ""),
        dias_para_pagar=datos["dias_para_pagar"],
        provisional=datos.get("provisional", False),
        sujeto_activo=datos.get("sujeto_activo", f"Departamento de {datos['nombre']}"),
        norma_leyenda=datos.get("leyenda", {}).get("norma", ""),
        devolucion=PlazosDevolucion(**datos["devolucion"]),
        tema=datos.get("tema", {}),
        lineas=tuple(datos.get("pie", {}).get("lineas", {}).items()),
        enlaces=tuple(datos.get("pie", {}).get("enlaces", {}).items()),
    )


def departamento_actual() -> Departamento:
    """The department of this installation."""
    departamento: Departamento = current_app.extensions["departamento"]
    return departamento


def ajustes_actuales() -> Ajustes:
    """The checked settings of this installation."""
    ajustes: Ajustes = current_app.extensions["ajustes"]
    return ajustes


def init_app(app: Flask) -> None:
    """Load the department once and show it, with the environment, to every template."""
    ajustes: Ajustes = app.extensions["ajustes"]
    departamento = leer_departamento(ajustes.departamento)
    app.extensions["departamento"] = departamento
    app.jinja_env.globals.update(departamento=departamento, es_demostracion=ajustes.es_demostracion)
