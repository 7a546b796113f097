"""A run of a labelling: asks what was not asked before, and keeps each reply as it comes."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Literal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import InvalidValueError, JobContext, PluginError, ProjectArtefacts, Question, Reply
from kodkod.jobs.context import KernelJobContext
from kodkod.jobs.labelling import OpenLabelling, read_chosen
from kodkod.jobs.reply_writer import ReplyWriter
from kodkod.project.labelling import Ceiling, Spent
from kodkod.store.database import now
from kodkod.store.replies import ReplyRow, ReplyState, find_replies

__all__ = ["LabellingRun", "LabellingRunner"]

_LONGEST_SAID = 20_000
# So many prompts are rendered at a time; meanwhile no reply is looked at, and the first calls wait.
_LOOKED_UP = 64
_TELL_SECONDS = 0.1


class LabellingRun(Struct, frozen=True, kw_only=True):
    """What a run came to. `kept` texts had a reply before it began.

    `stopped` says why texts are `left`; what was paid is of this run's questions.
    """

    model: str
    rows: int
    kept: int
    asked: int
    answered: int
    unparsed: int
    failed: int
    left: int
    stopped: Literal["", "ceiling"]
    tokens_in: int
    tokens_out: int
    calls: int
    cost: float | None
    wh: float | None


class LabellingRunner:
    """Asks a labeller about some rows.

    The labeller may pull questions and give replies in different threads. A question that several
    texts share is asked once.
    """

    def __init__(
        self,
        ctx: KernelJobContext,
        opened: OpenLabelling,
        rows: NDArray[np.int64],
        *,
        ceiling: Ceiling,
        again: frozenset[ReplyState],
    ) -> None:
        self._ctx = ctx
        self._opened = opened
        self._rows = rows
        self._again = again
        self._currency = opened.labeller.rates().currency
        self._spent = Spent(ceiling)
        self._lock = threading.Lock()
        self._waiting: dict[str, tuple[Question, list[int]]] = {}
        self._replied: dict[str, ReplyState] = {}
        self._counts: dict[ReplyState, int] = {"answered": 0, "unparsed": 0, "failed": 0}
        self._kept = 0
        self._asked = 0
        self._stopped: Literal["", "ceiling"] = ""

    def run(self) -> LabellingRun:
        """Ask until all is said or the ceiling is reached.

        Raises:
            PluginError: the labeller does not keep to its contract.
        """
        ctx, opened = self._ctx, self._opened
        with ReplyWriter(ctx.workspace, ctx.project.id, opened.row.id) as writer:
            inner = _LabellerContext(ctx, self)
            replies = opened.labeller.label(self._questions(writer), opened.task, inner)
            told_at = float("-inf")
            try:
                for reply in replies:
                    self._take(reply, writer)
                    if time.monotonic() - told_at >= _TELL_SECONDS:
                        told_at = time.monotonic()
                        inner.progress(None)
                inner.progress(None)
            finally:
                close = getattr(replies, "close", None)
                if close is not None:
                    close()
        if self._waiting:
            raise PluginError(
                f"The labeller {opened.spec.name!r} gave no reply to {len(self._waiting)} of "
                f"{self._asked} questions; its contract asks for one to each."
            )
        return self._result()

    @property
    def fraction(self) -> float:
        """Return the share of the texts that are done."""
        return self._done() / len(self._rows)

    def told(self) -> str:
        """Say how far it has come."""
        done, spent = self._done(), self._spent
        cost = "" if spent.cost is None else f", {spent.cost:.4g} {self._currency}"
        return f"{done} of {len(self._rows)} texts{cost}"

    def figures(self) -> dict[str, float]:
        """Return what is kept as the job's metrics."""
        spent = self._spent
        cost = {} if spent.cost is None else {"cost": spent.cost}
        return {
            **{state: float(n) for state, n in self._counts.items()},
            "kept": float(self._kept),
            "tokens": float(spent.tokens_in + spent.tokens_out),
            **cost,
        }

    def _done(self) -> int:
        return self._kept + sum(self._counts.values())

    def _questions(self, writer: ReplyWriter) -> Iterator[Question]:
        workspace, project = self._ctx.workspace, self._ctx.project
        for batch in read_chosen(workspace.places(project).root, self._rows):
            asked = zip(batch.rows.tolist(), self._opened.questions(batch), strict=True)
            while some := list(islice(asked, _LOOKED_UP)):
                # Where all is kept no reply comes that could tell of a cancellation.
                self._ctx.progress(self.fraction, self.told(), **self.figures())
                keys = list({question.key for _, question in some})
                known = workspace.read(find_replies, project.id, keys)
                for row, question in some:
                    if not self._has(row, question.key, known, writer):
                        if not self._begin(row, question):
                            return
                        yield question

    def _begin(self, row: int, question: Question) -> bool:
        """Note that a question is asked, unless the ceiling is reached."""
        with self._lock:
            if self._spent.reached(len(self._waiting)):
                self._stopped = "ceiling"
                return False
            self._waiting[question.key] = (question, [row])
            self._asked += 1
            return True

    def _has(self, row: int, key: str, known: dict[str, ReplyState], writer: ReplyWriter) -> bool:
        """Tell whether a question need not be asked, and note the row with its reply if so."""
        with self._lock:
            if key in self._waiting:
                self._waiting[key][1].append(row)
                return True
            if key in self._replied:
                self._counts[self._replied[key]] += 1
            elif key in known and known[key] not in self._again:
                self._kept += 1
            else:
                return False
        writer.note(row, key)
        return True

    def _take(self, reply: Reply, writer: ReplyWriter) -> None:
        with self._lock:
            waiting = self._waiting.get(reply.key)
        if waiting is None:
            raise PluginError(
                f"The labeller {self._opened.spec.name!r} gave a reply to a question that was not "
                "asked, or was answered already."
            )
        row = self._row(reply, waiting[0].text)
        with self._lock:
            _, rows = self._waiting.pop(reply.key)
            self._replied[reply.key] = row.state
            self._counts[row.state] += len(rows)
            self._spent.add(row)
        writer.put(row, rows)

    def _row(self, reply: Reply, text: str) -> ReplyRow:
        value = probabilities = None
        if reply.state == "answered":
            value = self._coded(reply, text)
        if reply.probabilities is not None:
            probabilities = self._by_id(reply.probabilities)
        return ReplyRow(
            key=reply.key,
            state=reply.state,
            value=value,
            confidence=reply.confidence,
            probabilities=probabilities,
            justification=_storable(reply.justification),
            raw=_storable(reply.raw),
            problem=_storable(reply.problem),
            tokens_in=reply.tokens_in,
            tokens_out=reply.tokens_out,
            calls=reply.calls,
            seconds=reply.seconds,
            cost=reply.cost,
            wh=reply.wh,
            created_at=now(),
        )

    def _by_id(self, probabilities: tuple[float, ...]) -> dict[str, float]:
        ids = self._opened.row.label_ids
        if len(probabilities) != len(ids):
            raise PluginError(
                f"The labeller {self._opened.spec.name!r} gave {len(probabilities)} probabilities "
                f"for {len(ids)} labels."
            )
        return dict(zip(map(str, ids), probabilities, strict=True))

    def _coded(self, reply: Reply, text: str) -> str:
        try:
            coded = self._opened.coder.code(reply.value, text)
        except InvalidValueError as error:
            raise PluginError(
                f"The labeller {self._opened.spec.name!r} gave {reply.value!r}, which does not fit "
                f"the scheme: {error.message}"
            ) from error
        if coded is None:
            raise PluginError(f"The labeller {self._opened.spec.name!r} answered with no value.")
        return coded

    def _result(self) -> LabellingRun:
        spent = self._spent
        return LabellingRun(
            model=self._opened.row.id,
            rows=len(self._rows),
            kept=self._kept,
            asked=self._asked,
            **self._counts,
            left=len(self._rows) - self._done(),
            stopped=self._stopped,
            tokens_in=spent.tokens_in,
            tokens_out=spent.tokens_out,
            calls=spent.calls,
            cost=spent.cost,
            wh=spent.wh,
        )


def _storable(said: str) -> str:
    """Return what was said as each database takes it: no NUL, no half of a character."""
    return said[:_LONGEST_SAID].replace("\0", "\ufffd").encode("utf-8", "replace").decode()


class _LabellerContext(JobContext):
    """A labeller's context: how far it all is, the run knows better."""

    def __init__(self, whole: KernelJobContext, runner: LabellingRunner) -> None:
        self.seed = whole.seed
        self._whole = whole
        self._runner = runner

    @property
    def folder(self) -> Path:
        """Return the job's scratch folder."""
        return self._whole.folder

    @property
    def checkpoints(self) -> Path:
        """Return the job's checkpoints."""
        return self._whole.checkpoints

    @property
    def artefacts(self) -> ProjectArtefacts:
        """Return what else the project has."""
        return self._whole.artefacts

    def progress(self, fraction: float | None, message: str = "", **metrics: float) -> None:
        """Note what the run has come to, and what the labeller tells of itself."""
        runner = self._runner
        told = f"{runner.told()}: {message}" if message else runner.told()
        self._whole.progress(runner.fraction, told, **runner.figures(), **metrics)

    def log(self, line: str) -> None:
        """Append a line to the job's log."""
        self._whole.log(line)
