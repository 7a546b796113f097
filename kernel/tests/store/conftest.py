"""A database of each kind: SQLite always, PostgreSQL where the environment names one."""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from kodkod.settings import Settings
from kodkod.store.database import Database

from .installed import back_up_to, install, settings_of
from .populated import populate

POSTGRES = os.environ.get("KODKOD_TEST_POSTGRES_URL", "")
KINDS = ["sqlite", *(["postgres"] if POSTGRES else [])]


async def statement(url: sa.URL, text: str) -> None:
    """Run something that cannot stand in a transaction."""
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(sa.text(text))
    await engine.dispose()


@asynccontextmanager
async def empty_database(kind: str, folder: Path) -> AsyncIterator[str]:
    """Give the URL of an empty database of this kind, of nobody else's."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'data # 1.db'}"
        return
    # A service that is named and does not answer is a failure: nothing here skips.
    home = sa.make_url(POSTGRES).set(drivername="postgresql+asyncpg")
    name = f"kodkod_test_{secrets.token_hex(6)}"
    await statement(home, f"CREATE DATABASE {name}")
    try:
        yield home.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    finally:
        await statement(home, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=KINDS)
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """Give the URL of an empty database of this test's own."""
    async with empty_database(request.param, tmp_path) as made:
        yield made


@pytest.fixture
async def database(url: str, tmp_path: Path) -> AsyncIterator[Database]:
    """Give the database with its tables, a user, a project and a scheme, each of the id 1."""
    made = Database.at(url, tmp_path)
    await made.migrate()
    await populate(made)
    yield made
    await made.close()


@pytest.fixture(params=KINDS)
async def source(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Settings]:
    """Give an installation, with a database of each kind."""
    async with empty_database(request.param, tmp_path) as url:
        settings = settings_of(tmp_path / "source", url)
        await install(settings)
        yield settings


@pytest.fixture(params=KINDS)
async def target(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Settings]:
    """Give an empty installation, with a database of each kind."""
    folder = tmp_path / "target"
    folder.mkdir()
    if request.param == "sqlite":
        yield settings_of(folder)
        return
    async with empty_database(request.param, folder) as url:
        yield settings_of(folder, url)


@pytest.fixture
async def plain(tmp_path: Path) -> Settings:
    """Give an installation with the embedded database."""
    settings = settings_of(tmp_path / "plain")
    await install(settings)
    return settings


@pytest.fixture
async def archive(plain: Settings, tmp_path: Path) -> Path:
    """Give a backup of it."""
    path = tmp_path / "backup.zip"
    await back_up_to(plain, path)
    return path
