"""Schemes, their labels and their guide."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import msgspec
from litestar import delete, get, patch, post, put
from litestar.params import FromPath, JSONBody
from litestar.types import ControllerRouterHandler
from msgspec import UNSET

from kodkod.api import InvalidInputError, ModelSpec, NotFoundError, decode_params
from kodkod.project.guide import GuideConfig
from kodkod.project.scheme import LiveScheme
from kodkod.store import artefacts, projects
from kodkod.web.access import Requires
from kodkod.web.contract import (
    GuideInfo,
    LabelOperation,
    NewGuide,
    NewScheme,
    Page,
    SchemeInfo,
    SchemePatch,
    Statistics,
)
from kodkod.web.given import Identity, Project, Services
from kodkod.web.label_operations import apply_operation
from kodkod.web.making_schemes import make_scheme, tell_of_scheme
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
    requires=Requires.PROJECT_ANNOTATOR,
)
async def list_all(project: Project, services: Services) -> Page[SchemeInfo]:
    """List a project's schemes."""
    live = await services.residency.get(project)
    return Page(items=[scheme_info(each, services.registry) for each in live.schemes.values()])


@get(
    "/projects/{slug:str}/schemes/{scheme:str}",
    operation_id="get_scheme",
    requires=Requires.PROJECT_ANNOTATOR,
)
async def get_one(project: Project, scheme: FromPath[str], services: Services) -> SchemeInfo:
    """Show a scheme."""
    return scheme_info(await _scheme(services, project, scheme), services.registry)


@post(
    "/projects/{slug:str}/schemes", operation_id="create_scheme", requires=Requires.PROJECT_MANAGER
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
    requires=Requires.PROJECT_MANAGER,
)
async def change(
    project: Project,
    scheme: FromPath[str],
    data: JSONBody[SchemePatch],
    services: Services,
    identity: Identity,
) -> SchemeInfo:
    """Change a scheme's name, codebook or overlap."""
    there = await _scheme(services, project, scheme)
    values = {
        name: value
        for name in ("name", "codebook", "overlap")
        if (value := getattr(data, name)) is not UNSET
    }
    if values:
        async with services.database.write() as connection:
            await projects.change_scheme(connection, there.row.id, **values)
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
        await projects.delete_scheme(connection, there.row.id)
    await tell_of_scheme(services, project, there.row.id, "scheme.deleted", identity.username)


@post(
    "/projects/{slug:str}/schemes/{scheme:str}/labels",
    operation_id="change_labels",
    requires=Requires.PROJECT_MANAGER,
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
    await apply_operation(services, there, data, identity)
    return await _changed(services, project, identity, there)


@get(
    "/projects/{slug:str}/schemes/{scheme:str}/statistics",
    operation_id="get_statistics",
    requires=Requires.PROJECT_ANNOTATOR,
)
async def get_statistics(project: Project, scheme: FromPath[str], services: Services) -> Statistics:
    """Count labels, annotators and disagreements."""
    there = await _scheme(services, project, scheme)
    await services.names.know({u for said in there.fold.answers.values() for u in said})
    return await asyncio.to_thread(statistics, there, project.splits, services.names)


@put(
    "/projects/{slug:str}/schemes/{scheme:str}/guide",
    operation_id="put_guide",
    requires=Requires.PROJECT_MANAGER,
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
    config = await _guide_config(services, project, there, data)
    await services.refresher.reset(project, there)
    async with services.database.write() as connection:
        await projects.change_scheme(connection, there.row.id, guide=msgspec.to_builtins(config))
    shown = await _changed(services, project, identity, there)
    await services.refresher.refresh(project, there)
    return shown


@delete(
    "/projects/{slug:str}/schemes/{scheme:str}/guide",
    operation_id="delete_guide",
    requires=Requires.PROJECT_MANAGER,
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


async def _guide_config(
    services: Services, project: Project, scheme: LiveScheme, data: NewGuide
) -> GuideConfig:
    model = cast("ModelSpec", services.registry.spec("model", data.model))
    if not model.guide:
        raise InvalidInputError(
            f"The model {data.model!r} is too slow to be refreshed while people annotate.",
            field="model",
        )
    if scheme.row.type not in model.scheme_types:
        raise InvalidInputError(
            f"The model {data.model!r} cannot learn {scheme.row.type} schemes.", field="model"
        )
    strategy = services.registry.spec("strategy", data.strategy)
    async with services.database.read() as connection:
        known = {row.name for row in await artefacts.list_features(connection, project.id)}
    missing = [name for name in data.features if name not in known]
    if missing:
        raise InvalidInputError(
            f"The project has no feature {missing[0]!r}; it has "
            f"{', '.join(sorted(known)) or 'none yet: compute one first'}.",
            field="features",
        )
    return GuideConfig(
        features=data.features,
        model=data.model,
        params=_plain(model.params, data.params),
        strategy=data.strategy,
        strategy_params=_plain(strategy.params, data.strategy_params),
        refresh_every=data.refresh_every,
    )


def _plain(params: type[Any], given: dict[str, Any]) -> dict[str, Any]:
    return msgspec.to_builtins(decode_params(params, given))


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
