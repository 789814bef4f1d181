"""`flask demo cargar`: accounts and the known screens' own examples, on an empty demonstration database only.

The examples go through the same operations as everything else: they are assessed by the engine and paid by applying an
answer of a gateway called `demostracion`.
"""

import os
import sys
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
from flask import current_app
from sqlalchemy import select

from portal.cli.demo_agentes import cargar_agentes
from portal.cli.demo_banco import importar_llegadas
from portal.cli.espanol import Grupo
from portal.cli.servir import ROLES_DEMO
from portal.config import secreto_de_demostracion
from portal.db import db, transaccion
from portal.models import ClaseSoporte, Liquidacion, Pago, Recaudo, Usuario
from portal.models.liquidacion import ClaseContribuyente
from portal.models.pago import CausaReversion, TipoPersona
from portal.models.usuario import Rol
from portal.operaciones import (
    adhesiones,
    conciliacion,
    liquidaciones,
    pagos,
    recaudos,
    resultados,
    reversiones,
    tramites_abiertos,
    usuarios,
)
from portal.operaciones.adhesiones import ActoAdherido
from portal.operaciones.claves import ClaveInservible
from portal.operaciones.encargos import Asunto, Contribuyente, Encargo
from portal.operaciones.exigencias import Declaracion
from portal.operaciones.firmas import Firma
from portal.operaciones.normativa import normativa_de
from portal.operaciones.reconocimientos import Soporte
from portal.operaciones.resultados import Causa
from portal.pasarelas.base import EstadoPasarela, ResultadoPasarela, TransaccionPasarela
from portal.web.departamento import ajustes_actuales, departamento_actual
from portal.web.estampillas import expedir_pendientes
from portal.web.reloj import BOGOTA, ahora

grupo = Grupo("demo", help="Datos de demostración.")
PASARELA = "demostracion"
_CARPETA = Path(__file__).resolve().parent / "demostracion"
# Whoever signs what the demonstration shows is an office and not an invented person.
_OFICINAS = {
    Rol.ADMINISTRADOR: "Administración",
    Rol.RENTAS: "Rentas",
    Rol.TESORERIA: "Tesorería",
    Rol.FUNCIONARIO: "Funcionario",
    Rol.AGENTE: "Agente retenedor",
    Rol.AUDITOR: "Auditoría",
}


@grupo.command("cargar")
def cargar() -> None:
    """Crea las cuentas y los ejemplos de las pantallas conocidas si la base de datos está vacía."""
    ajustes = ajustes_actuales()
    if not ajustes.es_demostracion:
        sys.exit("Los datos de demostración no se cargan en producción.")
    if db.session.scalar(select(Usuario.id).limit(1)) is not None:
        click.echo("La base de datos ya tiene cuentas: no se carga nada.")
        return
    datos = _ejemplos(ajustes.departamento)
    ejemplos, agentes = datos.get("liquidacion", []), datos.get("agente", [])
    with transaccion():
        cuentas = _crear_cuentas(agentes)
        cuantas = len(cuentas)
        for ejemplo in ejemplos:
            _cargar_ejemplo(ejemplo, cuentas["rentas"])
        importar_llegadas()
        cargar_agentes(agentes, cuentas)
        _abrir_tramites(datos.get("tramite_abierto", []), cuentas["administrador"])
    try:
        expedir_pendientes()
    except ClaveInservible as error:
        sys.exit(str(error))
    with transaccion():
        # After the stamps were issued: there is a paper of what the bank took back.
        for ejemplo in ejemplos:
            if ejemplo.get("revertida"):
                _revertir(ejemplo)
    click.echo(f"Demostración cargada: {cuantas} cuentas, {len(ejemplos)} liquidaciones y {len(agentes)} agentes.")


def _ejemplos(departamento: str) -> dict[str, list[dict[str, Any]]]:
    """The examples of a department, by kind; one that has none of its own starts with the accounts alone."""
    archivo = _CARPETA / f"{departamento}.toml"
    return tomllib.loads(archivo.read_text(encoding="utf-8")) if archivo.exists() else {}


def _abrir_tramites(tramites: Sequence[dict[str, Any]], administrador: Usuario) -> None:
    normativa, dia = normativa_de(departamento_actual().codigo), ahora().astimezone(BOGOTA).date()
    for uno in tramites:
        tramites_abiertos.abrir(
            normativa, "+".join(uno["actos"]), uno["entidad"], firma=Firma(administrador, ahora()), hoy=dia
        )


def _crear_cuentas(agentes: Sequence[dict[str, Any]]) -> dict[str, Usuario]:
    """One account for each role, and one for each agent that the role's own does not work for."""
    clave = os.environ.get("PORTAL_CLAVE_DEMO") or secreto_de_demostracion(
        Path(current_app.instance_path), "clave_demo"
    )
    roles = dict.fromkeys(ROLES_DEMO) | {uno["usuario"]: Rol.AGENTE.value for uno in agentes}
    return {
        nombre: usuarios.crear_usuario(
            correo=f"{nombre}@demo.portal.test",
            nombre=f"{_OFICINAS[Rol(rol or nombre)]} de demostración",
            rol=rol or nombre,
            clave=clave,
            ahora=ahora(),
            dependencia=departamento_actual().gobernacion if nombre == Rol.FUNCIONARIO else "",
            exigente=False,
        )
        for nombre, rol in roles.items()
    }


def _cargar_ejemplo(ejemplo: dict[str, Any], rentas: Usuario) -> None:
    momento = _hace(ejemplo.get("dias_antes", 0))
    departamento = departamento_actual()
    emitida = liquidaciones.emitir(
        _encargo(ejemplo),
        departamento=departamento.codigo,
        plazo_dias=departamento.dias_para_pagar,
        permitir_provisional=True,
        clave=_clave_de(ejemplo),
        usuario=rentas,
        ahora=momento,
        hoy=momento.astimezone(BOGOTA).date(),
        numeros=ejemplo["facturas"],
        declaraciones=[_declaracion(d) for d in ejemplo.get("reconocimiento", [])],
    )
    if "pagadas" in ejemplo:
        numeros = [emitida.facturas[i].numero for i in ejemplo["pagadas"]]
        _pagar(emitida, numeros, momento + timedelta(hours=2))
        if "usada_en" in ejemplo:
            _usar(emitida, numeros, ejemplo["usada_en"], momento + timedelta(hours=3))


def _hace(dias: int) -> datetime:
    """Now, or ten in the morning of that many days ago, so that what follows hours later is of the same day."""
    if not dias:
        return ahora()
    return (ahora() - timedelta(days=dias)).astimezone(BOGOTA).replace(hour=10, minute=0).astimezone(UTC)


def _declaracion(dicho: dict[str, Any]) -> Declaracion:
    soporte = Soporte(ClaseSoporte(dicho["clase"]), dicho["fecha"], dicho["emisor"], dicho["numero"])
    return Declaracion(dicho["regla"], soporte, dicho.get("hasta"), departamento_actual().oficina)


def _encargo(ejemplo: dict[str, Any]) -> Encargo:
    clase = ClaseContribuyente(ejemplo["clase"])
    datos = ("tipo_documento", "documento", "nombre", "direccion", "telefono", "correo")
    contrato = ("objeto", "numero_contrato", "numero_proceso", "contratante")
    return Encargo(
        contribuyente=Contribuyente(clase=clase, **{c: ejemplo[c] for c in datos if c in ejemplo}),
        asunto=Asunto(
            actos=tuple(ejemplo["actos"]),
            valor=Decimal(ejemplo["valor"]) if "valor" in ejemplo else None,
            fecha_contrato=ejemplo.get("fecha_contrato"),
            tipo_contrato=ejemplo.get("tipo_contrato", ""),
            clase=clase,
            hechos=ejemplo.get("hechos", {}),
        ),
        **{c: ejemplo[c] for c in contrato if c in ejemplo},
    )


def _pagar(liquidacion: Liquidacion, numeros: Sequence[int], momento: datetime) -> None:
    pagador = pagos.Pagador(TipoPersona.NATURAL, "CC", "1212312323", "prueba", "prueba@demo.portal.test", "3001234567")
    pago = pagos.abrir_pago(
        liquidacion.id,
        numeros,
        pagador,
        clave=f"demostracion-{numeros[0]}",
        puerta=pagos.Puerta("127.0.0.1", "demostración", PASARELA),
        espera=timedelta(minutes=7),
        ahora=momento,
        hoy=momento.astimezone(BOGOTA).date(),
    )
    identificador = f"demostracion-{pago.id}"
    pagos.registrar_envio(pago.id, id_pasarela=identificador, url="about:blank", ahora=momento)
    aprobada = TransaccionPasarela(
        id=identificador,
        estado=EstadoPasarela.APROBADO,
        valor=pago.total,
        moneda=recaudos.MONEDA,
        cus=f"{9000000 + pago.id}",
        banco="Banco de demostración",
        autorizacion=None,
        recibo=None,
        fecha=momento,
        motivo="00",
        mensaje="Aprobada",
    )
    respuesta = ResultadoPasarela(
        id_pasarela=identificador,
        referencia=pago.referencia,
        estado=EstadoPasarela.APROBADO,
        total=pago.total,
        moneda=recaudos.MONEDA,
        transacciones=(aprobada,),
        mensaje="Pago de demostración",
        crudo="{}",
    )
    resultados.aplicar_resultado(pago.id, respuesta, causa=Causa.RETORNO, espera=timedelta(minutes=7), ahora=momento)
    # The gateway said it again when it was asked about the day.
    conciliacion.guardar(pago.id, respuesta, ahora=momento)


def _usar(liquidacion: Liquidacion, numeros: Sequence[int], acto: str, momento: datetime) -> None:
    """The demonstration's official attaches paid stamps to their act."""
    oficial = db.session.scalars(select(Usuario).where(Usuario.rol == Rol.FUNCIONARIO).order_by(Usuario.id)).one()
    dia = momento.astimezone(BOGOTA).date()
    adhesiones.adherir(
        liquidacion,
        numeros,
        ActoAdherido(acto, dia, oficial.dependencia),
        departamento=departamento_actual().codigo,
        clave=f"demostracion-{numeros[0]}",
        firma=Firma(oficial, momento),
        hoy=dia,
    )


def _revertir(ejemplo: dict[str, Any]) -> None:
    """The bank takes the payment back some hours later: what was used is an alarm."""
    suyos = select(Recaudo).join(Pago).join(Liquidacion).where(Liquidacion.clave_formulario == _clave_de(ejemplo))
    for recaudo in db.session.scalars(suyos):
        motivo, momento = "Reclamo del titular, de demostración", recaudo.registrado_en + timedelta(hours=2)
        reversiones.revertir(recaudo.id, causa=CausaReversion.BANCO, motivo=motivo, ahora=momento)


def _clave_de(ejemplo: dict[str, Any]) -> str:
    return f"demostracion-{ejemplo['facturas'][0]}"
