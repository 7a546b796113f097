"""Load the demo project, through the same requests that a user's script would send."""

from __future__ import annotations

from datetime import timedelta

import httpx
import msgspec
from litestar import Litestar

from kodkod.api import UnavailableError
from kodkod.demo import DEMO_CONFIG, DEMO_SCHEME, demo_file
from kodkod.store.people import delete_tokens, list_users
from kodkod.store.projects import list_projects
from kodkod.web.services import Services
from kodkod.web.sign_in import issue_token

__all__ = ["load_demo"]


async def load_demo(app: Litestar) -> None:
    """Make the demo project and its scheme, if there is no project yet.

    Raises:
        UnavailableError: a request was refused; the message has the server's reason.
    """
    services: Services = app.state.services
    async with services.database.read() as connection:
        if await list_projects(connection, user_id=None, limit=1):
            return
        root = next(user for user in await list_users(connection) if user.role == "root")
    async with services.database.write() as connection:
        secret, token = await issue_token(connection, root.id, lasts=timedelta(minutes=5))
    try:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://demo/api/v1",
            headers={"Authorization": f"Bearer {secret}"},
        ) as client:
            await _send(client)
    finally:
        async with services.database.write() as connection:
            await delete_tokens(connection, root.id, token_id=token.id)
        services.forget_access(user_id=root.id)


async def _send(client: httpx.AsyncClient) -> None:
    path = demo_file()
    made = await client.post(
        "/projects",
        data={"config": msgspec.json.encode(DEMO_CONFIG).decode()},
        files={"file": (path.name, path.read_bytes(), "text/csv")},
    )
    _check(made)
    slug = made.json()["slug"]
    _check(await client.post(f"/projects/{slug}/schemes", json=DEMO_SCHEME))


def _check(answer: httpx.Response) -> None:
    if answer.is_error:
        raise UnavailableError(f"The demo project could not be made: {answer.text}")
