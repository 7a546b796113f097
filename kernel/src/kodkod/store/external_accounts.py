"""Which account of a provider is which account here. Names and addresses decide nothing."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import ConflictError
from kodkod.store.database import now
from kodkod.store.people import User
from kodkod.store.tables import external_account, user

__all__ = ["ExternalAccount", "link_account", "list_links", "unlink_account", "user_linked_to"]


class ExternalAccount(Struct, frozen=True, kw_only=True):
    """An account at a provider: `subject` is unique with its `issuer` and never given again."""

    issuer: str
    subject: str
    linked_at: datetime


async def user_linked_to(connection: AsyncConnection, issuer: str, subject: str) -> User | None:
    """Return the account here that a provider's account is linked to."""
    query = (
        sa.select(user)
        .join(external_account, external_account.c.user_id == user.c.id)
        .where(external_account.c.issuer == issuer, external_account.c.subject == subject)
    )
    row = (await connection.execute(query)).first()
    return None if row is None else User(**row._mapping)


async def link_account(
    connection: AsyncConnection, user_id: int, issuer: str, subject: str
) -> ExternalAccount:
    """Let a provider's account open an account here.

    Raises:
        ConflictError: it opens one already.
    """
    linked = await user_linked_to(connection, issuer, subject)
    if linked is not None:
        raise ConflictError(
            f"The account {subject!r} of {issuer} is linked to {linked.username!r} already; "
            "unlink it there first."
        )
    new = ExternalAccount(issuer=issuer, subject=subject, linked_at=now())
    values = {"issuer": issuer, "subject": subject, "linked_at": new.linked_at}
    try:
        await connection.execute(sa.insert(external_account).values(user_id=user_id, **values))
    except IntegrityError as error:
        raise ConflictError(f"The account {subject!r} of {issuer} was linked meanwhile.") from error
    return new


async def list_links(connection: AsyncConnection, user_id: int) -> list[ExternalAccount]:
    """Return the providers' accounts that open an account here, the oldest link first."""
    columns = external_account.c
    query = (
        sa.select(columns.issuer, columns.subject, columns.linked_at)
        .where(columns.user_id == user_id)
        .order_by(columns.linked_at, columns.issuer, columns.subject)
    )
    return [ExternalAccount(**row._mapping) for row in await connection.execute(query)]


async def unlink_account(
    connection: AsyncConnection, user_id: int, issuer: str, subject: str
) -> int:
    """End a link; return how many there were."""
    columns = external_account.c
    query = sa.delete(external_account).where(
        columns.user_id == user_id, columns.issuer == issuer, columns.subject == subject
    )
    return (await connection.execute(query)).rowcount
