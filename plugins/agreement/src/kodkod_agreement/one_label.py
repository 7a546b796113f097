"""Agreement where a text has one label."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from kodkod.api import Agreement, AgreementReport, Coded, Coefficient, PairAgreement
from kodkod_agreement.by_label import EachLabel, label_coefficients
from kodkod_agreement.nominal import Nominal
from kodkod_agreement.pairs import MOST_PAIRS, shared_texts, too_many_pairs
from kodkod_agreement.params import LabelParams
from kodkod_agreement.patterns import Floats, Patterns, count_patterns, replicate
from kodkod_agreement.reporting import NO_PAIRS, coefficients, one_category
from kodkod_agreement.scaled import IntervalAlpha, OrdinalAlpha, WeightedAC, closeness

__all__ = ["OneLabel"]

_NO_NUMBERS = (
    "An interval scale needs a number for each label: give positions, or name the labels by "
    "different numbers."
)
_ONE_LABEL = "The scheme has one label, so there is nothing to choose between."
_MANY_CODERS = (
    "Scott's pi is of two coders, and there are {n}. Its generalisation to more is Fleiss' kappa; "
    "each pair has its own pi."
)


class OneLabel(Agreement[LabelParams]):
    """Coefficients of labels that are the same or not, or stand on a scale."""

    def measure(
        self, coded: Coded, measures: Sequence[str], rng: np.random.Generator
    ) -> AgreementReport:
        """Return the coefficients, the coincidence table and a table for each pair."""
        values = np.asarray(coded.values, dtype=np.int64)
        patterns = count_patterns(values)
        pairs, omitted = self._by_pair(coded, patterns, measures, rng)
        return AgreementReport(
            labels=list(coded.labels),
            coders=list(coded.coders),
            n=len(values),
            pairable=patterns.n,
            overall=self._overall(coded, patterns, measures, rng),
            by_label=self._by_label(coded, patterns, rng),
            by_pair=pairs,
            coincidences=_coincidences(patterns, len(coded.labels)),
            replicates=self.params.replicates,
            notes=omitted,
        )

    def _overall(
        self,
        coded: Coded,
        patterns: Patterns,
        measures: Sequence[str],
        rng: np.random.Generator,
    ) -> dict[str, Coefficient]:
        level, reasons = self.params.level, _reasons(coded, patterns)
        if not patterns.n:
            return coefficients({}, measures, level, {}, NO_PAIRS)
        work = self._figures(coded, patterns, measures)
        figures = replicate(work, patterns.counts, self.params.replicates, rng)
        used = np.unique(patterns.values[patterns.values >= 0])
        reason = one_category(coded.labels[used[0]])
        return coefficients(figures, measures, level, reasons, reason)

    def _figures(
        self, coded: Coded, patterns: Patterns, measures: Sequence[str]
    ) -> Callable[[Floats], dict[str, Floats]]:
        k = len(coded.labels)
        nominal = Nominal(patterns, k)
        scaled: dict[str, OrdinalAlpha | IntervalAlpha | WeightedAC] = {}
        if "alpha_ordinal" in measures:
            scaled["alpha_ordinal"] = OrdinalAlpha(patterns, k)
        if "alpha_interval" in measures and coded.positions is not None:
            scaled["alpha_interval"] = IntervalAlpha(patterns, coded.positions)
        if "ac2" in measures and k > 1:
            scaled["ac2"] = WeightedAC(patterns, self._closeness(coded))

        def work(drawn: Floats) -> dict[str, Floats]:
            return nominal.of(drawn) | {name: each.of(drawn) for name, each in scaled.items()}

        return work

    def _closeness(self, coded: Coded) -> Floats:
        places = np.arange(len(coded.labels), dtype=np.float64)
        positions = places if coded.positions is None else coded.positions
        return closeness(positions, self.params.weights)

    def _by_label(
        self, coded: Coded, patterns: Patterns, rng: np.random.Generator
    ) -> dict[str, dict[str, Coefficient]]:
        if not patterns.n:
            return {}
        chosen = patterns.by_category(len(coded.labels))
        each = EachLabel(chosen, patterns.said.astype(np.float64))
        figures = replicate(each.of, patterns.counts, self.params.replicates, rng)
        return label_coefficients(figures, coded.labels, self.params.level)

    def _by_pair(
        self,
        coded: Coded,
        patterns: Patterns,
        measures: Sequence[str],
        rng: np.random.Generator,
    ) -> tuple[list[PairAgreement], list[str]]:
        shared = shared_texts(coded.said)
        found: list[PairAgreement] = []
        for place, (i, j, n) in enumerate(shared):
            pair = PairAgreement(first=coded.coders[i], second=coded.coders[j], n=n)
            if place < MOST_PAIRS:
                mine = patterns.of_pair(i, j)
                pair = PairAgreement(
                    first=pair.first,
                    second=pair.second,
                    n=n,
                    overall=self._overall(coded, mine, measures, rng),
                    table=_table(mine, len(coded.labels)),
                )
            found.append(pair)
        return found, too_many_pairs(len(shared))


def _reasons(coded: Coded, patterns: Patterns) -> dict[str, str]:
    coders = int((patterns.values >= 0).any(axis=0).sum())
    reasons: dict[str, str] = {}
    if coded.positions is None:
        reasons["alpha_interval"] = _NO_NUMBERS
    if len(coded.labels) < 2:
        reasons["ac1"] = reasons["ac2"] = _ONE_LABEL
    if coders > 2:
        reasons["scott_pi"] = _MANY_CODERS.format(n=coders)
    return reasons


def _table(patterns: Patterns, k: int) -> list[list[int]]:
    table = np.zeros((k, k), dtype=np.int64)
    table[patterns.values[:, 0], patterns.values[:, 1]] = patterns.counts
    return table.tolist()


def _coincidences(patterns: Patterns, k: int) -> list[list[float]]:
    """Return how often labels meet; a line sums to how many pairable values have its label."""
    chosen = patterns.by_category(k)
    weight = patterns.counts / (patterns.said - 1)
    weighed = chosen.multiply(weight[:, None])
    table = np.asarray((weighed.T @ chosen).todense())
    return (table - np.diag(np.asarray(weighed.sum(axis=0)).ravel())).tolist()
