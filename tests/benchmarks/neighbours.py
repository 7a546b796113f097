"""What an index of neighbours costs, what it finds, and what a sub-pool by neighbourhood gains.

    python tests/benchmarks/neighbours.py [--rows 100000 300000] [--vectors FILE] [--json FILE]

Prints a table and JSON. Without `--vectors` (a `.npy` file, float32 `[m, dim]`) vectors are
drawn around topics; with it, more than there are in the file are mixed from two of them each.
Times are of the wall and of the processor; the machine may be busy. Recall is against exact search.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from kodkod.api import Pool
from kodkod.store.matrices import Manifest, MatrixFolder
from kodkod.store.neighbours import ExactNeighbours, OpenNeighbours, build_index
from kodkod_selection.neighbourhood import neighbourhood

DIM = 384
QUERIES = 300
RARE = 0.01
LABELLED = 300
SUBPOOL = 10_000


def drawn(n: int, given: NDArray[np.float32] | None) -> NDArray[np.float32]:
    """Return `n` vectors of length 1."""
    rng = np.random.default_rng(7)
    if given is None:
        topics = rng.standard_normal((200, 60))
        lift = rng.standard_normal((60, DIM)).astype(np.float32)
        x = topics[rng.integers(200, size=n)] + 0.8 * rng.standard_normal((n, 60))
        x = x.astype(np.float32) @ lift
    else:
        x = given[:n]
        left, right = rng.integers(len(given), size=(2, n - len(x)))
        share = rng.uniform(0.55, 0.9, (n - len(x), 1)).astype(np.float32)
        x = np.concatenate([x, share * given[left] + (1 - share) * given[right]])
    return (x / np.linalg.norm(x, axis=1, keepdims=True)).astype(np.float32)


def measure(n: int, given: NDArray[np.float32] | None, folder: Path) -> dict[str, Any]:
    """Build, extend, ask."""
    x = drawn(n + QUERIES, given)
    # Asked about is what the index has not seen.
    x, wanted = x[QUERIES:], x[:QUERIES]
    folder.mkdir()
    shape = Manifest(
        component="bench", params={}, corpus_fingerprint="", rows=n, dim=x.shape[1], sparse=False
    )
    figures: dict[str, Any] = {"rows": n, "dim": x.shape[1]}
    part = n * 9 // 10
    for name, upto in (("build_nine_tenths", part), ("extend_by_a_tenth", n)):
        MatrixFolder(folder).write(x[:upto], shape)
        wall, cpu = time.perf_counter(), time.process_time()
        build_index(folder, lambda _: None)
        figures[name] = {
            "wall_s": time.perf_counter() - wall,
            "cpu_s": time.process_time() - cpu,
        }
    figures["file_mb"] = (folder / "neighbours.usearch").stat().st_size / 1e6
    opened = time.perf_counter()
    index = OpenNeighbours().of(folder)
    figures["open_ms"] = (time.perf_counter() - opened) * 1000
    if index is None:
        raise RuntimeError("there is no index")
    for k, asked in ((10, wanted), (250, wanted[:40])):
        exact = ExactNeighbours(x).near(asked, k)
        index.near(asked[:1], k)
        began = time.process_time()
        found = index.near(asked, k)
        figures[f"near_{k}"] = {
            "ms_each": (time.process_time() - began) * 1000 / len(asked),
            "recall": _recall(found, exact),
        }
        if k == 10:
            began = time.process_time()
            ExactNeighbours(x).near(asked[:10], k)
            figures["exact_ms_each"] = (time.process_time() - began) * 100
    figures["subpool"] = enriched(x, index)
    return figures


def enriched(x: NDArray[np.float32], index: Any) -> dict[str, float]:
    """Return how much of a sub-pool has a label that a hundredth of the corpus has.

    The label is that of the rows nearest to three directions; 300 rows are labelled at random, so
    that about three have it.
    """
    rng = np.random.default_rng(3)
    seeds = rng.choice(len(x), 3, replace=False)
    rare = np.zeros(len(x), dtype=np.bool_)
    each = int(len(x) * RARE) // 3
    for seed in seeds:
        rare[np.argsort(-(x @ x[seed]))[:each]] = True
    labelled = np.sort(rng.choice(len(x), LABELLED, replace=False))
    pool = Pool(
        n=len(x),
        rng=rng,
        labels=("common", "rare"),
        embeddings=x,
        labelled=labelled,
        targets=rare[labelled].astype(np.int64),
        neighbours=index,
    )
    rows = np.setdiff1d(np.arange(len(x)), labelled)
    began = time.process_time()
    chosen = neighbourhood(pool, rows, SUBPOOL)
    spent = (time.process_time() - began) * 1000
    filled = rng.choice(np.setdiff1d(rows, chosen), SUBPOOL - len(chosen), replace=False)
    return {
        "labelled_rare": int(rare[labelled].sum()),
        "rare_in_corpus": float(rare.mean()),
        "rare_in_subpool": float(rare[np.concatenate([chosen, filled])].mean()),
        "rare_found": float(rare[np.concatenate([chosen, filled])].sum() / rare[rows].sum()),
        "neighbours": len(chosen),
        "ms": spent,
    }


def _recall(found: NDArray[np.int64], exact: NDArray[np.int64]) -> float:
    pairs = zip(found.tolist(), exact.tolist(), strict=True)
    return sum(len({*a} & {*b}) for a, b in pairs) / exact.size


def table(figures: list[dict[str, Any]]) -> Table:
    """Return the figures, a column for each size."""
    shown = Table(title="Neighbours")
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
    return f"{value:,.3f}" if isinstance(value, float) else str(value)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000])
    parser.add_argument("--vectors", type=Path)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    given = np.load(asked.vectors) if asked.vectors else None
    with tempfile.TemporaryDirectory() as name:
        figures = [measure(n, given, Path(name) / str(n)) for n in asked.rows]
    Console(width=150).print(table(figures))
    report = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "figures": figures,
    }
    print(json.dumps(report))
    if asked.json:
        asked.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
