"""The rules that watch predictions: each verdict, its number, and what tips it."""

import msgspec
import pytest

from kodkod.testing import make_history
from kodkod_stopping.classification_change import ClassificationChange
from kodkod_stopping.overall_uncertainty import OverallUncertainty
from kodkod_stopping.params import ChangeParams, StabilisingParams, UncertaintyParams
from kodkod_stopping.stabilising import StabilisingPredictions

replace = msgspec.structs.replace


def history_with(**each):
    """Return a history of which the last beliefs have these values, all others bad ones."""
    (field, values), *_ = each.items()
    history = make_history(refreshes=20)
    bad = {"kappa": 0.5, "changed": 0.5, "uncertainty": 0.9}
    beliefs = [replace(belief, **bad) for belief in history.beliefs[: -len(values)]]
    last = [
        replace(belief, **{**bad, field: value})
        for belief, value in zip(history.beliefs[-len(values) :], values, strict=True)
    ]
    return replace(history, beliefs=(*beliefs, *last))


def test_kappa_is_averaged_over_three_and_must_reach_099():
    rule = StabilisingPredictions(StabilisingParams())
    advice = rule.advise(history_with(kappa=[0.985, 0.99, 0.996]))
    assert advice.verdict == "could-stop"
    assert advice.figures["agreement"].value == pytest.approx((0.985 + 0.99 + 0.996) / 3)
    assert "0.990" in advice.sentence
    assert "500 fixed texts" in advice.sentence
    assert rule.advise(history_with(kappa=[0.985, 0.99, 0.994])).verdict == "go-on"
    # Two stable comparisons do not outweigh one that was not.
    assert rule.advise(history_with(kappa=[0.999, 0.999])).verdict == "go-on"
    one = StabilisingPredictions(StabilisingParams(window=1, agreement=0.98))
    assert one.advise(history_with(kappa=[0.985])).verdict == "could-stop"


def test_refreshes_after_every_label_do_not_look_stable():
    # Given a guide that refreshes after each label, each time with a kappa of 0.995
    history = make_history(refreshes=60, per_refresh=1)
    beliefs = tuple(replace(belief, kappa=0.995, changed=0.001) for belief in history.beliefs)
    history = replace(history, beliefs=beliefs)
    # Then ten of them together may have changed 5 %
    advice = StabilisingPredictions(StabilisingParams()).advise(history)
    assert advice.verdict == "go-on"
    assert advice.figures["agreement"].value == pytest.approx(0.95)
    advice = ClassificationChange(ChangeParams()).advise(history)
    assert (advice.verdict, advice.figures["changed"].value) == ("go-on", pytest.approx(0.01))
    # And a user who asks for comparisons of neighbours gets them
    each = StabilisingPredictions(StabilisingParams(labels_between=1)).advise(history)
    assert each.verdict == "could-stop"


def test_a_model_that_says_one_label_of_everything_is_not_stable():
    advice = StabilisingPredictions(StabilisingParams()).advise(history_with(kappa=[None] * 3))
    assert advice.verdict == "too-early"
    assert "same label" in advice.sentence
    assert len(advice.evidence[0].points) == 16


def test_three_comparisons_take_four_refreshes():
    rule = StabilisingPredictions(StabilisingParams())
    assert rule.advise(make_history(refreshes=3)).verdict == "too-early"
    assert "there are 2 so far" in rule.advise(make_history(refreshes=3)).sentence
    assert rule.advise(make_history(refreshes=4)).verdict == "go-on"


def test_two_comparisons_in_a_row_change_next_to_nothing():
    rule = ClassificationChange(ChangeParams())
    advice = rule.advise(history_with(changed=[0.004, 0.005]))
    assert advice.verdict == "could-stop"
    assert advice.figures["changed"].value == 0.005
    assert "0.5 %" in advice.sentence
    assert rule.advise(history_with(changed=[0.0, 0.006])).verdict == "go-on"
    assert rule.advise(history_with(changed=[0.006, 0.0])).verdict == "go-on"
    strict = ClassificationChange(ChangeParams(tolerance=0))
    assert strict.advise(history_with(changed=[0.0, 1e-6])).verdict == "go-on"
    assert strict.advise(history_with(changed=[0.0, 0.0])).verdict == "could-stop"
    assert rule.advise(make_history(refreshes=2)).verdict == "too-early"


def test_uncertainty_is_averaged_over_the_last_three_refreshes():
    rule = OverallUncertainty(UncertaintyParams())
    advice = rule.advise(history_with(uncertainty=[0.14, 0.08, 0.07]))
    assert advice.verdict == "could-stop"
    assert advice.figures["uncertainty"].value == pytest.approx(0.29 / 3)
    assert "0.097" in advice.sentence
    assert rule.advise(history_with(uncertainty=[0.16, 0.08, 0.07])).verdict == "go-on"
    assert rule.advise(make_history(refreshes=2)).verdict == "too-early"
