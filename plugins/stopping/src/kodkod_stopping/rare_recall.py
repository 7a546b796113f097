"""Recall reached for rare labels."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import Advice, LearningHistory, Point, Score, Series, StoppingRule
from kodkod_stopping.calibration import calibrate, draw_counts, logits
from kodkod_stopping.draws import total_by_draws
from kodkod_stopping.params import RecallParams
from kodkod_stopping.wording import between, finished, percent, share_of

__all__ = ["RareRecall"]

_DRAWS = 400
_LEAST_CALIBRATED = 50
_LEAST_DRAWS = 50
_DRAWN_POINTS = 50
_NAMED = 3


class _Estimate(Struct, frozen=True, kw_only=True):
    """A rare label: how many of its texts are found, of how many, and which share that is."""

    label: str
    found: int
    total: Score
    recall: Score
    by_draws: Score | None


class RareRecall(StoppingRule[RecallParams]):
    """Of each rare label, how many of its texts are among the annotated.

    The texts that are left are counted by the guide's probabilities, calibrated on what models
    that had not seen the annotated texts said of them; the interval has both the doubt about the
    calibration and that about each text. The rule is that of Yang, Lewis and Frieder, "Heuristic
    stopping rules for technology-assisted review", DocEng 2021 (QuantCI): stop when the lower end
    of the recall's interval reaches the target.

    Where enough texts were drawn with a known probability, the Horvitz-Thompson estimate is given
    too (see `total_by_draws`). It needs no model; if it says less than the model does, it counts.

    A label is rare if fewer than a tenth of the texts are estimated to have it. Of frequent labels
    nobody wants to find every text, and what they miss is in the score.
    """

    def advise(self, history: LearningHistory) -> Advice:
        """Compare the lower end of each rare label's recall with the target."""
        if (done := finished(history)) is not None:
            return done
        if history.probabilities is None or history.held_out is None:
            return _too_early(
                "It takes predictions of the texts that are left, and cross-validated predictions "
                "of the annotated: wait for the guide to be refreshed and assessed."
            )
        has = _label_table(history)
        calibrated = np.isfinite(history.held_out)
        if int(calibrated.any(axis=1).sum()) < _LEAST_CALIBRATED:
            return _too_early(
                f"It takes {_LEAST_CALIBRATED} annotated texts with cross-validated predictions to "
                f"calibrate the guide; there are {int(calibrated.any(axis=1).sum())}."
            )
        estimates: list[_Estimate] = []
        unclear: list[str] = []
        for column, label in enumerate(history.labels):
            mine = calibrated[:, column]
            if int(has[mine, column].sum()) < self.params.least_found:
                # Few are found of a label that nobody has looked for as well: it is no less rare.
                unclear.append(label)
                continue
            estimate = self._estimate(history, has[:, column], mine, column)
            if estimate.total.value is not None and (
                estimate.total.value < self.params.rare * history.n_rows
            ):
                estimates.append(estimate)
        return self._judged(history, has, estimates, unclear)

    def _estimate(
        self,
        history: LearningHistory,
        has: NDArray[np.bool_],
        calibrated: NDArray[np.bool_],
        column: int,
    ) -> _Estimate:
        held_out, probabilities = history.held_out, history.probabilities
        if held_out is None or probabilities is None:
            raise TypeError("advise has seen to that")
        calibration = calibrate(logits(held_out[calibrated, column]), has[calibrated])
        left = np.ones(len(probabilities), dtype=np.bool_)
        left[history.labelled] = False
        rest = probabilities[left, column]
        expected, drawn = draw_counts(
            logits(rest[np.isfinite(rest)]), calibration, _DRAWS, history.rng
        )
        found = int(has.sum())
        low, high = np.percentile(drawn, [2.5, 97.5])
        total = _holding(found + expected, found + float(low), found + float(high))
        return _Estimate(
            label=history.labels[column],
            found=found,
            total=total,
            recall=_recall(found, total),
            by_draws=total_by_draws(
                has,
                history.selection_probability,
                history.turn,
                least_draws=_LEAST_DRAWS,
                least_found=self.params.least_found,
            ),
        )

    def _judged(
        self,
        history: LearningHistory,
        has: NDArray[np.bool_],
        estimates: list[_Estimate],
        unclear: list[str],
    ) -> Advice:
        if not estimates:
            if not unclear:
                return _too_early(
                    f"No label is rare: each is estimated to be on {percent(self.params.rare)} of "
                    "the texts or more."
                )
            return _too_early(
                f"Fewer than {self.params.least_found} texts are found of {_names(unclear)}, too "
                "few to tell how many there are."
            )
        estimates = sorted(estimates, key=_least)
        target = self.params.target
        missed = [each for each in estimates if _least(each) < target]
        sentence = " ".join(_sentence(each) for each in (missed or estimates)[:_NAMED])
        if len(missed or estimates) > _NAMED:
            sentence += f" And {len(missed or estimates) - _NAMED} labels more."
        if missed:
            verdict = "go-on"
            sentence += f" The target is {percent(target)} at the lower end."
        elif unclear:
            verdict = "too-early"
            sentence += (
                f" But fewer than {self.params.least_found} texts are found of {_names(unclear)}."
            )
        else:
            verdict = "could-stop"
            sentence += f" The target, {percent(target)} at the lower end, is reached."
        return Advice(
            verdict=verdict,
            sentence=sentence,
            evidence=[_found_so_far(history, has, each, target) for each in estimates],
            figures=_figures(estimates),
        )


def _too_early(sentence: str) -> Advice:
    return Advice(verdict="too-early", sentence=sentence)


def _label_table(history: LearningHistory) -> NDArray[np.bool_]:
    targets = history.targets
    if targets.ndim == 2:
        return targets.astype(np.bool_)
    return targets[:, None] == np.arange(len(history.labels))


def _holding(value: float, low: float, high: float) -> Score:
    return Score(value=value, low=min(low, value), high=max(high, value))


def _recall(found: int, total: Score) -> Score:
    value, low, high = total.value or 1.0, total.low or 1.0, total.high or 1.0
    return Score(value=found / value, low=found / high, high=min(found / low, 1.0))


def _least(each: _Estimate) -> float:
    """Return the lower end of the recall, by whichever estimate is the lower."""
    ends = [each.recall.low or 0.0]
    if each.by_draws is not None:
        ends.append(_recall(each.found, each.by_draws).low or 0.0)
    return min(ends)


def _names(labels: list[str]) -> str:
    shown = ", ".join(repr(label) for label in labels[:_NAMED])
    return shown if len(labels) <= _NAMED else f"{shown} and {len(labels) - _NAMED} more"


def _sentence(each: _Estimate) -> str:
    total = each.total
    said = (
        f"Of {each.label!r}, {share_of(each.found, 'text')} are found of an estimated "
        f"{total.value:,.0f} ({total.low:,.0f} to {total.high:,.0f}): "
        f"{percent(each.recall.value or 0.0)}{between(each.recall)}."
    )
    if each.by_draws is not None:
        recall = _recall(each.found, each.by_draws)
        said += (
            f" By the draws whose probability is known it is {percent(recall.value or 0.0)}"
            f"{between(recall)}."
        )
    return said


def _found_so_far(
    history: LearningHistory, has: NDArray[np.bool_], each: _Estimate, target: float
) -> Series:
    order = np.argsort(history.turn, kind="stable")
    found = np.cumsum(has[order, history.labels.index(each.label)])
    places = np.unique(np.linspace(0, len(order) - 1, _DRAWN_POINTS).round().astype(np.int64))
    return Series(
        name=f"Found of {each.label}, by annotated texts",
        unit="texts",
        points=[Point(float(place + 1), float(found[place])) for place in places.tolist()],
        threshold=target * (each.total.value or 0.0),
    )


def _figures(estimates: list[_Estimate]) -> dict[str, Score]:
    figures: dict[str, Score] = {}
    for each in estimates:
        figures[f"recall of {each.label}"] = each.recall
        figures[f"texts of {each.label}"] = each.total
        if each.by_draws is not None:
            figures[f"recall of {each.label} by draws"] = _recall(each.found, each.by_draws)
            figures[f"texts of {each.label} by draws"] = each.by_draws
    return figures
