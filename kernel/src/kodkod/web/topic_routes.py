"""Topics: found by a job, changed by operations that can be undone."""

from __future__ import annotations

import asyncio

import msgspec
from litestar import delete, get, patch, post
from litestar.params import FromPath, JSONBody
from litestar.types import ControllerRouterHandler

from kodkod.api import ConflictError, InvalidInputError, decode_params
from kodkod.jobs.needs import subject_of
from kodkod.project.topic_lists import renamed
from kodkod.store import topics as stored
from kodkod.store.files import discard
from kodkod.store.topic_versions import TopicVersion, add_version, read_version
from kodkod.web.access import Requires
from kodkod.web.artefacts import named, start_job
from kodkod.web.contract import Page
from kodkod.web.given import Identity, Project, Services
from kodkod.web.job_contract import JobView
from kodkod.web.reach import topics_of
from kodkod.web.topic_contract import NewTopics, TopicNames, TopicOperation, TopicsInfo
from kodkod.web.topic_views import find_topics, folder_of, known_features, topics_info

__all__ = ["routes"]

_CHANGED = "The topics were changed meanwhile; look at them and do it again."


@get("/projects/{slug:str}/topics", operation_id="list_topics", requires=Requires.PROJECT_READER)
async def list_all(project: Project, services: Services) -> Page[TopicsInfo]:
    """List what topics were found, with their words."""
    async with services.database.read() as connection:
        rows = await topics_of(connection, project)
    return Page(items=[await topics_info(services, project, row) for row in rows])


@get(
    "/projects/{slug:str}/topics/{topics:str}",
    operation_id="get_topics",
    requires=Requires.PROJECT_READER,
)
async def get_one(project: Project, topics: FromPath[str], services: Services) -> TopicsInfo:
    """Show topics."""
    return await topics_info(services, project, await find_topics(services, project, topics))


@post(
    "/projects/{slug:str}/topics",
    operation_id="find_topics",
    requires=Requires.PROJECT_CONTRIBUTOR,
    status_code=202,
)
async def find(
    project: Project, data: JSONBody[NewTopics], services: Services, identity: Identity
) -> JobView:
    """Start looking for topics. Stop words are of the project's language, if none is named."""
    spec = services.registry.spec("topic-model", data.component)
    given = dict(data.params)
    if "language" in spec.params.__struct_fields__:
        given.setdefault("language", project.language.partition("-")[0].lower())
    params = msgspec.to_builtins(decode_params(spec.params, given))
    feature = named(project, await known_features(services, project), data.feature, "feature")
    async with services.database.read() as connection:
        rows = await topics_of(connection, project)
    if any(row.name == data.name for row in rows):
        raise ConflictError(f"The project has topics {data.name!r} already.")
    return await start_job(
        services,
        project,
        identity,
        "topics",
        {
            "name": data.name,
            "feature_id": feature.id,
            "component": data.component,
            "params": given,
            "seed": data.seed,
        },
        gpu=spec.resources.gpu,
        subject=subject_of(data.component, params),
    )


@delete(
    "/projects/{slug:str}/topics/{topics:str}",
    operation_id="delete_topics",
    requires=Requires.PROJECT_CONTRIBUTOR,
)
async def remove(project: Project, topics: FromPath[str], services: Services) -> None:
    """Delete topics with all their versions; schemes and features made of them stay."""
    row = await find_topics(services, project, topics)
    async with services.database.write() as connection:
        await stored.delete_topics(connection, row.id)
    await asyncio.to_thread(discard, folder_of(services, project, row.id))


@post(
    "/projects/{slug:str}/topics/{topics:str}/operations",
    operation_id="change_topics",
    requires=Requires.PROJECT_CONTRIBUTOR,
    status_code=202,
)
async def operate(
    project: Project,
    topics: FromPath[str],
    data: JSONBody[TopicOperation],
    services: Services,
    identity: Identity,
) -> JobView:
    """Start merging or splitting topics, or giving texts that are in none the nearest one."""
    row = await find_topics(services, project, topics)
    there = {topic.id for topic in row.found.topics}
    wrong = [id_ for id_ in data.ids if id_ not in there]
    if wrong:
        raise InvalidInputError(f"There is no topic {wrong[0]}; look the ids up.", field="ids")
    fewest = {"merge": 2, "split": 1, "reduce-outliers": 0}[data.op]
    if len(set(data.ids)) < fewest or (data.op != "merge" and len(data.ids) > fewest):
        wanted = "two topics or more" if data.op == "merge" else f"{fewest or 'no'} topic ids"
        raise InvalidInputError(f"The operation {data.op!r} takes {wanted}.", field="ids")
    return await start_job(
        services,
        project,
        identity,
        "topic-operation",
        {
            "topics_id": row.id,
            "version": row.version,
            "op": data.op,
            "ids": data.ids,
            "into": data.into,
            "seed": data.seed,
        },
        lock_key=f"topics:{row.id}",
        subject=subject_of(row.component, row.params),
    )


@patch(
    "/projects/{slug:str}/topics/{topics:str}",
    operation_id="name_topics",
    requires=Requires.PROJECT_CONTRIBUTOR,
)
async def name(
    project: Project, topics: FromPath[str], data: JSONBody[TopicNames], services: Services
) -> TopicsInfo:
    """Give topics names, which they keep whatever is merged and split."""
    row = await find_topics(services, project, topics)
    try:
        names = {int(id_): name for id_, name in data.names.items()}
    except ValueError as error:
        raise InvalidInputError("Topics go by their ids, whole numbers.", field="names") from error
    found = renamed(row.found, names)
    folder = folder_of(services, project, row.id)

    def written() -> int:
        before = read_version(folder, row.version)
        return add_version(
            folder,
            TopicVersion(
                parent=row.version,
                operation="rename",
                state=before.state,
                rows=before.rows,
                found=found,
            ),
        )

    version = await asyncio.to_thread(written)
    await _let_count(services, row, {"version": version, "found": found})
    return await topics_info(services, project, await find_topics(services, project, row.id))


@post(
    "/projects/{slug:str}/topics/{topics:str}/undo",
    operation_id="undo_topics",
    requires=Requires.PROJECT_CONTRIBUTOR,
    status_code=200,
)
async def undo(project: Project, topics: FromPath[str], services: Services) -> TopicsInfo:
    """Take back the last operation or naming. Rows that came since are assigned anew."""
    row = await find_topics(services, project, topics)
    folder = folder_of(services, project, row.id)

    def before() -> tuple[int, TopicVersion] | None:
        version = read_version(folder, row.version)
        while version.operation == "extend":
            version = read_version(folder, version.parent)
        return (version.parent, read_version(folder, version.parent)) if version.parent else None

    found = await asyncio.to_thread(before)
    if found is None:
        raise ConflictError("Nothing was done to the topics that could be undone.")
    number, version = found
    values = {"version": number, "rows": version.rows, "found": version.found}
    await _let_count(services, row, values)
    services.later(services.map_follower.catch_up())
    return await topics_info(services, project, await find_topics(services, project, row.id))


async def _let_count(services: Services, row: stored.TopicsRow, values: dict[str, object]) -> None:
    async with services.database.write() as connection:
        if not await stored.put_topics(connection, row.id, before=row.version, **values):
            raise ConflictError(_CHANGED)


routes: list[ControllerRouterHandler] = [list_all, get_one, find, remove, operate, name, undo]
