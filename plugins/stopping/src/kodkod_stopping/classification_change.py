"""Classification change."""

from __future__ import annotations

from kodkod.api import Advice, Belief, LearningHistory, Point, Score, Series, StoppingRule
from kodkod_stopping.params import ChangeParams
from kodkod_stopping.steps import steps_apart
from kodkod_stopping.wording import finished, percent

__all__ = ["ClassificationChange"]


class ClassificationChange(StoppingRule[ChangeParams]):
    """The predictions of the corpus no longer change.

    Zhu, Wang and Hovy, "Multi-criteria-based strategy to stop active learning for data
    annotation", COLING 2008: stop when no prediction of a text that is not annotated changes in
    two successive iterations. In a large corpus some text always does, so here a small share may.
    The share is of all texts, annotated ones included. Where a guide refreshes more often than
    after a batch of labels, see `steps_apart`.
    """

    def advise(self, history: LearningHistory) -> Advice:
        """Look whether the last steps changed few enough predictions."""
        if (done := finished(history)) is not None:
            return done
        most, window = self.params.tolerance, self.params.window
        steps = steps_apart(history.beliefs, self.params.labels_between, _changed)
        changes = [(step.n, step.change) for step in steps if step.change is not None]
        evidence = Series(
            name="Share of the texts whose prediction changed",
            # What is added up may exceed the whole.
            points=[Point(float(n), min(change, 1.0)) for n, change in changes],
            threshold=most,
        )
        last = changes[-window:]
        if len(last) < window:
            return Advice(
                verdict="too-early",
                sentence=f"It takes {window} comparisons of predictions that are "
                f"{self.params.labels_between} labels apart or more; there are {len(last)} so far.",
                evidence=[evidence],
            )
        worst = min(max(change for _, change in last), 1.0)
        said = (
            f"In the last {window} comparisons, at most {percent(worst)} of the predictions changed"
        )
        if worst <= most:
            verdict, end = "could-stop", f"; up to {percent(most)} count as none."
        else:
            verdict, end = "go-on", f"; only {percent(most)} or less would count as none."
        return Advice(
            verdict=verdict,
            sentence=said + end,
            evidence=[evidence],
            figures={"changed": Score(value=worst)},
        )


def _changed(belief: Belief) -> float | None:
    return belief.changed
