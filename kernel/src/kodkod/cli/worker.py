"""`kodkod worker`: one more worker, on this or another host."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import Parameter

from kodkod.cli.flags import Config, SettingsFlags, settings_from
from kodkod.logs import configure_logs

__all__ = ["worker"]


def worker(
    *,
    queue: Annotated[Literal["live", "cpu", "gpu"], Parameter(help="Which jobs it takes.")] = "cpu",
    config: Config = None,
    flags: SettingsFlags | None = None,
) -> None:
    """Start a worker in the foreground; Ctrl-C ends it, and its job goes back into the queue."""
    settings = settings_from(config, flags)
    configure_logs(settings.log_level)
    from kodkod.jobs.worker import run_worker

    run_worker(settings, queue)
