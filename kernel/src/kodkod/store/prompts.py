"""Prompts and their versions: a version is never changed, a new one is added."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
import sqlalchemy as sa
from msgspec import Meta, Struct
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import ConflictError
from kodkod.store.tables import prompt, prompt_version

__all__ = [
    "ExamplePlan",
    "PromptRow",
    "PromptVersion",
    "add_prompt",
    "add_version",
    "delete_prompt",
    "find_prompt",
    "find_version",
    "list_prompts",
    "list_versions",
]


class ExamplePlan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which annotated texts of the train split are shown as examples: `n` of them.

    `nearest` are those that a `feature` (id or name) has nearest to the text; `balanced` takes
    labels in turn. Those of the other two are the same for every text, unless `per_text` draws
    them anew; the same ones let an endpoint keep what it has read of the prompt's beginning.
    """

    how: Literal["none", "random", "nearest", "balanced"] = "none"
    n: Annotated[int, Meta(ge=1, le=100)] = 6
    feature: str | None = None
    per_text: bool = False
    seed: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0


class PromptRow(Struct, frozen=True, kw_only=True):
    """A prompt of a scheme."""

    id: str
    project_id: int
    scheme_id: int
    name: str
    created_at: datetime


class PromptVersion(Struct, frozen=True, kw_only=True):
    """A version: two templates, and the examples that they may show. Numbers begin at 1."""

    prompt_id: str
    number: int
    system: str
    user: str
    examples: ExamplePlan
    note: str
    created_by: int
    created_at: datetime


async def add_prompt(connection: AsyncConnection, new: PromptRow, first: PromptVersion) -> None:
    """Keep a prompt with its first version.

    Raises:
        ConflictError: the name was taken meanwhile.
    """
    try:
        await connection.execute(sa.insert(prompt).values(**msgspec.structs.asdict(new)))
    except IntegrityError as error:
        raise ConflictError(
            f"The project has a prompt {new.name!r} already; add a version to it, or choose "
            "another name."
        ) from error
    await connection.execute(sa.insert(prompt_version).values(**_plain(first)))


async def add_version(connection: AsyncConnection, new: PromptVersion) -> None:
    """Keep a version.

    Raises:
        ConflictError: somebody else has added one of this number.
    """
    try:
        await connection.execute(sa.insert(prompt_version).values(**_plain(new)))
    except IntegrityError as error:
        raise ConflictError(
            f"Somebody else has added version {new.number} meanwhile; look at it, then add yours."
        ) from error


async def list_prompts(connection: AsyncConnection, project_id: int) -> list[PromptRow]:
    """Return a project's prompts, oldest first."""
    query = sa.select(prompt).where(prompt.c.project_id == project_id).order_by(prompt.c.created_at)
    return [PromptRow(**row._mapping) for row in await connection.execute(query)]


async def find_prompt(connection: AsyncConnection, prompt_id: str) -> PromptRow | None:
    """Return the prompt, or None if it is gone."""
    row = (await connection.execute(sa.select(prompt).where(prompt.c.id == prompt_id))).first()
    return None if row is None else PromptRow(**row._mapping)


async def list_versions(connection: AsyncConnection, prompt_id: str) -> list[PromptVersion]:
    """Return a prompt's versions, the newest first."""
    return [_version(row) for row in await connection.execute(_versions(prompt_id))]


async def find_version(
    connection: AsyncConnection, prompt_id: str, number: int | None = None
) -> PromptVersion | None:
    """Return a version, without a number the newest; None if there is none."""
    query = _versions(prompt_id).limit(1)
    if number is not None:
        query = query.where(prompt_version.c.number == number)
    row = (await connection.execute(query)).first()
    return None if row is None else _version(row)


async def delete_prompt(connection: AsyncConnection, prompt_id: str) -> None:
    """Forget a prompt with its versions."""
    await connection.execute(sa.delete(prompt).where(prompt.c.id == prompt_id))


def _versions(prompt_id: str) -> sa.Select[Any]:
    newest = prompt_version.c.number.desc()
    return sa.select(prompt_version).where(prompt_version.c.prompt_id == prompt_id).order_by(newest)


def _version(row: sa.Row[Any]) -> PromptVersion:
    values = dict(row._mapping)
    return PromptVersion(**{**values, "examples": msgspec.convert(values["examples"], ExamplePlan)})


def _plain(version: PromptVersion) -> dict[str, Any]:
    values = msgspec.structs.asdict(version)
    return {**values, "examples": msgspec.to_builtins(version.examples)}
