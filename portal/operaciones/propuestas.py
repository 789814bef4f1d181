"""Yearly values by two people: one administrator proposes, another publishes, and only then the engine may use the value."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update

from portal.db import db, ejecutar
from portal.dominio import propuestas as reglas
from portal.dominio.dinero import escribir_pesos
from portal.dominio.errores import DatoInvalido, NoExiste, TransicionNoPermitida
from portal.dominio.identificacion import leer_texto
from portal.dominio.vigencia import ValorIndicador as Valor
from portal.models import EstadoPropuesta, PropuestaIndicador, Usuario
from portal.models.normativa import Indicador, ValorIndicador
from portal.models.usuario import Rol
from portal.operaciones.archivos_normativa import NACIONAL
from portal.operaciones.bitacora import anotar
from portal.operaciones.normativa import hay_liquidaciones, indicadores_sin_valor, nueva_edicion

# The first day of the month from which the portal asks for next year's values.
_MES_DE_AVISO = 12


class PropuestaCambio(TransicionNoPermitida):
    """The draft is no longer the one that this person was looking at."""


@dataclass(frozen=True)
class Datos:
    """What a draft says: days, whole pesos, and the act with its evidence (an https or http address), which may still lack."""

    desde: date
    hasta: date
    valor: Decimal
    acto: str = ""
    acto_fecha: date | None = None
    evidencia: str = ""
    salto_confirmado: bool = False


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


def propuestas_de(departamento: str) -> list[PropuestaIndicador]:
    """Every proposal over a department's indicators, newest first."""
    propias = PropuestaIndicador.departamento.in_((departamento, NACIONAL))
    return list(db.session.scalars(select(PropuestaIndicador).where(propias).order_by(PropuestaIndicador.id.desc())))


def por_id(departamento: str, propuesta_id: int) -> PropuestaIndicador:
    """One proposal. Raises `NoExiste`."""
    hallada = db.session.get(PropuestaIndicador, propuesta_id) if propuesta_id < 2**31 else None
    if hallada is None or hallada.departamento not in (departamento, NACIONAL):
        raise NoExiste("No encontramos esa propuesta.")
    return hallada


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


def revisar(indicador: Indicador, datos: Datos, hoy: date) -> Valor | None:
    """Everything that can be wrong with a draft, before anybody signs it. Returns the published row that it would cut short.

    Raises `DatoInvalido` naming the field.
    """
    reglas.revisar_forma(datos.desde, datos.hasta, datos.valor, ano_completo=indicador.ano_completo, hoy=hoy)
    if datos.acto_fecha is not None and datos.acto_fecha > hoy:
        raise DatoInvalido("La fecha del acto está en el futuro.", "acto_fecha")
    publicados = en_rango(indicador)
    cortada = reglas.encajar(datos.desde, datos.hasta, publicados, ano_completo=indicador.ano_completo)
    if cortada is not None and hay_liquidaciones(indicador.departamento, datos.desde, cortada.hasta):
        raise DatoInvalido(
            "Ya hay liquidaciones en esas fechas, hechas con el valor anterior. Un valor que se usó no se cambia.",
            "desde",
        )
    anterior = reglas.anterior_a(datos.desde, publicados)
    if anterior is not None and reglas.es_salto(datos.valor, anterior) and not datos.salto_confirmado:
        raise DatoInvalido(
            f"El valor se aparta más del {reglas.SALTO_POR_CIENTO} % del anterior, {escribir_pesos(anterior.valor)}. "
            "Si está bien, confírmelo con la casilla.",
            "salto_confirmado",
        )
    return cortada


def proponer(
    indicador: Indicador, datos: Datos, *, usuario: Usuario, ahora: datetime, hoy: date, peticion: str = ""
) -> PropuestaIndicador:
    """Write a draft; it changes no assessment. The same draft by the same person is the one there is already.

    Flushes. Raises `DatoInvalido` naming the field, `TransicionNoPermitida` when another draft has those days or the account
    is no administrator's. The partial unique index answers two drafts at once.
    """
    _exigir_administrador(usuario)
    datos = _limpios(datos)
    _bloquear(indicador)
    existente = _viva(indicador, datos.desde)
    if existente is not None and existente.es_borrador:
        if existente.autor_id == usuario.id and datos_de(existente) == datos:
            return existente
        raise TransicionNoPermitida(f"Ya hay una propuesta con esa fecha inicial: la número {existente.id}. Edite esa.")
    revisar(indicador, datos, hoy)
    nueva = PropuestaIndicador(
        departamento=indicador.departamento,
        codigo=indicador.codigo,
        autor_id=usuario.id,
        autor_nombre=usuario.nombre,
        escrita_en=ahora,
        **vars(datos),
    )
    db.session.add(nueva)
    db.session.flush()
    _anotar("propuesta_escrita", nueva, usuario, ahora, peticion)
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
    _exigir_administrador(usuario)
    datos = _limpios(datos)
    indicador = _indicador(una)
    _bloquear(indicador)
    otra = _viva(indicador, datos.desde)
    if otra is not None and otra.id != una.id and otra.es_borrador:
        raise DatoInvalido(f"Ya hay otra propuesta con esa fecha inicial: la número {otra.id}.", "desde")
    revisar(indicador, datos, hoy)
    autoria = {"autor_id": usuario.id, "autor_nombre": usuario.nombre, "escrita_en": ahora}
    _pasar(una, version, **vars(datos), **autoria)
    _anotar("propuesta_editada", una, usuario, ahora, peticion)


def publicar(
    una: PropuestaIndicador, *, version: int, usuario: Usuario, ahora: datetime, hoy: date, peticion: str = ""
) -> None:
    """Sign a draft that another administrator wrote: its dated row exists from here on, and the engine uses it.

    Where the value changes inside a year, the row in force ends the day before. Raises `TransicionNoPermitida` for its own
    author or without its act, `PropuestaCambio` when it is not the `version` that was reviewed, `DatoInvalido` when it no
    longer fits.
    """
    _exigir_administrador(usuario)
    if una.autor_id == usuario.id:
        raise TransicionNoPermitida("Usted escribió esta propuesta. Debe publicarla otro administrador.")
    datos = datos_de(una)
    if not (datos.acto and datos.acto_fecha and datos.evidencia):
        raise TransicionNoPermitida(
            "Para publicar faltan el acto que fija el valor, su fecha o el enlace de evidencia."
        )
    indicador = _indicador(una)
    _bloquear(indicador)
    firma = {"resuelta_por": usuario.id, "resuelta_por_nombre": usuario.nombre, "resuelta_en": ahora}
    _pasar(una, version, estado=EstadoPropuesta.PUBLICADA, **firma)
    cortada = revisar(indicador, datos, hoy)
    if cortada is not None:
        _cortar(indicador, cortada, datos.desde)
    db.session.add(
        ValorIndicador(
            departamento=una.departamento,
            codigo=una.codigo,
            origen="",
            desde=datos.desde,
            hasta=datos.hasta,
            valor=datos.valor,
            acto=datos.acto,
            acto_fecha=datos.acto_fecha,
            comprobacion="",
        )
    )
    nueva_edicion()
    db.session.flush()
    _anotar("propuesta_publicada", una, usuario, ahora, peticion)


def retirar(
    una: PropuestaIndicador, *, version: int, motivo: str, usuario: Usuario, ahora: datetime, peticion: str = ""
) -> None:
    """End a draft without publishing it: its author withdraws it, or another administrator rejects it, with a reason.

    Raises `DatoInvalido` without a reason, `PropuestaCambio` when it is not the `version` that was read.
    """
    _exigir_administrador(usuario)
    firma = {"resuelta_por": usuario.id, "resuelta_por_nombre": usuario.nombre, "resuelta_en": ahora}
    texto = leer_texto(motivo, maximo=500, campo="motivo")
    _pasar(una, version, estado=EstadoPropuesta.RETIRADA, motivo=texto, **firma)
    _anotar("propuesta_retirada", una, usuario, ahora, peticion)


def anos_sin_valor(indicador: Indicador, hoy: date) -> list[str]:
    """In words, the days without a published value up to the end of this year; from 1 December, of the next one too."""
    return [v.texto for v in reglas.sin_valor(en_rango(indicador), date(_ano_exigible(hoy), 12, 31))]


def aviso_de_valores(departamento: str, hoy: date) -> str:
    """What to tell administrators: this year's values that are missing, from 1 December those of next year; empty if none.

    Raises `NoExiste` when no rules are loaded.
    """
    frases = []
    if faltan := indicadores_sin_valor(departamento, hoy):
        frases.append(f"Faltan valores de {hoy.year}: {', '.join(faltan)}. Lo que los usa no se puede liquidar.")
    proximo = _ano_exigible(hoy)
    if proximo > hoy.year and (faltan := indicadores_sin_valor(departamento, date(proximo, 1, 1))):
        frases.append(
            f"Faltan valores de {proximo}: {', '.join(faltan)}. Desde el 1 de enero no se podrá liquidar con ellos."
        )
    return " ".join(frases)


def _ano_exigible(hoy: date) -> int:
    return hoy.year + (hoy.month >= _MES_DE_AVISO)


def _limpios(datos: Datos) -> Datos:
    """The same, canonical. Raises `DatoInvalido` for text or an address that cannot be kept."""
    evidencia = leer_texto(datos.evidencia, maximo=500, campo="evidencia", obligatorio=False)
    # Only what a browser opens as a page: any other scheme could run in it.
    if evidencia and (not evidencia.startswith(("https://", "http://")) or " " in evidencia):
        raise DatoInvalido("Escriba un enlace completo, por ejemplo https://www.dian.gov.co/normatividad.", "evidencia")
    acto = leer_texto(datos.acto, maximo=160, campo="acto", obligatorio=False)
    return Datos(**{**vars(datos), "acto": acto, "evidencia": evidencia})


def _viva(indicador: Indicador, desde: date) -> PropuestaIndicador | None:
    return db.session.scalar(
        select(PropuestaIndicador).where(
            PropuestaIndicador.departamento == indicador.departamento,
            PropuestaIndicador.codigo == indicador.codigo,
            PropuestaIndicador.desde == desde,
            PropuestaIndicador.estado != EstadoPropuesta.RETIRADA,
        )
    )


def _indicador(una: PropuestaIndicador) -> Indicador:
    consulta = select(Indicador).where(Indicador.departamento == una.departamento, Indicador.codigo == una.codigo)
    return db.session.scalars(consulta).one()


def _bloquear(indicador: Indicador) -> None:
    """Writes over one indicator go one after the other (SQLite has one writer anyway)."""
    db.session.execute(select(Indicador.id).where(Indicador.id == indicador.id).with_for_update())


def datos_de(una: PropuestaIndicador) -> Datos:
    """What a stored draft says."""
    return Datos(**{campo: getattr(una, campo) for campo in Datos.__dataclass_fields__})


def _exigir_administrador(usuario: Usuario) -> None:
    if usuario.rol is not Rol.ADMINISTRADOR or not usuario.activo:
        raise TransicionNoPermitida("Solo un administrador con la cuenta activa puede hacer esto.")


def _pasar(una: PropuestaIndicador, version: int, **cambios: Any) -> None:
    orden = (
        update(PropuestaIndicador)
        .where(
            PropuestaIndicador.id == una.id,
            PropuestaIndicador.version == version,
            PropuestaIndicador.estado == EstadoPropuesta.BORRADOR,
        )
        .values(version=version + 1, **cambios)
        .execution_options(synchronize_session=False)
    )
    if ejecutar(orden) != 1:
        raise PropuestaCambio(
            "Otra persona cambió esta propuesta mientras usted la tenía abierta. Revísela como quedó."
        )
    db.session.refresh(una)


def _cortar(indicador: Indicador, cortada: Valor, desde: date) -> None:
    orden = update(ValorIndicador).where(
        ValorIndicador.departamento == indicador.departamento,
        ValorIndicador.codigo == indicador.codigo,
        ValorIndicador.desde == cortada.desde,
        ValorIndicador.hasta == cortada.hasta,
    )
    assert ejecutar(orden.values(hasta=desde - timedelta(days=1))) == 1, "the indicator is locked while publishing"


def _anotar(accion: str, una: PropuestaIndicador, usuario: Usuario, ahora: datetime, peticion: str) -> None:
    anotar(
        accion,
        f"propuesta:{una.id}",
        ahora=ahora,
        usuario_id=usuario.id,
        peticion=peticion,
        indicador=una.codigo,
        desde=una.desde.isoformat(),
        hasta=una.hasta.isoformat(),
        valor=str(una.valor),
        version=una.version,
    )


def publicadas_por_fila(departamento: str) -> dict[tuple[str, date], PropuestaIndicador]:
    """The proposals behind published rows, by code of the indicator and first day."""
    publicadas: Sequence[PropuestaIndicador] = propuestas_de(departamento)
    return {(p.codigo, p.desde): p for p in publicadas if p.estado is EstadoPropuesta.PUBLICADA}
