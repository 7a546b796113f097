"""The corpus on disk: `complete.parquet` and the splits. A row's number is its place."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import polars as pl
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import Split
from kodkod.store.files import whole_file

__all__ = ["CorpusFacts", "facts_of", "read_corpus", "write_corpus"]

_COMPLETE = "complete.parquet"


class CorpusFacts(Struct, frozen=True, kw_only=True):
    """What the project's row says of its corpus."""

    n_rows: int
    splits: dict[str, int]
    fingerprint: str


def write_corpus(folder: Path, frame: pl.DataFrame) -> CorpusFacts:
    """Write a corpus into `folder`, which exists.

    `frame` has `id` (string), `text` (string), `split` (uint8, `Split.code`) and further
    columns. Each file is written aside and renamed, the complete one last.
    """
    for split in Split:
        part = frame.filter(pl.col("split") == split.code)
        _write(part, folder / f"{split}.parquet")
    _write(frame, folder / _COMPLETE)
    return facts_of(frame)


def read_corpus(folder: Path, *, texts: bool = True, n_rows: int | None = None) -> pl.DataFrame:
    """Return the complete corpus in row order; without texts and context where not `texts`.

    With `n_rows` only the first so many: what a server wrote when it died before the project's
    row said so was never there.
    """
    columns = None if texts else ["id", "split"]
    return pl.read_parquet(folder / _COMPLETE, columns=columns, n_rows=n_rows)


def facts_of(frame: pl.DataFrame) -> CorpusFacts:
    """Count and fingerprint a corpus; the fingerprint is of ids and texts, in row order."""
    codes: NDArray[np.uint8] = frame["split"].to_numpy()
    counts = np.bincount(codes, minlength=len(Split))
    digest = hashlib.sha256()
    for column in ("id", "text"):
        # Lengths keep ("ab", "c") apart from ("a", "bc").
        digest.update(frame[column].str.len_bytes().to_numpy().tobytes())
        digest.update(_characters(frame[column]))
    return CorpusFacts(
        n_rows=frame.height,
        splits={split.value: int(counts[split.code]) for split in Split},
        fingerprint=digest.hexdigest()[:32],
    )


def _characters(column: pl.Series) -> memoryview:
    array = column.rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())
    data = array.buffers()[2]
    return memoryview(b"" if data is None else data)


def _write(frame: pl.DataFrame, path: Path) -> None:
    with whole_file(path) as aside:
        frame.write_parquet(aside, compression="lz4", statistics=False)
