"""From which probability a label is on a text, chosen on texts that a model has not seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
from msgspec.structs import replace
from numpy.typing import NDArray

from kodkod.api import InvalidInputError, JobContext, Model, TextBatch, TrainingSet

__all__ = ["best_threshold", "out_of_fold", "thresholds_by_f1"]

FOLDS = 3
FEWEST = 3
"""With fewer texts of a label, or fewer without it, its threshold stays at 0.5."""


def thresholds_by_f1(
    targets: NDArray[np.uint8], probabilities: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return float32 `[n_labels]`; both arguments are `[n, n_labels]`."""
    return np.array(
        [
            best_threshold(on, said)
            for on, said in zip(targets.T.astype(bool), probabilities.T, strict=True)
        ],
        dtype=np.float32,
    )


def best_threshold(on: NDArray[np.bool_], said: NDArray[np.float32]) -> float:
    """Return the probability from which on F1 is greatest; of equals, the one nearest to 0.5.

    It lies half-way between two probabilities that were seen. Lipton, Elkan and Naryanaswamy
    (2014), "Optimal thresholding of classifiers to maximize F1 measure".
    """
    if min(on.sum(), (~on).sum()) < FEWEST:
        return 0.5
    order = np.argsort(-said, kind="stable")
    sorted_said, hits = said[order].astype(np.float64), np.cumsum(on[order])
    f1 = 2 * hits / (np.arange(1, len(on) + 1) + on.sum())
    # Only between two different probabilities can be cut.
    after = np.append(sorted_said[1:], 0.0)
    cuts = np.flatnonzero(sorted_said > after)
    if not len(cuts):
        return 0.5
    middles = (sorted_said[cuts] + after[cuts]) / 2
    best = f1[cuts] >= f1[cuts].max() - 1e-12
    return float(middles[best][np.abs(middles[best] - 0.5).argmin()])


def out_of_fold(
    make: Callable[[], Model[Any]], data: TrainingSet, ctx: JobContext
) -> NDArray[np.float32] | None:
    """Return what models that have not seen a text say of it, `[n, n_labels]`.

    None where the rest of some fold cannot be learnt from.
    """
    folds = _folds(data)
    found = np.zeros((len(data.targets), len(data.labels)), dtype=np.float32)
    matrix: Any = data.features
    for fold in range(FOLDS):
        ctx.progress(None, f"choosing thresholds: {fold + 1} of {FOLDS}")
        held, rest = np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)
        if not len(held):
            continue
        model = make()
        part = replace(
            data,
            batch=_rows(data.batch, rest),
            features=matrix[rest],
            targets=data.targets[rest],
            weights=None if data.weights is None else data.weights[rest],
        )
        try:
            model.fit(part, ctx)
        except InvalidInputError:
            return None
        found[held] = model.predict_proba(_rows(data.batch, held), matrix[held], ctx)
    return found


def _folds(data: TrainingSet) -> NDArray[np.int64]:
    """Deal texts to folds, those whose rarest label is the same in turn."""
    targets = data.targets.astype(bool)
    frequent = targets.sum(axis=0)
    rarest = np.where(targets, frequent, np.iinfo(np.int64).max).argmin(axis=1)
    rarest[~targets.any(axis=1)] = targets.shape[1]
    shuffled = np.random.default_rng(data.seed).permutation(len(targets))
    dealt = shuffled[np.argsort(rarest[shuffled], kind="stable")]
    folds = np.empty(len(targets), dtype=np.int64)
    folds[dealt] = np.arange(len(targets)) % FOLDS
    return folds


def _rows(batch: TextBatch, rows: NDArray[np.int64]) -> TextBatch:
    """Return a batch of as many texts; models of features read none."""
    return TextBatch(batch.rows[rows], [""] * len(rows), pl.DataFrame())
