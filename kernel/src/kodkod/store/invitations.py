"""Invitations to a project: a link that lets in whoever has it, until it is spent."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import NotFoundError
from kodkod.store.database import now
from kodkod.store.tables import invitation, invitation_use

__all__ = [
    "Invitation",
    "Use",
    "add_invitation",
    "find_invitation",
    "list_invitations",
    "list_uses",
    "not_valid",
    "revoke_invitation",
    "use_invitation",
]


class Invitation(Struct, frozen=True, kw_only=True):
    """An invitation; only the digest of its token is kept. `group_id`: they join that as well."""

    id: str
    project_id: int
    digest: str
    role: str
    group_id: int | None
    note: str
    max_uses: int
    uses: int
    created_by: int
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None


class Use(Struct, frozen=True, kw_only=True):
    """Who came by an invitation, and when."""

    invitation_id: str
    user_id: int
    used_at: datetime


async def add_invitation(connection: AsyncConnection, new: Invitation) -> None:
    """Store an invitation."""
    values = {name: getattr(new, name) for name in new.__struct_fields__}
    await connection.execute(sa.insert(invitation).values(**values))


async def find_invitation(connection: AsyncConnection, digest: str) -> Invitation:
    """Return the invitation that a token opens, found by the token's digest.

    Raises:
        NotFoundError: there is none, or it has expired, was revoked or is used up: one answer
            for all, so that nobody learns which.
    """
    query = sa.select(invitation).where(invitation.c.digest == digest, _open())
    row = (await connection.execute(query)).first()
    if row is None:
        raise not_valid()
    return Invitation(**row._mapping)


async def use_invitation(connection: AsyncConnection, found: Invitation, user_id: int) -> None:
    """Count a use; each person uses an invitation once, so that who was let go stays away.

    Raises:
        NotFoundError: it is no longer valid, or this user has used it.
    """
    # Counted first: the row stays locked, and of two at once the second sees what is left.
    count = (
        sa.update(invitation)
        .where(invitation.c.id == found.id, _open())
        .values(uses=invitation.c.uses + 1)
    )
    counted = (await connection.execute(count)).rowcount
    used = sa.select(invitation_use.c.user_id).where(
        invitation_use.c.invitation_id == found.id, invitation_use.c.user_id == user_id
    )
    if not counted or (await connection.execute(used)).first():
        raise not_valid()
    await connection.execute(
        sa.insert(invitation_use).values(invitation_id=found.id, user_id=user_id, used_at=now())
    )


async def list_invitations(connection: AsyncConnection, project_id: int) -> list[Invitation]:
    """Return a project's invitations, newest first, those that are spent included."""
    query = sa.select(invitation).where(invitation.c.project_id == project_id)
    query = query.order_by(invitation.c.created_at.desc(), invitation.c.id)
    return [Invitation(**row._mapping) for row in await connection.execute(query)]


async def list_uses(connection: AsyncConnection, project_id: int) -> list[Use]:
    """Return who came into a project by an invitation, in order."""
    query = (
        sa.select(invitation_use)
        .join(invitation, invitation.c.id == invitation_use.c.invitation_id)
        .where(invitation.c.project_id == project_id)
        .order_by(invitation_use.c.used_at)
    )
    return [Use(**row._mapping) for row in await connection.execute(query)]


async def revoke_invitation(connection: AsyncConnection, project_id: int, id_: str) -> None:
    """Let an invitation be of no more use; revoking it again changes nothing.

    Raises:
        NotFoundError: the project has none with this id.
    """
    mine = sa.and_(invitation.c.id == id_, invitation.c.project_id == project_id)
    if (await connection.execute(sa.select(invitation.c.id).where(mine))).first() is None:
        raise NotFoundError(f"The project has no invitation {id_!r}.")
    still = sa.and_(mine, invitation.c.revoked_at.is_(None))
    await connection.execute(sa.update(invitation).where(still).values(revoked_at=now()))


def _open() -> sa.ColumnElement[bool]:
    return sa.and_(
        invitation.c.revoked_at.is_(None),
        invitation.c.expires_at > now(),
        invitation.c.uses < invitation.c.max_uses,
    )


def not_valid() -> NotFoundError:
    """Return the one refusal of an invitation, whatever its reason."""
    return NotFoundError(
        "This invitation is not valid, or not any more; ask whoever sent it for another."
    )
