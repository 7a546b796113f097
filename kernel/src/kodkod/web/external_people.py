"""What somebody whom a provider vouches for is here: an account found, made or refused."""

from __future__ import annotations

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import ConflictError, ExternalPerson, NotFoundError, RequestError
from kodkod.store.database import Database
from kodkod.store.external_accounts import link_account, user_linked_to
from kodkod.store.groups import add_group_member, find_group
from kodkod.store.people import (
    User,
    add_user,
    change_user,
    delete_tokens,
    other_roots,
)
from kodkod.web.contract import Username

__all__ = ["NotLetInError", "account_for"]


class NotLetInError(RequestError):
    """Somebody who came back is not let in; `reason` is a word that the web UI knows."""

    def __init__(self, message: str, *, reason: str, user_id: int | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.user_id = user_id


async def account_for(database: Database, person: ExternalPerson, way: str) -> User:
    """Return the account of somebody from elsewhere, in the role that the provider gives.

    Found by issuer and subject only: an account here that has the same name or e-mail address
    is somebody else's until root links them.

    Raises:
        NotLetInError: there is none, and none may be made; it is closed; or its role is gone, in
            which case its sessions and tokens have ended.
    """
    async with database.write() as connection:
        user = await user_linked_to(connection, person.issuer, person.subject)
        if not person.refusal:
            if user is None:
                found = await _made(connection, person, way)
            else:
                found = await _with_role(connection, user, person)
            await _join(connection, found, person)
            return found
        if user is not None:
            await delete_tokens(connection, user.id)
    raise NotLetInError(person.refusal, reason="refused", user_id=user and user.id)


async def _made(connection: AsyncConnection, person: ExternalPerson, way: str) -> User:
    if not person.create:
        raise NotLetInError(
            f"No account here is linked to {person.username!r}; ask the administrator.",
            reason="no-account",
        )
    try:
        username = msgspec.convert(person.username, Username)
    except msgspec.ValidationError as error:
        raise NotLetInError(
            f"The provider's name {person.username!r} is no username here: {error}",
            reason="name",
        ) from error
    try:
        user = await add_user(
            connection,
            username=username,
            sign_in=way,
            secret="",
            role=person.role or "annotator",
        )
        await link_account(connection, user.id, person.issuer, person.subject)
    except ConflictError as error:
        raise NotLetInError(
            f"The username {username!r} is somebody else's here; ask the administrator to link "
            "the accounts if both are yours.",
            reason="taken",
        ) from error
    return user


async def _join(connection: AsyncConnection, user: User, person: ExternalPerson) -> None:
    """Let somebody into the groups here that have the names of those elsewhere; out of none."""
    for name in person.groups:
        try:
            group = await find_group(connection, name)
        except NotFoundError:
            continue
        await add_group_member(connection, group.id, user.id)


async def _with_role(connection: AsyncConnection, user: User, person: ExternalPerson) -> User:
    if not user.active:
        raise NotLetInError("The account is closed.", reason="refused")
    if person.role is None or person.role == user.role:
        return user
    if user.role == "root" and not await other_roots(connection, user.id):
        raise NotLetInError(
            f"The provider gives {user.username!r} the role {person.role}, and this is the last "
            "administrator; make somebody else one first.",
            reason="refused",
        )
    await change_user(connection, user.id, role=person.role)
    await delete_tokens(connection, user.id)  # They were given to another role.
    return msgspec.structs.replace(user, role=person.role)
