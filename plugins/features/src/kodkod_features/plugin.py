"""Specs of the plugin; importing this imports nothing heavy."""

from collections.abc import Iterable

from kodkod.api import ComponentSpec, FeatureSpec, Resources, hookimpl
from kodkod_features.params import ColumnParams, RegexParams

API = "2.0"

QUICK = Resources(grace_seconds=0.5)


@hookimpl
def register_components() -> Iterable[ComponentSpec]:
    """Declare the features."""
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
