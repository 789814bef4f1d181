"""A tariff changes by two people: every kind of change, what is refused, what the engine charges before and after."""

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db
from portal.dominio.errores import DatoInvalido, NoExiste, TransicionNoPermitida
from portal.models import Bitacora, CambioTarifa, EstadoPropuesta, Propuesta, PropuestaTarifa
from portal.operaciones import borradores, normativa, publicaciones, tarifas
from portal.operaciones.borradores import normativa_con
from portal.operaciones.ciclo_propuestas import PropuestaCambio
from portal.operaciones.cotizaciones import responder
from portal.operaciones.normativa import normativa_de, verificar
from tests.propuestas import HOY, cuenta, editar, proponer_tarifa, publicar, retirar, usar

MATRICULA = {"codigo": "PRO_DESARROLLO/SC-15", "cambio": CambioTarifa.VARIANTE}
TERMINAR = {"cambio": CambioTarifa.TERMINAR, "desde": date(2021, 1, 1), "hasta": date(2026, 12, 31)}
PUTUMAYO = {
    "codigo": "ADULTO_MAYOR/P-C-01",
    "departamento": "putumayo",
    "tipo": "porcentaje",
    "indicador": "",
    "valor": Decimal("2"),
    "redondeo": "mil_superior",
}


@pytest.fixture
def ana(app: Flask) -> int:
    return cuenta()


@pytest.fixture
def berta(app: Flask) -> int:
    return cuenta()


def tarifa(codigo: str, fecha: str, departamento: str = "cundinamarca") -> str:
    """What a stamp charges on an act on a day, in words; variants separated by a slash."""
    estampilla, acto = codigo.split("/")
    reglas = normativa_de(departamento)
    dia = date.fromisoformat(fecha)
    pares = {e.codigo: ts for e, ts in reglas.tarifas_de(reglas.acto(acto, dia), dia)}
    return "/".join(t.texto for t in pares.get(estampilla, ()))


def dias(codigo: str, departamento: str = "cundinamarca") -> list[tuple[str, str]]:
    db.session.rollback()
    filas = tarifas.tarifas_de(departamento, tarifas.sujeto_de(departamento, codigo).gravamen)
    return [(f["desde"].isoformat(), f["hasta"].isoformat() if f["hasta"] else "") for f in filas[::-1]]


def cotizar(departamento: str, acto: str, fecha: str, **otros: Any) -> dict[str, Any]:
    pedido = {"id": "1", "actos": [acto], "fecha": fecha, "hechos": {}, **otros}
    return dict(json.loads(responder(normativa_de(departamento), json.dumps(pedido).encode())))


def test_el_ciclo_entero_de_una_ordenanza_que_cambia_una_tarifa(ana: int, berta: int) -> None:
    numero = proponer_tarifa(ana)
    assert tarifa("UDEC/SC-01", "2027-06-01") == "1 UVT", "a draft is not used"
    with pytest.raises(TransicionNoPermitida, match="otro administrador"):
        publicar(numero, ana)
    publicar(numero, berta)
    assert tarifa("UDEC/SC-01", "2026-12-31") == "1 UVT"
    assert tarifa("UDEC/SC-01", "2027-01-01") == "1,2 UVT"
    assert dias("UDEC/SC-01") == [("2021-01-01", "2026-12-31"), ("2027-01-01", "")]
    assert verificar() == []
    linea = next(x for x in cotizar("cundinamarca", "SC-01", "2026-06-01")["lineas"] if x["estampilla"] == "UDEC")
    assert linea["norma"].startswith("Ordenanza 039 de 2020"), "the past keeps its norm"
    sucesos = db.session.scalars(select(Bitacora).where(Bitacora.objeto == f"propuesta:{numero}").order_by(Bitacora.id))
    assert [(b.accion, b.usuario_id, b.detalle["valor"]) for b in sucesos] == [
        ("propuesta_escrita", ana, "1.2"),
        ("propuesta_publicada", berta, "1.2"),
    ]


def test_lo_que_el_borrador_no_dice_queda_como_estaba(ana: int, berta: int) -> None:
    """A tariff for every act of a kind keeps the groups that it leaves out."""
    filas = normativa.filas_de_tabla("tarifa", "cundinamarca")
    codigo = next(t["codigo"] for t in filas if (t["acto"], t["clase"]) == ("*", "con_cuantia"))
    antes = normativa.filas_de_tabla("tarifa", "cundinamarca", codigo=codigo)[0]
    cifra = {"tipo": antes["tipo"], "indicador": "", "valor": Decimal(antes["valor"]), "redondeo": antes["redondeo"]}
    publicar(proponer_tarifa(ana, codigo, **cifra), berta)
    vieja, nueva = normativa.filas_de_tabla("tarifa", "cundinamarca", codigo=codigo)
    propias = {"desde", "hasta", "norma", "articulo", "origen"}
    assert {c: v for c, v in nueva.items() if c not in propias} == {c: v for c, v in antes.items() if c not in propias}
    assert (nueva["norma"], nueva["origen"], vieja["hasta"]) == ("Ordenanza 12 de 2026", "", date(2026, 12, 31))


def test_lo_que_la_pantalla_no_sabe_decir_no_se_pierde(ana: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A column that no draft speaks of is neither dropped nor copied in silence: the change is refused."""
    propias = borradores.filas_del_gravamen

    def con_escala(*donde: Any) -> list[dict[str, Any]]:
        return [{**f, "escala": {"tramos": ["…"]}} for f in propias(*donde)]

    monkeypatch.setattr(borradores, "filas_del_gravamen", con_escala)
    with pytest.raises(DatoInvalido, match="condiciones que la pantalla no cambia"):
        proponer_tarifa(ana)
    assert proponer_tarifa(ana, acto="Ordenanza 12", **TERMINAR), "ending it loses nothing"


def test_una_tarifa_nueva_para_un_acto_que_la_estampilla_no_gravaba(ana: int, berta: int) -> None:
    libre = "ADULTO_MAYOR/SC-01"
    assert tarifa(libre, "2027-01-01") == ""
    publicar(proponer_tarifa(ana, libre), berta)
    assert (tarifa(libre, "2026-12-31"), tarifa(libre, "2027-01-01")) == ("", "1,2 UVT")
    assert verificar() == []


def test_terminar_una_tarifa_y_volver_a_abrirla(ana: int, berta: int) -> None:
    publicar(proponer_tarifa(ana, acto="Ordenanza 12 de 2026", **TERMINAR), berta)
    assert (tarifa("UDEC/SC-01", "2026-12-31"), tarifa("UDEC/SC-01", "2027-01-01")) == ("1 UVT", "")
    assert verificar() == []
    publicar(proponer_tarifa(berta, acto="Ordenanza 13 de 2026", **{**TERMINAR, "hasta": None}), ana)
    assert dias("UDEC/SC-01") == [("2021-01-01", "")]


def test_confirmar_la_variante_deja_una_sola_tarifa(ana: int, berta: int) -> None:
    """C-A01: the norm has the act twice, with 0,5 and 0,6 UVT."""
    assert "variante" in cotizar("cundinamarca", "SC-15", "2026-06-01")["error"]
    numero = proponer_tarifa(ana, variante="segundo_renglon", desde=date(2026, 6, 1), acto="Acta 1", **MATRICULA)
    publicar(numero, berta)
    linea = next(
        x for x in cotizar("cundinamarca", "SC-15", "2026-06-01")["lineas"] if x["estampilla"] == "PRO_DESARROLLO"
    )
    assert linea["tarifa"] == "0,6 UVT"
    assert "art. 303" in linea["norma"], "the norm is the ordinance's, not the act that chose"
    assert "variante" in cotizar("cundinamarca", "SC-15", "2026-05-31")["error"]
    assert verificar() == []


def test_publicar_con_norma_reemplaza_lo_provisional(ana: int, berta: int) -> None:
    numero = proponer_tarifa(ana, desde=date(2024, 1, 1), **PUTUMAYO)
    publicar(numero, berta)
    linea = cotizar("putumayo", "P-C-01", "2025-06-01", valor="1000000")["lineas"][0]
    assert (linea["tarifa"], linea["valor"]) == ("2 %", 20000)
    fila = normativa.filas_de_tabla("tarifa", "putumayo", codigo="ADULTO_MAYOR/P-C-01")
    assert [(f["provisional"], f["norma"]) for f in fila] == [(False, "Ordenanza 12 de 2026")]
    (anterior,) = publicaciones.versiones_anteriores("putumayo", "tarifa", ["ADULTO_MAYOR/P-C-01"])
    assert (anterior.reemplazada, anterior.cifra, anterior.datos["provisional"]) == (True, "0,5 %", True)
    assert verificar() == []


def test_lo_provisional_que_ya_se_uso_termina_despues_de_su_uso(ana: int, berta: int) -> None:
    usar("putumayo", "P-C-01", HOY)
    with pytest.raises(DatoInvalido, match="puede regir desde el 11 de diciembre de 2026"):
        proponer_tarifa(ana, desde=date(2024, 1, 1), **PUTUMAYO)
    publicar(proponer_tarifa(ana, desde=HOY + timedelta(days=1), **PUTUMAYO), berta)
    assert dias("ADULTO_MAYOR/P-C-01", "putumayo") == [("2024-01-01", HOY.isoformat()), ("2026-12-11", "")]


@pytest.mark.parametrize(
    ("cambios", "campo", "frase"),
    [
        ({"valor": Decimal(0)}, "valor", "mayor que cero"),
        ({"valor": Decimal("1.1234567")}, "valor", "6 decimales"),
        ({"desde": date(2029, 1, 1)}, "desde", "Todavía no"),
        ({"desde": date(2020, 12, 31)}, "desde", "no rige ese día"),
        ({"desde": date(2021, 1, 1)}, "desde", "corríjala"),
        ({"tipo": "porcentaje", "indicador": ""}, "medida", "no tiene cuantía"),
        ({"tipo": "pesos", "indicador": "", "valor": Decimal("10.5")}, "valor", "pesos enteros"),
        ({"tipo": "pesos", "indicador": "", "valor": Decimal(5000)}, "salto_confirmado", "de otra manera"),
        ({"indicador": "EURO"}, "medida", "cómo se mide"),
        ({"redondeo": "inventado"}, "redondeo", "redondeo"),
        ({"valor": Decimal("1.41")}, "salto_confirmado", "40 %"),
        ({"valor": Decimal("0.59")}, "salto_confirmado", "40 %"),
        ({"norma": ""}, "norma", "Escriba"),
        ({"articulo": " "}, "articulo", "Escriba"),
        ({"acto_fecha": HOY + timedelta(days=1)}, "acto_fecha", "futuro"),
        ({"evidencia": "ftp://x"}, "evidencia", "enlace completo"),
        ({"norma": "a\u202eb"}, "norma", "caracteres"),
        ({"corrige": date(2021, 1, 1)}, "correccion", "Escriba"),
    ],
)
def test_lo_malo_se_rehusa_y_dice_el_campo(ana: int, cambios: dict[str, Any], campo: str, frase: str) -> None:
    with pytest.raises(DatoInvalido, match=frase) as error:
        proponer_tarifa(ana, **cambios)
    assert error.value.campo == campo
    assert db.session.scalars(select(Propuesta)).all() == []


def test_el_tope_de_la_estampilla_se_respeta(ana: int) -> None:
    """N-A21: Ley 645's limit of 2 % of Nariño's university stamp; 2 % itself may be charged."""
    base = {"departamento": "narino", "codigo": "PRO_UNIVERSIDAD/N-U-01", "tipo": "porcentaje", "indicador": ""}
    base |= {"redondeo": "centena_superior", "salto_confirmado": True}
    with pytest.raises(DatoInvalido, match="no deja cobrar más del 2 %") as error:
        proponer_tarifa(ana, **base, valor=Decimal("2.01"))
    assert error.value.campo == "valor"
    assert proponer_tarifa(ana, **base, valor=Decimal(2))


def test_una_estampilla_que_sigue_a_otra_no_cobra_sin_ella(ana: int) -> None:
    """Nariño's Pro Cultura taxes what Pro Desarrollo taxes (art. 248): not an act of the university's list."""
    fijo = {"tipo": "pesos", "indicador": "", "valor": Decimal(4000), "redondeo": "centena_superior"}
    with pytest.raises(DatoInvalido, match="a la que sigue, no grava ese acto"):
        proponer_tarifa(ana, "PRO_CULTURA/N-U-02", "narino", **fijo)


@pytest.mark.parametrize("codigo", ["NADA/SC-01", "UDEC/NADA", "UDEC", "UDEC/con_cuantia/*/x", "UDEC/sin_cuantia/*"])
def test_lo_que_no_existe_se_dice(app: Flask, codigo: str) -> None:
    with pytest.raises(NoExiste):
        tarifas.sujeto_de("cundinamarca", codigo)


def test_los_dias_ya_liquidados_de_ese_acto_no_cambian(ana: int, berta: int) -> None:
    numero = proponer_tarifa(ana, desde=date(2026, 11, 1))
    usar("cundinamarca", "SC-02", date(2026, 11, 20))
    usar("narino", "SC-01", date(2026, 11, 20))
    usar("cundinamarca", "SC-01", date(2026, 10, 31))
    proponer_tarifa(berta, "UDEC/SC-01", desde=date(2026, 11, 2))
    usar("cundinamarca", "SC-01", date(2026, 11, 5))
    with pytest.raises(DatoInvalido, match="puede regir desde el 6 de noviembre de 2026"):
        publicar(numero, berta)
    assert dias("UDEC/SC-01") == [("2021-01-01", "")]
    assert db.session.get_one(Propuesta, numero).es_borrador
    editar(numero, ana, desde=date(2026, 11, 6))
    publicar(numero, berta, version=2)
    assert dias("UDEC/SC-01")[1] == ("2026-11-06", "")


def test_no_se_empieza_a_cobrar_donde_ya_se_liquido_sin_cobrarla(ana: int) -> None:
    usar("cundinamarca", "SC-01", date(2027, 1, 3), estampilla="UDEC")
    with pytest.raises(DatoInvalido, match="la última, del 3 de enero de 2027"):
        proponer_tarifa(ana, "ADULTO_MAYOR/SC-01")


def test_terminar_no_quita_dias_ya_liquidados(ana: int) -> None:
    usar("cundinamarca", "SC-01", date(2026, 12, 5))
    with pytest.raises(DatoInvalido, match="lo que se usó no cambia") as error:
        proponer_tarifa(ana, **{**TERMINAR, "hasta": date(2026, 12, 4)})
    assert error.value.campo == "hasta"
    assert proponer_tarifa(ana, **{**TERMINAR, "hasta": date(2026, 12, 5)})


def test_la_correccion_sin_uso_reemplaza_y_la_vieja_queda_a_la_vista(ana: int, berta: int) -> None:
    mala = proponer_tarifa(ana, valor=Decimal("1.3"))
    publicar(mala, berta)
    corrige = {"corrige": date(2027, 1, 1), "correccion": "El artículo dice 1,2", "desde": date(2027, 2, 1)}
    buena = proponer_tarifa(ana, **corrige)
    publicar(buena, berta)
    assert dias("UDEC/SC-01") == [("2021-01-01", "2027-01-31"), ("2027-02-01", "")]
    assert tarifa("UDEC/SC-01", "2027-01-15") == "1 UVT", "as if the wrong one had never been published"
    vieja = db.session.get_one(Propuesta, mala)
    assert (vieja.estado, vieja.corregida_por) == (EstadoPropuesta.CORREGIDA, buena)
    versiones = publicaciones.versiones_anteriores("cundinamarca", "tarifa", ["UDEC/SC-01"])
    reemplazada = next(v for v in versiones if v.reemplazada)
    assert (reemplazada.cifra, reemplazada.propuesta.correccion) == ("1,3 UVT", "El artículo dice 1,2")
    assert reemplazada.propuesta.resuelta_por == berta
    assert verificar() == []


def test_la_correccion_de_lo_usado_no_toca_los_dias_usados(ana: int, berta: int) -> None:
    publicar(proponer_tarifa(ana, desde=date(2026, 11, 1), valor=Decimal("1.3")), berta)
    usar("cundinamarca", "SC-01", date(2026, 11, 9))
    corrige = {"corrige": date(2026, 11, 1), "correccion": "Error de digitación"}
    with pytest.raises(DatoInvalido, match="puede regir desde el 10 de noviembre de 2026"):
        proponer_tarifa(ana, **corrige, desde=date(2026, 11, 1))
    publicar(proponer_tarifa(ana, **corrige, desde=date(2026, 11, 10)), berta)
    assert (tarifa("UDEC/SC-01", "2026-11-09"), tarifa("UDEC/SC-01", "2026-11-10")) == ("1,3 UVT", "1,2 UVT")
    assert [p.estado for p in db.session.scalars(select(Propuesta))] == [EstadoPropuesta.PUBLICADA] * 2


def test_se_corrige_tambien_lo_que_vino_con_el_portal(ana: int, berta: int) -> None:
    corrige = {"corrige": date(2021, 1, 1), "correccion": "El manual se leyó mal", "desde": date(2021, 1, 1)}
    publicar(proponer_tarifa(ana, **corrige), berta)
    assert dias("UDEC/SC-01") == [("2021-01-01", "")]
    assert tarifa("UDEC/SC-01", "2021-01-01") == "1,2 UVT"


def test_lo_que_se_ve_antes_es_lo_que_se_publica(ana: int, berta: int) -> None:
    casos: list[dict[str, Any]] = [
        {},
        {"codigo": "UDEC/SC-02", **TERMINAR},
        {"variante": "primer_renglon", "acto": "Acta 1", **MATRICULA},
        {"corrige": date(2027, 1, 1), "correccion": "Otra", "valor": Decimal("1.1")},
    ]
    for caso in casos:
        numero = proponer_tarifa(ana, **{"acto": "Ordenanza 12", **caso})
        antes = normativa_de("cundinamarca")
        con = normativa_con("cundinamarca", db.session.get_one(PropuestaTarifa, numero))
        assert normativa_de("cundinamarca") == antes, "looking writes nothing"
        publicar(numero, berta)
        assert sorted(con.tarifas, key=repr) == sorted(normativa_de("cundinamarca").tarifas, key=repr)
        assert con.tarifas != antes.tarifas


def test_el_segundo_editor_se_entera_y_lo_terminado_no_se_edita(ana: int, berta: int) -> None:
    numero = proponer_tarifa(ana)
    editar(numero, berta, valor=Decimal("1.1"))
    with pytest.raises(PropuestaCambio):
        editar(numero, ana, valor=Decimal("1.3"))
    with pytest.raises(TransicionNoPermitida, match="otro administrador"):
        publicar(numero, berta, version=2)
    assert db.session.get_one(PropuestaTarifa, numero).valor == "1.1"
    retirar(numero, ana, version=2)
    with pytest.raises(PropuestaCambio):
        editar(numero, ana, version=3)
    assert proponer_tarifa(ana) != numero


def test_la_misma_propuesta_dos_veces_es_una(ana: int, berta: int) -> None:
    assert proponer_tarifa(ana) == proponer_tarifa(ana)
    with pytest.raises(TransicionNoPermitida, match="Ya hay una propuesta"):
        proponer_tarifa(berta)


@pytest.mark.parametrize("falta", [{"acto_fecha": None}, {"evidencia": ""}])
def test_sin_el_acto_no_se_publica(ana: int, berta: int, falta: dict[str, Any]) -> None:
    with pytest.raises(TransicionNoPermitida, match="Para publicar faltan"):
        publicar(proponer_tarifa(ana, **falta), berta)


@pytest.mark.parametrize("rol", ["rentas", "auditor", "tesoreria"])
def test_solo_un_administrador_propone_o_publica(ana: int, rol: str) -> None:
    otro = cuenta(rol)
    for acto in (lambda: proponer_tarifa(otro), lambda: publicar(proponer_tarifa(ana), otro)):
        with pytest.raises(TransicionNoPermitida, match="Solo un administrador"):
            acto()


def test_publicar_dos_borradores_que_se_estorban_se_rehusa(ana: int, berta: int) -> None:
    """Both fit when they were written; the second one finds the first one's row."""
    primero, segundo = proponer_tarifa(ana), proponer_tarifa(ana, desde=date(2026, 12, 20))
    publicar(segundo, berta)
    publicar(primero, berta)
    assert dias("UDEC/SC-01")[1:] == [("2026-12-20", "2026-12-31"), ("2027-01-01", "")]
    tercero = proponer_tarifa(ana, desde=date(2027, 3, 1))
    corrige = {"corrige": date(2027, 1, 1), "correccion": "Empieza en abril", "desde": date(2027, 4, 1)}
    publicar(proponer_tarifa(ana, **corrige), berta)
    publicar(tercero, berta)
    assert dias("UDEC/SC-01")[1:] == [("2026-12-20", "2027-02-28"), ("2027-03-01", "2027-03-31"), ("2027-04-01", "")]
    assert verificar() == []
