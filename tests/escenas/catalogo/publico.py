"""The first screen, the private page of a liquidación, and the pages about the portal."""

from tests.escenas.escena import Escena, vacio

_LIQ = "/liquidacion/{%s}"

ESCENAS = (
    Escena("inicio", "/", "Ingresar"),
    Escena("inicio-cundinamarca", "/", mundo="cundinamarca"),
    Escena("inicio-narino-con-falla", "/", "El portal presenta fallas", mundo="narino"),
    Escena("ingresar", "/ingresar"),
    vacio("ingresar-sin-datos", "/ingresar"),
    Escena(
        "ingresar-clave-errada",
        "/ingresar",
        "Hay un problema",
        envio={"correo": "nadie@demo.portal.test", "clave": "una clave que no es"},
        estado=422,
    ),
    Escena("inicio-con-sesion", "/", quien="rentas"),
    Escena("ayuda", "/ayuda"),
    Escena("ayuda-consultar", "/ayuda/consultar"),
    Escena("ayuda-pagar", "/ayuda/pagar"),
    Escena("accesibilidad", "/accesibilidad"),
    Escena("privacidad", "/privacidad"),
    Escena("liquidacion-por-pagar", _LIQ % "liq_por_pagar", "Liquidado"),
    Escena("liquidacion-nombre-largo", _LIQ % "liq_larga"),
    Escena("liquidacion-muchas-palabras", _LIQ % "liq_palabras"),
    Escena("liquidacion-pagada", _LIQ % "liq_pagada", "Legalizado"),
    Escena("liquidacion-usada", _LIQ % "liq_usada", "Utilizada"),
    Escena("liquidacion-en-verificacion", _LIQ % "liq_en_verificacion", "En verificación"),
    Escena("liquidacion-revertida", _LIQ % "liq_revertida", "Pago revertido"),
    Escena("liquidacion-devuelta", _LIQ % "liq_devuelta"),
    Escena("liquidacion-vencida", _LIQ % "liq_vencida", "Vencida"),
    Escena("liquidacion-sin-efecto", _LIQ % "liq_anulada", "Sin efecto"),
    Escena("liquidacion-de-cero", _LIQ % "liq_cero"),
    Escena("liquidacion-por-retencion", _LIQ % "contrato_por_retencion", "Por retención", mundo="cundinamarca"),
    Escena("liquidacion-retenida", _LIQ % "liq_retenida", mundo="cundinamarca"),
    Escena("declaracion-publica", "/declaracion/{declaracion}", mundo="cundinamarca"),
)
