"""A server whose jobs run in the test's own process, with toys for models and labellers."""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import polars as pl
import pytest

from kodkod.jobs.brokers.broker import make_broker
from kodkod.jobs.kinds import plugin as job_kinds
from kodkod.jobs.runner import JobRunner
from kodkod.jobs.workspace import Workspace
from kodkod.plugins import PluginRegistry
from kodkod.store.database import Database
from kodkod.web.app import create_app

from .talking import Talk

TOYS = Path(__file__).parent.parent / "jobs" / "toy"
TEXTS = ("a cat sat", "the dog ran", "rain again", "one cat and one dog")
ROWS = [{"id": f"t{i}", "text": f"{TEXTS[i % 4]} {i}"} for i in range(40)]
LABELS = ["cat", "dog", "none"]


@pytest.fixture(scope="module")
def toys() -> PluginRegistry:
    sys.path.insert(0, str(TOYS))
    try:
        from kodkod_toy import plugin

        return PluginRegistry.load(extra=[job_kinds, plugin])
    finally:
        sys.path.remove(str(TOYS))


@pytest.fixture
def app(settings, toys, monkeypatch):
    monkeypatch.syspath_prepend(str(TOYS))
    return create_app(settings, registry=toys)


@pytest.fixture
async def work(settings, toys, client) -> AsyncIterator[Workspace]:
    """What a worker has; jobs run in this process when they are asked to."""
    workspace = Workspace(settings, toys, Database.at("", settings.data_dir))
    yield workspace
    workspace.close()


class Desk(Talk):
    """Somebody who trains models, and the worker that does it."""

    def __init__(self, talk: Talk, runner: JobRunner) -> None:
        super().__init__(talk.client, talk.headers)
        self.runner = runner

    async def run(self, path: str, body: dict) -> dict:
        """Start a job and wait for its end."""
        job = await self.post(path, body)
        await asyncio.to_thread(self.runner.run, job["id"])
        done = await self.get(f"/jobs/{job['id']}")
        assert done["state"] == "done", done["error"]
        return done

    async def classroom(self, type_: str, labels=LABELS, **split) -> str:
        slug = await self.project(ROWS, split=split or {"test": 10, "seed": 1})
        path = await self.scheme(slug, name="animal", type=type_, labels=labels)
        given = [{"id": row["id"], "value": right(row["text"], type_)} for row in ROWS[:30]]
        await self.post(f"{path}/annotations", {"annotations": given})
        return f"/projects/{slug}"

    async def train(self, project: str, **options) -> dict:
        body = {"name": "m", "scheme": "animal", "component": "words", **options}
        await self.run(f"{project}/models", body)
        models = (await self.get(f"{project}/models"))["items"]
        return next(each for each in models if each["name"] == body["name"])

    async def table(self, project: str, format_: str = "parquet", **query) -> pl.DataFrame:
        path = f"{project}/export/predictions"
        answer = await self.ask("GET", path, format=format_, **query)
        assert answer.status_code == 200, answer.text
        read = {"parquet": pl.read_parquet, "csv": pl.read_csv, "jsonl": pl.read_ndjson}
        return read[format_](io.BytesIO(answer.content))


def right(text: str, type_: str):
    there = [name for name in ("cat", "dog") if name in text]
    if type_ == "multilabel":
        return there
    if type_ == "span":
        starts = sorted((text.index(name), name) for name in there)
        return [{"start": s, "end": s + 3, "label": name} for s, name in starts]
    return there[0] if there else "none"


@pytest.fixture
async def mara(client, bearer, work, settings) -> AsyncIterator[Desk]:
    broker = make_broker("", settings.data_dir)
    talk = Talk(client, await bearer("mara"))
    yield Desk(talk, JobRunner(work, broker, "worker-in-test"))
    broker.close()
