"""How far projects have come, without counting large logs again and again."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping

from kodkod.store.database import Database
from kodkod.store.progress import Progress, progress_of

__all__ = ["ProgressBook"]

_REST = 20.0
"""A count rests for so many times as long as it took: a twentieth of the time is spent on it."""
_QUICK_SECONDS = 0.05
_REMEMBERED = 100

Key = tuple[tuple[int, ...], frozenset[int]]


class ProgressBook:
    """Counts of projects by those who asked. A small log is counted whenever somebody asks.

    A log of a million annotations takes a second or two to count, and a list of projects may be
    asked for by everybody at once: then what was counted last is told for half a minute.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._counted: OrderedDict[Key, tuple[float, Mapping[int, Progress]]] = OrderedDict()
        self._counting = asyncio.Lock()

    async def of(
        self, project_ids: tuple[int, ...], hidden: frozenset[int]
    ) -> Mapping[int, Progress]:
        """Return the progress of projects, by id; of the schemes `hidden` nothing is told."""
        key = (project_ids, hidden)
        async with self._counting:
            until, progress = self._counted.get(key, (0.0, None))
            if progress is not None and self._clock() < until:
                return progress
            begun = self._clock()
            async with self._database.read() as connection:
                progress = await progress_of(connection, project_ids, hidden=hidden)
            ended = self._clock()
            if ended - begun > _QUICK_SECONDS:
                self._counted[key] = (ended + _REST * (ended - begun), progress)
                self._counted.move_to_end(key)
                while len(self._counted) > _REMEMBERED:
                    self._counted.popitem(last=False)
            return progress
