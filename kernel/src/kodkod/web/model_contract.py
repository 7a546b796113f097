"""The shapes of models and their predictions in the HTTP contract."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct, field

from kodkod.api import ScoreReport
from kodkod.web.contract import Request, Slug

__all__ = ["ModelInfo", "NewModel", "NewPrediction"]


class NewModel(Request, frozen=True):
    """A model to train on the annotations of the train split."""

    name: Slug
    scheme: str
    component: str = "logistic"
    features: tuple[str, ...] = ()
    params: dict[str, Any] = field(default_factory=dict)
    seed: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0


class ModelInfo(Struct, frozen=True, kw_only=True):
    """A trained model. `scores` has a report for each split that was scored.

    `predicted_rows` is how many rows its stored predictions cover (null: none stored).
    """

    id: str
    name: str
    scheme: str
    component: str
    params: dict[str, Any]
    features: list[str]
    labels: list[str]
    n_train: int
    trained_at_seq: int
    corpus_fingerprint: str
    seed: int
    scores: dict[str, ScoreReport]
    predicted_rows: int | None
    created_at: datetime


class NewPrediction(Request, frozen=True):
    """Predict the complete corpus, and score each split that has annotations."""

    metric: str = "classification"
