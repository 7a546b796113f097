"""How many attempts may fail, and how long to wait after more: arithmetic, without a clock."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from kodkod.store.attempts import Count

__all__ = ["ACCOUNT", "PAIR", "PLACE", "Allowance"]


class Allowance(Struct, frozen=True, kw_only=True):
    """A bucket that leaks: each failure fills it by one, and one drains in `leak_seconds`.

    Up to `free` failures cost nothing. From then on each doubles the wait that follows it,
    from `first_seconds` on to `longest_seconds`. Nobody is locked out: who waits may try again.
    """

    free: int
    leak_seconds: float
    first_seconds: float
    longest_seconds: float

    def level(self, count: Count, time: datetime) -> float:
        """Return what of a count has not drained by `time`."""
        passed = max(0.0, (time - count.at).total_seconds())
        return max(0.0, count.level - passed / self.leak_seconds)

    def wait(self, count: Count, time: datetime) -> float:
        """Return for how many seconds the next attempt has to wait."""
        level = self.level(count, time)
        if level + _ROUNDING < self.free:
            return 0.0
        doublings = min(count.level - self.free, _MOST_DOUBLINGS)
        pause = min(self.longest_seconds, self.first_seconds * 2.0 ** max(0.0, doublings))
        return max(0.0, pause - (time - count.at).total_seconds())

    def more(self, count: Count, time: datetime) -> Count:
        """Return the count with one attempt more."""
        most = self.free + _MOST_DOUBLINGS
        return Count(min(self.level(count, time) + 1.0, most), time)

    def less(self, count: Count, time: datetime) -> Count:
        """Return the count without one attempt, which has turned out to be right."""
        return Count(max(0.0, self.level(count, time) - 1.0), max(time, count.at))


_MOST_DOUBLINGS = 16.0
_ROUNDING = 0.5
"""Ten failures within minutes are ten, though a little of the first has drained by then."""

PAIR = Allowance(free=10, leak_seconds=3600.0, first_seconds=4.0, longest_seconds=900.0)
"""Of one name at one place: some twenty guesses in the first hour, then four an hour."""

PLACE = Allowance(free=50, leak_seconds=60.0, first_seconds=4.0, longest_seconds=300.0)
"""Of all names at one place, against one password tried on many names."""

ACCOUNT = Allowance(free=100, leak_seconds=36.0, first_seconds=2.0, longest_seconds=60.0)
"""Of one name at places where it never signed in, against many machines that guess together.

One place alone cannot fill it: `PAIR` lets through fewer than drain here.
"""
