"""What estimates are made of, read from log, predictions and corpus."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kodkod.api import ConflictError, InvalidInputError, Split
from kodkod.jobs.beside import align_columns, has_one_label
from kodkod.jobs.coding import Coding
from kodkod.jobs.context import KernelJobContext
from kodkod.jobs.kinds.estimate_params import EstimateParams
from kodkod.jobs.places import ProjectPlaces
from kodkod.project.corpus import LiveCorpus
from kodkod.project.drawn_samples import plan_of, rows_of_plan
from kodkod.project.estimation import (
    Frame,
    design_of_sample,
    random_draws,
    whole_split_design,
)
from kodkod.store.artefacts import ModelRow
from kodkod.store.corpus import read_corpus
from kodkod.store.drawn_samples import list_samples
from kodkod.store.draws import read_first_draws
from kodkod.store.learnt import read_learnt
from kodkod.store.predictions import open_predicted

__all__ = ["context_of", "corpus_of", "find_frame", "machine_labels", "outcomes", "refuse_seen"]

Rows = NDArray[np.int64]


def corpus_of(ctx: KernelJobContext) -> LiveCorpus:
    """Return the project's corpus."""
    frame = read_corpus(ctx.workspace.places(ctx.project).root, n_rows=ctx.project.n_rows)
    return LiveCorpus(frame, ctx.project.config.get("context_columns", ()))


def find_frame(
    ctx: KernelJobContext, params: EstimateParams, coding: Coding, corpus: LiveCorpus
) -> Frame:
    """Return which texts people coded, and with which probability each was drawn.

    Raises:
        ConflictError: some are not coded yet, or the probabilities are not known.
        InvalidInputError: the drawn sample is not there.
    """
    left_out = params.nonresponse == "random"
    if params.human == "drawn-sample":
        samples = ctx.workspace.read(list_samples, ctx.project.id)
        sample = next((each for each in samples if each.id == params.sample_id), None)
        if sample is None:
            raise InvalidInputError("Name a drawn sample of the project.", field="sample")
        population = rows_of_plan(plan_of(sample), corpus)
        return design_of_sample(sample, population, coding.rows, left_out=left_out)
    if params.human == "random-draws":
        draws = ctx.workspace.read(read_first_draws, params.scheme_id)
        inside = np.flatnonzero(corpus.splits == Split.TRAIN.code)
        return random_draws(draws, inside, coding.rows)
    everything = np.arange(len(corpus), dtype=np.int64)
    test = np.flatnonzero(corpus.splits == Split.TEST.code)
    _check_split(ctx, test)
    return whole_split_design(everything, test, coding.rows, left_out=left_out)


def _check_split(ctx: KernelJobContext, test: Rows) -> None:
    """See that the test split is a random sample of the corpus.

    Raises:
        ConflictError: it follows a column, or texts were added to it.
    """
    how = ctx.project.config.get("split", {})
    if how.get("column") is not None:
        raise ConflictError(
            f"The test split is what the column {how['column']!r} says, which is no random sample; "
            "draw one (POST drawn-samples) and annotate it."
        )
    if how.get("test", 0) != len(test):
        raise ConflictError(
            "Texts were added to the test split after it was drawn; draw a sample of the corpus "
            "as it is now (POST drawn-samples)."
        )


def outcomes(coded: Coding, column: int) -> NDArray[np.float64]:
    """Return float64 `[n]`: 1 where a text has the label of a column, else 0."""
    targets = coded.targets()
    found = targets == column if targets.ndim == 1 else targets[:, column] > 0
    return found.astype(np.float64)


def refuse_seen(model: ModelRow, places: ProjectPlaces, rows: Rows) -> None:
    """See that a model has not learnt from the human labels that are to correct it.

    Raises:
        ConflictError: it has, or nothing tells what it learnt from.
    """
    learnt = read_learnt(places.model(model.id))
    if learnt is None:
        if model.kind == "labeller":
            return
        raise ConflictError(
            f"Nothing tells which texts the model {model.name!r} learnt from; train it anew."
        )
    seen = int(np.isin(rows, learnt.rows).sum())
    if seen:
        raise ConflictError(
            f"The model {model.name!r} has learnt from {seen} of the {len(rows)} human labels, or "
            "was shown them as examples, so they cannot tell how often it is wrong. Train it "
            "without them, or draw a sample that it has not seen."
        )


def machine_labels(
    model: ModelRow, places: ProjectPlaces, coding: Coding, rows: Rows, *, hard: bool
) -> NDArray[np.float32]:
    """Return what a model says of rows, float32 `[len(rows), k]`, by the coding's labels.

    Raises:
        ConflictError: it has not predicted all of them.
        InvalidInputError: it does not tell all labels apart.
        UnavailableError: the stored predictions are damaged.
    """
    told = {coding.counts_as(each) for each in model.label_ids}
    untold = [label.name for label in coding.told if label.id not in told]
    if untold:
        raise InvalidInputError(
            f"The model {model.name!r} says nothing of {', '.join(map(repr, untold))}; name one "
            "that knows all labels of the scheme.",
            field="model",
        )
    predicted = open_predicted(places.root, model.id)
    missing = len(rows) if predicted is None else int((~np.isin(rows, predicted.rows)).sum())
    if predicted is None or missing:
        raise ConflictError(
            f"The model {model.name!r} has not predicted {missing} of the {len(rows)} texts; let "
            "it predict the complete corpus."
        )
    single = has_one_label(coding)
    said = align_columns(predicted.take(rows), model.label_ids, coding, single=single)
    if not hard:
        return said
    if single:
        return (np.arange(said.shape[1]) == said.argmax(axis=1)[:, None]).astype(np.float32)
    return (said >= _thresholds(model, coding)).astype(np.float32)


def _thresholds(model: ModelRow, coding: Coding) -> NDArray[np.float32]:
    found = np.full(len(coding.label_ids), 0.5, dtype=np.float32)
    for label_id, threshold in zip(model.label_ids, model.thresholds or (), strict=False):
        now = coding.counts_as(label_id)
        if now in coding.label_ids:
            found[coding.label_ids.index(now)] = threshold
    return found


def context_of(corpus: LiveCorpus, rows: Rows) -> pl.DataFrame:
    """Return the context columns of rows, by their names."""
    return pl.DataFrame(
        {name: corpus.context_column(name)[rows] for name in corpus.context_columns}
    )
