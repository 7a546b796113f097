"""Which strategy a request means."""

from __future__ import annotations

from typing import Any, cast

from kodkod.api import Strategy, StrategySpec
from kodkod.plugins import PluginRegistry
from kodkod.project.query import NextQuery
from kodkod.project.scheme import Choice, LiveScheme

__all__ = ["choice_of", "choose"]


def choose(registry: PluginRegistry, scheme: LiveScheme, query: NextQuery) -> Choice:
    """Return the strategy of a request: the one asked for, or the guide's, or random.

    Raises:
        NotFoundError: no such strategy is installed.
        InvalidParamsError: its params are wrong.
    """
    if query.strategy is not None:
        return choice_of(registry, query.strategy, query.params)
    guide = scheme.guide
    if guide is not None and guide.predictions is not None:
        return choice_of(registry, guide.config.strategy, guide.config.strategy_params)
    return choice_of(registry, "random", {})


def choice_of(registry: PluginRegistry, name: str, params: dict[str, Any]) -> Choice:
    """Build a strategy with its params."""
    spec = cast("StrategySpec", registry.spec("strategy", name))
    return Choice(spec, cast("Strategy[Any]", registry.build("strategy", name, params)), params)
