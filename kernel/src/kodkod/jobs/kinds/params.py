"""Params of the kernel's own kinds of job. Each job knows its project from its row."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import field

from kodkod.api import Params, easy, medium, pro
from kodkod.project.importing import ProjectConfig
from kodkod.project.teaching import Teaching
from kodkod.simulation.plan import Plan

__all__ = [
    "AssessParams",
    "EncodeParams",
    "ExportModelParams",
    "ExtendFeatureParams",
    "FeatureParams",
    "GuideParams",
    "ImportParams",
    "IndexParams",
    "PredictOn",
    "PredictParams",
    "ScoreParams",
    "SimulateParams",
    "TrainParams",
]

_Slug = r"^[a-z0-9][a-z0-9_-]{0,62}$"
PredictOn = Literal["complete", "train", "valid", "test", "file"]
Seed = Annotated[int, pro("Start of every random choice", ge=0, le=2**31 - 1)]


class FeatureParams(Params, frozen=True):
    """What to compute over the whole corpus."""

    name: Annotated[str, easy("Name of the feature in its project", pattern=_Slug)]
    component: Annotated[str, easy("Kind of feature")]
    params: Annotated[dict[str, Any], easy("The kind's own params")] = field(default_factory=dict)
    seed: Seed = 0


class ExtendFeatureParams(Params, frozen=True):
    """Which feature to bring up to the corpus's rows."""

    feature_id: Annotated[str, easy("Id of the feature")]


class IndexParams(Params, frozen=True):
    """Which feature to index. It is done by itself for dense features of many rows."""

    feature_id: Annotated[str, easy("Id of the feature")]


class EncodeParams(Params, frozen=True):
    """Which text to encode, and by which feature; its component and params say what it takes."""

    feature_id: Annotated[str, easy("Id of the feature")]
    text: Annotated[str, easy("The text", max_length=10_000)]
    component: Annotated[str, easy("Kind of feature")]
    params: Annotated[dict[str, Any], easy("The kind's own params")] = field(default_factory=dict)


class TrainParams(Teaching, frozen=True, kw_only=True):
    """What to train on the annotations of the train split. Features go by id or name."""

    name: Annotated[str, easy("Name of the model in its project", pattern=_Slug)]
    scheme_id: Annotated[int, easy("Id of the scheme to learn")]
    component: Annotated[str, easy("Kind of model")]
    features: Annotated[tuple[str, ...], easy("Features that the model reads")] = ()
    params: Annotated[dict[str, Any], easy("The kind's own params")] = field(default_factory=dict)
    seed: Seed = 0


class ImportParams(Params, frozen=True):
    """Which upload becomes a project. The job's user becomes its manager."""

    upload: Annotated[str, easy("Name of the file among the uploads", pattern="^[0-9a-f]+$")]
    filename: Annotated[str, easy("Name that the user gave it")]
    config: Annotated[ProjectConfig, easy("How the file becomes a project")]


class PredictParams(Params, frozen=True):
    """Which model predicts what: the complete corpus, one split, or a file of the project."""

    model_id: Annotated[str, easy("Id of the model")]
    on: Annotated[PredictOn, easy("Which texts")] = "complete"
    file_id: Annotated[str | None, easy("Id of the file, where it is one")] = None
    metric: Annotated[str | None, medium("Metric to score by; none named: the scheme's")] = None
    seed: Seed = 0


class ExportModelParams(Params, frozen=True):
    """Which model to write in a form that other software loads."""

    model_id: Annotated[str, easy("Id of the model")]
    form: Annotated[str, easy("Which form, such as transformers or onnx")]


class ScoreParams(Params, frozen=True):
    """Which model's stored predictions to compare with the annotations of now."""

    model_id: Annotated[str, easy("Id of the model")]
    metric: Annotated[str | None, medium("Metric to score by; none named: the scheme's")] = None
    seed: Seed = 0


class GuideParams(Params, frozen=True):
    """Which quick model to refresh for a scheme. Features go by id or name."""

    scheme_id: Annotated[int, easy("Id of the scheme")]
    model: Annotated[str, easy("Kind of model")]
    features: Annotated[tuple[str, ...], easy("Features that it reads", min_length=1)]
    params: Annotated[dict[str, Any], easy("The kind's own params")] = field(default_factory=dict)
    ensemble: Annotated[int, pro("Members of a bootstrap ensemble; 0: none", ge=0, le=20)] = 0
    seed: Seed = 0


class AssessParams(Params, frozen=True):
    """Which scheme's guide to cross-validate; model, features and params as the guide has them."""

    scheme_id: Annotated[int, easy("Id of the scheme")]
    model: Annotated[str, easy("Kind of model")]
    features: Annotated[tuple[str, ...], easy("Features that it reads")] = ()
    params: Annotated[dict[str, Any], easy("The kind's own params")] = field(default_factory=dict)
    seed: Seed = 0


class SimulateParams(Params, frozen=True):
    """What to replay on which scheme's annotations. Features go by id or name."""

    scheme_id: Annotated[int, easy("Id of the scheme whose annotations are the truth")]
    features: Annotated[tuple[str, ...], easy("Features that the model reads", min_length=1)]
    plan: Annotated[Plan, easy("Which strategies, and how often")]
    name: Annotated[str, easy("What to call it", max_length=100)] = ""
