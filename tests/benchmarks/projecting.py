"""How long maps take and how much memory, by method and number of rows.

    python tests/benchmarks/projecting.py --rows 5000,50000 --methods pca,pacmap --out figures.json

Each run is a process of its own over a mapped file of float32 vectors that lie in groups, as
sentence embeddings do. `seconds` is `fit` over all rows (the sample laid out, the others placed),
after a fit of 200 rows that lets the library compile. `peak_mb` is the most that the process has
held by the end, libraries and pages of the mapped file included (`base_mb`: before the fit).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

BLOCK = 50_000
GROUPS = 40
METHODS = ("pca", "pacmap", "umap", "tsne")


def write_vectors(path: Path, rows: int, dim: int) -> None:
    """Write unit vectors about `GROUPS` middles, a block at a time."""
    rng = np.random.default_rng(0)
    middles = rng.standard_normal((GROUPS, dim)).astype(np.float32)
    made = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=(rows, dim))
    for start in range(0, rows, BLOCK):
        n = min(BLOCK, rows - start)
        part = middles[rng.integers(GROUPS, size=n)]
        part = part + 0.8 * rng.standard_normal((n, dim), dtype=np.float32)
        made[start : start + n] = part / np.linalg.norm(part, axis=1, keepdims=True)
    made.flush()


def most_held_mb() -> int:
    """Return this process's greatest resident memory: Linux's, for getrusage's is the parent's."""
    status = Path("/proc/self/status").read_text()
    (line,) = (each for each in status.splitlines() if each.startswith("VmHWM"))
    return int(line.split()[1]) // 1024


def measure(method: str, path: Path, params: dict[str, Any]) -> dict[str, float]:
    """Fit one map in this process."""
    from kodkod.plugins import PluginRegistry
    from kodkod.testing import RecordingContext

    matrix = np.load(path, mmap_mode="r")
    registry = PluginRegistry.load()
    with tempfile.TemporaryDirectory() as folder:
        context = RecordingContext(Path(folder), seed=1)
        registry.build("projection", method, params).fit(np.array(matrix[:200]), context)
        before = most_held_mb()
        start = time.perf_counter()
        cpu = time.process_time()
        points = registry.build("projection", method, params).fit(matrix, context)
        seconds = time.perf_counter() - start
        cpu = time.process_time() - cpu
    assert points.shape == (len(matrix), 2)
    assert np.isfinite(points).all()
    return {
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu, 2),
        "base_mb": before,
        "peak_mb": most_held_mb(),
    }


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", default="2000,10000")
    parser.add_argument("--methods", default=",".join(METHODS))
    parser.add_argument("--dim", type=int, default=384)
    parser.add_argument("--params", default="{}", help="JSON, for all methods that have the param")
    parser.add_argument("--out", type=Path, help="file for the figures as JSON")
    parser.add_argument("--one", nargs=2, metavar=("METHOD", "FILE"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    params = json.loads(given.params)
    if given.one:
        print(json.dumps(measure(given.one[0], Path(given.one[1]), params)))
        return
    figures: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        for rows in map(int, given.rows.split(",")):
            path = Path(folder) / f"{rows}.npy"
            write_vectors(path, rows, given.dim)
            for method in given.methods.split(","):
                figures.append({"method": method, "rows": rows, "dim": given.dim})
                figures[-1].update(_apart(method, path, params))
                print(_line(figures[-1]), flush=True)
            path.unlink()
    if given.out:
        given.out.write_text(json.dumps({"params": params, "figures": figures}, indent=1) + "\n")


def _apart(method: str, path: Path, params: dict[str, Any]) -> dict[str, float]:
    known = {} if method == "pca" else params
    command = [sys.executable, __file__, "--one", method, str(path), "--params", json.dumps(known)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def _line(each: dict[str, Any]) -> str:
    return (
        f"| {each['method']:7} | {each['rows']:>9,} x {each['dim']} | {each['seconds']:>8.1f} s "
        f"| {each['cpu_seconds']:>8.1f} s | {each['peak_mb']:>6,} MB |"
    )


if __name__ == "__main__":
    main()
