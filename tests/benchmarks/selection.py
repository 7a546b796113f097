"""What selection costs inside the server: draws, walks, filters, publication.

    python tests/benchmarks/selection.py [--rows 100000 1000000] [--json FILE]

Prints a table and JSON. Times are of this thread's processor (`thread_time`), so that a busy
machine does not show in them, except where other threads do the work: those are of the whole
process (cpu) and of the wall. A pool is half annotated before it is measured.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import polars as pl
from rich.console import Console
from rich.table import Table

from kodkod.api import NoParams, StrategySpec
from kodkod.project.choice import Choice
from kodkod.project.corpus import LiveCorpus
from kodkod.project.guide import GuideConfig, Predictions
from kodkod.project.making_walks import make_walk
from kodkod.project.query import Filter, NextQuery
from kodkod.project.scheme import LiveScheme
from kodkod.project.shelf import WalkKey
from kodkod.store.labels import Label
from kodkod.store.log import Entry
from kodkod.store.projects import Scheme
from kodkod_schemes.multiclass import Multiclass
from kodkod_selection.max_entropy import MaxEntropy
from kodkod_selection.plain import Deterministic, Random

USERS = 32
DRAWS = 4_000
LABELS = ("alpha", "beta", "gamma")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
GUIDE = GuideConfig(
    features=("f",),
    model="m",
    params={},
    strategy="max-entropy",
    strategy_params={},
    refresh_every=10**9,
)


def choice(name: str, strategy: Any, **capabilities: Any) -> Choice:
    """Return a strategy as a request would mean it."""
    spec = StrategySpec(name=name, title="", summary="", factory="a:B", **capabilities)
    return Choice(spec, strategy, {})


CHOICES = {
    "deterministic": choice("deterministic", Deterministic(NoParams())),
    "random": choice("random", Random(NoParams()), uniform=True),
    "max_entropy": choice("max-entropy", MaxEntropy(NoParams()), needs=("probabilities",)),
}


def corpus(rows: int) -> LiveCorpus:
    """Return texts of about 200 characters."""
    rng = np.random.default_rng(7)
    letters = list("abcdefghijklmnopqrstuvwxyz")
    words = np.array(["".join(rng.choice(letters, rng.integers(3, 10))) for _ in range(4_000)])
    texts: list[str] = []
    for start in range(0, rows, 50_000):
        picks = rng.zipf(1.3, size=(min(50_000, rows - start), 30)) % len(words)
        texts += [" ".join(row) for row in words[picks]]
    frame = pl.DataFrame(
        {
            "id": [f"t{i}" for i in range(rows)],
            "text": texts,
            "split": pl.Series(np.zeros(rows, dtype=np.uint8)),
        }
    )
    return LiveCorpus(frame, [])


def predictions(rows: int, version: int) -> Predictions:
    """Return random probabilities."""
    drawn = np.random.default_rng(version).dirichlet(np.ones(len(LABELS)), rows)
    return Predictions(
        version=version,
        probabilities=drawn.astype(np.float32),
        label_ids=(1, 2, 3),
        trained_at_seq=0,
        n_train=500,
    )


class Bench:
    """A scheme with 32 users who have annotated up to half of the pool (20,000 texts at most)."""

    def __init__(self, texts: LiveCorpus, overlap: int) -> None:
        row = Scheme(
            id=1,
            project_id=1,
            name="topic",
            type="multiclass",
            params={},
            codebook="",
            overlap=overlap,
            guide=msgspec.to_builtins(GUIDE),
            created_at=NOW,
            labels=[Label(id=i + 1, name=name) for i, name in enumerate(LABELS)],
        )
        self.clock = 0.0
        self.scheme = LiveScheme(row, Multiclass(NoParams()), texts, lambda: self.clock)
        rng = np.random.default_rng(3)
        done = min(len(texts) // 2, 20_000)
        users = rng.integers(1, USERS + 1, done).tolist()
        # With overlap most of these stay open for a second annotator, and barred to the first.
        rows = rng.permutation(len(texts))[:done].tolist()
        entries = [
            self.entry(i + 1, at, who) for i, (at, who) in enumerate(zip(rows, users, strict=True))
        ]
        self.scheme.load(entries)
        self.publish(1)

    def entry(self, seq: int, row: int, user: int) -> Entry:
        """Return an answer."""
        return Entry(
            seq=seq,
            project_id=1,
            scheme_id=1,
            op="set",
            row=row,
            user_id=user,
            value='"1"',
            created_at=NOW,
        )

    def walk(self, query: NextQuery, how: Choice) -> tuple[WalkKey, Any, float]:
        """Return a new walk and the seconds that making it took."""
        key = self.scheme.walk_key(query, how, 1)
        started = time.thread_time()
        made = make_walk(self.scheme, key, query, how, {}, self.scheme.sight(1, whole=True))
        walk = self.scheme.adopt(key, made, how)
        return key, walk, time.thread_time() - started

    def draws(self, how: Choice) -> dict[str, float]:
        """Draw, and answer, skip or let lapse what was drawn; time the draws alone."""
        key, walk, made = self.walk(NextQuery(), how)
        scheme, times, first = self.scheme, [], []
        seen: set[int] = set()
        for step, user in zip(range(DRAWS), cycle(range(1, USERS + 1)), strict=False):
            started = time.thread_time()
            leases = scheme.draw(key, walk, user, 1, 600)
            scheme.remaining(walk, user)
            (times if user in seen else first).append((time.thread_time() - started) * 1000)
            seen.add(user)
            lease = leases[0]
            if step % 10 == 0:
                scheme.board.skip(lease.id, user)
            elif step % 10 != 1:
                scheme.hear(self.entry(scheme.fold.seq + 1, lease.row, user))
                scheme.board.take(lease.id, lease.row, user)
                scheme.board.refresh(lease.row, [user])
            self.clock += 1
        return {
            "p50": float(np.median(times)),
            "p99": float(np.quantile(times, 0.99)),
            "first_max": max(first),
            "walk_made": made * 1000,
        }

    def filters(self) -> dict[str, float]:
        """Work out filters never seen: what a word ends in, and one that reads every text."""
        words = sorted(
            {word for text in self.scheme.corpus.frame["text"].head(40) for word in text.split()}
        )[:20]
        figures = {}
        for name, pattern in {
            "word": r"\b{}(ing|ed)?\b|q.z",
            "heavy": r"(?i)\b\w+{}\w*\s\w+x\b",
        }.items():
            wall, cpu = [], []
            for word in words:
                begun, used = time.perf_counter(), time.process_time()
                query = NextQuery(filter=Filter(regex=pattern.format(word[:4])))
                self.walk(query, CHOICES["deterministic"])
                wall.append((time.perf_counter() - begun) * 1000)
                cpu.append((time.process_time() - used) * 1000)
            figures |= {
                f"{name}_wall": float(np.median(wall)),
                f"{name}_cpu": float(np.median(cpu)),
            }
        return figures

    def publish(self, version: int) -> dict[str, float]:
        """Renew what is in use from new predictions; `loop` is what the event loop is held."""
        scheme, new = self.scheme, predictions(len(self.scheme.corpus), version)
        began = time.thread_time()
        orders, walks = scheme.renew(new)
        made = time.thread_time()
        scheme.publish(new, orders, walks)
        return {
            "thread": (made - began) * 1000,
            "loop": (time.thread_time() - made) * 1000,
        }


def measure(rows: int) -> dict[str, Any]:
    """Measure one size."""
    texts = corpus(rows)
    figures: dict[str, Any] = {"rows": rows}
    for overlap in (1, 2):
        bench = Bench(texts, overlap)
        for name, how in CHOICES.items():
            figures[f"draw_{name}_overlap_{overlap}_ms"] = bench.draws(how)
        figures[f"publish_overlap_{overlap}_ms"] = bench.publish(2)
    figures["walk_new_regex_ms"] = bench.filters()
    ids = [f"t{i}" for i in range(0, rows, rows // 1_000)]
    figures["row_of_us"] = _each(texts.row_of, ids) * 1e6
    return figures


def _each(work: Callable[[Any], Any], items: list[Any]) -> float:
    started = time.thread_time()
    for item in items:
        work(item)
    return (time.thread_time() - started) / len(items)


def table(figures: list[dict[str, Any]]) -> Table:
    """Return the figures, a column for each size."""
    shown = Table(title="Selection, in process")
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
    return f"{value:,.3f}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    figures = [measure(rows) for rows in given.rows]
    Console(width=150).print(table(figures))
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
