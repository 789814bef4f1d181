"""When a page is first seen on a slow 3G connection (400 kbit/s, 400 ms there and back), with an empty cache.

Run against a portal that is being served: `python -m bench.tercera http://127.0.0.1:8000`. Medians of five visits.
"""

import statistics
import sys

from playwright.sync_api import Browser, sync_playwright

from tests.chromium import ejecutable

PAGINAS = ("/", "/consulta", "/pago")
VISITAS = 5
LENTA = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
PRIMERA_VISTA = """() => new Promise((listo) => {
  new PerformanceObserver((lista) => {
    const vista = lista.getEntriesByName("first-contentful-paint")[0];
    if (vista) listo(vista.startTime);
  }).observe({ type: "paint", buffered: true });
})"""


def main() -> None:
    """Print each page's first contentful paint and complete load, in seconds."""
    with sync_playwright() as playwright:
        navegador = playwright.chromium.launch(executable_path=ejecutable(), args=["--no-sandbox", "--disable-gpu"])
        print(f"{'Página':12}{'Se ve':>8}{'Completa':>10}")
        for pagina in PAGINAS:
            visitas = [_visitar(navegador, sys.argv[1].rstrip("/") + pagina) for _ in range(VISITAS)]
            vista, completa = (statistics.median(v) / 1000 for v in zip(*visitas, strict=True))
            print(f"{pagina:12}{vista:7.1f}s{completa:9.1f}s")
        navegador.close()


def _visitar(navegador: Browser, direccion: str) -> tuple[float, float]:
    contexto = navegador.new_context(viewport={"width": 360, "height": 800})
    pagina = contexto.new_page()
    contexto.new_cdp_session(pagina).send("Network.emulateNetworkConditions", LENTA)
    pagina.goto(direccion)
    vista = pagina.evaluate(PRIMERA_VISTA)
    completa = pagina.evaluate("() => performance.getEntriesByType('navigation')[0].loadEventStart")
    contexto.close()
    return float(vista), float(completa)


if __name__ == "__main__":
    main()
