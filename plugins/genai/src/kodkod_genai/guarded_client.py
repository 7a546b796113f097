"""HTTP to addresses that may be asked, with nothing of the environment and no body without end."""

from __future__ import annotations

import asyncio
import socket
from types import TracebackType
from typing import Any, Self

import aiohttp
import httpx2
import openai
from aiohttp.abc import AbstractResolver, ResolveResult
from msgspec import Struct

from kodkod_genai.addresses import AddressRefusedError, check_address, check_host
from kodkod_genai.settings import GenaiSettings

__all__ = ["LARGEST_BODY", "Answered", "GuardedClient", "UnreadableBodyError"]

LARGEST_BODY = 16 * 2**20
_KEPT_SECONDS = 30.0
_AddrInfo = tuple[Any, Any, int, str, Any]


class UnreadableBodyError(Exception):
    """A body is larger than any answer, or in an encoding that was not asked for."""


class Answered(Struct, frozen=True):
    """What came back: status, headers as they were sent, the body whole."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


class GuardedClient:
    """Posts JSON by aiohttp, with `key` as the bearer where there is one.

    aiohttp reads HTTP with a parser in C; and of what other clients do beside sending, nothing is
    of use here: no cookies, authentication, redirects or hooks. The key is known here alone, so
    that nothing can log it. It belongs to one event loop; leaving it closes all connections.
    """

    def __init__(
        self,
        settings: GenaiSettings,
        *,
        connections: int,
        key: str,
        timeout_s: float,
        connect_s: float,
    ) -> None:
        self._settings = settings
        self._connections = connections
        self._timeout = aiohttp.ClientTimeout(sock_connect=connect_s, sock_read=timeout_s)
        # To read the certificates that are trusted takes longer than a call.
        self._context = httpx2.create_ssl_context(trust_env=False)
        self._headers = {
            "Accept": "application/json",
            # Few bytes can be many when they are unpacked.
            "Accept-Encoding": "identity",
            "Content-Type": "application/json",
            "User-Agent": "kodkod",
        }
        if key:
            self._headers["Authorization"] = f"Bearer {key}"
        self._opened: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._opened is not None:
            await self._opened.close()

    async def post(self, url: str, content: bytes, *, key: str) -> Answered:
        """Send `content`, JSON, and read the answer whole. `key` makes it the same call again.

        Raises:
            AddressRefusedError: it leads to an address that must not be asked, or is none.
            UnreadableBodyError: the body of the answer is compressed, or too large.
            openai.APIConnectionError, openai.APITimeoutError: nobody answered.
        """
        try:
            async with self._session().post(
                url, data=content, headers={"Idempotency-Key": key}, allow_redirects=False
            ) as response:
                body = await _body(response)
                return Answered(response.status, response.raw_headers, body)
        except aiohttp.InvalidURL as error:
            raise AddressRefusedError(
                f"The address cannot be asked: {error}. Write its host as a name, or as a number "
                "in the usual form.",
                field="base_url",
            ) from error
        except (TimeoutError, aiohttp.ServerTimeoutError) as error:
            raise openai.APITimeoutError(request=httpx2.Request("POST", url)) from error
        except aiohttp.ClientError as error:
            said = httpx2.ReadError(str(error) or type(error).__name__)
            raise openai.APIConnectionError(request=httpx2.Request("POST", url)) from said

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
                headers=self._headers,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=False,
                timeout=self._timeout,
            )
        return self._opened

    def _checked_socket(self, address: _AddrInfo) -> socket.socket:
        """Return a socket for an address that is about to be connected to.

        A host that is a number is looked up by nobody: here it passes all the same.
        """
        family, kind, protocol, _, place = address
        check_address(place[0], place[0], self._settings)
        return socket.socket(family, kind, protocol)


class _CheckedResolver(AbstractResolver):
    """Looks names up, and refuses those that lead to an address that must not be asked.

    The connection is made to the very address that was checked, so that a name that leads elsewhere
    between check and connection (DNS rebinding) gains nothing.
    """

    def __init__(self, settings: GenaiSettings) -> None:
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
