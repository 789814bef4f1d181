"""Recording, revoking and finding recognitions, and issuing on their strength, on both engines."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.db import db, transaccion
from portal.dominio.errores import DatoInvalido, NoExiste, TransicionNoPermitida
from portal.models import Bitacora, Consecutivo, Liquidacion, Reconocimiento, Usuario
from portal.operaciones import liquidaciones, reconocimientos
from portal.operaciones.encargos import Encargo
from portal.operaciones.reconocimientos import Alcance, YaReconocido
from tests.encargos import dejar_sin_efecto, emitir, oficial
from tests.propuestas import cuenta
from tests.reconocimientos import (
    ALCANCE,
    EPS,
    OFICINA,
    TRANSPORTE,
    declaracion,
    encargo_de_eps,
    encargo_de_transporte,
    reconocer,
    revocar,
    todos,
)


@pytest.fixture
def rentas(app: Flask) -> Usuario:
    return oficial()


def liquidar(encargo: Encargo, de: Usuario, **otros: Any) -> Liquidacion:
    """Issue and read again."""
    codigo = emitir(encargo, de, departamento="cundinamarca", **otros).codigo
    db.session.rollback()
    return liquidaciones.por_codigo(codigo)


def usados(una: Liquidacion) -> set[int]:
    return {r.id for f in una.facturas for r in f.reconocimientos}


def cuantas() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(Liquidacion.id))) or 0


def test_sin_reconocimiento_no_se_emite_y_se_dice_cual_regla_lo_pide(rentas: Usuario) -> None:
    with pytest.raises(DatoInvalido, match=r"regla C-EX-04 \(EPS, con destino a la salud\)") as rechazo:
        liquidar(encargo_de_eps(), rentas)
    assert rechazo.value.campo == "reconocimiento"
    assert cuantas() == 0
    siguiente = db.session.scalar(select(Consecutivo.siguiente).where(Consecutivo.serie == "factura"))
    assert siguiente in (None, 1), "what is refused spends no number"


def test_con_uno_vigente_se_emite_en_cero_y_cada_factura_lo_nombra(rentas: Usuario) -> None:
    uno = reconocer(rentas)
    una = liquidar(encargo_de_eps(), rentas)
    assert una.total == 0
    assert [[r.id for r in f.reconocimientos] for f in una.facturas] == [[uno.id]] * 6
    assert not any("confirmar" in aviso for aviso in una.avisos), "nobody has to confirm what was recognised"
    assert reconocimientos.usos(uno.id) == ([una], 1)


def test_lo_que_no_pide_reconocimiento_no_lo_lleva(rentas: Usuario) -> None:
    reconocer(rentas)
    objetiva = encargo_de_eps()
    hechos: dict[str, object] = {"contrato.recursos": ["PAE"]}
    una = liquidar(Encargo(**(vars(objetiva) | {"asunto": _con_hechos(objetiva, hechos)})), rentas)
    assert una.total == 0
    assert usados(una) == set()


def _con_hechos(encargo: Encargo, hechos: dict[str, object]) -> Any:
    return type(encargo.asunto)(**(vars(encargo.asunto) | {"hechos": hechos}))


def test_lo_declarado_al_liquidar_queda_registrado_para_ese_contrato_desde_el_dia_del_acto(rentas: Usuario) -> None:
    una = liquidar(encargo_de_eps(), rentas, declaraciones=[declaracion()])
    (uno,) = todos()
    assert usados(una) == {uno.id}
    assert (uno.desde, uno.hasta, uno.documento) == (date(2025, 2, 3), date(2025, 12, 31), ALCANCE.documento)
    assert (uno.numero_contrato, uno.vigencia_contrato) == ("100", 2025)
    assert (uno.soporte_numero, uno.soporte_emisor) == ("45-2025", "Superintendencia Nacional de Salud")
    assert (uno.dependencia, uno.usuario_nombre) == (OFICINA, "Funcionaria de Rentas")
    assert "4.7, n.º 4; regla C-EX-04" in uno.regla_motivo
    with pytest.raises(DatoInvalido, match="Falta el reconocimiento"):
        liquidar(encargo_de_eps("101"), rentas)


def test_lo_declarado_para_todos_los_actos_sirve_al_siguiente(rentas: Usuario) -> None:
    una = liquidar(encargo_de_eps(), rentas, declaraciones=[declaracion(solo_contrato=False, hasta=None)])
    otra = liquidar(encargo_de_eps("101"), rentas)
    assert usados(una) == usados(otra) == {todos()[0].id}


def test_si_no_se_emite_no_queda_el_reconocimiento(rentas: Usuario) -> None:
    liquidar(encargo_de_eps(), rentas, declaraciones=[declaracion()])
    revocar(todos()[0].id, rentas)
    with pytest.raises(liquidaciones.ContratoYaLiquidado):
        liquidar(encargo_de_eps(), rentas, declaraciones=[declaracion()])
    assert len(todos()) == 1


def test_la_misma_clave_devuelve_lo_emitido_y_no_registra_otro(rentas: Usuario) -> None:
    veces = [liquidar(encargo_de_eps(), rentas, clave="k" * 24, declaraciones=[declaracion()]) for _ in range(2)]
    assert veces[0].id == veces[1].id
    assert len(todos()) == 1


def test_declarar_lo_que_ya_estaba_reconocido_se_rehusa_y_se_dice(rentas: Usuario) -> None:
    uno = reconocer(rentas)
    with pytest.raises(YaReconocido, match="ya cubre esa regla") as rechazo:
        liquidar(encargo_de_eps(), rentas, declaraciones=[declaracion()])
    assert rechazo.value.reconocimiento_id == uno.id
    assert (cuantas(), len(todos())) == (0, 1)


@pytest.mark.parametrize(
    "cambios",
    [
        {"desde": date(2025, 2, 4)},
        {"hasta": date(2025, 2, 2)},
        {"alcance": Alcance("CC", "860069804", "OTRA PERSONA")},
        {"alcance": Alcance("NIT", "901805364", "OTRA EPS")},
        {"alcance": Alcance("NIT", "860069804", "EPS DE PRUEBA", "999", 2025)},
        {"alcance": Alcance("NIT", "860069804", "EPS DE PRUEBA", "100", 2024)},
        {"regla": "C-EX-11"},
    ],
    ids=["aún no rige", "vencido", "otro tipo", "otro documento", "otro contrato", "otra vigencia", "otra regla"],
)
def test_uno_que_no_cubre_el_acto_no_sirve(rentas: Usuario, cambios: dict[str, Any]) -> None:
    reconocer(rentas, **cambios)
    with pytest.raises(DatoInvalido, match="Falta el reconocimiento"):
        liquidar(encargo_de_eps(), rentas)


@pytest.mark.parametrize(
    "cambios", [{"desde": date(2025, 2, 3)}, {"hasta": date(2025, 2, 3)}, {"hasta": None}], ids=str
)
def test_sirve_en_los_dias_del_borde(rentas: Usuario, cambios: dict[str, Any]) -> None:
    uno = reconocer(rentas, **cambios)
    assert usados(liquidar(encargo_de_eps(), rentas)) == {uno.id}


def test_el_del_contrato_prima_sobre_el_general(rentas: Usuario) -> None:
    reconocer(rentas)
    propio = reconocer(rentas, alcance=Alcance("NIT", "860069804", "EPS DE PRUEBA", "100", 2025))
    assert usados(liquidar(encargo_de_eps(), rentas)) == {propio.id}


def test_el_revocado_no_exime_mas_y_lo_emitido_queda_como_estaba(rentas: Usuario) -> None:
    uno = reconocer(rentas)
    una = liquidar(encargo_de_eps(), rentas)
    revocar(uno.id, rentas, "El documento era falso")
    with pytest.raises(DatoInvalido, match="Falta el reconocimiento"):
        liquidar(encargo_de_eps("101"), rentas)
    (guardado,) = todos()
    assert (guardado.revocado_motivo, guardado.revocado_por_nombre) == (
        "El documento era falso",
        "Funcionaria de Rentas",
    )
    assert (guardado.desde, guardado.hasta) == (date(2025, 1, 1), date(2025, 12, 31))
    de_nuevo = liquidaciones.por_codigo(una.codigo)
    assert (de_nuevo.total, usados(de_nuevo)) == (0, {uno.id})


def test_no_se_revoca_dos_veces(rentas: Usuario) -> None:
    uno = reconocer(rentas)
    revocar(uno.id, rentas, "Primero")
    with pytest.raises(TransicionNoPermitida, match="ya fue revocado"):
        revocar(uno.id, rentas, "Segundo")
    assert todos()[0].revocado_motivo == "Primero"


def test_el_mismo_alcance_no_admite_dias_cruzados_hasta_que_se_revoca(rentas: Usuario) -> None:
    primero = reconocer(rentas)
    for cambios in ({}, {"desde": date(2025, 12, 31), "hasta": None}, {"desde": date(2024, 1, 1), "hasta": None}):
        with pytest.raises(YaReconocido, match=r"desde el 1 de enero de 2025, hasta el 31 de diciembre de 2025"):
            reconocer(rentas, **cambios)
    siguiente = reconocer(rentas, desde=date(2026, 1, 1), hasta=None)
    with pytest.raises(YaReconocido, match="sin fecha final"):
        reconocer(rentas, desde=date(2027, 1, 1), hasta=date(2027, 1, 1))
    revocar(primero.id, rentas)
    de_nuevo = reconocer(rentas)
    assert [r.orden for r in todos()] == [1, 2, 3]
    assert [r.id for r in todos()] == [primero.id, siguiente.id, de_nuevo.id]


def test_el_plazo_corre_desde_el_documento_que_es_el_que_se_dijo(rentas: Usuario) -> None:
    """C-A13: the ten years of the exemption of strategic projects."""
    with pytest.raises(DatoInvalido, match="termina el 28 de febrero de 2034") as rechazo:
        reconocer(rentas, TRANSPORTE, hasta=date(2034, 3, 1))
    assert rechazo.value.campo == "hasta"
    with pytest.raises(DatoInvalido, match="tiene plazo"):
        reconocer(rentas, TRANSPORTE, hasta=None)
    uno = reconocer(rentas, TRANSPORTE, desde=date(2024, 2, 29), hasta=date(2034, 2, 28))
    with pytest.raises(DatoInvalido, match="es del 29 de febrero de 2024") as rechazo:
        liquidar(encargo_de_transporte(dicha="2024-03-01"), rentas)
    assert rechazo.value.campo == "hechos.reconocimiento.fecha"
    una = liquidar(encargo_de_transporte(), rentas)
    assert (una.total, usados(una)) == (0, {uno.id})


def test_lo_declarado_con_otra_fecha_que_la_respondida_se_rehusa(rentas: Usuario) -> None:
    plazo = declaracion(TRANSPORTE, hasta=date(2030, 1, 1))
    with pytest.raises(DatoInvalido, match="es del 29 de febrero de 2024"):
        liquidar(encargo_de_transporte(dicha="2024-03-01"), rentas, declaraciones=[plazo])
    assert todos() == []
    assert liquidar(encargo_de_transporte(), rentas, declaraciones=[plazo]).total == 0


@pytest.mark.parametrize("regla", ["C-EX-05", "C-EXE-095", "NO-EXISTE"], ids=["objetiva", "inactiva", "inventada"])
def test_solo_se_reconocen_las_reglas_activas_que_lo_piden(rentas: Usuario, regla: str) -> None:
    with pytest.raises(DatoInvalido, match="Elija una regla") as rechazo:
        reconocer(rentas, regla)
    assert rechazo.value.campo == "regla"


@pytest.mark.parametrize("rol", ["administrador", "auditor", "funcionario"])
def test_solo_rentas_reconoce_y_revoca(rentas: Usuario, rol: str) -> None:
    otra = db.session.get_one(Usuario, cuenta(rol))
    with pytest.raises(TransicionNoPermitida, match="Solo un funcionario de Rentas"):
        reconocer(otra)
    uno = reconocer(rentas)
    with pytest.raises(TransicionNoPermitida, match="Solo un funcionario de Rentas"):
        revocar(uno.id, otra)


def test_queda_en_la_bitacora_sin_documentos_ni_nombres(rentas: Usuario) -> None:
    revocar(reconocer(rentas).id, rentas)
    filas = db.session.scalars(select(Bitacora).where(Bitacora.accion.like("reconocimiento.%"))).all()
    assert [f.accion for f in filas] == ["reconocimiento.registrar", "reconocimiento.revocar"]
    assert not any(dato in str(f.detalle) for f in filas for dato in (ALCANCE.documento, "EPS DE PRUEBA"))


def test_se_busca_por_el_documento_completo_del_mas_reciente_al_mas_antiguo(rentas: Usuario) -> None:
    ids = [reconocer(rentas, desde=date(a, 1, 1), hasta=date(a, 12, 31)).id for a in (2021, 2022, 2023)]
    otro = reconocer(rentas, alcance=Alcance("CC", "1212312323", "prueba")).id
    pagina = reconocimientos.buscar("cundinamarca", "860069804", limite=2)
    assert ([r.id for r in pagina.filas], pagina.siguiente) == ([ids[2], ids[1]], ids[1])
    pagina = reconocimientos.buscar("cundinamarca", "860069804", antes_de=pagina.siguiente, limite=2)
    assert ([r.id for r in pagina.filas], pagina.siguiente) == ([ids[0]], None)
    assert [r.id for r in reconocimientos.buscar("cundinamarca").filas] == [otro, *reversed(ids)]
    assert reconocimientos.buscar("cundinamarca", "86006980").filas == []
    assert reconocimientos.buscar("narino", "860069804").filas == []


def test_el_de_otro_departamento_no_existe(rentas: Usuario) -> None:
    uno = reconocer(rentas)
    assert reconocimientos.por_id("cundinamarca", uno.id).id == uno.id
    for departamento, numero in (("narino", uno.id), ("cundinamarca", uno.id + 1), ("cundinamarca", 2**70)):
        with pytest.raises(NoExiste):
            reconocimientos.por_id(departamento, numero)


@pytest.mark.parametrize(
    "cambios",
    [
        {"hasta": date(2024, 1, 1)},
        {"numero_contrato": "1"},
        {"dependencia": ""},
        {"revocado_motivo": "sin fecha"},
    ],
    ids=str,
)
def test_la_base_rehusa_un_reconocimiento_a_medias(rentas: Usuario, cambios: dict[str, Any]) -> None:
    uno = reconocer(rentas)
    columnas = {c.key: getattr(uno, c.key) for c in Reconocimiento.__table__.columns if c.key != "id"}
    with pytest.raises(IntegrityError), transaccion():
        db.session.add(Reconocimiento(**(columnas | {"orden": 2} | cambios)))


def test_el_contrato_que_se_vuelve_a_liquidar_usa_el_mismo(rentas: Usuario) -> None:
    una = liquidar(encargo_de_eps(), rentas, declaraciones=[declaracion()])
    dejar_sin_efecto(una.id, rentas)
    otra = liquidar(encargo_de_eps(), rentas)
    assert usados(una) == usados(otra)
    assert reconocimientos.usos(todos()[0].id)[1] == 2


def test_un_tramite_declarado_vale_para_los_actos_del_solicitante(rentas: Usuario) -> None:
    de_eps = encargo_de_eps()
    asunto = type(de_eps.asunto)(actos=("SC-04",), hechos=dict(de_eps.asunto.hechos))
    tramite = Encargo(de_eps.contribuyente, asunto)
    assert liquidar(tramite, rentas, declaraciones=[declaracion()]).total == 0
    (uno,) = todos()
    assert (uno.numero_contrato, uno.regla, uno.desde) == (None, EPS, date(2025, 6, 24))
