"""Files that somebody gave to a project, for features and predictions to read."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import ConflictError, InvalidInputError
from kodkod.store.tables import project_file

__all__ = [
    "ProjectFileRow",
    "add_project_file",
    "checked_name",
    "delete_project_file",
    "list_project_files",
    "name_on_disk",
]

_LONGEST = 200
_LONGEST_ON_DISK = 100


class ProjectFileRow(Struct, frozen=True, kw_only=True):
    """A file of a project; it lies in the folder `id`, under `name_on_disk(name)`."""

    id: str
    project_id: int
    name: str
    bytes: int
    user_id: int
    created_at: datetime


def checked_name(filename: str) -> str:
    """Return what a file is to be called, the name that it was sent under.

    Raises:
        InvalidInputError: it is empty or too long, begins with a dot, or has a slash, a
            backslash or a character that cannot be seen.
    """
    name = unicodedata.normalize("NFC", filename)
    unseen = any(unicodedata.category(each) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for each in name)
    if not name.strip() or len(name) > _LONGEST or name.startswith(".") or unseen:
        raise InvalidInputError(
            f"A file cannot be called {name[:_LONGEST]!r}; send it under a name of 1 to {_LONGEST} "
            "characters that can be seen, and that does not begin with a dot.",
            field="file",
        )
    if "/" in name or "\\" in name:
        raise InvalidInputError(
            f"A file cannot be called {name!r}: send it under its name alone, without folders.",
            field="file",
        )
    return name


def name_on_disk(name: str) -> str:
    """Return the name under which a file lies in its folder; its ending is the one given."""
    return re.sub(r"[^A-Za-z0-9._-]", "_", name)[-_LONGEST_ON_DISK:].lstrip(".") or "file"


async def add_project_file(connection: AsyncConnection, new: ProjectFileRow) -> None:
    """Register a file that is in place.

    Raises:
        ConflictError: the project has one of that name.
    """
    values = {name: getattr(new, name) for name in new.__struct_fields__}
    try:
        await connection.execute(sa.insert(project_file).values(**values))
    except IntegrityError as error:
        raise ConflictError(
            f"The project has a file {new.name!r} already; delete it or choose another name."
        ) from error


async def list_project_files(connection: AsyncConnection, project_id: int) -> list[ProjectFileRow]:
    """Return a project's files, oldest first."""
    query = (
        sa.select(project_file)
        .where(project_file.c.project_id == project_id)
        .order_by(project_file.c.created_at, project_file.c.id)
    )
    return [ProjectFileRow(**row._mapping) for row in await connection.execute(query)]


async def delete_project_file(connection: AsyncConnection, file_id: str) -> None:
    """Forget a file."""
    await connection.execute(sa.delete(project_file).where(project_file.c.id == file_id))
