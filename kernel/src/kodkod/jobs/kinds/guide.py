"""Refresh a scheme's guide: fit on what is annotated, predict the corpus, publish."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, cast

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import Belief, InvalidInputError, Model, ModelSpec, Split
from kodkod.jobs.coding import Coding, read_coding, splits_of
from kodkod.jobs.context import KernelJobContext
from kodkod.jobs.inputs import JoinedFeatures, find_features, open_features
from kodkod.jobs.kinds.params import GuideParams
from kodkod.jobs.kinds.project_job import ProjectJob
from kodkod.jobs.learning import fit_model, model_spec, predict_together
from kodkod.jobs.needs import Needs, needs_of
from kodkod.jobs.places import sweep
from kodkod.jobs.workspace import Workspace
from kodkod.project.belief import believe, stop_rows
from kodkod.store.beliefs import append_belief
from kodkod.store.database import now
from kodkod.store.files import discard, whole_folder

__all__ = ["GuideJob", "GuideManifest", "GuideRefreshed", "guide_versions"]

_KEPT = 2
_FIT_SHARE = 0.5


class GuideManifest(Struct, frozen=True, kw_only=True):
    """What a version of a guide is; `label_ids` are the columns of its probabilities.

    `members` is how many models of an ensemble lie in `members.npy`, float32
    `[members, rows, n_labels]`.
    """

    version: int
    model: str
    params: dict[str, Any]
    features: list[str]
    label_ids: list[int]
    trained_at_seq: int
    n_train: int
    rows: int
    corpus_fingerprint: str
    belief: Belief | None = None
    members: int = 0


class Learnt(Struct):
    """A guide's model in a warm worker, to begin the next refresh from."""

    model: Model[Any]
    seq: int


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
        try:
            model = self._fitted(ctx, coding, features, spec)
            members = self._members(ctx, coding, features)
        except InvalidInputError as error:
            return self._waiting(coding, error.message)
        return self._publish(ctx, coding, [model, *members], features, [row.id for row in named])

    def _fitted(
        self,
        ctx: KernelJobContext,
        coding: Coding,
        features: JoinedFeatures | None,
        spec: ModelSpec,
    ) -> Model[Any]:
        """Return the model, fitted from where the last refresh in this worker left it."""
        kind = (self.params.scheme_id, self.params.model, msgspec.json.encode(self.params.params))
        key = (*kind, self.params.features, coding.label_ids)
        kept = ctx.workspace.warm.models.get(key, lambda: Learnt(self._model(ctx), 0))
        # A run may end in the middle of a fit: what it leaves must not be begun from.
        ctx.workspace.warm.models.forget(key)
        model = kept.model if spec.warm and kept.seq <= coding.seq else self._model(ctx)
        root = ctx.workspace.places(ctx.project).root
        fit_model(model, coding, features, root, self.params.seed, ctx.part(0.0, _FIT_SHARE))
        ctx.workspace.warm.models.get(key, lambda: Learnt(model, coding.seq))
        return model

    def _members(
        self, ctx: KernelJobContext, coding: Coding, features: JoinedFeatures | None
    ) -> list[Model[Any]]:
        """Return models fitted on bootstrap samples: query by bagging (Abe and Mamitsuka 1998)."""
        members: list[Model[Any]] = []
        rng = np.random.default_rng([self.params.seed, coding.seq])
        root = ctx.workspace.places(ctx.project).root
        for _ in range(self.params.ensemble):
            sample = coding.sampled(rng)
            model = self._model(ctx)
            fit_model(model, sample, features, root, self.params.seed, ctx.part(0.0, _FIT_SHARE))
            members.append(model)
        return members

    def _model(self, ctx: KernelJobContext) -> Model[Any]:
        built = ctx.workspace.registry.build("model", self.params.model, self.params.params)
        return cast("Model[Any]", built)

    def _publish(
        self,
        ctx: KernelJobContext,
        coding: Coding,
        models: list[Model[Any]],
        features: JoinedFeatures | None,
        feature_ids: list[str],
    ) -> GuideRefreshed:
        places = ctx.workspace.places(ctx.project)
        home = places.guide(coding.scheme.id)
        sweep(home, "[0-9]*")  # An assessment may be under way beside it.
        older = guide_versions(home)
        n_rows = ctx.project.n_rows if features is None else features.n_rows
        version = older[-1] + 1 if older else 1
        n_labels = len(coding.label_ids)
        found = predict_together(
            models, n_labels, features, places.root, n_rows, ctx, (_FIT_SHARE, 1.0)
        )
        belief = self._belief(
            ctx, coding, found[0], version, home / str(older[-1]) if older else None
        )
        manifest = GuideManifest(
            version=version,
            model=self.params.model,
            params=msgspec.to_builtins(models[0].params),
            features=feature_ids,
            label_ids=list(coding.label_ids),
            trained_at_seq=coding.seq,
            n_train=len(coding.rows),
            rows=n_rows,
            corpus_fingerprint=ctx.project.corpus_fingerprint,
            belief=belief,
            members=len(models) - 1,
        )
        folder = home / str(manifest.version)
        with whole_folder(folder) as aside:
            np.save(aside / "probabilities.npy", found[0])
            if len(models) > 1:
                np.save(aside / "members.npy", np.stack(found[1:]))
            (aside / "manifest.json").write_bytes(msgspec.json.encode(manifest))
        append_belief(home, belief)
        for old in older[: max(len(older) + 1 - _KEPT, 0)]:
            discard(home / str(old))
        return GuideRefreshed(
            state="fresh",
            scheme_id=coding.scheme.id,
            version=manifest.version,
            trained_at_seq=coding.seq,
            n_train=manifest.n_train,
            folder=str(folder),
        )

    def _belief(
        self,
        ctx: KernelJobContext,
        coding: Coding,
        probabilities: NDArray[np.float32],
        version: int,
        older: Path | None,
    ) -> Belief:
        in_train = splits_of(ctx.workspace, ctx.project) == Split.TRAIN.code
        open_rows = in_train.copy()
        open_rows[coding.rows] = False
        return believe(
            probabilities,
            coding.label_ids,
            multilabel=coding.targets().ndim == 2,
            open_rows=open_rows,
            before=_before(older, coding),
            stop_set=stop_rows(np.flatnonzero(in_train), seed=ctx.project.id),
            version=version,
            seq=coding.seq,
            n_train=len(coding.rows),
            at=now(),
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


def _before(folder: Path | None, coding: Coding) -> tuple[NDArray[np.float32], list[int]] | None:
    """Return what an earlier version predicted, its labels being what they count as now."""
    if folder is None:
        return None
    try:
        manifest = msgspec.json.decode((folder / "manifest.json").read_bytes(), type=GuideManifest)
        probabilities = np.load(folder / "probabilities.npy", mmap_mode="r")
    except (OSError, ValueError, msgspec.MsgspecError):
        return None  # It was damaged: this refresh is as good as the first.
    ids = [coding.counts_as(id_) for id_ in manifest.label_ids]
    return probabilities, [-1 if id_ is None else id_ for id_ in ids]
