"""Base of the jobs that change topics that were found."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, TypeVar, cast

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import ConflictError, Matrix, NotFoundError, Params, TopicModel
from kodkod.jobs.context import KernelJobContext
from kodkod.jobs.kinds.project_job import ProjectJob
from kodkod.jobs.kinds.projection import feature_of
from kodkod.jobs.kinds.topics import TopicsMade
from kodkod.jobs.needs import Needs, needs_of
from kodkod.jobs.places import sweep
from kodkod.jobs.workspace import Workspace
from kodkod.project.topic_lists import listed
from kodkod.store.files import whole_folder
from kodkod.store.matrices import MatrixFolder
from kodkod.store.topic_versions import (
    FITTED,
    Operation,
    TopicVersion,
    add_version,
    new_state,
    read_assigned,
    read_version,
    write_assigned,
)
from kodkod.store.topics import TopicsRow, find_topics, put_topics

__all__ = ["ChangedTopics", "Opened"]

P = TypeVar("P", bound=Params)


class Opened(Struct, frozen=True, kw_only=True):
    """Topics of one version: the component, each row's topic, and the vectors by row."""

    row: TopicsRow
    model: TopicModel[Any]
    assigned: NDArray[np.int32]
    matrix: Matrix


class ChangedTopics(ProjectJob[P]):
    """Opens a version, changes what it says, and lets the new version count."""

    @property
    @abstractmethod
    def topics_id(self) -> str:
        """Return which topics."""

    def needs(self, workspace: Workspace) -> Needs:
        """Return what the kind of topic model needs."""
        row = workspace.read(find_topics, self.topics_id)
        if row is None:
            return Needs()
        return needs_of(workspace.registry.spec("topic-model", row.component), row.params)

    def find(self, ctx: KernelJobContext) -> TopicsRow:
        """Return the topics' row.

        Raises:
            NotFoundError: they were deleted.
        """
        row = ctx.workspace.read(find_topics, self.topics_id)
        if row is None or row.project_id != ctx.project.id:
            raise NotFoundError("The topics were deleted meanwhile.")
        return row

    def open(self, ctx: KernelJobContext, row: TopicsRow) -> Opened:
        """Read a version."""
        places = ctx.workspace.places(ctx.project)
        folder = places.topics(row.id)
        state = folder / "states" / str(read_version(folder, row.version).state)
        model = cast(
            "TopicModel[Any]",
            ctx.workspace.registry.build("topic-model", row.component, row.params),
        )
        model.load(state / FITTED)
        return Opened(
            row=row,
            model=model,
            assigned=np.array(read_assigned(state)),
            matrix=MatrixFolder(places.feature(feature_of(ctx, row.feature_id).id)).open(),
        )

    def keep(
        self,
        ctx: KernelJobContext,
        opened: Opened,
        assigned: NDArray[np.int32],
        operation: Operation,
    ) -> TopicsMade:
        """Write what the topics have become, and let it count.

        Raises:
            ConflictError: somebody changed them meanwhile.
        """
        row = opened.row
        folder = ctx.workspace.places(ctx.project).topics(row.id)
        sweep(folder / "states")
        number, state = new_state(folder)
        with whole_folder(state) as aside:
            (aside / FITTED).mkdir()
            write_assigned(aside, assigned)
            opened.model.save(aside / FITTED)
        version = TopicVersion(
            parent=row.version,
            operation=operation,
            state=number,
            rows=len(assigned),
            found=listed(opened.model.topics(), assigned, row.found),
        )
        new = add_version(folder, version)
        values = {"version": new, "rows": version.rows, "found": version.found}
        if not ctx.workspace.write(put_topics, row.id, before=row.version, **values):
            raise ConflictError("The topics were changed meanwhile; look at them and do it again.")
        return TopicsMade(topics=row.id, version=new)
