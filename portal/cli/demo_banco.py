"""`flask demo banco`: a bank's file about the demonstration's own payments, to try the import with. No bank made it."""

import sys
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import click
from sqlalchemy import func, select

from portal.cli.espanol import Orden
from portal.db import Instante, db
from portal.dominio.asobancaria import ArchivoRecaudo, DetalleRecaudo, EncabezadoRecaudo, Formato, LoteRecaudo
from portal.dominio.asobancaria_escritura import escribir
from portal.dominio.dinero import escribir_pesos
from portal.dominio.estados import EventoFactura, origenes_factura
from portal.models import Factura, Liquidacion, MovimientoBanco, Recaudo, Usuario
from portal.models.pago import CanalRecaudo
from portal.models.usuario import Rol
from portal.operaciones.archivos_banco import importacion
from portal.operaciones.cuentas import plan_de
from portal.web.convenio import convenio_actual
from portal.web.departamento import ajustes_actuales, departamento_actual
from portal.web.reloj import BOGOTA, ahora, hoy

BANCO, CUENTA, NIT = "061", "7000000001", "800094164"
_VENTANILLA, _PSE = ("01", "01"), ("03", "15")


class _Pagado(NamedTuple):
    """A payment of the file; `codigos` are its procedencia and medio."""

    referencia: str
    valor: Decimal
    codigos: tuple[str, str]


def _con_otro_total(sano: bytes) -> bytes:
    *lineas, cierre, _ = sano.split(b"\r\n")
    total = int(cierre[11:29]) + 100
    return b"\r\n".join([*lineas, cierre[:11] + b"%018d" % total + cierre[29:], b""])


# What a damaged file is like: its total is another one, its end is missing, or it is twice in the same file.
DANOS: Mapping[str, Callable[[bytes], bytes]] = {
    "total": _con_otro_total,
    "cortado": lambda sano: sano[: len(sano) * 2 // 3],
    "pegado": lambda sano: sano * 2,
}


@click.command("banco", cls=Orden)
@click.option("--dia", type=click.DateTime(["%Y-%m-%d"]), help="Día del recaudo, AAAA-MM-DD; hoy si no se dice.")
@click.option(
    "--salida", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Archivo que se escribe."
)
@click.option(
    "--ventanilla", type=click.IntRange(0, 500), default=5, help="Cuántas facturas por pagar se pagan en caja."
)
@click.option("--rarezas", is_flag=True, help="Añade un pago desconocido, uno por otro valor, uno doble y uno de PSE.")
@click.option("--dano", type=click.Choice(sorted(DANOS)), help="Daña el archivo, para ver cómo se rechaza.")
def banco(dia: datetime | None, salida: Path, ventanilla: int, rarezas: bool, dano: str | None) -> None:
    """Escribe un archivo de recaudo con los pagos de PSE de un día y facturas pagadas en ventanilla."""
    if not ajustes_actuales().es_demostracion:
        sys.exit("En producción los archivos los hace el banco.")
    cuando = dia.date() if dia else hoy()
    pagos = [*_de_pse(cuando), *_de_ventanilla(cuando, ventanilla)]
    if rarezas:
        pagos += _raros(pagos)
    archivo = _archivo(cuando, pagos)
    contenido = escribir(archivo)
    salida.write_bytes(DANOS[dano](contenido) if dano else contenido)
    click.echo(f"{salida}: {len(pagos)} pagos por {escribir_pesos(archivo.total)}.")


def importar_llegadas() -> None:
    """Import what the bank says, the day after, of the demonstration's PSE payments that had time to reach the account."""
    tesorera = db.session.scalars(select(Usuario).where(Usuario.rol == Rol.TESORERIA).order_by(Usuario.id)).first()
    plan = plan_de(departamento_actual().codigo)
    cuando = func.coalesce(Recaudo.fecha_banco, Recaudo.registrado_en, type_=Instante())
    instantes = db.session.scalars(select(cuando).where(Recaudo.canal == CanalRecaudo.PSE)).all()
    limite = hoy() - timedelta(days=plan.dias_en_transito)
    for dia in sorted({i.astimezone(BOGOTA).date() for i in instantes}):
        if tesorera is not None and dia < limite:
            archivo = _archivo(dia + timedelta(days=1), _de_pse(dia))
            importacion.importar(
                escribir(archivo),
                nombre=f"recaudo-{dia + timedelta(days=1)}.txt",
                convenio=convenio_actual(),
                usuario=tesorera,
                ahora=ahora(),
                hoy=hoy(),
            )


def _de_pse(dia: date) -> list[_Pagado]:
    """What the gateway confirmed that day and no file brought, by its CUS."""
    cuando = func.coalesce(Recaudo.fecha_banco, Recaudo.registrado_en, type_=Instante())
    desde = datetime.combine(dia, time(), tzinfo=BOGOTA)
    consulta = (
        select(Recaudo)
        .outerjoin(MovimientoBanco)
        .where(Recaudo.canal == CanalRecaudo.PSE, MovimientoBanco.id.is_(None))
        .where(cuando >= desde, cuando < desde + timedelta(days=1))
        .order_by(Recaudo.id)
    )
    return [_Pagado(r.cus or r.transaccion, r.valor, _PSE) for r in db.session.scalars(consulta)]


def _de_ventanilla(dia: date, cuantas: int) -> list[_Pagado]:
    """Facturas that are owed and in time."""
    consulta = (
        select(Factura)
        .join(Liquidacion)
        .where(
            Factura.estado.in_(origenes_factura(EventoFactura.PAGO_APROBADO)),
            Factura.valor > 0,
            Liquidacion.fecha_limite >= dia,
            ~Liquidacion.por_retencion,
        )
        .order_by(Factura.numero)
        .limit(cuantas)
    )
    return [_Pagado(str(f.numero), f.valor, _VENTANILLA) for f in db.session.scalars(consulta)]


def _raros(pagos: list[_Pagado]) -> list[_Pagado]:
    raros = [_Pagado("999999999", Decimal(45000), _VENTANILLA), _Pagado("888888888", Decimal(67000), _PSE)]
    de_caja = [p for p in pagos if p.codigos == _VENTANILLA]
    if de_caja:
        raros += [de_caja[0], de_caja[0]._replace(valor=de_caja[0].valor + 1000)]
    return raros


def _archivo(dia: date, pagos: list[_Pagado]) -> ArchivoRecaudo:
    convenio = convenio_actual()
    detalles = tuple(
        DetalleRecaudo(
            referencia, valor, procedencia, secuencia, medio, f"{secuencia:06d}", f"{secuencia:06d}", "000", "0001"
        )
        for secuencia, (referencia, valor, (procedencia, medio)) in enumerate(pagos, start=2)
    )
    cabeza = EncabezadoRecaudo(convenio.nit or NIT, dia, BANCO, CUENTA, dia, time(18), "A", "01")
    lote = LoteRecaudo(min(convenio.glns), 1, detalles, len(detalles))
    return ArchivoRecaudo(Formato.ASOBANCARIA_2001, cabeza, (lote,), len(detalles))
