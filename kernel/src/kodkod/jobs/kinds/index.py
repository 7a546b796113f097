"""Index a dense feature, so that neighbours are found without reading all vectors."""

from __future__ import annotations

import time

from msgspec import Struct

from kodkod.api import NotFoundError
from kodkod.jobs.context import KernelJobContext
from kodkod.jobs.kinds.params import IndexParams
from kodkod.jobs.kinds.project_job import ProjectJob
from kodkod.jobs.niceness import behind_others
from kodkod.store.artefacts import find_feature
from kodkod.store.neighbours import build_index, is_indexed, wants_index

__all__ = ["IndexJob", "IndexMade"]

_SLICE_SECONDS = 30.0
"""How long a job holds its worker, that others wait for: the rest is for the next one."""


class IndexMade(Struct, frozen=True, kw_only=True):
    """The id of the feature that was indexed, and how many of its rows are."""

    feature: str
    rows: int


class IndexJob(ProjectJob[IndexParams]):
    """Adds some of what the index lacks; once nothing is lacking, a run finds nothing to do.

    The server queues another one where something is left.
    """

    def work(self, ctx: KernelJobContext) -> IndexMade:
        """Index the feature's vectors.

        Raises:
            NotFoundError: the feature was deleted.
        """
        row = ctx.workspace.read(find_feature, self.params.feature_id)
        if row is None or row.project_id != ctx.project.id:
            raise NotFoundError(f"There is no feature {self.params.feature_id!r} in the project.")
        if not wants_index(row.rows, sparse=row.sparse):
            return IndexMade(feature=row.id, rows=0)
        folder = ctx.workspace.places(ctx.project).feature(row.id)
        for aside in folder.glob(".neighbours.usearch.*"):
            aside.unlink(missing_ok=True)
        rows, deadline = 0, time.monotonic() + _SLICE_SECONDS
        # Rows may be added while this runs, and their own job was refused for this one's sake.
        while not is_indexed(folder) and (not rows or time.monotonic() < deadline):
            here = folder.stat().st_ino
            try:
                rows = behind_others(
                    lambda: build_index(
                        folder,
                        lambda done: ctx.progress(done, "indexing the texts"),
                        seconds=_SLICE_SECONDS,
                    )
                )
            except (OSError, RuntimeError):
                # The extended feature took the folder's place, and there is more to index.
                if folder.exists() and folder.stat().st_ino != here:
                    continue
                raise
        return IndexMade(feature=row.id, rows=rows)
