"""An agent acts over its contracts by the rules of the office; what is not its own does not exist, in the operation itself."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db, transaccion
from portal.dominio.errores import Ajeno, CuentaSinEntidad, DatoInvalido, TransicionNoPermitida
from portal.dominio.libro import de_agente
from portal.models import Agente, Liquidacion, Retencion, Usuario
from portal.models.usuario import Rol
from portal.operaciones import libro, liquidaciones
from portal.operaciones.agentes.alcance import entidad_que_limita
from portal.operaciones.agentes.cuentas import CuentaRetenida, registrar_y_retener
from portal.operaciones.normativa import normativa_de
from portal.operaciones.retenciones import Cuenta
from tests import contratos
from tests.agentes import agente, persona
from tests.contratos import acto, despacho
from tests.encargos import dejar_sin_efecto, emitir, encargo_contrato, oficial
from tests.fabricas import estados_de
from tests.reconocimientos import declaracion, encargo_de_eps, reconocer, todos

pytestmark = pytest.mark.usefixtures("app")


def entidad(**otros: object) -> Agente:
    propias = tuple(e.codigo for e in normativa_de("cundinamarca").estampillas)
    return agente("cundinamarca", propias, **({"estampillas": propias} | otros))


def pagar_y_retener(una: Liquidacion, valor: str, numero: str, de: Usuario, orden: str = "OP 9") -> CuentaRetenida:
    with transaccion():
        return registrar_y_retener(
            una, Cuenta(numero, date(2025, 5, 5), Decimal(valor)), orden, despacho(de), total_visto=None
        )


def test_el_contrato_que_liquida_queda_a_nombre_de_su_entidad(app: Flask) -> None:
    de = entidad()
    una = emitir(encargo_contrato(contratante="OTRA ENTIDAD", contratante_nit="800999888"), persona(Rol.AGENTE, de))
    assert (una.agente_id, una.contratante, una.contratante_nit) == (de.id, de.nombre, de.nit)


def test_adiciona_reduce_y_deja_sin_efecto_lo_suyo(app: Flask) -> None:
    de = entidad()
    quien = persona(Rol.AGENTE, de)
    una = contratos.contratar(quien, tipo="suministro")
    adicion = contratos.adicionar(una, acto("20000000"), quien)
    assert (adicion.agente_id, adicion.contratante) == (de.id, de.nombre)
    contratos.reducir(una, acto("10000000", "ACTA 2", date(2025, 6, 6)), quien)
    expediente = contratos.leer(una)
    assert expediente.valor == Decimal("110000000")
    assert {x.agente_id for x in expediente.liquidaciones} == {de.id}
    dejar_sin_efecto(expediente.determinaciones[-1].id, quien)


@pytest.mark.parametrize(
    "intento",
    [
        lambda una, quien: contratos.adicionar(una, acto("1000000"), quien),
        lambda una, quien: contratos.reducir(una, acto("1000000"), quien),
        lambda una, quien: contratos.cuenta(una, "1000000", "1", quien),
        lambda una, quien: pagar_y_retener(una, "1000000", "1", quien),
        lambda una, quien: dejar_sin_efecto(una.id, quien),
    ],
    ids=["adicionar", "reducir", "cuenta", "cuenta con retención", "sin efecto"],
)
def test_lo_de_otra_entidad_no_existe(app: Flask, intento: Callable[[Liquidacion, Usuario], object]) -> None:
    una = contratos.contratar(persona(Rol.AGENTE, entidad()), por_retencion=True)
    antes = estados_de(una)
    with pytest.raises(Ajeno) as error:
        intento(una, persona(Rol.AGENTE, entidad()))
    assert error.value.objeto == f"liquidacion:{una.numero}"
    assert estados_de(una) == antes
    assert len(contratos.leer(una).movimientos) == 1


def test_sin_entidad_no_se_liquida(app: Flask) -> None:
    with pytest.raises(CuentaSinEntidad):
        emitir(encargo_contrato(), persona(Rol.AGENTE))
    assert entidad_que_limita(oficial()) is None


def test_el_contrato_que_rentas_liquido_antes_de_que_fuera_agente_se_rechaza_sin_nombrarlo(app: Flask) -> None:
    ajena = emitir(encargo_contrato(contratante_nit="800999888"), oficial())
    with pytest.raises(liquidaciones.ContratoYaLiquidado) as error:
        emitir(encargo_contrato(), persona(Rol.AGENTE, entidad(nit="800999888")))
    assert (error.value.codigo, str(ajena.numero) in error.value.mensaje) == ("", False)


def test_no_reconoce_una_exencion_aunque_escriba_su_soporte(app: Flask) -> None:
    quien = persona(Rol.AGENTE, entidad())
    with pytest.raises(DatoInvalido, match="Pídalo a Rentas"):
        emitir(encargo_de_eps(), quien, departamento="cundinamarca", declaraciones=[declaracion()])
    assert todos() == []
    reconocer(oficial())
    una = emitir(encargo_de_eps(), quien, departamento="cundinamarca")
    assert una.reconocimientos


def test_la_cuenta_y_su_retencion_son_un_solo_acto(app: Flask) -> None:
    de = entidad()
    quien = persona(Rol.AGENTE, de)
    una = contratos.contratar(quien, por_retencion=True)
    hecha = pagar_y_retener(una, "40000000", "1", quien)
    assert hecha.retencion is not None
    assert hecha.retencion.documento == "OP 9"
    assert hecha.retencion.fecha == date(2025, 5, 5)
    assert set(estados_de(hecha.liquidacion)) == {"legalizada"}
    assert libro.saldos()[de_agente(de.id)] == hecha.liquidacion.total > 0
    assert contratos.leer(una).pagado == Decimal("40000000")


def test_si_no_se_puede_retener_tampoco_queda_la_cuenta(app: Flask) -> None:
    de = entidad(desde=date(2025, 6, 1))
    quien = persona(Rol.AGENTE, de)
    una = contratos.contratar(quien, por_retencion=True)
    with pytest.raises(DatoInvalido, match="no era agente"):
        pagar_y_retener(una, "40000000", "1", quien)
    db.session.rollback()
    assert contratos.leer(una).cuentas == []
    assert db.session.scalars(select(Retencion)).all() == []


def test_de_estampillas_que_no_recauda_no_retiene(app: Flask) -> None:
    propias = tuple(e.codigo for e in normativa_de("cundinamarca").estampillas)
    una = contratos.contratar(persona(Rol.AGENTE, entidad()), por_retencion=True)
    ajenas = tuple(p for p in propias if p not in {f.estampilla for f in una.facturas})
    with transaccion():
        db.session.get_one(Agente, una.agente_id).estampillas = list(ajenas[:1])
    quien = persona(Rol.AGENTE, db.session.get_one(Agente, una.agente_id))
    with pytest.raises(TransicionNoPermitida, match="no recauda ninguna"):
        pagar_y_retener(una, "40000000", "1", quien)
    db.session.rollback()
    assert contratos.leer(una).cuentas == []
