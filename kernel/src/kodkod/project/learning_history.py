"""What stopping rules read: a scheme's labels and predictions as of now, and how it came to them.

Rows become places among those that can be annotated (the train split), and columns the labels of
now, whatever they were when something was predicted.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import Belief, HeldOut, LearningHistory, Split
from kodkod.project.coding import Coder
from kodkod.project.fold import SchemeFold
from kodkod.project.guide import Predictions
from kodkod.store.beliefs import Assessment
from kodkod.store.draws import FirstDraws

__all__ = ["Recorded", "align_columns", "defined_probabilities", "learning_history"]

_WHOLE = 0.9

Floats = NDArray[np.float32]


class Recorded(Struct, frozen=True, kw_only=True):
    """What lies on disk and in the log of a guide's learning."""

    beliefs: Sequence[Belief]
    assessments: Sequence[HeldOut]
    assessment: Assessment | None
    draws: FirstDraws


def learning_history(
    fold: SchemeFold,
    coder: Coder,
    splits: NDArray[np.uint8],
    predictions: Predictions | None,
    recorded: Recorded,
    *,
    overlap: int,
    uniform: Collection[str],
    seed: Sequence[int],
) -> LearningHistory | None:
    """Put the history together; None for a scheme whose values fit no table of labels.

    `splits` has the split of each row of the corpus, `uniform` names the strategies that draw each
    text with the same probability. Takes a while for many rows: not for the event loop.
    """
    train = np.flatnonzero(splits == Split.TRAIN.code)
    rows, values = fold.resolved()
    kept = np.isin(rows, train, assume_unique=True)
    rows = rows[kept]
    targets = coder.scheme_type.encode(
        [value for value, keep in zip(values, kept, strict=True) if keep], coder.names
    )
    if targets is None:
        return None
    several = targets.ndim == 2
    turn, probability = _draws_of(rows, recorded.draws, len(train), overlap, uniform)
    assessment = recorded.assessment
    return LearningHistory(
        labels=coder.names,
        multilabel=several,
        n_rows=len(train),
        beliefs=tuple(recorded.beliefs),
        assessments=tuple(recorded.assessments),
        curve=tuple(assessment.facts.curve) if assessment else (),
        probabilities=_predicted(predictions, train, coder, fold.merged, several=several),
        labelled=np.searchsorted(train, rows).astype(np.int64),
        targets=targets,
        held_out=_held_out(assessment, rows, coder, fold.merged, several=several),
        selection_probability=probability,
        turn=turn,
        rng=np.random.default_rng(list(seed)),
    )


def align_columns(
    p: Floats,
    label_ids: Sequence[int],
    now: Sequence[int],
    merged: Mapping[int, int | None],
    *,
    several: bool,
) -> Floats:
    """Return `p` with a column for each of the labels of `now`; one that is new is NaN.

    A label that was merged counts as what it was merged into: with one label a text the sum of
    both probabilities, with several the greater. A deleted one is left out.
    """
    if list(label_ids) == list(now):
        return p
    place = {id_: column for column, id_ in enumerate(now)}
    aligned = np.full((len(p), len(now)), np.nan, dtype=np.float32)
    for column, label_id in enumerate(label_ids):
        target: int | None = label_id
        while target is not None and target in merged:
            target = merged[target]
        if target is None or target not in place:
            continue
        into = aligned[:, place[target]]
        if np.isnan(into).all():
            into[:] = p[:, column]
        elif several:
            np.maximum(into, p[:, column], out=into)
        else:
            into += p[:, column]
    return aligned


def _predicted(
    predictions: Predictions | None,
    train: NDArray[np.int64],
    coder: Coder,
    merged: Mapping[int, int | None],
    *,
    several: bool,
) -> Floats | None:
    if predictions is None:
        return None
    p = np.asarray(predictions.probabilities)
    there = train[: int(np.searchsorted(train, len(p)))]
    # Nothing is copied where all rows can be annotated, as is the case for most corpora.
    found = p[: len(there)] if len(there) and there[-1] == len(there) - 1 else p[there]
    found = align_columns(found, predictions.label_ids, coder.ids, merged, several=several)
    if len(found) == len(train):
        return found
    whole = np.full((len(train), found.shape[1]), np.nan, dtype=np.float32)
    whole[: len(found)] = found
    return whole


def _held_out(
    assessment: Assessment | None,
    rows: NDArray[np.int64],
    coder: Coder,
    merged: Mapping[int, int | None],
    *,
    several: bool,
) -> Floats | None:
    if assessment is None:
        return None
    found = align_columns(
        assessment.held_out, assessment.facts.label_ids, coder.ids, merged, several=several
    )
    held_out = np.full((len(rows), found.shape[1]), np.nan, dtype=np.float32)
    _, mine, theirs = np.intersect1d(rows, assessment.rows, assume_unique=True, return_indices=True)
    held_out[mine] = found[theirs]
    return held_out


def _draws_of(
    rows: NDArray[np.int64],
    draws: FirstDraws,
    n_train: int,
    overlap: int,
    uniform: Collection[str],
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the turn of each row and the probability of its draw, NaN where it is not defined."""
    _, mine, theirs = np.intersect1d(rows, draws.rows, assume_unique=True, return_indices=True)
    seqs = np.full(len(rows), np.iinfo(np.int64).max)
    seqs[mine] = draws.seqs[theirs]
    turn = np.empty(len(rows), dtype=np.int64)
    turn[np.argsort(seqs, kind="stable")] = np.arange(len(rows))
    given = np.full(len(rows), np.nan)
    given[mine] = draws.probabilities[theirs]
    fair = np.zeros(len(rows), dtype=np.bool_)
    fair[mine] = [draws.strategies[place] in uniform for place in theirs.tolist()]
    return turn, defined_probabilities(given, fair, n_train - turn, overlap=overlap)


def defined_probabilities(
    given: NDArray[np.float64],
    uniform: NDArray[np.bool_],
    left: NDArray[np.int64],
    *,
    overlap: int,
) -> NDArray[np.float64]:
    """Return with which probability each text was drawn from the `left` ones not annotated then.

    `given` is what the log says: the probability among those that were eligible, which is another
    thing where the draw was from a part of the corpus (a search, another split) or where texts
    that somebody else had annotated were eligible too.

    A `uniform` draw tells by its probability how many were eligible. If that is most of what was
    left, the text was equally likely to be any of those; else it says nothing of the others. A
    draw that only explores does not tell; it counts as given where each text has one annotator.
    """
    enough = np.nan_to_num(1 / given, nan=0.0) >= _WHOLE * left
    by_count = np.where(enough & (left > 0), 1 / np.maximum(left, 1), np.nan)
    return np.where(uniform, by_count, given if overlap == 1 else np.nan)
