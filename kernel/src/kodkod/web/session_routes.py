"""One's own sessions and tokens, and the end of somebody else's."""

from __future__ import annotations

from typing import Annotated

from litestar import delete, get
from litestar.params import FromPath, QueryParameter
from litestar.types import ControllerRouterHandler

from kodkod.api import NotFoundError
from kodkod.store.people import Token, find_user
from kodkod.store.sessions import end_tokens, list_sessions
from kodkod.web.access import Requires
from kodkod.web.contract import Page
from kodkod.web.given import Identity, Services
from kodkod.web.sign_in_contract import Revoked, SessionView

__all__ = ["routes"]


@get(
    "/auth/sessions",
    operation_id="list_sessions",
    tags=["sign-in"],
    requires=Requires.SIGNED_IN,
)
async def get_sessions(services: Services, identity: Identity) -> Page[SessionView]:
    """List the own sessions, the one begun last first, all on one page."""
    async with services.database.read() as connection:
        sessions = await list_sessions(connection, identity.user_id)
    return Page(items=[_shown(session, identity.token_id) for session in sessions])


@delete(
    "/auth/sessions/{session_id:str}",
    operation_id="end_session",
    tags=["sign-in"],
    requires=Requires.SIGNED_IN,
)
async def end_session(services: Services, identity: Identity, session_id: FromPath[str]) -> None:
    """End one of the own sessions; what it began, such as a job, goes on."""
    async with services.database.write() as connection:
        ended = await end_tokens(connection, identity.user_id, "session", token_id=session_id)
    if not ended:
        raise NotFoundError(f"You have no session {session_id!r}; it may have ended by itself.")
    services.forget_access(user_id=identity.user_id)


@delete(
    "/auth/sessions",
    operation_id="end_other_sessions",
    tags=["sign-in"],
    requires=Requires.SIGNED_IN,
    status_code=200,
)
async def end_other_sessions(services: Services, identity: Identity) -> Revoked:
    """End all of the own sessions but this one; API tokens stay."""
    async with services.database.write() as connection:
        ended = await end_tokens(connection, identity.user_id, "session", keep=identity.token_id)
    services.forget_access(user_id=identity.user_id)
    return Revoked(sessions=ended, api_tokens=0)


@delete(
    "/auth/api-tokens",
    operation_id="delete_other_api_tokens",
    tags=["sign-in"],
    requires=Requires.SIGNED_IN,
    status_code=200,
)
async def delete_other_api_tokens(services: Services, identity: Identity) -> Revoked:
    """Revoke all of the own API tokens but one that this request came with; sessions stay."""
    async with services.database.write() as connection:
        ended = await end_tokens(connection, identity.user_id, "api", keep=identity.token_id)
    services.forget_access(user_id=identity.user_id)
    return Revoked(sessions=0, api_tokens=ended)


@get(
    "/users/{username:str}/sessions",
    operation_id="list_sessions_of",
    tags=["users"],
    requires=Requires.ROOT,
)
async def get_sessions_of(
    services: Services, identity: Identity, username: FromPath[str]
) -> Page[SessionView]:
    """List somebody's sessions, the one begun last first, all on one page."""
    async with services.database.read() as connection:
        user = await find_user(connection, username)
        sessions = await list_sessions(connection, user.id)
    return Page(items=[_shown(session, identity.token_id) for session in sessions])


@delete(
    "/users/{username:str}/sessions",
    operation_id="end_sessions_of",
    tags=["users"],
    requires=Requires.ROOT,
    status_code=200,
)
async def end_sessions_of(
    services: Services,
    username: FromPath[str],
    api_tokens: Annotated[bool, QueryParameter()] = False,
) -> Revoked:
    """End all sessions of somebody, with `api_tokens` those too."""
    async with services.database.write() as connection:
        user = await find_user(connection, username)
        sessions = await end_tokens(connection, user.id, "session")
        revoked = await end_tokens(connection, user.id, "api") if api_tokens else 0
    services.forget_access(user_id=user.id)
    return Revoked(sessions=sessions, api_tokens=revoked)


def _shown(session: Token, current: str) -> SessionView:
    return SessionView(
        id=session.id,
        agent=session.agent or "",
        address=session.address or "",
        way=session.way or "",
        created_at=session.created_at,
        last_used_at=session.last_used_at,
        expires_at=session.expires_at,
        current=session.id == current,
    )


routes: list[ControllerRouterHandler] = [
    get_sessions,
    end_session,
    end_other_sessions,
    delete_other_api_tokens,
    get_sessions_of,
    end_sessions_of,
]
