"""Specs of the plugin; importing this imports nothing heavy."""

from __future__ import annotations

from collections.abc import Iterable

from kodkod.api import ComponentSpec, SchemeTypeSpec, hookimpl
from kodkod_schemes import params

API = "2.0"


@hookimpl
def register_components() -> Iterable[ComponentSpec]:
    """Declare the three scheme types."""
    yield SchemeTypeSpec(
        name="multiclass",
        title="One label",
        summary="Exactly one label for each text",
        factory="kodkod_schemes.multiclass:Multiclass",
        widget="choice",
    )
    yield SchemeTypeSpec(
        name="multilabel",
        title="Several labels",
        summary="Any number of labels for each text, or none",
        factory="kodkod_schemes.multilabel:Multilabel",
        params=params.MultilabelParams,
        widget="choices",
    )
    yield SchemeTypeSpec(
        name="span",
        title="Passages",
        summary="Labels on stretches of the text",
        factory="kodkod_schemes.span:Spans",
        params=params.SpanParams,
        widget="spans",
    )
