"""Vectors of texts that people ask for, computed by a worker and remembered."""

from __future__ import annotations

import asyncio
import zlib
from collections import OrderedDict

import msgspec
import numpy as np
from numpy.typing import NDArray

from kodkod.api import ConflictError, UnavailableError
from kodkod.jobs.dispatcher import Dispatcher
from kodkod.jobs.kinds.encode import Encoded
from kodkod.jobs.needs import subject_of
from kodkod.store.artefacts import FeatureRow, find_feature
from kodkod.store.database import Database
from kodkod.store.events import EventRow
from kodkod.store.projects import Project

__all__ = ["Encoder"]

_REMEMBERED = 256
_PATIENCE = 60.0
_ENDED = frozenset({"done", "failed", "cancelled"})

Key = tuple[str, str]


class Encoder:
    """Asks workers for the vectors of texts, once for each. Belongs to the event loop's thread."""

    def __init__(self, database: Database, dispatcher: Dispatcher) -> None:
        self._database = database
        self._dispatcher = dispatcher
        self._known: OrderedDict[Key, NDArray[np.float32]] = OrderedDict()
        self._asked: dict[Key, asyncio.Task[NDArray[np.float32]]] = {}
        self._waiting: dict[str, asyncio.Future[EventRow]] = {}

    async def vector_of(self, project: Project, feature_id: str, text: str) -> NDArray[np.float32]:
        """Return a text's vector in a feature of the project.

        Takes as long as a worker needs, where it is asked for the first time.

        Raises:
            ConflictError: there is no such feature any more.
            UnavailableError: no worker has answered, or it could not.
        """
        key = (feature_id, text)
        known = self._known.get(key)
        if known is not None:
            self._known.move_to_end(key)
            return known
        task = self._asked.get(key)
        if task is None:
            task = self._asked[key] = asyncio.create_task(self._ask(project, key))
            task.add_done_callback(lambda _: self._asked.pop(key, None))
        return await asyncio.shield(task)

    def heard(self, event: EventRow) -> None:
        """Take up that a job has ended."""
        waiting = self._waiting.get(event.data["id"])
        if waiting is not None and event.data["state"] in _ENDED and not waiting.done():
            waiting.set_result(event)

    async def _ask(self, project: Project, key: Key) -> NDArray[np.float32]:
        feature_id, text = key
        async with self._database.read() as connection:
            feature = await find_feature(connection, feature_id)
        if feature is None:
            raise ConflictError("The feature was deleted meanwhile; ask again.")
        job_id = await self._submit(project, feature, text)
        ended: asyncio.Future[EventRow] = asyncio.get_running_loop().create_future()
        self._waiting[job_id] = ended
        try:
            async with asyncio.timeout(_PATIENCE):
                event = await ended
        except TimeoutError as error:
            raise UnavailableError(
                "The text could not be compared with others yet: the worker is busy. Try again "
                "in a minute."
            ) from error
        finally:
            del self._waiting[job_id]
        if event.data["state"] != "done":
            raise UnavailableError(
                f"The text could not be encoded: {event.data['error'] or 'it was cancelled'}."
            )
        encoded = msgspec.convert(event.data["result"], Encoded)
        vector = np.array(encoded.vector, dtype=np.float32)
        self._known[key] = vector
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return vector

    async def _submit(self, project: Project, feature: FeatureRow, text: str) -> str:
        try:
            job = await self._dispatcher.submit(
                "encode",
                {
                    "feature_id": feature.id,
                    "text": text,
                    "component": feature.component,
                    "params": feature.params,
                },
                user_id=0,
                username="kodkod",
                project=project,
                lock_key=f"encode:{feature.id}:{zlib.crc32(text.encode()):08x}",
                subject=subject_of(feature.component, feature.params),
            )
        except ConflictError as error:
            if error.job is None:
                raise
            return error.job  # Another server has asked for the same.
        return job.id
