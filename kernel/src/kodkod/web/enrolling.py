"""Accounts that people make themselves, and invitations that they accept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import ForbiddenError, NotFoundError
from kodkod.store.groups import add_group_member
from kodkod.store.invitations import Invitation, find_invitation, not_valid, use_invitation
from kodkod.store.memberships import highest, roles_in
from kodkod.store.people import User, add_user, put_member, role_in
from kodkod.store.projects import Project, project_with_id
from kodkod.web.access import digest_of
from kodkod.web.rights_contract import Joined, SignUp
from kodkod.web.throttle import Throttle

if TYPE_CHECKING:
    from kodkod.web.services import Services

__all__ = ["EnrolmentDesk", "accept"]

_SIGN_UPS = 30
_WRONG_TOKENS = 20
_SECONDS = 600.0


class EnrolmentDesk:
    """Lets in those who come by themselves, no faster than people do.

    Tokens of invitations cannot be guessed, so what is counted is who tries wrong ones from one
    address. Without an invitation every sign-up counts, those that succeed as well.
    """

    def __init__(self) -> None:
        self._sign_ups = Throttle(failures=_SIGN_UPS, seconds=_SECONDS)
        self._tokens = Throttle(failures=_WRONG_TOKENS, seconds=_SECONDS)

    async def invitation(
        self, connection: AsyncConnection, token: str, address: str
    ) -> tuple[Invitation, Project]:
        """Return the invitation that a token opens, and its project.

        Raises:
            NotFoundError: it opens none: one answer, whatever the reason.
            TooManyAttemptsError: too many wrong tokens came from this address.
        """
        self._tokens.admit(address)
        try:
            found = await find_invitation(connection, digest_of(token))
        except NotFoundError:
            self._tokens.failed(address)
            raise
        project = await project_with_id(connection, found.project_id)
        if project is None:  # deleted just now, with its invitations
            raise not_valid()
        return found, project

    async def sign_up(self, services: Services, data: SignUp, address: str) -> User:
        """Make an account that somebody wants, and let them into the project they are invited to.

        Where no account may be made, nothing is told of names. Where one may, a name that is
        taken has to be refused, which tells that it exists: that cannot be avoided while people
        choose their names. It is told after the password was accepted and worked on, so that it
        takes as long as a success, and no more than a few dozen times in ten minutes for each
        address without an invitation; with one, as often as there are uses and wrong names count.

        Raises:
            ForbiddenError: sign-up is closed, and there is no invitation.
            NotFoundError: the invitation is not valid.
            InvalidInputError: the password is too weak.
            ConflictError: the name is taken.
            TooManyAttemptsError: too much came from this address.
        """
        if data.invitation is None and services.settings.sign_up != "open":
            raise ForbiddenError(
                "Accounts are made by the administrator here; ask for one, or for an invitation."
            )
        self._sign_ups.admit(address)
        if data.invitation is not None:
            async with services.database.read() as connection:
                await self.invitation(connection, data.invitation, address)
        else:
            self._sign_ups.failed(address)
        secret = await services.sign_in.enroll(data.password)
        try:
            return await self._make(services, data, secret, address)
        except Exception:
            # A name that is taken is what somebody would look for.
            self._sign_ups.failed(address)
            raise

    async def _make(self, services: Services, data: SignUp, secret: str, address: str) -> User:
        async with services.database.write() as connection:
            user = await add_user(
                connection,
                username=data.username,
                sign_in=services.sign_in.default,
                secret=secret,
                role="annotator",
            )
            if data.invitation is not None:
                found, project = await self.invitation(connection, data.invitation, address)
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
