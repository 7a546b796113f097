"""The kernel's budget, measured over HTTP on a server of its own.

    python tests/benchmarks/budget.py [--rows 100000 1000000] [--json FILE]

Prints a table and JSON. The baseline in the same run does what a tool over data frames does
for a request: filter the frame, then sample or sort what is left.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent)]

from loopback import Answer, Connection  # noqa: E402
from server_process import ServerProcess  # noqa: E402

WORDS = 4_000
LABELS = ("alpha", "beta", "gamma")
SCHEME = "/projects/bench/schemes/topic"
IN_USE = ("breaking-ties", "diverse", "badge", "clue")
"""Strategies whose order is renewed at each refresh: the default, and costly ones."""


def corpus(rows: int, path: Path) -> pl.DataFrame:
    """Write texts of about 200 characters; the first word decides the label."""
    rng = np.random.default_rng(7)
    words = np.array([_word(rng) for _ in range(WORDS)])
    picks = rng.zipf(1.3, size=(rows, 30)) % WORDS
    labels = rng.integers(0, len(LABELS), rows)
    texts = [
        f"{LABELS[label]} " + " ".join(row) for label, row in zip(labels, words[picks], strict=True)
    ]
    frame = pl.DataFrame(
        {
            "id": [f"t{i}" for i in range(rows)],
            "text": texts,
            "label": [LABELS[label] for label in labels],
            "year": rng.integers(2000, 2026, rows),
        }
    )
    frame.write_parquet(path)
    return frame


def _word(rng: np.random.Generator) -> str:
    return "".join(rng.choice(list("abcdefghijklmnopqrstuvwxyz"), rng.integers(3, 10)))


class Bench:
    """One server with one project of `rows` texts."""

    def __init__(self, server: ServerProcess, rows: int, folder: Path) -> None:
        self.server, self.rows = server, rows
        self.file = folder / f"corpus-{rows}.parquet"
        self.frame = corpus(rows, self.file)
        self.gold = dict(zip(self.frame["id"], self.frame["label"], strict=True))
        self.figures: dict[str, Any] = {"rows": rows}
        self.token = ""

    async def run(self) -> dict[str, Any]:
        """Measure everything."""
        await self.sign_in()
        one = Connection(self.server.port, self.token)
        await self.create(one)
        await self.prepare(one)
        await self.refresh(one)
        await self.refresh_in_use(one)
        await self.nexts(one)
        await self.annotate_alone(one)
        await self.annotate_together()
        self.figures["server_memory_mb"] = self.resident()
        self.baseline()
        await one.close()
        return self.figures

    async def sign_in(self) -> None:
        """Get a token."""
        body = f"username=root&password={self.server.root_password}".encode()
        connection = Connection(self.server.port)
        answer = await connection.call(
            "POST", "/auth/token", body, "application/x-www-form-urlencoded"
        )
        self.token = answer.json()["access_token"]
        await connection.close()

    async def create(self, one: Connection) -> None:
        """Time from sending a Parquet file to having a text to annotate."""
        config = {
            "name": "bench",
            "id_column": "id",
            "text_columns": ["text"],
            "label_columns": ["label"],
            "context_columns": ["year"],
            "split": {"valid": self.rows // 100, "test": self.rows // 100},
        }
        started = time.perf_counter()
        await one.call("POST", "/projects", *_multipart(self.file, config))
        scheme = {"name": "topic", "labels": list(LABELS)}
        await one.call("POST", "/projects/bench/schemes", scheme)
        await one.call("POST", f"{SCHEME}/next", {})
        self.figures["create_s"] = time.perf_counter() - started

    async def prepare(self, one: Connection) -> None:
        """Compute the feature, annotate 500 texts, give the scheme a guide."""
        feature = {"name": "noise", "component": "bench-noise"}
        job = (await one.call("POST", "/projects/bench/features", feature)).json()
        while job["state"] in {"queued", "running"}:
            await asyncio.sleep(0.1)
            job = (await one.call("GET", f"/jobs/{job['id']}")).json()
        if job["state"] != "done":
            raise RuntimeError(job["error"])
        await self.stop_index(one)
        for _ in range(5):
            texts = (await one.call("POST", f"{SCHEME}/next", {"n": 100})).json()["elements"]
            await one.call("POST", f"{SCHEME}/annotations", self.answers(texts))
        guide = {"features": ["noise"], "refresh_every": 10_000}
        await one.call("PUT", f"{SCHEME}/guide", guide)
        await self.version_above(one, 0)

    async def stop_index(self, one: Connection) -> None:
        """Cancel the index of the feature: it would share the cores with what is measured."""
        while True:
            jobs = (await one.call("GET", "/jobs")).json()["items"]
            mine = [job for job in jobs if job["kind"] == "index"]
            if mine and mine[0]["state"] in {"queued", "running"}:
                await one.call("DELETE", f"/jobs/{mine[0]['id']}")
            elif mine:
                return
            await asyncio.sleep(0.1)

    async def version_above(self, one: Connection, version: int) -> int:
        """Wait until a newer guide is published."""
        while True:
            guide = (await one.call("GET", SCHEME)).json()["guide"]
            if guide["version"] > version:
                return guide["version"]
            await asyncio.sleep(0.005)

    def answers(self, texts: list[dict[str, Any]]) -> dict[str, Any]:
        """Answer texts by the gold label."""
        return {
            "annotations": [
                {"id": text["id"], "value": self.gold[text["id"]], "lease": text["lease"]}
                for text in texts
            ]
        }

    async def nexts(self, one: Connection) -> None:
        """Time `next` by strategy, warm; then with regular expressions never seen."""
        for name, query in {
            "deterministic": {"strategy": "deterministic"},
            "random": {"strategy": "random"},
            "max_probability": {"strategy": "max-probability", "params": {"label": "beta"}},
            "max_entropy": {"strategy": "max-entropy"},
        }.items():
            await one.call("POST", f"{SCHEME}/next", query)
            answers = [await one.call("POST", f"{SCHEME}/next", query) for _ in range(400)]
            self.figures[f"next_{name}_ms"] = _spread(answers)
        words = sorted({text.split()[3] for text in self.frame["text"].head(400)})
        # A word and its forms, as people write them; and a pattern that no literal can speed up.
        await self.new_regexes(one, "next_new_regex_ms", [rf"\b{w}(ing|ed)?\b" for w in words[:40]])
        await self.new_regexes(one, "next_heavy_regex_ms", [rf"{w[:3]}|q.z" for w in words[40:60]])

    async def new_regexes(self, one: Connection, name: str, patterns: list[str]) -> None:
        """Time `next` with regular expressions never seen before."""
        queries = [{"strategy": "random", "filter": {"regex": each}} for each in patterns]
        answers = [await one.call("POST", f"{SCHEME}/next", query) for query in queries]
        self.figures[name] = _spread(answers)

    async def annotate_alone(self, one: Connection) -> None:
        """Time one annotator's acknowledgements."""
        answers = []
        for _ in range(6):
            texts = (await one.call("POST", f"{SCHEME}/next", {"n": 50})).json()["elements"]
            for text in texts:
                answers.append(
                    await one.call("POST", f"{SCHEME}/annotations", self.answers([text]))
                )
        self.figures["annotate_alone_ms"] = _spread(answers)

    async def annotate_together(self, seconds: float = 5.0) -> None:
        """Count what 32 annotators get acknowledged, one annotation a request."""
        connections = [Connection(self.server.port, self.token) for _ in range(32)]
        queues = []
        for connection in connections:
            queue: list[dict[str, Any]] = []
            for _ in range(6):
                answer = await connection.call(
                    "POST", f"{SCHEME}/next", {"n": 100, "strategy": "random"}
                )
                queue += answer.json()["elements"]
            queues.append(queue)
        bodies = [[json.dumps(self.answers([text])).encode() for text in q] for q in queues]
        deadline = time.perf_counter() + seconds
        times: list[float] = []

        async def annotator(connection: Connection, queue: list[bytes]) -> None:
            while queue and time.perf_counter() < deadline:
                answer = await connection.call("POST", f"{SCHEME}/annotations", queue.pop())
                times.append(answer.ms)

        started = time.perf_counter()
        await asyncio.gather(*map(annotator, connections, bodies))
        self.figures["annotations_per_s_from_32"] = len(times) / (time.perf_counter() - started)
        self.figures["annotate_32_ms"] = {
            "p50": statistics.median(times),
            "p99": float(np.quantile(times, 0.99)),
        }
        for connection in connections:
            await connection.close()

    async def refresh(self, one: Connection) -> None:
        """Time from the annotation that triggers a refresh to its publication."""
        guide = {"features": ["noise"], "refresh_every": 1}
        shown = (await one.call("PUT", f"{SCHEME}/guide", guide)).json()["guide"]
        version = await self.version_above(one, shown["version"])
        times = []
        for _ in range(12):
            text = (await one.call("POST", f"{SCHEME}/next", {"strategy": "random"})).json()
            started = time.perf_counter()
            await one.call("POST", f"{SCHEME}/annotations", self.answers(text["elements"]))
            version = await self.version_above(one, version)
            times.append(time.perf_counter() - started)
        shown = (await one.call("GET", SCHEME)).json()["guide"]
        # From here on the guide rests, or its worker would share the cores with what follows.
        guide = {"features": ["noise"], "refresh_every": 10_000}
        await one.call("PUT", f"{SCHEME}/guide", guide)
        await self.version_above(one, 0)
        self.figures["guide_refresh_s"] = {
            "p50": statistics.median(times),
            "max": max(times),
            "n_train": shown["n_train"],
        }

    async def refresh_in_use(self, one: Connection) -> None:
        """Time refreshes that renew a strategy's order, and `next` of another user meanwhile."""
        rested = {"refresh_every": 10_000, "refresh_idle_seconds": None}
        for name in IN_USE:
            guide = {"features": ["noise"], "strategy": name, **rested}
            await one.call("PUT", f"{SCHEME}/guide", guide)
            version = await self.version_above(one, 0)
            times: list[float] = []
            waits: list[float] = []
            for _ in range(5):
                spent, version = await self.timed_refresh(one, version, waits)
                times.append(spent)
            self.figures[f"refresh_in_use_{name.replace('-', '_')}"] = {
                "p50_s": statistics.median(times),
                "max_s": max(times),
                "next_p50_ms": statistics.median(waits),
                "next_p99_ms": float(np.quantile(waits, 0.99)),
            }

    async def timed_refresh(
        self, one: Connection, version: int, waits: list[float]
    ) -> tuple[float, int]:
        """Answer a text, refresh, and return the seconds until `version` has a successor.

        `waits` gets what another user's requests took meanwhile, ms.
        """
        text = (await one.call("POST", f"{SCHEME}/next", {})).json()
        await one.call("POST", f"{SCHEME}/annotations", self.answers(text["elements"]))
        other = Connection(self.server.port, self.token)
        meanwhile = asyncio.create_task(_keep_asking(other, waits))
        started = time.perf_counter()
        await one.call("POST", f"{SCHEME}/guide/refresh")
        version = await self.version_above(one, version)
        spent = time.perf_counter() - started
        meanwhile.cancel()
        await asyncio.gather(meanwhile, return_exceptions=True)
        await other.close()
        return spent, version

    def resident(self) -> dict[str, float]:
        """Return the server process's resident memory, MB, and what of it is its own."""
        status = Path(f"/proc/{self.server.pid}/status").read_text(encoding="utf-8")
        fields = dict(line.split(":", 1) for line in status.splitlines())
        return {
            "all": int(fields["VmRSS"].split()[0]) / 1000,
            "anonymous": int(fields["RssAnon"].split()[0]) / 1000,
        }

    def baseline(self) -> None:
        """Do the same by data frames: filter and sample, filter and sort."""
        rng = np.random.default_rng(1)
        entropies = pl.Series("entropy", rng.random(self.rows))
        frame = self.frame.with_columns(entropies, tagged=pl.Series(rng.random(self.rows) < 0.1))

        def clock(work: Callable[[], Any]) -> float:
            times = []
            for _ in range(5):
                started = time.perf_counter()
                work()
                times.append((time.perf_counter() - started) * 1000)
            return statistics.median(times)

        untagged = ~pl.col("tagged")
        self.figures["baseline_frames_ms"] = {
            "next_random": clock(lambda: frame.filter(untagged).sample(1)),
            "next_max_entropy": clock(lambda: frame.filter(untagged).sort("entropy")[-1:]),
            "next_regex": clock(
                lambda: frame.filter(untagged & pl.col("text").str.contains("qq|zz.e")).head(1)
            ),
        }


async def _keep_asking(connection: Connection, waits: list[float]) -> None:
    """Ask for texts as an annotator who answers every 20 ms would, and note what it took."""
    while True:
        answer = await connection.call("POST", f"{SCHEME}/next", {"strategy": "deterministic"})
        waits.append(answer.ms)
        await asyncio.sleep(0.02)


def _multipart(file: Path, config: dict[str, Any]) -> tuple[bytes, str]:
    mark = "kodkod-benchmark"
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="config"\r\n\r\n'.encode(),
        json.dumps(config).encode(),
        (
            f'\r\n--{mark}\r\nContent-Disposition: form-data; name="file"; '
            f'filename="corpus.parquet"\r\nContent-Type: application/octet-stream\r\n\r\n'
        ).encode(),
        file.read_bytes(),
        f"\r\n--{mark}--\r\n".encode(),
    ]
    return b"".join(parts), f"multipart/form-data; boundary={mark}"


def _spread(answers: list[Answer]) -> dict[str, float]:
    server = [answer.server_ms for answer in answers]
    return {
        "p50": statistics.median(server),
        "p99": float(np.quantile(server, 0.99)),
        "client_p50": statistics.median(answer.ms for answer in answers),
    }


@contextmanager
def serving(folder: Path, **more: str) -> Iterator[ServerProcess]:
    """Run a server with its data in `folder`, and with these variables as well."""
    path = os.pathsep.join([str(HERE / "bench_plugin"), os.environ.get("PYTHONPATH", "")])
    environment = {
        "PYTHONPATH": path,
        "KODKOD_INLINE_IMPORT_MB": "4000",
        "KODKOD_LOG_LEVEL": "warning",
        **more,
    }
    with ServerProcess(folder / "data", environment=environment) as server:
        yield server


def measure(rows: int) -> dict[str, Any]:
    """Start a server, measure, end it."""
    with tempfile.TemporaryDirectory() as name, serving(Path(name)) as server:
        return asyncio.run(_run(server, rows, Path(name)))


def _run(server: ServerProcess, rows: int, folder: Path) -> Awaitable[dict[str, Any]]:
    return Bench(server, rows, folder).run()


def table(figures: list[dict[str, Any]]) -> Table:
    """Return the figures, a column for each size."""
    shown = Table(title="Kernel budget")
    shown.add_column("figure")
    for each in figures:
        shown.add_column(f"{each['rows']:,} rows", justify="right")
    for name in figures[0]:
        if name != "rows":
            shown.add_row(name, *(_cell(each[name]) for each in figures))
    return shown


def _cell(value: Any) -> str:
    if isinstance(value, dict):
        return "  ".join(f"{name} {_cell(each)}" for name, each in value.items())
    return f"{value:,.2f}" if isinstance(value, float) else str(value)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    figures = [measure(rows) for rows in given.rows]
    Console(width=140).print(table(figures))
    report = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "figures": figures,
    }
    print(json.dumps(report))
    if given.json:
        given.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
