"""Drawn samples as rows: kept as they are, restored, and gone with their project."""

from __future__ import annotations

import msgspec
import pytest

from kodkod.api import ConflictError
from kodkod.settings import Settings
from kodkod.store.database import Database
from kodkod.store.drawn_samples import add_sample, delete_sample, list_samples
from kodkod.store.projects import delete_project

from .installed import back_up_to, drawn, opened, restore_from, settings_of
from .populated import populate


@pytest.fixture
async def database(tmp_path):
    async with opened(settings_of(tmp_path)) as database:
        await database.migrate()
        await populate(database)
        yield database


async def names_in(database: Database) -> list[str]:
    async with database.read() as connection:
        return [each.name for each in await list_samples(connection, 1)]


async def test_a_sample_is_read_as_it_was_drawn(database):
    sample = drawn("s-1")
    async with database.write() as connection:
        await add_sample(connection, sample)
    async with database.read() as connection:
        (found,) = await list_samples(connection, 1)
        assert await list_samples(connection, 2) == []
    assert msgspec.structs.replace(found, created_at=sample.created_at) == sample


async def test_a_name_is_taken_once(database):
    async with database.write() as connection:
        await add_sample(connection, drawn("s-1"))
    with pytest.raises(ConflictError, match="'fair' already"):
        async with database.write() as connection:
            await add_sample(connection, drawn("s-2"))
    async with database.write() as connection:
        await delete_sample(connection, "s-1")
        await add_sample(connection, drawn("s-2"))
    assert await names_in(database) == ["fair"]


async def test_it_goes_with_its_project(database):
    async with database.write() as connection:
        await add_sample(connection, drawn("s-1"))
        await delete_project(connection, 1)
    assert await names_in(database) == []


async def test_it_comes_back_from_a_backup(source: Settings, target: Settings, tmp_path) -> None:
    await back_up_to(source, tmp_path / "backup.zip")
    await restore_from(tmp_path / "backup.zip", target)
    async with opened(source) as before, opened(target) as after:
        async with before.read() as connection:
            there = await list_samples(connection, 1)
        async with after.read() as connection:
            assert await list_samples(connection, 1) == there
    assert [each.rows for each in there] == [[9, 2, 4, 1, 7]]
