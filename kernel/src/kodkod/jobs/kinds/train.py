"""Train a model on annotations of the train split."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, cast

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import (
    ConflictError,
    InvalidInputError,
    Metric,
    Model,
    ModelSpec,
    PluginError,
    SpanModel,
)
from kodkod.jobs.coding import Coding
from kodkod.jobs.context import KernelJobContext
from kodkod.jobs.inputs import JoinedFeatures, find_features, open_features
from kodkod.jobs.judging import Judge, metric_for
from kodkod.jobs.kinds.params import TrainParams
from kodkod.jobs.kinds.project_job import ProjectJob
from kodkod.jobs.learning import fit_model, material_of, model_spec
from kodkod.jobs.needs import Needs, needs_of
from kodkod.jobs.places import sweep
from kodkod.jobs.provenance import provenance_of
from kodkod.jobs.search import search_params
from kodkod.jobs.silver import with_silver
from kodkod.jobs.teaching import check_teaching, facts_of_teaching, taught_coding
from kodkod.jobs.validation import CrossValidated
from kodkod.jobs.workspace import Workspace
from kodkod.project.validated import CrossValidation, Validated
from kodkod.store.artefacts import FeatureRow, ModelRow, add_model, list_models
from kodkod.store.database import now
from kodkod.store.files import discard, whole_folder
from kodkod.store.learnt import write_learnt

__all__ = ["ModelMade", "TrainJob"]


class ModelMade(Struct, frozen=True, kw_only=True):
    """The id of the model that was trained."""

    model: str


class _Lesson(Struct, frozen=True):
    """What a model learns: which texts, what it reads of them, and what the spec says of it."""

    coding: Coding
    features: JoinedFeatures | None
    named: Sequence[FeatureRow]
    spec: ModelSpec


class _Tried(Struct, frozen=True):
    """The params to fit with, what trying them found, and the job's share of that."""

    params: dict[str, Any]
    validation: Validated | None = None
    said: CrossValidated | None = None
    share: float = 0.0


class TrainJob(ProjectJob[TrainParams]):
    """The model gets the job's id, so that a second run replaces what the first one left."""

    def needs(self, workspace: Workspace) -> Needs:
        """Return what the kind of model needs."""
        spec = workspace.registry.spec("model", self.params.component)
        return needs_of(spec, self.params.params)

    def work(self, ctx: KernelJobContext) -> ModelMade:
        """Search params, cross-validate, fit, save and register.

        Raises:
            ConflictError: the name is taken.
            InvalidInputError: a feature, label or annotator is missing, or the annotations do
                not suffice.
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
        began = time.monotonic()
        lesson = self._lesson(ctx)
        places = ctx.workspace.places(ctx.project)
        tried = self._tried(ctx, lesson)
        model = self._model(ctx, tried.params, lesson.coding)
        taught = _covered(ctx, with_silver(ctx, lesson.coding, self.params), lesson.features)
        ctx.progress(None, f"learning from {len(taught.rows)} texts")
        # The fit alone is the job's own: its loss is what people look at.
        part = ctx.part(tried.share, 1.0) if tried.validation else ctx
        fit_model(model, taught, lesson.features, places.root, self.params.seed, part)
        seconds = time.monotonic() - began
        row = self._row(ctx, lesson, taught, model, tried.validation, seconds)
        sweep(places.models, row.id)
        with whole_folder(places.model(row.id)) as aside:
            (aside / "fitted").mkdir()
            model.save(aside / "fitted")
            write_learnt(
                aside,
                rows=taught.rows,
                label_ids=taught.label_ids,
                names=taught.labels,
                said=_of_all(tried.said, lesson.coding, taught),
            )
            (aside / "manifest.json").write_bytes(msgspec.json.encode(row))
        return row

    def _lesson(self, ctx: KernelJobContext) -> _Lesson:
        workspace, project, params = ctx.workspace, ctx.project, self.params
        coding = taught_coding(ctx, params.scheme_id, params)
        spec = model_spec(ctx, params.component, coding.compared_as)
        names = [label.name for label in coding.scheme.labels]
        check_teaching(params, names, spec, coding.scheme.type)
        named = find_features(workspace, project, params.features)
        features = open_features(workspace, project, named) if spec.reads == "features" else None
        return _Lesson(_covered(ctx, coding, features), features, named, spec)

    def _tried(self, ctx: KernelJobContext, lesson: _Lesson) -> _Tried:
        """Search and cross-validate, as far as that is asked for."""
        teaching, given = self.params, self.params.params
        fits = _fits(teaching)
        if not fits:
            return _Tried(given)
        coding, registry = lesson.coding, ctx.workspace.registry
        named = metric_for(registry, teaching.metric, coding.compared_as)
        metric = cast("Metric[Any]", registry.build("metric", named, {}))
        root = ctx.workspace.places(ctx.project).root
        material = material_of(coding, lesson.features, root)
        judge = Judge(registry, teaching.component, material, metric, teaching.seed)
        share = fits / (fits + 1)
        searching = share * (fits - teaching.folds) / fits
        found, said = Validated(), None
        if teaching.search is not None:
            part = ctx.part(0.0, searching)
            raw = registry.build("model", teaching.component, given).params
            searched = search_params(judge, teaching.search, raw, named, teaching.seed, part)
            found = Validated(search=searched)
            given = searched.trials[searched.chosen].params
            score = searched.trials[searched.chosen].score
            ctx.log(f"the search chose {given} ({searched.figure} {score.value})")
        if teaching.folds:
            part = ctx.part(searching, share, "folds")
            said = judge.said_by_folds(given, teaching.folds, part)
            report = judge.report(said)
            judged = CrossValidation(metric=named, folds=teaching.folds, report=report)
            found = msgspec.structs.replace(found, folds=judged)
        return _Tried(given, found, said, share)

    def _model(self, ctx: KernelJobContext, params: dict[str, Any], coding: Coding) -> Model[Any]:
        built = ctx.workspace.registry.build("model", self.params.component, params)
        model = cast("Model[Any]", built)
        if coding.has_spans and not isinstance(model, SpanModel):
            raise InvalidInputError(
                f"The model {self.params.component!r} cannot mark passages; choose one that can.",
                field="component",
            )
        return model

    def _row(
        self,
        ctx: KernelJobContext,
        lesson: _Lesson,
        coding: Coding,
        model: Model[Any],
        validation: Validated | None,
        seconds: float,
    ) -> ModelRow:
        registry = ctx.workspace.registry
        provenance = provenance_of(
            registry,
            "model",
            self.params.component,
            seconds=seconds,
            gpu=lesson.spec.resources.gpu,
        )
        return ModelRow(
            id=ctx.job.id,
            project_id=ctx.project.id,
            scheme_id=self.params.scheme_id,
            name=self.params.name,
            component=self.params.component,
            params=msgspec.to_builtins(model.params),
            features=[feature.id for feature in lesson.named],
            label_ids=list(coding.label_ids),
            n_train=len(coding.rows),
            trained_at_seq=coding.seq,
            corpus_fingerprint=ctx.project.corpus_fingerprint,
            seed=self.params.seed,
            scores={},
            predicted_rows=None,
            created_at=now(),
            training=msgspec.to_builtins(
                msgspec.structs.replace(
                    facts_of_teaching(self.params, coding), window=model.window()
                )
            ),
            provenance=msgspec.to_builtins(provenance),
            thresholds=_thresholds(model.thresholds(), len(coding.label_ids)),
            validation=None if validation is None else msgspec.to_builtins(validation),
        )


def _fits(params: TrainParams) -> int:
    """Count the fits before the one that stays, as far as they are planned."""
    search = params.search
    each = 0 if search is None else (1 if search.judged_by == "share" else search.folds)
    return params.folds + each * (0 if search is None else search.trials)


def _of_all(said: CrossValidated | None, people: Coding, taught: Coding) -> CrossValidated | None:
    """Return what was said of each text learnt from: nothing of those that an LLM labelled."""
    if said is None or len(people.rows) == len(taught.rows):
        return said
    n, places = len(taught.rows), np.searchsorted(taught.rows, people.rows)
    probabilities = np.full((n, said.probabilities.shape[1]), np.nan, dtype=np.float32)
    probabilities[places] = said.probabilities
    spans = None
    if said.spans is not None:
        spans = [[] for _ in range(n)]
        for place, found in zip(places.tolist(), said.spans, strict=True):
            spans[place] = found
    return msgspec.structs.replace(said, probabilities=probabilities, spans=spans)


def _thresholds(found: NDArray[np.float32] | None, n_labels: int) -> list[float] | None:
    if found is None:
        return None
    if found.shape != (n_labels,):
        raise PluginError(
            f"The model gave thresholds of shape {found.shape} where {(n_labels,)} was due."
        )
    return found.tolist()


def _covered(ctx: KernelJobContext, coding: Coding, features: JoinedFeatures | None) -> Coding:
    if features is None:
        return coding
    kept = coding.rows < features.n_rows
    if not kept.all():
        ctx.log(f"{(~kept).sum()} annotated texts are left out: the features lack their rows")
    return coding.within(kept)
