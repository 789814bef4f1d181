"""Treasury's queues and cases: what waits, whose it is, how it ends, and who only reads."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from portal.db import db, transaccion
from portal.dominio.casos import ClaseCaso
from portal.models import Caso, Usuario
from portal.operaciones import casos
from tests.conftest import ingresar
from tests.fabricas import AHORA, liquidacion, pago
from tests.navegador_de_pruebas import ClienteEstricto
from tests.ordenes import credito, pagada

RAIZ = "/gestion/tesoreria"


def abrir(clase: ClaseCaso = ClaseCaso.SIN_RESOLVER, *, dias: int = 0, clave: str = "x") -> Caso:
    uno = pago(liquidacion((4000,)))
    with transaccion():
        return casos.abrir(clase, clave, ahora=AHORA - timedelta(days=dias), pago_id=uno.id)


def otra_vez(uno: Caso) -> Caso:
    db.session.rollback()
    return db.session.get_one(Caso, uno.id)


def libro(datos: bytes) -> dict[str, list[list[object]]]:
    hojas = CalamineWorkbook.from_filelike(BytesIO(datos))
    return {nombre: hojas.get_sheet_by_name(nombre).to_python() for nombre in hojas.sheet_names}


def test_las_colas_dicen_cuantos_esperan_y_desde_cuando(app: Flask, client: ClienteEstricto) -> None:
    abrir(dias=5, clave="a")
    abrir(clave="b")
    ingresar(client, "tesoreria")
    pagina = client.get(RAIZ).text
    fila = pagina[pagina.index("Sonda sin respuesta") :]
    fila = fila[: fila.index("</tr>")]
    celdas = re.findall(r'data-titulo="([^"]+)"[^>]*>(.*?)</td>', fila, re.DOTALL)
    assert {titulo: re.sub(r"<[^>]+>|\s", "", texto) for titulo, texto in celdas} == {
        "Abiertos": "2",
        "Atrasados": "!1",
        "El más antiguo": "Hace5días",
        "Sin responsable": "2",
        "Míos": "0",
    }
    hojas = libro(client.get(f"{RAIZ}?exportar=xlsx").data)
    assert ["Sonda sin respuesta", 2, 1, 0, 2] in [f[:5] for f in hojas["Colas"]]


def test_la_lista_se_filtra_por_cola_y_por_responsable(app: Flask, client: ClienteEstricto) -> None:
    uno, otro = abrir(clave="a"), abrir(ClaseCaso.PAGO_TARDIO, clave="b")
    numeros = uno.numero, otro.numero
    yo = ingresar(client, "tesoreria")
    with transaccion():
        casos.tomar_caso(uno.id, usuario=db.session.get_one(Usuario, yo.id), ahora=AHORA)

    def hallados(pedido: str) -> set[int]:
        pagina = client.get(f"{RAIZ}/casos?{pedido}").text
        return {int(n) for n in re.findall(rf"{RAIZ}/casos/([0-9]+)\"", pagina)}

    assert hallados("") == set(numeros)
    assert hallados("cola=pago_tardio") == {numeros[1]}
    assert hallados("filtro=mios") == {numeros[0]}
    assert hallados("filtro=sin-responsable") == {numeros[1]}
    assert hallados("filtro=cerrados") == set()
    assert hallados("cola=nada&filtro=nada&pagina=zz") == set(numeros)
    fragmento = client.get(f"{RAIZ}/casos?cola=sin_resolver", headers={"HX-Request": "true"}).text
    assert fragmento.lstrip().startswith("<section")
    assert len(libro(client.get(f"{RAIZ}/casos?exportar=xlsx").data)["Casos"]) == 2 + 5


def test_la_lista_va_por_paginas_con_lo_mas_antiguo_primero(app: Flask, client: ClienteEstricto) -> None:
    with transaccion():
        nuevos = [
            casos.abrir(ClaseCaso.FIRMA_INVALIDA, f"p:{n}", ahora=AHORA - timedelta(hours=n), detalle={"pasarela": "p"})
            for n in range(26)
        ]
        ultimo, primero = nuevos[0].numero, nuevos[25].numero
    ingresar(client, "auditor")
    una, dos = (client.get(f"{RAIZ}/casos?pagina={n}").text for n in (1, 2))
    assert f'/casos/{primero}"' in una
    assert f'/casos/{ultimo}"' not in una
    assert f'/casos/{ultimo}"' in dos
    assert "2 de 2" in dos


def test_un_caso_cuenta_que_paso_y_muestra_su_dinero(app: Flask, client: ClienteEstricto) -> None:
    una = liquidacion((4000,))
    pagada(una)
    doble = pagada(una)
    numero = db.session.scalars(select(Caso.numero)).one()
    ingresar(client, "auditor")
    pagina = client.get(f"{RAIZ}/casos/{numero}").text
    assert "De este recaudo esperan $4.000" in pagina
    assert "Excedente por devolver" in pagina
    assert f"Recaudo</dt><dd>{doble.id}" in pagina
    assert "Se abrió el caso" in pagina
    assert "<form" not in pagina.split("<main")[1], "an auditor only reads"
    hojas = libro(client.get(f"{RAIZ}/casos/{numero}.xlsx").data)
    assert list(hojas) == ["Casos", "Recaudos", "Libro", "Historia"]
    assert hojas["Libro"][1][-1] == 4000


def test_tomar_un_caso_lo_hace_mio_y_queda_en_su_historia(app: Flask, client: ClienteEstricto) -> None:
    uno = abrir()
    yo = ingresar(client, "tesoreria")
    assert client.enviar(f"{RAIZ}/casos/{uno.numero}/tomar", {}).status_code == 303
    assert otra_vez(uno).responsable_id == yo.id
    pagina = client.get(f"{RAIZ}/casos/{uno.numero}").text
    assert "Lo tomó Cuenta de tesorería" in pagina
    assert "Tomar el caso" not in pagina


def test_cerrar_pide_como_y_que_se_hizo(app: Flask, client: ClienteEstricto) -> None:
    uno = abrir()
    ingresar(client, "tesoreria")
    ruta = f"{RAIZ}/casos/{uno.numero}/cerrar"
    for datos in (
        {"salida": "", "nota": "Nota que no se pierde"},
        {"salida": "devuelto", "nota": "Nota que no se pierde"},
        {"salida": "ordenado", "nota": "Nota que no se pierde"},
    ):
        respuesta = client.enviar(ruta, datos)
        assert respuesta.status_code == 422
        assert "Nota que no se pierde" in respuesta.text
        assert "<title>Error:" in respuesta.text
    fragmento = client.enviar(ruta, {"salida": "revisado", "nota": ""}, headers={"HX-Request": "true"})
    assert fragmento.status_code == 422
    assert fragmento.text.lstrip().startswith("<section")
    assert otra_vez(uno).abierto
    assert client.enviar(ruta, {"salida": "revisado", "nota": "Se habló con el banco"}).status_code == 303
    pagina = client.get(f"{RAIZ}/casos/{uno.numero}").text
    assert "Nota: Se habló con el banco" in pagina
    assert client.enviar(ruta, {"salida": "revisado", "nota": "Otra"}).status_code == 409
    assert client.enviar(f"{RAIZ}/casos/{uno.numero}/tomar", {}).status_code == 409


def test_un_caso_con_dinero_en_espera_no_se_cierra(app: Flask, client: ClienteEstricto) -> None:
    credito(7000)
    numero = db.session.scalars(select(Caso.numero)).one()
    ingresar(client, "tesoreria")
    respuesta = client.enviar(f"{RAIZ}/casos/{numero}/cerrar", {"salida": "devuelto", "nota": "Ya"})
    assert respuesta.status_code == 409
    assert "Todavía hay $7.000" in respuesta.text


@pytest.mark.parametrize("clase", list(ClaseCaso))
def test_cada_cola_tiene_su_pagina_de_caso(app: Flask, client: ClienteEstricto, clase: ClaseCaso) -> None:
    usada = liquidacion((4000,)).facturas[0].numero
    detalles = {
        ClaseCaso.REVERSION: {"causa": "banco", "usadas": [usada]},
        ClaseCaso.PAGO_TARDIO: {"se_daba_por": "vencido"},
        ClaseCaso.RESPUESTA_CONTRADICTORIA: {"estado": "rechazado"},
        ClaseCaso.FIRMA_INVALIDA: {"pasarela": "placetopay"},
        ClaseCaso.DEVOLUCION_REBOTADA: {"devolucion": 7, "motivo": "Cuenta cancelada"},
    }
    with transaccion():
        numero = casos.abrir(clase, "x", ahora=AHORA, detalle=detalles.get(clase), veces=3).numero
    ingresar(client, "tesoreria")
    pagina = client.get(f"{RAIZ}/casos/{numero}")
    assert pagina.status_code == 200
    assert (f"Factura {usada}" in pagina.text) is (clase is ClaseCaso.REVERSION)
    assert client.get(f"{RAIZ}/casos/{numero}.xlsx").status_code == 200


@pytest.mark.parametrize("rol", ["auditor", "administrador"])
def test_quien_lee_no_actua(app: Flask, client: ClienteEstricto, rol: str) -> None:
    uno = abrir()
    ingresar(client, rol)
    assert client.get(RAIZ).status_code == 200
    for accion in ("tomar", "cerrar"):
        assert client.enviar(f"{RAIZ}/casos/{uno.numero}/{accion}", {}).status_code == 403
    assert otra_vez(uno).responsable_id is None


@pytest.mark.parametrize("ruta", ["/casos/1/tomar", "/casos/1/cerrar", "/ordenes/1/aprobar", "/pagos/x/consultar"])
def test_lo_que_actua_no_se_pide_con_get(app: Flask, client: ClienteEstricto, ruta: str) -> None:
    ingresar(client, "tesoreria")
    assert client.get(RAIZ + ruta).status_code == 405


def test_lo_que_no_existe_es_404_por_grande_que_sea_su_numero(app: Flask, client: ClienteEstricto) -> None:
    ingresar(client, "tesoreria")
    for ruta in ("casos", "ordenes", "recaudos"):
        for numero in (7, 10**30):
            assert client.get(f"{RAIZ}/{ruta}/{numero}").status_code == 404
    assert client.get(f"{RAIZ}/pagos/NADA").status_code == 404
