"""PSE lines that came before their gateway's word: matched when it comes, and their case closes by itself."""

from datetime import datetime

from sqlalchemy import Select, select, update

from portal.db import db, ejecutar
from portal.dominio.casos import SalidaCaso
from portal.dominio.libro import de_banco
from portal.dominio.movimientos import DESENLACES, EN_ESPERA_DE_PASARELA, CanalMovimiento, ResultadoMovimiento
from portal.dominio.movimientos_pse import ANTES, CreditosPse, LineaPse
from portal.models import Caso, MovimientoBanco, Recaudo
from portal.operaciones import casos
from portal.operaciones.archivos_banco.aplicacion import clave_del_caso, trasladar
from portal.operaciones.archivos_banco.fuentes import creditos_pse
from portal.operaciones.consecutivos import tomar


def hay_pendientes() -> bool:
    """Whether any PSE line waits for its gateway."""
    return db.session.scalar(_en_espera().limit(1)) is not None


def casar_pendientes(*, ahora: datetime) -> int:
    """Match every line that one credit explains by now; returns how many. Only one that has no other explanation."""
    # As an import does: imports and this go one after another.
    for serie in ("archivo_banco", "asiento", "caso"):
        tomar(serie, 0)
    casados = 0
    for movimiento in db.session.scalars(_en_espera().order_by(MovimientoBanco.id)).all():
        casados += _casar(movimiento, ahora)
    return casados


def _en_espera() -> Select[MovimientoBanco]:
    return select(MovimientoBanco).where(
        MovimientoBanco.resultado.in_(EN_ESPERA_DE_PASARELA),
        MovimientoBanco.canal == CanalMovimiento.PSE,
    )


def _casar(movimiento: MovimientoBanco, ahora: datetime) -> bool:
    linea = LineaPse(
        movimiento.referencia,
        movimiento.valor,
        movimiento.dia,
        movimiento.autorizacion or "",
        movimiento.operacion or "",
    )
    hallado = CreditosPse(creditos_pse(movimiento.dia, antes=ANTES)).llegada(linea)
    if hallado.resultado is not ResultadoMovimiento.PSE_TRASLADADO or hallado.credito is None:
        return False
    recaudo = db.session.get_one(Recaudo, hallado.credito.recaudo_id)
    anterior = movimiento.resultado
    llenar = (
        update(MovimientoBanco)
        .where(MovimientoBanco.id == movimiento.id, MovimientoBanco.recaudo_id.is_(None))
        .values(recaudo_id=recaudo.id, resultado=ResultadoMovimiento.PSE_TRASLADADO)
    )
    if ejecutar(llenar) != 1:
        return False
    trasladar(recaudo, de_banco(movimiento.cuenta), ahora)
    _cerrar_caso(movimiento.llave, anterior, ahora)
    return True


def _cerrar_caso(llave: str, resultado: ResultadoMovimiento, ahora: datetime) -> None:
    cola = DESENLACES[resultado].cola
    assert cola is not None, "a line that waits has a case"
    clave = f"{cola.value}:{clave_del_caso(llave)}"
    caso_id = db.session.scalar(select(Caso.id).where(Caso.clave == clave, Caso.cerrado_en.is_(None)))
    if caso_id is not None:
        casos.cerrar(caso_id, SalidaCaso.RESUELTO_SOLO, ahora=ahora, nota="La pasarela lo confirmó después.")
