"""Entry of the process that runs one heavy job: `python -m kodkod.jobs.child JOB WORKER FILE`.

It writes the outcome to the open file with the number FILE, and leaves the row to its worker. It
lives as long as its standard input is open, so that it never outlives its worker.
"""

from __future__ import annotations

import logging
import os
import resource
import signal
import sys
import threading

import msgspec

from kodkod.jobs.outcome import job_component, job_context, run_component
from kodkod.jobs.pulse import Pulse
from kodkod.jobs.workspace import Workspace
from kodkod.logs import bind_process, configure_logs
from kodkod.settings import load_settings
from kodkod.store.jobs import find_job

__all__ = ["main"]


def main(job_id: str, worker: str, file: str) -> None:
    """Run the job that `worker` has claimed, and write its outcome."""
    settings = load_settings()
    configure_logs(settings.log_level)
    workspace = Workspace.open(settings)
    row = workspace.read(find_job, job_id)
    if row.worker != worker:
        return
    bind_process(job=row.id, request_id=row.request_id, worker=worker)
    with job_context(workspace, row, f"{worker}-child") as ctx:
        signal.signal(signal.SIGTERM, lambda _number, _frame: ctx.stop())
        with Pulse(ctx.flush):
            outcome = run_component(ctx, job_component(workspace, row))
        ctx.flush()
    peak = {"peak_memory_mb": _peak_mb()}
    outcome = msgspec.structs.replace(outcome, metrics=outcome.metrics | peak)
    with os.fdopen(int(file), "wb") as open_file:
        open_file.write(msgspec.json.encode(outcome))


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024) if sys.platform == "darwin" else peak / 1024


def end_with_parent() -> None:
    """Kill this process's group once the other end of standard input is closed."""

    def watch() -> None:
        while os.read(0, 1):
            pass
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=watch, name="parent", daemon=True).start()


if __name__ == "__main__":
    end_with_parent()
    main(*sys.argv[1:])
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    # Threads that a library left running must not keep the process.
    os._exit(0)
