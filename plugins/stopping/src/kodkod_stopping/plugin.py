"""Specs of the plugin; importing this imports nothing heavy."""

from __future__ import annotations

from collections.abc import Iterable

from kodkod.api import ComponentSpec, StoppingRuleSpec, hookimpl
from kodkod_stopping import params

API = "2.0"


@hookimpl
def register_components() -> Iterable[ComponentSpec]:
    """Declare the rules, in the order in which they are shown."""
    yield StoppingRuleSpec(
        name="stabilising-predictions",
        title="Stable predictions",
        summary="Successive models agree on a fixed set of texts",
        factory="kodkod_stopping.stabilising:StabilisingPredictions",
        params=params.StabilisingParams,
    )
    yield StoppingRuleSpec(
        name="classification-change",
        title="Unchanged predictions",
        summary="Next to no prediction of the corpus changes any more",
        factory="kodkod_stopping.classification_change:ClassificationChange",
        params=params.ChangeParams,
    )
    yield StoppingRuleSpec(
        name="overall-uncertainty",
        title="Sure of the rest",
        summary="The model is sure of nearly all texts that are left",
        factory="kodkod_stopping.overall_uncertainty:OverallUncertainty",
        params=params.UncertaintyParams,
    )
    yield StoppingRuleSpec(
        name="score-plateau",
        title="Level score",
        summary="The newest labels have not raised the cross-validated score",
        factory="kodkod_stopping.plateau:ScorePlateau",
        params=params.PlateauParams,
    )
    yield StoppingRuleSpec(
        name="expected-gain",
        title="Gain of the next labels",
        summary="What 100 labels more should bring, by the learning curve",
        factory="kodkod_stopping.expected_gain:ExpectedGain",
        params=params.GainParams,
    )
    yield StoppingRuleSpec(
        name="rare-recall",
        title="Recall of rare labels",
        summary="How many of the texts of each rare label are found, of an estimated total",
        factory="kodkod_stopping.rare_recall:RareRecall",
        params=params.RecallParams,
    )
