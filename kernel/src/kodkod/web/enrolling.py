"""Accounts that people make themselves, and invitations that they accept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import ConflictError, ForbiddenError, NotFoundError
from kodkod.store.database import Database
from kodkod.store.groups import add_group_member
from kodkod.store.invitations import Invitation, find_invitation, not_valid, use_invitation
from kodkod.store.memberships import highest, roles_in
from kodkod.store.people import User, add_user, put_member, role_in
from kodkod.store.projects import Project, project_with_id
from kodkod.web.access import digest_of
from kodkod.web.allowance import Allowance
from kodkod.web.origin import Origin
from kodkod.web.rights_contract import Joined, SignUp
from kodkod.web.throttle import Counter

if TYPE_CHECKING:
    from kodkod.web.services import Services

__all__ = ["EnrolmentDesk", "accept", "invited"]

_SIGN_UPS = Allowance(free=30, leak_seconds=60.0, first_seconds=30.0, longest_seconds=600.0)
_WRONG_TOKENS = Allowance(free=20, leak_seconds=60.0, first_seconds=30.0, longest_seconds=600.0)


class EnrolmentDesk:
    """Lets in those who come by themselves, no faster than people do.

    Tokens of invitations cannot be guessed, so what is counted is who tries wrong ones from one
    place. Without an invitation every sign-up counts, those that succeed as well.
    """

    def __init__(self, database: Database) -> None:
        self._sign_ups = Counter(database, "sign-up", _SIGN_UPS)
        self._tokens = Counter(database, "invitation", _WRONG_TOKENS)

    @asynccontextmanager
    async def trying(self, origin: Origin) -> AsyncIterator[None]:
        """Count it, where within this an invitation turns out not to be valid.

        Raises:
            TooManyAttemptsError: too many wrong tokens came from this place.
        """
        await self._tokens.admit(origin)
        try:
            yield
        except NotFoundError:
            await self._tokens.count(origin)
            raise

    async def sign_up(self, services: Services, data: SignUp, origin: Origin) -> User:
        """Make an account that somebody wants, and let them into the project they are invited to.

        Where no account may be made, nothing is told of names. Where one may, a name that is
        taken has to be refused, which tells that it exists: that cannot be avoided while people
        choose their names. It is told after the password was accepted and worked on, so that it
        takes as long as a success, and no more than a few dozen times in ten minutes for each
        place without an invitation; with one, as often as there are uses and wrong names count.

        Raises:
            ForbiddenError: sign-up is closed, and there is no invitation.
            NotFoundError: the invitation is not valid.
            InvalidInputError: the password is too weak.
            ConflictError: the name is taken.
            TooManyAttemptsError: too much came from this place.
        """
        if data.invitation is None and services.settings.sign_up != "open":
            raise ForbiddenError(
                "Accounts are made by the administrator here; ask for one, or for an invitation."
            )
        await self._sign_ups.admit(origin)
        if data.invitation is None:
            await self._sign_ups.count(origin)
        async with self.trying(origin):
            if data.invitation is not None:
                async with services.database.read() as connection:
                    await invited(connection, data.invitation)
            secret = await services.sign_in.enroll(data.password)
            try:
                return await _make(services, data, secret)
            except ConflictError:
                # A name that is taken is what somebody would look for.
                await self._sign_ups.count(origin)
                raise


async def invited(connection: AsyncConnection, token: str) -> tuple[Invitation, Project]:
    """Return the invitation that a token opens, and its project.

    Raises:
        NotFoundError: it opens none: one answer, whatever the reason.
    """
    found = await find_invitation(connection, digest_of(token))
    project = await project_with_id(connection, found.project_id)
    if project is None or project.deleted_at is not None:
        raise not_valid()
    return found, project


async def _make(services: Services, data: SignUp, secret: str) -> User:
    async with services.database.write() as connection:
        user = await add_user(
            connection,
            username=data.username,
            sign_in=services.sign_in.default,
            secret=secret,
            role="annotator",
        )
        if data.invitation is not None:
            found, project = await invited(connection, data.invitation)
            await accept(connection, found, project, user.id)
    if data.invitation is not None:
        services.forget_access()
    return user


async def accept(
    connection: AsyncConnection, found: Invitation, project: Project, user_id: int
) -> Joined:
    """Let a user in by an invitation; a role that is higher already stays.

    Raises:
        NotFoundError: it is not valid any more, or this user has used it.
    """
    await use_invitation(connection, found, user_id)
    own = await role_in(connection, project.id, user_id)
    role = highest([found.role, *([] if own is None else [own])])
    await put_member(connection, project.id, user_id, role or found.role)
    if found.group_id is not None:
        await add_group_member(connection, found.group_id, user_id)
    now = highest(await roles_in(connection, project.id, user_id))
    return Joined(slug=project.slug, name=project.name, role=now)  # type: ignore[arg-type]
