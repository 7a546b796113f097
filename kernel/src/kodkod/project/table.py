"""The table of a corpus: which texts, in an order of the reader's choice, as far as they may see.

Of a text whose answers are hidden from the reader nothing counts but their own, and of one whose
predictions are veiled none: neither the order nor the number of texts tells what is not shown.
"""

from __future__ import annotations

import asyncio
import math
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Annotated

import msgspec
import numpy as np
import polars as pl
from msgspec import Meta, Struct
from numpy.typing import NDArray

from kodkod.api import InvalidInputError, Value
from kodkod.project.belief import entropies
from kodkod.project.guide_values import Beliefs
from kodkod.project.importing import CONTEXT
from kodkod.project.query import Filter, Sample, SplitName
from kodkod.project.samples import row_test, rows_said_of
from kodkod.project.sight import Sight

if TYPE_CHECKING:
    from kodkod.project.corpus import LiveCorpus
    from kodkod.project.scheme import LiveScheme

__all__ = ["SortKey", "TableKey", "TableQuestion", "TableShelf", "table_key", "table_order"]

Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]

_CONTEXT = "context:"
_OF_THE_TEXT = ("row", "id", "length")
_OF_ANSWERS = ("label", "annotators", "annotated_at")
_OF_PREDICTIONS = ("prediction", "confidence", "uncertainty")
# An order takes 8 bytes a row: few are kept of a large corpus, more of a small one.
_ORDERS = 24
_LEAST_ORDERS = 4
_ORDER_ROWS = 4_000_000
_BLOCK_ROWS = 16_384


class SortKey(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to sort by. Texts that lack it come last, whichever way; ties are in order of rows.

    `row` is the place in the corpus, `length` is in characters. `label` is the value that counts,
    in the order of the scheme's labels; `annotators` counts the people who gave one;
    `annotated_at` is when something was said last. `confidence` is the highest probability, and
    where labels stand for themselves the mean of how sure each is; `uncertainty` is the entropy.
    `context:COLUMN` is a context column.
    """

    by: Annotated[str, Meta(min_length=1, max_length=300)]
    descending: bool = False


class TableQuestion(Struct, frozen=True, kw_only=True):
    """Which texts, in which order: all that an order is made from, but for what is known."""

    sample: Sample
    filter: Filter
    split: SplitName
    sort: tuple[SortKey, ...]


class TableKey(Struct, frozen=True):
    """What an order depends on. `seq` and `guide` are 0 where nothing of it is read."""

    question: bytes
    user_id: int
    whole: bool
    n_rows: int
    seq: int
    guide: int


class TableShelf:
    """Keeps the orders that were asked for last, from when somebody began to work them out.

    Belongs to the event loop's thread. Whoever changes what no key tells of (tasks, gold, labels,
    projections) forgets them all.
    """

    def __init__(self) -> None:
        self._orders: OrderedDict[TableKey, asyncio.Task[Rows]] = OrderedDict()

    async def order(self, key: TableKey, make: Callable[[], Rows]) -> Rows:
        """Return an order, worked out in another thread unless it is there or under way."""
        task = self._orders.get(key)
        if task is None:
            task = self._orders[key] = asyncio.create_task(asyncio.to_thread(make))
            most = max(_LEAST_ORDERS, min(_ORDERS, _ORDER_ROWS // max(key.n_rows, 1)))
            while len(self._orders) > most:
                self._orders.popitem(last=False)
        self._orders.move_to_end(key)
        try:
            # Whoever goes away must not take it from the others who wait for it.
            return await asyncio.shield(task)
        except Exception:
            if self._orders.get(key) is task:
                del self._orders[key]
            raise

    def forget(self) -> None:
        """Let go of all that was kept."""
        self._orders.clear()


def table_key(scheme: LiveScheme, question: TableQuestion, sight: Sight) -> TableKey:
    """Return what the order of a table depends on now.

    Raises:
        InvalidInputError: there is nothing of that name to sort by, or no such projection or
            drawn sample.
    """
    keys = [each.by for each in question.sort]
    for index, by in enumerate(keys):
        _check(scheme.corpus, by, index)
    question = msgspec.structs.replace(question, filter=scheme.corpus.resolved(question.filter))
    kind = question.sample.kind
    predicted = kind in {"predicted_as", "prediction_differs"} or any(
        by in _OF_PREDICTIONS for by in keys
    )
    # What is veiled from somebody depends on what they have coded.
    said = (
        kind not in {"all", "predicted_as"}
        or any(by in _OF_ANSWERS for by in keys)
        or (predicted and not sight.whole)
    )
    return TableKey(
        question=msgspec.json.encode(question),
        user_id=sight.user_id,
        whole=sight.whole,
        n_rows=len(scheme.corpus),
        seq=scheme.fold.seq if said else 0,
        guide=scheme.guide_version if predicted else 0,
    )


def _check(corpus: LiveCorpus, by: str, index: int) -> None:
    field = f"sort[{index}].by"
    if by in {*_OF_THE_TEXT, *_OF_ANSWERS, *_OF_PREDICTIONS}:
        return
    if not by.startswith(_CONTEXT):
        known = ", ".join([*_OF_THE_TEXT, *_OF_ANSWERS, *_OF_PREDICTIONS])
        raise InvalidInputError(
            f"A table cannot be sorted by {by[:60]!r}; sort by one of {known}, or by a context "
            "column as context:COLUMN.",
            field=field,
        )
    name = by.removeprefix(_CONTEXT)
    if name not in corpus.context_columns:
        raise InvalidInputError(
            f"There is no context column {name[:60]!r} to sort by; there are "
            f"{', '.join(corpus.context_columns) or 'none'}.",
            field=field,
        )
    if corpus.context_column(name).dtype.is_nested():
        raise InvalidInputError(
            f"The context column {name!r} holds lists or records, which have no order; sort by "
            "another.",
            field=field,
        )


def table_order(
    scheme: LiveScheme, question: TableQuestion, sight: Sight, users: Mapping[str, int]
) -> Rows:
    """Return the rows of a table in order, int64. For another thread: nothing is changed.

    Raises:
        InvalidInputError: the filter or the sample cannot be used.
    """
    read = _Reading(scheme, sight)
    rows = np.flatnonzero(scheme.corpus.mask(question.filter, question.split))
    rows = _sampled(read, question.sample, users, rows)
    # Rows come ascending, so that this alone needs no sorting.
    keys = [] if question.sort[:1] == (SortKey(by="row"),) else question.sort
    if not keys or len(rows) < 2:
        return rows
    columns = [read.column(each.by, rows).alias(str(i)) for i, each in enumerate(keys)]
    order = pl.DataFrame(columns).select(
        pl.arg_sort_by(
            [str(i) for i in range(len(keys))],
            descending=[each.descending for each in keys],
            nulls_last=True,
            maintain_order=True,
        )
    )
    return rows[order.to_series().to_numpy()]


def _sampled(read: _Reading, sample: Sample, users: Mapping[str, int], rows: Rows) -> Rows:
    scheme, sight = read.scheme, read.sight
    fold = scheme.fold
    # Checks the sample as well.
    holds = row_test(sample, scheme, sight, users, read.believed)
    match sample.kind:
        case "all":
            return rows
        case "untagged" | "queue":
            return rows[~fold.coded[rows] | read.hidden[rows]]
        case "assigned":
            return scheme.book.rest(rows, sight.user_id)
        case "not_by_me":
            mine = [row for row in fold.rows_said_of() if not holds(row)]
            return rows[~_within(mine, rows)]
        case _:
            candidates = rows_said_of(sample, fold, len(scheme.corpus))
            if sample.kind != "predicted_as":
                rows = rows[_within(candidates, rows)]
            return rows[np.fromiter(map(holds, rows.tolist()), dtype=np.bool_, count=len(rows))]


def _within(some: Sequence[int] | Rows, rows: Rows) -> Mask:
    """Tell which of `rows`, ascending, are among `some`."""
    return np.isin(rows, np.asarray(some, dtype=np.int64), assume_unique=True)


class _Reading:
    """What one reader may know of a scheme, in columns over its rows."""

    def __init__(self, scheme: LiveScheme, sight: Sight) -> None:
        self.scheme = scheme
        self.sight = sight
        self._n = len(scheme.corpus)
        self.hidden = sight.hidden_rows(self._n)
        self.veiled = sight.veiled_rows(self._n)

    def column(self, by: str, rows: Rows) -> pl.Series:
        """Return what rows are sorted by; null where a row lacks it."""
        corpus = self.scheme.corpus
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
                found = _ordered(corpus, by.removeprefix(_CONTEXT))
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
