"""Cundinamarca: contracts that change, recognitions, proposals of the law, and agents with due dates and offices."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from portal.db import db, transaccion
from portal.models import Liquidacion, Usuario
from portal.models.usuario import Rol
from portal.operaciones import ciclo_propuestas, evidencias, propuestas, simulaciones, tarifas, tramos, usuarios
from portal.operaciones.propuestas import Datos
from tests import calendario, contratos, reconocimientos
from tests.archivos import pdf
from tests.encargos import dejar_sin_efecto, emitir, oficial
from tests.escenas.mundos import Lugares, cundinamarca_agentes
from tests.escenas.mundos.largos import CON_ESPACIOS, SIN_ESPACIOS
from tests.escenas.mundos.putumayo_oficinas import cuenta_de
from tests.fabricas import AHORA, HOY
from tests.propuestas import TARIFA_2027, UVT_2027
from tests.simulaciones import pasada

# The screens' own day, and not that of the contracts' tests.
HOY_MISMO = {"ahora": AHORA, "hoy": HOY}


def poblar() -> Lugares:
    return {
        **_contratos(),
        **_reconocimientos(),
        **_propuestas(),
        **_calendario(),
        **cundinamarca_agentes.poblar(),
    }


def _contratos() -> Lugares:
    quien = oficial()
    con_todo = _contratar(quien, "50000000", "3001")
    contratos.adicionar(con_todo, contratos.acto("20000000"), quien, **HOY_MISMO)
    contratos.reducir(con_todo, contratos.acto("5000000", "ACTA 2"), quien, **HOY_MISMO)
    por_cuentas = _contratar(quien, "100000000", "3002", por_retencion=True)
    for numero in range(1, 4):
        contratos.cuenta(por_cuentas, "20000000", str(numero), quien, **HOY_MISMO)
    largo = _contratar(quien, "80000000", "9" * 18, contratante=CON_ESPACIOS, objeto=SIN_ESPACIOS)
    anulado = _contratar(quien, "70000000", "3003")
    dejar_sin_efecto(anulado.id, quien)
    return {
        "liq_reconocida": _reconocida(),
        "contrato": con_todo.codigo,
        "contrato_cuentas": por_cuentas.codigo,
        "contrato_largo": largo.codigo,
        "contrato_anulado": anulado.codigo,
        "contrato_nuevo": _contratar(quien, "90000000", "3004").codigo,
        "contrato_por_retencion": _contratar(quien, "90000000", "3005", por_retencion=True).codigo,
    }


def _reconocida() -> str:
    """The demonstration's contract of an EPS."""
    una = db.session.scalars(select(Liquidacion).where(Liquidacion.numero_contrato == "700")).one()
    return una.codigo


def _contratar(quien: Usuario, valor: str, numero: str, **otros: Any) -> Liquidacion:
    return emitir(
        contratos.encargo_de_servicios(valor, numero_contrato=numero, **otros),
        quien,
        departamento="cundinamarca",
        **HOY_MISMO,
    )


def _reconocimientos() -> Lugares:
    rentas = cuenta_de("rentas")
    largo = reconocimientos.Alcance("NIT", "900555701", SIN_ESPACIOS)
    for nit in range(900555710, 900555722):
        alcance = reconocimientos.Alcance("NIT", str(nit), f"EPS DE PRUEBA {nit}")
        reconocimientos.reconocer(rentas, alcance=alcance)
    vigente = reconocimientos.reconocer(rentas, hasta=date(2027, 12, 31), desde=date(2026, 1, 1))
    revocado = reconocimientos.reconocer(rentas, regla=reconocimientos.TRANSPORTE)
    reconocimientos.revocar(revocado.id, rentas)
    return {
        "reconocimiento": str(vigente.id),
        "reconocimiento_revocado": str(revocado.id),
        "reconocimiento_largo": str(reconocimientos.reconocer(rentas, alcance=largo).id),
    }


def _propuestas() -> Lugares:
    propia, otra = cuenta_de("administrador"), _administrador()
    for _ in range(3):
        pasada("SC-01")
    retirada = _proponer(propia, acto="Resolución DIAN de ensayo")
    with transaccion():
        una = simulaciones.propuesta_de("cundinamarca", retirada)
        ciclo_propuestas.retirar(una, version=1, motivo="Se escribió mal", usuario=propia, ahora=AHORA)
    borrador = _proponer(otra)
    simulada = _proponer_tarifa(otra)
    _simular(simulada)
    empezada = _proponer_tarifa(otra, "UDEC/SC-04")
    with transaccion():
        una = simulaciones.propuesta_de("cundinamarca", empezada)
        simulaciones.iniciar("cundinamarca", una, usuario=None, ahora=AHORA)
    con_archivo = _proponer_tarifa(propia, "UDEC/SC-03", norma=SIN_ESPACIOS)
    with transaccion():
        una = simulaciones.propuesta_de("cundinamarca", con_archivo)
        evidencias.adjuntar(una, "resolución.pdf", pdf(), version=1, usuario=propia, ahora=AHORA)
    return {
        "propuesta": str(borrador),
        "propuesta_tarifa": str(simulada),
        "propuesta_sin_simular": str(_proponer_tarifa(otra, "UDEC/SC-14")),
        "propuesta_empezada": str(empezada),
        "propuesta_retirada": str(retirada),
        "propuesta_propia": str(con_archivo),
    }


def _administrador() -> Usuario:
    with transaccion():
        return usuarios.crear_usuario(
            correo="otra-administracion@demo.portal.test",
            nombre="Otra cuenta de Administración",
            rol=Rol.ADMINISTRADOR,
            clave="una clave de escenas larga",
            ahora=AHORA,
        )


def _proponer(quien: Usuario, **cambios: object) -> int:
    with transaccion():
        suyo = propuestas.indicador_de("cundinamarca", "UVT")
        datos = Datos(**(vars(UVT_2027) | {"acto_fecha": HOY - timedelta(days=1)} | cambios))
        return propuestas.proponer(suyo, datos, usuario=quien, **HOY_MISMO).id


def _proponer_tarifa(quien: Usuario, codigo: str = "UDEC/SC-01", **cambios: object) -> int:
    suyos = {"acto_fecha": HOY - timedelta(days=20), "salto_confirmado": True} | cambios
    with transaccion():
        datos = tarifas.DatosTarifa(**(vars(TARIFA_2027) | suyos))
        sujeto = tarifas.sujeto_de("cundinamarca", codigo)
        return tarifas.proponer(sujeto, datos, departamento="cundinamarca", usuario=quien, **HOY_MISMO).id


def _simular(numero: int) -> None:
    with transaccion():
        una = simulaciones.propuesta_de("cundinamarca", numero)
        simulacion = simulaciones.iniciar("cundinamarca", una, usuario=None, ahora=AHORA)
    while simulacion.en_curso:
        tramo = tramos.calcular(simulacion, segundos=0)
        with transaccion():
            tramos.guardar(tramo, ahora=AHORA)
        db.session.refresh(simulacion)


def _calendario() -> Lugares:
    quien = cuenta_de("administrador")
    futuro = calendario.declarar_dia(quien, date(2026, 12, 7), ahora=AHORA)
    revocado = calendario.declarar_dia(quien, date(2026, 12, 9), ahora=AHORA)
    calendario.revocar_dia(revocado, quien, ahora=AHORA)
    hace = AHORA - timedelta(days=3)
    calendario.declarar_falla(quien, hace, hace + timedelta(hours=2), ahora=AHORA)
    return {"dia_revocable": str(futuro.id)}
