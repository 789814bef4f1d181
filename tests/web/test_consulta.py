"""Consulta Pública: the known screens, the fragment and the page, and what it never tells."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import fabricas
from tests.conftest import ingresar
from tests.navegador_de_pruebas import ClienteEstricto

pytestmark = pytest.mark.dos_motores

DOCUMENTO = "1212312323"
HX = {"HX-Request": "true"}


@pytest.fixture
def doce(app: Flask) -> list[int]:
    """Twelve facturas of the test record, as in the known screen."""
    return [f.numero for _ in range(6) for f in fabricas.liquidacion().facturas]


def consultar(client: ClienteEstricto, headers: Any = None, **datos: str) -> Any:
    return client.enviar("/consulta", {"tipo_pago": "tramite", "documento": DOCUMENTO, **datos}, headers=headers)


def filas(texto: str) -> list[list[str]]:
    cuerpo = texto[texto.index("<tbody>") : texto.index("</tbody>")]
    return [
        [" ".join(re.sub(r"<[^>]+>", " ", celda).split()) for celda in re.findall(r"<td.*?</td>", fila, re.S)]
        for fila in re.findall(r"<tr>.*?</tr>", cuerpo, re.S)
    ]


def test_la_pantalla_conocida_con_doce_registros_y_paginas_de_cinco(client: ClienteEstricto, doce: list[int]) -> None:
    pagina = consultar(client, registros="5", pagina="3").text
    assert "Mostrando registros del 11 al 12 de un total de 12 registros" in pagina
    ultimas = filas(pagina)
    assert [f[4] for f in ultimas] == [str(n) for n in doce[10:]]
    assert ultimas[0][:4] == [DOCUMENTO, "p***", "Certificados de la administración central", "Desarrollo Fronterizo"]
    assert ultimas[0][5:7] == ["$4.000", "○ Liquidado"]


def test_las_columnas_del_tramite_en_su_orden(client: ClienteEstricto, doce: list[int]) -> None:
    titulos = re.findall(r'id="orden-\w+"[^>]*>([^<]+) <span', consultar(client).text)
    esperadas = "Identificación Nombre Trámite Estampilla Factura Estampilla Valor Estampilla Estado"
    assert " ".join(titulos) == esperadas


def test_el_contrato_de_la_pantalla_se_encuentra_por_formulario_y_por_enlace(
    client: ClienteEstricto, app: Flask
) -> None:
    """The NIT with its digit and without (P-A06); whole pesos (P-A05); factura and contracting entity, both (P-A03)."""
    fabricas.contrato()
    datos = {"tipo_pago": "contrato", "vigencia": "2025", "nit": "901805364-1", "numero_contrato": "0647"}
    por_formulario = client.enviar("/consulta", datos)
    por_enlace = client.get("/consulta?tipo_pago=contrato&vigencia=2025&nit=901805364&numero_contrato=647")
    for respuesta in (por_formulario, por_enlace):
        fila = filas(respuesta.text)[0]
        assert fila[:4] == ["647", "UNION TEMPORAL PUTUMAYO SEGURO 20/24", "GOBERNACION DEL PUTUMAYO", "$46.911.499"]
        assert fila[6] == "$235.000"
    titulos = re.findall(r'id="orden-\w+"[^>]*>([^<]+) <span', por_formulario.text)
    assert titulos[:4] == ["Número Contrato", "Nombre Contratista", "Nombre Contratante", "Valor Contrato"]
    assert "Factura Estampilla" in titulos


def test_htmx_recibe_solo_el_resultado_y_el_mismo_texto(client: ClienteEstricto, doce: list[int]) -> None:
    pagina, fragmento = consultar(client), consultar(client, headers=HX)
    assert "<html" in pagina.text
    assert "<html" not in fragmento.text
    assert fragmento.text.lstrip().startswith("<section")
    assert "HX-Request" in fragmento.vary
    assert filas(fragmento.text) == filas(pagina.text)


def test_se_ordena_por_cualquier_columna_en_ambos_sentidos(client: ClienteEstricto, doce: list[int]) -> None:
    for clave, columna in (("factura", 4), ("valor", 5), ("estampilla", 3), ("estado", 6), ("nombre", 1)):
        asc = [f[columna] for f in filas(consultar(client, registros="25", orden=clave, sentido="asc").text)]
        desc = [f[columna] for f in filas(consultar(client, registros="25", orden=clave, sentido="desc").text)]
        orden = int if clave == "factura" else str
        assert asc == sorted(asc, key=orden)
        assert desc == sorted(desc, key=orden, reverse=True)
    por_boton = filas(consultar(client, ordenar="valor-desc").text)
    assert por_boton[0][5] == "$5.000"


def test_buscar_filtra_sin_tildes_y_lo_dice(client: ClienteEstricto, doce: list[int]) -> None:
    pagina = consultar(client, buscar="electrificacion").text
    assert "(filtrado de un total de 12 registros)" in pagina
    assert {f[3] for f in filas(pagina)} == {"Electrificación Rural"}
    assert "No se encontraron resultados" in consultar(client, buscar="no hay tal").text


def test_claves_tamanos_y_paginas_desconocidos_caen_en_valores_seguros(
    client: ClienteEstricto, doce: list[int]
) -> None:
    raro = consultar(client, orden="clave_hash", sentido="x", registros="999", pagina="-4")
    assert raro.status_code == 200
    assert "Mostrando registros del 1 al 10 de un total de 12 registros" in raro.text
    assert "del 11 al 12" in consultar(client, pagina="99").text


def test_el_nombre_va_oculto_y_un_funcionario_lo_ve(client: ClienteEstricto, doce: list[int]) -> None:
    """P-A04."""
    assert "prueba" not in filas(consultar(client).text)[0]
    ingresar(client, "funcionario")
    assert filas(consultar(client).text)[0][1] == "prueba"


def test_quien_busca_por_factura_no_aprende_de_quien_es(client: ClienteEstricto, doce: list[int]) -> None:
    fila = filas(consultar(client, documento=str(doce[0])).text)[0]
    assert fila[0] == "*******323"
    assert DOCUMENTO not in consultar(client, documento=str(doce[0])).text


def test_una_fila_sin_pagar_lleva_a_pagarla_y_una_pagada_no(client: ClienteEstricto, doce: list[int]) -> None:
    assert f'name="documento" value="{doce[0]}"' in consultar(client).text
    respuesta = client.enviar("/pago", {"tipo_pago": "tramite", "documento": str(doce[0])})
    assert respuesta.status_code == 200
    assert f'value="{doce[0]}" checked' in respuesta.text


@pytest.mark.parametrize(
    "documento",
    ["", "   ", "%", "_", "*", "1212%", "12' OR 1=1--", "<script>", "١٢٣٤", "1" * 40, "901805364-9", "{{7*7}}"],
)
def test_lo_que_no_es_un_documento_exacto_se_rechaza(client: ClienteEstricto, doce: list[int], documento: str) -> None:
    respuesta = consultar(client, documento=documento)
    assert respuesta.status_code == 422
    assert "Hay un problema" in respuesta.text
    assert "<tbody>" not in respuesta.text


@pytest.mark.parametrize(("vigencia", "nit", "numero"), [("", "1", "1"), ("25", "901805364", "1"), ("2025", "x%", "1")])
def test_un_contrato_con_datos_malos_se_rechaza(client: ClienteEstricto, vigencia: str, nit: str, numero: str) -> None:
    datos = {"tipo_pago": "contrato", "vigencia": vigencia, "nit": nit, "numero_contrato": numero}
    respuesta = client.enviar("/consulta", datos)
    assert respuesta.status_code == 422
    assert f'value="{nit}"' in respuesta.text, "what was typed stays"


def test_un_dato_repetido_o_ilegible_se_rechaza(client: ClienteEstricto) -> None:
    token = client.csrf()
    repetido = client.post("/consulta", data={"csrf_token": token, "tipo_pago": "tramite", "documento": ["1", "2"]})
    assert repetido.status_code == 422
    nulo = client.post("/consulta", data={"csrf_token": token, "tipo_pago": "tramite", "documento": "12\x0034"})
    assert nulo.status_code == 422
    ilegible = b"csrf_token=" + token.encode() + b"&tipo_pago=tramite&documento=%ff%fe"
    tipo = "application/x-www-form-urlencoded"
    assert client.post("/consulta", data=ilegible, content_type=tipo).status_code == 422


def test_sin_token_o_con_otro_tipo_de_contenido_se_rechaza(client: ClienteEstricto) -> None:
    sin_token = client.post("/consulta", data={"tipo_pago": "tramite", "documento": DOCUMENTO})
    assert sin_token.status_code == 400
    assert "La página estuvo abierta demasiado tiempo" in sin_token.text
    fragmento = client.post("/consulta", data={"documento": "1"}, headers=HX)
    assert fragmento.status_code == 400
    fresco = {"csrf_token": fragmento.headers["X-Csrf-Token"], "tipo_pago": "tramite", "documento": DOCUMENTO}
    assert client.post("/consulta", data=fresco, headers=HX).status_code == 200
    assert client.post("/consulta", data="{}", content_type="text/plain").status_code in (400, 415)


def test_la_consulta_31_de_una_direccion_se_frena_y_ofrece_otra_salida(client: ClienteEstricto, app: Flask) -> None:
    token = client.csrf()
    for n in range(30):
        datos = {"csrf_token": token, "tipo_pago": "tramite", "documento": f"10000{n % 10}"}
        assert client.post("/consulta", data=datos).status_code == 200
    frenada = client.post("/consulta", data={"csrf_token": token, "tipo_pago": "tramite", "documento": "100031"})
    assert frenada.status_code == 429
    assert int(frenada.headers["Retry-After"]) > 0
    assert "@" in frenada.text, "an alternative for the human who is stopped"


def test_ordenar_y_paginar_lo_mismo_no_gasta_consultas(client: ClienteEstricto, doce: list[int]) -> None:
    ficha = re.search(r'name="ficha" value="([^"]+)"', consultar(client).text)
    assert ficha
    for n in range(40):
        assert consultar(client, ficha=ficha[1], pagina=str(n)).status_code == 200
    ajena = consultar(client, ficha=ficha[1], documento="999999")
    assert ajena.status_code == 200


def test_ningun_numero_de_identidad_aparece_en_direcciones(client: ClienteEstricto, doce: list[int]) -> None:
    texto = consultar(client).text
    direcciones = re.findall(r'(?:href|action|data-hx-\w+)="([^"]*)"', texto)
    assert not [d for d in direcciones if DOCUMENTO in d]


def test_las_direcciones_antiguas_siguen_llevando(client: FlaskClient) -> None:
    viejas = {
        "/users/login": "/ingresar",
        "/index.php/liquidacionespublicas/consultaPublica": "/consulta",
        "/index.php/liquidacionesPSE/pagoPublico": "/pago",
    }
    for vieja, nueva in viejas.items():
        for prefijo in ("", "/estampillas-pro-putumayo"):
            respuesta = client.get(prefijo + vieja)
            assert (respuesta.status_code, respuesta.location) == (308, nueva)
