"""Many annotators at once over HTTP, each with an account and a connection of their own.

    python tests/benchmarks/annotators.py [--rows 100000] [--seconds 15] [--json FILE]

Prints a table and JSON. 32 people draw by max entropy and answer what they get, one text at a
time and some at once, as the web UI fetches them ahead; 50 people do so with overlap 1, 2 and 3.
A duplicate is a text that was given to more people than it needs, or to one of them twice. The
clients run on the same machine as the server; what a text takes of the server's processor is
given too.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from budget import Bench, serving  # noqa: E402

from crowd import Account, Annotator, sign_up  # noqa: E402
from loopback import Connection  # noqa: E402
from server_process import ServerProcess  # noqa: E402

AHEAD = 5
LEASE_SECONDS = 600.0
MOST = 50
CASES = (
    # people, overlap, texts at a time, strategy, whether an answer asks for the next text
    (32, 1, 1, "max-entropy", False),
    (32, 1, 1, "max-entropy", True),
    (32, 1, AHEAD, "max-entropy", False),
    (50, 1, AHEAD, "max-entropy", False),
    (50, 2, AHEAD, "max-entropy", False),
    (50, 3, AHEAD, "max-entropy", False),
    (50, 1, AHEAD, "random", False),
)


class Crowd:
    """A server with a project whose guide has learnt, and people with accounts."""

    def __init__(self, server: ServerProcess, rows: int, folder: Path, seconds: float) -> None:
        self.bench, self.server, self.seconds = Bench(server, rows, folder), server, seconds

    async def run(self) -> list[dict[str, Any]]:
        """Measure each case on what the cases before have left."""
        bench = self.bench
        await bench.sign_in()
        root = Connection(self.server.port, bench.token)
        await bench.create(root)
        await bench.prepare(root)
        await self.rest(root)
        tokens = await sign_up(self.server.data_dir, "bench", MOST)
        figures = []
        for number, (people, overlap, n, strategy, together) in enumerate(CASES):
            scheme = await self.scheme(root, number, overlap)
            figure = await self.measure(
                tokens[:people], scheme, n, strategy, overlap, together=together
            )
            shown = {"people": people, "overlap": overlap, "at_a_time": n, "strategy": strategy}
            shown["requests_per_turn"] = 1 if together else 2
            figures.append(shown | figure)
        await root.close()
        return figures

    async def rest(self, root: Connection) -> None:
        """Wait until no job runs; the index of the feature is cancelled, as it takes minutes."""
        while True:
            jobs = (await root.call("GET", "/jobs?limit=100")).json()["items"]
            live = [job for job in jobs if job["state"] in {"queued", "running"}]
            for job in live:
                if job["kind"] == "index":
                    await root.call("DELETE", f"/jobs/{job['id']}")
            if not live and any(job["kind"] == "index" for job in jobs):
                return
            await asyncio.sleep(0.5)

    async def scheme(self, root: Connection, number: int, overlap: int) -> str:
        """Make a scheme with a guide that has learnt and rests."""
        name = f"topic-{number}"
        path = f"/projects/bench/schemes/{name}"
        labels = sorted(set(self.bench.gold.values()))
        body = {"name": name, "labels": labels, "overlap": overlap}
        await root.call("POST", "/projects/bench/schemes", body)
        for _ in range(3):
            query = {"n": 100, "strategy": "random"}
            texts = (await root.call("POST", f"{path}/next", query)).json()["elements"]
            await root.call("POST", f"{path}/annotations", self.bench.answers(texts))
        guide = {"features": ["noise"], "refresh_every": 10_000, "refresh_idle_seconds": None}
        await root.call("PUT", f"{path}/guide", guide)
        while not (await root.call("GET", path)).json()["guide"]["version"]:
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.5)
        await self.rest(root)  # The guide is assessed.
        return path

    async def measure(
        self,
        tokens: list[str],
        scheme: str,
        n: int,
        strategy: str,
        overlap: int,
        *,
        together: bool,
    ) -> dict[str, Any]:
        """Let people work for some seconds."""
        book = Account(LEASE_SECONDS)
        people = [
            Annotator(i, self.server.port, token, scheme, {"strategy": strategy}, book, "alpha")
            for i, token in enumerate(tokens)
        ]
        # The walk is made, and everybody signed in.
        for person in people:
            await person.answer(await person.ask(1))
        process = psutil.Process(self.server.pid)
        given, asked, used = len(book.given), len(book.ms), _cpu(process)
        started = time.perf_counter()

        async def work(person: Annotator) -> None:
            texts = await person.ask(n) if together else []
            while time.perf_counter() - started < self.seconds:
                if together:
                    texts = await person.answer_and_ask(texts, n)
                else:
                    await person.answer(await person.ask(n))

        await asyncio.gather(*map(work, people))
        spent = time.perf_counter() - started
        texts = len(book.given) - given
        for person in people:
            await person.leave()
        pairs = Counter((each.text, each.annotator) for each in book.given)
        of_text = Counter(text for text, _ in pairs)
        shares = Counter(each.annotator for each in book.given[given:])
        return {
            "texts_per_s": texts / spent,
            "duplicates": sum(count - 1 for count in pairs.values())
            + sum(max(count - overlap, 0) for count in of_text.values()),
            "server_cpu_ms_per_text": (_cpu(process) - used) * 1000 / max(texts, 1),
            "next_ms_p50": float(np.median(book.ms[asked:])),
            "next_ms_p99": float(np.quantile(book.ms[asked:], 0.99)),
            "least_share": min(shares.values()) * len(people) / max(texts, 1),
        }


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def measure(rows: int, seconds: float) -> list[dict[str, Any]]:
    """Start a server, measure, end it."""
    lease = str(LEASE_SECONDS / 60)
    with (
        tempfile.TemporaryDirectory() as name,
        serving(Path(name), KODKOD_LEASE_MINUTES=lease) as server,
    ):
        return asyncio.run(Crowd(server, rows, Path(name), seconds).run())


def table(rows: int, figures: list[dict[str, Any]]) -> Table:
    """Return the figures, a line for each case."""
    shown = Table(title=f"Annotators at once, {rows:,} texts")
    for name in figures[0]:
        shown.add_column(name.replace("_", " "), justify="right")
    for figure in figures:
        cells = (
            f"{each:,.2f}" if isinstance(each, float) else str(each) for each in figure.values()
        )
        shown.add_row(*cells)
    return shown


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    figures = measure(given.rows, given.seconds)
    Console(width=150).print(table(given.rows, figures))
    report = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "rows": given.rows,
        "figures": figures,
    }
    print(json.dumps(report))
    if given.json:
        given.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
