"""Sees that projections and topics follow a feature that was extended."""

from __future__ import annotations

import structlog

from kodkod.api import KodkodError
from kodkod.jobs.dispatcher import Dispatcher
from kodkod.jobs.needs import subject_of
from kodkod.store.database import Database
from kodkod.store.events import EventRow
from kodkod.store.projections import ProjectionRow, projections_behind
from kodkod.store.projects import project_with_id
from kodkod.store.topics import TopicsRow, topics_behind

__all__ = ["MapFollower"]

# A job that ends may have been the reason why another one's was refused.
_AFTER = frozenset({"extend-feature", "projection", "topics"})

_log = structlog.get_logger(__name__)


class MapFollower:
    """Between extended features and the jobs that place the new rows on what is made of them."""

    def __init__(self, database: Database, dispatcher: Dispatcher) -> None:
        self._database = database
        self._dispatcher = dispatcher

    def concerns(self, event: EventRow) -> bool:
        """Tell whether an event may mean that a map or topics lack rows of their feature."""
        return event.type == "job.done" and event.data["kind"] in _AFTER

    async def heard(self, event: EventRow) -> None:
        """Extend what is behind the feature that was extended."""
        await self._extend((event.data["result"] or {}).get("feature"))

    async def catch_up(self) -> None:
        """Extend what fell behind while no server ran."""
        await self._extend(None)

    async def _extend(self, feature_id: str | None) -> None:
        async with self._database.read() as connection:
            maps = await projections_behind(connection, feature_id)
            found = await topics_behind(connection, feature_id)
        for row in maps:
            await self._submit("extend-projection", {"projection_id": row.id}, row)
        for row in found:
            await self._submit("extend-topics", {"topics_id": row.id}, row)

    async def _submit(
        self, kind: str, params: dict[str, str], row: ProjectionRow | TopicsRow
    ) -> None:
        async with self._database.read() as connection:
            project = await project_with_id(connection, row.project_id)
        if project is None:
            return
        try:
            await self._dispatcher.submit(
                kind,
                params,
                user_id=0,
                username="kodkod",
                project=project,
                lock_key=f"extend:{row.id}",
                subject=subject_of(row.component, row.params),
            )
        except KodkodError as error:
            _log.info("a map is not extended now", map=row.id, reason=error.message)
