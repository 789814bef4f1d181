"""The official's pages: find, compare, use once, and be told why not; double clicks, photocopies and other people's acts."""

import hashlib
import re
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.db import db, transaccion
from portal.dominio.archivos import MAXIMO_BYTES
from portal.dominio.codigo_corto import escribir_codigo
from portal.models import Adhesion, Archivo, Bitacora, Liquidacion, Usuario
from tests.adhesiones import DEPENDENCIA, HOY_COLOMBIA, adherir, funcionario
from tests.archivos import pdf, png
from tests.conftest import ingresar
from tests.devoluciones import pagado
from tests.estampillas import devolver_el_banco, expedir, pagar
from tests.fabricas import contrato, estados_de, liquidacion
from tests.navegador_de_pruebas import ClienteEstricto
from tests.web.test_evidencia import mandar

RAIZ = "/gestion/validacion"


@pytest.fixture
def oficial(app: Flask, client: ClienteEstricto) -> ClienteEstricto:
    """An official of an office, signed in."""
    usuario = ingresar(client, "funcionario")
    with transaccion():
        db.session.get_one(Usuario, usuario.id).dependencia = DEPENDENCIA
    return client


def ruta(una: Liquidacion) -> str:
    return f"{RAIZ}/actos/{una.numero}"


def clave_de(pagina: str) -> str:
    hallada = re.search(r'name="clave" value="([^"]+)"', pagina)
    assert hallada
    return hallada[1]


def datos(una: Liquidacion, **otros: Any) -> dict[str, Any]:
    return {
        "acto_numero": "Contrato 647",
        "acto_fecha": HOY_COLOMBIA.isoformat(),
        "dependencia": DEPENDENCIA,
        "clave": "k" * 32,
        "factura": [str(f.numero) for f in una.facturas],
    } | otros


def buscar(cliente: ClienteEstricto, texto: str, **otros: Any) -> Any:
    return cliente.enviar(f"{RAIZ}/buscar", {"buscar": texto}, **otros)


def test_se_encuentra_por_lo_que_diga_el_papel(oficial: ClienteEstricto) -> None:
    una = contrato("99001")
    pagar(una)
    (estampilla, otra) = expedir(una)
    for texto in (
        str(una.facturas[0].numero),
        str(una.numero) if una.numero != una.facturas[0].numero else "99001",
        "99001",
        "901805364",
        "901.805.364-1",
        escribir_codigo(estampilla.codigo),
        escribir_codigo(estampilla.codigo).lower().replace("-", " "),
        otra.sello,
        f"https://estampillas.test/v/{otra.sello}",
    ):
        respuesta = buscar(oficial, texto)
        assert respuesta.status_code == 303, texto
        assert respuesta.headers["Location"].split("?")[0].endswith(ruta(una)), texto
    assert "901805364" not in respuesta.headers["Location"]


def test_lo_que_no_existe_o_esta_alterado_no_se_recibe(oficial: ClienteEstricto) -> None:
    una, _ = pagado((4000,))
    (estampilla,) = expedir(una)
    sello = estampilla.sello
    alterado = f"{sello[:-2]}{'B' if sello[-2] == 'A' else 'A'}{sello[-1]}"
    for texto in ("999999", "K7M2-9QWX-3RTE", alterado, "x" * 300):
        respuesta = buscar(oficial, texto)
        assert respuesta.status_code == 200
        assert "No hay nada con ese dato" in respuesta.text
    assert buscar(oficial, " ").status_code == 422
    assert "No hay nada" in buscar(oficial, "999999", headers={"HX-Request": "true"}).text
    assert oficial.get(f"{RAIZ}/leida/K7M29QWX3RTE").status_code == 404


def test_por_documento_salen_todos_los_actos_y_se_anota_quien_miro(oficial: ClienteEstricto) -> None:
    pagado((4000,))
    pagado((5000,))
    respuesta = buscar(oficial, "1212312323")
    assert respuesta.text.count(">Abrir<") == 2
    db.session.rollback()
    anotado = db.session.scalars(select(Bitacora).where(Bitacora.accion == "validacion.buscar")).one()
    assert len(anotado.detalle["liquidaciones"]) == 2
    assert "1212312323" not in str(anotado.detalle)


def test_con_htmx_un_solo_acto_se_abre_de_una_vez(oficial: ClienteEstricto) -> None:
    una, _ = pagado((4000,))
    respuesta = buscar(oficial, str(una.facturas[0].numero), headers={"HX-Request": "true"})
    assert (respuesta.status_code, respuesta.headers["HX-Redirect"]) == (204, ruta(una))


def test_la_pagina_del_acto_dice_lo_que_debe_coincidir(oficial: ClienteEstricto) -> None:
    una = contrato("99001")
    pagar(una)
    pagina = oficial.get(ruta(una)).text
    for dato in (
        "UNION TEMPORAL PUTUMAYO SEGURO",
        "NIT 901.805.364-1",
        "GOBERNACION DEL PUTUMAYO",
        "$235.000",
        "1234567",
    ):
        assert dato in pagina
    assert pagina.count('type="checkbox" name="factura"') == pagina.count(" checked>") == 2
    assert DEPENDENCIA in pagina
    db.session.rollback()
    visto = db.session.scalars(select(Bitacora).where(Bitacora.accion == "validacion.ver")).one()
    assert visto.objeto == f"liquidacion:{una.id}"


def test_se_adhiere_con_la_huella_del_acto_y_el_archivo_no_se_guarda(oficial: ClienteEstricto) -> None:
    una, _ = pagado()
    contenido = pdf()
    respuesta = oficial.enviar(ruta(una), datos(una, archivo=(BytesIO(contenido), "acto.pdf")))
    assert respuesta.status_code == 303
    assert estados_de(una) == ["utilizada", "utilizada"]
    pagina = oficial.get(respuesta.headers["Location"]).text
    assert hashlib.sha256(contenido).hexdigest() in pagina
    assert "Contrato 647" in pagina
    db.session.rollback()
    assert db.session.scalar(select(func.count(Archivo.id))) == 0


def test_el_doble_clic_y_la_respuesta_perdida_dan_lo_mismo(oficial: ClienteEstricto) -> None:
    una, _ = pagado()
    envio = datos(una, clave=clave_de(oficial.get(ruta(una)).text))
    destinos = {oficial.enviar(ruta(una), envio).headers["Location"] for _ in range(3)}
    assert len(destinos) == 1
    db.session.rollback()
    assert db.session.scalar(select(func.count(Adhesion.id))) == 1


def test_la_fotocopia_se_rechaza_diciendo_quien_cuando_y_para_que(oficial: ClienteEstricto) -> None:
    una, _ = pagado((4000,))
    adherir(una, funcionario("Ana Funcionaria"))
    pagina = oficial.get(ruta(una)).text
    assert "Ninguna de estas estampillas se puede usar" in pagina
    assert "Adherir y anular</button>" not in pagina
    respuesta = oficial.enviar(ruta(una), datos(una))
    assert respuesta.status_code == 409
    for parte in ("No se usó ninguna estampilla", "Ana Funcionaria", "Contrato 647", DEPENDENCIA, "Ver la adhesión 1"):
        assert parte in respuesta.text


@pytest.mark.parametrize(
    ("cambio", "dice"),
    [
        ({"acto_numero": ""}, "Escriba este dato: Acto"),
        ({"acto_fecha": "mañana"}, "fecha"),
        ({"acto_fecha": "2999-01-01"}, "aún no llega"),
        ({"dependencia": " "}, "Escriba este dato: Dependencia"),
        ({"factura": []}, "Elija al menos una estampilla"),
        ({"factura": ["x"]}, "Elija al menos una estampilla"),
        ({"factura": ["999999"]}, "No existe la factura 999999"),
        ({"clave": "corta"}, "Busque el acto de nuevo"),
    ],
)
def test_lo_que_falta_se_dice_y_no_se_usa_nada(oficial: ClienteEstricto, cambio: dict[str, Any], dice: str) -> None:
    una, _ = pagado((4000,))
    respuesta = oficial.enviar(ruta(una), datos(una) | cambio)
    assert respuesta.status_code == 422
    assert "Hay un problema" in respuesta.text
    assert dice in respuesta.text
    if "acto_numero" not in cambio:
        assert 'value="Contrato 647"' in respuesta.text, "what was typed is kept"
    assert estados_de(una) == ["legalizada"]


@pytest.mark.parametrize("contenido", [png(), b"", b"MZ ejecutable", pdf() + b"<html>" + b"x" * 2000])
def test_solo_un_pdf_entero_da_huella(oficial: ClienteEstricto, contenido: bytes) -> None:
    una, _ = pagado((4000,))
    respuesta = oficial.enviar(ruta(una), datos(una, archivo=(BytesIO(contenido), "acto.pdf")))
    assert respuesta.status_code == 422
    assert estados_de(una) == ["legalizada"]


def test_un_archivo_enorme_se_rechaza_con_una_frase(oficial: ClienteEstricto) -> None:
    una, _ = pagado((4000,))
    respuesta = mandar(oficial, ruta(una), b"%PDF-1.7" + b"x" * (4 * MAXIMO_BYTES), "acto.pdf")
    assert respuesta.status_code == 413
    assert "No se usó ninguna estampilla" in respuesta.text


def test_las_de_otro_acto_no_entran_por_el_formulario(oficial: ClienteEstricto) -> None:
    una, _ = pagado((4000,))
    ajena = liquidacion((4000,), documento="900100200")
    respuesta = oficial.enviar(ruta(una), datos(una, factura=[str(ajena.facturas[0].numero)]))
    assert respuesta.status_code == 409
    assert "Es de otra persona" in respuesta.text


def test_la_de_otro_departamento_se_encuentra_y_se_rechaza(oficial: ClienteEstricto) -> None:
    ajena = liquidacion((4000,), departamento="narino")
    respuesta = buscar(oficial, str(ajena.facturas[0].numero))
    assert respuesta.status_code == 303
    assert "Es de otro departamento" in oficial.get(ruta(ajena)).text


def test_el_papel_de_un_pago_que_el_banco_devolvio_no_vale(oficial: ClienteEstricto) -> None:
    una = liquidacion((4000,))
    uno = pagar(una)
    (vieja,) = expedir(una)
    devolver_el_banco(uno)
    pagar(una)
    expedir(una)
    pagina = oficial.get(buscar(oficial, vieja.codigo).headers["Location"]).text
    assert "Ese papel ya no vale" in pagina


def test_desde_la_pagina_del_codigo_se_llega_al_acto(oficial: ClienteEstricto) -> None:
    una, _ = pagado((4000,))
    (estampilla,) = expedir(una)
    respuesta = oficial.get(f"{RAIZ}/leida/{escribir_codigo(estampilla.codigo)}")
    assert respuesta.status_code == 303
    pagina = oficial.get(respuesta.headers["Location"]).text
    assert f"Usted leyó la estampilla <strong>{escribir_codigo(estampilla.codigo)}</strong>" in pagina


@pytest.mark.parametrize("rol", ["rentas", "agente", "tesoreria", "auditor", "administrador"])
def test_los_demas_roles_no_usan_estampillas(app: Flask, client: ClienteEstricto, rol: str) -> None:
    una, _ = pagado((4000,))
    hecha = adherir(una, funcionario()).numero
    ingresar(client, rol)
    assert client.get(RAIZ).status_code == 403
    assert client.get(ruta(una)).status_code == 403
    lee = rol not in ("rentas", "agente")
    respuesta = client.get(f"{RAIZ}/adhesiones/{hecha}")
    assert respuesta.status_code == (200 if lee else 403)
    assert ("Deshacer la adhesión</button>" in respuesta.text) is False
    assert client.enviar(f"{RAIZ}/adhesiones/{hecha}/deshacer", {"motivo": "Error"}).status_code == 403
