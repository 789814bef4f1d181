"""The state of a list of contracts: read tolerantly, answered row by row, with two questions to the database however long."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from portal.db import db, transaccion
from portal.dominio.estados import EstadoPublico
from portal.models import Bitacora, Integrante, Usuario
from portal.models.pago import CausaReversion
from portal.operaciones import listas, reversiones
from portal.operaciones.listas import LIMITES, ListaRevisada, escribir_lista, leer_lista
from portal.operaciones.lotes.archivo import ArchivoIlegible
from portal.operaciones.validaciones import Hallazgo
from tests.adhesiones import adherir, funcionario
from tests.bases import contando
from tests.fabricas import AHORA, HOY, contrato, liquidacion
from tests.lotes import xlsx_de
from tests.ordenes import aprobar, pagada, reversion, tesorero

pytestmark = pytest.mark.usefixtures("app")
TITULOS = "Número de contrato;Vigencia;NIT\n"


def revisar(texto: str | bytes, quien: Usuario | None = None) -> ListaRevisada:
    contenido = texto.encode() if isinstance(texto, str) else texto
    usuario = quien or tesorero("funcionario")
    with transaccion():
        return listas.revisar("putumayo", leer_lista(contenido), hoy=HOY, usuario=usuario, ahora=AHORA)


def hallazgos(revisada: ListaRevisada) -> list[Hallazgo | None]:
    return [r.respuesta.hallazgo if r.respuesta else None for r in revisada.renglones]


def test_cada_fila_dice_lo_pagado_lo_pendiente_y_lo_que_no_existe() -> None:
    pagado, debido = contrato("647"), contrato("648")
    pagada(pagado)
    revisada = revisar(TITULOS + "647;2025;901.805.364-1\n 0648 ;2025;901805364\n649;2025;901805364\n")
    assert hallazgos(revisada) == [Hallazgo.ENCONTRADO, Hallazgo.ENCONTRADO, Hallazgo.NO_ENCONTRADO]
    uno, otro, ninguno = revisada.respuestas
    assert (uno.pagadas, uno.pendientes, uno.por_pagar) == (2, 0, 0)
    assert (otro.pagadas, otro.pendientes, otro.por_pagar) == (0, 2, Decimal(470000))
    assert otro.liquidaciones == {debido.numero: debido.codigo}
    assert ninguno.estampillas == ()
    assert (revisada.al_dia, revisada.con_pendientes, revisada.no_encontradas) == (1, 1, 1)
    assert revisada.por_pagar == Decimal(470000)


def test_lo_pagado_dice_con_que_credito_y_deja_de_decirlo_cuando_el_banco_lo_quita() -> None:
    una, ana, luis = liquidacion((4000,)), tesorero(), tesorero()
    recaudo = pagada(una)
    numero = una.facturas[0].numero
    (hallada,) = revisar(f"{numero}\n").respuestas[0].estampillas
    assert (hallada.estado, hallada.pagada_en) == (EstadoPublico.LEGALIZADO, AHORA)
    aprobar(reversion(recaudo, ana), luis)
    (hallada,) = revisar(f"{numero}\n").respuestas[0].estampillas
    assert (hallada.estado, hallada.pagada_en, hallada.cus) == (EstadoPublico.REVERTIDO, None, None)
    pagada(una)
    (hallada,) = revisar(f"{numero}\n").respuestas[0].estampillas
    assert hallada.estado is EstadoPublico.LEGALIZADO
    assert hallada.pagada_en is not None


def test_sin_titulos_una_columna_es_de_facturas_y_tres_son_del_contrato() -> None:
    una = contrato("647")
    numero = una.facturas[0].numero
    assert hallazgos(revisar(f"{numero}\n\n999999999\n")) == [Hallazgo.ENCONTRADO, Hallazgo.NO_ENCONTRADO]
    assert hallazgos(revisar("647\t2025\t901805364")) == [Hallazgo.ENCONTRADO]
    assert hallazgos(revisar("647, 2025, 901805364-1")) == [Hallazgo.ENCONTRADO]


def test_las_filas_conservan_su_numero_al_escribirse_de_nuevo() -> None:
    lista = leer_lista(f"{TITULOS}647;2025;901805364\n\n\n=1+1;2025;901805364\n".encode())
    assert [r.fila for r in lista] == [2, 5]
    otra = leer_lista(escribir_lista(lista).encode())
    assert [(r.fila, r.pregunta, [str(e) for e in r.errores]) for r in otra] == [
        (r.fila, r.pregunta, [str(e).replace("columna A", "columna C") for e in r.errores]) for r in lista
    ]


def test_un_libro_de_excel_con_numeros_de_verdad_y_otras_columnas() -> None:
    contrato("647")
    libro = xlsx_de([{"Objeto": "Pólizas", "CONTRATO": Decimal(647), "Año": Decimal(2025), "NIT": Decimal(901805364)}])
    assert hallazgos(revisar(libro)) == [Hallazgo.ENCONTRADO]


def test_el_csv_de_otra_codificacion_se_lee() -> None:
    contrato("647")
    assert hallazgos(revisar("Número de contrato;Año;NIT\n647;2025;901805364".encode("latin-1"))) == [
        Hallazgo.ENCONTRADO
    ]


def test_lo_malo_de_una_fila_se_dice_por_columna_y_no_detiene_las_demas() -> None:
    contrato("647")
    revisada = revisar(TITULOS + "647;25;901805364-9\n;2025;901805364\n647;2025;901805364\n")
    assert hallazgos(revisada) == [None, None, Hallazgo.ENCONTRADO]
    assert [(e.fila, e.columna) for e in revisada.errores] == [(2, "B"), (2, "C"), (3, "A")]
    assert revisada.con_error == 2


def test_una_factura_de_otro_contrato_no_es_la_que_se_pide() -> None:
    una, otra = contrato("647"), contrato("648")
    titulos = "Factura;Número de contrato;Vigencia;NIT\n"
    suya, ajena = una.facturas[0].numero, otra.facturas[0].numero
    revisada = revisar(f"{titulos}{suya};647;2025;901805364\n{ajena};647;2025;901805364\n{ajena};;;\n")
    assert hallazgos(revisada) == [Hallazgo.ENCONTRADO, Hallazgo.NO_ENCONTRADO, Hallazgo.ENCONTRADO]
    assert revisada.respuestas[1].nota == "La factura existe, pero no es de ese contrato."


def test_dos_consorcios_de_un_mismo_integrante_con_el_mismo_numero_son_ambiguos() -> None:
    for nit in ("901805364", "901805365"):
        una = contrato("647", nit)
        with transaccion():
            db.session.add(
                Integrante(
                    liquidacion_id=una.id,
                    orden=0,
                    tipo_documento="NIT",
                    documento="800100200",
                    nombre="S",
                    porcentaje="100",
                )
            )
    revisada = revisar(TITULOS + "647;2025;800100200\n647;2025;901805365\n")
    assert hallazgos(revisada) == [Hallazgo.AMBIGUO, Hallazgo.ENCONTRADO]
    assert len(revisada.respuestas[0].liquidaciones) == 2
    assert revisada.al_dia + revisada.con_pendientes == 1


def test_el_integrante_de_un_consorcio_encuentra_su_contrato() -> None:
    una = contrato("647")
    with transaccion():
        db.session.add(
            Integrante(
                liquidacion_id=una.id,
                orden=0,
                tipo_documento="NIT",
                documento="800100200",
                nombre="S",
                porcentaje="100",
            )
        )
    assert hallazgos(revisar(TITULOS + "647;2025;800100200\n")) == [Hallazgo.ENCONTRADO]


def test_lo_de_otro_departamento_no_se_encuentra() -> None:
    contrato("647", departamento="narino")
    assert hallazgos(revisar(TITULOS + "647;2025;901805364\n")) == [Hallazgo.NO_ENCONTRADO]


def test_una_fila_repetida_se_dice_y_no_se_debe_dos_veces() -> None:
    contrato("647")
    revisada = revisar(TITULOS + "647;2025;901805364\n647;2025;901805364-1\n")
    assert [r.repite for r in revisada.renglones] == [None, 2]
    assert revisada.por_pagar == Decimal(470000)


def test_las_preguntas_a_la_base_no_crecen_con_las_filas() -> None:
    for n in range(1, 31):
        contrato(str(n))
    quien = tesorero("funcionario")
    cuentas = []
    for filas in (1, 30, LIMITES.filas):
        texto = TITULOS + "".join(f"{n};2025;901805364\n" for n in range(1, filas + 1))
        with contando() as hechas:
            revisada = revisar(texto, quien)
        assert len(revisada.encontradas) == min(filas, 30)
        cuentas.append(len([orden for orden in hechas if orden.lstrip().upper().startswith("SELECT")]))
    assert len(set(cuentas)) == 1, cuentas


def test_la_bitacora_dice_quien_miro_y_ningun_documento() -> None:
    una = contrato("647")
    quien = tesorero("funcionario")
    revisar(TITULOS + "647;2025;901805364\n999;2025;1212312323\n", quien)
    (fila,) = db.session.scalars(select(Bitacora).where(Bitacora.accion == "validacion.lista")).all()
    assert fila.usuario_id == quien.id
    assert fila.detalle == {"filas": 2, "errores": 0, "liquidaciones": [una.id]}


@pytest.mark.parametrize(
    ("contenido", "dice"),
    [
        (b"", "vac"),
        (b"Objeto;Valor\nuno;2\n", "Falta: N\u00famero de contrato, Vigencia, NIT"),
        ("Número de contrato;Vigencia\n647;2025\n".encode(), "Falta: NIT"),
        (b"NIT;Documento;Factura\n1;2;3\n", "dicen lo mismo"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04nada", "da\u00f1ado"),
        (b'Factura\n"1', "comillas"),
        (("Factura\n" + "1\n" * (LIMITES.filas + 1)).encode(), "m\u00e1s de 500"),
    ],
)
def test_lo_que_no_se_puede_leer_se_dice(contenido: bytes, dice: str) -> None:
    with pytest.raises(ArchivoIlegible, match=dice):
        leer_lista(contenido)


def test_una_por_retencion_no_cuenta_como_pendiente() -> None:
    contrato("647", por_retencion=True)
    revisada = revisar(TITULOS + "647;2025;901805364\n")
    assert revisada.respuestas[0].estados == {EstadoPublico.POR_RETENCION: 2}
    assert "retención" in revisada.respuestas[0].nota
    assert (revisada.al_dia, revisada.con_pendientes, revisada.por_pagar) == (0, 0, 0)


def test_una_utilizada_dice_cuando_se_adhirio_aunque_se_haya_vuelto_a_pagar() -> None:
    una = liquidacion((4000,))
    credito_id, factura, dia = pagada(una).id, una.facturas[0], timedelta(days=1)
    adherir(una, funcionario(), ahora=AHORA + dia)
    with transaccion():
        reversiones.revertir(credito_id, causa=CausaReversion.BANCO, motivo="Reclamo", ahora=AHORA + 2 * dia)
    pagada(una)
    respuesta = revisar(f"{factura.numero}\n").respuestas[0]
    assert (respuesta.pagadas, respuesta.utilizadas) == (1, 1)
    assert respuesta.estampillas[0].utilizada_en == AHORA + dia


@pytest.mark.parametrize(
    "pegado",
    [
        "647\t2025\t901805364-1",
        "647\t2025\t901.805.364-1\t\t",
        "\t647\t2025\t901805364-1",
        "647\t2.025\t901805364-1",
        "647 2025 901805364-1",
        "647    2025    901 805 364 - 1",
        "647\t2025\t901805364–1",
        "647\u00a0\t2025\u00a0\t901.805.364-1\u00a0",
        "647\t2025\t901805364-1\tUNION TEMPORAL, PUTUMAYO",
        "0647;2025;901805364",
        "N.º de contrato\tVigencia\tNIT contratista\n647\t2025\t901805364-1",
        "N° contrato\tAño\tNIT\tContratista\n647\t2025\t901.805.364-1\tACME S.A.S.",
    ],
)
def test_lo_que_se_pega_de_excel_se_lee_como_venga(pegado: str) -> None:
    (renglon,) = leer_lista(pegado.encode())
    assert not renglon.errores
    assert renglon.pregunta is not None
    assert renglon.pregunta.asunto == "contrato|647|2025|901805364"


def test_cuarenta_contratos_pegados_conservan_el_numero_de_su_fila() -> None:
    lineas = [f"{600 + n} 2025 901805364-1" for n in range(40)]
    lineas.insert(10, "")
    renglones = leer_lista("\n".join(lineas).encode())
    assert len(renglones) == 40
    assert [r.fila for r in renglones[9:11]] == [10, 12]


def test_espacios_dentro_de_una_factura_no_son_columnas() -> None:
    assert [r.pregunta.asunto for r in leer_lista(b"1 001\n254 311") if r.pregunta] == [
        "factura|1001",
        "factura|254311",
    ]
