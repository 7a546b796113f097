"""What jobs take: sums for a project and for all, the budget, and an estimate beforehand."""

from __future__ import annotations

import pytest

from kodkod.api import Energy
from kodkod.store.database import now
from kodkod.store.energy import add_energy
from kodkod.store.jobs import JobRow
from kodkod.store.people import find_user
from kodkod.store.projects import find_project

from .talking import Talk, problem_of

PATH = "/api/v1/projects/letters"


@pytest.fixture
def spend(services):
    """Note in the ledger that somebody's job took some watt-hours."""

    async def note(wh: float, *, user: str = "lead", kind: str = "feature", subject: str = "a"):
        async with services.database.write() as connection:
            project = await find_project(connection, "letters")
            row = JobRow(
                id="0" * 16,
                kind=kind,
                queue="cpu",
                project_id=project.id,
                user_id=(await find_user(connection, user)).id,
                params={},
                lock_key="",
                created_at=now(),
                subject=subject,
            )
            account = Energy(cpu_wh=wh, g_co2e=wh / 2, g_per_kwh=500, mix="own")
            await add_energy(
                connection,
                row,
                account,
                state="done",
                seconds=60.0,
                project_slug="letters",
                rows=None,
            )

    return note


async def test_what_a_project_used_is_added_up(client, bearer, spend):
    anna = Talk(client, await bearer("anna"))
    await spend(2.0, user="lead")
    await spend(3.0, user="anna", kind="train", subject="logistic")

    by_kind = await anna.get("/projects/letters/energy")
    by_user = await anna.get("/projects/letters/energy", by="user")

    assert [(each["key"], each["wh"]) for each in by_kind["sums"]] == [
        ("train", 3.0),
        ("feature", 2.0),
    ]
    assert (by_kind["total_wh"], by_kind["total_g_co2e"]) == (5.0, 2.5)
    assert by_kind["standing"]["spent_wh"] == 5.0
    assert [each["key"] for each in by_user["sums"]] == ["anna", "lead"]
    assert all(each["measured_wh"] == 0.0 for each in by_kind["sums"])


async def test_all_that_was_used_is_for_root(client, bearer, spend):
    await spend(2.0)
    root = Talk(client, await bearer("root"))

    found = await root.get("/energy", by="project", days=1)

    assert [(each["key"], each["wh"]) for each in found["sums"]] == [("letters", 2.0)]
    assert found["standing"] is None
    denied = await client.get("/api/v1/energy", headers=await bearer("mara"))
    assert denied.status_code == 403


async def test_a_manager_sets_and_removes_a_budget(client, bearer):
    mara, root = await bearer("mara"), await bearer("root")
    slug = await Talk(client, mara).project([{"id": "a", "text": "one"}])
    path = f"/api/v1/projects/{slug}"

    given = await client.patch(path, json={"budget": {"wh": 50, "refuse": True}}, headers=mara)
    seen = (await client.get(path, headers=root)).json()["budget"]
    removed = await client.patch(path, json={"budget": None}, headers=mara)

    assert given.json()["budget"] == seen == {"wh": 50.0, "refuse": True}
    assert removed.json()["budget"] is None
    denied = await client.patch(PATH, json={"budget": {"wh": 1}}, headers=await bearer("anna"))
    assert denied.status_code == 403


@pytest.mark.parametrize("budget", [{"wh": 0}, {"wh": -1}, {"refuse": True}, {"wh": 1, "x": 2}])
async def test_a_budget_that_is_none_is_refused(client, bearer, budget):
    answer = await client.patch(PATH, json={"budget": budget}, headers=await bearer("lead"))

    assert answer.status_code == 400


async def test_an_estimate_says_what_like_jobs_took_and_whether_it_fits(client, bearer, spend):
    lead = Talk(client, await bearer("lead"))
    wanted = {"kind": "feature", "component": "tfidf-svd"}
    unknown = await lead.post("/projects/letters/jobs/estimate", wanted)
    await spend(4.0, subject="tfidf-svd")
    await client.patch(
        PATH, json={"budget": {"wh": 6, "refuse": True}}, headers=await bearer("lead")
    )

    known = await lead.post("/projects/letters/jobs/estimate", wanted)

    assert (unknown["expected"], unknown["refusal"], unknown["warning"]) == (None, None, "")
    assert (known["expected"]["wh"], known["expected"]["based_on"]) == (4.0, 1)
    assert known["standing"]["expected_wh"] == 4.0
    assert "budget" in known["refusal"]


@pytest.mark.parametrize(
    ("wanted", "status", "named"),
    [
        ({"kind": "feature"}, 422, "component"),
        ({"kind": "feature", "component": "nothing"}, 404, "nothing"),
        ({"kind": "feature", "component": "tfidf-svd", "params": {"dimm": 2}}, 422, "dimm"),
        ({"kind": "predict", "model": "gone"}, 404, "gone"),
        ({"kind": "import"}, 400, "kind"),
    ],
)
async def test_an_estimate_of_what_is_not_there_says_so(client, bearer, wanted, status, named):
    answer = await client.post(f"{PATH}/jobs/estimate", json=wanted, headers=await bearer("lead"))

    assert named in problem_of(answer, status)["detail"]
