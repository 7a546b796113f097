"""The estimators under test."""

from __future__ import annotations

from typing import Any

from kodkod.api import Estimator, NoParams
from kodkod_estimates.dsl import DesignBased
from kodkod_estimates.params import DslParams
from kodkod_estimates.ppi import PredictionPowered
from kodkod_estimates.random_sample import RandomSample
from kodkod_estimates.stratified import Poststratified

ESTIMATORS: dict[str, Estimator[Any]] = {
    "ppi": PredictionPowered(NoParams()),
    "dsl": DesignBased(DslParams()),
    "stratified": Poststratified(NoParams()),
    "random-sample": RandomSample(NoParams()),
}
