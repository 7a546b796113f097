"""Compare two models on the same texts."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from msgspec import Struct

from kodkod.api import Basis, ComparisonReport, ConflictError, InvalidInputError, Metric, Split
from kodkod.jobs.beside import Beside, put_beside
from kodkod.jobs.coding import Coding, read_coding, splits_of
from kodkod.jobs.context import KernelJobContext
from kodkod.jobs.judging import metric_for
from kodkod.jobs.kinds.evaluation_params import CompareParams
from kodkod.jobs.kinds.project_job import ProjectJob
from kodkod.jobs.kinds.score import model_of
from kodkod.project.fold import said_by_people
from kodkod.store.artefacts import ModelRow

__all__ = ["CompareJob", "ModelsCompared"]


class ModelsCompared(Struct, frozen=True, kw_only=True):
    """Two models (by id) on the texts of a split that both predict and people have coded.

    The bases say whether each had learnt from the texts.
    """

    first: str
    second: str
    split: str
    metric: str
    first_basis: Basis
    second_basis: Basis
    report: ComparisonReport


class CompareJob(ProjectJob[CompareParams]):
    """A paired test of each figure of the metric."""

    def work(self, ctx: KernelJobContext) -> ModelsCompared:
        """Compare.

        Raises:
            NotFoundError: a model was deleted.
            ConflictError: the two have no texts in common.
            InvalidInputError: they learnt different schemes or labels, or there is no such test.
        """
        params = self.params
        first, second = model_of(ctx, params.first_id), model_of(ctx, params.second_id)
        if first.scheme_id != second.scheme_id:
            raise InvalidInputError(
                f"The models {first.name!r} and {second.name!r} learnt different schemes, so there "
                "is nothing that both say; choose two models of one scheme."
            )
        coding = read_coding(ctx.workspace, ctx.project, first.scheme_id, said_by_people)
        one, two = (self._beside(ctx, coding, model) for model in (first, second))
        if one.coding.label_ids != two.coding.label_ids:
            raise InvalidInputError(
                "The models tell different labels apart; train both with the same exclude_labels "
                "and dichotomise."
            )
        common = np.intersect1d(one.rows, two.rows)
        if not len(common):
            raise ConflictError(
                f"No annotated text of the {params.split} split is predicted by both models; let "
                "both predict it, or choose another split."
            )
        named = metric_for(ctx.workspace.registry, params.metric, one.coding.compared_as)
        metric = cast("Metric[Any]", ctx.workspace.registry.build("metric", named, {}))
        ctx.progress(0.1, f"comparing on {len(common)} texts")
        report = metric.compare(one.of(common).compared(), two.of(common).compared(), ctx.rng())
        if report is None:
            raise InvalidInputError(
                f"The metric {named!r} has no test of two models; choose another.", field="metric"
            )
        return ModelsCompared(
            first=first.id,
            second=second.id,
            split=params.split,
            metric=named,
            first_basis=one.basis,
            second_basis=two.basis,
            report=report,
        )

    def _beside(self, ctx: KernelJobContext, coding: Coding, model: ModelRow) -> Beside:
        workspace, project = ctx.workspace, ctx.project
        split, splits = Split(self.params.split), splits_of(workspace, project)
        found = put_beside(coding, model, workspace.places(project), split, splits)
        if found is None:
            raise ConflictError(
                f"The model {model.name!r} has predicted no annotated text of the {split} split; "
                "let it predict, annotate some texts of the split, or choose another split."
            )
        return found
