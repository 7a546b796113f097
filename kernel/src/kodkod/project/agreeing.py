"""Votes put side by side as components of agreement read them: a line a text, a column a coder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from kodkod.api import Coded, Span, Value
from kodkod.project.coding import Coder
from kodkod.project.voting import Votes

__all__ = ["MachineCoder", "Window", "draws_of", "label_numbers", "put_together", "windows"]

_DAY = 86_400_000_000
_PERIODS = {"day": _DAY, "week": 7 * _DAY}
# The first of January 1970 was a Thursday; weeks begin on Mondays.
_MONDAY = 4 * _DAY


class MachineCoder(Struct, frozen=True, kw_only=True):
    """What a model or a labelling says, taken for one more coder: `values[i]` is of `rows[i]`.

    Rows ascend.
    """

    name: str
    rows: NDArray[np.int64]
    values: Sequence[Value]


class Window(Struct, frozen=True, kw_only=True):
    """A stretch of time and the votes on the texts that were last voted on within it."""

    start: datetime
    end: datetime
    votes: Votes


def put_together(
    votes: Votes,
    coder: Coder,
    names: Mapping[int, str],
    lengths: NDArray[np.int64],
    machine: MachineCoder | None,
    positions: NDArray[np.float64] | None = None,
) -> Coded:
    """Return the votes as a table; `names` are the annotators', `lengths` those of all texts.

    The machine says something only of texts that people have coded too.
    """
    rows, line = np.unique(votes.row, return_inverse=True)
    users, column = np.unique(votes.user, return_inverse=True)
    coders = [names[user] for user in users.tolist()]
    values = list(votes.values)
    table = np.full((len(rows), len(coders) + (machine is not None)), -1, dtype=np.int64)
    table[line, column] = votes.value
    if machine is not None:
        _, mine, theirs = np.intersect1d(rows, machine.rows, return_indices=True)
        table[mine, -1] = len(values) + np.arange(len(theirs))
        values += [machine.values[place] for place in theirs.tolist()]
        coders.append(machine.name)
    coded = Coded(labels=coder.names, coders=tuple(coders), positions=positions)
    encoded = coder.scheme_type.encode(values, coder.names)
    if encoded is None:
        spans = cast("list[list[Span]]", values)
        said = [[None if each < 0 else spans[each] for each in one] for one in table.tolist()]
        return replace(coded, spans=said, lengths=lengths[rows])
    return replace(coded, values=_looked_up(table, encoded))


def _looked_up(table: NDArray[np.int64], encoded: NDArray[Any]) -> NDArray[Any]:
    if encoded.ndim == 1:
        nothing = np.array([-1], dtype=np.int64)
        return np.concatenate([encoded.astype(np.int64), nothing])[table]
    nothing = np.full((1, encoded.shape[1]), -1, dtype=np.int8)
    return np.concatenate([encoded.astype(np.int8), nothing])[table]


def label_numbers(
    names: Sequence[str], given: Sequence[float] | None
) -> NDArray[np.float64] | None:
    """Return where labels stand on a scale: as given, or as they are named, if by numbers."""
    if given is not None:
        return np.array(given, dtype=np.float64)
    try:
        found = np.array([float(name.replace(",", ".")) for name in names], dtype=np.float64)
    except ValueError:
        return None
    distinct = len(np.unique(found)) == len(found) and bool(np.isfinite(found).all())
    return found if distinct else None


def draws_of(votes: Votes) -> dict[str | None, int]:
    """Count what chose the texts that two people or more have coded, by strategy."""
    rows, counts = np.unique(votes.row, return_counts=True)
    found: dict[str | None, int] = {}
    for row in rows[counts >= 2].tolist():
        strategy = votes.first_strategy.get(row)
        found[strategy] = found.get(strategy, 0) + 1
    return found


def windows(votes: Votes, over: str) -> list[Window]:
    """Return votes by time: `day`, `week` (from Monday, UTC), or so many votes, as a number.

    A text belongs where its last vote lies, which is when it could first be compared in full.
    """
    if not len(votes.row):
        return []
    last = _last_of_text(votes)
    if over in _PERIODS:
        window = (last - (_MONDAY if over == "week" else 0)) // _PERIODS[over]
    else:
        turn = np.empty(len(last), dtype=np.int64)
        turn[np.lexsort((votes.row, last))] = np.arange(len(last))
        window = _most_of_text(votes, turn) // int(over)
    return [_window(votes, window == each, over) for each in np.unique(window).tolist()]


def _last_of_text(votes: Votes) -> NDArray[np.int64]:
    return _most_of_text(votes, votes.at)


def _most_of_text(votes: Votes, of: NDArray[np.int64]) -> NDArray[np.int64]:
    rows, line = np.unique(votes.row, return_inverse=True)
    most = np.full(len(rows), np.iinfo(np.int64).min)
    np.maximum.at(most, line, of)
    return most[line]


def _window(votes: Votes, kept: NDArray[np.bool_], over: str) -> Window:
    mine = votes.of(kept)
    last = _last_of_text(mine)
    start, end = int(last.min()), int(last.max())
    if over in _PERIODS:
        length, offset = _PERIODS[over], _MONDAY if over == "week" else 0
        start = (start - offset) // length * length + offset
        end = start + length
    return Window(start=_time(start), end=_time(end), votes=mine)


def _time(microseconds: int) -> datetime:
    return datetime.fromtimestamp(microseconds / 1e6, tz=UTC)
