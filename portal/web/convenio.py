"""The collection agreement of this installation, from its settings and its department's data."""

from portal.dominio.errores import DatoInvalido
from portal.dominio.identificacion import leer_documento
from portal.operaciones.archivos_banco.lectura import Convenio
from portal.web.departamento import ajustes_actuales, departamento_actual


def convenio_actual() -> Convenio:
    """Whose files of the bank these are. Data without a NIT, or with one that cannot be read, compare none."""
    departamento = departamento_actual()
    try:
        nit = leer_documento("NIT", departamento.nit) if departamento.nit else ""
    except DatoInvalido:
        nit = ""
    return Convenio(departamento.codigo, nit, frozenset({ajustes_actuales().gln}))
