"""Specs of the scheme types; importing this imports nothing heavy."""

from collections.abc import Iterable

from kodkod.api import ComponentSpec, SchemeTypeSpec, hookimpl
from kodkod_schemes.params import MultilabelParams, SpanParams

API = "1.0"


@hookimpl
def register_components() -> Iterable[ComponentSpec]:
    """Declare the scheme types."""
    yield SchemeTypeSpec(
        name="multiclass",
        title="One label a text",
        summary="Every text gets exactly one of the labels",
        factory="kodkod_schemes.multiclass:Multiclass",
        widget="choice",
    )
    yield SchemeTypeSpec(
        name="multilabel",
        title="Any number of labels a text",
        summary="Every text gets those labels that apply, or none of them",
        factory="kodkod_schemes.multilabel:Multilabel",
        params=MultilabelParams,
        widget="choices",
    )
    yield SchemeTypeSpec(
        name="span",
        title="Labelled stretches of the text",
        summary="Stretches of the text, by character offsets, each with a label",
        factory="kodkod_schemes.span:SpanScheme",
        params=SpanParams,
        widget="spans",
    )
