"""Where an installation lies, and where a staged or replaced one lies beside it."""

from __future__ import annotations

import itertools
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Self

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.exc import DBAPIError

from kodkod.api import UnavailableError
from kodkod.settings import Settings
from kodkod.store.database import Database
from kodkod.store.tables import project, user

__all__ = ["Ground", "Parts", "children", "own_like"]

_DATABASE = "kodkod.db"
# Capitals: no project's folder has a name like this.
_REPLACED = re.compile(r"replaced-\d{8}T\d{6}Z(-\d+)?")


class Parts(Struct, frozen=True):
    """The parts of an installation that is not in use."""

    database: Path
    projects: Path
    models: Path

    @property
    def homes(self) -> set[Path]:
        """The folders that they lie in."""
        return {self.database.parent, self.projects.parent, self.models.parent}


class Ground(Struct, frozen=True, kw_only=True):
    """Where an installation lies; `url` is that of its database, empty for the embedded one."""

    url: str
    data_dir: Path
    projects: Path
    models: Path

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the ground that the settings name."""
        return cls(
            url=settings.database_url,
            data_dir=settings.data_dir,
            projects=settings.projects,
            models=settings.models,
        )

    def open(self) -> Database:
        """Return the database; nothing is opened yet."""
        return Database.at(self.url, self.data_dir)

    @property
    def file(self) -> Path | None:
        """The file of a SQLite database."""
        database = self.open()
        return Path(str(database.engine.url.database)) if database.is_sqlite else None

    def staged(self, token: str) -> Parts:
        """Return where a restore prepares what it will put in place."""
        return self._beside(f".restore-{token}")

    def aside(self, time: datetime) -> Parts:
        """Return where a restore puts what was there before; nothing is there yet."""
        name = f"replaced-{time:%Y%m%dT%H%M%SZ}"
        names = itertools.chain([name], (f"{name}-{number}" for number in itertools.count(2)))
        found = (self._beside(name) for name in names)
        return next(parts for parts in found if not any(home.exists() for home in parts.homes))

    def homes(self) -> set[Path]:
        """Return the folders that staged and replaced parts lie in."""
        return {self._database_home, self.data_dir, self._models_home}

    def _beside(self, name: str) -> Parts:
        # Each on the disk of what it replaces: a rename is all that is left to do.
        return Parts(
            self._database_home / name / _DATABASE,
            self.data_dir / name / "projects",
            self._models_home / name / "models",
        )

    @property
    def _database_home(self) -> Path:
        return self.data_dir if self.file is None else self.file.parent

    @property
    def _models_home(self) -> Path:
        usual = self.models == self.data_dir / "models"
        return self.data_dir if usual else self.models

    async def prepare(self) -> None:
        """Make the tables where there are none, or bring them to this version."""
        database = self.open()
        try:
            await database.migrate()
        finally:
            await database.close()

    async def content(self) -> str | None:
        """Say what the installation has; None if it is empty."""
        file = self.file
        if file is not None:
            found = _content_of_file(file)
        else:
            found = await self._content_of_server()
        if found is None and any(children(self.projects)):
            return "projects, and no database"
        return found

    async def _content_of_server(self) -> str | None:
        database = self.open()
        try:
            async with database.read() as connection:
                if not await connection.run_sync(lambda each: sa.inspect(each).has_table("user")):
                    return None
                users = sa.select(sa.func.count()).select_from(user)
                projects = sa.select(sa.func.count()).select_from(project)
                return _told(
                    (await connection.execute(users)).scalar_one(),
                    (await connection.execute(projects)).scalar_one(),
                )
        except (OSError, DBAPIError) as error:
            where = database.engine.url.render_as_string(hide_password=True)
            raise UnavailableError(f"The database {where} cannot be read: {error}") from error
        finally:
            await database.close()


def own_like(data_dir: Path, *folders: Path) -> None:
    """Give what root has written to whoever the installation belongs to."""
    owner = data_dir.stat()
    if os.geteuid() or not owner.st_uid:
        return
    for folder in folders:
        for path, names, files in os.walk(folder):
            for each in (path, *(os.path.join(path, name) for name in (*names, *files))):  # noqa: PTH118
                os.chown(each, owner.st_uid, owner.st_gid, follow_symlinks=False)


def children(folder: Path) -> Iterator[Path]:
    """Yield what lies in a folder of projects or models, but what is written or put aside."""
    if folder.is_dir():
        for each in sorted(folder.iterdir()):
            if not each.name.startswith(".") and not _REPLACED.fullmatch(each.name):
                yield each


def _content_of_file(file: Path) -> str | None:
    if not file.exists() or not file.stat().st_size:
        return None
    try:
        with closing(sqlite3.connect(file)) as database:
            tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if ("user",) not in tables.fetchall():
                return None
            (users,) = database.execute('SELECT count(*) FROM "user"').fetchone()
            (projects,) = database.execute("SELECT count(*) FROM project").fetchone()
    except sqlite3.DatabaseError as error:
        return f"a database that cannot be read ({error})"
    return _told(users, projects)


def _told(users: int, projects: int) -> str | None:
    if not users and not projects:
        return None
    return f"{users} account{'s' * (users != 1)} and {projects} project{'s' * (projects != 1)}"
