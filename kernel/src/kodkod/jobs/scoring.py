"""Comparing stored predictions with the annotations of now."""

from __future__ import annotations

from typing import Any, cast

import msgspec

from kodkod.api import InvalidInputError, Metric, Split
from kodkod.jobs.beside import put_beside
from kodkod.jobs.coding import read_coding, splits_of
from kodkod.jobs.context import KernelJobContext
from kodkod.jobs.judging import metric_for
from kodkod.jobs.teaching import as_taught
from kodkod.project.fold import said_by_people
from kodkod.store.artefacts import ModelRow

__all__ = ["score_again", "score_model"]


def score_model(
    ctx: KernelJobContext, model: ModelRow, metric_name: str | None = None
) -> dict[str, Any]:
    """Return a report for each split that has annotations among the predicted rows.

    Each says in `basis` whether the model had learnt from the texts: those of the train split are
    scored by cross-validation where the model was trained with folds. Without a metric named it is
    the first for the scheme's type.

    Raises:
        InvalidInputError: the metric is not for such a scheme.
    """
    workspace, project = ctx.workspace, ctx.project
    coding = read_coding(workspace, project, model.scheme_id, said_by_people)
    named = metric_for(workspace.registry, metric_name, as_taught(coding, model).compared_as)
    metric = cast("Metric[Any]", workspace.registry.build("metric", named, {}))
    splits, places = splits_of(workspace, project), workspace.places(project)
    reports: dict[str, Any] = {}
    for split in Split:
        beside = put_beside(coding, model, places, split, splits)
        if beside is None:
            continue
        ctx.progress(None, f"scoring the {split} split")
        try:
            report = metric.score(beside.compared(), ctx.rng())
        except InvalidInputError as error:
            ctx.log(f"the {split} split was not scored: {error.message}")
            continue
        report = msgspec.structs.replace(report, basis=beside.basis)
        reports[split.value] = msgspec.to_builtins(report)
    return reports


def score_again(
    ctx: KernelJobContext, model: ModelRow, metric_name: str | None = None
) -> dict[str, Any]:
    """Return a model's scores with those put in their place that its predictions have now.

    Where they cannot be compared with the annotations the job's log says why.
    """
    coding = as_taught(
        read_coding(ctx.workspace, ctx.project, model.scheme_id, said_by_people), model
    )
    try:
        named = metric_for(ctx.workspace.registry, metric_name, coding.compared_as)
    except InvalidInputError as error:
        ctx.log(f"the predictions were not scored: {error.message}")
        return model.scores
    return model.scores | score_model(ctx, model, named)
