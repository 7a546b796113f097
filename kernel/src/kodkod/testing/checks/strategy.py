"""Promises of strategies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from kodkod.api import Pool, Strategy, StrategySpec
from kodkod.testing.material import make_pool
from kodkod.testing.subject import Subject, require

__all__ = ["CHECKS"]

_N = 200
_SEED = 11


def gives_a_permutation(subject: Subject) -> None:
    """Every row once, as int64, however many rows there are."""
    for n in (0, 1, 2, _N):
        for pool in _pools(subject, n):
            _require_permutation(_order(subject, pool), n)


def same_seed_same_order(subject: Subject) -> None:
    """Two calls with one seed agree."""
    one, two = (_order(subject, _pool(subject)) for _ in range(2))
    require(bool((one == two).all()), "randomness comes from pool.rng alone")


def rows_without_prediction_come_last(subject: Subject) -> None:
    """Rows whose probabilities are NaN are never drawn before others."""
    needs = _spec(subject).needs
    if "probabilities" in needs:
        pool = _pool(subject)
        _array(pool.probabilities)[::4] = np.nan
        pool = msgspec.structs.replace(pool, base=_last(_N, np.arange(_N) % 4 == 0))
        last = _order(subject, pool)[-_N // 4 :]
        require(bool((last % 4 == 0).all()), "rows without a prediction come last")
    if "committee" in needs:
        pool = _pool(subject)
        _array(pool.committee)[1, ::4] = np.nan
        last = _order(subject, pool)[-_N // 4 :]
        require(bool((last % 4 == 0).all()), "rows that a member has not predicted come last")


def rows_without_embedding_come_last(subject: Subject) -> None:
    """Embeddings may have fewer rows than the pool; the rest is never drawn before others."""
    if "embeddings" not in _spec(subject).needs:
        return
    pool = _pool(subject)
    there = 150
    pool = msgspec.structs.replace(
        pool,
        embeddings=_array(pool.embeddings)[:there],
        base=_last(_N, np.arange(_N) >= there),
    )
    order = _order(subject, pool)
    _require_permutation(order, _N)
    require(bool((order[there:] >= there).all()), "rows without an embedding come last")


def candidates_come_first(subject: Subject) -> None:
    """Where the pool says which rows may be drawn, the others come after them."""
    if not _minds_candidates(subject):
        return
    pool = _with_candidates(_pool(subject))
    candidates = _array(pool.candidates)
    order = _order(subject, pool)
    _require_permutation(order, _N)
    first = np.sort(order[: len(candidates)])
    require(bool((first == candidates).all()), "candidates come first")


def looks_at_candidates_and_labelled_rows_only(subject: Subject) -> None:
    """What is known of other rows changes nothing in the candidates' order."""
    if not _minds_candidates(subject):
        return
    pool = _with_candidates(_pool(subject))
    before = _order(subject, pool)
    others = np.setdiff1d(
        np.arange(_N), np.concatenate([_array(pool.candidates), _array(pool.labelled)])
    )
    pool = _with_candidates(_pool(subject))
    # Still probabilities, but of other labels.
    for array in (pool.probabilities, pool.llm):
        _array(array)[others] = _array(array)[others[::-1], ::-1]
    _array(pool.committee)[:, others] = _array(pool.committee)[:, others[::-1], ::-1]
    _array(pool.embeddings)[others] *= -3
    after = _order(subject, pool)
    n = len(_array(pool.candidates))
    require(
        bool((before[:n] == after[:n]).all()),
        "rows that are neither candidates nor labelled have no say in the candidates' order",
    )


def nothing_labelled_yet(subject: Subject) -> None:
    """The first text must come from somewhere; so must those after labels of one kind only."""
    pool = _pool(subject)
    none = np.zeros(0, dtype=np.int64)
    _require_permutation(
        _order(
            subject,
            msgspec.structs.replace(
                pool,
                labelled=none,
                targets=_array(pool.targets)[:0],
                held_out=_array(pool.held_out)[:0],
            ),
        ),
        _N,
    )
    pool = _pool(subject)
    targets = np.zeros_like(_array(pool.targets))
    if targets.ndim == 2:
        targets[:, 0] = 1
    _require_permutation(_order(subject, msgspec.structs.replace(pool, targets=targets)), _N)


def everything_labelled(subject: Subject) -> None:
    """With more than one annotator a text, labelled rows are drawn again."""
    _require_permutation(_order(subject, make_pool(_N, _scheme_type(subject), labelled=_N)), _N)


def leaves_the_pool_alone(subject: Subject) -> None:
    """The arrays are the server's own."""
    pool, before = _pool(subject), _pool(subject)
    _order(subject, pool)
    for name in pool.__struct_fields__:
        if isinstance(getattr(pool, name), np.ndarray):
            same = np.array_equal(getattr(pool, name), getattr(before, name), equal_nan=True)
            require(same, f"order leaves pool.{name} alone")


def equal_scores(subject: Subject) -> None:
    """A pool in which all rows are alike still has an order."""
    pool = _pool(subject)
    for array in (pool.probabilities, pool.embeddings, pool.committee, pool.llm):
        _array(array)[:] = 1 / _array(array).shape[-1]
    order = _order(subject, pool)
    require(len(set(order.tolist())) == _N, "equal rows are still each there once")


def _spec(subject: Subject) -> StrategySpec:
    spec = subject.spec
    return spec if isinstance(spec, StrategySpec) else StrategySpec(**msgspec.structs.asdict(spec))


def _minds_candidates(subject: Subject) -> bool:
    spec = _spec(subject)
    return "candidates" in (*spec.needs, *spec.uses)


def _scheme_type(subject: Subject) -> str:
    return (*_spec(subject).scheme_types, "multiclass")[0]


def _order(subject: Subject, pool: Pool) -> NDArray[np.int64]:
    strategy: Strategy[Any] = subject.build()
    return strategy.order(pool)


def _pool(subject: Subject, n: int = _N) -> Pool:
    return make_pool(n, _scheme_type(subject), seed=_SEED)


def _pools(subject: Subject, n: int) -> Iterator[Pool]:
    """Return a pool of `n` rows of each scheme type that the strategy is for."""
    for scheme_type in _spec(subject).scheme_types or ("multiclass", "multilabel"):
        yield make_pool(n, scheme_type, seed=_SEED)


def _with_candidates(pool: Pool) -> Pool:
    candidates = np.arange(pool.n)[np.arange(pool.n) % 3 != 0]
    base = _last(pool.n, np.arange(pool.n) % 3 == 0)
    return msgspec.structs.replace(pool, candidates=candidates, base=base)


def _last(n: int, late: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return some order that has the `late` rows last, as a wrapped strategy would."""
    order = np.random.default_rng(3).permutation(n)
    return np.concatenate([order[~late[order]], order[late[order]]])


def _array(array: NDArray[Any] | None) -> NDArray[Any]:
    if array is None:
        raise TypeError("make_pool fills every array of a pool")
    return array


def _require_permutation(order: NDArray[np.int64], n: int) -> None:
    require(order.dtype == np.int64, f"the order is int64, not {order.dtype}")
    require(order.shape == (n,), f"the order has {n} rows, not {order.shape}")
    require(bool((np.sort(order) == np.arange(n)).all()), "the order has every row once")


CHECKS = (
    gives_a_permutation,
    same_seed_same_order,
    rows_without_prediction_come_last,
    rows_without_embedding_come_last,
    candidates_come_first,
    looks_at_candidates_and_labelled_rows_only,
    nothing_labelled_yet,
    everything_labelled,
    leaves_the_pool_alone,
    equal_scores,
)
