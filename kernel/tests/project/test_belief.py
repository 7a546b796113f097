"""What a guide believes, against plain loops and scikit-learn."""

from __future__ import annotations

import math
from collections import Counter
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from kodkod.project.belief import STOP_SET, believe, stop_rows

AT = datetime(2026, 5, 1, tzinfo=UTC)


def sum_up(p, ids, *, multilabel=False, open_rows=None, before=None, stop_set=None):
    n = len(p)
    return believe(
        p,
        ids,
        multilabel=multilabel,
        open_rows=np.ones(n, dtype=bool) if open_rows is None else open_rows,
        before=before,
        stop_set=np.arange(n) if stop_set is None else stop_set,
        version=2,
        seq=9,
        n_train=5,
        at=AT,
    )


def entropy(values):
    return -sum(v * math.log(v) for v in values if v > 0)


def pool(seed, n=40_000, k=4):
    rng = np.random.default_rng(seed)
    before = rng.dirichlet(np.ones(k), n).astype(np.float32)
    p = (0.9 * before + 0.1 * rng.dirichlet(np.ones(k), n)).astype(np.float32)
    return rng, before, p


def test_one_label_a_text_agrees_with_plain_loops():
    # Given two refreshes whose columns are in another order, the first lacking a label
    rng, before, p = pool(1)
    before = before[:, [2, 0, 1]]
    ids, ids_before = [11, 12, 13, 14], [13, 11, 12]
    open_rows = rng.random(len(p)) < 0.3
    stop_set = np.sort(rng.choice(len(p), 500, replace=False))

    belief = sum_up(p, ids, open_rows=open_rows, before=(before, ids_before), stop_set=stop_set)

    now = [ids[int(row.argmax())] for row in p]
    then = [ids_before[int(row.argmax())] for row in before]
    assert belief.share == pytest.approx([now.count(id_) / len(now) for id_ in ids])
    assert belief.uncertainty == pytest.approx(
        np.mean([entropy(row) for row in p[open_rows].tolist()]) / math.log(4), rel=1e-5
    )
    moved = Counter((a, b) for a, b in zip(then, now, strict=True) if a != b)
    assert belief.changed == pytest.approx(sum(moved.values()) / len(now))
    assert sorted(belief.flows, key=lambda f: (-f[2], f)) == sorted(
        ((a, b, n) for (a, b), n in moved.items()), key=lambda f: (-f[2], f)
    )
    chosen = [(then[i], now[i]) for i in stop_set]
    assert belief.kappa == pytest.approx(cohen_kappa_score(*zip(*chosen, strict=True)))
    assert belief.compared == 500
    assert (belief.version, belief.trained_at_seq, belief.n_train, belief.at) == (2, 9, 5, AT)


def test_several_labels_a_text_agree_with_plain_loops():
    rng = np.random.default_rng(2)
    before = rng.random((5_000, 3), dtype=np.float32)
    p = np.clip(before + rng.normal(0, 0.1, before.shape), 0, 1).astype(np.float32)
    stop_set = np.arange(0, 5_000, 7)

    # Label 8 of the first refresh is no more, and 9 is new.
    belief = sum_up(p, [7, 6, 9], multilabel=True, before=(before, [7, 8, 6]), stop_set=stop_set)

    now = [{id_ for id_, v in zip([7, 6, 9], row, strict=True) if v >= 0.5} for row in p]
    then = [{id_ for id_, v in zip([7, 8, 6], row, strict=True) if v >= 0.5} for row in before]
    assert belief.share == pytest.approx([sum(i in s for s in now) / 5_000 for i in (7, 6, 9)])
    binary = [[entropy([v, 1 - v]) / math.log(2) for v in row] for row in p.tolist()]
    assert belief.uncertainty == pytest.approx(np.mean(binary), rel=1e-5)
    assert belief.changed == pytest.approx(
        sum(a != b for a, b in zip(then, now, strict=True)) / 5_000
    )
    kappas = [
        cohen_kappa_score([i in then[r] for r in stop_set], [i in now[r] for r in stop_set])
        for i in (6, 7, 8, 9)
    ]
    assert belief.kappa == pytest.approx(np.mean(kappas))
    assert belief.flows == ()


def test_without_a_refresh_before_nothing_is_compared():
    _, _, p = pool(3, n=50)
    belief = sum_up(p, [1, 2, 3, 4])
    assert (belief.compared, belief.kappa, belief.changed, belief.flows) == (0, None, None, ())


def test_rows_without_a_prediction_count_nowhere():
    _, before, p = pool(4, n=1_000)
    whole = sum_up(p[::2], [1, 2, 3, 4], before=(before[::2], [1, 2, 3, 4]))
    p[1::2, 3] = np.nan

    belief = sum_up(p, [1, 2, 3, 4], before=(before, [1, 2, 3, 4]))

    assert belief.share == pytest.approx(whole.share)
    assert belief.uncertainty == pytest.approx(whole.uncertainty)
    assert (belief.changed, belief.kappa) == pytest.approx((whole.changed, whole.kappa))
    assert belief.compared == 500


def test_a_corpus_that_grew_is_compared_where_both_refreshes_predicted():
    _, before, p = pool(5, n=1_000)
    ids = [1, 2, 3, 4]
    belief = sum_up(p, ids, before=(before[:700], ids), open_rows=np.ones(1_200, dtype=bool))
    alike = sum_up(p[:700], ids, before=(before[:700], ids))
    assert (belief.changed, belief.kappa) == pytest.approx((alike.changed, alike.kappa))
    assert belief.compared == 700


def test_a_label_that_was_merged_counts_as_what_it_is_now():
    before = np.array([[0.6, 0.3, 0.1], [0.1, 0.2, 0.7], [0.2, 0.5, 0.3]], dtype=np.float32)
    p = np.array([[0.9, 0.1], [0.2, 0.8], [0.7, 0.3]], dtype=np.float32)
    belief = sum_up(p, [1, 2], before=(before, [1, 1, 2]))
    assert belief.changed == 0
    assert belief.kappa == 1


def test_two_models_that_say_one_thing_of_everything_have_no_kappa():
    p = np.tile(np.array([0.9, 0.1], dtype=np.float32), (50, 1))
    belief = sum_up(p, [1, 2], before=(p, [1, 2]))
    assert belief.kappa is None
    assert belief.changed == 0


@pytest.mark.parametrize("multilabel", [False, True])
def test_odd_shapes_are_summed_up(multilabel):
    for n, k in ((0, 3), (5, 1), (1, 2)):
        p = np.full((n, k), 1 / k, dtype=np.float32)
        ids = list(range(k))
        belief = sum_up(p, ids, multilabel=multilabel, before=(p, ids))
        assert len(belief.share) == k
        assert 0 <= belief.uncertainty <= 1 + 1e-6
        assert belief.changed in ((None,) if n == 0 else (0.0,))
    nothing_open = sum_up(np.full((3, 2), 0.5, np.float32), [1, 2], open_rows=np.zeros(3, bool))
    assert nothing_open.uncertainty == 0


def test_sure_and_guessing_are_the_ends_of_uncertainty():
    sure = np.eye(4, dtype=np.float32)
    assert sum_up(sure, [1, 2, 3, 4]).uncertainty == pytest.approx(0, abs=1e-6)
    assert sum_up(sure, [1, 2, 3, 4], multilabel=True).uncertainty == pytest.approx(0, abs=1e-6)
    guessing = np.full((9, 4), 0.25, dtype=np.float32)
    assert sum_up(guessing, [1, 2, 3, 4]).uncertainty == pytest.approx(1)


@given(st.integers(0, 2**40), st.integers(1, 5_000), st.integers(1, 300))
def test_a_stop_set_is_a_fixed_sample_without_repeats(seed, n, size):
    rows = np.flatnonzero(np.arange(2 * n) % 2)
    chosen = stop_rows(rows, seed, size)
    assert len(chosen) == min(size, n)
    assert (np.diff(chosen) > 0).all()
    assert np.isin(chosen, rows).all()
    assert (chosen == stop_rows(rows, seed, size)).all()


def test_a_stop_set_is_uniform_and_outlives_rows_that_are_added():
    rows = np.arange(100_000)
    chosen = stop_rows(rows, 5)
    assert len(chosen) == STOP_SET
    # Each tenth of the corpus has its tenth, within four standard errors.
    counts = np.bincount(chosen // 10_000, minlength=10)
    assert np.abs(counts - 200).max() < 4 * math.sqrt(2_000 * 0.1 * 0.9)
    assert len(np.intersect1d(chosen, stop_rows(rows, 6))) < 100
    # With 5 % more rows, about 5 % of it is new.
    after = stop_rows(np.arange(105_000), 5)
    assert len(np.intersect1d(chosen, after)) > 1_850
