"""Sees that dense features of many rows have an index of neighbours."""

from __future__ import annotations

import asyncio

import structlog

from kodkod.api import KodkodError, UnavailableError
from kodkod.jobs.dispatcher import Dispatcher
from kodkod.jobs.needs import subject_of
from kodkod.jobs.places import ProjectPlaces
from kodkod.settings import Settings
from kodkod.store.artefacts import FeatureRow, find_feature, large_features
from kodkod.store.database import Database
from kodkod.store.events import EventRow
from kodkod.store.neighbours import INDEXED_FROM, is_indexed, wants_index
from kodkod.store.projects import Project, project_with_id

__all__ = ["Indexer"]

_AFTER = frozenset({"feature", "extend-feature", "index"})

_log = structlog.get_logger(__name__)


class Indexer:
    """Between finished features and the jobs that index them."""

    def __init__(self, settings: Settings, database: Database, dispatcher: Dispatcher) -> None:
        self._settings = settings
        self._database = database
        self._dispatcher = dispatcher

    def concerns(self, event: EventRow) -> bool:
        """Tell whether an event may mean that a feature has rows without an index."""
        return event.type == "job.done" and event.data["kind"] in _AFTER

    async def heard(self, event: EventRow) -> None:
        """Index the feature that a finished job has made or extended, where it should be.

        After an index as well: rows may have come while it was made.
        """
        made = (event.data["result"] or {}).get("feature")
        if made is None:
            return
        async with self._database.read() as connection:
            row = await find_feature(connection, made)
        if row is not None:
            await self._index(row)

    async def catch_up(self) -> None:
        """Index what was finished while no server ran."""
        async with self._database.read() as connection:
            rows = await large_features(connection, INDEXED_FROM)
        for row in rows:
            await self._index(row)

    async def _index(self, row: FeatureRow) -> None:
        if not wants_index(row.rows, sparse=row.sparse):
            return
        async with self._database.read() as connection:
            project = await project_with_id(connection, row.project_id)
        if project is None or await asyncio.to_thread(self._is_indexed, project, row):
            return
        try:
            await self._dispatcher.submit(
                "index",
                {"feature_id": row.id},
                user_id=0,
                username="kodkod",
                project=project,
                # Where one is under way, that job takes up the new rows as well.
                lock_key=f"index:{row.id}",
                subject=subject_of(row.component, row.params),
            )
        except KodkodError as error:
            _log.info("a feature is not indexed now", feature=row.id, reason=error.message)

    def _is_indexed(self, project: Project, row: FeatureRow) -> bool:
        try:
            return is_indexed(ProjectPlaces.of(self._settings, project.slug).feature(row.id))
        except UnavailableError:
            return True
