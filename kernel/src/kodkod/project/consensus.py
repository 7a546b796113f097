"""Suggestions from votes: whole values for one label a text, label by label for several, and for
passages stretch by stretch, each stretch being characters on which all coders say the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, cast

import numpy as np
from msgspec import Struct

from kodkod.api import Agreed, Consensus, InvalidValueError, Span, Value, Votes
from kodkod.project.coding import Coder
from kodkod.project.disagreements import votes_of
from kodkod.project.fold import SchemeFold

__all__ = ["Suggested", "Suggestions", "suggest"]

_HALF = 0.5
_TIE = 1e-9


class Suggested(Struct, frozen=True, kw_only=True):
    """What is suggested for a text; no value where it is tied.

    `confidence` is the probability of the value, of several labels or passages that of the least
    certain. `probabilities` are those of the labels.
    """

    value: Value | None
    confidence: float
    tied: bool
    probabilities: dict[str, float]


class Suggestions(Struct, frozen=True, kw_only=True):
    """What is suggested, by row, and each coder's competence, by user."""

    by_row: dict[int, Suggested]
    competence: dict[int, float]


_Said = Mapping[int, Sequence[tuple[int, Value]]]
"""By row, who says what."""


def suggest(fold: SchemeFold, coder: Coder, consensus: Consensus[Any], texts: Any) -> Suggestions:
    """Work suggestions out for all rows that people have coded. For another thread.

    `texts(row)` gives a row's text.
    """
    said = {row: votes_of(fold, row) for row in list(fold.answers)}
    votes = {row: [(a.user_id, v) for a, v in each] for row, each in said.items() if each}
    users = sorted({user for each in votes.values() for user, _ in each})
    place = {user: column for column, user in enumerate(users)}
    if not votes or not coder.names:
        return Suggestions(by_row={}, competence={})
    if coder.scheme_type.encode([], ()) is None:
        return _of_spans(votes, place, coder, consensus, texts)
    if coder.many_labels:
        return _of_labels(votes, place, coder, consensus)
    return _of_one(votes, place, coder, consensus)


def _of_one(
    votes: _Said, place: Mapping[int, int], coder: Coder, consensus: Consensus[Any]
) -> Suggestions:
    column = {name: i for i, name in enumerate(coder.names)}
    lines = [
        (unit, place[user], column[cast("str", value)])
        for unit, each in enumerate(votes.values())
        for user, value in each
    ]
    agreed = _agree(consensus, lines, len(votes), len(place), len(column))
    by_row: dict[int, Suggested] = {}
    for row, line, tied in zip(votes, agreed.probabilities, agreed.tied, strict=True):
        best = int(line.argmax())
        by_row[row] = Suggested(
            value=None if tied else coder.names[best],
            confidence=float(line[best]),
            tied=bool(tied),
            probabilities=dict(zip(coder.names, line.tolist(), strict=True)),
        )
    return Suggestions(by_row=by_row, competence=_competence(place, [agreed]))


def _of_labels(
    votes: _Said, place: Mapping[int, int], coder: Coder, consensus: Consensus[Any]
) -> Suggestions:
    tables: list[Agreed] = []
    for name in coder.names:
        lines = [
            (unit, place[user], int(name in cast("list[str]", value)))
            for unit, each in enumerate(votes.values())
            for user, value in each
        ]
        tables.append(_agree(consensus, lines, len(votes), len(place), 2))
    by_row: dict[int, Suggested] = {}
    for unit, row in enumerate(votes):
        p = [float(table.probabilities[unit, 1]) for table in tables]
        by_row[row] = _several(coder, p)
    return Suggestions(by_row=by_row, competence=_competence(place, tables))


def _several(coder: Coder, p: Sequence[float]) -> Suggested:
    tied = any(abs(each - _HALF) < _TIE for each in p)
    chosen: Any = [name for name, each in zip(coder.names, p, strict=True) if each > _HALF]
    return Suggested(
        value=None if tied else chosen,
        confidence=min((max(each, 1 - each) for each in p), default=1.0),
        tied=tied,
        probabilities=dict(zip(coder.names, p, strict=True)),
    )


class _Stretch(Struct, frozen=True):
    """A unit of passages: characters of a row, under a label."""

    row: int
    start: int
    end: int
    label: str


def _of_spans(
    votes: _Said,
    place: Mapping[int, int],
    coder: Coder,
    consensus: Consensus[Any],
    texts: Any,
) -> Suggestions:
    certain: dict[int, list[tuple[_Stretch, float]]] = {row: [] for row in votes}
    tables: list[Agreed] = []
    for label in coder.names:
        stretches, lines = _stretches(votes, place, label)
        if not stretches:
            continue
        agreed = _agree(consensus, lines, len(stretches), len(place), 2)
        tables.append(agreed)
        for stretch, p in zip(stretches, agreed.probabilities[:, 1].tolist(), strict=True):
            certain[stretch.row].append((stretch, p))
    by_row = {row: _passages(coder, texts(row), each) for row, each in certain.items()}
    return Suggestions(by_row=by_row, competence=_competence(place, tables))


def _stretches(
    votes: _Said, place: Mapping[int, int], label: str
) -> tuple[list[_Stretch], list[tuple[int, int, int]]]:
    stretches: list[_Stretch] = []
    lines: list[tuple[int, int, int]] = []
    for row, each in votes.items():
        spans = [
            (user, [s for s in cast("list[Span]", value) if s.label == label])
            for user, value in each
        ]
        borders = sorted({b for _, theirs in spans for s in theirs for b in (s.start, s.end)})
        for start, end in pairwise(borders):
            said = [
                (user, int(any(s.start <= start and end <= s.end for s in theirs)))
                for user, theirs in spans
            ]
            if any(yes for _, yes in said):
                lines += [(len(stretches), place[user], yes) for user, yes in said]
                stretches.append(_Stretch(row, start, end, label))
    return stretches, lines


def _passages(coder: Coder, text: str, certain: list[tuple[_Stretch, float]]) -> Suggested:
    tied = any(abs(p - _HALF) < _TIE for _, p in certain)
    found: list[Span] = []
    for stretch, p in certain:
        if p <= _HALF:
            continue
        last = found[-1] if found else None
        if last is not None and (last.end, last.label) == (stretch.start, stretch.label):
            found[-1] = Span(last.start, stretch.end, last.label)
        else:
            found.append(Span(stretch.start, stretch.end, stretch.label))
    value: Any = sorted(found)
    try:
        coder.scheme_type.validate(value, coder.names, text)
    except InvalidValueError:
        tied = True  # Two labels are likely on the same characters, which the scheme forbids.
    probabilities: dict[str, float] = {}
    for stretch, p in certain:
        probabilities[stretch.label] = max(p, probabilities.get(stretch.label, 0.0))
    return Suggested(
        value=None if tied else value,
        confidence=min((max(p, 1 - p) for _, p in certain), default=1.0),
        tied=tied,
        probabilities=probabilities,
    )


def _agree(
    consensus: Consensus[Any],
    lines: list[tuple[int, int, int]],
    n_units: int,
    n_coders: int,
    n_labels: int,
) -> Agreed:
    table = np.array(lines, dtype=np.int64)
    votes = Votes(
        units=table[:, 0],
        coders=table[:, 1],
        labels=table[:, 2],
        n_units=n_units,
        n_coders=n_coders,
        n_labels=n_labels,
    )
    return consensus.agree(votes, np.random.default_rng(0))


def _competence(place: Mapping[int, int], tables: Sequence[Agreed]) -> dict[int, float]:
    """Return each user's competence, the mean over labels where it is known."""
    found: dict[int, float] = {}
    for user, column in place.items():
        known = [v for each in tables if not np.isnan(v := float(each.competence[column]))]
        if known:
            found[user] = sum(known) / len(known)
    return found
