"""Power laws, the expected gain and the plateau: against known curves and scikit-learn's solver."""

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import curve_fit

from kodkod.api import CurvePoint, Score
from kodkod.testing import make_history
from kodkod_stopping.curves import drawn_scores, known_points
from kodkod_stopping.expected_gain import ExpectedGain
from kodkod_stopping.params import GainParams, PlateauParams
from kodkod_stopping.plateau import ScorePlateau
from kodkod_stopping.power_law import fit_power_laws

replace = msgspec.structs.replace
SIZES = (50, 84, 141, 238, 400)


def history_with(scores, *, sizes=SIZES, half=0.02, replicates=None, labelled=500):
    curve = tuple(
        CurvePoint(
            n=n,
            score=Score(value=value, low=value - half, high=value + half),
            replicates=() if replicates is None else tuple(replicates[:, i].tolist()),
        )
        for i, (n, value) in enumerate(zip(sizes, scores, strict=True))
    )
    history = make_history(refreshes=labelled // 10, n_rows=2_000)
    return replace(history, curve=curve)


def law(n, a=0.8, b=1.5, c=0.5):
    return a - b * np.asarray(n, dtype=np.float64) ** -c


@settings(max_examples=50)
@given(st.floats(0.5, 0.95), st.floats(0.2, 2), st.floats(0.2, 1.5))
def test_a_power_law_is_found_again(a, b, c):
    n = np.array(SIZES, dtype=np.float64)
    fit = fit_power_laws(n, law(n, a, b, c)[None, :], np.ones(5))
    # The rate is one of a grid; what it says of the next labels is right all the same.
    assert fit.error[0] < 0.004
    assert fit.at(500)[0] == pytest.approx(law(500, a, b, c), abs=0.005)
    gain = fit.at(600)[0] - fit.at(500)[0]
    assert gain == pytest.approx(law(600, a, b, c) - law(500, a, b, c), abs=0.002)


def test_a_noisy_curve_is_fitted_as_a_general_solver_does():
    rng = np.random.default_rng(2)
    n = np.array(SIZES, dtype=np.float64)
    sd = np.array([0.03, 0.02, 0.02, 0.01, 0.01])
    for _ in range(20):
        y = law(n) + rng.standard_normal(5) * 0.5 * sd
        fit = fit_power_laws(n, y[None, :], 1 / sd**2)
        start = (fit.a[0], fit.b[0], fit.c[0])
        best, _ = curve_fit(
            law, n, y, p0=start, sigma=sd, bounds=([-10, 0, 0.05], [1, 50, 3]), maxfev=20_000
        )
        theirs = np.sqrt(np.average((law(n, *best) - y) ** 2, weights=1 / sd**2))
        assert fit.error[0] <= theirs * 1.02 + 1e-6
        assert fit.at(500)[0] == pytest.approx(law(500, *best), abs=0.004)


def test_curves_are_fitted_row_by_row_within_their_bounds():
    rng = np.random.default_rng(0)
    n = np.array(SIZES, dtype=np.float64)
    y = np.vstack([law(n), law(n)[::-1], np.ones(5), rng.random((50, 5))])
    fit = fit_power_laws(n, y, np.ones(5))
    assert (fit.a <= 1).all()
    assert (fit.b >= 0).all()
    for row in range(len(y)):
        one = fit_power_laws(n, y[row : row + 1], np.ones(5))
        assert (one.a[0], one.b[0], one.c[0]) == pytest.approx((fit.a[row], fit.b[row], fit.c[row]))
        assert fit.error[row] == pytest.approx(
            np.sqrt(np.mean([(fit.at(x)[row] - v) ** 2 for x, v in zip(n, y[row], strict=True)]))
        )
    # A curve that falls is level, and a perfect one stays perfect.
    assert fit.b[1] == 0
    assert fit.a[1] == pytest.approx(y[1].mean())
    assert fit.at(600)[2] == pytest.approx(1)


def test_the_gain_is_that_of_the_curve_between_now_and_then():
    advice = ExpectedGain(GainParams()).advise(history_with(law(SIZES), half=0.004))
    gain, then = advice.figures["gain"], advice.figures["score then"]
    assert gain.value == pytest.approx(law(600) - law(500), abs=0.0005)
    assert then.value == pytest.approx(law(600), abs=0.002)
    assert gain.low < gain.value < gain.high
    assert advice.verdict == "could-stop"
    # 50 labels more than there are, and the whole of the measured curve, are drawn.
    drawn = advice.evidence[1].points
    assert (drawn[0].x, drawn[-1].x) == (50, 600)
    steep = ExpectedGain(GainParams(labels=1_000)).advise(
        history_with(law(SIZES), half=0.004, labelled=1_000)
    )
    assert steep.figures["gain"].value == pytest.approx(law(2_000) - law(1_000), abs=0.001)
    assert steep.verdict == "go-on"
    assert "1.4 points" in steep.sentence


def test_replicates_that_err_together_know_the_gain_better_than_points_that_do_not():
    rng = np.random.default_rng(1)
    together = law(SIZES) + 0.01 * rng.standard_normal((400, 1))
    paired = ExpectedGain(GainParams()).advise(history_with(law(SIZES), replicates=together))
    alone = ExpectedGain(GainParams()).advise(history_with(law(SIZES)))

    def width(advice):
        return advice.figures["gain"].high - advice.figures["gain"].low

    assert width(paired) < width(alone) / 3
    assert paired.figures["gain"].value == alone.figures["gain"].value


def test_a_curve_that_is_no_power_law_says_nothing_of_labels_to_come():
    advice = ExpectedGain(GainParams()).advise(history_with([0.3, 0.6, 0.35, 0.62, 0.4]))
    assert advice.verdict == "too-early"
    assert "no power law" in advice.sentence
    assert advice.figures == {}


def test_too_few_points_or_labels_are_too_early():
    rule = ExpectedGain(GainParams())
    few = history_with(law(SIZES[:3]), sizes=SIZES[:3])
    assert rule.advise(few).verdict == "too-early"
    young = history_with(law((8, 16, 32, 64)), sizes=(8, 16, 32, 64), labelled=80)
    assert "wait for 100" in rule.advise(young).sentence


def test_the_interval_of_the_gain_holds_the_truth():
    """Curves measured with errors that are shared by all points, and with some of their own."""
    rng = np.random.default_rng(7)
    held = 0
    for _ in range(100):
        a, b, c = rng.uniform(0.6, 0.9), rng.uniform(0.8, 2), rng.uniform(0.35, 0.8)
        truth = law(SIZES, a, b, c)
        shared, own = 0.02, 0.006

        def errors(n, shared=shared, own=own):
            return shared * rng.standard_normal((n, 1)) + own * rng.standard_normal((n, 5))

        measured = truth + errors(1)[0]
        history = history_with(measured, replicates=measured + errors(200))
        gain = ExpectedGain(GainParams()).advise(history).figures.get("gain")
        expected = law(600, a, b, c) - law(500, a, b, c)
        held += gain is not None and gain.low <= expected <= gain.high
    assert held >= 85


def test_a_plateau_is_level_at_the_upper_end():
    rule = ScorePlateau(PlateauParams())
    rng = np.random.default_rng(3)

    def judged(rise, error=0.004):
        scores = [0.5, 0.55, 0.58, 0.6, 0.6 + rise]
        common = 0.03 * rng.standard_normal((400, 1))
        own = error * rng.standard_normal((400, 5))
        return rule.advise(history_with(scores, replicates=np.array(scores) + common + own))

    level = judged(0.001)
    assert level.verdict == "could-stop"
    rise = level.figures["rise"]
    assert rise.value == pytest.approx(0.001)
    # Twice the error of one point squared, whatever both have in common.
    assert rise.high - rise.value == pytest.approx(1.96 * 0.004 * np.sqrt(2), rel=0.2)
    assert "From 238 to 400 labels" in level.sentence
    assert judged(0.015).verdict == "go-on"
    vague = judged(0.0, error=0.06)
    assert vague.verdict == "too-early"
    assert "too little to see a plateau" in vague.sentence
    assert [series.name for series in level.evidence][1].startswith("Score at each assessment")


def test_a_plateau_needs_a_curve_and_labels():
    rule = ScorePlateau(PlateauParams())
    assert "no learning curve" in rule.advise(history_with([], sizes=())).sentence
    young = history_with(law(SIZES[:2]), sizes=(10, 20))
    assert "wait for 50" in rule.advise(young).sentence


def test_points_without_a_score_are_left_out():
    history = history_with(law(SIZES))
    broken = [*history.curve, CurvePoint(n=7, score=Score(value=None))]
    broken.append(CurvePoint(n=0, score=Score(value=0.5)))
    points = known_points(replace(history, curve=tuple(broken)))
    assert [point.n for point in points] == list(SIZES)
    drawn = drawn_scores(points, np.random.default_rng(0))
    assert drawn.shape == (400, 5)
    np.testing.assert_allclose(drawn.mean(axis=0), law(SIZES), atol=0.003)
    np.testing.assert_allclose(drawn.std(axis=0), 0.02 / 1.96, rtol=0.15)
