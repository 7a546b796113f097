"""What the routes of features, models and the like share: look up by id or name, show a job."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from kodkod.api import NotFoundError
from kodkod.store.jobs import JobRow
from kodkod.web.given import Project, Services
from kodkod.web.job_contract import JobView
from kodkod.web.views import job_view

__all__ = ["named", "shown_job"]


class _Named(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...


T = TypeVar("T", bound=_Named)


def named(rows: Iterable[T], key: str, what: str) -> T:
    """Return the one of this id or name.

    Raises:
        NotFoundError: there is none.
    """
    for row in rows:
        if key in {row.id, row.name}:
            return row
    raise NotFoundError(f"The project has no {what} {key!r}.")


async def shown_job(services: Services, project: Project, job: JobRow) -> JobView:
    """Return a job that was just submitted, as the contract has it."""
    await services.names.know([job.user_id])
    return job_view(job, project.slug, services.names)
