"""What a request asks for, checked: its acts, those that another displaces, and the variant of each tariff."""

from collections.abc import Mapping
from datetime import date

from portal.dominio.errores import DatoInvalido
from portal.dominio.hechos import breve
from portal.dominio.normativa import Acto, Normativa
from portal.dominio.tarifas import Tarifa


def elegir_actos(
    normativa: Normativa, codigos: tuple[str, ...], fecha: date, con_valor: bool
) -> tuple[list[Acto], list[str]]:
    """The acts to charge and the warnings about those that are not.

    Raises `DatoInvalido` (campo `actos`): none, unknown, repeated, inactive, or another act is the right one for an amount;
    `NormaNoVigente` when an act is not in force on the date.
    """
    if not codigos:
        raise DatoInvalido("Falta al menos un acto", "actos")
    if len(set(codigos)) != len(codigos):
        raise DatoInvalido("Hay un acto repetido: liquide cada documento en su propia solicitud", "actos")
    actos = [normativa.acto(codigo, fecha) for codigo in codigos]
    for acto in actos:
        if not acto.activo:
            raise DatoInvalido(f"El acto {acto.codigo} está inactivo: no se liquida en este portal", "actos")
        if con_valor and acto.con_valor_usar:
            raise DatoInvalido(
                f"El acto {acto.codigo} es solo para contratos sin valor: use {acto.con_valor_usar}", "actos"
            )
    desplazados = {codigo: acto.codigo for acto in actos for codigo in acto.desplaza}
    avisos = [
        f"El acto {a.codigo} no se cobra: prima {desplazados[a.codigo]}" for a in actos if a.codigo in desplazados
    ]
    return [acto for acto in actos if acto.codigo not in desplazados], avisos


def comprobar_variantes(normativa: Normativa, actos: list[Acto], fecha: date, variantes: Mapping[str, str]) -> None:
    """Refuse a variant of an act that has none or is not assessed: `DatoInvalido` (campo `variante`)."""
    con_variantes = {acto.codigo for acto in actos if normativa.variantes_de(acto, fecha)}
    for codigo in variantes:
        if codigo not in con_variantes:
            raise DatoInvalido(f"El acto «{breve(codigo)}» no tiene variantes en esta solicitud", "variante")


def elegir_tarifa(acto: Acto, tarifas: tuple[Tarifa, ...], variantes: Mapping[str, str]) -> Tarifa:
    """The one tariff to charge. Raises `DatoInvalido` (campo `variante`) while nobody confirmed which (C-A01)."""
    if not any(tarifa.variante for tarifa in tarifas):
        return tarifas[0]
    por_variante = {tarifa.variante: tarifa for tarifa in tarifas}
    opciones = ", ".join(f"{variante} ({tarifa.texto})" for variante, tarifa in por_variante.items())
    pedida = variantes.get(acto.codigo)
    if pedida is None:
        mensaje = f"El acto {acto.codigo} tiene varias tarifas y debe confirmarse cuál aplica; indique la variante: {opciones}"
        raise DatoInvalido(mensaje, "variante")
    if pedida not in por_variante:
        raise DatoInvalido(
            f"La variante «{breve(pedida)}» del acto {acto.codigo} no existe; hay: {opciones}", "variante"
        )
    return por_variante[pedida]
