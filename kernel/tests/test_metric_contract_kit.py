"""Metrics that break a promise of the contract kit, and one that keeps them all."""

from __future__ import annotations

import sys
from types import ModuleType

import numpy as np
import pytest

from kodkod.api import (
    ComparisonReport,
    Difference,
    InvalidInputError,
    Metric,
    MetricSpec,
    NoParams,
    Score,
    ScoreReport,
)
from kodkod.testing import contract_for
from kodkod.testing.checks import checks_for
from kodkod.testing.subject import Subject


class Right(Metric):
    """The share of texts that are right, by the threshold of each label."""

    def score(self, compared, rng):
        value = float(self.right(compared).mean())
        score = Score(value=value)
        return ScoreReport(
            n=len(compared), labels=list(compared.labels), overall={"accuracy": score}
        )

    def right(self, compared):
        if not len(compared):
            raise InvalidInputError("there is nothing to compare; annotate some texts")
        if compared.values is not None:
            pairs = zip(compared.values, compared.predicted, strict=True)
            return np.array([list(one) == list(other) for one, other in pairs])
        if compared.reference.ndim == 1:
            return compared.probabilities.argmax(axis=1) == compared.reference
        return (self.said(compared) == compared.reference.astype(bool)).all(axis=1)

    def said(self, compared):
        half = 0.5 if compared.thresholds is None else compared.thresholds
        return compared.probabilities >= half


class OverlooksThresholds(Right):
    def said(self, compared):
        return compared.probabilities >= 0.5


class Compares(Right):
    def compare(self, first, second, rng):
        one, two = (float(self.right(each).mean()) for each in (first, second))
        return ComparisonReport(
            n=len(first),
            labels=list(first.labels),
            overall={"accuracy": self.difference(one, two)},
        )

    def difference(self, one, two):
        return Difference(first=one, second=two, difference=two - one, p=float(one == two))


class TurnsRound(Compares):
    def difference(self, one, two):
        return Difference(first=one, second=two, difference=one - two, p=float(one == two))


class FindsMuch(Compares):
    def difference(self, one, two):
        return Difference(first=one, second=two, difference=two - one, p=0.01)


class ByOrder(Right):
    def right(self, compared):
        return super().right(compared)[: len(compared) // 2 + 1]


MODULE = ModuleType("tested_metrics")
sys.modules[MODULE.__name__] = MODULE  # Factories are found by name, which tests have none of.


def spec_for(metric):
    setattr(MODULE, metric.__name__, metric)
    return MetricSpec(
        name=metric.__name__.lower(),
        title=metric.__name__,
        summary="For tests",
        factory=f"{MODULE.__name__}:{metric.__name__}",
        params=NoParams,
        scheme_types=("multiclass", "multilabel", "span"),
    )


@pytest.mark.parametrize(
    ("metric", "check", "said"),
    [
        (OverlooksThresholds, "thresholds_count", "which labels are on a text"),
        (TurnsRound, "compares_two", "second's less the first's"),
        (FindsMuch, "compares_two", "does not differ from itself"),
        (ByOrder, "order_of_texts", "order of the texts"),
    ],
)
def test_a_broken_promise_is_caught(metric, check, said, tmp_path):
    spec = spec_for(metric)
    (found,) = [each for each in checks_for(spec) if each.__name__ == check]
    with pytest.raises(AssertionError, match=said):
        found(Subject(MODULE.__name__, spec, {}, tmp_path))


HONEST = ModuleType("honest_metrics")
HONEST.API = "2.0"
HONEST.register_components = lambda: [spec_for(Right), spec_for(Compares)]

test_honest_metrics_pass = contract_for(HONEST)
