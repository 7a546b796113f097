"""Promises of strategies."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Pool, Strategy
from kodkod.testing.material import LABELS
from kodkod.testing.subject import Subject, require

__all__ = ["CHECKS"]

_N = 200
_DIM = 8


def gives_a_permutation(subject: Subject) -> None:
    """Every row once, as int64."""
    for n in (0, 1, _N):
        order = _order(subject, _pool(n))
        require(order.dtype == np.int64, f"the order is int64, not {order.dtype}")
        require(order.shape == (n,), f"the order has {n} rows, not {order.shape}")
        require(bool((np.sort(order) == np.arange(n)).all()), "the order has every row once")


def same_seed_same_order(subject: Subject) -> None:
    """Two calls with one seed agree."""
    one, two = (_order(subject, _pool(_N)) for _ in range(2))
    require(bool((one == two).all()), "randomness comes from pool.rng alone")


def rows_without_prediction_come_last(subject: Subject) -> None:
    """NaN probabilities are never drawn before others."""
    if "probabilities" not in getattr(subject.spec, "needs", ()):
        return
    pool = _pool(_N)
    assert pool.probabilities is not None  # noqa: S101 - for the type checker
    pool.probabilities[::4] = np.nan
    last = _order(subject, pool)[-_N // 4 :]
    require(bool((last % 4 == 0).all()), "rows without a prediction come last")


def leaves_the_pool_alone(subject: Subject) -> None:
    """The arrays are the server's own."""
    pool, before = _pool(_N), _pool(_N)
    _order(subject, pool)
    for name in ("probabilities", "embeddings"):
        same = np.array_equal(getattr(pool, name), getattr(before, name))
        require(same, f"order leaves pool.{name} alone")


def equal_scores(subject: Subject) -> None:
    """A pool in which all rows are alike still has an order."""
    pool = _pool(_N)
    for array in (pool.probabilities, pool.embeddings):
        if array is not None:
            array[:] = 1 / array.shape[1]
    order = _order(subject, pool)
    require(len(set(order.tolist())) == _N, "equal rows are still each there once")


def _order(subject: Subject, pool: Pool) -> NDArray[np.int64]:
    strategy: Strategy = subject.build()
    return strategy.order(pool)


def _pool(n: int) -> Pool:
    rng = np.random.default_rng(5)
    return Pool(
        n=n,
        rng=np.random.default_rng(11),
        labels=LABELS,
        probabilities=rng.dirichlet(np.ones(len(LABELS)), n).astype(np.float32),
        embeddings=rng.standard_normal((n, _DIM)).astype(np.float32),
    )


CHECKS = (
    gives_a_permutation,
    same_seed_same_order,
    rows_without_prediction_come_last,
    leaves_the_pool_alone,
    equal_scores,
)
