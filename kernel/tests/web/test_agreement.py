"""Agreement over HTTP: whose votes count, as what labels, how the texts were drawn, and when."""

from __future__ import annotations

from contextlib import asynccontextmanager

import numpy as np
import pytest

from kodkod.jobs.places import ProjectPlaces
from kodkod.store.artefacts import ModelRow, add_model
from kodkod.store.database import now
from kodkod.store.log import NewEntry
from kodkod.store.matrices import Manifest, MatrixFolder
from kodkod.store.people import find_user, put_member
from kodkod.store.projects import find_project

from .talking import Talk, at_once, problem_of

ROWS = [{"id": f"t{i}", "text": f"text {i} of some length"} for i in range(12)]


class Team:
    """A project with a scheme that lead manages, and anna and otto annotate."""

    def __init__(self, services, lead: Talk, anna: Talk, otto: Talk, slug: str, path: str) -> None:
        self.services = services
        self.lead, self.anna, self.otto = lead, anna, otto
        self.slug, self.path = slug, path

    async def agreement(self, **query):
        return await self.lead.get(f"{self.path}/agreement", replicates=50, **query)

    async def live(self):
        async with self.services.database.read() as connection:
            project = await find_project(connection, self.slug)
        return (await self.services.residency.get(project)).scheme("stance")

    async def enter(self, user: str, row: int, label: str, source: str, **more) -> None:
        """Append an entry that no route writes."""
        live = await self.live()
        async with self.services.database.read() as connection:
            id_ = (await find_user(connection, user)).id
        entry = NewEntry(
            project_id=live.row.project_id,
            scheme_id=live.row.id,
            op="set",
            row=row,
            user_id=id_,
            value=live.coder.code(label, ""),
            source=source,
            **more,
        )
        await self.services.log.append([entry])


@pytest.fixture
def open_team(app, services, bearer):
    @asynccontextmanager
    async def opened():
        tokens = {name: await bearer(name) for name in ("root", "anna", "otto")}
        async with at_once(app, tokens["root"]) as lead:
            anna, otto = (Talk(lead.client, tokens[name]) for name in ("anna", "otto"))
            slug = await lead.project(ROWS)
            async with services.database.write() as connection:
                project = await find_project(connection, slug)
                for name in ("anna", "otto"):
                    user = await find_user(connection, name)
                    await put_member(connection, project.id, user.id, "annotator")
            path = await lead.scheme(slug, overlap=2)
            yield Team(services, lead, anna, otto, slug, path)

    return opened


async def test_votes_of_two_people_and_what_one_alone_said(open_team):
    async with open_team() as team:
        await team.anna.say(team.path, t0="pro", t1="con", t2="none", t3="pro", t4="pro")
        await team.otto.say(team.path, t0="pro", t1="con", t2="pro", t3="pro")

        found = await team.agreement()

        assert (found["n"], found["pairable"], found["single"]) == (5, 4, 1)
        assert found["overall"]["percent"]["value"] == pytest.approx(0.75)
        assert found["labels"] == ["pro", "con", "none"]
        pair = found["by_pair"][0]
        assert (pair["first"], pair["second"], pair["n"]) == ("anna", "otto", 4)
        assert pair["table"] == [[2, 0, 0], [0, 1, 0], [1, 0, 0]]
        assert found["coincidences"] == [[4, 0, 1], [0, 2, 0], [1, 0, 0]]
        assert {(each["name"], each["n"], each["machine"]) for each in found["coders"]} == {
            ("anna", 5, False),
            ("otto", 4, False),
        }
        alpha = found["overall"]["alpha"]
        assert alpha["low"] <= alpha["value"] <= alpha["high"]
        assert found["reading"].startswith(f"alpha is {alpha['value']:.2f}")
        assert "conventions" in found["reading"]


async def test_an_adjudication_is_nobodys_vote_even_by_one_who_voted(open_team):
    async with open_team() as team:
        await team.anna.say(team.path, t0="pro", t1="con", t2="none")
        await team.otto.say(team.path, t0="con", t1="con", t2="none")
        before = await team.agreement()

        await team.enter("anna", 0, "con", "adjudication")

        after = await team.agreement()
        assert after["seq"] > before["seq"]
        assert after["overall"] == before["overall"]
        assert after["by_pair"] == before["by_pair"]


async def test_what_a_machine_says_is_never_mixed_in(open_team):
    async with open_team() as team:
        await team.anna.say(team.path, t0="pro", t1="con")
        for row in range(2):
            await team.enter("otto", row, "pro", "llm")

        found = await team.agreement()

        assert found["pairable"] == 0
        assert [each["name"] for each in found["coders"]] == ["anna"]
        assert "coded by two people" in found["overall"]["alpha"]["undefined"]


async def test_only_the_newest_vote_counts_and_a_cleared_one_is_none(open_team):
    async with open_team() as team:
        await team.anna.say(team.path, t0="pro", t1="con", t2="pro")
        await team.otto.say(team.path, t0="con", t1="con", t2="pro")
        await team.anna.say(team.path, t0="con")
        await team.otto.say(team.path, t2=None)

        found = await team.agreement()

        assert found["pairable"] == 2
        assert found["overall"]["percent"]["value"] == 1


async def test_labels_are_as_they_are_now(open_team):
    async with open_team() as team:
        await team.anna.say(team.path, t0="pro", t1="con", t2="none", t3="pro")
        await team.otto.say(team.path, t0="none", t1="con", t2="none", t3="con")
        assert (await team.agreement())["overall"]["percent"]["value"] == 0.5

        merge = {"op": "merge", "labels": ["none"], "into": "pro"}
        await team.lead.post(f"{team.path}/labels", merge)
        merged = await team.agreement()
        assert merged["labels"] == ["pro", "con"]
        assert merged["overall"]["percent"]["value"] == 0.75

        await team.lead.post(f"{team.path}/labels", {"op": "rename", "label": "pro", "name": "for"})
        assert (await team.agreement())["labels"] == ["for", "con"]

        # What is left of a deleted label is nothing: t0, t2 and half of t3 are no votes any more.
        await team.lead.post(f"{team.path}/labels", {"op": "delete", "label": "for"})
        deleted = await team.agreement()
        assert deleted["pairable"] == 1
        assert deleted["labels"] == ["con"]


async def test_how_the_texts_were_drawn_is_said(open_team):
    async with open_team() as team:
        for row, strategy in enumerate(["random", "random", "max-entropy", None]):
            probability = 0.1 if strategy == "random" else None
            for user in ("anna", "otto"):
                await team.enter(
                    user, row, "pro", "human", strategy=strategy, selection_probability=probability
                )

        found = await team.agreement()

        assert found["random_share"] == 0.5
        assert found["strategies"] == {"random": 2, "max-entropy": 1, "": 1}
        assert any("2 of the 4 texts" in note for note in found["notes"])


async def test_over_time_by_count_and_by_day(open_team):
    async with open_team() as team:
        await team.anna.say(team.path, t0="pro", t1="con")
        await team.otto.say(team.path, t0="pro", t1="con")
        await team.anna.say(team.path, t2="pro", t3="con")
        await team.otto.say(team.path, t2="con", t3="pro")

        by_count = (await team.agreement(over="4"))["over"]
        assert [each["overall"]["percent"]["value"] for each in by_count] == [1, 0]
        assert [each["pairable"] for each in by_count] == [2, 2]
        by_week = (await team.agreement(over="week"))["over"]
        assert sum(each["pairable"] for each in by_week) == 4
        problem_of(await team.lead.ask("GET", f"{team.path}/agreement", over="moon"), 400)


async def test_filters_by_annotator_split_and_time(open_team):
    async with open_team() as team:
        await team.anna.say(team.path, t0="pro", t1="con")
        middle = now().isoformat()
        await team.otto.say(team.path, t0="pro", t1="pro")
        await team.lead.say(team.path, t0="con", t1="con")

        both = await team.agreement(annotators=["anna", "otto"])
        assert [each["name"] for each in both["coders"]] == ["anna", "otto"]
        late = await team.agreement(since=middle)
        assert {each["name"] for each in late["coders"]} == {"otto", "root"}
        early = await team.agreement(until=middle)
        assert [each["name"] for each in early["coders"]] == ["anna"]
        assert (await team.agreement(split="test"))["n"] == 0
        unknown = await team.lead.ask("GET", f"{team.path}/agreement", annotators=["nobody"])
        assert "'nobody'" in problem_of(unknown, 422)["detail"]


async def test_measures_and_positions(open_team):
    async with open_team() as team:
        await team.anna.say(team.path, t0="pro", t1="con", t2="none")
        await team.otto.say(team.path, t0="con", t1="con", t2="none")

        found = await team.agreement(measures=["alpha_interval"])
        assert "positions" in found["overall"]["alpha_interval"]["undefined"]
        found = await team.agreement(measures=["alpha_interval", "ac2"], positions=[0, 1, 5])
        assert list(found["overall"]) == ["alpha_interval", "ac2"]
        assert found["overall"]["alpha_interval"]["value"] == pytest.approx(
            1 - (1 / 3) / (298 / 30)
        )
        for query, said in (
            ({"measures": ["beta"]}, "alpha_ordinal"),
            ({"positions": [1, 2]}, "3 labels"),
        ):
            answer = await team.lead.ask("GET", f"{team.path}/agreement", **query)
            assert said in problem_of(answer, 422)["detail"]


async def test_the_same_question_on_the_same_log_is_answered_once(open_team, monkeypatch):
    async with open_team() as team:
        from kodkod_agreement.one_label import OneLabel

        measured = []
        plain = OneLabel.measure
        monkeypatch.setattr(
            OneLabel, "measure", lambda *args: measured.append(1) or plain(*args), raising=True
        )
        await team.anna.say(team.path, t0="pro")
        await team.otto.say(team.path, t0="pro")
        one, two = await team.agreement(), await team.agreement()
        assert one == two
        assert len(measured) == 1
        await team.otto.say(team.path, t0="con")
        assert (await team.agreement())["overall"]["percent"]["value"] == 0
        assert len(measured) == 2


async def test_several_labels_and_passages(open_team):
    async with open_team() as team:
        topics = await team.lead.scheme(
            team.slug, name="topics", type="multilabel", labels=["a", "b"], overlap=2
        )
        await team.anna.say(topics, t0=["a"], t1=["a", "b"], t2=[])
        await team.otto.say(topics, t0=["a"], t1=["a"], t2=[])
        found = await team.lead.get(f"{topics}/agreement", replicates=20)
        assert found["overall"]["percent"]["value"] == pytest.approx(2 / 3)
        assert found["by_label"]["a"]["alpha"]["value"] == 1
        assert found["by_pair"][0]["by_label"]["b"] == [0, 1, 0, 2]

        frames = await team.lead.scheme(
            team.slug, name="frames", type="span", labels=["claim"], overlap=2
        )
        await team.anna.say(frames, t0=[{"start": 0, "end": 4, "label": "claim"}])
        await team.otto.say(frames, t0=[{"start": 0, "end": 6, "label": "claim"}])
        found = await team.lead.get(f"{frames}/agreement", replicates=20)
        assert found["overall"]["f1_exact"]["value"] == 0
        assert found["overall"]["f1_overlap"]["value"] == 1
        assert found["by_pair"][0]["by_label"]["claim"][:3] == [4, 0, 2]


async def test_annotators_of_the_project_do_not_see_it(open_team):
    async with open_team() as team:
        problem_of(await team.anna.ask("GET", f"{team.path}/agreement"), 403)


async def add_predictions(team, name: str, labels: list[int]) -> None:
    """Put a model in place that says `labels[row]` of each row, as a finished job would."""
    live = await team.live()
    probabilities = np.full((len(labels), 3), 0.1, dtype=np.float32)
    probabilities[np.arange(len(labels)), labels] = 0.8
    row = ModelRow(
        id=f"id-{name}",
        project_id=live.row.project_id,
        scheme_id=live.row.id,
        name=name,
        component="logistic",
        params={},
        features=[],
        label_ids=list(live.coder.ids),
        n_train=6,
        trained_at_seq=3,
        corpus_fingerprint="",
        seed=0,
        scores={},
        predicted_rows=len(labels),
        created_at=now(),
    )
    async with team.services.database.write() as connection:
        await add_model(connection, row)
    folder = ProjectPlaces.of(team.services.settings, team.slug).predictions(row.id)
    folder.mkdir(parents=True)
    manifest = Manifest(
        component="logistic",
        params={},
        corpus_fingerprint="",
        rows=len(labels),
        dim=3,
        sparse=False,
    )
    MatrixFolder(folder).write(probabilities, manifest)


async def test_a_machine_is_a_coder_when_it_is_named_and_is_marked(open_team):
    async with open_team() as team:
        await team.anna.say(team.path, t0="pro", t1="con", t2="pro")
        await add_predictions(team, "quick", [0, 1, 1] + [0] * 9)

        assert (await team.agreement())["pairable"] == 0
        found = await team.agreement(machine="quick")

        # It says something of every text, and counts where people have coded.
        assert (found["n"], found["pairable"]) == (3, 3)
        assert found["coders"][-1] == {"name": "model: quick", "machine": True, "n": 3}
        assert found["by_pair"][0]["table"] == [[1, 1, 0], [0, 1, 0], [0, 0, 0]]
        assert any("is a machine" in note and "learnt" in note for note in found["notes"])
        unknown = await team.lead.ask("GET", f"{team.path}/agreement", machine="nothing")
        problem_of(unknown, 404)
