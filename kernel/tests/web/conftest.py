"""An installation with five people and a project, copied for each test from one made once."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from kodkod.settings import Settings
from kodkod.store.database import Database
from kodkod.store.people import add_user, change_user, find_user, put_member
from kodkod.store.projects import add_project
from kodkod.web.app import create_app, load_registry
from kodkod.web.services import Services, make_services, open_services
from kodkod.web.sign_in import issue_token

from .talking import Talk

PASSWORD = "correct horse battery"
PEOPLE = {
    "root": "root",
    "mara": "manager",  # may make projects; belongs to none
    "lead": "annotator",  # manager of the project
    "anna": "annotator",  # annotator of the project
    "otto": "annotator",  # belongs to no project
    "rita": "annotator",  # reader of the project
    "cora": "annotator",  # contributor to the project
}
SLUG = "letters"


@pytest.fixture(scope="session")
def registry():
    return load_registry()


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory, registry) -> Path:
    folder = tmp_path_factory.mktemp("installation")

    async def install() -> None:
        services = make_services(Settings(data_dir=folder), registry)
        async with open_services(services):
            await populate(services)

    asyncio.run(install())
    return folder


async def populate(services: Services) -> None:
    secret = await services.sign_in.enroll(PASSWORD)
    async with services.database.write() as connection:
        ids = {}
        for name, role in PEOPLE.items():
            made = await add_user(
                connection, username=name, sign_in="password", secret=secret, role=role
            )
            ids[name] = made.id
    await add_letters(services.database, SLUG)


async def add_letters(database: Database, slug: str) -> None:
    """Store a project (its row, no corpus) with a member of each role."""
    async with database.write() as connection:
        lead = await find_user(connection, "lead")
        project = await add_project(
            connection,
            owner_id=lead.id,
            slug=slug,
            name="Letters",
            language="en",
            config={},
            n_rows=0,
            splits={"train": 0, "valid": 0, "test": 0},
            corpus_fingerprint="",
            created_by="lead",
        )
        for name, role in (("anna", "annotator"), ("rita", "reader"), ("cora", "contributor")):
            user = await find_user(connection, name)
            await put_member(connection, project.id, user.id, role)


@pytest.fixture
def settings(installation: Path, tmp_path: Path) -> Settings:
    shutil.copytree(installation, tmp_path / "data")
    return Settings(data_dir=tmp_path / "data")


@pytest.fixture
def app(settings: Settings, registry) -> Litestar:
    return create_app(settings, registry=registry)


@pytest.fixture
def services(app: Litestar) -> Services:
    return app.state.services


@pytest.fixture
async def client(app: Litestar) -> AsyncIterator[AsyncTestClient[Litestar]]:
    async with AsyncTestClient(app) as client:
        yield client


Bearer = Callable[..., "asyncio.Future[dict[str, str]]"]


@pytest.fixture
def bearer(services: Services) -> Bearer:
    """Give somebody a token, past the password: the header to send."""

    async def make(name: str, *, hours: float = 1, scopes=("read", "write")) -> dict[str, str]:
        async with services.database.write() as connection:
            user = await find_user(connection, name)
            secret, _ = await issue_token(
                connection, user.id, lasts=timedelta(hours=hours), scopes=list(scopes)
            )
        return {"Authorization": f"Bearer {secret}"}

    return make


@pytest.fixture
def closed(services: Services):
    """Close somebody's account behind the server's back, as another process would."""

    async def close(name: str) -> None:
        async with services.database.write() as connection:
            user = await find_user(connection, name)
            await change_user(connection, user.id, active=False)

    return close


@pytest.fixture
async def mara(client, bearer) -> Talk:
    """Speak for a manager of the installation, who makes projects."""
    return Talk(client, await bearer("mara"))
