"""The press is a process of its own: what hangs or swells is ended, the next document comes out, and nothing is fetched."""

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.documentos.pdf import Imprenta, Limites
from portal.dominio.errores import DocumentoImposible, ServicioOcupado

HOJA = "<html lang=es><title>x</title><body><p>Estampilla"
# Laying it out takes minutes; `generar_pdf` would not let it through.
INTERMINABLE = "<p>" + "x " * 600_000
ENORME = "<table>" + "<tr><td>1<td>2<td>3" * 3_000


@pytest.fixture
def imprenta() -> Iterator[Callable[..., Imprenta]]:
    """Makes presses with other limits, and ends them."""
    hechas: list[Imprenta] = []

    def hacer(**limites: float) -> Imprenta:
        hechas.append(Imprenta(Limites(**limites)))  # type: ignore[arg-type]
        return hechas[-1]

    yield hacer
    for una in hechas:
        una.detener()


@pytest.mark.parametrize(
    ("limites", "documento"),
    [
        ({"segundos": 1.0}, INTERMINABLE),
        ({"segundos_de_procesador": 1}, INTERMINABLE),
        ({"megas": 250}, ENORME),
    ],
    ids=["reloj", "procesador", "memoria"],
)
def test_lo_que_no_termina_o_no_cabe_se_detiene_y_sigue_el_siguiente(
    imprenta: Callable[..., Imprenta], limites: dict[str, float], documento: str
) -> None:
    una = imprenta(**limites)
    assert una.imprimir(HOJA).startswith(b"%PDF")
    proceso = una._proceso
    assert proceso is not None
    with pytest.raises(DocumentoImposible):
        una.imprimir(documento)
    assert proceso.returncode is not None, "nothing is left of it"
    assert una.imprimir(HOJA).startswith(b"%PDF")


def test_quien_llega_con_la_cola_llena_debe_volver(imprenta: Callable[..., Imprenta]) -> None:
    llena = imprenta(en_cola=1)
    with llena.cola.turno(), pytest.raises(ServicioOcupado) as error:
        llena.imprimir(HOJA)
    assert error.value.espera > 0
    lenta = imprenta(segundos_de_cola=0.01)
    with lenta.cola.turno(), pytest.raises(ServicioOcupado):
        lenta.imprimir(HOJA)
    assert llena._proceso is lenta._proceso is None, "nobody waits for a press to start in order to be turned away"


def test_una_prensa_que_alguien_mata_se_reemplaza(imprenta: Callable[..., Imprenta]) -> None:
    una = imprenta()
    primera = una.imprimir(HOJA)
    assert una._proceso is not None
    una._proceso.kill()
    una._proceso.wait()
    assert una.imprimir(HOJA) == primera


def test_la_prensa_no_sabe_ningun_secreto_ni_se_conecta(
    imprenta: Callable[..., Imprenta], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://portal:secreta@db/portal")
    una = imprenta()
    with socket.create_server(("127.0.0.1", 0)) as escucha:
        escucha.setblocking(False)
        direccion = f"http://127.0.0.1:{escucha.getsockname()[1]}"
        malo = (
            f'<img src="{direccion}/a"><link rel=stylesheet href="{direccion}/b"><style>@import url({direccion}/c);'
            f"body{{background:url({direccion}/d)}}</style><object data='{direccion}/e'></object>"
            f'<svg><image href="{direccion}/f"/></svg><a rel=attachment href="{direccion}/g">x</a>'
        )
        assert una.imprimir(HOJA + malo).startswith(b"%PDF")
        with pytest.raises(BlockingIOError):
            escucha.accept()
    assert una._proceso is not None
    with open(f"/proc/{una._proceso.pid}/environ", "rb") as entorno:
        assert b"secreta" not in entorno.read()


def test_un_documento_cede_el_paso_a_las_paginas(imprenta: Callable[..., Imprenta]) -> None:
    """Among all processes, and among sessions where the system shares the processor by them."""
    una = imprenta()
    una.imprimir(HOJA)
    assert una._proceso is not None
    assert os.getpriority(os.PRIO_PROCESS, una._proceso.pid) == min(os.getpriority(os.PRIO_PROCESS, 0) + 10, 19)
    grupo = Path(f"/proc/{una._proceso.pid}/autogroup")
    if grupo.exists():
        assert grupo.read_text().split()[-1] == "10"


def test_una_copia_del_proceso_no_habla_con_la_prensa_del_original(imprenta: Callable[..., Imprenta]) -> None:
    una = imprenta()
    primera = una.imprimir(HOJA)
    hija = os.fork()
    if not hija:
        una.olvidar()
        bien = una.imprimir(HOJA) == primera
        una.detener()
        os._exit(0 if bien else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(hija, 0)[1]) == 0
    assert una.imprimir(HOJA) == primera
