"""The database that the matrix is tried on: an account of each role, and of each kind of object one's own and somebody else's.

Own and other are of the role that the object can be somebody's of: a liquidación is of an agent's entity, an adhesion of the
official who made it, an order of who proposed it. Of a private address, own is the right code and other one with a letter
changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from portal.db import db, transaccion
from portal.dominio.palabras import ROLES
from portal.models import (
    Agente,
    Archivo,
    Caso,
    ClaseEnlace,
    Declaracion,
    Devolucion,
    EnlaceCuenta,
    Liquidacion,
    LlaveAcceso,
    Sede,
    TramiteAbierto,
    Usuario,
)
from portal.models.usuario import Rol
from portal.operaciones import evidencias, propuestas, reclamos, simulaciones
from portal.operaciones.agentes import registro
from portal.operaciones.archivos_banco import entregas
from portal.operaciones.fichas import nueva_ficha
from portal.operaciones.firmas import Firma
from portal.operaciones.lotes.importacion import guardar
from portal.operaciones.propuestas import Datos
from tests import (
    adhesiones,
    autoliquidaciones,
    banco,
    calendario,
    certificados,
    cierres,
    consignaciones,
    declaraciones,
    devoluciones,
    estampillas,
    fabricas,
    lotes,
    ordenes,
    tesoreria,
)
from tests.adhesiones import DEPENDENCIA
from tests.agentes import agente, retenida, suya
from tests.archivos import pdf
from tests.auditoria import dia_habil
from tests.fabricas import AHORA, HOY, contrato, liquidacion
from tests.propuestas import UVT_2027

Valores = Mapping[str, object]


@dataclass(frozen=True)
class Objeto:
    """What fills the places of an address: something of one's own and, if it can be somebody else's, something that is not."""

    propio: Valores
    ajeno: Valores | None = None


@dataclass(frozen=True)
class Mundo:
    """The accounts by role, the codes that the contributor's browser remembers, and the objects by endpoint or place."""

    cuentas: Mapping[Rol, int]
    pagos: tuple[str, ...]
    objetos: Mapping[str, Objeto]

    def objeto_de(self, endpoint: str, lugares: frozenset[str]) -> Objeto:
        """What fills the places of a route. KeyError for a kind of object that nobody made here yet."""
        if not lugares:
            return Objeto({})
        for llave in (
            endpoint,
            endpoint.partition(".")[0] + "." + ",".join(sorted(lugares)),
            ",".join(sorted(lugares)),
        ):
            if llave in self.objetos:
                return self.objetos[llave]
        raise KeyError(f"{endpoint}: nothing fills {sorted(lugares)}; add it to tests/accesos/mundo.py")


def construir() -> Mundo:
    """Fill a migrated database with its rules."""
    cuentas = {rol: _cuenta(rol.value, rol) for rol in Rol}
    otras = {rol: _cuenta(f"otra-{rol.value}", rol) for rol in Rol}
    objetos, pagos = _publicos()
    for parte in (_agentes, _liquidaciones, _normativa, _validacion, _tesoreria, _bancos, _devoluciones, _personas):
        objetos |= parte(cuentas, otras)
    return Mundo({rol: cuenta.id for rol, cuenta in cuentas.items()}, pagos, objetos)


Cuentas = dict[Rol, Usuario]
Objetos = dict[str, Objeto]


def _cuenta(nombre: str, rol: Rol) -> Usuario:
    with transaccion():
        nueva = Usuario(
            correo=f"{nombre}@demo.portal.test",
            nombre=f"Cuenta de {ROLES[rol].lower()}",
            rol=rol,
            dependencia=DEPENDENCIA if rol is Rol.FUNCIONARIO else "",
            clave_hash="x",
            creado_en=AHORA,
        )
        db.session.add(nueva)
    return nueva


def _codigo(bueno: str, **otros: object) -> Objeto:
    """A private address and the same with its last letter changed, for whoever reads it in either case."""
    otra = "x" if bueno[-1].lower() != "x" else "y"
    return Objeto({"codigo": bueno, **otros}, {"codigo": bueno[:-1] + otra, **otros})


def _personas(cuentas: Cuentas, otras: Cuentas) -> Objetos:
    llaves = []
    with transaccion():
        ficha, huella = nueva_ficha()
        enlace = EnlaceCuenta(
            usuario_id=otras[Rol.RENTAS].id,
            clase=ClaseEnlace.INVITACION,
            huella=huella,
            creado_en=AHORA,
            vence_en=AHORA + timedelta(hours=1),
        )
        db.session.add(enlace)
        for de in (cuentas[Rol.ADMINISTRADOR], otras[Rol.ADMINISTRADOR]):
            llaves.append(
                LlaveAcceso(
                    usuario_id=de.id,
                    credencial=f"llave-{de.id}",
                    clave_publica=b"x",
                    contador=0,
                    nombre="Llave",
                    creada_en=AHORA,
                )
            )
        db.session.add_all(llaves)
    return {
        "login.ficha": _par("ficha", ficha, f"{ficha[:-1]}{'x' if ficha[-1] != 'x' else 'y'}"),
        "usuarios.cuenta": Objeto({"cuenta": otras[Rol.TESORERIA].id}),
        "cuenta.numero": _par("numero", *(llave.id for llave in llaves)),
    }


def _par(nombre: str, propio: object, ajeno: object) -> Objeto:
    return Objeto({nombre: propio}, {nombre: ajeno})


def _publicos() -> tuple[Objetos, tuple[str, ...]]:
    vigente = estampillas.pagada()[0]
    una = vigente.factura.liquidacion
    en_curso = fabricas.pago(liquidacion())
    pagada, pago = devoluciones.pagado()
    estampillas.expedir(pagada)
    pedida = devoluciones.pedir(devoluciones.doble())
    tramite = autoliquidaciones.abrir()
    vencida = liquidacion(fecha_limite=HOY - timedelta(days=9), documento="1000000003")
    certificado = certificados.expedir(adhesiones.funcionario())
    objetos = {
        "publico.codigo": _codigo(una.codigo),
        "publico.reliquidar": _codigo(vencida.codigo),
        "estampillas.codigo": _codigo(una.codigo),
        "estampillas.ver": _codigo(vigente.codigo),
        "estampillas.codigo,factura": _codigo(una.codigo, factura=vigente.factura.numero),
        "estampillas.de_pago": _codigo(pago.codigo),
        "pago.codigo": _codigo(en_curso.codigo),
        "pago.comprobante": _codigo(pago.codigo),
        "pago.de_liquidacion": _codigo(liquidacion().codigo),
        "devolucion.codigo": _codigo(pedida.codigo),
        "devolucion.de_pago": _codigo(devoluciones.doble().codigo),
        "certificados.verificado": _codigo(certificado.codigo),
        "tramites.numero": Objeto({"numero": tramite.id}),
        "pasarela": Objeto({"pasarela": "placetopay"}),
        "filename": Objeto({"filename": "portal.css"}),
    }
    return objetos, (en_curso.codigo,)


def _agentes(cuentas: Cuentas, otras: Cuentas) -> Objetos:
    propia, ajena = (
        _entidad(de, cuenta) for de, cuenta in (("Propia", cuentas[Rol.AGENTE]), ("Ajena", otras[Rol.AGENTE]))
    )
    mes = f"{declaraciones.MES:%Y-%m}"
    del_mes = Objeto({"codigo": propia.codigo, "mes": mes}, {"codigo": ajena.codigo, "mes": mes})
    suyo, otro = ({**v, "version": 1} for v in (del_mes.propio, del_mes.ajeno or {}))
    publica = db.session.scalars(
        select(Declaracion).where(Declaracion.agente_id == propia.id, Declaracion.codigo != "")
    )
    soportes = [consignaciones.enviada(c, 1000, f"77{c.id}") for c in (cuentas[Rol.AGENTE], otras[Rol.AGENTE])]
    sede, cerrada = (_sede(propia, activa=activa) for activa in (True, False))
    return {
        "agentes.codigo,mes": del_mes,
        "agentes.codigo,mes,version": Objeto(suyo, otro),
        "agentes.declaracion": _codigo(next(iter(publica)).codigo or ""),
        "agentes_tablero.codigo": _par("codigo", propia.codigo, ajena.codigo),
        "agentes_diario.codigo": _par("codigo", propia.codigo, ajena.codigo),
        "agentes_registro.codigo": Objeto({"codigo": propia.codigo}),
        "agentes_registro.codigo,cuenta": Objeto({"codigo": propia.codigo, "cuenta": cuentas[Rol.AGENTE].id}),
        "agentes_registro.codigo,sede": Objeto({"codigo": propia.codigo, "sede": sede}),
        "agentes_registro.reabrir_sede": Objeto({"codigo": propia.codigo, "sede": cerrada}),
        "consignaciones.codigo": _par("codigo", soportes[0].codigo, soportes[1].codigo),
        "consignaciones.mes": Objeto({"mes": mes}),
        "consignaciones.numero": Objeto({"numero": soportes[0].numero}),
    }


def _sede(de: Agente, *, activa: bool) -> int:
    return db.session.scalars(select(Sede.id).where(Sede.agente_id == de.id, Sede.activa == activa)).one()


def _entidad(nombre: str, cuenta: Usuario) -> Agente:
    entidad = agente(desde=declaraciones.MES, nombre=f"Entidad {nombre}")
    with transaccion():
        db.session.get_one(Usuario, cuenta.id).agente_id = entidad.id
    firma = Firma(adhesiones.funcionario(rol="administrador"), AHORA)
    with transaccion():
        registro.agregar_sede(entidad, "Sede Centro", firma=firma)
        registro.cerrar_sede(registro.agregar_sede(entidad, "Sede Norte", firma=firma), firma=firma)
    retenida(declaraciones.del_mes(entidad), cuenta, fecha=declaraciones.MES.replace(day=12))
    declaraciones.presentada(declaraciones.borrador(entidad), cuenta)
    return entidad


def _liquidaciones(cuentas: Cuentas, otras: Cuentas) -> Objetos:
    de, de_otra = (db.session.get_one(Agente, c.agente_id) for c in (cuentas[Rol.AGENTE], otras[Rol.AGENTE]))
    propia, ajena = (suya(una) for una in (de, de_otra))
    contratos = [contrato(n, agente_id=una.id) for n, una in (("701", de), ("702", de_otra))]
    retenciones = [retenida(suya(una), c) for una, c in ((de, cuentas[Rol.AGENTE]), (de_otra, otras[Rol.AGENTE]))]
    con_retencion = [{"codigo": r.liquidacion.codigo, "numero": r.id} for r in retenciones]
    cambio = [{"codigo": c.codigo, "cambio": "adicion"} for c in contratos]
    lotes_ = [_lote(c, numero) for c, numero in ((cuentas[Rol.RENTAS], 8001), (otras[Rol.RENTAS], 8101))]
    return {
        "liquidaciones.codigo": _par("codigo", propia.codigo, ajena.codigo),
        "liquidaciones.contrato": _par("codigo", contratos[0].codigo, contratos[1].codigo),
        "liquidaciones.cambio,codigo": Objeto(*cambio),
        "liquidaciones.codigo,numero": Objeto(*con_retencion),
        "liquidaciones.acto": Objeto({"acto": "P-T-01"}),
        # Putumayo has no rule that asks for a recognition: nobody's number.
        "liquidaciones.numero": Objeto({"numero": 1}),
        "lotes.codigo": _par("codigo", *lotes_),
        "formato": Objeto({"formato": "csv"}),
    }


def _lote(de: Usuario, desde: int) -> str:
    contenido = lotes.csv_de(lotes.contratos(2, desde=desde))
    with transaccion():
        return guardar(contenido, "contratos.csv", departamento="putumayo", usuario=de, ahora=AHORA).codigo


def _normativa(cuentas: Cuentas, otras: Cuentas) -> Objetos:
    propia = _propuesta(cuentas[Rol.ADMINISTRADOR], "UVT")
    ajena = _propuesta(otras[Rol.ADMINISTRADOR], "SMMLV", valor=Decimal("1900000"))
    dia = calendario.declarar_dia(cuentas[Rol.ADMINISTRADOR], dia_habil(), ahora=AHORA)
    falla = calendario.declarar_falla(cuentas[Rol.ADMINISTRADOR], AHORA - timedelta(hours=3), ahora=AHORA)
    return {
        "propuesta_id": _par("propuesta_id", propia, ajena),
        "indicador": Objeto({"indicador": "UVT"}),
        "vigencia": Objeto({"vigencia": HOY.year}),
        "normativa.codigo": Objeto({"codigo": "P-T-01"}),
        "normativa.cambio,codigo": Objeto({"cambio": "fijar", "codigo": "P-T-01"}),
        "normativa.numero": Objeto({"numero": db.session.scalars(select(TramiteAbierto.id)).first()}),
        "calendario.revocar_dia": Objeto({"numero": dia.id}),
        "calendario.terminar_falla": Objeto({"numero": falla.id}),
        "reporte": Objeto({"reporte": "recaudo"}),
    }


def _propuesta(de: Usuario, codigo: str, **otros: object) -> int:
    with transaccion():
        datos = Datos(**(vars(UVT_2027) | {"acto_fecha": HOY - timedelta(days=1)} | otros))
        una = propuestas.proponer(propuestas.indicador_de("putumayo", codigo), datos, usuario=de, ahora=AHORA, hoy=HOY)
        evidencias.adjuntar(una, "resolución.pdf", pdf(), version=1, usuario=de, ahora=AHORA)
        simulaciones.iniciar("putumayo", una, usuario=None, ahora=AHORA)
    return una.id


def _validacion(cuentas: Cuentas, otras: Cuentas) -> Objetos:
    suyo, otro = cuentas[Rol.FUNCIONARIO], otras[Rol.FUNCIONARIO]
    propia, ajena = (adhesiones.adherir(_pagada(n), c) for n, c in (("801", suyo), ("802", otro)))
    pedidas = [adhesiones.adherir(_pagada(n), c, ahora=AHORA) for n, c in (("803", suyo), ("804", otro))]
    for una, quien in zip(pedidas, (suyo, otro), strict=True):
        adhesiones.proponer(una, quien)
    papeles = [certificados.expedir(c) for c in (suyo, otro)]
    por_usar = _pagada("805")
    return {
        "validacion.numero": _par("numero", propia.numero, ajena.numero),
        "validacion.aprobar": _par("numero", pedidas[0].numero, pedidas[1].numero),
        "validacion.rechazar": _par("numero", pedidas[0].numero, pedidas[1].numero),
        "validacion.acto": Objeto({"numero": por_usar.numero}),
        "validacion.leida": Objeto({"codigo": estampillas.expedir(por_usar)[0].codigo}),
        "certificados.codigo": _par("codigo", papeles[0].codigo, papeles[1].codigo),
    }


def _pagada(numero: str) -> Liquidacion:
    una = contrato(numero, nit="900777002", contratante=DEPENDENCIA)
    estampillas.pagar(una)
    estampillas.expedir(una)
    return una


def _tesoreria(cuentas: Cuentas, otras: Cuentas) -> Objetos:
    tesoreria.en_marcha()
    suya_, de_otra = cuentas[Rol.TESORERIA], otras[Rol.TESORERIA]
    propia, ajena = (ordenes.legalizacion(liquidacion((5000,)), c) for c in (suya_, de_otra))
    credito = ordenes.pagada(liquidacion((6000, 8000)))
    pago = devoluciones.pagado()[1]
    caso = db.session.scalars(select(Caso).order_by(Caso.numero)).first()
    contacto = reclamos.Contacto("persona@correo.test", "3001234567")
    with transaccion():
        reclamo = reclamos.reclamar("998877665", reclamos.buscar("998877665"), contacto, ahora=AHORA)
        numero = reclamo.numero
    assert caso
    return {
        "tesoreria.numero": _par("numero", propia.numero, ajena.numero),
        **{f"tesoreria.{c}": Objeto({"numero": caso.numero}) for c in ("caso", "caso_xlsx", "cerrar", "tomar")},
        "tesoreria.evidencia": Objeto({"codigo": _archivo_de(propia.archivo_id)}),
        "recaudo_id": Objeto({"recaudo_id": credito.id}),
        "referencia": Objeto({"referencia": pago.referencia}),
        "reclamos.numero": Objeto({"numero": numero}),
    }


def _archivo_de(id_: int) -> str:
    return db.session.get_one(Archivo, id_).codigo


def _bancos(cuentas: Cuentas, otras: Cuentas) -> Objetos:
    cierres.llega_al_banco([cierres.pagado()])
    hecho = banco.importar(banco.archivo([banco.Pagado(77, 1500, numero=502)]), hoy=HOY + timedelta(days=1))
    entregadas = [_entrega(c, numero) for c, numero in ((cuentas[Rol.TESORERIA], 601), (otras[Rol.TESORERIA], 602))]
    return {
        "archivos_banco.numero": Objeto({"numero": hecho.numero}),
        "archivos_banco.codigo": _par("codigo", *entregadas),
        "cuenta,dia": Objeto({"cuenta": cierres.CUENTA, "dia": cierres.DIA.isoformat()}),
        "cierres.numero": Objeto({"numero": ordenes.credito(9000).id}),
    }


def _entrega(de: Usuario, numero: int) -> str:
    with transaccion():
        contenido = banco.archivo([banco.Pagado(78, 1000 + numero, numero=numero)])
        return entregas.guardar(contenido, "recaudo.txt", usuario=de, ahora=AHORA).codigo


def _devoluciones(cuentas: Cuentas, otras: Cuentas) -> Objetos:
    propia, ajena = (
        devoluciones.estudiada(devoluciones.pedir(devoluciones.doble()), c)
        for c in (cuentas[Rol.TESORERIA], otras[Rol.TESORERIA])
    )
    rebotada = _rebotada()
    return {
        "devoluciones.numero": _par("numero", propia.numero, ajena.numero),
        "devoluciones.numero,orden": Objeto({"numero": rebotada.numero, "orden": 1}),
    }


def _rebotada() -> Devolucion:
    una = devoluciones.aprobada(devoluciones.pedir(devoluciones.doble()))
    devoluciones.girar(una, "TR-101")
    devoluciones.rebotar(una)
    return una
