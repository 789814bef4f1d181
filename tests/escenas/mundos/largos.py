"""Names as long as the database takes them, with and without spaces. Of nobody: they are words of the trade."""

# 120 characters with nowhere to break.
SIN_ESPACIOS = ("CONSTRUCTORAINTERDEPARTAMENTALDEOBRASYSUMINISTROS" * 3)[:120]
CON_ESPACIOS = (
    "UNION TEMPORAL PARA LA CONSTRUCCION, EL MEJORAMIENTO Y EL MANTENIMIENTO RUTINARIO DE LA MALLA VIAL SECUNDARIA Y "
    "TERCIARIA DEL DEPARTAMENTO"
)
OBJETO = (
    "Prestación de servicios profesionales especializados para apoyar la estructuración, la supervisión y el seguimiento "
    "técnico, administrativo, financiero y jurídico de los contratos de obra pública que celebre la Secretaría de "
    "Infraestructura, de conformidad con los estudios previos y el pliego de condiciones que hacen parte integral del contrato"
)
