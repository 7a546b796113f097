"""Predictions that are finished part by part, so that a run that was killed loses the last one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from kodkod.jobs.matrix_file import MatrixWriter
from kodkod.store.files import whole_file
from kodkod.store.spans import SpansWriter

__all__ = ["PartFiles"]

_DIGITS = 12


class PartFiles:
    """The parts in a folder, which is made when the first is written: lines `start` to `end`.

    A part is there once its matrix is; its spans are written before.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, start: int, probabilities: NDArray[np.float32], spans: pa.Table | None) -> None:
        """Keep a part."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{start:0{_DIGITS}}-{start + len(probabilities):0{_DIGITS}}"
        if spans is not None:
            with whole_file(path.with_suffix(".parquet")) as aside:
                pq.write_table(spans, aside, compression="lz4")
        with whole_file(path.with_suffix(".npy")) as aside, aside.open("wb") as file:
            np.save(file, probabilities)

    @property
    def has_spans(self) -> bool:
        """Tell whether a part has spans."""
        return any(self._folder.glob("[0-9]*.parquet"))

    def until(self, start: int) -> int:
        """Return the line up to which parts follow each other from `start` on."""
        for _, end in self._following(start):
            start = end
        return start

    def copy(self, start: int, matrix: MatrixWriter, spans: SpansWriter | None) -> None:
        """Write the parts that follow each other from `start` on into what is to stay."""
        for path, _ in self._following(start):
            matrix.append(np.load(path, mmap_mode="r"))
            if spans is not None:
                spans.copy(path.with_suffix(".parquet"))

    def _following(self, start: int) -> Iterator[tuple[Path, int]]:
        known: dict[int, tuple[Path, int]] = {}
        for path in self._folder.glob("[0-9]*.npy"):
            first, _, after = path.stem.partition("-")
            known[int(first)] = (path, int(after))
        while start in known and _whole(*known[start], start):
            path, start = known[start]
            yield path, start


def _whole(path: Path, end: int, start: int) -> bool:
    """Tell whether a part can be read: a machine that lost its power may have kept the name."""
    try:
        return len(np.load(path, mmap_mode="r")) == end - start
    except (OSError, EOFError, ValueError):
        return False
