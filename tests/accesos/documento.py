"""The matrix as docs/accesos.md shows it."""

from pathlib import Path

from tests.accesos.observar import INGRESO, QUIENES, escrita

DOCUMENTO = Path(__file__).resolve().parents[2] / "docs/accesos.md"
_CABEZA = f"""# Who may do what

Written by `make accesos` from `tests/accesos/matriz.toml`; do not edit. A test asks every route as everybody and
compares, so that a new route without its line fails.

What each route answers, by who asks. `{INGRESO}` is the way to the sign-in page. Of two answers, the first is for an
object of one's own and the second for one of somebody else: a liquidación, a month or a deposit of another entity, an
adhesion of another official, a lote, an upload, an order, a draft or a refund of another account. In the addresses that
nobody can guess, the first is for the right code, whoever brings it, and the second for the same code with a letter
changed. A `POST` carries a form's token and no data, so `422` is a form that was let in and found empty.
`contribuyente` holds the codes of their own and is in the browser where the payment began. On a public page whoever
signed in counts as anybody else. A request that is refused changes no row but the counters of limits and the bitácora.
"""


def documento() -> str:
    """The whole text."""
    return "\n".join([_CABEZA, *_parte("Staff", True), "", *_parte("Public", False), ""])


def _parte(titulo: str, de_personal: bool) -> list[str]:
    columnas = QUIENES if de_personal else (*QUIENES[:2], "con cuenta")
    filas = [(llave, celdas.split(" ")) for llave, celdas in escrita().items()]
    cuerpo = [
        f"| `{llave}` | {' | '.join(celdas)} |"
        for llave, celdas in filas
        if (len(celdas) == len(QUIENES)) == de_personal
    ]
    return [f"## {titulo}", "", f"| Route | {' | '.join(columnas)} |", "|---" * (len(columnas) + 1) + "|", *cuerpo]
