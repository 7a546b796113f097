"""Pairs of texts that should be near to each other, or far apart."""

from __future__ import annotations

from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

__all__ = ["Pairs", "make_pairs"]


class Pairs(Struct, frozen=True):
    """int64 `[n]` twice, positions of texts; `similar`, float32 `[n]`: how alike they should be."""

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    similar: NDArray[np.float32]


def make_pairs(targets: NDArray[Any], per_text: int, most: int, seed: int) -> Pairs:
    """Return pairs of texts, half of the same labels and half of others, as far as there are.

    Of each text, `per_text` pairs (in SetFit, Tunstall et al. 2022, twice `num_iterations`);
    at most `most` in all, drawn at random. Labels are drawn alike often, so that rare ones are
    learnt. With several labels a text, two are alike by their Jaccard index.
    """
    rng = np.random.default_rng([seed, 2])
    marks = _marks(targets)
    n = len(marks)
    wanted = min(n * per_text, most)
    left: list[NDArray[np.int64]] = []
    right: list[NDArray[np.int64]] = []
    for alike, share in ((True, (wanted + 1) // 2), (False, wanted // 2)):
        a = np.resize(rng.permutation(n), share)
        b = np.array([_partner(marks, int(i), rng, alike=alike) for i in a], dtype=np.int64)
        found = b >= 0
        left.append(a[found])
        right.append(b[found])
    one, two = np.concatenate(left), np.concatenate(right)
    order = rng.permutation(len(one))
    one, two = one[order], two[order]
    return Pairs(one, two, _jaccard(marks[one], marks[two]))


def _marks(targets: NDArray[Any]) -> NDArray[np.bool_]:
    if targets.ndim == 2:
        return targets.astype(bool)
    return targets[:, None] == np.unique(targets)


def _partner(marks: NDArray[np.bool_], i: int, rng: np.random.Generator, *, alike: bool) -> int:
    """Return another text that shares a label with `i` (or none), -1 if there is none.

    First a label is drawn, then a text that has it.
    """
    own = marks[i]
    shares = (marks & own).any(axis=1) if own.any() else ~marks.any(axis=1)
    places = np.flatnonzero(shares if alike else ~shares)
    places = places[places != i]
    if not len(places):
        return -1
    labels = np.flatnonzero(marks[places].any(axis=0))
    if not alike and len(labels):
        label = rng.choice(labels)
        places = places[marks[places, label]]
    return int(rng.choice(places))


def _jaccard(one: NDArray[np.bool_], two: NDArray[np.bool_]) -> NDArray[np.float32]:
    union = (one | two).sum(axis=1)
    both = (one & two).sum(axis=1)
    # Two texts without any label are alike.
    return np.where(union > 0, both / np.maximum(union, 1), 1.0).astype(np.float32)
