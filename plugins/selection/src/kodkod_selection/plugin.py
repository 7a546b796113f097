"""Specs of the plugin; importing this imports nothing heavy."""

from __future__ import annotations

from collections.abc import Iterable

from kodkod.api import ComponentSpec, StrategySpec, hookimpl
from kodkod_selection.params import MaxProbabilityParams

API = "1.0"


@hookimpl
def register_components() -> Iterable[ComponentSpec]:
    """Declare the strategies."""
    yield StrategySpec(
        name="deterministic",
        title="In order",
        summary="As the file has them, from the first text to the last",
        factory="kodkod_selection.fixed:Deterministic",
    )
    yield StrategySpec(
        name="random",
        title="At random",
        summary="Every text with the same chance; the base of unbiased estimates",
        factory="kodkod_selection.fixed:Random",
        uniform=True,
    )
    yield StrategySpec(
        name="max-probability",
        title="Most likely a label",
        summary="Texts that the guide finds most likely to have the chosen label; finds rare ones",
        factory="kodkod_selection.max_probability:MaxProbability",
        params=MaxProbabilityParams,
        needs=("probabilities",),
    )
    yield StrategySpec(
        name="max-entropy",
        title="Most uncertain",
        summary="Texts that the guide is least sure about; they teach it the most",
        factory="kodkod_selection.max_entropy:MaxEntropy",
        needs=("probabilities",),
    )
