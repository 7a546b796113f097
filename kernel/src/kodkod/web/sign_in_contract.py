"""The shapes of signing in, of sessions and of accounts elsewhere."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from kodkod.web.contract import SECRET, Request

__all__ = [
    "ExternalAccountKey",
    "ExternalAccountView",
    "Handover",
    "Revoked",
    "SessionView",
    "SignInWay",
]

Identifier = Annotated[str, Meta(min_length=1, max_length=1024)]


class SignInWay(Struct, frozen=True, kw_only=True):
    """A way to sign in: with a name and a password, or by going to `begin` with a browser."""

    name: str
    title: str
    begin: str | None


class Handover(Request, frozen=True):
    """The code with which a browser came back; it works once, in that browser."""

    code: Annotated[str, Meta(min_length=1, max_length=200, extra_json_schema=dict(SECRET))]


class SessionView(Struct, frozen=True, kw_only=True):
    """A session. `agent` and `address` are those of its beginning; `last_used_at` may lag by
    five minutes. `current` is the one that asks.
    """

    id: str
    agent: str
    address: str
    way: str
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime
    current: bool


class Revoked(Struct, frozen=True, kw_only=True):
    """How many sessions and API tokens were ended."""

    sessions: int
    api_tokens: int


class ExternalAccountKey(Request, frozen=True):
    """An account at a provider: `iss` and `sub` of its ID tokens."""

    issuer: Identifier
    subject: Identifier


class ExternalAccountView(Struct, frozen=True, kw_only=True):
    """An account at a provider that opens an account here."""

    issuer: str
    subject: str
    linked_at: datetime
