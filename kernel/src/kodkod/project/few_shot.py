"""Which annotated texts a model is shown as examples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Value
from kodkod.store.prompts import ExamplePlan

__all__ = ["ExamplePicker"]


class ExamplePicker:
    """Picks examples for a text among annotated ones, never the text itself.

    `rows`, ascending, are theirs and `values` what is said of them. `vectors`, float32 `[m, dim]`,
    has a line for each row of the corpus, some of the last ones perhaps missing. The same text
    gets the same examples, whatever was asked before. Texts that are not near by anything, as they
    or all annotated ones came after the vectors, get the random ones.
    """

    def __init__(
        self,
        plan: ExamplePlan,
        rows: NDArray[np.int64],
        values: Sequence[Value],
        labels_of: Callable[[Any], list[str]],
        vectors: NDArray[np.float32] | None = None,
    ) -> None:
        self._plan = plan
        self._rows = rows
        self._groups = _groups(values, labels_of) if plan.how == "balanced" else []
        self._vectors = vectors
        self._near = rows if vectors is None else rows[rows < len(vectors)]
        self._own = None if vectors is None else _unit(vectors[self._near])
        # One more than are shown: the text itself may be among them.
        self._fixed = self._drawn(np.random.default_rng(plan.seed))

    def pick(self, row: int) -> list[int]:
        """Return the rows of a text's examples: the nearest last, for models heed the end most."""
        plan = self._plan
        if plan.how == "none":
            return []
        found = self._nearest(row) if plan.how == "nearest" else None
        if found is not None:
            return found[::-1]
        order = self._fixed
        if plan.per_text:
            order = self._drawn(np.random.default_rng([plan.seed, row]))
        return [each for each in order if each != row][: plan.n]

    def _nearest(self, row: int) -> list[int] | None:
        """Return the nearest rows, the first the most like; None where nothing is near."""
        if self._vectors is None or self._own is None or row >= len(self._vectors):
            return None
        likeness = self._own @ _unit(self._vectors[row : row + 1])[0]
        likeness[self._near == row] = -np.inf
        wanted = min(self._plan.n, int(np.isfinite(likeness).sum()))
        if not wanted:
            return None
        near = np.argpartition(-likeness, wanted - 1)[:wanted]
        near = near[np.lexsort((near, -likeness[near]))]
        return self._near[near].tolist()

    def _drawn(self, rng: np.random.Generator) -> list[int]:
        """Draw one row more than the plan shows, in the order that they are shown in."""
        wanted = self._plan.n + 1
        if self._plan.how == "balanced":
            return self._rows[_in_turns(self._groups, wanted, rng)].tolist()
        return rng.choice(self._rows, min(wanted, len(self._rows)), replace=False).tolist()


def _groups(
    values: Sequence[Value], labels_of: Callable[[Any], list[str]]
) -> list[NDArray[np.int64]]:
    """Return the places of the values with each label, by its name, and last those with none."""
    places: dict[str | None, list[int]] = {}
    for place, value in enumerate(values):
        # A text with several labels is an example of each.
        for label in set(labels_of(value)) or {None}:
            places.setdefault(label, []).append(place)
    order = sorted(places, key=lambda label: (label is None, label or ""))
    return [np.array(places[label], dtype=np.int64) for label in order]


def _in_turns(
    groups: Sequence[NDArray[np.int64]], wanted: int, rng: np.random.Generator
) -> list[int]:
    """Take one of each group in turn until there are `wanted`, or all; none is taken twice."""
    drawn = [iter(rng.permutation(group).tolist()) for group in groups]
    taken: dict[int, None] = {}
    while drawn and len(taken) < wanted:
        left = []
        for places in drawn:
            place = next((each for each in places if each not in taken), None)
            if place is not None:
                taken[place] = None
                left.append(places)
        drawn = left
    return list(islice(taken, wanted))


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return float32 vectors of length 1; one of zeros stays."""
    found = np.asarray(vectors, dtype=np.float32)
    norms = np.linalg.norm(found, axis=1, keepdims=True)
    return np.divide(found, norms, out=np.zeros_like(found), where=norms > 0)
