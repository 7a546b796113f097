"""Which texts a model learnt from, and what cross-validation said of them, beside the model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import pyarrow.parquet as pq
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import Span
from kodkod.store.spans import SPANS, StoredSpans, open_spans, span_table

__all__ = ["Learnt", "Said", "read_learnt", "write_learnt"]

_ROWS = "learnt.npy"
_HELD_OUT = "held_out.npy"
_THRESHOLDS = "held_out_thresholds.npy"


class Said(Protocol):
    """What models said of texts that they had not learnt from, as cross-validation gives it."""

    @property
    def probabilities(self) -> NDArray[np.float32]:
        """Return `[n, k]`, NaN for a text that nothing was said of."""
        ...

    @property
    def spans(self) -> Sequence[Sequence[Span]] | None:
        """Return the spans in each text, where models give spans."""
        ...

    @property
    def thresholds(self) -> NDArray[np.float32] | None:
        """Return `[k]`, where models have any."""
        ...


class Learnt(Struct, frozen=True, kw_only=True):
    """`rows`, int64 ascending, are the texts that a model learnt from.

    `held_out`, float32 `[len(rows), k]`, is what models of its kind said of them that had not: NaN
    for a text that had to be learnt throughout, None where nothing was cross-validated.
    """

    rows: NDArray[np.int64]
    held_out: NDArray[np.float32] | None = None
    thresholds: NDArray[np.float32] | None = None
    spans: StoredSpans | None = None


def write_learnt(
    folder: Path,
    *,
    rows: NDArray[np.int64],
    label_ids: Sequence[int],
    names: Sequence[str],
    said: Said | None,
) -> None:
    """Write it into a model's folder, which is being made; `names` are those in the spans."""
    np.save(folder / _ROWS, rows)
    if said is None:
        return
    np.save(folder / _HELD_OUT, said.probabilities)
    if said.thresholds is not None:
        np.save(folder / _THRESHOLDS, said.thresholds)
    if said.spans is not None:
        ids: Mapping[str, int] = dict(zip(names, label_ids, strict=True))
        certain = [[1.0] * len(spans) for spans in said.spans]
        pq.write_table(span_table(rows, said.spans, certain, ids), folder / SPANS)


def read_learnt(folder: Path) -> Learnt | None:
    """Return what is in a model's folder; None where it is of before, or damaged."""
    try:
        rows = np.load(folder / _ROWS)
        held_out = _loaded(folder / _HELD_OUT)
        thresholds = _loaded(folder / _THRESHOLDS)
    except (OSError, ValueError, EOFError):
        return None
    if held_out is not None and len(held_out) != len(rows):
        return None
    return Learnt(rows=rows, held_out=held_out, thresholds=thresholds, spans=open_spans(folder))


def _loaded(path: Path) -> NDArray[np.float32] | None:
    return np.load(path) if path.exists() else None
