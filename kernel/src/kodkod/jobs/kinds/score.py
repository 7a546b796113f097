"""Compare a model's stored predictions with the annotations of now."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from kodkod.api import ConflictError, NotFoundError
from kodkod.jobs.context import KernelJobContext
from kodkod.jobs.kinds.params import ScoreParams
from kodkod.jobs.kinds.project_job import ProjectJob
from kodkod.jobs.scoring import score_model
from kodkod.store.artefacts import ModelRow, change_model, find_model

__all__ = ["ModelScored", "ScoreJob", "model_of"]


class ModelScored(Struct, frozen=True, kw_only=True):
    """A model and its report on each split that has annotations."""

    model: str
    scores: dict[str, Any]


class ScoreJob(ProjectJob[ScoreParams]):
    """Scores without predicting."""

    def work(self, ctx: KernelJobContext) -> ModelScored:
        """Score and store the reports with the model.

        Raises:
            NotFoundError: the model was deleted.
            ConflictError: it has no predictions yet.
        """
        model = model_of(ctx, self.params.model_id)
        if model.predicted_rows is None and not model.predicted:
            raise ConflictError(f"The model {model.name!r} has not predicted yet; predict first.")
        scores = score_model(ctx, model, self.params.metric)
        ctx.workspace.write(change_model, model.id, scores=scores)
        return ModelScored(model=model.id, scores=scores)


def model_of(ctx: KernelJobContext, model_id: str) -> ModelRow:
    """Return a model of the job's project.

    Raises:
        NotFoundError: the project has no such model.
    """
    model = ctx.workspace.read(find_model, model_id)
    if model is None or model.project_id != ctx.project.id:
        raise NotFoundError(f"There is no model {model_id!r} in the project.")
    return model
