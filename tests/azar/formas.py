"""Links and forms of a page, as a browser would find them."""

import random
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

from tests.azar import corpus

_ORDENES = ("data-hx-post", "data-hx-get")


@dataclass
class Campo:
    """One control: its name, what it holds, its type, and the values to choose from."""

    nombre: str
    valor: str
    tipo: str
    opciones: list[str] = field(default_factory=list)
    marcado: bool = False


@dataclass
class Forma:
    """A form, or what htmx sends instead of it."""

    accion: str
    metodo: str
    campos: list[Campo] = field(default_factory=list)
    con_archivos: bool = False

    def llenar(self, azar: random.Random) -> list[tuple[str, str]]:
        """What somebody who fills it in could send; files apart."""
        dichos: list[tuple[str, str]] = []
        botones = [c for c in self.campos if c.tipo in ("submit", "button")]
        grupos: dict[str, list[Campo]] = {}
        for campo in self.campos:
            if campo.tipo == "radio":
                grupos.setdefault(campo.nombre, []).append(campo)
            elif campo.tipo == "checkbox":
                if campo.marcado or azar.random() < 0.6:
                    dichos.append((campo.nombre, campo.valor or "y"))
            elif campo.opciones:
                queda = campo.valor and azar.random() < 0.3
                dichos.append((campo.nombre, campo.valor if queda else azar.choice(campo.opciones)))
            elif campo.tipo not in ("submit", "button", "file"):
                lleno = campo.valor and (campo.tipo == "hidden" or azar.random() < 0.8)
                dichos.append((campo.nombre, campo.valor if lleno else corpus.bueno(azar, campo.nombre)))
        dichos += [(nombre, azar.choice(grupo).valor) for nombre, grupo in grupos.items()]
        if botones:
            boton = azar.choice(botones)
            dichos.append((boton.nombre, boton.valor))
        return dichos


class _Lector(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.enlaces: list[str] = []
        self.formas: list[Forma] = []
        self._sueltas: list[tuple[Forma | None, str, str]] = []
        self._dentro: Forma | None = None
        self._lista: Campo | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {nombre: valor or "" for nombre, valor in attrs}
        if tag == "a" and a.get("href", "").startswith(("/", "?")):
            self.enlaces.append(a["href"])
        elif tag == "form":
            self._dentro = Forma(a.get("action", ""), a.get("method", "get").upper())
            self._dentro.con_archivos = "multipart" in a.get("enctype", "")
            self.formas.append(self._dentro)
        for orden in _ORDENES:
            if a.get(orden, "").startswith("/"):
                self._sueltas.append((self._dentro, a[orden], orden[8:].upper()))
        if tag in ("input", "button", "select", "textarea", "option"):
            self._control(tag, a)

    def _control(self, tag: str, a: dict[str, str]) -> None:
        if tag == "option":
            if self._lista is not None:
                self._lista.opciones.append(a.get("value", ""))
                if "selected" in a:
                    self._lista.valor = a.get("value", "")
            return
        if self._dentro is None or not a.get("name") or "disabled" in a:
            return
        tipo = a.get("type", "text") if tag == "input" else "submit" if tag == "button" else tag
        campo = Campo(a["name"], a.get("value", ""), tipo, marcado="checked" in a)
        self._dentro.campos.append(campo)
        self._lista = campo if tag == "select" else None
        if a.get("formaction"):
            self._sueltas.append((self._dentro, a["formaction"], a.get("formmethod", "post").upper()))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._dentro = None
        elif tag == "select":
            self._lista = None

    def todas(self) -> list[Forma]:
        sueltas = [
            replace(de or Forma("", metodo), accion=accion, metodo=metodo) for de, accion, metodo in self._sueltas
        ]
        return self.formas + sueltas


def leer(pagina: str) -> tuple[list[str], list[Forma]]:
    """Addresses that a page links to, and its forms."""
    lector = _Lector()
    lector.feed(pagina)
    return lector.enlaces, lector.todas()
