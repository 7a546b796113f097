"""What a table is sorted by: columns over the rows of a scheme, as far as a reader may know."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kodkod.api import Value
from kodkod.project.belief import entropies
from kodkod.project.guide_values import Beliefs
from kodkod.project.importing import CONTEXT
from kodkod.project.sight import Sight
from kodkod.project.similarity import Likeness

if TYPE_CHECKING:
    from kodkod.project.corpus import LiveCorpus
    from kodkod.project.scheme import LiveScheme

__all__ = ["CONTEXT_KEY", "SIMILARITY", "Reading"]

Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]

CONTEXT_KEY = "context:"
SIMILARITY = "similarity"
_BLOCK_ROWS = 16_384


class Reading:
    """What one reader may know of a scheme, in columns over its rows."""

    def __init__(self, scheme: LiveScheme, sight: Sight, likeness: Likeness | None = None) -> None:
        self.scheme = scheme
        self.sight = sight
        self._likeness = likeness
        self._n = len(scheme.corpus)
        self.hidden = sight.hidden_rows(self._n)
        self.veiled = sight.veiled_rows(self._n)

    def column(self, by: str, rows: Rows) -> pl.Series:
        """Return what rows are sorted by; null where a row lacks it."""
        corpus = self.scheme.corpus
        if by == SIMILARITY and self._likeness is not None:
            return pl.Series(self._likeness.of(rows)).fill_nan(None)
        match by:
            case "row":
                return pl.Series(rows)
            case "id":
                found = corpus.places("id")
            case "length":
                found = corpus.frame["text"].str.len_chars()
            case "label":
                found = self._labels()
            case "annotators":
                found = self._annotators()
            case "annotated_at":
                found = self._annotated_at()
            case "prediction":
                found = self._predictions()
            case "confidence" | "uncertainty":
                found = self._sureness(by)
            case _:
                found = _ordered(corpus, by.removeprefix(CONTEXT_KEY))
        return found if len(rows) == self._n else found.gather(rows)

    def believed(self, row: int) -> Value | None:
        """Return the value that the guide predicts for a row, or None."""
        return self._beliefs.of(row)

    @cached_property
    def _beliefs(self) -> Beliefs:
        return self.scheme.beliefs()

    def _labels(self) -> pl.Series:
        fold, me = self.scheme.fold, self.sight.user_id
        rows, values = fold.resolved()
        # Others may have added rows meanwhile.
        values, rows = values[: np.searchsorted(rows, self._n)], rows[rows < self._n]
        kept = ~self.hidden[rows]
        if not kept.all():
            values = [value for value, keep in zip(values, kept.tolist(), strict=True) if keep]
            rows = rows[kept]
            own = {
                row: value
                for row in self._hidden_and_said_of()
                if (value := fold.value_of(fold.counted(row, lambda a: a.user_id == me)))
                is not None
            }
            rows = np.concatenate([rows, np.fromiter(own, dtype=np.int64, count=len(own))])
            values.extend(own.values())
        return self._spread(rows, self._ranks(values))

    def _hidden_and_said_of(self) -> list[int]:
        n, hidden = self._n, self.hidden
        return [row for row in self.scheme.fold.rows_said_of() if row < n and hidden[row]]

    def _annotators(self) -> pl.Series:
        counts = self.scheme.fold.voices[: self._n].astype(np.int64)
        for row in self._hidden_and_said_of():
            counts[row] = self.sight.user_id in self.scheme.fold.voiced(row)
        return pl.Series(counts)

    def _annotated_at(self) -> pl.Series:
        fold, hidden, me = self.scheme.fold, self.hidden, self.sight.user_id
        newest = {
            row: max(at)
            for row in fold.rows_said_of()
            if row < self._n
            and (
                at := [
                    a.created_at for a in fold.said_of(row) if not hidden[row] or a.user_id == me
                ]
            )
        }
        rows = np.fromiter(newest, dtype=np.int64, count=len(newest))
        times = [at.timestamp() for at in newest.values()]
        return self._spread(rows, np.array(times, dtype=np.float64))

    def _predictions(self) -> pl.Series:
        ranks = self._ranks(self._beliefs.values)[: self._n]
        return self._spread(np.arange(len(ranks)), ranks, veiled=self.veiled)

    def _sureness(self, what: str) -> pl.Series:
        known = self.scheme.predictions
        if known is None:
            return pl.Series(np.full(self._n, np.nan)).fill_nan(None)
        n = min(len(known.probabilities), self._n)
        found = np.empty(n, dtype=np.float32)
        many = self.scheme.coder.many_labels
        for start in range(0, n, _BLOCK_ROWS):
            stop = min(start + _BLOCK_ROWS, n)
            columns = np.ascontiguousarray(np.asarray(known.probabilities[start:stop]).T)
            if what == "uncertainty":
                found[start:stop] = entropies(columns, multilabel=many)
            elif many:
                found[start:stop] = np.maximum(columns, 1 - columns).mean(axis=0)
            else:
                found[start:stop] = columns.max(axis=0)
        return self._spread(np.arange(n), found, veiled=self.veiled)

    def _ranks(self, values: Sequence[Value | None]) -> NDArray[np.float64]:
        """Return the place of each value among those there are; NaN for what is none."""
        coder, labels_of = self.scheme.coder, self.scheme.scheme_type.labels_of
        place = {name: index for index, name in enumerate(coder.names)}
        last = len(place)

        def places(value: Value) -> tuple[tuple[int, str], ...]:
            return tuple(sorted((place.get(name, last), name) for name in labels_of(value)))

        # Most values are one label, whose places are looked up once.
        known: dict[str, tuple[tuple[int, str], ...]] = {}
        found: list[tuple[tuple[int, str], ...] | None] = []
        for value in values:
            if isinstance(value, str):
                if value not in known:
                    known[value] = places(value)
                found.append(known[value])
            else:
                found.append(None if value is None else places(value))
        there = sorted({each for each in found if each is not None})
        rank: dict[object, float] = {None: math.nan}
        rank.update((each, float(index)) for index, each in enumerate(there))
        return np.array([rank[each] for each in found], dtype=np.float64)

    def _spread(
        self, rows: Rows, values: NDArray[np.floating], *, veiled: Mask | None = None
    ) -> pl.Series:
        """Return values as a column over all rows; null where there is none."""
        spread = np.full(self._n, np.nan, dtype=values.dtype)
        there = rows < self._n
        spread[rows[there]] = values[there]
        if veiled is not None:
            spread[veiled] = np.nan
        return pl.Series(spread).fill_nan(None)


def _ordered(corpus: LiveCorpus, name: str) -> pl.Series:
    """Return a context column as people order it: names by their letters, no number last."""
    column = corpus.context_column(name)
    if isinstance(column.dtype, (pl.Categorical, pl.Enum, pl.String)):
        return corpus.places(CONTEXT + name)
    return column.fill_nan(None) if column.dtype.is_float() else column
