"""What models say of texts, on disk: of the complete corpus, of one split, or of a file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import Split, UnavailableError
from kodkod.store.matrices import MatrixFolder
from kodkod.store.spans import StoredSpans, open_spans

__all__ = ["IDS", "ROWS", "StoredRows", "open_full", "open_predicted", "open_rows"]

ROWS = "rows.npy"
"""The corpus's rows that predictions of a split, or answers, are of; without it rows 0 to n."""
IDS = "ids.parquet"
"""The ids of the texts that a file's predictions are of."""


class StoredRows(Struct, frozen=True, kw_only=True):
    """Probabilities, float32 `[len(rows), n_labels]`, mapped; `rows` ascend.

    The spans, where a model gives any, go by the numbers in `rows`.
    """

    rows: NDArray[np.int64]
    probabilities: NDArray[np.float32]
    spans: StoredSpans | None

    def take(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the probabilities of some of `rows`.

        Raises:
            KeyError: one of them is not predicted.
        """
        place = np.searchsorted(self.rows, rows)
        inside = place < len(self.rows)
        if not inside.all() or (self.rows[place] != rows).any():
            raise KeyError("some of the rows are not predicted")
        return np.asarray(self.probabilities[place])


def open_rows(folder: Path) -> StoredRows | None:
    """Map the predictions in a folder; None where there are none.

    Raises:
        UnavailableError: the files are damaged.
    """
    if not (folder / "manifest.json").exists():
        return None
    try:
        probabilities = MatrixFolder(folder).open_dense()
        rows = np.load(folder / ROWS) if (folder / ROWS).exists() else np.arange(len(probabilities))
    except (OSError, EOFError, ValueError) as error:
        raise UnavailableError(
            f"The predictions in {folder.name} cannot be read ({error}); predict again."
        ) from error
    return StoredRows(rows=rows, probabilities=probabilities, spans=open_spans(folder))


def open_full(folder: Path) -> NDArray[np.float32]:
    """Return probabilities `[n, n_labels]` of rows 0 to n, NaN where a row is not predicted.

    They are mapped where every row is.

    Raises:
        OSError, EOFError, ValueError: the files are missing or damaged.
    """
    probabilities = MatrixFolder(folder).open_dense()
    if not (folder / ROWS).exists():
        return probabilities
    rows = np.load(folder / ROWS)
    n = int(rows[-1]) + 1 if len(rows) else 0
    full = np.full((n, probabilities.shape[1]), np.nan, dtype=np.float32)
    full[rows] = probabilities
    return full


def open_predicted(root: Path, model_id: str, split: Split | None = None) -> StoredRows | None:
    """Map what a model said of the complete corpus, or else of one split.

    None where it has not predicted. `root` is the project's folder.
    """
    complete = open_rows(root / "predictions" / model_id)
    if complete is not None or split is None:
        return complete
    return open_rows(root / "predicted" / model_id / split.value)
