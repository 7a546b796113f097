"""Estimate what is true of a corpus, from many machine labels and few human ones."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import (
    Estimate,
    Estimator,
    EstimatorData,
    EstimatorSpec,
    InvalidInputError,
)
from kodkod.jobs.coding import Coding, read_coding
from kodkod.jobs.context import KernelJobContext
from kodkod.jobs.estimating import (
    context_of,
    corpus_of,
    find_frame,
    machine_labels,
    outcomes,
    refuse_seen,
)
from kodkod.jobs.kinds.estimate_params import EstimateParams
from kodkod.jobs.kinds.project_job import ProjectJob
from kodkod.jobs.kinds.score import model_of
from kodkod.project.estimation import Frame, Table, covariates_of
from kodkod.project.fold import said_by_people

__all__ = ["EstimateJob", "EstimateRow", "Estimated"]


class EstimateRow(Struct, frozen=True, kw_only=True):
    """An estimate for a label. `group` is the value of the column that groups go by.

    `correlation` is that between the human and the machine label over the drawn texts, weighted
    as they were drawn: with the estimate itself, what a plan for more goes by.
    """

    label: str
    group: str | None
    estimate: Estimate
    correlation: float | None = None


class Estimated(Struct, frozen=True, kw_only=True):
    """Estimates of `n_rows` texts: those that `of` says. `notes` say what they rest on."""

    scheme_id: int
    estimator: str
    human: str
    model: str | None
    of: str
    n_rows: int
    rows: list[EstimateRow]
    notes: list[str]


class EstimateJob(ProjectJob[EstimateParams]):
    """Runs in the warm worker; estimates take milliseconds each."""

    def work(self, ctx: KernelJobContext) -> Estimated:
        """Estimate.

        Raises:
            ConflictError: human labels are missing or were not drawn with known probability, the
                model has learnt from them, or it has not predicted the complete corpus.
            InvalidInputError: the question does not fit the scheme, the columns or the sample.
            NotFoundError: the model or the estimator is not there.
        """
        workspace, project, params = ctx.workspace, ctx.project, self.params
        coding = read_coding(workspace, project, params.scheme_id, said_by_people)
        corpus = corpus_of(ctx)
        frame = find_frame(ctx, params, coding, corpus)
        coded = coding.within(np.isin(coding.rows, frame.rows[frame.design.rows]))
        machine = self._machine(ctx, coded, frame)
        tables = covariates_of(context_of(corpus, frame.rows), params.question, len(frame.rows))
        labels = self._labels(coding)
        rows: list[EstimateRow] = []
        for place, label in enumerate(labels):
            ctx.progress(place / len(labels), f"estimating {label}")
            column = coding.labels.index(label)
            said = outcomes(coded, column)
            heard = None if machine is None else machine[:, column].astype(np.float64)
            for table in tables:
                rows.extend(self._estimates(ctx, frame, said, heard, table, label))
        return Estimated(
            scheme_id=params.scheme_id,
            estimator=params.estimator,
            human=params.human,
            model=params.model_id,
            of=frame.of,
            n_rows=len(frame.rows),
            rows=rows,
            notes=list(frame.notes),
        )

    def _estimates(
        self,
        ctx: KernelJobContext,
        frame: Frame,
        said: NDArray[np.float64],
        heard: NDArray[np.float64] | None,
        table: Table,
        label: str,
    ) -> list[EstimateRow]:
        registry, params = ctx.workspace.registry, self.params
        estimator = cast(
            "Estimator[Any]", registry.build("estimator", params.estimator, params.params)
        )
        data = EstimatorData(
            estimand=table.estimand,
            design=frame.design,
            outcome=said,
            machine=heard,
            covariates=table.values,
            names=table.names,
            level=params.level,
            population=params.population,
        )
        correlation = None if heard is None else _correlation(data, heard)
        return [
            EstimateRow(label=label, group=table.group, estimate=each, correlation=correlation)
            for each in estimator.estimate(data, np.random.default_rng(params.seed))
        ]

    def _machine(
        self, ctx: KernelJobContext, coded: Coding, frame: Frame
    ) -> NDArray[np.float32] | None:
        spec = cast(
            "EstimatorSpec", ctx.workspace.registry.spec("estimator", self.params.estimator)
        )
        if self.params.model_id is None:
            if spec.needs_machine:
                raise InvalidInputError(
                    f"The estimator {spec.name!r} needs machine labels; name a model that has "
                    "predicted the complete corpus.",
                    field="model",
                )
            return None
        model = model_of(ctx, self.params.model_id)
        if model.scheme_id != self.params.scheme_id:
            raise InvalidInputError(
                f"The model {model.name!r} learnt another scheme; name one of this.", field="model"
            )
        places = ctx.workspace.places(ctx.project)
        refuse_seen(model, places, coded.rows)
        return machine_labels(
            model, places, coded, frame.rows, hard=self.params.machine == "labels"
        )

    def _labels(self, coding: Coding) -> tuple[str, ...]:
        wanted = self.params.question.labels or coding.labels
        unknown = [each for each in wanted if each not in coding.labels]
        if unknown or not wanted:
            raise InvalidInputError(
                f"The scheme has no label {', '.join(map(repr, unknown))}; it has "
                f"{', '.join(map(repr, coding.labels)) or 'none'}.",
                field="labels",
            )
        return wanted


def _correlation(data: EstimatorData, machine: NDArray[np.float64]) -> float | None:
    weights = 1 / data.design.inclusion
    heard = machine[data.design.rows]
    both = np.cov(np.stack([data.outcome, heard]), aweights=weights, ddof=0)
    if both[0, 0] <= 0 or both[1, 1] <= 0:
        return None
    return float(both[0, 1] / np.sqrt(both[0, 0] * both[1, 1]))
