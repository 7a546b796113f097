"""Orders by the guide's probabilities."""

from __future__ import annotations

from collections.abc import Iterable

from kodkod.api import StrategySpec
from kodkod_selection.params import LabelParams

__all__ = ["of_one_label", "uncertain"]


def uncertain() -> Iterable[StrategySpec]:
    """Declare uncertainty over all labels."""
    yield StrategySpec(
        name="breaking-ties",
        title="Between two labels",
        summary="Texts that the guide cannot decide between two labels; a good default",
        factory="kodkod_selection.breaking_ties:BreakingTies",
        needs=("probabilities",),
    )
    yield StrategySpec(
        name="max-entropy",
        title="Most uncertain",
        summary="Texts over whose labels the guide spreads its belief most",
        factory="kodkod_selection.max_entropy:MaxEntropy",
        needs=("probabilities",),
    )
    yield StrategySpec(
        name="least-confidence",
        title="Least confident",
        summary="Texts whose likeliest label is the least likely",
        factory="kodkod_selection.least_confidence:LeastConfidence",
        needs=("probabilities",),
    )


def of_one_label() -> Iterable[StrategySpec]:
    """Declare what looks at one label."""
    yield StrategySpec(
        name="max-probability",
        title="Most likely a label",
        summary="Texts that the guide finds most likely to have the chosen label; finds rare ones",
        factory="kodkod_selection.max_probability:MaxProbability",
        params=LabelParams,
        needs=("probabilities",),
    )
    yield StrategySpec(
        name="min-probability",
        title="Least likely a label",
        summary="Texts that the guide finds least likely to have the chosen label",
        factory="kodkod_selection.min_probability:MinProbability",
        params=LabelParams,
        needs=("probabilities",),
    )
    yield StrategySpec(
        name="least-probable-predicted",
        title="Doubtful cases of a label",
        summary="Of the texts predicted as the chosen label, those that least look like it first",
        factory="kodkod_selection.least_probable_predicted:LeastProbablePredicted",
        params=LabelParams,
        needs=("probabilities",),
    )
    yield StrategySpec(
        name="label-entropy",
        title="Undecided about a label",
        summary="Texts for which the guide is least sure whether they have the chosen label",
        factory="kodkod_selection.label_entropy:LabelEntropy",
        params=LabelParams,
        needs=("probabilities",),
    )
