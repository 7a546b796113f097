"""Stabilising predictions."""

from __future__ import annotations

from kodkod.api import Advice, Belief, LearningHistory, Point, Score, Series, StoppingRule
from kodkod_stopping.params import StabilisingParams
from kodkod_stopping.steps import steps_apart
from kodkod_stopping.wording import finished

__all__ = ["StabilisingPredictions"]


class StabilisingPredictions(StoppingRule[StabilisingParams]):
    """Successive models say the same of a fixed set of texts that need no labels.

    Bloodgood and Vijay-Shanker, "A method for stopping active learning based on stabilizing
    predictions and the need for user-adjustable stopping", CoNLL 2009: stop when Cohen's kappa
    between the models of successive iterations on a stop set of 2,000 texts, averaged over the
    last three, is at least 0.99. Their models are a batch of labels apart; where a guide
    refreshes more often, see `steps_apart`.
    """

    def advise(self, history: LearningHistory) -> Advice:
        """Compare the mean agreement of the last steps with what counts as stable."""
        if (done := finished(history)) is not None:
            return done
        wanted, window = self.params.agreement, self.params.window
        steps = steps_apart(history.beliefs, self.params.labels_between, _disagreement)
        kappas = [(step.n, None if step.change is None else 1 - step.change) for step in steps]
        evidence = Series(
            name="Agreement with the predictions before (Cohen's kappa)",
            points=[Point(float(n), kappa) for n, kappa in kappas if kappa is not None],
            threshold=wanted,
        )
        last = [kappa for _, kappa in kappas[-window:]]
        if len(last) < window:
            return Advice(
                verdict="too-early",
                sentence=f"It takes {window} comparisons of predictions that are "
                f"{self.params.labels_between} labels apart or more; there are {len(last)} so far.",
                evidence=[evidence],
            )
        known = [kappa for kappa in last if kappa is not None]
        if len(known) < window:
            return Advice(
                verdict="too-early",
                sentence="The model says the same label of every text that is compared, so that "
                "its agreement with itself means nothing.",
                evidence=[evidence],
            )
        mean = sum(known) / window
        compared = history.beliefs[-1].compared
        said = (
            f"Over the last {window} comparisons, predictions of {compared:,} fixed texts agreed "
            f"with those before by {mean:.3f} (Cohen's kappa, averaged)"
        )
        if mean >= wanted:
            verdict, end = "could-stop", f"; from {wanted:g} on they count as stable."
        else:
            verdict, end = "go-on", f"; they count as stable from {wanted:g} on."
        return Advice(
            verdict=verdict,
            sentence=said + end,
            evidence=[evidence],
            figures={"agreement": Score(value=mean)},
        )


def _disagreement(belief: Belief) -> float | None:
    return None if belief.kappa is None else 1 - belief.kappa
