"""Answers about a scheme that take a while: worked out in a thread once, and kept."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from kodkod.project.scheme import LiveScheme

__all__ = ["Kept"]

T = TypeVar("T")
_KEPT = 4


class Kept(Generic[T]):
    """Answers of a scheme by what they depend on; whoever asks meanwhile waits for the same."""

    def __init__(self, most: int = _KEPT) -> None:
        self._most = most
        self._answers: WeakKeyDictionary[LiveScheme, OrderedDict[Hashable, asyncio.Task[T]]] = (
            WeakKeyDictionary()
        )

    async def get(self, scheme: LiveScheme, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` returns in a thread, or returned for the same key."""
        return await self.get_awaited(scheme, key, lambda: asyncio.to_thread(make))

    async def get_awaited(
        self, scheme: LiveScheme, key: Hashable, make: Callable[[], Awaitable[T]]
    ) -> T:
        """Return what awaiting `make()` gives, or gave for the same key."""

        async def made() -> T:
            return await make()

        answers = self._answers.setdefault(scheme, OrderedDict())
        task = answers.get(key)
        if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
            task = answers[key] = asyncio.create_task(made())
            while len(answers) > self._most:
                answers.popitem(last=False)
        answers.move_to_end(key)
        # Whoever asked first may hang up; the others still wait.
        return await asyncio.shield(task)
