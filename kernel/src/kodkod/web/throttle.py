"""Slow down whoever guesses passwords, and nobody else.

An attempt counts for its name at its place, for its place, and for its name. Where the name
has signed in before, from this network or this browser, only the first counts: whatever others
do elsewhere, its owner is let in there. The counts are rows, the same for all servers.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.store.attempts import (
    Count,
    counts_of,
    forget_count,
    hold_counts,
    purge_counts,
    set_counts,
)
from kodkod.store.database import Database, now
from kodkod.store.places import known_among, note_place, purge_places
from kodkod.web.allowance import ACCOUNT, PAIR, PLACE, Allowance
from kodkod.web.origin import Origin
from kodkod.web.problems import TooManyAttemptsError

__all__ = ["Attempt", "Counter", "Throttle", "purge_throttle"]

_COUNTS_KEPT = timedelta(days=2)
_PLACES_KEPT = timedelta(days=180)


class Attempt(Struct, frozen=True, kw_only=True):
    """An attempt that was let through. `counted` has what it fills, `pair` the key of the two."""

    pair: str
    counted: Mapping[str, Allowance]


class Throttle:
    """Counts attempts before they are made, so that many at once are not more than they may be."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = now) -> None:
        self._database = database
        self._clock = clock

    async def admit(self, *, name: str, user_id: int | None, origin: Origin) -> Attempt:
        """Let an attempt through, and count it as one that fails.

        Raises:
            TooManyAttemptsError: too many have failed lately; says how long to wait.
        """
        async with self._database.read() as connection:
            attempt = await self._attempt(connection, name, user_id, origin)
            # Whoever has to wait anyway leaves no row, and holds nobody up by writing.
            self._check(attempt, await counts_of(connection, attempt.counted))
        async with self._database.write() as connection:
            time = self._clock()
            counts = await hold_counts(connection, attempt.counted, time)
            self._check(attempt, counts)
            filled = {key: each.more(counts[key], time) for key, each in attempt.counted.items()}
            await set_counts(connection, filled)
        return attempt

    async def succeeded(self, attempt: Attempt, user_id: int, origin: Origin) -> None:
        """Take back what an attempt was counted as, and remember where it came from.

        The count of the place is not cleared: whoever has an account could try others' between.
        """
        async with self._database.write() as connection:
            time = self._clock()
            counts = await hold_counts(connection, attempt.counted, time)
            drained = {key: each.less(counts[key], time) for key, each in attempt.counted.items()}
            await set_counts(connection, drained)
            await forget_count(connection, attempt.pair)
            for place in (origin.network, origin.device):
                if place:
                    await note_place(connection, user_id, place, time)

    def _check(self, attempt: Attempt, counts: Mapping[str, Count]) -> None:
        time = self._clock()
        waits = (
            each.wait(counts[key], time) for key, each in attempt.counted.items() if key in counts
        )
        wait = max(waits, default=0.0)
        if wait > 0:
            raise _too_many(wait)

    async def _attempt(
        self, connection: AsyncConnection, name: str, user_id: int | None, origin: Origin
    ) -> Attempt:
        account = hashlib.sha256(name.casefold().encode("utf-8", "replace")).hexdigest()
        places = {place for place in (origin.network, origin.device) if place}
        known: set[str] = set()
        if user_id is not None and places:
            known = await known_among(connection, user_id, places)
        # A browser that is known counts for itself: its neighbours behind one address do not.
        where = origin.device if origin.device in known else origin.network or origin.peer
        pair = f"pair {account} {where}"
        counted = {pair: PAIR}
        if not known and origin.network:
            counted |= {f"place {origin.network}": PLACE, f"account {account}": ACCOUNT}
        return Attempt(pair=pair, counted=counted)


class Counter:
    """Counts at a place what is no sign-in, such as wrong tokens. The counts are rows as well."""

    def __init__(
        self,
        database: Database,
        what: str,
        allowance: Allowance,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._database = database
        self._what = what
        self._allowance = allowance
        self._clock = clock

    async def admit(self, origin: Origin) -> None:
        """Let something through.

        Raises:
            TooManyAttemptsError: too much was counted lately; says how long to wait.
        """
        key = self._key(origin)
        async with self._database.read() as connection:
            counts = await counts_of(connection, [key])
        wait = self._allowance.wait(counts[key], self._clock()) if key in counts else 0.0
        if wait > 0:
            raise _too_many(wait)

    async def count(self, origin: Origin) -> None:
        """Count it."""
        key = self._key(origin)
        async with self._database.write() as connection:
            time = self._clock()
            counts = await hold_counts(connection, [key], time)
            await set_counts(connection, {key: self._allowance.more(counts[key], time)})

    def _key(self, origin: Origin) -> str:
        return f"{self._what} {origin.network or origin.peer}"


def _too_many(wait: float) -> TooManyAttemptsError:
    seconds = math.ceil(wait)
    return TooManyAttemptsError(
        f"Too many attempts have failed; wait {seconds} seconds.", seconds=seconds
    )


async def purge_throttle(connection: AsyncConnection) -> None:
    """Forget counts that have drained, and places that were not used for long."""
    await purge_counts(connection, now() - _COUNTS_KEPT)
    await purge_places(connection, now() - _PLACES_KEPT)
