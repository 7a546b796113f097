"""`kodkod worker`: more workers, on this or another host."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import Annotated

from cyclopts import Parameter

from kodkod.api import InvalidInputError
from kodkod.cli.flags import Config, SettingsFlags, settings_from
from kodkod.logs import configure_logs

__all__ = ["worker"]


def worker(
    *,
    queues: Annotated[
        str, Parameter(help="Which jobs: live, cpu, gpu, separated by commas.")
    ] = "cpu",
    config: Config = None,
    flags: SettingsFlags | None = None,
) -> None:
    """Start workers in the foreground; Ctrl-C ends them, and their jobs go back into the queue.

    As many as the settings say (`cpu_workers`, ...), on `gpu` for each card of this host. They are
    restarted when they die. Broker, database and data folder must be those of the server.
    """
    settings = settings_from(config, flags)
    configure_logs(settings.log_level)
    from kodkod.jobs.messages import QUEUES
    from kodkod.jobs.supervised import supervise
    from kodkod.jobs.supervisor import places_for

    wanted = [each.strip() for each in queues.split(",")]
    if unknown := set(wanted) - set(QUEUES):
        raise InvalidInputError(
            f"There is no queue {', '.join(sorted(unknown))!r}; there are {', '.join(QUEUES)}."
        )
    places = places_for(settings, wanted)
    if not places:
        raise InvalidInputError(
            f"There is nothing to start for {queues!r}: the settings ask for no such worker, or "
            "this host has no graphics card that its driver (NVML) names."
        )
    os.environ |= settings.environment()  # Plugins read their settings there.
    asyncio.run(supervise(settings, places, (signal.SIGINT, signal.SIGTERM)))
