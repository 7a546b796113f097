"""A labelling: an LLM that is asked about texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from kodkod_sdk.generated.contract import (
    Ceiling,
    JobView,
    LabellingInfo,
    LabelRows,
    NewLabellingPlan,
    NewLabellingRun,
    NewPromotion,
    Promoted,
    ReplyView,
)
from kodkod_sdk.jobs import Job
from kodkod_sdk.transport import Transport

__all__ = ["Labelling"]


class Labelling:
    """A labelling of a project, named by its name.

    Its answers are predictions as any model's: `Project.errors`, `Project.compare` and the export
    `predictions` take its name.
    """

    def __init__(self, transport: Transport, project_path: str, name: str) -> None:
        self._transport = transport
        self.name = name
        self._path = f"{project_path}/labellings/{name}"

    def info(self) -> LabellingInfo:
        """Return who is asked what, what it has come to and what it has cost."""
        return self._transport.get(self._path, LabellingInfo)

    def plan(self, rows: LabelRows | None = None) -> Job:
        """Start reckoning what a run would take; the job's result says. Nobody is asked."""
        return self._job("plans", NewLabellingPlan(rows=rows or LabelRows()))

    def run(
        self,
        rows: LabelRows | None = None,
        ceiling: Ceiling | None = None,
        *,
        unparsed_again: bool = False,
    ) -> Job:
        """Start asking about texts that have no answer yet, until the ceiling is reached."""
        return self._job(
            "runs",
            NewLabellingRun(
                rows=rows or LabelRows(),
                ceiling=ceiling or Ceiling(),
                unparsed_again=unparsed_again,
            ),
        )

    def replies(
        self, state: Literal["answered", "unparsed", "failed"] | None = None
    ) -> Iterator[ReplyView]:
        """Walk through what was replied, text by text, beside what people say."""
        query = {} if state is None else {"state": state}
        return self._transport.items(f"{self._path}/replies", ReplyView, query)

    def promote(
        self, rows: LabelRows | None = None, min_confidence: float | None = None
    ) -> Promoted:
        """Let answers count as annotations where people say nothing; the log has the act."""
        wish = NewPromotion(rows=rows or LabelRows(), min_confidence=min_confidence)
        return self._transport.send("POST", f"{self._path}/promotions", wish, Promoted)

    def withdraw(self) -> None:
        """Let none of the answers count as annotations any more."""
        self._transport.delete(f"{self._path}/promotions")

    def delete(self) -> None:
        """Delete the labelling; asking the same again costs nothing."""
        self._transport.delete(self._path)

    def _job(self, what: str, body: NewLabellingPlan | NewLabellingRun) -> Job:
        view = self._transport.send("POST", f"{self._path}/{what}", body, JobView)
        return Job(self._transport, view)
