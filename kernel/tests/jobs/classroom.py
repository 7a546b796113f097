"""A project of short texts about animals, with a scheme of each type, and people who code it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
import polars as pl

from kodkod.settings import Settings
from kodkod.store.artefacts import ModelRow, list_models
from kodkod.store.corpus import write_corpus
from kodkod.store.database import Database
from kodkod.store.log import LogWriter, NewEntry
from kodkod.store.people import add_user
from kodkod.store.projects import (
    Project,
    Scheme,
    add_project,
    add_scheme,
    change_project,
    find_project,
)

LABELS = ("cat", "dog", "none")
TEXTS = ("a cat sat", "the dog ran", "rain again", "one cat and one dog")
"""Row i has text i modulo 4; every fifth row is in the test split, every seventh in valid."""


def texts_of(n: int) -> list[str]:
    return [f"{TEXTS[i % len(TEXTS)]} {i}" for i in range(n)]


def corpus_of(n: int) -> pl.DataFrame:
    split = [2 if i % 5 == 4 else 1 if i % 7 == 6 else 0 for i in range(n)]
    return pl.DataFrame(
        {
            "id": [f"t{i}" for i in range(n)],
            "text": texts_of(n),
            "split": np.array(split, dtype=np.uint8),
        }
    )


class Classroom:
    """The project, one scheme of the type asked for, and what is said in it."""

    def __init__(self, settings: Settings, database: Database, writer: LogWriter) -> None:
        self.settings = settings
        self.database = database
        self._writer = writer
        self.project: Project
        self.scheme: Scheme
        self.users = {"ana": 1}

    async def open(self, n: int, type_: str, labels: Sequence[str] = LABELS) -> None:
        root = self.settings.projects / "animals"
        root.mkdir(parents=True)
        facts = write_corpus(root, corpus_of(n))
        config = {"name": "Animals", "text_columns": ["text"], "id_column": "id"}
        async with self.database.write() as connection:
            made = await add_user(
                connection, username="ben", sign_in="none", secret="", role="annotator"
            )
            self.users["ben"] = made.id
            self.project = await add_project(
                connection,
                owner_id=1,
                slug="animals",
                name="Animals",
                language="en",
                config=config,
                n_rows=facts.n_rows,
                splits=facts.splits,
                corpus_fingerprint=facts.fingerprint,
                created_by="ana",
            )
            self.scheme = await add_scheme(
                connection,
                [(name, None, "") for name in labels],
                project_id=self.project.id,
                name="animal",
                type=type_,
                params={},
                codebook="",
                overlap=1,
                guide=None,
            )
        self.root = root

    async def grow(self, n: int) -> None:
        facts = write_corpus(self.root, corpus_of(n))
        async with self.database.write() as connection:
            await change_project(
                connection,
                self.project.id,
                n_rows=facts.n_rows,
                splits=facts.splits,
                corpus_fingerprint=facts.fingerprint,
            )
        async with self.database.read() as connection:
            self.project = await find_project(connection, "animals")

    def label(self, name: str) -> int:
        return next(label.id for label in self.scheme.labels if label.name == name)

    async def say(
        self, values: dict[int, Any], user: str = "ana", source: str = "human"
    ) -> list[int]:
        """Code rows; labels by name, as a client would."""
        return await self._writer.append(
            [
                NewEntry(
                    project_id=self.project.id,
                    scheme_id=self.scheme.id,
                    op="set",
                    row=row,
                    user_id=self.users[user],
                    value=msgspec.json.encode(self._coded(value)).decode(),
                    source=source,
                )
                for row, value in values.items()
            ]
        )

    def _coded(self, value: Any) -> Any:
        if isinstance(value, str):
            return str(self.label(value))
        if isinstance(value, dict):
            return {**value, "label": str(self.label(value["label"]))}
        return [self._coded(each) for each in value]

    async def truth(self, rows: Sequence[int]) -> None:
        """Say what is so of the rows, by the scheme's type."""
        await self.say({row: self.right(row) for row in rows})

    def right(self, row: int) -> Any:
        text = texts_of(row + 1)[row]
        there = [name for name in ("cat", "dog") if name in text]
        if self.scheme.type == "multilabel":
            return there
        if self.scheme.type == "span":
            found = [(text.index(name), name) for name in there]
            return [{"start": s, "end": s + 3, "label": name} for s, name in sorted(found)]
        return there[0] if there else "none"

    async def model(self, key: str) -> ModelRow:
        async with self.database.read() as connection:
            rows = await list_models(connection, self.project.id)
        return next(row for row in rows if key in {row.id, row.name})

    def train_rows(self, n: int) -> list[int]:
        """Return the first rows of the train split."""
        return [i for i in range(n * 4) if i % 5 != 4 and i % 7 != 6][:n]
