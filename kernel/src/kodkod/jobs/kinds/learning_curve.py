"""Draw the learning curve of a trained model's kind: how good it is by how much is annotated."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import msgspec
import numpy as np
from msgspec import Struct

from kodkod.api import InvalidInputError, Model, Score
from kodkod.jobs.context import KernelJobContext
from kodkod.jobs.inputs import find_features, open_features
from kodkod.jobs.kinds.evaluation_params import LearningCurveParams
from kodkod.jobs.kinds.project_job import ProjectJob
from kodkod.jobs.kinds.score import model_of
from kodkod.jobs.learning import material_of, model_spec
from kodkod.jobs.material import Material
from kodkod.jobs.needs import Needs, needs_of
from kodkod.jobs.teaching import taught_coding
from kodkod.jobs.validation import Validation
from kodkod.jobs.workspace import Workspace
from kodkod.project.assessment import AssessmentPlan, plan_assessment
from kodkod.project.teaching import Taught, Teaching
from kodkod.store.artefacts import ModelRow, find_model
from kodkod.store.projects import list_schemes

__all__ = ["LearningCurve", "LearningCurveJob", "LearningPoint"]

_FIGURE = "macro_f1"


class LearningPoint(Struct, frozen=True, kw_only=True):
    """The mean score of models that learnt from `n` texts, on texts that they had not seen."""

    n: int
    score: Score


class LearningCurve(Struct, frozen=True, kw_only=True):
    """The curve of a model's component and params, ascending in `n`; the annotations are of now.

    Of passages the figure is of which labels are in which text.
    """

    model: str
    figure: str
    n_texts: int
    points: list[LearningPoint]


class LearningCurveJob(ProjectJob[LearningCurveParams]):
    """Cross-validates with growing shares of the training texts."""

    def needs(self, workspace: Workspace) -> Needs:
        """Return what the kind of model needs."""
        row = workspace.read(find_model, self.params.model_id)
        if row is None:
            return Needs()
        return needs_of(workspace.registry.spec("model", row.component), row.params)

    def work(self, ctx: KernelJobContext) -> LearningCurve:
        """Fit the models and score them.

        Raises:
            NotFoundError: the model was deleted.
            InvalidInputError: the annotations do not suffice.
        """
        row = model_of(ctx, self.params.model_id)
        material = self._material(ctx, row)
        plan = self._plan(material)
        ctx.log(f"{plan.fits} models are fitted, with up to {len(material)} texts")
        found = Validation(ctx, material, plan, self._models(ctx, row), self.params.seed).run()
        if found is None:
            raise InvalidInputError(_FEW)
        _, _, curve = found
        return LearningCurve(
            model=row.id,
            figure=_FIGURE,
            n_texts=len(material),
            points=[LearningPoint(n=point.n, score=point.score) for point in curve],
        )

    def _material(self, ctx: KernelJobContext, row: ModelRow) -> Material:
        workspace, project = ctx.workspace, ctx.project
        coding = taught_coding(ctx, row.scheme_id, _teaching(ctx, row))
        spec = model_spec(ctx, row.component, coding.compared_as)
        features = None
        if spec.reads == "features":
            named = find_features(workspace, project, row.features)
            features = open_features(workspace, project, named)
            coding = coding.within(coding.rows < features.n_rows)
        return material_of(coding, features, workspace.places(project).root)

    def _plan(self, material: Material) -> AssessmentPlan:
        plan = plan_assessment(material.labels, multilabel=material.multilabel)
        if plan is None:
            raise InvalidInputError(_FEW)
        asked = self.params
        folds = min(asked.folds, plan.folds)
        return msgspec.structs.replace(
            plan,
            folds=folds,
            curve_folds=min(plan.curve_folds, folds),
            repeats=plan.repeats if asked.repeats is None else asked.repeats,
            shares=tuple(np.geomspace(plan.shares[0], 1.0, asked.sizes).tolist()),
        )

    def _models(self, ctx: KernelJobContext, row: ModelRow) -> Iterator[Model[Any]]:
        while True:
            built = ctx.workspace.registry.build("model", row.component, row.params)
            yield cast("Model[Any]", built)


def _teaching(ctx: KernelJobContext, row: ModelRow) -> Teaching:
    """Return what the model was taught by, in the labels' names of now."""
    taught = msgspec.convert(row.training, Taught)
    schemes = ctx.workspace.read(list_schemes, ctx.project.id)
    labels = [label for scheme in schemes if scheme.id == row.scheme_id for label in scheme.labels]
    names = {label.id: label.name for label in labels}
    return Teaching(
        exclude_labels=tuple(names[id_] for id_ in taught.exclude_labels if id_ in names),
        dichotomise=None if taught.dichotomise is None else names.get(taught.dichotomise),
        annotators=tuple(taught.annotators),
        sources=tuple(taught.sources),
    )


_FEW = (
    "There is too little to learn from and be tested on; annotate at least two texts of each of "
    "two labels."
)
