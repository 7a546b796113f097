"""What a labelling has answered, read in pages that bound the memory used."""

from __future__ import annotations

from collections.abc import Iterator

from kodkod.jobs.context import KernelJobContext
from kodkod.store.replies import AnswerRow, list_answers

__all__ = ["read_answers"]

_AT_ONCE = 10_000


def read_answers(ctx: KernelJobContext, model_id: str) -> Iterator[list[AnswerRow]]:
    """Yield the answers of a labelling of the job's project, by row."""
    read, project_id, after = ctx.workspace.read, ctx.project.id, -1
    while page := read(list_answers, project_id, model_id, after=after, limit=_AT_ONCE):
        yield page
        after = page[-1].row
