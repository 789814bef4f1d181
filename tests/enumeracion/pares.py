"""The answers that must not tell what exists, as pairs: something that is there and may not be seen, and something that is not.

Whoever names an exact document, or the three data of a contract, sees its stamps with the name masked: that look-up is the
portal's purpose and no pair. What is protected is all that a part of those data, a wrong one, or a guessed code would tell.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.db import db
from portal.dominio.sello import separar, unir
from tests import devoluciones, estampillas, fabricas

VIGENCIA = 2025
# What every answer has of its own: tokens and seals of forms.
_PROPIO = re.compile(r'name="(?:csrf_token|ficha|volver|clave|sello)"[^>]*value="[^"]*"')
_CABECERAS_PROPIAS = frozenset({"Set-Cookie", "X-Request-Id", "Content-Length"})


@dataclass(frozen=True)
class Pedido:
    """What is asked. `tecleado` is what the answer may repeat because it was typed."""

    metodo: str
    direccion: str
    datos: Mapping[str, str]
    tecleado: tuple[str, ...]


@dataclass(frozen=True)
class Par:
    """What is there and protected, and what is not there, asked in the same way."""

    nombre: str
    protegido: Pedido
    ausente: Pedido


@dataclass(frozen=True)
class Registro:
    """What the database has that somebody looks for."""

    nits: tuple[str, ...]
    numeros: tuple[str, ...]
    liquidaciones: tuple[str, ...]
    pagos: tuple[str, ...]
    devoluciones: tuple[str, ...]
    sellos: tuple[str, ...]


def poblar(cuantos: int) -> Registro:
    """Contracts of as many contractors, and one of everything that has a private address, for every tenth of them."""
    nits = tuple(str(900_100_000 + n) for n in range(cuantos))
    numeros = tuple(str(1000 + n) for n in range(cuantos))
    actos = [fabricas.contrato(numero, nit=nit, vigencia=VIGENCIA) for nit, numero in zip(nits, numeros, strict=True)]
    con_codigo = range(max(1, cuantos // 10))
    pedidas = [devoluciones.pedir(devoluciones.doble()) for _ in con_codigo]
    return Registro(
        nits,
        numeros,
        tuple(uno.codigo for uno in actos),
        tuple(una.pago.codigo for una in pedidas),
        tuple(una.codigo for una in pedidas),
        tuple(estampillas.pagada((4000,))[0].sello for _ in con_codigo),
    )


def pares(que_hay: Registro, azar: Random) -> list[Par]:
    """One of each kind, about things drawn at random. Both sides are as long, letter by letter."""
    nit, nadie = azar.choice(que_hay.nits), str(azar.randrange(700_000_000, 800_000_000))
    numero, otro = azar.choice(que_hay.numeros), str(azar.randrange(5000, 9999))
    return [
        *(
            Par(f"{donde}: {que}", _contrato(donde, nit, malo, vigencia), _contrato(donde, nadie, malo, vigencia))
            for donde in ("/consulta", "/pago")
            for que, malo, vigencia in (("otro número de contrato", otro, VIGENCIA), ("otra vigencia", numero, 2024))
        ),
        *(
            Par(f"{donde}: el documento de quien solo contrata", _tramite(donde, nit), _tramite(donde, nadie))
            for donde in ("/consulta", "/pago")
        ),
        *(
            Par(
                f"{ruta}: una letra cambiada",
                _direccion(ruta, _con_una_letra_cambiada(azar.choice(codigos), azar)),
                _direccion(ruta, _al_azar(len(codigos[0]), azar)),
            )
            for ruta, codigos in (
                ("/liquidacion/{}", que_hay.liquidaciones),
                ("/pago/{}", que_hay.pagos),
                ("/devolucion/{}", que_hay.devoluciones),
            )
        ),
        _de_sello(azar.choice(que_hay.sellos), azar),
    ]


def _contrato(donde: str, nit: str, numero: str, vigencia: int) -> Pedido:
    datos = {"tipo_pago": "contrato", "vigencia": str(vigencia), "nit": nit, "numero_contrato": numero}
    return Pedido("POST", donde, datos, (nit, numero))


def _tramite(donde: str, documento: str) -> Pedido:
    return Pedido("POST", donde, {"tipo_pago": "tramite", "documento": documento}, (documento,))


def _direccion(ruta: str, codigo: str) -> Pedido:
    return Pedido("GET", ruta.format(codigo), {}, (codigo,))


def _con_una_letra_cambiada(codigo: str, azar: Random) -> str:
    lugar = azar.randrange(len(codigo))
    return codigo[:lugar] + ("x" if codigo[lugar] != "x" else "y") + codigo[lugar + 1 :]


def _al_azar(largo: int, azar: Random) -> str:
    return "".join(azar.choice("abcdefghijklmnopqrstuvwxyz0123456789") for _ in range(largo))


def _de_sello(bueno: str, azar: Random) -> Par:
    """A stamp's text with a bit changed, and one as well made that nobody issued."""
    mensaje, firmado = separar(bueno)
    lugar = azar.randrange(len(firmado))
    alterado = unir(mensaje, firmado[:lugar] + bytes([firmado[lugar] ^ 1]) + firmado[lugar + 1 :])
    inventado = unir(mensaje, azar.randbytes(len(firmado)))
    return Par("/v/: un sello alterado", _direccion("/v/{}", alterado), _direccion("/v/{}", inventado))


def pedir(app: Flask, pedido: Pedido, csrf: Mapping[str, str]) -> TestResponse:
    """Ask as a browser without a past but for the token of its form; `csrf` has it and its cookie."""
    db.session.rollback()
    datos = {**pedido.datos, "csrf_token": csrf["token"]} if pedido.metodo == "POST" else None
    cliente = FlaskClient(app, app.response_class, use_cookies=False)
    with app.app_context():
        return cliente.open(pedido.direccion, method=pedido.metodo, data=datos, headers={"Cookie": csrf["cookie"]})


def token_de(app: Flask) -> dict[str, str]:
    """The token of a form and the cookie that it goes with."""
    cliente = FlaskClient(app, app.response_class)
    with app.app_context():
        hallado = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', cliente.get("/consulta").text)
    galleta = cliente.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert hallado
    assert galleta
    return {"token": hallado[1], "cookie": f"{galleta.key}={galleta.value}"}


def sin_lo_propio(pedido: Pedido, respuesta: TestResponse) -> tuple[int, tuple[tuple[str, str], ...], str]:
    """The answer without what is of this request alone: its status, its headers and its bytes."""
    texto = _PROPIO.sub("", respuesta.text.replace(respuesta.headers["X-Request-Id"], ""))
    for dicho in pedido.tecleado:
        texto = texto.replace(dicho, "…")
    cabeceras = tuple(sorted((n, v) for n, v in respuesta.headers if n not in _CABECERAS_PROPIAS))
    return respuesta.status_code, cabeceras, texto


Medida = Callable[[], float]


def auc(unos: list[float], otros: list[float]) -> float:
    """How often one of `unos` is larger than one of `otros`: 0.5 when nothing tells them apart."""
    orden = sorted([(v, 1) for v in unos] + [(v, 0) for v in otros])
    suma, i = 0.0, 0
    while i < len(orden):
        j = i
        while j < len(orden) and orden[j][0] == orden[i][0]:
            j += 1
        suma += sum(clase for _, clase in orden[i:j]) * (i + j + 1) / 2
        i = j
    return (suma - len(unos) * (len(unos) + 1) / 2) / (len(unos) * len(otros))
