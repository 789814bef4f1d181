"""One row of each file as data; whatever is wrong in it stays in its `Fila`, and then there is no data."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from portal.dominio.calendario import BOGOTA
from portal.dominio.errores import DatoInvalido
from portal.dominio.estados import EstadoPublico
from portal.dominio.identificacion import TIPOS_DOCUMENTO, leer_documento, leer_numero_contrato, leer_texto
from portal.dominio.lectura import leer_correo, leer_nit, leer_vigencia
from portal.dominio.migracion.celdas import Fila, leer_dia, leer_importe, leer_instante, leer_numero
from portal.dominio.migracion.estados import leer_estado
from portal.dominio.migracion.renglones import (
    ContribuyenteAnterior,
    FacturaAnterior,
    LiquidacionAnterior,
    PagoAnterior,
    Persona,
    UsoAnterior,
    UsuarioAnterior,
)

_NUNCA = datetime(1990, 1, 1, tzinfo=BOGOTA)
_REFERENCIA = re.compile(r"[A-Z0-9._/-]{1,64}")
_EMISOR = "Sistema anterior"


@dataclass(frozen=True)
class Catalogo:
    """The words that a cell may hold: codes of stamps, of acts, of kinds of contributor and of roles."""

    estampillas: Collection[str]
    actos: Collection[str]
    clases: Collection[str]
    roles: Collection[str]


def leer_usuario(fila: Fila, catalogo: Catalogo) -> UsuarioAnterior | None:
    """A row of usuarios.csv."""
    leido = UsuarioAnterior(
        fila=fila.numero,
        correo=fila.exigir("correo", lambda t: leer_correo(t).lower(), ""),
        nombre=fila.exigir("nombre", _texto(120), ""),
        rol=fila.exigir("rol", _de_lista(catalogo.roles), ""),
        dependencia=fila.leer("dependencia", _texto(160), ""),
        agente_nit=fila.leer("agente_nit", leer_nit, ""),
    )
    if fila.sana and (leido.rol == "agente") != bool(leido.agente_nit):
        fila.apuntar("agente_nit", "Lo llevan las cuentas con el rol agente, y solo ellas.")
    return leido if fila.sana else None


def leer_contribuyente(fila: Fila, catalogo: Catalogo) -> ContribuyenteAnterior | None:
    """A row of contribuyentes.csv."""
    leido = ContribuyenteAnterior(
        fila=fila.numero,
        persona=_persona(fila),
        nombre=fila.exigir("nombre", _texto(160), ""),
        clase=fila.exigir("clase", _de_lista(catalogo.clases), ""),
        direccion=fila.leer("direccion", _texto(160), ""),
        telefono=fila.leer("telefono", _texto(30), ""),
        correo=fila.leer("correo", _texto(254), ""),
    )
    return leido if fila.sana else None


def leer_liquidacion(fila: Fila, catalogo: Catalogo) -> LiquidacionAnterior | None:
    """A row of liquidaciones.csv."""
    es_contrato = fila.exigir("tipo", _de_lista(("contrato", "tramite")), "") == "contrato"
    emitida = fila.exigir("emitida_el", leer_instante, _NUNCA)
    limite = fila.leer("fecha_limite", leer_dia, None)
    leida = LiquidacionAnterior(
        fila=fila.numero,
        numero=fila.exigir("numero", leer_numero, 0),
        vigencia=fila.exigir("vigencia", leer_vigencia, 0),
        persona=_persona(fila),
        concepto=fila.exigir("concepto", _texto(400), ""),
        acto=fila.leer("acto", _de_lista(catalogo.actos), ""),
        numero_contrato=fila.leer("numero_contrato", leer_numero_contrato, ""),
        numero_proceso=fila.leer("numero_proceso", _texto(60), ""),
        contratante=fila.leer("contratante", _texto(160), ""),
        contratante_nit=fila.leer("contratante_nit", leer_nit, ""),
        objeto=fila.leer("objeto", _texto(1000), ""),
        fecha_contrato=fila.leer("fecha_contrato", leer_dia, None),
        adicion=fila.leer("adicion", _leer_adicion, 0),
        valor_acto=fila.leer("valor_acto", leer_importe, None),
        total=fila.exigir("total", leer_importe, Decimal(0)),
        emitida_el=emitida,
        fecha_limite=limite or date(emitida.year, 12, 31),
        con_limite=limite is not None,
        funcionario=fila.leer("funcionario", _texto(120), _EMISOR),
        sin_efecto_el=fila.leer("sin_efecto_el", leer_instante, None),
        motivo_sin_efecto=fila.leer("motivo_sin_efecto", _texto(500), ""),
    )
    if fila.sana:
        _cotejar_liquidacion(fila, leida, es_contrato=es_contrato)
    return leida if fila.sana else None


def _cotejar_liquidacion(fila: Fila, leida: LiquidacionAnterior, *, es_contrato: bool) -> None:
    de_contrato = {
        "numero_contrato": leida.numero_contrato,
        "contratante": leida.contratante,
        "fecha_contrato": leida.fecha_contrato,
    }
    for columna, dato in de_contrato.items():
        if es_contrato and not dato:
            fila.apuntar(columna, "Falta este dato: lo lleva todo contrato.")
    if not es_contrato and (leida.numero_contrato or leida.adicion):
        fila.apuntar("numero_contrato", "Un trámite no tiene número de contrato ni adiciones.")
    if (leida.sin_efecto_el is None) != (not leida.motivo_sin_efecto):
        fila.apuntar("motivo_sin_efecto", "La fecha en que quedó sin efecto y su motivo van juntos.")
    if leida.con_limite and leida.fecha_limite < leida.emitida_el.date():
        fila.apuntar("fecha_limite", "No puede ser anterior al día en que se emitió.")
    if leida.sin_efecto_el is not None and leida.sin_efecto_el < leida.emitida_el:
        fila.apuntar("sin_efecto_el", "No puede ser anterior al día en que se emitió.")


def leer_factura(fila: Fila, catalogo: Catalogo) -> FacturaAnterior | None:
    """A row of facturas.csv."""
    estado = fila.exigir("estado", leer_estado, EstadoPublico.LIQUIDADO)
    usada = estado is EstadoPublico.UTILIZADA
    revertida = estado is EstadoPublico.REVERTIDO
    leida = FacturaAnterior(
        fila=fila.numero,
        numero=fila.exigir("numero", leer_numero, 0),
        liquidacion=fila.exigir("liquidacion", leer_numero, 0),
        estampilla=fila.exigir("estampilla", _de_lista(catalogo.estampillas), ""),
        base=fila.leer("base", leer_importe, None),
        tarifa=fila.leer("tarifa", _texto(80), ""),
        valor=fila.exigir("valor", leer_importe, Decimal(0)),
        estado=estado,
        motivo_de_cero=fila.leer("motivo_de_cero", _texto(500), ""),
        revertida_el=fila.exigir("revertida_el", leer_instante, _NUNCA) if revertida else None,
        uso=_uso(fila) if usada else None,
    )
    for columna in () if usada else ("usada_el", "usada_por", "dependencia", "acto_numero", "acto_fecha"):
        if fila.leer(columna, str, ""):
            fila.apuntar(columna, "Solo lo lleva una factura en estado Utilizada.")
    if not revertida and fila.leer("revertida_el", str, ""):
        fila.apuntar("revertida_el", "Solo lo lleva una factura en estado Pago revertido.")
    if fila.sana and (leida.valor == 0) != bool(leida.motivo_de_cero):
        fila.apuntar("motivo_de_cero", "Lo lleva una factura de $0, y solo ella: por qué no se debe nada.")
    return leida if fila.sana else None


def _uso(fila: Fila) -> UsoAnterior:
    return UsoAnterior(
        en=fila.exigir("usada_el", leer_instante, _NUNCA),
        por=fila.exigir("usada_por", lambda t: leer_correo(t).lower(), ""),
        dependencia=fila.exigir("dependencia", _texto(160), ""),
        acto_numero=fila.exigir("acto_numero", _texto(80), ""),
        acto_fecha=fila.exigir("acto_fecha", leer_dia, _NUNCA.date()),
    )


def leer_pago(fila: Fila, _catalogo: Catalogo) -> PagoAnterior | None:
    """A row of pagos.csv."""
    leido = PagoAnterior(
        fila=fila.numero,
        referencia=fila.exigir("referencia", _leer_referencia, ""),
        factura=fila.exigir("factura", leer_numero, 0),
        valor=fila.exigir("valor", leer_importe, Decimal(0)),
        pagado_el=fila.exigir("pagado_el", leer_instante, _NUNCA),
        banco=fila.leer("banco", _texto(120), ""),
        cus=fila.leer("cus", lambda t: _texto(60)(t).upper(), ""),
        autorizacion=fila.leer("autorizacion", _texto(60), ""),
    )
    if fila.sana and leido.valor == 0:
        fila.apuntar("valor", "Un pago vale más de cero.")
    return leido if fila.sana else None


def _persona(fila: Fila) -> Persona:
    tipo = fila.exigir("tipo_documento", _de_lista(TIPOS_DOCUMENTO), "")
    documento = fila.exigir("documento", partial(leer_documento, tipo), "") if tipo else ""
    return Persona(tipo, documento)


def _texto(maximo: int) -> Callable[[str], str]:
    return lambda texto: leer_texto(texto, maximo=maximo, campo="")


def _de_lista(posibles: Collection[str]) -> Callable[[str], str]:
    """One of some codes, whatever its capitals."""
    por_palabra = {str(p).casefold(): str(p) for p in posibles}

    def leer(texto: str) -> str:
        codigo = por_palabra.get(texto.casefold())
        if codigo is None:
            lista = ", ".join(por_palabra.values()) if len(por_palabra) <= 15 else ""
            raise DatoInvalido(
                f"Ese código no existe aquí. Los que hay: {lista}." if lista else "Ese código no existe aquí."
            )
        return codigo

    return leer


def _leer_adicion(texto: str) -> int:
    if not re.fullmatch(r"[0-9]{1,3}", texto):
        raise DatoInvalido("Escriba 0 para el contrato, 1 para su primera adición, y así.")
    return int(texto)


def _leer_referencia(texto: str) -> str:
    limpio = texto.upper()
    if not _REFERENCIA.fullmatch(limpio):
        raise DatoInvalido("Escriba la referencia del pago con letras sin tilde, números, puntos, guiones o barras.")
    return limpio
