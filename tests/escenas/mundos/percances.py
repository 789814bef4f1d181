"""What may go wrong: a year whose values nobody published, a gateway that does not answer, somebody who looked up too much."""

from sqlalchemy import delete

from portal.db import db, transaccion
from portal.models.normativa import ValorIndicador
from portal.operaciones.limites import Limite, contar
from portal.operaciones.normativa import nueva_edicion
from tests.escenas.mundos import Lugares
from tests.escenas.mundos.sellos import sello_de
from tests.fabricas import AHORA, HOY, liquidacion


def poblar() -> Lugares:
    una = liquidacion((4000, 5000), departamento="narino")
    with transaccion():
        db.session.execute(delete(ValorIndicador).where(ValorIndicador.desde >= HOY.replace(month=1, day=1)))
        nueva_edicion()
        # The only look-up that its setting admits.
        contar(Limite("consulta", 1, 600), "127.0.0.1", AHORA)
    return {"sello": sello_de(una)}
