"""What a process that runs jobs has at hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.jobs.kinds import plugin as job_kinds
from kodkod.jobs.loop import LoopThread
from kodkod.jobs.places import ProjectPlaces
from kodkod.jobs.warm import WarmData
from kodkod.plugins import PluginRegistry
from kodkod.settings import Settings
from kodkod.store.database import Database
from kodkod.store.projects import Project

__all__ = ["Workspace"]

P = ParamSpec("P")
T = TypeVar("T")


class Workspace:
    """Settings, components, database and warm data, for synchronous code in any thread.

    `warm` is what one job leaves for the next in the same process.
    """

    def __init__(self, settings: Settings, registry: PluginRegistry, database: Database) -> None:
        self.settings = settings
        self.registry = registry
        self.database = database
        self.warm = WarmData()
        self._loop = LoopThread()
        self._loop.start()

    @classmethod
    def open(cls, settings: Settings) -> Workspace:
        """Load the plugins and the database that the settings name."""
        registry = PluginRegistry.load(extra=[job_kinds])
        return cls(settings, registry, Database.at(settings.database_url, settings.data_dir))

    def read(
        self,
        query: Callable[Concatenate[AsyncConnection, P], Awaitable[T]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Call an async function of the store with a connection that reads."""
        if self.database.is_sqlite:
            return self.database.read_now(lambda each: query(each, *args, **kwargs))

        async def work() -> T:
            async with self.database.read() as connection:
                return await query(connection, *args, **kwargs)

        return self._loop.call(work())

    def write(
        self,
        change: Callable[Concatenate[AsyncConnection, P], Awaitable[T]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Call an async function of the store inside a transaction of its own."""
        return self._write(lambda each: change(each, *args, **kwargs), passing=False)

    def note(
        self,
        change: Callable[Concatenate[AsyncConnection, P], Awaitable[T]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Do the same for what may be lost if the power fails: a heartbeat, a job's progress.

        Nobody who waits to write waits for the disk behind it.
        """
        return self._write(lambda each: change(each, *args, **kwargs), passing=True)

    def _write(self, change: Callable[[AsyncConnection], Awaitable[T]], *, passing: bool) -> T:
        if self.database.is_sqlite:
            return self.database.change_now(change, passing=passing)

        async def work() -> T:
            async with self.database.write(passing=passing) as connection:
                return await change(connection)

        return self._loop.call(work())

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine that uses `database`."""
        return self._loop.call(work)

    def places(self, project: Project) -> ProjectPlaces:
        """Return the folders of a project."""
        return ProjectPlaces.of(self.settings, project.slug)

    def close(self) -> None:
        """Close the database."""
        self._loop.call(self.database.close())
        self._loop.stop()
