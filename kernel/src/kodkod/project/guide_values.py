"""What a guide's probabilities say of every row, as values."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Value
from kodkod.project.coding import Coder

__all__ = ["Beliefs"]

_BLOCK_ROWS = 16_384


class Beliefs:
    """The guide's value for each row that it has predicted, decoded at once.

    `probabilities` is float32 `[n_rows, n_labels]`, its columns the labels named.
    """

    def __init__(
        self,
        probabilities: NDArray[np.float32] | None = None,
        labels: tuple[str, ...] = (),
        coder: Coder | None = None,
    ) -> None:
        self.values: list[Value | None] = []
        if probabilities is None or coder is None:
            return
        decode: Any = coder.scheme_type.decode
        for start in range(0, len(probabilities), _BLOCK_ROWS):
            block = np.asarray(probabilities[start : start + _BLOCK_ROWS])
            self.values.extend(map(coder.canonical, decode(block, labels)))

    def of(self, row: int) -> Value | None:
        """Return the value that the guide predicts for a row, or None."""
        return self.values[row] if row < len(self.values) else None
