"""Corpora whose truth is known, and samples drawn from them with known probabilities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Estimand, EstimatorData, SampleDesign

Machine = Literal["good", "useless", "biased", "perfect"]
Draw = Literal["uniform", "stratified", "unequal"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Corpus:
    """Every text's label (0 or 1), what a machine says of it, and two context columns."""

    labels: Floats
    machine: Floats
    group: Floats
    score: Floats

    def covariates(self, estimand: Estimand, part: str = "all") -> tuple[Floats, tuple[str, ...]]:
        if estimand == "share":
            column = np.ones_like(self.labels) if part == "all" else self.group
            return column[:, None], (part,)
        return np.column_stack([np.ones_like(self.score), self.group, self.score]), (
            "intercept",
            "group",
            "score",
        )

    def ask(
        self,
        estimand: Estimand,
        design: SampleDesign,
        *,
        part: str = "all",
        **settings: object,
    ) -> EstimatorData:
        covariates, names = self.covariates(estimand, part)
        return EstimatorData(
            estimand=estimand,
            design=design,
            outcome=self.labels[design.rows],
            machine=self.machine,
            covariates=covariates,
            names=names,
            **settings,  # type: ignore[arg-type]
        )


def make_corpus(
    machine: Machine, n: int = 2_000, *, prevalence: float = 0.3, seed: int = 3
) -> Corpus:
    """Return a corpus in which the label depends on both columns."""
    rng = np.random.default_rng(seed)
    group = (rng.random(n) < 0.4).astype(np.float64)
    score = rng.normal(size=n)
    level = np.log(prevalence / (1 - prevalence))
    p = 1 / (1 + np.exp(-(level - 0.3 + 0.8 * group + 0.5 * score)))
    labels = (rng.random(n) < p).astype(np.float64)
    said = {
        "good": np.clip(0.2 + 0.6 * labels + 0.22 * rng.normal(size=n), 0, 1),
        "useless": rng.random(n),
        # It favours one group and half the texts without the label.
        "biased": np.clip(0.35 + 0.3 * labels + 0.3 * group + 0.1 * rng.normal(size=n), 0, 1),
        "perfect": labels,
    }
    return Corpus(labels, said[machine], group, score)


def everything(n: int) -> SampleDesign:
    """Return the sample that has every text."""
    return SampleDesign(
        rows=np.arange(n),
        inclusion=np.ones(n),
        strata=np.zeros(n, dtype=np.int64),
        stratum_sizes=np.array([n]),
    )


def draw(corpus: Corpus, how: Draw, n: int, rng: np.random.Generator) -> SampleDesign:
    """Draw about `n` texts."""
    size = len(corpus.labels)
    if how == "uniform":
        return _in_strata(np.zeros(size, dtype=np.int64), np.array([n]), rng)
    if how == "stratified":
        strata = (corpus.machine >= 0.5).astype(np.int64)
        return _in_strata(strata, np.array([n // 2, n - n // 2]), rng)
    # Independent draws, three times as probable at one end of the score as at the other.
    wanted = 1 + 2 / (1 + np.exp(-2 * corpus.score))
    inclusion = n * wanted / wanted.sum()
    rows = np.flatnonzero(rng.random(size) < inclusion)
    return SampleDesign(
        rows=rows,
        inclusion=inclusion[rows],
        strata=np.zeros(len(rows), dtype=np.int64),
        stratum_sizes=np.array([size]),
    )


def _in_strata(
    strata: NDArray[np.int64], wanted: NDArray[np.int64], rng: np.random.Generator
) -> SampleDesign:
    sizes = np.bincount(strata, minlength=len(wanted))
    rows = np.sort(
        np.concatenate(
            [
                rng.choice(np.flatnonzero(strata == each), n, replace=False)
                for each, n in enumerate(wanted)
            ]
        )
    )
    return SampleDesign(
        rows=rows,
        inclusion=(wanted / sizes)[strata[rows]],
        strata=strata[rows],
        stratum_sizes=sizes,
    )
