"""The register: what is written of an agent, its offices, and the accounts that work for it."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db, transaccion
from portal.dominio.calendario import BOGOTA
from portal.dominio.declaraciones import mes_de, mes_siguiente
from portal.dominio.errores import DatoInvalido, NoExiste, TransicionNoPermitida
from portal.models import Agente, Bitacora, Liquidacion, Sede, Usuario
from portal.models.usuario import Rol
from portal.operaciones.agentes import registro, versiones
from portal.operaciones.firmas import Firma
from tests.agentes import ESTAMPILLAS, agente, datos, persona, retenida, suya
from tests.declaraciones import abiertas, anulada
from tests.fabricas import AHORA, HOY, liquidacion

pytestmark = pytest.mark.usefixtures("app")


def _firma(rol: Rol = Rol.ADMINISTRADOR) -> Firma:
    return Firma(persona(rol), AHORA)


def _sede(de: Agente, nombre: str = "Sede Norte") -> Sede:
    administra = _firma()
    with transaccion():
        return registro.agregar_sede(de, nombre, firma=administra)


def _acciones(objeto: str) -> list[str]:
    return list(db.session.scalars(select(Bitacora.accion).where(Bitacora.objeto == objeto).order_by(Bitacora.id)))


def test_vincular_y_desvincular_una_cuenta_queda_en_la_bitacora(app: Flask) -> None:
    administra = _firma()
    entidad, cuenta = agente(), persona(Rol.AGENTE)
    sede = _sede(entidad)
    with transaccion():
        registro.vincular(entidad, cuenta, sede, firma=administra)
    assert (cuenta.agente_id, cuenta.sede_id) == (entidad.id, sede.id)
    assert registro.contar_cuentas("putumayo") == {entidad.id: 1}
    with transaccion():
        registro.desvincular(entidad, cuenta.id, firma=administra)
    db.session.refresh(cuenta)
    assert (cuenta.agente_id, cuenta.sede_id) == (None, None)
    assert _acciones(f"agente:{entidad.id}")[-2:] == ["agente.vincular", "agente.desvincular"]


def test_nadie_mas_que_un_administrador_vincula_o_desvincula(app: Flask) -> None:
    entidad = agente()
    cuenta, otra = persona(Rol.AGENTE, entidad), persona(Rol.AGENTE)
    for rol in set(Rol) - {Rol.ADMINISTRADOR}:
        with pytest.raises(TransicionNoPermitida):
            registro.vincular(entidad, otra, firma=_firma(rol))
        with pytest.raises(TransicionNoPermitida):
            registro.desvincular(entidad, cuenta.id, firma=_firma(rol))


def test_no_se_desvincula_la_cuenta_de_otra_entidad(app: Flask) -> None:
    cuenta = persona(Rol.AGENTE, agente())
    with pytest.raises(NoExiste):
        registro.desvincular(agente(), cuenta.id, firma=_firma())


def test_una_sede_ajena_o_cerrada_no_recibe_cuentas(app: Flask) -> None:
    administra = _firma()
    entidad, cuenta = agente(), persona(Rol.AGENTE)
    ajena, cerrada = _sede(agente()), _sede(entidad, "Vieja")
    with transaccion():
        registro.cerrar_sede(cerrada, firma=administra)
    for sede in (ajena, cerrada):
        with pytest.raises(DatoInvalido, match="sede abierta") as error:
            registro.vincular(entidad, cuenta, sede, firma=administra)
        assert error.value.campo == "sede"


def test_cerrar_una_sede_conserva_lo_que_recaudo_y_suelta_sus_cuentas(app: Flask) -> None:
    administra = _firma()
    entidad = agente()
    sede, quien = _sede(entidad), persona(Rol.AGENTE, entidad)
    with transaccion():
        registro.vincular(entidad, quien, sede, firma=administra)
    hecha = retenida(suya(entidad), quien)
    with transaccion():
        registro.cerrar_sede(sede, firma=administra)
    db.session.expire_all()
    assert (hecha.sede_id, sede.activa) == (sede.id, False)
    suelta = db.session.get_one(Usuario, quien.id)
    assert (suelta.agente_id, suelta.sede_id) == (entidad.id, None)
    with transaccion():
        registro.reabrir_sede(sede, firma=administra)
    assert sede.activa
    assert _acciones(f"agente:{entidad.id}")[-2:] == ["agente.cerrar_sede", "agente.reabrir_sede"]


def test_los_meses_en_que_ya_retuvo_no_quedan_por_fuera(app: Flask) -> None:
    entidad = agente()
    retenida(suya(entidad), persona(Rol.AGENTE, entidad))
    administra, mes = _firma(), mes_de(HOY)
    for campo, fecha in (("desde", mes + timedelta(days=32)), ("hasta", mes - timedelta(days=1))):
        nuevos = datos(nit=entidad.nit, **{"desde": date(2025, 1, 1)} | {campo: fecha})
        with pytest.raises(DatoInvalido, match="ya retuvo") as error, transaccion():
            registro.cambiar(entidad, nuevos, conocidas=ESTAMPILLAS, firma=administra)
        assert error.value.campo == campo
        db.session.expire_all()
    assert (entidad.desde, entidad.hasta) == (date(2025, 1, 1), None)


def _emitida(nit: str, en: datetime = AHORA, **otros: Any) -> Liquidacion:
    return liquidacion(contratante="Hospital", contratante_nit=nit, emitida_en=en, **otros)


def _agentes_de(*unas: Liquidacion) -> list[int | None]:
    db.session.expire_all()
    return [una.agente_id for una in unas]


def test_al_registrar_una_entidad_lo_emitido_en_sus_meses_pasa_a_ser_suyo(app: Flask) -> None:
    mes = mes_de(HOY)
    empieza = datetime.combine(mes, time.min, BOGOTA)
    otra = agente(nit="800100299")
    suyas = _emitida("800100200", empieza), _emitida("800100200")
    anulada(suyas[1])
    ajenas = (
        _emitida("800100200", empieza - timedelta(seconds=1)),
        _emitida("800100201"),
        _emitida(""),
        _emitida("800100200", departamento="cundinamarca"),
        suya(otra, contratante_nit="800100200"),
    )
    nueva = agente(nit="800100200", desde=mes)
    assert _agentes_de(*suyas) == [nueva.id] * 2
    assert _agentes_de(*ajenas) == [None] * 4 + [otra.id]
    (creada,) = db.session.scalars(select(Bitacora).where(Bitacora.objeto == f"agente:{nueva.id}"))
    assert (creada.accion, creada.detalle["liquidaciones"]) == ("agente.crear", 2)


def test_lo_emitido_despues_de_su_ultimo_mes_no_es_de_la_entidad(app: Flask) -> None:
    mes = mes_de(HOY)
    fin = datetime.combine(mes_siguiente(mes), time.min, BOGOTA)
    dentro, fuera = _emitida("800100200", fin - timedelta(seconds=1)), _emitida("800100200", fin)
    nueva = agente(nit="800100200", desde=mes, hasta=mes)
    assert _agentes_de(dentro, fuera) == [nueva.id, None]


def test_sus_meses_vienen_con_lo_que_se_emitio_antes_de_registrarla(app: Flask) -> None:
    una = _emitida("800100200", valores=(4000, 5000))
    nueva = agente(nit="800100200", desde=mes_de(HOY))
    abiertas(nueva)
    cuadro = versiones.cuadro_de(nueva, mes_de(HOY))
    assert cuadro.sumas.liquidado == 9000
    assert [r.numero for d in cuadro.diferencias for r in d.liquidaciones] == [una.numero]
    quien = persona(Rol.AGENTE, nueva)
    assert retenida(una, quien).agente_id == nueva.id


def test_un_nit_repetido_no_toma_nada(app: Flask) -> None:
    primera, administra = agente(nit="800100200", desde=mes_siguiente(mes_de(HOY))), _firma()
    una = _emitida("800100200")
    with pytest.raises(DatoInvalido, match="Ya hay un agente"), transaccion():
        registro.crear(datos(nit="800100200"), departamento="putumayo", conocidas=ESTAMPILLAS, firma=administra)
    assert _agentes_de(una) == [None]
    assert db.session.scalars(select(Agente)).all() == [primera]


def test_al_corregir_el_nit_suelta_lo_ajeno_y_toma_lo_propio_sin_perder_lo_que_hizo(app: Flask) -> None:
    ajena, retenida_ya, propia = _emitida("800100200"), _emitida("800100200"), _emitida("800100201")
    nueva = agente(nit="800100200")
    quien, administra = persona(Rol.AGENTE, nueva), _firma()
    de_su_gente = suya(nueva, contratante_nit="800100200")
    with transaccion():
        de_su_gente.emitida_por = quien.id
    retenida(retenida_ya, quien)
    with transaccion():
        registro.cambiar(nueva, datos(nit="800100201"), conocidas=ESTAMPILLAS, firma=administra)
    assert _agentes_de(ajena, retenida_ya, de_su_gente, propia) == [None, nueva.id, nueva.id, nueva.id]
    ultima = db.session.scalars(select(Bitacora).where(Bitacora.accion == "agente.cambiar")).one()
    assert ultima.detalle["liquidaciones"] == 1


def test_con_otro_primer_mes_lo_suyo_es_lo_de_los_meses_nuevos(app: Flask) -> None:
    mes, administra = mes_de(HOY), _firma()
    una, otra = (
        _emitida("800100200", datetime.combine(mes, time.min, BOGOTA) - timedelta(days=1)),
        _emitida("800100200"),
    )
    nueva = agente(nit="800100200", desde=mes)
    for desde, esperado in ((mes_de(mes - timedelta(days=1)), nueva.id), (mes, None)):
        with transaccion():
            nuevos = datos(nit="800100200", desde=desde)
            registro.cambiar(nueva, nuevos, conocidas=ESTAMPILLAS, firma=administra)
        assert _agentes_de(una, otra) == [esperado, nueva.id]
