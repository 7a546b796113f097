"""What the machinery of jobs costs: `jobs.py [--carbon-seconds 60] [--json FILE]`.

With real worker processes, the broker of the settings' default, and plugins as they are installed:

- pick-up: from the acceptance of a job until an idle worker has claimed it;
- trivial jobs a second with two workers, each with its row, events, log and account of energy;
- what the carbon plugin takes of a job of a minute: processor seconds of a worker that only waits,
  in turns with and without the plugin, so that the machine's other load does not count.

The baseline in the same run is Dramatiq alone on the same broker: a message that does nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent
PLUGIN = HERE / "bench_plugin"
sys.path[:0] = [str(HERE), str(PLUGIN)]
os.environ["PYTHONPATH"] = os.pathsep.join([str(PLUGIN), os.environ.get("PYTHONPATH", "")])

import brokers  # noqa: E402

from kodkod.api import JobInfo  # noqa: E402
from kodkod.jobs.brokers.broker import make_broker  # noqa: E402
from kodkod.jobs.dispatcher import Dispatcher  # noqa: E402
from kodkod.jobs.kinds import plugin as job_kinds  # noqa: E402
from kodkod.jobs.supervisor import Place, Supervisor  # noqa: E402
from kodkod.logs import configure_logs  # noqa: E402
from kodkod.plugins import PluginRegistry  # noqa: E402
from kodkod.settings import Settings  # noqa: E402
from kodkod.store.database import Database  # noqa: E402
from kodkod.store.jobs import JobRow, list_jobs  # noqa: E402
from kodkod.store.people import add_user  # noqa: E402
from kodkod.store.tables import job  # noqa: E402

TRIVIAL = 2_000
PICK_UPS = 100
WORKERS = 2
CARBON = "carbon"


class Figures(Struct, kw_only=True):
    """What was measured."""

    machine: str
    measured_at: str
    pick_up_ms_p50: float
    pick_up_ms_p95: float
    pick_up_ms_max: float
    dramatiq_pick_up_ms_p50: float
    trivial_per_second: float
    submitted_per_second: float
    dramatiq_per_second: float
    carbon_ms_a_job: float
    carbon_seconds: float
    carbon_percent: float


class Bench:
    """A database, a broker and a dispatcher of their own in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(
            data_dir=folder, log_level="error", min_free_mb=0, max_queued=TRIVIAL * 2
        )
        self.database = Database.at("", folder)
        self.broker = make_broker("", folder)
        self.registry = PluginRegistry.load(extra=[job_kinds])
        self.dispatcher = Dispatcher(self.settings, self.database, self.broker, self.registry)

    async def open(self) -> None:
        """Make the tables and a user."""
        await self.database.migrate()
        await self.database.change(
            add_user, username="bench", sign_in="none", secret="", role="manager"
        )

    async def close(self) -> None:
        """Close everything."""
        await self.dispatcher.stop()
        self.broker.close()
        await self.database.close()

    @asynccontextmanager
    async def workers(self, n: int) -> AsyncIterator[None]:
        """Run `n` workers, which are idle when this is entered."""
        places = [Place(queue="cpu")] * n
        supervisor = Supervisor(self.settings, self.dispatcher.worker_died, places)
        await supervisor.start()
        try:
            for row in [await self.submit() for _ in range(n * 4)]:
                await self.until_done(row.id)
            yield
        finally:
            await supervisor.stop()

    async def submit(self) -> JobRow:
        """Queue a trivial job."""
        return await self.dispatcher.submit(
            "bench-nothing", {}, user_id=1, username="bench", project=None
        )

    async def until_done(self, *ids: str) -> list[JobRow]:
        """Wait until jobs are done; return their rows."""
        wanted = sa.select(sa.func.count()).where(job.c.id.in_(ids), job.c.state == "done")
        while True:
            async with self.database.read() as connection:
                if (await connection.execute(wanted)).scalar() == len(ids):
                    rows = await list_jobs(connection, limit=10 * TRIVIAL)
                    return [row for row in rows if row.id in set(ids)]
            await asyncio.sleep(0.1)

    async def pick_ups(self) -> list[float]:
        """Return milliseconds from a job's acceptance to its claim by a worker that is idle."""
        found = []
        async with self.workers(1):
            for _ in range(PICK_UPS):
                await asyncio.sleep(random.uniform(0.05, 0.25))  # in no step with the worker
                accepted = await self.submit()
                sent = datetime.now(UTC)
                (row,) = await self.until_done(accepted.id)
                assert row.started_at is not None
                found.append(max((row.started_at - sent).total_seconds(), 0.0) * 1000)
        return found

    async def rates(self) -> tuple[float, float]:
        """Return trivial jobs submitted and run in a second."""
        begun = time.perf_counter()
        rows = [await self.submit() for _ in range(TRIVIAL)]
        submitted = TRIVIAL / (time.perf_counter() - begun)
        ids = {row.id for row in rows}
        places = [Place(queue="cpu")] * WORKERS
        supervisor = Supervisor(self.settings, self.dispatcher.worker_died, places)
        await supervisor.start()
        try:
            async with asyncio.timeout(300):
                while await self._unfinished():
                    await asyncio.sleep(0.2)
        finally:
            await supervisor.stop()
        async with self.database.read() as connection:
            done = [row for row in await list_jobs(connection, limit=10 * TRIVIAL) if row.id in ids]
        began = min(row.started_at for row in done if row.started_at)
        ended = max(row.finished_at for row in done if row.finished_at)
        return submitted, TRIVIAL / (ended - began).total_seconds()

    async def _unfinished(self) -> int:
        query = sa.select(sa.func.count()).where(job.c.state.in_(("queued", "running")))
        async with self.database.read() as connection:
            return (await connection.execute(query)).scalar() or 0


def waiting_costs(seconds: float, *, carbon: bool) -> tuple[float, float]:
    """Return processor seconds of a process that wraps a wait, and milliseconds of the wrapping."""
    done = subprocess.run(
        [sys.executable, __file__, "--wrap", str(seconds), *(["--carbon"] if carbon else [])],
        check=True,
        capture_output=True,
        text=True,
    )
    taken, wrapped = done.stdout.split()
    return float(taken), float(wrapped)


def wrap(seconds: float, *, carbon: bool) -> None:
    """Wrap a wait as a worker does, after a first one; print what it took."""
    registry = PluginRegistry.load(extra=[job_kinds])
    hook = registry.hook.job_wrap
    if not carbon:
        for each in hook.get_hookimpls():
            if each.plugin_name == CARBON:
                hook._remove_plugin(each.plugin)
    info = JobInfo(id="bench", kind="bench", queue="cpu", user="bench", project=None, params={})
    with registry.wrap(info, {}):
        pass
    times = []
    for _ in range(50):
        begun = time.perf_counter()
        with registry.wrap(info, {}):
            pass
        times.append((time.perf_counter() - begun) * 1000)
    before = time.process_time()
    with registry.wrap(info, {}):
        time.sleep(seconds)
    print(time.process_time() - before, statistics.median(times))


def dramatiq_alone(folder: Path) -> brokers.Result:
    """Measure the broker without rows."""
    brokers.SETTLE_SECONDS = brokers.IDLE_SECONDS = 0.1
    return brokers.measure("embedded", "", folder)


async def measure(carbon_seconds: float) -> Figures:
    """Measure everything."""
    configure_logs("error")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        alone = await asyncio.to_thread(dramatiq_alone, folder / "alone")
        (folder / "data").mkdir()
        bench = Bench(folder / "data")
        await bench.open()
        pick_ups = sorted(await bench.pick_ups())
        submitted, trivial = await bench.rates()
        await bench.close()
    without, plain_ms = await asyncio.to_thread(waiting_costs, carbon_seconds, carbon=False)
    taken, with_ms = await asyncio.to_thread(waiting_costs, carbon_seconds, carbon=True)
    return Figures(
        machine=f"{platform.machine()}, {os.cpu_count()} cores",
        measured_at=datetime.now(UTC).date().isoformat(),
        pick_up_ms_p50=statistics.median(pick_ups),
        pick_up_ms_p95=pick_ups[int(len(pick_ups) * 0.95)],
        pick_up_ms_max=pick_ups[-1],
        dramatiq_pick_up_ms_p50=alone.pick_up_ms_p50,
        trivial_per_second=trivial,
        submitted_per_second=submitted,
        dramatiq_per_second=alone.consumed_per_second,
        carbon_ms_a_job=with_ms - plain_ms,
        carbon_seconds=carbon_seconds,
        carbon_percent=(taken - without) / carbon_seconds * 100,
    )


def show(figures: Figures) -> None:
    """Print a table."""
    table = Table("figure", "measured", "budget", "Dramatiq alone")
    table.add_row(
        "pick-up of an idle worker, p50 / p95 / max, ms",
        f"{figures.pick_up_ms_p50:.1f} / {figures.pick_up_ms_p95:.1f} / "
        f"{figures.pick_up_ms_max:.1f}",
        "20 / /",
        f"{figures.dramatiq_pick_up_ms_p50:.1f} / /",
    )
    table.add_row(
        f"trivial jobs a second, {WORKERS} workers",
        f"{figures.trivial_per_second:,.0f}",
        "300",
        f"{figures.dramatiq_per_second:,.0f} (1 worker)",
    )
    table.add_row("jobs submitted a second", f"{figures.submitted_per_second:,.0f}", "", "")
    table.add_row("carbon accounting, ms a trivial job", f"{figures.carbon_ms_a_job:.2f}", "", "")
    table.add_row(
        f"the same, % of a job of {figures.carbon_seconds:.0f} s",
        f"{figures.carbon_percent:.3f}",
        "2",
        "",
    )
    Console().print(table)


def main() -> None:
    """Measure, print a table, and JSON below it or into a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--carbon-seconds", type=float, default=60.0)
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--wrap", type=float, help=argparse.SUPPRESS)
    parser.add_argument("--carbon", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.wrap is not None:
        wrap(options.wrap, carbon=options.carbon)
        return
    figures = asyncio.run(measure(options.carbon_seconds))
    show(figures)
    text = msgspec.json.format(msgspec.json.encode(figures)).decode()
    if options.json:
        options.json.write_text(text + "\n", encoding="utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()
