"""The likeliest sequence of tags among those that are valid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["likeliest_tags", "valid"]

_CELLS = 4_000_000
"""Back pointers held at a time, unless a single sequence has more."""


def likeliest_tags(log_probs: Sequence[NDArray[np.float32]]) -> list[NDArray[np.int64]]:
    """Return for each text the valid tags of the greatest probability, int64 `[m, n_layers]`.

    `log_probs[i]` is float32 `[m_i, n_layers, n_tags]`; units are independent but for validity:
    I follows B or I of its own label (Viterbi 1967, with transitions that are free or
    forbidden). Most sequences are valid when each unit takes its best tag, and nothing can be
    likelier then; only the others are searched.
    """
    paths = [each.argmax(axis=-1) for each in log_probs]
    broken = [
        (i, layer)
        for i, path in enumerate(paths)
        for layer in np.flatnonzero(~valid(path)).tolist()
    ]
    broken.sort(key=lambda at: len(paths[at[0]]))
    for part in _parts(broken, [len(path) for path in paths], log_probs):
        mended = _viterbi([log_probs[i][:, layer] for i, layer in part])
        for (i, layer), path in zip(part, mended, strict=True):
            paths[i][:, layer] = path
    return paths


def valid(path: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell for each layer of `[m, n_layers]` whether every I follows B or I of its label."""
    before = np.concatenate((np.zeros_like(path[:1]), path[:-1]))
    inside = (path > 0) & (path % 2 == 0)
    return (~inside | (before == path) | (before == path - 1)).all(axis=0)


def _parts(
    broken: list[tuple[int, int]], lengths: list[int], log_probs: Sequence[NDArray[np.float32]]
) -> Iterator[list[tuple[int, int]]]:
    """Yield sequences of similar length together, the shortest first."""
    part: list[tuple[int, int]] = []
    for at in broken:
        cells = (len(part) + 1) * lengths[at[0]] * log_probs[at[0]].shape[-1]
        if part and cells > _CELLS:
            yield part
            part = []
        part.append(at)
    if part:
        yield part


def _viterbi(sequences: Sequence[NDArray[np.float32]]) -> list[NDArray[np.int64]]:
    """Return the best valid tags of sequences `[m_i, n_tags]`, all at once."""
    longest = max(len(each) for each in sequences)
    n_tags = sequences[0].shape[-1]
    # Past a sequence's end only O is possible, at no cost.
    scores = np.full((len(sequences), longest, n_tags), -np.inf)
    scores[:, :, 0] = 0
    for row, each in zip(scores, sequences, strict=True):
        row[: len(each)] = each
    begin, inside = slice(1, None, 2), slice(2, None, 2)
    back = np.zeros((len(sequences), longest, n_tags), dtype=np.int16)
    best = scores[:, 0].copy()
    best[:, inside] = -np.inf
    own = np.arange(1, n_tags, 2)
    for t in range(1, longest):
        source = best.argmax(axis=1)
        reached = np.take_along_axis(best, source[:, None], axis=1)
        goes_on = best[:, inside] > best[:, begin]
        back[:, t, :] = source[:, None]
        back[:, t, inside] = own + goes_on
        now = scores[:, t] + reached
        now[:, inside] = scores[:, t, inside] + np.maximum(best[:, inside], best[:, begin])
        best = now
    path = np.zeros((len(sequences), longest), dtype=np.int64)
    path[:, -1] = best.argmax(axis=1)
    rows = np.arange(len(sequences))
    for t in range(longest - 1, 0, -1):
        path[:, t - 1] = back[rows, t, path[:, t]]
    return [path[i, : len(each)] for i, each in enumerate(sequences)]
