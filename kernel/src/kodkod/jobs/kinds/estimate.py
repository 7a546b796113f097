"""Estimate what is true of a corpus, from many machine labels and few human ones."""

from __future__ import annotations

from typing import Any, cast

import msgspec
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
from kodkod.store.drawn_samples import list_samples

__all__ = ["EstimateJob", "EstimateRow", "Estimated"]


class EstimateRow(Struct, frozen=True, kw_only=True):
    """An estimate for a label. `group` is the value of the column that groups go by.

    `correlation` is that between the human and the machine label over the drawn texts, weighted
    as they were drawn: with the estimate itself, what a plan for more goes by. To compare with:
    `counted` is the share that comes of counting the machine's labels, `alone` what the same
    sample says without a machine; None where there is no such figure.
    """

    label: str
    group: str | None
    estimate: Estimate
    correlation: float | None = None
    counted: float | None = None
    alone: Estimate | None = None


class Estimated(Struct, frozen=True, kw_only=True):
    """Estimates of `n_rows` texts: those that `of` says. `notes` say what they rest on.

    `model_name` and `sample_name` are what both were called then: a figure is read when they may
    be gone.
    """

    scheme_id: int
    estimator: str
    human: str
    model: str | None
    model_name: str | None
    sample_name: str | None
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
            model_name=None if params.model_id is None else model_of(ctx, params.model_id).name,
            sample_name=_sample_name(ctx, params.sample_id),
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
        counted = None if heard is None else _counted(data, heard)
        found = estimator.estimate(data, np.random.default_rng(params.seed))
        alone = self._alone(ctx, data, len(found))
        return [
            EstimateRow(
                label=label,
                group=table.group,
                estimate=each,
                correlation=correlation,
                counted=counted,
                alone=beside,
            )
            for each, beside in zip(found, alone, strict=True)
        ]

    def _alone(
        self, ctx: KernelJobContext, data: EstimatorData, n: int
    ) -> list[Estimate] | list[None]:
        """Return what the sample says without a machine, by an estimator that needs none."""
        registry, params = ctx.workspace.registry, self.params
        names = [
            each.spec.name
            for each in registry.components("estimator")
            if not cast("EstimatorSpec", each.spec).needs_machine
        ]
        if data.machine is None or not names or params.estimator in names:
            return [None] * n
        estimator = cast("Estimator[Any]", registry.build("estimator", names[0]))
        without = msgspec.structs.replace(data, machine=None)
        try:
            return estimator.estimate(without, np.random.default_rng(params.seed))
        except InvalidInputError:
            # Too few texts without a machine's help; the figure that was asked for stands.
            return [None] * n

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


def _sample_name(ctx: KernelJobContext, sample_id: str | None) -> str | None:
    samples = ctx.workspace.read(list_samples, ctx.project.id)
    return next((each.name for each in samples if each.id == sample_id), None)


def _counted(data: EstimatorData, machine: NDArray[np.float64]) -> float | None:
    """Return the machine's share among the texts that a share is of."""
    inside = data.covariates[:, 0] > 0
    if data.estimand != "share" or not inside.any():
        return None
    return float(machine[inside].mean())


def _correlation(data: EstimatorData, machine: NDArray[np.float64]) -> float | None:
    weights = 1 / data.design.inclusion
    heard = machine[data.design.rows]
    both = np.cov(np.stack([data.outcome, heard]), aweights=weights, ddof=0)
    if both[0, 0] <= 0 or both[1, 1] <= 0:
        return None
    return float(both[0, 1] / np.sqrt(both[0, 0] * both[1, 1]))
