"""The lists of staff as spreadsheets: what their pages show, row by row, and nothing that their pages hide."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from portal.documentos.libro import Celda, Hoja
from portal.dominio.calendario import BOGOTA
from portal.dominio.devoluciones import CAUSALES, PALABRAS
from portal.dominio.identificacion import escribir_documento, escribir_nit
from portal.dominio.palabras import nombre_de
from portal.models import Agente, ArchivoBanco, Consignacion, Correo, Devolucion, Liquidacion, Reconocimiento, Usuario
from portal.operaciones.agentes.meses import MesDeAgente
from portal.operaciones.auditoria import Renglon
from portal.operaciones.cierres.cotejo import Dia


def hoja_de_liquidaciones(filas: Sequence[Liquidacion], hoy: date, notas: Sequence[str]) -> Hoja:
    """Liquidaciones with the state of their stamps on the day `hoy`."""
    columnas = (
        "Liquidación",
        "Emitida",
        "Fecha límite",
        "Contribuyente",
        "Documento",
        "Contrato o trámite",
        "Vigencia",
        "Contratante",
        "Facturas",
        "Total",
        "Estado",
        "Provisional",
    )
    celdas: list[Sequence[Celda]] = [
        (
            x.numero,
            dia_de(x.emitida_en),
            x.fecha_limite,
            x.nombre,
            escribir_documento(x.tipo_documento, x.documento),
            f"Contrato {x.numero_en_palabras}" if x.es_contrato else x.acto_nombre,
            x.vigencia,
            x.contratante,
            ", ".join(str(f.numero) for f in x.facturas),
            x.total,
            ", ".join(estado.value for estado in x.estados_publicos(hoy)),
            "Sí" if x.provisional else "No",
        )
        for x in filas
    ]
    return Hoja("Liquidaciones", columnas, celdas, notas)


def hoja_de_reconocimientos(filas: Sequence[Reconocimiento], hoy: date, notas: Sequence[str]) -> Hoja:
    """Recognitions with their support and how they stand on the day `hoy`."""
    columnas = (
        "Número",
        "Regla",
        "Beneficiario",
        "Documento",
        "Alcance",
        "Soporte",
        "Fecha del soporte",
        "Lo expidió",
        "Desde",
        "Hasta",
        "Estado",
        "Registró",
        "Motivo de la revocación",
    )
    celdas: list[Sequence[Celda]] = [
        (
            r.id,
            r.regla,
            r.nombre,
            escribir_documento(r.tipo_documento, r.documento),
            r.alcance_en_palabras,
            f"{r.soporte_nombre} {r.soporte_numero}".strip(),
            r.soporte_fecha,
            r.soporte_emisor,
            r.desde,
            r.hasta,
            r.estado(hoy).value,
            r.usuario_nombre,
            r.revocado_motivo,
        )
        for r in filas
    ]
    return Hoja("Reconocimientos", columnas, celdas, notas)


def hoja_de_devoluciones(filas: Sequence[Devolucion], notas: Sequence[str]) -> Hoja:
    """Refunds without the account nor the person that they go to."""
    columnas = (
        "Devolución",
        "Solicitada",
        "Motivo",
        "Valor",
        "Estado",
        "Estudió",
        "Decidió",
        "Transferida",
        "Comprobante",
    )
    celdas: list[Sequence[Celda]] = [
        (
            d.numero,
            dia_de(d.solicitada_en),
            CAUSALES[d.causal],
            d.valor,
            PALABRAS[d.estado].nombre,
            d.estudiada_por_nombre,
            d.decidida_por_nombre,
            d.fecha_transferencia,
            d.referencia_bancaria,
        )
        for d in filas
    ]
    return Hoja("Devoluciones", columnas, celdas, notas)


def hoja_de_cierres(dias: Sequence[Dia], cuentas: Mapping[str, str], notas: Sequence[str]) -> Hoja:
    """Days of accounts, as they were signed or as they are now. `cuentas`: names by code."""
    columnas = ("Día", "Cuenta", "Libro", "Pasarela", "Banco", "Novedades", "Estado", "Firmó", "Pide reabrirse")
    celdas: list[Sequence[Celda]] = []
    for d in dias:
        total, cuenta = d.mostrado.total(), d.actual.cuenta
        celdas.append(
            (
                d.actual.dia,
                cuentas.get(cuenta, cuenta),
                total.libro.valor,
                total.pasarela.valor,
                total.banco.valor,
                len(d.mostrado.novedades),
                d.estado.value.capitalize(),
                d.firma.firmado_por_nombre if d.firma else "",
                "Sí" if d.pide_reabrir else "No",
            )
        )
    return Hoja("Cierres", columnas, celdas, notas)


def hoja_de_consignaciones(filas: Sequence[Consignacion], notas: Sequence[str]) -> Hoja:
    """Deposits that agents reported."""
    columnas = (
        "Consignación",
        "Entidad",
        "Mes",
        "Fecha",
        "Banco",
        "Comprobante",
        "Valor",
        "Estado",
        "Enviada",
        "Resuelta",
        "Resolvió",
        "Motivo",
    )
    celdas: list[Sequence[Celda]] = [
        (
            c.numero,
            c.agente.nombre,
            f"{c.mes:%Y-%m}",
            c.fecha,
            c.banco,
            c.referencia,
            c.valor,
            c.estado.value.capitalize(),
            dia_de(c.enviada_en),
            dia_de(c.resuelta_en),
            c.resuelta_por_nombre,
            c.motivo,
        )
        for c in filas
    ]
    return Hoja("Consignaciones", columnas, celdas, notas)


def hoja_de_agentes(
    agentes: Sequence[Agente], cuentas: Mapping[int, int], clases: Mapping[str, str], notas: Sequence[str]
) -> Hoja:
    """The register of entities. `cuentas`: how many accounts work for each, by id."""
    columnas = ("Entidad", "NIT", "Clase", "Declara desde", "Declara hasta", "Sedes abiertas", "Cuentas")
    celdas: list[Sequence[Celda]] = [
        (
            a.nombre,
            escribir_nit(a.nit),
            clases.get(a.clase, a.clase),
            a.desde,
            a.hasta,
            sum(s.activa for s in a.sedes),
            cuentas.get(a.id, 0),
        )
        for a in agentes
    ]
    return Hoja("Agentes", columnas, celdas, notas)


def hoja_de_meses(meses: Sequence[MesDeAgente], notas: Sequence[str]) -> Hoja:
    """The months of an agent, as its own list shows them."""
    columnas = ("Mes", "Versión", "Estado", "Fecha límite", "Declarado", "Consignado", "En revisión", "Diferencia")
    celdas: list[Sequence[Celda]] = [
        (
            f"{m.mes:%Y-%m}",
            m.ultima.version,
            (m.en_pie or m.ultima).estado.value.capitalize(),
            m.vence,
            m.declarado,
            m.consignado,
            m.en_revision,
            m.diferencia,
        )
        for m in meses
    ]
    return Hoja("Declaraciones", columnas, celdas, notas)


def hoja_de_archivos(archivos: Sequence[ArchivoBanco], notas: Sequence[str]) -> Hoja:
    """The bank's files that were imported; of each account, its last digits."""
    columnas = ("Archivo", "Recaudo del", "Banco", "Cuenta terminada en", "Importó", "Importado", "Pagos", "Total")
    celdas: list[Sequence[Celda]] = [
        (a.numero, a.dia, a.banco, a.cuenta[-4:], a.usuario_nombre, dia_de(a.importado_en), a.lineas, a.total)
        for a in archivos
    ]
    return Hoja("Archivos", columnas, celdas, notas)


def hoja_de_correos(correos: Sequence[Correo], notas: Sequence[str]) -> Hoja:
    """Notices that have not left; whose address it is stays out."""
    columnas = ("Aviso", "Escrito", "Estado", "Intentos", "Motivo")
    celdas: list[Sequence[Celda]] = [
        (c.nombre, dia_de(c.creado_en), c.estado.value.capitalize(), c.intentos, c.ultimo_error) for c in correos
    ]
    return Hoja("Correos", columnas, celdas, notas)


def hoja_de_bitacora(filas: Sequence[Renglon], acciones: Mapping[str, str], notas: Sequence[str]) -> Hoja:
    """Rows of the bitácora. `acciones`: what people call each code."""
    columnas = ("Cuándo", "Quién", "Qué hizo", "Sobre qué", "Detalle", "Petición", "Sello")
    celdas: list[Sequence[Celda]] = [
        (
            r.fila.en.astimezone(BOGOTA).strftime("%Y-%m-%d %H:%M:%S"),
            r.quien or "Sin cuenta",
            nombre_de(acciones, r.fila.accion),
            r.fila.objeto,
            "; ".join(f"{clave.replace('_', ' ')}: {valor}" for clave, valor in r.fila.detalle.items()),
            r.fila.peticion,
            r.sello,
        )
        for r in filas
    ]
    return Hoja("Bitácora", columnas, celdas, notas)


def dia_de(en: datetime | None) -> date | None:
    """The Colombian day of an instant, as a cell."""
    return en.astimezone(BOGOTA).date() if en else None


def hoja_de_cuentas(
    filas: Sequence[Usuario], roles: Mapping[str, str], estados: Mapping[int, str], notas: Sequence[str]
) -> Hoja:
    """Accounts of the portal; `estados`: how each stands, by its id."""
    columnas = ("Nombre", "Correo", "Rol", "Dependencia", "Estado", "Segundo factor desde", "Creada")
    celdas: list[Sequence[Celda]] = [
        (
            c.nombre,
            c.correo,
            roles[c.rol],
            c.dependencia,
            estados[c.id],
            dia_de(c.totp_desde) if c.totp_desde else None,
            dia_de(c.creado_en),
        )
        for c in filas
    ]
    return Hoja("Cuentas", columnas, celdas, notas)
