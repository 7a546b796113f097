"""Making a scheme, and letting everybody know that one has changed."""

from __future__ import annotations

import asyncio

import msgspec

from kodkod.api import Event, decode_params
from kodkod.project.scheme import LiveScheme
from kodkod.store import projects
from kodkod.store.codebooks import note_version
from kodkod.store.projects import Project
from kodkod.web.label_operations import check_names
from kodkod.web.scheme_contract import NewScheme
from kodkod.web.scheme_import import import_column, labels_of_column
from kodkod.web.services import Services

__all__ = ["make_scheme", "tell_of_scheme"]


async def make_scheme(
    services: Services, project: Project, new: NewScheme, *, user_id: int, username: str
) -> LiveScheme:
    """Make a scheme, with the annotations of its column if it names one.

    Raises:
        InvalidInputError: the labels, the params or the column cannot be used.
        ConflictError: the project has a scheme of this name.
    """
    live = await services.residency.get(project)
    spec = services.registry.spec("scheme-type", new.type)
    params = msgspec.to_builtins(decode_params(spec.params, new.params))
    labels = list(new.labels)
    if new.from_column is not None and not labels:
        labels = await asyncio.to_thread(labels_of_column, live.corpus, new.from_column)
    check_names(labels)
    async with services.database.write() as connection:
        made = await projects.add_scheme(
            connection,
            [(name, None, "") for name in labels],
            project_id=project.id,
            name=new.name,
            type=new.type,
            params=params,
            codebook=new.codebook,
            overlap=new.overlap,
            guide=None,
        )
        await note_version(connection, made.id, user_id=user_id)
    await tell_of_scheme(services, project, made.id, "scheme.created", username)
    scheme = live.schemes[made.id]
    if new.from_column is not None:
        try:
            await import_column(services, scheme, new.from_column, new.import_splits, user_id)
        except BaseException:  # A request that is broken off leaves no half of it either.
            async with services.database.write() as connection:
                await projects.delete_scheme(connection, made.id)
            await tell_of_scheme(services, project, made.id, "scheme.deleted", username)
            raise
    return scheme


async def tell_of_scheme(
    services: Services, project: Project, scheme_id: int, type_: str, username: str
) -> None:
    """Let this process, the others, listeners and plugins know of a change."""
    data = {"scheme_id": scheme_id}
    await services.announce(type_, project, data)
    await services.residency.reload_schemes(project.id)
    services.observe(Event(type=type_, project=project.slug, user=username, data=data))
