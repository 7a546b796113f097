"""What a refresh of the guide takes with each query strategy in use.

    python tests/benchmarks/refreshes.py [--rows 1000000] [--only NAME ...] [--json FILE]

Each strategy is made the guide's, a text is drawn by it and answered, and a refresh is asked for:
the figure is the time until the new model, its predictions of all rows and the new order are
published, while another user goes on asking for texts. Params are the defaults; committees have
three members. What needs an LLM's answers is left out and said so. Prints a table and JSON.
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
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from budget import SCHEME, Bench, serving  # noqa: E402

from loopback import Connection  # noqa: E402
from server_process import ServerProcess  # noqa: E402

ROUNDS = 3
BUDGET_S = {100_000: 0.5, 1_000_000: 3.0}


async def strategies(one: Connection) -> dict[str, dict[str, Any]]:
    """Return what is installed and can rank texts of one label: the guide's settings for each."""
    listed = (await one.call("GET", "/components?kind=strategy")).json()
    found: dict[str, dict[str, Any]] = {}
    for each in listed:
        can = each["capabilities"]
        if can["scheme_types"] and "multiclass" not in can["scheme_types"]:
            continue
        params: dict[str, Any] = {}
        if "label" in each["schema"]["properties"]:
            params["label"] = "alpha"
        if "rows" in each["schema"]["properties"]:
            params["rows"] = [0]
        found[each["name"]] = {
            "strategy": each["name"],
            "strategy_params": params,
            "ensemble": 2 if "committee" in can["needs"] else 0,
        }
    return found


async def run(server: ServerProcess, rows: int, folder: Path, only: list[str]) -> list[Any]:
    """Measure one strategy after the other."""
    bench = Bench(server, rows, folder)
    await bench.sign_in()
    one = Connection(server.port, bench.token)
    await bench.create(one)
    await bench.prepare(one)
    figures = []
    for name, settings in (await strategies(one)).items():
        if not only or name in only:
            figures.append({"strategy": name} | await measured(bench, one, settings))
            print(figures[-1], file=sys.stderr)
    await one.close()
    return figures


async def measured(bench: Bench, one: Connection, settings: dict[str, Any]) -> dict[str, Any]:
    """Time refreshes with one strategy."""
    rested = {"features": ["noise"], "refresh_every": 10_000, "refresh_idle_seconds": None}
    times: list[float] = []
    waits: list[float] = []
    try:
        await one.call("PUT", f"{SCHEME}/guide", rested | settings)
        version = await bench.version_above(one, 0)
        drawn = (await one.call("POST", f"{SCHEME}/next", {})).json()["elements"][0]["strategy"]
        if drawn != settings["strategy"]:
            return {"refused": f"{drawn} was asked instead"}
        for _ in range(ROUNDS):
            spent, version = await bench.timed_refresh(one, version, waits)
            times.append(spent)
    except RuntimeError as error:
        return {"refused": str(error)}
    return {
        "p50_s": statistics.median(times),
        "max_s": max(times),
        "next_p99_ms": sorted(waits)[int(0.99 * len(waits))],
    }


def table(rows: int, figures: list[dict[str, Any]]) -> Table:
    """Return a line for each strategy."""
    shown = Table(title=f"Refresh of the guide over {rows:,} rows")
    for name in ("strategy", "p50 s", "max s", "next p99 ms", ""):
        shown.add_column(name)
    for each in figures:
        if "refused" in each:
            shown.add_row(each["strategy"], "", "", "", each["refused"])
            continue
        late = each["p50_s"] > BUDGET_S.get(rows, float("inf"))
        cells = (f"{each[name]:.2f}" for name in ("p50_s", "max_s", "next_p99_ms"))
        shown.add_row(each["strategy"], *cells, "over budget" if late else "")
    return shown


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, serving(Path(name)) as server:
        figures = asyncio.run(run(server, given.rows, Path(name), given.only))
    Console(width=120).print(table(given.rows, figures))
    report = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}",
        "rows": given.rows,
        "figures": figures,
    }
    print(json.dumps(report))
    if given.json:
        given.json.write_text(json.dumps(report), encoding="utf-8")


if __name__ == "__main__":
    main()
