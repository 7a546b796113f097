"""The metric `classification`, for one label a text and for several."""

from __future__ import annotations

import numpy as np

from kodkod.api import (
    CalibrationBin,
    Compared,
    ComparisonReport,
    InvalidInputError,
    Metric,
    ScoreReport,
)
from kodkod_evaluation.calibrating import CalibrationFigures
from kodkod_evaluation.coded import Coded, read_coded
from kodkod_evaluation.counted import CountedFigures
from kodkod_evaluation.losses import LossFigures
from kodkod_evaluation.paired import mcnemar
from kodkod_evaluation.params import ClassificationParams
from kodkod_evaluation.ranked import RankedFigures
from kodkod_evaluation.reporting import differences, scores
from kodkod_evaluation.resampling import Figures, Measured, measure

__all__ = ["Classification"]


class Classification(Metric[ClassificationParams]):
    """What is predicted right, and what the probabilities are worth, overall and by label.

    Definitions are with the families of figures: counted, ranked, losses, calibration. Intervals
    are 95 % percentile intervals of the bootstrap over texts (Efron and Tibshirani 1993, chapter
    13); replicates in which a figure is undefined are left out of its interval.
    """

    def score(self, compared: Compared, rng: np.random.Generator) -> ScoreReport:
        """Compare the likeliest label, or the labels from their thresholds on.

        Raises:
            InvalidInputError: there is nothing to compare, or a text has no prediction.
        """
        coded = read_coded(compared)
        measured, curve = self._measured(coded, rng)
        overall, by_label = scores(measured, compared.labels)
        return ScoreReport(
            n=len(coded),
            labels=list(compared.labels),
            overall=overall,
            by_label=by_label,
            confusion=None if coded.several else _confusion(coded),
            calibration=curve,
        )

    def compare(
        self, first: Compared, second: Compared, rng: np.random.Generator
    ) -> ComparisonReport:
        """Compare two predictors by a paired bootstrap, and whole texts by McNemar's exact test.

        Raises:
            InvalidInputError: there is nothing to compare, or they are not of the same texts.
        """
        one, two = read_coded(first), read_coded(second)
        if first.labels != second.labels or not np.array_equal(one.reference, two.reference):
            raise InvalidInputError(
                "the two were not given the same texts and labels; compare them on the same rows"
            )
        # From one state: the same texts are drawn for both.
        seed = int(rng.integers(2**63))
        of_first, _ = self._measured(one, np.random.default_rng(seed))
        of_second, _ = self._measured(two, np.random.default_rng(seed))
        overall, by_label = differences(of_first, of_second, first.labels)
        for figures in by_label.values():
            figures.pop("support")
        return ComparisonReport(
            n=len(one),
            labels=list(first.labels),
            overall=overall,
            by_label=by_label,
            mcnemar=mcnemar(one.right, two.right),
        )

    def _measured(
        self, coded: Coded, rng: np.random.Generator
    ) -> tuple[Measured, list[CalibrationBin] | None]:
        n, replicates = len(coded), self.params.replicates
        families: list[Figures] = [CountedFigures(coded)]
        if not self.params.from_probabilities:
            return measure(families, n, replicates, rng), None
        calibration = CalibrationFigures(coded, self.params.bins)
        families += [RankedFigures(coded), LossFigures(coded), calibration]
        measured = measure(families, n, replicates, rng)
        return measured, calibration.curve(measured)


def _confusion(coded: Coded) -> list[list[int]]:
    return (coded.reference.T.astype(np.int64) @ coded.predicted.astype(np.int64)).tolist()
