"""Which addresses may be told, by their name and by where it leads."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from kodkod.api import InvalidInputError, is_public
from kodkod_webhooks.settings import WebhookSettings

__all__ = ["AddressRefusedError", "check_address", "check_host", "check_url"]

_PORTS = {"http": 80, "https": 443}
_REMEDY = (
    "an administrator can allow it in the settings, section [webhooks] "
    "(KODKOD_WEBHOOKS_ALLOWED_HOSTS, KODKOD_WEBHOOKS_ALLOW_PRIVATE)."
)


class AddressRefusedError(InvalidInputError):
    """Nothing may be sent to an address."""


def check_url(url: str, settings: WebhookSettings) -> str:
    """Return scheme, host and port of an address; the rest of it may be as good as a password.

    Raises:
        AddressRefusedError: its host is not allowed.
        InvalidInputError: it is no address of a web server; the message does not have it.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode() if parts.hostname else ""
    except ValueError:  # UnicodeError is one.
        parts, port, host = urlsplit(""), None, ""
    readable = url.isprintable() and " " not in url
    if parts.scheme not in _PORTS or not host or "@" in parts.netloc or not readable:
        raise InvalidInputError(
            "This is no address that can be told anything; write one such as "
            "https://example.org/hooks, without a user or password.",
            field="url",
        )
    check_host(host, settings)
    try:
        literal = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        pass
    else:
        check_address(host, str(literal), settings)
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (
        f":{port}" if port not in {None, _PORTS[parts.scheme]} else ""
    )


def check_host(host: str, settings: WebhookSettings) -> None:
    """Refuse a host that is not among those that are allowed, where any are named.

    Raises:
        AddressRefusedError: it is not.
    """
    if settings.allowed_hosts and not _is_named(host, settings.allowed_hosts):
        raise AddressRefusedError(
            f"The host {host!r} is not among those that may be told; {_REMEDY}", field="url"
        )


def check_address(host: str, address: str, settings: WebhookSettings) -> None:
    """Refuse an IP address, which is where `host` leads, that is not public.

    Raises:
        AddressRefusedError: it is not, and such addresses are not allowed.
    """
    if not (settings.allow_private or is_public(address)):
        raise AddressRefusedError(
            f"The host {host!r} is at {address}, which is not a public address; {_REMEDY}",
            field="url",
        )


def _is_named(host: str, names: tuple[str, ...]) -> bool:
    plain = host.lower().rstrip(".")
    return any(
        plain.endswith(name) if name.startswith(".") else plain == name
        for name in (each.strip().lower().rstrip(".") for each in names)
    )
