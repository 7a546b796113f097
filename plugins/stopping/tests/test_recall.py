"""Recall of rare labels: its parts against plain sums, the whole where the truth is known."""

from itertools import permutations

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from kodkod.api import LearningHistory
from kodkod.testing import make_history
from kodkod_stopping.calibration import Calibration, calibrate, draw_counts, logits
from kodkod_stopping.draws import total_by_draws
from kodkod_stopping.params import RecallParams
from kodkod_stopping.rare_recall import RareRecall

replace = msgspec.structs.replace

# -- parts ----------------------------------------------------------------------------------


def test_log_odds_stay_off_the_ends():
    found = logits(np.array([0.0, 0.5, 0.9, 1.0], dtype=np.float32))
    assert found[1] == 0
    assert found[2] == pytest.approx(np.log(9), rel=1e-6)
    assert [-found[0], found[3]] == pytest.approx([np.log(1e6)] * 2, rel=1e-5)


def test_a_calibration_is_the_optimum_of_its_posterior():
    rng = np.random.default_rng(0)
    x = rng.normal(-2, 1.5, 300)
    y = rng.random(300) < 1 / (1 + np.exp(-(0.7 * x + 0.4)))

    def loss(a, b):
        z = a + b * x
        return float(np.sum(np.logaddexp(0, z) - y * z) + a**2 / 18 + (b - 1) ** 2 / 0.5)

    found = calibrate(x, y)
    a, b = found.mean.tolist()
    step = 1e-3
    for da, db in ((step, 0), (-step, 0), (0, step), (0, -step)):
        assert loss(a + da, b + db) > loss(a, b)
    # Its covariance is the inverse of the curvature, here by differences.
    h = 1e-3
    curvature = np.array(
        [
            [
                (loss(a + h, b) - 2 * loss(a, b) + loss(a - h, b)) / h**2,
                (loss(a + h, b + h) - loss(a + h, b - h) - loss(a - h, b + h) + loss(a - h, b - h))
                / (4 * h**2),
            ],
            [0, (loss(a, b + h) - 2 * loss(a, b) + loss(a, b - h)) / h**2],
        ]
    )
    curvature[1, 0] = curvature[0, 1]
    np.testing.assert_allclose(found.covariance, np.linalg.inv(curvature), rtol=1e-3)


def test_a_calibration_of_many_texts_is_the_truth():
    rng = np.random.default_rng(1)
    x = rng.normal(-1, 2, 20_000)
    y = rng.random(20_000) < 1 / (1 + np.exp(-(0.6 * x - 0.8)))
    found = calibrate(x, y)
    np.testing.assert_allclose(found.mean, [-0.8, 0.6], atol=0.1)
    plain = LogisticRegression(C=np.inf).fit(x[:, None], y)
    np.testing.assert_allclose(found.mean, [plain.intercept_[0], plain.coef_[0, 0]], atol=0.01)


@pytest.mark.parametrize("y", [0, 1])
def test_texts_that_are_all_alike_are_calibrated(y):
    found = calibrate(np.full(100, 3.0), np.full(100, y))
    assert np.isfinite(found.mean).all()
    assert np.linalg.eigvalsh(found.covariance).min() > 0


def test_counts_are_a_poisson_binomial_where_the_calibration_is_certain():
    rng = np.random.default_rng(2)
    x = np.concatenate([rng.normal(-4, 1, 5_000), rng.normal(1, 1, 60)])
    q = 1 / (1 + np.exp(-(0.3 + 0.8 * x)))
    certain = Calibration(np.array([0.3, 0.8]), np.zeros((2, 2)))
    expected, drawn = draw_counts(x, certain, 4_000, rng)
    assert expected == pytest.approx(q.sum(), rel=1e-3)
    assert drawn.mean() == pytest.approx(q.sum(), rel=0.01)
    assert drawn.var() == pytest.approx((q * (1 - q)).sum(), rel=0.1)
    assert draw_counts(np.zeros(0), certain, 5, rng)[0] == 0
    alike, _ = draw_counts(np.full(10, 2.0), certain, 5, rng)
    assert alike == pytest.approx(10 / (1 + np.exp(-1.9)))


# -- draws ----------------------------------------------------------------------------------


def by_draws(has_label, probability, least_draws=1, least_found=0):
    n = len(has_label)
    return total_by_draws(
        np.array(has_label, dtype=bool),
        np.array(probability, dtype=np.float64),
        np.arange(n),
        least_draws=least_draws,
        least_found=least_found,
    )


def raw(has_label, chance):
    """Return Des Raj's mean, by a plain loop."""
    found, each = 0, []
    for y, p in zip(has_label, chance, strict=True):
        if p is not None:
            each.append(found + y / p)
        found += y
    return sum(each) / len(each)


def test_the_estimate_is_unbiased_over_all_ways_to_draw():
    """Texts with unequal weights, drawn one after the other without being put back."""
    labels, weights = [1, 0, 1, 0, 0, 1], [3.0, 1.0, 0.5, 2.0, 1.0, 1.0]
    total = sure = 0.0
    for order in permutations(range(6), 3):
        left, chance, path = sum(weights), [], 1.0
        for text in order:
            chance.append(weights[text] / left)
            path *= chance[-1]
            left -= weights[text]
        total += path * raw([labels[text] for text in order], chance)
        sure += path
    assert sure == pytest.approx(1)
    assert total == pytest.approx(3)


@settings(max_examples=40)
@given(st.lists(st.booleans(), min_size=3, max_size=30), st.integers(40, 200))
def test_the_estimate_is_that_of_the_plain_loop(has_label, n):
    chance = [None if i % 3 == 2 else 1 / (n - i) for i in range(len(has_label))]
    score = by_draws(has_label, [np.nan if p is None else p for p in chance])
    if not any(y for y, p in zip(has_label, chance, strict=True) if p is not None):
        return
    expected = max(raw(has_label, chance), sum(has_label))
    assert score.value == pytest.approx(expected)
    assert sum(has_label) <= score.low <= score.value <= score.high


def test_turns_say_what_was_found_before():
    has, chance = np.array([True, False, True, False]), np.array([0.25, 0.5, 0.2, 0.1])
    turn = np.array([2, 0, 3, 1])
    score = total_by_draws(has, chance, turn, least_draws=1, least_found=0)
    order = np.argsort(turn)
    assert score.value == pytest.approx(raw(has[order].astype(int), chance[order]))


def test_too_few_draws_or_finds_give_no_estimate():
    has = [True] * 6 + [False] * 44
    uniform = [1 / (1_000 - i) for i in range(50)]
    assert by_draws(has, uniform, 50, 5) is not None
    assert by_draws(has, uniform, 51, 5) is None
    assert by_draws(has[1:], uniform[1:], 49, 6) is None
    assert by_draws(has, [np.nan] * 50, 1, 1) is None
    # Where most are what the order had in front, the few that explore are what counts.
    front = [0.8 if i != 3 else 0.2 / 1_000 for i in range(50)]
    assert by_draws(has, front, 50, 5) is None


# -- the rule -------------------------------------------------------------------------------


class Corpus:
    """3,000 texts of which a few have a label that a model can tell, well or badly."""

    def __init__(self, seed: int, *, share: float, apart: float) -> None:
        self.rng = np.random.default_rng(seed)
        self.has = self.rng.random(3_000) < share
        direction = self.rng.standard_normal(16)
        direction /= np.linalg.norm(direction)
        self.vectors = self.rng.standard_normal((3_000, 16))
        self.vectors += apart * self.has[:, None] * direction

    def annotate(self, n: int, strategy: str) -> tuple[np.ndarray, np.ndarray]:
        """Return rows in the order annotated, and the probabilities of their draws.

        30 at random and on until two have the label; then 40 at a time: the most uncertain, or at
        random.
        """
        rows = self.rng.permutation(3_000).tolist()
        first = max(30, int(np.flatnonzero(self.has[rows])[1]) + 1)
        chance = [1 / (3_000 - i) for i in range(n)]
        if strategy == "random":
            return np.array(rows[:n]), np.array(chance)
        chosen = rows[:first]
        while len(chosen) < n:
            rest = np.setdiff1d(np.arange(3_000), chosen)
            p = self.fitted(np.array(chosen)).predict_proba(self.vectors[rest])[:, 1]
            chosen += rest[np.argsort(np.abs(p - 0.5))[:40]].tolist()
        chance[first:] = [np.nan] * (n - first)
        return np.array(chosen[:n]), np.array(chance)

    def fitted(self, rows):
        return LogisticRegression().fit(self.vectors[rows], self.has[rows])

    def held_out(self, rows):
        folds = np.empty(len(rows), dtype=int)
        for kind in (False, True):
            mine = self.rng.permutation(np.flatnonzero(self.has[rows] == kind))
            folds[mine] = np.arange(len(mine)) % 5
        found = np.full(len(rows), np.nan)
        for fold in range(5):
            train = rows[folds != fold]
            if self.has[train].any():
                p = self.fitted(train).predict_proba(self.vectors[rows[folds == fold]])
                found[folds == fold] = p[:, 1]
        return found

    def history(self, n: int, strategy: str) -> LearningHistory:
        drawn, chance = self.annotate(n, strategy)
        order = np.argsort(drawn)
        rows = drawn[order]
        p = self.fitted(rows).predict_proba(self.vectors)
        held_out = self.held_out(rows)
        return LearningHistory(
            labels=("other", "rare"),
            multilabel=False,
            n_rows=3_000,
            beliefs=(),
            assessments=(),
            curve=(),
            probabilities=p.astype(np.float32),
            labelled=rows,
            targets=self.has[rows].astype(np.int64),
            held_out=np.column_stack([1 - held_out, held_out]).astype(np.float32),
            selection_probability=chance[order],
            turn=order,
            rng=np.random.default_rng(0),
        )


def intervals_that_hold(corpora, share, apart, strategy):
    """Return how many intervals hold the truth, of how many: by the model, and by draws."""
    counts = np.zeros((2, 2), dtype=int)
    for seed in range(corpora):
        corpus = Corpus(seed, share=share, apart=apart)
        history = corpus.history(250, strategy)
        figures = RareRecall(RecallParams(rare=0.3)).advise(history).figures
        truth = corpus.has[history.labelled].sum() / corpus.has.sum()
        for way, name in enumerate(("recall of rare", "recall of rare by draws")):
            if (recall := figures.get(name)) is not None:
                counts[way] += (recall.low <= truth <= recall.high, 1)
    return counts.tolist()


@pytest.mark.parametrize(
    ("share", "apart", "strategy"),
    [(0.04, 2.0, "uncertain"), (0.06, 1.2, "uncertain"), (0.04, 2.0, "random")],
)
def test_the_interval_of_the_recall_holds_the_truth(share, apart, strategy):
    """docs/stopping.md has what 100 corpora of each kind gave."""
    (held, judged), (held_by_draws, by_draws) = intervals_that_hold(12, share, apart, strategy)
    assert judged >= 10
    assert held >= judged - 2
    assert held_by_draws >= by_draws - 2
    assert by_draws >= 10 if strategy == "random" else by_draws == 0


def found_history(n_found: int, n_left: int, *, sure: float = 0.97) -> LearningHistory:
    """Return a history in which the model is sure of `n_left` more texts of the label."""
    n, n_rows = 2_000, 4_000
    has = np.zeros(n, dtype=np.int64)
    has[:n_found] = 1
    held_out = np.where(has, sure, 0.003)
    p = np.full(n_rows, 0.0005)
    p[:n] = held_out
    p[n : n + n_left] = sure
    return replace(
        make_history(n_rows=n_rows, refreshes=200),
        labels=("other", "rare"),
        probabilities=np.column_stack([1 - p, p]).astype(np.float32),
        labelled=np.arange(n),
        targets=has,
        held_out=np.column_stack([1 - held_out, held_out]).astype(np.float32),
        selection_probability=np.full(n, np.nan),
        turn=np.arange(n),
    )


def test_a_label_of_which_nearly_all_is_found_could_stop():
    advice = RareRecall(RecallParams()).advise(found_history(80, 0))
    assert advice.verdict == "could-stop"
    assert advice.figures["recall of rare"].low >= 0.8
    assert "Of 'rare', 80 texts are found" in advice.sentence
    # Of the frequent label nobody wants to find every text.
    assert "recall of other" not in advice.figures
    (series,) = advice.evidence
    assert (series.points[-1].x, series.points[-1].y) == (2_000, 80)
    assert series.threshold == pytest.approx(0.8 * advice.figures["texts of rare"].value)


def test_a_label_of_which_much_is_left_goes_on():
    advice = RareRecall(RecallParams()).advise(found_history(80, 80))
    assert advice.verdict == "go-on"
    recall = advice.figures["recall of rare"]
    assert recall.value == pytest.approx(0.5, abs=0.05)
    assert recall.low <= recall.value <= recall.high


def test_a_label_of_which_too_little_is_found_is_too_early():
    advice = RareRecall(RecallParams()).advise(found_history(4, 0))
    assert advice.verdict == "too-early"
    assert "Fewer than 5 texts are found of 'rare'" in advice.sentence


def test_no_rare_label_is_nothing_to_judge():
    advice = RareRecall(RecallParams(rare=0.01)).advise(found_history(80, 80))
    assert advice.verdict == "too-early"
    assert "No label is rare" in advice.sentence


def test_without_held_out_predictions_there_is_nothing_to_calibrate_by():
    history = found_history(80, 0)
    assert history.held_out is not None
    few = history.held_out.copy()
    few[49:] = np.nan
    rule = RareRecall(RecallParams())
    assert "50 annotated texts" in rule.advise(replace(history, held_out=few)).sentence
    assert "wait for the guide" in rule.advise(replace(history, held_out=None)).sentence


def test_draws_that_find_less_than_the_model_says_keep_it_going():
    # Given a model that knows of no more texts, and random draws from a corpus ten times as large
    history = found_history(80, 0)
    chance = 1 / (40_000 - np.arange(2_000))
    turn = np.random.default_rng(0).permutation(2_000)
    advice = RareRecall(RecallParams(rare=0.5)).advise(
        replace(history, selection_probability=chance[turn], turn=turn)
    )
    assert advice.figures["recall of rare"].low > 0.8
    assert advice.figures["recall of rare by draws"].high < 0.2
    assert advice.verdict == "go-on"
    assert "By the draws" in advice.sentence
