"""The audit log: every action that changes something, by whom, and nothing secret."""

from __future__ import annotations

import csv
import io
import json
import re
from itertools import count

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from kodkod.store.audit import broken_audit, list_audit
from kodkod.web.access import Requires, declared, only_reads
from kodkod.web.audit_trail import IN_THE_LOG, Failures

from .asking import ask
from .conftest import PASSWORD, SLUG, add_letters
from .talking import Talk

slugs = (f"letters-{number}" for number in count())


async def rows_of(services, **wanted):
    async with services.database.read() as connection:
        return await list_audit(connection, limit=1000, **wanted)


async def test_every_route_that_changes_something_leaves_a_row(
    app, client, services, bearer, monkeypatch
):
    monkeypatch.setattr("kodkod.web.audit_trail._FAILURES", 10_000)
    forgotten = []
    for route, handler in declared(app):
        for method in handler.http_methods - {"GET", "HEAD"}:
            operation = handler.operation_id
            # given a project of its own, as some routes delete it
            await add_letters(services.database, slug := next(slugs))
            path = re.sub(r"\{(\w+):\w+\}", r"{\1}", route.path)
            url = re.sub(r"\{\w+\}", "x", path.replace("{slug}", slug))
            before = {row.seq for row in await rows_of(services)}
            # when it is asked
            with capture_logs():
                answer = await ask(app, method, url, await bearer("root"))
            # then the log has one row more, of this operation with this answer
            new = [row for row in await rows_of(services) if row.seq not in before]
            got = [(row.operation, row.status) for row in new]
            silent = operation in IN_THE_LOG or only_reads(handler)
            wanted = [] if silent else [(operation, answer.status)]
            if got != wanted:
                forgotten.append(f"{method} {path}: {got}, not {wanted}")
    assert forgotten == []


def test_operations_without_a_row_are_routes_that_annotators_use(app):
    named = {handler.operation_id: handler.opt["requires"] for _, handler in declared(app)}
    assert all(named[each] is Requires.PROJECT_ANNOTATOR for each in IN_THE_LOG)


async def test_a_row_says_who_did_what_to_what(client, services, bearer):
    root = Talk(client, await bearer("root"))
    await root.ask("PUT", f"/projects/{SLUG}/members/otto", {"role": "annotator"})
    newest = (await root.get("/audit", limit=1))["items"][0]
    assert newest["operation"] == "put_member"
    assert newest["user"] == "root"
    assert newest["project"] == SLUG
    assert newest["target"] == {"slug": SLUG, "username": "otto"}
    assert newest["sent"] == {"role": "annotator"}
    assert newest["status"] < 300
    assert newest["token"]


async def test_nothing_secret_is_in_it(client, services, bearer):
    root = Talk(client, await bearer("root"))
    hush = "hush-hush-hush-42"
    form = {"username": "anna", "password": hush}
    await client.post("/api/v1/auth/token", data=form)
    await root.ask("POST", "/users", {"username": "nora", "password": hush})
    await root.ask("PATCH", "/users/nora", {"password": hush})
    await root.ask("PATCH", "/me", {"current_password": hush, "password": hush})
    secret = {"name": "openai", "value": hush, "origin": "https://api.example.org"}
    await root.ask("PUT", f"/projects/{SLUG}/secrets", secret)
    made = await root.post("/auth/api-tokens", {"name": "nightly"})
    rows = await rows_of(services)
    written = " ".join(str(row) for row in rows)
    assert {row.operation for row in rows} >= {
        *("sign_in", "create_user", "change_user", "change_my_password", "put_secret"),
        "create_api_token",
    }
    assert hush not in written
    assert made["token"] not in written
    assert "'username': 'anna'" in written


async def test_what_was_refused_is_there_too(client, services, bearer):
    anna = Talk(client, await bearer("anna"))
    await anna.ask("DELETE", "/users/otto")
    await client.post(
        "/api/v1/auth/token", data={"username": "anna", "password": "not the right one"}
    )
    wrong, refused = (await rows_of(services))[:2]
    assert (wrong.operation, wrong.status, wrong.user_id) == ("sign_in", 401, None)
    assert (refused.operation, refused.status) == ("delete_user", 403)
    assert refused.user_id


async def test_nobody_fills_the_disk_with_failures(client, services, bearer):
    anna = Talk(client, await bearer("anna"))
    for _ in range(150):
        await anna.ask("DELETE", "/users/otto")
    assert len(await rows_of(services, operation="delete_user")) == 60


def test_failures_without_a_row_are_counted_in_the_next():
    time = 0.0
    failures = Failures(lambda: time)
    admitted = [failures.admit(403) for _ in range(100)]
    assert admitted == [0] * 60 + [None] * 40
    assert failures.admit(200) == 0
    time = 61.0
    assert failures.admit(401) == 40
    assert failures.admit(401) == 0


async def test_managers_see_their_project_and_nothing_else(client, services, bearer):
    root, lead = Talk(client, await bearer("root")), Talk(client, await bearer("lead"))
    await root.ask("PATCH", "/users/otto", {"role": "manager"})
    await lead.ask("PATCH", f"/projects/{SLUG}", {"name": "Post"})
    items = (await lead.get(f"/projects/{SLUG}/audit"))["items"]
    assert [each["operation"] for each in items] == ["change_project"]
    assert (await lead.ask("GET", "/audit")).status_code == 403
    anna = Talk(client, await bearer("anna"))
    assert (await anna.ask("GET", f"/projects/{SLUG}/audit")).status_code == 403


async def test_entries_are_found_and_paged_newest_first(client, services, bearer):
    root = Talk(client, await bearer("root"))
    for role in ("manager", "annotator") * 3:
        await root.ask("PATCH", "/users/otto", {"role": role})
    seen, cursor = [], {}
    while True:
        page = await root.get("/audit", operation="change_user", user="root", limit=4, **cursor)
        seen += [each["sent"]["role"] for each in page["items"]]
        if page["cursor"] is None:
            break
        cursor = {"cursor": page["cursor"]}
    assert seen == ["annotator", "manager"] * 3
    assert (await root.get("/audit", since="2100-01-01T00:00:00Z"))["items"] == []
    for query in ({"user": "nobody"}, {"since": "2026-01-01T00:00:00"}):
        assert (await root.ask("GET", "/audit", **query)).status_code == 422


@pytest.mark.parametrize("format_", ["jsonl", "csv"])
async def test_it_is_handed_out_as_a_file_that_no_spreadsheet_runs(
    client, services, bearer, format_
):
    root = Talk(client, await bearer("root"))
    await root.ask("POST", f"/projects/{SLUG}/schemes", {"name": "s", "labels": ["=1+1"]})
    await client.request(
        "POST",
        "/api/v1/users",
        json={"username": "x"},
        headers=root.headers | {"x-request-id": "-danger-0"},
    )
    answer = await root.ask("GET", "/audit/export", format=format_)
    if format_ == "jsonl":
        entries = [json.loads(line) for line in answer.text.splitlines()]
        assert [each["operation"] for each in entries] == ["create_user", "create_scheme"]
        assert entries[1]["sent"]["labels"] == ["=1+1"]
    else:
        entries = list(csv.DictReader(io.StringIO(answer.text)))
        assert len(entries) == 2
        assert entries[0]["request_id"] == "'-danger-0"
        assert not any(cell[:1] in "=+-@" for each in entries for cell in each.values() if cell)


async def test_the_chain_holds_over_what_was_asked_at_once(client, services, bearer):
    root = Talk(client, await bearer("root"))
    for _ in range(5):
        await root.ask("PATCH", "/users/otto", {"role": "annotator"})
        await root.ask("PATCH", "/me", {"current_password": PASSWORD, "password": "short"})
    async with services.database.read() as connection:
        assert await broken_audit(connection) is None


async def test_what_was_done_is_answered_though_the_log_cannot_be_written(client, services, bearer):
    root = Talk(client, await bearer("root"))
    async with services.database.write() as connection:
        await connection.execute(sa.text("DROP TABLE audit"))
    with capture_logs() as told:
        answer = await root.ask("PATCH", "/users/otto", {"role": "manager"})
    assert answer.status_code == 200
    assert "an action is not in the audit log" in {each["event"] for each in told}
    roles = {each["username"]: each["role"] for each in (await root.get("/users"))["items"]}
    assert roles["otto"] == "manager"
    failures = services.metrics.registry.get_sample_value("kodkod_audit_failures_total")
    assert failures == 1
