"""What a fold's model said, kept so that a run that was killed does not fit it again."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import Span
from kodkod.store.files import whole_file

__all__ = ["FoldSaid", "read_fold", "write_fold"]

_NAME = "said.msgpack"


class FoldSaid(Struct, frozen=True, kw_only=True):
    """Probabilities float32 `[n, k]` of the held-out texts, with spans where a model gives them."""

    probabilities: NDArray[np.float32]
    spans: list[list[Span]] | None = None
    thresholds: NDArray[np.float32] | None = None


class _Stored(Struct, frozen=True, kw_only=True):
    shape: tuple[int, int]
    probabilities: bytes
    spans: list[list[Span]] | None
    thresholds: bytes | None


def write_fold(folder: Path, said: FoldSaid) -> None:
    """Write it into the folder, which exists, whole or not at all."""
    stored = _Stored(
        shape=(said.probabilities.shape[0], said.probabilities.shape[1]),
        probabilities=_bytes(said.probabilities),
        spans=said.spans,
        thresholds=None if said.thresholds is None else _bytes(said.thresholds),
    )
    with whole_file(folder / _NAME) as aside:
        aside.write_bytes(msgspec.msgpack.encode(stored))


def read_fold(folder: Path) -> FoldSaid | None:
    """Return what was written, or None where nothing whole was."""
    try:
        stored = msgspec.msgpack.decode((folder / _NAME).read_bytes(), type=_Stored)
    except (FileNotFoundError, msgspec.DecodeError):
        return None
    return FoldSaid(
        probabilities=_floats(stored.probabilities).reshape(stored.shape),
        spans=stored.spans,
        thresholds=None if stored.thresholds is None else _floats(stored.thresholds),
    )


def _bytes(array: NDArray[np.float32]) -> bytes:
    return np.ascontiguousarray(array, dtype=np.float32).tobytes()


def _floats(raw: bytes) -> NDArray[np.float32]:
    return np.frombuffer(raw, dtype=np.float32).copy()
