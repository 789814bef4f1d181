"""The documents of the earlier system: brought as they were, to the peso, once; or nothing of them is, and each row is told."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select, text

from portal.db import db, transaccion
from portal.dominio.errores import TransicionNoPermitida
from portal.dominio.libro import SISTEMA_ANTERIOR
from portal.models import Adhesion, Bitacora, Consecutivo, Factura, Liquidacion, Migracion, Recaudo, Usuario
from portal.operaciones import expedientes, libro, liquidaciones, verificacion
from portal.operaciones.migracion import importacion
from portal.operaciones.migracion.importacion import CarpetaConErrores, MigracionNoCuadra
from portal.operaciones.normativa import ultimo_uso
from portal.operaciones.simulaciones import pasadas
from tests import fabricas
from tests.agentes import agente
from tests.contratos import acto, adicionar, reducir
from tests.encargos import dejar_sin_efecto, emitir, encargo_contrato, oficial
from tests.migracion import EJEMPLO, administrador, con, cuadrada, ensayar, escrita, leida, muchas, traer

CONTAR = (Liquidacion, Factura, Recaudo, Migracion, Bitacora, Usuario)


def cuantos() -> list[int]:
    db.session.rollback()
    return [db.session.scalar(select(func.count()).select_from(x)) or 0 for x in CONTAR]


def test_la_carpeta_del_ejemplo_se_trae_como_era(app: Flask) -> None:
    quien = administrador().id
    assert traer(escrita(leida()), quien) == 6
    hoy = date(2026, 11, 25)
    facturas = {f.numero: f for f in db.session.scalars(select(Factura))}
    assert {n: f.estado_publico(hoy).value for n, f in facturas.items()} == {
        **{238076: "Legalizado", 238077: "Liquidado", 238078: "Utilizada", 238079: "Utilizada", 238080: "Legalizado"},
        **{
            238081: "Sin efecto",
            238082: "Sin efecto",
            238083: "Vencida",
            238084: "Pago revertido",
            238085: "Legalizado",
        },
    }
    una = facturas[238078].liquidacion
    assert (una.numero, una.emitida_en, una.emitida_por, una.solicitud) == (
        61002,
        datetime(2025, 2, 5, 13, 30, 15, tzinfo=UTC),
        None,
        {},
    )
    assert (una.valor_acto, una.huella_origen is not None, una.contratante_nit) == (
        Decimal("46911499.50"),
        True,
        "800000001",
    )
    pago = db.session.scalars(select(Recaudo).where(Recaudo.transaccion == "ANT-000102")).one()
    assert (pago.pasarela, pago.canal, pago.valor, pago.cus) == ("anterior", "migracion", 470000, "7000102")
    assert libro.saldos()[SISTEMA_ANTERIOR] == 524000, "what stands of the old payments, and nothing of what went back"
    adhesion = db.session.scalars(select(Adhesion)).one()
    assert [f.numero for f in adhesion.facturas] == [238078, 238079]
    assert (adhesion.usuario_nombre, adhesion.en) == (
        "Funcionario de ejemplo",
        datetime(2025, 2, 10, 20, 40, tzinfo=UTC),
    )
    (cuenta,) = db.session.scalars(select(Usuario).where(Usuario.correo == "rentas.anterior@ejemplo.test"))
    assert (cuenta.activo, cuenta.clave_hash) == (False, "")


def test_el_contrato_trae_su_libro_y_lo_que_cambie_de_el_se_liquida_aparte(app: Flask) -> None:
    traer(escrita(leida()), administrador().id)
    inicial = db.session.scalars(select(Liquidacion).where(Liquidacion.numero == 61002)).one()
    contrato = expedientes.leer(inicial)
    assert contrato.valor == Decimal("46911499.50") + 9911499
    assert [m.clase.value for m in contrato.movimientos] == ["inicial", "adicion"]
    assert [(r.estampilla, r.determinado, r.legalizado) for r in contrato.renglones()][0] == (
        "DESARROLLO_FRONTERIZO",
        285000,
        285000,
    )
    # With the figures of other rules, what changes of it cannot be reckoned here.
    rentas, cambio = oficial(), acto("1000")
    for hacer in (adicionar, reducir):
        with pytest.raises(TransicionNoPermitida, match="lo liquidó el sistema anterior"):
            hacer(inicial, cambio, rentas)


def test_los_numeros_nuevos_siguen_despues_de_los_viejos(app: Flask) -> None:
    traer(escrita(leida()), administrador().id)
    nueva = emitir(encargo_contrato(), oficial())
    assert (nueva.numero, min(f.numero for f in nueva.facturas)) == (61007, 238086)


def test_repetirla_no_cambia_nada_y_otra_carpeta_trae_solo_lo_que_falta(app: Flask) -> None:
    quien = administrador().id
    traer(escrita(leida()), quien)
    antes = cuantos()
    assert traer(escrita(leida()), quien) == 0
    assert cuantos() == antes
    # The same documents in other bytes, and one more.
    mas, otras = leida(), muchas(1, desde=70001)
    for nombre in otras:
        mas[nombre] = mas[nombre] + [f for f in otras[nombre] if nombre != "usuarios.csv"]
    for f in mas["liquidaciones.csv"]:
        f["valor_acto"] = f["valor_acto"].replace(",50", ".50")
    plan = ensayar(escrita(cuadrada(mas), separador=",", letras="cp1252"))
    assert ([str(h) for h in plan.hallazgos], plan.pendientes, len(plan.previas)) == ([], 1, 6)
    assert traer(escrita(cuadrada(mas), separador=",", letras="cp1252"), quien) == 1


def test_lo_que_liquido_el_sistema_anterior_no_ata_las_normas_de_aqui(app: Flask) -> None:
    traer(escrita(leida()), administrador().id)
    assert ultimo_uso("putumayo", date(2024, 1, 1), None) is None
    anuales = select(func.count(Liquidacion.id)).where(pasadas("putumayo", date(2025, 1, 1), date(2025, 12, 31)))
    assert db.session.scalar(anuales) == 0


# (cell changed, what is said of it). The control is told apart from the files, so most of them break its totals too.
MALOS = [
    (("liquidaciones.csv", 2, "total"), "9001", "sus facturas suman $9.000 (facturas.csv, filas 2, 3)"),
    (("liquidaciones.csv", 2, "documento"), "1000000009", "Ese contribuyente no está"),
    (("liquidaciones.csv", 3, "documento"), "900000001-9", "dígito de verificación"),
    (("liquidaciones.csv", 2, "documento"), "CC12", "solo con números"),
    (("liquidaciones.csv", 2, "numero"), "61003", "Repite la fila"),
    (("liquidaciones.csv", 2, "acto"), "X-99", "Ese código no existe"),
    (("liquidaciones.csv", 3, "contratante"), "", "lo lleva todo contrato"),
    (("liquidaciones.csv", 4, "adicion"), "2", "Falta, en firme"),
    (("liquidaciones.csv", 4, "adicion"), "0", "ya liquida ese contrato"),
    (("liquidaciones.csv", 5, "motivo_sin_efecto"), "", "van juntos"),
    (("liquidaciones.csv", 7, "emitida_el"), "2026-11-01", "posterior al corte"),
    (("facturas.csv", 2, "liquidacion"), "69999", "Esa liquidación no está"),
    (("facturas.csv", 2, "estampilla"), "PRO_NADA", "Los que hay: "),
    (("facturas.csv", 2, "valor"), "4.000", "sin signo ni separador de miles"),
    (("facturas.csv", 2, "valor"), "-4000", "sin signo ni separador de miles"),
    (("facturas.csv", 3, "estado"), "Legalizado", "no tiene pago"),
    (("facturas.csv", 2, "estado"), "Liquidado", "tiene un pago en pagos.csv, fila 2"),
    (("facturas.csv", 3, "estado"), "Vencida", "por su fecha límite"),
    (("facturas.csv", 9, "estado"), "Liquidado", "por su fecha límite"),
    (("facturas.csv", 7, "estado"), "Liquidado", "con todas sus facturas, o con ninguna"),
    (("facturas.csv", 11, "estado"), "Liquidado", "Una factura de $0 no se debe"),
    (("facturas.csv", 3, "estado"), "En verificación", "El estado debe ser uno de"),
    (("facturas.csv", 4, "usada_por"), "nadie@ejemplo.test", "Esa cuenta no está"),
    (("facturas.csv", 4, "usada_el"), "2025-02-05", "desde que se pagó"),
    (("facturas.csv", 4, "acto_numero"), "", "Falta este dato"),
    (("facturas.csv", 2, "dependencia"), "Otra", "Solo lo lleva"),
    (("pagos.csv", 2, "factura"), "239999", "Esa factura no está"),
    (("pagos.csv", 3, "valor"), "235001", "Paga $235.001 y la factura vale $235.000 (facturas.csv, fila 4)"),
    (("pagos.csv", 3, "factura"), "238079", "los pagos dobles no se traen"),
    (("pagos.csv", 4, "cus"), "7", "no dice lo mismo"),
    (("pagos.csv", 2, "pagado_el"), "2025-03-03", "desde que se emitió"),
    (("pagos.csv", 5, "pagado_el"), "21/05/2025", "así: AAAA-MM-DD"),
    (("usuarios.csv", 2, "rol"), "gerente", "Los que hay: administrador"),
    (("usuarios.csv", 3, "rol"), "agente", "el rol agente, y solo ellas"),
    (("contribuyentes.csv", 2, "clase"), "", "Falta este dato"),
    (("contribuyentes.csv", 3, "documento"), "900 000 001", ""),
    (("control.csv", 5, "valor"), "546001", "6 por $546.001 y hay 6 por $546.000. Filas que lo suman: liq"),
    (("control.csv", 6, "cuantas"), "2", "Se esperaba 2 por $5.000 y hay 1 por $5.000. Filas que lo suman: facturas.csv 3"),
    (("control.csv", 18, "valor"), "469999", "hay 2 por $470.000. Filas que lo suman: pagos.csv 3, pagos.csv 4."),
    (("control.csv", 6, "concepto"), "colores", "Debe ser uno de"),
    (("control.csv", 2, "clave"), "2190-01-01", "El último día del sistema anterior aún no llega"),
    (("control.csv", 6, "clave"), "Legalizado", "ya está en otra fila"),
]  # fmt: skip


def test_cada_dato_malo_se_dice_con_su_fila_y_no_se_escribe_nada(app: Flask) -> None:
    quien = administrador().id
    antes = cuantos()
    for celda, valor, dice in MALOS:
        contenidos = con({celda: valor})
        textos = [str(h) for h in ensayar(contenidos).hallazgos]
        if not dice:
            assert textos == [], celda
            continue
        archivo = celda[0]
        suyos = [t for t in textos if dice in t]
        assert suyos, (celda, valor, textos)
        assert archivo == "control.csv" or any(t.startswith(archivo) for t in suyos), suyos
        assert not any(n in t for t in textos for n in ("1000000001", "900000001", "500001", "1000000009", "CC12")), (
            textos
        )
    with pytest.raises(CarpetaConErrores):
        traer(contenidos, quien)
    assert cuantos() == antes


def test_los_archivos_dañados_se_rechazan_enteros(app: Flask) -> None:
    bueno = escrita(leida())
    danados = {
        "un archivo menos": ({n: c for n, c in bueno.items() if n != "pagos.csv"}, "pagos.csv: Falta el archivo."),
        "UTF-16": (bueno | {"pagos.csv": bueno["pagos.csv"].decode().encode("utf-16")}, "no es un CSV"),
        "dos codificaciones": (
            bueno | {"liquidaciones.csv": bueno["liquidaciones.csv"] + "ñ".encode("latin-1")},
            "mezcla dos codificaciones",
        ),
        "una columna menos": (
            bueno | {"pagos.csv": b"referencia;factura;valor\n"},
            "Faltan las columnas: pagado_el, banco",
        ),
        "una columna ajena": (
            bueno | {"control.csv": b"concepto;clave;cuantas;valor;otra\n"},
            "control.csv: No se conocen: otra.",
        ),
        "una celda de más": (bueno | {"pagos.csv": bueno["pagos.csv"] + b"1;2;3\n"}, "fila 6: Tiene 3 celdas"),
        "una línea repetida": (
            bueno | {"pagos.csv": bueno["pagos.csv"] + bueno["pagos.csv"].splitlines()[1]},
            "pagos.csv, fila 6: Repite la fila 2",
        ),
        "comillas sin cerrar": (bueno | {"pagos.csv": bueno["pagos.csv"] + b'"x'}, "comillas"),
        "sin control": (bueno | {"control.csv": b"concepto;clave;cuantas;valor\n"}, "Falta la fila «corte»"),
    }
    for nombre, (contenidos, dice) in danados.items():
        textos = [str(h) for h in ensayar(contenidos).hallazgos]
        assert any(dice in t for t in textos), (nombre, textos)
    for letras, separador in (("utf-8-sig", ";"), ("latin-1", ","), ("cp1252", "\t")):
        plan = ensayar(escrita(leida(), letras=letras, separador=separador))
        assert [str(h) for h in plan.hallazgos] == [], (letras, separador)


def test_un_numero_que_el_portal_ya_dio_no_se_pisa(app: Flask) -> None:
    quien = administrador().id
    propia = fabricas.contrato("647", nit="900000001", valores=(1000,))
    filas = muchas(2, desde=propia.numero)
    textos = [str(h) for h in ensayar(escrita(cuadrada(filas))).hallazgos]
    assert any("este portal la emitió" in t for t in textos), textos
    assert any("el portal ya lo tiene liquidado" in str(h) for h in ensayar(escrita(leida())).hallazgos)
    with pytest.raises(CarpetaConErrores):
        traer(escrita(leida()), quien)
    cambiada = muchas(3, desde=500)
    traer(escrita(cuadrada(cambiada)), quien)
    cambiada["liquidaciones.csv"][0]["funcionario"] = "Otra"
    (uno,) = ensayar(escrita(cuadrada(cambiada))).hallazgos
    assert "ya se trajo con otros datos" in str(uno)


def test_si_la_base_de_datos_no_tiene_lo_de_los_archivos_se_detiene_y_nombra_las_filas(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    quien, original = administrador().id, importacion.escribir

    def con_un_peso_menos(*args: object) -> list[Liquidacion]:
        nuevas = original(*args)  # type: ignore[arg-type]
        db.session.execute(text("UPDATE factura SET valor = valor - 100 WHERE numero = 238077"))
        return nuevas

    monkeypatch.setattr(importacion, "escribir", con_un_peso_menos)
    with pytest.raises(MigracionNoCuadra) as error:
        traer(escrita(leida()), quien)
    assert (
        "estado Liquidado: Se esperaba 2 por $9.000 y hay 2 por $8.999. Filas que lo suman: facturas.csv 3"
        in " ".join(error.value.diferencias)
    )
    db.session.rollback()
    assert db.session.scalar(select(func.count(Factura.id))) == 0
    monkeypatch.undo()
    assert traer(escrita(leida()), quien) == 6, "once what was wrong is mended, the same order goes on"


@pytest.mark.descuadra
def test_verificar_nombra_una_migracion_que_ya_no_suma(app: Flask) -> None:
    traer(escrita(leida()), administrador().id)
    with transaccion():
        db.session.execute(text("UPDATE factura SET estampilla = 'ITP' WHERE numero = 238077"))
        db.session.execute(
            text("UPDATE liquidacion SET migracion_id = NULL, huella_origen = NULL WHERE numero = 61003")
        )
    rotas = [f for i in verificacion.INVARIANTES if i.codigo in ("I-02", "I-03") for f in i.quiebres()]
    assert any("La migración 1 no suma" in f for f in rotas), rotas
    assert any("mezcla el dinero" in f for f in rotas), rotas


def test_la_orden_revisa_aplica_y_repite(runner: FlaskCliRunner, app: Flask) -> None:
    administrador()
    fabricas.liquidacion()
    carpeta = str(EJEMPLO)
    revisada = runner.invoke(args=["migracion", "importar", carpeta])
    assert revisada.exit_code == 0, revisada.stderr
    assert "estado Utilizada: 2 por $470.000" in revisada.output
    assert "Se escribirían 6 liquidaciones" in revisada.output
    assert db.session.scalar(select(func.count(Migracion.id))) == 0
    sin_cuenta = runner.invoke(args=["migracion", "importar", carpeta, "--aplicar"])
    assert (sin_cuenta.exit_code, "--usuario" in sin_cuenta.stderr) == (1, True)
    aplicar = ["migracion", "importar", carpeta, "--aplicar", "--usuario", "administrador@demo.portal.test"]
    hecha = runner.invoke(args=aplicar)
    assert hecha.exit_code == 0, hecha.stderr
    assert "Escritas ahora: 6 liquidaciones, de 6. La base de datos tiene lo que dice el control" in hecha.output
    repetida = runner.invoke(args=aplicar)
    assert (repetida.exit_code, "No cambió nada" in repetida.output) == (0, True)
    assert runner.invoke(args=["verificar"]).exit_code == 0
    siguientes = dict(db.session.execute(select(Consecutivo.serie, Consecutivo.siguiente)).all())
    assert (siguientes["liquidacion"], siguientes["factura"]) == (61007, 238086)


def test_la_orden_dice_cada_fila_mala_y_termina_con_uno(runner: FlaskCliRunner, app: Flask, tmp_path: object) -> None:
    administrador()
    malo = con({("facturas.csv", 2, "valor"): "4.000", ("pagos.csv", 5, "factura"): "1"})
    for nombre, contenido in malo.items():
        (tmp_path / nombre).write_bytes(contenido)  # type: ignore[operator]
    hecha = runner.invoke(args=["migracion", "importar", str(tmp_path)])
    assert hecha.exit_code == 1
    assert "facturas.csv, fila 2, valor: Escriba los pesos" in hecha.stderr
    assert "No se escribió nada" in hecha.stderr


def test_una_liquidacion_traida_se_abre_por_su_codigo_y_se_deja_sin_efecto(app: Flask) -> None:
    traer(escrita(leida()), administrador().id)
    una = db.session.scalars(select(Liquidacion).where(Liquidacion.numero == 61005)).one()
    assert liquidaciones.por_codigo(una.codigo).numero == 61005
    dejar_sin_efecto(una.id, oficial())
    db.session.expire_all()
    assert [f.estado.value for f in una.facturas] == ["sin_efecto"]


def test_el_contrato_de_un_agente_registrado_es_de_su_entidad_y_los_demas_del_departamento(app: Flask) -> None:
    entidad = agente(nit="800000001")
    traer(escrita(leida()), administrador().id)
    duenos = {x.numero: (x.agente_id, x.entidad) for x in db.session.scalars(select(Liquidacion))}
    assert duenos[61002] == duenos[61003] == (entidad.id, entidad.id)
    assert duenos[61001] == (None, 0)
