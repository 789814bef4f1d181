"""Every figure says which exclusions were looked at: before it is issued, on what was issued, and to the citizen."""

import re

import pytest
from flask import Flask

from tests import fabricas
from tests.navegador_de_pruebas import ClienteEstricto
from tests.web.pantallas_de_liquidar import CONTRATO, HX, emitir, guardada, instalar, paso, texto_de

pytestmark = pytest.mark.usefixtures("dia_con_valores")

ESAL = CONTRATO | {"clase": "esal", "tipo_contrato": "suministro"}


def reglas_de(pagina: str) -> dict[str, str]:
    """The items of the list of everything that was looked at, by the code of their rule."""
    lista = pagina[pagina.index('id="reglas-miradas"') :]
    items = [texto_de(item) for item in re.findall(r"<li>.*?</li>", lista[: lista.index("</details>")], re.S)]
    return {re.findall(r"regla ([\w-]+)\)", item)[0]: item for item in items}


def test_la_previa_dice_cada_regla_una_vez_y_primero_la_que_se_aplico(narino: ClienteEstricto) -> None:
    pagina = paso(narino, "N-CC-D", "calculo", ESAL, headers=HX).text
    reglas = reglas_de(pagina)
    assert next(iter(reglas)) == "N-EXE-254-01"
    assert reglas["N-EXE-254-01"].startswith("Aplicada Contrato con entidad pública o sin ánimo de lucro.")
    assert "Solo para Estampilla Pro Cultura de Nariño." in reglas["N-EXE-254-01"]
    assert "No aplica" in reglas["N-EXE-246-10"]
    assert "Tipo de contrato: «Suministro»; la regla pide «Arrendamiento»" in reglas["N-EXE-246-10"]
    assert len(pagina.encode()) < 30_000


def test_lo_emitido_conserva_sus_razones_aunque_la_norma_cambie(narino: ClienteEstricto, app: Flask) -> None:
    direccion = emitir(narino, "N-CC-D", ESAL)
    una = guardada()
    assert {r["resultado"] for r in una.reglas} == {"aplicada", "no aplica", "falta un dato"}
    desarrollo, cultura = una.facturas
    assert {r["codigo"] for r in cultura.reglas if r["relevante"]} == {"N-EXE-254-01"}
    assert not {r["codigo"] for r in desarrollo.reglas} & {r["codigo"] for r in cultura.reglas}
    codigo = una.codigo
    instalar(app, "putumayo")
    oficial, ciudadana = narino.get(direccion).text, narino.get(f"/liquidacion/{codigo}").text
    for pagina in (oficial, ciudadana):
        assert reglas_de(pagina)["N-EXE-254-01"].startswith("Aplicada Contrato con entidad pública")
        cifra = re.findall(r"<tbody>.*?</details>.*?(<details.*?</details>)", pagina, re.S)[0]
        assert "Aplicada" in texto_de(cifra)
        assert f"Vea todas las que se miraron: {len(cultura.reglas)}" in texto_de(cifra)


def test_lo_que_se_emitio_sin_guardar_razones_no_las_inventa(client: ClienteEstricto, app: Flask) -> None:
    una = fabricas.liquidacion()
    pagina = client.get(f"/liquidacion/{una.codigo}").text
    assert "reglas-miradas" not in pagina
    assert "¿Por qué este valor?" in pagina


def test_la_consulta_publica_explica_cada_valor_sin_decir_que_se_respondio(narino: ClienteEstricto) -> None:
    emitir(narino, "N-CC-D", ESAL)
    una = guardada()
    numero, explicacion = una.facturas[0].numero, una.facturas[0].explicacion
    pagina = narino.enviar("/consulta", {"tipo_pago": "tramite", "documento": str(numero)}).text
    assert f"factura {numero}. {explicacion}" in texto_de(pagina)
    assert "la regla pide" not in pagina
