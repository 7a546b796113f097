"""Agreement on where in a text a label is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from msgspec.structs import replace

from kodkod.api import Agreement, AgreementReport, Coded, Coefficient, PairAgreement
from kodkod_agreement.gamma import Gamma
from kodkod_agreement.pairs import MOST_PAIRS, shared_texts, too_many_pairs
from kodkod_agreement.params import PassageParams
from kodkod_agreement.passage_f1 import PassageF1
from kodkod_agreement.patterns import Floats
from kodkod_agreement.patterns import replicate as replicated
from kodkod_agreement.reporting import NO_PAIRS, coefficient, coefficients
from kodkod_agreement.stretches import characters, stretches
from kodkod_agreement.unitizing import UnitizingAlpha

__all__ = ["Passages"]

_NOTHING = "Nobody marked anything in these texts, so there are no passages to compare."
_NOT_THIS = "Nobody marked {label!r} in any of these texts."
_FEWEST_TEXTS = 10


class Passages(Agreement[PassageParams]):
    """Alpha for unitizing, gamma and F1."""

    def measure(
        self, coded: Coded, measures: Sequence[str], rng: np.random.Generator
    ) -> AgreementReport:
        """Return the coefficients and, for each pair and label, the characters each marked."""
        pairable = _pairable(coded)
        shared = shared_texts(coded.said)
        overall, by_label, notes = self._measured(pairable, measures, self.params.gamma_texts, rng)
        texts = max(_FEWEST_TEXTS, self.params.gamma_texts // max(len(shared), 1))
        return AgreementReport(
            labels=list(coded.labels),
            coders=list(coded.coders),
            n=len(coded),
            pairable=len(pairable),
            overall=overall,
            by_label=by_label,
            by_pair=[
                self._pair(pairable, pair, measures, texts, rng, full=place < MOST_PAIRS)
                for place, pair in enumerate(shared)
            ],
            replicates=self.params.replicates,
            notes=[*notes, *too_many_pairs(len(shared))],
        )

    def _measured(
        self, coded: Coded, measures: Sequence[str], texts: int, rng: np.random.Generator
    ) -> tuple[dict[str, Coefficient], dict[str, dict[str, Coefficient]], list[str]]:
        level = self.params.level
        if not len(coded):
            return coefficients({}, measures, level, {}, NO_PAIRS), {}, []
        alpha, f1 = UnitizingAlpha(coded), PassageF1(coded)

        def work(drawn: Floats) -> dict[str, Floats]:
            found = alpha.of(drawn)
            both = np.hstack([found["overall"][:, None], found["by_label"]])
            return {"alpha_u": both, **f1.of(drawn)}

        figures = self._replicated(work, len(coded), rng)
        whole = {name: values[:, 0] for name, values in figures.items()}
        notes: list[str] = []
        if "gamma" in measures:
            gamma = Gamma(coded, texts, self.params.gamma_samples, rng)
            notes = gamma.notes
            if len(gamma.lines):
                whole |= self._replicated(gamma.of, len(gamma.lines), rng)
        by_label = {
            label: {
                name: coefficient(values[:, place], level, _NOT_THIS.format(label=label))
                for name, values in figures.items()
                if name in measures
            }
            for place, label in enumerate(coded.labels, start=1)
        }
        return coefficients(whole, measures, level, {}, _NOTHING), by_label, notes

    def _replicated(
        self, work: Callable[[Floats], dict[str, Floats]], n: int, rng: np.random.Generator
    ) -> dict[str, Floats]:
        return replicated(work, np.ones(n, dtype=np.int64), self.params.replicates, rng)

    def _pair(
        self,
        coded: Coded,
        pair: tuple[int, int, int],
        measures: Sequence[str],
        texts: int,
        rng: np.random.Generator,
        *,
        full: bool,
    ) -> PairAgreement:
        i, j, n = pair
        first, second = coded.coders[i], coded.coders[j]
        if not full:
            return PairAgreement(first=first, second=second, n=n)
        mine = _pairable(_columns(coded, i, j))
        overall, _, _ = self._measured(mine, measures, texts, rng)
        table = _who_marked(mine)
        return PairAgreement(first=first, second=second, n=n, overall=overall, by_label=table)


def _columns(coded: Coded, *places: int) -> Coded:
    return replace(
        coded,
        coders=tuple(coded.coders[place] for place in places),
        spans=[[line[place] for place in places] for line in coded.spans or ()],
    )


def _pairable(coded: Coded) -> Coded:
    kept = coded.said.sum(axis=1) >= 2
    spans = [line for line, keep in zip(coded.spans or (), kept.tolist(), strict=True) if keep]
    return replace(coded, spans=spans, lengths=np.asarray(coded.lengths)[kept])


def _who_marked(coded: Coded) -> dict[str, list[int]]:
    found = {label: np.zeros(4, dtype=np.int64) for label in coded.labels}
    lengths = np.asarray(coded.lengths).tolist()
    for (one, other), length in zip(coded.spans or (), lengths, strict=True):
        for label, counts in found.items():
            pair = [stretches(each or (), label) for each in (one, other)]
            counts += characters(pair[0], pair[1], length)
    return {label: counts.tolist() for label, counts in found.items()}
