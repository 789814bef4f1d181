"""What an act is looked up by, to certify it."""

from secrets import token_urlsafe
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, SelectField

from portal.dominio.errores import DatoInvalido
from portal.dominio.identificacion import leer_documento_de_consulta, leer_numero_contrato, leer_texto
from portal.dominio.lectura import leer_consecutivo, leer_vigencia
from portal.operaciones.validaciones import ClasePregunta, Pregunta
from portal.web.formularios import CampoTexto, Formulario, leer, opciones

MAXIMO_DEPENDENCIA = 160
NOMBRES = {
    ClasePregunta.CONTRATO: "Contrato",
    ClasePregunta.FACTURA: "Factura",
    ClasePregunta.LIQUIDACION: "Liquidación",
    ClasePregunta.DOCUMENTO: "Documento (trámites)",
}
_CAMPOS = {
    ClasePregunta.CONTRATO: ("numero_contrato", "vigencia", "nit"),
    ClasePregunta.FACTURA: ("consecutivo",),
    ClasePregunta.LIQUIDACION: ("consecutivo",),
    ClasePregunta.DOCUMENTO: ("documento",),
}


class CertificarForm(Formulario):
    """Only the fields of the chosen kind are read. `clave` makes the same form certify once."""

    buscar_por = SelectField(
        "Buscar por", choices=opciones([(clase.value, nombre) for clase, nombre in NOMBRES.items()])
    )
    vigencia = CampoTexto("Vigencia", [leer(leer_vigencia)])
    nit = CampoTexto("NIT o documento", [leer(leer_documento_de_consulta)])
    numero_contrato = CampoTexto("Número de contrato", [leer(leer_numero_contrato)])
    consecutivo = CampoTexto("Número de factura o de liquidación", [leer(leer_consecutivo)])
    documento = CampoTexto("Documento", [leer(leer_documento_de_consulta)])
    dependencia = CampoTexto(
        "Su dependencia", [leer(leer_texto, opcional=True, maximo=MAXIMO_DEPENDENCIA, campo="dependencia")]
    )
    clave = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Each look-up may be certified once.
        self.clave_nueva = token_urlsafe(24)

    @property
    def clase(self) -> ClasePregunta:
        return ClasePregunta(self.buscar_por.data)

    @property
    def propios(self) -> tuple[str, ...]:
        """Names of the fields of the chosen kind."""
        return _CAMPOS[self.clase]

    def validate(self, extra_validators: Any = None) -> bool:
        elegida = self.buscar_por.data in {clase.value for clase in ClasePregunta}
        for nombre in {nombre for campos in _CAMPOS.values() for nombre in campos}:
            if elegida and nombre not in self.propios:
                self[nombre].validators = ()
        return bool(super().validate(extra_validators))

    @property
    def pregunta(self) -> Pregunta:
        """What a form that is valid asks."""
        match self.clase:
            case ClasePregunta.CONTRATO:
                datos = (self.numero_contrato.leido, self.nit.leido, self.vigencia.leido)
                return Pregunta(ClasePregunta.CONTRATO, *datos)
            case ClasePregunta.DOCUMENTO:
                return Pregunta(ClasePregunta.DOCUMENTO, documento=self.documento.leido)
            case clase:
                return Pregunta(clase, str(self.consecutivo.leido))


def abrir(enviado: MultiDict[str, str]) -> CertificarForm:
    """The form that was sent; one whose single field `asunto` says it all (`contrato|647|2025|901805364`) is laid out first."""
    asunto = enviado.get("asunto", "")
    clase, *partes = asunto.split("|")
    if clase not in {una.value for una in ClasePregunta}:
        return CertificarForm()
    datos = {"buscar_por": clase}
    return CertificarForm(MultiDict(datos | dict(zip(_CAMPOS[ClasePregunta(clase)], partes, strict=False))))


def leer_clave(texto: str | None) -> str:
    """The idempotency key that the form carries. Raises `DatoInvalido`."""
    limpio = (texto or "").strip()
    if not (20 <= len(limpio) <= 64 and limpio.isascii()):
        raise DatoInvalido("Vuelva a consultar antes de certificar.")
    return limpio
