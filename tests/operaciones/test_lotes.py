"""The dry run says everything by row and column; the import issues all or nothing, and again nothing."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from portal.cli.pagos import una_ronda
from portal.db import db, transaccion
from portal.dominio.errores import DatoInvalido, NoExiste, TransicionNoPermitida
from portal.models import Bitacora, Consecutivo, Lote, RenglonLote, Usuario
from portal.operaciones import liquidaciones
from portal.operaciones.lotes import importacion
from portal.operaciones.lotes.archivo import ArchivoIlegible, leer_tabla
from portal.operaciones.lotes.importacion import EN_PANTALLA, VIGENCIA, LoteCambio, LoteConErrores, ensayar
from portal.operaciones.lotes.simulacro import Regimen, Simulacro
from tests.encargos import AHORA, HOY, dejar_sin_efecto, emitir, encargo_contrato, oficial
from tests.lotes import FILA, NARINO, PUTUMAYO, contratos, csv_de, emitidas, fila, importar_archivo, xlsx_de

FILA_NARINO = FILA | {"Acto": "N-CC-D", "Tipo de contratista": "juridica", "Tipo de contrato": "suministro"}


@pytest.fixture
def rentas(app: Flask) -> Usuario:
    return oficial()


def probar(filas: Sequence[dict[str, Any]], regimen: Regimen = PUTUMAYO) -> Simulacro:
    return ensayar(leer_tabla(csv_de(filas), EN_PANTALLA), regimen=regimen, hoy=HOY)


def errores_de(filas: Sequence[dict[str, Any]], regimen: Regimen = PUTUMAYO) -> list[str]:
    return [str(error) for error in probar(filas, regimen).errores]


def un_error(regimen: Regimen = PUTUMAYO, **datos: Any) -> str:
    (error,) = errores_de([(FILA if regimen is PUTUMAYO else FILA_NARINO) | datos], regimen)
    return error


def siguiente(serie: str) -> int | None:
    return db.session.scalar(select(Consecutivo.siguiente).where(Consecutivo.serie == serie))


@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
class TestSimulacro:
    """Reads and computes; the engine of the database makes no difference."""

    def test_dice_cuanto_se_emitiria_por_estampilla_y_no_escribe_nada(self, app: Flask) -> None:
        hecho = probar(contratos(3))
        assert (len(hecho.nuevos), hecho.total, hecho.errores) == (3, Decimal(1_410_000), [])
        assert [(s.cuantas, s.valor) for s in hecho.estampillas.values()] == [(3, 705_000), (3, 705_000)]
        assert list(hecho.avisos.values()) == [[2, 3, 4]], "the provisional tariffs are told once"
        assert emitidas() == []

    @pytest.mark.parametrize(
        ("columna", "malo", "donde"),
        [
            ("Acto", "X-1", "A (Acto): Ese acto no se liquida"),
            ("Acto", "P-T-01", "A (Acto): Ese acto no es un contrato"),
            ("Tipo de documento", "RUT", "B (Tipo de documento): «RUT» no está en la lista"),
            ("Número de documento", "901805364-9", "C (Número de documento): El dígito de verificación no corresponde"),
            ("Nombre del contratista", "", "D (Nombre del contratista): Falta este dato"),
            ("Nombre del contratista", "x" * 161, "D (Nombre del contratista): Use máximo 160 caracteres"),
            ("Nombre del contratista", "#N/A", "D (Nombre del contratista): La fórmula de esta celda dio error"),
            ("Nombre del contratista", "a\u202eb", "D (Nombre del contratista): El texto tiene caracteres"),
            ("Tipo de contratista", "marciano", "E (Tipo de contratista): «marciano» no está en la lista"),
            ("Valor", "0", "F (Valor): El valor debe ser mayor que cero"),
            ("Valor", "mil", "F (Valor): Escriba el valor en pesos"),
            ("Valor", "1.234", "F (Valor): Este valor se puede leer de dos maneras"),
            ("Valor", "1.000.000.000.000.001", "F (Valor): El valor es demasiado grande"),
            ("Valor", "", "F (Valor): Falta este dato"),
            ("Número de contrato", "6%", "H (Número de contrato): Escriba el número del contrato"),
            ("Número de contrato", "EJEMPLO-001", "H (Número de contrato): Es la fila de ejemplo"),
            ("Tipo de contrato", "x", "I (Tipo de contrato): «x» no está en la lista"),
            ("Fecha de contrato", "2/13/2025", "J (Fecha de contrato): Escriba una fecha que exista"),
            ("Fecha de contrato", "2025-06-25", "J (Fecha de contrato): La fecha del contrato no puede ser futura"),
            ("Objeto", "x" * 1001, "K (Objeto): Use máximo 1000 caracteres"),
        ],
    )
    def test_cada_dato_malo_se_senala_en_su_celda(self, app: Flask, columna: str, malo: str, donde: str) -> None:
        assert un_error(**{columna: malo}).startswith(f"Fila 2, columna {donde}")

    def test_quien_no_es_persona_natural_se_identifica_con_nit(self, app: Flask) -> None:
        error = un_error(**{"Tipo de documento": "CC", "Número de documento": "901805364"})
        assert error == "Fila 2, columna B (Tipo de documento): Quien no es persona natural se identifica con NIT."

    def test_todos_los_errores_de_todas_las_filas_se_dicen_juntos(self, app: Flask) -> None:
        malas = [
            fila(Valor="mil", Objeto=""),
            FILA,
            fila(Acto="X", **{"Tipo de contrato": "y", "Número de contrato": "9"}),
        ]
        dichos = [(e.fila, e.columna) for e in probar(malas).errores]
        assert dichos == [(2, "F"), (2, "K"), (4, "A"), (4, "I")]

    def test_un_contrato_repetido_en_el_archivo_es_un_error(self, app: Flask) -> None:
        (error,) = errores_de([FILA, fila(**{"Número de contrato": "0647", "Objeto": "Otro"})])
        assert error == "Fila 3, columna H (Número de contrato): Ese contrato ya está en la fila 2 de este archivo."

    def test_los_titulos_se_reconocen_en_cualquier_orden_y_forma(self, app: Flask) -> None:
        raros = {titulo.upper().replace("Ú", "U").replace("Ó", "O") + " *": v for titulo, v in reversed(FILA.items())}
        assert probar([raros]).nuevos[0].encargo == probar([FILA]).nuevos[0].encargo
        por_clave = {"acto": "P-C-02", "clase": "consorcio"} | {
            k: v for k, v in FILA.items() if k not in ("Acto", "Tipo de contratista")
        }
        assert probar([por_clave]).nuevos[0].encargo == probar([FILA]).nuevos[0].encargo

    def test_los_titulos_malos_se_dicen_todos(self, app: Flask) -> None:
        sin_valor = {k: v for k, v in FILA.items() if k not in ("Valor", "Objeto")}
        with pytest.raises(ArchivoIlegible) as dicho:
            probar([sin_valor | {"Valr": "1", "Acto ": "P-C-02", "": "suelto"}])
        assert dicho.value.mensajes == (
            "La columna J («Valr») no existe. ¿Quiso decir «Valor»?",
            "La columna K («Acto») repite la columna A.",
            "La columna L no tiene título y trae datos, por ejemplo en la fila 2.",
            "Faltan las columnas: Valor, Objeto.",
        )

    def test_un_hecho_de_un_contrato_baja_la_cifra(self, app: Flask) -> None:
        plena = probar([FILA_NARINO], NARINO)
        publicos = FILA_NARINO | {"hechos.contrato.objeto": "Servicios públicos domiciliarios"}
        exenta = probar([publicos], NARINO)
        assert (plena.errores, exenta.errores) == ([], [])
        assert plena.total > exenta.total
        assert exenta.nuevos[0].encargo.asunto.hechos == {"contrato.objeto": "servicios_publicos_domiciliarios"}

    @pytest.mark.parametrize(
        ("hecho", "malo", "frase"),
        [
            ("hechos.contrato.objeto", "marte", "«marte» no está en la lista"),
            ("hechos.posesion.movimiento", "ingreso", "Este dato no se pregunta para este contrato"),
            ("hechos.contratista.capital_publico", "70", "Este dato no se pregunta para este contrato"),
        ],
    )
    def test_un_hecho_malo_o_que_nadie_pregunto_es_un_error(
        self, app: Flask, hecho: str, malo: str, frase: str
    ) -> None:
        assert un_error(NARINO, **{hecho: malo}).startswith(f"Fila 2, columna L ({hecho}): {frase}")

    def test_decir_que_no_a_lo_que_nadie_pregunto_es_no_decir_nada(self, app: Flask) -> None:
        hecho = probar([FILA_NARINO | {"hechos.posesion.ad_honorem": "no"}], NARINO)
        assert (hecho.errores, hecho.nuevos[0].encargo.asunto.hechos) == ([], {})

    def test_un_hecho_desconocido_es_una_columna_desconocida(self, app: Flask) -> None:
        with pytest.raises(ArchivoIlegible, match="«hechos.contrato.objetos».*¿Quiso decir «hechos.contrato.objeto»?"):
            probar([FILA_NARINO | {"hechos.contrato.objetos": "x"}], NARINO)

    def test_una_norma_que_no_rige_es_un_error_de_la_fila(self, app: Flask) -> None:
        assert un_error(**{"Fecha de contrato": "2001-01-01"}).startswith("Fila 2: ")

    def test_con_tarifas_provisionales_no_se_liquida_en_produccion(self, app: Flask) -> None:
        error = errores_de([FILA], Regimen("putumayo", 30, permitir_provisional=False))
        assert error == [
            "Fila 2: Este acto solo tiene tarifas provisionales. El administrador debe publicar las tarifas con su norma."
        ]


FORMAS_DEL_VALOR = {
    "colombiana": lambda v: f"{v:,.2f}".translate(str.maketrans(",.", ".,")),
    "coma": lambda v: f"{v:.2f}".replace(".", ","),
    "punto": lambda v: f"{v:.2f}",
    "inglesa": lambda v: f"{v:,.2f}",
}
FORMAS_DE_LA_FECHA = {"iso": "%Y-%m-%d", "dia primero": "%d/%m/%Y"}
letras = st.text("abcñÑáÉü ;,\t\"'|=+-@°", min_size=1, max_size=40).map(lambda t: "x " + t.strip())


@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    st.lists(
        st.tuples(st.decimals(1, 10**11, places=2), st.dates(date(2024, 1, 1), HOY), letras), min_size=1, max_size=6
    ),
    st.sampled_from(sorted(FORMAS_DEL_VALOR)),
    st.sampled_from(sorted(FORMAS_DE_LA_FECHA)),
    st.sampled_from([(s, c) for s in ";,\t" for c in ("utf-8", "utf-8-sig", "latin-1")]),
)
def test_la_misma_tabla_en_cualquier_formato_da_los_mismos_contratos(
    app: Flask, datos: list[tuple[Decimal, date, str]], forma: str, fecha: str, como: tuple[str, str]
) -> None:
    base = [FILA | {"Número de contrato": str(i), "Objeto": objeto} for i, (_, _, objeto) in enumerate(datos)]
    escritas = [
        una | {"Valor": FORMAS_DEL_VALOR[forma](valor), "Fecha de contrato": dia.strftime(FORMAS_DE_LA_FECHA[fecha])}
        for una, (valor, dia, _) in zip(base, datos, strict=True)
    ]
    reales = [una | {"Valor": v, "Fecha de contrato": d} for una, (v, d, _) in zip(base, datos, strict=True)]
    archivos = [csv_de(escritas, *como), xlsx_de(escritas), xlsx_de(reales)]
    hechos = [ensayar(leer_tabla(a, EN_PANTALLA), regimen=PUTUMAYO, hoy=HOY) for a in archivos]
    for hecho in hechos:
        assert hecho.errores == []
        assert [c.encargo.asunto.valor for c in hecho.nuevos] == [valor for valor, _, _ in datos]
        assert [c.encargo.asunto.fecha_contrato for c in hecho.nuevos] == [dia for _, dia, _ in datos]
        assert [c.encargo.objeto for c in hecho.nuevos] == [" ".join(objeto.split()) for _, _, objeto in datos]
    assert hechos[0].huella == hechos[1].huella == hechos[2].huella


def test_importar_emite_todo_y_repetirlo_no_cambia_nada(rentas: Usuario) -> None:
    filas = contratos(4)
    lote = importar_archivo(csv_de(filas), rentas)
    assert (lote.nuevas, lote.iguales, lote.total, lote.contenido) == (4, 0, Decimal(1_880_000), None)
    antes = [(una.numero, una.codigo, una.numero_contrato) for una in emitidas()]
    series = siguiente("liquidacion"), siguiente("factura")
    for otra_vez in (csv_de(filas), csv_de(filas[::-1], ",", "latin-1"), xlsx_de(filas)):
        repetido = importar_archivo(otra_vez, rentas)
        assert (repetido.nuevas, repetido.iguales, repetido.total) == (0, 4, 0)
    assert [(una.numero, una.codigo, una.numero_contrato) for una in emitidas()] == antes
    assert (siguiente("liquidacion"), siguiente("factura")) == series


def test_un_archivo_que_crece_emite_solo_lo_nuevo_y_cada_fila_lleva_a_su_liquidacion(rentas: Usuario) -> None:
    importar_archivo(csv_de(contratos(2)), rentas)
    lote = importar_archivo(csv_de(contratos(3)), rentas, ahora=AHORA + timedelta(days=1))
    hecho = importacion.resultado(lote)
    assert hecho.cuantos == 3
    assert [(r.fila, r.nueva, r.liquidacion.numero_contrato) for r in hecho.renglones] == [
        (2, False, "1"),
        (3, False, "2"),
        (4, True, "3"),
    ]
    assert [r.fila for r in importacion.resultado(lote, desde=1, limite=1).renglones] == [3]


def test_lo_que_se_liquido_en_el_formulario_no_se_vuelve_a_liquidar(rentas: Usuario) -> None:
    encargo = probar([FILA]).nuevos[0].encargo
    una = emitir(encargo, rentas)
    lote = importar_archivo(csv_de([FILA]), rentas)
    assert (lote.nuevas, lote.iguales, len(emitidas())) == (0, 1, 1)
    assert importacion.resultado(lote).renglones[0].liquidacion_id == una.id


def test_el_mismo_contrato_con_otros_datos_es_un_error_y_no_se_emite_ninguno(rentas: Usuario) -> None:
    emitir(encargo_contrato(), rentas)
    with pytest.raises(LoteConErrores) as dicho:
        importar_archivo(csv_de([*contratos(2), fila(Valor="46911500")]), rentas)
    (error,) = dicho.value.errores
    assert str(error).startswith(
        "Fila 4, columna H (Número de contrato): Ese contrato ya tiene la liquidación 1, con otros datos en: "
    )
    assert "Valor" in error.mensaje
    assert len(emitidas()) == 1


def test_lo_que_quedo_sin_efecto_se_puede_importar_otra_vez(rentas: Usuario) -> None:
    for vuelta in range(3):
        assert importar_archivo(csv_de([FILA]), rentas).nuevas == 1
        assert importar_archivo(csv_de([FILA]), rentas).iguales == 1
        dejar_sin_efecto(emitidas()[-1].id, rentas)
        assert len(emitidas()) == vuelta + 1


def test_una_fila_que_no_se_puede_emitir_las_detiene_todas_y_se_dicen_todas(
    rentas: Usuario, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What only issuing finds out, such as an exemption that nobody recognised."""
    original = liquidaciones.emitir

    def negar(encargo: Any, **otros: Any) -> Any:
        if encargo.numero_contrato in ("2", "4"):
            raise DatoInvalido("Falta el reconocimiento de la exención.", "hechos.x")
        return original(encargo, **otros)

    monkeypatch.setattr(liquidaciones, "emitir", negar)
    with pytest.raises(LoteConErrores) as dicho:
        importar_archivo(csv_de(contratos(5)), rentas)
    assert [str(e) for e in dicho.value.errores] == [
        f"Fila {n}: Falta el reconocimiento de la exención." for n in (3, 5)
    ]
    assert emitidas() == []
    assert (siguiente("liquidacion"), siguiente("factura")) == (None, None)
    assert (
        db.session.scalars(select(Bitacora).where(Bitacora.accion.in_(("lote.importar", "liquidacion.emitir")))).all()
        == []
    )


def test_solo_se_importa_lo_que_se_vio(rentas: Usuario) -> None:
    visto = probar(contratos(3)).huella
    importar_archivo(csv_de(contratos(1)), rentas)
    with pytest.raises(LoteCambio) as dicho:
        importar_archivo(csv_de(contratos(3)), rentas, visto=visto)
    assert (len(dicho.value.simulacro.nuevos), len(emitidas())) == (2, 1)
    assert importar_archivo(csv_de(contratos(3)), rentas, visto=dicho.value.simulacro.huella).nuevas == 2


def guardado(rentas: Usuario) -> Lote:
    with transaccion():
        return importacion.guardar(
            csv_de(contratos(2)), "C:\\mis archivos\\lista.csv", departamento="putumayo", usuario=rentas, ahora=AHORA
        )


def test_un_archivo_se_importa_una_vez_y_despues_no_queda_su_contenido(rentas: Usuario) -> None:
    lote = guardado(rentas)
    assert lote.archivo == "lista.csv"
    firma = importacion.Firma(rentas, AHORA)
    with transaccion():
        importacion.importar(lote, regimen=PUTUMAYO, firma=firma, hoy=HOY)
    with pytest.raises(TransicionNoPermitida, match="ya se importó"), transaccion():
        importacion.importar(lote, regimen=PUTUMAYO, firma=firma, hoy=HOY)
    assert len(emitidas()) == 2
    assert db.session.scalars(select(RenglonLote.fila)).all() == [2, 3]
    (anotado,) = db.session.scalars(select(Bitacora).where(Bitacora.accion == "lote.importar"))
    assert anotado.detalle == {"huella": lote.huella, "nuevas": 2, "iguales": 0, "total": "940000"}


def test_el_archivo_que_espera_es_de_quien_lo_subio_y_se_olvida(rentas: Usuario) -> None:
    lote, otra = guardado(rentas), oficial()
    buscar = {"departamento": "putumayo", "ahora": AHORA}
    assert importacion.por_codigo(lote.codigo, usuario=rentas, **buscar) is lote
    for ajeno in (
        {"usuario": otra},
        {"usuario": rentas, "departamento": "narino"},
        {"usuario": rentas, "ahora": AHORA + VIGENCIA},
    ):
        with pytest.raises(NoExiste):
            importacion.por_codigo(lote.codigo, **buscar | ajeno)
    with transaccion():
        assert importacion.olvidar_vencidos(AHORA + VIGENCIA - timedelta(seconds=1)) == 0
        assert importacion.olvidar_vencidos(AHORA + VIGENCIA) == 1
    guardado(rentas)
    with time_machine.travel(AHORA + VIGENCIA, tick=False):
        una_ronda()
    assert db.session.scalars(select(Lote)).all() == [], "whatever runs all the time forgets them too"
    guardado(rentas)
    with transaccion():
        importacion.descartar(rentas)
    assert db.session.scalars(select(Lote)).all() == []


@pytest.mark.parametrize("nombre", ["", "a\u202eb.csv", "x" * 300 + ".csv", "../../etc/passwd", "\x00"])
def test_un_nombre_de_archivo_raro_no_estorba(rentas: Usuario, nombre: str) -> None:
    with transaccion():
        lote = importacion.guardar(b"x", nombre, departamento="putumayo", usuario=rentas, ahora=AHORA)
    assert 0 < len(lote.archivo) <= 120
    assert "/" not in lote.archivo
