"""Which addresses may be asked, by their name and by where it leads."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

import httpx2

from kodkod.api import InvalidInputError, is_public
from kodkod_genai.settings import GenaiSettings

__all__ = ["AddressRefusedError", "check_address", "check_host", "check_url"]

_LAST_PORT = 65_535
_REMEDY = (
    "an administrator can allow it in the settings, section [genai] (KODKOD_GENAI_ALLOWED_HOSTS, "
    "KODKOD_GENAI_ALLOW_PRIVATE)."
)


class AddressRefusedError(InvalidInputError):
    """An address must not be asked."""


def check_url(url: str, settings: GenaiSettings) -> None:
    """Refuse an address by what can be told from it alone.

    Raises:
        AddressRefusedError: its host is not allowed.
        InvalidInputError: it is no address of a web server.
    """
    try:
        parts = httpx2.URL(url)
    except httpx2.InvalidURL:
        parts = httpx2.URL()
    host = parts.host
    is_web = parts.scheme in {"http", "https"} and (parts.port or 0) <= _LAST_PORT
    if not is_web or not host or parts.userinfo:
        raise InvalidInputError(
            f"{url[:200]!r} is no address of an endpoint; write one such as "
            "https://api.example.org/v1, without a user or password.",
            field="base_url",
        )
    check_host(host, settings)
    try:
        literal = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return
    check_address(host, str(literal), settings)


def check_host(host: str, settings: GenaiSettings) -> None:
    """Refuse a host that is not among those that are allowed, where any are named.

    Raises:
        AddressRefusedError: it is not.
    """
    if settings.allowed_hosts and not _is_named(host, settings.allowed_hosts):
        raise AddressRefusedError(
            f"The host {host!r} is not among those that may be asked; {_REMEDY}", field="base_url"
        )


def check_address(host: str, address: str, settings: GenaiSettings) -> None:
    """Refuse an IP address, which is where `host` leads, that is not public.

    Raises:
        AddressRefusedError: it is not, and such addresses are not allowed.
    """
    if not (settings.allow_private or is_public(address)):
        raise AddressRefusedError(
            f"The host {host!r} is at {address}, which is not a public address; {_REMEDY}",
            field="base_url",
        )


def _is_named(host: str, names: Iterable[str]) -> bool:
    plain = host.lower().rstrip(".")
    return any(
        plain.endswith(name) if name.startswith(".") else plain == name
        for name in (each.strip().lower().rstrip(".") for each in names)
    )
