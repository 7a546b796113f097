"""Print how long metrics with bootstrap intervals take, on one core.

OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python plugins/evaluation/benchmarks/speed.py

With 1,000 replicates, in seconds.
"""

from __future__ import annotations

import sys
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Compared, Metric, Span
from kodkod_evaluation.classification import Classification
from kodkod_evaluation.params import ClassificationParams, SpanParams
from kodkod_evaluation.spans import Spans

LABELS = tuple(f"label {i}" for i in range(28))


def main() -> None:
    """Time each."""
    rng = np.random.default_rng(0)
    for n in (1_000, 10_000, 100_000):
        one = rng.dirichlet(np.ones(len(LABELS)), n).astype(np.float32)
        timed(f"one of 28 labels, {n:,} texts", rng, coded(rng.integers(0, 28, n), one))
        several = (rng.random((n, len(LABELS))) < 0.1).astype(np.uint8)
        p = rng.random((n, len(LABELS)), dtype=np.float32)
        timed(f"several of 28 labels, {n:,} texts", rng, coded(several, p))
    spans = [[some_span(rng) for _ in range(3)] for _ in range(20_000)]
    values, predicted = spans[:10_000], spans[10_000:]
    compared = Compared(
        reference=np.zeros((10_000, 28), np.uint8),
        probabilities=np.zeros((10_000, 28), np.float32),
        labels=LABELS,
        values=values,
        predicted=predicted,
    )
    timed("passages of 28 labels, 10,000 texts of 3", rng, compared, Spans(SpanParams()))


def coded(reference: NDArray[Any], probabilities: NDArray[np.float32]) -> Compared:
    """Compare two tables."""
    return Compared(reference=reference, probabilities=probabilities, labels=LABELS)


def some_span(rng: np.random.Generator) -> Span:
    """Return a span of twenty characters."""
    start = int(rng.integers(0, 200))
    return Span(start, start + 20, LABELS[int(rng.integers(28))])


def timed(
    what: str, rng: np.random.Generator, compared: Compared, metric: Metric[Any] | None = None
) -> None:
    """Print the seconds that a score takes."""
    metric = metric or Classification(ClassificationParams())
    start = time.perf_counter()
    metric.score(compared, rng)
    sys.stdout.write(f"{what:<50} {time.perf_counter() - start:7.2f} s\n")


if __name__ == "__main__":
    main()
