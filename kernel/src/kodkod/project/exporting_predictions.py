"""Tables of what models predict, in frames of bounded size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from kodkod.project.corpus import LiveCorpus
from kodkod.project.deciding import Decider
from kodkod.project.exporting import cell
from kodkod.project.samples import names_of_columns
from kodkod.project.scheme import LiveScheme
from kodkod.project.teaching import Taught
from kodkod.store.artefacts import ModelRow
from kodkod.store.predictions import IDS, StoredRows

__all__ = ["decider_of", "file_ids", "prediction_frames"]

_ROWS = 20_000


def decider_of(scheme: LiveScheme, model: ModelRow) -> Decider:
    """Return what the columns of a model's probabilities mean by the scheme's labels of now."""
    one = msgspec.convert(model.training, Taught).dichotomise is not None
    single = not scheme.coder.many_labels and not has_spans(scheme)
    return Decider(
        scheme_type=scheme.scheme_type,
        labels=names_of_columns(model.label_ids, scheme.coder.labels),
        many=not single or one,
        one_of=single and one,
        thresholds=None
        if model.thresholds is None
        else np.array(model.thresholds, dtype=np.float32),
    )


def has_spans(scheme: LiveScheme) -> bool:
    """Tell whether values say where in the text a label is."""
    return scheme.scheme_type.encode([], ()) is None


def prediction_frames(
    scheme: LiveScheme, model: ModelRow, stored: StoredRows, ids: Sequence[str] | pl.Series | None
) -> Iterator[pl.DataFrame]:
    """Yield one line for each predicted text.

    It has the text's id and split, the value (`prediction`, or `spans` with the probability of
    each), entropy in nats and margin (see `Decider`), and each label's probability as `p:label`.
    The texts of a file have the `ids` given, and no split.
    """
    decider = decider_of(scheme, model)
    for start in range(0, max(len(stored.rows), 1), _ROWS):
        rows = stored.rows[start : start + _ROWS]
        part = np.asarray(stored.probabilities[start : start + _ROWS])
        yield pl.DataFrame(
            {
                **_whose(scheme.corpus, rows, ids),
                **_said(scheme, decider, stored, rows, part),
                "entropy": decider.entropy(part),
                "margin": decider.margin(part),
                **{f"p:{label}": part[:, i] for i, label in enumerate(decider.labels)},
            }
        )


def file_ids(folder: Path) -> pl.Series:
    """Return the ids of the texts that a file's predictions in a folder are of."""
    return pl.read_parquet(folder / IDS)["id"]


def _whose(
    corpus: LiveCorpus, rows: NDArray[np.int64], ids: Sequence[str] | pl.Series | None
) -> dict[str, Any]:
    if ids is not None:
        return {"id": pl.Series(ids, dtype=pl.String)[rows]}
    return {
        "id": corpus.frame["id"][rows],
        "split": pl.Series([corpus.split_of(row).value for row in rows.tolist()], dtype=pl.String),
    }


def _said(
    scheme: LiveScheme,
    decider: Decider,
    stored: StoredRows,
    rows: NDArray[np.int64],
    part: NDArray[np.float32],
) -> dict[str, pl.Series]:
    if stored.spans is None:
        values = decider.values(part)
        return {"prediction": pl.Series([cell(each) for each in values], dtype=pl.String)}
    names = {label.id: label.name for label in scheme.coder.labels}
    found = stored.spans.scored(rows, names)
    lines = [
        cell([{**msgspec.structs.asdict(span), "score": score} for span, score in each])
        for each in found
    ]
    return {"spans": pl.Series(lines, dtype=pl.String)}
