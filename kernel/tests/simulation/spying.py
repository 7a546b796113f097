"""A plugin whose strategies keep what they are given. Importing it imports nothing heavy."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from kodkod.api import ComponentSpec, NoParams, Pool, Strategy, StrategySpec, hookimpl

API = "2.0"
SEEN: list[Pool] = []


class Spy(Strategy[NoParams]):
    def order(self, pool: Pool) -> np.ndarray:
        SEEN.append(pool)
        return np.arange(pool.n, dtype=np.int64)


class Broken(Strategy[NoParams]):
    def order(self, pool: Pool) -> np.ndarray:
        return np.zeros(pool.n, dtype=np.int64)


def _spec(name: str, factory: str = "Spy", **more) -> StrategySpec:
    return StrategySpec(
        name=name, title=name, summary="For tests", factory=f"spying:{factory}", **more
    )


@hookimpl
def register_components() -> Iterable[ComponentSpec]:
    yield _spec("spy", needs=("probabilities", "labelled"), uses=("embeddings", "candidates"))
    yield _spec("cold-spy", uses=("probabilities", "labelled"))
    yield _spec(
        "greedy-spy",
        needs=("committee", "held_out", "labelled"),
        uses=("embeddings", "candidates", "probabilities"),
    )
    yield _spec("broken", "Broken")
