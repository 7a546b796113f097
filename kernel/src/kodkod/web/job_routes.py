"""Jobs: what is computing, and what was."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from litestar import delete, get
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.types import ControllerRouterHandler

from kodkod.api import ForbiddenError, InvalidInputError, NotFoundError
from kodkod.store import jobs
from kodkod.store.job_points import list_points
from kodkod.store.jobs import JobRow
from kodkod.store.projects import project_with_id
from kodkod.store.rights import all_hidden
from kodkod.web.access import Requires
from kodkod.web.contract import Page
from kodkod.web.given import Identity, Services
from kodkod.web.job_contract import JobLog, JobMetrics, JobSeries, JobView
from kodkod.web.views import job_view

__all__ = ["job_for", "routes"]

State = Literal["queued", "running", "done", "failed", "cancelled"]


async def _slug(services: Services, project_id: int | None) -> str | None:
    if project_id is None:
        return None
    async with services.database.read() as connection:
        project = await project_with_id(connection, project_id)
    return project.slug if project else None


async def _role(services: Services, identity: Identity, row: JobRow) -> str | None:
    """Return what a user is to a job: its owner, or the role in its project.

    None where the job is not there for them, as its scheme is not.
    """
    if identity.role == "root":
        return "owner"
    role = "owner" if row.user_id == identity.user_id else None
    slug = await _slug(services, row.project_id)
    if slug is None:
        return role
    try:
        entry = await services.access.enter(identity, slug)
    except NotFoundError:
        return role
    return None if row.scheme_id in entry.project.hidden else role or entry.role


async def job_for(services: Services, identity: Identity, job_id: str) -> tuple[JobRow, str]:
    """Return a job that the user may see, and what the user is to it.

    Raises:
        NotFoundError: there is none, or it is not theirs.
    """
    async with services.database.read() as connection:
        row = await jobs.find_job(connection, job_id)
    role = await _role(services, identity, row)
    if role is None:
        raise NotFoundError(f"There is no job {job_id!r} among yours.")
    return row, role


async def _view(services: Services, row: JobRow) -> JobView:
    await services.names.know([row.user_id])
    return job_view(row, await _slug(services, row.project_id), services.names)


@get("/jobs", operation_id="list_jobs", tags=["jobs"], requires=Requires.SIGNED_IN)
async def list_all(
    services: Services,
    identity: Identity,
    in_project: Annotated[str | None, QueryParameter(name="project")] = None,
    job_state: Annotated[list[State] | None, QueryParameter(name="state")] = None,
    job_kind: Annotated[list[str] | None, QueryParameter(name="kind")] = None,
    cursor: FromQuery[str | None] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=500)] = 50,
) -> Page[JobView]:
    """List a project's jobs, or one's own (root: all), newest first; all or those of a kind."""
    project_id, user_id, hidden = None, identity.user_id, frozenset[int]()
    if in_project is not None:
        project = (await services.access.enter(identity, in_project)).project
        project_id, hidden = project.id, project.hidden
        user_id = None
    elif identity.role == "root":
        user_id = None
    async with services.database.read() as connection:
        if user_id is not None:
            hidden = await all_hidden(connection, user_id)
        rows = await jobs.list_jobs(
            connection,
            project_id=project_id,
            user_id=user_id,
            states=tuple(job_state or ()),
            kinds=tuple(job_kind or ()),
            before=_time(cursor),
            limit=limit,
            hidden=hidden,
        )
    last = str(round(rows[-1].created_at.timestamp() * 1e6)) if len(rows) == limit else None
    return Page(items=[await _view(services, row) for row in rows], cursor=last)


@get("/jobs/{job:str}", operation_id="get_job", tags=["jobs"], requires=Requires.SIGNED_IN)
async def get_one(job: FromPath[str], services: Services, identity: Identity) -> JobView:
    """Show a job."""
    row, _ = await job_for(services, identity, job)
    return await _view(services, row)


@get("/jobs/{job:str}/log", operation_id="get_job_log", tags=["jobs"], requires=Requires.SIGNED_IN)
async def get_log(job: FromPath[str], services: Services, identity: Identity) -> JobLog:
    """Show what a job has written."""
    row, _ = await job_for(services, identity, job)
    return JobLog(lines=row.log.splitlines())


@get(
    "/jobs/{job:str}/metrics",
    operation_id="get_job_metrics",
    tags=["jobs"],
    requires=Requires.SIGNED_IN,
)
async def get_metrics(job: FromPath[str], services: Services, identity: Identity) -> JobSeries:
    """Show the numbers that a job reported over time, such as its loss curve."""
    row, _ = await job_for(services, identity, job)
    async with services.database.read() as connection:
        points = await list_points(connection, row.id)
    return JobSeries(points=[JobMetrics(at=each.at, values=each.values) for each in points])


@delete(
    "/jobs/{job:str}",
    operation_id="cancel_job",
    tags=["jobs"],
    requires=Requires.SIGNED_IN,
    status_code=200,
)
async def cancel(job: FromPath[str], services: Services, identity: Identity) -> JobView:
    """Ask a job to stop; a finished one is left as it is."""
    row, role = await job_for(services, identity, job)
    if role not in {"owner", "manager"}:
        raise ForbiddenError("Only whoever started a job, or a project manager, may cancel it.")
    return await _view(services, await services.dispatcher.cancel(row.id))


def _time(cursor: str | None) -> datetime | None:
    if cursor is None:
        return None
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 17):
        raise InvalidInputError("The cursor is not one that a list gave.", field="cursor")
    return datetime.fromtimestamp(int(cursor) / 1e6, tz=UTC)


routes: list[ControllerRouterHandler] = [list_all, get_one, get_log, get_metrics, cancel]
