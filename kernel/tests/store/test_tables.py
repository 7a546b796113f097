"""Migrations make the tables that the code speaks of; hot paths use an index."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.dialects import sqlite

from kodkod.api import ConflictError, UnavailableError
from kodkod.store.codebooks import list_versions
from kodkod.store.database import Database
from kodkod.store.people import Token, add_token, add_user, find_identity, role_in
from kodkod.store.projects import find_project, list_schemes
from kodkod.store.tables import (
    annotation,
    event,
    group_member,
    invitation,
    job,
    label,
    member,
    metadata,
    project_group,
    restriction,
    scheme_user,
    token,
)
from kodkod.store.tables.columns import Utc


async def test_migrations_are_up_to_date_with_the_tables(database: Database) -> None:
    def differences(connection: sa.Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, metadata)

    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


_MIGRATE = """
import asyncio, sys
from pathlib import Path
from kodkod.store.database import Database
async def migrate():
    database = Database.at(sys.argv[1], Path())
    await database.migrate()
    await database.close()
asyncio.run(migrate())
"""


async def test_servers_that_start_together_make_the_tables_once(url: str, tmp_path: Path) -> None:
    servers = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", _MIGRATE, url) for _ in range(3)
    ]

    assert [await server.wait() for server in servers] == [0, 0, 0]

    database = Database.at(url, tmp_path)
    async with database.read() as connection:
        assert await list_schemes(connection, 1) == []
    await database.close()


async def test_schemes_from_before_codebooks_had_versions_have_a_first_one(tmp_path: Path) -> None:
    database = Database.at("", tmp_path)
    await database.migrate("0008")
    async with database.write() as connection:
        for statement in (
            "INSERT INTO project VALUES (1, 'p', 'P', 'en', '{}', 0, '{}', '', 'ada', 1, NULL)",
            "INSERT INTO scheme VALUES (7, 1, 's', 'multiclass', '{}', '# Old', 1, NULL, 123)",
            "INSERT INTO label VALUES (3, 7, 'pro', NULL, 'for it', 0)",
        ):
            await connection.exec_driver_sql(statement)
    await database.migrate()
    async with database.read() as connection:
        (version,) = await list_versions(connection, 7)
        (scheme,) = await list_schemes(connection, 1)
    await database.close()
    assert (version.number, version.seq, version.codebook) == (1, 0, "# Old")
    assert version.labels == scheme.labels
    assert version.created_by is None
    assert [(mark.number, mark.affects) for mark in scheme.versions] == [(1, None)]


async def test_a_database_that_does_not_answer_is_said_without_its_password(tmp_path: Path) -> None:
    database = Database.at("postgresql://ada:secret@127.0.0.1:9/none", tmp_path)
    with pytest.raises(UnavailableError, match="cannot be used") as caught:
        await database.migrate()
    assert "secret" not in str(caught.value)
    await database.close()


HOT = {
    "a request's token": sa.select(token).where(token.c.digest == "x"),
    "a request's project": sa.select(metadata.tables["project"]).where(
        metadata.tables["project"].c.slug == "x"
    ),
    "a request's role": sa.select(member.c.role).where(
        member.c.project_id == 1, member.c.user_id == 1
    ),
    "a request's groups": sa.select(project_group.c.role)
    .join(group_member, group_member.c.group_id == project_group.c.group_id)
    .where(project_group.c.project_id == 1, group_member.c.user_id == 1),
    "a request's restricted schemes": sa.select(restriction.c.scheme_id).where(
        restriction.c.project_id == 1
    ),
    "a request's rights with schemes": sa.select(scheme_user.c.may).where(
        scheme_user.c.user_id == 1, scheme_user.c.scheme_id.in_([1, 2])
    ),
    "an invitation's token": sa.select(invitation).where(invitation.c.digest == "x"),
    "the log's end": sa.select(sa.func.max(annotation.c.seq)),
    "the log's tail": sa.select(annotation).where(annotation.c.seq > 5).order_by(annotation.c.seq),
    "a scheme's log": sa.select(annotation)
    .where(annotation.c.scheme_id == 1, annotation.c.seq > 5)
    .order_by(annotation.c.seq),
    "a text's history": sa.select(annotation)
    .where(annotation.c.scheme_id == 1, annotation.c.row == 5)
    .order_by(annotation.c.seq.desc()),
    "a scheme's labels": sa.select(label).where(label.c.scheme_id == 1).order_by(label.c.position),
    "new events": sa.select(event).where(event.c.id > 5).order_by(event.c.id),
    "a project's jobs": sa.select(job).where(job.c.project_id == 1),
    "live jobs": sa.select(job).where(job.c.state == "running"),
}


@pytest.mark.parametrize("path", HOT)
async def test_hot_paths_use_an_index_and_sort_nothing(path: str, tmp_path: Path) -> None:
    database = Database.at("", tmp_path)
    await database.migrate()
    text = HOT[path].compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    async with database.read() as connection:
        plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}")
        steps = [row[3] for row in plan]
    await database.close()

    assert steps
    assert all(step.startswith("SEARCH") for step in steps), steps


async def test_a_token_speaks_for_its_user_until_it_expires(database: Database) -> None:
    now = datetime.now(UTC)
    async with database.write() as connection:
        for id_, hours in (("a", 1), ("b", -1)):
            lasts = now + timedelta(hours=hours)
            await add_token(
                connection,
                Token(
                    id=id_,
                    user_id=1,
                    digest=id_ * 4,
                    name=None,
                    scopes=["read"],
                    created_at=now,
                    expires_at=lasts,
                ),
            )
    async with database.read() as connection:
        found = await find_identity(connection, "aaaa")
        assert found is not None
        assert (found.username, found.scopes) == ("ada", ["read"])
        assert found.expires_at == now + timedelta(hours=1)
        assert await find_identity(connection, "bbbb") is None
        assert await role_in(connection, 1, 1) == "manager"
        assert (await find_project(connection, "letters")).n_rows == 10


async def test_a_username_is_one_persons_in_whatever_case(database: Database) -> None:
    async with database.write() as connection:
        with pytest.raises(ConflictError, match="taken"):
            await add_user(connection, username="ADA", sign_in="x", secret="", role="annotator")


def test_a_time_is_kept_to_the_microsecond() -> None:
    column, dialect = Utc(), sqlite.dialect()
    for micro in (0, 1, 499_999, 500_001, 999_999):
        moment = datetime(2026, 3, 29, 1, 59, 59, micro, tzinfo=UTC)
        kept = column.process_bind_param(moment, dialect)
        assert column.process_result_value(kept, dialect) == moment
