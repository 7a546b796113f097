"""Prompts: versions are added, never changed, and go with their scheme."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kodkod.api import ConflictError
from kodkod.store.database import Database
from kodkod.store.projects import add_scheme, delete_project, delete_scheme
from kodkod.store.prompts import (
    ExamplePlan,
    PromptRow,
    PromptVersion,
    add_prompt,
    add_version,
    delete_prompt,
    find_prompt,
    find_version,
    list_prompts,
    list_versions,
)

TIME = datetime(2026, 1, 1, tzinfo=UTC)


def prompt(id_: str = "p1", name: str = "code", scheme_id: int = 1) -> PromptRow:
    return PromptRow(id=id_, project_id=1, scheme_id=scheme_id, name=name, created_at=TIME)


def version(number: int = 1, prompt_id: str = "p1", **values: object) -> PromptVersion:
    facts = {
        "system": "Code it.",
        "user": "{{ text }} \u00e9",
        "examples": ExamplePlan(how="nearest", n=3, feature="f1", seed=7, per_text=True),
        "note": "first",
        "created_by": 1,
        "created_at": TIME,
    }
    return PromptVersion(prompt_id=prompt_id, number=number, **(facts | values))


async def test_a_prompt_has_its_versions_the_newest_first(database: Database) -> None:
    first, second = version(), version(2, user="{{ text }}!", examples=ExamplePlan())
    await database.change(add_prompt, prompt(), first)
    await database.change(add_version, second)

    async with database.read() as connection:
        assert await list_prompts(connection, 1) == [prompt()]
        assert await list_prompts(connection, 2) == []
        assert await find_prompt(connection, "p1") == prompt()
        assert await list_versions(connection, "p1") == [second, first]
        assert await find_version(connection, "p1") == second
        assert await find_version(connection, "p1", 1) == first
        assert await find_version(connection, "p1", 3) is None
        assert await find_version(connection, "p2") is None


async def test_of_two_who_add_a_version_at_once_one_is_told(database: Database) -> None:
    await database.change(add_prompt, prompt(), version())
    await database.change(add_version, version(2, note="quick"))
    with pytest.raises(ConflictError, match="Somebody else has added version 2"):
        await database.change(add_version, version(2, note="slow"))
    async with database.read() as connection:
        assert [each.note for each in await list_versions(connection, "p1")] == ["quick", "first"]


async def test_a_name_is_taken_once_in_a_project(database: Database) -> None:
    await database.change(add_prompt, prompt(), version())
    with pytest.raises(ConflictError, match="has a prompt 'code' already"):
        await database.change(add_prompt, prompt("p2"), version(prompt_id="p2"))


@pytest.mark.parametrize("gone", ["prompt", "scheme", "project"])
async def test_versions_go_with_what_they_are_of(database: Database, gone: str) -> None:
    # Given prompts of two schemes
    async with database.write() as connection:
        other = await add_scheme(
            connection,
            [],
            project_id=1,
            name="other",
            type="multiclass",
            params={},
            codebook="",
            overlap=1,
            guide=None,
        )
        await add_prompt(connection, prompt(), version())
        await add_prompt(
            connection, prompt("p2", "second", other.id), version(prompt_id="p2", note="kept")
        )

    # When one of them, its scheme or its project is deleted
    delete = {"prompt": delete_prompt, "scheme": delete_scheme, "project": delete_project}[gone]
    await database.change(delete, "p1" if gone == "prompt" else 1)

    # Then its versions are gone, and those of the other are there unless its project is gone too
    async with database.read() as connection:
        assert await find_prompt(connection, "p1") is None
        assert await list_versions(connection, "p1") == []
        kept = [] if gone == "project" else ["kept"]
        assert [each.note for each in await list_versions(connection, "p2")] == kept
