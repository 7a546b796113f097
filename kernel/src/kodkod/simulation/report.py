"""What a simulation says. Written as report.json, and shown as it is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct

from kodkod.api import Score

__all__ = [
    "SimulatedPoint",
    "SimulatedStrategy",
    "SimulationInfo",
    "SimulationReport",
    "SimulationSummary",
]


class SimulatedPoint(Struct, frozen=True, kw_only=True):
    """The mean score over the seeds after `n` labels, with its 95 % interval.

    The interval is Student's, and null for one seed.
    """

    n: int
    mean: float
    low: float | None = None
    high: float | None = None


class SimulationSummary(Struct, frozen=True, kw_only=True):
    """How a strategy did: the area under its curve, and how much more than that of `random`."""

    name: str
    title: str
    params: dict[str, Any]
    area: Score
    gain: Score | None


class SimulatedStrategy(SimulationSummary, frozen=True, kw_only=True):
    """A strategy's learning curve, and what follows from it.

    `area` is the mean score over the labels from the first point to the last. `gain` is its
    difference from random's, seed by seed; null for random itself. `labels_for_target` is over
    the `reached` seeds that came so far; where others did not, it is too low. `order_ms` is the
    processor time of working out one order, `final` the score at the last point, `by_seed` the
    scores of each seed at `points`.
    """

    points: list[SimulatedPoint]
    labels_for_target: Score | None
    reached: int
    order_ms: float
    final: Score
    by_seed: list[list[float]]


class _Simulation(Struct, frozen=True, kw_only=True):
    id: str
    name: str
    scheme: str
    created_at: datetime
    metric: str
    features: list[str]
    model: str
    params: dict[str, Any]
    n_rows: int
    n_test: int
    seeds: int
    seed: int
    start: int
    batch: int
    rounds: int
    target: float | None
    whole: Score
    scheme_id: int | None = None


class SimulationInfo(_Simulation, frozen=True, kw_only=True):
    """A simulation without its curves. `whole` is the score with all texts labelled."""

    strategies: list[SimulationSummary]


class SimulationReport(_Simulation, frozen=True, kw_only=True):
    """A simulation over `n_rows` labelled texts, `n_test` of which are tested on.

    `rounds` are those that were made; `whole` is the score with all texts labelled, those tested
    on excepted. `notes` say what was left out or cut short.
    """

    strategies: list[SimulatedStrategy]
    notes: list[str]
