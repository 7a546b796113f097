"""`kodkod user`: accounts, from the terminal, straight in the database."""

from __future__ import annotations

import asyncio
import getpass
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import msgspec
from cyclopts import Parameter
from rich.console import Console
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import InvalidInputError
from kodkod.cli.flags import Config, SettingsFlags, settings_from
from kodkod.store.audit import NewAudit, add_audit
from kodkod.store.database import now
from kodkod.store.people import add_user, change_user, delete_tokens, find_user, list_users
from kodkod.web.app import load_registry
from kodkod.web.contract import Role, Username
from kodkod.web.redaction import HIDDEN
from kodkod.web.services import Services, make_services

__all__ = ["add", "list_all", "passwd"]

_PAGE = 500


def add(
    username: str,
    *,
    role: Annotated[Role, Parameter(help="What the user may do.")] = "annotator",
    config: Config = None,
    flags: SettingsFlags | None = None,
) -> None:
    """Make an account. The password is asked for, or read from a pipe's first line."""
    try:
        msgspec.convert(username, Username)
    except msgspec.ValidationError as error:
        raise InvalidInputError(f"{username!r} is no username: {error}") from error
    password = _ask_password()

    async def work() -> None:
        async with _opened(config, flags) as services:
            secret = await services.sign_in.enroll(password)
            async with services.database.write() as connection:
                await add_user(
                    connection,
                    username=username,
                    sign_in=services.sign_in.default,
                    secret=secret,
                    role=role,
                )
                await _note(connection, "create_user", username, {"role": role})

    asyncio.run(work())
    print(f"Made {username} ({role}).")


def list_all(*, config: Config = None, flags: SettingsFlags | None = None) -> None:
    """List the accounts."""

    async def work() -> Table:
        table = Table("username", "role", "open", "made")
        async with _opened(config, flags) as services, services.database.read() as connection:
            after = 0
            while page := await list_users(connection, after=after, limit=_PAGE):
                for user in page:
                    made = user.created_at.strftime("%Y-%m-%d")
                    table.add_row(user.username, user.role, "yes" if user.active else "no", made)
                after = page[-1].id
        return table

    Console().print(asyncio.run(work()))


def passwd(username: str, *, config: Config = None, flags: SettingsFlags | None = None) -> None:
    """Set a user's password; every session and token of the user ends."""
    password = _ask_password()

    async def work() -> None:
        async with _opened(config, flags) as services:
            secret = await services.sign_in.enroll(password)
            async with services.database.write() as connection:
                user = await find_user(connection, username)
                sign_in = services.sign_in.default
                await change_user(connection, user.id, secret=secret, sign_in=sign_in)
                await delete_tokens(connection, user.id)
                await _note(connection, "change_user", username, {"password": HIDDEN})

    asyncio.run(work())
    print(f"Set the password of {username}.")


async def _note(
    connection: AsyncConnection, operation: str, username: str, sent: dict[str, str]
) -> None:
    """Tell the audit log, as of the route that does the same; the address says how it was done."""
    await add_audit(
        connection,
        NewAudit(
            at=now(),
            operation=operation,
            status=200,
            address="command line",
            target={"username": username},
            sent=sent,
        ),
    )


@asynccontextmanager
async def _opened(config: Config, flags: SettingsFlags | None) -> AsyncIterator[Services]:
    settings = settings_from(config, flags)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    services = make_services(settings, load_registry())
    # Only the database is needed: a server may run beside this, with its broker and workers.
    try:
        await services.database.migrate()
        yield services
    finally:
        await services.database.close()


def _ask_password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("Password: ")
    if password != getpass.getpass("Again: "):
        raise InvalidInputError("The two passwords are not the same; nothing was changed.")
    return password
