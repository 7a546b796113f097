"""Many annotators at once: their accounts, what they do, and an account of what they were given."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from kodkod.store.database import Database
from kodkod.store.people import add_user, put_member
from kodkod.store.projects import find_project
from kodkod.web.sign_in import issue_token
from loopback import Connection

__all__ = ["Account", "Annotator", "Given", "Refused", "sign_up"]


async def sign_up(data_dir: Path, project: str, n: int) -> list[str]:
    """Make `n` accounts, members of a project, past their passwords; return their tokens.

    A password would cost each of them a fifth of a second.
    """
    database = Database.at("", data_dir)
    tokens: list[str] = []
    try:
        async with database.write() as connection:
            there = await find_project(connection, project)
            assert there is not None
            for number in range(n):
                user = await add_user(
                    connection,
                    username=f"annotator-{number:02}",
                    sign_in="password",
                    secret="",
                    role="annotator",
                )
                await put_member(connection, there.id, user.id, "annotator")
                secret, _ = await issue_token(connection, user.id, lasts=timedelta(hours=1))
                tokens.append(secret)
    finally:
        await database.close()
    return tokens


@dataclass
class Given:
    """A text that was handed out, by the server's clock (seconds): when, and until when.

    `kept` says that it was answered, so that it counts for ever.
    """

    text: str
    annotator: int
    at: float
    until: float
    lease: str
    chance: float | None
    kept: bool = False

    def counts(self, begin: float, end: float) -> bool:
        """Tell whether it took a place at any time between the two."""
        return self.at <= end and (self.kept or self.until >= begin)


@dataclass
class Refused:
    """A request that was answered with nothing, between two moments."""

    annotator: int
    begin: float
    end: float


@dataclass
class Account:
    """What all have been given.

    `served` counts the requests that were answered with texts, `waited` has for each request how
    many of others' were meanwhile, and `ms` how long it took.
    """

    lease_seconds: float
    given: list[Given] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    waited: list[int] = field(default_factory=list)
    ms: list[float] = field(default_factory=list)
    served: int = 0
    answers: int = 0


class Annotator:
    """One person with one connection, who asks for texts and answers them."""

    def __init__(
        self,
        number: int,
        port: int,
        token: str,
        scheme: str,
        query: dict[str, Any],
        book: Account,
        label: str | Mapping[str, str] = "a",
    ) -> None:
        """`label` is what is said of every text, or of each by its id."""
        self.number, self.book = number, book
        self._place = (port, token)
        self._path, self._query, self._label = scheme, query, label
        self._connection = Connection(*self._place)

    async def ask(self, n: int) -> list[Given]:
        """Ask for `n` texts; note what came, or that nothing did."""
        return await self._asked("next", {"n": n, **self._query}, lambda answer: answer)

    async def answer(self, texts: list[Given]) -> None:
        """Say something of the texts."""
        await self._connection.call("POST", f"{self._path}/annotations", self._said(texts))
        self._keep(texts)

    async def answer_and_ask(self, texts: list[Given], n: int) -> list[Given]:
        """Do both in one request."""
        body = self._said(texts) | {"next": {"n": n, **self._query}}
        found = await self._asked("annotations", body, lambda answer: answer["next"])
        self._keep(texts)
        return found

    async def _asked(
        self, where: str, body: dict[str, Any], offered: Callable[[Any], dict[str, Any]]
    ) -> list[Given]:
        book, before, begin = self.book, self.book.served, time.time()
        answer = await self._connection.call("POST", f"{self._path}/{where}", body)
        book.waited.append(book.served - before)
        book.ms.append(answer.ms)
        texts = [self._given(each) for each in offered(answer.json())["elements"]]
        book.served += bool(texts)
        book.given += texts
        if not texts:
            book.refused.append(Refused(self.number, begin, time.time()))
        return texts

    def _said(self, texts: list[Given]) -> dict[str, Any]:
        said = [
            {"id": text.text, "value": self._label_of(text.text), "lease": text.lease}
            for text in texts
        ]
        return {"annotations": said}

    def _label_of(self, text: str) -> str:
        return self._label if isinstance(self._label, str) else self._label[text]

    def _keep(self, texts: list[Given]) -> None:
        for text in texts:
            text.kept = True
        self.book.answers += len(texts)

    async def leave(self) -> None:
        """Hang up, whatever one has in hand."""
        await self._connection.close()

    def come_back(self) -> None:
        """Begin again with a new connection."""
        self._connection = Connection(*self._place)

    async def wait_until(self, moment: float) -> None:
        """Do nothing until a moment."""
        while (left := moment - time.time()) > 0:
            await asyncio.sleep(left)

    def _given(self, element: dict[str, Any]) -> Given:
        until = datetime.fromisoformat(element["lease_expires_at"]).timestamp()
        return Given(
            text=element["id"],
            annotator=self.number,
            at=until - self.book.lease_seconds,
            until=until,
            lease=element["lease"],
            chance=element["selection_probability"],
        )
