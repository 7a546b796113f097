"""Compute a feature over the whole corpus."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import msgspec
from msgspec import Struct

from kodkod.api import ConflictError, Feature, ReadingWindow, Split
from kodkod.jobs.coding import splits_of
from kodkod.jobs.context import KernelJobContext
from kodkod.jobs.feature_shards import FeatureShards
from kodkod.jobs.kinds.params import FeatureParams
from kodkod.jobs.kinds.project_job import ProjectJob
from kodkod.jobs.matrix_file import MatrixWriter, write_matrix
from kodkod.jobs.needs import Needs, needs_of
from kodkod.jobs.places import sweep
from kodkod.jobs.texts import read_batches, read_split
from kodkod.jobs.workspace import Workspace
from kodkod.store.artefacts import FeatureRow, add_feature, list_features
from kodkod.store.database import now
from kodkod.store.files import discard, whole_folder
from kodkod.store.matrices import Manifest

__all__ = ["FeatureJob", "FeatureMade", "transform_rows"]

_FIT_SHARE = 0.3


class FeatureMade(Struct, frozen=True, kw_only=True):
    """The id of the feature that was computed or extended."""

    feature: str


class FeatureJob(ProjectJob[FeatureParams]):
    """The feature gets the job's id, so that a second run replaces what the first one left."""

    def needs(self, workspace: Workspace) -> Needs:
        """Return what the kind of feature needs."""
        spec = workspace.registry.spec("feature", self.params.component)
        return needs_of(spec, self.params.params)

    def work(self, ctx: KernelJobContext) -> FeatureMade:
        """Fit on the train split, transform the corpus, register the result.

        Raises:
            ConflictError: the name is taken.
        """
        made = FeatureMade(feature=ctx.job.id)
        if self._registered(ctx):
            return made
        folder = ctx.workspace.places(ctx.project).feature(ctx.job.id)
        sweep(folder.parent, folder.name)
        with whole_folder(folder) as aside:
            manifest, window = self._compute(ctx, aside)
        row = FeatureRow(
            id=ctx.job.id,
            project_id=ctx.project.id,
            name=self.params.name,
            component=self.params.component,
            params=manifest.params,
            dim=manifest.dim,
            rows=manifest.rows,
            sparse=manifest.sparse,
            created_at=now(),
            scheme_id=ctx.job.scheme_id,
            window=None if window is None else msgspec.to_builtins(window),
        )
        try:
            ctx.workspace.write(add_feature, row)
        except ConflictError:
            discard(folder)
            raise
        return made

    def _registered(self, ctx: KernelJobContext) -> bool:
        rows = ctx.workspace.read(list_features, ctx.project.id)
        if any(row.name == self.params.name and row.id != ctx.job.id for row in rows):
            raise ConflictError(
                f"The project has a feature {self.params.name!r} already; delete it or choose "
                "another name."
            )
        return any(row.id == ctx.job.id for row in rows)

    def _compute(
        self, ctx: KernelJobContext, folder: Path
    ) -> tuple[Manifest, ReadingWindow | None]:
        workspace, root = ctx.workspace, ctx.workspace.places(ctx.project).root
        feature = cast(
            "Feature[Any]",
            workspace.registry.build("feature", self.params.component, self.params.params),
        )
        shards = FeatureShards(ctx.checkpoints)
        if not shards.learnt(feature):
            batch = read_split(root, Split.TRAIN, splits_of(workspace, ctx.project))
            ctx.progress(0.0, "learning from the train split")
            feature.fit(batch, ctx.part(0.0, _FIT_SHARE))
            del batch
            shards.keep_learnt(feature)
        with write_matrix(folder) as writer:
            transform_rows(ctx, feature, shards, writer, share=(_FIT_SHARE, 1.0))
            manifest = Manifest(
                component=self.params.component,
                params=msgspec.to_builtins(feature.params),
                corpus_fingerprint=ctx.project.corpus_fingerprint,
                rows=writer.rows,
                dim=writer.dim or 0,
                sparse=writer.sparse,
            )
            writer.finish(manifest)
        shards.copy_learnt(folder / "fitted")
        return manifest, feature.window()


def transform_rows(
    ctx: KernelJobContext,
    feature: Feature[Any],
    shards: FeatureShards,
    writer: MatrixWriter,
    *,
    share: tuple[float, float],
) -> None:
    """Transform the rows that `writer` lacks, a batch at a time.

    Those that an earlier run of the job had finished are taken from it.
    """
    root, n_rows = ctx.workspace.places(ctx.project).root, ctx.project.n_rows
    had = writer.rows
    for part in shards.finished(had):
        writer.append(part)
    start = writer.rows
    if start > had:
        ctx.log(f"{start - had} texts were finished before this run; it goes on after them")
    lo, hi = share
    step = (hi - lo) / max(n_rows - start, 1)
    done = 0
    for batch in read_batches(root, start=start, n_rows=n_rows):
        begin, end = lo + step * done, lo + step * (done + len(batch))
        ctx.progress(begin, f"transforming text {start + done + 1} of {n_rows}")
        part = feature.transform(batch, ctx.part(begin, end))
        writer.append(part)
        shards.add(start + done, part)
        done += len(batch)
