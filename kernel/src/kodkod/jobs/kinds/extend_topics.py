"""Give the rows that were added to the corpus the topics that they are most like."""

from __future__ import annotations

from typing import Any, cast

import numpy as np

from kodkod.jobs.context import KernelJobContext
from kodkod.jobs.kinds.changed_topics import ChangedTopics, Opened
from kodkod.jobs.kinds.map_params import ExtendTopicsParams
from kodkod.jobs.kinds.topics import TopicsMade
from kodkod.jobs.texts import read_rows

__all__ = ["ExtendTopicsJob"]


class ExtendTopicsJob(ChangedTopics[ExtendTopicsParams]):
    """What was assigned stays; no topic is looked for anew."""

    @property
    def topics_id(self) -> str:
        """Return which topics."""
        return self.params.topics_id

    def work(self, ctx: KernelJobContext) -> TopicsMade:
        """Assign the new rows.

        Raises:
            NotFoundError: the topics were deleted.
            ConflictError: somebody changed them meanwhile.
        """
        row = self.find(ctx)
        ctx.refresh_project()
        opened = self.open(ctx, row)
        if cast("tuple[int, int]", opened.matrix.shape)[0] <= row.rows:
            return TopicsMade(topics=row.id, version=row.version)
        return self._extend(ctx, opened)

    def _extend(self, ctx: KernelJobContext, opened: Opened) -> TopicsMade:
        first, end = opened.row.rows, cast("tuple[int, int]", opened.matrix.shape)[0]
        given = opened.model.assign(cast("Any", opened.matrix)[first:end], ctx)
        rows = np.arange(first, end, dtype=np.int64)
        batch = read_rows(ctx.workspace.places(ctx.project).root, rows)
        opened.model.absorb(given, batch, new=True)
        return self.keep(ctx, opened, np.concatenate([opened.assigned, given]), "extend")
