"""A database of each kind: SQLite always, PostgreSQL where the environment names one."""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from kodkod.store.database import Database
from kodkod.store.people import add_user
from kodkod.store.projects import add_project, add_scheme

POSTGRES = os.environ.get("KODKOD_TEST_POSTGRES_URL", "")
KINDS = ["sqlite", *(["postgres"] if POSTGRES else [])]


async def statement(url: sa.URL, text: str) -> None:
    """Run something that cannot stand in a transaction."""
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(sa.text(text))
    await engine.dispose()


@pytest.fixture(params=KINDS)
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """Give the URL of an empty database of this test's own."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'data # 1.db'}"
        return
    # A service that is named and does not answer is a failure: nothing here skips.
    home = sa.make_url(POSTGRES).set(drivername="postgresql+asyncpg")
    name = f"kodkod_test_{secrets.token_hex(6)}"
    await statement(home, f"CREATE DATABASE {name}")
    try:
        yield home.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    finally:
        await statement(home, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def database(url: str, tmp_path: Path) -> AsyncIterator[Database]:
    """Give the database with its tables, a user, a project and a scheme, each of the id 1."""
    made = Database.at(url, tmp_path)
    await made.migrate()
    await populate(made)
    yield made
    await made.close()


async def populate(database: Database) -> None:
    async with database.write() as connection:
        user = await add_user(
            connection, username="ada", sign_in="password", secret="", role="manager"
        )
        project = await add_project(
            connection,
            owner_id=user.id,
            slug="letters",
            name="Letters",
            language="en",
            config={},
            n_rows=10,
            splits={"train": 10, "valid": 0, "test": 0},
            corpus_fingerprint="",
            created_by="ada",
        )
        await add_scheme(
            connection,
            [("yes", None, ""), ("no", None, "")],
            project_id=project.id,
            name="topic",
            type="multiclass",
            params={},
            codebook="",
            overlap=1,
            guide=None,
        )
