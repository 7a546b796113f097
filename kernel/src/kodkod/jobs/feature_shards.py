"""What a run of a feature job has finished, for the run that comes after it was killed."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from kodkod.api import Feature, Matrix, UnavailableError
from kodkod.store.files import whole_folder
from kodkod.store.matrices import Manifest, MatrixFolder

__all__ = ["FeatureShards"]

_SHARD_SECONDS = 2.0
"""Between two shards: what a killed run loses, at most, with the batch it was in."""


class FeatureShards:
    """Finished rows and what was learnt, in a folder that outlives a killed run.

    A shard is a folder that is called by its first row. Shards follow one another: what comes
    after a gap is ignored.
    """

    def __init__(self, checkpoints: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._home = checkpoints / "shards"
        self._fitted = checkpoints / "fitted"
        self._clock = clock
        self._due_at = clock()  # The first batch is written at once.
        self._parts: list[Matrix] = []

    def learnt(self, feature: Feature[Any]) -> bool:
        """Load what an earlier run has learnt; False if none had come so far."""
        if not self._fitted.exists():
            return False
        feature.load(self._fitted)
        return True

    def keep_learnt(self, feature: Feature[Any]) -> None:
        """Keep what was learnt."""
        with whole_folder(self._fitted) as aside:
            feature.save(aside)

    def copy_learnt(self, folder: Path) -> None:
        """Put what was learnt into a folder that is not there yet."""
        shutil.copytree(self._fitted, folder)

    def finished(self, start: int) -> Iterator[Matrix]:
        """Yield the rows from `start` on that are finished, mapped from disk.

        Raises:
            UnavailableError: a shard is damaged.
        """
        while (shard := self._home / str(start)).exists():
            matrix = _open(shard)
            yield matrix
            start += _rows(matrix)

    def add(self, start: int, part: Matrix) -> None:
        """Take the next finished rows, the first of which is `start`; write them when it is time.

        Rows are written aside and renamed, so that a shard is there whole or not at all.
        """
        self._parts.append(part)
        if self._clock() < self._due_at:
            return
        first = start + _rows(part) - sum(map(_rows, self._parts))
        matrix = _stacked(self._parts)
        with whole_folder(self._home / str(first)) as aside:
            MatrixFolder(aside).write(matrix, _manifest(matrix))
        self._parts, self._due_at = [], self._clock() + _SHARD_SECONDS


def _open(shard: Path) -> Matrix:
    try:
        return MatrixFolder(shard).open()
    except (OSError, ValueError, msgspec.DecodeError) as error:
        raise UnavailableError(
            f"What an earlier run had computed from row {shard.name} on cannot be read ({error}); "
            "start the job again."
        ) from error


def _rows(matrix: Matrix) -> int:
    shape: Any = matrix.shape
    return shape[0]


def _stacked(parts: list[Matrix]) -> Matrix:
    if len(parts) == 1:
        return parts[0]
    if all(isinstance(part, np.ndarray) for part in parts):
        return np.concatenate([np.asarray(part) for part in parts])
    from scipy.sparse import vstack  # only workers make sparse ones

    stacked: Any = vstack(parts, format="csr")
    return stacked


def _manifest(matrix: Matrix) -> Manifest:
    shape: Any = matrix.shape
    return Manifest(
        component="",
        params={},
        corpus_fingerprint="",
        rows=shape[0],
        dim=shape[1],
        sparse=not isinstance(matrix, np.ndarray),
    )
