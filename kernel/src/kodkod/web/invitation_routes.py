"""Invitations by link, and accounts that people make themselves."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Literal

from litestar import Request, delete, get, post
from litestar.params import FromPath, JSONBody
from litestar.types import ControllerRouterHandler
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.store.artefacts import new_id
from kodkod.store.database import now
from kodkod.store.groups import list_groups
from kodkod.store.invitations import (
    Invitation,
    Use,
    add_invitation,
    list_invitations,
    list_uses,
    revoke_invitation,
)
from kodkod.web.access import Requires, digest_of
from kodkod.web.contract import Page
from kodkod.web.enrolling import accept, invited
from kodkod.web.given import Identity, Project, Services
from kodkod.web.group_routes import own_group
from kodkod.web.people_contract import Account
from kodkod.web.people_routes import account
from kodkod.web.rights_contract import (
    InvitationInfo,
    InvitationToken,
    InvitationUse,
    InvitationView,
    Joined,
    NewInvitation,
    SignUp,
)

__all__ = ["routes"]

_MAX_BODY_BYTES = 64 * 1024  # Anybody may send these: nobody may make the server read much.
_PATH = "/projects/{slug:str}/invitations"


@post(
    _PATH,
    operation_id="create_invitation",
    tags=["invitations"],
    requires=Requires.PROJECT_MANAGER,
)
async def create(
    project: Project, services: Services, identity: Identity, data: JSONBody[NewInvitation]
) -> InvitationInfo:
    """Make an invitation; its token is in this answer only.

    Whoever has the token comes in, so many as may use it. A group has to be one's own.
    """
    token = secrets.token_urlsafe(32)
    time = now()
    async with services.database.write() as connection:
        group = data.group and await own_group(connection, identity, data.group)
        made = Invitation(
            id=new_id(),
            project_id=project.id,
            digest=digest_of(token),
            role=data.role,
            group_id=group.id if group else None,
            note=data.note,
            max_uses=data.max_uses,
            uses=0,
            created_by=identity.user_id,
            created_at=time,
            expires_at=time + timedelta(days=data.days),
        )
        await add_invitation(connection, made)
    await services.names.know([identity.user_id])
    return _info(services, made, data.group, [], token)


@get(
    _PATH,
    operation_id="list_invitations",
    tags=["invitations"],
    requires=Requires.PROJECT_MANAGER,
)
async def list_all(project: Project, services: Services) -> Page[InvitationInfo]:
    """List a project's invitations with who came by them, newest first, all on one page."""
    async with services.database.read() as connection:
        found = await list_invitations(connection, project.id)
        uses = await list_uses(connection, project.id)
        names = await _group_names(connection, found)
    await services.names.know([each.user_id for each in uses])
    await services.names.know([each.created_by for each in found])
    items = [
        _info(
            services,
            each,
            names.get(each.group_id or 0),
            [use for use in uses if use.invitation_id == each.id],
        )
        for each in found
    ]
    return Page(items=items)


@delete(
    f"{_PATH}/{{invitation:str}}",
    operation_id="revoke_invitation",
    tags=["invitations"],
    requires=Requires.PROJECT_MANAGER,
)
async def revoke(project: Project, services: Services, invitation: FromPath[str]) -> None:
    """Let an invitation be of no more use; it stays in the list, and who came by it stays too."""
    async with services.database.write() as connection:
        await revoke_invitation(connection, project.id, invitation)


@post(
    "/auth/invitations",
    operation_id="look_at_invitation",
    tags=["invitations"],
    requires=Requires.PUBLIC,
    counts_attempts=True,
    status_code=200,
    request_max_body_size=_MAX_BODY_BYTES,
)
async def look(
    request: Request[Any, Any, Any], services: Services, data: JSONBody[InvitationToken]
) -> InvitationView:
    """Show what an invitation is to, to whoever has it; it is not used by that."""
    async with (
        services.enrolment.trying(services.proxies.origin_of(request)),
        services.database.read() as connection,
    ):
        found, project = await invited(connection, data.token)
        names = await _group_names(connection, [found])
    return InvitationView(
        project=project.name,
        role=found.role,  # type: ignore[arg-type]
        group=names.get(found.group_id or 0),
        expires_at=found.expires_at,
    )


@post(
    "/me/invitations",
    operation_id="accept_invitation",
    tags=["invitations"],
    requires=Requires.SIGNED_IN,
    counts_attempts=True,
    status_code=200,
)
async def accept_one(
    request: Request[Any, Any, Any],
    services: Services,
    identity: Identity,
    data: JSONBody[InvitationToken],
) -> Joined:
    """Accept an invitation with the account that is signed in; each person may once."""
    async with (
        services.enrolment.trying(services.proxies.origin_of(request)),
        services.database.write() as connection,
    ):
        found, project = await invited(connection, data.token)
        joined = await accept(connection, found, project, identity.user_id)
    services.forget_access()
    return joined


@post(
    "/auth/accounts",
    operation_id="sign_up",
    tags=["sign-in"],
    requires=Requires.PUBLIC,
    counts_attempts=True,
    request_max_body_size=_MAX_BODY_BYTES,
)
async def sign_up(
    request: Request[Any, Any, Any], services: Services, data: JSONBody[SignUp]
) -> Account:
    """Make an account for oneself, then sign in: with an invitation, or where sign-up is open."""
    origin = services.proxies.origin_of(request)
    return account(await services.enrolment.sign_up(services, data, origin))


async def _group_names(connection: AsyncConnection, found: Sequence[Invitation]) -> dict[int, str]:
    if not any(each.group_id for each in found):
        return {}
    return {each.id: each.name for each in await list_groups(connection, limit=1_000_000)}


def _info(
    services: Services,
    row: Invitation,
    group: str | None,
    uses: Sequence[Use],
    token: str | None = None,
) -> InvitationInfo:
    return InvitationInfo(
        id=row.id,
        role=row.role,  # type: ignore[arg-type]
        group=group,
        note=row.note,
        state=_state(row),
        uses=row.uses,
        max_uses=row.max_uses,
        used_by=[
            InvitationUse(username=services.names[use.user_id], used_at=use.used_at) for use in uses
        ],
        created_by=services.names[row.created_by],
        created_at=row.created_at,
        expires_at=row.expires_at,
        token=token,
    )


def _state(row: Invitation) -> Literal["open", "used-up", "expired", "revoked"]:
    if row.revoked_at is not None:
        return "revoked"
    if row.uses >= row.max_uses:
        return "used-up"
    return "expired" if row.expires_at <= now() else "open"


routes: list[ControllerRouterHandler] = [create, list_all, revoke, look, accept_one, sign_up]
