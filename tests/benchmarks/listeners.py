"""What a thousand listeners of events wait: from the commit of an event to its receipt by each.

    python tests/benchmarks/listeners.py [--listeners N] [--events N] [--rate N] [--json FILE]

A server of its own with its idle workers, as many users as listeners, each a member of one project
with a token of its own. Another process commits events as a worker does; this one listens over
HTTP, with a client so lean that it does not measure itself. All share the machine's cores. Times
begin before the transaction of an event, so that its commit is in them.

The baseline in the same run is one listener alone. The other figures: listeners while others do not
read what they are sent; events committed as fast as the database takes them; and everybody coming
back at once for what was missed. Prints a table and JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import random
import re
import resource
import secrets
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import numpy as np
import uvloop
from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent)]

from kodkod.store.database import Database, now  # noqa: E402
from kodkod.store.events import add_event  # noqa: E402
from kodkod.store.people import Token, add_token, add_user, find_user, put_member  # noqa: E402
from kodkod.store.projects import add_project  # noqa: E402
from kodkod.web.access import digest_of  # noqa: E402
from server_process import ServerProcess  # noqa: E402

_EVENT = re.compile(rb"^id: (\d+)\r?\nevent: ", re.MULTILINE)
_UNREAD = 20
_IDLE_SECONDS = 20.0
_FILES = 16_384


class Ear(asyncio.Protocol):
    """One connection that notes when each event came."""

    def __init__(self, port: int, token: str, last: int | None = None) -> None:
        head = f"GET /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
        head += "" if last is None else f"Last-Event-ID: {last}\r\n"
        self.heard: list[tuple[int, float]] = []
        self.listening = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport
        self._port = port
        self._head = head.encode() + b"\r\n"
        self._rest = b""

    async def connect(self, *, reads: bool = True) -> None:
        """Return when the server has begun to answer."""
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: self, "127.0.0.1", self._port)
        await self.listening
        if not reads:
            self.transport.pause_reading()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.transport.write(self._head)

    def data_received(self, data: bytes) -> None:
        present = time.monotonic()
        data = self._rest + data
        end = data.rfind(b"\n")
        whole, self._rest = data[: end + 1], data[end + 1 :]
        self.heard += [(int(found[1]), present) for found in _EVENT.finditer(whole)]
        if not self.listening.done():
            self._greet(whole)

    def _greet(self, data: bytes) -> None:
        if b": listening" in data:
            self.listening.set_result(None)
        elif data.startswith(b"HTTP/1.1") and not data.startswith(b"HTTP/1.1 200"):
            self.listening.set_exception(RuntimeError(f"the server refused: {data[:500]!r}"))

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.listening.done():
            self.listening.set_exception(RuntimeError("the server hung up"))

    @property
    def last(self) -> int:
        """The id of the last event heard."""
        return self.heard[-1][0] if self.heard else 0


class Bench:
    """One server, one project, and its members."""

    def __init__(self, server: ServerProcess, options: argparse.Namespace) -> None:
        self.server = server
        self.options = options
        self.tokens: list[str] = []
        self.project_id = 0

    async def run(self) -> list[dict[str, Any]]:
        """Measure everything."""
        await self.populate()
        rows = [await self.listen("1 listener", 1)]
        n = self.options.listeners
        rows.append(await self.idle(f"{n:,} listeners, nothing happens", n))
        rows.append(await self.listen(f"{n:,} listeners", n))
        rows.append(await self.listen(f"{n:,} listeners, {_UNREAD} more do not read", n, _UNREAD))
        rows.append(await self.burst(f"{n:,} listeners, events at full speed", n))
        rows.append(await self.return_at_once(f"{n:,} listeners come back at once", n))
        return rows

    async def populate(self) -> None:
        """Make the people and their tokens, past the passwords."""
        database = Database.at(self.options.database_url, self.server.data_dir)
        expires = now() + timedelta(days=1)
        async with database.write() as connection:
            root = await find_user(connection, "root")
            project = await add_project(
                connection,
                owner_id=root.id,
                slug="bench",
                name="bench",
                language="en",
                config={},
                n_rows=0,
                splits={"train": 0, "valid": 0, "test": 0},
                corpus_fingerprint="",
                created_by="root",
            )
            for number in range(self.options.listeners + _UNREAD):
                user = await add_user(
                    connection,
                    username=f"user-{number}",
                    sign_in="password",
                    secret="",
                    role="annotator",
                )
                await put_member(connection, project.id, user.id, "annotator")
                self.tokens.append(secrets.token_urlsafe(24))
                token = Token(
                    id=secrets.token_hex(8),
                    user_id=user.id,
                    digest=digest_of(self.tokens[-1]),
                    name=None,
                    scopes=["read"],
                    created_at=now(),
                    expires_at=expires,
                )
                await add_token(connection, token)
        await database.close()
        self.project_id = project.id

    async def listen(self, title: str, n: int, unread: int = 0) -> dict[str, Any]:
        """Time events that come at a steady rate."""
        began = time.monotonic()
        ears = await self.connect(self.tokens[:n])
        connected = time.monotonic() - began
        for token in self.tokens[n : n + unread]:
            await Ear(self.server.port, token).connect(reads=False)
        cpu = self.cpu_seconds()
        began = time.monotonic()
        written = await self.write(self.options.events, self.options.rate)
        await until_heard(ears, written)
        cpu = (self.cpu_seconds() - cpu) / (time.monotonic() - began)
        row = {
            "title": title,
            **spread(ears, written),
            "connect_s": connected,
            "server_cpu_percent": cpu * 100,
        }
        hang_up(ears)
        return row

    async def idle(self, title: str, n: int) -> dict[str, Any]:
        """Count what listeners cost to whom nothing is told: signs of life, and their rights."""
        before = self.resident()
        ears = await self.connect(self.tokens[:n])
        grown = self.resident() - before
        cpu = self.cpu_seconds()
        await asyncio.sleep(_IDLE_SECONDS)
        row = {
            "title": title,
            "kb_a_listener": grown * 1000 / n,
            "server_cpu_percent": (self.cpu_seconds() - cpu) / _IDLE_SECONDS * 100,
        }
        hang_up(ears)
        return row

    async def burst(self, title: str, n: int) -> dict[str, Any]:
        """Time events that come as fast as they can be committed."""
        ears = await self.connect(self.tokens[:n])
        cpu = self.cpu_seconds()
        written = await self.write(self.options.events, 0)
        await until_heard(ears, written)
        spent = time.monotonic() - min(written.values())
        row = {
            "title": title,
            **spread(ears, written),
            "seconds": spent,
            "deliveries_a_second": n * len(written) / spent,
            "server_cpu_percent": (self.cpu_seconds() - cpu) / spent * 100,
        }
        hang_up(ears)
        return row

    async def return_at_once(self, title: str, n: int) -> dict[str, Any]:
        """Time until all have what they missed, each from its last event on."""
        last = max(await self.write(1, 0))
        written = await self.write(self.options.events, 0)
        began = time.monotonic()
        ears = await self.connect(self.tokens[:n], last)
        await until_heard(ears, written)
        spent = time.monotonic() - began
        check(ears, written)
        hang_up(ears)
        return {"title": title, "seconds": spent, "deliveries_a_second": n * len(written) / spent}

    async def connect(self, tokens: Sequence[str], last: int | None = None) -> list[Ear]:
        """Let somebody listen for each token."""
        ears = [Ear(self.server.port, token, last) for token in tokens]
        at_once = asyncio.Semaphore(50)

        async def one(ear: Ear) -> None:
            async with at_once:
                await ear.connect()

        await asyncio.gather(*map(one, ears))
        return ears

    async def write(self, events: int, rate: float) -> dict[int, float]:
        """Let another process commit events; return when each was begun, by id."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            __file__,
            "--write",
            *map(str, (self.server.data_dir, self.project_id, events, rate)),
            f"--database-url={self.options.database_url}",
            stdout=subprocess.PIPE,
        )
        out, _ = await process.communicate()
        return {int(id_): begun for id_, begun in json.loads(out).items()}

    def resident(self) -> float:
        """Return the server's resident memory, MB."""
        status = Path(f"/proc/{self.server.pid}/status").read_text(encoding="utf-8")
        return (
            int(dict(line.split(":", 1) for line in status.splitlines())["VmRSS"].split()[0]) / 1e3
        )

    def cpu_seconds(self) -> float:
        """Return the processor time that the server has taken."""
        fields = Path(f"/proc/{self.server.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def write(database: Database, project_id: int, events: int, rate: float) -> None:
    """Commit events of a job and print when each was begun."""
    begun: dict[int, float] = {}
    for number in range(events):
        if rate:
            # In no step with the server's looks.
            await asyncio.sleep(random.uniform(0.5, 1.5) / rate)
        type_ = "job.progress" if number % 10 else "job.running"
        began = time.monotonic()
        async with database.write() as connection:
            await add_event(connection, type_, project_id, _news(number / events))
        begun[len(begun)] = began
    async with database.read() as connection:
        (last,) = (await connection.exec_driver_sql("SELECT max(id) FROM event")).one()
    await database.close()
    print(json.dumps({last - events + 1 + number: at for number, at in begun.items()}))


def _news(progress: float) -> dict[str, Any]:
    return {
        "id": f"bench-{secrets.token_hex(8)}",
        "kind": "train",
        "queue": "cpu",
        "user_id": 1,
        "state": "running",
        "progress": progress,
        "message": "Fitting a model on the annotations of the train split",
        "metrics": {"loss": 0.25, "macro_f1": 0.8, "rows": 12_000.0},
        "result": None,
        "error": None,
    }


async def until_heard(ears: Sequence[Ear], written: dict[int, float]) -> None:
    """Return when everybody has heard the last event.

    Raises:
        TimeoutError: somebody has not in a minute.
    """
    async with asyncio.timeout(60):
        while min(ear.last for ear in ears) < max(written):
            await asyncio.sleep(0.02)


def check(ears: Sequence[Ear], written: dict[int, float]) -> None:
    """See that everybody has heard everything once, in order.

    Raises:
        RuntimeError: somebody has not.
    """
    for ear in ears:
        if [id_ for id_, _ in ear.heard if id_ in written] != sorted(written):
            raise RuntimeError("an event was lost, doubled or out of order")


def spread(ears: Sequence[Ear], written: dict[int, float]) -> dict[str, float]:
    """Return the quantiles of what it took, ms, and those of the last to hear each event."""
    check(ears, written)
    took: defaultdict[int, list[float]] = defaultdict(list)
    for ear in ears:
        for id_, at in ear.heard:
            took[id_].append((at - written[id_]) * 1000)
    all_ = np.concatenate([np.array(each) for each in took.values()])
    return {
        "p50_ms": float(np.quantile(all_, 0.5)),
        "p95_ms": float(np.quantile(all_, 0.95)),
        "max_ms": float(all_.max()),
        "last_to_hear_p50_ms": float(np.median([max(each) for each in took.values()])),
    }


def hang_up(ears: Sequence[Ear]) -> None:
    """Close the connections."""
    for ear in ears:
        ear.transport.close()


def open_many_files() -> None:
    """Let this process, and those that it starts, open a file for each listener."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, _FILES), hard), hard))


def table(rows: list[dict[str, Any]]) -> Table:
    """Return the figures, a row for each measurement."""
    shown = Table(title="Listeners")
    names = list(dict.fromkeys(name for row in rows for name in row))
    for name in names:
        shown.add_column(name.replace("_", " "), justify="left" if name == "title" else "right")
    for row in rows:
        cells = (row.get(name, "") for name in names)
        shown.add_row(*(f"{c:,.1f}" if isinstance(c, float) else str(c) for c in cells))
    return shown


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listeners", type=int, default=1_000)
    parser.add_argument("--events", type=int, default=200)
    parser.add_argument("--rate", type=float, default=10.0)
    parser.add_argument("--database-url", default="", help="an empty PostgreSQL database")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--write", nargs=4, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.write:
        data_dir, project_id, events, rate = given.write
        database = Database.at(given.database_url, Path(data_dir))
        asyncio.run(write(database, int(project_id), int(events), float(rate)))
        return
    open_many_files()
    environment = {
        "KODKOD_LOG_LEVEL": "warning",
        "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
        "KODKOD_DATABASE_URL": given.database_url,
    }
    with (
        tempfile.TemporaryDirectory() as name,
        ServerProcess(Path(name) / "data", environment=environment) as server,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        rows = runner.run(Bench(server, given).run())
    Console(width=160).print(table(rows))
    report = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "database": given.database_url.partition(":")[0] or "embedded",
        "events": given.events,
        "events_a_second": given.rate,
        "figures": rows,
    }
    print(json.dumps(report))
    if given.json:
        given.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
