"""Talk to an installation as somebody: projects from small files, schemes, answers."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from httpx import ASGITransport, AsyncClient, Response
from litestar import Litestar

__all__ = ["Talk", "at_once", "csv_of", "problem_of"]

API = "/api/v1"


def csv_of(rows: list[dict[str, Any]]) -> bytes:
    """Write rows as CSV, every cell quoted."""
    lines = [list(rows[0]), *([row[name] for name in rows[0]] for row in rows)]
    return "".join(
        ",".join('"' + str(cell).replace('"', '""') + '"' for cell in line) + "\n" for line in lines
    ).encode()


def problem_of(answer: Response, status: int) -> dict[str, Any]:
    """Return the problem that an answer is, which has this status."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    problem = answer.json()
    assert problem["status"] == status
    assert "Traceback" not in problem["detail"]
    return problem


class Talk:
    """One user's requests."""

    def __init__(self, client: AsyncClient, headers: dict[str, str]) -> None:
        self.client = client
        self.headers = headers

    async def ask(self, method: str, path: str, body: Any = None, **query: Any) -> Response:
        return await self.client.request(
            method, API + path, json=body, params=query or None, headers=self.headers
        )

    async def get(self, path: str, **query: Any) -> Any:
        answer = await self.ask("GET", path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, body: Any = None) -> Any:
        answer = await self.ask("POST", path, body)
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else None

    async def upload(self, path: str, file: bytes, filename: str, **fields: Any) -> Response:
        return await self.client.post(
            API + path, files={"file": (filename, file)}, data=fields, headers=self.headers
        )

    async def send_project(
        self, file: bytes, filename: str = "texts.csv", **config: Any
    ) -> Response:
        config = {"name": "Texts", "id_column": "id", "text_columns": ["text"], **config}
        return await self.upload("/projects", file, filename, config=json.dumps(config))

    async def project(self, rows: list[dict[str, Any]], **config: Any) -> str:
        """Make a project and return its slug."""
        answer = await self.send_project(csv_of(rows), **config)
        assert answer.status_code == 201, answer.text
        return answer.json()["slug"]

    async def scheme(self, slug: str, **scheme: Any) -> str:
        """Make a scheme and return its path."""
        body = {"name": "stance", "labels": ["pro", "con", "none"], **scheme}
        made = await self.post(f"/projects/{slug}/schemes", body)
        return f"/projects/{slug}/schemes/{made['name']}"

    async def admit(self, slug: str, *names: str, role: str = "annotator") -> None:
        """Make people members of a project."""
        for name in names:
            answer = await self.ask("PUT", f"/projects/{slug}/members/{name}", {"role": role})
            assert answer.status_code < 300, answer.text

    async def say(self, path: str, **values: Any) -> list[int]:
        """Annotate texts by id."""
        given = [{"id": id_, "value": value} for id_, value in values.items()]
        return (await self.post(f"{path}/annotations", {"annotations": given}))["seq"]

    async def next(self, path: str, **query: Any) -> list[dict[str, Any]]:
        return (await self.post(f"{path}/next", query))["elements"]

    async def values(self, path: str) -> dict[str, Any]:
        """Return what everybody said, by text: a value for one answer, a list for more."""
        items = (await self.get(f"{path}/elements", limit=500))["items"]
        said = {each["id"]: [a["value"] for a in each["annotations"]] for each in items}
        return {id_: all_[0] if len(all_) == 1 else all_ for id_, all_ in said.items() if all_}

    async def log(self, path: str) -> list[dict[str, Any]]:
        return (await self.get(f"{path}/annotations", limit=5000))["items"]


@asynccontextmanager
async def at_once(app: Litestar, headers: dict[str, str]) -> AsyncIterator[Talk]:
    """Talk in the test's own event loop: Litestar's client sends one request after the other."""
    transport = ASGITransport(app)  # pyright: ignore[reportArgumentType]
    async with (
        app.lifespan(),
        AsyncClient(transport=transport, base_url="http://testserver") as client,
    ):
        yield Talk(client, headers)
