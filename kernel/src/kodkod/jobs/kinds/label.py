"""Let a labeller answer what is asked of texts, and give its answers as any predictor does."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from kodkod.api import InvalidInputError, NotFoundError, Rates
from kodkod.jobs.answers import read_answers
from kodkod.jobs.context import KernelJobContext
from kodkod.jobs.kinds.labelling_params import LabelParams, PlanLabellingParams
from kodkod.jobs.kinds.project_job import ProjectJob
from kodkod.jobs.kinds.score import model_of
from kodkod.jobs.labelling import open_labelling, read_chosen, rows_to_label
from kodkod.jobs.labelling_run import LabellingRun, LabellingRunner
from kodkod.jobs.needs import Needs, needs_of
from kodkod.jobs.places import sweep
from kodkod.jobs.scoring import score_again
from kodkod.jobs.workspace import Workspace
from kodkod.project.labelling import Ceiling, LabellingPlan, plan_of, published
from kodkod.store.artefacts import ModelRow, change_model, find_model
from kodkod.store.files import whole_folder
from kodkod.store.matrices import Manifest, MatrixFolder
from kodkod.store.predictions import ROWS
from kodkod.store.replies import ReplyState, find_replies, reply_totals
from kodkod.store.spans import span_table, write_spans

__all__ = ["LabelJob", "PlanLabellingJob", "labelling_of"]

_PLANNED_FROM = 1_000
_SAMPLES = 3


class LabelJob(ProjectJob[LabelParams]):
    """Stores each reply as it comes, so that a run which was killed goes on where it was."""

    def needs(self, workspace: Workspace) -> Needs:
        """Return what the labeller needs."""
        row = workspace.read(find_model, self.params.model_id)
        if row is None or row.kind != "labeller":
            return Needs()
        return needs_of(workspace.registry.spec("labeller", row.component), row.params)

    def work(self, ctx: KernelJobContext) -> LabellingRun:
        """Ask, then publish what was answered and score each split that has annotations.

        What was answered is published even where the run is cancelled or fails.

        Raises:
            NotFoundError: the labelling was deleted.
            ConflictError: the scheme's labels have changed.
            InvalidInputError: there is nothing to label, or what it needs is gone.
            UnavailableError: nobody answers.
        """
        row = labelling_of(ctx, self.params.model_id)
        opened = open_labelling(ctx, row)
        _check_ceiling(self.params.ceiling, opened.labeller.rates())
        rows = rows_to_label(ctx, opened.coding, self.params.rows)
        again: set[ReplyState] = {"failed"}
        if self.params.unparsed_again:
            again.add("unparsed")
        ceiling = self.params.ceiling
        runner = LabellingRunner(ctx, opened, rows, ceiling=ceiling, again=frozenset(again))
        kind = opened.task.scheme_type
        try:
            run = runner.run()
        except BaseException:
            _publish_the_rest(ctx, row, kind)
            raise
        row = _publish(ctx, row, kind)
        ctx.workspace.write(change_model, row.id, scores=score_again(ctx, row))
        return run


class PlanLabellingJob(ProjectJob[PlanLabellingParams]):
    """Asks nobody."""

    def work(self, ctx: KernelJobContext) -> LabellingPlan:
        """Reckon what a run would take, from a part of its texts where they are many.

        Raises:
            NotFoundError: the labelling was deleted.
            ConflictError: the scheme's labels have changed.
            InvalidInputError: there is nothing to label, or what it needs is gone.
        """
        row = labelling_of(ctx, self.params.model_id)
        opened = open_labelling(ctx, row)
        rows = rows_to_label(ctx, opened.coding, self.params.rows)
        part = rows
        if len(rows) > _PLANNED_FROM:
            part = np.sort(ctx.rng().choice(rows, _PLANNED_FROM, replace=False))
        workspace, project = ctx.workspace, ctx.project
        questions = [
            question
            for batch in read_chosen(workspace.places(project).root, part)
            for question in opened.questions(batch)
        ]
        known = workspace.read(find_replies, project.id, [each.key for each in questions])
        kept = {key for key, state in known.items() if state != "failed"}
        return plan_of(
            rows=len(rows),
            keys=[question.key for question in questions],
            kept=kept,
            characters={
                question.key: sum(len(message.content) for message in question.messages)
                for question in questions
                if question.key not in kept
            },
            totals=workspace.read(reply_totals, project.id, row.id, heard=True),
            rates=opened.labeller.rates(),
            justify=opened.task.justify,
            remote=opened.spec.remote,
            samples=[list(question.messages) for question in questions[:_SAMPLES]],
        )


def labelling_of(ctx: KernelJobContext, model_id: str) -> ModelRow:
    """Return a labelling of the job's project.

    Raises:
        NotFoundError: the project has no such labelling.
    """
    row = model_of(ctx, model_id)
    if row.kind != "labeller":
        raise NotFoundError(f"There is no labelling {model_id!r} in the project.")
    return row


def _check_ceiling(ceiling: Ceiling, rates: Rates) -> None:
    if ceiling.cost is not None and None in (rates.price_in, rates.price_out):
        raise InvalidInputError(
            "The run has a ceiling on its cost, and the labeller no prices to reckon it by; give "
            "it prices, or the run a ceiling on tokens.",
            field="ceiling",
        )


def _publish_the_rest(ctx: KernelJobContext, row: ModelRow, kind: str) -> None:
    """Publish what a run that ends early has brought; what ended it is what is told."""
    try:
        _publish(ctx, row, kind)
    except Exception as error:  # noqa: BLE001 - the run's own error is raised again
        ctx.log(f"what was answered is not published: {error}")


def _publish(ctx: KernelJobContext, row: ModelRow, kind: str) -> ModelRow:
    """Write what is answered by now where a model's predictions are; return the row as it is.

    Raises:
        NotFoundError: the labelling was deleted.
    """
    workspace, project = ctx.workspace, ctx.project
    labelling_of(ctx, row.id)
    folder = workspace.places(project).predictions(row.id)
    sweep(folder.parent, folder.name)
    with whole_folder(folder) as aside:
        rows, probabilities = _write_answers(ctx, row, kind, aside)
        np.save(aside / ROWS, rows)
        manifest = Manifest(
            component=row.component,
            params=row.params,
            corpus_fingerprint=project.corpus_fingerprint,
            rows=len(rows),
            dim=len(row.label_ids),
            sparse=False,
            columns=row.label_ids,
        )
        MatrixFolder(aside).write(probabilities, manifest)
    predicted = len(rows) or None
    workspace.write(change_model, row.id, predicted_rows=predicted)
    return msgspec.structs.replace(row, predicted_rows=predicted)


def _write_answers(
    ctx: KernelJobContext, row: ModelRow, kind: str, folder: Path
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Write spans, where the scheme has such; return the rows and their probabilities."""
    rows = [np.zeros(0, dtype=np.int64)]
    tables = [np.zeros((0, len(row.label_ids)), dtype=np.float32)]
    ids = {str(id_): id_ for id_ in row.label_ids}
    with write_spans(folder) if kind == "span" else nullcontext() as spans:
        for page in read_answers(ctx, row.id):
            said = published(page, row.label_ids, kind=kind)
            rows.append(said.rows)
            tables.append(said.probabilities)
            if spans is not None and said.spans is not None and said.scores is not None:
                spans.append(span_table(said.rows, said.spans, said.scores, ids))
    return np.concatenate(rows), np.concatenate(tables)
