"""What jobs take in energy: what they took, and what the next one is likely to."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import FromQuery, JSONBody, QueryParameter
from litestar.types import ControllerRouterHandler

from kodkod.api import InvalidInputError, JobInfo, NotFoundError, decode_params
from kodkod.jobs.admission import Admission
from kodkod.jobs.needs import needs_of, subject_of
from kodkod.store.database import now
from kodkod.store.energy import By, Sum, sum_energy
from kodkod.web.access import Requires
from kodkod.web.given import Identity, Project, Services
from kodkod.web.job_contract import EnergyReport, JobEstimate, NewEstimate
from kodkod.web.reach import models_of

__all__ = ["routes"]

Days = Annotated[int | None, QueryParameter(ge=1, le=36_500)]


async def _sums(
    services: Services, by: By, days: int | None, project_id: int | None = None
) -> list[Sum]:
    since = None if days is None else now() - timedelta(days=days)
    async with services.database.read() as connection:
        sums = await sum_energy(connection, by, project_id=project_id, since=since)
    if by != "user":
        return sums
    await services.names.know(int(each.key) for each in sums)
    return [msgspec.structs.replace(each, key=services.names[int(each.key)]) for each in sums]


@get(
    "/projects/{slug:str}/energy",
    operation_id="get_project_energy",
    tags=["energy"],
    requires=Requires.PROJECT_READER,
)
async def of_project(
    project: Project, services: Services, by: FromQuery[By] = "kind", days: Days = None
) -> EnergyReport:
    """Add up what a project's jobs have taken, by user, kind, subject or day."""
    sums = await _sums(services, by, days, project.id)
    admission = Admission(services.database, services.registry)
    return EnergyReport(
        by=by,
        sums=sums,
        total_wh=sum(each.wh for each in sums),
        total_g_co2e=sum(each.g_co2e for each in sums),
        standing=await admission.standing(project, None),
    )


@get("/energy", operation_id="get_energy", tags=["energy"], requires=Requires.ROOT)
async def of_all(
    services: Services, by: FromQuery[By] = "project", days: Days = None
) -> EnergyReport:
    """Add up what all jobs have taken, those of deleted projects included."""
    sums = await _sums(services, by, days)
    return EnergyReport(
        by=by,
        sums=sums,
        total_wh=sum(each.wh for each in sums),
        total_g_co2e=sum(each.g_co2e for each in sums),
        standing=None,
    )


@post(
    "/projects/{slug:str}/jobs/estimate",
    operation_id="estimate_job",
    tags=["energy"],
    requires=Requires.PROJECT_CONTRIBUTOR,
    status_code=200,
)
async def estimate(
    project: Project, data: JSONBody[NewEstimate], services: Services, identity: Identity
) -> JobEstimate:
    """Say what a job would take and whether it would be accepted; nothing is started."""
    registry = services.registry
    component, params = await _component(project, data, services)
    spec = registry.spec("feature" if data.kind == "feature" else "model", component)
    decoded = msgspec.to_builtins(decode_params(spec.params, params))
    admission = Admission(services.database, registry)
    expected = await admission.expected(data.kind, subject_of(component, decoded), project)
    standing = await admission.standing(project, expected)
    info = JobInfo(
        id="",
        kind=data.kind,
        queue=registry.spec("job", data.kind).queue,  # type: ignore[attr-defined]
        user=identity.username,
        project=project.slug,
        params={"component": component, "params": decoded},
        energy=standing,
    )
    return JobEstimate(
        expected=expected,
        standing=standing,
        gpu_mb=needs_of(spec, params).gpu_mb,
        refusal=registry.admit(info),
        warning=" ".join(registry.warn(info)),
    )


async def _component(
    project: Project, data: NewEstimate, services: Services
) -> tuple[str, dict[str, object]]:
    """Return the component that would run, and its params."""
    if data.kind != "predict":
        if data.component is None:
            raise InvalidInputError("Say which component would run.", field="component")
        return data.component, data.params
    async with services.database.read() as connection:
        models = await models_of(connection, project)
    for model in models:
        if data.model in {model.id, model.name}:
            return model.component, model.params
    raise NotFoundError(f"The project has no model {data.model!r}.")


routes: list[ControllerRouterHandler] = [of_project, of_all, estimate]
