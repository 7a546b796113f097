"""What strategies are given of a live scheme, and when an order is another one."""

from __future__ import annotations

from itertools import count
from typing import Any, cast

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace

from kodkod.api import (
    ConflictError,
    HeldOut,
    InvalidInputError,
    NoParams,
    Params,
    Pool,
    Score,
    Strategy,
    StrategySpec,
)
from kodkod.project.choice import Choice
from kodkod.project.guide import HeldOutRows
from kodkod.project.knowledge import Artefacts, Judge, Vectors
from kodkod.project.making_walks import make_walk
from kodkod.project.orders import joint_order
from kodkod.project.query import Filter, NextQuery
from kodkod.store.labels import Label

from .test_guide import CONFIG, DETERMINISTIC, ENTROPY, N_ROWS, Live, corpus, predictions

NUMBERS = count()


class Looks(Strategy[Params]):
    """Keeps the pools that it was given, and orders by row number."""

    def __init__(self) -> None:
        super().__init__(NoParams())
        self.pools: list[Pool] = []

    def order(self, pool: Pool) -> Any:
        self.pools.append(pool)
        return np.arange(pool.n) if pool.base is None else pool.base[::-1].copy()


def looking(name: str = "looks", **spec: Any) -> Choice:
    made = StrategySpec(name=name, title="", summary="", factory="a:B", **spec)
    return Choice(made, Looks(), {})


def pools(choice: Choice) -> list[Any]:
    """Return the pools that a strategy made by `looking` was given."""
    return cast("Looks", choice.strategy).pools


def pool_of(live: Live, *needs: str, uses: tuple[str, ...] = (), **query: Any) -> Any:
    """Return what a strategy with these needs is given."""
    choice = looking(f"looks-{next(NUMBERS)}", needs=needs, uses=uses)
    live.next(choice, **query)
    return pools(choice)[-1]


def vectors(n: int) -> Vectors:
    return Vectors(id="v", name="f", matrix=np.arange(2 * n, dtype=np.float32).reshape(n, 2))


def test_labels_of_the_train_split_and_only_what_was_asked_for() -> None:
    live = Live()
    live.publish(predictions(1, [0.5] * N_ROWS))
    live.say(0, 2)
    live.say(3, 1)
    live.say(N_ROWS - 1, 1)  # of the test split

    pool = pool_of(live, "labelled")

    assert (pool.labelled.tolist(), pool.targets.tolist()) == ([0, 3], [1, 0])
    assert pool.labels == ("yes", "no")
    assert (pool.probabilities, pool.embeddings, pool.candidates, pool.committee) == (None,) * 4


def test_targets_are_in_the_columns_of_the_predictions() -> None:
    live = Live()
    live.publish(predictions(1, [0.5] * N_ROWS, ids=(2, 9)))
    live.say(0, 2)
    live.say(1, 1)

    pool = pool_of(live, "probabilities", "labelled")

    # `no` is the first column; `yes` has none, for the guide was taught before it was there.
    assert (pool.labels, pool.targets.tolist()) == (("no", "#9"), [0, -1])


def test_what_may_be_drawn_is_open_in_the_filter_and_not_begun() -> None:
    live = Live(overlap=2)
    live.say(2, 1)
    live.next(DETERMINISTIC, n=1)  # reserves row 0 for a first annotator: a second may have it

    pool = pool_of(live, uses=("candidates",), user=2, filter=Filter(regex="^e"))

    assert pool.candidates.tolist() == [0, 4, 6]


def test_rows_that_came_later_have_no_vector_and_no_prediction() -> None:
    live = Live()
    live.publish(predictions(1, [0.5] * N_ROWS))
    live.scheme.artefacts = Artefacts((vectors(N_ROWS),))
    live.scheme.grow(corpus(N_ROWS + 2))

    pool = pool_of(live, "probabilities", "embeddings")

    assert (len(pool.embeddings), len(pool.probabilities)) == (N_ROWS, N_ROWS + 2)
    assert np.isnan(pool.probabilities[-2:]).all()


def test_the_guides_own_dense_feature_comes_before_newer_ones() -> None:
    other = replace(vectors(N_ROWS), id="w", name="newest")
    there = Artefacts((other, vectors(N_ROWS)))
    assert there.vectors_for(CONFIG.features) == there.vectors[1]
    assert there.vectors_for(["tfidf"]) == other
    assert Artefacts().vectors_for(["f"]) is None


def test_a_committee_of_trained_models_or_of_the_guides_ensemble() -> None:
    live = Live()
    live.publish(predictions(1, [0.5] * N_ROWS))
    judge = Judge(
        scheme_id=1,
        label_ids=(2, 1),
        probabilities=np.tile(np.array([0.3, 0.7], dtype=np.float32), (N_ROWS, 1)),
    )
    live.scheme.artefacts = Artefacts((), (judge, replace(judge, scheme_id=9)))
    with pytest.raises(ConflictError, match="several quick models"):
        pool_of(live, "committee")

    short = replace(judge, label_ids=(1, 2), probabilities=judge.probabilities[:-1])
    live.scheme.artefacts = Artefacts((), (judge, short))
    members = pool_of(live, "committee").committee
    assert members.shape == (2, N_ROWS, 2)
    np.testing.assert_allclose(members[0], np.array([[0.7, 0.3]] * N_ROWS, dtype=np.float32))
    assert np.isnan(members[1, -1]).all()

    ensemble = np.zeros((3, N_ROWS, 2), dtype=np.float32)
    live.publish(replace(predictions(2, [0.5] * N_ROWS), members=ensemble))
    assert pool_of(live, "committee").committee.shape == (3, N_ROWS, 2)


def test_held_out_predictions_are_aligned_with_the_labels_of_now() -> None:
    live = Live()
    live.publish(predictions(1, [0.9] * N_ROWS))
    for row in (1, 3, 4):
        live.say(row, 1)
    with pytest.raises(ConflictError, match="cross-validated"):
        pool_of(live, "held_out")

    assert live.scheme.guide is not None
    live.scheme.guide.held_out = HeldOutRows(
        rows=np.array([1, 2, 4]),
        probabilities=np.array([[0.2, 0.8], [0.5, 0.5], [np.nan, np.nan]], dtype=np.float32),
        label_ids=(2, 1),
        outcome=HeldOut(n_train=3, trained_at_seq=3, metric="macro_f1", score=Score(value=0.5)),
    )
    pool = pool_of(live, "held_out", "labelled")

    assert pool.labelled.tolist() == [1, 3, 4]
    np.testing.assert_allclose(pool.held_out, [[0.8, 0.2], [0.9, 0.1], [0.9, 0.1]], rtol=1e-6)


def test_what_an_llm_said_is_what_it_chose() -> None:
    live = Live()
    with pytest.raises(ConflictError, match="by an LLM"):
        pool_of(live, "llm")
    said = np.full((3, 2), np.nan, dtype=np.float32)
    said[2] = [0.75, 0.25]
    labelling = Judge(scheme_id=1, label_ids=(2, 1), probabilities=said, llm=True)
    model = Judge(scheme_id=1, label_ids=(1, 2), probabilities=said)
    live.scheme.artefacts = Artefacts((), (model, labelling))
    answers = pool_of(live, "llm").llm
    assert answers[2].tolist() == [0.25, 0.75]
    assert np.isnan(np.delete(answers, 2, axis=0)).all()
    # And an LLM is no quick model of a committee
    with pytest.raises(ConflictError, match="several quick models"):
        pool_of(live, "committee")


def test_a_wrapper_gets_the_order_of_what_it_wraps() -> None:
    live = Live()
    inner = looking("inner", needs=("labelled",))
    outer = looking("outer", needs=("base",))
    choice = replace(outer, base=inner, asked="inner")

    assert live.next(choice, n=3) == [6, 5, 4]  # row 7 is of the test split
    assert pools(outer)[-1].labelled is None
    assert pools(inner)[-1].labelled is not None
    assert {lease.strategy for lease in live.scheme.board.leases.values()} == {"inner"}


def test_strategies_are_refused_with_what_they_lack() -> None:
    live = Live()
    for need, said in (("embeddings", "sentence embeddings"), ("query", "'text'")):
        with pytest.raises(ConflictError, match=said):
            pool_of(live, need)
    with pytest.raises(InvalidInputError, match="for multilabel schemes"):
        live.next(looking(scheme_types=("multilabel",)))
    with pytest.raises(ConflictError, match="guide's predictions"):
        live.next(replace(looking("outer", needs=("base",)), base=ENTROPY))


def test_an_order_moves_with_labels_only_where_it_reads_them_and_no_guide_renews_it() -> None:
    live = Live()

    def key(choice: Choice) -> Any:
        return live.scheme.order_key(choice, Filter(), "train")

    blind, reads = looking("blind"), looking("reads", needs=("labelled",))
    before = key(blind), key(reads)
    live.scheme.fold.voices[:] = 1
    big = Live()
    big.scheme.grow(corpus(60))
    for row in range(25):
        big.say(row, 1)
    assert key(blind) == before[0]
    assert big.scheme.order_key(blind, Filter(), "train") == before[0]
    assert big.scheme.order_key(reads, Filter(), "train").learnt == 1 != before[1].learnt

    both = looking("both", needs=("labelled", "probabilities"))
    big.publish(predictions(4, [0.5] * N_ROWS))
    found = big.scheme.order_key(both, Filter(), "train")
    assert (found.version, found.learnt) == (4, 0)


def test_filters_make_orders_their_own_where_they_are_looked_at() -> None:
    live = Live()
    narrow = Filter(regex="^e")
    blind, minds = looking("blind"), looking("minds", uses=("candidates",))
    keys = [live.scheme.order_key(blind, f, "train") for f in (Filter(), narrow)]
    assert keys[0] == keys[1]
    keys = [live.scheme.order_key(minds, f, "train") for f in (Filter(), narrow)]
    assert keys[0] != keys[1]


def test_an_older_walk_goes_on_until_the_newer_one_is_there() -> None:
    live = Live()
    live.scheme.grow(corpus(60))
    reads = looking("reads", needs=("labelled",))
    query = NextQuery()
    key = live.scheme.walk_key(query, reads, 1)
    walk = live.scheme.adopt(
        key,
        make_walk(live.scheme, key, query, reads, {}, live.scheme.sight(1, whole=True)),
        reads,
    )
    shelf = live.scheme.shelf
    for row in range(30):
        live.say(row, 1)

    newer = live.scheme.walk_key(query, reads, 1)
    assert newer != key
    assert shelf.walk(newer) is None
    assert shelf.older_walk(newer) == (key, walk)

    renewed = live.scheme.adopt(
        newer,
        make_walk(live.scheme, newer, query, reads, {}, live.scheme.sight(1, whole=True)),
        reads,
    )
    assert shelf.walk(newer) is renewed
    assert shelf.walk(key) is None
    other = live.scheme.walk_key(NextQuery(split="test"), reads, 1)
    assert shelf.older_walk(other) is None


def test_only_orders_in_use_are_renewed() -> None:
    live = Live()
    live.publish(predictions(1, [0.9, 0.5, 0.8, 0.6, 0.7, 0.95, 0.99, 0.5]))
    live.next(ENTROPY)
    live.publish(predictions(2, [0.9] * N_ROWS))
    assert len(live.scheme.renew(predictions(3, [0.9] * N_ROWS))[0]) == 0

    live.next(ENTROPY)
    assert len(live.scheme.renew(predictions(3, [0.9] * N_ROWS))[0]) == 1


def test_what_one_annotator_has_begun_comes_first_for_the_next() -> None:
    live = Live(overlap=2)
    live.publish(predictions(1, [0.9, 0.5, 0.8, 0.6, 0.7, 0.95, 0.99, 0.5]))
    live.say(5, 1)
    live.say(6, 1)
    assert live.next(ENTROPY, user=2, n=3) == [5, 6, 1]
    assert live.next(ENTROPY, user=1, n=2) == [1, 3]


def test_ranks_are_summed_for_a_joint_order() -> None:
    first, second = np.array([2, 0, 1, 3]), np.array([3, 2, 1, 0])
    # Sums of places: row 0: 1 + 3, row 1: 2 + 2, row 2: 0 + 1, row 3: 3 + 0.
    assert joint_order([first, second]).tolist() == [2, 3, 0, 1]
    assert joint_order([first]).tolist() == first.tolist()


def test_a_joint_choice_orders_by_both_schemes() -> None:
    one, two = Live(), Live()
    one.publish(predictions(1, [0.9, 0.5, 0.8, 0.6, 0.7, 0.95, 0.99, 0.5]))
    two.publish(predictions(1, [0.5, 0.9, 0.8, 0.95, 0.99, 0.7, 0.6, 0.5]))
    joint = replace(ENTROPY, joint=((two.scheme, ENTROPY),))
    order = [1, 3, 4, 2, 0, 5, 6], [0, 6, 5, 2, 1, 3, 4]
    total = {row: order[0].index(row) + order[1].index(row) for row in range(N_ROWS - 1)}

    drawn = one.next(joint, n=9)

    assert [total[row] for row in drawn] == sorted(total.values())
    lease = next(iter(one.scheme.board.leases.values()))
    too = two.scheme.lease_too(lease, 60)
    assert too is not None
    assert (too.row, too.user_id, too.model_version) == (lease.row, lease.user_id, 1)
    assert two.scheme.lease_too(lease, 60) is None


def cold_live(labels: int = 2) -> Live:
    config = replace(CONFIG, cold_labels=labels)
    return Live(guide=config)


def test_a_guide_is_cold_until_there_are_some_texts_of_each_label() -> None:
    live = cold_live()
    live.scheme.grow(corpus(60))
    assert live.scheme.missing() == {"yes": 2, "no": 2}
    live.say(0, 1)
    live.say(1, 2)
    live.say(59, 2)  # of the test split
    live.say(2, 1)
    assert live.scheme.missing() == {"no": 1}
    live.say(3, 2)
    assert live.scheme.missing() == {}

    live.say(3, None)  # Whoever corrects an annotation does not send all others back.
    assert live.scheme.missing() == {}

    new = [*live.scheme.row.labels, Label(id=3, name="maybe")]
    live.scheme.change(replace(live.scheme.row, labels=new))
    assert live.scheme.missing() == {"maybe": 2, "no": 1}


def test_a_label_that_does_not_show_is_not_waited_for_for_ever() -> None:
    live = cold_live()
    live.scheme.grow(corpus(60))
    for row in range(20):
        assert live.scheme.missing()["no"] == 2
        live.say(row, 1)
    assert live.scheme.missing() == {}
    assert Live(guide=None).scheme.missing() == {}
    assert cold_live(labels=0).scheme.missing() == {}


def test_old_guides_are_read() -> None:
    stored = {
        name: value
        for name, value in msgspec.to_builtins(CONFIG).items()
        if name in {"features", "model", "params", "strategy", "strategy_params", "refresh_every"}
    }
    live = Live(guide=None)
    live.scheme.change(replace(live.scheme.row, guide=stored))
    assert live.scheme.guide is not None
    assert live.scheme.guide.config == CONFIG
