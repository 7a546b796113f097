"""Discussion: threads on texts, posts, mentions."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Annotated

from litestar import delete, get, patch, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.types import ControllerRouterHandler
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import ForbiddenError, NotFoundError
from kodkod.project.blindness import is_blind_to
from kodkod.project.live import LiveProject
from kodkod.store import discussion
from kodkod.store.adjudicators import members_named
from kodkod.store.database import now
from kodkod.store.discussion import PostRow, ThreadRow
from kodkod.store.events import add_event
from kodkod.store.notices import projects_of
from kodkod.store.projects import project_with_id
from kodkod.web.access import Requires
from kodkod.web.contract import Page
from kodkod.web.discussion_contract import (
    MentionView,
    NewPost,
    NewThread,
    PostView,
    ThreadPatch,
    ThreadView,
)
from kodkod.web.given import Identity, Project, ProjectRole, Services
from kodkod.web.paging import Cursor, Limit, next_cursor, numbered, parse_cursor

__all__ = ["routes"]

_PATH = "/projects/{slug:str}/threads"
_THREAD = f"{_PATH}/{{thread:str}}"
_MENTION = re.compile(r"(?<![A-Za-z0-9._@-])@([A-Za-z0-9][A-Za-z0-9._@-]{0,62})")
_TAG = ["discussion"]


class _Reader:
    """Somebody who looks at threads, and what they must not see yet."""

    def __init__(
        self, services: Services, live: LiveProject, user_id: int, *, sees_all: bool
    ) -> None:
        self._names = services.names
        self._live = live
        self._user_id = user_id
        self._sees_all = sees_all

    def seen(self, thread: ThreadRow, posts: Collection[PostRow]) -> list[PostRow]:
        """Return the posts that they may see."""
        if thread.scheme_id is not None and thread.scheme_id not in self._live.schemes:
            return []  # The scheme is hidden from them.
        schemes = self._live.schemes.values()
        of = [each for each in schemes if thread.scheme_id in (None, each.row.id)]
        if self._sees_all or not is_blind_to(of, thread.row, self._user_id):
            return list(posts)
        return [each for each in posts if each.user_id == self._user_id]

    def view(self, thread: ThreadRow, posts: Collection[PostRow], read: int) -> ThreadView:
        """Show a thread with the posts that are given."""
        names, scheme = self._names, self._live.schemes.get(thread.scheme_id or 0)
        fresh = [p for p in posts if p.id > read and p.user_id != self._user_id]
        return ThreadView(
            id=thread.id,
            text_id=self._live.corpus.id_of(thread.row),
            row=thread.row,
            scheme=scheme.row.name if scheme else None,
            user=names[thread.user_id],
            created_at=thread.created_at,
            resolved_by=None if thread.resolved_by is None else names[thread.resolved_by],
            resolved_at=thread.resolved_at,
            posts=[_shown(each, names[each.user_id]) for each in posts],
            unread=sum(each.deleted_at is None for each in fresh),
        )


def _shown(row: PostRow, user: str) -> PostView:
    return PostView(
        id=row.id,
        user=user,
        text=row.text,
        created_at=row.created_at,
        edited_at=row.edited_at,
        deleted=row.deleted_at is not None,
    )


async def _reader(
    services: Services, project: Project, identity: Identity, role: ProjectRole
) -> _Reader:
    live = await services.residency.get(project)
    await services.names.refresh()
    return _Reader(services, live, identity.user_id, sees_all=role == "manager")


async def _one(
    services: Services, reader: _Reader, project: Project, identity: Identity, thread_id: int
) -> ThreadView:
    """Return a thread as the user sees it.

    Raises:
        NotFoundError: there is none, or nothing in it that they may see.
    """
    async with services.database.read() as connection:
        thread = await discussion.find_thread(connection, project.id, thread_id)
        posts = (await discussion.list_posts(connection, [thread_id]))[thread_id]
        marks = await discussion.read_marks(connection, [thread_id], identity.user_id)
    seen = reader.seen(thread, posts)
    if not seen:
        raise NotFoundError(f"The project has no thread {thread_id}.")
    return reader.view(thread, seen, marks[thread_id])


@get(_PATH, operation_id="list_threads", tags=_TAG, requires=Requires.PROJECT_ANNOTATOR)
async def list_threads(  # the parameters are the query string
    project: Project,
    project_role: ProjectRole,
    services: Services,
    identity: Identity,
    text_id: Annotated[str | None, QueryParameter(name="id")] = None,
    scheme: FromQuery[str | None] = None,
    resolved: FromQuery[bool | None] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[ThreadView]:
    """List threads in the order of making, with what is unread; a page may be short of some."""
    reader = await _reader(services, project, identity, project_role)
    live = await services.residency.get(project)
    row = None if text_id is None else live.corpus.rows_of([text_id])[0]
    async with services.database.read() as connection:
        threads = await discussion.list_threads(
            connection,
            project.id,
            row=row,
            scheme_id=None if scheme is None else live.scheme(scheme).row.id,
            resolved=resolved,
            after=parse_cursor(cursor),
            limit=limit,
        )
        ids = [each.id for each in threads]
        posts = await discussion.list_posts(connection, ids)
        marks = await discussion.read_marks(connection, ids, identity.user_id)
    items = [
        reader.view(each, seen, marks[each.id])
        for each in threads
        if (seen := reader.seen(each, posts[each.id]))
    ]
    return Page(items=items, cursor=next_cursor(ids, limit))


@post(_PATH, operation_id="start_thread", tags=_TAG, requires=Requires.PROJECT_ANNOTATOR)
async def start_thread(
    project: Project,
    project_role: ProjectRole,
    data: JSONBody[NewThread],
    services: Services,
    identity: Identity,
) -> ThreadView:
    """Begin a thread on a text."""
    reader = await _reader(services, project, identity, project_role)
    live = await services.residency.get(project)
    [row] = live.corpus.rows_of([data.id])
    scheme_id = None if data.scheme is None else live.scheme(data.scheme).row.id
    async with services.database.write() as connection:
        thread = await discussion.add_thread(
            connection,
            project_id=project.id,
            scheme_id=scheme_id,
            row=row,
            user_id=identity.user_id,
        )
        await _say(connection, project, thread.id, identity, data.text, [])
    return await _one(services, reader, project, identity, thread.id)


@get(_THREAD, operation_id="get_thread", tags=_TAG, requires=Requires.PROJECT_ANNOTATOR)
async def get_thread(
    project: Project,
    project_role: ProjectRole,
    thread: FromPath[str],
    services: Services,
    identity: Identity,
) -> ThreadView:
    """Show a thread."""
    reader = await _reader(services, project, identity, project_role)
    return await _one(services, reader, project, identity, numbered(thread, "thread"))


@post(f"{_THREAD}/posts", operation_id="reply", tags=_TAG, requires=Requires.PROJECT_ANNOTATOR)
async def reply(
    project: Project,
    project_role: ProjectRole,
    thread: FromPath[str],
    data: JSONBody[NewPost],
    services: Services,
    identity: Identity,
) -> ThreadView:
    """Say something in a thread; those mentioned and those who wrote in it hear of it."""
    reader = await _reader(services, project, identity, project_role)
    await _one(services, reader, project, identity, numbered(thread, "thread"))
    async with services.database.write() as connection:
        number = numbered(thread, "thread")
        before = (await discussion.list_posts(connection, [number]))[number]
        wrote = [each.user_id for each in before]
        await _say(connection, project, number, identity, data.text, wrote)
    return await _one(services, reader, project, identity, numbered(thread, "thread"))


async def _say(
    connection: AsyncConnection,
    project: Project,
    thread_id: int,
    identity: Identity,
    text: str,
    wrote: Collection[int],
) -> None:
    mentioned = await _mentioned(connection, project, text)
    post_id = await discussion.add_post(connection, thread_id, identity.user_id, text, mentioned)
    for user_id in sorted({*mentioned, *wrote} - {identity.user_id}):
        # Not a word of the text: who must not see it yet hears of it too.
        data = {
            "user_id": user_id,
            "project": project.slug,
            "thread": thread_id,
            "post": post_id,
            "mentioned": user_id in mentioned,
        }
        await add_event(connection, "thread.posted", None, data)


async def _mentioned(connection: AsyncConnection, project: Project, text: str) -> set[int]:
    names = {name for found in _MENTION.findall(text) for name in (found, found.rstrip("._-@"))}
    return set((await members_named(connection, project.id, names)).values()) if names else set()


@patch(_THREAD, operation_id="resolve_thread", tags=_TAG, requires=Requires.PROJECT_ANNOTATOR)
async def resolve_thread(
    project: Project,
    project_role: ProjectRole,
    thread: FromPath[str],
    data: JSONBody[ThreadPatch],
    services: Services,
    identity: Identity,
) -> ThreadView:
    """Resolve a thread, or open it again."""
    reader = await _reader(services, project, identity, project_role)
    await _one(services, reader, project, identity, numbered(thread, "thread"))
    values = {"resolved_by": None, "resolved_at": None}
    if data.resolved:
        values = {"resolved_by": identity.user_id, "resolved_at": now()}
    async with services.database.write() as connection:
        await discussion.change_thread(connection, numbered(thread, "thread"), **values)
    return await _one(services, reader, project, identity, numbered(thread, "thread"))


@post(
    f"{_THREAD}/read",
    operation_id="read_thread",
    tags=_TAG,
    requires=Requires.PROJECT_ANNOTATOR,
    status_code=204,
)
async def read_thread(
    project: Project,
    project_role: ProjectRole,
    thread: FromPath[str],
    services: Services,
    identity: Identity,
) -> None:
    """Note that the user has read a thread to its end, as far as they see it."""
    reader = await _reader(services, project, identity, project_role)
    seen = await _one(services, reader, project, identity, numbered(thread, "thread"))
    async with services.database.write() as connection:
        last = seen.posts[-1].id
        await discussion.mark_read(connection, seen.id, identity.user_id, last)


@patch(
    f"{_THREAD}/posts/{{number:str}}",
    operation_id="edit_post",
    tags=_TAG,
    requires=Requires.PROJECT_ANNOTATOR,
)
async def edit_post(
    project: Project,
    project_role: ProjectRole,
    thread: FromPath[str],
    number: FromPath[str],
    data: JSONBody[NewPost],
    services: Services,
    identity: Identity,
) -> ThreadView:
    """Change what the user wrote."""
    reader = await _reader(services, project, identity, project_role)
    async with services.database.write() as connection:
        own = await _own_post(connection, project, thread, number, identity)
        mentioned = await _mentioned(connection, project, data.text)
        await discussion.change_post(connection, own.id, mentioned, text=data.text, edited_at=now())
    return await _one(services, reader, project, identity, numbered(thread, "thread"))


@delete(
    f"{_THREAD}/posts/{{number:str}}",
    operation_id="delete_post",
    tags=_TAG,
    requires=Requires.PROJECT_ANNOTATOR,
    status_code=204,
)
async def delete_post(
    project: Project,
    thread: FromPath[str],
    number: FromPath[str],
    services: Services,
    identity: Identity,
) -> None:
    """Delete what the user wrote: its words are gone, and a mark that there was a post stays."""
    async with services.database.write() as connection:
        own = await _own_post(connection, project, thread, number, identity)
        await discussion.change_post(connection, own.id, [], text="", deleted_at=now())


async def _own_post(
    connection: AsyncConnection, project: Project, thread: str, number: str, identity: Identity
) -> PostRow:
    there = await discussion.find_thread(connection, project.id, numbered(thread, "thread"))
    found = await discussion.find_post(connection, there.id, numbered(number, "post"))
    if found.user_id != identity.user_id:
        raise ForbiddenError("Only who wrote a post may change it.")
    if found.deleted_at is not None:
        raise NotFoundError(f"The post {number} was deleted.")
    return found


@get("/me/mentions", operation_id="list_mentions", tags=_TAG, requires=Requires.SIGNED_IN)
async def list_mentions(
    services: Services, identity: Identity, cursor: Cursor = None, limit: Limit = 50
) -> Page[MentionView]:
    """List the posts that mention the user, newest first; a page may be short of some."""
    async with services.database.read() as connection:
        member_of = await projects_of(connection, identity.user_id)
        rows = await discussion.list_mentions(
            connection,
            identity.user_id,
            None if identity.role == "root" else member_of,
            before=parse_cursor(cursor) or None,
            limit=limit,
        )
        projects = {
            id_: await project_with_id(connection, id_)
            for id_ in {each.thread.project_id for each in rows}
        }
    readers: dict[int, _Reader] = {}
    for id_, row in projects.items():
        if row is not None:
            entry = await services.access.enter(identity, row.slug)
            live = await services.residency.get(entry.project)
            sees_all = entry.role == "manager"
            readers[id_] = _Reader(services, live, identity.user_id, sees_all=sees_all)
    await services.names.refresh()
    items = [
        MentionView(
            project=each.slug,
            thread=each.thread.id,
            post=_shown(each.post, services.names[each.post.user_id]),
            read=each.read,
        )
        for each in rows
        if each.thread.project_id in readers
        and readers[each.thread.project_id].seen(each.thread, [each.post])
    ]
    return Page(items=items, cursor=next_cursor([each.post.id for each in rows], limit))


routes: list[ControllerRouterHandler] = [
    list_threads,
    start_thread,
    get_thread,
    reply,
    resolve_thread,
    read_thread,
    edit_post,
    delete_post,
    list_mentions,
]
