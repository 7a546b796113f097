"""Remember answers for some seconds."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

__all__ = ["Recent"]

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Recent(Generic[K, V]):
    """At most `limit` answers, each for `seconds`; the oldest make room.

    Who asks while the same is being looked up waits for that answer: when one expires under load,
    it is looked up once. What was being looked up before a `forget` is not remembered after it.
    """

    def __init__(
        self, *, seconds: float, limit: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds = seconds
        self._limit = limit
        self._clock = clock
        self._answers: OrderedDict[K, tuple[float, V]] = OrderedDict()
        self._under_way: dict[K, asyncio.Task[V | None]] = {}

    async def fetch(self, key: K, look_up: Callable[[], Awaitable[V | None]]) -> V | None:
        """Return the answer if it is fresh, or look it up; None is not remembered."""
        found = self._get(key)
        if found is not None:
            return found
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.create_task(self._look_up(key, look_up))
            self._under_way[key] = task
        return await asyncio.shield(task)

    def forget(self, matches: Callable[[K, V], bool]) -> None:
        """Drop every answer that matches, and those being looked up just now."""
        self._under_way.clear()
        gone = [key for key, (_, value) in self._answers.items() if matches(key, value)]
        for key in gone:
            del self._answers[key]

    async def _look_up(self, key: K, look_up: Callable[[], Awaitable[V | None]]) -> V | None:
        this = asyncio.current_task()
        try:
            value = await look_up()
            if value is not None and self._under_way.get(key) is this:
                self._put(key, value)
            return value
        finally:
            if self._under_way.get(key) is this:
                del self._under_way[key]

    def _get(self, key: K) -> V | None:
        found = self._answers.get(key)
        if found is None:
            return None
        until, value = found
        if self._clock() >= until:
            del self._answers[key]
            return None
        return value

    def _put(self, key: K, value: V) -> None:
        self._answers[key] = (self._clock() + self._seconds, value)
        self._answers.move_to_end(key)
        while len(self._answers) > self._limit:
            self._answers.popitem(last=False)
