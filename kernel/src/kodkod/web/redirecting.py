"""Send browsers to a provider, take them back, and hand over a session: each step works once."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, cast

import anyio
import msgspec
from msgspec import Struct

from kodkod.api import (
    ExternalPerson,
    NotFoundError,
    RedirectSignIn,
    RedirectSignInSpec,
    SignInSpec,
    UnauthenticatedError,
)
from kodkod.plugins import PluginRegistry
from kodkod.store.database import Database, now
from kodkod.store.people import User
from kodkod.store.redirected import (
    Redirected,
    add_redirected,
    take_redirected,
    under_way,
)
from kodkod.web.access import digest_of
from kodkod.web.external_people import NotLetInError, account_for
from kodkod.web.origin import Origin
from kodkod.web.problems import TooManyAttemptsError

__all__ = ["Arrived", "RedirectDesk", "Sent"]

_TO_SIGN_IN = timedelta(minutes=10)
_TO_HAND_OVER = timedelta(minutes=1)
_MOST_UNDER_WAY = 300
"""So many sign-ins may be under way from one network: a lecture hall behind one address."""


class Sent(Struct, frozen=True):
    """Where to send a browser, and the secret by which it is known when it comes back."""

    url: str
    browser: str


class Arrived(Struct, frozen=True):
    """Somebody is back: the code to exchange for a session, and the page to show then."""

    code: str
    to: str


class Entering(Struct, frozen=True):
    """Who may begin a session, and by which way."""

    user_id: int
    way: str
    groups: tuple[str, ...]


class _Kept(Struct, frozen=True):
    """What is remembered of somebody: first the plugin's, then who it turned out to be."""

    to: str = "/"
    remembered: str = ""
    groups: tuple[str, ...] = ()


class RedirectDesk:
    """The ways to sign in that send the browser elsewhere. What is under way is in the database."""

    def __init__(
        self,
        registry: PluginRegistry,
        database: Database,
        ways: tuple[SignInSpec | RedirectSignInSpec, ...],
        browsers_url: str,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._registry = registry
        self._database = database
        self._names = {way.name for way in ways if isinstance(way, RedirectSignInSpec)}
        self._browsers_url = browsers_url
        self._clock = clock
        self._built: dict[str, RedirectSignIn[Any]] = {}

    async def begin(self, way: str, origin: Origin, to: str) -> Sent:
        """Begin a sign-in.

        Raises:
            NotFoundError: there is no such way.
            TooManyAttemptsError: too many have begun from this network.
            UnavailableError: the provider does not answer.
        """
        back_end = self._back_end(way)
        await self._check_room(origin.network)
        state, browser = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        begun = await anyio.to_thread.run_sync(back_end.begin, state, self._return_url(way))
        await self._keep(state, browser, way, origin, _Kept(to=to, remembered=begun.remembered))
        return Sent(begun.url, browser)

    async def arrive(
        self, way: str, query: Mapping[str, str], browser: str, origin: Origin
    ) -> Arrived:
        """Take somebody back; the state and the provider's code are used up in any case.

        Raises:
            NotFoundError: there is no such way.
            NotLetInError: this browser has not begun, or too long ago; or see `account_for`.
            UnauthenticatedError: the provider does not vouch for anybody.
            UnavailableError: the provider does not answer.
        """
        back_end = self._back_end(way)
        row = await self._take(query.get("state", ""), browser, arrived=False)
        if row is None or row.way != way:
            raise NotLetInError(
                "This sign-in was not begun in this browser, or too long ago; begin again.",
                reason="expired",
            )
        kept = msgspec.json.decode(row.remembered, type=_Kept)
        person: ExternalPerson = await anyio.to_thread.run_sync(
            back_end.finish, query, kept.remembered, self._return_url(way)
        )
        user = await account_for(self._database, person, way)
        code = secrets.token_urlsafe(32)
        await self._keep(code, browser, way, origin, _Kept(groups=person.groups), user)
        return Arrived(code, kept.to)

    async def exchange(self, code: str, browser: str) -> Entering:
        """Return who may begin a session.

        Raises:
            UnauthenticatedError: the code is unknown, used, too old or of another browser.
        """
        row = await self._take(code, browser, arrived=True)
        if row is None or row.user_id is None:
            raise UnauthenticatedError(
                "This code is not valid here (any more); begin to sign in again."
            )
        kept = msgspec.json.decode(row.remembered, type=_Kept)
        return Entering(row.user_id, row.way, kept.groups)

    async def _check_room(self, network: str) -> None:
        async with self._database.read() as connection:
            if await under_way(connection, network) >= _MOST_UNDER_WAY:
                raise TooManyAttemptsError(
                    "Too many sign-ins have begun from your network; wait a minute.", seconds=60
                )

    async def _keep(
        self,
        proof: str,
        browser: str,
        way: str,
        origin: Origin,
        kept: _Kept,
        user: User | None = None,
    ) -> None:
        row = Redirected(
            digest=digest_of(proof),
            way=way,
            browser=digest_of(browser),
            network=origin.network,
            remembered=msgspec.json.encode(kept).decode(),
            expires_at=self._clock() + (_TO_SIGN_IN if user is None else _TO_HAND_OVER),
            user_id=user and user.id,
        )
        async with self._database.write() as connection:
            await add_redirected(connection, row)

    async def _take(self, proof: str, browser: str, *, arrived: bool) -> Redirected | None:
        async with self._database.write() as connection:
            return await take_redirected(
                connection, digest_of(proof), digest_of(browser), self._clock(), arrived=arrived
            )

    def _return_url(self, way: str) -> str:
        return f"{self._browsers_url}/auth/{way}/return"

    def _back_end(self, name: str) -> RedirectSignIn[Any]:
        if name not in self._names:
            raise NotFoundError(f"There is no way {name!r} to sign in that begins elsewhere.")
        if name not in self._built:
            built = self._registry.build("redirect-sign-in", name, {})
            self._built[name] = cast("RedirectSignIn[Any]", built)
        return self._built[name]
