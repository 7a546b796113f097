"""The calls of a run, in an event loop of their own beside the thread that takes the answers."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

import uvloop

from kodkod.api import LabelTask, Question, Reply
from kodkod_genai.answers import Answerer
from kodkod_genai.calls import Caller
from kodkod_genai.endpoint import Endpoint
from kodkod_genai.pace import Pace
from kodkod_genai.params import EndpointParams
from kodkod_genai.probing import choose_adapter
from kodkod_genai.settings import GenaiSettings
from kodkod_genai.way import Way

__all__ = ["Session"]


class Session:
    """Answers questions that are submitted; replies, or what ends the run, come by `next`.

    Leaving it gives up what is under way, closes every connection and ends the thread. `tell`
    gets what is noticed, in the thread that calls `next`.
    """

    def __init__(
        self,
        params: EndpointParams,
        task: LabelTask,
        settings: GenaiSettings,
        key: str,
        tell: Callable[[str], None],
    ) -> None:
        self.pace = Pace(params.concurrency)
        self.is_open = False
        self._params = params
        self._task = task
        self._settings = settings
        self._key = key
        self._tell = tell
        self._came: queue.SimpleQueue[Reply | BaseException | str | Answerer] = queue.SimpleQueue()
        self._answerer: Answerer | None = None
        self._caller: Caller | None = None
        self._asked: set[asyncio.Task[None]] = set()
        self._started = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._work, name="genai", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._started.wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # A loop that has ended by itself has said why, and needs no telling.
        with suppress(RuntimeError):
            self._end()
        self._thread.join()

    def submit(self, question: Question) -> None:
        """Ask a question. The session must be open."""
        if self._loop is None or self._answerer is None:
            raise RuntimeError("the session is not open")
        self._loop.call_soon_threadsafe(self._begin, self._answerer, question)

    def next(self, seconds: float) -> Reply | None:
        """Return the next reply; None where none has come for so long, or something else has.

        Raises:
            KodkodError: no question can be answered.
        """
        try:
            came = self._came.get(timeout=seconds)
        except queue.Empty:
            return None
        match came:
            case BaseException():
                raise came
            case Reply():
                return came
            case str():
                self._tell(came)
            case _:
                self._answerer, self.is_open = came, True
        return None

    def figures(self) -> dict[str, float]:
        """Return what the run's calls come to by now."""
        caller = self._caller
        if caller is None:
            return {}
        return {
            "calls": float(caller.total.calls),
            "retries": float(caller.retried),
            "rate_limited": float(self.pace.rate_limited),
            "in_flight": float(self.pace.in_flight),
            "remote_input_tokens": float(caller.total.tokens_in),
            "remote_output_tokens": float(caller.total.tokens_out),
        }

    def _end(self) -> None:
        if self._loop is not None and self._over is not None:
            self._loop.call_soon_threadsafe(self._over.set)

    def _work(self) -> None:
        try:
            # A call takes a tenth less of the processor than on the loop of the standard library.
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(self._run())
        except Exception as error:  # noqa: BLE001 - whoever waits for replies raises it
            self._came.put(error)
        finally:
            self._started.set()

    async def _run(self) -> None:
        params = self._params
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        self._started.set()
        async with Endpoint(params, self._settings, self._key) as endpoint:
            self._caller = Caller(
                self.pace, timeout_s=params.timeout_s, retries=params.retries, hide=endpoint.hide
            )
            self._watch(asyncio.ensure_future(self._open(endpoint, self._caller)))
            await self._over.wait()
            for task in self._asked:
                task.cancel()
            await asyncio.gather(*self._asked, return_exceptions=True)

    async def _open(self, endpoint: Endpoint, caller: Caller) -> None:
        """Find out how the endpoint is to be asked."""
        tell = self._came.put
        adapter = await choose_adapter(endpoint, self._params, self._task, caller, tell)
        way = Way(adapter, tell, may_change=self._params.adapter == "auto")
        self._came.put(Answerer(way, caller, self._params))

    def _begin(self, answerer: Answerer, question: Question) -> None:
        self._watch(asyncio.ensure_future(self._answer(answerer, question)))

    async def _answer(self, answerer: Answerer, question: Question) -> None:
        self._came.put(await answerer.answer(question))

    def _watch(self, task: asyncio.Task[None]) -> None:
        self._asked.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._asked.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._came.put(error)
