"""A session begins: the token, and what the browser keeps beside it."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any, Literal

from litestar.datastructures import Cookie

from kodkod.api import Event
from kodkod.store.database import now
from kodkod.store.people import User
from kodkod.store.places import note_place
from kodkod.web.origin import DEVICE_COOKIE, Origin, device_of
from kodkod.web.people_contract import TokenGrant
from kodkod.web.services import Services
from kodkod.web.sign_in import Beginning, issue_token

__all__ = ["begin_session", "device_cookie", "over_tls"]

_BEARER: Literal["bearer"] = "bearer"
_DEVICE_SECONDS = 180 * 24 * 3600


async def begin_session(
    services: Services, user: User, origin: Origin, *, way: str, data: dict[str, Any] | None = None
) -> TokenGrant:
    """Give a user who was let in a session; plugins hear of it, with `data`."""
    settings = services.settings
    began = Beginning(
        way=way, origin=origin, idle_seconds=settings.session_idle_minutes * 60 or None
    )
    lasts = timedelta(hours=settings.session_hours)
    async with services.database.write() as connection:
        secret, token = await issue_token(connection, user.id, lasts=lasts, began=began)
    services.observe(Event(type="user.signed_in", user=user.username, data=data or {}))
    return TokenGrant(
        access_token=secret,
        token_type=_BEARER,
        expires_at=token.expires_at,
        username=user.username,
    )


async def device_cookie(services: Services, user: User) -> Cookie:
    """Remember a browser that has none yet as one that the user signed in from."""
    kept = secrets.token_urlsafe(32)
    async with services.database.write() as connection:
        await note_place(connection, user.id, device_of(kept), now())
    return Cookie(
        key=DEVICE_COOKIE,
        value=kept,
        path="/api/v1/auth",
        max_age=_DEVICE_SECONDS,
        httponly=True,
        samesite="strict",
        secure=over_tls(services),
    )


def over_tls(services: Services) -> bool:
    """Tell whether browsers reach the server over TLS."""
    return services.settings.browsers_url.startswith("https://")
