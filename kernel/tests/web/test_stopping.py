"""Advice on when to stop, over HTTP: what it is worked out from, when anew, and for whom."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from kodkod.api import Belief, CurvePoint, HeldOut, Score
from kodkod.project.guide import Predictions
from kodkod.store.artefacts import FeatureRow, add_feature
from kodkod.store.beliefs import (
    Assessment,
    AssessmentFacts,
    append_assessment,
    append_belief,
    write_assessment,
)
from kodkod.store.database import now
from kodkod.store.draws import read_first_draws
from kodkod.store.projects import find_project
from kodkod.web import stopping

from .talking import Talk, at_once, problem_of

ROWS = [{"id": f"t{i}", "text": f"text {i}"} for i in range(40)]
RULES = [
    "stabilising-predictions",
    "classification-change",
    "overall-uncertainty",
    "score-plateau",
    "expected-gain",
    "rare-recall",
]


class Study:
    """A project with a guide of which refreshes are put in place of a worker."""

    def __init__(self, talk: Talk, services, slug: str, path: str) -> None:
        self.talk = talk
        self.services = services
        self.slug = slug
        self.path = path

    async def live(self):
        async with self.services.database.read() as connection:
            project = await find_project(connection, self.slug)
        return (await self.services.residency.get(project)).scheme("stance")

    async def give_guide(self) -> None:
        live = await self.live()
        async with self.services.database.write() as connection:
            await add_feature(
                connection,
                FeatureRow(
                    id="f1",
                    project_id=live.row.project_id,
                    name="vectors",
                    component="tfidf-svd",
                    params={},
                    dim=2,
                    rows=len(ROWS),
                    sparse=False,
                    created_at=now(),
                ),
            )
        answer = await self.talk.ask("PUT", f"{self.path}/guide", {"features": ["vectors"]})
        assert answer.status_code == 200, answer.text

    async def home(self):
        live = await self.live()
        return self.services.settings.projects / self.slug / "guides" / str(live.row.id)

    async def refresh(self, version: int, *, kappa: float = 0.995) -> None:
        live = await self.live()
        ids = tuple(label.id for label in live.row.labels)
        belief = Belief(
            version=version,
            trained_at_seq=10 * version,
            n_train=10 * version,
            at=datetime(2026, 5, 1, tzinfo=UTC) + timedelta(minutes=version),
            label_ids=ids,
            share=(0.5, 0.4, 0.1),
            uncertainty=0.5,
            compared=40 if version > 1 else 0,
            kappa=kappa if version > 1 else None,
            changed=0.02 if version > 1 else None,
        )
        append_belief(await self.home(), belief)
        p = np.random.default_rng(version).dirichlet([5, 4, 1], len(ROWS)).astype(np.float32)
        live.guide.publish(
            Predictions(
                version=version,
                probabilities=p,
                label_ids=ids,
                trained_at_seq=10 * version,
                n_train=10 * version,
            )
        )

    async def assess(self, n_train: int, params=None) -> None:
        live = await self.live()
        summary = HeldOut(
            n_train=n_train, trained_at_seq=n_train, score=Score(value=0.7, low=0.6, high=0.8)
        )
        facts = AssessmentFacts(
            held_out=summary,
            curve=[CurvePoint(n=8, score=Score(value=0.5, low=0.4, high=0.6))],
            label_ids=[label.id for label in live.row.labels],
            model=live.guide.config.model,
            params=params or live.guide.config.params,
            features=list(live.guide.config.features),
            seed=0,
        )
        home = await self.home()
        append_assessment(home, summary)
        write_assessment(home, Assessment(facts, np.arange(0), np.zeros((0, 3), np.float32)))

    async def advice(self):
        return await self.talk.get(f"{self.path}/stopping")


async def make_study(mara: Talk, services) -> Study:
    slug = await mara.project(ROWS)
    return Study(mara, services, slug, await mara.scheme(slug))


@pytest.fixture
async def study(client, bearer, services) -> Study:
    return await make_study(Talk(client, await bearer("mara")), services)


@pytest.fixture
def asked(monkeypatch) -> list[str]:
    """The rules that were asked, in order."""
    names: list[str] = []
    real = stopping._ask

    def ask(registry, spec, history):
        names.append(spec.name)
        return real(registry, spec, history)

    monkeypatch.setattr(stopping, "_ask", ask)
    return names


async def test_without_a_guide_there_is_a_remedy_and_no_rule(study):
    advice = await study.advice()
    assert (advice["rules"], advice["version"], advice["n_train"]) == ([], 0, 0)
    assert "no guide" in advice["message"]
    assert "PUT stance/guide" in advice["message"]


async def test_a_guide_that_waits_is_too_early_for_every_rule(study):
    await study.give_guide()
    advice = await study.advice()
    assert [each["name"] for each in advice["rules"]] == RULES
    assert {each["verdict"] for each in advice["rules"]} == {"too-early"}
    assert all(each["sentence"] and each["title"] for each in advice["rules"])
    assert "two labels" in advice["message"]


async def test_each_rule_says_why_with_its_evidence(study):
    # Given four refreshes that hardly differ
    await study.give_guide()
    await study.talk.say(study.path, **{f"t{i}": ["pro", "con"][i % 2] for i in range(20)})
    for version in (1, 2, 3, 4):
        await study.refresh(version)
    await study.assess(40)

    advice = await study.advice()

    assert (advice["version"], advice["n_train"], advice["message"]) == (4, 40, "")
    rules = {each["name"]: each for each in advice["rules"]}
    stable = rules["stabilising-predictions"]
    assert stable["verdict"] == "could-stop"
    assert "0.995" in stable["sentence"]
    assert stable["figures"] == {"agreement": {"value": 0.995, "low": None, "high": None}}
    (series,) = stable["evidence"]
    assert series["threshold"] == 0.99
    assert series["points"] == [
        {"x": float(n), "y": 0.995, "low": None, "high": None} for n in (20, 30, 40)
    ]
    assert rules["classification-change"]["verdict"] == "go-on"
    assert rules["overall-uncertainty"]["verdict"] == "go-on"
    # The one assessment and its curve of one point are shown, and are too little.
    for name, xs in (("score-plateau", [[8.0], [40.0]]), ("expected-gain", [[8.0]])):
        assert rules[name]["verdict"] == "too-early"
        assert [[p["x"] for p in each["points"]] for each in rules[name]["evidence"]] == xs


async def test_it_is_worked_out_once_for_each_refresh_and_assessment(app, bearer, services, asked):
    async with at_once(app, await bearer("mara")) as mara:
        study = await make_study(mara, services)
        await study.give_guide()
        await study.refresh(1)

        # When three ask at once, and another later
        first, *others = await asyncio.gather(*(study.advice() for _ in range(3)))
        assert [*others, await study.advice()] == [first] * 3
        # Then the rules were asked once
        assert asked == RULES

        # And again after a refresh, after an assessment, and after a change of labels
        for n, change in enumerate(
            (
                study.refresh(2),
                study.assess(40),
                study.talk.post(f"{study.path}/labels", {"op": "add", "name": "new"}),
            ),
            start=2,
        ):
            await change
            await study.advice()
            await study.advice()
            assert asked == RULES * n


async def test_an_assessment_of_another_guide_is_not_taken_for_this_ones(study):
    await study.give_guide()
    await study.refresh(1)
    await study.assess(40)
    curve = {each["name"]: each for each in (await study.advice())["rules"]}["expected-gain"]
    assert curve["evidence"][0]["points"]

    answer = await study.talk.ask(
        "PUT", f"{study.path}/guide", {"features": ["vectors"], "params": {"cost": 2.0}}
    )
    assert answer.status_code == 200
    # Then what the first guide came to is gone
    assert not (await study.home()).exists()
    # And an assessment that was under way, of the first guide, is not shown
    params = (await study.live()).guide.config.params
    await study.refresh(1)
    await study.assess(40, params={**params, "cost": 1.0})
    curve = {each["name"]: each for each in (await study.advice())["rules"]}["expected-gain"]
    assert curve["evidence"][0]["points"] == []


async def test_a_rule_that_fails_is_listed_and_harms_no_other(study, monkeypatch):
    from kodkod_stopping.plateau import ScorePlateau

    def broken(self, history):
        raise ZeroDivisionError("no labels")

    monkeypatch.setattr(ScorePlateau, "advise", broken)
    await study.give_guide()
    rules = {each["name"]: each for each in (await study.advice())["rules"]}
    assert list(rules) == RULES
    assert rules["score-plateau"]["verdict"] == "too-early"
    assert "ZeroDivisionError: no labels" in rules["score-plateau"]["sentence"]


async def test_passages_fit_no_table_and_the_message_says_so(study):
    # Given a scheme of passages that some plugin's model guides
    await study.give_guide()
    guide = (await study.live()).guide
    path = await study.talk.scheme(study.slug, name="parts", type="span")
    async with study.services.database.read() as connection:
        project = await find_project(connection, study.slug)
    (await study.services.residency.get(project)).scheme("parts").guide = guide

    advice = await study.talk.get(f"{path}/stopping")

    assert advice["rules"] == []
    assert "'span'" in advice["message"]


async def test_strangers_and_schemes_that_are_not_there(study, bearer):
    otto = Talk(study.talk.client, await bearer("otto"))
    problem_of(await otto.ask("GET", f"{study.path}/stopping"), 404)
    problem_of(await study.talk.ask("GET", f"{study.path}s/stopping"), 404)


async def test_the_first_draw_of_each_text_is_read_from_the_log(study):
    # Given two draws at random, the first of which is changed later, and a text that nobody drew
    drawn = await study.talk.next(study.path, n=2, strategy="random")
    for element in drawn:
        given = {"id": element["id"], "value": "pro", "lease": element["lease"]}
        await study.talk.post(f"{study.path}/annotations", {"annotations": [given]})
    left = next(row["id"] for row in ROWS if row["id"] not in {each["id"] for each in drawn})
    await study.talk.say(study.path, **{drawn[0]["id"]: "con"})
    await study.talk.say(study.path, **{left: "con"})
    live = await study.live()

    async with study.services.database.read() as connection:
        found = await read_first_draws(connection, live.row.id)

    rows = live.corpus.rows_of([drawn[0]["id"], drawn[1]["id"], left])
    assert sorted(rows) == found.rows.tolist()
    place = {row: i for i, row in enumerate(found.rows.tolist())}
    order = [place[row] for row in rows]
    np.testing.assert_allclose(found.probabilities[order], [1 / 40, 1 / 39, np.nan])
    assert [found.strategies[each] for each in order] == ["random", "random", None]
    assert (np.diff(found.seqs[order]) > 0).all()
    async with study.services.database.read() as connection:
        assert len((await read_first_draws(connection, 999)).rows) == 0
