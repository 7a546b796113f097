"""Strategies that change another one's order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_text.query_strategies.class_balancing import _get_rebalancing_distribution

from kodkod.api import InvalidParamsError, PluginError
from kodkod_selection.balanced import Balanced, BalancedParams
from kodkod_selection.mixed import Mixed, MixedParams
from kodkod_selection.rare import RareMix, RareMixParams
from kodkod_selection.varied import Varied, VariedParams

from .pools import NAN, SPECS, order, pool, texts

ALL = [(Varied, VariedParams), (Mixed, MixedParams), (Balanced, BalancedParams)]
ALL += [(RareMix, RareMixParams)]


@pytest.mark.parametrize(("strategy", "params"), ALL)
def test_without_an_order_to_change_a_wrapper_says_so(strategy, params):
    given_ = pool([[1.0, 0.0]], embeddings=np.ones((1, 2), dtype=np.float32), labelled=[])

    with pytest.raises(PluginError, match="needs base"):
        strategy(params()).order(given_)


def test_wrappers_are_known_by_needing_a_base_and_name_it_in_their_params():
    wrapping = {name for name, spec in SPECS.items() if "base" in spec.needs}

    assert wrapping == {"varied", "mixed", "balanced", "rare-mix"}
    for name in wrapping:
        params = SPECS[name].params()
        assert (params.base, params.base_params) == ("breaking-ties", {})


# -- varied ----------------------------------------------------------------------------------

# 0, 1 and 4 are near copies; so are 2 and 5; 3 is like none.
COPIES = np.float32([[1, 0], [1, 0.01], [0, 1], [-1, 0], [1, 0.02], [0.01, 1]])


def test_near_copies_are_pushed_back_and_the_order_is_kept():
    given_ = pool(embeddings=COPIES, base=[4, 5, 0, 3, 2, 1])

    assert order(Varied, given_, VariedParams()) == [4, 5, 3, 0, 2, 1]


def test_near_copies_of_labelled_texts_are_pushed_back_too():
    given_ = pool(embeddings=COPIES, base=[4, 5, 0, 3, 2, 1], labelled=[0], targets=[0])

    # 0 itself stays: whether it may be asked again is not the guard's matter.
    assert order(Varied, given_, VariedParams()) == [5, 0, 3, 4, 2, 1]
    assert order(Varied, given_, VariedParams(anchors=0)) == [4, 5, 3, 0, 2, 1]


def test_what_has_no_prediction_stays_last():
    p = np.full((6, 2), 0.5)
    p[3] = NAN
    given_ = pool(p, embeddings=COPIES, base=[4, 5, 0, 2, 1, 3])

    assert order(Varied, given_, VariedParams()) == [4, 5, 0, 2, 1, 3]


def test_a_text_without_embedding_keeps_its_place():
    given_ = pool(n=6, embeddings=COPIES[:5], base=[4, 5, 0, 3, 2, 1])

    assert order(Varied, given_, VariedParams()) == [4, 5, 3, 2, 0, 1]


@given(
    st.integers(1, 60),
    st.integers(1, 40),
    st.sampled_from([0.5, 0.8, 0.95, 1.0]),
    st.integers(0, 5),
)
def test_kept_texts_are_far_apart_and_pushed_ones_are_not(n, ahead, threshold, seed):
    rng = np.random.default_rng(seed)
    x, _ = texts(n, dim=3, seed=seed)
    base = rng.permutation(n)
    labelled = np.sort(rng.choice(n, n // 5, replace=False))
    given_ = pool(embeddings=x, base=base, labelled=labelled, targets=[0] * len(labelled))

    picked = order(Varied, given_, VariedParams(threshold=threshold, ahead=ahead))

    # A plain loop over the base's order.
    kept: list[int] = []
    pushed: list[int] = []
    for row in base.tolist():
        # A labelled row is no copy of itself, nor of another one.
        earlier = kept if row in labelled else [*kept, *labelled.tolist()]
        repeats = any(x[row] @ x[other] >= threshold for other in earlier)
        (pushed if repeats else kept).append(row)
    unsure = [abs(float(x[a] @ x[b]) - threshold) < 1e-5 for a in range(n) for b in range(a)]
    if ahead >= n and not any(unsure):
        assert picked == [*kept, *pushed]
    front = [row for row in picked[: min(ahead, len(kept))] if row not in labelled]
    products = x[front] @ np.concatenate([x[front], x[labelled]]).T
    np.fill_diagonal(products, -1)
    assert (products < threshold + 1e-5).all()
    assert sorted(picked) == list(range(n))


# -- mixed -----------------------------------------------------------------------------------

P = np.float32([[0.5, 0.5], [0.6, 0.4], [0.9, 0.1], [0.99, 0.01], [NAN, NAN]])


def test_the_share_of_random_draws_is_a_param_that_the_spec_names():
    spec = SPECS["mixed"]

    assert spec.explores == "explore"
    assert spec.params(explore=0.25).explore == 0.25
    assert not spec.uniform
    # The order itself takes no coin: with the base's it is the base's.
    assert order(Mixed, pool(P, base=[3, 1, 0, 2, 4]), MixedParams()) == [3, 1, 0, 2, 4]


def test_certain_texts_are_mixed_in_by_their_share():
    base = [0, 1, 2, 3, 4]

    assert order(Mixed, pool(P, base=base), MixedParams(certain=0.5)) == [0, 3, 1, 2, 4]
    assert order(Mixed, pool(P, base=base), MixedParams(certain=1)) == [3, 2, 1, 0, 4]


# -- balanced --------------------------------------------------------------------------------


def test_the_rarest_label_has_its_turn_first_by_hand():
    p = [[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.2, 0.8], [0.6, 0.4], [NAN, NAN]]
    given_ = pool(p, base=[0, 1, 2, 3, 4, 5], labelled=[0, 4, 1], targets=[0, 0, 1])

    # Two a and one b are labelled: b (row 2), then both have two: a (0) by the base's order, b (3).
    assert order(Balanced, given_, BalancedParams()) == [2, 0, 3, 1, 4, 5]


def test_what_is_ignored_comes_last():
    p = [[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.2, 0.8]]
    given_ = pool(p, base=[3, 2, 1, 0], labelled=[], targets=[])

    assert order(Balanced, given_, BalancedParams(ignored=("b",))) == [1, 0, 3, 2]
    with pytest.raises(InvalidParamsError, match="'zebra'"):
        Balanced(BalancedParams(ignored=("zebra",))).order(given_)


def test_of_several_labels_the_rarest_predicted_counts():
    p = [[0.9, 0.1], [0.9, 0.9], [0.1, 0.1], [0.9, 0.2]]
    targets = np.uint8([[1, 0], [1, 0]])
    given_ = pool(p, base=[0, 1, 2, 3], labelled=[0, 3], targets=targets, multilabel=True)

    # Row 1 counts under b (none labelled), row 2 under no label (none either), the others under a.
    assert order(Balanced, given_, BalancedParams()) == [1, 2, 0, 3]


@pytest.mark.parametrize("counts", [[10, 4, 1], [5, 5, 5], [0, 7, 2]])
def test_a_batch_has_as_many_of_each_label_as_small_text_takes(counts):
    rng = np.random.default_rng(0)
    p = rng.dirichlet(np.ones(3), 300)
    y = np.repeat([0, 1, 2], counts)
    given_ = pool(p, base=rng.permutation(300), labelled=range(len(y)), targets=y.tolist())

    picked = order(Balanced, given_, BalancedParams())[:24]

    reference = _get_rebalancing_distribution(24, 3, y, p.argmax(axis=1))
    ours = np.bincount(p.argmax(axis=1)[picked], minlength=3)
    # Where labels tie, small-text draws lots: one more or one less.
    assert np.abs(ours - reference).max() <= 1
    assert np.ptp(ours + counts) <= 1


# -- rare labels -----------------------------------------------------------------------------


def test_half_of_the_texts_are_likely_to_have_the_rare_label():
    p = [[0.5, 0.5], [0.6, 0.4], [0.7, 0.3], [0.1, 0.9], [0.2, 0.8], [NAN, NAN]]
    given_ = {"base": [0, 1, 2, 4, 3, 5], "labelled": [0], "targets": [0]}

    named = order(RareMix, pool(p, **given_), RareMixParams(rare=("b",)))
    found = order(RareMix, pool(p, **given_), RareMixParams())

    assert named == found == [0, 3, 1, 4, 2, 5]
    assert order(RareMix, pool(p, **given_), RareMixParams(share=0)) == [0, 1, 2, 4, 3, 5]
    assert order(RareMix, pool(p, **given_), RareMixParams(share=1)) == [3, 4, 0, 1, 2, 5]


def test_of_several_rare_labels_the_likelier_counts():
    p = np.float32([[0.1, 0.2, 0.7], [0.6, 0.1, 0.3], [0.2, 0.5, 0.3]])
    given_ = pool(p, base=[0, 1, 2], labelled=[], targets=[])

    assert order(RareMix, given_, RareMixParams(rare=("a", "b"), share=1)) == [1, 2, 0]


def test_an_unknown_rare_label_is_refused_by_name():
    with pytest.raises(InvalidParamsError, match="'zebra'"):
        RareMix(RareMixParams(rare=("zebra",))).order(pool(P, base=range(5)))
