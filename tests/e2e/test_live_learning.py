"""A guide at work on a real server: cold start, refreshes, beliefs, joint orders, strategies."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import polars as pl
import pytest
from msgspec import Struct

from corpora import shared_file
from kodkod_sdk import Client, ConflictError, InvalidInputError, Project, Scheme
from kodkod_sdk.generated.contract import (
    Element,
    GuideInfo,
    NewAnnotation,
    NewFeature,
    NewGuide,
    NewScheme,
    NextQuery,
    ProjectConfig,
    Sample,
    SplitPlan,
)
from server_process import ServerProcess

N_TEXTS = 700
LABEL = "label_agg"
CONFIG = ProjectConfig(
    name="Live learning",
    id_column="id",
    text_columns=["sentence"],
    label_columns=[LABEL],
    split=SplitPlan(test=50, seed=1),
)
FEATURE = "lsa"
PATIENCE = 60.0

T = TypeVar("T")


class Corpus(Struct, frozen=True):
    """A project of sentences with a dense feature, and what people would say of them."""

    project: Project
    gold: dict[str, str]

    def scheme(self, name: str) -> Scheme:
        labels = sorted(set(self.gold.values()))
        return self.project.create_scheme(NewScheme(name=name, type="multiclass", labels=labels))

    def answer(self, scheme: Scheme, elements: list[Element]) -> int:
        said = [NewAnnotation(id=e.id, value=self.gold[e.id], lease=e.lease) for e in elements]
        return scheme.annotate(said)[-1]

    def annotate(self, scheme: Scheme, n: int, **query: Any) -> int:
        """Answer `n` texts and return the log's position."""
        return self.answer(scheme, scheme.next(NextQuery(n=n, **query)).elements)


@pytest.fixture(scope="module")
def corpus(server: ServerProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    frame = pl.read_csv(shared_file("climate_stance.csv")).head(N_TEXTS)
    path: Path = tmp_path_factory.mktemp("texts") / "texts.csv"
    frame.write_csv(path)
    gold = {str(row["id"]): row[LABEL] for row in frame.iter_rows(named=True)}
    with Client(server.url, username="root", password=server.root_password) as client:
        project = client.create_project(path, CONFIG)
        project.create_feature(
            NewFeature(name=FEATURE, component="tfidf-svd", params={"dim": 100})
        ).wait()
        yield Corpus(project, gold)


def until(what: Callable[[], T], why: str) -> T:
    """Return the first true value of `what`."""
    deadline = time.monotonic() + PATIENCE
    while not (found := what()):
        assert time.monotonic() < deadline, why
        time.sleep(0.05)
    return found


def guide_of(scheme: Scheme) -> GuideInfo:
    guide = scheme.info().guide
    assert guide is not None
    return guide


def caught_up(scheme: Scheme) -> GuideInfo:
    """Wait until the guide has learnt from all that is annotated."""
    *_, last = scheme.log()
    return scheme.wait_for_guide(last.seq)


def learnt(corpus: Corpus, name: str, n: int = 60, **guide: Any) -> Scheme:
    """Return a scheme whose guide has learnt from `n` random texts."""
    scheme = corpus.scheme(name)
    corpus.annotate(scheme, n, strategy="random")
    scheme.set_guide(NewGuide(features=[FEATURE], **guide))
    caught_up(scheme)
    return scheme


def test_a_cold_guide_asks_for_typical_texts_until_it_has_some_of_each_label(
    corpus: Corpus,
) -> None:
    scheme = corpus.scheme("cold")
    scheme.set_guide(NewGuide(features=[FEATURE], refresh_every=1))
    cold = guide_of(scheme).cold
    assert cold is not None
    assert cold.needed == {"agree": 2, "disagree": 2, "neutral": 2}

    seen: Counter[str] = Counter()
    while guide_of(scheme).cold is not None:
        (element,) = scheme.next().elements
        assert element.strategy == "typiclust"
        seq = corpus.answer(scheme, [element])
        seen[corpus.gold[element.id]] += 1
        cold = guide_of(scheme).cold
        if cold is not None and cold.needed:
            assert cold.needed == {
                k: 2 - seen[k] for k in sorted(set(corpus.gold.values())) if seen[k] < 2
            }
        elif len(seen) > 1:
            scheme.wait_for_guide(seq)

    assert min(seen.values()) >= 2 or sum(seen.values()) >= 30
    assert scheme.next().elements[0].strategy == "breaking-ties"


def test_a_guide_refreshes_when_nobody_annotates_and_on_demand(corpus: Corpus) -> None:
    scheme = learnt(corpus, "idle", refresh_every=0, refresh_idle_seconds=0.5)
    first = guide_of(scheme).version
    seq = corpus.annotate(scheme, 5)
    assert guide_of(scheme).version == first
    scheme.wait_for_guide(seq)
    assert guide_of(scheme).version == first + 1

    scheme.set_guide(NewGuide(features=[FEATURE], refresh_every=0, refresh_idle_seconds=None))
    scheme.wait_for_guide(seq)
    before = guide_of(scheme)
    seq = corpus.annotate(scheme, 5)
    time.sleep(1.0)
    assert (guide_of(scheme).version, guide_of(scheme).state) == (before.version, "stale")
    assert scheme.refresh_guide().state == "refreshing"
    assert scheme.wait_for_guide(seq).n_train == before.n_train + 5


def test_a_guide_rests_as_long_as_it_learnt(client: Client, corpus: Corpus) -> None:
    # Given a guide that each annotation makes due, sooner than it can learn
    scheme = learnt(corpus, "rested", refresh_every=1)
    goal = guide_of(scheme).version + 4

    def annotated() -> bool:
        corpus.annotate(scheme, 1)
        return guide_of(scheme).version >= goal

    until(annotated, "the guide never learnt")

    # Then each refresh began no sooner after the last one's end than that had taken
    scheme_id = scheme.info().id
    mine = [
        (datetime.fromisoformat(job.created_at), datetime.fromisoformat(job.finished_at))
        for job in client.jobs()
        if job.kind == "guide" and job.params["scheme_id"] == scheme_id and job.finished_at
    ]
    assert len(mine) >= 5
    for (asked, ended), (following, _) in pairwise(sorted(mine)[1:]):
        assert following - ended >= 0.9 * (ended - asked)


def test_what_a_guide_believes_and_how_that_changed(corpus: Corpus) -> None:
    scheme = learnt(corpus, "belief", refresh_every=0, refresh_idle_seconds=None)
    belief = guide_of(scheme).belief
    assert belief is not None
    assert sum(belief.share.values()) == pytest.approx(1)
    assert 0 < belief.uncertainty <= 1
    assert (belief.share_before, belief.changed, belief.flows) == (None, None, [])

    seq = corpus.annotate(scheme, 40)
    scheme.refresh_guide()
    later = scheme.wait_for_guide(seq).belief
    assert later is not None
    assert later.share_before == belief.share
    assert later.uncertainty_before == belief.uncertainty
    # On the scale of the corpus, what moved is what the flows say: they are all of them here.
    assert later.changed is not None
    moved = sum(flow.rows for flow in later.flows)
    assert moved == pytest.approx(later.changed * N_TEXTS)
    assert moved > 0
    assert later.kappa is not None
    assert later.kappa < 1


def test_orders_that_are_worked_out_anew_give_no_text_twice(corpus: Corpus) -> None:
    scheme = corpus.scheme("covered")
    seen: set[str] = set()
    for _ in range(4):
        elements = scheme.next(NextQuery(n=20, strategy="core-set")).elements
        assert seen.isdisjoint(element.id for element in elements)
        seen.update(element.id for element in elements)
        corpus.answer(scheme, elements)
    assert len(seen) == 80


def test_texts_like_a_sentence(corpus: Corpus) -> None:
    scheme = corpus.scheme("searched")
    query = NextQuery(
        strategy="similar", params={"text": "The sea level is rising by melting ice"}, n=5
    )
    found = scheme.next(query).elements
    assert {element.strategy for element in found} == {"similar"}
    assert sum("sea" in e.text.lower() or "ice" in e.text.lower() for e in found) >= 4


def test_a_committee_is_an_ensemble_or_two_trained_models(corpus: Corpus) -> None:
    scheme = learnt(corpus, "one-mind")
    with pytest.raises(ConflictError, match="several quick models"):
        scheme.next(NextQuery(strategy="committee"))
    with pytest.raises(InvalidInputError, match="two members or more"):
        scheme.set_guide(NewGuide(features=[FEATURE], ensemble=1))

    scheme.set_guide(NewGuide(features=[FEATURE], strategy="bald", ensemble=3))
    caught_up(scheme)
    assert scheme.next().elements[0].strategy == "bald"
    assert scheme.next(NextQuery(strategy="committee")).elements[0].strategy == "committee"


def test_two_schemes_on_one_screen_have_one_order_and_a_lease_in_each(corpus: Corpus) -> None:
    first, second = learnt(corpus, "joint-one"), learnt(corpus, "joint-two")
    annotated = {entry.id for entry in first.log()} | {entry.id for entry in second.log()}
    query = NextQuery(n=20, also=["joint-two"])
    both = 0
    drawn = first.next(query).elements
    for element in drawn:
        (also,) = element.also
        assert also.scheme == "joint-two"
        assert also.prediction is not None
        # It was answered in the second scheme before, or is reserved there as well.
        assert (also.lease is None) == bool(also.annotations)
        corpus.answer(first, [element])
        if also.lease is not None:
            both += 1
            second.annotate([NewAnnotation(id=element.id, value="agree", lease=also.lease)])
    assert both > 0
    again = {element.id for element in first.next(query).elements}
    assert again.isdisjoint({element.id for element in drawn} | annotated - again)


def test_a_mix_says_how_likely_each_draw_was(corpus: Corpus) -> None:
    scheme = learnt(corpus, "mixed")
    asked = NextQuery(strategy="mixed", params={"explore": 0.25})
    left = scheme.next(NextQuery(n=1)).remaining
    probabilities = []
    for _ in range(40):
        (element,) = scheme.next(asked).elements
        assert element.strategy == "mixed"
        probabilities.append((element.selection_probability, left))
        left -= 1
    random = [p for p, n in probabilities if p == pytest.approx(0.25 / n)]
    front = [p for p, n in probabilities if p == pytest.approx(0.75 + 0.25 / n)]
    assert len(random) + len(front) == 40
    assert 1 <= len(random) <= 25  # All but one in 10,000 such runs.


def test_likely_mistakes_come_first_for_review(corpus: Corpus) -> None:
    # Given a scheme that can be learnt, and four answers of a hundred that are wrong
    scheme = corpus.project.create_scheme(
        NewScheme(name="reviewed", type="multiclass", labels=["warming", "other"])
    )
    elements = scheme.next(NextQuery(n=100, strategy="random")).elements
    wrong = {element.id for element in elements[::25]}
    for element in elements:
        right = "warming" in element.text.lower()
        value = "warming" if right != (element.id in wrong) else "other"
        scheme.annotate([NewAnnotation(id=element.id, value=value, lease=element.lease)])

    # When a guide has learnt from them and was assessed
    scheme.set_guide(NewGuide(features=[FEATURE]))
    caught_up(scheme)
    until(lambda: _assessed(scheme), "the guide was never assessed")
    query = NextQuery(strategy="label-errors", sample=Sample(kind="tagged"), n=100)
    order = [element.id for element in scheme.next(query).elements]

    # Then these answers are in front, of all hundred
    assert len(order) == 100
    places = [order.index(id_) for id_ in wrong]
    assert sum(places) < 15 * len(places), places


def _assessed(scheme: Scheme) -> bool:
    advice = {rule.name: rule for rule in scheme.stopping().rules}
    return bool(advice["score-plateau"].evidence and advice["score-plateau"].evidence[0].points)


def test_every_strategy_gives_texts_or_says_what_it_lacks(client: Client, corpus: Corpus) -> None:
    scheme = learnt(corpus, "all", ensemble=2)
    params: dict[str, dict[str, Any]] = {"similar": {"rows": [1]}}
    for name in ("max-probability", "min-probability", "label-entropy", "least-probable-predicted"):
        params[name] = {"label": "agree"}
    gave, lacked = set(), {}
    for component in client.components("strategy"):
        query = NextQuery(strategy=component.name, params=params.get(component.name, {}))
        try:
            (element,) = scheme.next(query).elements
        except (ConflictError, InvalidInputError) as refusal:
            lacked[component.name] = str(refusal)
        else:
            assert element.strategy == component.name
            gave.add(component.name)
    assert lacked.keys() == {
        "adaptive-multilabel",
        "cvirs",
        "label-cardinality",
        "llm-disagreement",
    }
    assert all("needs" in said or "multilabel" in said for said in lacked.values())
    assert len(gave) >= 27
