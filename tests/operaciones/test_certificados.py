"""What is certified is what was found at that instant, for ever, whatever happens afterwards."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal.db import db, transaccion
from portal.dominio.codigo_corto import escribir_codigo, leer_codigo
from portal.dominio.errores import DatoInvalido, NoExiste
from portal.dominio.estados import EstadoPublico
from portal.models import Bitacora, CertificadoValidacion, Integrante, Liquidacion, Usuario
from portal.operaciones import certificados
from portal.operaciones.certificados import Certificado
from portal.operaciones.validaciones import ClasePregunta, Hallazgo, Pregunta
from tests.certificados import CONTRATO, expedir, guardar, imprimir, preparar
from tests.documentos.lectura import texto
from tests.estampillas import devolver_el_banco, pagar
from tests.fabricas import AHORA, HOY, contrato, liquidacion
from tests.operaciones.test_carreras import a_la_vez
from tests.ordenes import tesorero

pytestmark = pytest.mark.usefixtures("app")


def test_dice_lo_que_habia_aunque_despues_cambie() -> None:
    pago = pagar(contrato())
    quien = tesorero("funcionario")
    fila = expedir(quien)
    devolver_el_banco(pago)
    db.session.expire_all()
    certificado = certificados.leer(fila)
    assert {e.estado for e in certificado.estampillas} == {EstadoPublico.LEGALIZADO}
    assert {e.cus for e in certificado.estampillas} == {"1234567"}
    hoy = certificados.de_hoy(fila, certificado, hoy=HOY)
    assert set(hoy.values()) == {EstadoPublico.REVERTIDO}
    # The next one says the new truth.
    assert {e.estado for e in preparar(quien).estampillas} == {EstadoPublico.REVERTIDO}
    assert {e.pagada_en for e in preparar(quien).estampillas} == {None}


@pytest.mark.parametrize("clase", list(ClasePregunta))
def test_se_halla_por_cada_dato(clase: ClasePregunta) -> None:
    tramite, del_contrato = liquidacion((4000, 5000)), contrato()
    preguntas = {
        ClasePregunta.CONTRATO: (CONTRATO, del_contrato),
        ClasePregunta.DOCUMENTO: (Pregunta(ClasePregunta.DOCUMENTO, documento="1212312323"), tramite),
        ClasePregunta.FACTURA: (Pregunta(ClasePregunta.FACTURA, str(tramite.facturas[1].numero)), tramite),
        ClasePregunta.LIQUIDACION: (Pregunta(ClasePregunta.LIQUIDACION, str(del_contrato.numero)), del_contrato),
    }
    pregunta, suya = preguntas[clase]
    certificado = preparar(tesorero("rentas"), pregunta)
    esperadas = [suya.facturas[1].numero] if clase is ClasePregunta.FACTURA else [f.numero for f in suya.facturas]
    assert [e.factura for e in certificado.estampillas] == esperadas


def test_que_no_se_encontro_nada_tambien_se_certifica() -> None:
    fila = expedir(tesorero("funcionario"), Pregunta(ClasePregunta.FACTURA, "999999999"))
    (consulta,) = certificados.leer(fila).consultas
    assert consulta.respuesta.hallazgo is Hallazgo.NO_ENCONTRADO
    assert (fila.consultas, fila.estampillas) == (1, 0)
    db.session.refresh(fila, ["pdf"])
    assert "No se encontró ninguna liquidación con esos datos." in texto(fila.pdf)


def test_lo_guardado_vuelve_a_dar_el_mismo_papel(app: Flask) -> None:
    pagar(contrato())
    fila = certificados.entero(expedir(tesorero("funcionario")).id)
    with app.test_request_context():
        de_nuevo = imprimir(certificados.leer(fila))
    assert de_nuevo == fila.pdf
    assert sha256(de_nuevo).hexdigest() == fila.sha256


def test_el_codigo_se_escribe_de_muchas_maneras_y_uno_alterado_no_es_de_nadie() -> None:
    contrato()
    fila = expedir(tesorero("funcionario"))
    escrito = escribir_codigo(fila.codigo)
    for forma in (fila.codigo, escrito, escrito.lower().replace("-", " ")):
        hallada = certificados.por_codigo(forma)
        assert hallada is not None
        assert hallada.id == fila.id
    for i, letra in enumerate(fila.codigo):
        otra = "7" if letra != "7" else "8"
        assert certificados.por_codigo(fila.codigo[:i] + otra + fila.codigo[i + 1 :]) is None
    assert leer_codigo(fila.codigo) == fila.codigo
    auditor = tesorero("auditor")
    with pytest.raises(NoExiste), transaccion():
        certificados.ver("nada", usuario=auditor, ahora=AHORA)


def test_el_mismo_formulario_certifica_una_vez() -> None:
    contrato()
    quien = tesorero("funcionario")
    primero = guardar(preparar(quien), quien, clave="k" * 32)
    assert guardar(preparar(quien), quien, clave="k" * 32).id == primero.id
    assert len(db.session.scalars(select(CertificadoValidacion.id)).all()) == 1


@pytest.mark.parametrize(
    "orden", ["UPDATE certificado_validacion SET titulo = 'otro'", "DELETE FROM certificado_validacion"]
)
def test_nadie_cambia_un_certificado(orden: str) -> None:
    contrato()
    expedir(tesorero("funcionario"))
    with pytest.raises(DBAPIError, match="solo se agrega"), transaccion():
        db.session.execute(text(orden))


def test_dos_contratos_del_mismo_numero_no_se_certifican_sin_decir_cual() -> None:
    for nit in ("901805364", "901805365"):
        una = contrato("647", nit)
        with transaccion():
            datos = {"tipo_documento": "NIT", "documento": "800100200", "nombre": "S", "porcentaje": "100"}
            db.session.add(Integrante(liquidacion_id=una.id, orden=0, **datos))
    quien, dudosa = tesorero("funcionario"), Pregunta(ClasePregunta.CONTRATO, "647", "800100200", 2025)
    with pytest.raises(DatoInvalido, match="2 contratos"):
        preparar(quien, dudosa)
    en_lista = certificados.leer(expedir(quien, dudosa, CONTRATO, lista=True))
    assert [len(c.respuesta.estampillas) for c in en_lista.consultas] == [0, 2]


def test_la_bitacora_dice_quien_certifico_y_ningun_documento() -> None:
    una = contrato()
    quien = tesorero("funcionario")
    fila = expedir(quien)
    filas = db.session.scalars(select(Bitacora).order_by(Bitacora.id)).all()
    suyas = [f for f in filas if f.usuario_id == quien.id]
    assert [f.accion for f in suyas] == ["validacion.consultar", "certificado.expedir"]
    assert suyas[1].objeto == f"certificado:{fila.id}"
    assert suyas[1].detalle["facturas"] == [f.numero for f in db.session.get_one(Liquidacion, una.id).facturas]
    assert "901805364" not in "".join(str(f.detalle) + f.objeto for f in filas)
    assert "901805364" not in fila.titulo


def test_lo_que_no_cabe_en_un_papel_se_dice() -> None:
    quien = tesorero("funcionario")
    contrato()
    with pytest.raises(DatoInvalido, match="máximo 100 filas"):
        preparar(quien, *[CONTRATO] * (certificados.MAXIMO_FILAS + 1), lista=True)


def test_el_instante_es_el_de_la_consulta() -> None:
    contrato()
    quien, antes = tesorero("funcionario"), AHORA - timedelta(hours=3)
    fila = guardar(preparar(quien, en=antes), quien)
    db.session.expire_all()
    assert fila.en == antes
    assert datetime.now(UTC) > fila.en


def test_un_auditor_lee_los_de_todos_y_los_demas_los_suyos() -> None:
    contrato()
    ana, luis = tesorero("funcionario"), tesorero("rentas")
    suyo = expedir(ana)
    assert [f.id for f in certificados.recientes("putumayo", ana)] == [suyo.id]
    assert certificados.recientes("putumayo", luis) == []
    assert [f.id for f in certificados.recientes("putumayo", tesorero("auditor"))] == [suyo.id]


@pytest.mark.parametrize(("claves", "certifican"), [(["k" * 32] * 6, 1), ([f"{n}" * 32 for n in range(6)], 6)])
def test_seis_envios_a_la_vez_de_un_formulario_certifican_una_vez(
    app: Flask, claves: list[str], certifican: int
) -> None:
    """The control sends six forms: nothing but the key of the form makes them one."""
    contrato()
    quien = tesorero("funcionario")
    usuario_id, hechos = quien.id, [preparar(quien) for _ in claves]
    obtenidos: list[str] = []

    def enviar(certificado: Certificado, clave: str) -> Callable[[], None]:
        def tarea() -> None:
            with transaccion():
                suyo = db.session.get_one(Usuario, usuario_id)
                fila = certificados.expedir(certificado, b"papel", departamento="putumayo", clave=clave, usuario=suyo)
                obtenidos.append(fila.codigo)

        return tarea

    assert a_la_vez(app, [enviar(*datos) for datos in zip(hechos, claves, strict=True)]) == []
    db.session.rollback()
    assert len(db.session.scalars(select(CertificadoValidacion.id)).all()) == certifican
    assert (len(obtenidos), len(set(obtenidos))) == (6, certifican)
