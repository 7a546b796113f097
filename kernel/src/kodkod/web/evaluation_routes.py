"""Judging models and labels: wrong predictions, comparisons, learning curves, label errors."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.types import ControllerRouterHandler
from numpy.typing import NDArray

from kodkod.api import ConflictError, InvalidInputError, NotFoundError, Split
from kodkod.jobs.coding import Coding
from kodkod.jobs.needs import subject_of
from kodkod.jobs.places import ProjectPlaces
from kodkod.project.live import LiveProject
from kodkod.project.scheme import LiveScheme
from kodkod.store.artefacts import ModelRow
from kodkod.web.access import Requires
from kodkod.web.artefacts import named, start_job, trained
from kodkod.web.evaluating import find_doubts, find_wrong
from kodkod.web.evaluation_contract import (
    LabelErrors,
    NewComparison,
    NewLearningCurve,
    WrongPredictions,
)
from kodkod.web.evaluation_views import suspected_label, wrong_prediction
from kodkod.web.given import Identity, Project, Services
from kodkod.web.job_contract import JobView
from kodkod.web.paging import Cursor, Limit
from kodkod.web.ranked_paging import page_after, ranked_cursor
from kodkod.web.reach import models_of
from kodkod.web.seeing import sees_all

__all__ = ["routes"]

SplitName = Literal["train", "valid", "test"]
Label = Annotated[str | None, QueryParameter(description="Name of a label.")]


@get(
    "/projects/{slug:str}/models/{model:str}/errors",
    operation_id="list_wrong_predictions",
    tags=["evaluation"],
    requires=Requires.PROJECT_READER,
    guards=[sees_all],
    needs_results=True,
)
async def wrong_predictions(
    project: Project,
    model: FromPath[str],
    services: Services,
    split: FromQuery[SplitName] = "test",
    true: Label = None,
    predicted: Label = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> WrongPredictions:
    """List the texts of a split that a model has wrong, the most confident first.

    `true` keeps those that have that label and were not given it, `predicted` those that were given
    that one and have it not: together, a cell of the confusion matrix.
    """
    live, row = await _live_and_model(services, project, model)
    scheme = _scheme_of(live, row)
    places = ProjectPlaces.of(services.settings, project.slug)
    wrong = await find_wrong(scheme, row, places, Split(split))
    beside = wrong.beside
    cell = wrong.mistakes.cell(
        _column(beside.coding, true, "true"), _column(beside.coding, predicted, "predicted")
    )
    rows = beside.rows[cell.places]
    shown = page_after(-cell.confidence, rows, cursor, limit)
    return WrongPredictions(
        items=[wrong_prediction(scheme, beside, cell, line) for line in shown.tolist()],
        compared=len(beside),
        wrong=len(cell),
        basis=beside.basis,
        cursor=_next_cursor(-cell.confidence, rows, shown, limit),
    )


@get(
    "/projects/{slug:str}/schemes/{scheme:str}/label-errors",
    operation_id="list_label_errors",
    tags=["evaluation"],
    requires=Requires.PROJECT_READER,
    guards=[sees_all],
    needs_results=True,
)
async def label_errors(
    project: Project,
    scheme: FromPath[str],
    services: Services,
    model: FromQuery[str | None] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> LabelErrors:
    """List the annotated texts whose value is probably wrong, the worst first.

    That is confident learning on what cross-validation says of the train split: of a `model` that
    was trained with folds, or else of the scheme's guide. Correct a text by annotating it.
    """
    live = await services.residency.get(project)
    there = live.scheme(scheme)
    row = None
    if model is not None:
        _, row = await _live_and_model(services, project, model)
        if row.scheme_id != there.row.id:
            raise InvalidInputError(
                f"The model {row.name!r} learnt another scheme; name one that learnt "
                f"{there.row.name!r}.",
                field="model",
            )
    doubts = await find_doubts(there, row, ProjectPlaces.of(services.settings, project.slug))
    places = np.flatnonzero(doubts.found.flagged)
    quality = doubts.found.quality[places]
    order = np.lexsort((places, quality))
    places, quality = places[order], quality[order]
    rows = doubts.coding.rows[places]
    shown = page_after(quality, rows, cursor, limit)
    return LabelErrors(
        items=[suspected_label(there, doubts, place) for place in places[shown].tolist()],
        checked=len(doubts.coding.rows),
        suspected=len(places),
        model=None if row is None else row.name,
        trained_at_seq=doubts.trained_at_seq,
        cursor=_next_cursor(quality, rows, shown, limit),
    )


@post(
    "/projects/{slug:str}/comparisons",
    operation_id="compare_models",
    tags=["evaluation"],
    requires=Requires.PROJECT_CONTRIBUTOR,
    status_code=202,
)
async def compare_models(
    project: Project, data: JSONBody[NewComparison], services: Services, identity: Identity
) -> JobView:
    """Start comparing two models; the job's result is the comparison, figure by figure."""
    rows = await _models(services, project)
    first, second = (
        named(project, rows, data.first, "model"),
        named(project, rows, data.second, "model"),
    )
    if first.id == second.id:
        raise InvalidInputError("A model does not differ from itself; name two.", field="second")
    if first.scheme_id != second.scheme_id:
        raise InvalidInputError(
            f"The models {first.name!r} and {second.name!r} learnt different schemes, so there is "
            "nothing that both say; choose two models of one scheme.",
            field="second",
        )
    for row in (first, second):
        if row.predicted_rows is None and not row.predicted and row.validation is None:
            raise ConflictError(f"The model {row.name!r} has not predicted yet; let it predict.")
    if data.metric is not None:
        services.registry.spec("metric", data.metric)
    return await start_job(
        services,
        project,
        identity,
        "compare",
        {
            "first_id": first.id,
            "second_id": second.id,
            "split": data.split,
            "metric": data.metric,
            "seed": data.seed,
        },
    )


@post(
    "/projects/{slug:str}/learning-curves",
    operation_id="draw_learning_curve",
    tags=["evaluation"],
    requires=Requires.PROJECT_CONTRIBUTOR,
    status_code=202,
)
async def learning_curve(
    project: Project, data: JSONBody[NewLearningCurve], services: Services, identity: Identity
) -> JobView:
    """Start drawing the learning curve of a model's kind; the job's result has its points."""
    row = trained(project, await _models(services, project), data.model)
    return await start_job(
        services,
        project,
        identity,
        "learning-curve",
        {
            "model_id": row.id,
            "folds": data.folds,
            "sizes": data.sizes,
            "repeats": data.repeats,
            "seed": data.seed,
        },
        gpu=services.registry.spec("model", row.component).resources.gpu,
        subject=subject_of(row.component, row.params),
    )


async def _models(services: Services, project: Project) -> list[ModelRow]:
    async with services.database.read() as connection:
        return await models_of(connection, project)


async def _live_and_model(
    services: Services, project: Project, model: str
) -> tuple[LiveProject, ModelRow]:
    row = named(project, await _models(services, project), model, "model")
    return await services.residency.get(project), row


def _scheme_of(live: LiveProject, row: ModelRow) -> LiveScheme:
    if row.scheme_id not in live.schemes:
        raise NotFoundError(f"The scheme that the model {row.name!r} learnt is being deleted.")
    return live.schemes[row.scheme_id]


def _column(coding: Coding, label: str | None, field: str) -> int | None:
    if label is None:
        return None
    if label not in coding.labels:
        raise InvalidInputError(
            f"{label!r} is none of the labels compared; they are "
            f"{', '.join(map(repr, coding.labels)) or 'none'}.",
            field=field,
        )
    return coding.labels.index(label)


def _next_cursor(
    keys: NDArray[np.float64], rows: NDArray[np.int64], shown: NDArray[np.int64], limit: int
) -> str | None:
    if len(shown) < limit or int(shown[-1]) == len(rows) - 1:
        return None
    last = int(shown[-1])
    return ranked_cursor(float(keys[last]), int(rows[last]))


routes: list[ControllerRouterHandler] = [
    wrong_predictions,
    label_errors,
    compare_models,
    learning_curve,
]
