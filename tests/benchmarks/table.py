"""What a page of the table costs: the first of an order, which works it out, and later ones.

The first ever by a column of strings puts those in order, which is kept for other filters.

    python tests/benchmarks/table.py [--rows 100000 1000000] [--json FILE]

Prints a table and JSON. In process and in one thread, without HTTP: the order is worked out as the
server does, then a page of 100 texts is shown. The baseline sorts the same columns with polars,
and nothing else. One text in ten has an answer of one of 20 people, every one a prediction.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import polars as pl
from rich.console import Console
from rich.table import Table

from kodkod.api import NoParams
from kodkod.project.corpus import LiveCorpus
from kodkod.project.guide import GuideConfig, Predictions
from kodkod.project.importing import CONTEXT
from kodkod.project.query import Filter, Sample
from kodkod.project.scheme import LiveScheme
from kodkod.project.table import SortKey, TableQuestion, table_order
from kodkod.store.labels import Label
from kodkod.store.log import Entry
from kodkod.store.projects import Scheme
from kodkod.web.views import element
from kodkod_schemes.multiclass import Multiclass

LABELS = [Label(id=i, name=f"label {i}") for i in range(1, 5)]
ANSWERED = 0.1
PAGE = 100
ROUNDS = 3
AT = datetime(2026, 1, 1, tzinfo=UTC)
SORTS: dict[str, tuple[str, ...]] = {
    "row": ("row",),
    "id": ("id",),
    "length": ("length",),
    "context: a number": ("context:year",),
    "context: a word": ("context:place",),
    "label": ("label",),
    "annotated_at": ("annotated_at",),
    "prediction, the first since a refresh": ("prediction",),
    "confidence": ("confidence",),
    "label, confidence, id": ("label", "confidence", "id"),
}


def frame(n: int) -> pl.DataFrame:
    """Return a corpus: texts of about 200 characters, ids in no order."""
    rng = np.random.default_rng(5)
    words = np.array(["rain", "a", "council", "street", "and", "bicycle", "however", "élan"])
    some = [" ".join(words[rng.integers(8, size=36)]) for _ in range(2_000)]
    return pl.DataFrame(
        {
            "id": pl.Series(rng.permutation(n)).cast(pl.String),
            "text": pl.Series(some).gather(rng.integers(2_000, size=n)),
            "split": pl.Series(np.zeros(n), dtype=pl.UInt8),
            f"{CONTEXT}year": rng.integers(1900, 2026, size=n),
            f"{CONTEXT}place": pl.Series([f"place {i}" for i in range(500)]).gather(
                rng.integers(500, size=n)
            ),
        }
    )


def scheme(texts: pl.DataFrame) -> LiveScheme:
    """Return a live scheme with answers and a guide's predictions."""
    n = texts.height
    rng = np.random.default_rng(6)
    config = GuideConfig(
        features=(), model="m", params={}, strategy="random", strategy_params={}, refresh_every=0
    )
    row = Scheme(
        id=1,
        project_id=1,
        name="topic",
        type="multiclass",
        params={},
        codebook="",
        overlap=1,
        guide=msgspec.to_builtins(config),
        created_at=AT,
        labels=LABELS,
    )
    live = LiveScheme(row, Multiclass(NoParams()), LiveCorpus(texts, ["year", "place"]), time.time)
    live.load(
        Entry(
            seq=seq,
            project_id=1,
            scheme_id=1,
            op="set",
            row=row_number,
            user_id=1 + seq % 20,
            value=f'"{1 + seq % 4}"',
            created_at=AT + timedelta(seconds=seq),
        )
        for seq, row_number in enumerate(
            rng.choice(n, int(n * ANSWERED), replace=False).tolist(), start=1
        )
    )
    live.publish(
        Predictions(
            version=1,
            probabilities=rng.dirichlet([1, 1, 1, 1], n).astype(np.float32),
            label_ids=(1, 2, 3, 4),
            trained_at_seq=1,
            n_train=1,
        ),
        {},
        {},
    )
    return live


def ms(work: Callable[[], object]) -> float:
    """Return the milliseconds that work takes."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def plain(texts: pl.DataFrame, keys: tuple[str, ...]) -> pl.Series | None:
    """Sort by the same columns with polars, where the corpus has them."""
    names = {"row": "row", "id": "id", "length": "length"}
    columns = [names.get(key, CONTEXT + key.removeprefix("context:")) for key in keys]
    there = texts.with_row_index("row").with_columns(length=pl.col("text").str.len_chars())
    if not {*columns} <= {*there.columns}:
        return None
    return there.select(pl.arg_sort_by(columns, nulls_last=True, maintain_order=True)).to_series()


def measure(n: int) -> dict[str, Any]:
    """Time every order: the first page, and a later one of an order that is there."""
    texts = frame(n)
    live = scheme(texts)
    sight = live.sight(1, whole=False)
    sorts: dict[str, Any] = {}

    def shown(order: np.ndarray[Any, Any], offset: int) -> None:
        for row in order[offset : offset + PAGE].tolist():
            element(live, row, _Names())  # pyright: ignore[reportArgumentType]

    for name, keys in SORTS.items():
        question = TableQuestion(
            sample=Sample(kind="all"),
            filter=Filter(),
            split="all",
            sort=tuple(SortKey(by=key, descending=True) for key in keys),
        )

        def first(question: TableQuestion = question) -> None:
            shown(table_order(live, question, sight, {}), 0)

        times: list[float] = []
        for _ in range(ROUNDS):
            live.tables.forget()
            times.append(ms(first))
        order = table_order(live, question, sight, {})
        later = [ms(lambda order=order: shown(order, n // 2)) for _ in range(20)]
        base = [ms(lambda keys=keys: plain(texts, keys)) for _ in range(ROUNDS)]
        there = plain(texts, keys) is not None
        sorts[name] = {
            "first_ever_ms": times[0],
            "first_page_ms": statistics.median(times[1:]),
            "later_page_ms": statistics.median(later),
            "polars_sort_ms": statistics.median(base) if there else None,
        }
    samples: dict[str, float] = {}
    for label, sample, filter_ in (
        ("untagged", Sample(kind="untagged"), Filter()),
        ("tagged by somebody", Sample(kind="tagged", by="p"), Filter()),
        ("predicted as", Sample(kind="predicted_as", label="label 1"), Filter()),
        ("guide differs", Sample(kind="prediction_differs"), Filter()),
        ("a new regular expression", Sample(kind="all"), Filter(regex="rain.*élan")),
    ):
        question = TableQuestion(
            sample=sample, filter=filter_, split="all", sort=(SortKey(by="label"),)
        )
        live.tables.forget()
        samples[label] = ms(lambda q=question: table_order(live, q, sight, {"p": 3}))
    return {"rows": n, "sorts": sorts, "samples_ms": samples}


class _Names:
    def __getitem__(self, id_: int) -> str:
        return f"person {id_}"


def table(each: dict[str, Any]) -> Table:
    """Return the figures of one size."""
    shown = Table(title=f"Table, {each['rows']:,} rows")
    for column in ("sorted by", "first ever", "first page", "later page", "polars alone"):
        shown.add_column(column, justify="left" if column == "sorted by" else "right")
    for name, times in each["sorts"].items():
        shown.add_row(name, *(_ms(time) for time in times.values()))
    for name, time_ms in each["samples_ms"].items():
        shown.add_row(f"sample: {name}, by label", "", _ms(time_ms), "", "")
    return shown


def _ms(value: float | None) -> str:
    return "" if value is None else f"{value:,.1f} ms"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000])
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    figures = [measure(n) for n in asked.rows]
    for each in figures:
        Console().print(table(each))
    report = json.dumps(
        {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": platform.platform(),
            "cores": os.cpu_count(),
            "load": os.getloadavg()[0],
            "figures": figures,
        },
        indent=2,
    )
    print(report)
    if asked.json is not None:
        asked.json.write_text(report)


if __name__ == "__main__":
    main()
