"""Folders of the earlier system for tests: the example of the documents, changed cell by cell, and many made-up documents.

The totals of the control are added up here, over the cells, by nothing of the portal.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from portal.db import db, transaccion
from portal.models import Usuario
from portal.operaciones.firmas import Firma
from portal.operaciones.migracion import importacion
from portal.operaciones.migracion.plan import Plan, planear
from tests.fabricas import AHORA, HOY

EJEMPLO = Path(__file__).resolve().parents[1] / "docs/traslado"
Filas = list[dict[str, str]]


def leida(carpeta: Path = EJEMPLO) -> dict[str, Filas]:
    """The rows of a folder, file by file, with their cells as they are written."""
    return {
        a.name: list(csv.DictReader(io.StringIO(a.read_text(encoding="utf-8")), delimiter=";"))
        for a in sorted(carpeta.glob("*.csv"))
    }


def escrita(filas: dict[str, Filas], *, separador: str = ";", letras: str = "utf-8") -> dict[str, bytes]:
    """The bytes of every file."""
    return {nombre: _csv(suyas, separador).encode(letras) for nombre, suyas in filas.items()}


def _csv(filas: Filas, separador: str) -> str:
    salida = io.StringIO(newline="")
    escritor = csv.DictWriter(salida, list(filas[0]), delimiter=separador)
    escritor.writeheader()
    escritor.writerows(filas)
    return salida.getvalue()


def con(cambios: dict[tuple[str, int, str], str]) -> dict[str, bytes]:
    """The example with some cells changed: `(file, row as the spreadsheet counts, column)`."""
    filas = leida()
    for (archivo, fila, columna), valor in cambios.items():
        filas[archivo][fila - 2][columna] = valor
    return escrita(filas)


def cuadrada(filas: dict[str, Filas], corte: str = "2025-12-31") -> dict[str, Filas]:
    """The same rows with the control that they come to."""
    sumas: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    vigencias = {f["numero"]: f["vigencia"] for f in filas["liquidaciones.csv"]}
    renglones = [(("liquidaciones", ""), f["total"]) for f in filas["liquidaciones.csv"]]
    for f in filas["facturas.csv"]:
        estado = f["estado"].capitalize()
        claves = (("estado", estado), ("estampilla", f["estampilla"]), ("vigencia", vigencias[f["liquidacion"]]))
        renglones += [(clave, f["valor"]) for clave in claves]
    renglones += [(("dia", f["pagado_el"][:10]), f["valor"]) for f in filas["pagos.csv"]]
    for clave, valor in renglones:
        sumas[clave][0] += 1
        sumas[clave][1] += int(valor)
    control = [{"concepto": "corte", "clave": corte, "cuantas": "", "valor": ""}]
    control += [
        {"concepto": nombre, "clave": "", "cuantas": str(len(filas[f"{nombre}.csv"])), "valor": ""}
        for nombre in ("usuarios", "contribuyentes")
    ]
    control += [
        {"concepto": c, "clave": k, "cuantas": str(n), "valor": str(v)} for (c, k), (n, v) in sorted(sumas.items())
    ]
    return {**filas, "control.csv": control}


def muchas(cuantas: int, *, desde: int = 1) -> dict[str, Filas]:
    """So many liquidaciones of two facturas, of every state, from the number `desde` on; their facturas are 10 times theirs."""
    ejemplo = leida()
    filas: dict[str, Filas] = {nombre: [] for nombre in ejemplo}
    filas["usuarios.csv"] = ejemplo["usuarios.csv"]
    vacia = {nombre: dict.fromkeys(suyas[0], "") for nombre, suyas in ejemplo.items()}
    for numero in range(desde, desde + cuantas):
        persona = {"tipo_documento": "CC", "documento": str(1_100_000_000 + numero)}
        datos = {"nombre": f"CONTRIBUYENTE DE EJEMPLO {numero}", "clase": "natural"}
        filas["contribuyentes.csv"].append(vacia["contribuyentes.csv"] | persona | datos)
        filas["liquidaciones.csv"].append(vacia["liquidaciones.csv"] | _liquidacion(numero, persona))
        for orden in (0, 1):
            filas["facturas.csv"].append(vacia["facturas.csv"] | _factura(numero, orden))
            if numero % 5 < 3:
                filas["pagos.csv"].append(vacia["pagos.csv"] | _pago(numero, orden))
    return filas


def _liquidacion(numero: int, persona: dict[str, str]) -> dict[str, str]:
    dia = f"2025-{1 + numero % 9:02d}-{1 + numero % 28:02d}"
    suya = {
        **{"numero": str(numero), "tipo": "tramite", "vigencia": "2025", "concepto": "Certificado de ejemplo"},
        **{"total": str(3000 + 2 * numero), "emitida_el": dia, "fecha_limite": "2026-12-31"},
        **persona,
    }
    if numero % 10 == 7:
        contrato = {"tipo": "contrato", "numero_contrato": str(numero), "contratante": "ENTIDAD DE EJEMPLO"}
        suya |= contrato | {"fecha_contrato": "2025-01-02", "valor_acto": str(10**6 + numero)}
    if numero % 5 == 4:
        suya |= {"sin_efecto_el": f"{dia} 23:10", "motivo_sin_efecto": "Error de ejemplo"}
    return suya


def _factura(numero: int, orden: int) -> dict[str, str]:
    estado = ("Legalizado", "Legalizado", "Utilizada", "Liquidado", "Sin efecto")[numero % 5]
    una = {
        **{"numero": str(10 * numero + orden), "liquidacion": str(numero), "estado": estado},
        **{"estampilla": ("CULTURA", "ADULTO_MAYOR")[orden], "valor": str((1000, 2000)[orden] + numero)},
    }
    if estado == "Utilizada":
        una |= {"usada_el": "2025-12-01 08:00", "usada_por": "funcionario.anterior@ejemplo.test"}
        una |= {"dependencia": "Oficina de ejemplo", "acto_numero": f"ACTA-{numero}", "acto_fecha": "2025-12-01"}
    return una


def _pago(numero: int, orden: int) -> dict[str, str]:
    return {
        **{"referencia": f"ANT-{numero}", "factura": str(10 * numero + orden)},
        **{"valor": str((1000, 2000)[orden] + numero), "pagado_el": f"2025-10-{1 + numero % 28:02d} 10:00"},
    }


def administrador(correo: str = "administrador@demo.portal.test") -> Usuario:
    """An administrator, made once."""
    with transaccion():
        cuenta = db.session.query(Usuario).filter_by(correo=correo).first()
        if cuenta is None:
            cuenta = Usuario(
                correo=correo, nombre="Administrador", rol="administrador", clave_hash="x", creado_en=AHORA
            )
            db.session.add(cuenta)
    return cuenta


def ensayar(contenidos: dict[str, bytes]) -> Plan:
    return planear(contenidos, departamento="putumayo", hoy=HOY)


def traer(
    contenidos: dict[str, bytes],
    quien: Any,
    *,
    ahora: datetime = AHORA,
    facturas: int = 500,
    abierta: Callable[[], object] = lambda: None,
) -> int:
    """Bring a folder as the command does; returns how many liquidaciones this run wrote. `abierta`: before it writes any."""

    def firma() -> Firma:
        return Firma(db.session.get_one(Usuario, quien), ahora)

    leida = ensayar(contenidos)
    with transaccion():
        una, plan = importacion.abrir(leida, firma=firma())
        migracion_id = una.id
    db.session.rollback()
    abierta()
    if plan.termino:
        return 0
    escritas = 0
    for tramo in importacion.tramos_de(plan, facturas=facturas):
        with transaccion():
            escritas += importacion.escribir_tramo(migracion_id, tramo, plan, firma=firma())
    with transaccion():
        importacion.terminar(migracion_id, plan, firma=firma())
    return escritas
