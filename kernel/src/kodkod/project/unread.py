"""Batches for components that read features, and no texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kodkod.api import PluginError, TextBatch

__all__ = ["UnreadTexts", "unread_batch"]


class UnreadTexts(Sequence[str]):
    """The texts of a batch for a component that said that it reads none."""

    def __init__(self, n: int) -> None:
        self._n = n

    def __len__(self) -> int:
        return self._n

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        raise PluginError(
            "A component whose spec says that it reads features asked for texts; "
            'its spec must say reads="texts".'
        )


def unread_batch(rows: NDArray[np.int64]) -> TextBatch:
    """Return a batch of `rows` with neither texts nor context."""
    return TextBatch(rows=rows, texts=UnreadTexts(len(rows)), context=pl.DataFrame())
