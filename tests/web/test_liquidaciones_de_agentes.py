"""A collecting agent at the screens of liquidaciones: it sees and touches what is its own, and nothing else exists for it."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from portal.db import db, transaccion
from portal.models import Agente, Liquidacion
from portal.models.usuario import Rol
from tests import fabricas
from tests.agentes import persona, retenida
from tests.conftest import ingresar
from tests.navegador_de_pruebas import ClienteEstricto
from tests.web.pantallas_de_agentes import accesos_ajenos, cuenta_de, entidad, entrar
from tests.web.pantallas_de_liquidar import (
    CONTRATO,
    HX,
    NUEVA,
    TRAMITE,
    cuantas,
    emitir,
    guardada,
    ocultos,
    paso,
    texto_de,
)

LISTA = "/gestion/liquidaciones"
SUYO = {campo: valor for campo, valor in CONTRATO.items() if not campo.startswith("contratante")}


@pytest.fixture
def hospital(app: Flask) -> Agente:
    return entidad(nombre="Hospital San Rafael")


@pytest.fixture
def del_hospital(app: Flask, hospital: Agente) -> ClienteEstricto:
    return entrar(app, hospital)


@pytest.fixture
def de_otra(app: Flask) -> ClienteEstricto:
    return entrar(app, entidad(nombre="Universidad del Sur"), "persona@otra.test")


def suyo(de: Agente, **otros: object) -> Liquidacion:
    return fabricas.contrato(agente_id=de.id, valores=(4000, 5000), **otros)


def rutas_de_una(app: Flask, una: Liquidacion, retencion_id: int) -> Iterator[tuple[str, str]]:
    """Every address of the blueprint that names a liquidación, with each of its methods: new ones enter by themselves."""
    for regla in app.url_map.iter_rules():
        if not regla.endpoint.startswith("liquidaciones.") or "<codigo>" not in regla.rule:
            continue
        ruta = regla.rule.replace("<codigo>", una.codigo).replace("<cambio>", "cuenta")
        ruta = re.sub(r"<int:[a-z_]+>", str(retencion_id), ruta)
        assert "<" not in ruta, f"say what {regla.rule} takes"
        for metodo in sorted({"GET", "POST"} & (regla.methods or set())):
            yield metodo, ruta


def test_lo_de_otra_entidad_no_existe_y_queda_anotado_quien_lo_pidio(
    app: Flask, hospital: Agente, de_otra: ClienteEstricto
) -> None:
    una = suyo(hospital)
    retencion_id = retenida(una, persona(Rol.AGENTE, hospital)).id
    datos = {"paso": "confirmar", "clave": una.clave_formulario, "motivo": "Curiosidad"}
    numero, rutas = una.numero, list(rutas_de_una(app, una, retencion_id))
    app.config["WTF_CSRF_ENABLED"] = False
    assert len(rutas) >= 10
    for metodo, ruta in rutas:
        antes = len(accesos_ajenos())
        respuesta = de_otra.open(ruta, method=metodo, data=datos if metodo == "POST" else None)
        assert respuesta.status_code == 404, f"{metodo} {ruta}"
        assert "UNION TEMPORAL" not in respuesta.text
        nuevas = accesos_ajenos()[antes:]
        assert [(n.objeto, n.detalle["metodo"]) for n in nuevas] == [(f"liquidacion:{numero}", metodo)], ruta
        assert "901805364" not in str(nuevas[0].detalle)
    assert fabricas.estados_de(una) == ["legalizada", "legalizada"]
    assert cuantas() == 1


def test_las_mismas_direcciones_existen_para_su_entidad(
    app: Flask, hospital: Agente, del_hospital: ClienteEstricto
) -> None:
    una = suyo(hospital)
    retencion_id = retenida(una, persona(Rol.AGENTE, hospital)).id
    app.config["WTF_CSRF_ENABLED"] = False
    for metodo, ruta in list(rutas_de_una(app, una, retencion_id)):
        assert del_hospital.open(ruta, method=metodo).status_code not in (403, 404, 500), f"{metodo} {ruta}"
    assert accesos_ajenos() == []


def test_lo_del_departamento_tampoco_existe_para_ella(app: Flask, del_hospital: ClienteEstricto) -> None:
    una = fabricas.liquidacion()
    assert del_hospital.get(f"{LISTA}/{una.codigo}").status_code == 404
    assert [a.objeto for a in accesos_ajenos()] == [f"liquidacion:{una.numero}"]


def test_el_enlace_privado_sigue_abierto_a_quien_lo_tenga(hospital: Agente, de_otra: ClienteEstricto) -> None:
    una = suyo(hospital)
    assert de_otra.get(f"/liquidacion/{una.codigo}").status_code == 200
    assert accesos_ajenos() == []


@pytest.mark.parametrize("cabeceras", [{}, HX])
def test_la_lista_la_busqueda_y_sus_paginas_son_de_la_entidad(
    app: Flask, hospital: Agente, del_hospital: ClienteEstricto, cabeceras: dict[str, str]
) -> None:
    propias = [suyo(hospital, numero=str(n)) for n in range(27)]
    ajena, del_departamento = suyo(entidad(), numero="900"), fabricas.liquidacion()
    codigos = {x.codigo for x in propias}
    ajenos = {ajena.codigo, del_departamento.codigo}

    def vistos(**datos: str) -> set[str]:
        pagina = del_hospital.enviar(LISTA, datos, headers=cabeceras)
        assert pagina.status_code == 200
        return set(re.findall(rf'href="{LISTA}/([\w-]{{20,}})"', pagina.text))

    primera = vistos()
    siguientes = vistos(antes=str(min(x.numero for x in propias if x.codigo in primera)))
    assert primera | siguientes == codigos
    # The same document as all of them, the number of another's, one of its facturas.
    assert vistos(buscar="901805364") <= codigos
    for texto in (str(ajena.numero), "900", str(ajena.facturas[0].numero), "1212312323"):
        assert not vistos(buscar=texto) & ajenos
    assert propias[7].codigo in vistos(buscar="7") <= codigos


def test_el_trabajo_de_la_entidad_muestra_lo_suyo(hospital: Agente, del_hospital: ClienteEstricto) -> None:
    propia, ajena = suyo(hospital), fabricas.liquidacion()
    pagina = del_hospital.get("/gestion").text
    assert propia.codigo in pagina
    assert ajena.codigo not in pagina
    assert "Agente recaudador · Hospital San Rafael" in texto_de(pagina)
    tarjetas = re.findall(r'<h3><a href="([^"]+)"', pagina)
    assert {LISTA, NUEVA} <= set(tarjetas)
    for direccion in tarjetas:
        assert del_hospital.get(direccion, follow_redirects=True).status_code == 200, direccion


def test_una_cuenta_sin_entidad_lo_sabe_y_no_ve_nada(app: Flask) -> None:
    client = entrar(app, None)
    assert "aún no está vinculada a una entidad" in client.get("/gestion").text
    for ruta in (LISTA, NUEVA, f"{NUEVA}/P-C-02", f"{LISTA}/{fabricas.liquidacion().codigo}"):
        respuesta = client.get(ruta)
        assert respuesta.status_code == 409, ruta
        assert "Su cuenta aún no está vinculada a una entidad" in respuesta.text


@pytest.mark.usefixtures("dia_con_valores")
def test_liquida_su_contrato_y_de_la_entidad_no_se_le_pregunta(hospital: Agente, del_hospital: ClienteEstricto) -> None:
    pagina = del_hospital.get(f"{NUEVA}/P-C-02").text
    assert 'name="contratante' not in pagina
    assert "Entidad contratante: Hospital San Rafael" in texto_de(pagina)
    direccion = emitir(del_hospital, "P-C-02", SUYO)
    una = guardada()
    assert (una.agente_id, una.contratante, una.contratante_nit) == (hospital.id, hospital.nombre, hospital.nit)
    assert "quedó emitida" in del_hospital.get(direccion).text


@pytest.mark.usefixtures("dia_con_valores")
def test_un_formulario_cambiado_no_cambia_la_entidad(hospital: Agente, del_hospital: ClienteEstricto) -> None:
    otra = entidad(nombre="Universidad del Sur")
    falso = {"contratante": otra.nombre, "contratante_nit": otra.nit, "agente_id": str(otra.id)}
    revision = paso(del_hospital, "P-C-02", "revisar", SUYO | falso)
    assert otra.nombre not in revision.text
    respuesta = del_hospital.post(f"{NUEVA}/P-C-02/emitir", data=ocultos(revision.text) | falso)
    assert respuesta.status_code == 303
    una = guardada()
    assert (una.agente_id, una.contratante, una.contratante_nit) == (hospital.id, hospital.nombre, hospital.nit)


@pytest.mark.usefixtures("dia_con_valores")
def test_un_tramite_que_liquida_es_de_la_entidad(hospital: Agente, del_hospital: ClienteEstricto) -> None:
    emitir(del_hospital, "P-T-01", TRAMITE)
    assert guardada().agente_id == hospital.id


@pytest.mark.usefixtures("dia_con_valores")
def test_si_rentas_lo_liquido_antes_de_que_fuera_agente_se_dice_sin_llevar_a_el(
    hospital: Agente, del_hospital: ClienteEstricto
) -> None:
    ajena = fabricas.contrato(contratante_nit=hospital.nit)
    respuesta = paso(del_hospital, "P-C-02", "revisar", SUYO)
    assert respuesta.status_code == 409
    assert "no a nombre de su entidad" in respuesta.text
    assert ajena.codigo not in respuesta.text


@pytest.mark.usefixtures("dia_con_valores")
def test_el_mismo_numero_de_otra_entidad_es_otro_contrato_que_no_ve(
    del_hospital: ClienteEstricto, de_otra: ClienteEstricto
) -> None:
    ajena = emitir(de_otra, "P-C-02", SUYO)
    propia = emitir(del_hospital, "P-C-02", SUYO)
    assert propia != ajena
    assert del_hospital.get(ajena).status_code == 404
    assert ajena.rsplit("/", 1)[1] not in del_hospital.get(LISTA).text
    assert paso(del_hospital, "P-C-02", "revisar", SUYO).status_code == 409


@pytest.mark.usefixtures("dia_con_valores")
def test_de_un_contrato_que_otra_anulo_se_ve_solo_lo_propio(
    app: Flask, hospital: Agente, del_hospital: ClienteEstricto, de_otra: ClienteEstricto
) -> None:
    ajena = emitir(de_otra, "P-C-02", SUYO)
    assert de_otra.enviar(f"{ajena}/sin-efecto", {"motivo": "Valor equivocado"}).status_code == 303
    propia = emitir(del_hospital, "P-C-02", SUYO)
    pagina = del_hospital.get(f"{propia}/contrato")
    assert pagina.status_code == 200
    assert ajena.rsplit("/", 1)[1] not in pagina.text
    assert texto_de(pagina.text).count("Contrato 647") >= 1
    assert "sin efecto" not in texto_de(pagina.text)


def test_un_contrato_con_partes_de_otros_no_se_toca(
    app: Flask, hospital: Agente, del_hospital: ClienteEstricto
) -> None:
    fabricas.contrato()
    adicion = suyo(hospital, adicion=1, entidad=0)
    pagina = del_hospital.get(f"{LISTA}/{adicion.codigo}")
    assert pagina.status_code == 200
    assert f"{adicion.codigo}/contrato" not in pagina.text
    assert del_hospital.get(f"{LISTA}/{adicion.codigo}/contrato").status_code == 404


def test_deja_sin_efecto_lo_suyo(hospital: Agente, del_hospital: ClienteEstricto) -> None:
    una = fabricas.liquidacion(agente_id=hospital.id)
    assert "Dejar sin efecto" in del_hospital.get(f"{LISTA}/{una.codigo}").text
    assert del_hospital.enviar(f"{LISTA}/{una.codigo}/sin-efecto", {"motivo": "Valor equivocado"}).status_code == 303
    assert fabricas.estados_de(una) == ["sin_efecto", "sin_efecto"]


def test_no_reconoce_ni_importa(del_hospital: ClienteEstricto) -> None:
    pagina = del_hospital.get(LISTA).text
    assert "Nueva liquidación" in pagina
    assert "Importar contratos" not in pagina
    for ruta in (f"{LISTA}/reconocimientos", f"{LISTA}/reconocimientos/nuevo", "/gestion/importar"):
        assert del_hospital.get(ruta).status_code in (403, 404), ruta


def test_cambiar_la_cuenta_de_entidad_cambia_lo_que_ve_desde_el_momento(
    app: Flask, hospital: Agente, de_otra: ClienteEstricto
) -> None:
    """F-38: what an account may do is read at each request."""
    una = suyo(hospital)
    assert de_otra.get(f"{LISTA}/{una.codigo}").status_code == 404
    with transaccion():
        db.session.execute(
            db.text("UPDATE usuario SET agente_id = :a WHERE correo = 'persona@otra.test'"), {"a": hospital.id}
        )
    assert de_otra.get(f"{LISTA}/{una.codigo}").status_code == 200


@pytest.mark.parametrize("rol", [Rol.RENTAS, Rol.ADMINISTRADOR, Rol.AUDITOR])
def test_el_departamento_sigue_viendo_todo(client: ClienteEstricto, hospital: Agente, rol: Rol) -> None:
    una = suyo(hospital)
    retenida(una, cuenta_de(hospital, "otra@entidad.test"), documento="OP 77")
    ingresar(client, rol.value)
    pagina = client.get(f"{LISTA}/{una.codigo}").text
    assert "OP 77" in pagina
    assert "Deshacer" not in pagina
    assert "Registrar la retención" not in pagina
    assert una.codigo in client.get(LISTA).text
