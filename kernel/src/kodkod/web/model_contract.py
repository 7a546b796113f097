"""The shapes of models and their predictions in the HTTP contract."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from kodkod.api import ReadingWindow, ScoreReport
from kodkod.project.teaching import Range, SearchPlan, Silver, Source, Teaching
from kodkod.project.validated import CrossValidation, Searched, Trial, Validated
from kodkod.store.artefacts import Provenance
from kodkod.web.contract import Request, Slug

__all__ = [
    "CrossValidation",
    "ModelEnergy",
    "ModelInfo",
    "ModelTraining",
    "NewModel",
    "NewModelExport",
    "NewPrediction",
    "Provenance",
    "Range",
    "SearchPlan",
    "Searched",
    "Silver",
    "Trial",
    "Validated",
]


class NewModel(Teaching, frozen=True, kw_only=True):
    """A model to train on annotations of the train split."""

    name: Slug
    scheme: str
    component: str = "logistic"
    features: tuple[str, ...] = ()
    params: dict[str, Any] = field(default_factory=dict)
    seed: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0


class ModelTraining(Struct, frozen=True, kw_only=True):
    """Which annotations a model learnt from; none named means all. Labels as they are called now.

    A model with `dichotomise` has one probability: that this label is on the text. Of the texts
    that it learnt from `n_silver` were labelled by an LLM. `window` is what it reads of a text,
    where some that it learnt from were longer.
    """

    exclude_labels: list[str]
    dichotomise: str | None
    annotators: list[str]
    sources: list[Source]
    silver: Silver | None
    n_silver: int
    window: ReadingWindow | None = None


class ModelEnergy(Struct, frozen=True, kw_only=True):
    """What the training took."""

    wh: float
    g_co2e: float


class ModelInfo(Struct, frozen=True, kw_only=True):
    """A trained model, or a labelling (kind `labeller`). `scores` has a report for each split.

    `predicted_rows` is how many rows its stored predictions of the complete corpus cover (null:
    none stored), `predicted` how many of a split, or of a file by its id. `thresholds`, in the
    order of `labels`, are the probabilities from which each is on a text, where the model chose
    any. `validation` has what a search of params and a cross-validation have come to, `exports`
    the forms that it can be exported in.
    """

    id: str
    name: str
    kind: Literal["model", "labeller"]
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
    predicted: dict[str, int]
    training: ModelTraining
    thresholds: list[float] | None
    validation: Validated | None
    provenance: Provenance
    energy: ModelEnergy | None
    exports: list[str]


class NewPrediction(Request, frozen=True):
    """What to predict; each split that has annotations among it is scored.

    `file` is a file of the project by id or name, for `on` file. Without a metric named it is the
    scheme's.
    """

    on: Literal["complete", "train", "valid", "test", "file"] = "complete"
    file: str | None = None
    metric: str | None = None


class NewModelExport(Request, frozen=True):
    """Write a model in a form that other software loads, such as `transformers` or `onnx`."""

    format: Annotated[str, Meta(min_length=1, max_length=64)] = "transformers"
