"""Why a rule applied or not, in plain Spanish, from its condition and the words of the facts' catalogue."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from portal.dominio.calendario import dia_en_palabras
from portal.dominio.condiciones import Comparacion, Condicion, Juicio, Operador, evaluar
from portal.dominio.dinero import escribir_pesos
from portal.dominio.escalas import escribir_cantidad
from portal.dominio.hechos import VALOR, Hecho, TipoHecho, Valor
from portal.dominio.normativa import Regla

if TYPE_CHECKING:
    from portal.dominio.exenciones import Examen
    from portal.dominio.liquidador import Linea

_VALOR_DEL_ACTO = Hecho(VALOR, TipoHecho.IMPORTE, "¿Cuánto vale el acto?", nombre="Valor del acto")


class Resultado(StrEnum):
    """What became of a rule. The words are public: `cotizar` answers with them."""

    APLICADA = "aplicada"
    NO_APLICA = "no aplica"
    FALTA = "falta un dato"
    INACTIVA = "inactiva"


@dataclass(frozen=True)
class ReglaExaminada:
    """A rule that speaks of a stamp on an act, and why it applied or not.

    `relevante`: it applied, or it might have: worth showing first.
    """

    codigo: str
    nombre: str
    norma: str
    resultado: Resultado
    motivo: str
    relevante: bool


def dar_razones(examen: "Examen") -> tuple[ReglaExaminada, ...]:
    """Every rule of an examination with its outcome, in the norm's order."""
    return tuple(_examinada(regla, juicio, examen) for regla, juicio in examen.juicios)


def reglas_de(lineas: Sequence["Linea"]) -> list[dict[str, Any]]:
    """The rules examined for some lines, what applied first, each told once with the places of its lines, as JSON keeps them.

    Keys: `codigo`, `nombre`, `norma`, `resultado`, `motivo`, `relevante` and `renglones` (from 0). Most rules speak of every
    stamp of an act alike, and telling each six times would bury what matters.
    """
    por_examen: dict[int, list[int]] = {}
    for lugar, linea in enumerate(lineas):
        por_examen.setdefault(id(linea.examen), []).append(lugar)
    juntas: dict[ReglaExaminada, list[int]] = {}
    for lugares in por_examen.values():
        for regla in lineas[lugares[0]].reglas():
            juntas.setdefault(regla, []).extend(lugares)
    orden = sorted(juntas, key=lambda regla: (regla.resultado is not Resultado.APLICADA, not regla.relevante))
    return [{**vars(r), "resultado": r.resultado.value, "renglones": sorted(juntas[r])} for r in orden]


def _examinada(regla: Regla, juicio: Juicio, examen: "Examen") -> ReglaExaminada:
    de = examen.examinador
    motivo = de.motivos.get(regla.codigo)
    if motivo is None:
        # The same for every stamp of the request.
        palabras = _Palabras(de.normativa.catalogo, de.hechos)
        motivo = de.recordar_callada(regla, "motivo", lambda: _motivo(regla, juicio, palabras))
        de.motivos[regla.codigo] = motivo
    if not regla.activa:
        resultado, motivo = Resultado.INACTIVA, f"La regla no está activa. {motivo}"
    elif juicio.cumple is False:
        resultado = Resultado.NO_APLICA
    elif examen.por_otra:
        resultado, motivo = Resultado.NO_APLICA, f"{motivo} Ya no se cobra: {examen.por_otra}."
    elif juicio.cumple is None:
        resultado = Resultado.FALTA
    else:
        resultado, matiz = _aplicacion(regla, examen)
        motivo += matiz
    relevante = bool(juicio.cumple) or (resultado is Resultado.FALTA and juicio.afirma)
    return ReglaExaminada(regla.codigo, regla.nombre, regla.cita, resultado, motivo, relevante)


def _aplicacion(regla: Regla, examen: "Examen") -> tuple[Resultado, str]:
    """What a rule that holds did to the stamp."""
    if regla is examen.total:
        return Resultado.APLICADA, ""
    if examen.total is not None:
        return Resultado.NO_APLICA, f" Ya no se cobra por la regla {examen.total.codigo}."
    if regla in examen.reducciones:
        unidad = examen.unidad_de(regla)
        cantidad = escribir_cantidad(regla.efecto.cantidad, regla.efecto.indicador)
        return (
            Resultado.APLICADA,
            f" Resta de la base hasta {cantidad} de {escribir_pesos(unidad.valor)} ({unidad.acto}).",
        )
    return Resultado.NO_APLICA, " Reduce una base, y esta tarifa no se calcula sobre el valor del acto."


def _motivo(regla: Regla, juicio: Juicio, palabras: "_Palabras") -> str:
    if juicio.cumple:
        se_cumple = palabras.dichas(_aciertos(regla.cuando, palabras.hechos))
        supuestos = "".join(
            f" Se supone que no: {_con_minuscula(palabras.nombre(clave))}." for clave in juicio.supuestos
        )
        confirma = " La confirma un funcionario con su soporte." if regla.confirma_funcionario else ""
        return f"{se_cumple}{supuestos}{confirma}".strip() or "No pide ninguna condición."
    if juicio.cumple is None:
        return palabras.faltantes(_faltas(regla.cuando, palabras.hechos, juicio.faltan), juicio.faltan)
    fallas = list(_fallas(regla.cuando, palabras.hechos))
    return palabras.contrarias(fallas) if fallas or regla.plazo is None else palabras.vencida(regla)


class _Palabras:
    """Conditions and given facts as sentences."""

    def __init__(self, catalogo: Mapping[str, Hecho], hechos: Mapping[str, Valor]) -> None:
        self.catalogo = catalogo
        self.hechos = hechos

    def _hecho(self, clave: str) -> Hecho:
        return self.catalogo.get(clave, _VALOR_DEL_ACTO)

    def nombre(self, clave: str) -> str:
        """`Clase de contratista`; failing that, the question."""
        hecho = self._hecho(clave)
        return hecho.nombre or f"«{hecho.descripcion}»"

    def dichas(self, comparaciones: Iterable[Comparacion]) -> str:
        """`Clase de contratista: «Entidad pública».` for each fact that was given."""
        claves = dict.fromkeys(self._usado(comparacion) for comparacion in comparaciones)
        dadas = (clave for clave in claves if clave in self.hechos)
        return " ".join(f"{self.nombre(clave)}: {self._hecho(clave).decir(self.hechos[clave])}." for clave in dadas)

    def contrarias(self, comparaciones: Iterable[Comparacion]) -> str:
        """`Clase de contratista: «Persona jurídica»; la regla pide «Entidad sin ánimo de lucro».`"""
        frases = []
        for clave, pedido in self._pedidos(comparaciones).items():
            dado = self._hecho(clave).decir(self.hechos[clave])
            frases.append(f"{self.nombre(clave)}: {dado}; la regla pide {pedido}.")
        # More than one: ways into the rule, and all of them closed.
        return " Tampoco por ".join((frases[0], *map(_con_minuscula, frases[1:])))

    def faltantes(self, comparaciones: Iterable[Comparacion], faltan: Iterable[str]) -> str:
        """`Sin respuesta: capital público; la regla pide 70 % o más.`"""
        pedidos = self._pedidos(comparaciones)
        frases = []
        for clave in dict.fromkeys(faltan):
            pedido = f"; la regla pide {pedidos[clave]}" if clave in pedidos else ""
            frases.append(f"Sin respuesta: {_con_minuscula(self.nombre(clave))}{pedido}.")
        return " ".join(frases)

    def vencida(self, regla: Regla) -> str:
        """The conditions hold, but not on this day."""
        assert regla.plazo is not None
        inicio = self.hechos.get(regla.plazo.hecho)
        desde = f" desde {dia_en_palabras(inicio)}" if isinstance(inicio, date) else ""
        return f"La regla dura {regla.plazo.anos} años{desde}, y el acto no cae en ellos."

    def _usado(self, comparacion: Comparacion) -> str:
        sustituye = comparacion.hecho not in self.hechos and comparacion.por_omision in self.hechos
        return comparacion.por_omision if sustituye else comparacion.hecho

    def _pedidos(self, comparaciones: Iterable[Comparacion]) -> dict[str, str]:
        """What is asked of each fact; alternatives over the same fact are told together."""
        pedidos: dict[str, list[str]] = {}
        for comparacion in comparaciones:
            clave = self._usado(comparacion)
            pedidos.setdefault(clave, []).extend(_pedido(comparacion, self._hecho(clave)))
        return {clave: _o(dict.fromkeys(textos)) for clave, textos in pedidos.items()}


def _pedido(comparacion: Comparacion, hecho: Hecho) -> list[str]:
    """What a comparison asks for: its values, each for people."""
    match comparacion.operador:
        case Operador.MINIMO:
            return [f"{hecho.decir(valor)} o más" for valor in comparacion.valores]
        case Operador.MENOR_QUE:
            return [f"menos de {hecho.decir(valor)}" for valor in comparacion.valores]
        case _ if hecho.tipo is TipoHecho.SI_NO:
            si = comparacion.operador is not Operador.NO_ES
            return [f"que {hecho.decir(bool(valor) is si)}" for valor in comparacion.valores]
        case Operador.NO_ES:
            return [f"algo distinto de {_o(hecho.decir(valor) for valor in comparacion.valores)}"]
        case _:
            return [hecho.decir(valor) for valor in comparacion.valores]


def _fallas(condicion: Condicion, hechos: Mapping[str, Valor]) -> Iterable[Comparacion]:
    """The comparisons because of which a condition does not hold: the first that fails of all, those of every way of any.

    Of the ways into a rule, the ones that some fact did speak for say more than the others.
    """
    if evaluar(condicion, hechos).cumple is not False:
        return []
    if isinstance(condicion, Comparacion):
        return [condicion]
    if not condicion.alguna:
        return next(fallas for parte in condicion.condiciones if (fallas := list(_fallas(parte, hechos))))
    cercanas = [parte for parte in condicion.condiciones if _a_medias(parte, hechos)] or condicion.condiciones
    return [una for parte in cercanas for una in _fallas(parte, hechos)]


def _a_medias(condicion: Condicion, hechos: Mapping[str, Valor]) -> bool:
    """Whether some part of a condition that does not hold was said to hold."""
    partes = () if isinstance(condicion, Comparacion) else condicion.condiciones
    return any(evaluar(parte, hechos).afirma or _a_medias(parte, hechos) for parte in partes)


def _aciertos(condicion: Condicion, hechos: Mapping[str, Valor]) -> Iterable[Comparacion]:
    """The comparisons because of which a condition holds."""
    if isinstance(condicion, Comparacion):
        return [condicion]
    partes = condicion.condiciones
    if condicion.alguna:
        partes = tuple(parte for parte in partes if evaluar(parte, hechos).cumple)[:1]
    return [una for parte in partes for una in _aciertos(parte, hechos)]


def _faltas(condicion: Condicion, hechos: Mapping[str, Valor], faltan: tuple[str, ...]) -> Iterable[Comparacion]:
    """The comparisons of the facts that are missing."""
    if isinstance(condicion, Comparacion):
        return [condicion] if condicion.hecho in faltan else []
    return [una for parte in condicion.condiciones for una in _faltas(parte, hechos, faltan)]


def _o(textos: Iterable[str]) -> str:
    """`«A», «B» o «C»`."""
    *primeros, ultimo = textos
    return f"{', '.join(primeros)} o {ultimo}" if primeros else ultimo


def _con_minuscula(texto: str) -> str:
    """A name inside a sentence; acronyms stay as they are."""
    return texto[0].lower() + texto[1:] if texto[1:2].islower() else texto
