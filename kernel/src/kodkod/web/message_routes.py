"""Messages to the members of a project, or to everybody."""

from __future__ import annotations

from litestar import delete, get, post
from litestar.params import FromPath, JSONBody
from litestar.types import ControllerRouterHandler

from kodkod.api import InvalidInputError
from kodkod.store import notices
from kodkod.store.database import now
from kodkod.store.events import add_event
from kodkod.store.notices import Notice
from kodkod.web.access import Requires
from kodkod.web.contract import Page
from kodkod.web.discussion_contract import MessageView, NewMessage
from kodkod.web.given import Identity, Project, Services
from kodkod.web.paging import Cursor, Limit, next_cursor, numbered, parse_cursor

__all__ = ["routes"]

_TAG = ["discussion"]


@get("/messages", operation_id="list_messages", tags=_TAG, requires=Requires.SIGNED_IN)
async def list_messages(
    services: Services, identity: Identity, cursor: Cursor = None, limit: Limit = 50
) -> Page[MessageView]:
    """List the messages to the user that have not expired, newest first."""
    async with services.database.read() as connection:
        member_of = await notices.projects_of(connection, identity.user_id)
        found = await notices.list_notices(
            connection,
            identity.user_id,
            member_of,
            before=parse_cursor(cursor) or None,
            limit=limit,
        )
    await services.names.refresh()
    items = [_shown(services, each) for each in found]
    return Page(items=items, cursor=next_cursor([each.id for each in found], limit))


@post("/messages", operation_id="send_message", tags=_TAG, requires=Requires.ROOT)
async def send_message(
    data: JSONBody[NewMessage], services: Services, identity: Identity
) -> MessageView:
    """Tell everybody something."""
    return await _send(services, identity, data, None)


@post(
    "/projects/{slug:str}/messages",
    operation_id="send_project_message",
    tags=_TAG,
    requires=Requires.PROJECT_MANAGER,
)
async def send_project_message(
    project: Project, data: JSONBody[NewMessage], services: Services, identity: Identity
) -> MessageView:
    """Tell the members of a project something."""
    return await _send(services, identity, data, project)


@post(
    "/messages/{number:str}/read",
    operation_id="read_message",
    tags=_TAG,
    requires=Requires.SIGNED_IN,
    status_code=204,
)
async def read_message(number: FromPath[str], services: Services, identity: Identity) -> None:
    """Note that the user has read a message."""
    async with services.database.write() as connection:
        member_of = await notices.projects_of(connection, identity.user_id)
        await notices.mark_notice(
            connection, numbered(number, "message"), identity.user_id, member_of
        )


@delete(
    "/messages/{number:str}",
    operation_id="delete_message",
    tags=_TAG,
    requires=Requires.ROOT,
    status_code=204,
)
async def delete_message(number: FromPath[str], services: Services) -> None:
    """Take back a message to everybody."""
    async with services.database.write() as connection:
        await notices.delete_notice(connection, numbered(number, "message"), None)


@delete(
    "/projects/{slug:str}/messages/{number:str}",
    operation_id="delete_project_message",
    tags=_TAG,
    requires=Requires.PROJECT_MANAGER,
    status_code=204,
)
async def delete_project_message(
    project: Project, number: FromPath[str], services: Services
) -> None:
    """Take back a message to the members of a project."""
    async with services.database.write() as connection:
        await notices.delete_notice(connection, numbered(number, "message"), project.id)


async def _send(
    services: Services, identity: Identity, data: NewMessage, project: Project | None
) -> MessageView:
    expires = data.expires_at
    if expires is not None and (expires.tzinfo is None or expires <= now()):
        raise InvalidInputError(
            "expires_at must lie ahead and have a time zone, such as 2030-01-31T12:00:00Z.",
            field="expires_at",
        )
    async with services.database.write() as connection:
        made = await notices.add_notice(
            connection,
            project_id=project.id if project else None,
            user_id=identity.user_id,
            text=data.text,
            expires_at=expires,
        )
        if project is not None:
            await add_event(connection, "message.sent", project.id, {"message": made.id})
    await services.names.know([identity.user_id])
    return _shown(services, made, project.slug if project else None)


def _shown(services: Services, notice: Notice, slug: str | None = None) -> MessageView:
    return MessageView(
        id=notice.id,
        project=notice.slug or slug,
        user=services.names[notice.user_id],
        text=notice.text,
        created_at=notice.created_at,
        expires_at=notice.expires_at,
        read=notice.read,
    )


routes: list[ControllerRouterHandler] = [
    list_messages,
    send_message,
    send_project_message,
    read_message,
    delete_message,
    delete_project_message,
]
