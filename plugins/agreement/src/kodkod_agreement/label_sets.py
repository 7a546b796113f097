"""Agreement where a text may have several labels."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from scipy.sparse import csr_array

from kodkod.api import Agreement, AgreementReport, Coded, Coefficient, PairAgreement
from kodkod_agreement.by_label import EachLabel, label_coefficients
from kodkod_agreement.nominal import Nominal, ratio
from kodkod_agreement.pairs import MOST_PAIRS, shared_texts, too_many_pairs
from kodkod_agreement.params import SetParams
from kodkod_agreement.patterns import Floats, Patterns, count_patterns, replicate, summed
from kodkod_agreement.reporting import NO_PAIRS, coefficients, one_category

__all__ = ["LabelSets", "jaccard", "masi"]

_MOST_SETS = 3_000


class _Sets(Struct, frozen=True):
    """The different sets, uint8 `[s, n_labels]`, and which of them each coder gave each text."""

    members: NDArray[np.uint8]
    values: NDArray[np.int64]


class LabelSets(Agreement[SetParams]):
    """Alpha by the distance of sets of labels, and each label by itself."""

    def measure(
        self, coded: Coded, measures: Sequence[str], rng: np.random.Generator
    ) -> AgreementReport:
        """Return the coefficients and, for each pair and label, who has it."""
        sets = _sets_of(np.asarray(coded.values))
        patterns = count_patterns(sets.values)
        shared = shared_texts(coded.said)
        return AgreementReport(
            labels=list(coded.labels),
            coders=list(coded.coders),
            n=len(coded),
            pairable=patterns.n,
            overall=self._overall(coded, sets, patterns, measures, rng),
            by_label=self._by_label(coded, sets, patterns, rng),
            by_pair=[
                self._pair(coded, sets, patterns, measures, rng, pair, full=place < MOST_PAIRS)
                for place, pair in enumerate(shared)
            ],
            replicates=self.params.replicates,
            notes=too_many_pairs(len(shared)),
        )

    def _overall(
        self,
        coded: Coded,
        sets: _Sets,
        patterns: Patterns,
        measures: Sequence[str],
        rng: np.random.Generator,
    ) -> dict[str, Coefficient]:
        level = self.params.level
        if not patterns.n:
            return coefficients({}, measures, level, {}, NO_PAIRS)
        used, values = np.unique(patterns.values, return_inverse=True)
        offset = int(used[0] < 0)
        mine = Patterns(values.reshape(patterns.values.shape) - offset, patterns.counts)
        members = sets.members[used[offset:]]
        work = _work(mine, members, measures)
        figures = replicate(work, patterns.counts, self.params.replicates, rng)
        named = ", ".join(label for label, has in zip(coded.labels, members[0], strict=True) if has)
        reasons = _too_many(len(members))
        return coefficients(figures, measures, level, reasons, one_category(named or "no label"))

    def _by_label(
        self, coded: Coded, sets: _Sets, patterns: Patterns, rng: np.random.Generator
    ) -> dict[str, dict[str, Coefficient]]:
        if not patterns.n:
            return {}
        chosen = patterns.by_category(len(sets.members)) @ csr_array(
            sets.members.astype(np.float64)
        )
        each = EachLabel(csr_array(chosen), patterns.said.astype(np.float64))
        figures = replicate(each.of, patterns.counts, self.params.replicates, rng)
        return label_coefficients(figures, coded.labels, self.params.level)

    def _pair(
        self,
        coded: Coded,
        sets: _Sets,
        patterns: Patterns,
        measures: Sequence[str],
        rng: np.random.Generator,
        pair: tuple[int, int, int],
        *,
        full: bool,
    ) -> PairAgreement:
        i, j, n = pair
        names = {"first": coded.coders[i], "second": coded.coders[j], "n": n}
        if not full:
            return PairAgreement(**names)
        mine = patterns.of_pair(i, j)
        return PairAgreement(
            **names,
            overall=self._overall(coded, sets, mine, measures, rng),
            by_label=_who_has(mine, sets, coded.labels),
        )


def jaccard(members: NDArray[np.uint8]) -> Floats:
    """Return 1 - |A and B| / |A or B| of each two sets, 0 for two empty ones (Jaccard 1908)."""
    both, either, _, _ = _overlaps(members)
    return 1 - np.divide(both, either, out=np.ones_like(both), where=either > 0)


def masi(members: NDArray[np.uint8]) -> Floats:
    """Return the MASI distance of each two sets (Passonneau 2006).

    1 - J M: J is Jaccard's similarity; M is 1 where the sets are the same, 2/3 where one holds the
    other, 1/3 where they overlap, 0 where they share nothing.
    """
    both, either, one, other = _overlaps(members)
    smaller, larger = np.minimum(one, other), np.maximum(one, other)
    monotone = np.select(
        [either == both, (both == smaller) & (smaller > 0), both > 0], [1.0, 2 / 3, 1 / 3], 0.0
    )
    monotone[(smaller == 0) & (larger > 0)] = 0.0
    return 1 - (1 - jaccard(members)) * monotone


_DISTANCES: dict[str, Callable[[NDArray[np.uint8]], Floats]] = {
    "alpha_jaccard": jaccard,
    "alpha_masi": masi,
}


class _DistanceAlpha:
    """Krippendorff's alpha with any distances, which take the place of squared differences."""

    def __init__(self, patterns: Patterns, distances: Floats) -> None:
        m = patterns.said.astype(np.float64)
        self._m = m
        self._chosen = patterns.by_category(len(distances))
        self._distances = distances
        self._observed = _apart(patterns.values, distances) / (m - 1)

    def of(self, drawn: Floats) -> Floats:
        values = summed(drawn, self._m)
        by_set = summed(drawn, self._chosen)
        observed = ratio(summed(drawn, self._observed), values)
        apart = np.einsum("rs,rs->r", by_set @ self._distances, by_set)
        return 1 - ratio(observed, ratio(apart, values * (values - 1)))


def _work(
    patterns: Patterns, members: NDArray[np.uint8], measures: Sequence[str]
) -> Callable[[Floats], dict[str, Floats]]:
    nominal = Nominal(patterns, len(members))
    few = len(members) <= _MOST_SETS
    alphas = {
        name: _DistanceAlpha(patterns, distance(members))
        for name, distance in _DISTANCES.items()
        if few and name in measures
    }
    return lambda drawn: nominal.of(drawn) | {n: each.of(drawn) for n, each in alphas.items()}


def _too_many(n_sets: int) -> dict[str, str]:
    if n_sets <= _MOST_SETS:
        return {}
    reason = (
        f"There are {n_sets} different sets of labels, and distances are worked out between at "
        f"most {_MOST_SETS}; look at each label by itself, or at fewer texts."
    )
    return dict.fromkeys(_DISTANCES, reason)


def _sets_of(values: NDArray[np.int8]) -> _Sets:
    n, coders, k = values.shape
    flat = values.reshape(n * coders, k)
    said = (flat >= 0).all(axis=1)
    members, place = np.unique(flat[said], axis=0, return_inverse=True)
    which = np.full(n * coders, -1, dtype=np.int64)
    which[said] = place.ravel()
    return _Sets(members.astype(np.uint8).reshape(-1, k), which.reshape(n, coders))


def _overlaps(members: NDArray[np.uint8]) -> tuple[Floats, Floats, Floats, Floats]:
    has = members.astype(np.float64)
    sizes = has.sum(axis=1)
    both = has @ has.T
    return both, sizes[:, None] + sizes - both, sizes[:, None], sizes[None, :]


def _apart(values: NDArray[np.int64], distances: Floats) -> Floats:
    """Return the sum of the distances of all ordered pairs of each line's values."""
    total = np.zeros(len(values))
    for i in range(values.shape[1]):
        for j in range(i):
            both = (values[:, i] >= 0) & (values[:, j] >= 0)
            total[both] += 2 * distances[values[both, i], values[both, j]]
    return total


def _who_has(patterns: Patterns, sets: _Sets, labels: Sequence[str]) -> dict[str, list[int]]:
    one, other = (sets.members[patterns.values[:, each]].astype(bool) for each in (0, 1))
    counts = patterns.counts
    tables = [counts @ each for each in (one & other, one & ~other, ~one & other, ~one & ~other)]
    return {label: [int(t[place]) for t in tables] for place, label in enumerate(labels)}
