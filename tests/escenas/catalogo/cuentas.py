"""Accounts: those that an administrator manages, one's own, and the ways in besides the password."""

from tests.conftest import CLAVE
from tests.escenas.escena import Escena, vacio

_U = "/gestion/usuarios"
_C = "/gestion/cuenta"
_ADMIN = {"quien": "administrador"}
_CON = {"quien": "con-telefono"}

ESCENAS = (
    Escena("cuentas", _U, "Cuenta con segundo factor", **_ADMIN),
    Escena("cuentas-ninguna", f"{_U}?rol=auditor&estado=inactiva", "No hay cuentas", **_ADMIN),
    Escena("cuentas-filtro-error", f"{_U}?rol=otro", "Hay un problema", estado=422, **_ADMIN),
    Escena("cuenta-con-factor", f"{_U}/{{cuenta_con_telefono}}", "Quitar el segundo factor", **_ADMIN),
    Escena("cuenta-larga", f"{_U}/{{cuenta_larga}}", **_ADMIN),
    Escena("cuenta-cerrada", f"{_U}/{{cuenta_cerrada}}", "Activar la cuenta", **_ADMIN),
    Escena("cuenta-invitada", f"{_U}/{{cuenta_invitada}}", "Enviar de nuevo la invitación", **_ADMIN),
    vacio(
        "cuenta-quitar-factor-error",
        f"{_U}/{{cuenta_con_telefono}}",
        a=f"{_U}/{{cuenta_con_telefono}}/quitar-segundo-factor",
        **_ADMIN,
    ),
    Escena("cuenta-invitar", f"{_U}/invitar", **_ADMIN),
    vacio("cuenta-invitar-error", f"{_U}/invitar", **_ADMIN),
    Escena("cuenta-cambiar", f"{_U}/{{cuenta_larga}}/cambiar", **_ADMIN),
    vacio("cuenta-cambiar-error", f"{_U}/{{cuenta_larga}}/cambiar", envio={"nombre": "", "rol": "otro"}, **_ADMIN),
    Escena("mi-cuenta", _C, "Activar el segundo factor", quien="rentas"),
    Escena("mi-cuenta-con-factor", _C, "códigos de recuperación sin usar", **_CON),
    Escena("mi-contrasena", f"{_C}/contrasena", quien="rentas"),
    vacio("mi-contrasena-error", f"{_C}/contrasena", quien="rentas"),
    Escena("mi-segundo-factor", f"{_C}/segundo-factor", "Lea con ella esta imagen", quien="rentas"),
    vacio("mi-segundo-factor-error", f"{_C}/segundo-factor", quien="rentas"),
    Escena("mi-segundo-factor-otro", f"{_C}/segundo-factor", "Cambiar de teléfono", **_CON),
    Escena("mis-codigos", _C, "no se vuelven a mostrar", envio={}, a=f"{_C}/segundo-factor/codigos", **_CON),
    Escena("mis-llaves", f"{_C}/llaves", "con un número", **_ADMIN),
    vacio("mis-llaves-error", f"{_C}/llaves", **_ADMIN),
    Escena("confirmar", f"{_C}/confirmar", **_CON),
    vacio("confirmar-error", f"{_C}/confirmar", **_CON),
    Escena(
        "ingresar-codigo",
        "/ingresar",
        "Su contraseña es correcta",
        envio={"correo": "con-telefono@demo.portal.test", "clave": CLAVE},
    ),
    Escena("olvido", "/ingresar/olvido"),
    vacio("olvido-error", "/ingresar/olvido"),
    Escena("olvido-enviado", "/ingresar/olvido/enviado"),
    Escena("enlace-de-invitacion", "/ingresar/enlace/{enlace_de_cuenta}", "Elija su contraseña"),
    vacio("enlace-error", "/ingresar/enlace/{enlace_de_cuenta}"),
    Escena("enlace-inservible", "/ingresar/enlace/no-existe", "El enlace ya no sirve", estado=404),
)
