"""Find topics in a corpus."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import msgspec
import numpy as np
from msgspec import Struct

from kodkod.api import ConflictError, PluginError, TopicModel
from kodkod.jobs.context import KernelJobContext
from kodkod.jobs.kinds.map_params import TopicsParams
from kodkod.jobs.kinds.project_job import ProjectJob
from kodkod.jobs.kinds.projection import feature_of
from kodkod.jobs.needs import Needs, needs_of
from kodkod.jobs.places import sweep
from kodkod.jobs.texts import read_rows
from kodkod.jobs.workspace import Workspace
from kodkod.project.topic_lists import listed
from kodkod.store.artefacts import FeatureRow
from kodkod.store.database import now
from kodkod.store.files import discard, whole_folder
from kodkod.store.matrices import MatrixFolder
from kodkod.store.topic_versions import (
    FITTED,
    TopicVersion,
    add_version,
    new_state,
    write_assigned,
)
from kodkod.store.topics import TopicList, TopicsRow, add_topics, list_topics

__all__ = ["TopicsJob", "TopicsMade"]


class TopicsMade(Struct, frozen=True, kw_only=True):
    """The id of the topics that were found or changed, and the version that counts now."""

    topics: str
    version: int


class TopicsJob(ProjectJob[TopicsParams]):
    """The topics get the job's id, so that a second run replaces what the first one left."""

    def needs(self, workspace: Workspace) -> Needs:
        """Return what the kind of topic model needs."""
        spec = workspace.registry.spec("topic-model", self.params.component)
        return needs_of(spec, self.params.params)

    def work(self, ctx: KernelJobContext) -> TopicsMade:
        """Find topics by the feature's vectors, write them, register them.

        Raises:
            ConflictError: the name is taken.
            InvalidInputError: the feature is gone, or no topics can be found.
        """
        made = TopicsMade(topics=ctx.job.id, version=1)
        if self._registered(ctx):
            return made
        feature = feature_of(ctx, self.params.feature_id)
        folder = ctx.workspace.places(ctx.project).topics(ctx.job.id)
        sweep(folder.parent, folder.name)
        with whole_folder(folder) as aside:
            version, params = self._compute(ctx, feature, aside)
        row = TopicsRow(
            id=ctx.job.id,
            project_id=ctx.project.id,
            name=self.params.name,
            component=self.params.component,
            params=params,
            feature_id=feature.id,
            rows=version.rows,
            version=made.version,
            found=version.found,
            seed=self.params.seed,
            created_at=now(),
            scheme_id=feature.scheme_id,
        )
        try:
            ctx.workspace.write(add_topics, row)
        except ConflictError:
            discard(folder)
            raise
        return made

    def _registered(self, ctx: KernelJobContext) -> bool:
        rows = ctx.workspace.read(list_topics, ctx.project.id)
        if any(row.name == self.params.name and row.id != ctx.job.id for row in rows):
            raise ConflictError(
                f"The project has topics {self.params.name!r} already; delete them or choose "
                "another name."
            )
        return any(row.id == ctx.job.id for row in rows)

    def _compute(
        self, ctx: KernelJobContext, feature: FeatureRow, folder: Path
    ) -> tuple[TopicVersion, dict[str, Any]]:
        workspace, places = ctx.workspace, ctx.workspace.places(ctx.project)
        matrix = MatrixFolder(places.feature(feature.id)).open()
        n = cast("tuple[int, int]", matrix.shape)[0]
        model = cast(
            "TopicModel[Any]",
            workspace.registry.build("topic-model", self.params.component, self.params.params),
        )
        batch = read_rows(places.root, np.arange(n, dtype=np.int64))
        found = model.fit(batch, matrix, ctx)
        if found.assigned.shape != (n,):
            raise PluginError(f"The topic model assigned {found.assigned.shape} texts, not ({n},).")
        version = TopicVersion(
            parent=0,
            operation="found",
            state=1,
            rows=n,
            found=listed(found.topics, found.assigned, TopicList()),
        )
        _, state = new_state(folder)
        (state / FITTED).mkdir(parents=True)
        write_assigned(state, found.assigned)
        model.save(state / FITTED)
        add_version(folder, version)
        return version, cast("dict[str, Any]", msgspec.to_builtins(model.params))
