"""The store's async functions, called at once on a synchronous connection."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

__all__ = ["call_directly"]

P = ParamSpec("P")
T = TypeVar("T")


def call_directly(
    connection: sa.Connection,
    work: Callable[Concatenate[AsyncConnection, P], Awaitable[T]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Return what `work` returns, without an event loop and in this thread.

    The store's functions wait for their connection and for nothing else. On one that never lets
    them wait they run through, which saves two changes of thread for each statement.

    Raises:
        RuntimeError: `work` waits for something else.
    """
    running = work(cast("AsyncConnection", _Direct(connection)), *args, **kwargs).__await__()
    try:
        next(running)
    except StopIteration as ended:
        return ended.value
    raise RuntimeError(f"{work!r} waits for something else than its connection")


class _Direct:
    """What the store uses of an AsyncConnection."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self.dialect = connection.dialect

    async def execute(self, *args: Any, **kwargs: Any) -> sa.CursorResult[Any]:
        return self._connection.execute(*args, **kwargs)

    @asynccontextmanager
    async def begin_nested(self) -> AsyncIterator[None]:
        with self._connection.begin_nested():
            yield
