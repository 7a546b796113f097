"""The worker's side of a heavy job: a child process in a group of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import Literal

from msgspec import Struct

from kodkod.jobs.child import STOPPED
from kodkod.jobs.context import KernelJobContext

__all__ = ["GRACE_SECONDS", "ChildEnd", "run_child"]

GRACE_SECONDS = 5.0
_LOOK_SECONDS = 0.05


class ChildEnd(Struct, frozen=True):
    """How a child ended: it has `stored` the outcome, was `stopped`, or `died` for a reason."""

    how: Literal["stored", "stopped", "died"]
    reason: str = ""


def run_child(ctx: KernelJobContext, worker: str) -> ChildEnd:
    """Run the context's job in a child until it ends; stop it when the context is to stop.

    Stopping is SIGTERM, five seconds of grace, then SIGKILL for the whole group.
    """
    process = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "kodkod.jobs.child", ctx.job.id, worker],
        env=os.environ | ctx.workspace.settings.environment(),
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    deadline: float | None = None
    try:
        while True:
            try:
                return _judge(process.wait(_LOOK_SECONDS), stopped=deadline is not None)
            except subprocess.TimeoutExpired:
                pass
            if deadline is None and ctx.stopping:
                process.terminate()
                deadline = time.monotonic() + GRACE_SECONDS
            elif deadline is not None and time.monotonic() > deadline:
                _kill(process)
    finally:
        # What the job started itself must not outlive it.
        _kill(process)
        process.wait()
        if process.stdin is not None:
            process.stdin.close()


def _judge(status: int, *, stopped: bool) -> ChildEnd:
    if status == 0:
        return ChildEnd("stored")
    if stopped or status == STOPPED:
        return ChildEnd("stopped")
    if status == -signal.SIGKILL:
        return ChildEnd("died", "its process was killed; it may need more memory than there is")
    if status < 0:
        return ChildEnd("died", f"its process died of {signal.Signals(-status).name}")
    return ChildEnd("died", f"its process ended with exit status {status}; see the worker's log")


def _kill(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
