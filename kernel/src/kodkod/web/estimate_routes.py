"""Estimates of what is true of the corpus, and how many human labels they need."""

from __future__ import annotations

from typing import Annotated, Any, cast

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.types import ControllerRouterHandler

from kodkod.api import Estimator, InvalidInputError, LabelPlan, PlanInput
from kodkod.web.access import Requires
from kodkod.web.artefacts import named, start_job
from kodkod.web.estimate_contract import EstimatorPlan, EstimatorPlans, NewCorpusEstimate
from kodkod.web.given import Identity, Project, Services
from kodkod.web.job_contract import JobView
from kodkod.web.reach import models_of, samples_of

__all__ = ["routes"]


@post(
    "/projects/{slug:str}/schemes/{scheme:str}/estimates",
    operation_id="estimate_corpus",
    tags=["estimates"],
    requires=Requires.PROJECT_CONTRIBUTOR,
    status_code=202,
)
async def estimate(
    project: Project,
    scheme: FromPath[str],
    data: JSONBody[NewCorpusEstimate],
    services: Services,
    identity: Identity,
) -> JobView:
    """Start estimating; the job's result has a row for each figure."""
    there = (await services.residency.get(project)).scheme(scheme)
    services.registry.build("estimator", data.estimator, data.params)
    if (data.human == "drawn-sample") != (data.sample is not None):
        raise InvalidInputError(
            "Name the drawn sample, or say which other human labels count.", field="sample"
        )
    async with services.database.read() as connection:
        models = await models_of(connection, project)
        samples = await samples_of(connection, project)
    model = None if data.model is None else named(project, models, data.model, "model").id
    sample = (
        None if data.sample is None else named(project, samples, data.sample, "drawn sample").id
    )
    return await start_job(
        services,
        project,
        identity,
        "estimate",
        {
            "scheme_id": there.row.id,
            "question": msgspec.to_builtins(data.question),
            "human": data.human,
            "sample_id": sample,
            "nonresponse": data.nonresponse,
            "model_id": model,
            "machine": data.machine,
            "estimator": data.estimator,
            "params": data.params,
            "level": data.level,
            "population": data.population,
            "seed": data.seed,
        },
    )


@get(
    "/projects/{slug:str}/estimate-plans",
    operation_id="plan_estimate",
    tags=["estimates"],
    requires=Requires.PROJECT_READER,
)
async def plans(
    project: Project,
    services: Services,
    prevalence: Annotated[float, QueryParameter(ge=1e-6, le=1 - 1e-6)],
    half_width: Annotated[float, QueryParameter(ge=1e-5, lt=0.5)],
    correlation: Annotated[float, QueryParameter(ge=-1, le=1)] = 0.0,
    level: Annotated[float, QueryParameter(gt=0.5, le=0.9999)] = 0.95,
) -> EstimatorPlans:
    """Say how many human labels the interval of a share needs, by estimator and design.

    `prevalence` and `correlation` (between the machine's label and the human one) are a guess, or
    what a pilot's estimate says of them.
    """
    wanted = PlanInput(
        prevalence=prevalence,
        correlation=correlation,
        half_width=half_width,
        level=level,
        n_rows=project.n_rows,
    )
    found: list[LabelPlan] = []
    for each in services.registry.components("estimator"):
        built = services.registry.build("estimator", each.spec.name)
        estimator = cast("Estimator[Any]", built)
        found.extend(estimator.plan(wanted))
    found.sort(key=lambda each: each.n_human)
    return EstimatorPlans(
        n_rows=project.n_rows,
        plans=[EstimatorPlan(**msgspec.structs.asdict(each)) for each in found],
    )


routes: list[ControllerRouterHandler] = [estimate, plans]
