"""What an export has of each table. Nothing here is a secret, a contact, or the bank account of a person.

States and whatever else can change later are as they were when the export was made; what happened is in the files of events.
"""

from dataclasses import dataclass
from typing import Any

from portal.models import (
    Adhesion,
    AdhesionFactura,
    Agente,
    Cierre,
    Contingencia,
    Declaracion,
    DeshacerAdhesion,
    Devolucion,
    DiaNoHabil,
    EstampillaElectronica,
    EventoDevolucion,
    EventoFactura,
    Factura,
    Liquidacion,
    Migracion,
    OrdenFactura,
    OrdenTesoreria,
    Pago,
    PagoFactura,
    ParteDevolucion,
    Reapertura,
    Rebote,
    Recaudo,
    RenglonDeclaracion,
    Retencion,
    Reversion,
    Sede,
    SinEfecto,
)


@dataclass(frozen=True)
class Fuente:
    """One file: rows of `modelo` whose `instante` is of the period, or those that `llave` ties to the rows of `padre`.

    `acumula`: those from before the period come too, because what is of the period names them.
    """

    archivo: str
    dice: str
    modelo: Any
    columnas: str
    instante: str = ""
    padre: "Fuente | None" = None
    llave: str = ""
    acumula: bool = False


LIQUIDACIONES = Fuente(
    "liquidaciones.csv",
    "Liquidaciones emitidas en el periodo, con el documento y el nombre del contribuyente.",
    Liquidacion,
    "id numero departamento tipo vigencia tipo_documento documento nombre clase acto_nombre numero_contrato "
    "numero_proceso contratante contratante_nit objeto fecha_contrato adicion cuenta por_retencion valor_acto "
    "fecha_causacion solicitud provisional total fecha_limite emitida_en emitida_por emitida_por_nombre vigente "
    "agente_id migracion_id huella_origen",
    "emitida_en",
)
PAGOS = Fuente(
    "pagos.csv",
    "Intentos de pago iniciados en el periodo, sin datos de quien pagó.",
    Pago,
    "id referencia liquidacion_id total estado tipo_persona pasarela cus banco creado_en vence_en resuelto_en",
    "creado_en",
)
ORDENES = Fuente(
    "ordenes.csv",
    "Órdenes de Tesorería propuestas en el periodo.",
    OrdenTesoreria,
    "id numero clase caso_id recaudo_id valor banco fecha_banco referencia_banco motivo propuesta_por "
    "propuesta_por_nombre propuesta_en estado resuelta_por resuelta_por_nombre resuelta_en motivo_rechazo",
    "propuesta_en",
)
DEVOLUCIONES = Fuente(
    "devoluciones.csv",
    "Devoluciones solicitadas en el periodo, sin la cuenta ni los datos de quien las pidió.",
    Devolucion,
    "id numero pago_id causal estado valor solicitada_en concepto estudiada_por estudiada_por_nombre estudiada_en "
    "motivo decidida_por decidida_por_nombre decidida_en cuenta_origen referencia_bancaria fecha_transferencia "
    "pagada_por pagada_por_nombre pagada_en",
    "solicitada_en",
)
ADHESIONES = Fuente(
    "adhesiones.csv",
    "Estampillas que se adhirieron y anularon en el periodo.",
    Adhesion,
    "id numero liquidacion_id acto_numero acto_fecha acto_sha256 dependencia usuario_id usuario_nombre en",
    "en",
)
AGENTES = Fuente(
    "agentes.csv",
    "Agentes recaudadores registrados hasta el final del periodo, como están al exportar, sin sus datos de contacto.",
    Agente,
    "id departamento nit nombre clase estampillas cuenta desde hasta abierto_hasta creado_en",
    "creado_en",
    acumula=True,
)
DECLARACIONES = Fuente(
    "declaraciones.csv",
    "Declaraciones mensuales presentadas en el periodo, cada versión con el texto que se presentó y su huella.",
    Declaracion,
    "id numero agente_id mes version estado abierta_en motivo_correccion liquidado declarado pagado vence "
    "presentada_por presentada_por_nombre presentada_en motivo_devolucion contenido huella clave_id firma_huella",
    "presentada_en",
)
FUENTES = (
    Fuente(
        "migraciones.csv",
        "Carpetas del sistema anterior que se empezaron a traer en el periodo, con lo que cuadró.",
        Migracion,
        "id departamento huella corte total hechas cuadre usuario_id usuario_nombre iniciada_en terminada_en",
        "iniciada_en",
    ),
    LIQUIDACIONES,
    Fuente(
        "facturas.csv",
        "Facturas de esas liquidaciones, una por estampilla. El estado es el del momento de exportar.",
        Factura,
        "id numero liquidacion_id orden estampilla estampilla_nombre acto base tarifa indicador exacto redondeo norma "
        "exencion valor estado",
        padre=LIQUIDACIONES,
        llave="liquidacion_id",
    ),
    Fuente(
        "sin_efecto.csv",
        "Liquidaciones que se dejaron sin efecto en el periodo, con su motivo.",
        SinEfecto,
        "liquidacion_id en usuario_id usuario_nombre motivo",
        "en",
    ),
    Fuente(
        "eventos_factura.csv",
        "Cada cambio de estado de una factura en el periodo.",
        EventoFactura,
        "id factura_id en desde hasta evento pago_id usuario_id",
        "en",
    ),
    PAGOS,
    Fuente(
        "pagos_facturas.csv",
        "Qué facturas cubría cada uno de esos intentos.",
        PagoFactura,
        "pago_id factura_id valor viva",
        padre=PAGOS,
        llave="pago_id",
    ),
    Fuente(
        "recaudos.csv",
        "Créditos confirmados que se registraron en el periodo.",
        Recaudo,
        "id pago_id canal pasarela transaccion valor aplicado moneda clase cus banco autorizacion fecha_banco "
        "registrado_en",
        "registrado_en",
    ),
    Fuente(
        "reversiones.csv",
        "Créditos que el banco reversó en el periodo.",
        Reversion,
        "id recaudo_id en causa motivo",
        "en",
    ),
    ORDENES,
    Fuente(
        "ordenes_facturas.csv",
        "Facturas de esas órdenes.",
        OrdenFactura,
        "orden_id factura_id valor",
        padre=ORDENES,
        llave="orden_id",
    ),
    Fuente(
        "cierres.csv",
        "Cierres diarios firmados en el periodo, con su contenido.",
        Cierre,
        "id cuenta dia version hasta_asiento novedades firmado_por firmado_por_nombre firmado_en entradas contenido huella",
        "firmado_en",
    ),
    Fuente(
        "reaperturas.csv",
        "Cierres que se reabrieron en el periodo.",
        Reapertura,
        "id cierre_id motivo usuario_id usuario_nombre en",
        "en",
    ),
    DEVOLUCIONES,
    Fuente(
        "devoluciones_partes.csv",
        "De qué recaudo sale cada parte de esas devoluciones.",
        ParteDevolucion,
        "id devolucion_id recaudo_id factura_id saldo_id valor",
        padre=DEVOLUCIONES,
        llave="devolucion_id",
    ),
    Fuente(
        "devoluciones_eventos.csv",
        "Cada cambio de estado de una devolución en el periodo.",
        EventoDevolucion,
        "id devolucion_id en desde evento usuario_id",
        "en",
    ),
    Fuente(
        "rebotes.csv",
        "Transferencias de devoluciones que el banco devolvió en el periodo.",
        Rebote,
        "id devolucion_id cuenta_origen referencia_bancaria fecha_transferencia dia motivo registrado_por "
        "registrado_por_nombre registrado_en",
        "registrado_en",
    ),
    ADHESIONES,
    Fuente(
        "adhesiones_facturas.csv",
        "Facturas de esas adhesiones.",
        AdhesionFactura,
        "adhesion_id factura_id viva",
        padre=ADHESIONES,
        llave="adhesion_id",
    ),
    Fuente(
        "adhesiones_deshechas.csv",
        "Peticiones de deshacer una adhesión, del periodo.",
        DeshacerAdhesion,
        "id adhesion_id motivo inmediata propuesta_por propuesta_por_nombre propuesta_en estado resuelta_por "
        "resuelta_por_nombre resuelta_en motivo_rechazo",
        "propuesta_en",
    ),
    Fuente(
        "estampillas.csv",
        "Estampillas electrónicas expedidas en el periodo, con su texto firmado.",
        EstampillaElectronica,
        "id codigo factura_id orden recaudo_id clave_id sello expedida_en",
        "expedida_en",
    ),
    AGENTES,
    Fuente(
        "sedes.csv",
        "Sedes de esos agentes.",
        Sede,
        "id agente_id nombre activa",
        padre=AGENTES,
        llave="agente_id",
    ),
    Fuente(
        "retenciones.csv",
        "Retenciones que los agentes registraron en el periodo, cada una con su recaudo, y si después se deshizo.",
        Retencion,
        "id agente_id sede_id liquidacion_id recaudo_id fecha mes forma documento registrada_por registrada_por_nombre "
        "registrada_en deshecha_por deshecha_en motivo",
        "registrada_en",
    ),
    DECLARACIONES,
    Fuente(
        "declaraciones_renglones.csv",
        "Renglones de esas declaraciones.",
        RenglonDeclaracion,
        "id declaracion_id orden estampilla estampilla_nombre acto acto_nombre cantidad base liquidado retenidas "
        "retenido pagado",
        padre=DECLARACIONES,
        llave="declaracion_id",
    ),
    Fuente(
        "dias_no_habiles.csv",
        "Días que se declararon no hábiles en el periodo, y si después se revocaron.",
        DiaNoHabil,
        "id dia motivo norma declarado_por declarado_por_nombre declarado_en revocado_en revocado_por "
        "revocado_por_nombre revocado_motivo",
        "declarado_en",
    ),
    Fuente(
        "contingencias.csv",
        "Fallas del portal que se declararon en el periodo.",
        Contingencia,
        "id inicio motivo declarada_por declarada_por_nombre declarada_en abierta fin terminada_por "
        "terminada_por_nombre",
        "declarada_en",
    ),
)
PROPUESTA = (
    "id clase departamento codigo desde hasta acto acto_fecha evidencia estado version autor_id autor_nombre "
    "resuelta_por resuelta_por_nombre resuelta_en corrige correccion corregida_por"
)
TARIFA = "cambio estampilla acto_gravado clase_acto variante tipo valor indicador redondeo norma articulo"
VERSION = "id tabla departamento codigo desde hasta cifra reemplazada datos propuesta_id"
