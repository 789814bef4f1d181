"""The acts of each department and the situation that each of its rules speaks of, to draw requests from.

A situation is the facts that a rule asks for, each with the answers worth trying, and the acts that it is about (none: any).
"""

SERVICIOS = ("prestacion_servicios_profesionales", "prestacion_servicios_tecnicos")
CAPITAL = ("69", "69.9", "69.999999", "70", "70.000001", "100")
UAEPC = (
    "UAEPC",
    "unidad administrativa especial de pensiones de Cundinamarca",
    "Unidad Administrativa Especial de Pensiones de Cundinamarca (UAEPC)",
    "Otra oficina",
)
CC_CONTRATOS = ("CC-2", "CC-3", "SC-49", "SC-51")
N_CONTRATOS = ("N-CC-D", "N-U-01", "N-U-12")
N_CERTIFICADOS = ("N-SC-01", "N-SC-02", "N-U-03", "N-U-06")
N_POSESIONES = ("N-CC-A", "N-CC-B", "N-CC-C", "N-U-04A", "N-U-04B", "N-U-05")
MOVIMIENTOS = ("ingreso", "ascenso", "encargo", "traslado", "reclasificacion")

ACTOS = {
    "cundinamarca": ["CC-1", "CC-2", "CC-3", "CC-2", "CC-3", *(f"SC-{numero:02}" for numero in range(1, 53))],
    "narino": [
        *("N-CC-A", "N-CC-B", "N-CC-C", "N-CC-D", "N-CC-D"),
        *(f"N-SC-{numero:02}" for numero in range(1, 19)),
        *("N-U-01", "N-U-02", "N-U-03", "N-U-04A", "N-U-04B", "N-U-05", "N-U-06", "N-U-07", "N-U-08", "N-U-09"),
        *("N-U-10", "N-U-11", "N-U-12", "N-U-13"),
    ],
    "putumayo": ["P-C-01", "P-C-02", "P-T-01"],
}
ACTOS_JUNTOS = {
    "cundinamarca": [("CC-2", "SC-51"), ("CC-3", "SC-49"), ("CC-1", "SC-04"), ("SC-15", "SC-14"), ("SC-02", "SC-03")],
    "narino": [
        ("N-CC-D", "N-U-01"),
        ("N-CC-A", "N-U-04A"),
        ("N-CC-B", "N-U-05"),
        ("N-CC-C", "N-U-04B"),
        ("N-SC-01", "N-U-03", "N-U-06"),
        ("N-U-03", "N-U-06"),
        ("N-U-01", "N-U-12"),
        ("N-SC-08", "N-U-11", "N-U-06"),
        ("N-SC-18", "N-U-02"),
    ],
    "putumayo": [("P-C-01", "P-C-02"), ("P-C-02", "P-T-01")],
}

Situacion = tuple[dict[str, tuple[object, ...]], tuple[str, ...]]

SITUACIONES: dict[str, list[Situacion]] = {
    "cundinamarca": [
        ({"acto.relacion_laboral": (True, False)}, ()),
        ({"contratista.clase": ("publica",), "contrato.intervienen_privados": (True, False)}, CC_CONTRATOS),
        (
            {
                "contratista.clase": ("economia_mixta",),
                "contratista.capital_publico": CAPITAL,
                "contrato.intervienen_privados": (True, False, False),
            },
            CC_CONTRATOS,
        ),
        ({"contrato.regimen": ("articulo_355_cp", "general")}, CC_CONTRATOS),
        ({"entidad.clase": ("eps",), "acto.finalidad": ("salud", "salud", "otra")}, ()),
        ({"contrato.recursos": ("PAE", ["propios", "PAE"], ["propios", "otros"])}, CC_CONTRATOS),
        ({"certificado.asunto": ("pension",), "emisor": UAEPC}, ("SC-04",)),
        ({"contrato.objeto": ("infraestructura_salud", "infraestructura_educacion", "otro")}, CC_CONTRATOS),
        ({"contrato.tipo": (*SERVICIOS, *SERVICIOS, "apoyo_gestion"), "contratista.clase": ("natural",)}, ("CC-2",)),
        (
            {"contrato.tipo": SERVICIOS, "contratista.clase": ("natural", "juridica", "consorcio")},
            (*CC_CONTRATOS, "CC-1"),
        ),
        ({"contrato.recursos": ("SGR_FCTI", ["SGR_FCTI", "propios"], "propios")}, ()),
        ({"pagador.entidad": ("empresa_licores_cundinamarca", "otra")}, ("SC-02",)),
        ({"acto.monopolio_licores": (True,), "acto.desarrollo_objeto": (True, True, False)}, ()),
        ({"contrato.recursos": ("donaciones_fondo_riesgo", ["donaciones_fondo_riesgo", "PAE"])}, ()),
        ({"contrato.objeto": ("tiquetes_aereos", "soat", "matriculas_vehiculos")}, CC_CONTRATOS),
        ({"contrato.objeto": ("servicios_publicos_domiciliarios",)}, CC_CONTRATOS),
        ({"certificado.asunto": ("aportes_voluntarios_donaciones", "otro")}, ("SC-04",)),
        ({"entidad.clase": ("institucion_educativa_departamental", "empresa_social_del_estado")}, ()),
        ({"entidad.clase": ("universidad_cundinamarca",)}, ()),
        (
            {
                "contrato.objeto": ("infraestructura_transporte",),
                "proyecto.estrategico": (True,),
                "reconocimiento.otorgado": (True, True, True, False),
            },
            CC_CONTRATOS,
        ),
        (
            {
                "contrato.objeto": ("productos_agropecuarios",),
                "certificado.acidc": (True,),
                "reconocimiento.otorgado": (True,),
            },
            CC_CONTRATOS,
        ),
        ({"posesion.movimiento": MOVIMIENTOS}, ("CC-1",)),
    ],
    "narino": [
        ({"solicitante.clase": ("trabajador", "particular")}, N_CERTIFICADOS),
        ({"documento.uso": ("viaticos",)}, N_CERTIFICADOS),
        (
            {
                "documento.uso": ("penal", "laboral", "administrativa", "civil", "prestaciones_sociales"),
                "documento.constancia_uso_exclusivo": (True, True, False),
            },
            (),
        ),
        ({"documento.clase": ("cuota_parte_pensional", "beca", "otro")}, ()),
        ({"contrato.tipo": ("emprestito", "interadministrativo", "obra")}, N_CONTRATOS),
        ({"contratista.clase": ("publica", "esal", "economia_mixta", "juridica")}, N_CONTRATOS),
        (
            {"contratista.clase": ("esal",), "contrato.finalidad": ("cooperacion", "cofinanciacion", "servicios")},
            N_CONTRATOS,
        ),
        ({"solicitante.clase": ("entidad_publica", "junta_accion_comunal")}, ()),
        ({"documento.uso": ("rama_judicial", "fiscalia", "procuraduria", "control", "otro")}, ()),
        ({"posesion.ad_honorem": (True, True, False)}, N_POSESIONES),
        ({"posesion.movimiento": ("encargo",), "posesion.vacancia": ("temporal", "definitiva")}, N_POSESIONES),
        ({"posesion.movimiento": MOVIMIENTOS}, N_POSESIONES),
        ({"contrato.objeto": ("servicios_publicos_domiciliarios", "bien_inmueble")}, N_CONTRATOS),
        (
            {
                "contrato.tipo": ("arrendamiento", "comodato", "compraventa", "suministro"),
                "contrato.objeto": ("bien_inmueble", "bien_inmueble", "otro"),
            },
            ("N-CC-D",),
        ),
        (
            {
                "pago.clase": ("caja_menor", "avance", "otro"),
                "pago.valor": ("49999", "49999.99", "50000", "50000.01", "0"),
            },
            ("N-CC-D",),
        ),
        ({"pago.clase": ("caja_menor", "avance")}, ("N-CC-D",)),
        ({"emisor": ("Subsecretaría de Tránsito Departamental", "subsecretaria de transito departamental")}, ()),
        (
            {
                "contrato.recursos": ("SGP_salud", ["SGP_salud", "propios"], "propios"),
                "contrato.objeto": ("salud_oferta", "regimen_subsidiado", "otro"),
            },
            ("N-CC-D",),
        ),
    ],
    "putumayo": [],
}
