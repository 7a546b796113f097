"""A job run through a worker, in an installation of its own that is deleted afterwards."""

from __future__ import annotations

import asyncio
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from time import perf_counter

import msgspec

from kodkod.api import KodkodError
from kodkod.cli.checkup.finding import Case, Finding, ok, problem
from kodkod.jobs.brokers.broker import make_broker
from kodkod.jobs.dispatcher import Dispatcher
from kodkod.jobs.supervisor import Place, Supervisor
from kodkod.plugins import PluginRegistry
from kodkod.project.importing import ProjectConfig
from kodkod.settings import Settings
from kodkod.store.database import Database
from kodkod.store.jobs import JobRow, find_job
from kodkod.store.people import add_user

__all__ = ["try_job"]

_PATIENCE_SECONDS = 90.0
_LOOK_SECONDS = 0.05
_TEXTS = "id,text\n" + "".join(f"{number},text {number}\n" for number in range(10))
_MEND = "Run kodkod worker --log-level debug in a terminal to see what it says."


def try_job(case: Case) -> Iterator[Finding]:
    """Start a worker and have it import ten texts. Takes some seconds; touches nothing else."""
    with tempfile.TemporaryDirectory(prefix="kodkod-doctor-") as folder:
        settings = msgspec.structs.replace(
            case.settings,
            data_dir=Path(folder),
            models_dir=None,
            database_url="",
            broker_url="",
            min_free_mb=0,
            log_level="critical",
        )
        began = perf_counter()
        try:
            row = asyncio.run(_run(settings, case.registry))
        except TimeoutError:
            said = f"A worker did not finish a small job in {_PATIENCE_SECONDS:.0f} s."
            yield problem("trial", said, _MEND)
            return
        except (KodkodError, OSError) as error:
            yield problem("trial", f"A job could not be run: {error}", _MEND)
            return
    seconds = perf_counter() - began
    if row.state == "done":
        yield ok("trial", f"A worker started and ran a job in {seconds:.1f} s")
    else:
        yield problem("trial", f"A small job is {row.state}: {row.error}", _MEND)


async def _run(settings: Settings, registry: PluginRegistry) -> JobRow:
    async with AsyncExitStack() as stack:
        database = Database.at("", settings.data_dir)
        stack.push_async_callback(database.close)
        await database.migrate()
        broker = make_broker("", settings.data_dir)
        stack.callback(broker.close)
        dispatcher = Dispatcher(settings, database, broker, registry)
        stack.push_async_callback(dispatcher.stop)
        supervisor = Supervisor(settings, places=[Place(queue="cpu")])
        stack.push_async_callback(supervisor.stop)
        await supervisor.start()
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return await _import(settings, database, dispatcher)


async def _import(settings: Settings, database: Database, dispatcher: Dispatcher) -> JobRow:
    async with database.write() as connection:
        user = await add_user(
            connection, username="doctor", sign_in="none", secret="", role="manager"
        )
    upload = settings.data_dir / "uploads" / secrets.token_hex(8)
    upload.parent.mkdir()
    upload.write_text(_TEXTS, encoding="utf-8")
    config = ProjectConfig(name="Trial", id_column="id", text_columns=("text",))
    row = await dispatcher.submit(
        "import",
        {"upload": upload.name, "filename": "trial.csv", "config": config},
        user_id=user.id,
        username=user.username,
        project=None,
    )
    while row.state in {"queued", "running"}:
        await asyncio.sleep(_LOOK_SECONDS)
        async with database.read() as connection:
            row = await find_job(connection, row.id)
    return row
