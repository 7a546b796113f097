"""Events: what happens on the server, as it happens."""

from __future__ import annotations

import random
import socket
import threading
from collections.abc import Generator, Iterator, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import msgspec
from msgspec import Struct

from kodkod_sdk.errors import NoAnswerError, ProblemError
from kodkod_sdk.transport import Transport, telling

__all__ = ["RESYNC", "Event", "EventConnection", "Events"]

RESYNC = "resync"
"""The type of the event that says: what was missed is not known; load what you show anew."""
_PATH = "/events"
_QUIET_SECONDS = 45.0  # The server gives a sign of life every 15 seconds.
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0
_BUSY = 429


class Event(Struct, frozen=True, kw_only=True):
    """Something that happened: `job.progress`, `scheme.changed`, ..., or `resync`.

    Ids grow; whoever comes back with one hears what came after it.
    """

    id: int
    type: str
    data: dict[str, Any]


class Events(Iterator[Event]):
    """Events as they come, in order and each once; across broken connections, until closed.

    The first connection is made at once, so that nothing is missed from then on; where it
    breaks, another takes up after the last event, after pauses that grow from half a second to
    half a minute. Any thread may close it, which ends an iteration that waits.

    Raises:
        NoAnswerError: the server cannot be reached at first.
        ProblemError: it refuses, at first or later: the session has ended, or the user has left
            the project.
    """

    def __init__(
        self, transport: Transport, query: Mapping[str, Any], after: int | None = None
    ) -> None:
        self._transport = transport
        self._query = query
        self._closed = threading.Event()
        self._turn = threading.RLock()
        self._pause = _FIRST_PAUSE
        self._position = after
        self._connection: EventConnection | None = self._connect()
        transport.streams.add(self)

    @property
    def position(self) -> int | None:
        """The id up to which everything was heard; what to give as `after` next time."""
        return self._position

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Event:
        with self._turn:
            while not self._closed.is_set():
                event = self._next_or_none()
                if event is not None:
                    return event
        raise StopIteration

    def close(self) -> None:
        """Stop listening."""
        self._closed.set()
        connection = self._connection
        if connection is not None:
            connection.hang_up()
        with self._turn:
            self._drop()

    def _next_or_none(self) -> Event | None:
        try:
            if self._connection is None:
                self._connection = self._connect()
            for event in self._connection:
                self._position = event.id
                self._pause = _FIRST_PAUSE
                return event
        except NoAnswerError:
            pass
        except ProblemError as error:
            if error.problem.status < 500 and error.problem.status != _BUSY:
                self._drop()
                raise
        self._drop()
        # Not all in the same moment: a server that starts again is called by everybody.
        self._closed.wait(self._pause * random.uniform(0.75, 1.25))  # noqa: S311
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)
        return None

    def _connect(self) -> EventConnection:
        return EventConnection(self._transport, self._query, self._position, _QUIET_SECONDS)

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            # A block without data moves the position too.
            self._position = connection.position
            connection.close()


class EventConnection:
    """One connection, and the events on it until the server ends it.

    `position` is the id up to which everything was heard; `alive` tells whether anything was
    heard at all: a proxy may keep it all back.

    Raises:
        NoAnswerError: the server cannot be reached, the connection breaks, or nothing was heard
            for `quiet` seconds.
        ProblemError: the server refuses.
    """

    def __init__(
        self, transport: Transport, query: Mapping[str, Any], after: int | None, quiet: float
    ) -> None:
        headers = {"accept": "text/event-stream"}
        if after is not None:
            headers["last-event-id"] = str(after)
        self.position = after
        self.alive = False
        self._response = transport.open(_PATH, query, headers, quiet)
        self._events = self._read()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __iter__(self) -> Iterator[Event]:
        return self._events

    def close(self) -> None:
        """Close the connection."""
        self._events.close()
        self._response.close()

    def hang_up(self) -> None:
        """End the connection from another thread than the one that reads."""
        stream = self._response.extensions.get("network_stream")
        if stream is not None:
            with suppress(OSError):
                stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)

    def _read(self) -> Generator[Event]:
        reader = _Reader()
        with telling():
            for chunk in self._response.iter_bytes():
                self.alive = True
                for event in reader.feed(chunk):
                    self.position = event.id
                    yield event
                self.position = reader.position if reader.position is not None else self.position


class _Reader:
    """Reads server-sent events. Lines end with a line feed; one before it is left out.

    httpx's own lines end at U+2028 and others too, which stand in JSON as they are.
    """

    def __init__(self) -> None:
        self.position: int | None = None
        self._rest = b""
        self._fields: dict[str, str] = {}

    def feed(self, data: bytes) -> Iterator[Event]:
        """Yield the events that are whole by now."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            name, _, value = line.rstrip(b"\r").decode().partition(":")
            if not line.rstrip(b"\r"):
                event = self._take()
                if event is not None:
                    yield event
            elif name:
                self._fields[name] = value.removeprefix(" ")

    def _take(self) -> Event | None:
        fields, self._fields = self._fields, {}
        if "id" in fields:
            self.position = int(fields["id"])
        if "data" not in fields:
            return None
        return Event(
            id=self.position or 0,
            type=fields.get("event", "message"),
            data=msgspec.json.decode(fields["data"], type=dict[str, Any]),
        )
