"""Which addresses are of the public internet: for plugins that ask where users tell them to."""

from __future__ import annotations

import ipaddress

__all__ = ["is_public"]

_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Tell whether an IP address is of the public internet, also one that stands for another.

    Not public are loopback, private, link-local (where clouds serve a machine's credentials),
    unique-local, shared (carrier-grade NAT), multicast and reserved addresses, and IPv6 addresses
    that lead to one of these in IPv4 (mapped, 6to4, NAT64).
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv4Address):
        return ip.is_global and not ip.is_multicast
    inner = ip.ipv4_mapped or ip.sixtofour
    if ip in _NAT64:
        inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    if inner is not None:
        return is_public(str(inner))
    return ip in _GLOBAL_UNICAST and ip.is_global
