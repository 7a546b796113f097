"""HTTP to addresses that may be asked, with nothing of the environment and no body without end."""

from __future__ import annotations

import asyncio
import socket
from functools import lru_cache
from typing import Any

import aiohttp
import httpx2
from aiohttp.abc import ResolveResult
from aiohttp.resolver import ThreadedResolver

from kodkod_genai.addresses import AddressRefusedError, check_address, check_host
from kodkod_genai.settings import GenaiSettings

__all__ = ["LARGEST_BODY", "GuardedClient", "UnreadableBodyError"]

LARGEST_BODY = 16 * 2**20
_KEPT_SECONDS = 30.0
_SENT = frozenset(["accept", "content-type", "idempotency-key", "user-agent"])
_AddrInfo = tuple[Any, Any, int, str, Any]


class UnreadableBodyError(httpx2.TransportError):
    """A body is larger than any answer, or in an encoding that was not asked for."""


class GuardedClient(httpx2.AsyncClient):
    """Sends the openai client's requests by aiohttp, with `key` as the bearer where there is one.

    aiohttp reads HTTP with a parser in C; and of what httpx does beside sending, nothing is of use
    here: no cookies, authentication, redirects or hooks. A call takes two thirds of the processor's
    time that it takes by httpx. The key is known here alone, so that no client can log it; and of
    the headers that a client adds by itself, some of them from environment variables, only those
    go that a call needs.
    """

    def __init__(
        self, settings: GenaiSettings, *, connections: int, key: str, timeout: httpx2.Timeout
    ) -> None:
        # To read the certificates that are trusted takes longer than a call.
        self._context = httpx2.create_ssl_context(trust_env=False)
        super().__init__(verify=self._context, trust_env=False, timeout=timeout)
        self._settings = settings
        self._connections = connections
        # Few bytes can be many when they are unpacked.
        self._added = {"Accept-Encoding": "identity"}
        if key:
            self._added["Authorization"] = f"Bearer {key}"
        self._opened: aiohttp.ClientSession | None = None

    def build_request(
        self, method: str, url: httpx2.URL | str, *, content: Any = None, **given: Any
    ) -> httpx2.Request:
        """Return a request of what is given, and of nothing else."""
        headers = [each for each in given["headers"] if each[0].lower() in _SENT]
        return httpx2.Request(method, _parsed(str(url)), headers=headers, content=content)

    async def send(self, request: httpx2.Request, **_given: Any) -> httpx2.Response:
        """Send a request, and read the answer whole.

        Raises:
            AddressRefusedError: it leads to an address that must not be asked, or is none.
            UnreadableBodyError: the body of the answer is compressed, or too large.
        """
        try:
            async with self._session().request(
                request.method,
                str(request.url),
                headers=dict(request.headers) | self._added,
                data=request.content or None,
                allow_redirects=False,
            ) as response:
                return httpx2.Response(
                    response.status,
                    headers=response.raw_headers,
                    content=await _body(response),
                    request=request,
                )
        except aiohttp.InvalidURL as error:
            raise AddressRefusedError(
                f"The address cannot be asked: {error}. Write its host as a name, or as a number "
                "in the usual form.",
                field="base_url",
            ) from error
        except (TimeoutError, aiohttp.ServerTimeoutError) as error:
            raise httpx2.ReadTimeout(str(error)) from error
        except aiohttp.ClientError as error:
            raise httpx2.ReadError(str(error) or type(error).__name__) from error

    async def aclose(self) -> None:
        """Close all connections."""
        if self._opened is not None:
            await self._opened.close()
        await super().aclose()

    def _session(self) -> aiohttp.ClientSession:
        # Made here: it belongs to the loop that runs.
        if self._opened is None:
            self._opened = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=self._connections,
                    keepalive_timeout=_KEPT_SECONDS,
                    ssl=self._context,
                    resolver=_CheckedResolver(self._settings),
                    socket_factory=self._checked_socket,
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=False,
                timeout=aiohttp.ClientTimeout(
                    sock_connect=self.timeout.connect, sock_read=self.timeout.read
                ),
            )
        return self._opened

    def _checked_socket(self, address: _AddrInfo) -> socket.socket:
        """Return a socket for an address that is about to be connected to.

        A host that is a number is looked up by nobody: here it passes all the same.
        """
        family, kind, protocol, _, place = address
        check_address(place[0], place[0], self._settings)
        return socket.socket(family, kind, protocol)


class _CheckedResolver(ThreadedResolver):
    """Looks names up, and refuses those that lead to an address that must not be asked.

    The connection is made to the very address that was checked, so that a name that leads elsewhere
    between check and connection (DNS rebinding) gains nothing.
    """

    def __init__(self, settings: GenaiSettings) -> None:
        super().__init__(loop=asyncio.get_running_loop())
        self._settings = settings

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return where `host` is; all of its addresses must be allowed.

        Raises:
            AddressRefusedError: the host or one of them is not.
        """
        check_host(host, self._settings)
        found = await super().resolve(host, port, family)
        for each in found:
            check_address(host, each["host"], self._settings)
        return found


# A run asks at a few addresses, ten thousand times.
_parsed = lru_cache(maxsize=64)(httpx2.URL)


async def _body(response: aiohttp.ClientResponse) -> bytes:
    encoding = response.headers.get("Content-Encoding", "identity").lower()
    if encoding != "identity":
        raise UnreadableBodyError(f"the answer is compressed ({encoding[:40]}), unasked")
    body = bytearray()
    async for part in response.content.iter_any():
        body += part
        if len(body) > LARGEST_BODY:
            raise UnreadableBodyError(f"the answer has more than {LARGEST_BODY:,} bytes")
    return bytes(body)
