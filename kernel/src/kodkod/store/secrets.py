"""Secrets of projects, such as API keys: sealed, each for one origin."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import InvalidInputError
from kodkod.store.database import now
from kodkod.store.tables import secret

__all__ = [
    "SecretRow",
    "checked_value",
    "delete_secret",
    "find_secret",
    "list_secrets",
    "origin_of",
    "put_secret",
    "touch_secret",
]

_SENDABLE = re.compile(r"[!-~]([ -~]*[!-~])?")
_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\]")


class SecretRow(Struct, frozen=True, kw_only=True):
    """A secret; `sealed` is what `kodkod.store.sealing` made of it."""

    project_id: int
    name: str
    origin: str
    sealed: str
    created_by: int
    created_at: datetime
    last_used_at: datetime | None = None

    def __repr__(self) -> str:
        """Leave out what is sealed: a traceback needs it as little as a log."""
        return f"SecretRow({self.project_id}, {self.name!r}, {self.origin!r})"


def checked_value(value: str) -> str:
    """Return a secret without white space at its ends, as pasting adds it.

    Raises:
        InvalidInputError: it cannot be sent in a header; the message does not have it.
    """
    value = value.strip()
    if not _SENDABLE.fullmatch(value):
        raise InvalidInputError(
            "The secret is empty or has characters that cannot be sent in a header, such as a line "
            "break or an accent; copy it anew.",
            field="value",
        )
    return value


def origin_of(url: str) -> str:
    """Return scheme, host and port of an address; the port is left out where it is the usual one.

    Raises:
        InvalidInputError: it is no address of a web server, or has a user or password in it; the
            message does not have the address, which may be the secret, put into the wrong field.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    host = parts.hostname or ""
    if ":" in host:
        host = f"[{host}]"
    if parts.scheme not in _PORTS or not _HOST.fullmatch(host) or "@" in parts.netloc:
        raise InvalidInputError(
            "This is no address of a server; write one such as https://api.example.org: ASCII "
            "(xn--...), and without a user or password.",
            field="origin",
        )
    shown = "" if port in {None, _PORTS[parts.scheme]} else f":{port}"
    return f"{parts.scheme}://{host}{shown}"


async def put_secret(connection: AsyncConnection, row: SecretRow) -> None:
    """Keep a secret, in the place of one of the same name."""
    await delete_secret(connection, row.project_id, row.name)
    await connection.execute(sa.insert(secret).values(**asdict(row)))


async def list_secrets(connection: AsyncConnection, project_id: int) -> list[SecretRow]:
    """Return a project's secrets by name."""
    query = sa.select(secret).where(secret.c.project_id == project_id).order_by(secret.c.name)
    return [_row(row) for row in await connection.execute(query)]


async def find_secret(connection: AsyncConnection, project_id: int, name: str) -> SecretRow | None:
    """Return a secret, or None if there is none of this name."""
    query = sa.select(secret).where(secret.c.project_id == project_id, secret.c.name == name)
    row = (await connection.execute(query)).first()
    return None if row is None else _row(row)


async def touch_secret(connection: AsyncConnection, project_id: int, name: str) -> None:
    """Note that a secret is used now."""
    used = sa.update(secret).where(secret.c.project_id == project_id, secret.c.name == name)
    await connection.execute(used.values(last_used_at=now()))


async def delete_secret(connection: AsyncConnection, project_id: int, name: str) -> bool:
    """Forget a secret; tell whether it was there."""
    gone = sa.delete(secret).where(secret.c.project_id == project_id, secret.c.name == name)
    return (await connection.execute(gone)).rowcount > 0


def _row(row: sa.Row[Any]) -> SecretRow:
    return SecretRow(**row._mapping)
