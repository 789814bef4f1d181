"""The inventory of software (SBOM), CycloneDX 1.6: the same bytes from the same locks, so that a change shows.

Written from the locks and not from an environment: what is installed on one machine is not what every machine gets.
"""

import json
import tomllib
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from tests.suministro.candados import RAIZ, Paquete
from tests.suministro.licencias import licencia_de, tabla


def documento(produccion: Iterable[Paquete], pruebas: Iterable[Paquete]) -> str:
    """The JSON text. What only tests use is out of scope for whoever runs the portal, and says so."""
    propio = tomllib.loads((RAIZ / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    de_produccion = list(produccion)
    nombres = {p.nombre for p in de_produccion}
    componentes = [_componente(p, "required") for p in de_produccion]
    componentes += [_componente(p, "excluded") for p in pruebas if p.nombre not in nombres]
    componentes += [_ajeno(uno) for uno in tabla()["ajeno"]]
    datos = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": propio["name"],
                "name": propio["name"],
                "version": propio["version"],
                "description": propio["description"],
            }
        },
        "components": componentes,
    }
    return json.dumps(datos, indent=1, ensure_ascii=False) + "\n"


def _componente(paquete: Paquete, alcance: str) -> dict[str, Any]:
    uno = {
        "type": "library",
        "bom-ref": paquete.purl,
        "name": paquete.nombre,
        "version": paquete.version,
        "scope": alcance,
        "licenses": [{"license": {"name": licencia_de(paquete)}}],
        "purl": paquete.purl,
    }
    return uno | ({"properties": [{"name": "portal:marker", "value": paquete.donde}]} if paquete.donde else {})


def _ajeno(uno: dict[str, Any]) -> dict[str, Any]:
    huella = sha256((RAIZ / uno["archivo"]).read_bytes()).hexdigest()
    return {
        "type": "library",
        "bom-ref": uno["purl"],
        "name": uno["nombre"],
        "version": uno["version"],
        "scope": "required",
        "hashes": [{"alg": "SHA-256", "content": huella}],
        "licenses": [{"license": {"name": uno["licencia"]}}],
        "purl": uno["purl"],
        "properties": [{"name": "portal:file", "value": uno["archivo"]}],
    }
