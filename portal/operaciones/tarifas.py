"""Tariffs by two people: what an ordinance changes is a draft of one administrator until another one publishes it."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.dominio.calendario import dia_en_palabras
from portal.dominio.catalogo import leer_tarifa
from portal.dominio.errores import DatoInvalido, NoExiste, NormaNoVigente, TransicionNoPermitida
from portal.dominio.identificacion import leer_texto
from portal.dominio.normativa import Acto, Estampilla, Normativa
from portal.dominio.planes import Fila, Gravamen, Plan
from portal.dominio.propuestas_tarifa import exigir_confirmacion, revisar_cifra, revisar_dias
from portal.dominio.tarifas import Tarifa
from portal.dominio.vigencia import rige
from portal.models import CambioTarifa, PropuestaTarifa, Usuario
from portal.models import normativa as tablas
from portal.models.usuario import Rol
from portal.operaciones.borradores import filas_del_gravamen, gravamen_de, plan_de, problemas_con, uso_en
from portal.operaciones.ciclo_propuestas import (
    anotar_propuesta,
    autoria_de,
    borrador_en,
    exigir_version,
    limpiar_acto,
    pasar,
)
from portal.operaciones.firmas import exigir_rol
from portal.operaciones.normativa import normativa_de


@dataclass(frozen=True)
class DatosTarifa:
    """What a draft says of a tariff.

    Fixing asks for the figure with its norm and article. Choosing a variant takes them from it. Ending asks for the first day
    of the tariff that ends (`desde`) and its last one (`hasta`; none, to rule without end). `acto` left empty is the norm.
    """

    cambio: CambioTarifa
    desde: date
    hasta: date | None = None
    variante: str = ""
    tipo: str = ""
    valor: Decimal = Decimal(0)
    indicador: str = ""
    redondeo: str = ""
    redondeo_inferido: bool = False
    norma: str = ""
    articulo: str = ""
    acto: str = ""
    acto_fecha: date | None = None
    evidencia: str = ""
    salto_confirmado: bool = False
    corrige: date | None = None
    correccion: str = ""


@dataclass(frozen=True)
class Sujeto:
    """A gravamen with its stamp and its act (none: every act of a kind), as they are lately."""

    gravamen: Gravamen
    estampilla: Estampilla
    acto: Acto | None

    @property
    def acto_nombre(self) -> str:
        """The act in words."""
        if self.acto is not None:
            return self.acto.nombre
        clase = "con cuantía" if self.gravamen.clase == "con_cuantia" else "sin cuantía"
        seguida = self.gravamen.acto.removeprefix("*")
        return f"Todos los actos {clase}" + (f" que grava {seguida}" if seguida else "")


def sujeto_de(departamento: str, codigo: str) -> Sujeto:
    """What a code like `PRO_DESARROLLO/SC-15` or `UDEC/con_cuantia/*` speaks of. Raises `NoExiste`."""
    normativa = normativa_de(departamento)
    partes = codigo.split("/")
    estampilla = max((e for e in normativa.estampillas if e.codigo == partes[0]), key=lambda e: e.desde, default=None)
    if estampilla is None or len(partes) not in (2, 3):
        raise NoExiste("No encontramos esa tarifa.")
    if len(partes) == 3:
        gravamen = Gravamen(estampilla.codigo, partes[2], partes[1])
        if not filas_del_gravamen(departamento, gravamen):
            raise NoExiste("No encontramos esa tarifa.")
        return Sujeto(gravamen, estampilla, None)
    try:
        acto = normativa.acto(partes[1])
    except DatoInvalido:
        raise NoExiste("No encontramos esa tarifa.") from None
    return Sujeto(Gravamen(estampilla.codigo, acto.codigo, acto.clase), estampilla, acto)


# A gravamen with its tariffs in force; several are its variants.
Vigente = tuple[Sujeto, list[Tarifa]]


def vigentes_en(departamento: str, fecha: date) -> list[Vigente]:
    """Every gravamen with the tariffs in force on a date (several: its variants), by stamp and act as catalogued."""
    normativa = normativa_de(departamento)
    estampillas = {e.codigo: e for e in normativa.estampillas}
    actos = {a.codigo: a for a in normativa.actos}
    por_gravamen: dict[Gravamen, list[Tarifa]] = {}
    for estampilla in estampillas.values():
        for tarifa in (t for t in normativa.tarifas if t.estampilla == estampilla.codigo):
            if rige(tarifa.desde, tarifa.hasta, fecha):
                gravamen = Gravamen(tarifa.estampilla, tarifa.acto, tarifa.clase)
                por_gravamen.setdefault(gravamen, []).append(tarifa)
    return [(Sujeto(r, estampillas[r.estampilla], actos.get(r.acto)), suyas) for r, suyas in por_gravamen.items()]


def tarifas_de(departamento: str, gravamen: Gravamen) -> list[Fila]:
    """Its live tariffs, newest first."""
    return filas_del_gravamen(departamento, gravamen)[::-1]


def revisar(una: PropuestaTarifa, hoy: date) -> Plan:
    """Everything that can be wrong with a draft, before anybody signs it. Returns what publishing it would do.

    Raises `DatoInvalido` naming the field.
    """
    if una.acto_fecha is not None and una.acto_fecha > hoy:
        raise DatoInvalido("La fecha del acto está en el futuro.", "acto_fecha")
    nueva = None
    if una.cambio is not CambioTarifa.TERMINAR:
        nueva = _revisar_nueva(una, hoy)
    plan = plan_de(una)
    if (uso := uso_en(una, plan)) is not None:
        raise DatoInvalido(_ya_usada(una, uso), "hasta" if nueva is None else "desde")
    if problemas := problemas_con(una, plan):
        raise DatoInvalido(f"Las normas no quedarían bien: {'; '.join(problemas)}.")
    if nueva is not None and not una.salto_confirmado:
        exigir_confirmacion(nueva, _anterior(una))
    return plan


def proponer(
    sujeto: Sujeto,
    datos: DatosTarifa,
    *,
    departamento: str,
    usuario: Usuario,
    ahora: datetime,
    hoy: date,
    peticion: str = "",
) -> PropuestaTarifa:
    """Write a draft; it changes no assessment. The same draft by the same person is the one there is already.

    Flushes. Raises `DatoInvalido` naming the field, `TransicionNoPermitida` when another draft has that first day or the
    account is no administrator's.
    """
    exigir_rol(usuario, Rol.ADMINISTRADOR)
    datos = _limpios(departamento, sujeto, datos)
    _bloquear(departamento, sujeto)
    nueva = _borrador(departamento, sujeto, datos, **autoria_de(usuario, ahora))
    existente = borrador_en(departamento, nueva.codigo, datos.desde)
    if existente is not None:
        if isinstance(existente, PropuestaTarifa) and (existente.autor_id, datos_de(existente)) == (usuario.id, datos):
            return existente
        raise TransicionNoPermitida(f"Ya hay una propuesta con esa fecha inicial: la número {existente.id}. Edite esa.")
    revisar(nueva, hoy)
    db.session.add(nueva)
    db.session.flush()
    anotar_propuesta("propuesta_escrita", nueva, usuario, ahora, peticion)
    return nueva


def editar(
    una: PropuestaTarifa,
    datos: DatosTarifa,
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
    sujeto = sujeto_de(una.departamento, gravamen_de(una).codigo)
    datos = _limpios(una.departamento, sujeto, replace(datos, cambio=una.cambio))
    _bloquear(una.departamento, sujeto)
    otra = borrador_en(una.departamento, una.codigo, datos.desde)
    if otra is not None and otra.id != una.id:
        raise DatoInvalido(f"Ya hay otra propuesta con esa fecha inicial: la número {otra.id}.", "desde")
    borrador = _borrador(una.departamento, sujeto, datos)
    revisar(borrador, hoy)
    comunes = ("desde", "hasta", "acto", "acto_fecha", "evidencia", "salto_confirmado", "corrige", "correccion")
    pasar(una, version, **{c: getattr(datos, c) for c in comunes}, **autoria_de(usuario, ahora))
    for campo in ("variante", "tipo", "valor", "indicador", "redondeo", "redondeo_inferido", "norma", "articulo"):
        setattr(una, campo, getattr(borrador, campo))
    db.session.flush()
    anotar_propuesta("propuesta_editada", una, usuario, ahora, peticion)


def datos_de(una: PropuestaTarifa) -> DatosTarifa:
    """What a stored draft says."""
    dichos = {campo: getattr(una, campo) for campo in DatosTarifa.__dataclass_fields__}
    return DatosTarifa(**{**dichos, "valor": Decimal(una.valor)})


def _borrador(departamento: str, sujeto: Sujeto, datos: DatosTarifa, **autoria: Any) -> PropuestaTarifa:
    gravamen = sujeto.gravamen
    return PropuestaTarifa(
        departamento=departamento,
        codigo=gravamen.codigo,
        estampilla=gravamen.estampilla,
        acto_gravado=gravamen.acto,
        clase_acto=gravamen.clase,
        **{**vars(datos), "valor": f"{datos.valor:f}"},
        **autoria,
    )


def _limpios(departamento: str, sujeto: Sujeto, datos: DatosTarifa) -> DatosTarifa:
    """The same, canonical, with the figures that the kind of change takes from what is in force."""
    de_fijar = datos.cambio is CambioTarifa.FIJAR
    norma = leer_texto(datos.norma, maximo=120, campo="norma", obligatorio=de_fijar)
    articulo = leer_texto(datos.articulo, maximo=160, campo="articulo", obligatorio=de_fijar)
    corrige = datos.corrige if de_fijar else None
    correccion = leer_texto(datos.correccion, maximo=500, campo="correccion", obligatorio=corrige is not None)
    actos = limpiar_acto(datos.acto or norma, datos.evidencia)
    datos = replace(datos, acto=actos["acto"], evidencia=actos["evidencia"], norma=norma, articulo=articulo)
    datos = replace(datos, corrige=corrige, correccion=correccion if corrige else "")
    if de_fijar:
        return replace(datos, hasta=None, variante="")
    filas = filas_del_gravamen(departamento, sujeto.gravamen)
    if datos.cambio is CambioTarifa.VARIANTE:
        propia = next((f for f in filas if f["variante"] and f["variante"] == datos.variante), None)
        if propia is None:
            raise DatoInvalido("Elija una de las tarifas.", "variante")
        return replace(datos, hasta=None, **_cifra_de(propia))
    propia = next((f for f in filas if f["desde"] == datos.desde), None)
    if propia is None:
        raise DatoInvalido("Esa tarifa ya no existe: otra publicación la reemplazó.")
    return replace(datos, variante="", **_cifra_de(propia))


def _cifra_de(fila: Fila) -> dict[str, Any]:
    iguales = ("tipo", "indicador", "redondeo", "redondeo_inferido", "norma", "articulo")
    return {**{c: fila[c] for c in iguales}, "valor": Decimal(fila["valor"])}


def _revisar_nueva(una: PropuestaTarifa, hoy: date) -> Tarifa:
    """The tariff that would begin. Raises `DatoInvalido` naming the field that makes it impossible."""
    sujeto = sujeto_de(una.departamento, gravamen_de(una).codigo)
    normativa = normativa_de(una.departamento)
    if una.indicador not in {i.codigo for i in normativa.indicadores} | {""}:
        raise DatoInvalido("Elija cómo se mide la tarifa.", "medida")
    acto = sujeto.acto and _acto_en(normativa, sujeto.acto, una.desde)
    revisar_dias(una.desde, sujeto.estampilla, acto, hoy)
    _exigir_redondeo(normativa, una)
    nueva = una.como_tarifa()
    revisar_cifra(nueva, sujeto.estampilla)
    return nueva


def _exigir_redondeo(normativa: Normativa, una: PropuestaTarifa) -> None:
    try:
        normativa.redondeo(una.redondeo, una.desde)
    except NormaNoVigente:
        raise DatoInvalido("Elija una regla de redondeo que rija ese día.", "redondeo") from None


def _acto_en(normativa: Normativa, acto: Acto, fecha: date) -> Acto:
    """The act as it is on a date, or as it is lately where none of its versions rules."""
    try:
        return normativa.acto(acto.codigo, fecha)
    except NormaNoVigente:
        return acto


def _anterior(una: PropuestaTarifa) -> Tarifa | None:
    """The published tariff to compare with: the last that began before; a choice between variants compares with none."""
    filas = filas_del_gravamen(una.departamento, gravamen_de(una))
    previas = [f for f in filas if f["desde"] <= una.desde and f["desde"] != una.corrige]
    if not previas or previas[-1]["variante"]:
        return None
    return leer_tarifa(previas[-1])


def _ya_usada(una: PropuestaTarifa, uso: date) -> str:
    frase = f"Ya hay liquidaciones en esas fechas (la última, del {dia_en_palabras(uso)}), y lo que se usó no cambia."
    if una.cambio is CambioTarifa.TERMINAR:
        return frase
    return f"{frase} La tarifa puede regir desde el {dia_en_palabras(uso + timedelta(days=1))}."


def _bloquear(departamento: str, sujeto: Sujeto) -> None:
    """Drafts over the tariffs of one stamp are written one after the other (SQLite has one writer anyway)."""
    tabla = tablas.Estampilla
    consulta = select(tabla.id).where(tabla.departamento == departamento, tabla.codigo == sujeto.estampilla.codigo)
    db.session.execute(consulta.order_by(tabla.id).with_for_update())
