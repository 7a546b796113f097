"""People who annotate all the while, whatever happens to the server."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from types import TracebackType
from typing import Any, Self

from loopback import Connection

__all__ = ["LABELS", "Annotators", "read_log"]

LABELS = ("calm", "angry")
PEOPLE = 4
_PAUSE = 0.02
_PATIENCE = 60.0


class Annotators:
    """Annotate in a thread of their own, from `with` to the end of it.

    `said` is what the server has acknowledged, by its place in the log; `refusals` are the bodies
    of its answers 503. While the server is away they try again.
    """

    def __init__(self, port: int, token: str, scheme: str, texts: int) -> None:
        self.said: dict[int, tuple[str, str]] = {}
        self.refusals: list[str] = []
        self._port = port
        self._token = token
        self._scheme = scheme
        self._texts = texts
        self._rng = random.Random(5)
        self._over = threading.Event()
        self._failed: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="annotators")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()
        if error is None and self._failed is not None:
            raise self._failed

    def go_on(self, more: int = 20) -> None:
        """Return once so many more annotations are acknowledged than now."""
        wanted = len(self.said) + more
        self._until(lambda: len(self.said) >= wanted)

    def refused(self, more: int = 3) -> None:
        """Return once the server has refused so many more."""
        wanted = len(self.refusals) + more
        self._until(lambda: len(self.refusals) >= wanted)

    def _until(self, what: Any) -> None:
        deadline = time.monotonic() + _PATIENCE
        while not what():
            assert self._failed is None, self._failed
            assert time.monotonic() < deadline, f"{len(self.said)} said, {self.refusals[-1:]}"
            time.sleep(0.01)

    def _run(self) -> None:
        try:
            asyncio.run(self._all())
        except BaseException as error:  # noqa: BLE001 - raised where the test waits
            self._failed = error

    async def _all(self) -> None:
        await asyncio.gather(*(self._one() for _ in range(PEOPLE)))

    async def _one(self) -> None:
        connection = Connection(self._port, self._token)
        while not self._over.is_set():
            try:
                await self._annotate(connection)
            except (OSError, EOFError):
                await connection.close()
                connection = Connection(self._port, self._token)
            except RuntimeError as error:
                if ": 503 " not in str(error):
                    await connection.close()
                    raise
                self.refusals.append(str(error))
            # They read before they annotate; and two cores are all there is.
            await asyncio.sleep(_PAUSE)
        await connection.close()

    async def _annotate(self, connection: Connection) -> None:
        drawn = await connection.call("POST", f"{self._scheme}/next", {"n": 2})
        answers = [
            {"id": text["id"], "value": self._rng.choice(LABELS), "lease": text["lease"]}
            for text in drawn.json()["elements"]
        ] or [{"id": f"t{self._rng.randrange(self._texts)}", "value": self._rng.choice(LABELS)}]
        body = {"annotations": answers}
        saved = await connection.call("POST", f"{self._scheme}/annotations", body)
        for seq, answer in zip(saved.json()["seq"], answers, strict=True):
            self.said[seq] = (answer["id"], answer["value"])


async def read_log(port: int, token: str, scheme: str) -> dict[int, Any]:
    """Return what each entry of a scheme's log says, by its place."""
    connection = Connection(port, token)
    entries: dict[int, Any] = {}
    cursor = ""
    while True:
        page = (await connection.call("GET", f"{scheme}/annotations?limit=5000{cursor}")).json()
        entries.update((each["seq"], (each["id"], each["value"])) for each in page["items"])
        if page["cursor"] is None:
            await connection.close()
            return entries
        cursor = f"&cursor={page['cursor']}"
