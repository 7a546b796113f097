"""Refresh a scheme's guide: fit on what is annotated, predict the corpus, publish."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, cast

import msgspec
import numpy as np
from msgspec import Struct

from kodkod.api import InvalidInputError, Model, Split
from kodkod.jobs.coding import Coding, read_coding, splits_of
from kodkod.jobs.context import KernelJobContext
from kodkod.jobs.inputs import JoinedFeatures, find_features, open_features
from kodkod.jobs.kinds.params import GuideParams
from kodkod.jobs.kinds.project_job import ProjectJob
from kodkod.jobs.learning import fit_model, model_spec, predict_rows
from kodkod.jobs.needs import Needs, needs_of
from kodkod.jobs.places import sweep
from kodkod.jobs.workspace import Workspace
from kodkod.store.files import discard, whole_folder

__all__ = ["GuideJob", "GuideManifest", "GuideRefreshed", "guide_versions"]

_KEPT = 2
_FIT_SHARE = 0.5


class GuideManifest(Struct, frozen=True, kw_only=True):
    """What a version of a guide is; `label_ids` are the columns of its probabilities."""

    version: int
    model: str
    params: dict[str, Any]
    features: list[str]
    label_ids: list[int]
    trained_at_seq: int
    n_train: int
    rows: int
    corpus_fingerprint: str


class GuideRefreshed(Struct, frozen=True, kw_only=True):
    """What a refresh came to.

    `folder` (absolute) has `probabilities.npy`, float32 `[rows, n_labels]`, and
    `manifest.json`. In state `waiting` there is nothing yet, and `message` says what is missing.
    """

    state: Literal["fresh", "waiting"]
    scheme_id: int
    version: int
    trained_at_seq: int
    n_train: int
    folder: str | None = None
    message: str = ""


class GuideJob(ProjectJob[GuideParams]):
    """Runs in the warm worker. Queue it under the lock key `guide:<scheme_id>`."""

    def needs(self, workspace: Workspace) -> Needs:
        """Return what the kind of model needs."""
        spec = workspace.registry.spec("model", self.params.model)
        return needs_of(spec, self.params.params)

    def work(self, ctx: KernelJobContext) -> GuideRefreshed:
        """Write the next version, or say what it waits for."""
        workspace, project = ctx.workspace, ctx.project
        coding = read_coding(workspace, project, self.params.scheme_id)
        coding = coding.in_split(Split.TRAIN, splits_of(workspace, project))
        spec = model_spec(ctx, self.params.model, coding.scheme.type)
        named = find_features(workspace, project, self.params.features)
        features = open_features(workspace, project, named) if spec.reads == "features" else None
        if features is not None:
            coding = coding.within(coding.rows < features.n_rows)
        used = {label for value in coding.values for label in coding.scheme_type.labels_of(value)}
        if len(used) < 2:
            return self._waiting(coding, "Annotate texts with two different labels at least.")
        model = cast(
            "Model[Any]",
            workspace.registry.build("model", self.params.model, self.params.params),
        )
        root = workspace.places(project).root
        try:
            fit_model(model, coding, features, root, self.params.seed, ctx.part(0.0, _FIT_SHARE))
        except InvalidInputError as error:
            return self._waiting(coding, error.message)
        return self._publish(ctx, coding, model, features, [row.id for row in named])

    def _publish(
        self,
        ctx: KernelJobContext,
        coding: Coding,
        model: Model[Any],
        features: JoinedFeatures | None,
        feature_ids: list[str],
    ) -> GuideRefreshed:
        places = ctx.workspace.places(ctx.project)
        home = places.guide(coding.scheme.id)
        sweep(home)
        older = guide_versions(home)
        n_rows = ctx.project.n_rows if features is None else features.n_rows
        manifest = GuideManifest(
            version=older[-1] + 1 if older else 1,
            model=self.params.model,
            params=msgspec.to_builtins(model.params),
            features=feature_ids,
            label_ids=list(coding.label_ids),
            trained_at_seq=coding.seq,
            n_train=len(coding.rows),
            rows=n_rows,
            corpus_fingerprint=ctx.project.corpus_fingerprint,
        )
        n_labels = len(manifest.label_ids)
        share = (_FIT_SHARE, 1.0)
        parts = list(predict_rows(model, n_labels, features, places.root, n_rows, ctx, share))
        folder = home / str(manifest.version)
        with whole_folder(folder) as aside:
            np.save(aside / "probabilities.npy", np.concatenate(parts))
            (aside / "manifest.json").write_bytes(msgspec.json.encode(manifest))
        for version in older[: max(len(older) + 1 - _KEPT, 0)]:
            discard(home / str(version))
        return GuideRefreshed(
            state="fresh",
            scheme_id=coding.scheme.id,
            version=manifest.version,
            trained_at_seq=coding.seq,
            n_train=manifest.n_train,
            folder=str(folder),
        )

    def _waiting(self, coding: Coding, message: str) -> GuideRefreshed:
        return GuideRefreshed(
            state="waiting",
            scheme_id=coding.scheme.id,
            version=0,
            trained_at_seq=coding.seq,
            n_train=len(coding.rows),
            message=message,
        )


def guide_versions(home: Path) -> list[int]:
    """Return the versions in a scheme's folder of guides, ascending."""
    if not home.is_dir():
        return []
    return sorted(int(folder.name) for folder in home.iterdir() if folder.name.isdecimal())
