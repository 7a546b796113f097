"""A labelled corpus, and how each seed divides it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import InvalidInputError, Matrix
from kodkod.simulation.plan import LEAST_TESTED, Plan

__all__ = ["Division", "LabelledCorpus", "check_enough", "divide", "teaches"]


class LabelledCorpus(Struct, frozen=True, kw_only=True):
    """Texts whose values are known, by place.

    `features` is what the model reads, `[n, dim]`; `embeddings` is what of it is dense, None if
    nothing is. `targets` are as in `TrainingSet`: `[n]`, or `[n, n_labels]` for several labels.
    `test` are the places to test on, ascending, or None where each seed draws its own.
    """

    scheme_type: str
    labels: tuple[str, ...]
    features: Matrix
    embeddings: NDArray[np.float32] | None
    targets: NDArray[Any]
    test: NDArray[np.int64] | None = None

    @property
    def n(self) -> int:
        """Return how many texts there are."""
        return len(self.targets)

    @property
    def multilabel(self) -> bool:
        """Whether a text may have several labels."""
        return self.targets.ndim == 2

    def n_test(self, plan: Plan) -> int:
        """Return how many texts are tested on."""
        return round(plan.test_share * self.n) if self.test is None else len(self.test)


class Division(Struct, frozen=True, kw_only=True):
    """One seed's texts: places in the corpus to `train` and `test` on, ascending.

    `start` are the places in `train` that are labelled at the start, ascending.
    """

    train: NDArray[np.int64]
    test: NDArray[np.int64]
    start: NDArray[np.int64]


def check_enough(corpus: LabelledCorpus, plan: Plan) -> None:
    """See that a plan can be carried out for one round at least.

    Raises:
        InvalidInputError: there are too few labelled texts, or nothing to tell apart in them.
    """
    if plan.start == 1:
        raise InvalidInputError(
            "A start of one text has one label, and two are needed to learn from; take 0, for "
            "each strategy's own start, or 2 at least.",
            field="start",
        )
    n_test = corpus.n_test(plan)
    n_train, needed = corpus.n - n_test, plan.start + plan.batch
    if n_train < needed or n_test < LEAST_TESTED:
        raise InvalidInputError(
            f"A simulation needs {_needed(corpus, plan)}, and there are {n_train} to learn from "
            f"and {n_test} to test on. Annotate or import more, or ask for less (start, batch).",
            field="scheme",
        )
    if not teaches(corpus.targets):
        raise InvalidInputError(
            "All labelled texts have the same value, so there is nothing to learn; annotate "
            "texts of other labels first.",
            field="scheme",
        )


def _needed(corpus: LabelledCorpus, plan: Plan) -> str:
    train = plan.start + plan.batch
    each = f"at least {train} labelled texts to learn from (start and batch) and {LEAST_TESTED}"
    if corpus.test is not None:
        return f"{each} to test on"
    share = plan.test_share
    total = max(math.ceil(train / (1 - share)), math.ceil(LEAST_TESTED / share))
    return f"{each} to test on, {total} in all if {100 * share:.0f} % are tested on"


def teaches(targets: NDArray[Any]) -> bool:
    """Tell whether two texts differ in their values."""
    return len(targets) > 0 and bool((targets != targets[0]).any())


def divide(corpus: LabelledCorpus, plan: Plan, rng: np.random.Generator) -> Division:
    """Draw one seed's division: the same for every strategy.

    If the first texts drawn all have the same value, the last of them is replaced by the next
    one drawn that has another.

    Raises:
        InvalidInputError: all texts to learn from have the same value.
    """
    test = corpus.test
    if test is None:
        test = np.sort(rng.permutation(corpus.n)[: corpus.n_test(plan)])
    train = np.setdiff1d(np.arange(corpus.n), test)
    drawn = rng.permutation(len(train))
    start = drawn[: plan.start]
    if plan.start and not teaches(corpus.targets[train[start]]):
        start[-1] = _other(corpus.targets[train], drawn)
    return Division(train=train, test=test, start=np.sort(start))


def _other(targets: NDArray[Any], drawn: NDArray[np.int64]) -> int:
    """Return the first of `drawn` whose value is not that of the first."""
    differs = targets[drawn] != targets[drawn[0]]
    places = np.flatnonzero(differs if differs.ndim == 1 else differs.any(axis=1))
    if not len(places):
        raise InvalidInputError(
            "All texts to learn from have the same value; annotate texts of other labels first.",
            field="scheme",
        )
    return int(drawn[places[0]])
