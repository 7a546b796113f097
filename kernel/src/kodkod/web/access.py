"""Who may do what: default deny, decided in one guard before a handler runs."""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Iterator
from enum import Enum
from typing import TYPE_CHECKING, Any

import msgspec
import structlog
from litestar import Litestar
from litestar.connection import ASGIConnection
from litestar.exceptions import ImproperlyConfiguredException
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.routes import HTTPRoute
from msgspec import Struct
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import ConflictError, ForbiddenError, NotFoundError, UnauthenticatedError
from kodkod.store.database import Database, now
from kodkod.store.memberships import ROLES, highest, roles_in
from kodkod.store.people import Identity, find_identity, touch_tokens
from kodkod.store.projects import Project, find_project
from kodkod.store.scheme_rights import reach_of
from kodkod.web.recent import Recent

if TYPE_CHECKING:
    from kodkod.web.services import Services

__all__ = [
    "Access",
    "Entry",
    "Requires",
    "check_access",
    "check_declarations",
    "declared",
    "digest_of",
    "only_reads",
]

_log = structlog.get_logger("kodkod.web")
_REMEMBERED_SECONDS = 5.0
_REMEMBERED = 10_000
_TOUCH_SECONDS = 300.0
_READING = frozenset({"GET", "HEAD"})
_CHANGES_NOTHING = "reads"


class Requires(Enum):
    """What a route asks of the one who calls it; each handler names one in `requires=`.

    Routes of a project have `{slug:str}` in their path. Root is a project manager everywhere.
    To those who are not members a project does not exist.
    """

    PUBLIC = "public"
    SIGNED_IN = "signed in"
    MANAGER = "manager"
    ROOT = "root"
    PROJECT_READER = "project reader"
    PROJECT_ANNOTATOR = "project annotator"
    PROJECT_CONTRIBUTOR = "project contributor"
    PROJECT_MANAGER = "project manager"

    @property
    def in_project(self) -> bool:
        """Whether it is about one project."""
        return self in _LEAST


_LEAST = {
    Requires.PROJECT_READER: "reader",
    Requires.PROJECT_ANNOTATOR: "annotator",
    Requires.PROJECT_CONTRIBUTOR: "contributor",
    Requires.PROJECT_MANAGER: "manager",
}
_REFUSALS = {
    Requires.PROJECT_ANNOTATOR: "Readers of this project change nothing in it",
    Requires.PROJECT_CONTRIBUTOR: "Only a contributor or manager of this project may do this",
    Requires.PROJECT_MANAGER: "Only a manager of this project may do this",
}


class Entry(Struct, frozen=True):
    """A project as somebody sees it, and their role in it: the highest, own or by a group.

    The project says which schemes are hidden from them. The schemes `locked` are those that they
    may only see; for a request that changes something, the project has them too.
    """

    project: Project
    role: str
    locked: frozenset[int] = frozenset()

    def for_request(self, *, reads: bool) -> Entry:
        """Return the entry as a request gets it that only `reads`, or changes something."""
        if reads or not self.locked:
            return self
        return Entry(msgspec.structs.replace(self.project, locked=self.locked), self.role)


def digest_of(token: str) -> str:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


class Access:
    """Identities and project roles, remembered for five seconds.

    Whoever changes a user, a token, a project, its members or rights, or a group in this process
    says so with `forget_user`, `forget_project` or `forget_everyone`, after the commit; other
    processes learn it in time.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._identities: Recent[str, Identity] = Recent(
            seconds=_REMEMBERED_SECONDS, limit=_REMEMBERED
        )
        self._entries: Recent[tuple[int, str], Entry] = Recent(
            seconds=_REMEMBERED_SECONDS, limit=_REMEMBERED
        )
        self._touched: dict[str, float] = {}
        self._used: set[str] = set()

    async def note_used(self) -> None:
        """Store which tokens were used since the last time."""
        if not self._used:
            return
        used, self._used = self._used, set()
        try:
            async with self._database.write() as connection:
                await touch_tokens(connection, used)
        except (DBAPIError, OSError) as error:
            # Whoever only reads can do so while the database cannot be written.
            _log.warning("the use of tokens could not be noted", error=str(error))

    async def identify(self, token: str) -> Identity:
        """Return whom a bearer token speaks for.

        Raises:
            UnauthenticatedError: it is unknown, expired or revoked, or its user is not active.
        """
        digest = digest_of(token)
        identity = await self._identities.fetch(digest, lambda: self._look_up_identity(digest))
        if identity is None or identity.expires_at <= now():
            raise UnauthenticatedError("The token has expired or was revoked; sign in again.")
        return identity

    async def enter(self, identity: Identity, slug: str, *, deleted: bool = False) -> Entry:
        """Return the project and the user's role in it; with `deleted` also of one that was.

        Raises:
            NotFoundError: there is no such project, or the user is no member.
        """
        key = (identity.user_id, slug)
        entry = await self._entries.fetch(key, lambda: self._look_up_entry(identity, slug))
        if entry is None or (entry.project.deleted_at is not None and not deleted):
            # Word for word what find_project says of a project that does not exist.
            raise NotFoundError(f"There is no project {slug!r} among yours.")
        return entry

    async def _look_up_identity(self, digest: str) -> Identity | None:
        identity = await self._database.ask(find_identity, digest)
        if identity is not None:
            self._touch(identity)
        return identity

    async def _look_up_entry(self, identity: Identity, slug: str) -> Entry | None:
        return await self._database.ask(_find_entry, identity, slug)

    def forget_user(self, user_id: int) -> None:
        """Look the user, its tokens and its roles up again next time."""
        self._identities.forget(lambda _, identity: identity.user_id == user_id)
        self._entries.forget(lambda key, _: key[0] == user_id)

    def forget_project(self, slug: str) -> None:
        """Look the project and its members up again next time."""
        self._entries.forget(lambda key, _: key[1] == slug)

    def forget_everyone(self) -> None:
        """Look every role up again next time: a group has changed."""
        self._entries.forget(lambda _, __: True)

    def _touch(self, identity: Identity) -> None:
        token_id, time_now = identity.token_id, time.monotonic()
        # A session that ends when it is idle must be seen to be used well before that.
        pause = min(_TOUCH_SECONDS, (identity.idle_seconds or math.inf) / 4)
        if time_now - self._touched.get(token_id, -math.inf) < pause:
            return
        if len(self._touched) >= _REMEMBERED:
            self._touched.clear()
        self._touched[token_id] = time_now
        # Nobody waits for it: when fifty come at once, the last of them had to wait for seconds.
        self._used.add(token_id)


async def _find_entry(connection: AsyncConnection, identity: Identity, slug: str) -> Entry | None:
    project = await find_project(connection, slug)
    if identity.role == "root":
        return Entry(project, "manager")
    role = highest(await roles_in(connection, project.id, identity.user_id))
    if role is None or role == "manager":
        return None if role is None else Entry(project, role)
    reach = await reach_of(connection, project.id, identity.user_id)
    seen = msgspec.structs.replace(project, hidden=reach.hidden)
    return Entry(seen, role, reach.locked)


def only_reads(handler: BaseRouteHandler) -> bool:
    """Tell whether a route declares with `reads=True` that it changes nothing by any method.

    A question that is too long for an address is sent in a body. Tokens and people who may only
    read may ask it, and the audit log has no more of it than of a GET.
    """
    return handler.opt.get(_CHANGES_NOTHING) is True


async def check_access(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """Let a request through to its handler, or raise."""
    requires = handler.opt.get("requires")
    if requires is Requires.PUBLIC:
        return
    method = connection.scope.get("method", "")
    reads = method in _READING or only_reads(handler)
    if requires is None and method == "OPTIONS":
        return  # Litestar's own answer: the methods of a path.
    if not isinstance(requires, Requires):
        raise ForbiddenError("This address declares no access rule, so nobody may use it.")
    services: Services = connection.app.state.services
    identity = await services.access.identify(_bearer(connection))
    connection.scope["user"] = identity
    if not reads and "write" not in identity.scopes:
        raise ForbiddenError("This token may only read; use one with the scope 'write'.")
    if requires.in_project:
        # Routes that bring a deleted project back, or end it, say so.
        deleted = handler.opt.get("of_deleted") is True
        slug = connection.path_params["slug"]
        entry = await services.access.enter(identity, slug, deleted=deleted)
        connection.scope["auth"] = entry.for_request(reads=reads)
        if ROLES.index(entry.role) < ROLES.index(_LEAST[requires]):
            raise ForbiddenError(f"{_REFUSALS[requires]}; ask one of its managers.")
        if not reads and not handler.opt.get("of_archived"):
            _check_not_archived(entry.project)
    elif requires is Requires.ROOT and identity.role != "root":
        raise ForbiddenError("Only an administrator (role root) may do this.")
    elif requires is Requires.MANAGER and identity.role == "annotator":
        raise ForbiddenError("Only users with the role manager or root may do this.")


def _check_not_archived(project: Project) -> None:
    """Let an archived project be only read. Routes that are for one say `of_archived=True`."""
    if project.archived_at is not None:
        raise ConflictError(
            f"The project {project.name!r} is archived: it can be read, and nothing in it changes. "
            "A manager can take it out of the archive, in the project's settings."
        )


def _bearer(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise UnauthenticatedError(
            "Sign in first: send the header 'Authorization: Bearer <token>', with a token from "
            "POST /api/v1/auth/token."
        )
    return token.strip()


def declared(app: Litestar) -> Iterator[tuple[HTTPRoute, HTTPRouteHandler]]:
    """Yield every handler of the app but those that Litestar makes for OPTIONS."""
    for route in app.routes:
        if not isinstance(route, HTTPRoute):
            raise ImproperlyConfiguredException(
                f"{route.path}: only HTTP handlers are guarded; give it one, or extend access.py."
            )
        for handler in route.route_handlers:
            if handler.http_methods != {"OPTIONS"}:
                yield route, handler


def check_declarations(app: Litestar) -> None:
    """Refuse to start where a handler does not say what it requires, or is not guarded.

    Raises:
        ImproperlyConfiguredException: naming the route and what to write.
    """
    for route, handler in declared(app):
        requires = handler.opt.get("requires")
        where = f"{sorted(handler.http_methods)} {route.path} ({handler.handler_name})"
        if not isinstance(requires, Requires):
            raise ImproperlyConfiguredException(f"{where} needs requires=Requires.<...>.")
        if requires.in_project and "slug" not in route.path_parameters:
            raise ImproperlyConfiguredException(
                f"{where} requires {requires.value}, but has no {{slug:str}} in its path."
            )
        if check_access not in handler.resolve_guards():
            raise ImproperlyConfiguredException(f"{where} is not guarded by check_access.")
