"""Pools for the tests, and what reference implementations want instead of one."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Params, Pool, Strategy, StrategySpec
from kodkod_selection.plugin import register_components

NAN = float("nan")
SPECS = {spec.name: spec for spec in register_components() if isinstance(spec, StrategySpec)}


def pool(probabilities: Any = None, *, n: int | None = None, seed: int = 0, **more: Any) -> Pool:
    """Return a pool; its size is that of the first array, labels are a, b, c, ..."""
    p = None if probabilities is None else np.asarray(probabilities, dtype=np.float32)
    arrays = (p, more.get("embeddings"), more.get("base"))
    size = n if n is not None else next(len(each) for each in arrays if each is not None)
    columns = p.shape[1] if p is not None else 3
    more.setdefault("labels", tuple("abcdefghijklmnopqrstuvwxyz"[:columns]))
    for name in ("labelled", "targets", "candidates", "base"):
        if isinstance(more.get(name), list | tuple | range):
            more[name] = np.array(more[name], dtype=np.int64)
    return Pool(n=size, rng=np.random.default_rng(seed), probabilities=p, **more)


def order(strategy: type[Strategy[Any]], given: Pool, params: Params) -> list[int]:
    """Return a strategy's order as plain numbers."""
    return strategy(params).order(given).tolist()


def blobs(
    sizes: list[int], *, dim: int = 16, spread: float = 0.05, seed: int = 0
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return unit vectors in well separated groups, shuffled, and the group of each."""
    rng = np.random.default_rng(seed)
    centres = np.linalg.qr(rng.standard_normal((dim, dim)))[0][: len(sizes)]
    groups = rng.permutation(np.repeat(np.arange(len(sizes)), sizes))
    x = centres[groups] + spread * rng.standard_normal((len(groups), dim))
    return (x / np.linalg.norm(x, axis=1, keepdims=True)).astype(np.float32), groups


def texts(
    n: int = 300, k: int = 3, *, dim: int = 8, seed: int = 0
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return unit vectors of `k` overlapping labels, and the label of each."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, k, n)
    x = rng.standard_normal((k, dim))[y] + rng.standard_normal((n, dim))
    return (x / np.linalg.norm(x, axis=1, keepdims=True)).astype(np.float32), y


class GivenRows:
    """A small-text data set whose texts are row numbers."""

    is_multi_label = False

    def __init__(self, rows: Any) -> None:
        self.rows = np.asarray(rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, places: Any) -> GivenRows:
        return GivenRows(self.rows[places])


class GivenProbabilities:
    """A small-text classifier that has come to these probabilities."""

    def __init__(self, probabilities: Any) -> None:
        self.probabilities = np.asarray(probabilities, dtype=np.float64)
        self.num_classes = self.probabilities.shape[1]

    def predict_proba(self, data: GivenRows) -> Any:
        return self.probabilities[data.rows]

    def predict(self, data: GivenRows) -> Any:
        return self.predict_proba(data).argmax(axis=1)
