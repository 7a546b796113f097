"""A turn of the advice on stopping is an event, told once, where somebody wants to know."""

from __future__ import annotations

import pytest

from kodkod.store.events import EventRow, last_event, read_events
from kodkod.store.projects import find_project
from kodkod.store.webhooks import add_webhook, change_webhook
from kodkod.web.stopping_watch import StoppingWatch

from .talking import Talk
from .test_stopping import Study, make_study


@pytest.fixture
async def study(client, bearer, services) -> Study:
    study = await make_study(Talk(client, await bearer("mara")), services)
    await study.give_guide()
    await study.talk.say(study.path, **{f"t{i}": ["pro", "con"][i % 2] for i in range(20)})
    return study


async def webhook(study: Study, *events: str):
    async with study.services.database.write() as connection:
        project = await find_project(connection, study.slug)
        return await add_webhook(
            connection,
            project_id=project.id,
            name="ours",
            format_="json",
            shown="",
            sealed="",
            events=list(events),
            created_by=1,
        )


async def learnt(study: Study, watch: StoppingWatch, kind: str = "guide") -> list[EventRow]:
    """Let the watch hear that a guide has learnt, and return the events that follow."""
    services, scheme = study.services, await study.live()
    async with services.database.read() as connection:
        before = await last_event(connection)
    event = EventRow(
        id=0,
        project_id=scheme.row.project_id,
        type="job.done",
        data={"kind": kind, "scheme_id": scheme.row.id},
        created_at=scheme.row.created_at,
    )
    if watch.concerns(event):
        await watch.heard(event)
    async with services.database.read() as connection:
        found = await read_events(connection, after=before)
    return [each for each in found if each.type.startswith("stopping.")]


async def refreshed(study: Study, *versions: int, kappa: float = 0.995) -> None:
    for version in versions:
        await study.refresh(version, kappa=kappa)


async def test_each_turn_is_told_once(study):
    await webhook(study, "stopping.*")
    watch = StoppingWatch(study.services)
    await refreshed(study, 1, 2)
    assert await learnt(study, watch) == []

    await refreshed(study, 3, 4)
    (told,) = await learnt(study, watch)
    assert told.type == "stopping.advised"
    assert told.data["rule"] == "stabilising-predictions"
    assert "0.995" in told.data["sentence"]
    assert told.data["n_train"] == 40
    assert told.data["scheme_id"] == (await study.live()).row.id
    assert await learnt(study, watch) == []

    # Another server, or this one after a restart, has nothing new to tell either.
    assert await learnt(study, StoppingWatch(study.services)) == []

    await refreshed(study, 5, kappa=0.5)
    (told,) = await learnt(study, watch)
    assert (told.type, told.data["rule"]) == ("stopping.withdrawn", "stabilising-predictions")


async def test_nobody_asks_the_rules_where_nobody_wants_to_know(study, monkeypatch):
    async def never(*_):
        pytest.fail("the rules were asked")

    monkeypatch.setattr("kodkod.web.stopping_watch.stopping_advice", never)
    watch = StoppingWatch(study.services)
    await refreshed(study, 1, 2, 3, 4)
    assert await learnt(study, watch) == []
    await webhook(study, "job.*")
    assert await learnt(study, watch) == []
    off = await webhook(study, "*")
    async with study.services.database.write() as connection:
        await change_webhook(connection, off, active=False)
    assert await learnt(study, watch) == []


async def test_only_what_a_guide_learns_from_concerns_it(study):
    await webhook(study, "*")
    await refreshed(study, 1, 2, 3, 4)
    watch = StoppingWatch(study.services)
    assert await learnt(study, watch, kind="train") == []
    assert len(await learnt(study, watch, kind="assess")) == 1
