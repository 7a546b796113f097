"""Make a project from a file, or let it grow: read, check, write aside, register."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from kodkod.api import Split
from kodkod.plugins import PluginRegistry
from kodkod.project.importing import ProjectConfig, append_rows, build_corpus, read_table
from kodkod.settings import Settings
from kodkod.store import projects
from kodkod.store.corpus import CorpusFacts, read_corpus, write_corpus
from kodkod.store.database import Database
from kodkod.store.files import aside_folder, discard
from kodkod.store.memory import give_back
from kodkod.store.projects import Project

__all__ = ["Workshop"]


class Workshop:
    """Where corpora are made. Used by the web process, and by workers for large files."""

    def __init__(self, settings: Settings, database: Database, registry: PluginRegistry) -> None:
        self._settings = settings
        self._database = database
        self._registry = registry
        self._growing: dict[int, asyncio.Lock] = {}

    async def create(
        self, path: Path, filename: str, config: ProjectConfig, *, owner_id: int, owner: str
    ) -> Project:
        """Make a project of which the owner is manager. On an error nothing is left behind.

        Raises:
            InvalidInputError: the file or the config cannot be used; the message says where.
        """
        async with self._database.read() as connection:
            slug = await projects.free_slug(connection, config.name)
        written = await asyncio.to_thread(self._write, path, filename, config, slug)
        return await self._register(written, owner_id, owner, msgspec.to_builtins(config))

    async def copy(self, project: Project, name: str, *, owner_id: int, owner: str) -> Project:
        """Make another project of a project's texts, of which the owner is manager."""
        async with self._database.read() as connection:
            slug = await projects.free_slug(connection, name)
        home = self._settings.projects

        def write() -> tuple[Path, CorpusFacts]:
            frame = read_corpus(home / project.slug, n_rows=project.n_rows)
            return _write_new(home, slug, frame)

        return await self._register(
            await asyncio.to_thread(write),
            owner_id,
            owner,
            {**project.config, "name": name, "language": project.language},
        )

    async def add_rows(
        self, project: Project, path: Path, filename: str, split: Split
    ) -> tuple[Project, int]:
        """Append a file's rows to a project, all to one split; one file at a time.

        Returns the project as it is then, and how many rows were added.

        Raises:
            InvalidInputError: as `create`, or an id is there already.
        """
        async with self._growing.setdefault(project.id, asyncio.Lock()):
            # Another file may have been added while this one waited.
            async with self._database.read() as connection:
                project = await projects.find_project(connection, project.slug)
            facts = await asyncio.to_thread(self._append, project, path, filename, split)
            async with self._database.write() as connection:
                await projects.change_project(connection, project.id, **_columns(facts))
            async with self._database.read() as connection:
                grown = await projects.find_project(connection, project.slug)
            return grown, grown.n_rows - project.n_rows

    async def _register(
        self,
        written: tuple[Path, CorpusFacts],
        owner_id: int,
        owner: str,
        config: dict[str, Any],
    ) -> Project:
        folder, facts = written
        try:
            async with self._database.write() as connection:
                return await projects.add_project(
                    connection,
                    owner_id=owner_id,
                    slug=folder.name,
                    name=config["name"],
                    language=config["language"],
                    config=config,
                    created_by=owner,
                    **_columns(facts),
                )
        except BaseException:
            await asyncio.to_thread(discard, folder)
            raise

    def _write(
        self, path: Path, filename: str, config: ProjectConfig, slug: str
    ) -> tuple[Path, CorpusFacts]:
        """Read the file and write the corpus; the tables in between are gone on return."""
        try:
            raw = read_table(
                path, filename, self._registry, config.importer, config.importer_params
            )
            frame = build_corpus(raw, config, self._registry)
            del raw
            return _write_new(self._settings.projects, slug, frame)
        finally:
            give_back()

    def _append(self, project: Project, path: Path, filename: str, split: Split) -> CorpusFacts:
        config = msgspec.convert(project.config, ProjectConfig)
        raw = read_table(path, filename, self._registry, config.importer, config.importer_params)
        folder = self._settings.projects / project.slug
        corpus = read_corpus(folder, n_rows=project.n_rows)
        return write_corpus(folder, append_rows(corpus, raw, config, split.code))


def _claim(home: Path, slug: str) -> Path:
    """Make the folder of a new project: making it is what decides between two at once.

    A folder may also be left of a server that died before it registered the project.
    """
    folder, number = home / slug, 1
    while True:
        try:
            folder.mkdir()
        except FileExistsError:
            number += 1
            folder = home / f"{slug}-{number}"
        else:
            return folder


def _write_new(home: Path, slug: str, frame: pl.DataFrame) -> tuple[Path, CorpusFacts]:
    """Write aside first: whoever is killed meanwhile leaves no folder that looks like a project."""
    with aside_folder(home / slug) as aside:
        facts = write_corpus(aside, frame)
        folder = _claim(home, slug)
        aside.replace(folder)
    return folder, facts


def _columns(facts: CorpusFacts) -> dict[str, object]:
    return {
        "n_rows": facts.n_rows,
        "splits": facts.splits,
        "corpus_fingerprint": facts.fingerprint,
    }
