"""How far the people of a task are, by the fold of the log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median

from msgspec import Struct

from kodkod.project.fold import Answer, SchemeFold
from kodkod.project.tasks import rows_of_share
from kodkod.store.tasks import Share, Task

__all__ = ["Standing", "standing_of"]

_PACE = 20


class Standing(Struct, frozen=True, kw_only=True):
    """What a person has done of a task; times are None where there is nothing to tell from."""

    assigned: int
    coded: int
    skipped: int
    seconds_median: float | None
    last_at: datetime | None
    expected_end: datetime | None

    @property
    def left(self) -> int:
        """Return how many texts are not coded."""
        return self.assigned - self.coded


def standing_of(
    task: Task, share: Share, fold: SchemeFold, skipped: set[int], now: datetime
) -> Standing:
    """Work out how far a person is. Takes a microsecond or so for each of their texts."""
    rows = rows_of_share(task, share).tolist()
    done: list[Answer] = []
    passed_over = 0
    for row in rows:
        answer = fold.answers.get(row, {}).get(share.user_id)
        if answer is not None and share.user_id in fold.voiced(row):
            done.append(answer)
        else:
            passed_over += row in skipped
    times = sorted(answer.created_at for answer in done)
    seconds = [answer.seconds for answer in done if answer.seconds is not None]
    return Standing(
        assigned=len(rows),
        coded=len(done),
        skipped=passed_over,
        seconds_median=median(seconds) if seconds else None,
        last_at=times[-1] if times else None,
        expected_end=_expected_end(times[-_PACE:], len(rows) - len(done), now),
    )


def _expected_end(times: Sequence[datetime], left: int, now: datetime) -> datetime | None:
    if not left or len(times) < 2:
        return None
    each = (times[-1] - times[0]) / (len(times) - 1)
    # At the pace of an import, or at one that never ends, there is no date to name.
    seconds = min(each.total_seconds() * left, timedelta(days=36_500).total_seconds())
    return now + timedelta(seconds=seconds)
