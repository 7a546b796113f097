"""Keeps guides up to date: a refresh when one is due, its result into the live project."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import structlog
from numpy.typing import NDArray

from kodkod.api import ConflictError, KodkodError
from kodkod.jobs.dispatcher import Dispatcher
from kodkod.jobs.kinds.guide import GuideManifest, GuideRefreshed, guide_versions
from kodkod.jobs.needs import subject_of
from kodkod.jobs.places import ProjectPlaces
from kodkod.jobs.records import JobNews, news_of
from kodkod.project.assessment import assessment_due
from kodkod.project.guide import HeldOutRows, Predictions
from kodkod.project.live import LiveProject
from kodkod.project.residency import Residency
from kodkod.project.scheme import LiveScheme
from kodkod.settings import Settings
from kodkod.store.artefacts import list_features
from kodkod.store.beliefs import read_assessment, read_beliefs
from kodkod.store.database import Database
from kodkod.store.files import discard
from kodkod.store.jobs import find_job
from kodkod.store.projects import Project

__all__ = ["Refresher"]

_log = structlog.get_logger("kodkod.guide")
_MORE = 1.1


class Refresher:
    """Between live projects and the `live` workers. Belongs to the event loop's thread."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        residency: Callable[[], Residency],
        dispatcher: Dispatcher,
    ) -> None:
        self._settings = settings
        self._database = database
        self._residency = residency
        self._dispatcher = dispatcher
        self._under_way: dict[str, tuple[int, int]] = {}
        self._adopted: set[str] = set()
        self._assessing: dict[str, tuple[int, int]] = {}
        self._asked_at: dict[int, int] = {}
        self._idle: dict[int, asyncio.TimerHandle] = {}
        self._began: dict[int, float] = {}
        self._rests: dict[int, float] = {}
        """Until when a guide rests, by scheme: as long as its last refresh took, so that a crowd
        of annotators does not keep it, and the cores that they need, at work without a break."""
        self._tasks: set[asyncio.Task[None]] = set()

    def noticed(self, live: LiveProject, scheme: LiveScheme) -> None:
        """Start a refresh if one is due. Called after each annotation; returns at once."""
        guide = scheme.guide
        if guide is None:
            return
        if guide.due:
            rest = self._rests.get(scheme.row.id, 0.0) - asyncio.get_running_loop().time()
            if rest <= 0:
                self._start(self.refresh(live.row, scheme))
            else:
                self._wait_for(live, scheme, rest)
        elif guide.due_when_idle and guide.config.refresh_idle_seconds is not None:
            self._wait_for(live, scheme, guide.config.refresh_idle_seconds)

    def _wait_for(self, live: LiveProject, scheme: LiveScheme, seconds: float) -> None:
        """Look again after a while: each annotation begins the wait anew."""
        before = self._idle.pop(scheme.row.id, None)
        if before is not None:
            before.cancel()
        self._idle[scheme.row.id] = asyncio.get_running_loop().call_later(
            seconds, partial(self._waited, live, scheme)
        )

    def _waited(self, live: LiveProject, scheme: LiveScheme) -> None:
        self._idle.pop(scheme.row.id, None)
        guide, there = scheme.guide, self._residency().resident(live.row.id)
        if there is live and guide is not None and (guide.due or guide.due_when_idle):
            self._start(self.refresh(live.row, scheme))

    async def take_up(self, project: Project, scheme: LiveScheme) -> None:
        """Take what a guide had come to before its project was loaded."""
        if scheme.guide is None:
            return
        home = ProjectPlaces.of(self._settings, project.slug).guide(scheme.row.id)
        versions = await asyncio.to_thread(guide_versions, home)
        if versions:
            await self._take_assessment(project, scheme)
            await self._publish(scheme, home / str(versions[-1]))

    def loaded(self, live: LiveProject, scheme: LiveScheme) -> None:
        """Let a guide learn what was annotated since its last refresh."""
        if scheme.guide is not None:
            self._start(self._catch_up(live, scheme))

    async def refresh(self, project: Project, scheme: LiveScheme) -> None:
        """Queue a refresh; one that is asked for while another runs comes after it."""
        guide = scheme.guide
        if guide is None:
            return
        if guide.refreshing:
            guide.wanted = True
            return
        guide.began()
        self._began[scheme.row.id] = asyncio.get_running_loop().time()
        config = guide.config
        try:
            job = await self._dispatcher.submit(
                "guide",
                {
                    "scheme_id": scheme.row.id,
                    "model": config.model,
                    "features": config.features,
                    "params": config.params,
                    "ensemble": config.ensemble,
                },
                user_id=0,
                username="kodkod",
                project=project,
                lock_key=f"guide:{scheme.row.id}",
                subject=subject_of(config.model, config.params),
            )
        except KodkodError as error:
            if isinstance(error, ConflictError) and error.job is not None:
                await self._adopt(error.job, project, scheme)
                return
            guide.ended(error.message)
            _log.warning("a guide could not be refreshed", reason=error.message)
            return
        self._under_way[job.id] = (project.id, scheme.row.id)

    async def reset(self, project: Project, scheme: LiveScheme) -> None:
        """Forget what an earlier guide of the scheme came to."""
        self._under_way = {
            job: where for job, where in self._under_way.items() if where[1] != scheme.row.id
        }
        self._asked_at.pop(scheme.row.id, None)
        home = ProjectPlaces.of(self._settings, project.slug).guide(scheme.row.id)
        await asyncio.to_thread(discard, home)

    async def heard(self, news: JobNews) -> None:
        """Publish the result of a refresh that ended, or of an assessment."""
        if news.state not in {"queued", "running"} and news.id in self._assessing:
            await self._assessed(*self._assessing.pop(news.id))
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
            present = asyncio.get_running_loop().time()
            self._rests[scheme_id] = 2 * present - self._began.pop(scheme_id, present)
            await self._assess(live.row, scheme)
        if news.id in self._adopted:
            self._adopted.discard(news.id)
            self.loaded(live, scheme)
        else:
            self.noticed(live, scheme)

    async def stop(self) -> None:
        """Wait for what has begun."""
        for timer in self._idle.values():
            timer.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _adopt(self, job_id: str, project: Project, scheme: LiveScheme) -> None:
        """Wait for a refresh that an earlier server began, to catch up with the log after it."""
        self._adopted.add(job_id)
        self._under_way[job_id] = (project.id, scheme.row.id)
        async with self._database.read() as connection:
            row = await find_job(connection, job_id)
        # It may have ended before anybody listened.
        await self.heard(news_of(row))

    def _start(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _catch_up(self, live: LiveProject, scheme: LiveScheme) -> None:
        await self.take_up(live.row, scheme)
        seen = scheme.predictions.trained_at_seq if scheme.predictions else 0
        if scheme.guide is not None and scheme.fold.seq > seen:
            await self.refresh(live.row, scheme)

    async def _publish(self, scheme: LiveScheme, folder: Path) -> None:
        try:
            manifest, predictions = await asyncio.to_thread(_read, folder)
        except (OSError, ValueError, msgspec.MsgspecError) as error:
            # A newer refresh has swept it away, or it was damaged; the next one mends that.
            _log.warning("a guide's predictions cannot be read", reason=str(error))
            return
        if not await self._fits(scheme, manifest):
            return
        orders, walks = await asyncio.to_thread(scheme.renew, predictions)
        scheme.publish(predictions, orders, walks)

    async def _assess(self, project: Project, scheme: LiveScheme) -> None:
        """Queue a cross-validation of the guide where much was learnt since the last one."""
        guide = scheme.guide
        if guide is None or guide.predictions is None:
            return
        last = guide.held_out.outcome if guide.held_out else None
        n_train, asked_at = guide.predictions.n_train, self._asked_at.get(scheme.row.id)
        if not assessment_due(last, n_train) or asked_at == n_train:
            return
        # One that found too little to go by is not asked for again before there is more.
        if last is None and asked_at is not None and n_train < _MORE * asked_at:
            return
        self._asked_at[scheme.row.id] = n_train
        config = guide.config
        try:
            job = await self._dispatcher.submit(
                "assess",
                {
                    "scheme_id": scheme.row.id,
                    "model": config.model,
                    "features": config.features,
                    "params": config.params,
                },
                user_id=0,
                username="kodkod",
                project=project,
                lock_key=f"assess:{scheme.row.id}",
                subject=subject_of(config.model, config.params),
            )
        except KodkodError as error:
            _log.info("a guide is not assessed now", reason=error.message)
            return
        self._assessing[job.id] = (project.id, scheme.row.id)

    async def _assessed(self, project_id: int, scheme_id: int) -> None:
        live = self._residency().resident(project_id)
        scheme = live.schemes.get(scheme_id) if live is not None else None
        if live is not None and scheme is not None:
            await self._take_assessment(live.row, scheme)

    async def _take_assessment(self, project: Project, scheme: LiveScheme) -> None:
        home = ProjectPlaces.of(self._settings, project.slug).guide(scheme.row.id)
        found = await asyncio.to_thread(read_assessment, home)
        if found is not None and scheme.guide is not None:
            scheme.guide.held_out = HeldOutRows(
                rows=found.rows,
                probabilities=found.held_out,
                label_ids=tuple(found.facts.label_ids),
                outcome=found.facts.held_out,
            )

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


def _read(folder: Path) -> tuple[GuideManifest, Predictions]:
    manifest = msgspec.json.decode((folder / "manifest.json").read_bytes(), type=GuideManifest)
    members: NDArray[np.float32] | None = None
    if manifest.members:
        members = np.load(folder / "members.npy", mmap_mode="r")
    earlier = [each for each in read_beliefs(folder.parent) if each.version < manifest.version]
    return manifest, Predictions(
        version=manifest.version,
        probabilities=np.load(folder / "probabilities.npy", mmap_mode="r"),
        label_ids=tuple(manifest.label_ids),
        trained_at_seq=manifest.trained_at_seq,
        n_train=manifest.n_train,
        belief=manifest.belief,
        before=earlier[-1] if earlier and manifest.belief else None,
        members=members,
    )
