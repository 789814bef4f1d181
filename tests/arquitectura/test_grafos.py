"""The drawing of the states is the one of the data, and no state is left out of the graphs."""

from pathlib import Path

from portal.dominio.estados import TRANSICIONES_FACTURA, TRANSICIONES_PAGO, EstadoFactura, EstadoPago, EventoFactura
from portal.operaciones.verificacion import INVARIANTES
from tests.arquitectura.grafos import ARCHIVO, documento


def test_el_dibujo_es_el_de_los_datos() -> None:
    assert ARCHIVO.read_text() == documento(), "run `make estados`"


def test_cada_estado_y_cada_evento_de_una_factura_esta_en_su_grafo() -> None:
    origenes = {estado for estado, _ in TRANSICIONES_FACTURA}
    destinos = set(TRANSICIONES_FACTURA.values())
    assert origenes | destinos == set(EstadoFactura)
    assert {evento for _, evento in TRANSICIONES_FACTURA} == set(EventoFactura)
    assert set(EstadoFactura) - destinos == set()


def test_a_cada_estado_de_un_pago_se_llega_desde_creado() -> None:
    alcanzados, por_ver = {EstadoPago.CREADO}, [EstadoPago.CREADO]
    while por_ver:
        nuevos = set(TRANSICIONES_PAGO[por_ver.pop()]) - alcanzados
        alcanzados |= nuevos
        por_ver += nuevos
    assert alcanzados == set(EstadoPago)


def test_cada_invariante_esta_explicada() -> None:
    escrito = (Path(ARCHIVO).parent / "invariantes.md").read_text()
    assert [f"I-{n:02}" for n in range(1, 25) if f"| I-{n:02} |" not in escrito] == []
    assert [i.codigo for i in INVARIANTES if i.codigo not in escrito] == []
    assert [f"F-{n}" for n in range(10, 24) if f"| F-{n} |" not in escrito] == []
