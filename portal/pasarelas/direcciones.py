"""Addresses that a gateway tells: an answer must not send people anywhere else."""

from urllib.parse import SplitResult, urlsplit

LARGO_MAXIMO = 500


def del_mismo_sitio(url_api: str, direccion: object) -> str | None:
    """`direccion` if it has the scheme of the gateway's API and its host or a sibling; otherwise None.

    A sibling: checkout.placetopay.com may send to checkout-co.placetopay.com.
    """
    otra = _partes(direccion)
    api = urlsplit(url_api)
    if otra is None or otra.scheme != api.scheme:
        return None
    host, suyo = api.hostname or "", otra.hostname or ""
    sitio = host.partition(".")[2]
    hermano = "." in sitio and not sitio.replace(".", "").isdigit() and suyo.endswith(f".{sitio}")
    return str(direccion) if suyo == host or hermano else None


def del_dominio(dominio: str, direccion: object) -> str | None:
    """`direccion` if it is an https one of `dominio` or of a host within it; otherwise None."""
    otra = _partes(direccion)
    if otra is None or otra.scheme != "https" or not f".{otra.hostname}".endswith(f".{dominio}"):
        return None
    return str(direccion)


def _partes(direccion: object) -> SplitResult | None:
    """The parts of an absolute address that every reader takes in the same way."""
    if not isinstance(direccion, str) or len(direccion) > LARGO_MAXIMO or not direccion.isprintable():
        return None
    try:
        partes = urlsplit(direccion)
        _ = partes.port
    except ValueError:
        return None
    return partes if partes.hostname and partes.username is None and "\\" not in direccion else None
