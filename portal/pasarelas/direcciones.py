"""Addresses that a gateway tells: an answer must not send people anywhere else."""

from urllib.parse import urlsplit

LARGO_MAXIMO = 500


def del_mismo_sitio(url_api: str, direccion: object) -> str | None:
    """`direccion` if it has the scheme of the gateway's API and its host or a sibling; otherwise None.

    A sibling: checkout.placetopay.com may send to checkout-co.placetopay.com.
    """
    if not isinstance(direccion, str) or len(direccion) > LARGO_MAXIMO or not direccion.isprintable():
        return None
    try:
        api, otra = urlsplit(url_api), urlsplit(direccion)
        host, suyo = api.hostname or "", otra.hostname or ""
        _ = otra.port
    except ValueError:
        return None
    if otra.scheme != api.scheme or not suyo or otra.username is not None or "\\" in direccion:
        return None
    sitio = host.partition(".")[2]
    hermano = "." in sitio and not sitio.replace(".", "").isdigit() and suyo.endswith(f".{sitio}")
    return direccion if suyo == host or hermano else None


def del_dominio(direccion: object, dominio: str) -> str | None:
    """`direccion` if it is an https one of `dominio` or of a host within it; otherwise None."""
    return del_mismo_sitio(f"https://{dominio}", direccion) or del_mismo_sitio(f"https://x.{dominio}", direccion)
