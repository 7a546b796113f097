"""Users, their tokens, and who belongs to a project."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import ConflictError, NotFoundError
from kodkod.store.database import now
from kodkod.store.tables import member, token, user
from kodkod.store.token_life import alive

__all__ = [
    "Identity",
    "Token",
    "User",
    "add_token",
    "add_user",
    "change_user",
    "delete_tokens",
    "delete_user",
    "find_identity",
    "find_user",
    "keep_a_root",
    "list_members",
    "list_tokens",
    "list_users",
    "machine_account",
    "name_of",
    "names_of",
    "other_roots",
    "purge_tokens",
    "put_member",
    "remove_member",
    "role_in",
    "touch_tokens",
    "user_with_id",
]


MACHINE = "machine"
"""The role of an account that answers of a labelling are entered under."""


class User(Struct, frozen=True, kw_only=True):
    """An account; `secret` is what its sign-in back end stored."""

    id: int
    username: str
    sign_in: str
    secret: str
    role: str
    active: bool
    created_at: datetime
    preferences: dict[str, Any] | None = None


class Token(Struct, frozen=True, kw_only=True):
    """A session (no name) or an API token; only its digest is kept.

    `agent`, `address` and `way` say with what, from where and how a session was begun;
    one that was not used for `idle_seconds` has ended.
    """

    id: str
    user_id: int
    digest: str
    name: str | None
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = None
    agent: str | None = None
    address: str | None = None
    way: str | None = None
    idle_seconds: int | None = None


class Identity(Struct, frozen=True, kw_only=True):
    """Who a token speaks for."""

    user_id: int
    username: str
    role: str
    token_id: str
    scopes: list[str]
    expires_at: datetime
    idle_seconds: int | None = None


async def add_user(
    connection: AsyncConnection, *, username: str, sign_in: str, secret: str, role: str
) -> User:
    """Make an account.

    Raises:
        ConflictError: the name is taken, in whatever case.
    """
    taken = sa.select(user.c.id).where(sa.func.lower(user.c.username) == username.lower())
    if (await connection.execute(taken)).first():
        raise ConflictError(f"The username {username!r} is taken; choose another.")
    values: dict[str, Any] = {
        "username": username,
        "sign_in": sign_in,
        "secret": secret,
        "role": role,
        "active": True,
        "created_at": now(),
    }
    try:
        made = await connection.execute(sa.insert(user).values(**values).returning(user.c.id))
    except IntegrityError as error:
        raise ConflictError(f"The username {username!r} was taken meanwhile.") from error
    return User(id=made.scalar_one(), **values)


async def find_user(connection: AsyncConnection, username: str) -> User:
    """Return a person's account.

    Raises:
        NotFoundError: there is none of this name.
    """
    query = sa.select(user).where(user.c.username == username, user.c.role != MACHINE)
    row = (await connection.execute(query)).first()
    if row is None:
        raise NotFoundError(f"There is no user {username!r}.")
    return User(**row._mapping)


async def user_with_id(connection: AsyncConnection, user_id: int) -> User | None:
    """Return the account with an id, whosever it is."""
    row = (await connection.execute(sa.select(user).where(user.c.id == user_id))).first()
    return None if row is None else User(**row._mapping)


async def list_users(
    connection: AsyncConnection, *, after: int = 0, limit: int = 100
) -> list[User]:
    """Return people's accounts in the order they were made, those with an id above `after`."""
    query = sa.select(user).where(user.c.id > after, user.c.role != MACHINE)
    query = query.order_by(user.c.id).limit(limit)
    return [User(**row._mapping) for row in await connection.execute(query)]


async def machine_account(connection: AsyncConnection, username: str) -> int:
    """Return the id of a machine's account, which is made where there is none.

    Nobody can sign in to it. A slash in its name keeps it apart from people's.
    """
    query = sa.select(user.c.id).where(user.c.username == username, user.c.role == MACHINE)
    found = (await connection.execute(query)).scalar()
    if found is not None:
        return found
    made = await add_user(connection, username=username, sign_in="none", secret="", role=MACHINE)
    await change_user(connection, made.id, active=False)
    return made.id


async def names_of(connection: AsyncConnection) -> dict[int, str]:
    """Return the username of every account that exists."""
    return {row.id: row.username for row in await connection.execute(sa.select(user))}


async def name_of(connection: AsyncConnection, user_id: int) -> str:
    """Return an account's username, "" where it does not exist (any more)."""
    query = sa.select(user.c.username).where(user.c.id == user_id)
    return (await connection.execute(query)).scalar() or ""


async def other_roots(connection: AsyncConnection, user_id: int) -> int:
    """Count the active administrators besides this user, and keep them so until the commit."""
    query = (
        sa.select(user.c.id)
        .where(user.c.role == "root", user.c.active)
        .order_by(user.c.id)
        .with_for_update()
    )
    ids = (await connection.execute(query)).scalars().all()
    return sum(id_ != user_id for id_ in ids)


async def keep_a_root(connection: AsyncConnection, user: User) -> None:
    """See that somebody can still administer when this user no longer does.

    Raises:
        ConflictError: nobody else could.
    """
    if user.role == "root" and user.active and not await other_roots(connection, user.id):
        raise ConflictError(
            f"{user.username!r} is the last active administrator; give somebody else the role "
            "root first."
        )


async def change_user(connection: AsyncConnection, user_id: int, **values: Any) -> None:
    """Change columns of an account."""
    await connection.execute(sa.update(user).where(user.c.id == user_id).values(**values))


async def delete_user(connection: AsyncConnection, user_id: int) -> None:
    """Close an account for good; its annotations stay, under its id."""
    await connection.execute(sa.delete(user).where(user.c.id == user_id))


async def add_token(connection: AsyncConnection, new: Token) -> None:
    """Store a token's digest."""
    await connection.execute(
        sa.insert(token).values({name: getattr(new, name) for name in new.__struct_fields__})
    )


async def find_identity(connection: AsyncConnection, digest: str) -> Identity | None:
    """Return whom the token speaks for, if it and its user are valid now."""
    query = (
        sa.select(
            user.c.id.label("user_id"),
            user.c.username,
            user.c.role,
            token.c.id.label("token_id"),
            token.c.scopes,
            token.c.expires_at,
            token.c.idle_seconds,
        )
        .join(user, user.c.id == token.c.user_id)
        .where(token.c.digest == digest, user.c.active, alive(now()))
    )
    row = (await connection.execute(query)).first()
    return None if row is None else Identity(**row._mapping)


async def touch_tokens(connection: AsyncConnection, ids: Collection[str]) -> None:
    """Note that tokens were used."""
    await connection.execute(sa.update(token).where(token.c.id.in_(ids)).values(last_used_at=now()))


async def list_tokens(connection: AsyncConnection, user_id: int) -> list[Token]:
    """Return a user's named tokens, newest first."""
    query = (
        sa.select(token)
        .where(token.c.user_id == user_id, token.c.name.is_not(None))
        .order_by(token.c.created_at.desc())
    )
    return [Token(**row._mapping) for row in await connection.execute(query)]


async def delete_tokens(
    connection: AsyncConnection, user_id: int, *, token_id: str | None = None
) -> int:
    """Revoke one token of a user, or all of them; return how many there were."""
    query = sa.delete(token).where(token.c.user_id == user_id)
    if token_id is not None:
        query = query.where(token.c.id == token_id)
    return (await connection.execute(query)).rowcount


async def purge_tokens(connection: AsyncConnection) -> None:
    """Forget tokens that have expired, and sessions that were idle for too long."""
    await connection.execute(sa.delete(token).where(~alive(now())))


async def put_member(connection: AsyncConnection, project_id: int, user_id: int, role: str) -> None:
    """Make a user a member of a project, or change the role."""
    await remove_member(connection, project_id, user_id)
    await connection.execute(
        sa.insert(member).values(project_id=project_id, user_id=user_id, role=role)
    )


async def remove_member(connection: AsyncConnection, project_id: int, user_id: int) -> int:
    """Take a user out of a project; return how many rows that was."""
    query = sa.delete(member).where(member.c.project_id == project_id, member.c.user_id == user_id)
    return (await connection.execute(query)).rowcount


async def list_members(connection: AsyncConnection, project_id: int) -> Sequence[tuple[str, str]]:
    """Return (username, role) of a project's members, by name."""
    query = (
        sa.select(user.c.username, member.c.role)
        .join(user, user.c.id == member.c.user_id)
        .where(member.c.project_id == project_id)
        .order_by(user.c.username)
    )
    return [(row.username, row.role) for row in await connection.execute(query)]


async def role_in(connection: AsyncConnection, project_id: int, user_id: int) -> str | None:
    """Return what the user is in the project, if anything."""
    query = sa.select(member.c.role).where(
        member.c.project_id == project_id, member.c.user_id == user_id
    )
    return (await connection.execute(query)).scalar()
