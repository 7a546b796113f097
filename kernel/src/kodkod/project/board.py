"""Who may still be given which text: quotas, leases, skips.

Everything here costs the same whatever the number of texts; only `refresh_all` does not.
"""

from __future__ import annotations

import heapq
import secrets
from collections.abc import Callable, Iterable
from typing import Protocol

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.project.fold import SchemeFold
from kodkod.project.tasks import TaskBook

__all__ = ["Board", "Lease", "Listener"]


class Lease(Struct, frozen=True):
    """A text reserved for a user until a moment of the board's clock (seconds)."""

    id: str
    row: int
    user_id: int
    expires: float
    strategy: str
    probability: float | None
    model_version: int | None


class Listener(Protocol):
    """Hears of texts that become available or cease to be."""

    def opened(self, row: int) -> None:
        """A text that nobody could be given can be given again."""

    def closed(self, row: int) -> None:
        """A text has all the annotators it needs, or leases for them."""

    def barred(self, row: int, user_id: int) -> None:
        """An open text must not be given to a user; told before `opened`."""

    def freed(self, row: int, user_id: int) -> None:
        """A text is no longer open and barred to a user; told before `closed`."""


class Board:
    """Availability of every text of one scheme.

    A text is open while fewer than `overlap` users have answered it, hold a lease on it or have
    it in a task, and nobody has adjudicated it: what is assigned is kept for its assignees, who are
    given it by their own queue. An open text is barred to the users who answered it, hold it or
    skipped it.
    """

    def __init__(self, fold: SchemeFold, overlap: int, clock: Callable[[], float]) -> None:
        self.fold = fold
        self.book = TaskBook((), fold)
        self.overlap = overlap
        self.leases: dict[str, Lease] = {}
        self.open: NDArray[np.bool_] = np.zeros(0, dtype=np.bool_)
        self._clock = clock
        self._by_row: dict[int, list[Lease]] = {}
        self._expiries: list[tuple[float, str]] = []
        self._barred: dict[int, set[int]] = {}
        self._skipped: dict[int, set[int]] = {}
        self._listeners: list[Listener] = []
        self.refresh_all()

    def watch(self, listener: Listener) -> None:
        """Tell `listener` of changes from now on."""
        self._listeners.append(listener)

    def unwatch(self, listener: Listener) -> None:
        """Tell it no more."""
        self._listeners = [other for other in self._listeners if other is not listener]

    def barred_to(self, user_id: int) -> set[int]:
        """Return the open rows that this user must not be given."""
        return self._barred.get(user_id, _NOTHING)

    def skipped_by(self, user_id: int) -> set[int]:
        """Return the rows that this user has skipped."""
        return self._skipped.get(user_id, _NOTHING)

    def only_skipped(self, row: int, user_id: int) -> bool:
        """Tell whether a row would be given to this user, had it not been skipped."""
        held = self.holds(row, user_id)
        return bool(self.open[row]) and not held and user_id not in self.fold.voiced(row)

    def holds(self, row: int, user_id: int) -> bool:
        """Tell whether a user has a lease on a row."""
        return any(lease.user_id == user_id for lease in self._by_row.get(row, ()))

    def held_by(self, user_id: int) -> int:
        """Count the rows that are assigned to a user, not coded, and held under a lease."""
        return sum(
            lease.user_id == user_id and self.book.waits(lease.row, user_id)
            for lease in self.leases.values()
        )

    def lease(
        self,
        row: int,
        user_id: int,
        seconds: float,
        strategy: str,
        probability: float | None,
        model_version: int | None,
    ) -> Lease:
        """Reserve a text."""
        expires = self._clock() + seconds
        lease = Lease(
            secrets.token_hex(8), row, user_id, expires, strategy, probability, model_version
        )
        self.leases[lease.id] = lease
        self._by_row.setdefault(row, []).append(lease)
        heapq.heappush(self._expiries, (expires, lease.id))
        self.refresh(row, [user_id])
        return lease

    def take(self, lease_id: str | None, row: int, user_id: int) -> Lease | None:
        """Return and end the lease under which an answer came, if it is this user's and live.

        An answer without a lease ends those that the user holds on the row.
        """
        found = self.leases.get(lease_id) if lease_id else None
        if found is not None and (found.row != row or found.user_id != user_id):
            found = None
        for lease in list(self._by_row.get(row, ())):
            if lease.user_id == user_id:
                self._end(lease)
        return found

    def skip(self, lease_id: str, user_id: int) -> bool:
        """Give a text back; it is not offered to this user while there are others."""
        lease = self.leases.get(lease_id)
        if lease is None or lease.user_id != user_id:
            return False
        self._skipped.setdefault(user_id, set()).add(lease.row)
        self._end(lease)
        self.refresh(lease.row, [user_id])
        return True

    def pass_over(self, row: int, user_id: int) -> None:
        """Note that the user has seen a text and left it without a value: as good as a skip."""
        self._skipped.setdefault(user_id, set()).add(row)

    def forget_skips(self, user_id: int) -> bool:
        """Offer the user's skipped texts again; tell whether there were any."""
        skipped = self._skipped.pop(user_id, _NOTHING)
        for row in skipped:
            self.refresh(row, [user_id])
        return bool(skipped)

    def expire(self) -> None:
        """Take back the leases that have lapsed."""
        present = self._clock()
        while self._expiries and self._expiries[0][0] <= present:
            _, lease_id = heapq.heappop(self._expiries)
            lease = self.leases.get(lease_id)
            if lease is not None:
                self._end(lease)
                self.refresh(lease.row, [lease.user_id])

    def refresh(self, row: int, users: Iterable[int] = ()) -> None:
        """Work out a row anew after its answers, leases or skips changed.

        `users` are those concerned; whoever answered or holds the row is looked at anyway.
        """
        voiced = self.fold.voiced(row)
        holders = {lease.user_id for lease in self._by_row.get(row, ())}
        taken = voiced.union(holders, self.book.assignees(row))
        is_open = len(taken) < self.overlap and not self.fold.decided[row]
        was_open = bool(self.open[row])
        self.open[row] = is_open
        concerned = {*users, *voiced, *holders}
        if is_open != was_open:
            concerned.update(user for user, rows in self._skipped.items() if row in rows)
        for user in concerned:
            barred = user in voiced or user in holders or row in self.skipped_by(user)
            self._bar(row, user, barred=is_open and barred)
        if is_open and not was_open:
            for listener in self._listeners:
                listener.opened(row)
        elif was_open and not is_open:
            for listener in self._listeners:
                listener.closed(row)

    def refresh_all(self) -> None:
        """Work out every row anew: at the start, when labels or the quota changed, rows grew.

        Listeners are not told; a walk from before must be made anew.
        """
        if len(self.book.claims) != self.fold.n_rows:
            # The corpus has grown since the tasks were laid out over its rows.
            self.book = TaskBook(self.book.tasks, self.fold)
        self.open = (self.fold.voices + self.book.claims < self.overlap) & ~self.fold.decided
        self._barred = {}
        for row in {*self.fold.rows_said_of(), *self._by_row}:
            self.refresh(row)
        for user, rows in self._skipped.items():
            for row in rows:
                self.refresh(row, [user])

    def _bar(self, row: int, user: int, *, barred: bool) -> None:
        rows = self._barred.setdefault(user, set())
        if barred == (row in rows):
            return
        if barred:
            rows.add(row)
            for listener in self._listeners:
                listener.barred(row, user)
        else:
            rows.discard(row)
            for listener in self._listeners:
                listener.freed(row, user)

    def _end(self, lease: Lease) -> None:
        del self.leases[lease.id]
        if len(self._expiries) > 2 * len(self.leases) + _SLACK:
            # Most texts are answered long before their lease would lapse.
            self._expiries = [(each.expires, each.id) for each in self.leases.values()]
            heapq.heapify(self._expiries)
        rest = [other for other in self._by_row[lease.row] if other is not lease]
        if rest:
            self._by_row[lease.row] = rest
        else:
            del self._by_row[lease.row]


_NOTHING: set[int] = set()
_SLACK = 1_000
