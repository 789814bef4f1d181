"""One batch of made-up requests against one portal, judged one by one; the same seed makes the same choices."""

import io
import logging
import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule
from werkzeug.test import EnvironBuilder, TestResponse

from portal.db import db
from portal.models.usuario import Rol
from portal.web.acceso import acceso_de
from tests.azar import corpus
from tests.azar.formas import Forma, leer
from tests.azar.juicio import TRAZAS, Escucha, Falla, Peticion, sin_cabecera

ANONIMO = "anónimo"
ROLES = (ANONIMO, *(rol.value for rol in Rol))
# Costly ones come less often: each prints a document, writes a sheet or checks a password.
_PESOS = ((re.compile(r"\.pdf$"), 0.25), (re.compile(r"\.(xlsx|csv)$"), 0.4), (re.compile("^/ingresar|^/static"), 0.3))
# What is remembered of each thing found.
_RECUERDOS = 4
_ARGUMENTO = re.compile(r"<(?:([a-z]+):)?([a-z_]+)>")
# Forms of the frame of every page: not what a page is for.
_DE_TODA_PAGINA = ("login.salir", "apariencia.cambiar", "gestion.preferencias")


@dataclass
class Saber:
    """What is known of a portal: its forms by endpoint and role, values of the parts of its addresses, and their queries."""

    formas: dict[tuple[str, str], list[Forma]] = field(default_factory=dict)
    valores: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    consultas: dict[str, list[str]] = field(default_factory=dict)


class Campana:
    """`galletas`: the signed-in cookie of each role. `solo`: the endpoints to try, all of them if none is said."""

    def __init__(
        self,
        app: Flask,
        galletas: Mapping[str, str],
        semilla: int,
        *,
        clave: str,
        saber: Saber,
        solo: Sequence[str] = (),
    ) -> None:
        self.app, self.semilla, self.azar, self._clave = app, semilla, random.Random(semilla), clave
        self._mapa = app.url_map.bind("localhost")
        self.reglas = [r for r in app.url_map.iter_rules() if not solo or r.endpoint in solo]
        self._pesos = [next((p for forma, p in _PESOS if forma.search(r.rule)), 1.0) for r in self.reglas]
        self._clientes = {rol: self._cliente(rol, galletas.get(rol)) for rol in ROLES}
        self.saber = deepcopy(saber)
        # The forms of the page that is open, to go on from it.
        self._abiertas: list[Forma] = []
        self.enlaces: list[str] = []
        self.estados: dict[str, Counter[int]] = {}
        self.fallas: list[Falla] = []
        self._escucha = Escucha()
        self._numero = 0

    def _cliente(self, rol: str, galleta: str | None) -> FlaskClient:
        cliente = FlaskClient(self.app, use_cookies=True)
        if galleta is not None:
            cliente.set_cookie(self.app.config["SESSION_COOKIE_NAME"], galleta)
        return cliente

    def correr(self, cuantas: int) -> None:
        """Send that many."""
        raiz = logging.getLogger()
        raiz.addHandler(self._escucha)
        try:
            while self._numero < cuantas:
                self._dar_un_paso()
        finally:
            raiz.removeHandler(self._escucha)

    def explorar(self, rol: str, paginas: int) -> None:
        """Open what the pages of a role lead to, once for each endpoint and page found."""
        vistas, cola = set(), ["/gestion" if rol != ANONIMO else "/"]
        cola += [r.rule for r in self.reglas if "GET" in (r.methods or ()) and "<" not in r.rule]
        while cola and len(vistas) < paginas:
            direccion = cola.pop(0)
            if direccion in vistas:
                continue
            vistas.add(direccion)
            respuesta = self.enviar(Peticion(rol, "GET", *direccion.partition("?")[::2]))
            if respuesta is not None and respuesta.status_code == 200:
                extremos = Counter(self._extremo(v.partition("?")[0], "GET") for v in vistas)
                cola += [e for e in self.enlaces if extremos[self._extremo(e.partition("?")[0], "GET")] < 2]

    def _dar_un_paso(self) -> None:
        regla = self.azar.choices(self.reglas, self._pesos)[0]
        acceso = acceso_de(self.app, regla.endpoint)
        permitidos = [r.value for r in acceso] if isinstance(acceso, frozenset) else list(ROLES)
        rol = self.azar.choice(sorted(permitidos)) if self.azar.random() < 0.75 else self.azar.choice(ROLES)
        manera = self.azar.random()
        if manera < 0.15:
            peticion = self._sana(regla, rol)
        elif manera < 0.45:
            peticion = self._mutada(self._sana(regla, rol))
        else:
            peticion = self._cruda(regla, rol)
        respuesta = self.enviar(peticion)
        if respuesta is not None and respuesta.status_code == 303 and respuesta.location.startswith("/"):
            partes = urlsplit(respuesta.location)
            if partes.path == "/ingresar" and rol in permitidos and rol != ANONIMO:
                self._ingresar(rol)
            else:
                self.enviar(Peticion(rol, "GET", partes.path, partes.query))
        if self._abiertas and self.azar.random() < 0.4:
            # Screens of several steps: the next one is only reached from the one before.
            siguiente = self._de_forma(self.azar.choice(self._abiertas), rol)
            self.enviar(siguiente if self.azar.random() < 0.6 else self._mutada(siguiente))

    def _ingresar(self, rol: str) -> None:
        pagina = self.enviar(Peticion(rol, "GET", "/ingresar"))
        hallado = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', pagina.text if pagina else "")
        datos = [
            ("csrf_token", hallado[1] if hallado else ""),
            ("correo", f"{rol}@demo.portal.test"),
            ("clave", self._clave),
        ]
        self.enviar(Peticion(rol, "POST", "/ingresar", datos=datos))

    def _direccion(self, regla: Rule) -> str:
        argumentos = {}
        for _, nombre in _ARGUMENTO.findall(regla.rule):
            conocidos = self.saber.valores.get((regla.endpoint, nombre)) or self.saber.valores.get(("", nombre))
            entero = regla._converters[nombre].regex == r"\d+"
            argumentos[nombre] = self.azar.choice(conocidos) if conocidos else "1" if entero else "ABCD2345"
        return self._armar(regla, argumentos)

    def _armar(self, regla: Rule, argumentos: Mapping[str, str]) -> str:
        return _ARGUMENTO.sub(lambda m: quote(argumentos[m[2]], safe="/"), regla.rule)

    def _sana(self, regla: Rule, rol: str) -> Peticion:
        """What somebody who follows the page would send."""
        formas = self.saber.formas.get((regla.endpoint, rol), [])
        if formas and self.azar.random() < 0.8:
            return self._de_forma(self.azar.choice(formas), rol)
        consultas = self.saber.consultas.get(regla.endpoint)
        consulta = self.azar.choice(consultas) if consultas and self.azar.random() < 0.5 else ""
        if "GET" in (regla.methods or ()):
            return Peticion(rol, "GET", self._direccion(regla), consulta)
        otras = [f for (extremo, _), fs in self.saber.formas.items() if extremo == regla.endpoint for f in fs]
        if otras:
            return self._de_forma(self.azar.choice(otras), rol)
        return Peticion(rol, "POST", self._direccion(regla), datos=[("csrf_token", self._ficha(rol))])

    def _ficha(self, rol: str) -> str:
        """A form token that the role has seen."""
        for (_, suyo), formas in self.saber.formas.items():
            if suyo == rol:
                for campo in formas[0].campos:
                    if campo.nombre == "csrf_token":
                        return campo.valor
        return "x"

    def _de_forma(self, forma: Forma, rol: str) -> Peticion:
        partes = urlsplit(forma.accion)
        dichos = forma.llenar(self.azar)
        cabeceras = [("HX-Request", "true")] if self.azar.random() < 0.15 else []
        if forma.metodo != "POST":
            return Peticion(rol, "GET", partes.path, urlencode(dichos, errors="replace"), cabeceras=cabeceras)
        datos: list[tuple[str, Any]] = list(dichos)
        for campo in forma.campos:
            if campo.tipo == "file" and self.azar.random() < 0.8:
                nombre, contenido = corpus.archivo(self.azar)
                datos.append((campo.nombre, (io.BytesIO(contenido), nombre)))
        tipo = "multipart/form-data" if forma.con_archivos else None
        return Peticion(rol, "POST", partes.path, partes.query, datos, tipo, cabeceras)

    def _mutada(self, peticion: Peticion) -> Peticion:
        """The same with one to three things changed."""
        azar = self.azar
        for _ in range(azar.choice((1, 1, 1, 2, 3))):
            que = azar.random()
            if isinstance(peticion.datos, list) and peticion.datos and que < 0.75:
                self._cambiar_dato(peticion.datos)
            elif que < 0.85:
                peticion.consulta = self._cambiar_consulta(peticion.consulta)
            elif que < 0.95:
                trozos = peticion.direccion.split("/")
                cual = azar.randrange(len(trozos))
                trozos[cual] = quote(corpus.mutar(azar, trozos[cual])[:400], errors="surrogatepass", safe="")
                peticion.direccion = "/" + "/".join(trozos).lstrip("/")
            else:
                peticion.cabeceras.append(azar.choice(corpus.CABECERAS))
        return peticion

    def _cambiar_dato(self, datos: list[tuple[str, Any]]) -> None:
        azar, cual = self.azar, self.azar.randrange(len(datos))
        nombre, valor = datos[cual]
        que = azar.random()
        if que < 0.08:
            del datos[cual]
        elif que < 0.14:
            datos.append((nombre, corpus.mutar(azar, valor) if isinstance(valor, str) else "x"))
        elif que < 0.2:
            datos.append(azar.choice(corpus.DE_MAS))
        elif isinstance(valor, str) and (nombre != "csrf_token" or azar.random() < 0.1):
            datos[cual] = (nombre, corpus.mutar(azar, valor))

    def _cambiar_consulta(self, consulta: str) -> str:
        pares = parse_qsl(consulta, keep_blank_values=True)
        if not pares or self.azar.random() < 0.3:
            return f"{consulta}&{self.azar.choice(corpus.CONSULTAS)}".lstrip("&")
        cual = self.azar.randrange(len(pares))
        pares[cual] = (pares[cual][0], corpus.mutar(self.azar, pares[cual][1])[:2000])
        return urlencode(pares, errors="surrogatepass")

    def _cruda(self, regla: Rule, rol: str) -> Peticion:
        """What no page of the portal makes."""
        azar = self.azar
        metodo = azar.choice(sorted((regla.methods or {"GET"}) - {"OPTIONS"}))
        if azar.random() < 0.3:
            metodo = azar.choice(corpus.METODOS)
        argumentos = {
            n: corpus.mutar(azar, "1")[:400].replace("\ud800", "%") for _, n in _ARGUMENTO.findall(regla.rule)
        }
        direccion = self._armar(regla, argumentos) if azar.random() < 0.5 else self._direccion(regla)
        peticion = Peticion(rol, metodo, direccion, azar.choice(("", azar.choice(corpus.CONSULTAS))))
        peticion.cabeceras = [azar.choice(corpus.CABECERAS) for _ in range(azar.choice((0, 0, 1, 2)))]
        if metodo in ("GET", "HEAD", "OPTIONS"):
            return peticion
        if azar.random() < 0.4:
            peticion.tipo, peticion.datos = azar.choice(corpus.CUERPOS)
            if azar.random() < 0.7:
                peticion.cabeceras.append(("X-CSRFToken", self._ficha(rol)))
            return peticion
        formas = [
            f for (extremo, _), suyas in self.saber.formas.items() if extremo == regla.endpoint for f in suyas[:1]
        ]
        nombres = [c.nombre for forma in formas for c in forma.campos if c.nombre != "csrf_token"]
        datos = [(n, corpus.mutar(azar, "")) for n in nombres if azar.random() < 0.7]
        peticion.datos = [("csrf_token", self._ficha(rol)), *datos]
        return peticion

    def enviar(self, peticion: Peticion) -> TestResponse | None:
        """Send it and judge what comes; None when not even a client can write it."""
        self._numero += 1
        self._escucha.lineas.clear()
        self._abiertas, self.enlaces = [], []
        try:
            entorno = self._entorno(peticion)
        except (ValueError, UnicodeError):
            return None
        db.session.rollback()
        # A large body is a file, which nobody else closes.
        with self.app.app_context(), closing(entorno["wsgi.input"]):
            respuesta = self._clientes[peticion.rol].open(entorno, buffered=True)
        self._juzgar(peticion, respuesta)
        return respuesta

    def _entorno(self, peticion: Peticion) -> dict[str, Any]:
        cuerpo: dict[str, Any] = {"content_type": peticion.tipo} if peticion.tipo else {}
        if isinstance(peticion.datos, bytes):
            cuerpo |= {"input_stream": io.BytesIO(peticion.datos), "content_length": len(peticion.datos)}
        elif peticion.datos is not None:
            cuerpo["data"] = reunidos = {}
            for nombre, valor in peticion.datos:
                legible = valor.replace("\ud800", "\ufffd") if isinstance(valor, str) else valor
                reunidos.setdefault(nombre, []).append(legible)
        constructor = EnvironBuilder(
            path=peticion.direccion,
            method=peticion.metodo,
            query_string=peticion.consulta.encode("utf-8", "surrogatepass").decode("latin-1"),
            headers=peticion.cabeceras,
            **cuerpo,
        )
        try:
            return constructor.get_environ()
        finally:
            constructor.close()

    def _juzgar(self, peticion: Peticion, respuesta: TestResponse) -> None:
        # The client takes an address that begins with two bars for one of another host: what it asked for is what counts.
        extremo = self._extremo(respuesta.request.path, peticion.metodo)
        if extremo:
            self.estados.setdefault(extremo, Counter())[respuesta.status_code] += 1
        registro = " | ".join(self._escucha.lineas)
        if respuesta.status_code >= 500:
            self._fallar("5xx", peticion, registro[-1500:])
        if any(secreto in registro for secreto in corpus.SECRETOS):
            self._fallar("canario en el registro", peticion, registro[:600])
        for falta in sin_cabecera(respuesta, extremo):
            self._fallar(f"sin cabecera {falta}", peticion)
        if respuesta.mimetype in ("text/html", "text/plain"):
            self._leer_pagina(respuesta, peticion, extremo)

    def _leer_pagina(self, respuesta: TestResponse, peticion: Peticion, extremo: str) -> None:
        texto = respuesta.get_data(as_text=True)
        if any(traza in texto for traza in TRAZAS):
            self._fallar("traza", peticion, texto[:600])
        if respuesta.mimetype != "text/html":
            return
        if corpus.vivo(texto):
            self._fallar("canario sin escapar", peticion, texto[max(0, texto.find("canario") - 200) :][:500])
        conocidas = len(self.saber.formas.get((extremo, peticion.rol), ()))
        if respuesta.status_code in (200, 422) and (conocidas < _RECUERDOS or self.azar.random() < 0.2):
            self._aprender(texto, peticion, extremo)

    def _fallar(self, que: str, peticion: Peticion, detalle: str = "") -> None:
        self.fallas.append(Falla(que, self.semilla, self._numero, peticion, detalle))

    def _extremo(self, direccion: str, metodo: str) -> str:
        try:
            return str(self._mapa.match(direccion, metodo)[0])
        except (HTTPException, ValueError):
            return ""

    def _aprender(self, texto: str, peticion: Peticion, extremo: str) -> None:
        """Remember where a page leads."""
        enlaces, formas = leer(texto)
        self.enlaces = enlaces
        for enlace in enlaces:
            partes = urlsplit(enlace)
            self._recordar_direccion(partes.path or peticion.direccion, partes.query)
        for forma in formas:
            forma.accion = forma.accion or peticion.direccion
            destino = self._recordar_direccion(urlsplit(forma.accion).path, "", forma.metodo)
            if destino:
                guardadas = self.saber.formas.setdefault((destino, peticion.rol), [])
                guardadas.append(forma)
                del guardadas[:-_RECUERDOS]
                if destino not in _DE_TODA_PAGINA:
                    self._abiertas.append(forma)

    def _recordar_direccion(self, direccion: str, consulta: str, metodo: str = "GET") -> str:
        try:
            extremo, argumentos = self._mapa.match(direccion, metodo)
        except (HTTPException, ValueError):
            return ""
        for nombre, valor in argumentos.items():
            for clave in ((extremo, nombre), ("", nombre)):
                conocidos = self.saber.valores.setdefault(clave, [])
                if str(valor) not in conocidos:
                    conocidos.append(str(valor))
                    del conocidos[: -_RECUERDOS * 3]
        if consulta:
            consultas = self.saber.consultas.setdefault(extremo, [])
            consultas.append(consulta)
            del consultas[: -_RECUERDOS * 2]
        return str(extremo)
