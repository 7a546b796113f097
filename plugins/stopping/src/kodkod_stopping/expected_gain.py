"""Expected gain of more labels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Advice, CurvePoint, LearningHistory, Score, Series, StoppingRule
from kodkod_stopping.curves import curve_series, drawn_scores, known_points, standard_error
from kodkod_stopping.params import GainParams
from kodkod_stopping.power_law import PowerLaws, fit_power_laws
from kodkod_stopping.wording import finished, point_of, points

__all__ = ["ExpectedGain"]

_LEAST_POINTS = 4
_DRAWN_POINTS = 25
_LEAST_ERROR = 0.005
"""A score is never known better than this: one text more or less."""


class ExpectedGain(StoppingRule[GainParams]):
    """What the next labels are worth, read off the learning curve.

    A power law is fitted to the cross-validated scores of models that learnt from fewer texts,
    weighted by how well each score is known, and drawn on to the labels of now and to those that
    may come: Figueroa, Zeng-Treitler, Kandula and Ngo, "Predicting sample size required for
    classification performance", BMC Medical Informatics and Decision Making 12:8, 2012.

    The interval comes from fitting each bootstrap replicate of the whole curve, which knows that
    the points of a curve err together; where there are no replicates, from draws of each point by
    its own interval, which is wider. It has nothing of what the power law itself may get wrong.
    The curve is of texts as they were chosen: what a strategy chooses next may teach more.
    """

    def advise(self, history: LearningHistory) -> Advice:
        """Compare the gain of the next labels with what they cost."""
        if (done := finished(history)) is not None:
            return done
        labels = self.params.labels
        curve = known_points(history)
        measured = curve_series(curve)
        n = len(history.labelled)
        if len(curve) < _LEAST_POINTS:
            return _too_early(
                f"It takes a learning curve of {_LEAST_POINTS} points, and there are {len(curve)}; "
                "the guide is assessed when there are labels enough.",
                [measured],
            )
        if n < labels:
            return _too_early(
                f"{n:,} labels are too few to tell what {labels:,} more would bring; wait for "
                f"{labels:,}.",
                [measured],
            )
        best, drawn = _fits(curve, history.rng)
        evidence = [measured, _drawn_on(best, drawn, curve[0].n, n + labels)]
        if float(best.error[0]) > self.params.worst_fit:
            return _too_early(
                f"The learning curve is no power law: it is off by {points(float(best.error[0]))} "
                "on average, so that nothing can be said of labels to come.",
                evidence,
            )
        gain = _score(best.at(n + labels) - best.at(n), drawn.at(n + labels) - drawn.at(n))
        then = _score(best.at(n + labels), drawn.at(n + labels))
        return self._judged(gain, then, evidence)

    def _judged(self, gain: Score, then: Score, evidence: list[Series]) -> Advice:
        low, value, high = gain.low or 0.0, gain.value or 0.0, gain.high or 0.0
        labels, least = self.params.labels, self.params.least
        said = (
            f"The next {labels:,} labels should raise the score by {points(value)} "
            f"({100 * low:.1f} to {100 * high:.1f})"
        )
        if high < least:
            verdict, end = "could-stop", f", which is less than {points(least)} at best."
        elif value < least:
            verdict, end = "go-on", f"; it may still be {points(least)} or more."
        else:
            verdict, end = "go-on", f"; below {points(least)} they would not be worth it."
        return Advice(
            verdict=verdict,
            sentence=said + end,
            evidence=evidence,
            figures={"gain": gain, "score then": then},
        )


def _too_early(sentence: str, evidence: list[Series]) -> Advice:
    return Advice(verdict="too-early", sentence=sentence, evidence=evidence)


def _fits(curve: Sequence[CurvePoint], rng: np.random.Generator) -> tuple[PowerLaws, PowerLaws]:
    """Return the fit of the curve, and that of each draw of it."""
    n = np.array([each.n for each in curve], dtype=np.float64)
    scores = np.array([each.score.value for each in curve], dtype=np.float64)
    errors = np.array([standard_error(each.score) for each in curve])
    weights = 1 / np.maximum(errors, _LEAST_ERROR) ** 2
    drawn = drawn_scores(curve, rng)
    return fit_power_laws(n, scores[None, :], weights), fit_power_laws(n, drawn, weights)


def _score(best: NDArray[np.float64], drawn: NDArray[np.float64]) -> Score:
    low, high = np.percentile(drawn, [2.5, 97.5])
    value = float(best[0])
    return Score(value=value, low=min(float(low), value), high=max(float(high), value))


def _drawn_on(best: PowerLaws, drawn: PowerLaws, first: int, last: int) -> Series:
    places = np.unique(np.linspace(first, last, _DRAWN_POINTS).round()).tolist()
    return Series(
        name="Learning curve as fitted, and drawn on",
        points=[point_of(n, _score(best.at(n), drawn.at(n))) for n in places],
    )
