"""Personal data: all that is stored of somebody can be had, and erased; projects vanish whole."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from kodkod.store.audit import broken_audit
from kodkod.store.database import now
from kodkod.store.people import find_user
from kodkod.store.personal import person_columns
from kodkod.store.tables import metadata
from kodkod.store.tables.columns import Json, Utc

from .conftest import PASSWORD
from .talking import Talk, problem_of

ROWS = [{"id": f"t{i}", "text": f"text {i} of eight"} for i in range(8)]
SENTINEL = "Zyzzyva"


@pytest.fixture
async def team(client, bearer):
    """mara manages; anna annotates, with words of her own."""
    mara, anna = Talk(client, await bearer("mara")), Talk(client, await bearer("anna"))
    slug = await mara.project(ROWS)
    await mara.admit(slug, "anna")
    path = await mara.scheme(slug)
    comment = {"id": "t0", "value": "pro", "comment": f"I know this man {SENTINEL}"}
    await anna.post(f"{path}/annotations", {"annotations": [comment]})
    thread = {"id": "t0", "scheme": "stance", "text": f"{SENTINEL} again"}
    await anna.post(f"/projects/{slug}/threads", thread)
    await mara.post(f"/projects/{slug}/threads", {"id": "t1", "text": "@anna what of t1?"})
    task = {"name": "hers", "assignees": ["anna"], "texts": {"ids": ["t3"]}}
    await mara.post(f"{path}/tasks", task)
    return mara, anna, slug, path


async def lines_of(talk: Talk, path: str) -> list[dict]:
    answer = await talk.ask("GET", path)
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


def readable(line: dict) -> tuple:
    return line["project"], line["scheme"], line["text_id"], line["value"], line["comment"]


async def test_one_can_have_all_that_is_stored_of_oneself(team):
    _, anna, slug, _ = team
    lines = await lines_of(anna, "/me/data")
    by_what = {each["what"] for each in lines}
    assert by_what >= {"user", "token", "member", "annotation", "task_share", "audit"}
    assert by_what >= {"post", "thread", "mention"}
    (said,) = [each for each in lines if each["what"] == "annotation"]
    assert readable(said) == (slug, "stance", "t0", "pro", f"I know this man {SENTINEL}")
    # and nothing by which one could pass for her
    assert all(not {"secret", "digest", "sealed"} & set(each) for each in lines)


async def test_root_can_have_it_and_nobody_else(team, client, bearer):
    mara, *_ = team
    root = Talk(client, await bearer("root"))
    lines = await lines_of(root, "/users/anna/data")
    assert {each["username"] for each in lines if each["what"] == "user"} == {"anna"}
    problem_of(await mara.ask("GET", "/users/anna/data"), 403)
    problem_of(await root.ask("GET", "/users/nobody/data"), 404)


def value_for(column: sa.Column, user_id: int, number: int):
    """Return something that fits a column."""
    if column in person_columns(column.table):
        return user_id
    if column.nullable and not column.primary_key:
        return None
    if isinstance(column.type, Utc):
        return now()
    if isinstance(column.type, Json):
        return []
    return {str: f"x{number}", bool: False, float: 0.0}.get(column.type.python_type, number)


async def test_no_table_that_knows_people_is_left_out(team, services):
    """A row of hers is put into every table that has one; each must come."""
    _, anna, *_ = team
    async with services.database.read() as connection:
        user = await find_user(connection, "anna")
    tables = [each for each in metadata.sorted_tables if person_columns(each)]
    assert len(tables) > 20
    async with services.database.outside() as connection:
        await connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        for number, table in enumerate(tables, 900_000):
            if table.name != "user":
                row = {each.name: value_for(each, user.id, number) for each in table.columns}
                await connection.execute(sa.insert(table).values(**row))
        await connection.exec_driver_sql("PRAGMA foreign_keys = ON")
    lines = await lines_of(anna, "/me/data")
    assert {each["what"] for each in lines} >= {table.name for table in tables}


async def traces(services, *words: str) -> list[str]:
    """Return where words are stored, in the tables and in the bytes of any file."""
    found = []
    async with services.database.read() as connection:
        for table in metadata.sorted_tables:
            for row in await connection.execute(sa.select(table)):
                text = repr(tuple(row))
                found += [f"{table.name}: {word}" for word in words if word in text]
    for file in sorted(services.settings.data_dir.rglob("*")):
        if file.is_file():
            content = file.read_bytes()
            found += [f"{file.name}: {word}" for word in words if word.encode() in content]
    return sorted(set(found))


async def test_an_erased_person_cannot_be_known_any_more(team, client, bearer, services):
    mara, anna, slug, path = team
    await mara.ask("PATCH", f"{path}/tasks/hers", {"add_people": ["anna"]})
    assert await traces(services, SENTINEL) != []
    # when she erases herself
    erasure = {"username": "anna", "current_password": PASSWORD}
    answer = await anna.ask("POST", "/me/erase", erasure)
    assert answer.status_code == 200, answer.text
    done = answer.json()
    assert (done["annotations"], done["words"]) == (1, 2)
    # then nobody is signed in as her, and her name and words are nowhere, in no file either
    problem_of(await anna.ask("GET", "/me"), 401)
    await services.database.shred()
    assert await traces(services, SENTINEL, "anna") == []
    async with services.database.read() as connection:
        mine = sa.text("SELECT count(*) FROM audit WHERE user_id = 4 AND address <> ''")
        assert (await connection.execute(mine)).scalar_one() == 0
        # and the audit log is a whole chain
        assert await broken_audit(connection) is None
    # but what she annotated is there, by a number
    log = await mara.log(path)
    assert [(e["user"], e["value"], e["comment"]) for e in log] == [(done["known_as"], "pro", "")]
    elements = (await mara.get(f"{path}/elements", sample="tagged"))["items"]
    assert [a["user"] for a in elements[0]["annotations"]] == [done["known_as"]]
    threads = (await mara.get(f"/projects/{slug}/threads"))["items"]
    assert "@former user" in str(threads)


async def test_erasing_needs_the_name_and_leaves_an_administrator(team, client, bearer):
    mara, anna, *_ = team
    root = Talk(client, await bearer("root"))
    otto = {"username": "otto", "current_password": PASSWORD}
    problem_of(await anna.ask("POST", "/me/erase", otto), 422)
    # a stolen session is not enough
    stolen = {"username": "anna", "current_password": "guessed"}
    answer = await anna.ask("POST", "/me/erase", stolen)
    assert problem_of(answer, 422)["field"] == "current_password"
    assert (await anna.get("/me"))["username"] == "anna"
    problem_of(await mara.ask("POST", "/users/anna/erase", {"username": "anna"}), 403)
    problem_of(await root.ask("POST", "/users/root/erase", {"username": "root"}), 409)
    # when words are to stay, they do
    answer = await root.ask("POST", "/users/anna/erase", {"username": "anna", "words": False})
    assert (answer.json()["annotations"], answer.json()["words"]) == (1, 0)


async def test_a_deleted_project_leaves_nothing_behind(client, bearer, services):
    mara = Talk(client, await bearer("mara"))
    # given a project with the word in all that people can write into it
    rows = [{"id": f"{SENTINEL}-{i}", "text": f"{SENTINEL} {i}"} for i in range(8)]
    slug = await mara.project(rows, name=f"About {SENTINEL}")
    path = await mara.scheme(slug, labels=[SENTINEL, "none"], codebook=f"# {SENTINEL}")
    given = {"id": f"{SENTINEL}-0", "value": SENTINEL, "comment": SENTINEL}
    await mara.post(f"{path}/annotations", {"annotations": [given]})
    await mara.ask("PATCH", path, {"codebook": f"## {SENTINEL}", "note": SENTINEL})
    gold = {"id": f"{SENTINEL}-1", "value": SENTINEL, "note": SENTINEL}
    assert (await mara.ask("PUT", f"{path}/gold", {"texts": [gold]})).status_code == 200
    await mara.post(f"/projects/{slug}/threads", {"id": f"{SENTINEL}-0", "text": SENTINEL})
    task = {"name": SENTINEL, "instructions": SENTINEL, "assignees": ["mara"], "texts": {"n": 2}}
    await mara.post(f"{path}/tasks", task)
    prompt = {"name": "p", "scheme": "stance", "system": SENTINEL, "user": "{{ text }}"}
    await mara.post(f"/projects/{slug}/prompts", prompt)
    notice = {"text": SENTINEL}
    assert (await mara.ask("POST", f"/projects/{slug}/messages", notice)).status_code < 300
    secret = {"value": f"{SENTINEL}-key", "origin": "https://llm.example"}
    await mara.ask("PUT", f"/projects/{slug}/secrets/key", secret)
    sent = await mara.upload(f"/projects/{slug}/files", SENTINEL.encode(), f"{SENTINEL}.csv")
    assert sent.status_code < 300, sent.text
    there = await traces(services, SENTINEL)
    tables = {each.split(":")[0] for each in there}
    assert tables >= {"label", "annotation", "scheme", "codebook_version", "gold", "post", "task"}
    # when it is deleted
    assert (await mara.ask("DELETE", f"/projects/{slug}", at_once=True)).status_code == 204
    await services.database.shred()
    # then the word is in no table and in the bytes of no file, but for the project's own name
    assert await traces(services, SENTINEL) == []
    slug_rows = await traces(services, slug)
    assert {each.split(":")[0] for each in slug_rows} <= {"audit", "event", "energy", "kodkod.db"}
