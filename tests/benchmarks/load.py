"""Two hundred people who annotate at a human pace: how long they wait, and whether all is kept.

    python tests/benchmarks/load.py [--people 200] [--seconds 300] [--rows 100000] [--json FILE]

Everybody has an account and a connection, takes 1.5 to 2.5 s for a text, and sends the answer and
asks for the next text in one request, as the web UI does. A guide with its default settings learns
meanwhile, on the same cores, as do these clients. Lost is an annotation that was acknowledged and
is not in the export afterwards; a duplicate is a text that was given to more than one person. The
baseline in the same run is one person alone on the same server. Prints a table and JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import psutil

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from annotators import LEASE_SECONDS, Crowd  # noqa: E402
from budget import Bench, serving  # noqa: E402
from mixed_texts import report  # noqa: E402

from crowd import Account, Annotator, sign_up  # noqa: E402
from loopback import Connection  # noqa: E402

PACE = (1.5, 2.5)
"""Seconds that somebody takes for a text."""
SETTLED = 60.0
"""Seconds after which memory is no longer that of a start."""


async def work(person: Annotator, seconds: float, faults: list[str]) -> None:
    """Annotate until the time is over; what goes wrong is noted, and work goes on."""
    rng = random.Random(person.number)
    await asyncio.sleep(rng.uniform(0, PACE[1]))
    end = time.monotonic() + seconds
    texts = await person.ask(1)
    while time.monotonic() < end:
        await asyncio.sleep(rng.uniform(*PACE))
        try:
            texts = await person.answer_and_ask(texts, 1)
        except (RuntimeError, OSError) as error:
            faults.append(str(error))
            person.come_back()
            texts = await person.ask(1)
    await person.answer(texts)


async def watch(process: psutil.Process, readings: list[tuple[float, float]]) -> None:
    """Read the memory of the server's own process every second, in MB."""
    started = time.monotonic()
    while True:
        readings.append((time.monotonic() - started, process.memory_info().rss / 1e6))
        await asyncio.sleep(1)


async def kept(root: Connection, scheme: str) -> Counter[str]:
    """Return how often each text is in the export of annotations."""
    name = scheme.rsplit("/", 1)[1]
    path = f"/projects/bench/export/annotations?scheme={name}&format=csv"
    answer = await root.call("GET", path)
    return Counter(pl.read_csv(io.BytesIO(answer.body), infer_schema=False)["id"].to_list())


async def measure_people(crowd: Crowd, people: int, seconds: float) -> list[dict[str, Any]]:
    """Measure one person alone, then all at once."""
    bench, server = crowd.bench, crowd.server
    await bench.sign_in()
    root = Connection(server.port, bench.token)
    await bench.create(root)
    await bench.prepare(root)
    await crowd.rest(root)
    tokens = await sign_up(server.data_dir, "bench", people)
    figures = []
    for number, (count, lasting) in enumerate([(1, min(seconds, 20.0)), (people, seconds)]):
        scheme = await crowd.scheme(root, number, 1)
        await root.call("PUT", f"{scheme}/guide", {"features": ["noise"]})
        # The server hangs up on whoever says nothing for so long.
        await root.close()
        figures.append(await one_case(bench, scheme, tokens[:count], lasting))
        root = Connection(server.port, bench.token)
    await root.close()
    return figures


async def one_case(bench: Bench, scheme: str, tokens: list[str], seconds: float) -> dict[str, Any]:
    """Let people work, and look at what was kept of it."""
    book, faults = Account(LEASE_SECONDS), list[str]()
    persons = [
        Annotator(i, bench.server.port, token, scheme, {}, book, bench.gold)
        for i, token in enumerate(tokens)
    ]
    process, readings = psutil.Process(bench.server.pid), list[tuple[float, float]]()
    watching = asyncio.create_task(watch(process, readings))
    before = _cpu(process)
    await asyncio.gather(*(work(person, seconds, faults) for person in persons))
    used = _cpu(process) - before
    watching.cancel()
    for person in persons:
        await person.leave()
    root = Connection(bench.server.port, bench.token)
    there = await kept(root, scheme)
    await root.close()
    answered = [each.text for each in book.given if each.kept]
    at, mb = np.array([each for each in readings if each[0] > min(SETTLED, seconds / 2)]).T
    return {
        "people": len(tokens),
        "seconds": seconds,
        "annotations": book.answers,
        "ms_p50": float(np.median(book.ms)),
        "ms_p99": float(np.quantile(book.ms, 0.99)),
        "ms_most": max(book.ms),
        "errors": len(faults),
        "duplicates": sum(n - 1 for n in Counter(each.text for each in book.given).values()),
        "lost": sum(there[text] == 0 for text in answered),
        "server_cpu_percent": 100 * used / seconds,
        "memory_mb": float(mb[-1]),
        "memory_mb_a_minute": float(np.polyfit(at, mb, 1)[0] * 60),
        "first_errors": faults[:3],
    }


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def measure(people: int, seconds: float, rows: int) -> list[dict[str, Any]]:
    """Start a server, measure, end it."""
    lease = str(LEASE_SECONDS / 60)
    with (
        tempfile.TemporaryDirectory() as name,
        serving(Path(name), KODKOD_LEASE_MINUTES=lease) as server,
    ):
        crowd = Crowd(server, rows, Path(name), seconds)
        return asyncio.run(measure_people(crowd, people, seconds))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    figures = measure(given.people, given.seconds, given.rows)
    title = f"A text each 2 s, {given.rows:,} texts"
    report(title, figures, {"benchmark": "load", "texts": given.rows}, given.json)


if __name__ == "__main__":
    main()
