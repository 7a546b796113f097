"""The table of a corpus: which texts, in an order of the reader's choice, as far as they may see.

Of a text whose answers are hidden from the reader nothing counts but their own, and of one whose
predictions are veiled none: neither the order nor the number of texts tells what is not shown.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import msgspec
import numpy as np
import polars as pl
from msgspec import Meta, Struct
from numpy.typing import NDArray

from kodkod.api import InvalidInputError
from kodkod.project.query import Filter, Sample, SplitName
from kodkod.project.samples import row_test, rows_said_of
from kodkod.project.sight import Sight
from kodkod.project.similarity import Likeness, Similar
from kodkod.project.table_columns import CONTEXT_KEY, SIMILARITY, Reading

if TYPE_CHECKING:
    from kodkod.project.corpus import LiveCorpus
    from kodkod.project.scheme import LiveScheme

__all__ = ["SortKey", "TableKey", "TableQuestion", "TableShelf", "table_key", "table_order"]

Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]

_OF_THE_TEXT = ("row", "id", "length")
_OF_ANSWERS = ("label", "annotators", "annotated_at")
_OF_PREDICTIONS = ("prediction", "confidence", "uncertainty")
# An order takes 8 bytes a row: few are kept of a large corpus, more of a small one.
_ORDERS = 24
_LEAST_ORDERS = 4
_ORDER_ROWS = 4_000_000


class SortKey(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to sort by. Texts that lack it come last, whichever way; ties are in order of rows.

    `row` is the place in the corpus, `length` is in characters. `label` is the value that counts,
    in the order of the scheme's labels; `annotators` counts the people who gave one;
    `annotated_at` is when something was said last. `confidence` is the highest probability, and
    where labels stand for themselves the mean of how sure each is; `uncertainty` is the entropy.
    `similarity` is to what the table is asked to be similar to. `context:COLUMN` is a context
    column.
    """

    by: Annotated[str, Meta(min_length=1, max_length=300)]
    descending: bool = False


class TableQuestion(Struct, frozen=True, kw_only=True):
    """Which texts, in which order: all that an order is made from, but for what is known."""

    sample: Sample
    filter: Filter
    split: SplitName
    sort: tuple[SortKey, ...]
    similar: Similar | None = None


class TableKey(Struct, frozen=True):
    """What an order depends on. `seq` and `guide` are 0 where nothing of it is read.

    `vectors` has the key of those that texts are compared by, if they are.
    """

    question: bytes
    user_id: int
    whole: bool
    n_rows: int
    seq: int
    guide: int
    vectors: str = ""


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


def table_key(
    scheme: LiveScheme, question: TableQuestion, sight: Sight, likeness: Likeness | None = None
) -> TableKey:
    """Return what the order of a table depends on now; `likeness` where it asks for similar texts.

    Raises:
        InvalidInputError: there is nothing of that name to sort by, or no such projection or
            drawn sample.
    """
    keys = [each.by for each in question.sort]
    for index, by in enumerate(keys):
        if by == SIMILARITY and likeness is not None:
            continue
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
        vectors=likeness.key if likeness else "",
    )


def _check(corpus: LiveCorpus, by: str, index: int) -> None:
    field = f"sort[{index}].by"
    if by == SIMILARITY:
        raise InvalidInputError(
            "Similar to what? A table is sorted by similarity where `similar` says so.", field=field
        )
    if by in {*_OF_THE_TEXT, *_OF_ANSWERS, *_OF_PREDICTIONS}:
        return
    if not by.startswith(CONTEXT_KEY):
        known = ", ".join([*_OF_THE_TEXT, *_OF_ANSWERS, *_OF_PREDICTIONS])
        raise InvalidInputError(
            f"A table cannot be sorted by {by[:60]!r}; sort by one of {known}, or by a context "
            "column as context:COLUMN.",
            field=field,
        )
    name = by.removeprefix(CONTEXT_KEY)
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
    scheme: LiveScheme,
    question: TableQuestion,
    sight: Sight,
    users: Mapping[str, int],
    likeness: Likeness | None = None,
) -> Rows:
    """Return the rows of a table in order, int64. For another thread: nothing is changed.

    Where it asks for similar texts and for no order, the most similar come first.

    Raises:
        InvalidInputError: the filter or the sample cannot be used.
    """
    read = Reading(scheme, sight, likeness)
    rows = np.flatnonzero(scheme.corpus.mask(question.filter, question.split))
    rows = _sampled(read, question.sample, users, rows)
    sort = question.sort
    if likeness is not None and question.similar is not None:
        if question.similar.least is not None:
            # What has no vector is like nothing.
            rows = rows[likeness.of(rows) >= question.similar.least]
        sort = sort or (SortKey(by=SIMILARITY, descending=True),)
    # Rows come ascending, so that this alone needs no sorting.
    keys = () if sort[:1] == (SortKey(by="row"),) else sort
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


def _sampled(read: Reading, sample: Sample, users: Mapping[str, int], rows: Rows) -> Rows:
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
