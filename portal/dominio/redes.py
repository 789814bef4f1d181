"""The address that a limit is counted for, and the network around it.

A subscriber of IPv6 chooses among the addresses of a whole /64, so that is one address here.
"""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_DE_UNO = {4: 32, 6: 64}
_DE_VECINOS = {4: 24, 6: 48}


def direccion_contable(direccion: str) -> str:
    """Whose look-ups count together: an IPv4 address, or an IPv6 /64. What is no address counts as it is."""
    return _red(direccion, de_vecinos=False)


def red_contable(direccion: str) -> str:
    """Its neighbours: the /24 of IPv4 or the /48 of IPv6, which one network hands out and whoever has it may walk through."""
    return _red(direccion, de_vecinos=True)


# Whoever asks, asks again.
@lru_cache(maxsize=4096)
def _red(direccion: str, *, de_vecinos: bool) -> str:
    try:
        leida: IPv4Address | IPv6Address = ip_address(direccion.partition("%")[0])
    except ValueError:
        return direccion[:46]
    if isinstance(leida, IPv6Address) and leida.ipv4_mapped is not None:
        leida = leida.ipv4_mapped
    largos = _DE_VECINOS if de_vecinos else _DE_UNO
    return str(ip_network(f"{leida}/{largos[leida.version]}", strict=False))
