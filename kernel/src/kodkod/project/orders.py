"""Orders: a strategy's permutation of the pool, worked out once for each guide version."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import ConflictError, Pool, Strategy, StrategySpec
from kodkod.api.specs import NEEDS
from kodkod.project.guide import Predictions

__all__ = ["OrderKey", "make_order", "order_key"]


_GIVEN = frozenset({"probabilities"})
"""The needs of strategies that a live project meets."""


class OrderKey(Struct, frozen=True):
    """What an order depends on. `version` is 0 for a strategy that needs no prediction."""

    strategy: str
    params: str
    version: int


def order_key(
    spec: StrategySpec, params: dict[str, Any], predictions: Predictions | None
) -> OrderKey:
    """Return the key of the order that a request means.

    Raises:
        ConflictError: the strategy needs what is not there yet.
    """
    version = 0
    if beyond := sorted(set(spec.needs) - _GIVEN):
        raise ConflictError(
            f"The strategy {spec.name!r} needs {', '.join(beyond)}, which this version does not "
            f"give to strategies while people annotate; choose one that needs nothing or "
            f"{', '.join(sorted(_GIVEN))}."
        )
    if "probabilities" in spec.needs:
        if predictions is None:
            raise ConflictError(f"The strategy {spec.name!r} needs {NEEDS['probabilities']}.")
        version = predictions.version
    return OrderKey(spec.name, msgspec.json.encode(params, order="sorted").decode(), version)


def make_order(
    strategy: Strategy[Any],
    spec: StrategySpec,
    n_rows: int,
    labels: tuple[str, ...],
    predictions: Predictions | None,
    seed: list[int],
    *,
    multilabel: bool = False,
) -> NDArray[np.int64]:
    """Work an order out. Takes milliseconds to seconds: not for the event loop."""
    probabilities = None
    if "probabilities" in spec.needs and predictions is not None:
        probabilities = np.asarray(predictions.probabilities)
        if len(probabilities) < n_rows:
            missing = np.full((n_rows - len(probabilities), probabilities.shape[1]), np.nan)
            probabilities = np.concatenate([probabilities, missing.astype(np.float32)])
    pool = Pool(
        n=n_rows,
        rng=np.random.default_rng(seed),
        labels=labels,
        probabilities=probabilities,
        multilabel=multilabel,
    )
    return strategy.order(pool)
