"""What the offices of Putumayo have on their desks: files of contracts, uses of stamps, certificates, the bank, the close."""

from datetime import timedelta

from sqlalchemy import select

from portal.db import db, transaccion
from portal.models import Usuario
from portal.operaciones.archivos_banco import entregas
from portal.operaciones.cierres import firma
from portal.operaciones.lotes.importacion import guardar
from portal.operaciones.validaciones import ClasePregunta, Pregunta
from tests import adhesiones, banco, certificados, cierres, estampillas, lotes
from tests.banco import Pagado, archivo, por_pse
from tests.escenas.mundos import Lugares
from tests.escenas.mundos.largos import CON_ESPACIOS, SIN_ESPACIOS
from tests.fabricas import AHORA, HOY, contrato, liquidacion


def poblar() -> Lugares:
    return {**_lotes(), **_validacion(), **_certificados(), **_bancos(), **_cierres()}


def cuenta_de(rol: str) -> Usuario:
    """The demonstration's account of a role."""
    return db.session.scalars(select(Usuario).where(Usuario.correo == f"{rol}@demo.portal.test")).one()


def _lotes() -> Lugares:
    rentas = cuenta_de("rentas")
    hecho = lotes.importar_archivo(lotes.csv_de(lotes.contratos(14, desde=8001)), rentas, ahora=AHORA)
    con_errores = [
        lotes.fila(Valor="1.234", Número_de_contrato="8101"),
        lotes.fila(Fecha_de_contrato="ayer", Número_de_contrato="8102", Nombre_del_contratista=SIN_ESPACIOS),
        lotes.fila(Acto="NO-HAY", Número_de_contrato="8103"),
    ]
    with transaccion():
        malo = guardar(lotes.csv_de(con_errores), "contratos.csv", departamento="putumayo", usuario=rentas, ahora=AHORA)
        bueno = guardar(
            lotes.csv_de(lotes.contratos(13, desde=8201)),
            "contratos-de-noviembre.csv",
            departamento="putumayo",
            usuario=rentas,
            ahora=AHORA,
        )
        return {"lote_hecho": hecho.codigo, "lote_malo": malo.codigo, "lote_bueno": bueno.codigo}


def _validacion() -> Lugares:
    oficial = cuenta_de("funcionario")
    otro = adhesiones.funcionario("Funcionario de prueba", "Secretaría de Gobierno")
    for numero in range(7001, 7014):
        una = contrato(str(numero), nit="900777001", contratante=oficial.dependencia)
        estampillas.pagar(una)
        estampillas.expedir(una)
    por_usar, larga, suya, ajena, pedida, deshecha = (
        _pagada(n) for n in ("7101", "7102", "7103", "7104", "7105", "7106")
    )
    que = adhesiones.acto("Contrato " + "7" * 60, dependencia=CON_ESPACIOS[:120])
    ayer = AHORA - timedelta(days=1)
    adhesion_suya = adhesiones.adherir(suya, oficial)
    adhesion_larga = adhesiones.adherir(larga, oficial, que=que)
    de_ayer = adhesiones.acto(fecha=HOY - timedelta(days=1))
    adhesion_ajena = adhesiones.adherir(ajena, otro, que=de_ayer, ahora=ayer)
    adhesion_pedida = adhesiones.adherir(pedida, otro, que=de_ayer, ahora=ayer)
    adhesiones.proponer(adhesion_pedida, otro)
    adhesion_deshecha = adhesiones.adherir(deshecha, otro)
    adhesiones.deshacer(adhesion_deshecha, otro)
    return {
        "acto_por_usar": str(por_usar.numero),
        "acto_usado": str(suya.numero),
        "acto_sin_pagar": str(liquidacion((4000, 5000), documento="1000000007").numero),
        "adhesion_suya": str(adhesion_suya.numero),
        "adhesion_larga": str(adhesion_larga.numero),
        "adhesion_ajena": str(adhesion_ajena.numero),
        "adhesion_pedida": str(adhesion_pedida.numero),
        "adhesion_deshecha": str(adhesion_deshecha.numero),
    }


def _pagada(numero: str):  # type: ignore[no-untyped-def]
    una = contrato(numero, nit="900777002", contratante="SECRETARIA DE GOBIERNO")
    estampillas.pagar(una)
    estampillas.expedir(una)
    return una


def _certificados() -> Lugares:
    quien = cuenta_de("funcionario")
    preguntas = [Pregunta(ClasePregunta.CONTRATO, str(numero), "900777001", 2025) for numero in range(7001, 7014)]
    nada = Pregunta(ClasePregunta.CONTRATO, "123456", "901805364", 2025)
    largo = Pregunta(ClasePregunta.CONTRATO, "9" * 18, "900111222", 2025)
    return {
        "certificado": certificados.expedir(quien, preguntas[0]).codigo,
        "certificado_nada": certificados.expedir(quien, nada).codigo,
        "certificado_largo": certificados.expedir(quien, largo).codigo,
        "certificado_lista": certificados.expedir(quien, *preguntas, lista=True).codigo,
    }


def _bancos() -> Lugares:
    una, otra = liquidacion((4000, 5000), documento="1000000008"), liquidacion((6000,), documento="1000000009")
    pagados = [
        Pagado(una.facturas[0].numero, 4000, numero=501),
        Pagado(77, 1500, numero=502),
        Pagado(otra.facturas[0].numero, 5999, numero=503),
        por_pse("5", 10, numero=504),
        *(Pagado(900000 + n, 1000 + n, numero=600 + n) for n in range(12)),
    ]
    hecho = banco.importar(archivo(pagados, dia=HOY - timedelta(days=1)), hoy=HOY)
    tesorera = cuenta_de("tesoreria")
    nuevos = [
        Pagado(una.facturas[1].numero, 5000, numero=505),
        Pagado(78, 2500, numero=506),
        Pagado(77, 1500, numero=502),
        por_pse("6", 20, numero=507),
    ]
    with transaccion():
        entrega = entregas.guardar(
            archivo(nuevos, dia=HOY), "recaudo-20-de-noviembre.txt", usuario=tesorera, ahora=AHORA
        )
        return {"archivo_banco": str(hecho.numero), "entrega": entrega.codigo}


def _cierres() -> Lugares:
    for _ in range(3):
        cierres.llega_al_banco([cierres.pagado()])
    cierres.pagado(valor=8999)
    # Days on which the demonstration was paid.
    firmado, con_diferencias = HOY - timedelta(days=18), HOY - timedelta(days=20)
    with transaccion():
        firma.firmar(
            cierres.PLAN,
            cierres.CUENTA,
            firmado,
            usuario=cuenta_de("tesoreria"),
            ahora=AHORA,
            hoy=HOY,
            permitir_provisional=True,
        )
    return {
        "cuenta": cierres.CUENTA,
        "dia": cierres.DIA.isoformat(),
        "dia_anterior": (HOY - timedelta(days=1)).isoformat(),
        "dia_firmado": firmado.isoformat(),
        "dia_con_diferencias": con_diferencias.isoformat(),
    }
