"""What requests leave behind: who came, how long it took, and what went wrong."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import Struct
from prometheus_client import CollectorRegistry, Histogram

from kodkod.store.people import Identity
from kodkod.web.monitor_contract import ActiveUser, ActiveUsers, FailedRequest

__all__ = ["Traffic"]

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_MOST_FAILURES = 200
_KEPT = timedelta(days=1)
_MINUTE = 60.0


class _Seen(Struct, frozen=True):
    username: str
    at: float


class Traffic:
    """Kept in memory only, for as long as the process lives. `note` is called for every request.

    Durations are by route and not by path, which has names of projects in it.
    """

    def __init__(self, registry: CollectorRegistry, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._seconds = Histogram(
            "kodkod_request_seconds",
            "Time until an answer began",
            ("method", "route", "status"),
            buckets=_BUCKETS,
            registry=registry,
        )
        # The library's own look-up of a series costs more than the observation.
        self._series: dict[tuple[str, str, int], Histogram] = {}
        self._seen: dict[int, _Seen] = {}
        self._failures: deque[FailedRequest] = deque(maxlen=_MOST_FAILURES)

    def note(self, scope: Mapping[str, Any], status: int, seconds: float) -> None:
        """Note that a request is answered."""
        # Whoever invents methods must not make a series of each.
        method = scope["method"] if scope["method"] in _METHODS else "other"
        key = (method, scope.get("path_template", ""), status // 100)
        series = self._series.get(key)
        if series is None:
            series = self._series[key] = self._make(*key)
        series.observe(seconds)
        user = scope.get("user")
        if isinstance(user, Identity):
            self._seen[user.user_id] = _Seen(user.username, self._clock())

    def note_failure(
        self, scope: Mapping[str, Any], request_id: str, status: int, error: Exception
    ) -> None:
        """Note that the server failed, and how: its message may hold what is private."""
        self._failures.append(
            FailedRequest(
                request_id=request_id,
                method=scope["method"],
                path=scope["path"],
                status=status,
                error=type(error).__name__,
                at=datetime.fromtimestamp(self._clock(), UTC),
            )
        )

    def failures(self) -> list[FailedRequest]:
        """Return what failed within a day, the last first."""
        since = datetime.fromtimestamp(self._clock(), UTC) - _KEPT
        return [each for each in reversed(self._failures) if each.at >= since]

    def users(self) -> ActiveUsers:
        """Return who came within the last hour."""
        present = self._clock()
        self._seen = {
            user: seen for user, seen in self._seen.items() if present - seen.at < 60 * _MINUTE
        }
        latest = sorted(self._seen.values(), key=lambda seen: seen.at, reverse=True)
        return ActiveUsers(
            last_5_minutes=sum(present - seen.at < 5 * _MINUTE for seen in latest),
            last_60_minutes=len(latest),
            users=[
                ActiveUser(username=seen.username, seen_at=datetime.fromtimestamp(seen.at, UTC))
                for seen in latest
            ],
        )

    def _make(self, method: str, route: str, hundreds: int) -> Histogram:
        return self._seconds.labels(method, route or "none", f"{hundreds}xx")
