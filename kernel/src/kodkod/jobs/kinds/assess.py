"""Assess a scheme's guide: cross-validate its model on the labelled texts of the train split."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, cast

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import CurvePoint, HeldOut, Matrix, Model, Score, Split
from kodkod.jobs.coding import Coding, read_coding, splits_of
from kodkod.jobs.context import KernelJobContext
from kodkod.jobs.inputs import find_features, open_features
from kodkod.jobs.kinds.params import AssessParams
from kodkod.jobs.kinds.project_job import ProjectJob
from kodkod.jobs.learning import model_spec
from kodkod.jobs.material import Material
from kodkod.jobs.needs import Needs, needs_of
from kodkod.jobs.niceness import behind_others
from kodkod.jobs.places import sweep
from kodkod.jobs.texts import read_rows, unread_batch
from kodkod.jobs.validation import Validation
from kodkod.jobs.workspace import Workspace
from kodkod.project.assessment import plan_assessment
from kodkod.project.fold import said_by_people
from kodkod.project.guide import GuideConfig
from kodkod.store.beliefs import (
    ASSESSMENT,
    Assessment,
    AssessmentFacts,
    append_assessment,
    write_assessment,
)
from kodkod.store.projects import list_schemes

__all__ = ["AssessJob", "Assessed"]


class Assessed(Struct, frozen=True, kw_only=True):
    """What an assessment came to.

    In state `waiting` there is too little to go by, and `message` says what is missing; in state
    `superseded` the scheme has another guide by now, or none. Neither has written anything.
    """

    state: Literal["assessed", "waiting", "superseded"]
    scheme_id: int
    trained_at_seq: int
    n_train: int
    score: Score | None = None
    message: str = ""


class AssessJob(ProjectJob[AssessParams]):
    """Runs in the warm worker. Queue it under the lock key `assess:<scheme_id>`.

    Writes `assessment/` and a line of `assessments.jsonl` beside the guide's versions.
    """

    def needs(self, workspace: Workspace) -> Needs:
        """Return what the kind of model needs."""
        spec = workspace.registry.spec("model", self.params.model)
        return needs_of(spec, self.params.params)

    def work(self, ctx: KernelJobContext) -> Assessed:
        """Assess, or say what it waits for."""
        workspace, project = ctx.workspace, ctx.project
        coding = read_coding(workspace, project, self.params.scheme_id, said_by_people)
        coding = coding.in_split(Split.TRAIN, splits_of(workspace, project))
        coding, material = self._material(ctx, coding)
        plan = plan_assessment(material.labels, multilabel=material.multilabel)
        if plan is None:
            return self._outcome(coding, "waiting", message=_FEW)
        validation = Validation(ctx, material, plan, self._models(ctx), self.params.seed)
        # Nobody waits for it, and those who annotate meanwhile would.
        found = behind_others(validation.run)
        if found is None:
            return self._outcome(coding, "waiting", message=_FEW)
        held_out, score, curve = found
        if not self._still_meant(ctx):
            return self._outcome(coding, "superseded")
        home = workspace.places(project).guide(coding.scheme.id)
        self._write(home, coding, held_out, score, curve)
        return self._outcome(coding, "assessed", score=score)

    def _material(self, ctx: KernelJobContext, coding: Coding) -> tuple[Coding, Material]:
        workspace, project = ctx.workspace, ctx.project
        spec = model_spec(ctx, self.params.model, coding.scheme.type)
        features: Matrix | None = None
        if spec.reads == "features":
            named = find_features(workspace, project, self.params.features)
            joined = open_features(workspace, project, named)
            coding = coding.within(coding.rows < joined.n_rows)
            features = joined.take(coding.rows)
            batch = unread_batch(coding.rows)
        else:
            batch = read_rows(workspace.places(project).root, coding.rows)
        return coding, Material(batch, features, coding.targets(), coding.labels)

    def _models(self, ctx: KernelJobContext) -> Iterator[Model[Any]]:
        registry = ctx.workspace.registry
        while True:
            built = registry.build("model", self.params.model, self.params.params)
            yield cast("Model[Any]", built)

    def _still_meant(self, ctx: KernelJobContext) -> bool:
        """Tell whether the scheme still has the guide that was assessed."""
        schemes = ctx.workspace.read(list_schemes, ctx.project.id)
        scheme = next((each for each in schemes if each.id == self.params.scheme_id), None)
        if scheme is None or scheme.guide is None:
            return False
        guide = msgspec.convert(scheme.guide, GuideConfig)
        asked = self.params
        return (guide.model, guide.params, guide.features) == (
            asked.model,
            asked.params,
            asked.features,
        )

    def _write(
        self,
        home: Path,
        coding: Coding,
        held_out: NDArray[np.float32],
        score: Score,
        curve: list[CurvePoint],
    ) -> None:
        summary = HeldOut(n_train=len(coding.rows), trained_at_seq=coding.seq, score=score)
        facts = AssessmentFacts(
            held_out=summary,
            curve=curve,
            label_ids=list(coding.label_ids),
            model=self.params.model,
            params=self.params.params,
            features=list(self.params.features),
            seed=self.params.seed,
        )
        sweep(home, ASSESSMENT)
        write_assessment(home, Assessment(facts, coding.rows, held_out))
        append_assessment(home, summary)

    def _outcome(
        self,
        coding: Coding,
        state: Literal["assessed", "waiting", "superseded"],
        *,
        score: Score | None = None,
        message: str = "",
    ) -> Assessed:
        return Assessed(
            state=state,
            scheme_id=coding.scheme.id,
            trained_at_seq=coding.seq,
            n_train=len(coding.rows),
            score=score,
            message=message,
        )


_FEW = "Annotate at least two texts of each of two labels."
