"""Print how long the quick models take, on one core.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python plugins/sklearn/benchmarks/speed.py

Best and median of five runs, in milliseconds.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kodkod.api import TextBatch, TrainingSet
from kodkod.testing import RecordingContext
from kodkod_sklearn.logistic import Logistic
from kodkod_sklearn.params import LogisticParams, TfidfSvdParams
from kodkod_sklearn.tfidf_svd import TfidfSvd

LABELS = ("a", "b", "c", "d")
POOL, TRAINED, DIM = 100_000, 500, 384


def measure(what: str, run: Callable[[], object], repeats: int = 5) -> None:
    """Print the best and the median time of `run`."""
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    best, median = min(seconds) * 1e3, sorted(seconds)[repeats // 2] * 1e3
    sys.stdout.write(f"{what:<60} {best:9.1f} {median:9.1f}\n")


def unit_rows(rng: np.random.Generator, n: int) -> NDArray[np.float32]:
    """Return `[n, DIM]`, rows of length 1 as embeddings have."""
    rows = rng.standard_normal((n, DIM)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def batch(n: int) -> TextBatch:
    """Return `n` texts that no one reads."""
    return TextBatch(np.arange(n), [""] * n, pl.DataFrame())


def guide(rng: np.random.Generator, ctx: RecordingContext) -> None:
    """A refresh of the guide: fit on 500 texts, predict a pool of 100,000."""
    features, pool = unit_rows(rng, TRAINED), unit_rows(rng, POOL)
    logits = features @ rng.standard_normal((DIM, 4)) * 3 + rng.gumbel(size=(TRAINED, 4))
    several = (features @ rng.standard_normal((DIM, 28)) > 1).astype(np.uint8)
    for targets, labels in (
        (logits.argmax(axis=1), LABELS),
        (several, tuple(f"label {i}" for i in range(28))),
    ):
        data = TrainingSet(
            batch=batch(TRAINED), features=features, targets=targets, labels=labels, seed=0
        )
        model = Logistic(LogisticParams())
        shape = f"{TRAINED} x {DIM}, {len(labels)} labels"
        measure(f"logistic: fit {shape}", lambda m=model, d=data: m.fit(d, ctx))
        measure(
            f"logistic: predict {POOL} x {DIM}, {len(labels)} labels",
            lambda m=model: m.predict_proba(batch(POOL), pool, ctx),
        )


def condense(rng: np.random.Generator, ctx: RecordingContext) -> None:
    """tf-idf with SVD for 100,000 texts of 50 words."""
    words = np.array([f"word{i}" for i in range(30_000)])
    drawn = words[np.minimum(rng.zipf(1.3, size=(POOL, 50)), len(words)) - 1]
    texts = TextBatch(np.arange(POOL), [" ".join(row) for row in drawn], pl.DataFrame())
    feature = TfidfSvd(TfidfSvdParams())
    measure("tfidf-svd: fit 100,000 texts of 50 words", lambda: feature.fit(texts, ctx), 1)
    measure("tfidf-svd: transform them", lambda: feature.transform(texts, ctx), 1)


if __name__ == "__main__":
    generator = np.random.default_rng(0)
    with TemporaryDirectory() as folder:
        context = RecordingContext(Path(folder))
        sys.stdout.write(f"{'':<60} {'best ms':>9} {'median ms':>9}\n")
        guide(generator, context)
        condense(generator, context)
