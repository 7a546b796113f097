"""What the routes of features, models and the like share: look up by id or name, show a job."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol, TypedDict, TypeVar, Unpack

from kodkod.api import InvalidInputError, NotFoundError
from kodkod.project.live import check_unlocked
from kodkod.store import projects
from kodkod.store.artefacts import ModelRow
from kodkod.web.given import Identity, Project, Services
from kodkod.web.job_contract import JobView
from kodkod.web.views import job_view

__all__ = ["named", "start_job", "trained"]


class _Named(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...


class _More(TypedDict, total=False):
    lock_key: str
    gpu: bool
    subject: str


T = TypeVar("T", bound=_Named)


def named(project: projects.Project, rows: Iterable[T], key: str, what: str) -> T:
    """Return the one of this id or name.

    Raises:
        NotFoundError: there is none.
        ForbiddenError: it is made of a scheme that may be seen only, and the request would change
            something.
    """
    for row in rows:
        if key in {row.id, row.name}:
            check_unlocked(project, getattr(row, "scheme_id", None))
            return row
    raise NotFoundError(f"The project has no {what} {key!r}.")


def trained(project: projects.Project, rows: Iterable[ModelRow], key: str) -> ModelRow:
    """Return the model of this id or name that was trained here.

    Raises:
        NotFoundError: there is none.
        InvalidInputError: it is a labelling, which is run.
    """
    row = named(project, rows, key, "model")
    if row.kind != "model":
        raise InvalidInputError(
            f"{row.name!r} is a labelling; POST a run of it, and what it answers is predicted.",
            field="model",
        )
    return row


async def start_job(
    services: Services,
    project: Project,
    identity: Identity,
    kind: str,
    params: dict[str, Any],
    **more: Unpack[_More],
) -> JobView:
    """Queue a job of the project for whoever asks, and show it; see `Dispatcher.submit`."""
    job = await services.dispatcher.submit(
        kind,
        params,
        user_id=identity.user_id,
        username=identity.username,
        project=project,
        **more,
    )
    await services.names.know([job.user_id])
    return job_view(job, project.slug, services.names)
