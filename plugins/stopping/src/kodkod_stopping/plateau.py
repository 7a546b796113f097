"""Plateau of the score."""

from __future__ import annotations

import math

import numpy as np

from kodkod.api import Advice, LearningHistory, Score, Series, StoppingRule
from kodkod_stopping.curves import curve_series, drawn_scores, known_points
from kodkod_stopping.params import PlateauParams
from kodkod_stopping.wording import finished, percent, point_of, points

__all__ = ["ScorePlateau"]

_LEAST_LABELS = 50


class ScorePlateau(StoppingRule[PlateauParams]):
    """The newest labels have not raised the score.

    After Laws and Schuetze, "Stopping criteria for active learning of named entity recognition",
    COLING 2008: stop when the gradient of the estimated performance has become small. Here it is
    estimated by cross-validation, and the gradient is the difference between models that learnt
    from all labels and models that learnt from three fifths of them, on the same texts. Its
    interval is that of the bootstrap over these texts, the same replicates for both.

    Scores of different days are shown and not compared: a strategy picks ever harder texts, and a
    score that is measured on them stands still while the model gets better.
    """

    def advise(self, history: LearningHistory) -> Advice:
        """Compare the last two points of the newest learning curve."""
        if (done := finished(history)) is not None:
            return done
        curve = known_points(history)
        evidence = [curve_series(curve), _over_time(history)]
        if len(curve) < 2:
            return Advice(
                verdict="too-early",
                sentence="There is no learning curve yet: the guide is assessed when there are "
                "labels enough.",
                evidence=evidence,
            )
        before, after = curve[-2:]
        if after.n < _LEAST_LABELS:
            return Advice(
                verdict="too-early",
                sentence=f"A learning curve that ends at {after.n} labels says little; wait for "
                f"{_LEAST_LABELS}.",
                evidence=evidence,
            )
        drawn = drawn_scores(curve[-2:], history.rng)
        low, high = np.percentile(drawn[:, 1] - drawn[:, 0], [2.5, 97.5]).tolist()
        start, end = before.score.value or 0.0, after.score.value or 0.0
        rise = Score(value=end - start, low=min(low, end - start), high=max(high, end - start))
        level = self.params.tolerance
        if high - low > 2 * self.params.widest:
            return Advice(
                verdict="too-early",
                sentence=f"The rise of the score from {before.n:,} to {after.n:,} labels is known "
                f"to within {points((high - low) / 2)} only, which is too little to see a plateau.",
                evidence=evidence,
                figures={"rise": rise},
            )
        said = (
            f"From {before.n:,} to {after.n:,} labels, the score on the same texts went from "
            f"{percent(start)} to {percent(end)}: by {points(end - start)} ({100 * low:.1f} to "
            f"{100 * high:.1f})"
        )
        if high <= level:
            verdict, close = "could-stop", f", which is not above {points(level)}."
        else:
            verdict, close = "go-on", f"; up to {points(level)} would count as level."
        return Advice(
            verdict=verdict, sentence=said + close, evidence=evidence, figures={"rise": rise}
        )


def _over_time(history: LearningHistory) -> Series:
    return Series(
        name="Score at each assessment, of the texts annotated by then",
        points=[
            point_of(each.n_train, each.score)
            for each in sorted(history.assessments, key=lambda each: each.n_train)
            if each.score.value is not None and math.isfinite(each.score.value)
        ],
    )
