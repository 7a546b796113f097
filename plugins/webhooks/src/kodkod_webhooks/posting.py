"""One POST to an address that may be told, with nothing of the environment, and no redirect.

The connection is made to the very address that was checked, so that a name that leads elsewhere
between check and connection (DNS rebinding) gains nothing. What the other side answers is not kept:
it could be read by who may see deliveries, and not by who may see the other side.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from kodkod.api import InvalidInputError, Outcome
from kodkod_webhooks.addresses import check_address, check_host, check_url
from kodkod_webhooks.settings import WebhookSettings

__all__ = ["post"]

_MOST_READ = 65_536
_READING_SECONDS = 2.0
_GONE = 410
_AddrInfo = tuple[Any, Any, int, str, Any]


async def post(
    address: str, body: bytes, headers: Mapping[str, str], settings: WebhookSettings
) -> Outcome:
    """Send `body`, JSON, and return what became of it."""
    try:
        check_url(address, settings)
        async with asyncio.timeout(settings.timeout_seconds), _session(settings) as session:
            response = await session.post(
                address, data=body, headers=headers, allow_redirects=False
            )
            outcome = _outcome(response.status, response.headers)
            await _read_away(response)
            return outcome
    except InvalidInputError as error:
        return Outcome(state="refused", problem=error.message)
    except aiohttp.InvalidURL:
        return Outcome(state="refused", problem="The address cannot be asked; enter it anew.")
    except TimeoutError:
        why = f"There was no answer within {settings.timeout_seconds:g} seconds."
        return Outcome(state="failed", problem=why)
    except aiohttp.ClientConnectorCertificateError:
        return Outcome(state="failed", problem="The certificate of the other side is not trusted.")
    except (aiohttp.ClientError, OSError) as error:
        # The error's own words may have the address in them.
        why = f"The other side could not be reached ({type(error).__name__})."
        return Outcome(state="failed", problem=why)


def _outcome(status: int, headers: Mapping[str, str]) -> Outcome:
    if 200 <= status < 300:
        return Outcome(state="delivered", status=status)
    if status == _GONE:
        return Outcome(state="gone", status=status, problem="The other side is gone for good.")
    if 300 <= status < 400:
        why = "The address leads to another one, which is not followed: enter that one."
        return Outcome(state="failed", status=status, problem=why)
    return Outcome(
        state="failed",
        status=status,
        problem=f"The other side answered {status}.",
        retry_after=_seconds(headers.get("Retry-After", "")),
    )


def _seconds(said: str) -> float | None:
    """Read `Retry-After`: seconds, with a fraction perhaps, or a date."""
    with suppress(ValueError):
        seconds = float(said)
        return seconds if 0 <= seconds < float("inf") else None
    with suppress(ValueError):
        at = parsedate_to_datetime(said)
        return max(0.0, at.timestamp() - time.time())
    return None


async def _read_away(response: aiohttp.ClientResponse) -> None:
    """Read some of the answer, so that a sender of little is not cut off, and keep nothing.

    Whether it was taken is known by then: what goes wrong here changes nothing.
    """
    left = _MOST_READ
    try:
        with suppress(aiohttp.ClientError, TimeoutError):
            async with asyncio.timeout(_READING_SECONDS):
                async for part in response.content.iter_any():
                    left -= len(part)
                    if left < 0:
                        return
    finally:
        response.close()


def _session(settings: WebhookSettings) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            force_close=True,
            ssl=_context(),
            resolver=_CheckedResolver(settings),
            socket_factory=_checked_socket(settings),
        ),
        headers={
            # Few bytes can be many when they are unpacked.
            "Accept-Encoding": "identity",
            "Content-Type": "application/json",
            "User-Agent": "kodkod",
        },
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        trust_env=False,
    )


@cache
def _context() -> ssl.SSLContext:
    # To read the certificates that are trusted takes longer than a call.
    return ssl.create_default_context()


def _checked_socket(settings: WebhookSettings) -> Any:
    """Return what makes a socket for an address that is about to be connected to.

    A host that is a number is looked up by nobody: here it passes all the same.
    """

    def make(address: _AddrInfo) -> socket.socket:
        family, kind, protocol, _, place = address
        check_address(place[0], place[0], settings)
        return socket.socket(family, kind, protocol)

    return make


class _CheckedResolver(AbstractResolver):
    """Looks names up, and refuses those that lead to an address that must not be told."""

    def __init__(self, settings: WebhookSettings) -> None:
        self._settings = settings

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return where `host` is; all of its addresses must be allowed.

        Raises:
            AddressRefusedError: the host or one of them is not.
        """
        check_host(host, self._settings)
        found = await asyncio.to_thread(
            socket.getaddrinfo, host, port, family, socket.SOCK_STREAM, 0, socket.AI_ADDRCONFIG
        )
        results: list[ResolveResult] = []
        for kind, _, protocol, _, place in found:
            address = str(place[0])
            check_address(host, address, self._settings)
            results.append(
                ResolveResult(
                    hostname=host,
                    host=address,
                    port=port,
                    family=kind,
                    proto=protocol,
                    flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
                )
            )
        return results

    async def close(self) -> None:
        """Do nothing: nothing is kept open."""
