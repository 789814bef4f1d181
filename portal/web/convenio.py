"""The collection agreement of this installation, from its settings and its department's data."""

from portal.dominio.errores import DatoInvalido
from portal.dominio.identificacion import leer_documento
from portal.operaciones.archivos_banco.lectura import Convenio
from portal.operaciones.cuentas import plan_de
from portal.web.departamento import ajustes_actuales, departamento_actual


def convenio_actual() -> Convenio:
    """Whose files of the bank these are. Data without a NIT, or with one that cannot be read, compare none."""
    departamento = departamento_actual()
    try:
        nit = leer_documento("NIT", departamento.nit) if departamento.nit else ""
    except DatoInvalido:
        nit = ""
    cuentas = plan_de(departamento.codigo).cuentas
    return Convenio(
        departamento.codigo,
        nit,
        frozenset({ajustes_actuales().gln, *(c.gln for c in cuentas if c.gln)}),
        {c.numero.lstrip("0"): c.codigo for c in cuentas},
    )
