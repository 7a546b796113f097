"""Train a model on the annotations of the train split."""

from __future__ import annotations

from typing import Any, cast

import msgspec
from msgspec import Struct

from kodkod.api import ConflictError, Model, Split
from kodkod.jobs.coding import Coding, read_coding, splits_of
from kodkod.jobs.context import KernelJobContext
from kodkod.jobs.inputs import JoinedFeatures, find_features, open_features
from kodkod.jobs.kinds.params import TrainParams
from kodkod.jobs.kinds.project_job import ProjectJob
from kodkod.jobs.learning import fit_model, model_spec
from kodkod.jobs.needs import Needs, needs_of
from kodkod.jobs.places import sweep
from kodkod.jobs.workspace import Workspace
from kodkod.store.artefacts import FeatureRow, ModelRow, add_model, list_models
from kodkod.store.database import now
from kodkod.store.files import discard, whole_folder

__all__ = ["ModelMade", "TrainJob"]


class ModelMade(Struct, frozen=True, kw_only=True):
    """The id of the model that was trained."""

    model: str


class TrainJob(ProjectJob[TrainParams]):
    """The model gets the job's id, so that a second run replaces what the first one left."""

    def needs(self, workspace: Workspace) -> Needs:
        """Return what the kind of model needs."""
        spec = workspace.registry.spec("model", self.params.component)
        return needs_of(spec, self.params.params)

    def work(self, ctx: KernelJobContext) -> ModelMade:
        """Fit, save and register.

        Raises:
            ConflictError: the name is taken.
            InvalidInputError: a feature is missing, or the annotations do not suffice.
        """
        made = ModelMade(model=ctx.job.id)
        if self._registered(ctx):
            return made
        row = self._train(ctx)
        try:
            ctx.workspace.write(add_model, row)
        except ConflictError:
            discard(ctx.workspace.places(ctx.project).model(ctx.job.id))
            raise
        return made

    def _registered(self, ctx: KernelJobContext) -> bool:
        rows = ctx.workspace.read(list_models, ctx.project.id)
        if any(row.name == self.params.name and row.id != ctx.job.id for row in rows):
            raise ConflictError(
                f"The project has a model {self.params.name!r} already; delete it or choose "
                "another name."
            )
        return any(row.id == ctx.job.id for row in rows)

    def _train(self, ctx: KernelJobContext) -> ModelRow:
        workspace, project, params = ctx.workspace, ctx.project, self.params
        coding = read_coding(workspace, project, params.scheme_id)
        coding = coding.in_split(Split.TRAIN, splits_of(workspace, project))
        spec = model_spec(ctx, params.component, coding.scheme.type)
        named = find_features(workspace, project, params.features)
        features = open_features(workspace, project, named) if spec.reads == "features" else None
        coding = _covered(ctx, coding, features)
        model = cast(
            "Model[Any]", workspace.registry.build("model", params.component, params.params)
        )
        ctx.progress(None, f"learning from {len(coding.rows)} texts")
        places = workspace.places(project)
        fit_model(model, coding, features, places.root, params.seed, ctx)
        row = self._row(ctx, coding, model, named)
        sweep(places.models, row.id)
        with whole_folder(places.model(row.id)) as aside:
            (aside / "fitted").mkdir()
            model.save(aside / "fitted")
            (aside / "manifest.json").write_bytes(msgspec.json.encode(row))
        return row

    def _row(
        self, ctx: KernelJobContext, coding: Coding, model: Model[Any], named: list[FeatureRow]
    ) -> ModelRow:
        return ModelRow(
            id=ctx.job.id,
            project_id=ctx.project.id,
            scheme_id=self.params.scheme_id,
            name=self.params.name,
            component=self.params.component,
            params=msgspec.to_builtins(model.params),
            features=[feature.id for feature in named],
            label_ids=list(coding.label_ids),
            n_train=len(coding.rows),
            trained_at_seq=coding.seq,
            corpus_fingerprint=ctx.project.corpus_fingerprint,
            seed=self.params.seed,
            scores={},
            predicted_rows=None,
            created_at=now(),
        )


def _covered(ctx: KernelJobContext, coding: Coding, features: JoinedFeatures | None) -> Coding:
    if features is None:
        return coding
    kept = coding.rows < features.n_rows
    if not kept.all():
        ctx.log(f"{(~kept).sum()} annotated texts are left out: the features lack their rows")
    return coding.within(kept)
