"""Specs of the plugin; importing this imports nothing heavy."""

from collections.abc import Iterable

from kodkod.api import ComponentSpec, FeatureSpec, ModelSpec, Resources, hookimpl
from kodkod_features.params import (
    ColumnParams,
    ImportedMatrixParams,
    ModelPredictionsParams,
    RegexParams,
    RulesParams,
)

API = "2.0"

QUICK = Resources(grace_seconds=0.5)


@hookimpl
def register_components() -> Iterable[ComponentSpec]:
    """Declare the features, and the rules."""
    yield FeatureSpec(
        name="regex",
        title="Patterns",
        summary="Whether words or regular expressions occur, or how often",
        factory="kodkod_features.regex:Regex",
        params=RegexParams,
        resources=QUICK,
    )
    yield FeatureSpec(
        name="dataset-column",
        title="Column of the corpus",
        summary="Numbers, categories or dates that came with the texts",
        factory="kodkod_features.column:Column",
        params=ColumnParams,
        resources=QUICK,
    )
    yield FeatureSpec(
        name="imported-matrix",
        title="Imported vectors",
        summary="Vectors that were computed elsewhere, from a file given to the project",
        factory="kodkod_features.imported:ImportedMatrix",
        params=ImportedMatrixParams,
        resources=QUICK,
    )
    yield FeatureSpec(
        name="model-predictions",
        title="Predictions of a model",
        summary="The probabilities that a model of the project gives each label",
        factory="kodkod_features.predictions:ModelPredictions",
        params=ModelPredictionsParams,
        resources=QUICK,
    )
    yield ModelSpec(
        name="rules",
        title="Rules",
        summary="Words or regular expressions with weights: a dictionary, to be beaten",
        factory="kodkod_features.rules:Rules",
        params=RulesParams,
        resources=QUICK,
        scheme_types=("multiclass", "multilabel"),
        reads="texts",
    )
