"""Threads on texts, mentions, blindness, and messages to many, over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from .hearing import Ear
from .talking import Talk, problem_of

ROWS = [{"id": f"t{i}", "text": f"text {i}"} for i in range(4)]
HOSTILE = "<img src=x onerror=alert(1)> [x](javascript:alert(1)) {{7*7}} \u202e\u0000 </script>"


@pytest.fixture
async def slug(mara) -> str:
    made = await mara.project(ROWS)
    for name in ("anna", "otto"):
        await mara.ask("PUT", f"/projects/{made}/members/{name}", {"role": "annotator"})
    return made


@pytest.fixture
async def threads(slug) -> str:
    return f"/projects/{slug}/threads"


@pytest.fixture
async def anna(client, bearer, slug) -> Talk:
    return Talk(client, await bearer("anna"))


@pytest.fixture
async def otto(client, bearer, slug) -> Talk:
    return Talk(client, await bearer("otto"))


async def test_hostile_words_come_back_as_they_were_given(anna, threads):
    words = HOSTILE.replace("\u0000", "")
    made = await anna.post(threads, {"id": "t0", "text": words})
    answer = await anna.ask("GET", f"{threads}/{made['id']}")
    assert answer.json()["posts"][0]["text"] == words
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_thread_is_answered_read_resolved_and_opened_again(anna, otto, threads):
    thread = await anna.post(threads, {"id": "t1", "text": "Is it irony?"})
    at = f"{threads}/{thread['id']}"
    assert (await otto.get(at))["unread"] == 1
    assert (await otto.ask("POST", f"{at}/read")).status_code == 204
    assert (await otto.get(at))["unread"] == 0
    await otto.post(f"{at}/posts", {"text": "Yes."})
    assert (await anna.get(at))["unread"] == 1
    closed = await otto.ask("PATCH", at, {"resolved": True})
    assert closed.json()["resolved_by"] == "otto"
    assert (await anna.get(threads, resolved="false"))["items"] == []
    assert len((await anna.get(threads, resolved="true", id="t1"))["items"]) == 1
    opened = await anna.ask("PATCH", at, {"resolved": False})
    assert opened.json()["resolved_at"] is None


async def test_only_the_writer_edits_and_a_deleted_post_leaves_a_mark(anna, otto, mara, threads):
    thread = await anna.post(threads, {"id": "t1", "text": "first @otto"})
    post = f"{threads}/{thread['id']}/posts/{thread['posts'][0]['id']}"
    for other in (otto, mara):
        problem_of(await other.ask("PATCH", post, {"text": "mine"}), 403)
        problem_of(await other.ask("DELETE", post), 403)
    edited = await anna.ask("PATCH", post, {"text": "second"})
    assert edited.json()["posts"][0]["edited_at"] is not None
    assert (await otto.get("/me/mentions"))["items"] == []
    assert (await anna.ask("DELETE", post)).status_code == 204
    left = (await otto.get(f"{threads}/{thread['id']}"))["posts"][0]
    assert (left["text"], left["deleted"], left["user"]) == ("", True, "anna")
    problem_of(await anna.ask("PATCH", post, {"text": "again"}), 404)


async def test_members_who_are_mentioned_find_it_and_hear_of_it(app, anna, otto, mara, threads):
    async with Ear(app, otto.headers) as ear:
        text = "What do you say, @otto? (not a@mara.org, nor @lead, nor @nobody)."
        thread = await anna.post(threads, {"id": "t2", "text": text})
        await ear.until(lambda: any(e.type == "thread.posted" for e in ear.events))
    [heard] = [e for e in ear.events if e.type == "thread.posted"]
    assert heard.data["mentioned"]
    assert heard.data["thread"] == thread["id"]
    assert "text" not in heard.data
    [mention] = (await otto.get("/me/mentions"))["items"]
    assert (mention["thread"], mention["read"]) == (thread["id"], False)
    await otto.ask("POST", f"{threads}/{thread['id']}/read")
    assert (await otto.get("/me/mentions"))["items"][0]["read"]
    assert (await mara.get("/me/mentions"))["items"] == []


async def test_who_is_taken_out_of_a_project_sees_none_of_it(anna, otto, mara, slug, threads):
    thread = await anna.post(threads, {"id": "t2", "text": "@otto"})
    await mara.ask("DELETE", f"/projects/{slug}/members/otto")
    assert (await otto.get("/me/mentions"))["items"] == []
    problem_of(await otto.ask("GET", f"{threads}/{thread['id']}"), 404)


async def test_a_thread_is_of_its_project_alone(mara, anna, threads):
    other = await mara.project(ROWS)
    thread = await anna.post(threads, {"id": "t0", "text": "here"})
    problem_of(await mara.ask("GET", f"/projects/{other}/threads/{thread['id']}"), 404)
    post = thread["posts"][0]["id"]
    problem_of(
        await mara.ask("DELETE", f"/projects/{other}/threads/{thread['id']}/posts/{post}"), 404
    )


async def test_nobody_reads_what_others_write_of_a_text_they_have_yet_to_code(
    mara, anna, otto, slug, threads
):
    path = await mara.scheme(slug, overlap=2)
    thread = await anna.post(threads, {"id": "t0", "scheme": "stance", "text": "con, @otto"})
    at = f"{threads}/{thread['id']}"
    # given that otto has yet to code the text, a manager sees it and otto does not
    assert (await mara.get(at))["posts"][0]["text"] == "con, @otto"
    problem_of(await otto.ask("GET", at), 404)
    problem_of(await otto.ask("POST", f"{at}/posts", {"text": "guess"}), 404)
    assert (await otto.get(threads))["items"] == []
    assert (await otto.get("/me/mentions"))["items"] == []
    # when he has coded it, he does
    await otto.say(path, t0="pro")
    assert (await otto.get(at))["unread"] == 1
    assert len((await otto.get("/me/mentions"))["items"]) == 1


async def test_messages_go_to_a_project_or_to_all(client, bearer, mara, anna, slug):
    root = Talk(client, await bearer("root"))
    lead = Talk(client, await bearer("lead"))
    await root.post("/messages", {"text": HOSTILE.replace("\u0000", "")})
    sent = await mara.post(f"/projects/{slug}/messages", {"text": "Codebook v2 is out"})
    texts = [each["text"] for each in (await anna.get("/messages"))["items"]]
    assert texts == ["Codebook v2 is out", HOSTILE.replace("\u0000", "")]
    # who is no member hears only what is to all, and can mark no other
    assert len((await lead.get("/messages"))["items"]) == 1
    problem_of(await lead.ask("POST", f"/messages/{sent['id']}/read"), 404)
    for _ in range(2):
        assert (await anna.ask("POST", f"/messages/{sent['id']}/read")).status_code == 204
    assert [each["read"] for each in (await anna.get("/messages"))["items"]] == [True, False]
    problem_of(await anna.ask("POST", f"/projects/{slug}/messages", {"text": "x"}), 403)
    problem_of(await mara.ask("POST", "/messages", {"text": "x"}), 403)
    assert (await mara.ask("DELETE", f"/projects/{slug}/messages/{sent['id']}")).status_code == 204
    assert len((await anna.get("/messages"))["items"]) == 1


async def test_a_message_that_has_expired_is_shown_no_more(mara, anna, slug, services):
    from kodkod.store.notices import add_notice

    past = datetime.now(UTC) - timedelta(seconds=1)
    answer = await mara.ask(
        "POST", f"/projects/{slug}/messages", {"text": "x", "expires_at": past.isoformat()}
    )
    problem_of(answer, 422)
    async with services.database.write() as connection:
        await add_notice(connection, project_id=None, user_id=1, text="old", expires_at=past)
    assert (await anna.get("/messages"))["items"] == []


async def test_with_its_project_go_its_threads_and_messages(mara, anna, slug, threads, services):
    import sqlalchemy as sa

    from kodkod.store.tables import mention, notice, post, thread

    await anna.post(threads, {"id": "t0", "text": "@mara"})
    await mara.post(f"/projects/{slug}/messages", {"text": "x"})
    assert (await mara.ask("DELETE", f"/projects/{slug}", at_once=True)).status_code < 300
    async with services.database.read() as connection:
        for table in (thread, post, mention, notice):
            count = await connection.execute(sa.select(sa.func.count()).select_from(table))
            assert count.scalar_one() == 0, table.name
