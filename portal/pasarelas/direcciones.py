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
    sitio = _sitio(host)
    hermano = bool(sitio) and suyo.endswith(f".{sitio}")
    return str(direccion) if suyo == host or hermano else None


def fuentes_del_sitio(url_api: str) -> tuple[str, ...]:
    """What `del_mismo_sitio` lets through, as sources of a content security policy; none where a policy cannot write it.

    >>> fuentes_del_sitio("https://checkout.placetopay.com")
    ('https://checkout.placetopay.com:*', 'https://*.placetopay.com:*')
    >>> fuentes_del_sitio("http://127.0.0.1:8001"), fuentes_del_sitio("http://[::1]:8001")
    (('http://127.0.0.1:*',), ())
    """
    api = urlsplit(url_api)
    host = api.hostname or ""
    if not host or ":" in host:
        return ()
    sitio = _sitio(host)
    suya = f"{api.scheme}://{host}:*"
    return (suya, f"{api.scheme}://*.{sitio}:*") if sitio else (suya,)


def _sitio(host: str) -> str:
    """What the siblings of a host end with; empty for an address made of numbers, or for a name that is a site by itself."""
    sitio = host.partition(".")[2]
    return sitio if "." in sitio and not sitio.replace(".", "").isdigit() else ""


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
