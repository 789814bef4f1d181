"""A period with a bit of everything, its export, and how an export is spoilt."""

import csv
import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from portal.db import db, transaccion
from portal.dominio.exportacion import MANIFIESTO, Periodo, escribir_manifiesto
from portal.dominio.festivos import por_que_no_es_habil
from portal.dominio.revision_exportacion import abrir
from portal.models import Recaudo
from portal.models.pago import CausaReversion
from portal.models.usuario import Rol
from portal.operaciones import resultados, reversiones
from portal.operaciones.agentes import registro
from portal.operaciones.bitacora import anotar
from portal.operaciones.calendario import calendario_de
from portal.operaciones.firmas import Firma
from portal.web.auditoria import exportar_periodo
from tests import calendario, consignaciones, declaraciones, fabricas
from tests.agentes import agente, deshecha, persona, retenida, suya
from tests.fabricas import AHORA, ESPERA, HOY

PERIODO = Periodo(HOY.replace(day=1), HOY)
DOCUMENTO = Path(__file__).parents[1] / "docs/auditoria.md"
Cambio = Callable[[bytes], bytes]


def anotado(accion: str = "pago.ver", objeto: str = "pago:1", **otros: object) -> None:
    """A row of the bitácora, committed."""
    datos = {"ahora": AHORA, "usuario_id": None, "peticion": "p-1"} | otros
    with transaccion():
        anotar(accion, objeto, **datos)  # type: ignore[arg-type]


def periodo_movido() -> None:
    """Two payments, one doubled credit and one reversal, and looks at them: chains of several rows."""
    for i in range(2):
        uno = fabricas.pago(fabricas.liquidacion((4000, 5000 + i), nombre='=SUMA(A1) "x", ñ'))
        for transaccion_ in (f"a{i}", f"b{i}"):
            with transaccion():
                resultados.aplicar_resultado(
                    uno.id,
                    fabricas.respuesta(uno, transaccion=transaccion_),
                    causa=resultados.Causa.SONDA,
                    espera=ESPERA,
                    ahora=AHORA,
                )
        anotado(objeto=f"pago:{uno.id}", nota="acentuación «é»")
    primero = db.session.query(Recaudo.id).order_by(Recaudo.id).first()
    assert primero
    with transaccion():
        reversiones.revertir(primero[0], causa=CausaReversion.BANCO, motivo="Prueba", ahora=AHORA)


def agentes_movidos() -> None:
    """All that an agent does: withholds and takes back, deposits, declares and corrects; and what moves its due dates.

    The ids of each are 1, 2… in the order in which they are written here.
    """
    entidad = agente(desde=declaraciones.MES, nombre="=Hospital «á», de prueba")
    quien, administra = persona(Rol.AGENTE, entidad), persona(Rol.ADMINISTRADOR)
    with transaccion():
        sede = registro.agregar_sede(entidad, "Sede Norte", firma=Firma(administra, AHORA)).id
    retenida(declaraciones.del_mes(entidad), quien, fecha=declaraciones.MES.replace(day=12), sede_id=sede)
    declaraciones.devuelta(declaraciones.presentada(declaraciones.borrador(entidad), quien))
    declaraciones.corregida(entidad, quien)
    retenida(declaraciones.del_mes(entidad, (3000,)), quien, fecha=declaraciones.MES.replace(day=13))
    declaraciones.aceptada(declaraciones.presentada(declaraciones.borrador(entidad), quien))
    deshecha(retenida(suya(entidad, (7000,)), quien), quien)
    consignaciones.aceptada(consignaciones.enviada(quien, 9000, "778899"), consignaciones.del_banco(9000))
    sin_linea = consignaciones.enviada(quien, 1000, "1001")
    consignaciones.aceptada(sin_linea)
    consignaciones.desaceptada(sin_linea)
    consignaciones.enviada(quien, 2000, "2002")
    calendario.declarar_dia(administra, dia_habil(), ahora=AHORA)
    calendario.declarar_falla(administra, AHORA - timedelta(hours=3), AHORA - timedelta(hours=1), ahora=AHORA)


def dia_habil() -> date:
    """A working day to come."""
    manana = (HOY + timedelta(days=i) for i in range(1, 15))
    return next(dia for dia in manana if not por_que_no_es_habil(dia, calendario_de(HOY)))


def exportado(periodo: Periodo = PERIODO) -> bytes:
    salida = io.BytesIO()
    exportar_periodo(periodo, salida, usuario_id=None, por="prueba", peticion="", avanzar=lambda hechos, de: None)
    return salida.getvalue()


def faltas(paquete: bytes) -> list[str]:
    return list(abrir(io.BytesIO(paquete)).faltas())


def partes_de(paquete: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(paquete)) as z:
        return {nombre: z.read(nombre) for nombre in z.namelist()}


def filas_de(paquete: bytes, nombre: str) -> list[dict[str, str]]:
    """The rows of a CSV of an export, with their marks."""
    return list(csv.DictReader(io.StringIO(partes_de(paquete)[nombre].decode(), newline="")))


def rehecho(partes: dict[str, bytes], *, manifiesto_al_dia: bool = False) -> bytes:
    """The parts as an archive again; whoever is careful also mends the digests of the manifest."""
    if manifiesto_al_dia:
        dice = json.loads(partes[MANIFIESTO])
        for nombre, de in dice["archivos"].items():
            de["sha256"], de["bytes"] = hashlib.sha256(partes[nombre]).hexdigest(), len(partes[nombre])
            if nombre.endswith(".csv"):
                de["filas"] = partes[nombre].count(b"\r\n") - 1
        partes = partes | {MANIFIESTO: escribir_manifiesto(dice)}
    salida = io.BytesIO()
    with zipfile.ZipFile(salida, "w", zipfile.ZIP_DEFLATED) as z:
        for nombre, octetos in partes.items():
            z.writestr(nombre, octetos)
    return salida.getvalue()


def sin_la_fila(numero: int) -> Cambio:
    def cambiar(octetos: bytes) -> bytes:
        lineas = octetos.split(b"\r\n")
        return b"\r\n".join(lineas[:numero] + lineas[numero + 1 :])

    return cambiar


def con_filas_cambiadas(una: int, otra: int) -> Cambio:
    def cambiar(octetos: bytes) -> bytes:
        lineas = octetos.split(b"\r\n")
        lineas[una], lineas[otra] = lineas[otra], lineas[una]
        return b"\r\n".join(lineas)

    return cambiar


def con_celdas(numero: int, **valores: str) -> Cambio:
    """Other values in the row `numero` of a CSV."""

    def cambiar(octetos: bytes) -> bytes:
        filas = list(csv.DictReader(io.StringIO(octetos.decode(), newline="")))
        filas[numero - 1].update(valores)
        salida = io.StringIO(newline="")
        escritor = csv.DictWriter(salida, list(filas[0]), lineterminator="\r\n")
        escritor.writeheader()
        escritor.writerows(filas)
        return salida.getvalue().encode()

    return cambiar


def guion_del_documento(carpeta: Path) -> Path:
    """The script that docs/auditoria.md gives, as a file."""
    (codigo,) = re.findall(r"```python\n(.*?)```", DOCUMENTO.read_text(), re.DOTALL)
    guion = carpeta / "verificar.py"
    guion.write_text(codigo)
    return guion


def correr_guion(carpeta: Path, paquete: bytes, claves: str = "") -> subprocess.CompletedProcess[str]:
    """The document's script on an export, apart from the portal."""
    archivo, pem = carpeta / "x.zip", carpeta / "claves.pem"
    archivo.write_bytes(paquete)
    pem.write_text(claves)
    orden = [sys.executable, str(guion_del_documento(carpeta)), str(archivo), *([str(pem)] if claves else [])]
    return subprocess.run(orden, cwd=carpeta, capture_output=True, text=True, check=False)
