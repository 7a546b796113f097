"""From a project's annotations and features to the labelled corpus of a simulation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import InvalidInputError, JobContext, Split
from kodkod.jobs.coding import Coding, read_coding, splits_of
from kodkod.jobs.inputs import JoinedFeatures, find_features, open_features
from kodkod.jobs.workspace import Workspace
from kodkod.project.fold import said_by_people
from kodkod.simulation.corpus import LabelledCorpus
from kodkod.simulation.engine import simulate
from kodkod.simulation.plan import Plan
from kodkod.simulation.report import SimulationReport
from kodkod.store.artefacts import FeatureRow
from kodkod.store.database import now
from kodkod.store.projects import Project

__all__ = ["Subject", "simulate_project"]

_ENOUGH_TESTED = 100
"""A test split with as many annotated texts is what is tested on."""


class Subject(Struct, frozen=True, kw_only=True):
    """What of a project to simulate on, and what to call it. Features go by id or name."""

    project: Project
    scheme_id: int
    features: tuple[str, ...]
    id: str
    name: str = ""


def simulate_project(
    workspace: Workspace, subject: Subject, plan: Plan, ctx: JobContext
) -> SimulationReport:
    """Replay a plan on the values that count now.

    Raises:
        InvalidInputError: a feature is missing, the scheme's values fit no table, or too few
            texts are annotated; or as `simulate` says.
        NotFoundError: a strategy or model is not installed.
        UnavailableError: a feature's files are missing or damaged.
        Cancelled: the context was asked to stop.
    """
    project = subject.project
    ctx.progress(0.0, "reading annotations and features")
    coding = read_coding(workspace, project, subject.scheme_id, said_by_people)
    rows = find_features(workspace, project, subject.features)
    features = open_features(workspace, project, rows)
    kept = coding.within(coding.rows < features.n_rows)
    corpus = _labelled(workspace, project, kept, rows, features)
    done = simulate(corpus, plan, workspace.registry, ctx)
    return SimulationReport(
        id=subject.id,
        name=subject.name,
        scheme=coding.scheme.name,
        scheme_id=subject.scheme_id,
        created_at=now(),
        metric=plan.metric,
        features=[row.name for row in rows],
        model=plan.model,
        params=plan.params,
        n_rows=corpus.n,
        n_test=done.n_test,
        seeds=plan.seeds,
        seed=plan.seed,
        start=plan.start,
        batch=plan.batch,
        rounds=done.rounds,
        target=plan.target,
        whole=done.whole,
        strategies=done.strategies,
        notes=[*_left_out(coding, kept), *done.notes],
    )


def _labelled(
    workspace: Workspace,
    project: Project,
    coding: Coding,
    rows: Sequence[FeatureRow],
    features: JoinedFeatures,
) -> LabelledCorpus:
    """Return the annotated texts, on the test split's where there are enough of them.

    Then those of the train split are learnt from, as live; else each seed divides all.
    """
    if not len(coding.rows):
        raise InvalidInputError(
            f"Nothing is annotated with the scheme {coding.scheme.name!r} yet; import labels or "
            "annotate before simulating.",
            field="scheme",
        )
    split = splits_of(workspace, project)[coding.rows]
    test: NDArray[np.int64] | None = None
    if np.count_nonzero(split == Split.TEST.code) >= _ENOUGH_TESTED:
        used = (split == Split.TEST.code) | (split == Split.TRAIN.code)
        coding, split = coding.within(used), split[used]
        test = np.flatnonzero(split == Split.TEST.code)
    return LabelledCorpus(
        scheme_type=coding.scheme.type,
        labels=coding.labels,
        features=features.take(coding.rows),
        embeddings=_embeddings(workspace, project, rows, coding.rows),
        targets=coding.targets(),
        test=test,
    )


def _embeddings(
    workspace: Workspace, project: Project, rows: Sequence[FeatureRow], places: NDArray[np.int64]
) -> NDArray[np.float32] | None:
    """Return the dense features of the texts side by side, None if there is none."""
    dense = [row for row in rows if not row.sparse]
    if not dense:
        return None
    taken = open_features(workspace, project, dense).take(places)
    return np.asarray(cast("Any", taken), dtype=np.float32)


def _left_out(coding: Coding, kept: Coding) -> list[str]:
    lost = len(coding.rows) - len(kept.rows)
    if not lost:
        return []
    return [f"{lost} annotated texts are left out: the features lack their rows; extend them."]
