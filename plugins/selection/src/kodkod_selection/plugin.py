"""Specs of the plugin; importing this imports nothing heavy."""

from __future__ import annotations

from collections.abc import Iterable

from kodkod.api import ComponentSpec, hookimpl
from kodkod_selection.specs.disagreement import disagreement
from kodkod_selection.specs.diversity import representative, uncertain_and_diverse
from kodkod_selection.specs.multilabel import multilabel
from kodkod_selection.specs.plain import plain
from kodkod_selection.specs.uncertainty import of_one_label, uncertain
from kodkod_selection.specs.wrappers import wrappers

API = "2.0"


@hookimpl
def register_components() -> Iterable[ComponentSpec]:
    """Declare the strategies, the usual ones first."""
    return (
        *plain(),
        *uncertain(),
        *of_one_label(),
        *uncertain_and_diverse(),
        *representative(),
        *disagreement(),
        *multilabel(),
        *wrappers(),
    )
