"""Specs of the plugin; importing this imports nothing heavy."""

from collections.abc import Iterable

from kodkod.api import ComponentSpec, hookimpl

API = "2.0"


@hookimpl
def register_components() -> Iterable[ComponentSpec]:
    """Declare the plugin's components."""
    return ()
