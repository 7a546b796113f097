"""Predict the complete corpus."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from kodkod.api import Model, ModelSpec
from kodkod.jobs.context import KernelJobContext
from kodkod.jobs.inputs import JoinedFeatures, find_features, open_features
from kodkod.jobs.kinds.params import PredictParams
from kodkod.jobs.kinds.project_job import ProjectJob
from kodkod.jobs.kinds.score import ModelScored, model_of
from kodkod.jobs.learning import predict_rows
from kodkod.jobs.matrix_file import write_matrix
from kodkod.jobs.needs import Needs, needs_of
from kodkod.jobs.places import sweep
from kodkod.jobs.scoring import score_model
from kodkod.jobs.workspace import Workspace
from kodkod.store.artefacts import ModelRow, change_model, find_model
from kodkod.store.files import whole_folder
from kodkod.store.matrices import Manifest

__all__ = ["PredictJob"]

_PREDICT_SHARE = 0.95


class PredictJob(ProjectJob[PredictParams]):
    """Stores float32 `[n_rows, n_labels]`, columns as in the model's `label_ids`."""

    def needs(self, workspace: Workspace) -> Needs:
        """Return what the kind of model needs."""
        row = workspace.read(find_model, self.params.model_id)
        if row is None:
            return Needs()
        return needs_of(workspace.registry.spec("model", row.component), row.params)

    def work(self, ctx: KernelJobContext) -> ModelScored:
        """Predict, then score each split that has annotations.

        Raises:
            NotFoundError: the model was deleted.
            InvalidInputError: a feature that it reads was deleted.
        """
        workspace, project = ctx.workspace, ctx.project
        row = model_of(ctx, self.params.model_id)
        spec = cast("ModelSpec", workspace.registry.spec("model", row.component))
        features = None
        if spec.reads == "features":
            named = find_features(workspace, project, row.features)
            features = open_features(workspace, project, named)
        places = workspace.places(project)
        model = cast("Model[Any]", workspace.registry.build("model", row.component, row.params))
        model.load(places.model(row.id) / "fitted")
        folder = places.predictions(row.id)
        sweep(folder.parent, folder.name)
        with whole_folder(folder) as aside:
            n_rows = self._predict(ctx, row, model, features, aside)
        ctx.progress(_PREDICT_SHARE, "scoring")
        scores = score_model(ctx, row, self.params.metric)
        workspace.write(change_model, row.id, scores=scores, predicted_rows=n_rows)
        return ModelScored(model=row.id, scores=scores)

    def _predict(
        self,
        ctx: KernelJobContext,
        row: ModelRow,
        model: Model[Any],
        features: JoinedFeatures | None,
        folder: Path,
    ) -> int:
        root, n_labels = ctx.workspace.places(ctx.project).root, len(row.label_ids)
        n_rows = ctx.project.n_rows
        if features is not None and features.n_rows < n_rows:
            ctx.log(f"only {features.n_rows} of {n_rows} rows are predicted: extend the features")
            n_rows = features.n_rows
        with write_matrix(folder) as writer:
            share = (0.0, _PREDICT_SHARE)
            for part in predict_rows(model, n_labels, features, root, n_rows, ctx, share):
                writer.append(part)
            writer.finish(
                Manifest(
                    component=row.component,
                    params=row.params,
                    corpus_fingerprint=ctx.project.corpus_fingerprint,
                    rows=writer.rows,
                    dim=n_labels,
                    sparse=False,
                    columns=row.label_ids,
                )
            )
        return writer.rows
