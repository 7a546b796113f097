"""How fast a job goes, and when it is likely to be done."""

from __future__ import annotations

from collections import deque

__all__ = ["Pace"]

_WINDOW_SECONDS = 60.0
_LEAST_SECONDS = 1.0
_MOST_NOTES = 300


class Pace:
    """Looks at the last minute: a job whose parts differ in speed is judged by the current one.

    Where the last minute had no progress, the whole run is looked at.
    """

    def __init__(self, began: float) -> None:
        self._began = began
        self._notes: deque[tuple[float, float]] = deque(maxlen=_MOST_NOTES)
        self._first: tuple[float, float] | None = None

    def note(self, time: float, fraction: float) -> None:
        """Note that at `time` (seconds of any clock) the job had come as far as `fraction`."""
        if self._first is None:
            self._first = (time, fraction)
        self._notes.append((time, fraction))
        while self._notes[0][0] < time - _WINDOW_SECONDS:
            self._notes.popleft()

    def remaining(self, time: float) -> float | None:
        """Return the seconds that are left at `time`, or None where nothing tells yet."""
        if self._first is None:
            return None
        _, fraction = self._notes[-1]
        if fraction >= 1.0:
            return 0.0
        for since, start in (self._notes[0], self._first, (self._began, 0.0)):
            spent, gained = time - since, fraction - start
            if spent >= _LEAST_SECONDS and gained > 0.0:
                return (1.0 - fraction) * spent / gained
        return None
