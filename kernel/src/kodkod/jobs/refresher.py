"""Keeps guides up to date: a refresh when one is due, its result into the live project."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import structlog
from numpy.typing import NDArray

from kodkod.api import KodkodError
from kodkod.jobs.dispatcher import Dispatcher
from kodkod.jobs.kinds.guide import GuideManifest, GuideRefreshed, guide_versions
from kodkod.jobs.needs import subject_of
from kodkod.jobs.places import ProjectPlaces
from kodkod.jobs.records import JobNews
from kodkod.project.guide import Predictions
from kodkod.project.live import LiveProject
from kodkod.project.orders import OrderKey
from kodkod.project.residency import Residency
from kodkod.project.scheme import Choice, LiveScheme, WalkKey
from kodkod.project.walk import PoolWalk
from kodkod.settings import Settings
from kodkod.store.artefacts import list_features
from kodkod.store.database import Database
from kodkod.store.files import discard
from kodkod.store.projects import Project

__all__ = ["Refresher"]

_log = structlog.get_logger("kodkod.guide")

ChoiceOf = Callable[[str, dict[str, Any]], Choice]


class Refresher:
    """Between live projects and the `live` workers. Belongs to the event loop's thread."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        residency: Callable[[], Residency],
        dispatcher: Dispatcher,
        choice_of: ChoiceOf,
    ) -> None:
        self._settings = settings
        self._database = database
        self._residency = residency
        self._dispatcher = dispatcher
        self._choice_of = choice_of
        self._under_way: dict[str, tuple[int, int]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def noticed(self, live: LiveProject, scheme: LiveScheme) -> None:
        """Start a refresh if one is due. Called after each annotation; returns at once."""
        if scheme.guide is not None and scheme.guide.due:
            self._start(self.refresh(live.row, scheme))

    def loaded(self, live: LiveProject, scheme: LiveScheme) -> None:
        """Take up what the guide had come to before the project was loaded."""
        if scheme.guide is not None:
            self._start(self._resume(live, scheme))

    async def refresh(self, project: Project, scheme: LiveScheme) -> None:
        """Queue a refresh, unless one is under way."""
        guide = scheme.guide
        if guide is None or guide.refreshing:
            return
        guide.began()
        config = guide.config
        try:
            job = await self._dispatcher.submit(
                "guide",
                {
                    "scheme_id": scheme.row.id,
                    "model": config.model,
                    "features": config.features,
                    "params": config.params,
                },
                user_id=0,
                username="kodkod",
                project=project,
                lock_key=f"guide:{scheme.row.id}",
                subject=subject_of(config.model, config.params),
            )
        except KodkodError as error:
            guide.ended(error.message)
            _log.warning("a guide could not be refreshed", reason=error.message)
            return
        self._under_way[job.id] = (project.id, scheme.row.id)

    async def reset(self, project: Project, scheme: LiveScheme) -> None:
        """Forget what an earlier guide of the scheme came to."""
        self._under_way = {
            job: where for job, where in self._under_way.items() if where[1] != scheme.row.id
        }
        home = ProjectPlaces.of(self._settings, project.slug).guide(scheme.row.id)
        await asyncio.to_thread(discard, home)

    async def heard(self, news: JobNews) -> None:
        """Publish the result of a refresh that ended."""
        if news.id not in self._under_way or news.state in {"queued", "running"}:
            return
        project_id, scheme_id = self._under_way.pop(news.id)
        live = self._residency().resident(project_id)
        scheme = live.schemes.get(scheme_id) if live is not None else None
        if live is None or scheme is None or scheme.guide is None:
            return
        message = news.error or ""
        if news.state == "done" and news.result is not None:
            done = msgspec.convert(news.result, GuideRefreshed)
            message = done.message
            if done.folder is not None:
                await self._publish(scheme, Path(done.folder))
        if scheme.guide is not None:
            scheme.guide.ended(message)
        self.noticed(live, scheme)

    async def stop(self) -> None:
        """Wait for what has begun."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _resume(self, live: LiveProject, scheme: LiveScheme) -> None:
        home = ProjectPlaces.of(self._settings, live.row.slug).guide(scheme.row.id)
        versions = await asyncio.to_thread(guide_versions, home)
        if versions:
            await self._publish(scheme, home / str(versions[-1]))
        seen = scheme.predictions.trained_at_seq if scheme.predictions else 0
        if scheme.guide is not None and scheme.fold.seq > seen:
            await self.refresh(live.row, scheme)

    async def _publish(self, scheme: LiveScheme, folder: Path) -> None:
        try:
            manifest, probabilities = await asyncio.to_thread(_read, folder)
        except (OSError, msgspec.DecodeError) as error:
            # A newer refresh has swept it away, or it was damaged; the next one mends that.
            _log.warning("a guide's predictions cannot be read", reason=str(error))
            return
        if not await self._fits(scheme, manifest):
            return
        predictions = Predictions(
            version=manifest.version,
            probabilities=probabilities,
            label_ids=tuple(manifest.label_ids),
            trained_at_seq=manifest.trained_at_seq,
            n_train=manifest.n_train,
        )
        orders, walks = await asyncio.to_thread(self._renew, scheme, predictions)
        scheme.publish(predictions, orders, walks)

    async def _fits(self, scheme: LiveScheme, manifest: GuideManifest) -> bool:
        """Tell whether predictions are of the guide as it is now."""
        if scheme.guide is None:
            return False
        config = scheme.guide.config
        async with self._database.read() as connection:
            rows = await list_features(connection, scheme.row.project_id)
        ids = {row.name: row.id for row in rows}
        features = [ids.get(name, name) for name in config.features]
        return (manifest.model, manifest.features) == (config.model, features)

    def _renew(
        self, scheme: LiveScheme, predictions: Predictions
    ) -> tuple[dict[OrderKey, NDArray[np.int64]], dict[WalkKey, PoolWalk]]:
        """Make from new predictions what is in use of old ones, so that nobody waits for it."""
        old_orders, old_walks = scheme.in_use()
        orders: dict[OrderKey, NDArray[np.int64]] = {}
        for old in old_orders:
            new = msgspec.structs.replace(old, version=predictions.version)
            choice = self._choice_of(old.strategy, msgspec.json.decode(old.params))
            orders[new] = scheme.make_order(choice, predictions)
        walks: dict[WalkKey, PoolWalk] = {}
        for key in old_walks:
            order_key = msgspec.structs.replace(key.order, version=predictions.version)
            if order_key in orders:
                new_key = msgspec.structs.replace(key, order=order_key)
                walks[new_key] = scheme.remake_walk(new_key, orders[order_key])
        return orders, walks


def _read(folder: Path) -> tuple[GuideManifest, NDArray[np.float32]]:
    manifest = msgspec.json.decode((folder / "manifest.json").read_bytes(), type=GuideManifest)
    return manifest, np.load(folder / "probabilities.npy", mmap_mode="r")
