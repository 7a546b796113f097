"""Bring a feature up to the rows that were added to the corpus."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, cast

import msgspec

from kodkod.api import Feature, NotFoundError
from kodkod.jobs.context import KernelJobContext
from kodkod.jobs.feature_shards import FeatureShards
from kodkod.jobs.kinds.feature import FeatureMade, transform_rows
from kodkod.jobs.kinds.params import ExtendFeatureParams
from kodkod.jobs.kinds.project_job import ProjectJob
from kodkod.jobs.matrix_file import write_matrix
from kodkod.jobs.needs import Needs, needs_of
from kodkod.jobs.places import sweep
from kodkod.jobs.workspace import Workspace
from kodkod.store.artefacts import find_feature, put_feature_rows
from kodkod.store.files import whole_folder
from kodkod.store.matrices import Manifest, read_manifest
from kodkod.store.neighbours import carry_index

__all__ = ["ExtendFeatureJob"]


class ExtendFeatureJob(ProjectJob[ExtendFeatureParams]):
    """Only the new rows are computed, by what was learnt then; the others are copied."""

    def needs(self, workspace: Workspace) -> Needs:
        """Return what the kind of feature needs."""
        row = workspace.read(find_feature, self.params.feature_id)
        if row is None:
            return Needs()
        return needs_of(workspace.registry.spec("feature", row.component), row.params)

    def work(self, ctx: KernelJobContext) -> FeatureMade:
        """Transform the new rows and put the longer matrix in the place of the old.

        Raises:
            NotFoundError: the feature was deleted.
        """
        row = ctx.workspace.read(find_feature, self.params.feature_id)
        if row is None or row.project_id != ctx.project.id:
            raise NotFoundError(f"There is no feature {self.params.feature_id!r} in the project.")
        folder = ctx.workspace.places(ctx.project).feature(row.id)
        sweep(folder.parent, folder.name)
        # Rows may be added while this runs, and their own job was refused for this one's sake.
        while (before := read_manifest(folder)).rows < ctx.project.n_rows:
            with whole_folder(folder) as aside:
                self._extend(ctx, before, folder, aside)
            ctx.refresh_project()
        ctx.workspace.write(put_feature_rows, row.id, before.rows)
        return FeatureMade(feature=row.id)

    def _extend(self, ctx: KernelJobContext, before: Manifest, old: Path, new: Path) -> None:
        feature = cast(
            "Feature[Any]",
            ctx.workspace.registry.build("feature", before.component, before.params),
        )
        feature.load(old / "fitted")
        shutil.copytree(old / "fitted", new / "fitted")
        carry_index(old, new)
        with write_matrix(new) as writer:
            writer.copy(old, before)
            transform_rows(ctx, feature, FeatureShards(ctx.checkpoints), writer, share=(0.0, 1.0))
            writer.finish(
                msgspec.structs.replace(
                    before, rows=writer.rows, corpus_fingerprint=ctx.project.corpus_fingerprint
                )
            )
