"""Specs of the plugin; importing this imports nothing heavy."""

from __future__ import annotations

from collections.abc import Iterable

from kodkod.api import ComponentSpec, EstimatorSpec, hookimpl
from kodkod_estimates.params import DslParams

API = "2.1"


@hookimpl
def register_components() -> Iterable[ComponentSpec]:
    """Declare the estimators, in the order in which they are shown."""
    yield EstimatorSpec(
        name="ppi",
        title="Prediction-powered",
        summary="Machine labels corrected by the human ones, and trusted as far as they help",
        factory="kodkod_estimates.ppi:PredictionPowered",
    )
    yield EstimatorSpec(
        name="dsl",
        title="Design-based supervised learning",
        summary="Machine labels recalibrated on the human ones, then corrected by them",
        factory="kodkod_estimates.dsl:DesignBased",
        params=DslParams,
    )
    yield EstimatorSpec(
        name="stratified",
        title="Poststratified",
        summary="Human labels, weighted so that the machine's labels have their shares",
        factory="kodkod_estimates.stratified:Poststratified",
    )
    yield EstimatorSpec(
        name="random-sample",
        title="Human labels alone",
        summary="What the sample says without any machine",
        factory="kodkod_estimates.random_sample:RandomSample",
        needs_machine=False,
    )
