"""What the bench may report: ratios of the same round, from a listener of its own, with no answer but the expected one."""

import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from bench import informe, perfil
from bench.rondas import Medida, Meta, Parte, medir_por_turnos
from bench.servidor import RondaInvalida, enviar, escuchando, exigir_dueno

PEDIR = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture
def puerto(request: pytest.FixtureRequest) -> Iterator[int]:
    """A server that answers each request with the status and body that the test gives."""
    estado, cuerpo = request.param
    dicho = f"HTTP/1.1 {estado} x\r\nContent-Length: {len(cuerpo)}\r\n\r\n{cuerpo}".encode()

    def atender(toma: socket.socket) -> None:
        with toma:
            while toma.recv(1000):
                toma.sendall(dicho)

    def servir(escucha: socket.socket) -> None:
        while True:
            try:
                toma, _ = escucha.accept()
            except OSError:
                return
            threading.Thread(target=atender, args=(toma,), daemon=True).start()

    with escuchando() as escucha:
        threading.Thread(target=servir, args=(escucha,), daemon=True).start()
        yield escucha.getsockname()[1]
        escucha.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("puerto", [(200, "lo esperado")], indirect=True)
def test_una_ronda_buena_cuenta_todas(puerto: int) -> None:
    ronda = enviar(puerto, [PEDIR] * 50, b"lo esperado", 4)
    assert (ronda.hechas, len(ronda.latencias)) == (50, 50)


@pytest.mark.parametrize("puerto", [(500, "lo esperado"), (302, "lo esperado"), (200, "otra cosa")], indirect=True)
def test_una_respuesta_que_no_es_la_esperada_acaba_la_ronda(puerto: int) -> None:
    with pytest.raises(RondaInvalida):
        enviar(puerto, [PEDIR] * 5, b"lo esperado", 2)


def test_un_puerto_con_otro_dueno_no_sirve() -> None:
    # Two sockets may share a port when both say so from the beginning: the bench looks at who listens.
    with socket.socket() as una, socket.socket() as otra:
        for toma in (una, otra):
            toma.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        una.bind(("127.0.0.1", 0))
        otra.bind(una.getsockname())
        una.listen()
        otra.listen()
        with pytest.raises(RondaInvalida):
            exigir_dueno(una)


def test_las_razones_son_de_una_misma_ronda() -> None:
    parte = Parte("X", "", [Medida("a", "ms", (2.0, 30.0, 4.0)), Medida("b", "ms", (1.0, 10.0, 4.0))])
    meta = Meta("a against b", "a", "b", maximo=2)
    assert parte.razones(meta) == [2, 3, 1]
    assert parte.cumple(meta)
    assert not parte.cumple(Meta("a against b", "a", "b", maximo=1.9))
    assert not parte.cumple(Meta("a against b", "a", "b", minimo=2.1))


def test_cada_ronda_comienza_por_otro() -> None:
    vistos: list[str] = []
    que = {n: (lambda n=n: vistos.append(n) or float(len(vistos))) for n in "abc"}
    medidas = medir_por_turnos(que, "ms", 3)
    assert "".join(vistos) == "abc" + "abc" + "bca" + "cab"
    assert medidas[0].rondas == (4, 9, 11)


def test_el_informe_dice_lo_que_no_se_cumple_y_su_limite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(informe, "CRUDO", tmp_path / "r.json")
    monkeypatch.setattr(informe, "INFORME", tmp_path / "r.md")
    metas = [
        Meta("a against b", "a", "b", maximo=1, limite="that b does nothing"),
        Meta("b against a", "b", "a", maximo=1),
    ]
    informe.guardar("x", Parte("Equis", "Why.", [Medida("a", "ms", (2.0,)), Medida("b", "ms", (1.0,))], metas), 3)
    informe.escribir(["y", "x"])
    escrito = (tmp_path / "r.md").read_text()
    assert "| a against b | ≤ 1 × | 2.00 × (2.00–2.00) | **not met** |" in escrito
    assert "| b against a | ≤ 1 × | 0.500 × (0.500–0.500) | met |" in escrito
    assert "- Limit: that b does nothing." in escrito
    assert json.loads((tmp_path / "r.json").read_text())["x"]["parte"]["medidas"][0]["rondas"] == [2.0]


def test_lo_que_una_etapa_tiene_dentro_no_es_suyo(monkeypatch: pytest.MonkeyPatch) -> None:
    reloj = iter(range(0, 1000, 10))
    monkeypatch.setattr(perfil.time, "perf_counter", lambda: next(reloj))
    dentro = SimpleNamespace(mirar=lambda: None)
    fuera = SimpleNamespace(hacer=lambda: [dentro.mirar(), dentro.mirar()])
    etapas = perfil.Etapas([(fuera, "hacer", perfil.RESTO), (dentro, "mirar", "a look")])
    fuera.hacer()
    # Ten for each stretch between two looks at the clock: three of the outer one, two of what is inside.
    assert etapas.segundos == {perfil.RESTO: 30, "a look": 20}
    assert etapas.partes() == {"a look": 40, perfil.RESTO: 60}
