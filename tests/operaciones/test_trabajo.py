"""What waits for each role: only what that person may do, with its age and term, in as many statements however much waits."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from portal.db import db, transaccion
from portal.dominio.casos import COLAS, ClaseCaso
from portal.dominio.trabajo import Asunto, Pendiente
from portal.models import Bitacora, Correo, EstadoCorreo, Usuario
from portal.models.usuario import Rol
from portal.operaciones import casos, trabajo
from portal.operaciones.trabajo import Jornada
from tests import propuestas
from tests.adhesiones import DEPENDENCIA, adherir, funcionario, proponer
from tests.agentes import agente, persona
from tests.bases import contando
from tests.cierres import pagado as pagado_y_confirmado
from tests.consignaciones import aceptada, con_deuda, enviada, rechazada
from tests.declaraciones import abiertas, borrador, devuelta, presentada
from tests.devoluciones import doble, estudiada, pagado, pedir, tesorero
from tests.estampillas import pagar
from tests.fabricas import AHORA, HOY, contrato, liquidacion
from tests.ordenes import legalizacion
from tests.ordenes import tesorero as tesorero_de_ordenes
from tests.reconocimientos import reconocer

DE_50_DIAS = 50


def de(
    usuario: Usuario, ahora: datetime = AHORA, hoy: date = HOY, departamento: str = "putumayo"
) -> dict[Asunto, Pendiente]:
    """Its queues by kind; of treasury's cases, the last."""
    jornada = Jornada(departamento, ahora, hoy, DE_50_DIAS)
    return {p.asunto: p for p in trabajo.pendientes_de(db.session.get_one(Usuario, usuario.id), jornada)}


def test_sin_nada_que_hacer_la_lista_esta_vacia(app: Flask) -> None:
    for rol in (Rol.TESORERIA, Rol.RENTAS, Rol.FUNCIONARIO, Rol.AGENTE):
        assert de(persona(rol)) == {}, rol


def test_los_casos_dicen_de_quien_son_y_cuando_vencen(app: Flask) -> None:
    yo = tesorero()
    with transaccion():
        viejo = casos.abrir(ClaseCaso.PAGO_TARDIO, "a", ahora=AHORA - timedelta(days=9))
        casos.abrir(ClaseCaso.PAGO_TARDIO, "b", ahora=AHORA)
        casos.tomar_caso(viejo.id, usuario=db.session.get_one(Usuario, yo.id), ahora=AHORA)
    uno = de(yo)[Asunto.CASOS]
    assert (uno.cuantos, uno.desde, uno.datos) == (2, AHORA - timedelta(days=9), {"cola": "pago_tardio"})
    assert uno.nota == "1 de usted, 1 sin responsable"
    assert uno.vence == HOY - timedelta(days=9) + COLAS[ClaseCaso.PAGO_TARDIO].plazo
    assert de(tesorero())[Asunto.CASOS].nota == "1 sin responsable, 1 de otra persona"


def test_una_orden_no_espera_a_quien_la_propuso(app: Flask) -> None:
    propone, otra = tesorero_de_ordenes(), tesorero_de_ordenes()
    legalizacion(liquidacion((4000,)), propone)
    assert Asunto.ORDENES not in de(propone)
    assert (de(otra)[Asunto.ORDENES].cuantos, de(otra)[Asunto.ORDENES].desde) == (1, AHORA)


def test_una_devolucion_la_estudia_uno_y_la_decide_otro(app: Flask) -> None:
    primero, segundo = tesorero(), tesorero()
    una = pedir(doble())
    assert de(primero)[Asunto.POR_ESTUDIAR].cuantos == 1
    vence = de(primero)[Asunto.POR_ESTUDIAR].vence
    assert vence is not None
    assert vence > HOY + timedelta(days=DE_50_DIAS), "working days, and not calendar days"
    estudiada(una, primero)
    assert Asunto.POR_DECIDIR not in de(primero)
    assert de(segundo)[Asunto.POR_DECIDIR].cuantos == 1


def test_las_consignaciones_esperan_respuesta_y_despues_su_linea(app: Flask) -> None:
    _, quien = con_deuda()
    una = enviada(quien)
    assert de(tesorero())[Asunto.CONSIGNACIONES].cuantos == 1
    assert de(quien)[Asunto.EN_REVISION].cuantos == 1
    aceptada(una)
    assert Asunto.CONSIGNACIONES not in de(tesorero())
    assert de(tesorero())[Asunto.SIN_LINEA].cuantos == 1


def test_una_consignacion_rechazada_se_le_dice_un_mes_al_agente(app: Flask) -> None:
    _, quien = con_deuda()
    rechazada(enviada(quien))
    assert de(quien)[Asunto.RECHAZADAS].urgente
    assert Asunto.RECHAZADAS not in de(quien, AHORA + timedelta(days=31), HOY + timedelta(days=31))


def test_un_dia_con_dinero_y_sin_firma_espera_desde_que_termina(app: Flask) -> None:
    pagado_y_confirmado()
    assert Asunto.CIERRES not in de(tesorero()), "today has not ended"
    manana = de(tesorero(), AHORA + timedelta(days=1), HOY + timedelta(days=1))
    assert manana[Asunto.CIERRES].cuantos >= 1
    assert manana[Asunto.CIERRES].datos == {"mes": f"{HOY:%Y-%m}"}


def test_rentas_revisa_lo_presentado_y_ve_quien_no_presento(app: Flask) -> None:
    entidad, morosa = agente("cundinamarca"), agente("cundinamarca")
    quien = persona(Rol.AGENTE, entidad)
    una = presentada(borrador(entidad), quien)
    abiertas(morosa)
    filas = de(persona(Rol.RENTAS), departamento="cundinamarca")
    assert filas[Asunto.DECLARACIONES].cuantos == 1
    assert filas[Asunto.DECLARACIONES].datos == {"codigo": entidad.codigo, "mes": f"{una.mes:%Y-%m}"}
    fin_de_mes = HOY + timedelta(days=40)
    mora = de(persona(Rol.RENTAS), AHORA, fin_de_mes, "cundinamarca")[Asunto.EN_MORA]
    assert mora.vence is not None
    assert mora.vence < fin_de_mes


def test_lo_liquidado_sin_pagar_espera_antes_y_despues_de_vencer(app: Flask) -> None:
    for dias in (-31, -30, -1, 0, 7, 8):
        liquidacion((4000,), fecha_limite=HOY + timedelta(days=dias))
    una, _ = pagado((4000,))
    with transaccion():
        una.fecha_limite = HOY
    filas = de(persona(Rol.RENTAS))
    assert (filas[Asunto.POR_VENCER].cuantos, filas[Asunto.POR_VENCER].vence) == (2, HOY)
    assert filas[Asunto.VENCIDAS].cuantos == 2


def test_un_reconocimiento_avisa_treinta_dias_antes_de_vencer(app: Flask) -> None:
    quien = persona(Rol.RENTAS)
    uno = reconocer(quien)
    with transaccion():
        uno.hasta = HOY + timedelta(days=30)
    assert de(quien, departamento=uno.departamento)[Asunto.RECONOCIMIENTOS].vence == HOY + timedelta(days=30)
    with transaccion():
        uno.hasta = HOY + timedelta(days=31)
    assert Asunto.RECONOCIMIENTOS not in de(quien, departamento=uno.departamento)


def test_a_una_dependencia_le_esperan_sus_actos_pagados(app: Flask) -> None:
    oficial, ajeno = funcionario(), funcionario(dependencia="Otra oficina")
    pagar(contrato("1", contratante=DEPENDENCIA))
    assert de(oficial)[Asunto.POR_ADHERIR].cuantos == 1
    assert Asunto.POR_ADHERIR not in de(ajeno)


def test_deshacer_una_adhesion_espera_a_otra_persona(app: Flask) -> None:
    pide, otra = funcionario(), funcionario()
    una = adherir(pagado()[0], pide)
    proponer(una, pide)
    assert Asunto.POR_DESHACER not in de(pide)
    assert de(otra)[Asunto.POR_DESHACER].cuantos == 1


def test_un_agente_debe_los_meses_que_terminaron_aunque_nadie_los_haya_abierto(app: Flask) -> None:
    entidad = agente("cundinamarca", desde=date(HOY.year, 1, 1))
    quien = persona(Rol.AGENTE, entidad)
    sin_abrir = de(quien, departamento="cundinamarca")[Asunto.MESES]
    assert sin_abrir.cuantos == HOY.month - 1
    assert sin_abrir.datos == {"ano": str(HOY.year)}
    abiertas(entidad)
    assert de(quien, departamento="cundinamarca")[Asunto.MESES].cuantos == HOY.month - 1
    una = presentada(borrador(entidad), quien)
    assert de(quien, departamento="cundinamarca")[Asunto.MESES].cuantos == HOY.month - 2
    devuelta(una)
    assert de(quien, departamento="cundinamarca")[Asunto.MESES_DEVUELTOS].cuantos == 1


def test_una_propuesta_espera_a_otro_administrador_y_los_valores_a_cualquiera(app: Flask) -> None:
    autora, otra = propuestas.cuenta(), propuestas.cuenta()
    propuestas.proponer(autora)
    suyas, ajenas = (de(propuestas.quien(n), propuestas.AHORA, propuestas.HOY, "narino") for n in (autora, otra))
    assert Asunto.PROPUESTAS not in suyas
    assert ajenas[Asunto.PROPUESTAS].cuantos == 1
    assert ajenas[Asunto.VALORES].vence == date(2026, 12, 31)
    assert "SMMLV" in ajenas[Asunto.VALORES].nota
    noviembre = date(2026, 11, 30)
    de_noviembre = de(propuestas.quien(otra), propuestas.AHORA, noviembre, "narino")
    assert (ajenas[Asunto.VALORES].que, de_noviembre[Asunto.VALORES].que) == (
        "Valores de 2027 por publicar",
        "Valores de 2026 por publicar",
    )


def test_los_correos_que_nadie_envia_se_cuentan(app: Flask) -> None:
    with transaccion():
        db.session.add(
            Correo(
                clave="x",
                destinatario="x",
                asunto="",
                plantilla="x",
                datos={},
                estado=EstadoCorreo.ABANDONADO,
                creado_en=AHORA,
                ultimo_error="La dirección de correo no es válida.",
            )
        )
    assert (de(persona(Rol.ADMINISTRADOR))[Asunto.CORREOS].cuantos) == 1


def test_el_auditor_sabe_que_nadie_comprobo_y_quien_miro_lo_ajeno(app: Flask) -> None:
    auditor, curioso = persona(Rol.AUDITOR), persona(Rol.AGENTE)
    with transaccion():
        for dias in (1, 40):
            db.session.add(
                Bitacora(
                    en=AHORA - timedelta(days=dias),
                    usuario_id=curioso.id,
                    accion="acceso_ajeno",
                    objeto="liquidacion:1",
                    detalle={},
                    peticion="",
                )
            )
    filas = de(auditor)
    assert filas[Asunto.CADENA].urgente
    assert filas[Asunto.AJENOS].cuantos == 1
    assert filas[Asunto.AJENOS].datos["accion"] == "acceso_ajeno"
    assert filas[Asunto.POR_SELLAR].cuantos == 2


@pytest.mark.parametrize("rol", [Rol.TESORERIA, Rol.RENTAS, Rol.FUNCIONARIO, Rol.ADMINISTRADOR, Rol.AUDITOR])
def test_el_numero_de_consultas_no_crece_con_las_filas(app: Flask, rol: Rol) -> None:
    quien = persona(rol)

    def con_otros(*numeros: int) -> int:
        for n in numeros:
            contrato(str(n), contratante=DEPENDENCIA, fecha_limite=HOY)
            pedir(doble())
        db.session.expire_all()
        with contando() as ordenes:
            de(quien)
        return len(ordenes)

    con_otros()
    assert con_otros(1) == con_otros(2, 3) <= 16
