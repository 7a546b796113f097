"""A server in this process whose webhooks are told quickly, and a receiver that is told."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Litestar

from kodkod.api import NotFoundError
from kodkod.settings import Settings
from kodkod.store.people import add_user, find_user, put_member
from kodkod.store.projects import add_project, add_scheme, find_project
from kodkod.web.app import create_app, load_registry
from kodkod.web.outbox import Outbox
from kodkod.web.postman import Pace, Postman
from kodkod.web.sign_in import issue_token

from .receiving import Receiver

SLUG = "letters"
QUICK = Pace(look_seconds=0.05, lease=timedelta(seconds=15), retries=(0.05, 0.05, 0.05))
"""With a lease that a busy machine does not outlast."""


@pytest.fixture(autouse=True)
def _private(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KODKOD_WEBHOOKS_ALLOW_PRIVATE", "true")


@pytest.fixture
def public_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KODKOD_WEBHOOKS_ALLOW_PRIVATE")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def other() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


@pytest.fixture(scope="session")
def registry():
    return load_registry()


class House:
    """A server with a project, and its manager's requests."""

    def __init__(self, app: Litestar, http: httpx.AsyncClient) -> None:
        self.app = app
        self.services = app.state.services
        self.http = http
        self.path = f"/api/v1/projects/{SLUG}/webhooks"

    async def ask(self, method: str, path: str = "", body: Any = None) -> httpx.Response:
        return await self.http.request(method, self.path + path, json=body)

    async def hook(self, url: str, *events: str, **more: Any) -> dict[str, Any]:
        body = {"name": "ours", "url": url, "events": list(events) or ["*"], **more}
        answer = await self.ask("POST", body=body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def happens(self, type_: str, **data: Any) -> None:
        async with self.services.database.read() as connection:
            project = await find_project(connection, SLUG)
        await self.services.announce(type_, project, data)

    async def deliveries(self, hook: dict[str, Any]) -> list[dict[str, Any]]:
        answer = await self.ask("GET", f"/{hook['webhook']['id']}/deliveries")
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    async def ended(self, hook: dict[str, Any], n: int = 1) -> list[dict[str, Any]]:
        """Return the deliveries, newest first, once `n` have ended."""
        end = time.monotonic() + 20
        while True:
            found = await self.deliveries(hook)
            if sum(each["state"] != "waiting" for each in found) >= n:
                return found
            assert time.monotonic() < end, found
            await asyncio.sleep(0.02)

    async def info(self, hook: dict[str, Any]) -> dict[str, Any]:
        (found,) = [
            each
            for each in (await self.ask("GET")).json()["items"]
            if each["id"] == hook["webhook"]["id"]
        ]
        return found


@asynccontextmanager
async def opened(settings: Settings, registry: Any, pace: Pace = QUICK) -> AsyncIterator[House]:
    app = create_app(settings, registry=registry)
    services = app.state.services
    services.postman = Postman(
        settings,
        services.database,
        registry,
        services.names,
        outbox=Outbox(services.database, together=timedelta(seconds=0.3)),
        pace=pace,
    )
    transport = httpx.ASGITransport(app)  # pyright: ignore[reportArgumentType]
    async with app.lifespan():
        async with services.database.write() as connection:
            try:
                lead = await find_user(connection, "lead")
            except NotFoundError:
                lead = await add_user(
                    connection, username="lead", sign_in="password", secret="-", role="annotator"
                )
                project = await add_project(
                    connection,
                    owner_id=lead.id,
                    slug=SLUG,
                    name="Letters",
                    language="en",
                    config={},
                    n_rows=0,
                    splits={"train": 0, "valid": 0, "test": 0},
                    corpus_fingerprint="",
                    created_by="lead",
                )
                await put_member(connection, project.id, lead.id, "manager")
                await add_scheme(
                    connection,
                    [],
                    project_id=project.id,
                    name="stance",
                    type="multiclass",
                    params={},
                    codebook="",
                    overlap=1,
                    guide=None,
                )
            token, _ = await issue_token(
                connection, lead.id, lasts=timedelta(hours=1), scopes=["read", "write"]
            )
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://kodkod.test", headers=headers
        ) as http:
            yield House(app, http)


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory, registry) -> Path:
    """Give an installation with a project and its manager, to be copied."""
    folder = tmp_path_factory.mktemp("installation")

    async def install() -> None:
        async with opened(Settings(data_dir=folder), registry):
            pass

    asyncio.run(install())
    return folder


@pytest.fixture
def settings(installation: Path, tmp_path: Path) -> Settings:
    shutil.copytree(installation, tmp_path / "data")
    return Settings(data_dir=tmp_path / "data", public_url="https://kodkod.example.org/")


@pytest.fixture
async def house(settings: Settings, registry) -> AsyncIterator[House]:
    """Open a server in a task of its own: pytest ends a fixture in another than it began it in."""
    made: asyncio.Future[House] = asyncio.get_running_loop().create_future()
    over = asyncio.Event()

    async def keep() -> None:
        try:
            async with opened(settings, registry) as house:
                made.set_result(house)
                await over.wait()
        except BaseException as error:
            if not made.done():
                made.set_exception(error)
            raise

    keeper = asyncio.create_task(keep())
    yield await made
    over.set()
    await keeper
