"""Texts grouped so that each group is a similar amount of computing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

__all__ = ["token_batches"]


def token_batches(lengths: NDArray[np.int64], batch_tokens: int) -> Iterator[NDArray[np.int64]]:
    """Yield positions of texts, the longest texts first, each text once.

    A batch is padded to its longest text; together with the padding it has at most
    `batch_tokens` tokens, or it is a single text. Longest first, memory runs out at the start
    or not at all.
    """
    order = np.argsort(-lengths, kind="stable")
    start = 0
    while start < len(order):
        size = max(1, batch_tokens // max(1, int(lengths[order[start]])))
        yield order[start : start + size]
        start += size
