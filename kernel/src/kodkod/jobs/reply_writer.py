"""Writes replies as they come, those of a twentieth of a second together."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from types import TracebackType
from typing import Self

from kodkod.jobs.workspace import Workspace
from kodkod.store.replies import ReplyRow, add_labelled, put_replies

__all__ = ["ReplyWriter"]


_GATHERED_SECONDS = 0.05


class ReplyWriter:
    """A thread that commits what has gathered since its last commit.

    A process that is killed thus loses the replies of a twentieth of a second and of a commit.
    Leaving the context waits until all is stored. What goes wrong in the thread is raised by the
    next call; replies that come until then are stored if they can be.
    """

    def __init__(self, workspace: Workspace, project_id: int, model_id: str) -> None:
        self._workspace = workspace
        self._project_id = project_id
        self._model_id = model_id
        self._replies: list[ReplyRow] = []
        self._keys: dict[int, str] = {}
        self._failure: BaseException | None = None
        self._over = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="replies", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._changed:
            self._over = True
            self._changed.notify()
        self._thread.join()
        if error is None:
            self._raise()

    def put(self, reply: ReplyRow, rows: Iterable[int]) -> None:
        """Keep a reply to a question that was asked of `rows`."""
        with self._changed:
            self._replies.append(reply)
            self._keys.update(dict.fromkeys(rows, reply.key))
            self._changed.notify()
        self._raise()

    def note(self, row: int, key: str) -> None:
        """Keep that a row has the question `key`, whose reply is kept already."""
        with self._changed:
            self._keys[row] = key
            self._changed.notify()
        self._raise()

    def _raise(self) -> None:
        if self._failure is not None:
            raise self._failure

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._over or self._replies or self._keys)
                # Fewer commits leave the processor to the calls: with a commit after the other a
                # text took a tenth more of it.
                self._changed.wait_for(lambda: self._over, _GATHERED_SECONDS)
                replies, self._replies = self._replies, []
                keys, self._keys = self._keys, {}
                if not replies and not keys:
                    return
            try:
                self._store(replies, keys)
            except Exception as error:  # noqa: BLE001 - raised where the next reply is put
                self._failure = self._failure or error

    def _store(self, replies: list[ReplyRow], keys: dict[int, str]) -> None:
        # Apart: a reply is paid for, and stays, though its labelling is deleted.
        self._workspace.write(put_replies, self._project_id, replies)
        if self._failure is None:
            self._workspace.write(add_labelled, self._model_id, keys.items())
