"""The annotations that a model is taught by, and the same choice made again to judge it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

import msgspec
import numpy as np
from msgspec import Struct

from kodkod.api import InvalidInputError, ModelSpec, Span, Split, Value
from kodkod.jobs.coding import Coding, read_coding, splits_of
from kodkod.jobs.context import KernelJobContext
from kodkod.project.fold import Answer
from kodkod.project.teaching import Taught, Teaching
from kodkod.store.artefacts import ModelRow
from kodkod.store.files import whole_file
from kodkod.store.people import names_of

__all__ = ["as_taught", "check_teaching", "facts_of_teaching", "narrowed", "taught_coding"]

V = TypeVar("V")
_LESSON = "lesson.json"


def check_teaching(
    teaching: Teaching, labels: Sequence[str], spec: ModelSpec, scheme_type: str
) -> None:
    """Refuse what a model cannot be taught, before a job begins.

    Raises:
        InvalidInputError: a label is not the scheme's, or the model cannot tell one label from
            the rest.
    """
    there = ", ".join(map(repr, labels)) or "none yet"
    for field, names in (
        ("exclude_labels", teaching.exclude_labels),
        ("dichotomise", (teaching.dichotomise,) if teaching.dichotomise is not None else ()),
    ):
        for name in names:
            if name not in labels:
                raise InvalidInputError(
                    f"{field} names {name!r}, which is no label of the scheme; choose among "
                    f"{there}.",
                    field=field,
                )
    if teaching.dichotomise in teaching.exclude_labels:
        raise InvalidInputError(
            f"The label {teaching.dichotomise!r} is both excluded and told from the rest; leave "
            "it out of exclude_labels.",
            field="exclude_labels",
        )
    if set(labels) <= set(teaching.exclude_labels):
        raise InvalidInputError(
            "All labels are excluded; leave two of them at least.", field="exclude_labels"
        )
    if (
        teaching.dichotomise is not None
        and scheme_type not in {"multilabel", "span"}
        and "multilabel" not in spec.scheme_types
    ):
        raise InvalidInputError(
            f"The model {spec.name!r} learns {', '.join(spec.scheme_types)}; one label against "
            "the rest needs a model that learns multilabel. Choose another model.",
            field="dichotomise",
        )
    if teaching.silver is not None and teaching.silver.weight != 1 and not spec.weighs:
        raise InvalidInputError(
            f"The model {spec.name!r} cannot let some texts count less than others; give silver "
            "labels the weight 1, or choose another model.",
            field="silver",
        )


def taught_coding(ctx: KernelJobContext, scheme_id: int, teaching: Teaching) -> Coding:
    """Return what a model is to learn from.

    A job that is run again after its process was killed learns from what it began with, so that
    what it had finished by then still holds.

    Raises:
        InvalidInputError: an annotator or a label is not known.
    """
    coding = read_coding(ctx.workspace, ctx.project, scheme_id, _admitted(ctx, teaching))
    coding = coding.in_split(Split.TRAIN, splits_of(ctx.workspace, ctx.project))
    return _kept(ctx, narrowed(coding, facts_of_teaching(teaching, coding)))


def facts_of_teaching(teaching: Teaching, coding: Coding) -> Taught:
    """Return what is to be kept of it with the model.

    Raises:
        InvalidInputError: a label is not the scheme's.
    """
    ids = {label.name: label.id for label in coding.scheme.labels}

    def id_of(name: str) -> int:
        if name not in ids:
            raise InvalidInputError(
                f"The scheme {coding.scheme.name!r} has no label {name!r}; it has "
                f"{', '.join(map(repr, ids)) or 'none yet'}."
            )
        return ids[name]

    return Taught(
        labels=list(coding.labels),
        exclude_labels=[id_of(name) for name in teaching.exclude_labels],
        dichotomise=None if teaching.dichotomise is None else id_of(teaching.dichotomise),
        annotators=list(teaching.annotators),
        sources=list(teaching.sources),
        folds=teaching.folds,
        search=teaching.search,
        metric=teaching.metric,
        silver=teaching.silver,
        n_silver=0 if coding.weights is None else int((coding.weights < 1).sum()),
    )


def as_taught(coding: Coding, model: ModelRow) -> Coding:
    """Return what is comparable with a model's predictions.

    That is the texts that have a label the model was taught, and, where it was taught one label
    against the rest, whether they have that label. Who said so does not matter here.
    """
    return narrowed(coding, msgspec.convert(model.training, Taught))


def narrowed(coding: Coding, taught: Taught) -> Coding:
    """Return what is said of the labels that a model tells apart."""
    there = {label.id for label in coding.scheme.labels}
    excluded = {now for id_ in taught.exclude_labels if (now := coding.counts_as(id_)) in there}
    if excluded:
        coding = coding.without({id_ for id_ in excluded if id_ is not None})
    if taught.dichotomise is not None:
        now = coding.counts_as(taught.dichotomise)
        coding = coding.one_against_rest(taught.dichotomise if now is None else now)
    return coding


def _admitted(ctx: KernelJobContext, teaching: Teaching) -> Callable[[Answer], bool] | None:
    if not teaching.annotators and not teaching.sources:
        return None
    ids = {name: id_ for id_, name in ctx.workspace.read(names_of).items()}
    unknown = [name for name in teaching.annotators if name not in ids]
    if unknown:
        raise InvalidInputError(
            f"There is no annotator {unknown[0]!r}; leave them out, or see the project's members.",
            field="annotators",
        )
    users = {ids[name] for name in teaching.annotators}
    sources = set(teaching.sources)

    def admits(answer: Answer) -> bool:
        by = not users or answer.user_id in users
        return by and (not sources or answer.source in sources)

    return admits


class _Lesson(Struct, Generic[V], frozen=True, kw_only=True):
    """The texts that a job began to learn from. Labels are the names of then."""

    labels: list[str]
    seq: int
    rows: list[int]
    values: list[V]


def _kept(ctx: KernelJobContext, coding: Coding) -> Coding:
    path = ctx.checkpoints / _LESSON
    kept = _read_lesson(path.read_bytes(), coding) if path.exists() else None
    if kept is not None:
        return kept
    lesson = _Lesson[Value](
        labels=list(coding.labels),
        seq=coding.seq,
        rows=coding.rows.tolist(),
        values=coding.values,
    )
    with whole_file(path) as aside:
        aside.write_bytes(msgspec.json.encode(lesson))
    return coding


def _read_lesson(raw: bytes, coding: Coding) -> Coding | None:
    """Return what was begun with, unless the labels have changed since."""
    shape: Any = _Lesson[list[Span]] if coding.has_spans else _Lesson[str | list[str]]
    try:
        lesson: _Lesson[Value] = msgspec.json.decode(raw, type=shape)
    except msgspec.DecodeError:
        return None
    if lesson.labels != list(coding.labels):
        return None
    return msgspec.structs.replace(
        coding,
        seq=lesson.seq,
        rows=np.array(lesson.rows, dtype=np.int64),
        values=lesson.values,
    )
