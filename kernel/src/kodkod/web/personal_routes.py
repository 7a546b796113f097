"""Personal data: all that is stored of somebody, for them to have, and its erasure."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody
from litestar.response import Stream
from litestar.types import ControllerRouterHandler

from kodkod.api import InvalidInputError
from kodkod.store.events import add_event
from kodkod.store.people import User, find_user, keep_a_root
from kodkod.store.personal import erase_person, former_name, personal_rows
from kodkod.store.projects import Project, project_with_id
from kodkod.web.access import Requires
from kodkod.web.given import Identity, Services
from kodkod.web.people_contract import Erased, Erasure, OwnErasure

__all__ = ["routes"]

_FILE = "application/x-ndjson"


@get(
    "/me/data",
    operation_id="export_my_data",
    tags=["users"],
    requires=Requires.SIGNED_IN,
    media_type=_FILE,
)
async def mine(services: Services, identity: Identity) -> Stream:
    """Download all that is stored of oneself, a line of JSON each: what it is, and its fields."""
    return await _data(services, identity.username)


@get(
    "/users/{username:str}/data",
    operation_id="export_personal_data",
    tags=["users"],
    requires=Requires.ROOT,
    media_type=_FILE,
)
async def of_user(services: Services, username: FromPath[str]) -> Stream:
    """Download all that is stored of somebody, as they could themselves."""
    return await _data(services, username)


@post(
    "/me/erase",
    operation_id="erase_me",
    tags=["users"],
    requires=Requires.SIGNED_IN,
    counts_attempts=True,
    status_code=200,
)
async def erase_me(services: Services, identity: Identity, data: JSONBody[OwnErasure]) -> Erased:
    """Erase oneself: the account, and all by which one could be known. Annotations stay.

    An account that has no password here is erased by an administrator.
    """
    await services.sign_in.confirm(services.database, identity.username, data.current_password)
    return await _erase(services, identity.username, data)


@post(
    "/users/{username:str}/erase",
    operation_id="erase_user",
    tags=["users"],
    requires=Requires.ROOT,
    status_code=200,
)
async def erase_user(
    services: Services, username: FromPath[str], data: JSONBody[Erasure]
) -> Erased:
    """Erase somebody: the account, and all by which they could be known. Annotations stay."""
    return await _erase(services, username, data)


async def _erase(services: Services, username: str, data: Erasure) -> Erased:
    if data.username != username:
        raise InvalidInputError(
            "Send the account's username once more: what is erased is gone.", field="username"
        )
    async with services.database.write() as connection:
        user = await find_user(connection, username)
        await keep_a_root(connection, user)
        done = await erase_person(connection, user, words=data.words)
        for project_id in done.projects:
            await add_event(connection, "person.erased", project_id, {"user_id": user.id})
    await services.database.shred()
    services.forget_access(user_id=user.id)
    await services.names.refresh()
    for project_id in done.projects:
        services.residency.drop(project_id)  # It has the comments in memory.
    return Erased(annotations=done.annotations, words=done.words, known_as=former_name(user.id))


async def _data(services: Services, username: str) -> Stream:
    async with services.database.read() as connection:
        user = await find_user(connection, username)
    return Stream(
        _lines(services, user),
        media_type=_FILE,
        headers={"content-disposition": f'attachment; filename="{username}-data.jsonl"'},
    )


async def _lines(services: Services, user: User) -> AsyncIterator[bytes]:
    projects: dict[int, Project | None] = {}
    async with services.database.read() as connection:
        async for what, row in personal_rows(connection, user):
            project_id = row.get("project_id")
            if project_id is not None and project_id not in projects:
                projects[project_id] = await project_with_id(connection, project_id)
            project = projects.get(project_id) if project_id is not None else None
            if project is not None:
                row["project"] = project.slug
                if what == "annotation":
                    row |= await _readable(services, project, row)
            yield msgspec.json.encode({"what": what, **row}) + b"\n"


async def _readable(services: Services, project: Project, row: dict[str, Any]) -> dict[str, Any]:
    """Return which text an annotation is of, in which scheme, and its value by labels."""
    live = await services.residency.get(project)
    scheme = live.schemes.get(row["scheme_id"])
    if scheme is None or row["row"] is None:
        return {}
    value = scheme.coder.read(row["value"]) if row["op"] == "set" else row["value"]
    return {
        "scheme": scheme.row.name,
        "text_id": scheme.corpus.id_of(row["row"]),
        "value": value,
    }


routes: list[ControllerRouterHandler] = [mine, of_user, erase_me, erase_user]
