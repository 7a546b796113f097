"""What a strategy is told in a simulation, and which texts come of its order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import Need, PluginError
from kodkod.project.choice import Choice
from kodkod.project.orders import make_order

__all__ = ["Known", "drawn", "order_of"]


class Known(Struct, frozen=True, kw_only=True):
    """What is known at one moment of the texts to learn from (`Knowledge`); arrays as in `Pool`.

    What no strategy of the moment asks for is left out.
    """

    n_rows: int
    labels: tuple[str, ...]
    multilabel: bool
    labelled: NDArray[np.int64]
    targets: NDArray[Any]
    embeddings: NDArray[np.float32] | None = None
    probabilities: NDArray[np.float32] | None = None
    committee: NDArray[np.float32] | None = None
    held_out: NDArray[np.float32] | None = None

    @property
    def open(self) -> NDArray[np.bool_]:
        """Return which texts may be drawn, `[n_rows]`."""
        may = np.ones(self.n_rows, dtype=np.bool_)
        may[self.labelled] = False
        return may

    def has(self, need: Need) -> bool:
        """Tell whether there is such a thing."""
        return getattr(self, need, None) is not None

    def fields(self, wanted: set[Need]) -> dict[str, Any]:
        """Return the pool's fields for what is wanted and there."""
        found = {need: getattr(self, need) for need in wanted if self.has(need)}
        return found | {"targets": self.targets} if "labelled" in wanted else found


def order_of(choice: Choice, known: Known, seed: Sequence[int]) -> NDArray[np.int64]:
    """Return the strategy's order of all texts, as a live project would have it.

    Raises:
        InvalidParamsError: a param names what is not there, such as a label.
        PluginError: the strategy gave no permutation.
    """
    order = np.asarray(make_order(choice, known, seed, candidates=np.flatnonzero(known.open)))
    n = known.n_rows
    if order.shape != (n,) or not np.array_equal(np.sort(order), np.arange(n)):
        raise PluginError(
            f"The strategy {choice.spec.name!r} gave no permutation of the {n} texts. Update its "
            "plugin, or tell its author."
        )
    return order


def drawn(
    order: NDArray[np.int64],
    may: NDArray[np.bool_],
    n: int,
    explore: float,
    rng: np.random.Generator,
) -> NDArray[np.int64]:
    """Return the `n` texts that annotators would get, in turn: `may` (`[n]`) says which can be.

    At each draw a coin falls on random with probability `explore`; else the one in front comes.
    """
    left = order[may[order]]
    if explore <= 0:
        return left[:n]
    picked: list[int] = []
    for _ in range(min(n, len(left))):
        place = int(rng.integers(len(left))) if rng.random() < explore else 0
        picked.append(int(left[place]))
        left = np.delete(left, place)
    return np.array(picked, dtype=np.int64)
