"""How a project ends: deleted, restored while that is possible, and purged."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from kodkod.api import ConflictError, Event
from kodkod.store.database import now
from kodkod.store.events import add_event
from kodkod.store.files import discard
from kodkod.store.jobs import LIVE, list_jobs
from kodkod.store.projects import Project, change_project, delete_project, deleted_before

if TYPE_CHECKING:
    from kodkod.web.services import Services

__all__ = ["delete", "kept_for", "purge", "purge_due", "restore"]

_MANY = 10_000


def kept_for(services: Services) -> timedelta:
    """Return how long a deleted project can be restored."""
    return timedelta(days=services.settings.restore_days)


async def delete(services: Services, project: Project, username: str) -> None:
    """Let a project be gone for everybody, and stop what computes in it; its data stay for now."""
    async with services.database.write() as connection:
        await change_project(connection, project.id, deleted_at=now())
        await add_event(connection, "project.deleted", project.id, {"slug": project.slug})
    _forget(services, project)
    async with services.database.read() as connection:
        computing = await list_jobs(connection, project_id=project.id, states=LIVE, limit=_MANY)
    for job in computing:
        await services.dispatcher.cancel(job.id)
    services.observe(Event(type="project.deleted", project=project.slug, user=username))


async def restore(services: Services, project: Project, username: str) -> None:
    """Bring a deleted project back as it was.

    Raises:
        ConflictError: it is not deleted.
    """
    if project.deleted_at is None:
        raise ConflictError(f"The project {project.name!r} is there; nothing is to be restored.")
    async with services.database.write() as connection:
        await change_project(connection, project.id, deleted_at=None)
        await add_event(connection, "project.restored", project.id, {"slug": project.slug})
    services.forget_access(project_slug=project.slug)
    services.observe(Event(type="project.restored", project=project.slug, user=username))


async def purge(services: Services, project: Project) -> None:
    """Delete a project's rows, files and models for good."""
    async with services.database.write() as connection:
        await delete_project(connection, project.id)
        await add_event(connection, "project.deleted", project.id, {"slug": project.slug})
    await services.database.shred()
    _forget(services, project)
    for folder in (services.settings.projects, services.settings.models):
        await asyncio.to_thread(discard, folder / project.slug)


async def purge_due(services: Services) -> None:
    """Purge the projects whose time to be restored is over."""
    async with services.database.read() as connection:
        due = await deleted_before(connection, now() - kept_for(services))
    for project in due:
        await purge(services, project)


def _forget(services: Services, project: Project) -> None:
    services.residency.drop(project.id)
    services.forget_access(project_slug=project.slug)
