"""Predict the complete corpus, one split of it, or a file."""

from __future__ import annotations

from contextlib import ExitStack
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any, cast

import msgspec
import numpy as np
import polars as pl
import pyarrow as pa
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import Model, ModelSpec, PluginError, UnavailableError
from kodkod.jobs.asked import Order, order_of
from kodkod.jobs.context import KernelJobContext
from kodkod.jobs.kinds.params import PredictParams
from kodkod.jobs.kinds.project_job import ProjectJob
from kodkod.jobs.kinds.score import model_of
from kodkod.jobs.matrix_file import write_matrix
from kodkod.jobs.needs import Needs, needs_of
from kodkod.jobs.part_files import PartFiles
from kodkod.jobs.places import sweep
from kodkod.jobs.predicting import Said, say
from kodkod.jobs.scoring import score_again
from kodkod.jobs.workspace import Workspace
from kodkod.project.teaching import Taught
from kodkod.store.artefacts import ModelRow, change_model, find_feature, find_model
from kodkod.store.files import whole_folder
from kodkod.store.matrices import Manifest, read_manifest
from kodkod.store.predictions import IDS, ROWS, open_rows
from kodkod.store.spans import SPANS, span_table, write_spans

__all__ = ["ModelPredicted", "PredictJob"]

_PREDICT_SHARE = 0.95


class ModelPredicted(Struct, frozen=True, kw_only=True):
    """How many texts are predicted now, how many of them by this job, and the scores by split."""

    model: str
    on: str
    rows: int
    computed: int
    scores: dict[str, Any]


class PredictJob(ProjectJob[PredictParams]):
    """Stores float32 `[n, n_labels]`, columns as in the model's `label_ids`, and spans beside it.

    What a model has said of a text once is not computed again: neither what is stored already,
    nor the parts that a run which was killed had finished.
    """

    def needs(self, workspace: Workspace) -> Needs:
        """Return what the model needs, and, for a file, what the features need that it reads."""
        row = workspace.read(find_model, self.params.model_id)
        if row is None:
            return Needs()
        needs = needs_of(workspace.registry.spec("model", row.component), row.params)
        if self.params.on != "file":
            return needs
        found = (workspace.read(find_feature, id_) for id_ in row.features)
        features = (
            needs_of(workspace.registry.spec("feature", each.component), each.params)
            for each in found
            if each is not None
        )
        return reduce(or_, features, needs)

    def work(self, ctx: KernelJobContext) -> ModelPredicted:
        """Predict, then score each split that has annotations among what is predicted.

        Raises:
            NotFoundError: the model was deleted.
            InvalidInputError: there is nothing to predict, or a feature or the file is missing.
        """
        asked = self.params
        row = model_of(ctx, asked.model_id)
        spec = cast("ModelSpec", ctx.workspace.registry.spec("model", row.component))
        order = order_of(ctx, row, spec, asked.on, asked.file_id)
        n_rows = len(order.asked.rows)
        before = _stored(order, row)
        if before < n_rows:
            self._compute(ctx, row, order, before)
        row = model_of(ctx, asked.model_id)
        if order.part:
            row = msgspec.structs.replace(row, predicted={**row.predicted, order.part: n_rows})
        else:
            row = msgspec.structs.replace(row, predicted_rows=n_rows)
        ctx.workspace.write(
            change_model, row.id, predicted=row.predicted, predicted_rows=row.predicted_rows
        )
        return ModelPredicted(
            model=row.id,
            on=asked.on,
            rows=n_rows,
            computed=n_rows - before,
            scores={} if asked.on == "file" else self._scored(ctx, row),
        )

    def _scored(self, ctx: KernelJobContext, row: ModelRow) -> dict[str, Any]:
        ctx.progress(_PREDICT_SHARE, "scoring")
        scores = score_again(ctx, row, self.params.metric)
        ctx.workspace.write(change_model, row.id, scores=scores)
        return scores

    def _compute(self, ctx: KernelJobContext, row: ModelRow, order: Order, before: int) -> None:
        parts = PartFiles(ctx.checkpoints / "parts")
        start = parts.until(before)
        if start < len(order.asked.rows):
            self._predict(ctx, row, order, parts, start)
        sweep(order.folder.parent, order.folder.name)
        with whole_folder(order.folder) as aside:
            _gather(order, row, parts, before, aside)

    def _predict(
        self, ctx: KernelJobContext, row: ModelRow, order: Order, parts: PartFiles, start: int
    ) -> None:
        registry = ctx.workspace.registry
        model = cast("Model[Any]", registry.build("model", row.component, row.params))
        model.load(ctx.workspace.places(ctx.project).model(row.id) / "fitted")
        n_rows, done = len(order.asked.rows), start
        if start:
            ctx.log(f"going on after the {start} texts that are predicted already")
        for batch in order.asked.parts(start):
            end = done + len(batch)
            part = ctx.part(_PREDICT_SHARE * done / n_rows, _PREDICT_SHARE * end / n_rows)
            part.progress(0.0, f"predicting text {done + 1} of {n_rows}")
            features = order.asked.features(batch, part)
            said = say(model, batch, features, len(row.label_ids), part)
            parts.write(done, said.probabilities, _span_lines(row, batch.rows, said))
            done = end


def _stored(order: Order, row: ModelRow) -> int:
    """Return how many of the texts are predicted already; texts are only ever added."""
    try:
        there = open_rows(order.folder)
        if there is None or list(read_manifest(order.folder).columns) != row.label_ids:
            return 0
    except UnavailableError:
        return 0
    n = len(there.rows)
    whole = len(there.probabilities) == n and n <= len(order.asked.rows)
    return n if whole and np.array_equal(there.rows, order.asked.rows[:n]) else 0


def _gather(order: Order, row: ModelRow, parts: PartFiles, before: int, folder: Path) -> None:
    """Put together in `folder` what was stored and what was computed."""
    old = order.folder
    has_spans = (old / SPANS).exists() if before else parts.has_spans
    with ExitStack() as files:
        matrix = files.enter_context(write_matrix(folder))
        spans = files.enter_context(write_spans(folder)) if has_spans else None
        if before:
            matrix.copy(old, read_manifest(old))
            if spans is not None:
                spans.copy(old / SPANS)
        parts.copy(before, matrix, spans)
        if order.of_file:
            pl.read_parquet(order.asked.path, columns=["id"]).write_parquet(folder / IDS)
        elif order.part:
            np.save(folder / ROWS, order.asked.rows)
        matrix.finish(
            Manifest(
                component=row.component,
                params=row.params,
                corpus_fingerprint=order.fingerprint,
                rows=matrix.rows,
                dim=len(row.label_ids),
                sparse=False,
                columns=row.label_ids,
            )
        )


def _span_lines(row: ModelRow, rows: NDArray[np.int64], said: Said) -> pa.Table | None:
    if said.spans is None or said.scores is None:
        return None
    names = msgspec.convert(row.training, Taught).labels
    ids = dict(zip(names, row.label_ids, strict=True))
    try:
        return span_table(rows, said.spans, said.scores, ids)
    except KeyError as error:
        raise PluginError(
            f"The model gave a span the label {error.args[0]!r}, which it was not taught."
        ) from error
