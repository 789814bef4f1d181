"""How long a draft takes to run over 100.000 assessments, with one process and with two. `make bench-simulacion`.

A scratch SQLite database gets made-up assessments of Cundinamarca's 2026 (six trámites for every four contracts, a third
of these with the 1.200 UVT that professional services exclude) and a draft of UVT 2027, which changes most of their stamps.
"""

import argparse
import os
import random
import resource
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from time import perf_counter

from flask_migrate import upgrade
from sqlalchemy import insert

from portal.app import create_app
from portal.config import leer_ajustes
from portal.db import db, transaccion
from portal.models import Liquidacion, Simulacion, Usuario
from portal.models.liquidacion import ClaseContribuyente, TipoLiquidacion
from portal.models.usuario import Rol
from portal.operaciones import normativa, propuestas, simulaciones, tramos

DEPARTAMENTO = "cundinamarca"
AHORA = datetime(2026, 12, 31, 15, 0, tzinfo=UTC)
TRAMITES = ("SC-01", "SC-02", "SC-16", "SC-20", "SC-35")
CONTRATOS = ("suministro", "obra", "prestacion_servicios_profesionales")
LOTE = 5_000


def main() -> None:
    """Generate, run with one process, run again with two, and print what each took."""
    lector = argparse.ArgumentParser(description=__doc__)
    lector.add_argument("--liquidaciones", type=int, default=100_000)
    lector.add_argument("--procesos", type=int, nargs="*", default=[1, 2])
    argumentos = lector.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-simulacion-") as carpeta:
        entorno = {"DATABASE_URL": f"sqlite:///{carpeta}/portal.sqlite", "PORTAL_DEPARTAMENTO": DEPARTAMENTO}
        app = create_app(leer_ajustes(entorno, instancia=Path(carpeta)))
        with app.app_context():
            upgrade()
            numero = _preparar(argumentos.liquidaciones)
            print(f"{argumentos.liquidaciones} liquidaciones, {os.cpu_count()} núcleos")
            for procesos in argumentos.procesos:
                _medir(numero, procesos)


def _preparar(cuantas: int) -> int:
    with transaccion():
        normativa.cargar()
        autora = Usuario(
            correo="a@banco.test", nombre="Banco de pruebas", rol=Rol.ADMINISTRADOR, clave_hash="x", creado_en=AHORA
        )
        db.session.add(autora)
        db.session.flush()
        uvt = propuestas.indicador_de(DEPARTAMENTO, "UVT")
        datos = propuestas.Datos(date(2027, 1, 1), date(2027, 12, 31), Decimal(55_000))
        una = propuestas.proponer(uvt, datos, usuario=autora, ahora=AHORA, hoy=AHORA.date())
        numero, quien = una.id, autora.id
    azar = random.Random(2027)
    for primera in range(0, cuantas, LOTE):
        with transaccion():
            filas = list(_liquidaciones(azar, range(primera, min(primera + LOTE, cuantas)), quien))
            db.session.execute(insert(Liquidacion), filas)
    return numero


def _liquidaciones(azar: random.Random, numeros: range, quien: int) -> Iterator[dict[str, object]]:
    for i in numeros:
        dia = date(2026, 1, 1) + timedelta(days=azar.randrange(365))
        es_contrato = azar.random() < 0.4
        clase = azar.choice((ClaseContribuyente.NATURAL, ClaseContribuyente.JURIDICA))
        hechos = {"contratista.clase": clase.value, "contrato.tipo": azar.choice(CONTRATOS)} if es_contrato else {}
        acto = "CC-2" if es_contrato else azar.choice(TRAMITES)
        yield {
            "codigo": f"banco-{i}",
            "numero": i + 1,
            "clave_formulario": f"banco-{i}",
            "departamento": DEPARTAMENTO,
            "tipo": TipoLiquidacion.CONTRATO if es_contrato else TipoLiquidacion.TRAMITE,
            "vigencia": 2026,
            "tipo_documento": "NIT" if clase is ClaseContribuyente.JURIDICA else "CC",
            "documento": str(900_000_000 + i),
            "nombre": "Contribuyente de prueba",
            "clase": clase,
            "acto_nombre": acto,
            "numero_contrato": str(i) if es_contrato else None,
            "valor_acto": Decimal(azar.randrange(10**6, 10**9)) if es_contrato else None,
            "fecha_causacion": dia,
            "solicitud": {"actos": [acto], "variantes": {}, "hechos": hechos},
            "avisos": [],
            "total": Decimal(0),
            "fecha_limite": date(2026, 12, 31),
            "emitida_en": AHORA,
            "emitida_por": quien,
            "emitida_por_nombre": "Banco de pruebas",
        }


def _medir(numero: int, procesos: int) -> None:
    with transaccion():
        una = simulaciones.propuesta_de(DEPARTAMENTO, numero)
        simulacion_id = simulaciones.iniciar(DEPARTAMENTO, una, usuario=None, ahora=AHORA).id
    inicio, procesador = perf_counter(), _procesador()
    for tramo in _tramos(simulacion_id, procesos):
        with transaccion():
            assert tramos.guardar(tramo, ahora=AHORA)
    segundos, procesador = perf_counter() - inicio, _procesador() - procesador
    hecha = db.session.get_one(Simulacion, simulacion_id)
    assert hecha.termino
    total = simulaciones.resultado_de(hecha).total
    memoria = max(resource.getrusage(quien).ru_maxrss for quien in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(
        f"{procesos} proceso(s): {segundos:.1f} s, {procesador:.1f} s de procesador, "
        f"{hecha.procesadas / segundos:.0f} liquidaciones por segundo, hasta {memoria // 1024} MiB por proceso; "
        f"{total.cambian} de {total.lineas} estampillas cambian, de {total.antes} a {total.despues} pesos"
    )


def _tramos(simulacion_id: int, procesos: int) -> Iterator[tramos.Tramo]:
    """The steps as the command takes them with several processes; with one, as the page does."""
    while (una := db.session.get_one(Simulacion, simulacion_id, populate_existing=True)).en_curso:
        if procesos > 1:
            yield from tramos.calcular_en_procesos(una, procesos)
        else:
            yield tramos.calcular(una, segundos=1)


def _procesador() -> float:
    usos = [resource.getrusage(quien) for quien in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(uso.ru_utime + uso.ru_stime for uso in usos)


if __name__ == "__main__":
    main()
