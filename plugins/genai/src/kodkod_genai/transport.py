"""HTTP to addresses that may be asked, with nothing of the environment and no body without end."""

from __future__ import annotations

import math
import ssl
from collections.abc import AsyncIterator, Callable

import httpcore2
import httpx2

from kodkod_genai.connections import GuardedBackend
from kodkod_genai.settings import GenaiSettings

__all__ = ["LARGEST_BODY", "GuardedTransport", "SharedOut", "UnreadableBodyError"]

LARGEST_BODY = 16 * 2**20
_KEPT_SECONDS = 30.0
_CONNECTIONS_A_POOL = 8
_SENT = frozenset(
    (b"accept connection content-length content-type host idempotency-key user-agent").split()
)


class UnreadableBodyError(httpx2.TransportError):
    """A body is larger than any answer, or in an encoding that was not asked for."""


class GuardedTransport(httpx2.AsyncHTTPTransport):
    """Sends requests, with `key` as the bearer where there is one.

    The key is known here alone, so that no client can log it; and of the headers that a client
    adds by itself, some of them from environment variables, only those go that a call needs.
    """

    def __init__(
        self, settings: GenaiSettings, *, connections: int, key: str, context: ssl.SSLContext
    ) -> None:
        super().__init__(verify=context, trust_env=False)
        self._key = key
        # The transport takes no network backend, but it is a pool and little else.
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=context,
            max_connections=connections,
            max_keepalive_connections=connections,
            keepalive_expiry=_KEPT_SECONDS,
            network_backend=GuardedBackend(settings),
        )

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request.

        Raises:
            AddressRefusedError: it leads to an address that must not be asked.
            UnreadableBodyError: the body of the answer is compressed.
        """
        headers = [each for each in request.headers.raw if each[0].lower() in _SENT]
        # Few bytes can be many when they are unpacked.
        headers.append((b"accept-encoding", b"identity"))
        if self._key:
            headers.append((b"authorization", f"Bearer {self._key}".encode()))
        sent = httpx2.Request(
            request.method,
            request.url,
            headers=headers,
            stream=request.stream,
            extensions=request.extensions,
        )
        response = await super().handle_async_request(sent)
        encoding = response.headers.get("content-encoding", "identity").lower()
        if encoding != "identity":
            await response.aclose()
            raise UnreadableBodyError(f"the answer is compressed ({encoding[:40]}), unasked")
        if isinstance(response.stream, httpx2.AsyncByteStream):
            response.stream = _Bounded(response.stream)
        return response


class SharedOut(httpx2.AsyncBaseTransport):
    """Several transports in one, each with some of the connections.

    A pool looks at each of its connections at each request. In pools of eight a call took 1.4 ms
    of the processor with 400 at once, and 2.4 ms in one pool (64 at once: 1.2 and 1.4 ms).
    """

    def __init__(self, make: Callable[[int], httpx2.AsyncBaseTransport], connections: int) -> None:
        parts = math.ceil(connections / _CONNECTIONS_A_POOL)
        self._transports = [make(math.ceil(connections / parts)) for _ in range(parts)]
        self._busy = [0] * parts

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request by the transport that has the fewest under way."""
        place = self._busy.index(min(self._busy))
        self._busy[place] += 1
        try:
            response = await self._transports[place].handle_async_request(request)
            # Read here: whoever called reads all of it in any case.
            await response.aread()
            return response
        finally:
            self._busy[place] -= 1

    async def aclose(self) -> None:
        """Close all connections."""
        for each in self._transports:
            await each.aclose()


class _Bounded(httpx2.AsyncByteStream):
    """A body that ends with an error where it is larger than an answer can be."""

    def __init__(self, inner: httpx2.AsyncByteStream) -> None:
        self._inner = inner

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield what comes."""
        size = 0
        async for chunk in self._inner:
            size += len(chunk)
            if size > LARGEST_BODY:
                raise UnreadableBodyError(f"the answer has more than {LARGEST_BODY:,} bytes")
            yield chunk

    async def aclose(self) -> None:
        """Close what is under it."""
        await self._inner.aclose()
