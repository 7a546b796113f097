"""The bootstrap over texts: figures of all texts, and of as many drawn with replacement.

A replicate is a weight for each text: how often it was drawn. Every figure here is a function of
sums over texts, so all replicates are worked out at once from `[n, r]` weights, and two models on
the same texts with the same weights make a paired test.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

__all__ = ["Figures", "Floats", "Measured", "draw_weights", "measure"]

Floats = NDArray[np.float64]

_WEIGHTS_AT_ONCE = 4_000_000
"""28 bytes each while they are drawn."""


class Figures(Protocol):
    """Some figures of the same texts, for any number of weightings."""

    @property
    def overall(self) -> tuple[str, ...]:
        """Name the figures of all labels together."""
        ...

    @property
    def by_label(self) -> tuple[str, ...]:
        """Name the figures of each label."""
        ...

    def of(self, weights: NDArray[Any]) -> tuple[Floats, Floats]:
        """Return `[len(overall), r]` and `[len(by_label), n_labels, r]`, NaN where undefined.

        `weights` are `[n, r]`, whole numbers whose columns sum to n.
        """
        ...


class Measured(Struct, frozen=True):
    """Figures by name: the value of all texts first, then that of each replicate.

    `overall` have `[1 + replicates]`, `by_label` `[n_labels, 1 + replicates]`.
    """

    overall: dict[str, Floats]
    by_label: dict[str, Floats]


def measure(
    families: Sequence[Figures], n: int, replicates: int, rng: np.random.Generator
) -> Measured:
    """Work out figures of `n` texts and their replicates; one state of `rng`, one draw."""
    weightings = (np.ones((n, 1)), *draw_weights(n, replicates, rng))
    return _measured(families, weightings)


def draw_weights(
    n: int, replicates: int, rng: np.random.Generator
) -> Iterator[NDArray[np.float32]]:
    """Yield float32 `[n, r]`, `replicates` columns in all: how often each text was drawn."""
    step = max(1, _WEIGHTS_AT_ONCE // n)
    for start in range(0, replicates, step):
        size = min(step, replicates - start)
        drawn = rng.integers(0, n, (size, n))
        drawn += np.arange(size)[:, None] * n
        counts = np.bincount(drawn.ravel(), minlength=size * n).reshape(size, n)
        # A text's weights lie side by side: sums over texts then add whole rows.
        yield np.ascontiguousarray(counts.T, dtype=np.float32)


def _measured(families: Sequence[Figures], weightings: Any) -> Measured:
    overall: dict[str, list[Floats]] = {}
    by_label: dict[str, list[Floats]] = {}
    for weights in weightings:
        for family in families:
            whole, each = family.of(weights)
            for name, values in zip(family.overall, whole, strict=True):
                overall.setdefault(name, []).append(values)
            for name, values in zip(family.by_label, each, strict=True):
                by_label.setdefault(name, []).append(values)
    return Measured(
        {name: np.concatenate(parts) for name, parts in overall.items()},
        {name: np.concatenate(parts, axis=1) for name, parts in by_label.items()},
    )
