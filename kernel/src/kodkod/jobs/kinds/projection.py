"""Make a map of a feature."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import ConflictError, InvalidInputError, Matrix, PluginError, Projection, Split
from kodkod.jobs.coding import splits_of
from kodkod.jobs.context import KernelJobContext
from kodkod.jobs.kinds.map_params import ProjectionParams
from kodkod.jobs.kinds.project_job import ProjectJob
from kodkod.jobs.needs import Needs, needs_of
from kodkod.jobs.places import sweep
from kodkod.jobs.row_subset import subset
from kodkod.jobs.workspace import Workspace
from kodkod.project.maps import ROWS_FILE
from kodkod.store.artefacts import FeatureRow, find_feature
from kodkod.store.database import now
from kodkod.store.files import discard, whole_folder
from kodkod.store.matrices import Manifest, MatrixFolder
from kodkod.store.projections import ProjectionRow, add_projection, list_projections

__all__ = ["ProjectionJob", "ProjectionMade", "checked_points", "feature_of"]


class ProjectionMade(Struct, frozen=True, kw_only=True):
    """The id of the projection that was made or extended."""

    projection: str


class ProjectionJob(ProjectJob[ProjectionParams]):
    """The projection gets the job's id, so that a second run replaces what the first one left."""

    def needs(self, workspace: Workspace) -> Needs:
        """Return what the kind of projection needs."""
        spec = workspace.registry.spec("projection", self.params.component)
        return needs_of(spec, self.params.params)

    def work(self, ctx: KernelJobContext) -> ProjectionMade:
        """Fit on the feature's rows, write points and what was learnt, register the result.

        Raises:
            ConflictError: the name is taken.
            InvalidInputError: the feature is gone, or there is nothing to make a map of.
        """
        made = ProjectionMade(projection=ctx.job.id)
        if self._registered(ctx):
            return made
        feature = feature_of(ctx, self.params.feature_id)
        folder = ctx.workspace.places(ctx.project).projection(ctx.job.id)
        sweep(folder.parent, folder.name)
        with whole_folder(folder) as aside:
            manifest = self._compute(ctx, feature, aside)
        row = ProjectionRow(
            id=ctx.job.id,
            project_id=ctx.project.id,
            name=self.params.name,
            component=self.params.component,
            params=manifest.params,
            feature_id=feature.id,
            split=self.params.split,
            rows=manifest.rows,
            seed=self.params.seed,
            created_at=now(),
            scheme_id=feature.scheme_id,
        )
        try:
            ctx.workspace.write(add_projection, row)
        except ConflictError:
            discard(folder)
            raise
        return made

    def _registered(self, ctx: KernelJobContext) -> bool:
        rows = ctx.workspace.read(list_projections, ctx.project.id)
        if any(row.name == self.params.name and row.id != ctx.job.id for row in rows):
            raise ConflictError(
                f"The project has a projection {self.params.name!r} already; delete it or choose "
                "another name."
            )
        return any(row.id == ctx.job.id for row in rows)

    def _compute(self, ctx: KernelJobContext, feature: FeatureRow, folder: Path) -> Manifest:
        workspace = ctx.workspace
        matrix = MatrixFolder(workspace.places(ctx.project).feature(feature.id)).open()
        n = cast("tuple[int, int]", matrix.shape)[0]
        if self.params.split is not None:
            code = Split(self.params.split).code
            rows = np.flatnonzero(splits_of(workspace, ctx.project)[:n] == code)
            np.save(folder / ROWS_FILE, rows)
            matrix = subset(matrix, rows, ctx.folder)
        projection = cast(
            "Projection[Any]",
            workspace.registry.build("projection", self.params.component, self.params.params),
        )
        points = checked_points(projection.fit(matrix, ctx), matrix)
        manifest = Manifest(
            component=self.params.component,
            params=msgspec.to_builtins(projection.params),
            corpus_fingerprint=ctx.project.corpus_fingerprint,
            rows=n,
            dim=2,
            sparse=False,
        )
        MatrixFolder(folder).write(points, manifest)
        fitted = folder / "fitted"
        fitted.mkdir()
        projection.save(fitted)
        return manifest


def feature_of(ctx: KernelJobContext, feature_id: str) -> FeatureRow:
    """Return a feature of the job's project.

    Raises:
        InvalidInputError: it is not there.
    """
    row = ctx.workspace.read(find_feature, feature_id)
    if row is None or row.project_id != ctx.project.id:
        raise InvalidInputError(
            "The feature was deleted meanwhile; compute it again.", field="feature"
        )
    return row


def checked_points(points: NDArray[np.float32], matrix: Matrix) -> NDArray[np.float32]:
    """Return the points if there is one for each row.

    Raises:
        PluginError: there is not.
    """
    expected = (cast("tuple[int, int]", matrix.shape)[0], 2)
    if points.shape != expected:
        raise PluginError(f"The projection gave points of shape {points.shape}, not {expected}.")
    return points
