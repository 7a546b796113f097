from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kodkod.store.audit import NewAudit, add_audit, broken_audit, list_audit, purge_audit
from kodkod.store.database import Database, now
from kodkod.store.tables import audit


def row(operation: str = "create_user", **values) -> NewAudit:
    return NewAudit(at=now(), operation=operation, status=200, **values)


async def fill(database: Database, n: int) -> list[int]:
    for number in range(n):
        sent = {"labels": ["ja", "ça"], "number": number, "share": 0.1 * number}
        new = row(f"op-{number}", user_id=number % 2, project_id=1, sent=sent)
        await database.change(add_audit, new)
    async with database.read() as connection:
        return [each.seq for each in await list_audit(connection, limit=n)][::-1]


async def test_rows_fit_each_other_as_they_were_written(database: Database) -> None:
    await fill(database, 20)
    async with database.read() as connection:
        assert await broken_audit(connection) is None


@pytest.mark.parametrize(
    "change",
    [
        {"status": 403},
        {"user_id": 9},
        {"sent": {"labels": []}},
        {"operation": "list_users"},
        {"address": "10.0.0.1"},
        {"merged": 3},
    ],
)
async def test_a_row_that_was_changed_is_found(database: Database, change) -> None:
    seqs = await fill(database, 6)
    async with database.write() as connection:
        await connection.execute(sa.update(audit).where(audit.c.seq == seqs[3]).values(**change))
    async with database.read() as connection:
        assert await broken_audit(connection) == seqs[3]


async def test_rows_that_were_taken_out_are_missed(database: Database) -> None:
    seqs = await fill(database, 6)
    async with database.write() as connection:
        await connection.execute(sa.delete(audit).where(audit.c.seq.in_(seqs[2:4])))
    async with database.read() as connection:
        assert await broken_audit(connection) == seqs[4]


async def test_what_is_old_is_forgotten_and_the_rest_still_fits(database: Database) -> None:
    old = NewAudit(at=now() - timedelta(days=40), operation="old", status=200)
    for _ in range(3):
        await database.change(add_audit, old)
    await fill(database, 2)
    async with database.write() as connection:
        await purge_audit(connection, now() - timedelta(days=30))
    async with database.read() as connection:
        left = await list_audit(connection, limit=10)
        assert [each.operation for each in left] == ["op-1", "op-0"]
        assert await broken_audit(connection) is None
    # even where nothing is young: the next row builds on the newest
    async with database.write() as connection:
        await purge_audit(connection, now() + timedelta(days=1))
    await database.change(add_audit, row())
    async with database.read() as connection:
        assert await broken_audit(connection) is None


async def test_rows_are_found_by_whose_and_when(database: Database) -> None:
    await fill(database, 6)
    middle = now()
    await database.change(add_audit, row("late", user_id=7))
    async with database.read() as connection:

        async def found(**wanted) -> list[str]:
            rows = await list_audit(connection, limit=10, **wanted)
            return [each.operation for each in rows]

        assert await found(user_id=1) == ["op-5", "op-3", "op-1"]
        assert await found(project_id=1, operation="op-2") == ["op-2"]
        assert await found(since=middle) == ["late"]
        assert len(await found(until=middle)) == 6


@settings(
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text() | st.floats(-1e9, 1e9),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=10,
    )
)
async def test_whatever_was_sent_reads_back_as_it_was_counted(database: Database, sent) -> None:
    await database.change(add_audit, row(sent=sent))
    async with database.read() as connection:
        assert await broken_audit(connection) is None
