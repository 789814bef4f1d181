"""The steps of asking for money back, and following it."""

from tests.escenas.escena import Escena, vacio

_MOTIVO = {"pago": "{pago_por_devolver}", "causal": "doble", "explicacion": "El banco cobró dos veces."}
_CUENTA = _MOTIVO | {
    "banco": "Banco de prueba",
    "tipo_cuenta": "ahorros",
    "cuenta": "123456789",
    "titular": "prueba",
    "tipo_documento": "CC",
    "documento": "1212312323",
}
_CONTACTO = _CUENTA | {"correo": "prueba@correo.test", "telefono": "3001234567"}
_PASO = "/devolucion/%s"


def _paso(nombre: str, paso: str, envio: dict[str, str], estado: int = 200) -> Escena:
    return Escena(
        f"devolucion-{nombre}",
        "/devolucion",
        "Hay un problema" if estado == 422 else "",
        a=_PASO % paso,
        envio=envio,
        estado=estado,
    )


ESCENAS = (
    Escena("devolucion", "/devolucion"),
    vacio("devolucion-error", "/devolucion"),
    Escena("devolucion-motivo-doble", "/devolucion/de/{pago_por_devolver}"),
    Escena("devolucion-motivo-no-debida", "/devolucion/de/{pago_devolvible}"),
    Escena("devolucion-nada", "/devolucion/de/{pago_pendiente}"),
    Escena("devolucion-ya-pedida", "/devolucion/de/{pago_en_devolucion}"),
    _paso("motivo-error", "cuenta", {"pago": "{pago_devolvible}"}, 422),
    _paso("cuenta", "cuenta", _MOTIVO),
    _paso("cuenta-error", "contacto", _MOTIVO, 422),
    _paso("contacto", "contacto", _CUENTA),
    _paso("contacto-error", "revisar", _CUENTA, 422),
    _paso("revisar", "revisar", _CONTACTO),
    _paso("revisar-error", "enviar", _CONTACTO | {"clave": "c" * 24}, 422),
    Escena("devolucion-consultar", "/devolucion/consultar"),
    vacio("devolucion-consultar-error", "/devolucion/consultar"),
    Escena(
        "devolucion-consultar-no-hay",
        "/devolucion/consultar",
        "Hay un problema",
        envio={"codigo": "x" * 22},
        estado=422,
    ),
    *(
        Escena(f"devolucion-{estado}", f"/devolucion/{{dev_{estado}}}")
        for estado in (
            "solicitada",
            "estudiada",
            "aprobada",
            "pagada",
            "negada",
            "desistida",
            "rebotada",
            "corregida",
        )
    ),
    Escena("devolucion-desistir", "/devolucion/{dev_solicitada}/desistir"),
    Escena("devolucion-otra-cuenta", "/devolucion/{dev_rebotada}/cuenta"),
    vacio("devolucion-otra-cuenta-error", "/devolucion/{dev_rebotada}/cuenta"),
)
