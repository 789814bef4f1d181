"""`flask pagos conciliar` and `flask pagos cierre`: ask the gateway about whole days, and lay the three sides side by side."""

import sys
from datetime import date, datetime, time, timedelta

import click

from portal.cli.espanol import Orden
from portal.cli.turnos import OTRA_MAQUINA, PLAZO_LARGO, con_turno
from portal.db import transaccion
from portal.dominio.cierre import BOGOTA, SIGNIFICADOS
from portal.dominio.dinero import escribir_pesos
from portal.dominio.errores import ErrorDominio
from portal.operaciones import conciliacion
from portal.operaciones.cierres import cotejo, diferencias, firma
from portal.operaciones.cuentas import plan_de
from portal.operaciones.resultados import Causa
from portal.operaciones.usuarios import cuenta_de
from portal.web.departamento import ajustes_actuales
from portal.web.pasarela import preguntar_a_pasarela
from portal.web.reloj import ahora, hoy

_DIA = click.DateTime(["%Y-%m-%d"])


@click.command("conciliar", cls=Orden)
@click.option("--dia", type=_DIA, help="Último día por conciliar, AAAA-MM-DD; si falta, ayer.")
@click.option("--dias", type=click.IntRange(1, 366), default=3, show_default=True, help="Cuántos días, hacia atrás.")
@click.option("--de-nuevo", is_flag=True, help="Pregunta también por lo que ya se preguntó hoy.")
def conciliar(dia: datetime | None, dias: int, de_nuevo: bool) -> None:
    """Pregunta otra vez a la pasarela por los pagos de unos días y guarda su respuesta; si se interrumpe, continúa."""
    hasta = _dia(dia)
    desde = hasta - timedelta(days=dias - 1)
    corte = ahora() if de_nuevo else datetime.combine(hoy(), time.min, BOGOTA)
    hecho = con_turno("conciliar", lambda: _preguntar_por(desde, hasta, corte), plazo=PLAZO_LARGO)
    if hecho is None:
        click.echo(OTRA_MAQUINA)
        return
    cuantos, mudos = hecho
    click.echo(f"Del {desde} al {hasta}: {cuantos} pagos por preguntar, {cuantos - mudos} con respuesta.")
    if mudos:
        click.echo(f"La pasarela no respondió por {mudos}. Repita la orden: continúa con los que faltan.", err=True)
        sys.exit(1)


def _preguntar_por(desde: date, hasta: date, corte: datetime) -> tuple[int, int]:
    """How many attempts were asked for, and how many had no answer."""
    ids, mudos = conciliacion.por_conciliar(desde, hasta, antes_de=corte), 0
    with click.progressbar(ids, label="Preguntando", file=sys.stderr) as barra:
        for pago_id in barra:
            mudos += preguntar_a_pasarela(pago_id, Causa.CONCILIACION) is None
    return len(ids), mudos


@click.command("cierre", cls=Orden)
@click.option("--dia", type=_DIA, help="Día por cerrar, AAAA-MM-DD; si falta, ayer.")
@click.option("--cuenta", help="Código de una cuenta recaudadora; si falta, todas.")
@click.option("--firmar", "firma_pedida", is_flag=True, help="Firma el día de la cuenta.")
@click.option("--usuario", help="Correo de la persona de Tesorería que firma.")
def cierre(dia: datetime | None, cuenta: str | None, firma_pedida: bool, usuario: str | None) -> None:
    """Compara libro, pasarela y banco de un día, y abre un caso por cada diferencia; con --firmar, lo firma."""
    cual = _dia(dia)
    if firma_pedida and not (cuenta and usuario):
        click.echo("Para firmar diga la cuenta y quién firma: --cuenta y --usuario.", err=True)
        sys.exit(1)
    try:
        _avisar(cual)
        if firma_pedida and cuenta and usuario:
            _firmar(cual, cuenta, usuario)
        _mostrar(cual, cuenta)
    except ErrorDominio as error:
        click.echo(error.mensaje, err=True)
        sys.exit(1)


def _avisar(dia: date) -> None:
    """Cases of the day, and of those before it whose money had time to reach the bank by now."""
    plan = plan_de(ajustes_actuales().departamento)
    desde = dia - timedelta(days=2 * plan.dias_en_transito)

    def comparar() -> tuple[int, int]:
        with transaccion():
            cierres = cotejo.cotejar_dias(plan, desde, dia, hoy=hoy()).values()
            return diferencias.avisar(cierres, ahora=ahora())

    hecho = con_turno("cierre", comparar)
    click.echo(OTRA_MAQUINA if hecho is None else f"Casos de diferencia: {hecho[0]} nuevos, {hecho[1]} resueltos.")


def _firmar(dia: date, cuenta: str, correo: str) -> None:
    ajustes = ajustes_actuales()
    with transaccion():
        firmado = firma.firmar(
            plan_de(ajustes.departamento),
            cuenta,
            dia,
            usuario=cuenta_de(correo),
            ahora=ahora(),
            hoy=hoy(),
            permitir_provisional=ajustes.es_demostracion,
        )
        click.echo(f"Firmado: {firmado.cuenta}, {firmado.dia}, versión {firmado.version}, huella {firmado.huella}.")


def _mostrar(dia: date, cuenta: str | None) -> None:
    plan = plan_de(ajustes_actuales().departamento)
    dias = [cotejo.dia_de(plan, cuenta, dia, hoy=hoy())] if cuenta else cotejo.dias_entre(plan, dia, dia, hoy=hoy())
    if not dias:
        click.echo(f"El {dia} no hubo movimientos.")
    for uno in dias:
        click.echo(
            f"{uno.actual.cuenta}\t{dia}\t{uno.estado.value}{' (llegó algo después)' if uno.pide_reabrir else ''}"
        )
        for clase, cifras in uno.mostrado.cifras().items():
            lados = (cifras.libro, cifras.pasarela, cifras.banco)
            textos = (f"{x.cuantas} {escribir_pesos(x.valor)}" for x in lados)
            click.echo("\t".join(("", SIGNIFICADOS[clase].nombre, *textos)))


def _dia(dicho: datetime | None) -> date:
    return dicho.date() if dicho else hoy() - timedelta(days=1)
