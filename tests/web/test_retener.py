"""An agent records at the screens what it withheld: once, its own, undone with a reason; and how a withheld stamp is told."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db, transaccion
from portal.models import Agente, Liquidacion, Retencion, Sede
from portal.models.usuario import Rol
from portal.operaciones.agentes.registro import agregar_sede, cerrar_sede
from portal.operaciones.firmas import Firma
from tests import estampillas, fabricas
from tests.adhesiones import usar
from tests.agentes import deshecha, persona, retenida, suya
from tests.conftest import AHORA, ingresar
from tests.documentos.lectura import texto as texto_pdf
from tests.fabricas import HOY, estados_de
from tests.navegador_de_pruebas import ClienteEstricto
from tests.web.pantallas_de_agentes import entidad, entrar
from tests.web.pantallas_de_liquidar import texto_de

LISTA = "/gestion/liquidaciones"


@pytest.fixture
def hospital(app: Flask) -> Agente:
    return entidad(nombre="Hospital San Rafael")


@pytest.fixture
def agente(app: Flask, hospital: Agente) -> ClienteEstricto:
    return entrar(app, hospital)


def retener(client: ClienteEstricto, una: Liquidacion, **cambios: Any) -> Any:
    """Fill the form of its page in and send it."""
    pagina = client.get(f"{LISTA}/{una.codigo}").text
    return client.enviar(f"{LISTA}/{una.codigo}/retener", llenado(pagina) | cambios)


def llenado(pagina: str) -> dict[str, Any]:
    """What the form offers, with the number of a paper."""
    clave, fecha = (_valor(pagina, nombre) for nombre in ("clave", "fecha"))
    facturas = re.findall(r'name="factura" value="(\d+)" checked', pagina)
    return {"clave": clave, "fecha": fecha, "factura": facturas, "forma": "descuento", "documento": "OP 45"}


def _valor(pagina: str, nombre: str) -> str:
    hallado = re.search(rf'name="{nombre}"[^>]* value="([^"]*)"', pagina)
    assert hallado, nombre
    return hallado[1]


def retenciones() -> list[Retencion]:
    db.session.rollback()
    return list(db.session.scalars(select(Retencion).order_by(Retencion.id)))


def test_retiene_todas_las_estampillas_y_queda_en_la_lista(agente: ClienteEstricto, hospital: Agente) -> None:
    una = suya(hospital)
    pagina = agente.get(f"{LISTA}/{una.codigo}").text
    assert len(re.findall(r'name="factura" value="\d+" checked', pagina)) == 2
    assert f'value="{HOY.isoformat()}"' in pagina
    assert 'name="sede"' not in pagina
    respuesta = retener(agente, una)
    assert (respuesta.status_code, respuesta.location) == (303, f"{LISTA}/{una.codigo}")
    despues = texto_de(agente.get(respuesta.location).text)
    assert "La retención por $9.000 quedó registrada." in despues
    assert "Descuento en la factura o documento de pago OP 45 $9.000 Persona de la entidad" in despues
    assert "Registrar la retención" not in despues
    assert estados_de(una) == ["legalizada", "legalizada"]


def test_retiene_solo_las_que_elige_de_la_sede_que_elige(agente: ClienteEstricto, hospital: Agente) -> None:
    firma = Firma(persona(Rol.ADMINISTRADOR), AHORA)
    with transaccion():
        sede = agregar_sede(hospital, "Mocoa", firma=firma).id
    una = suya(hospital)
    sola = [str(una.facturas[1].numero)]
    assert retener(agente, una, factura=sola, sede=str(sede), forma="consignacion").status_code == 303
    assert estados_de(una) == ["liquidada", "legalizada"]
    (hecha,) = retenciones()
    assert (hecha.sede_id, hecha.forma.value) == (sede, "consignacion")
    assert "Mocoa" in agente.get(f"{LISTA}/{una.codigo}").text


def test_solo_se_ofrecen_sedes_abiertas_y_la_que_se_cerro_mientras_tanto_se_rechaza(
    agente: ClienteEstricto, hospital: Agente
) -> None:
    firma = Firma(persona(Rol.ADMINISTRADOR), AHORA)
    with transaccion():
        norte, sur = (agregar_sede(hospital, nombre, firma=firma) for nombre in ("Sede Norte", "Sede Sur"))
        cerrar_sede(sur, firma=firma)
        ids = [norte.id, sur.id]
    una = suya(hospital)
    abierta = agente.get(f"{LISTA}/{una.codigo}").text
    assert ("Sede Norte" in abierta, "Sede Sur" in abierta) == (True, False)
    datos = llenado(abierta)
    with transaccion():
        cerrar_sede(db.session.get_one(Sede, ids[0]), firma=firma)
    for cerrada in ids:
        rechazada = agente.enviar(f"{LISTA}/{una.codigo}/retener", datos | {"sede": str(cerrada)})
        assert (rechazada.status_code, 'name="sede"' in rechazada.text) == (422, True)
    assert retenciones() == []


def test_enviar_dos_veces_el_mismo_formulario_retiene_una(agente: ClienteEstricto, hospital: Agente) -> None:
    una = suya(hospital)
    datos = llenado(agente.get(f"{LISTA}/{una.codigo}").text)
    for _ in range(2):
        assert agente.enviar(f"{LISTA}/{una.codigo}/retener", datos).status_code == 303
    assert len(retenciones()) == 1


@pytest.mark.parametrize(
    ("cambio", "estado", "dice"),
    [
        ({"factura": []}, 422, "Elija al menos una estampilla"),
        ({"factura": ["999999"]}, 422, "999999"),
        ({"documento": " "}, 422, "Escriba este dato: Número del documento"),
        ({"fecha": "31/02/2026"}, 422, "fecha"),
        ({"fecha": (HOY + timedelta(days=1)).isoformat()}, 422, "La fecha no puede ser futura"),
        ({"forma": "efectivo"}, 422, "efectivo"),
        ({"clave": "corta"}, 422, "empiece de nuevo"),
    ],
)
def test_lo_que_no_se_acepta_se_dice_y_conserva_lo_escrito(
    agente: ClienteEstricto, hospital: Agente, cambio: dict[str, Any], estado: int, dice: str
) -> None:
    una = suya(hospital)
    respuesta = retener(agente, una, **({"documento": "OP 88"} | cambio))
    assert respuesta.status_code == estado
    assert "Hay un problema" in respuesta.text
    if "documento" not in cambio:
        assert 'value="OP 88"' in respuesta.text
    if dice not in ("999999", "efectivo"):
        assert dice in respuesta.text
    assert retenciones() == []
    assert estados_de(una) == ["liquidada", "liquidada"]


def test_lo_que_otra_persona_ya_retuvo_se_dice(agente: ClienteEstricto, hospital: Agente) -> None:
    una = suya(hospital)
    datos = llenado(agente.get(f"{LISTA}/{una.codigo}").text)
    retenida(una, persona(Rol.AGENTE, hospital), numeros=(una.facturas[0].numero,))
    respuesta = agente.enviar(f"{LISTA}/{una.codigo}/retener", datos)
    assert respuesta.status_code == 409
    assert "no se debe nada" in respuesta.text
    assert 'value="OP 45"' in respuesta.text
    assert len(retenciones()) == 1


def test_si_otra_persona_lo_retuvo_todo_se_dice_igual(agente: ClienteEstricto, hospital: Agente) -> None:
    una = suya(hospital)
    datos = llenado(agente.get(f"{LISTA}/{una.codigo}").text)
    retenida(una, persona(Rol.AGENTE, hospital))
    respuesta = agente.enviar(f"{LISTA}/{una.codigo}/retener", datos)
    assert respuesta.status_code == 409
    assert "no se debe nada" in respuesta.text
    assert 'name="factura"' not in respuesta.text


def test_no_se_ofrece_lo_que_esta_en_el_banco(agente: ClienteEstricto, hospital: Agente) -> None:
    una = suya(hospital)
    fabricas.pago(una, facturas=(una.facturas[0].numero,))
    pagina = agente.get(f"{LISTA}/{una.codigo}").text
    assert re.findall(r'name="factura" value="(\d+)"', pagina) == [str(una.facturas[1].numero)]


def test_por_su_direccion_el_paso_vuelve_a_la_liquidacion(agente: ClienteEstricto, hospital: Agente) -> None:
    una = suya(hospital)
    respuesta = agente.get(f"{LISTA}/{una.codigo}/retener")
    assert (respuesta.status_code, respuesta.location) == (303, f"{LISTA}/{una.codigo}#retener")


def test_deshacer_pide_el_motivo_y_se_debe_de_nuevo(agente: ClienteEstricto, hospital: Agente) -> None:
    una = suya(hospital)
    hecha = retenida(una, persona(Rol.AGENTE, hospital))
    pagina = f"{LISTA}/{una.codigo}/retenciones/{hecha.id}/deshacer"
    assert f'href="{pagina}"' in agente.get(f"{LISTA}/{una.codigo}").text
    assert agente.get(pagina).status_code == 200
    assert agente.enviar(pagina, {"motivo": ""}).status_code == 422
    assert estados_de(una) == ["legalizada", "legalizada"]
    assert agente.enviar(pagina, {"motivo": "Era de otro contrato"}).status_code == 303
    assert estados_de(una) == ["liquidada", "liquidada"]
    despues = texto_de(agente.get(f"{LISTA}/{una.codigo}").text)
    assert "Deshecha" in despues
    assert "Era de otro contrato" in despues
    assert "La entidad deshizo la retención y se debe de nuevo." in despues
    assert agente.enviar(pagina, {"motivo": "Otra vez"}).status_code == 409


def test_lo_usado_no_se_ofrece_deshacer_y_dice_por_que(agente: ClienteEstricto, hospital: Agente) -> None:
    una = suya(hospital)
    hecha = retenida(una, persona(Rol.AGENTE, hospital))
    usar(una.facturas[0].id)
    direccion = f"{LISTA}/{una.codigo}/retenciones/{hecha.id}/deshacer"
    pagina = agente.get(f"{LISTA}/{una.codigo}").text
    assert direccion not in pagina
    assert "ya se adhirió a su acto" in pagina
    assert "No se puede deshacer." in agente.get(direccion).text
    assert agente.enviar(direccion, {"motivo": "Era de otro"}).status_code == 409


def test_la_retencion_de_otra_liquidacion_no_esta_en_esta(agente: ClienteEstricto, hospital: Agente) -> None:
    una, otra = suya(hospital), suya(hospital)
    hecha = retenida(otra, persona(Rol.AGENTE, hospital))
    assert agente.get(f"{LISTA}/{una.codigo}/retenciones/{hecha.id}/deshacer").status_code == 404


def test_la_liquidacion_y_su_pdf_dicen_quien_la_retuvo(client: ClienteEstricto, hospital: Agente) -> None:
    una = suya(hospital)
    codigo = una.codigo
    retenida(una, persona(Rol.AGENTE, hospital), numeros=(una.facturas[0].numero,), documento="OP 45")
    assert texto_de(client.get(f"/liquidacion/{codigo}").text).count("Retenida por Hospital San Rafael el") == 1
    papel = " ".join(texto_pdf(client.get(f"/liquidacion/{codigo}.pdf").data).split())
    assert papel.count("Retenida por Hospital San Rafael el") == 1
    assert "documento OP 45" in papel


def test_la_estampilla_dice_quien_la_retuvo_y_su_pagina_no_muestra_el_documento(
    client: ClienteEstricto, hospital: Agente
) -> None:
    una = suya(hospital, (4000,))
    retenida(una, persona(Rol.AGENTE, hospital), documento="OP 45")
    (estampilla,) = estampillas.expedir(una)
    pagina = texto_de(client.get(f"/v/{estampilla.codigo}").text)
    assert "Pagada y sin usar" in pagina
    assert "Retenida por Hospital San Rafael el" in pagina
    assert "OP 45" not in pagina
    papel = " ".join(texto_pdf(client.get(f"/liquidacion/{una.codigo}/estampillas.pdf").data).split())
    assert "Retenida por Hospital San Rafael el" in papel
    assert "documento OP 45" in papel
    assert "CUS" not in papel


def test_deshecha_la_retencion_la_estampilla_ya_no_esta_pagada(client: ClienteEstricto, hospital: Agente) -> None:
    quien = persona(Rol.AGENTE, hospital)
    una = suya(hospital, (4000,))
    hecha = retenida(una, quien)
    (primera,) = estampillas.expedir(una)
    codigo = primera.codigo
    deshecha(hecha, quien)
    pagina = texto_de(client.get(f"/v/{codigo}").text)
    assert "Ya no está pagada" in pagina
    assert "La entidad deshizo la retención" in pagina
    assert "Retenida por" not in pagina
    assert client.get(f"/liquidacion/{una.codigo}/estampillas.pdf").status_code == 404
    estampillas.pagar(una)
    estampillas.expedir(una)
    pagina = texto_de(client.get(f"/v/{codigo}").text)
    assert "Reemplazada por otra" in pagina
    assert "La entidad deshizo la retención con que se expidió" in pagina
    assert "El banco devolvió" not in pagina


def test_vencida_despues_de_deshacerla_tampoco_se_recibe(client: ClienteEstricto, hospital: Agente) -> None:
    quien = persona(Rol.AGENTE, hospital)
    una = suya(hospital, (4000,), fecha_limite=HOY - timedelta(days=1))
    hecha = retenida(una, quien)
    (estampilla,) = estampillas.expedir(una)
    deshecha(hecha, quien)
    assert "Ya no está pagada" in texto_de(client.get(f"/v/{estampilla.codigo}").text)


def test_el_funcionario_y_el_certificado_ven_quien_la_retuvo(client: ClienteEstricto, hospital: Agente) -> None:
    una = suya(hospital, (4000,))
    numero = una.numero
    retenida(una, persona(Rol.AGENTE, hospital), documento="OP 45")
    ingresar(client, "funcionario")
    esperado = "Retenida por Hospital San Rafael el"
    assert esperado in texto_de(client.get(f"/gestion/validacion/actos/{numero}").text)
    hallado = client.enviar("/gestion/certificados", {"asunto": f"liquidacion|{numero}"})
    assert esperado in texto_de(hallado.text), hallado.status_code
