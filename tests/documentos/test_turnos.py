"""Documents take turns: one at once, so many waiting, and a place is given back whatever happens."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from portal.documentos import turnos
from portal.documentos.turnos import Cola, por_turnos
from portal.dominio.errores import ServicioOcupado


@contextmanager
def ocupando(cola: Cola) -> Iterator[None]:
    """Somebody else has a turn meanwhile."""
    dentro, fin = threading.Event(), threading.Event()

    def tener() -> None:
        with cola.turno():
            dentro.set()
            fin.wait()

    hilo = threading.Thread(target=tener)
    hilo.start()
    dentro.wait()
    try:
        yield
    finally:
        fin.set()
        hilo.join()


def cabe(cola: Cola) -> bool:
    try:
        with cola.turno():
            return True
    except ServicioOcupado:
        return False


def test_quien_no_cabe_vuelve_despues() -> None:
    cola = Cola(en_cola=1, segundos=30)
    with ocupando(cola), pytest.raises(ServicioOcupado) as error, cola.turno():
        pass
    assert error.value.espera > 0
    assert cabe(cola), "its place was given back"


def test_quien_espera_demasiado_tambien() -> None:
    cola = Cola(en_cola=9, segundos=0.01)
    with ocupando(cola):
        assert not cabe(cola)


def test_quien_espera_entra_cuando_otro_sale() -> None:
    cola, entraron = Cola(en_cola=2, segundos=30), []

    def entrar() -> None:
        with cola.turno():
            entraron.append(1)

    hilo = threading.Thread(target=entrar)
    with ocupando(cola):
        hilo.start()
        assert not entraron
    hilo.join()
    assert entraron == [1]


def test_un_documento_que_falla_deja_su_turno(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turnos, "_documentos", Cola(en_cola=1, segundos=0.01))

    @por_turnos
    def fallar(cuantas: int) -> None:
        raise ZeroDivisionError(cuantas)

    for n in range(3):
        with pytest.raises(ZeroDivisionError):
            fallar(n)


def test_una_copia_del_proceso_empieza_con_su_turno_libre() -> None:
    cola = Cola(en_cola=1, segundos=0.01)
    with ocupando(cola):
        cola.abrir()
        assert cabe(cola), "whoever had it is not in this process"
    with ocupando(cola):
        assert not cabe(cola)
