"""Which query strategies teach the quick model more than random texts do, on real corpora.

    python tests/benchmarks/quality.py [--corpus ag_news climate_stance goemotions]
        [--strategies breaking-ties 'varied={"base": "max-entropy"}' ...] [--seeds 5]
        [--rows 6000] [--model-params '{"class_weight": "none"}'] [--json FILE]

Simulations as users run them, on MiniLM sentence embeddings and logistic regression: 25 random
texts, then 20 batches of 25; macro F1 on 30 % of the texts, others for each seed. Prints the area
under each learning curve, its gain over random paired by seed with a 95 % interval, and JSON.
Embeddings are computed once and kept under --cache.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

# One thread each: read by the libraries when they are loaded.
for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")

import msgspec  # noqa: E402
import numpy as np  # noqa: E402
import polars as pl  # noqa: E402
from msgspec import Struct  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent)]

from corpora import SHARED  # noqa: E402
from kodkod.api import JobContext, Score, TextBatch  # noqa: E402
from kodkod.plugins import PluginRegistry  # noqa: E402
from kodkod.simulation.corpus import LabelledCorpus  # noqa: E402
from kodkod.simulation.engine import Simulated, simulate  # noqa: E402
from kodkod.simulation.plan import Plan, StrategyChoice  # noqa: E402
from weights import minilm_folder  # noqa: E402

ANY = (
    "breaking-ties",
    "max-entropy",
    "least-confidence",
    "varied",
    "mixed",
    "balanced",
    "rare-mix",
    "diverse",
    "clue",
    "badge",
    "contrastive",
    "typiclust",
    "core-set",
    "embedding-kmeans",
    "discriminative",
    "drop-query",
    "committee",
    "bald",
)
"""What can be simulated and is not about one label; some tell little of several labels a text."""
SEVERAL = ("label-cardinality", "adaptive-multilabel", "cvirs")


class Texts(Struct, frozen=True):
    """A corpus as read: texts, and the labels of each."""

    texts: list[str]
    values: list[list[str]]


def climate_stance() -> Texts:
    """Sentences on global warming: agree, neutral or disagree."""
    frame = pl.read_csv(SHARED / "climate_stance.csv")
    return Texts(frame["sentence"].to_list(), [[each] for each in frame["label_agg"]])


def ag_news() -> Texts:
    """News in four topics."""
    frame = pl.read_parquet(SHARED / "ag_news.parquet")
    texts = [f"{title} {text}" for title, text in zip(frame["title"], frame["text"], strict=True)]
    return Texts(texts, [[each] for each in frame["label"]])


def goemotions() -> Texts:
    """Comments with one or more of 28 emotions; the train split."""
    frame = pl.read_parquet(SHARED / "goemotions.parquet").filter(pl.col("split") == "train")
    return Texts(frame["text"].to_list(), frame["labels"].to_list())


CORPORA: dict[str, tuple[Callable[[], Texts], str]] = {
    "ag_news": (ag_news, "multiclass"),
    "climate_stance": (climate_stance, "multiclass"),
    "goemotions": (goemotions, "multilabel"),
}


class Telling(JobContext):
    """Says on the terminal how far it is."""

    def __init__(self, console: Console) -> None:
        self.seed = 0
        self._console = console

    @property
    def folder(self) -> Path:
        return Path(tempfile.gettempdir())

    def progress(self, fraction: float | None, message: str = "", **metrics: float) -> None:
        if message and self._console.is_terminal:
            self._console.print(f"{fraction or 0:4.0%} {message:<70}", end="\r", highlight=False)

    def log(self, line: str) -> None:
        self._console.print(line, highlight=False)


def embedded(
    name: str, texts: list[str], cache: Path, registry: PluginRegistry, ctx: JobContext
) -> np.ndarray:
    """Return the texts' embeddings by the weights that a package brings; computed once."""
    key = hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]
    file = cache / f"{name}-{key}.npy"
    if file.exists():
        return np.load(file)
    weights = minilm_folder()
    os.environ["KODKOD_LOCAL_MODELS"] = str(weights.parent)
    feature: Any = registry.build("feature", "sentence-embeddings", {"model": str(weights)})
    ctx.log(f"embedding {len(texts):,} texts of {name}")
    batch = TextBatch(rows=np.arange(len(texts)), texts=texts, context=pl.DataFrame())
    found = feature.transform(batch, ctx)
    cache.mkdir(parents=True, exist_ok=True)
    np.save(file, found)
    return found


def corpus_of(
    name: str, rows: int, cache: Path, registry: PluginRegistry, ctx: JobContext
) -> LabelledCorpus:
    """Return a corpus, or `rows` of it drawn at random, with its embeddings."""
    read, scheme_type = CORPORA[name]
    whole = read()
    n = len(whole.texts)
    kept = np.arange(n)
    if rows < n:
        kept = np.sort(np.random.default_rng(0).choice(n, rows, replace=False))
    labels = tuple(sorted({label for value in whole.values for label in value}))
    values = [whole.values[i] for i in kept]
    scheme: Any = registry.build("scheme-type", scheme_type, {})
    single = scheme_type == "multiclass"
    x = embedded(name, [whole.texts[i] for i in kept], cache, registry, ctx)
    return LabelledCorpus(
        scheme_type=scheme_type,
        labels=labels,
        features=x,
        embeddings=x,
        targets=scheme.encode([value[0] for value in values] if single else values, labels),
    )


def choice(text: str) -> StrategyChoice:
    """Read a strategy: its name, or name=JSON of its params."""
    name, _, params = text.partition("=")
    return StrategyChoice(name=name, params=json.loads(params or "{}"))


def table(name: str, corpus: LabelledCorpus, done: Simulated) -> Table:
    """Return what came of it, the best first."""
    title = f"{name}: {corpus.n - done.n_test:,} texts to learn from, {done.n_test:,} to test on"
    shown = Table(title=title)
    shown.add_column("strategy")
    for column in ("area", "gain over random", "after the last", "ms an order"):
        shown.add_column(column, justify="right")
    for each in sorted(done.strategies, key=lambda one: -(one.area.value or 0.0)):
        gain = "" if each.gain is None else told(each.gain, "+")
        base = each.params.get("base")
        label = f"{each.name} ({base})" if base else each.name
        shown.add_row(label, told(each.area), gain, told(each.final), f"{each.order_ms:.1f}")
    shown.caption = f"all labelled: {told(done.whole)}"
    return shown


def told(score: Score, sign: str = "") -> str:
    """Return a score with half of its interval."""
    value = score.value or 0.0
    return f"{value:{sign}.3f} ± {value - (score.low or value):.3f}"


def brief(figures: dict[str, Any]) -> dict[str, Any]:
    """Return the figures of a corpus without its curves."""
    kept = ("name", "params", "area", "gain", "final", "order_ms")
    short = [{name: each[name] for name in kept} for each in figures["strategies"]]
    return figures | {"strategies": short}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", nargs="+", choices=sorted(CORPORA), default=list(CORPORA))
    parser.add_argument("--strategies", nargs="+", type=choice)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--rows", type=int, default=6_000, help="texts of a corpus at most")
    parser.add_argument("--start", type=int, default=25)
    parser.add_argument("--batch", type=int, default=25)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--metric", default="macro_f1")
    parser.add_argument("--model", default="logistic")
    parser.add_argument("--model-params", type=json.loads, default={})
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir(), "kodkod-quality"))
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    registry, console = PluginRegistry.load(), Console(width=110)
    ctx = Telling(Console(stderr=True))
    figures: dict[str, Any] = {}
    for name in given.corpus:
        corpus = corpus_of(name, given.rows, given.cache, registry, ctx)
        usual = (*ANY, *SEVERAL) if corpus.multilabel else ANY
        plan = Plan(
            strategies=tuple(given.strategies or (StrategyChoice(name=each) for each in usual)),
            model=given.model,
            params=given.model_params,
            start=given.start,
            batch=given.batch,
            rounds=given.rounds,
            seeds=given.seeds,
            metric=given.metric,
            seed=given.seed,
        )
        began = time.process_time()
        done = simulate(corpus, plan, registry, ctx)
        console.print(table(name, corpus, done))
        figures[name] = {
            "rows": corpus.n,
            "tested": done.n_test,
            "labels": len(corpus.labels),
            "seconds": round(time.process_time() - began, 1),
            "plan": msgspec.to_builtins(plan),
            "whole": msgspec.to_builtins(done.whole),
            "strategies": msgspec.to_builtins(done.strategies),
        }
    report = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "figures": figures,
    }
    print(json.dumps(report | {"figures": {name: brief(each) for name, each in figures.items()}}))
    if given.json:
        given.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
