"""Encode a text by a feature of the project, to compare the corpus with it."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import polars as pl
from msgspec import Struct

from kodkod.api import Feature, TextBatch
from kodkod.jobs.context import KernelJobContext
from kodkod.jobs.inputs import find_features
from kodkod.jobs.kinds.params import EncodeParams
from kodkod.jobs.kinds.project_job import ProjectJob
from kodkod.jobs.needs import Needs, needs_of
from kodkod.jobs.workspace import Workspace

__all__ = ["EncodeJob", "Encoded"]


class Encoded(Struct, frozen=True, kw_only=True):
    """A text's vector, as the feature's rows are."""

    feature: str
    vector: list[float]


class EncodeJob(ProjectJob[EncodeParams]):
    """Runs where people wait for it: in the worker that refreshes guides."""

    def needs(self, workspace: Workspace) -> Needs:
        """Return what the kind of feature needs."""
        return needs_of(
            workspace.registry.spec("feature", self.params.component), self.params.params
        )

    def work(self, ctx: KernelJobContext) -> Encoded:
        """Transform the text by the fitted feature."""
        (row,) = find_features(ctx.workspace, ctx.project, [self.params.feature_id])
        built = ctx.workspace.registry.build("feature", row.component, row.params)
        feature = cast("Feature[Any]", built)
        feature.load(ctx.workspace.places(ctx.project).feature(row.id) / "fitted")
        text = TextBatch(
            rows=np.array([-1], dtype=np.int64), texts=[self.params.text], context=pl.DataFrame()
        )
        matrix = feature.transform(text, ctx)
        return Encoded(feature=row.id, vector=np.asarray(matrix)[0].tolist())
