"""Which projects are in memory: loaded on demand, kept while used, let go when idle."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, cast

import msgspec
import structlog

from kodkod.api import SchemeType
from kodkod.plugins import PluginRegistry
from kodkod.project.artefacts import open_artefacts
from kodkod.project.corpus import LiveCorpus
from kodkod.project.knowledge import Artefacts
from kodkod.project.live import LiveProject
from kodkod.project.scheme import LiveScheme
from kodkod.settings import Settings
from kodkod.store.artefacts import list_features, list_models
from kodkod.store.corpus import read_corpus
from kodkod.store.database import Database
from kodkod.store.drawn_samples import list_samples
from kodkod.store.log import Entry, read_entries
from kodkod.store.neighbours import OpenNeighbours
from kodkod.store.projections import list_projections
from kodkod.store.projects import Project, Scheme, list_schemes, project_with_id
from kodkod.store.tasks import list_tasks

__all__ = ["Residency"]

_log = structlog.get_logger("kodkod.project")

Noticed = Callable[[LiveProject, LiveScheme], None]
TakeUp = Callable[[Project, LiveScheme], Awaitable[None]]


class Residency:
    """The live projects of this process. All methods belong to the event loop's thread."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        registry: PluginRegistry,
        noticed: Noticed,
        loaded: Noticed,
        take_up: TakeUp,
    ) -> None:
        self._settings = settings
        self._database = database
        self._registry = registry
        self._noticed = noticed
        self._loaded = loaded
        self._take_up = take_up
        self._projects: dict[int, LiveProject] = {}
        self._loading: dict[int, asyncio.Task[LiveProject]] = {}
        self._heard_meanwhile: dict[int, list[Entry]] = {}
        self._scheme_heard_meanwhile: dict[int, list[Entry]] = {}
        self._reloading = asyncio.Lock()
        self._neighbours = OpenNeighbours()

    @property
    def projects(self) -> list[LiveProject]:
        """Return the projects that are in memory."""
        return list(self._projects.values())

    def resident(self, project_id: int) -> LiveProject | None:
        """Return a project if it is in memory."""
        return self._projects.get(project_id)

    async def get(self, row: Project) -> LiveProject:
        """Return the live project, loading it if need be; requests for one load share it.

        Of the schemes, it has those that are there for the request that `row` is of.
        """
        live = self._projects.get(row.id)
        if live is None:
            task = self._loading.get(row.id)
            if task is None:
                task = self._loading[row.id] = asyncio.create_task(self._load(row))
                task.add_done_callback(lambda _: self._loading.pop(row.id, None))
            live = await asyncio.shield(task)
        live.touch()
        return live.seen_as(row)

    def hear(self, entries: Sequence[Entry]) -> None:
        """Apply what was written to the log."""
        for entry in entries:
            if entry.project_id in self._heard_meanwhile:
                self._heard_meanwhile[entry.project_id].append(entry)
                continue
            if entry.scheme_id in self._scheme_heard_meanwhile:
                self._scheme_heard_meanwhile[entry.scheme_id].append(entry)
                continue
            self._take(entry)

    def _take(self, entry: Entry) -> None:
        live = self._projects.get(entry.project_id)
        if live is None:
            return
        try:
            scheme = live.hear(entry)
            if scheme is not None:
                self._noticed(live, scheme)
        except Exception:  # noqa: BLE001 - logged; what is in memory is made anew from the log
            _log.exception("a project could not take up an entry", seq=entry.seq)
            self.drop(entry.project_id)

    async def reload_schemes(self, project_id: int) -> None:
        """Take what the database says of a project's schemes and labels now."""
        async with self._reloading:
            live = await self._loaded_or_none(project_id)
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

    async def reload_tasks(self, project_id: int) -> None:
        """Take what the database says of a project's tasks now."""
        async with self._reloading:
            live = await self._loaded_or_none(project_id)
            for scheme in list(live.schemes.values()) if live else ():
                async with self._database.read() as connection:
                    scheme.assign(await list_tasks(connection, scheme.row.id))

    async def _loaded_or_none(self, project_id: int) -> LiveProject | None:
        """Return a resident project; one that is being loaded may have read what was before."""
        task = self._loading.get(project_id)
        if task is not None:
            await asyncio.wait([task])
        return self._projects.get(project_id)

    async def grow(self, row: Project) -> None:
        """Take the rows that were added to a project."""
        live = await self._loaded_or_none(row.id)
        if live is None or live.row.corpus_fingerprint == row.corpus_fingerprint:
            return
        corpus = await asyncio.to_thread(self._read_corpus, row)
        # Of two files added one after the other, the first may be read last.
        if len(corpus) > len(live.corpus):
            live.grow(row, corpus)

    async def reload_artefacts(self, project_id: int) -> None:
        """Take what jobs have made of a project by now."""
        live = await self._loaded_or_none(project_id)
        if live is not None:
            live.know(await self._read_artefacts(live.row))

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
            async with self._database.read() as connection:
                # The row that was given may be remembered from before rows were added.
                whole = msgspec.structs.replace(row, hidden=frozenset(), locked=frozenset())
                row = await project_with_id(connection, row.id) or whole
            corpus = await asyncio.to_thread(self._read_corpus, row)
            live = LiveProject(row, corpus, time.monotonic)
            async with self._database.read() as connection:
                schemes = await list_schemes(connection, row.id)
            for scheme in schemes:
                await self._add_scheme(live, scheme)
            live.know(await self._read_artefacts(row))
            for scheme in live.schemes.values():
                await self._take_up(row, scheme)
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
        # What is written after the snapshot is heard, and kept until the snapshot is read.
        self._scheme_heard_meanwhile[row.id] = []
        try:
            async with self._database.read() as connection:
                entries = await read_entries(connection, row.id)
                tasks = await list_tasks(connection, row.id)
            # Nobody else has the scheme yet, and a long log takes seconds.
            await asyncio.to_thread(scheme.load, entries)
        finally:
            missed = self._scheme_heard_meanwhile.pop(row.id)
        if scheme.corpus is not live.corpus:
            scheme.grow(live.corpus)
        scheme.artefacts = live.artefacts
        live.schemes[row.id] = scheme
        for entry in missed:
            scheme.hear(entry)
        if tasks:
            scheme.assign(tasks)

    async def _read_artefacts(self, row: Project) -> Artefacts:
        async with self._database.read() as connection:
            features = await list_features(connection, row.id)
            models = await list_models(connection, row.id)
            projections = await list_projections(connection, row.id)
            samples = await list_samples(connection, row.id)
        root = self._settings.projects / row.slug
        opened = await asyncio.to_thread(
            open_artefacts, root, features, models, self._neighbours, projections
        )
        return msgspec.structs.replace(opened, samples=tuple(samples))

    def _read_corpus(self, row: Project) -> LiveCorpus:
        frame = read_corpus(self._settings.projects / row.slug, n_rows=row.n_rows)
        return LiveCorpus(frame, row.config.get("context_columns", ()))
