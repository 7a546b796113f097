"""Specs of the query strategies; importing this imports nothing heavy."""

from collections.abc import Iterable

from kodkod.api import ComponentSpec, StrategySpec, hookimpl
from kodkod_selection.params import MaxProbabilityParams

API = "1.0"


@hookimpl
def register_components() -> Iterable[ComponentSpec]:
    """Declare the strategies."""
    yield StrategySpec(
        name="deterministic",
        title="In the corpus's order",
        summary="Texts one after the other, as they stand in the file",
        factory="kodkod_selection.plain:Deterministic",
    )
    yield StrategySpec(
        name="random",
        title="At random",
        summary="Every text is equally likely: the basis of estimates",
        factory="kodkod_selection.plain:Random",
        uniform=True,
    )
    yield StrategySpec(
        name="max-probability",
        title="Most probably a label",
        summary="Texts that the guide takes most surely for a label: finds examples of a rare one",
        factory="kodkod_selection.probability:MaxProbability",
        params=MaxProbabilityParams,
        needs=("probabilities",),
    )
    yield StrategySpec(
        name="max-entropy",
        title="Most uncertain",
        summary="Texts about which the guide is least sure",
        factory="kodkod_selection.probability:MaxEntropy",
        needs=("probabilities",),
    )
