"""Precision, recall, F1 and accuracy from counts, for any number of replicates at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["BY_LABEL", "OVERALL", "figures"]

BY_LABEL = ("precision", "recall", "f1")
OVERALL = (
    "accuracy",
    *(f"{average}_{figure}" for average in ("macro", "micro", "weighted") for figure in BY_LABEL),
)

Floats = NDArray[np.float64]


def figures(totals: Floats, n: int) -> tuple[Floats, Floats]:
    """Return overall `[r, len(OVERALL)]` and by label `[r, 3, n_labels]`, NaN where undefined.

    `totals` is `[r, 3 * n_labels + 1]`: sums over `n` texts of `Outcomes.indicators`.

    A label's precision is undefined if it was never predicted, its recall if the reference
    never has it, its F1 if both. Averages are scikit-learn's with `zero_division=0`: macro is
    over the labels found in the reference or the predictions, an undefined figure of such a
    label counting as 0; weighted is by the number of texts that have the label. The absence
    of a label is nowhere counted as a success, but in accuracy: with several labels a text,
    the share of texts all of whose labels are right.
    """
    parts = totals[:, :-1].reshape(len(totals), 3, totals.shape[1] // 3)
    hit, actual, predicted = parts[:, 0], parts[:, 1], parts[:, 2]
    by_label = np.stack(_ratios(hit, actual, predicted), axis=1)
    zeroed = np.nan_to_num(by_label, nan=0.0)
    present = (actual + predicted > 0)[:, None, :]
    macro = _divide((zeroed * present).sum(axis=2), present.sum(axis=2))
    sums = (part.sum(axis=1, keepdims=True) for part in (hit, actual, predicted))
    micro = np.hstack(_ratios(*sums))
    weighted = _divide((zeroed * actual[:, None, :]).sum(axis=2), actual.sum(axis=1, keepdims=True))
    return np.hstack([totals[:, -1:] / n, macro, micro, weighted]), by_label


def _ratios(hit: Floats, actual: Floats, predicted: Floats) -> tuple[Floats, Floats, Floats]:
    return (
        _divide(hit, predicted),
        _divide(hit, actual),
        _divide(2 * hit, actual + predicted),
    )


def _divide(above: Floats, below: Floats | NDArray[np.int64]) -> Floats:
    undefined = np.full(np.broadcast_shapes(above.shape, below.shape), np.nan)
    return np.divide(above, below, out=undefined, where=below > 0)
