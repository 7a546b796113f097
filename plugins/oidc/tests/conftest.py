"""A provider in a process of its own, a server that signs in there, and a browser."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import msgspec
import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from kodkod.settings import Settings
from kodkod.store.people import add_user
from kodkod.web.app import create_app, load_registry

PASSWORD = "correct horse battery"
HERE = "http://kodkod.test"


class Idp:
    """The provider, as a test talks to it."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer

    def says(self, **said: Any) -> None:
        httpx.post(f"{self.issuer}/control", json=said).raise_for_status()

    def asked(self) -> list[str]:
        return httpx.get(f"{self.issuer}/asked").json()


@pytest.fixture(scope="session")
def provider_process() -> Iterator[str]:
    command = [sys.executable, str(Path(__file__).with_name("provider_process.py"))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


@pytest.fixture
def idp(provider_process: str, monkeypatch: pytest.MonkeyPatch) -> Idp:
    """Give the provider, well-behaved, and the settings that name it."""
    for name, value in {
        "ISSUER": provider_process,
        "CLIENT_ID": "kodkod",
        "CLIENT_SECRET": "s3cret:/with?signs",
        "CREATE_ACCOUNTS": "true",
        "LEEWAY_SECONDS": "5",
    }.items():
        monkeypatch.setenv(f"KODKOD_OIDC_{name}", value)
    idp = Idp(provider_process)
    idp.says(claims={"sub": "1", "preferred_username": "ada"}, wrong={})
    return idp


@pytest.fixture(scope="session")
def registry():
    return load_registry()


@pytest.fixture
async def app(idp: Idp, tmp_path: Path, registry) -> AsyncIterator[Litestar]:
    settings = Settings(data_dir=tmp_path, sign_in=("password", "oidc"), public_url=HERE)
    app = create_app(settings, registry=registry)
    async with AsyncTestClient(app):  # It opens the server and closes it in one task.
        services = app.state.services
        secret = await services.sign_in.enroll(PASSWORD)
        async with services.database.write() as connection:
            for name, role in (("chief", "root"), ("ben", "annotator")):
                await add_user(
                    connection, username=name, sign_in="password", secret=secret, role=role
                )
        yield app


class Came(msgspec.Struct):
    """Where a browser stands after a sign-in: `said` is behind the `#`."""

    said: dict[str, str]
    to: str


class Browser:
    """Follows redirects between server and provider, and keeps cookies."""

    def __init__(self, app: Litestar) -> None:
        transport = httpx.ASGITransport(app, client=("203.0.113.7", 1))
        self.http = httpx.AsyncClient(transport=transport, base_url=HERE)

    async def begin(self, to: str = "/") -> str:
        """Begin, and return the address at the provider."""
        answer = await self.http.get("/auth/oidc/begin", params={"to": to})
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    async def visit_provider(self, url: str) -> str:
        """Sign in at the provider, and return the address that it sends the browser back to."""
        async with httpx.AsyncClient() as outside:
            answer = await outside.get(url)
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]

    async def come_back(self, url: str) -> Came:
        answer = await self.http.get(url)
        assert answer.status_code == 303, answer.text
        assert answer.headers["cache-control"] == "no-store"
        place = urlsplit(answer.headers["location"])
        assert place.path == "/sign-in"
        assert not place.netloc
        said = {name: values[0] for name, values in parse_qs(place.fragment).items()}
        return Came(said, parse_qs(place.query)["to"][0])

    async def go(self, to: str = "/") -> Came:
        return await self.come_back(await self.visit_provider(await self.begin(to)))

    async def exchange(self, code: str) -> httpx.Response:
        return await self.http.post("/api/v1/auth/handovers", json={"code": code})

    async def sign_in(self) -> dict[str, str]:
        """Go all the way, and return the header that speaks for who signed in."""
        came = await self.go()
        answer = await self.exchange(came.said["code"])
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    async def me(self, headers: dict[str, str]) -> httpx.Response:
        return await self.http.get("/api/v1/me", headers=headers)

    async def by_password(self, name: str) -> dict[str, str]:
        form = {"username": name, "password": PASSWORD}
        answer = await self.http.post("/api/v1/auth/token", data=form)
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}


@pytest.fixture
async def browser(app: Litestar) -> AsyncIterator[Browser]:
    browser = Browser(app)
    yield browser
    await browser.http.aclose()


@pytest.fixture
async def other(app: Litestar) -> AsyncIterator[Browser]:
    """Give somebody else's browser."""
    browser = Browser(app)
    yield browser
    await browser.http.aclose()
