"""What people call the codes that rules and records use. A code without a name here is still readable, never an error."""

from collections.abc import Mapping
from types import MappingProxyType

ROLES: Mapping[str, str] = MappingProxyType(
    {
        "administrador": "Administrador",
        "rentas": "Rentas",
        "tesoreria": "Tesorería",
        "funcionario": "Funcionario",
        "agente": "Agente recaudador",
        "auditor": "Auditor",
    }
)

TIPOS_CONTRATO: Mapping[str, str] = MappingProxyType(
    {
        "prestacion_servicios_profesionales": "Prestación de servicios profesionales",
        "prestacion_servicios_tecnicos": "Prestación de servicios técnicos",
        "apoyo_gestion": "Apoyo a la gestión",
        "consultoria": "Consultoría",
        "suministro": "Suministro",
        "obra": "Obra",
        "interadministrativo": "Interadministrativo",
        "concesion": "Concesión",
        "emprestito": "Empréstito",
        "arrendamiento": "Arrendamiento",
        "comodato": "Comodato",
        "compraventa": "Compraventa",
        "interventoria": "Interventoría",
        "seguros": "Seguros",
        "convenio": "Convenio",
        "otro": "Otro",
    }
)

CLASES_CONTRIBUYENTE: Mapping[str, str] = MappingProxyType(
    {
        "natural": "Natural",
        "juridica": "Jurídica",
        "esal": "Entidad sin ánimo de lucro",
        "publica": "Entidad pública",
        "economia_mixta": "Sociedad de economía mixta",
        "consorcio": "Consorcio o unión temporal",
    }
)

CLASES_AGENTE: Mapping[str, str] = MappingProxyType(
    {
        "sector_central": "Sector central",
        "descentralizado": "Nivel descentralizado",
        "eice_sociedades_economia_mixta": "Empresa industrial y comercial, sociedad por acciones o de economía mixta",
        "unidad_administrativa_especial_establecimiento_publico": "Unidad administrativa especial o establecimiento público",
        "contraloria": "Contraloría",
        "asamblea": "Asamblea",
        "udec": "Universidad de Cundinamarca",
        "secretaria_transporte_movilidad": "Secretaría de Transporte y Movilidad",
        "otros": "Otra entidad",
    }
)

ESTADOS_MES: Mapping[str, str] = MappingProxyType(
    {
        "sin_abrir": "Sin abrir",
        "borrador": "Borrador",
        "presentado": "Presentado",
        "aceptado": "Aceptado",
        "devuelto": "Devuelto",
        "en_correccion": "En corrección",
    }
)

# Codes of `recaudo` in the files of acts.
POR_RETENCION = "retencion_por_pago"
FORMAS_DE_RECAUDO: Mapping[str, str] = MappingProxyType(
    {
        "unico": "En un solo pago",
        POR_RETENCION: "Por retención, en cada pago",
    }
)

GRUPOS_ACTOS: Mapping[str, str] = MappingProxyType(
    {
        "tramites": "Trámites",
        "transito": "Tránsito",
        "transporte_movilidad": "Transporte y movilidad",
        "certificados": "Certificados y constancias",
        "general": "Generales",
        "consumo": "Impuesto al consumo",
        "otros": "Otros actos",
    }
)

CLASES_SOPORTE: Mapping[str, str] = MappingProxyType(
    {
        "resolucion": "Resolución",
        "certificacion": "Certificación",
        "concepto": "Concepto",
        "oficio": "Oficio",
        "acta": "Acta",
        "decreto": "Decreto",
        "contrato": "Contrato o convenio",
        "otro": "Otro documento",
    }
)


def espera_en_palabras(segundos: int) -> str:
    """How long to wait, rounded up: `7 minutos`, and from two hours on in hours."""
    minutos = max(1, -(-segundos // 60))
    if minutos >= 120:
        return f"{-(-minutos // 60)} horas"
    return "1 minuto" if minutos == 1 else f"{minutos} minutos"


def nombre_de(nombres: Mapping[str, str], codigo: str) -> str:
    """The name of a code; failing that, the code as plain words.

    >>> nombre_de(TIPOS_CONTRATO, "consultoria"), nombre_de(TIPOS_CONTRATO, "mandato_civil")
    ('Consultoría', 'Mandato civil')
    """
    return nombres.get(codigo) or codigo.replace("_", " ").capitalize()
