"""Promises of stopping rules."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, get_args

import msgspec
import numpy as np
from numpy.typing import NDArray

from kodkod.api import Advice, LearningHistory, Score, StoppingRule, StoppingRuleSpec, Verdict
from kodkod.testing.histories import make_history
from kodkod.testing.subject import Subject, require

__all__ = ["CHECKS"]


def answers_a_long_history(subject: Subject) -> None:
    """A history of many refreshes gets a verdict, a sentence, and figures that can be drawn."""
    for scheme_type in _scheme_types(subject):
        advice = _advise(subject, make_history(scheme_type))
        _require_sound(advice)
        judged = advice.verdict != "too-early"
        require(bool(advice.evidence) or not judged, "a rule that judges shows its evidence")


def nothing_happened_yet(subject: Subject) -> None:
    """Without a refresh there is too little to go by, and the rule says so."""
    for scheme_type in _scheme_types(subject):
        advice = _advise(subject, make_history(scheme_type, refreshes=0))
        _require_sound(advice)
        require(advice.verdict == "too-early", "an empty history is too early to judge")


def one_refresh(subject: Subject) -> None:
    """One refresh has nothing before it, and a handful of labels prove nothing."""
    for scheme_type in _scheme_types(subject):
        advice = _advise(subject, make_history(scheme_type, refreshes=1))
        _require_sound(advice)
        require(advice.verdict != "could-stop", "one refresh is no reason to stop")


def everything_labelled(subject: Subject) -> None:
    """Where every text is annotated there is nothing left to go on with."""
    for scheme_type in _scheme_types(subject):
        advice = _advise(subject, make_history(scheme_type, n_rows=200, refreshes=20))
        _require_sound(advice)
        require(advice.verdict != "go-on", "nothing is left to annotate")


def figures_that_are_missing(subject: Subject) -> None:
    """NaN and None stand for what is not known, and never reach the advice."""
    for scheme_type in _scheme_types(subject):
        history = make_history(scheme_type)
        for broken in _with_gaps(history):
            _require_sound(_advise(subject, broken))


def one_label(subject: Subject) -> None:
    """A scheme of one label, and one of which all labelled texts are alike, are judged too."""
    for scheme_type in _scheme_types(subject):
        history = make_history(scheme_type)
        alike = np.zeros_like(history.targets)
        if alike.ndim == 2:
            alike[:, 0] = 1
        _require_sound(_advise(subject, msgspec.structs.replace(history, targets=alike)))
        single = msgspec.structs.replace(
            history,
            labels=history.labels[:1],
            targets=alike[:, :1] if alike.ndim == 2 else alike,
            probabilities=_array(history.probabilities)[:, :1],
            held_out=_array(history.held_out)[:, :1],
        )
        _require_sound(_advise(subject, single))


def same_seed_same_advice(subject: Subject) -> None:
    """Two calls with one seed agree."""
    for scheme_type in _scheme_types(subject):
        one, two = (_advise(subject, make_history(scheme_type)) for _ in range(2))
        require(one == two, "randomness comes from history.rng alone")


def leaves_the_history_alone(subject: Subject) -> None:
    """The arrays are the server's own."""
    for scheme_type in _scheme_types(subject):
        history, before = make_history(scheme_type), make_history(scheme_type)
        _advise(subject, history)
        for name in history.__struct_fields__:
            mine, theirs = getattr(history, name), getattr(before, name)
            if isinstance(mine, np.ndarray):
                same = np.array_equal(mine, theirs, equal_nan=True)
                require(same, f"advise leaves history.{name} alone")


def _scheme_types(subject: Subject) -> tuple[str, ...]:
    spec = subject.spec
    known = spec.scheme_types if isinstance(spec, StoppingRuleSpec) else ()
    return tuple(each for each in ("multiclass", "multilabel") if not known or each in known)


def _advise(subject: Subject, history: LearningHistory) -> Advice:
    rule: StoppingRule[Any] = subject.build()
    return rule.advise(history)


def _array(array: NDArray[np.float32] | None) -> NDArray[np.float32]:
    if array is None:
        raise TypeError("make_history fills every array of a guide that has refreshed")
    return array


def _with_gaps(history: LearningHistory) -> Iterator[LearningHistory]:
    replace = msgspec.structs.replace
    probabilities = _array(history.probabilities).copy()
    held_out = _array(history.held_out).copy()
    probabilities[::3], probabilities[:, 1] = np.nan, np.nan
    held_out[::2], held_out[:, 2] = np.nan, np.nan
    yield replace(history, probabilities=probabilities, held_out=held_out)
    yield replace(
        history,
        probabilities=np.full_like(probabilities, np.nan),
        held_out=np.full_like(held_out, np.nan),
        selection_probability=np.full(len(held_out), np.nan),
    )
    yield replace(history, probabilities=None, held_out=None)
    nan = float("nan")
    yield replace(
        history,
        beliefs=tuple(
            replace(each, kappa=nan, changed=nan, uncertainty=nan) for each in history.beliefs
        ),
        assessments=tuple(
            replace(each, score=Score(value=nan, low=nan, high=nan)) for each in history.assessments
        ),
        curve=tuple(
            replace(each, score=Score(value=nan, low=nan, high=nan)) for each in history.curve
        ),
    )
    unknown = Score(value=None)
    yield replace(
        history,
        beliefs=tuple(replace(each, kappa=None, changed=None) for each in history.beliefs),
        assessments=tuple(replace(each, score=unknown) for each in history.assessments),
        curve=tuple(replace(each, score=Score(value=each.score.value)) for each in history.curve),
    )


def _require_sound(advice: Advice) -> None:
    require(isinstance(advice, Advice), "advise gives an Advice")
    require(advice.verdict in get_args(Verdict), f"{advice.verdict!r} is no verdict")
    sentence = advice.sentence
    require(bool(sentence.strip()) and "\n" not in sentence, "a sentence on one line says why")
    require("nan" not in sentence.lower().split(), f"the sentence has no NaN: {sentence}")
    msgspec.json.encode(advice)
    for name, score in advice.figures.items():
        figures = [each for each in (score.low, score.value, score.high) if each is not None]
        require(all(map(math.isfinite, figures)), f"the figure {name} is finite, or None")
        require(figures == sorted(figures), f"the figure {name} lies in its interval: {figures}")
    for series in advice.evidence:
        for point in series.points:
            said = [each for each in (point.x, point.y, point.low, point.high) if each is not None]
            require(all(map(math.isfinite, said)), f"the points of {series.name} are finite")
        xs = [point.x for point in series.points]
        require(xs == sorted(xs), f"the points of {series.name} ascend")
        require(
            series.threshold is None or math.isfinite(series.threshold),
            f"the threshold of {series.name} is finite, or None",
        )


CHECKS = (
    answers_a_long_history,
    nothing_happened_yet,
    one_refresh,
    everything_labelled,
    figures_that_are_missing,
    one_label,
    same_seed_same_advice,
    leaves_the_history_alone,
)
