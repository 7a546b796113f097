"""Histories of learning for tests of stopping rules: made up, but such as a guide leaves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Belief, CurvePoint, HeldOut, LearningHistory, Score
from kodkod.testing.material import LABELS, make_targets

__all__ = ["make_history"]

_START = datetime(2026, 1, 1, tzinfo=UTC)
_SIZES = 5


def make_history(
    scheme_type: str = "multiclass",
    *,
    n_rows: int = 1_000,
    refreshes: int = 30,
    per_refresh: int = 10,
    seed: int = 0,
) -> LearningHistory:
    """Return the history of a guide that refreshed `refreshes` times, for `LABELS`.

    The first `refreshes * per_refresh` rows are labelled; the guide was assessed each time that
    they had grown by a tenth, and never where there was no refresh. Scores rise and changes
    become fewer as the labels become more.
    """
    rng = np.random.default_rng([seed, refreshes])
    several = scheme_type == "multilabel"
    n = min(refreshes * per_refresh, n_rows)
    beliefs = [_belief(i + 1, min((i + 1) * per_refresh, n_rows)) for i in range(refreshes)]
    assessments: list[HeldOut] = []
    for belief in beliefs:
        if not assessments or belief.n_train >= 1.1 * assessments[-1].n_train:
            score = _score(belief.n_train)
            seq = belief.trained_at_seq
            assessments.append(HeldOut(n_train=belief.n_train, trained_at_seq=seq, score=score))
    sizes = np.unique(np.geomspace(max(n / 10, 1), max(0.8 * n, 1), _SIZES).round()).tolist()
    curve = [CurvePoint(n=int(size), score=_score(size)) for size in sizes] if n else []
    return LearningHistory(
        labels=LABELS,
        multilabel=several,
        n_rows=n_rows,
        beliefs=tuple(beliefs),
        assessments=tuple(assessments),
        curve=tuple(curve),
        probabilities=_probabilities(rng, n_rows, several=several) if refreshes else None,
        labelled=np.arange(n, dtype=np.int64),
        targets=make_targets(n, scheme_type),
        held_out=_probabilities(rng, n, several=several) if refreshes else None,
        selection_probability=np.where(np.arange(n) % 2, np.nan, 1 / (n_rows - np.arange(n))),
        turn=np.arange(n, dtype=np.int64),
        rng=np.random.default_rng(seed),
    )


def _belief(version: int, n_train: int) -> Belief:
    return Belief(
        version=version,
        trained_at_seq=3 * version,
        n_train=n_train,
        at=_START + timedelta(minutes=version),
        label_ids=tuple(range(1, len(LABELS) + 1)),
        share=(0.5, 0.3, 0.15, 0.05),
        uncertainty=0.9 * n_train**-0.3,
        compared=500 if version > 1 else 0,
        kappa=1 - n_train**-0.7 if version > 1 else None,
        changed=n_train**-0.8 if version > 1 else None,
    )


def _score(n: float) -> Score:
    value = 0.8 - 0.9 * float(n) ** -0.5
    return Score(value=value, low=value - 0.03, high=value + 0.03)


def _probabilities(rng: np.random.Generator, n: int, *, several: bool) -> NDArray[np.float32]:
    shares = np.array([2.0, 1.0, 0.5, 0.05])
    found: NDArray[Any] = rng.dirichlet(shares, n)
    return (np.sqrt(found) if several else found).astype(np.float32)
