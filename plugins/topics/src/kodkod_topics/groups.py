"""What is kept of topics: arrays, from which they can be described, merged and split."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from kodkod.api import InvalidInputError

__all__ = ["Groups", "Members"]

_ARRAYS = "topics.npz"
_TERMS = "terms.json"
_NEAR = 0.05
"""The share of a topic's own texts that lie farther from its middle than what it still takes."""
_REPRESENTATIVE = 3


class Members:
    """The texts of one topic: how many, the mean of their unit vectors, and how near they lie."""

    def __init__(
        self, rows: NDArray[np.int64], vectors: NDArray[np.float32], *, any_distance: bool
    ) -> None:
        self.size = len(rows)
        self.mean = vectors.mean(axis=0)
        near = vectors @ (self.mean / (np.linalg.norm(self.mean) or 1))
        self.reach = -2.0 if any_distance else float(np.quantile(near, _NEAR))
        best = np.lexsort((rows, -near))[:_REPRESENTATIVE]
        self.representative = np.full(_REPRESENTATIVE, -1, dtype=np.int64)
        self.representative[: len(best)] = rows[best]


class Groups:
    """Topics by ascending `ids`; `counts` has a row for each, and one for texts in no topic."""

    def __init__(self) -> None:
        self.ids = np.zeros(0, dtype=np.int64)
        self.sizes = np.zeros(0, dtype=np.int64)
        self.means = np.zeros((0, 0), dtype=np.float32)
        self.reach = np.zeros(0)
        self.representative = np.zeros((0, _REPRESENTATIVE), dtype=np.int64)
        self.counts: Any = csr_matrix((1, 0))
        self.terms: list[str] = []
        self.next_id = 0

    def at(self, id_: int) -> int:
        """Return the place of a topic.

        Raises:
            InvalidInputError: there is none.
        """
        place = int(np.searchsorted(self.ids, id_))
        if place == len(self.ids) or self.ids[place] != id_:
            known = ", ".join(map(str, self.ids.tolist()))
            raise InvalidInputError(f"There is no topic {id_}; there are {known}.", field="ids")
        return place

    def put(self, id_: int, members: Members, counts: Any) -> None:
        """Put a topic in its place, or in that of the one that had the id."""
        place = int(np.searchsorted(self.ids, id_))
        if place < len(self.ids) and self.ids[place] == id_:
            self._keep(np.arange(len(self.ids)) != place)
        self.ids = np.insert(self.ids, place, id_)
        self.sizes = np.insert(self.sizes, place, members.size)
        width = len(members.mean)
        self.means = np.insert(self.means.reshape(-1, width), place, members.mean, axis=0)
        self.reach = np.insert(self.reach, place, members.reach)
        self.representative = np.insert(self.representative, place, members.representative, axis=0)
        parts = [self.counts[:place], counts, self.counts[place:]]
        self.counts = cast("Any", vstack(parts, format="csr"))
        self.next_id = max(self.next_id, id_ + 1)

    def merge(self, ids: Sequence[int]) -> int:
        """Make one topic of several, under the id of the greatest of them.

        Its middle is the weighted mean of theirs; it reaches as far as the one that reached the
        farthest, and the greatest one's representative texts stay.
        """
        places = np.array(sorted({self.at(id_) for id_ in ids}), dtype=np.int64)
        if len(places) < 2:
            raise InvalidInputError("Merging takes two topics or more; name them.", field="ids")
        into = int(places[self.sizes[places].argmax()])
        sizes = self.sizes[places]
        self.means[into] = np.average(self.means[places], axis=0, weights=np.maximum(sizes, 1))
        self.reach[into] = self.reach[places].min()
        self.sizes[into] = sizes.sum()
        together = np.arange(self.counts.shape[0])
        together[places] = into
        n = len(together)
        fold = csr_matrix((np.ones(n), (together, np.arange(n))), shape=(n, n))
        self.counts = csr_matrix(cast("Any", fold) @ self.counts)
        kept = int(self.ids[into])
        self._keep(~np.isin(np.arange(len(self.ids)), places[places != into]))
        return kept

    def nearest(
        self, vectors: NDArray[np.float32], *, outliers: bool
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Return the topic that each unit vector is most like, or -1, and all cosines."""
        lengths = np.linalg.norm(self.means, axis=1, keepdims=True)
        middles = self.means / np.where(lengths == 0, 1, lengths)
        like = vectors @ middles.T
        best = like.argmax(axis=1) if len(self.ids) else np.zeros(len(like), dtype=np.int64)
        given = self.ids[best].astype(np.int32)
        alike = like[np.arange(len(like)), best]
        given[~vectors.any(axis=1)] = -1
        if outliers:
            given[alike < self.reach[best]] = -1
        return given, np.asarray(like, dtype=np.float32)

    def save(self, folder: Path, **further: NDArray[Any]) -> None:
        """Write arrays and terms."""
        arrays: dict[str, Any] = {
            "ids": self.ids,
            "sizes": self.sizes,
            "means": self.means,
            "reach": self.reach,
            "representative": self.representative,
            "next_id": np.array(self.next_id),
            "data": self.counts.data,
            "indices": self.counts.indices,
            "indptr": self.counts.indptr,
            **further,
        }
        np.savez(folder / _ARRAYS, **arrays)
        (folder / _TERMS).write_bytes(msgspec.json.encode(self.terms))

    def load(self, folder: Path) -> dict[str, NDArray[Any]]:
        """Read what `save` wrote; return all arrays."""
        self.terms = msgspec.json.decode((folder / _TERMS).read_bytes(), type=list[str])
        with np.load(folder / _ARRAYS, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        self.ids, self.sizes = arrays["ids"], arrays["sizes"]
        self.means, self.reach = arrays["means"], arrays["reach"]
        self.representative = arrays["representative"]
        self.next_id = int(arrays["next_id"])
        parts = (arrays["data"], arrays["indices"], arrays["indptr"])
        self.counts = csr_matrix(parts, shape=(len(self.ids) + 1, len(self.terms)))
        return arrays

    def _keep(self, kept: NDArray[np.bool_]) -> None:
        self.ids, self.sizes = self.ids[kept], self.sizes[kept]
        self.means, self.reach = self.means[kept], self.reach[kept]
        self.representative = self.representative[kept]
        self.counts = self.counts[np.flatnonzero(np.append(kept, True))]
