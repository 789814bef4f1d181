"""Every 4xx that a person can meet."""

from tests.escenas.escena import Escena

ESCENAS = (
    Escena("error-404", "/no-existe", "No encontramos esa página", estado=404),
    Escena("error-404-liquidacion", "/liquidacion/noexiste", estado=404),
    Escena("error-404-con-sesion", "/gestion/liquidaciones/noexiste", quien="rentas", estado=404),
    Escena("error-403", "/gestion/tesoreria", "no tiene permiso", quien="rentas", estado=403),
    Escena("error-405", "/pago/{pago_aprobado}/cancelar", estado=405),
    Escena("error-400", "/consulta", "demasiado tiempo", envio={"csrf_token": "vencido"}, estado=400),
    Escena(
        "error-409",
        "/gestion/liquidaciones/{contrato_anulado}/contrato/adicion",
        quien="rentas",
        mundo="cundinamarca",
        estado=409,
    ),
    Escena("error-429", "/consulta", "muchas consultas", mundo="percances", envio={"documento": "1" * 8}, estado=429),
    Escena("error-503", "/pago", mundo="percances", a="/pago/elegir", envio={"sello": "{sello}"}, estado=503),
    Escena(
        "error-422",
        "/pago",
        a="/pago/pagar",
        envio={
            "sello": "{sello}",
            "documento": "1212312323",
            "nombre": "prueba",
            "correo": "prueba@correo.test",
            "telefono": "3001234567",
            "tipo_documento": "CC",
            "tipo_persona": "natural",
        },
        estado=422,
    ),
)
