"""The histories notice who makes a used stamp usable again, or forgets what was undone."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

import pytest

from portal.dominio.estados import EstadoFactura, EventoFactura
from portal.operaciones import deshacer_adhesiones, recaudos
from portal.operaciones.facturas import mover_facturas
from tests.maquina.correr import contar_historias, preparar
from tests.maquina.memoria import EnMemoria, en_memoria


@pytest.fixture(scope="module")
def portal(plantilla_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EnMemoria]:
    with en_memoria(plantilla_sqlite, tmp_path_factory.mktemp("maquina-uso")) as uno:
        preparar(uno)
        yield uno


def olvida_que_se_uso(estados: Mapping[int, EstadoFactura], *, ahora: datetime, pago_id: int | None) -> list[int]:
    """The usual mistake: what is paid becomes *Legalizado*, whatever it was before the bank took it back."""
    return mover_facturas(sorted(estados), EventoFactura.PAGO_APROBADO, ahora=ahora, pago_id=pago_id)


def no_suelta(*_: object) -> None:
    """Another: it writes down that it was undone, and the stamps stay used."""


@pytest.mark.usefixtures("portal")
@pytest.mark.parametrize(
    ("donde", "que", "ingenua"),
    [(recaudos, "legalizar_facturas", olvida_que_se_uso), (deshacer_adhesiones, "_soltar", no_suelta)],
)
def test_control_usar_dos_veces_se_nota(
    monkeypatch: pytest.MonkeyPatch, donde: object, que: str, ingenua: Callable[..., object]
) -> None:
    monkeypatch.setattr(donde, que, ingenua)
    with pytest.raises(AssertionError):
        contar_historias(200, 1, encoger=False)
