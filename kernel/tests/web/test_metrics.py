"""What Prometheus is told, and who is told it."""

from __future__ import annotations

import asyncio

import msgspec
import pytest
from prometheus_client.parser import text_string_to_metric_families

from kodkod.jobs.records import claim, end, queue
from kodkod.store.database import now
from kodkod.store.jobs import JobRow

from .asking import ask
from .queued import add_queued
from .talking import Talk

NEXT = "/api/v1/projects/{slug}/schemes/{scheme}/next"


@pytest.fixture
def settings(settings):
    return msgspec.structs.replace(settings, monitor_ms=0)


class Told:
    """What was told, by name and labels."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.samples = {
            (sample.name, tuple(sorted(sample.labels.items()))): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    def __call__(self, name: str, **labels: str) -> float:
        return self.samples.get((name, tuple(sorted(labels.items()))), 0.0)


@pytest.fixture
def told(client, bearer):
    async def read() -> Told:
        # A token that may only read is enough.
        answer = await client.get("/metrics", headers=await bearer("root", scopes=["read"]))
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "text/plain; version=1.0.0; charset=utf-8"
        return Told(answer.text)

    return read


@pytest.mark.parametrize(("name", "status"), [(None, 401), ("anna", 403), ("mara", 403)])
async def test_only_an_administrator_is_told(client, bearer, name, status):
    headers = await bearer(name) if name else {}
    answer = await client.get("/metrics", headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/problem+json")


async def test_requests_are_timed_by_route_and_class_of_status(told, client, bearer):
    talk = Talk(client, await bearer("root"))
    slug = await talk.project([{"id": f"t{i}", "text": f"text {i}"} for i in range(20)])
    path = await talk.scheme(slug)
    for _ in range(3):
        await talk.next(path)
    assert (await talk.ask("POST", f"/projects/{slug}/schemes/absent/next", {})).status_code == 404

    metrics = await told()

    labels = {"method": "POST", "route": NEXT}
    assert metrics("kodkod_request_seconds_count", status="2xx", **labels) == 3
    assert metrics("kodkod_request_seconds_count", status="4xx", **labels) == 1
    assert metrics("kodkod_request_seconds_bucket", status="2xx", le="+Inf", **labels) == 3
    assert metrics("kodkod_request_seconds_sum", status="2xx", **labels) > 0
    assert metrics("kodkod_log_write_seconds_count") == 0
    await talk.say(path, t1="pro")
    assert (await told())("kodkod_log_write_seconds_count") == 1


async def test_a_stream_of_events_is_timed_until_it_begins(told, app, bearer):
    answer = await ask(app, "GET", "/api/v1/events", await bearer("anna"))
    assert answer.status == 200
    count = (await told())(
        "kodkod_request_seconds_count", method="GET", route="/api/v1/events", status="2xx"
    )
    assert count == 1


async def test_invented_methods_and_paths_make_no_series_of_their_own(told, client):
    for number in range(20):
        await client.request(f"INVENTED{number}", f"/api/v1/me?{number}")
        await client.get(f"/nowhere/{number}")
        await client.get(f"/api/v1/nowhere/{number}")
    metrics = await told()
    labels = {dict(labels).get("method") for _, labels in metrics.samples}
    assert labels <= {None, "GET", "other"}
    assert "INVENTED" not in metrics.text
    routes = {dict(labels).get("route") for _, labels in metrics.samples}
    assert len(routes) <= 4, routes


async def test_no_name_of_a_person_or_a_project_is_told(told, client, bearer, services):
    talk = Talk(client, await bearer("root"))
    slug = await talk.project([{"id": "t1", "text": "a private text"}], name="Secret letters")
    path = await talk.scheme(slug)
    await talk.say(path, t1="con")
    await add_queued(services.database, "aa", state="failed", error="private", finished_at=now())
    await client.get("/api/v1/me", headers=await bearer("anna"))
    text = (await told()).text
    for name in (slug, "letters", "stance", "anna", "lead", "private", 'con"', "t1"):
        assert name not in text, name


async def test_jobs_that_end_are_counted_by_kind_and_state(told, services):
    async def run(id_: str, state: str) -> None:
        row = JobRow(
            id=id_,
            kind="train",
            queue="cpu",
            project_id=None,
            user_id=1,
            params={},
            lock_key=id_,
            created_at=now(),
        )
        async with services.database.write() as connection:
            await queue(connection, row)
        async with services.database.write() as connection:
            await claim(connection, id_, "w")
        async with services.database.write() as connection:
            await end(connection, row, "w", state)

    for id_, state in (("aa", "done"), ("bb", "done"), ("cc", "failed")):
        await run(id_, state)
    async with asyncio.timeout(10):
        while (metrics := await told())(
            "kodkod_jobs_finished_total", kind="train", state="failed"
        ) == 0:
            await asyncio.sleep(0.02)
    assert metrics("kodkod_jobs_finished_total", kind="train", state="done") == 2


async def test_queues_disks_users_and_the_process_are_told(told, client, bearer, services):
    await add_queued(services.database, "aa", queue="gpu")
    await client.get("/api/v1/me", headers=await bearer("anna"))
    metrics = await told()
    assert metrics("kodkod_jobs", queue="gpu", state="queued") == 1
    assert metrics("kodkod_waiting_messages", queue="gpu") == 0
    assert metrics("kodkod_broker_up") == 1
    assert metrics("kodkod_degraded") == 0
    assert metrics("kodkod_active_users", minutes="5") == 1
    assert metrics("kodkod_disk_free_bytes", holds="data") > 0
    assert metrics("process_resident_memory_bytes") > 1e7
