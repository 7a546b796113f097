"""Comparing stored predictions with the annotations of now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import msgspec
import numpy as np
from numpy.typing import NDArray

from kodkod.api import Compared, InvalidInputError, Metric, Split
from kodkod.jobs.coding import Coding, read_coding, splits_of
from kodkod.jobs.context import KernelJobContext
from kodkod.store.artefacts import ModelRow
from kodkod.store.matrices import MatrixFolder

__all__ = ["align_columns", "score_model"]


def score_model(ctx: KernelJobContext, model: ModelRow, metric_name: str) -> dict[str, Any]:
    """Return a report for each split that has annotations among the predicted rows.

    The report under `train` is of texts that the model has seen.

    Raises:
        InvalidInputError: the metric cannot be used with the scheme.
    """
    workspace, project = ctx.workspace, ctx.project
    predicted = MatrixFolder(workspace.places(project).predictions(model.id)).open_dense()
    coding = read_coding(workspace, project, model.scheme_id)
    coding = coding.within(coding.rows < len(predicted))
    metric = cast("Metric[Any]", workspace.registry.build("metric", metric_name, {}))
    splits = splits_of(workspace, project)
    reports: dict[str, Any] = {}
    for split in Split:
        part = coding.in_split(split, splits)
        if not len(part.rows):
            continue
        ctx.progress(None, f"scoring the {split} split")
        reference = part.targets()
        probabilities = align_columns(
            predicted[part.rows], model.label_ids, part, single=reference.ndim == 1
        )
        compared = Compared(reference=reference, probabilities=probabilities, labels=part.labels)
        try:
            report = metric.score(compared, ctx.rng())
        except InvalidInputError as error:
            ctx.log(f"the {split} split was not scored: {error.message}")
            continue
        reports[split.value] = msgspec.to_builtins(report)
    return reports


def align_columns(
    probabilities: NDArray[np.float32], label_ids: Sequence[int], coding: Coding, *, single: bool
) -> NDArray[np.float32]:
    """Return `probabilities` with a column for each label that the scheme has now.

    A label that was merged since counts as what it was merged into, a deleted one is left out,
    and a new one has 0. Rows sum to 1 again where a text has one label (`single`).
    """
    places = {id_: place for place, id_ in enumerate(coding.label_ids)}
    if list(places) == list(label_ids):
        return probabilities
    aligned = np.zeros((len(probabilities), len(places)), dtype=np.float32)
    for column, label_id in enumerate(label_ids):
        target = _present(label_id, coding.merged)
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


def _present(label_id: int, merged: Mapping[int, int | None]) -> int | None:
    target: int | None = label_id
    while target is not None and target in merged:
        target = merged[target]
    return target
