"""What a new installation gets: an administrator, whose password is shown once."""

from __future__ import annotations

import os
import secrets

from sqlalchemy.exc import IntegrityError

from kodkod.api import ConflictError, InvalidInputError
from kodkod.store.people import add_user, list_users
from kodkod.web.services import Services

__all__ = ["ROOT_PASSWORD", "ensure_root"]

ROOT_PASSWORD = "KODKOD_ROOT_PASSWORD"  # noqa: S105 - the variable's name


async def ensure_root(services: Services) -> str | None:
    """Make the account `root` where there is no account yet.

    Its password is that of the environment, or a new one.

    Returns:
        The new password, if it was made here and now: show it, it is stored nowhere.

    Raises:
        InvalidInputError: the environment's password is too weak.
    """
    async with services.database.read() as connection:
        if await list_users(connection, limit=1):
            return None
    given = os.environ.get(ROOT_PASSWORD)
    password = given or secrets.token_urlsafe(12)
    try:
        secret = await services.sign_in.enroll(password)
    except InvalidInputError as error:
        raise InvalidInputError(f"{ROOT_PASSWORD}: {error.message}") from error
    try:
        async with services.database.write() as connection:
            await add_user(
                connection,
                username="root",
                sign_in=services.sign_in.default,
                secret=secret,
                role="root",
            )
    except (ConflictError, IntegrityError):
        return None  # Another server on the same database was first.
    return None if given else password
