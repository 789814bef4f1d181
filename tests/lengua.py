"""What people may not read in the portal: English, *tuteo*, words without accent; days, hours or money in other forms.

A word that is right in Spanish in some sentence is in no list here, whatever it means in English (*error*, *once*, *real*).
Words are compared as they are written: what is all in capitals is data of somebody (`GOBERNACION DEL PUTUMAYO`).
"""

import re
from typing import Any

_INGLES = """
the and with from your you for not this that must should please yes are was were been have will could its by to of
submit login logout signin signup password username email emails e-mail search save cancel delete remove update upload
download loading page next previous help settings name date amount status pending approved rejected failed failure
invalid required field fields missing unknown found request response forbidden unauthorized unexpected server file files
user users value values number click link links button table row rows none true false undefined null traceback exception
warning success successful successfully payment receipt invoice stamp tax settlement refund bank account january
february march july september october november december monday tuesday wednesday thursday friday saturday sunday
"""
_TUTEO = """
tu tus tú ti contigo tienes puedes debes quieres necesitas eres estás vas sabes recibes haz tuyo tuya tuyos tuyas vos vosotros
"""
# The third person of these is the imperative of *tú*: they are refused only where a sentence begins with them.
_IMPERATIVOS = "Elige Ingresa Pulsa Selecciona"
_SIN_TILDE = """
tramite tramites telefono telefonos numero numeros pagina paginas linea lineas codigo codigos dia dias cedula cedulas
electronico electronica electronicos electronicas tambien asi aqui alli ahi despues segun ningun algun unico unica
ultimo ultimos ultimas proximo proximos proxima basico juridica juridico publicos economico economica tecnico titulo
titulos articulo articulos credito creditos debito debitos deposito regimen interes maximo maxima minimo minima calculo
calculos camara numerico vacio ordenes imagenes margenes paises dificil facil util utiles movil moviles contrasena
contrasenas senal espanol espanola manana ano anos automatica automaticamente cuantia cuantias garantia categoria
categorias mayoria todavia tesoreria auditoria economia compania energia fotografia bogota narino vehiculo vehiculos
transito clausula clausulas decimo septimo fabrica identico identica rapido rapida periodicos historico historica
periodica valido invalido invalida haran podra podran debera deberan seran estan estara habra tendra tendran hara
"""


def _con_mayuscula(palabras: str) -> set[str]:
    return {forma for palabra in palabras.split() for forma in (palabra, palabra.capitalize())}


PROHIBIDAS = frozenset(
    _con_mayuscula(_INGLES + _TUTEO + _SIN_TILDE) | {*_IMPERATIVOS.split(), "NaN", "am", "pm", "AM", "PM", "a.m", "p.m"}
)
_SIGNOS = ".,;:!?¡¿()[]«»“”\"'…–—·*"
# Each begins with one fixed character, which is what makes looking for it cheap: the suite reads thousands of pages.
_FORMAS = tuple(
    re.compile(forma)
    for forma in (
        "Consulta Publica",
        # What only a programmer should see.
        r"%\(\w",
        r"Decimal\(",
        r"datetime\.",
        " object at 0x",
        # Days and hours in other forms than «21 de noviembre de 2026, 2:05 p. m.»; how to type one is told by an example.
        r"/(?<!por ejemplo \d\d/)\d{1,2}/\d{2,4}(?![\w/])",
        r"-(?<=\d{4}-)(?<![\w/.-]\d{4}-)\d{2}-\d{2}(?![\w-]|\.\w)",
        r":(?<=(?:1[3-9]|2[0-3]):)(?<![\w:.-]..:)(?<!por ejemplo ../../.... ..:)[0-5]\d(?![\d:])",
        # Money in other forms than `$235.000`.
        r"\$(?:\d{4}| \d|\d{1,3},\d{3}|\d{1,3}(?:\.\d{3})*\.\d{1,2}(?!\d))",
        r",(?<=\d,)\d{3}(?:,\d{3}|\.\d)",
        # One of something is not several. The known screens count `registros` always so.
        r"1 (?<![\w.,:/-]1 )(?<!más de 1 )(?:estampillas|facturas|liquidaciones|pagos|casos|filas|contratos|actos|líneas|"
        r"días|meses|años)\b",
        # Punctuation and spaces.
        r" [,;.:](?=\s|$)",
        r"\((?=\s)",
        r" \)",
        ",,",
        ";;",
        r"\.\.(?!\.)(?<!\.\.\.)",
    )
)
_SIN_TEXTO = frozenset({"script", "style", "code", "template"})
_ATRIBUTOS = ("alt", "aria-label", "title", "placeholder", "label", "data-titulo", "data-espera")


def faltas(texto: str) -> list[str]:
    """What `texto` (fragments separated by line breaks) says that it may not, each with the words around it."""
    palabras = {palabra.strip(_SIGNOS) for palabra in texto.split()}
    malas = palabras & PROHIBIDAS
    malas.update(p for p in palabras if p.endswith(("cion", "sion")) and p.isalpha())
    halladas = [f"«{mala}»: {_alrededor(texto, mala)}" for mala in sorted(malas)]
    formas = [hallada for forma in _FORMAS for hallada in forma.finditer(texto)]
    return halladas + [f"«{h[0]}»: {texto[max(0, h.start() - 30) : h.end() + 30]!r}" for h in formas]


def _alrededor(texto: str, palabra: str) -> str:
    hallada = re.search(rf"(?<!\w){re.escape(palabra)}(?!\w)", texto)
    return repr(texto[max(0, hallada.start() - 30) : hallada.end() + 30]) if hallada else ""


def texto_visible(arbol: Any) -> str:
    """What a person reads or hears of a tree of html5lib, one fragment a line; no code, nor what `translate="no"` marks."""
    piezas: list[str] = []
    _recoger(arbol, piezas)
    return "\n".join(piezas)


def _recoger(elemento: Any, piezas: list[str]) -> None:
    if isinstance(elemento.tag, str) and elemento.tag not in _SIN_TEXTO and elemento.get("translate") != "no":
        if elemento.text and not elemento.text.isspace():
            piezas.append(elemento.text.strip())
        if elemento.attrib:
            piezas.extend(elemento.attrib[nombre] for nombre in _ATRIBUTOS if elemento.attrib.get(nombre))
        for hijo in elemento:
            _recoger(hijo, piezas)
    if elemento.tail and not elemento.tail.isspace():
        piezas.append(elemento.tail.strip())
