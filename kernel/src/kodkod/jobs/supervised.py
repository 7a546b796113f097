"""Workers without a server beside them: what `kodkod worker` runs."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence

import structlog

from kodkod.jobs.brokers.broker import make_broker
from kodkod.jobs.dispatcher import Dispatcher
from kodkod.jobs.kinds import plugin as job_kinds
from kodkod.jobs.supervisor import Place, Supervisor
from kodkod.plugins import PluginRegistry
from kodkod.plugins.sections import check_sections
from kodkod.settings import Settings
from kodkod.store.database import Database

__all__ = ["supervise"]

_log = structlog.get_logger(__name__)


async def supervise(
    settings: Settings, places: Sequence[Place], ends: Sequence[signal.Signals]
) -> None:
    """Keep workers at `places` alive until one of the signals `ends` comes.

    Raises:
        InvalidInputError: a plugin's settings are not acceptable.
        UnavailableError: database or broker cannot be used.
    """
    over = asyncio.Event()
    for number in ends:
        asyncio.get_running_loop().add_signal_handler(number, over.set)
    registry = PluginRegistry.load(extra=[job_kinds])
    check_sections(registry.sections(), settings.sections)
    database = Database.at(settings.database_url, settings.data_dir)
    broker = make_broker(settings.broker_url, settings.data_dir)
    try:
        await database.migrate()
        dispatcher = Dispatcher(settings, database, broker, registry)
        supervisor = Supervisor(settings, dispatcher.worker_died, places)
        await supervisor.start()
        _log.info("workers started", queues=[place.queue for place in places])
        await over.wait()
        await supervisor.stop()
        await dispatcher.stop()
    finally:
        broker.close()
        await database.close()
