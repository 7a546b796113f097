"""Check secrets, slowly on purpose, without letting the slowness reach anybody else."""

from __future__ import annotations

import asyncio
import os
import secrets
from datetime import timedelta
from typing import Any, cast
from weakref import WeakValueDictionary

import anyio
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import (
    InvalidInputError,
    NotFoundError,
    RedirectSignInSpec,
    SignIn,
    SignInSpec,
    UnauthenticatedError,
)
from kodkod.plugins import PluginRegistry
from kodkod.store.artefacts import new_id
from kodkod.store.database import Database, now
from kodkod.store.people import Token, User, add_token, find_user
from kodkod.web.access import digest_of
from kodkod.web.origin import Origin
from kodkod.web.throttle import Throttle

__all__ = ["Beginning", "SignInDesk", "issue_token"]

_SCOPES = ["read", "write"]


class Beginning(Struct, frozen=True, kw_only=True):
    """How a session began, and after how long without use it ends."""

    way: str
    origin: Origin
    idle_seconds: int | None = None


class SignInDesk:
    """The ways to sign in that the settings name; the first with a secret is for new accounts.

    Back ends take their time (argon2: about 0.1 s of a core each), so they run in threads, no
    more at once than half the cores: whoever signs in waits, whoever annotates does not.
    """

    def __init__(
        self, registry: PluginRegistry, names: tuple[str, ...], throttle: Throttle
    ) -> None:
        self._registry = registry
        self.ways = tuple(_way(registry, name) for name in names)
        self._names = tuple(way.name for way in self.ways if isinstance(way, SignInSpec))
        if not self._names:
            raise InvalidInputError(
                "settings: sign_in must name 'password', or another way with a secret of one's "
                "own: without it nobody could sign in while a provider does not answer."
            )
        self._built: dict[str, SignIn[Any]] = {}
        self._threads = asyncio.Semaphore(max(1, (os.cpu_count() or 2) // 2))
        self._asking: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()
        self._decoy: str | None = None
        self._throttle = throttle

    @property
    def default(self) -> str:
        """The back end that new accounts use."""
        return self._names[0]

    async def confirm(self, database: Database, username: str, secret: str) -> User:
        """Return the account of whoever is signed in, once they have said their password again.

        Raises:
            InvalidInputError: it is not right.
        """
        try:
            return await self.admit(
                database, username=username, secret=secret, origin=Origin(peer="signed in")
            )
        except UnauthenticatedError as error:
            raise InvalidInputError(
                "The current password is not right.", field="current_password"
            ) from error

    async def enroll(self, secret: str) -> str:
        """Return what the default back end stores for a new secret.

        Raises:
            InvalidInputError: the secret is too weak.
        """
        async with self._threads:
            return await anyio.to_thread.run_sync(self._backend(self.default).enroll, secret)

    async def admit(
        self, database: Database, *, username: str, secret: str, origin: Origin
    ) -> User:
        """Return the account that the secret opens.

        An unknown name, a wrong secret, a closed account and a back end that is not enabled
        get the same answer after the same time.

        Raises:
            UnauthenticatedError: it opens none.
            TooManyAttemptsError: too many attempts have failed for this name from this place.
        """
        async with database.read() as connection:
            user = await _find(connection, username)
        # One after the other for each name and place: all at once would all count as failing.
        lock = self._asking.setdefault((username, origin.network or origin.peer), asyncio.Lock())
        async with lock, self._threads:
            attempt = await self._throttle.admit(
                name=username, user_id=user and user.id, origin=origin
            )
            opens = await self._opens(user, secret)
            if user is None or not opens:
                raise UnauthenticatedError("The username or the password is not right.")
            await self._throttle.succeeded(attempt, user.id, origin)
        return user

    async def _opens(self, user: User | None, secret: str) -> bool:
        if self._decoy is None:
            enroll = self._backend(self.default).enroll
            self._decoy = await anyio.to_thread.run_sync(enroll, secrets.token_urlsafe())
        if user is None or not user.active or user.sign_in not in self._names:
            backend, stored = self.default, self._decoy
            user = None
        else:
            backend, stored = user.sign_in, user.secret
        matches = await anyio.to_thread.run_sync(self._backend(backend).check, secret, stored)
        return matches and user is not None

    def _backend(self, name: str) -> SignIn[Any]:
        if name not in self._built:
            self._built[name] = cast("SignIn[Any]", self._registry.build("sign-in", name, {}))
        return self._built[name]


async def _find(connection: AsyncConnection, username: str) -> User | None:
    try:
        return await find_user(connection, username)
    except NotFoundError:
        return None


def _way(registry: PluginRegistry, name: str) -> SignInSpec | RedirectSignInSpec:
    """Return the spec of a way to sign in, of whichever kind it is."""
    for each in registry.components("redirect-sign-in"):
        if each.spec.name == name:
            return cast("RedirectSignInSpec", each.spec)
    return cast("SignInSpec", registry.spec("sign-in", name))


async def issue_token(
    connection: AsyncConnection,
    user_id: int,
    *,
    lasts: timedelta,
    name: str | None = None,
    scopes: list[str] = _SCOPES,
    began: Beginning | None = None,
) -> tuple[str, Token]:
    """Make a token: the secret, shown once, and the row, which has its digest only.

    `began` says how a session began. The secret is new each time: nothing that a client sent
    ever becomes one.
    """
    secret = secrets.token_urlsafe(32)
    time = now()
    row = Token(
        id=new_id(),
        user_id=user_id,
        digest=digest_of(secret),
        name=name,
        scopes=list(scopes),
        created_at=time,
        expires_at=time + lasts,
        agent=began and began.origin.agent,
        address=began and began.origin.address,
        way=began and began.way,
        idle_seconds=began and began.idle_seconds,
    )
    await add_token(connection, row)
    return secret, row
