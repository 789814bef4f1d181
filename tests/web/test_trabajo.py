"""The work list on the first page of staff: its rows, their one link, the box to search, and the letters of the keyboard."""

import re

import pytest
from flask import Flask

from portal.blueprints.gestion.atajos import INICIO, LETRAS
from portal.blueprints.gestion.pendientes import ENLACES, por_hacer
from portal.blueprints.gestion.views import BUSQUEDAS, TAREAS
from portal.db import db, transaccion
from portal.dominio.casos import ClaseCaso
from portal.dominio.trabajo import Asunto, Pendiente
from portal.models import Usuario
from portal.models.usuario import Rol
from portal.operaciones import casos
from portal.operaciones.trabajo import Jornada
from portal.web.acceso import acceso_de
from portal.web.reloj import ahora, hoy
from tests.adhesiones import DEPENDENCIA
from tests.conftest import ingresar
from tests.estampillas import pagar
from tests.fabricas import contrato, liquidacion
from tests.navegador_de_pruebas import ClienteEstricto

RAIZ = "/gestion"
# Whose queue each is; what has no page is told with the order of the server that settles it.
DE_QUIEN = {
    Rol.TESORERIA: (
        "casos ordenes cierres consignaciones sin_linea por_estudiar por_decidir por_transferir cuentas_por_pedir "
        "cuentas_por_aceptar archivo_banco"
    ),
    Rol.RENTAS: "declaraciones en_mora reconocimientos por_vencer vencidas lote",
    Rol.FUNCIONARIO: "por_adherir sin_pago por_deshacer",
    Rol.AGENTE: "meses meses_devueltos rechazadas en_revision",
    Rol.ADMINISTRADOR: "valores propuestas correos falla",
    Rol.AUDITOR: "cadena por_sellar ajenos",
}


def test_cada_cola_es_de_un_rol_que_puede_abrir_su_pagina(app: Flask) -> None:
    assert {Asunto(a) for asuntos in DE_QUIEN.values() for a in asuntos.split()} == set(Asunto)
    assert set(Asunto) == set(ENLACES)
    for rol, asuntos in DE_QUIEN.items():
        for asunto in map(Asunto, asuntos.split()):
            acceso = acceso_de(app, ENLACES[asunto][0])
            assert isinstance(acceso, frozenset)
            assert rol in acceso, asunto


def test_la_lista_dice_que_cuantos_desde_cuando_y_lleva_a_hacerlo(client: ClienteEstricto) -> None:
    with transaccion():
        casos.abrir(ClaseCaso.PAGO_TARDIO, "a", ahora=ahora())
    ingresar(client, "tesoreria")
    pagina = client.get(RAIZ).text
    fila = pagina.split("<tbody>")[1].split("</tr>")[0]
    assert "Pago tardío" in fila
    assert "1 sin responsable" in fila
    assert "Hace menos de una hora" in fila
    assert "A tiempo" in fila
    assert re.findall(r'href="([^"]+)"', fila) == ["/gestion/tesoreria/casos?cola=pago_tardio"]


@pytest.mark.parametrize("rol", ["tesoreria", "rentas", "funcionario", "administrador"])
def test_sin_nada_que_hacer_se_dice_en_una_frase(client: ClienteEstricto, rol: str) -> None:
    ingresar(client, rol)
    with_faltantes = client.get(RAIZ).text
    assert ("Está al día" in with_faltantes) is ("<tbody>" not in with_faltantes)


def test_una_cuenta_de_agente_sin_entidad_no_tiene_lista_ni_buscador(client: ClienteEstricto) -> None:
    ingresar(client, "agente")
    pagina = client.get(RAIZ).text
    assert "Por hacer" not in pagina
    assert 'role="search"' not in pagina


def test_de_lo_que_no_se_sabe_no_se_dice_nada(app: Flask) -> None:
    with app.test_request_context():
        fila = por_hacer(Pendiente(Asunto.CORREOS, 2), Jornada("putumayo", ahora(), hoy(), 50))
    assert (fila.direccion, fila.espera, fila.plazo) == ("/gestion/correos", "", "")


def test_el_unico_borrador_de_otra_persona_se_abre_de_una_vez_y_varios_en_su_lista(app: Flask) -> None:
    jornada = Jornada("putumayo", ahora(), hoy(), 50)
    with app.test_request_context():
        uno = por_hacer(Pendiente(Asunto.PROPUESTAS, 1, datos={"propuesta_id": "7"}), jornada)
        varios = por_hacer(Pendiente(Asunto.PROPUESTAS, 2), jornada)
    assert uno.direccion == "/gestion/normativa/propuestas/7/publicar"
    assert varios.direccion == "/gestion/normativa"


def test_un_funcionario_nuevo_sabe_si_un_contrato_esta_pagado_sin_salir_de_su_trabajo(client: ClienteEstricto) -> None:
    pagar(contrato("647"))
    contrato("648")
    ingresar(client, "funcionario")
    for numero, frase in (("647", "Está pagado:"), ("648", "No está pagado por completo:")):
        hallado = client.enviar("/gestion/validacion/buscar", {"buscar": numero}, RAIZ)
        assert hallado.status_code == 303
        assert frase in client.get(hallado.location).text


def test_adherir_un_contrato_empieza_con_lo_que_ya_se_sabe(client: ClienteEstricto) -> None:
    una = pagar(contrato("647")) or contrato("650")
    del una
    usuario = ingresar(client, "funcionario")
    with transaccion():
        db.session.get_one(Usuario, usuario.id).dependencia = DEPENDENCIA
    hallado = client.enviar("/gestion/validacion/buscar", {"buscar": "647"}, RAIZ)
    pagina = client.get(hallado.location).text
    assert 'value="Contrato 647"' in pagina
    assert 'value="2025-02-03"' in pagina


@pytest.mark.parametrize("rol", list(Rol))
def test_el_buscador_de_cada_rol_es_de_una_pagina_suya(app: Flask, rol: Rol) -> None:
    acceso = acceso_de(app, BUSQUEDAS[rol][0])
    assert isinstance(acceso, frozenset)
    assert rol in acceso


@pytest.mark.parametrize("rol", list(Rol))
def test_cada_area_tiene_una_letra_y_ninguna_se_repite(rol: Rol) -> None:
    letras = [LETRAS.get(t.endpoint, "") for t in TAREAS[rol] if t.endpoint in LETRAS]
    assert len({*letras, INICIO}) == len(letras) + 1
    assert [t.titulo for t in TAREAS[rol] if t.endpoint not in LETRAS] == []


def test_los_atajos_llegan_inertes_y_solo_a_las_paginas_de_funcionarios(client: ClienteEstricto) -> None:
    ingresar(client, "rentas")
    propia, publica = client.get(RAIZ).text, client.get("/consulta").text
    plantilla = propia.split('<template id="plantilla-atajos">')[1].split("</template>")[0]
    assert "Usar atajos en este equipo" in plantilla
    assert set(re.findall(r'href="([^"]+)"', plantilla)) <= set(re.findall(r'href="([^"]+)"', propia))
    assert "atajos" not in publica


def test_la_lista_de_liquidaciones_se_filtra_por_las_que_vencen(client: ClienteEstricto) -> None:
    cerca, lejos = (liquidacion((4000,), fecha_limite=hoy()).codigo, liquidacion((4000,)).codigo)
    ingresar(client, "rentas")
    pagina = client.get("/gestion/liquidaciones?cuales=por-vencer").text
    assert cerca in pagina
    assert lejos not in pagina
    assert "no hay liquidaciones sin pagar" in client.get("/gestion/liquidaciones?cuales=vencidas").text
    assert lejos in client.get("/gestion/liquidaciones?cuales=no-existe").text
