"""What a model said of texts, put beside what people said of them: the ground of all scores.

Reads files and takes milliseconds or more: for a worker, or another thread of the server.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import Basis, Compared, Span, Split, Value
from kodkod.jobs.coding import Coding
from kodkod.jobs.places import ProjectPlaces
from kodkod.jobs.teaching import as_taught
from kodkod.store.artefacts import ModelRow
from kodkod.store.learnt import Learnt, read_learnt
from kodkod.store.predictions import open_predicted
from kodkod.store.spans import StoredSpans

__all__ = ["Beside", "align_columns", "has_one_label", "put_beside", "stamp_of"]

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]


class Beside(Struct, frozen=True, kw_only=True):
    """The texts of one split that people and a model have said something of.

    `probabilities`, float32 `[n, k]`, and `thresholds` have a column for each of the coding's
    labels. `spans` are what was predicted where values are spans and the model gives any.
    """

    coding: Coding
    probabilities: Floats
    thresholds: Floats | None
    spans: list[list[Span]] | None
    basis: Basis

    def __len__(self) -> int:
        return len(self.coding.rows)

    @property
    def rows(self) -> Rows:
        """Return the rows, ascending."""
        return self.coding.rows

    def compared(self) -> Compared:
        """Return them as metrics read them."""
        has_spans = self.coding.has_spans
        return Compared(
            reference=self.coding.targets(),
            probabilities=self.probabilities,
            labels=self.coding.labels,
            thresholds=self.thresholds,
            values=self.coding.values if has_spans else None,
            predicted=cast("Sequence[Value] | None", self.spans),
        )

    def of(self, rows: Rows) -> Beside:
        """Return the part of these rows."""
        kept = np.isin(self.rows, rows)
        spans = self.spans
        if spans is not None:
            spans = [each for each, keep in zip(spans, kept.tolist(), strict=True) if keep]
        return msgspec.structs.replace(
            self,
            coding=self.coding.within(kept),
            probabilities=self.probabilities[kept],
            spans=spans,
        )


def put_beside(
    coding: Coding,
    model: ModelRow,
    places: ProjectPlaces,
    split: Split,
    splits: NDArray[np.uint8],
) -> Beside | None:
    """Return what can be compared in one split; None where nothing can.

    Texts that the model learnt from count by what cross-validation said of them, and those that
    it says nothing of are left out; without a cross-validation by what the model itself says,
    which `basis` tells. `coding` is all of the scheme's.

    Raises:
        UnavailableError: the stored predictions are damaged.
    """
    coding = as_taught(coding, model).in_split(split, splits)
    predicted = open_predicted(places.root, model.id, split)
    learnt = read_learnt(places.model(model.id)) if split is Split.TRAIN else None
    known = np.zeros(len(coding.rows), dtype=np.bool_)
    if predicted is not None:
        known = np.isin(coding.rows, predicted.rows)
    if learnt is None or learnt.held_out is None:
        basis = _basis(coding.rows[known], learnt, split)
        held_out = known & False
    else:
        basis = "cross-validated"
        seen = np.isin(coding.rows, learnt.rows)
        said_of = learnt.rows[~np.isnan(learnt.held_out).any(axis=1)]
        held_out = np.isin(coding.rows, said_of)
        known = (known & ~seen) | held_out
    coding, held_out = coding.within(known), held_out[known]
    if not len(coding.rows):
        return None
    probabilities = np.empty((len(coding.rows), len(model.label_ids)), dtype=np.float32)
    if predicted is not None:
        probabilities[~held_out] = predicted.take(coding.rows[~held_out])
    if learnt is not None and learnt.held_out is not None:
        place = np.searchsorted(learnt.rows, coding.rows[held_out])
        probabilities[held_out] = learnt.held_out[place]
    own = None if model.thresholds is None else np.array(model.thresholds, dtype=np.float32)
    crossed = learnt.thresholds if learnt is not None and held_out.any() else None
    return Beside(
        coding=coding,
        probabilities=align_columns(
            probabilities, model.label_ids, coding, single=has_one_label(coding)
        ),
        thresholds=_thresholds(own if crossed is None else crossed, model.label_ids, coding),
        spans=_spans(
            coding,
            model.label_ids,
            held_out,
            predicted.spans if predicted is not None else None,
            learnt.spans if learnt is not None else None,
        ),
        basis=basis,
    )


def stamp_of(places: ProjectPlaces, model_id: str) -> tuple[int, ...]:
    """Return what is another one after each prediction of a model."""
    folders = (places.predictions(model_id), *(places.predicted(model_id, s) for s in Split))
    return tuple(_changed_at(folder / "manifest.json") for folder in folders)


def has_one_label(coding: Coding) -> bool:
    """Tell whether a text has one label, so that its probabilities sum to 1."""
    return (
        not coding.has_spans and coding.within(np.zeros(len(coding.rows), bool)).targets().ndim == 1
    )


def align_columns(
    probabilities: Floats, label_ids: Sequence[int], coding: Coding, *, single: bool
) -> Floats:
    """Return `probabilities` with a column for each label that the coding has now.

    A label that was merged since counts as what it was merged into, a deleted one is left out,
    and a new one has 0. Rows sum to 1 again where a text has one label (`single`).
    """
    places = {id_: place for place, id_ in enumerate(coding.label_ids)}
    if list(places) == list(label_ids):
        return probabilities
    aligned = np.zeros((len(probabilities), len(places)), dtype=np.float32)
    for column, label_id in enumerate(label_ids):
        target = coding.counts_as(label_id)
        if target not in places:
            continue
        into = aligned[:, places[target]]
        if single:
            into += probabilities[:, column]
        else:
            np.maximum(into, probabilities[:, column], out=into)
    if single:
        sums = aligned.sum(axis=1, keepdims=True)
        np.divide(aligned, sums, out=aligned, where=sums > 0)
    return aligned


def _basis(rows: Rows, learnt: Learnt | None, split: Split) -> Basis:
    """Tell whether a model had learnt from any of these rows."""
    if split is not Split.TRAIN:
        return "unseen"
    seen = learnt is None or bool(np.isin(rows, learnt.rows).any())
    return "in-sample" if seen else "unseen"


def _thresholds(own: Floats | None, label_ids: Sequence[int], coding: Coding) -> Floats | None:
    """Return a threshold for each label of now: its own, or that of what was merged into it."""
    if own is None:
        return None
    found = dict[int | None, float]()
    for id_, threshold in zip(label_ids, own.tolist(), strict=True):
        now = coding.counts_as(id_)
        if now == id_ or now not in found:
            found[now] = threshold
    return np.array([found.get(id_, 0.5) for id_ in coding.label_ids], dtype=np.float32)


def _spans(
    coding: Coding,
    label_ids: Sequence[int],
    held_out: NDArray[np.bool_],
    predicted: StoredSpans | None,
    crossed: StoredSpans | None,
) -> list[list[Span]] | None:
    if not coding.has_spans or (predicted is None and crossed is None):
        return None
    name_of = dict(zip(coding.label_ids, coding.labels, strict=True))
    names = {id_: name_of[now] for id_ in label_ids if (now := coding.counts_as(id_)) in name_of}
    found: list[list[Span]] = [[] for _ in coding.rows]
    for source, places in ((predicted, ~held_out), (crossed, held_out)):
        if source is not None and places.any():
            values = source.values(coding.rows[places], names)
            for place, value in zip(np.flatnonzero(places).tolist(), values, strict=True):
                found[place] = value
    return found


def _changed_at(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
