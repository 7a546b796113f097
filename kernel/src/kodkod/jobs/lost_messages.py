"""Find messages that the broker has lost: its restart, a flush, a failover."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["LostMessages"]

_CONFIRMED = 2


class LostMessages:
    """Compares what waits in the broker with what should, time after time.

    A message that a worker has just taken is missing for a moment, so a queue counts as short only
    when it was seen so twice. A message too many does no harm, one too few would be forever.
    """

    def __init__(self) -> None:
        self._seen_short: dict[str, int] = {}

    def short(self, jobs: Mapping[str, int], messages: Mapping[str, int]) -> list[str]:
        """Return the queues whose jobs must be sent again: `jobs` and `messages` by queue."""
        now_short = {queue for queue, n in jobs.items() if n > messages.get(queue, 0)}
        self._seen_short = {
            queue: self._seen_short.get(queue, 0) + 1 for queue in sorted(now_short)
        }
        due = [queue for queue, times in self._seen_short.items() if times >= _CONFIRMED]
        for queue in due:
            del self._seen_short[queue]
        return due
