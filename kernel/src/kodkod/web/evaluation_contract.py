"""The shapes of wrong predictions, suspected labels and comparisons in the HTTP contract."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from kodkod.api import Basis
from kodkod.web.contract import Request

__all__ = [
    "LabelErrors",
    "NewComparison",
    "NewLearningCurve",
    "SuspectedLabel",
    "WrongPrediction",
    "WrongPredictions",
]


class WrongPrediction(Struct, frozen=True, kw_only=True):
    """A text whose prediction is not what people say.

    `confidence` is the probability of the predicted label; where a text may have several labels,
    how sure the model was of what it has most wrong. `missed` are labels that the text has and was
    not given, `added` those that it was given and has not.
    """

    id: str
    row: int
    text: str
    value: Any
    predicted: Any
    confidence: float
    missed: list[str]
    added: list[str]


class WrongPredictions(Struct, frozen=True, kw_only=True):
    """Part of the wrong predictions of a split, the most confident first.

    Of `compared` texts `wrong` are, those of the cell asked for alone. `basis` says whether the
    model had learnt from the texts. Ask again with `cursor` until it is null.
    """

    items: list[WrongPrediction]
    compared: int
    wrong: int
    basis: Basis
    cursor: str | None = None


class SuspectedLabel(Struct, frozen=True, kw_only=True):
    """An annotated text whose value is probably wrong.

    `score` is the quality of the value, from 0 (surely wrong) to 1.
    """

    id: str
    row: int
    text: str
    value: Any
    suggested: Any
    score: float


class LabelErrors(Struct, frozen=True, kw_only=True):
    """Part of the suspected values of a scheme's train split, the worst first.

    Of `checked` texts `suspected` are. `model` is the one whose cross-validation tells (null: the
    guide's), which learnt the annotations up to `trained_at_seq` of the log.
    """

    items: list[SuspectedLabel]
    checked: int
    suspected: int
    model: str | None
    trained_at_seq: int
    cursor: str | None = None


class NewComparison(Request, frozen=True):
    """Compare two models, by id or name, on the texts of a split that both predict."""

    first: str
    second: str
    split: Literal["train", "valid", "test"] = "test"
    metric: str | None = None
    seed: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0


class NewLearningCurve(Request, frozen=True):
    """Draw the learning curve of the kind of a model, by id or name.

    The model's component with its params is fitted on growing shares of the annotated texts of the
    train split: `sizes` of them, in each of `folds`, each smaller one `repeats` times (null: by how
    many texts there are).
    """

    model: str
    folds: Annotated[int, Meta(ge=2, le=5)] = 5
    sizes: Annotated[int, Meta(ge=2, le=10)] = 5
    repeats: Annotated[int, Meta(ge=1, le=5)] | None = None
    seed: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0
