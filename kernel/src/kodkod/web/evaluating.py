"""What is wrong with predictions and with labels, worked out in a thread once and kept."""

from __future__ import annotations

import asyncio
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import ConflictError, InvalidInputError, Split
from kodkod.jobs.beside import Beside, align_columns, put_beside, stamp_of
from kodkod.jobs.coding import Coding
from kodkod.jobs.places import ProjectPlaces
from kodkod.jobs.teaching import as_taught
from kodkod.project.fold import said_by_people
from kodkod.project.label_errors import Suspected, suspect
from kodkod.project.mistakes import Mistakes, find_mistakes
from kodkod.project.scheme import LiveScheme
from kodkod.store.artefacts import ModelRow
from kodkod.store.beliefs import assessment_stamp, read_assessment
from kodkod.store.learnt import read_learnt
from kodkod.web.kept import Kept

__all__ = ["Doubts", "Wrong", "find_doubts", "find_wrong"]


class Wrong(Struct, frozen=True):
    """A model's mistakes among the texts of a split."""

    beside: Beside
    mistakes: Mistakes


class Doubts(Struct, frozen=True):
    """What confident learning says of a scheme's labels; lines are those of `coding.rows`."""

    coding: Coding
    found: Suspected
    trained_at_seq: int


_wrong = Kept[Wrong]()
_doubts = Kept[Doubts]()


async def find_wrong(
    scheme: LiveScheme, model: ModelRow, places: ProjectPlaces, split: Split
) -> Wrong:
    """Return what a model has wrong in a split as of now.

    Raises:
        ConflictError: it has predicted no annotated text of the split.
        InvalidInputError: what it predicts cannot be put beside the values.
    """
    stamp = await asyncio.to_thread(stamp_of, places, model.id)
    key = (model.id, split, stamp, *_state(scheme))

    def make() -> Wrong:
        beside = put_beside(_coding(scheme), model, places, split, scheme.corpus.splits)
        if beside is None:
            raise ConflictError(
                f"The model {model.name!r} has predicted no annotated text of the {split} split; "
                "let it predict, or annotate some texts of the split."
            )
        if beside.coding.has_spans and beside.spans is None:
            raise InvalidInputError(
                f"The model {model.name!r} predicts no passages, so there is nothing to compare; "
                "choose one that marks them."
            )
        return Wrong(beside, find_mistakes(beside.compared()))

    return await _wrong.get(scheme, key, make)


async def find_doubts(scheme: LiveScheme, model: ModelRow | None, places: ProjectPlaces) -> Doubts:
    """Return which labels a model's cross-validation, or the guide's, takes for wrong.

    Raises:
        ConflictError: there is no cross-validation.
        InvalidInputError: the values are spans.
    """
    if scheme.scheme_type.encode([], ()) is None:
        raise InvalidInputError(
            "Confident learning is for labels of whole texts; the values of the scheme "
            f"{scheme.row.name!r} are passages."
        )
    home = places.guide(scheme.row.id)
    stamp = 0 if model else await asyncio.to_thread(assessment_stamp, home)
    key = (model.id if model else None, stamp, *_state(scheme))

    def make() -> Doubts:
        rows, held_out, label_ids, seq = _held_out(scheme, model, places)
        coding = _coding(scheme)
        if model is not None:
            coding = as_taught(coding, model)
        known = rows[~np.isnan(held_out).any(axis=1)]
        coding = coding.within(np.isin(coding.rows, known))
        if not len(coding.rows):
            raise ConflictError(_NOTHING)
        targets = coding.targets()
        said = held_out[np.searchsorted(rows, coding.rows)]
        aligned = align_columns(said, label_ids, coding, single=targets.ndim == 1)
        return Doubts(coding, suspect(aligned, targets), seq)

    return await _doubts.get(scheme, key, make)


def _held_out(
    scheme: LiveScheme, model: ModelRow | None, places: ProjectPlaces
) -> tuple[NDArray[np.int64], NDArray[np.float32], list[int], int]:
    if model is not None:
        learnt = read_learnt(places.model(model.id))
        if learnt is None or learnt.held_out is None:
            raise ConflictError(
                f"The model {model.name!r} was trained without cross-validation; train one with "
                "folds (5, say) and name that."
            )
        return learnt.rows, learnt.held_out, model.label_ids, model.trained_at_seq
    found = read_assessment(places.guide(scheme.row.id))
    if found is None:
        raise ConflictError(_NOTHING)
    facts = found.facts
    return found.rows, found.held_out, facts.label_ids, facts.held_out.trained_at_seq


_NOTHING = (
    "Nothing was cross-validated yet. Give the scheme a guide and annotate 20 texts, after which "
    "it is assessed by itself; or train a model with folds and name it."
)


def _coding(scheme: LiveScheme) -> Coding:
    rows, values = scheme.fold.resolved(said_by_people)
    return Coding(
        scheme=scheme.row,
        scheme_type=scheme.scheme_type,
        rows=rows,
        values=values,
        merged=dict(scheme.fold.merged),
        seq=scheme.fold.seq,
    )


def _state(scheme: LiveScheme) -> tuple[Any, ...]:
    """Return what changes with what counts in a scheme."""
    labels = tuple((label.id, label.name) for label in scheme.row.labels)
    return scheme.fold.seq, len(scheme.corpus), labels
