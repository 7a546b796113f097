"""Where a request comes from. What it says itself counts only where a proxy is trusted."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Any

from litestar.connection import ASGIConnection
from msgspec import Struct

from kodkod.api import InvalidInputError

__all__ = [
    "DEVICE_COOKIE",
    "Origin",
    "TrustedProxies",
    "address_behind",
    "agent_of",
    "device_of",
    "network_of",
    "trusted_networks",
]

Network = IPv4Network | IPv6Network

DEVICE_COOKIE = "kodkod_device"
_DEVICE = re.compile(r"[A-Za-z0-9_-]{43}")
_IPV6_SITE = 64
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)
_PROGRAM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}(/[0-9][0-9A-Za-z.]{0,19})?")


class Origin(Struct, frozen=True, kw_only=True):
    """Where a request comes from.

    `peer` is what is at the other end of the connection; `network` what is counted as one
    place (an IPv4 address, the /64 of an IPv6 address), "" where there is no address at all.
    `device` is the digest of what the browser keeps, "" where it keeps nothing. `secure` says
    that it came over TLS.
    """

    peer: str = ""
    address: str = ""
    network: str = ""
    device: str = ""
    agent: str = ""
    secure: bool = False


class TrustedProxies:
    """The proxies whose word counts: who sent what they pass on, and whether over TLS."""

    def __init__(self, written: Iterable[str] = ()) -> None:
        self._networks = trusted_networks(written)

    def origin_of(self, connection: ASGIConnection[Any, Any, Any, Any]) -> Origin:
        """Return where a request comes from."""
        return _origin_of(connection, self._networks)


def trusted_networks(written: Iterable[str]) -> tuple[Network, ...]:
    """Read the setting `trusted_proxies`.

    Raises:
        InvalidInputError: one is neither an address nor a network.
    """
    found: list[Network] = []
    for each in written:
        try:
            found.append(ip_network(each.strip()))
        except ValueError as error:
            raise InvalidInputError(
                f"settings: trusted_proxies has {each!r}, which is neither an address nor a "
                "network such as 10.0.0.0/8.",
                field="trusted_proxies",
            ) from error
    return tuple(found)


def _origin_of(
    connection: ASGIConnection[Any, Any, Any, Any], trusted: Sequence[Network]
) -> Origin:
    peer = connection.client.host if connection.client else ""
    headers = connection.headers
    address, scheme = peer, connection.scope.get("scheme", "http")
    if trusted and _is_trusted(peer, trusted):
        address = address_behind(peer, headers.getall("x-forwarded-for", []), trusted)
        scheme = headers.get("x-forwarded-proto", scheme).split(",")[-1].strip().lower()
    kept = connection.cookies.get(DEVICE_COOKIE, "")
    return Origin(
        peer=peer,
        address=address,
        network=network_of(address),
        device=device_of(kept) if _DEVICE.fullmatch(kept) else "",
        agent=agent_of(headers.get("user-agent", "")),
        secure=scheme == "https",
    )


def address_behind(peer: str, forwarded: Sequence[str], trusted: Sequence[Network]) -> str:
    """Return the last address of the way here that no trusted proxy has.

    Whatever stands before it in X-Forwarded-For was written by whoever sent the request.
    """
    address = peer
    hops = [hop.strip() for line in forwarded for hop in line.split(",")]
    for hop in reversed(hops):
        if not _is_trusted(address, trusted) or _read(hop) is None:
            break
        address = str(_read(hop))
    return address


def network_of(address: str) -> str:
    """Return what counts as one place, "" for what is no address.

    Whoever has an IPv6 address has 2^64 of them.
    """
    read = _read(address)
    if isinstance(read, IPv6Address):
        return str(IPv6Network((read, _IPV6_SITE), strict=False))
    return "" if read is None else str(read)


def agent_of(header: str) -> str:
    """Return in a few words what program sent a request, of characters that harm nowhere."""
    browser = next((name for token, name in _BROWSERS if f"{token}/" in header), "")
    if header.startswith("Mozilla/") and browser:
        system = next((name for token, name in _SYSTEMS if token in header), "")
        return f"{browser} on {system}" if system else browser
    program = _PROGRAM.match(header)
    return program[0] if program else ""


def _is_trusted(address: str, trusted: Sequence[Network]) -> bool:
    read = _read(address)
    return read is not None and any(read in network for network in trusted)


def _read(address: str) -> IPv4Address | IPv6Address | None:
    """Read an address; one of IPv4 that is written as one of IPv6 is one of IPv4."""
    try:
        read = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    mapped = read.ipv4_mapped if isinstance(read, IPv6Address) else None
    return mapped or read


def device_of(kept: str) -> str:
    """Return what is stored of a browser's cookie."""
    return f"browser {hashlib.sha256(kept.encode()).hexdigest()}"
