"""The known screen *Consultar Contratos y Trámites*."""

from tests.escenas.escena import Escena, vacio

_CONTRATO = {"tipo_pago": "contrato", "vigencia": "2025", "nit": "901805364", "numero_contrato": "647"}

ESCENAS = (
    Escena("consulta", "/consulta"),
    Escena("consulta-por-contrato", "/consulta?tipo_pago=contrato"),
    vacio("consulta-error", "/consulta"),
    Escena("consulta-error-contrato", "/consulta", "Hay un problema", envio={"tipo_pago": "contrato"}, estado=422),
    Escena("consulta-doce-filas", "/consulta", "del 1 al 10 de un total de 12", envio={"documento": "1000000013"}),
    Escena(
        "consulta-segunda-pagina",
        "/consulta",
        "del 11 al 12",
        envio={"documento": "1000000013", "pagina": "2"},
    ),
    Escena("consulta-cien-filas", "/consulta", "30 registros", envio={"documento": "1000000012", "registros": "100"}),
    Escena("consulta-vacia", "/consulta", envio={"documento": "999999999"}),
    Escena("consulta-contrato", "/consulta", "Legalizado", envio=_CONTRATO),
    Escena(
        "consulta-contrato-enlazado", "/consulta?tipo_pago=contrato&vigencia=2025&nit=901805364&numero_contrato=647"
    ),
    Escena(
        "consulta-nombre-largo",
        "/consulta",
        envio=_CONTRATO | {"nit": "{nit_largo}", "numero_contrato": "{contrato_largo}"},
    ),
    Escena("consulta-de-funcionario", "/consulta", quien="funcionario", envio={"documento": "1212312323"}),
    Escena("consulta-cundinamarca", "/consulta", mundo="cundinamarca", envio={"documento": "1212312323"}),
)
