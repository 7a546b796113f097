"""What a scheme knows that strategies read: predictions, labels, vectors, other judges."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import Need, Neighbours, SchemeType, Split
from kodkod.project.coding import Coder
from kodkod.project.fold import SchemeFold
from kodkod.project.guide import HeldOutRows, Predictions
from kodkod.project.maps import PointMap
from kodkod.project.samples import names_of_columns
from kodkod.store.drawn_samples import DrawnSample

__all__ = ["Artefacts", "Judge", "SchemeKnowledge", "Vectors", "newest_labelling"]


class Vectors(Struct, frozen=True, kw_only=True):
    """A dense feature, mapped: float32 `[m, dim]`, rows from `m` on have none yet."""

    id: str
    name: str
    matrix: NDArray[np.float32]
    neighbours: Neighbours | None = None

    @property
    def key(self) -> str:
        """Return what changes when rows are added to it."""
        return f"{self.id}:{len(self.matrix)}"


class Judge(Struct, frozen=True, kw_only=True):
    """A model's stored predictions, mapped: float32 `[m, n_labels]` by `label_ids`.

    Those of a labelling (`llm`) are NaN where it was not asked or has not answered.
    """

    scheme_id: int
    label_ids: tuple[int, ...]
    probabilities: NDArray[np.float32]
    llm: bool = False
    id: str = ""
    name: str = ""


class Artefacts(Struct, frozen=True):
    """What jobs have made of a project that strategies read, the newest first."""

    vectors: tuple[Vectors, ...] = ()
    judges: tuple[Judge, ...] = ()
    maps: tuple[PointMap, ...] = ()
    samples: tuple[DrawnSample, ...] = ()

    def vectors_for(self, features: Sequence[str]) -> Vectors | None:
        """Return the vectors to compare texts by: the first of `features` that is dense, or the
        newest dense feature there is.
        """
        known = {name: each for each in self.vectors for name in (each.name, each.id)}
        named = next((known[name] for name in features if name in known), None)
        return named or next(iter(self.vectors), None)


def newest_labelling(judges: Sequence[Judge]) -> Judge | None:
    """Return the newest labelling that has answered, of judges that are the newest first."""
    return next((judge for judge in judges if judge.llm), None)


class SchemeKnowledge(Struct, frozen=True, kw_only=True):
    """A scheme's state as of a moment, read by strategies in another thread.

    Probabilities have a column for each of `column_ids`: the labels that the guide has learnt,
    or the scheme's where there is no guide yet.
    """

    fold: SchemeFold
    coder: Coder
    scheme_type: SchemeType[Any, Any]
    splits: NDArray[np.uint8]
    predictions: Predictions | None = None
    held_out: HeldOutRows | None = None
    vectors: Vectors | None = None
    judges: tuple[Judge, ...] = ()

    @property
    def n_rows(self) -> int:
        """How many rows the corpus has."""
        return len(self.splits)

    @property
    def column_ids(self) -> tuple[int, ...]:
        """The label ids of the columns."""
        return self.predictions.label_ids if self.predictions else self.coder.ids

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels' names of the columns."""
        return names_of_columns(self.column_ids, self.coder.labels)

    @property
    def multilabel(self) -> bool:
        """Whether a text may have several labels."""
        return self.coder.many_labels

    def has(self, need: Need) -> bool:
        """Tell whether there is such a thing; at once."""
        match need:
            case "probabilities":
                return self.predictions is not None
            case "embeddings":
                return self.vectors is not None
            case "neighbours":
                return self.vectors is not None and self.vectors.neighbours is not None
            case "labelled":
                return True
            case "held_out":
                return self.held_out is not None and self.predictions is not None
            case "committee":
                has_members = self.predictions is not None and self.predictions.members is not None
                return has_members or len(self._models) > 1
            case "llm":
                return self._labelling is not None
            case _:
                return False

    def fields(self, wanted: set[Need]) -> dict[str, Any]:
        """Return the pool's fields for what is wanted and there. Takes milliseconds or more."""
        made: dict[str, Any] = {}
        if "labelled" in wanted or "held_out" in wanted:
            made["labelled"], made["targets"] = self._labelled()
        makers: dict[Need, Callable[[], Any]] = {
            "probabilities": lambda: self._predicted(self.predictions),
            "embeddings": lambda: self.vectors and self.vectors.matrix[: self.n_rows],
            "neighbours": lambda: self.vectors and self.vectors.neighbours,
            "committee": self._committee,
            "llm": lambda: self._labelling and self._said_by(self._labelling),
            "held_out": lambda: self._held_out(made["labelled"]),
        }
        for need, make in makers.items():
            if need in wanted and self.has(need):
                made[need] = make()
        return made

    def _predicted(self, predictions: Predictions | None) -> NDArray[np.float32] | None:
        return None if predictions is None else self._full(predictions.probabilities)

    def _full(self, probabilities: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return a row for each of the corpus, NaN for those that came later."""
        found = np.asarray(probabilities)[: self.n_rows]
        if len(found) == self.n_rows:
            return found
        full = np.full((self.n_rows, found.shape[1]), np.nan, dtype=np.float32)
        full[: len(found)] = found
        return full

    def _labelled(self) -> tuple[NDArray[np.int64], NDArray[Any] | None]:
        rows, values = self.fold.resolved()
        # What is held back for judging models must not steer what they learn.
        kept = self.splits[rows] == Split.TRAIN.code
        values = [value for value, keep in zip(values, kept, strict=True) if keep]
        targets = self.scheme_type.encode(values, self.coder.names)
        return rows[kept], None if targets is None else self._in_columns(targets)

    def _in_columns(self, targets: NDArray[Any]) -> NDArray[Any]:
        if self.column_ids == self.coder.ids:
            return targets
        place = {id_: column for column, id_ in enumerate(self.column_ids)}
        to = np.array([place.get(id_, -1) for id_ in self.coder.ids], dtype=np.int64)
        if targets.ndim == 1:
            return to[targets]
        moved = np.zeros((len(targets), len(self.column_ids)), dtype=targets.dtype)
        moved[:, to[to >= 0]] = targets[:, to >= 0]
        return moved

    @property
    def _models(self) -> list[Judge]:
        return [judge for judge in self.judges if not judge.llm]

    @property
    def _labelling(self) -> Judge | None:
        return newest_labelling(self.judges)

    def _committee(self) -> NDArray[np.float32]:
        known = self.predictions
        if known is not None and known.members is not None:
            return np.stack([self._full(each) for each in known.members])
        return np.stack([self._said_by(judge) for judge in self._models])

    def _said_by(self, judge: Judge) -> NDArray[np.float32]:
        """Return `[n, n_labels]` by the columns of now."""
        place = {id_: column for column, id_ in enumerate(self.column_ids)}
        said = np.zeros((self.n_rows, len(place)), dtype=np.float32)
        found = self._full(judge.probabilities)
        for column, id_ in enumerate(judge.label_ids):
            if id_ in place:
                said[:, place[id_]] = found[:, column]
        said[np.isnan(found[:, 0])] = np.nan
        return said

    def _held_out(self, labelled: NDArray[np.int64]) -> NDArray[np.float32] | None:
        """Align what cross-validation said with what is labelled now.

        A text that was labelled since has no held-out prediction: the guide's own stands in,
        which had not learnt from it when it was made, or has by one refresh. So it does for a
        text that had to stay in training throughout, as the only one of its label.
        """
        known, held = self.predictions, self.held_out
        if known is None or held is None:
            return None
        aligned = self._full(known.probabilities)[labelled]
        place = np.searchsorted(held.rows, labelled)
        place[place == len(held.rows)] = 0
        there = held.rows[place] == labelled if len(held.rows) else np.zeros(len(labelled), bool)
        column = {id_: i for i, id_ in enumerate(held.label_ids)}
        for to, id_ in enumerate(self.column_ids):
            if id_ in column:
                said = held.probabilities[place[there], column[id_]]
                aligned[there, to] = np.where(np.isnan(said), aligned[there, to], said)
        return aligned
