"""The shapes of secrets in the HTTP contract: a value goes in, and never comes out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from kodkod.web.contract import SECRET, Request, Slug

__all__ = ["NewSecret", "SecretInfo"]


class NewSecret(Request, frozen=True):
    """A secret, such as an API key, and the one origin that it may be sent to.

    `origin` is scheme, host and port (`https://api.example.org`); of a longer address the rest is
    left out.
    """

    name: Slug
    value: Annotated[
        str,
        Meta(min_length=1, max_length=10_000, extra_json_schema=dict(SECRET)),
    ]
    origin: Annotated[str, Meta(min_length=1, max_length=2_000)]

    def __repr__(self) -> str:
        """Leave out the value: what is logged of a request must not have it."""
        return f"NewSecret(name={self.name!r}, origin={self.origin!r})"


class SecretInfo(Struct, frozen=True, kw_only=True):
    """A secret as it can be seen: without its value."""

    name: str
    origin: str
    created_by: str
    created_at: datetime
    last_used_at: datetime | None
