"""Events in both databases: what is read, what is forgotten, who may hear."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from kodkod.store.database import Database, now
from kodkod.store.events import add_event, first_event, last_event, purge_events, read_events
from kodkod.store.people import Token, add_token, add_user, change_user, put_member
from kodkod.store.projects import add_project
from kodkod.store.rights import members_of, roles_of
from kodkod.store.tables import event

WEEK = timedelta(days=7)


async def write(database: Database, *projects: int | None) -> list[int]:
    """Write an event in each project; return the ids."""
    ids = []
    for project_id in projects:
        async with database.write() as connection:
            await add_event(connection, "scheme.changed", project_id, {"n": len(ids)})
            ids.append(await last_event(connection))
    return ids


async def age(database: Database, *ids: int) -> None:
    async with database.write() as connection:
        old = now() - timedelta(days=8)
        await connection.execute(sa.update(event).where(event.c.id.in_(ids)).values(created_at=old))


async def second_project(database: Database) -> int:
    """Make a project of another user's."""
    async with database.write() as connection:
        bob = await add_user(
            connection, username="bob", sign_in="password", secret="", role="annotator"
        )
        made = await add_project(
            connection,
            owner_id=bob.id,
            slug="songs",
            name="Songs",
            language="en",
            config={},
            n_rows=0,
            splits={},
            corpus_fingerprint="",
            created_by="bob",
        )
    return made.id


async def test_events_are_read_in_order_and_in_part(database):
    songs = await second_project(database)
    ids = await write(database, 1, songs, None, 1, songs)
    expected = {
        "all": ({}, ids),
        "after": ({"after": ids[1]}, ids[2:]),
        "until": ({"until": ids[3]}, ids[:4]),
        "some": ({"limit": 2}, ids[:2]),
        "of a project": ({"project_id": 1}, [ids[0], ids[3]]),
        "of a member": ({"member_id": 1}, [ids[0], ids[2], ids[3]]),
        "of a member in another's": ({"member_id": 1, "project_id": songs}, []),
        "of nobody": ({"member_id": 99}, [ids[2]]),
    }
    async with database.read() as connection:
        for name, (wanted, found) in expected.items():
            read = await read_events(connection, **({"after": 0} | wanted))
            assert [each.id for each in read] == found, name
        assert [each.data for each in await read_events(connection, after=ids[3])] == [{"n": 4}]


async def test_old_events_are_forgotten_but_never_the_newest(database):
    async with database.write() as connection:
        await purge_events(connection, WEEK)  # nothing there, nothing to do
        assert (await first_event(connection), await last_event(connection)) == (0, 0)
    ids = await write(database, 1, 1, 1, 1)
    await age(database, *ids[:2])
    async with database.write() as connection:
        await purge_events(connection, WEEK)
        assert (await first_event(connection), await last_event(connection)) == (ids[2], ids[3])
    await age(database, *ids[2:])
    async with database.write() as connection:
        await purge_events(connection, WEEK)
        assert (await first_event(connection), await last_event(connection)) == (ids[3], ids[3])


async def test_members_are_those_of_the_project(database):
    songs = await second_project(database)
    async with database.write() as connection:
        await put_member(connection, songs, 1, "annotator")
        await connection.execute(sa.text("DELETE FROM member WHERE project_id = 1"))
    async with database.read() as connection:
        assert await members_of(connection, {1, songs, 99}) == {
            1: {},
            songs: {1: frozenset(), 2: frozenset()},
        }
        assert await members_of(connection, ()) == {}


async def test_only_valid_tokens_have_a_role(database):
    async with database.write() as connection:
        await add_user(connection, username="bob", sign_in="password", secret="", role="annotator")
        await change_user(connection, 2, active=False)
        for id_, user_id, hours in (("good", 1, 1), ("old", 1, -1), ("closed", 2, 1)):
            token = Token(
                id=id_,
                user_id=user_id,
                digest=id_,
                name=None,
                scopes=["read"],
                created_at=now(),
                expires_at=now() + timedelta(hours=hours),
            )
            await add_token(connection, token)
    async with database.read() as connection:
        asked = ["good", "old", "closed", "revoked"]
        assert await roles_of(connection, asked) == {"good": "manager"}
        # and of more than a statement takes at once
        assert await roles_of(connection, [*asked, *map(str, range(40_000))]) == {"good": "manager"}
