"""The worker's side of a heavy job: a child process in a group of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time

import msgspec

from kodkod.jobs.context import KernelJobContext
from kodkod.jobs.outcome import Outcome

__all__ = ["run_child"]

_LOOK_SECONDS = 0.05


def run_child(ctx: KernelJobContext, worker: str) -> Outcome:
    """Run the context's job in a child until it ends; stop it when the context is to stop.

    Stopping is SIGTERM, the job's seconds of grace, then SIGKILL for the whole group.
    """
    began = time.monotonic()
    # Not on the data folder's disk, which may be full: that is what the child may have to say.
    with tempfile.TemporaryFile() as file:
        status = _await(ctx, _start(ctx, worker, file.fileno()))
        file.seek(0)
        outcome = _read(file.read())
    if outcome is None:
        stopped = ctx.stopping
        outcome = Outcome(
            state="stopped" if stopped else "died", error=None if stopped else _judge(status)
        )
    return msgspec.structs.replace(outcome, seconds=time.monotonic() - began)


def _start(ctx: KernelJobContext, worker: str, file: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "kodkod.jobs.child", ctx.job.id, worker, str(file)],
        env=os.environ | ctx.workspace.settings.environment(),
        stdin=subprocess.PIPE,
        pass_fds=(file,),
        start_new_session=True,
    )


def _await(ctx: KernelJobContext, process: subprocess.Popen[bytes]) -> int:
    deadline: float | None = None
    try:
        while True:
            try:
                return process.wait(_LOOK_SECONDS)
            except subprocess.TimeoutExpired:
                pass
            if deadline is None and ctx.stopping:
                process.terminate()
                deadline = time.monotonic() + ctx.grace
            elif deadline is not None and time.monotonic() > deadline:
                _kill(process)
    finally:
        # What the job started itself must not outlive it.
        _kill(process)
        process.wait()
        if process.stdin is not None:
            process.stdin.close()


def _read(written: bytes) -> Outcome | None:
    """Return what the child wrote, None where it did not come to that."""
    try:
        return msgspec.json.decode(written, type=Outcome)
    except msgspec.DecodeError:
        return None


def _judge(status: int) -> str:
    if status == -signal.SIGKILL:
        return "its process was killed; it may need more memory than there is"
    if status < 0:
        return f"its process died of {signal.Signals(-status).name}"
    return f"its process ended with exit status {status}; see the worker's log"


def _kill(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
