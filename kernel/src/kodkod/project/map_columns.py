"""What points of a map can be coloured by: a value for each row of the corpus, as columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kodkod.api import NO_TOPIC, InvalidInputError, Split, Topic
from kodkod.project.corpus import LiveCorpus
from kodkod.project.exporting import Naming
from kodkod.project.maps import PointMap
from kodkod.project.samples import disagreement, names_of_columns
from kodkod.project.scheme import LiveScheme

__all__ = [
    "OTHER_VALUES",
    "annotator_column",
    "context_column",
    "disagreement_column",
    "label_column",
    "point_frame",
    "predicted_columns",
    "time_column",
    "topic_column",
]

OTHER_VALUES = "other"
"""What a context column's rarer values are called."""

_BETWEEN = " + "
_THRESHOLD = 0.5
# More colours than that nobody tells apart.
_MOST_VALUES = 12
_MOMENT = pl.Datetime("ms", "UTC")


def point_frame(
    corpus: LiveCorpus,
    map_: PointMap,
    columns: Sequence[pl.Series],
    *,
    split: bool,
    bare: bool = False,
) -> pl.DataFrame:
    """Return `row`, `x`, `y`, `id` and further columns of the points; one that is NaN is null.

    `bare` leaves out the places and ids, which change only where the map does.
    """
    points = np.asarray(map_.points)
    rows = np.arange(len(points)) if map_.rows is None else np.asarray(map_.rows)
    there = rows < len(corpus)
    points, rows = points[there], rows[there]
    further = [*columns, *([_split_column(corpus)] if split else [])]
    places = [
        pl.Series("x", points[:, 0]).fill_nan(None),
        pl.Series("y", points[:, 1]).fill_nan(None),
        corpus.frame["id"].gather(rows),
    ]
    return pl.DataFrame(
        [
            pl.Series("row", rows.astype(np.uint32)),
            *([] if bare else places),
            *(column.gather(rows) for column in further),
        ]
    )


def label_column(scheme: LiveScheme) -> pl.Series:
    """Return the labels that count for each row, joined by " + " where there are several."""
    rows, values = scheme.fold.resolved()
    # As many steps as there are annotations, not rows.
    said = [_BETWEEN.join(scheme.scheme_type.labels_of(value)) for value in values]
    return _scattered("label", len(scheme.corpus), rows, said)


def annotator_column(scheme: LiveScheme, names: Naming) -> pl.Series:
    """Return who gave the answer that counts."""
    rows: list[int] = []
    said: list[str] = []
    for row in scheme.fold.rows_said_of():
        answer = scheme.fold.counted(row)
        if answer is not None:
            rows.append(row)
            said.append(names[answer.user_id])
    return _scattered("annotator", len(scheme.corpus), np.array(rows, dtype=np.int64), said)


def disagreement_column(scheme: LiveScheme) -> pl.Series:
    """Return whether those who coded a row `agree` or `disagree`; null where fewer than two did."""
    rows: list[int] = []
    said: list[str] = []
    for row in scheme.fold.rows_said_of():
        differs = disagreement(scheme.fold, row)
        if differs is not None:
            rows.append(row)
            said.append("disagree" if differs else "agree")
    return _scattered("disagreement", len(scheme.corpus), np.array(rows, dtype=np.int64), said)


def time_column(scheme: LiveScheme) -> pl.Series:
    """Return when the answer that counts was given."""
    found: list[datetime | None] = [None] * len(scheme.corpus)
    for row in scheme.fold.rows_said_of():
        answer = scheme.fold.counted(row)
        if answer is not None and row < len(found):
            found[row] = answer.created_at
    return pl.Series("time", found, dtype=_MOMENT)


def context_column(corpus: LiveCorpus, name: str) -> pl.Series:
    """Return a context column: numbers and times as they are, of others the commonest values.

    Raises:
        InvalidInputError: there is no such column, or it holds lists or records.
    """
    if name not in corpus.context_columns:
        raise InvalidInputError(
            f"There is no context column {name[:60]!r}; there are "
            f"{', '.join(corpus.context_columns) or 'none'}.",
            field="context",
        )
    column = corpus.context_column(name).alias("context")
    if column.dtype.is_nested():
        raise InvalidInputError(
            f"The context column {name!r} holds lists or records, which have no colours; choose "
            "another.",
            field="context",
        )
    if column.dtype.is_numeric():
        return column.cast(pl.Float64).fill_nan(None)
    if column.dtype == pl.Date or isinstance(column.dtype, pl.Datetime):
        zone = column.dtype.time_zone if isinstance(column.dtype, pl.Datetime) else None
        moments = column.cast(pl.Datetime("ms", zone))
        utc = moments.dt.replace_time_zone("UTC") if zone is None else moments
        return utc.dt.convert_time_zone("UTC")
    values = column.cast(pl.String)
    # Of equally common ones the first by name, so that the same texts have the same colours.
    counts = values.drop_nulls().value_counts().sort(["count", "context"], descending=[True, False])
    kept = counts["context"].head(_MOST_VALUES)
    rarer = values.is_not_null() & ~values.is_in(kept.implode())
    names = [*kept, *([OTHER_VALUES] if rarer.any() and OTHER_VALUES not in kept else [])]
    place = {value: index for index, value in enumerate(names)}
    there = values.set(rarer, OTHER_VALUES)
    codes = there.replace_strict(place, default=-1, return_dtype=pl.Int64).fill_null(-1)
    return _named("context", codes.to_numpy(), names)


def predicted_columns(
    scheme: LiveScheme, probabilities: NDArray[np.float32], label_ids: Sequence[int]
) -> list[pl.Series]:
    """Return each row's likeliest label and its probability.

    Where a text may have several labels it is none if the likeliest is less than 0.5.
    """
    names = names_of_columns(label_ids, scheme.coder.labels)
    n = len(scheme.corpus)
    found = np.asarray(probabilities)[:n]
    best = found.argmax(axis=1) if found.shape[1] else np.zeros(len(found), dtype=np.int64)
    greatest = found[np.arange(len(found)), best] if found.shape[1] else np.zeros(len(found))
    known = np.isfinite(greatest)
    if scheme.coder.many_labels:
        known &= greatest >= _THRESHOLD
    codes = np.full(n, -1, dtype=np.int64)
    codes[: len(found)] = np.where(known, best, -1)
    certain = np.full(n, np.nan, dtype=np.float32)
    certain[: len(found)] = greatest
    return [
        _named("prediction", codes, names),
        pl.Series("probability", certain).fill_nan(None),
    ]


def topic_column(assigned: NDArray[np.int32], topics: Sequence[Topic], n_rows: int) -> pl.Series:
    """Return the name of each row's topic."""
    ids = np.array(sorted(topic.id for topic in topics), dtype=np.int64)
    names: Mapping[int, str] = {topic.id: topic.name for topic in topics}
    codes = np.full(n_rows, -1, dtype=np.int64)
    given = np.asarray(assigned)[:n_rows]
    codes[: len(given)] = np.where(given == NO_TOPIC, -1, np.searchsorted(ids, given))
    return _named("topic", codes, [names[id_] for id_ in ids.tolist()])


def _split_column(corpus: LiveCorpus) -> pl.Series:
    return _named("split", corpus.splits.astype(np.int64), [split.value for split in Split])


def _scattered(name: str, n: int, rows: NDArray[np.int64], said: Sequence[str]) -> pl.Series:
    kinds = sorted(set(said))
    codes = np.full(n, -1, dtype=np.int64)
    place = {each: i for i, each in enumerate(kinds)}
    codes[rows] = [place[each] for each in said]
    return _named(name, codes, kinds)


def _named(name: str, codes: NDArray[np.int64], names: Sequence[str]) -> pl.Series:
    """Return a dictionary-encoded column; -1 is null."""
    table = pl.Series(name, [*names], dtype=pl.String)
    places = pl.Series(codes).replace(-1, None)
    if not len(names):
        return pl.Series(name, [None] * len(codes), dtype=pl.String).cast(pl.Categorical)
    return table.gather(places).cast(pl.Categorical)
