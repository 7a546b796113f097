"""What points of a map can be coloured by: a value for each row of the corpus, as columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kodkod.api import NO_TOPIC, Split, Topic
from kodkod.project.corpus import LiveCorpus
from kodkod.project.exporting import Naming
from kodkod.project.maps import PointMap
from kodkod.project.samples import names_of_columns
from kodkod.project.scheme import LiveScheme

__all__ = ["annotator_column", "label_column", "point_frame", "predicted_columns", "topic_column"]

_BETWEEN = " + "
_THRESHOLD = 0.5


def point_frame(
    corpus: LiveCorpus, map_: PointMap, columns: Sequence[pl.Series], *, split: bool
) -> pl.DataFrame:
    """Return `row`, `x`, `y`, `id` and further columns of the points; one that is NaN is null."""
    points = np.asarray(map_.points)
    rows = np.arange(len(points)) if map_.rows is None else np.asarray(map_.rows)
    there = rows < len(corpus)
    points, rows = points[there], rows[there]
    further = [*columns, *([_split_column(corpus)] if split else [])]
    return pl.DataFrame(
        [
            pl.Series("row", rows.astype(np.uint32)),
            pl.Series("x", points[:, 0]).fill_nan(None),
            pl.Series("y", points[:, 1]).fill_nan(None),
            corpus.frame["id"].gather(rows),
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
