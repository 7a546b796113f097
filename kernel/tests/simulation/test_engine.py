"""The engine on a planted corpus: real plugins, real models."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pytest

from kodkod.api import (
    Cancelled,
    InvalidInputError,
    InvalidParamsError,
    KodkodError,
    NotFoundError,
    PluginError,
)
from kodkod.simulation.corpus import divide
from kodkod.simulation.curves import area
from kodkod.simulation.engine import simulate
from kodkod.simulation.plan import Plan

from .conftest import Listening
from .planted_texts import planted


def plan(*names: str, **more: Any) -> Plan:
    strategies = [{"name": name} for name in names] or [{"name": "breaking-ties"}]
    given = {"strategies": strategies, "start": 10, "batch": 10, "rounds": 4, "seeds": 3} | more
    return msgspec.convert(given, Plan)


def by_name(done) -> dict[str, Any]:
    return {each.name: each for each in done.strategies}


def test_a_strategy_that_knows_where_to_look_beats_random_clearly(registry, listening):
    few = plan("breaking-ties", start=30, rounds=8, seeds=8, target=0.9)
    done = simulate(planted(600), few, registry, listening)

    ties, random = by_name(done)["breaking-ties"], by_name(done)["random"]
    assert ties.gain.low > 0.01
    assert ties.final.value > random.final.value + 0.02
    assert ties.reached == 8 > random.reached > 0
    assert random.labels_for_target.value > 30
    assert random.gain is None
    assert done.whole.value > 0.95


def test_every_figure_follows_from_the_scores_of_the_seeds(registry, listening):
    done = simulate(planted(), plan(target=0.6), registry, listening)

    ties, random = by_name(done)["breaking-ties"], by_name(done)["random"]
    n = [10, 20, 30, 40, 50]
    assert [point.n for point in ties.points] == n
    scores = np.array(ties.by_seed)
    assert scores.shape == (3, 5)
    np.testing.assert_allclose([point.mean for point in ties.points], scores.mean(axis=0))
    areas = [area(n, each) for each in ties.by_seed]
    assert ties.area.value == pytest.approx(np.mean(areas))
    # Paired: the difference of each seed, not of the means' intervals.
    gains = np.subtract(areas, [area(n, each) for each in random.by_seed])
    half = 4.3027 * gains.std(ddof=1) / 3**0.5
    assert ties.gain.value == pytest.approx(gains.mean())
    assert ties.gain.low == pytest.approx(gains.mean() - half, abs=1e-5)
    assert ties.final.value == pytest.approx(scores[:, -1].mean())
    assert ties.reached == (scores.max(axis=1) >= 0.6).sum()
    assert ties.order_ms > 0


def test_all_strategies_of_a_seed_start_from_the_same_texts(registry, listening):
    done = simulate(planted(), plan("breaking-ties", "max-entropy", "random"), registry, listening)

    first = [[scores[0] for scores in each.by_seed] for each in done.strategies]
    assert first[0] == first[1] == first[2]
    assert len(set(first[0])) > 1  # and another seed from others
    assert [each.name for each in done.strategies] == ["breaking-ties", "max-entropy", "random"]


def test_one_seed_gives_one_result_whoever_else_is_compared(registry, listening):
    corpus = planted(300)
    few = {"rounds": 2, "seeds": 2}
    one = simulate(corpus, plan("mixed", "committee", **few), registry, listening)
    again = simulate(corpus, plan("mixed", "committee", **few), registry, listening)
    other = simulate(corpus, plan("badge", "committee", "mixed", **few), registry, listening)
    elsewhere = simulate(corpus, plan("mixed", seed=1, **few), registry, listening)

    for name in ("random", "mixed", "committee"):
        scores = by_name(one)[name].by_seed
        assert scores == by_name(again)[name].by_seed
        assert scores == by_name(other)[name].by_seed
    assert by_name(one)["mixed"].by_seed != by_name(elsewhere)["mixed"].by_seed
    assert one.whole == other.whole


@pytest.mark.parametrize("several", [False, True])
def test_every_strategy_that_can_be_simulated_is(registry, listening, several):
    corpus = planted(120, several=several)
    usual = {each.spec.name for each in registry.components("strategy")} - {"broken"}
    of_one_label = (
        "max-probability",
        "min-probability",
        "least-probable-predicted",
        "label-entropy",
    )
    params: dict[str, Any] = {name: {"label": "rare"} for name in of_one_label}
    params["varied"] = {"base": "mixed", "base_params": {"base": "random"}}
    refused: set[str] = set()
    for name in sorted(usual):
        choice = {"name": name, "params": params.get(name, {})}
        try:
            done = simulate(
                corpus, plan(strategies=[choice], rounds=1, seeds=1), registry, listening
            )
        except InvalidInputError:
            refused.add(name)
        else:
            assert len(done.strategies) == (1 if name == "random" else 2)
            assert np.isfinite(by_name(done)[name].by_seed).all()
    only_several = {"adaptive-multilabel", "cvirs", "label-cardinality"}
    assert refused == {"llm-disagreement", "similar"} | (set() if several else only_several)


def test_the_pool_holds_what_is_known_and_nothing_of_the_texts_tested_on(registry, listening):
    import spying

    corpus = planted(120)
    done = simulate(corpus, plan("spy", "greedy-spy", seeds=1, rounds=2), registry, listening)

    assert done.n_test == 36
    division = divide(corpus, plan(seeds=1), np.random.default_rng([0, 0, 0]))
    own = corpus.targets[division.train]
    first, second, one, two = spying.SEEN[2:]  # after one rehearsal each
    for pool, n in ((first, 10), (second, 20), (one, 10), (two, 20)):
        assert pool.n == len(own) == 84
        assert len(pool.labelled) == n
        np.testing.assert_array_equal(pool.targets, own[pool.labelled])
        expected = np.setdiff1d(np.arange(84), pool.labelled)
        np.testing.assert_array_equal(pool.candidates, expected)
        np.testing.assert_array_equal(pool.embeddings, corpus.embeddings[division.train])
        assert pool.probabilities.shape == (84, 4)
    np.testing.assert_array_equal(first.labelled, division.start)
    # A spy's order is by number: it gets the first that are not labelled.
    new = np.setdiff1d(second.labelled, first.labelled)
    np.testing.assert_array_equal(new, first.candidates[:10])
    assert first.committee is None
    assert first.held_out is None
    assert two.committee.shape == (5, 84, 4)
    assert two.held_out.shape == (20, 4)
    np.testing.assert_allclose(two.held_out.sum(axis=1), 1, rtol=1e-5)


def test_what_is_held_out_was_not_learnt_from(registry, listening):
    import spying

    # A nearest neighbour repeats what it was taught: of its own text it is always sure.
    more = {"model": "knn", "params": {"neighbours": 1}, "start": 30, "rounds": 1, "seeds": 1}
    simulate(planted(120), plan("greedy-spy", **more), registry, listening)

    pool = spying.SEEN[1]
    own = np.arange(30)
    assert (pool.probabilities[pool.labelled][own, pool.targets] == 1).all()
    assert not (pool.held_out[own, pool.targets] == 1).all()


def test_without_a_start_cold_strategies_choose_and_others_wait_at_random(registry, listening):
    import spying

    done = simulate(
        planted(200), plan("cold-spy", "spy", "typiclust", start=0, seeds=2), registry, listening
    )

    for each in done.strategies:
        assert each.points[0].n == 0
        assert each.points[0].mean == 0
    cold = [pool for pool in spying.SEEN if pool.probabilities is None]
    assert len(cold) == 2  # once for each seed, and only the one that needs no predictions
    assert all(len(pool.labelled) == 0 for pool in cold)


def test_who_has_seen_one_label_only_expects_it_everywhere(registry, listening):
    import spying

    # given texts in which the first hundred by number, which a spy asks for, are all alike
    corpus = planted(400)
    split = np.flatnonzero(corpus.targets == 0)[:100]
    rest = np.setdiff1d(np.arange(400), split)
    order = np.concatenate([split, rest])
    corpus = msgspec.structs.replace(
        corpus,
        features=corpus.features[order],
        embeddings=corpus.embeddings[order],
        targets=corpus.targets[order],
        test=np.arange(300, 400),
    )
    # when the labels are revealed
    done = simulate(
        corpus,
        plan("cold-spy", start=0, batch=40, rounds=3, seeds=1, metric="accuracy"),
        registry,
        listening,
    )
    # then the score is that of always saying it, until another label was seen
    (scores,) = by_name(done)["cold-spy"].by_seed
    share = (corpus.targets[300:] == 0).mean()
    assert scores[1] == scores[2] == pytest.approx(share)
    assert scores[3] > share
    assert [pool.probabilities is None for pool in spying.SEEN[1:]] == [True] * 3


def test_the_start_has_two_labels_though_one_is_rare():
    corpus = planted(400)
    targets = np.where(np.arange(400) < 12, 1, 0)
    corpus = msgspec.structs.replace(corpus, targets=targets)
    for seed in range(30):
        made = divide(corpus, plan(start=2), np.random.default_rng(seed))
        assert set(targets[made.train[made.start]]) == {0, 1}
        assert len(np.unique(made.start)) == 2
        assert not set(made.train) & set(made.test)


def test_a_test_split_is_kept_and_what_is_left_is_drawn_to_the_last(registry, listening):
    corpus = msgspec.structs.replace(planted(140), test=np.arange(100))
    done = simulate(corpus, plan(rounds=99), registry, listening)
    assert (done.n_test, done.rounds) == (100, 3)
    assert any("3 rounds instead of 99" in note for note in done.notes)
    # With everything drawn, each strategy has learnt the same.
    finals = [[scores[-1] for scores in each.by_seed] for each in done.strategies]
    assert finals[0] == finals[1]
    assert done.whole.value == pytest.approx(np.mean(finals[0]))


def test_progress_is_told_honestly_and_ends_where_it_should(registry, listening):
    simulate(planted(150), plan(seeds=2, rounds=2), registry, listening)

    shares = [share for share, _ in listening.told]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert 0.9 < shares[-1] < 1
    messages = [message for _, message in listening.told]
    assert messages[:2] == [
        "everything labelled, seed 1 of 2, 105 labels",
        "random, seed 1 of 2, 10 labels",
    ]
    assert messages[-1] == "breaking-ties, seed 2 of 2, 30 labels"
    assert len(messages) == 2 * (1 + 2 * 3)


def test_a_cancellation_comes_through_a_model_that_is_learning(registry, tmp_path):
    with pytest.raises(Cancelled):
        simulate(planted(150), plan(), registry, Listening(tmp_path, stop_at=12))


@pytest.mark.parametrize(
    ("more", "error", "said"),
    [
        ({"strategies": [{"name": "no-such"}]}, NotFoundError, "no-such"),
        ({"strategies": [{"name": "similar"}]}, InvalidInputError, "'similar'"),
        ({"strategies": [{"name": "llm-disagreement"}]}, InvalidInputError, "LLM"),
        ({"strategies": [{"name": "cvirs"}]}, InvalidInputError, "multilabel"),
        (
            {"strategies": [{"name": "mixed", "params": {"explore": 7}}]},
            InvalidParamsError,
            "explore",
        ),
        (
            {"strategies": [{"name": "mixed", "params": {"base": "llm-disagreement"}}]},
            InvalidInputError,
            "'llm-disagreement'",
        ),
        (
            {"strategies": [{"name": "max-probability", "params": {"label": "absent"}}]},
            InvalidParamsError,
            "absent",
        ),
        ({"strategies": [{"name": "broken"}]}, PluginError, "permutation"),
        ({"strategies": [{"name": "random"}] * 2}, InvalidInputError, "twice"),
        ({"model": "no-such"}, NotFoundError, "no-such"),
        ({"params": {"cost": -1}}, InvalidParamsError, "cost"),
        ({"metric": "luck"}, InvalidInputError, "macro_f1"),
        ({"start": 1}, InvalidInputError, "0"),
        ({"start": 200}, InvalidInputError, "at least 210"),
        ({"test_share": 0.05}, InvalidInputError, "400 in all"),
    ],
)
def test_what_cannot_be_is_said_before_anything_runs(registry, listening, more, error, said):
    with pytest.raises(error, match=said) as raised:
        simulate(planted(200), plan(**more), registry, listening)
    assert isinstance(raised.value, KodkodError)
    assert listening.told == []


def test_strategies_that_wrap_one_another_without_end_are_refused(registry, listening):
    params: dict[str, Any] = {}
    for _ in range(40):
        params = {"base": "mixed", "base_params": params}
    wrapped = plan(strategies=[{"name": "mixed", "params": params}])
    with pytest.raises(InvalidParamsError, match="5 deep"):
        simulate(planted(200), wrapped, registry, listening)


def test_embeddings_are_asked_for_where_only_sparse_features_are(registry, listening):
    from scipy.sparse import csr_matrix

    corpus = planted(200)
    sparse = msgspec.structs.replace(
        corpus, features=csr_matrix(np.abs(corpus.features)), embeddings=None
    )
    with pytest.raises(InvalidInputError, match=r"'typiclust'.*dense"):
        simulate(sparse, plan("typiclust"), registry, listening)
    done = simulate(sparse, plan("max-entropy", rounds=1, seeds=1), registry, listening)
    assert by_name(done)["max-entropy"].final.value > 0


def test_texts_that_are_all_alike_teach_nothing(registry, listening):
    corpus = msgspec.structs.replace(planted(200), targets=np.zeros(200, dtype=np.int64))
    with pytest.raises(InvalidInputError, match="same value"):
        simulate(corpus, plan(), registry, listening)
