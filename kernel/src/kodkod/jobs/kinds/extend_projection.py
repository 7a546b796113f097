"""Place the rows that were added to the corpus on a map."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, cast

import msgspec
import numpy as np
from numpy.typing import NDArray

from kodkod.api import Matrix, NotFoundError, Projection, Split
from kodkod.jobs.coding import splits_of
from kodkod.jobs.context import KernelJobContext
from kodkod.jobs.kinds.map_params import ExtendProjectionParams
from kodkod.jobs.kinds.project_job import ProjectJob
from kodkod.jobs.kinds.projection import ProjectionMade, checked_points, feature_of
from kodkod.jobs.needs import Needs, needs_of
from kodkod.jobs.places import sweep
from kodkod.jobs.workspace import Workspace
from kodkod.project.maps import ROWS_FILE
from kodkod.store.files import whole_folder
from kodkod.store.matrices import Manifest, MatrixFolder, read_manifest
from kodkod.store.projections import ProjectionRow, find_projection, put_projection_rows

__all__ = ["ExtendProjectionJob"]


class ExtendProjectionJob(ProjectJob[ExtendProjectionParams]):
    """Points that are there stay where they are; new rows are placed by what was learnt then."""

    def needs(self, workspace: Workspace) -> Needs:
        """Return what the kind of projection needs."""
        row = workspace.read(find_projection, self.params.projection_id)
        if row is None:
            return Needs()
        return needs_of(workspace.registry.spec("projection", row.component), row.params)

    def work(self, ctx: KernelJobContext) -> ProjectionMade:
        """Place the new rows and put the longer map in the place of the old.

        Raises:
            NotFoundError: the projection was deleted.
        """
        row = ctx.workspace.read(find_projection, self.params.projection_id)
        if row is None or row.project_id != ctx.project.id:
            raise NotFoundError("The projection was deleted meanwhile.")
        places = ctx.workspace.places(ctx.project)
        folder, vectors = places.projection(row.id), places.feature(row.feature_id)
        sweep(folder.parent, folder.name)
        while True:
            feature = feature_of(ctx, row.feature_id)
            before = read_manifest(folder)
            if before.rows >= read_manifest(vectors).rows:
                break
            ctx.refresh_project()
            with whole_folder(folder) as aside:
                self._extend(ctx, row, MatrixFolder(places.feature(feature.id)).open(), aside)
        ctx.workspace.write(put_projection_rows, row.id, before.rows)
        return ProjectionMade(projection=row.id)

    def _extend(self, ctx: KernelJobContext, row: ProjectionRow, matrix: Matrix, new: Path) -> None:
        old = ctx.workspace.places(ctx.project).projection(row.id)
        before = read_manifest(old)
        projection = cast(
            "Projection[Any]",
            ctx.workspace.registry.build("projection", before.component, before.params),
        )
        projection.load(old / "fitted")
        shutil.copytree(old / "fitted", new / "fitted")
        rows = self._new_rows(ctx, row, before, matrix)
        added = cast("Any", matrix)[rows]
        points = checked_points(projection.transform(added, ctx), added)
        if row.split is not None:
            np.save(new / ROWS_FILE, np.concatenate([np.load(old / ROWS_FILE), rows]))
        manifest = msgspec.structs.replace(
            before,
            rows=cast("tuple[int, int]", matrix.shape)[0],
            corpus_fingerprint=ctx.project.corpus_fingerprint,
        )
        MatrixFolder(new).write(np.concatenate([MatrixFolder(old).open_dense(), points]), manifest)

    def _new_rows(
        self, ctx: KernelJobContext, row: ProjectionRow, before: Manifest, matrix: Matrix
    ) -> NDArray[np.int64]:
        rows = np.arange(before.rows, cast("tuple[int, int]", matrix.shape)[0], dtype=np.int64)
        if row.split is None:
            return rows
        splits = splits_of(ctx.workspace, ctx.project)
        return rows[splits[rows] == Split(row.split).code]
