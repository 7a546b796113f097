"""What each query strategy costs, beside a reference implementation of it.

    python tests/benchmarks/strategies.py [--rows 100000] [--only NAME ...] [--no-references]
                                          [--json FILE]

A batch of 25 out of a pool of unit embeddings in 384 dimensions, with 500 labelled rows, four
labels (multilabel strategies: 28) and a committee of five; params are the defaults. Both sides get
the same arrays, fitted models included, so that what is timed is choosing alone. Times are
processor seconds of this process on one thread, which other work on the machine does not change
much: the best of three, or of one where a reference is slow. A reference that is quadratic, or
needs more memory than a laptop has, runs on the first rows only: a column says on how many, and
what ours takes there. Prints a table and JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct
from rich.console import Console
from rich.table import Table
from threadpoolctl import threadpool_limits

from kodkod.api import Pool, StrategySpec
from kodkod.plugins.factory import build
from kodkod.plugins.status import Registered
from kodkod_selection.plugin import register_components

BATCH = 25
DIM = 384
LABELLED = 500
MEMBERS = 5
FEW, MANY = 4, 28
CENTRES = 200
REPEATS = 3
_WARM_UP = 1_000
_QUICK_SECONDS = 2.0
SPECS = {spec.name: spec for spec in register_components() if isinstance(spec, StrategySpec)}
PARAMS: dict[str, dict[str, Any]] = {
    **{
        name: {"label": "l0"}
        for name, spec in SPECS.items()
        if "label" in spec.params.__struct_fields__
    },
    "similar": {"rows": [0]},
}


class Corpus:
    """Vectors around 200 centres, a model that half knows their labels, and what follows."""

    def __init__(self, rows: int, n_labels: int, *, several: bool) -> None:
        self.rows, self.several = rows, several
        self.labels = tuple(f"l{i}" for i in range(n_labels))
        rng = np.random.default_rng(0)
        centres = rng.standard_normal((CENTRES, DIM), dtype=np.float32)
        group = rng.integers(0, CENTRES, rows)
        self.x = rng.standard_normal((rows, DIM), dtype=np.float32)
        self.x += centres[group]
        self.x /= np.linalg.norm(self.x, axis=1, keepdims=True)
        self.direction = rng.standard_normal((DIM, n_labels)).astype(np.float32)
        self.p = self._predicted(6)
        self.labelled = np.sort(rng.choice(rows, LABELLED, replace=False))
        self.targets = self._said(self.p[self.labelled] + 0.1 * rng.random((LABELLED, n_labels)))

    def _predicted(self, sharpness: float) -> Any:
        scores = self.x @ (self.direction * sharpness)
        if self.several:
            return (1 / (1 + np.exp(-scores + sharpness / 2))).astype(np.float32)
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        return (scores / scores.sum(axis=1, keepdims=True)).astype(np.float32)

    def _said(self, p: Any) -> Any:
        return (p >= 0.5).astype(np.uint8) if self.several else p.argmax(axis=1).astype(np.int64)

    @cached_property
    def committee(self) -> Any:
        """Return the probabilities of models that are more or less sure."""
        members = np.empty((MEMBERS, *self.p.shape), dtype=np.float32)
        for i in range(MEMBERS):
            members[i] = np.roll(self._predicted(3 + i), 1 if i == 0 else 0, axis=1)
        return members

    @cached_property
    def unlabelled(self) -> Any:
        """Return the other rows."""
        return np.setdiff1d(np.arange(self.rows), self.labelled)

    @cached_property
    def y(self) -> Any:
        """Return scikit-activeml's targets: NaN where there is no label."""
        y = np.full(self.rows, np.nan)
        y[self.labelled] = self.targets if self.targets.ndim == 1 else 0
        return y

    def pool(self) -> Pool:
        """Return a new pool over the same arrays."""
        return Pool(
            n=self.rows,
            rng=np.random.default_rng(1),
            labels=self.labels,
            multilabel=self.several,
            probabilities=self.p,
            embeddings=self.x,
            labelled=self.labelled,
            targets=self.targets,
            committee=self.committee,
            llm=np.roll(self.p, 1, axis=1),
            base=np.argsort(self.p[:, 0], kind="stable"),
        )


class Timed(Struct, kw_only=True):
    """One strategy's figures, in seconds. `reference_rows` is how many the reference had."""

    strategy: str
    seconds: float
    ours_on_reference_rows: float | None = None
    reference: str = ""
    reference_seconds: float | None = None
    reference_rows: int | None = None

    @property
    def times(self) -> float | None:
        """Return how many times longer the reference took on the same rows."""
        if self.reference_seconds is None or self.ours_on_reference_rows is None:
            return None
        return self.reference_seconds / self.ours_on_reference_rows


class Reference(Struct, frozen=True):
    """Another implementation: what it is, on how many rows at most, and one choice by it."""

    name: str
    most: int
    work: Callable[[Corpus], Any]


class Rows:
    """A small-text data set."""

    is_multi_label = False

    def __init__(self, rows: Any) -> None:
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, places: Any) -> Rows:
        return Rows(self.rows[places])


class Knows:
    """A fitted small-text classifier."""

    def __init__(self, p: Any) -> None:
        self.p, self.num_classes = p, p.shape[1]

    def predict_proba(self, data: Rows) -> Any:
        """Return what it knows."""
        return self.p[data.rows]

    def predict(self, data: Rows) -> Any:
        """Return the likeliest."""
        return self.p[data.rows].argmax(axis=1)


def small_text(make: Callable[[Any], Any]) -> Callable[[Corpus], Any]:
    """Return a choice by one of small-text's strategies."""

    def work(corpus: Corpus) -> Any:
        import small_text.query_strategies as st

        return make(st).query(
            Knows(corpus.p),
            Rows(np.arange(corpus.rows)),
            corpus.unlabelled,
            corpus.labelled,
            corpus.targets,
            n=BATCH,
        )

    return work


def activeml(
    make: Callable[[Any], Any], *, model: bool = False, discriminator: bool = False
) -> Callable[[Corpus], Any]:
    """Return a choice by one of scikit-activeml's strategies."""

    def work(corpus: Corpus) -> Any:
        import skactiveml.pool as pool
        from skactiveml.classifier import SklearnClassifier
        from sklearn.linear_model import LogisticRegression

        given: dict[str, Any] = {}
        if model:
            given = {"clf": _learnt(corpus), "fit_clf": False}
        if discriminator:
            given = {"discriminator": SklearnClassifier(LogisticRegression(), classes=[0, 1])}
        strategy = make(pool)
        if type(strategy).__name__ == "Clue":
            given = {"estimator": given["clf"], "fit_estimator": False}
        return strategy.query(corpus.x, corpus.y, batch_size=BATCH, **given)

    return work


_MODELS: dict[int, Any] = {}


def _learnt(corpus: Corpus) -> Any:
    from skactiveml.classifier import SklearnClassifier
    from sklearn.linear_model import LogisticRegression

    if id(corpus) not in _MODELS:
        model = SklearnClassifier(LogisticRegression(), classes=range(len(corpus.labels)))
        _MODELS[id(corpus)] = model.fit(corpus.x, corpus.y)
    return _MODELS[id(corpus)]


def diverse(corpus: Corpus) -> Any:
    """Zhdanov's recipe with scikit-learn's k-means."""
    from sklearn.cluster import KMeans

    margins = np.sort(corpus.p, axis=1)
    uncertainty = 1 - (margins[:, -1] - margins[:, -2])
    top = np.argsort(-uncertainty)[:500]
    distances = KMeans(BATCH, n_init=1, random_state=0).fit_transform(
        corpus.x[top], sample_weight=uncertainty[top]
    )
    return top[distances.argmin(axis=0)]


def embedding_kmeans(corpus: Corpus) -> Any:
    """small-text's, given the embeddings."""
    from small_text.query_strategies import EmbeddingKMeans

    return EmbeddingKMeans().sample(
        None, None, np.arange(corpus.rows), corpus.labelled[:0], None, BATCH, corpus.x
    )


def committee(corpus: Corpus) -> Any:
    """scikit-activeml's vote entropy of the members' predictions."""
    from skactiveml.pool import vote_entropy

    votes = corpus.committee.argmax(axis=2).T
    return np.argsort(-vote_entropy(votes, range(len(corpus.labels))))[:BATCH]


def bald(corpus: Corpus) -> Any:
    """small-text's."""
    from small_text.query_strategies.bayesian import _bald

    return np.argsort(-_bald(corpus.committee.swapaxes(0, 1)))[:BATCH]


def label_cardinality(corpus: Corpus) -> Any:
    """small-text's."""
    from scipy.sparse import csr_matrix
    from small_text.query_strategies import LabelCardinalityInconsistency

    return LabelCardinalityInconsistency().query(
        Knows(corpus.p),
        Rows(np.arange(corpus.rows)),
        corpus.unlabelled,
        corpus.labelled,
        csr_matrix(corpus.targets),
        n=BATCH,
    )


def adaptive(corpus: Corpus) -> Any:
    """small-text's, which has a fixed weight."""
    from scipy.sparse import csr_matrix
    from small_text.query_strategies import multi_label

    scores = multi_label._uncertainty_weighted_label_cardinality_inconsistency(
        corpus.p, csr_matrix(corpus.targets)
    )
    return np.argsort(-scores)[:BATCH]


def cvirs(corpus: Corpus) -> Any:
    """small-text's: another formula (see docs/strategies.md), but as much work."""
    from scipy.sparse import csr_matrix
    from small_text.query_strategies import CategoryVectorInconsistencyAndRanking

    strategy = CategoryVectorInconsistencyAndRanking(pbar=None)
    scores = strategy._compute_scores(
        np.arange(corpus.rows), csr_matrix(corpus.targets.astype(int)), corpus.p
    )
    return np.argsort(-scores)[:BATCH]


def similar(corpus: Corpus) -> Any:
    """scikit-learn's cosine similarity."""
    from sklearn.metrics.pairwise import cosine_similarity

    return np.argsort(-cosine_similarity(corpus.x, corpus.x[:1])[:, 0])[:BATCH]


def llm_disagreement(corpus: Corpus) -> Any:
    """SciPy's Jensen-Shannon distance."""
    from scipy.spatial.distance import jensenshannon

    llm = np.roll(corpus.p, 1, axis=1)
    return np.argsort(-jensenshannon(corpus.p, llm, axis=1))[:BATCH]


def label_errors(corpus: Corpus) -> Any:
    """cleanlab's confident learning over the labelled rows."""
    from cleanlab.filter import find_label_issues

    return find_label_issues(
        corpus.targets,
        corpus.p[corpus.labelled],
        filter_by="confident_learning",
        return_indices_ranked_by="normalized_margin",
        n_jobs=1,
    )


ALL = 10**9
REFERENCES = {
    "breaking-ties": Reference("small-text", ALL, small_text(lambda st: st.BreakingTies())),
    "least-confidence": Reference("small-text", ALL, small_text(lambda st: st.LeastConfidence())),
    "max-entropy": Reference("small-text", ALL, small_text(lambda st: st.PredictionEntropy())),
    "diverse": Reference("scikit-learn", ALL, diverse),
    "clue": Reference("scikit-activeml", ALL, activeml(lambda al: al.Clue(), model=True)),
    "badge": Reference("scikit-activeml", 20_000, activeml(lambda al: al.Badge(), model=True)),
    "contrastive": Reference(
        "scikit-activeml",
        ALL,
        activeml(
            lambda al: al.ContrastiveAL(nearest_neighbors_dict={"n_neighbors": 10}), model=True
        ),
    ),
    "embedding-kmeans": Reference("small-text", ALL, embedding_kmeans),
    "typiclust": Reference(
        "scikit-activeml",
        10_000,
        activeml(lambda al: al.TypiClust(k=20, cluster_algo_dict={"n_init": 1})),
    ),
    "probcover": Reference(
        "scikit-activeml", 10_000, activeml(lambda al: al.ProbCover(n_classes=FEW))
    ),
    "core-set": Reference("scikit-activeml", ALL, activeml(lambda al: al.CoreSet())),
    "discriminative": Reference(
        "scikit-activeml",
        ALL,
        activeml(lambda al: al.DiscriminativeAL(greedy_selection=True), discriminator=True),
    ),
    "drop-query": Reference(
        "scikit-activeml", ALL, activeml(lambda al: al.DropQuery(), model=True)
    ),
    "committee": Reference("scikit-activeml", ALL, committee),
    "bald": Reference("small-text", ALL, bald),
    "label-cardinality": Reference("small-text", ALL, label_cardinality),
    "adaptive-multilabel": Reference("small-text", ALL, adaptive),
    "cvirs": Reference("small-text", ALL, cvirs),
    "similar": Reference("scikit-learn", ALL, similar),
    "llm-disagreement": Reference("SciPy", ALL, llm_disagreement),
    "label-errors": Reference("cleanlab", ALL, label_errors),
    "balanced": Reference(
        "small-text", ALL, small_text(lambda st: st.ClassBalancer(st.BreakingTies()))
    ),
}


class Bench:
    """Corpora by size, made once."""

    def __init__(self) -> None:
        self._made: dict[tuple[int, bool], Corpus] = {}

    def corpus(self, rows: int, spec: StrategySpec) -> Corpus:
        """Return a corpus of the kind that a strategy is for."""
        several = "multilabel" in spec.scheme_types
        key = (rows, several)
        if key not in self._made:
            self._made[key] = Corpus(rows, MANY if several else FEW, several=several)
        return self._made[key]

    def ours(self, name: str, corpus: Corpus) -> float:
        """Time one strategy: the best of a few."""
        strategy = build(Registered(SPECS[name], "kodkod-selection", ""), PARAMS.get(name, {}))
        pools = [corpus.pool() for _ in range(REPEATS)]
        return min(_seconds(lambda pool=pool: strategy.order(pool)) for pool in pools)

    def measure(self, name: str, rows: int, *, references: bool) -> Timed:
        """Time a strategy, and its reference where there is one."""
        spec = SPECS[name]
        timed = Timed(strategy=name, seconds=self.ours(name, self.corpus(rows, spec)))
        other = REFERENCES.get(name) if references else None
        if other is None:
            return timed
        same = self.corpus(min(rows, other.most), spec)
        if other.name == "scikit-activeml":
            _learnt(same)
        timed.reference, timed.reference_rows = other.name, same.rows
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            small = self.corpus(min(_WARM_UP, rows), spec)
            _learnt(small)
            other.work(small)  # imports, and what compiles at its first call
            taken = [_seconds(lambda: other.work(same))]
            while len(taken) < REPEATS and sum(taken) < _QUICK_SECONDS:
                taken.append(_seconds(lambda: other.work(same)))
            timed.reference_seconds = min(taken)
        timed.ours_on_reference_rows = timed.seconds if same.rows == rows else self.ours(name, same)
        return timed


def _seconds(work: Callable[[], Any]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def table(figures: list[Timed], rows: int) -> Table:
    """Return the figures, a line for each strategy."""
    shown = Table(title=f"A batch of {BATCH} out of {rows:,} x {DIM}, processor seconds")
    for column in (
        "strategy",
        "ours",
        "reference",
        "its rows",
        "ours there",
        "reference there",
        "",
    ):
        shown.add_column(column, justify="left" if column in {"strategy", "reference"} else "right")
    for each in figures:
        shown.add_row(
            each.strategy,
            f"{each.seconds:.3f}",
            each.reference,
            f"{each.reference_rows:,}" if each.reference_rows else "",
            "" if each.ours_on_reference_rows is None else f"{each.ours_on_reference_rows:.3f}",
            "" if each.reference_seconds is None else f"{each.reference_seconds:.3f}",
            "" if each.times is None else f"x {each.times:,.1f}",
        )
    return shown


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--only", nargs="+", choices=sorted(SPECS), default=list(SPECS))
    parser.add_argument("--no-references", action="store_true")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    bench = Bench()
    with threadpool_limits(1):
        figures = [
            bench.measure(name, given.rows, references=not given.no_references)
            for name in given.only
        ]
    Console(width=120).print(table(figures, given.rows))
    report = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "rows": given.rows,
        "dim": DIM,
        "batch": BATCH,
        "figures": msgspec.to_builtins(figures),
    }
    print(json.dumps(report))
    if given.json:
        given.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
