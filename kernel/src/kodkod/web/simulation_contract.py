"""The shapes of simulations in the HTTP contract."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from kodkod.simulation.plan import Plan, StrategyChoice
from kodkod.simulation.report import (
    SimulatedPoint,
    SimulatedStrategy,
    SimulationInfo,
    SimulationReport,
    SimulationSummary,
)

__all__ = [
    "NewSimulation",
    "SimulatedPoint",
    "SimulatedStrategy",
    "SimulationInfo",
    "SimulationReport",
    "SimulationSummary",
    "StrategyChoice",
]


class NewSimulation(Plan, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Replay strategies on what is annotated with a scheme, to see which would have paid.

    `model` reads `features` and is taught with `params`. Each strategy starts from the same
    `start` random texts (0: its own start) and asks for `rounds` of `batch`; that is done for
    each of `seeds`. `test_share` counts where fewer than 100 texts of the test split are
    annotated. `random` is always compared with. `target` is a value of `metric`.
    """

    scheme: str
    features: Annotated[list[str], Meta(min_length=1)]
    name: Annotated[str, Meta(max_length=100)] = ""

    def plan(self) -> Plan:
        """Return what to simulate, without what it is simulated on."""
        return Plan(**{name: getattr(self, name) for name in Plan.__struct_fields__})
