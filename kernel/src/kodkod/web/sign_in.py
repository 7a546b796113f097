"""Check secrets, slowly on purpose, without letting the slowness reach anybody else."""

from __future__ import annotations

import asyncio
import os
import secrets
from datetime import timedelta
from typing import Any, cast

import anyio
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import InvalidInputError, NotFoundError, SignIn, UnauthenticatedError
from kodkod.plugins import PluginRegistry
from kodkod.store.artefacts import new_id
from kodkod.store.database import Database, now
from kodkod.store.people import Token, User, add_token, find_user
from kodkod.web.access import digest_of
from kodkod.web.throttle import Throttle

__all__ = ["SignInDesk", "issue_token"]

_SCOPES = ["read", "write"]


class SignInDesk:
    """The sign-in back ends that the settings name, the first one for new accounts.

    Back ends take their time (argon2: about 0.1 s of a core each), so they run in threads, no
    more at once than half the cores: whoever signs in waits, whoever annotates does not.
    """

    def __init__(self, registry: PluginRegistry, names: tuple[str, ...]) -> None:
        if not names:
            raise InvalidInputError("settings: sign_in names no way to sign in; try 'password'.")
        for name in names:
            registry.spec("sign-in", name)
        self._registry = registry
        self._names = names
        self._built: dict[str, SignIn[Any]] = {}
        self._threads = asyncio.Semaphore(max(1, (os.cpu_count() or 2) // 2))
        self._decoy: str | None = None
        self._throttle = Throttle()

    @property
    def default(self) -> str:
        """The back end that new accounts use."""
        return self._names[0]

    async def enroll(self, secret: str) -> str:
        """Return what the default back end stores for a new secret.

        Raises:
            InvalidInputError: the secret is too weak.
        """
        async with self._threads:
            return await anyio.to_thread.run_sync(self._backend(self.default).enroll, secret)

    async def admit(self, database: Database, *, username: str, secret: str, address: str) -> User:
        """Return the account that the secret opens.

        An unknown name, a wrong secret, a closed account and a back end that is not enabled
        get the same answer after the same time.

        Raises:
            UnauthenticatedError: it opens none.
            TooManyAttemptsError: too many attempts have failed for this name from this address.
        """
        key = f"{address} {username.lower()}"
        async with database.read() as connection:
            user = await _find(connection, username)
        async with self._threads:
            self._throttle.admit(key)
            opens = await self._opens(user, secret)
            if not opens:
                self._throttle.failed(key)
        if user is None or not opens:
            raise UnauthenticatedError("The username or the password is not right.")
        self._throttle.succeeded(key)
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


async def issue_token(
    connection: AsyncConnection,
    user_id: int,
    *,
    lasts: timedelta,
    name: str | None = None,
    scopes: list[str] = _SCOPES,
) -> tuple[str, Token]:
    """Make a token: the secret, shown once, and the row, which has its digest only."""
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
    )
    await add_token(connection, row)
    return secret, row
