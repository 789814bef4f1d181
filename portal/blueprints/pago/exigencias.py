"""What the gateway wants to know before the payment exists: the bank, and the payer's acceptance of its conditions.

The proofs that the gateway gives of its conditions serve for one payment and for one hour. They travel sealed with the form, so
that what is sent is what the payer was shown, and are asked for anew when their hour is nearly over.
"""

from dataclasses import dataclass

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

from portal.web.frenos import frenar_pasarela
from portal.web.pasarela import Banco, Condicion, PasarelaNoDisponible, bancos_para_pagar, pasarela_actual

_VIDA_SEGUNDOS = 50 * 60
_LARGO_MAXIMO = 8000


@dataclass(frozen=True)
class Exigencias:
    """The choices to offer. `sello` carries the conditions; `nuevas` says that the payer has not seen these ones yet."""

    documentos: frozenset[str] | None = None
    bancos: tuple[Banco, ...] = ()
    condiciones: tuple[Condicion, ...] = ()
    sello: str = ""
    nuevas: bool = False

    @property
    def piden_banco(self) -> bool:
        return bool(self.bancos)

    def nombre(self, banco: str) -> str | None:
        """The name of the bank with that code."""
        return next((b.nombre for b in self.bancos if b.codigo == banco), None)


def exigencias(sello: str) -> Exigencias | None:
    """What to ask for, with the conditions of `sello` while they are good; None when the gateway cannot say."""
    pasarela = pasarela_actual()
    if not pasarela.pide_banco:
        return Exigencias(pasarela.documentos)
    bancos = bancos_para_pagar()
    if not bancos:
        return None
    condiciones = _abrir(sello)
    if condiciones:
        return Exigencias(pasarela.documentos, bancos, condiciones, sello)
    frenar_pasarela()
    try:
        condiciones = pasarela.condiciones()
    except PasarelaNoDisponible:
        return None
    nuevo = str(_sellador().dumps([[c.codigo, c.titulo, c.enlace, c.ficha] for c in condiciones]))
    return Exigencias(pasarela.documentos, bancos, condiciones, nuevo, nuevas=True)


def _abrir(sello: str) -> tuple[Condicion, ...]:
    if not 0 < len(sello) <= _LARGO_MAXIMO:
        return ()
    try:
        return tuple(Condicion(*partes) for partes in _sellador().loads(sello, max_age=_VIDA_SEGUNDOS))
    except BadSignature:
        return ()


def _sellador() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="condiciones")
