"""Schemes, their labels and their guide."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from litestar import delete, get, patch, post, put
from litestar.params import FromPath, JSONBody
from litestar.types import ControllerRouterHandler
from msgspec import UNSET

from kodkod.api import NotFoundError
from kodkod.jobs.places import ProjectPlaces
from kodkod.project.codebooks import affected_ids
from kodkod.project.scheme import LiveScheme
from kodkod.store import projects
from kodkod.store.codebooks import note_version
from kodkod.store.files import discard
from kodkod.web.access import Requires
from kodkod.web.annotating_contract import Statistics
from kodkod.web.contract import Page
from kodkod.web.given import Identity, Project, Services
from kodkod.web.label_operations import apply_operation
from kodkod.web.making_guides import make_guide
from kodkod.web.making_schemes import make_scheme, tell_of_scheme
from kodkod.web.reach import models_of
from kodkod.web.scheme_contract import (
    GuideInfo,
    LabelOperation,
    NewGuide,
    NewScheme,
    SchemeInfo,
    SchemePatch,
)
from kodkod.web.seeing import sight_of
from kodkod.web.time_travel import AsOf, as_of
from kodkod.web.views import scheme_info, statistics

__all__ = ["routes"]


async def _scheme(services: Services, project: Project, name: str) -> LiveScheme:
    return (await services.residency.get(project)).scheme(name)


async def _changed(
    services: Services, project: Project, identity: Identity, scheme: LiveScheme
) -> SchemeInfo:
    """Let every process know, and show the scheme as it is now."""
    await tell_of_scheme(services, project, scheme.row.id, "scheme.changed", identity.username)
    live = await services.residency.get(project)
    return scheme_info(live.schemes[scheme.row.id], services.registry)


@get(
    "/projects/{slug:str}/schemes",
    operation_id="list_schemes",
    requires=Requires.PROJECT_READER,
)
async def list_all(project: Project, services: Services) -> Page[SchemeInfo]:
    """List a project's schemes."""
    live = await services.residency.get(project)
    return Page(items=[scheme_info(each, services.registry) for each in live.schemes.values()])


@get(
    "/projects/{slug:str}/schemes/{scheme:str}",
    operation_id="get_scheme",
    requires=Requires.PROJECT_READER,
)
async def get_one(project: Project, scheme: FromPath[str], services: Services) -> SchemeInfo:
    """Show a scheme."""
    return scheme_info(await _scheme(services, project, scheme), services.registry)


@post(
    "/projects/{slug:str}/schemes",
    operation_id="create_scheme",
    requires=Requires.PROJECT_CONTRIBUTOR,
)
async def create(
    project: Project, data: JSONBody[NewScheme], services: Services, identity: Identity
) -> SchemeInfo:
    """Make a scheme, from labels given or from a label column of the corpus."""
    made = await make_scheme(
        services, project, data, user_id=identity.user_id, username=identity.username
    )
    return scheme_info(made, services.registry)


@patch(
    "/projects/{slug:str}/schemes/{scheme:str}",
    operation_id="change_scheme",
    requires=Requires.PROJECT_CONTRIBUTOR,
)
async def change(
    project: Project,
    scheme: FromPath[str],
    data: JSONBody[SchemePatch],
    services: Services,
    identity: Identity,
) -> SchemeInfo:
    """Change a scheme's name, codebook, overlap or checks."""
    there = await _scheme(services, project, scheme)
    values: dict[str, Any] = {
        name: value
        for name in ("name", "codebook", "overlap")
        if (value := getattr(data, name)) is not UNSET
    }
    if data.checks is not UNSET:
        values["checks"] = data.checks
    said = bool(data.note) or data.affects is not None
    affects = affected_ids(there.coder, data.affects)
    async with services.labelling[there.row.id], services.database.write() as connection:
        if values:
            await projects.change_scheme(connection, there.row.id, **values)
        if "codebook" in values or said:
            await note_version(
                connection,
                there.row.id,
                user_id=identity.user_id,
                note=data.note,
                affects=affects,
                base=data.base,
            )
    return await _changed(services, project, identity, there)


@delete(
    "/projects/{slug:str}/schemes/{scheme:str}",
    operation_id="delete_scheme",
    requires=Requires.PROJECT_MANAGER,
)
async def remove(
    project: Project, scheme: FromPath[str], services: Services, identity: Identity
) -> None:
    """Delete a scheme with its annotations and models."""
    there = await _scheme(services, project, scheme)
    async with services.database.write() as connection:
        models = await models_of(connection, project)
        await projects.delete_scheme(connection, there.row.id)
    await tell_of_scheme(services, project, there.row.id, "scheme.deleted", identity.username)
    places = ProjectPlaces.of(services.settings, project.slug)
    await asyncio.to_thread(discard, places.guide(there.row.id))
    for model in models:
        if model.scheme_id == there.row.id:
            await asyncio.to_thread(discard, places.model(model.id))
            await asyncio.to_thread(discard, places.predictions(model.id))


@post(
    "/projects/{slug:str}/schemes/{scheme:str}/labels",
    operation_id="change_labels",
    requires=Requires.PROJECT_CONTRIBUTOR,
    status_code=200,
)
async def labels(
    project: Project,
    scheme: FromPath[str],
    data: JSONBody[LabelOperation],
    services: Services,
    identity: Identity,
) -> SchemeInfo:
    """Add, rename, restyle, merge, delete or reorder labels."""
    there = await _scheme(services, project, scheme)
    async with services.labelling[there.row.id]:
        await apply_operation(services, there, data, identity)
        async with services.database.write() as connection:
            await note_version(connection, there.row.id, user_id=identity.user_id)
        return await _changed(services, project, identity, there)


@get(
    "/projects/{slug:str}/schemes/{scheme:str}/statistics",
    operation_id="get_statistics",
    requires=Requires.PROJECT_READER,
)
async def get_statistics(
    project: Project,
    scheme: FromPath[str],
    services: Services,
    identity: Identity,
    moment: AsOf = None,
) -> Statistics:
    """Count labels, annotators and disagreements."""
    there = await _scheme(services, project, scheme)
    await services.names.refresh()
    sight = await sight_of(services, project, there, identity)
    seen = await as_of(services, there, moment)
    return await asyncio.to_thread(statistics, seen, project.splits, services.names, sight)


@put(
    "/projects/{slug:str}/schemes/{scheme:str}/guide",
    operation_id="put_guide",
    requires=Requires.PROJECT_CONTRIBUTOR,
)
async def put_guide(
    project: Project,
    scheme: FromPath[str],
    data: JSONBody[NewGuide],
    services: Services,
    identity: Identity,
) -> SchemeInfo:
    """Give a scheme a guide, or another one; it learns at once from what is annotated."""
    there = await _scheme(services, project, scheme)
    await make_guide(services, project, there, data, identity.username)
    return scheme_info(there, services.registry)


@delete(
    "/projects/{slug:str}/schemes/{scheme:str}/guide",
    operation_id="delete_guide",
    requires=Requires.PROJECT_CONTRIBUTOR,
)
async def remove_guide(
    project: Project, scheme: FromPath[str], services: Services, identity: Identity
) -> None:
    """Take the guide away."""
    there = await _scheme(services, project, scheme)
    await services.refresher.reset(project, there)
    async with services.database.write() as connection:
        await projects.change_scheme(connection, there.row.id, guide=None)
    await _changed(services, project, identity, there)


@post(
    "/projects/{slug:str}/schemes/{scheme:str}/guide/refresh",
    operation_id="refresh_guide",
    requires=Requires.PROJECT_ANNOTATOR,
    status_code=202,
)
async def refresh_guide(project: Project, scheme: FromPath[str], services: Services) -> GuideInfo:
    """Let the guide learn now from what is annotated."""
    there = await _scheme(services, project, scheme)
    if there.guide is None:
        raise NotFoundError(f"The scheme {scheme!r} has no guide; PUT one first.")
    await services.refresher.refresh(project, there)
    return cast("GuideInfo", scheme_info(there, services.registry).guide)


routes: list[ControllerRouterHandler] = [
    list_all,
    get_one,
    create,
    change,
    remove,
    labels,
    get_statistics,
    put_guide,
    remove_guide,
    refresh_guide,
]
