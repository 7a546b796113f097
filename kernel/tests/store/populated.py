"""A user, a project and a scheme, each of the id 1."""

from __future__ import annotations

from kodkod.store.database import Database
from kodkod.store.people import add_user
from kodkod.store.projects import add_project, add_scheme

__all__ = ["populate"]


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
