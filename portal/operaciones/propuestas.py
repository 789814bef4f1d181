"""Yearly values by two people: one administrator proposes, another publishes, and only then the engine may use the value."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.dominio import propuestas as reglas
from portal.dominio.calendario import dia_en_palabras
from portal.dominio.dinero import escribir_pesos
from portal.dominio.errores import DatoInvalido, NoExiste, TransicionNoPermitida
from portal.dominio.identificacion import leer_texto
from portal.dominio.planes import Plan
from portal.dominio.vigencia import ValorIndicador as Valor
from portal.models import PropuestaIndicador, Usuario
from portal.models.normativa import Indicador, ValorIndicador
from portal.models.usuario import Rol
from portal.operaciones.archivos_normativa import NACIONAL
from portal.operaciones.borradores import plan_de, problemas_con, uso_en
from portal.operaciones.ciclo_propuestas import (
    anotar_propuesta,
    autoria_de,
    borrador_en,
    exigir_version,
    limpiar_acto,
    pasar,
)
from portal.operaciones.firmas import exigir_rol
from portal.operaciones.normativa import indicadores_sin_valor

# The first day of the month from which the portal asks for next year's values.
_MES_DE_AVISO = 12


@dataclass(frozen=True)
class Datos:
    """What a draft says: days, whole pesos, and the act with its evidence (an https or http address), which may still lack.

    `corrige` is the first day of the published value that it corrects, `correccion` why.
    """

    desde: date
    hasta: date
    valor: Decimal
    acto: str = ""
    acto_fecha: date | None = None
    evidencia: str = ""
    salto_confirmado: bool = False
    corrige: date | None = None
    correccion: str = ""


def indicadores_de(departamento: str) -> list[Indicador]:
    """The indicators that a department's administrators keep: its own and the nation's, in the order of the files."""
    consulta = select(Indicador).where(Indicador.departamento.in_((departamento, NACIONAL))).order_by(Indicador.id)
    return list(db.session.scalars(consulta))


def indicador_de(departamento: str, codigo: str) -> Indicador:
    """One of them. Raises `NoExiste`."""
    hallado = next((i for i in indicadores_de(departamento) if i.codigo == codigo), None)
    if hallado is None:
        raise NoExiste("No encontramos ese indicador.")
    return hallado


def valores_de(indicador: Indicador) -> list[ValorIndicador]:
    """Its published rows, oldest first."""
    consulta = select(ValorIndicador).where(
        ValorIndicador.departamento == indicador.departamento, ValorIndicador.codigo == indicador.codigo
    )
    return list(db.session.scalars(consulta.order_by(ValorIndicador.desde)))


def en_rango(indicador: Indicador) -> list[Valor]:
    """The published rows of an indicator as the domain's checks read them."""
    return [Valor(v.codigo, v.valor, v.desde, v.hasta or date.max, v.acto) for v in valores_de(indicador)]


def sugerir(indicador: Indicador, porcentaje: Decimal) -> Decimal:
    """What the norm's own formula gives for the next value, in pesos: the last published one, adjusted by `porcentaje`.

    Raises `NoExiste` when the norm gives no formula or nothing is published, `DatoInvalido` beyond 0 to 100.
    """
    publicados = en_rango(indicador)
    if not indicador.formula or not publicados:
        raise NoExiste("La norma no trae una fórmula para este valor.")
    if not 0 <= porcentaje <= 100:
        raise DatoInvalido("Escriba un porcentaje entre 0 y 100.", "ajuste")
    return reglas.por_formula(publicados[-1].valor, porcentaje, Decimal(indicador.formula["multiplo"]))


def revisar(una: PropuestaIndicador, hoy: date) -> Plan:
    """Everything that can be wrong with a draft, before anybody signs it. Returns what publishing it would do.

    Raises `DatoInvalido` naming the field.
    """
    indicador = _indicador(una)
    datos = datos_de(una)
    # A correction of a value that was used already begins wherever its use ended.
    parcial = una.corrige is not None and una.corrige != una.desde
    reglas.revisar_forma(
        datos.desde, datos.hasta, datos.valor, ano_completo=indicador.ano_completo and not parcial, hoy=hoy
    )
    if datos.acto_fecha is not None and datos.acto_fecha > hoy:
        raise DatoInvalido("La fecha del acto está en el futuro.", "acto_fecha")
    plan = plan_de(una)
    if (uso := uso_en(una, plan)) is not None:
        raise DatoInvalido(
            "Ya hay liquidaciones en esas fechas, hechas con el valor anterior. Un valor que se usó no se cambia: "
            f"el nuevo puede regir desde el {dia_en_palabras(uso + timedelta(days=1))}.",
            "desde",
        )
    if problemas := problemas_con(una, plan):
        raise DatoInvalido(f"Las normas no quedarían bien: {'; '.join(problemas)}.")
    anterior = reglas.anterior_a(datos.desde, [v for v in en_rango(indicador) if v.desde != una.corrige])
    if anterior is not None and reglas.es_salto(datos.valor, anterior) and not datos.salto_confirmado:
        raise DatoInvalido(
            f"El valor se aparta más del {reglas.SALTO_POR_CIENTO} % del anterior, {escribir_pesos(anterior.valor)}. "
            "Si está bien, confírmelo con la casilla.",
            "salto_confirmado",
        )
    return plan


def proponer(
    indicador: Indicador, datos: Datos, *, usuario: Usuario, ahora: datetime, hoy: date, peticion: str = ""
) -> PropuestaIndicador:
    """Write a draft; it changes no assessment. The same draft by the same person is the one there is already.

    Flushes. Raises `DatoInvalido` naming the field, `TransicionNoPermitida` when another draft has those days or the account
    is no administrator's. The partial unique index answers two drafts at once.
    """
    exigir_rol(usuario, Rol.ADMINISTRADOR)
    datos = _limpios(datos)
    _bloquear(indicador)
    existente = borrador_en(indicador.departamento, indicador.codigo, datos.desde)
    if existente is not None:
        if isinstance(existente, PropuestaIndicador) and _es_la_misma(existente, datos, usuario):
            return existente
        raise TransicionNoPermitida(f"Ya hay una propuesta con esa fecha inicial: la número {existente.id}. Edite esa.")
    nueva = _borrador(indicador, datos, **autoria_de(usuario, ahora))
    revisar(nueva, hoy)
    db.session.add(nueva)
    db.session.flush()
    anotar_propuesta("propuesta_escrita", nueva, usuario, ahora, peticion)
    return nueva


def editar(
    una: PropuestaIndicador,
    datos: Datos,
    *,
    version: int,
    usuario: Usuario,
    ahora: datetime,
    hoy: date,
    peticion: str = "",
) -> None:
    """Rewrite a draft that still is the `version` this person read. Who writes it last is its author.

    Raises `DatoInvalido` naming the field, `PropuestaCambio` when somebody else was first.
    """
    exigir_rol(usuario, Rol.ADMINISTRADOR)
    exigir_version(una, version)
    datos = _limpios(datos)
    indicador = _indicador(una)
    _bloquear(indicador)
    otra = borrador_en(indicador.departamento, indicador.codigo, datos.desde)
    if otra is not None and otra.id != una.id:
        raise DatoInvalido(f"Ya hay otra propuesta con esa fecha inicial: la número {otra.id}.", "desde")
    revisar(_borrador(indicador, datos), hoy)
    cambios = vars(datos).copy()
    valor = cambios.pop("valor")
    pasar(una, version, **cambios, **autoria_de(usuario, ahora))
    una.valor = valor
    db.session.flush()
    anotar_propuesta("propuesta_editada", una, usuario, ahora, peticion)


def anos_sin_valor(indicador: Indicador, hoy: date) -> list[str]:
    """In words, the days without a published value up to the end of this year; from 1 December, of the next one too."""
    return [v.texto for v in reglas.sin_valor(en_rango(indicador), date(_ano_exigible(hoy), 12, 31))]


def aviso_de_valores(departamento: str, hoy: date) -> str:
    """What to tell administrators: this year's values that are missing, from 1 December those of next year; empty if none.

    Raises `NoExiste` when no rules are loaded.
    """
    frases = []
    for ano, faltan in valores_que_faltan(departamento, hoy).items():
        efecto = "Lo que los usa no se puede liquidar."
        if ano > hoy.year:
            efecto = "Desde el 1 de enero no se podrá liquidar con ellos."
        frases.append(f"Faltan valores de {ano}: {', '.join(faltan)}. {efecto}")
    return " ".join(frases)


def valores_que_faltan(departamento: str, hoy: date) -> dict[int, list[str]]:
    """By year, the names of the indicators without a value: of this year, and from 1 December of the next one.

    Raises `NoExiste` when no rules are loaded.
    """
    dias = {hoy.year: hoy} | ({ano: date(ano, 1, 1)} if (ano := _ano_exigible(hoy)) > hoy.year else {})
    return {ano: faltan for ano, dia in dias.items() if (faltan := indicadores_sin_valor(departamento, dia))}


def _ano_exigible(hoy: date) -> int:
    return hoy.year + (hoy.month >= _MES_DE_AVISO)


def datos_de(una: PropuestaIndicador) -> Datos:
    """What a stored draft says."""
    return Datos(**{campo: getattr(una, campo) for campo in Datos.__dataclass_fields__})


def _limpios(datos: Datos) -> Datos:
    """The same, canonical. Raises `DatoInvalido` for text or an address that cannot be kept, or a correction without reason."""
    correccion = leer_texto(datos.correccion, maximo=500, campo="correccion", obligatorio=datos.corrige is not None)
    return Datos(
        **{
            **vars(datos),
            **limpiar_acto(datos.acto, datos.evidencia),
            "correccion": correccion if datos.corrige is not None else "",
        }
    )


def _borrador(indicador: Indicador, datos: Datos, **autoria: Any) -> PropuestaIndicador:
    return PropuestaIndicador(departamento=indicador.departamento, codigo=indicador.codigo, **vars(datos), **autoria)


def _es_la_misma(existente: PropuestaIndicador, datos: Datos, usuario: Usuario) -> bool:
    return existente.autor_id == usuario.id and datos_de(existente) == datos


def _indicador(una: PropuestaIndicador) -> Indicador:
    consulta = select(Indicador).where(Indicador.departamento == una.departamento, Indicador.codigo == una.codigo)
    return db.session.scalars(consulta).one()


def _bloquear(indicador: Indicador) -> None:
    """Drafts over one indicator are written one after the other (SQLite has one writer anyway)."""
    db.session.execute(select(Indicador.id).where(Indicador.id == indicador.id).with_for_update())
