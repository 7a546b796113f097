"""Which projects are in memory: loaded on demand, kept while used, let go when idle."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any, cast

from kodkod.api import SchemeType
from kodkod.plugins import PluginRegistry
from kodkod.project.corpus import LiveCorpus
from kodkod.project.live import LiveProject
from kodkod.project.scheme import LiveScheme
from kodkod.settings import Settings
from kodkod.store.corpus import read_corpus
from kodkod.store.database import Database
from kodkod.store.log import Entry, read_entries
from kodkod.store.projects import Project, Scheme, list_schemes

__all__ = ["Residency"]

Noticed = Callable[[LiveProject, LiveScheme], None]


class Residency:
    """The live projects of this process. All methods belong to the event loop's thread."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        registry: PluginRegistry,
        noticed: Noticed,
        loaded: Noticed,
    ) -> None:
        self._settings = settings
        self._database = database
        self._registry = registry
        self._noticed = noticed
        self._loaded = loaded
        self._projects: dict[int, LiveProject] = {}
        self._loading: dict[int, asyncio.Task[LiveProject]] = {}
        self._heard_meanwhile: dict[int, list[Entry]] = {}

    @property
    def projects(self) -> list[LiveProject]:
        """Return the projects that are in memory."""
        return list(self._projects.values())

    def resident(self, project_id: int) -> LiveProject | None:
        """Return a project if it is in memory."""
        return self._projects.get(project_id)

    async def get(self, row: Project) -> LiveProject:
        """Return the live project, loading it if need be; requests for one load share it."""
        live = self._projects.get(row.id)
        if live is None:
            task = self._loading.get(row.id)
            if task is None:
                task = self._loading[row.id] = asyncio.create_task(self._load(row))
                task.add_done_callback(lambda _: self._loading.pop(row.id, None))
            live = await asyncio.shield(task)
        live.touch()
        return live

    def hear(self, entries: Sequence[Entry]) -> None:
        """Apply what was written to the log."""
        for entry in entries:
            if entry.project_id in self._heard_meanwhile:
                self._heard_meanwhile[entry.project_id].append(entry)
                continue
            live = self._projects.get(entry.project_id)
            scheme = live.hear(entry) if live is not None else None
            if live is not None and scheme is not None:
                self._noticed(live, scheme)

    async def reload_schemes(self, project_id: int) -> None:
        """Take what the database says of a project's schemes and labels now."""
        live = self._projects.get(project_id)
        if live is None:
            return
        async with self._database.read() as connection:
            rows = await list_schemes(connection, project_id)
        for row in rows:
            there = live.schemes.get(row.id)
            if there is not None:
                there.change(row)
            else:
                await self._add_scheme(live, row)
        for gone in set(live.schemes) - {row.id for row in rows}:
            del live.schemes[gone]

    async def grow(self, row: Project) -> None:
        """Take the rows that were added to a project."""
        live = self._projects.get(row.id)
        if live is not None and live.row.corpus_fingerprint != row.corpus_fingerprint:
            live.grow(row, await asyncio.to_thread(self._read_corpus, row))

    def drop(self, project_id: int) -> None:
        """Let a project go."""
        self._projects.pop(project_id, None)

    def tidy(self) -> None:
        """Let idle projects go, and the least recently used where memory is short."""
        horizon = time.monotonic() - self._settings.idle_hours * 3600
        budget = self._settings.memory_mb * 1_000_000
        newest_first = sorted(self._projects.values(), key=lambda p: p.used_at, reverse=True)
        for live in newest_first:
            budget -= live.size
            idle = live.used_at < horizon
            leased = any(scheme.board.leases for scheme in live.schemes.values())
            if idle or (budget < 0 and not leased and live is not newest_first[0]):
                self.drop(live.row.id)

    async def _load(self, row: Project) -> LiveProject:
        self._heard_meanwhile[row.id] = []
        try:
            corpus = await asyncio.to_thread(self._read_corpus, row)
            live = LiveProject(row, corpus, time.monotonic)
            async with self._database.read() as connection:
                schemes = await list_schemes(connection, row.id)
            for scheme in schemes:
                await self._add_scheme(live, scheme)
        finally:
            missed = self._heard_meanwhile.pop(row.id)
        self._projects[row.id] = live
        self.hear(missed)
        for scheme in live.schemes.values():
            self._loaded(live, scheme)
        return live

    async def _add_scheme(self, live: LiveProject, row: Scheme) -> None:
        built = self._registry.build("scheme-type", row.type, row.params)
        scheme = LiveScheme(row, cast("SchemeType[Any, Any]", built), live.corpus, time.monotonic)
        async with self._database.read() as connection:
            scheme.load(await read_entries(connection, row.id))
        live.schemes[row.id] = scheme
        # What was written between that snapshot and now was heard by nobody.
        async with self._database.read() as connection:
            for entry in await read_entries(connection, row.id, after=scheme.fold.seq):
                scheme.hear(entry)

    def _read_corpus(self, row: Project) -> LiveCorpus:
        frame = read_corpus(self._settings.projects / row.slug)
        return LiveCorpus(frame, row.config.get("context_columns", ()))
