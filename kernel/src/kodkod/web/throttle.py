"""Slow down whoever guesses passwords."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable

from kodkod.web.problems import TooManyAttemptsError

__all__ = ["Throttle"]


class Throttle:
    """Lets `failures` attempts fail for a key within `seconds`; then the key has to wait.

    A success clears the key. Keys are kept in memory, the `limit` last ones to fail.
    """

    def __init__(
        self,
        *,
        failures: int = 10,
        seconds: float = 300.0,
        limit: int = 10_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._failures = failures
        self._seconds = seconds
        self._limit = limit
        self._clock = clock
        self._failed: OrderedDict[str, list[float]] = OrderedDict()

    def admit(self, key: str) -> None:
        """Let an attempt through.

        Raises:
            TooManyAttemptsError: too many have failed lately; says how long to wait.
        """
        times = self._recent(key)
        if len(times) >= self._failures:
            wait = max(1, math.ceil(times[-self._failures] + self._seconds - self._clock()))
            raise TooManyAttemptsError(
                f"Too many attempts have failed; wait {wait} seconds.", seconds=wait
            )

    def failed(self, key: str) -> None:
        """Count a failure."""
        self._failed[key] = [*self._recent(key), self._clock()]
        self._failed.move_to_end(key)
        while len(self._failed) > self._limit:
            self._failed.popitem(last=False)

    def succeeded(self, key: str) -> None:
        """Forget what failed before."""
        self._failed.pop(key, None)

    def _recent(self, key: str) -> list[float]:
        since = self._clock() - self._seconds
        return [each for each in self._failed.get(key, []) if each > since]
