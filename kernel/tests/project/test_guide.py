"""The guide beside its scheme: when it refreshes, what a publication swaps, browse walks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import numpy as np
import polars as pl
import pytest
from msgspec.structs import replace

from kodkod.api import ConflictError, InvalidInputError, NoParams, StrategySpec
from kodkod.project.choice import Choice
from kodkod.project.corpus import LiveCorpus
from kodkod.project.fold import Retirement
from kodkod.project.guide import Guide, GuideConfig, Predictions
from kodkod.project.making_walks import make_walk
from kodkod.project.query import Filter, NextQuery, Sample
from kodkod.project.scheme import LiveScheme
from kodkod.project.walk import BrowseWalk, PoolWalk
from kodkod.store.labels import Label
from kodkod.store.log import Entry
from kodkod.store.projects import Scheme
from kodkod_schemes.multiclass import Multiclass
from kodkod_selection.max_entropy import MaxEntropy
from kodkod_selection.max_probability import MaxProbability
from kodkod_selection.params import LabelParams
from kodkod_selection.plain import Deterministic, Random

CONFIG = GuideConfig(
    features=("f",),
    model="logistic",
    params={},
    strategy="max-entropy",
    strategy_params={},
    refresh_every=3,
)
N_ROWS = 8
TIME = datetime(2026, 1, 1, tzinfo=UTC)


def spec(name: str, needs: tuple[Any, ...] = (), *, uniform: bool = False) -> StrategySpec:
    return StrategySpec(
        name=name, title="", summary="", factory="a:B", needs=needs, uniform=uniform
    )


NEEDS = ("probabilities",)
DETERMINISTIC = Choice(spec("deterministic"), Deterministic(NoParams()), {})
RANDOM = Choice(spec("random", uniform=True), Random(NoParams()), {})
ENTROPY = Choice(spec("max-entropy", NEEDS), MaxEntropy(NoParams()), {})
YES = MaxProbability(LabelParams(label="yes"))
PROBABLY = Choice(spec("max-probability", NEEDS), YES, {"label": "yes"})


def corpus(n: int) -> LiveCorpus:
    split = [0] * (n - 1) + [2]
    frame = pl.DataFrame(
        {
            "id": [f"t{i}" for i in range(n)],
            "text": ["even" if i % 2 == 0 else "odd" for i in range(n)],
            "split": pl.Series(split, dtype=pl.UInt8),
        }
    )
    return LiveCorpus(frame, [])


def predictions(version: int, certain: list[float], ids: tuple[int, ...] = (1, 2)) -> Predictions:
    """Predict `yes` with these probabilities."""
    yes = np.array(certain, dtype=np.float32)
    return Predictions(
        version=version,
        probabilities=np.stack([yes, 1 - yes], axis=1),
        label_ids=ids,
        trained_at_seq=0,
        n_train=4,
    )


class Live:
    """A scheme with a clock, written to as the log does."""

    def __init__(self, overlap: int = 1, guide: GuideConfig | None = CONFIG) -> None:
        self.now = 0.0
        row = Scheme(
            id=1,
            project_id=1,
            name="topic",
            type="multiclass",
            params={},
            codebook="",
            overlap=overlap,
            guide=None if guide is None else msgspec.to_builtins(guide),
            created_at=TIME,
            labels=[Label(id=1, name="yes"), Label(id=2, name="no")],
        )
        self.scheme = LiveScheme(row, Multiclass(NoParams()), corpus(N_ROWS), lambda: self.now)
        self.scheme.load([])

    def say(self, row: int, label: int | None, user: int = 1, **more: Any) -> None:
        self.hear(row=row, user_id=user, value=label and f'"{label}"', **more)

    def hear(self, op: str = "set", **given: Any) -> None:
        values = {"project_id": 1, "scheme_id": 1, "row": None, "user_id": 1} | given
        self.scheme.hear(Entry(seq=self.scheme.fold.seq + 1, op=op, created_at=TIME, **values))

    def next(self, choice: Choice, user: int = 1, n: int = 1, **query: Any) -> list[int]:
        asked = NextQuery(**query)
        key = self.scheme.walk_key(asked, choice, user)
        walk = self.scheme.shelf.walk(key)
        if walk is None:
            made = make_walk(
                self.scheme,
                key,
                asked,
                choice,
                {"ada": 1, "bob": 2},
                self.scheme.sight(user, whole=True),
            )
            walk = self.scheme.adopt(key, made, choice)
        return [lease.row for lease in self.scheme.draw(key, walk, user, n, 60)]

    def publish(self, new: Predictions) -> bool:
        return self.scheme.publish(new, *self.scheme.renew(new))


# -- when --------------------------------------------------------------------------------------


def test_a_refresh_is_due_after_enough_values_and_one_is_under_way_at_most() -> None:
    guide = Guide(CONFIG)
    states = [guide.state]
    for _ in range(3):
        assert not guide.due
        guide.note(predicted=None, given="yes")
    assert guide.due

    guide.began()
    states.append(guide.state)
    for _ in range(5):
        guide.note(predicted=None, given="no")
    assert not guide.due

    guide.ended("one label only")
    assert (guide.due, guide.message) == (True, "one label only")

    guide.began()
    assert guide.publish(predictions(1, [0.5]))
    guide.ended()
    states.append(guide.state)
    guide.note(predicted="yes", given="yes")
    states.append(guide.state)
    assert states == ["waiting", "refreshing", "fresh", "stale"]


def test_a_refresh_asked_for_during_another_is_due_after_it_if_there_is_anything_new() -> None:
    guide = Guide(replace(CONFIG, refresh_every=0))
    guide.note(predicted=None, given="yes")
    assert not guide.due
    guide.began()
    guide.wanted = True
    guide.ended()
    assert not guide.due  # It had learnt all that there was.
    guide.note(predicted=None, given="yes")
    assert guide.due
    guide.began()
    guide.ended()
    guide.note(predicted=None, given="yes")
    assert not guide.due


def test_a_guide_is_due_when_idle_only_after_something_new() -> None:
    guide = Guide(replace(CONFIG, refresh_every=0, refresh_idle_seconds=1.0))
    assert not guide.due_when_idle
    guide.note(predicted=None, given="yes")
    assert guide.due_when_idle
    guide.began()
    guide.note(predicted=None, given="yes")
    assert not guide.due_when_idle
    assert not Guide(replace(CONFIG, refresh_idle_seconds=None)).due_when_idle


def test_the_newest_refresh_wins_whatever_the_order_of_arrival() -> None:
    guide = Guide(CONFIG)
    newer, older = predictions(5, [0.5]), predictions(4, [0.1])
    assert guide.publish(newer)
    assert not guide.publish(older)
    assert not guide.publish(newer)
    assert guide.predictions is newer


def test_agreement_is_counted_on_texts_predicted_before_anybody_answered() -> None:
    live = Live(overlap=2)
    guide = live.scheme.guide
    assert guide is not None
    live.say(0, 1)  # before there were predictions
    live.publish(predictions(1, [0.9] * N_ROWS))

    live.say(1, 1)  # as predicted
    live.say(2, 2)  # not
    live.say(2, 1, user=2)  # answered before: the first answer may have been seen
    live.say(3, None, comment="hm")  # nothing said
    live.say(4, 1, source="import")  # not from a person
    live.say(N_ROWS - 1, 1)  # of the test split

    assert (guide.agreed, guide.compared) == (1, 2)


# -- publishing --------------------------------------------------------------------------------


def test_a_strategy_that_needs_predictions_waits_for_them() -> None:
    with pytest.raises(ConflictError, match="needs a guide's predictions"):
        Live().next(ENTROPY)


def test_publishing_swaps_orders_and_walks_and_keeps_what_is_reserved() -> None:
    live = Live()
    live.publish(predictions(1, [0.9, 0.5, 0.8, 0.6, 0.7, 0.95, 0.99, 0.5]))
    assert live.next(ENTROPY) == [1]
    assert live.next(PROBABLY) == [6]

    assert live.publish(predictions(2, [0.5, 0.5, 0.51, 0.6, 0.99, 0.95, 0.5, 0.5]))

    # Row 1 and row 6 are the most uncertain now as well, and are reserved.
    assert live.next(ENTROPY, user=2, n=3) == [0, 2, 3]
    assert live.next(PROBABLY, user=2, n=9) == [4, 5]
    assert [key.version for key in live.scheme.shelf.in_use()[0]] == [2, 2]
    leases = live.scheme.board.leases.values()
    assert {lease.model_version for lease in leases if lease.user_id == 2} == {2}
    assert not live.publish(predictions(1, [0.5] * N_ROWS))


def test_added_rows_have_no_prediction_and_come_last() -> None:
    live = Live()
    live.publish(predictions(1, [0.9] * N_ROWS))
    live.scheme.grow(corpus(N_ROWS + 3))

    pool = live.scheme.order_by(ENTROPY, Filter(), "train")

    assert sorted(pool.tolist()) == list(range(N_ROWS + 3))
    assert pool[-3:].tolist() == [N_ROWS, N_ROWS + 1, N_ROWS + 2]
    assert live.scheme.probabilities_of(N_ROWS) is None
    assert live.scheme.believed(N_ROWS) is None
    assert live.next(ENTROPY, n=20) == list(range(N_ROWS + 2))


def test_an_order_worked_out_while_rows_were_added_does_not_hide_them() -> None:
    live = Live()
    query = NextQuery(split="all")
    key = live.scheme.walk_key(query, DETERMINISTIC, 1)
    made = make_walk(live.scheme, key, query, DETERMINISTIC, {}, live.scheme.sight(1, whole=True))
    live.scheme.grow(corpus(N_ROWS + 1))

    walk = live.scheme.adopt(key, made, DETERMINISTIC)
    assert len(live.scheme.draw(key, walk, 1, 2, 60)) == 2
    live.say(N_ROWS, 1)  # the old walk hears of a row that it does not know

    live.say(N_ROWS, None)
    assert live.next(DETERMINISTIC, user=2, split="all", n=20)[-1] == N_ROWS


def test_another_guide_forgets_the_predictions_of_the_last() -> None:
    live = Live()
    live.publish(predictions(1, [0.9] * N_ROWS))
    live.next(ENTROPY)
    other = msgspec.to_builtins(replace(CONFIG, model="knn"))

    live.scheme.change(replace(live.scheme.row, guide=other))

    assert live.scheme.predictions is None
    assert live.scheme.shelf.in_use() == ([], [])
    live.scheme.change(replace(live.scheme.row, guide=None))
    assert live.scheme.guide is None


def test_renaming_a_label_renames_its_predictions_and_a_lost_one_shows_its_id() -> None:
    live = Live()
    live.publish(predictions(1, [0.9] * N_ROWS))
    live.scheme.change(replace(live.scheme.row, labels=[Label(id=1, name="oui")]))
    assert live.scheme.predicted_labels == ("oui", "#2")
    assert live.scheme.believed(0) == "oui"


# -- walks through the scheme -------------------------------------------------------------------


def test_the_pool_gives_the_train_split_once_and_skipped_texts_last() -> None:
    live = Live()
    assert live.next(DETERMINISTIC, n=2) == [0, 1]
    lease = next(lease for lease in live.scheme.board.leases.values() if lease.row == 0)
    live.scheme.board.skip(lease.id, 1)

    assert live.next(DETERMINISTIC, n=20) == [2, 3, 4, 5, 6, 0]
    assert live.next(RANDOM, user=2, n=20) == []
    assert live.next(DETERMINISTIC, user=2, split="test") == [N_ROWS - 1]
    live.now += 61
    assert sorted(live.next(RANDOM, user=2, n=20)) == list(range(N_ROWS - 1))


def test_filters_narrow_a_walk() -> None:
    live = Live()
    assert live.next(DETERMINISTIC, n=20, filter=Filter(regex="^e")) == [0, 2, 4, 6]


SAMPLES: dict[str, tuple[Sample, list[int]]] = {
    "tagged": (Sample(kind="tagged"), [0, 1, 2, 4]),
    "tagged by bob": (Sample(kind="tagged", by="bob"), [1, 2]),
    "tagged no": (Sample(kind="tagged", labels=("no",)), [1, 2, 4]),
    "tagged yes by bob": (Sample(kind="tagged", by="bob", labels=("yes",)), [1]),
    "all": (Sample(kind="all"), list(range(N_ROWS))),
    "not by me": (Sample(kind="not_by_me"), [2, 3, 5, 6, 7]),
    "commented": (Sample(kind="commented"), [3]),
    "disagreed": (Sample(kind="disagreed"), [1]),
    "predicted as no": (Sample(kind="predicted_as", label="no"), [4, 5, 6, 7]),
    "prediction differs": (Sample(kind="prediction_differs"), [2]),
}


def annotated() -> Live:
    live = Live(overlap=2)
    live.publish(predictions(1, [0.9] * 4 + [0.1] * 4))
    live.say(0, 1)
    live.say(1, 2)
    live.say(1, 1, user=2)
    live.say(2, 2, user=2)
    live.say(3, None, comment="look again")
    live.say(4, 2)
    return live


@pytest.mark.parametrize("name", SAMPLES)
def test_a_browse_walk_gives_its_sample_once_and_then_begins_again(name: str) -> None:
    live = annotated()
    sample, expected = SAMPLES[name]

    drawn = [live.next(DETERMINISTIC, sample=sample, split="all") for _ in range(len(expected))]

    assert [row for each in drawn for row in each] == expected
    assert live.next(DETERMINISTIC, sample=sample, split="all") == []
    assert live.next(DETERMINISTIC, sample=sample, split="all") == expected[:1]


def test_a_browse_walk_leaves_out_what_no_longer_fits() -> None:
    live = annotated()
    sample = Sample(kind="tagged", labels=("no",))
    assert live.next(DETERMINISTIC, sample=sample) == [1]
    live.say(2, 1, user=2)
    assert live.next(DETERMINISTIC, sample=sample, n=9) == [4]


def test_users_browse_apart() -> None:
    live = annotated()
    sample = Sample(kind="tagged")
    assert live.next(DETERMINISTIC, user=1, sample=sample, n=3) == [0, 1, 2]
    assert live.next(DETERMINISTIC, user=2, sample=sample, n=3) == [0, 1, 2]


@pytest.mark.parametrize(
    ("sample", "said"),
    [
        (Sample(kind="predicted_as"), "needs a label"),
        (Sample(kind="tagged", by="nobody"), "no user 'nobody'"),
    ],
)
def test_a_sample_that_cannot_be_meant_is_said(sample: Sample, said: str) -> None:
    with pytest.raises(InvalidInputError, match=said):
        annotated().next(DETERMINISTIC, sample=sample)


@pytest.mark.parametrize("into", [None, 1])
def test_merging_and_deleting_open_rows_again_and_their_undo_closes_them(into: int | None) -> None:
    live = Live()
    for row in range(N_ROWS - 1):
        live.say(row, 2 if row < 3 else 1)
    assert live.next(DETERMINISTIC) == []
    gone = Retirement([Label(id=2, name="no")], into)

    live.hear("delete" if into is None else "merge", value=msgspec.json.encode(gone).decode())
    assert live.next(DETERMINISTIC, user=2, n=9) == ([0, 1, 2] if into is None else [])

    live.now += 61
    live.hear("undo", value=None, undoes=live.scheme.fold.seq)
    assert live.next(DETERMINISTIC, user=2) == []
    assert live.scheme.fold.value_of(live.scheme.fold.counted(0)) == "no"


def test_kinds_of_walks() -> None:
    live = annotated()
    kinds: dict[str, Callable[..., bool]] = {
        "untagged": lambda walk: isinstance(walk, PoolWalk),
        "all": lambda walk: isinstance(walk, BrowseWalk),
    }
    for kind, fits in kinds.items():
        query = NextQuery(sample=Sample(kind=kind))  # type: ignore[arg-type]
        key = live.scheme.walk_key(query, DETERMINISTIC, 1)
        assert fits(
            make_walk(
                live.scheme, key, query, DETERMINISTIC, {}, live.scheme.sight(1, whole=True)
            ).walk
        )
        assert (key.user_id is None) == (kind == "untagged")
