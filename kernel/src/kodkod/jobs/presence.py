"""A worker's word that it is alive, for the health page, the monitor and admission."""

from __future__ import annotations

import os
import socket
import time

import msgspec
import psutil

from kodkod.jobs.cards import read_cards
from kodkod.jobs.runner import JobRunner
from kodkod.jobs.workspace import Workspace
from kodkod.store.database import now
from kodkod.store.workers import BEAT_SECONDS, WorkerRow, forget_worker, note_worker

__all__ = ["Presence"]

_MB = 1024 * 1024


class Presence:
    """Keeps the row of one worker up to date: at once, then every five seconds."""

    def __init__(
        self,
        workspace: Workspace,
        runner: JobRunner,
        *,
        name: str,
        queues: tuple[str, ...],
        card: str | None,
        master: str,
        restarts: int,
    ) -> None:
        self._workspace = workspace
        self._runner = runner
        self._process = psutil.Process()
        self._due_at = 0.0
        present = now()
        self._row = WorkerRow(
            name=name,
            host=socket.gethostname(),
            pid=os.getpid(),
            queue=",".join(queues),
            card=card,
            master=master,
            restarts=restarts,
            job_id=None,
            rss_mb=0,
            cards=[],
            started_at=present,
            heartbeat_at=present,
        )

    def beat(self) -> None:
        """Say that the worker is alive, if it is time to say so again."""
        if time.monotonic() < self._due_at:
            return
        self._due_at = time.monotonic() + BEAT_SECONDS
        cards = read_cards() if self._row.card is not None else []
        self._row = msgspec.structs.replace(
            self._row,
            job_id=self._runner.current,
            rss_mb=self._process.memory_info().rss // _MB,
            cards=msgspec.to_builtins(cards),
            heartbeat_at=now(),
        )
        self._workspace.note(note_worker, self._row)

    def leave(self) -> None:
        """Take the row away."""
        self._workspace.note(forget_worker, self._row.name)
