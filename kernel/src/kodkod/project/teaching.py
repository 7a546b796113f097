"""What a model is taught by: which annotations, by whom, and how its params are chosen."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from kodkod.api import Params, ReadingWindow, easy, medium, pro

__all__ = ["Range", "SearchPlan", "Silver", "Source", "Taught", "Teaching"]

Source = Literal["human", "import", "llm", "model", "adjudication"]
_MOST_VALUES = 50
_MOST_PARAMS = 20


class Range(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Numbers from `low` to `high`, both included, drawn evenly or evenly in their logarithm."""

    low: float
    high: float
    log: bool = False
    whole: bool = False


class SearchPlan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which params to try, how many times, and how they are judged.

    `space` has, for each param that is tried, its values or a range of them. `grid` tries all
    combinations of values (of a range: five numbers of it) in order, and a budget of fewer
    `trials` takes as many of them at random; `random` draws each trial. What is given in the
    model's own params is tried first. A trial is judged by cross-validation in `folds`, or on
    one held-out `share` of the texts that are learnt from. The greatest `figure` of the metric
    wins; without one named it is the metric's macro F1, or its first figure.
    """

    space: Annotated[
        dict[str, Annotated[list[Any], Meta(min_length=1, max_length=_MOST_VALUES)] | Range],
        Meta(min_length=1, max_length=_MOST_PARAMS),
    ]
    method: Literal["grid", "random"] = "random"
    trials: Annotated[int, Meta(ge=1, le=200)] = 20
    judged_by: Literal["folds", "share"] = "folds"
    folds: Annotated[int, Meta(ge=2, le=20)] = 5
    share: Annotated[float, Meta(ge=0.05, le=0.5)] = 0.2
    figure: Annotated[str, Meta(max_length=100)] = ""


class Silver(Params, frozen=True, kw_only=True):
    """Answers of a labelling to learn from beside what people say, where they say nothing.

    A text of it counts `weight` times as much as one that people have labelled.
    """

    labelling: Annotated[str, easy("Id or name of the labelling")]
    weight: Annotated[float, easy("How much a text counts", gt=0, le=1)] = 0.3
    min_confidence: Annotated[
        Annotated[float, Meta(ge=0, le=1)] | None,
        medium("Leave out answers that are less sure, or not said how sure"),
    ] = None


class Teaching(Params, frozen=True, kw_only=True):
    """Which annotations of the train split a model learns from, and how it is tried out.

    Labels go by name. A model that is taught one label against the rest (`dichotomise`) gives one
    probability, that the label is on the text. `folds` of 0 does no cross-validation.
    """

    exclude_labels: Annotated[
        tuple[str, ...], medium("Labels not to learn; texts with no other are left out")
    ] = ()
    dichotomise: Annotated[str | None, medium("The one label to tell from the rest")] = None
    annotators: Annotated[tuple[str, ...], medium("Annotators to learn from; none means all")] = ()
    sources: Annotated[
        tuple[Source, ...],
        medium("Where annotations come from, such as adjudication; none means anywhere"),
    ] = ()
    folds: Annotated[int, easy("Folds of a cross-validation; 0: none", ge=0, le=20)] = 0
    search: Annotated[SearchPlan | None, pro("How to search for better params")] = None
    metric: Annotated[str | None, medium("Metric that folds and trials are judged by")] = None
    silver: Annotated[
        Silver | None, medium("Answers of an LLM to learn from too; folds are judged without")
    ] = None


class Taught(Struct, frozen=True, kw_only=True):
    """What is kept of a model's `Teaching`: labels by id, so that they may be renamed.

    `labels` are the names that the model's columns had when it learnt: it knows no others. Of the
    texts that it learnt from `n_silver` were labelled by a machine. `window` is what it reads of a
    text, where some were longer.
    """

    labels: list[str] = []
    exclude_labels: list[int] = []
    dichotomise: int | None = None
    annotators: list[str] = []
    sources: list[Source] = []
    folds: int = 0
    search: SearchPlan | None = None
    metric: str | None = None
    silver: Silver | None = None
    n_silver: int = 0
    window: ReadingWindow | None = None
