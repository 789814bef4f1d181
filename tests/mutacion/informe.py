"""What came out of trying the mutants, for people."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.mutacion.mutantes import Mutante
from tests.mutacion.sesiones import SIN_FIN, VIVO


@dataclass(frozen=True)
class Resultado:
    """How a mutant ended: `fin` is the exit of its process, how many `pruebas` were tried of how many that execute it.

    `quien` is the test that noticed, unless the module broke or never ended.
    """

    mutante: Mutante
    fin: int
    pruebas: int
    alcanzan: int
    segundos: float
    quien: str = ""

    @property
    def vive(self) -> bool:
        return self.fin == VIVO

    def __str__(self) -> str:
        como = "vive" if self.vive else "se nota"
        donde = f"{self.mutante.linea}: {self.mutante.clave}"
        return f"{como} {donde} ({self.pruebas} de {self.alcanzan} pruebas, {self.segundos:.1f} s)"


def contar(hechos: Sequence[Resultado], equivalentes: Sequence[Mutante], cuantos: int) -> str:
    """The figures of each module, and the mutants that nobody noticed."""
    return "\n".join(_renglones(hechos, equivalentes, cuantos))


def _renglones(hechos: Sequence[Resultado], equivalentes: Sequence[Mutante], cuantos: int) -> Iterator[str]:
    for modulo in dict.fromkeys(h.mutante.modulo for h in sorted(hechos, key=lambda h: h.mutante.modulo)):
        suyos = [h for h in hechos if h.mutante.modulo == modulo]
        iguales = sum(m.modulo == modulo for m in equivalentes)
        yield f"{modulo}: {_cifras(suyos)}; {iguales} equivalentes"
    sin_fin = sum(h.fin in SIN_FIN for h in hechos)
    probados = [h.segundos for h in hechos if h.alcanzan]
    promedio = sum(probados) / max(len(probados), 1)
    yield f"{len(hechos)} de {cuantos} mutantes probados: {_cifras(hechos)}, {sin_fin} porque no terminaban."
    yield f"{len(equivalentes)} equivalentes aparte; {promedio:.1f} s cada uno de los que alguna prueba ejecuta."
    for hecho in sorted((h for h in hechos if h.vive), key=lambda h: (h.mutante.modulo, h.mutante.linea)):
        yield f"  {hecho}"


def _cifras(hechos: Sequence[Resultado]) -> str:
    notados = sum(not h.vive for h in hechos)
    return f"{notados} de {len(hechos)} notados ({100 * notados / max(len(hechos), 1):.1f} %)"
