"""From finding what is owed to knowing whether money left the account."""

from tests.escenas.escena import Escena, vacio

_PAGADOR = {
    "tipo_persona": "natural",
    "tipo_documento": "CC",
    "documento": "1212312323",
    "nombre": "prueba",
    "correo": "prueba@correo.test",
    "telefono": "3001234567",
}
# What its first screen ticks.
_ELEGIDA = {"sello": "{sello}", "liquidacion": "{id_por_pagar}", "factura": ("{factura_por_pagar}",)}
_PAGO = "/pago/{pago_%s}"

ESCENAS = (
    Escena("pago", "/pago"),
    vacio("pago-error", "/pago"),
    Escena("pago-elegir", "/pago", envio={"documento": "1212312323"}),
    Escena("pago-elegir-muchas", "/pago", envio={"documento": "1000000012"}),
    Escena("pago-elegir-nada", "/pago", envio={"documento": "999999999"}),
    Escena("pago-elegir-vencida", "/pago", envio={"documento": "{factura_vencida}"}),
    Escena("pago-elegir-en-verificacion", "/pago", envio={"documento": "{factura_en_verificacion}"}),
    Escena("pago-elegir-de-liquidacion", "/pago/de/{liq_por_pagar}"),
    Escena("pago-elegir-nombre-largo", "/pago/de/{liq_larga}"),
    Escena("pago-elegir-pagada", "/pago/de/{liq_pagada}"),
    Escena("pago-elegir-de-nuevo", "/pago", a="/pago/elegir", envio=_PAGADOR | {"sello": "{sello}"}),
    Escena("pago-elegir-otra-vez", "/pago/{pago_rechazado}/otra-vez"),
    Escena("pago-elegir-error", "/pago", "Hay un problema", a="/pago/revisar", envio={"sello": "{sello}"}, estado=422),
    Escena("pago-sin-sello", "/pago", a="/pago/elegir", envio={"sello": ""}, estado=409),
    Escena("pago-revisar", "/pago", "Revise", a="/pago/revisar", envio=_PAGADOR | _ELEGIDA),
    Escena(
        "pago-revisar-largo",
        "/pago",
        a="/pago/revisar",
        envio=_PAGADOR
        | {
            "sello": "{sello_largo}",
            "liquidacion": "{id_larga}",
            "factura": ("{facturas_larga_0}", "{facturas_larga_1}"),
            "nombre": "CONSTRUCTORAINTERDEPARTAMENTAL" * 3,
        },
    ),
    Escena("pago-pagar-error", "/pago", "Hay un problema", a="/pago/pagar", envio={"sello": "{sello}"}, estado=422),
    Escena(
        "pago-en-curso",
        "/pago",
        a="/pago/pagar",
        envio=_PAGADOR | {"sello": "{sello_en_verificacion}", "clave": "c" * 24},
        estado=409,
    ),
    Escena("pago-al-banco", "/pago/{pago_enviado}/banco", "Va a salir del portal"),
    Escena("pago-creado", _PAGO % "creado"),
    Escena("pago-enviado", _PAGO % "enviado"),
    Escena("pago-pendiente", _PAGO % "pendiente", "Transacción pendiente"),
    Escena("pago-aprobado", _PAGO % "aprobado", "Transacción aprobada"),
    Escena("pago-aprobado-nombre-largo", _PAGO % "largo"),
    Escena("pago-aprobado-trece-estampillas", _PAGO % "muchas"),
    Escena("pago-rechazado", _PAGO % "rechazado", "rechazada"),
    Escena("pago-fallido", _PAGO % "fallido", "fallida"),
    Escena("pago-vencido", _PAGO % "vencido"),
    Escena("pago-revertido", _PAGO % "revertido"),
    Escena("pago-otro-valor", _PAGO % "distinto"),
    Escena("pago-doble", _PAGO % "doble"),
    Escena("pago-en-devolucion", _PAGO % "en_devolucion"),
    Escena("pago-devuelto", _PAGO % "devuelto"),
    Escena("pago-elegir-banco", "/pago/de/{liq_por_pagar}", "Banco", mundo="narino"),
    Escena(
        "pago-elegir-banco-error",
        "/pago",
        "Hay un problema",
        mundo="narino",
        a="/pago/revisar",
        envio=_PAGADOR | {"sello": "{sello}"},
        estado=422,
    ),
    Escena("pago-no-aparece", "/pago/no-aparece"),
    vacio("pago-no-aparece-error", "/pago/no-aparece"),
    Escena(
        "pago-no-aparece-aprobado",
        "/pago/no-aparece",
        envio={"dato": "{ref_aprobado}", "correo": "prueba@correo.test"},
    ),
    Escena(
        "pago-no-aparece-pendiente",
        "/pago/no-aparece",
        envio={"dato": "{ref_pendiente}", "correo": "prueba@correo.test"},
    ),
    Escena("pago-no-aparece-caso", "/pago/no-aparece", envio={"dato": "123123123", "correo": "prueba@correo.test"}),
)
