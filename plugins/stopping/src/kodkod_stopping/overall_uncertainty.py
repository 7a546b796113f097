"""Overall uncertainty."""

from __future__ import annotations

import math

from kodkod.api import Advice, LearningHistory, Point, Score, Series, StoppingRule
from kodkod_stopping.params import UncertaintyParams
from kodkod_stopping.wording import finished

__all__ = ["OverallUncertainty"]


class OverallUncertainty(StoppingRule[UncertaintyParams]):
    """The model is sure of all that is left.

    Zhu, Wang, Hovy and Ma, "Confidence-based stopping criteria for active learning for data
    annotation", ACM Transactions on Speech and Language Processing 6(3), 2010: stop when the
    average uncertainty of the texts that are not annotated falls below a threshold. Uncertainty
    is the entropy of the predicted labels, divided by its greatest value.
    """

    def advise(self, history: LearningHistory) -> Advice:
        """Compare the mean uncertainty of the last refreshes with the threshold."""
        if (done := finished(history)) is not None:
            return done
        most, window = self.params.threshold, self.params.window
        known = [
            (b.n_train, b.uncertainty) for b in history.beliefs if math.isfinite(b.uncertainty)
        ]
        evidence = Series(
            name="Mean uncertainty of the texts that are not annotated",
            points=[Point(float(n), value) for n, value in known],
            threshold=most,
        )
        last = [value for _, value in known[-window:]]
        if len(last) < window:
            return Advice(
                verdict="too-early",
                sentence=f"It takes {window} refreshes of the guide; there are {len(last)} so far.",
                evidence=[evidence],
            )
        mean = sum(last) / window
        said = (
            f"The mean uncertainty of the texts that are left is {mean:.3f} (0: sure of each, 1: "
            f"guessing), averaged over the last {window} refreshes"
        )
        if mean < most:
            verdict, end = "could-stop", f"; below {most:g} the model counts as sure."
        else:
            verdict, end = "go-on", f"; the model counts as sure below {most:g}."
        return Advice(
            verdict=verdict,
            sentence=said + end,
            evidence=[evidence],
            figures={"uncertainty": Score(value=mean)},
        )
