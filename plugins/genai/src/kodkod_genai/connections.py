"""Connections to addresses that were checked, and to no others.

A name that leads elsewhere between check and connection (DNS rebinding) gains nothing: the
connection is made to the very address that was checked.
"""

from __future__ import annotations

import asyncio
import select
import socket
import ssl
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress

import httpcore2

from kodkod_genai.addresses import AddressRefusedError, check_address, check_host
from kodkod_genai.settings import GenaiSettings

__all__ = ["GuardedBackend"]


class GuardedBackend(httpcore2.AsyncNetworkBackend):
    """Looks names up, checks where they lead, and connects."""

    def __init__(self, settings: GenaiSettings) -> None:
        self._settings = settings

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Connect to the first address of `host` that answers; all of them must be allowed.

        Raises:
            AddressRefusedError: one of them is not.
        """
        check_host(host, self._settings)
        addresses = await _addresses(host, port)
        for address in addresses:
            check_address(host, address, self._settings)
        failure: Exception = httpcore2.ConnectError(f"{host!r} has no address")
        for address in addresses:
            try:
                async with _named(httpcore2.ConnectTimeout, httpcore2.ConnectError, timeout):
                    return _Stream(*await asyncio.open_connection(address, port))
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Refuse: no endpoint is one."""
        raise AddressRefusedError("A socket of this machine is no endpoint.", field="base_url")

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


class _Stream(httpcore2.AsyncNetworkStream):
    """A connection by asyncio alone; anyio takes a tenth more of the processor."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._poll = _readiness(writer.get_extra_info("socket"))

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return what has come; nothing once the other side has hung up."""
        async with _named(httpcore2.ReadTimeout, httpcore2.ReadError, timeout):
            return await self._reader.read(max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send."""
        if buffer:
            async with _named(httpcore2.WriteTimeout, httpcore2.WriteError, timeout):
                self._writer.write(buffer)
                await self._writer.drain()

    async def aclose(self) -> None:
        """Hang up."""
        self._writer.close()
        # Whatever is wrong with a connection that is given up is of no interest.
        with suppress(OSError):
            await self._writer.wait_closed()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Go on under TLS."""
        async with _named(httpcore2.ConnectTimeout, httpcore2.ConnectError, timeout):
            await self._writer.start_tls(ssl_context, server_hostname=server_hostname)
        return self

    def get_extra_info(self, info: str) -> object:
        """Return what is known of the connection.

        Whether it is readable is asked of each idle connection at each request: one that is has
        been hung up by the other side.
        """
        if info == "is_readable":
            return self._reader.at_eof() or bool(self._poll and self._poll.poll(0))
        names = {"client_addr": "sockname", "server_addr": "peername"}
        return self._writer.get_extra_info(names.get(info, info))


def _readiness(connected: socket.socket | None) -> select.poll | None:
    # Windows has none; the reader notices there, a turn of the loop later.
    if connected is None or not hasattr(select, "poll"):
        return None
    poll = select.poll()
    poll.register(connected.fileno(), select.POLLIN)
    return poll


@asynccontextmanager
async def _named(
    late: type[Exception], broken: type[Exception], timeout: float | None
) -> AsyncIterator[None]:
    """Give what asyncio raises the names that httpcore has for it."""
    try:
        async with asyncio.timeout(timeout):
            yield
    except TimeoutError as error:
        raise late(str(error)) from error
    except OSError as error:
        raise broken(str(error)) from error


async def _addresses(host: str, port: int) -> list[str]:
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore2.ConnectError(f"{host!r} cannot be found: {error}") from error
    return list(dict.fromkeys(str(each[4][0]) for each in found))
