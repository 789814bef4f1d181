"""When two contracts are the same: the one of a row and one that has a liquidación, whatever file or form brought each."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.models import Agente, Liquidacion
from portal.models.liquidacion import TipoLiquidacion
from portal.operaciones.encargos import Encargo

# vigencia, document of the contractor, number of the contract.
Numerado = tuple[int, str, str]
# The same and whose it is (`Contrato.entidad`): what the unique index over those in force says.
Contrato = tuple[*Numerado, int]


@dataclass(frozen=True)
class Liquidado:
    """A liquidación in force and what it says, by the keys of the columns."""

    id: int
    numero: int
    codigo: str
    contenido: Mapping[str, Any]


@dataclass(frozen=True)
class Antecedentes:
    """What the department knows about some contracts: the liquidación in force of each, and how many were voided.

    Those that were voided are counted over every entity: a number that only grows never gives a key out twice.
    """

    vigentes: Mapping[Contrato, Liquidado]
    sin_efecto: Mapping[Numerado, int]


def agentes_por_nit(departamento: str) -> Mapping[str, int]:
    """NIT → id of every collecting agent: whose the contract of a row is."""
    return dict(db.session.execute(select(Agente.nit, Agente.id).where(Agente.departamento == departamento)).all())


def contrato_de(encargo: Encargo) -> Contrato:
    """Which contract an encargo is about, its entity known."""
    fecha, numero = encargo.asunto.fecha_contrato, encargo.numero_contrato
    assert fecha is not None, "a contract has its date"
    assert numero is not None, "a contract has its number"
    assert encargo.entidad is not None, "a row says who contracts"
    return fecha.year, encargo.contribuyente.documento, numero, encargo.entidad


def contenido_de(encargo: Encargo) -> dict[str, Any]:
    """Everything that an encargo says, by the keys of the columns, in values that JSON holds."""
    asunto, quien = encargo.asunto, encargo.contribuyente
    acto, *otros = asunto.actos
    propio = {
        "acto": acto,
        "otros_actos": sorted(otros),
        "variante": asunto.variantes.get(acto, ""),
        "valor": None if asunto.valor is None else f"{asunto.valor:.2f}",
        "fecha_contrato": asunto.fecha_contrato.isoformat() if asunto.fecha_contrato else "",
        "tipo_contrato": asunto.tipo_contrato,
        "numero_contrato": encargo.numero_contrato,
        "numero_proceso": encargo.numero_proceso,
        "contratante": encargo.contratante,
        "contratante_nit": encargo.contratante_nit,
        "objeto": encargo.objeto,
    }
    return {**vars(quien), "clase": quien.clase.value, **propio, **_hechos(asunto.hechos)}


def clave_de(departamento: str, encargo: Encargo, intento: int) -> str:
    """The idempotency key of a row: its content, not its file. `intento` tells apart a contract that was voided before."""
    contenido = json.dumps([departamento, contenido_de(encargo)], sort_keys=True, ensure_ascii=False)
    return f"lote-{hashlib.sha256(contenido.encode()).hexdigest()[:48]}-{intento}"


def antecedentes(departamento: str, encargos: Iterable[Encargo], agentes: Mapping[str, int]) -> Antecedentes:
    """What is known about the contracts of some encargos, in one query however many they are."""
    buscados = {contrato_de(encargo) for encargo in encargos}
    vigentes: dict[Contrato, Liquidado] = {}
    sin_efecto: Counter[Numerado] = Counter()
    consulta = select(Liquidacion).where(
        Liquidacion.departamento == departamento,
        Liquidacion.tipo == TipoLiquidacion.CONTRATO,
        Liquidacion.vigencia.in_({vigencia for vigencia, _, _, _ in buscados}),
        Liquidacion.documento.in_({documento for _, documento, _, _ in buscados}),
        Liquidacion.adicion == 0,
    )
    for una in db.session.scalars(consulta):
        if not una.vigente:
            sin_efecto[una.vigencia, una.documento, una.numero_contrato or ""] += 1
            continue
        for contrato in _contratos_de(una, agentes):
            if contrato in buscados:
                vigentes[contrato] = Liquidado(una.id, una.numero, una.codigo, _contenido_guardado(una))
    return Antecedentes(vigentes, sin_efecto)


def _contratos_de(una: Liquidacion, agentes: Mapping[str, int]) -> Iterator[Contrato]:
    """The contract of a liquidación; also as its entity's, when that was registered as an agent afterwards."""
    propia = (una.vigencia, una.documento, una.numero_contrato or "")
    yield *propia, una.entidad
    if una.entidad == 0 and una.contratante_nit in agentes:
        yield *propia, agentes[una.contratante_nit]


def _contenido_guardado(una: Liquidacion) -> dict[str, Any]:
    """The same as `contenido_de`, from what a liquidación stores."""
    # What the earlier system assessed was asked nothing here: no act of a file is the same.
    acto, *otros = una.solicitud.get("actos") or ("",)
    hechos = dict(una.solicitud.get("hechos", {}))
    tipo_contrato = hechos.pop("contrato.tipo", "")
    hechos.pop("contratista.clase", None)
    iguales = ("tipo_documento", "documento", "nombre", "direccion", "telefono", "correo", "numero_contrato")
    contrato = ("numero_proceso", "contratante", "contratante_nit", "objeto")
    propio = {
        "clase": una.clase.value,
        "acto": acto,
        "otros_actos": sorted(otros),
        "variante": una.solicitud.get("variantes", {}).get(acto, ""),
        "valor": None if una.valor_acto is None else f"{una.valor_acto:.2f}",
        "fecha_contrato": una.fecha_contrato.isoformat() if una.fecha_contrato else "",
        "tipo_contrato": tipo_contrato,
    }
    return {**{campo: getattr(una, campo) for campo in (*iguales, *contrato)}, **propio, **_hechos(hechos)}


def _hechos(hechos: Mapping[str, Any]) -> dict[str, Any]:
    return {f"hechos.{clave}": sorted(v) if isinstance(v, list | tuple) else v for clave, v in hechos.items()}
