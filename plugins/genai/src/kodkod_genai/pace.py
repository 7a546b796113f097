"""How many calls at once: as many as wished, fewer where an endpoint says that it is too much.

Additive increase, multiplicative decrease, as TCP does (Chiu and Jain, "Analysis of the increase
and decrease algorithms for congestion avoidance in computer networks", 1989); where an endpoint
names a time (Retry-After) everybody waits until then. Where calls fail one after the other, a
circuit breaker (Nygard, "Release It!", 2007) lets one through at a time, and at last gives up.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from kodkod.api import UnavailableError

__all__ = ["Pace", "backoff"]

_FAILURES = 8
_FIRST_OPEN = 2.0
_LONGEST_OPEN = 30.0
_TRIES = 4
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0
_LONGEST_WAIT = 600.0
_SETTLED_SECONDS = 1.0


def backoff(tries: int) -> float:
    """Return seconds to wait before another try, drawn up to twice as long at each ("full jitter").

    Brooker, "Exponential backoff and jitter" (AWS Architecture Blog, 2015).
    """
    return random.uniform(0, min(_FIRST_PAUSE * 2.0**tries, _LONGEST_PAUSE))  # noqa: S311


class Pace:
    """Belongs to one event loop; any thread may read `limit`, `in_flight` and `rate_limited`.

    `clock` and `sleep` are there for tests of many minutes.
    """

    def __init__(
        self,
        most: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self.rate_limited = 0
        self.in_flight = 0
        self._most = float(most)
        self._limit = float(most)
        self._clock = clock
        self._sleep = sleep
        self._freed = asyncio.Condition()
        self._until = 0.0
        self._slowed_at = float("-inf")
        self._slowed = 0
        self._failed = 0
        self._opened = 0
        self._opened_at = float("-inf")
        self._ended: UnavailableError | None = None

    @property
    def limit(self) -> int:
        """How many calls there may be at once."""
        return 1 if self._opened else max(1, int(self._limit))

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[float]:
        """Wait until a call may be made, and yield when it began, for `failed`.

        Raises:
            UnavailableError: nobody has answered for so long that nobody will.
        """
        async with self._freed:
            await self._freed.wait_for(self._may_begin)
            self.in_flight += 1
        try:
            await self._wait()
            yield self._clock()
        finally:
            async with self._freed:
                self.in_flight -= 1
                # One for the place that is free, and one for the limit that may have grown.
                self._freed.notify(2)

    def succeeded(self) -> None:
        """Note that the endpoint has answered."""
        self._failed = self._opened = self._slowed = 0
        self._limit = min(self._most, self._limit + 1 / self._limit)

    def failed(self, why: str, began: float) -> None:
        """Note that a call was not answered, for a reason that is not the question's.

        One that began before the circuit opened says nothing new.
        """
        self._failed += 1
        if self._failed < _FAILURES or began < self._opened_at:
            return
        if self._opened == _TRIES:
            self._ended = UnavailableError(
                f"The endpoint has not answered {self._failed} calls in a row, the last one "
                f"because: {why}. See that it runs and can be reached, then run again: what was "
                "answered is kept."
            )
            return
        self._opened_at = self._clock()
        self._pause(min(_FIRST_OPEN * 2**self._opened, _LONGEST_OPEN))
        self._opened += 1

    def slow_down(self, seconds: float | None) -> None:
        """Note that the endpoint says that it is too much, and for how long, if it says so.

        Calls that were under way together are told so together: that halves the limit once.

        Raises:
            UnavailableError: it is longer than a run should wait.
        """
        if seconds is not None and seconds > _LONGEST_WAIT:
            self._ended = UnavailableError(
                f"The endpoint asks to wait for {seconds / 60:.0f} minutes, as it does when a "
                "quota is used up; run again then: what was answered is kept."
            )
            raise self._ended
        self.rate_limited += 1
        now = self._clock()
        if now - self._slowed_at > _SETTLED_SECONDS:
            self._limit = max(1.0, self._limit / 2)
            self._slowed_at = now
            self._slowed += 1
        self._pause(backoff(self._slowed) if seconds is None else seconds)

    def _may_begin(self) -> bool:
        return self._ended is not None or self.in_flight < self.limit

    def _pause(self, seconds: float) -> None:
        self._until = max(self._until, self._clock() + seconds)

    async def _wait(self) -> None:
        while self._ended is None and (left := self._until - self._clock()) > 0:
            await self._sleep(left)
        if self._ended is not None:
            raise self._ended
