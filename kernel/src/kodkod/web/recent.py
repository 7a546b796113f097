"""Remember answers for some seconds."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

__all__ = ["Recent"]

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Recent(Generic[K, V]):
    """At most `limit` answers, each for `seconds`; the oldest make room.

    Ask for `ticket` before a look-up and hand it to `put`: what was looked up before a `forget`
    is then not remembered after it.
    """

    def __init__(
        self, *, seconds: float, limit: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds = seconds
        self._limit = limit
        self._clock = clock
        self._answers: OrderedDict[K, tuple[float, V]] = OrderedDict()
        self._forgotten = 0

    @property
    def ticket(self) -> int:
        """What `put` needs to know whether something was forgotten meanwhile."""
        return self._forgotten

    def get(self, key: K) -> V | None:
        """Return the answer if it is fresh."""
        found = self._answers.get(key)
        if found is None:
            return None
        until, value = found
        if self._clock() >= until:
            del self._answers[key]
            return None
        return value

    def put(self, key: K, value: V, ticket: int) -> None:
        """Remember an answer."""
        if ticket != self._forgotten:
            return
        self._answers[key] = (self._clock() + self._seconds, value)
        self._answers.move_to_end(key)
        while len(self._answers) > self._limit:
            self._answers.popitem(last=False)

    def forget(self, matches: Callable[[K, V], bool]) -> None:
        """Drop every answer that matches, and those being looked up just now."""
        self._forgotten += 1
        gone = [key for key, (_, value) in self._answers.items() if matches(key, value)]
        for key in gone:
            del self._answers[key]
