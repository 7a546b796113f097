"""Entry of the process that runs one heavy job: `python -m kodkod.jobs.child JOB WORKER`.

It lives as long as its standard input is open, so that it never outlives its worker.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading

from kodkod.jobs.outcome import job_component, job_context, run_component, store_outcome
from kodkod.jobs.pulse import Pulse
from kodkod.jobs.workspace import Workspace
from kodkod.logs import configure_logs
from kodkod.settings import load_settings
from kodkod.store.jobs import find_job

__all__ = ["STOPPED", "main"]

STOPPED = 75
"""Exit status of a child that let a request to stop through; the worker knows which it was."""


def main(job_id: str, worker: str) -> int:
    """Run the job that `worker` has claimed; return the exit status."""
    settings = load_settings()
    configure_logs(settings.log_level)
    workspace = Workspace.open(settings)
    row = workspace.read(find_job, job_id)
    if row.worker != worker:
        return 0
    with job_context(workspace, row, f"{worker}-child") as ctx:
        signal.signal(signal.SIGTERM, lambda _number, _frame: ctx.stop())
        with Pulse(ctx.flush):
            outcome = run_component(ctx, job_component(workspace, row))
        if outcome.state == "stopped":
            ctx.flush()
            return STOPPED
        store_outcome(ctx, worker, outcome)
    return 0


def end_with_parent() -> None:
    """Kill this process's group once the other end of standard input is closed."""

    def watch() -> None:
        while os.read(0, 1):
            pass
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=watch, name="parent", daemon=True).start()


if __name__ == "__main__":
    end_with_parent()
    # Threads that a library left running must not keep the process.
    status = main(*sys.argv[1:])
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
