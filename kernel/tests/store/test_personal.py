"""Personal data on both databases: read out whole, erased whole, the audit's chain kept."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from kodkod.store.audit import NewAudit, add_audit, broken_audit, list_audit
from kodkod.store.codebooks import list_versions, note_version
from kodkod.store.database import Database, now
from kodkod.store.events import add_event
from kodkod.store.log import read_history, seq_at
from kodkod.store.people import User, add_user
from kodkod.store.personal import erase_person, former_name, personal_rows
from kodkod.store.tables import annotation, event, scheme


async def vera(database: Database) -> User:
    """Add somebody who annotates, comments and is named by what others did."""
    async with database.write() as connection:
        user = await add_user(
            connection, username="ada.b", sign_in="password", secret="s", role="annotator"
        )
        for row, value in enumerate(['"1"', '"2"', '"1"']):
            entry = {
                "project_id": 1,
                "scheme_id": 1,
                "op": "set",
                "row": row // 2,
                "user_id": user.id,
                "value": value,
                "source": "human",
                "comment": "I know her",
                "created_at": now(),
            }
            await connection.execute(sa.insert(annotation).values(entry))
        await add_event(connection, "task.done", 1, {"user": "ada.b", "other": "ada.bc"})
        for user_id, target, sent in (
            (user.id, {"slug": "p"}, {"text": "mine"}),
            (1, {"username": "ada.b"}, {"text": "@ada.b, and ada.bc too"}),
        ):
            row = NewAudit(
                at=now(),
                operation="any",
                status=200,
                user_id=user_id,
                token_id="t",
                address="10.0.0.1",
                target=target,
                sent=sent,
            )
            await add_audit(connection, row)
    return user


async def test_all_rows_of_a_person_are_read_without_what_is_secret(database: Database) -> None:
    user = await vera(database)
    async with database.read() as connection:
        rows = [each async for each in personal_rows(connection, user)]
    by_table = dict(rows)
    assert sum(table == "annotation" for table, _ in rows) == 3
    assert by_table["user"]["username"] == "ada.b"
    assert "secret" not in by_table["user"]
    assert by_table["audit"]["sent"] == {"text": "mine"}


async def test_an_erased_person_leaves_a_number_and_a_whole_chain(database: Database) -> None:
    user = await vera(database)
    async with database.write() as connection:
        done = await erase_person(connection, user, words=True)
    assert (done.annotations, done.words, done.projects) == (3, 3, [1])
    name = former_name(user.id)
    async with database.read() as connection:
        told = [row.data for row in await connection.execute(sa.select(event))]
        other, own = await list_audit(connection, limit=2)
        assert await broken_audit(connection) is None
        comments = await connection.execute(sa.select(annotation.c.comment).distinct())
        assert comments.scalars().all() == [""]
    # whole names alone are replaced: "ada.bc" is somebody else
    assert told == [{"user": name, "other": "ada.bc"}]
    assert (own.address, own.token_id, own.sent) == ("", None, None)
    assert other.target == {"username": name}
    assert other.sent == {"text": f"@{name}, and ada.bc too"}
    assert other.address == "10.0.0.1"


async def test_a_texts_history_and_the_log_at_a_moment(database: Database) -> None:
    user = await vera(database)
    async with database.read() as connection:
        asked = {"user_id": user.id, "row": 0, "before": None, "limit": 10}
        found = await read_history(connection, 1, **asked)
        (first,) = await read_history(connection, 1, **{**asked, "row": 1})
        assert [(entry.value, was) for entry, was in found] == [('"2"', '"1"'), ('"1"', None)]
        assert first[1] is None
        last = first[0]
        assert await seq_at(connection, 1, last.seq) == last.seq
        assert await seq_at(connection, 1, last.seq - 1) == found[0][0].seq
        assert await seq_at(connection, 1, last.created_at) == found[0][0].seq
        assert await seq_at(connection, 1, 0) == 0


async def test_versions_of_a_codebook(database: Database) -> None:
    async with database.write() as connection:
        assert await note_version(connection, 1, user_id=1) == 1
        assert await note_version(connection, 1, user_id=1) == 1
        await connection.execute(sa.update(scheme).values(codebook="New."))
        assert await note_version(connection, 1, user_id=2, note="why", affects=(1, 2)) == 2
    async with database.read() as connection:
        one, two = await list_versions(connection, 1)
    assert (one.number, one.affects, one.note) == (1, None, "")
    assert (two.codebook, two.affects, two.note, two.created_by) == ("New.", (1, 2), "why", 2)
    assert msgspec.json.encode(two.labels) == msgspec.json.encode(one.labels)
