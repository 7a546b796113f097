"""Merge topics, split one, or take up what is in none: without looking for topics anew."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from kodkod.api import NO_TOPIC, ConflictError, InvalidInputError
from kodkod.jobs.context import KernelJobContext
from kodkod.jobs.kinds.changed_topics import ChangedTopics, Opened
from kodkod.jobs.kinds.map_params import TopicOperationParams
from kodkod.jobs.kinds.topics import TopicsMade
from kodkod.jobs.texts import read_rows

__all__ = ["TopicOperationJob"]


class TopicOperationJob(ChangedTopics[TopicOperationParams]):
    """A second run finds the version changed that it was to be done to, and does nothing."""

    @property
    def topics_id(self) -> str:
        """Return which topics."""
        return self.params.topics_id

    def work(self, ctx: KernelJobContext) -> TopicsMade:
        """Do it.

        Raises:
            NotFoundError: the topics were deleted.
            ConflictError: somebody changed them meanwhile.
            InvalidInputError: a topic is not there, or cannot be split.
        """
        row = self.find(ctx)
        if row.version != self.params.version:
            raise ConflictError("The topics were changed meanwhile; look at them and do it again.")
        opened = self.open(ctx, row)
        match self.params.op:
            case "merge":
                assigned = self._merge(opened)
            case "split":
                assigned = self._split(ctx, opened)
            case "reduce-outliers":
                assigned = self._reduce(ctx, opened)
        return self.keep(ctx, opened, assigned, self.params.op)

    def _merge(self, opened: Opened) -> NDArray[np.int32]:
        kept = opened.model.merge(self.params.ids)
        assigned = opened.assigned
        assigned[np.isin(assigned, self.params.ids)] = kept
        return assigned

    def _split(self, ctx: KernelJobContext, opened: Opened) -> NDArray[np.int32]:
        if len(self.params.ids) != 1:
            raise InvalidInputError("One topic is split at a time; name its id.", field="ids")
        rows = np.flatnonzero(opened.assigned == self.params.ids[0])
        batch = read_rows(ctx.workspace.places(ctx.project).root, rows)
        part = cast("Any", opened.matrix)[rows]
        assigned = opened.assigned
        assigned[rows] = opened.model.split(self.params.ids[0], self.params.into, batch, part, ctx)
        return assigned

    def _reduce(self, ctx: KernelJobContext, opened: Opened) -> NDArray[np.int32]:
        rows = np.flatnonzero(opened.assigned == NO_TOPIC)
        batch = read_rows(ctx.workspace.places(ctx.project).root, rows)
        given = opened.model.assign(cast("Any", opened.matrix)[rows], ctx, outliers=False)
        opened.model.absorb(given, batch, new=False)
        assigned = opened.assigned
        assigned[rows] = given
        return assigned
