"""Silver labels: answers of an LLM that a model learns from beside what people say."""

from __future__ import annotations

import msgspec
import numpy as np

from kodkod.api import InvalidInputError, Split
from kodkod.jobs.answers import read_answers
from kodkod.jobs.coding import Coding, splits_of
from kodkod.jobs.context import KernelJobContext
from kodkod.jobs.teaching import facts_of_teaching, narrowed
from kodkod.project.coding import Coder
from kodkod.project.teaching import Teaching
from kodkod.store.artefacts import ModelRow, list_models

__all__ = ["with_silver"]


def with_silver(ctx: KernelJobContext, coding: Coding, teaching: Teaching) -> Coding:
    """Return what people say together with a labelling's answers to other texts of the split.

    Raises:
        InvalidInputError: there is no such labelling in the scheme, or none of its answers is
            to be learnt from.
    """
    silver = teaching.silver
    if silver is None:
        return coding
    row = _labelling(ctx, silver.labelling, coding.scheme.id)
    coder = Coder(coding.scheme_type, coding.scheme.labels, coding.merged)
    least = silver.min_confidence
    found = [
        (answer.row, value)
        for page in read_answers(ctx, row.id)
        for answer in page
        if (least is None or (answer.confidence is not None and answer.confidence >= least))
        and (value := coder.read(answer.value)) is not None
    ]
    said = msgspec.structs.replace(
        coding,
        rows=np.array([at for at, _ in found], dtype=np.int64),
        values=[value for _, value in found],
        excluded=frozenset(),
        against_rest=None,
    )
    said = said.in_split(Split.TRAIN, splits_of(ctx.workspace, ctx.project))
    said = narrowed(said, facts_of_teaching(teaching, coding))
    said = said.within(~np.isin(said.rows, coding.rows))
    if not len(said.rows):
        raise InvalidInputError(
            f"The labelling {row.name!r} has no answer to learn from: to a text of the train split "
            "that people have not labelled, and as sure as asked for. Run it on the train split.",
            field="silver",
        )
    ctx.log(f"{len(said.rows)} texts are learnt from as {row.name!r} has them")
    return _together(coding, said, silver.weight)


def _together(coding: Coding, silver: Coding, weight: float) -> Coding:
    rows = np.concatenate([coding.rows, silver.rows])
    weights = np.repeat(
        np.array([1.0, weight], dtype=np.float32), [len(coding.rows), len(silver.rows)]
    )
    order = np.argsort(rows, kind="stable")
    values = [*coding.values, *silver.values]
    return msgspec.structs.replace(
        coding,
        rows=rows[order],
        values=[values[place] for place in order.tolist()],
        weights=weights[order],
    )


def _labelling(ctx: KernelJobContext, key: str, scheme_id: int) -> ModelRow:
    rows = [
        row
        for row in ctx.workspace.read(list_models, ctx.project.id)
        if row.kind == "labeller" and row.scheme_id == scheme_id
    ]
    for row in rows:
        if key in {row.id, row.name}:
            return row
    raise InvalidInputError(
        f"The scheme has no labelling {key!r}; choose among "
        f"{', '.join(row.name for row in rows) or 'none yet'}.",
        field="silver",
    )
