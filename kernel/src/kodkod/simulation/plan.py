"""What to simulate."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct

__all__ = ["LEAST_TESTED", "Plan", "StrategyChoice"]

LEAST_TESTED = 20
"""With fewer texts to test on, a score says next to nothing."""


class StrategyChoice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A strategy by name, with its params; the params of a wrapper name the one that it wraps."""

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    params: dict[str, Any] = {}


class Plan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Each strategy starts from the same `start` random texts and asks for `rounds` of `batch`.

    That is done for each of `seeds`: another start each, and another `test_share` of the texts to
    test on where the corpus has no test split that is annotated. `random` is compared with even
    if it is not among `strategies`. `metric` is one of the overall figures of the metric
    `classification`; `target` is a value of it. All choices follow from `seed`.
    """

    strategies: Annotated[tuple[StrategyChoice, ...], Meta(min_length=1, max_length=12)]
    model: Annotated[str, Meta(min_length=1, max_length=100)] = "logistic"
    params: dict[str, Any] = {}
    start: Annotated[int, Meta(ge=0, le=100_000)] = 25
    batch: Annotated[int, Meta(ge=1, le=10_000)] = 25
    rounds: Annotated[int, Meta(ge=1, le=1_000)] = 20
    seeds: Annotated[int, Meta(ge=1, le=50)] = 5
    metric: Annotated[str, Meta(min_length=1, max_length=100)] = "macro_f1"
    target: Annotated[float, Meta(ge=0, le=1)] | None = None
    test_share: Annotated[float, Meta(ge=0.05, le=0.9)] = 0.3
    seed: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0
