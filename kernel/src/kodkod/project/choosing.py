"""From a strategy's name and params to something that orders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import msgspec

from kodkod.api import InvalidParamsError, Strategy, StrategySpec
from kodkod.plugins import PluginRegistry
from kodkod.project.choice import Choice

__all__ = ["choice_of"]

_DEEPEST = 5


def choice_of(
    registry: PluginRegistry, name: str, params: Mapping[str, Any], *, depth: int = 1
) -> Choice:
    """Build a strategy and the one that it wraps. Its params are as decoded, defaults and all.

    Raises:
        NotFoundError: no such strategy is installed.
        InvalidParamsError: the params are wrong, or strategies wrap one another too deeply.
    """
    spec = cast("StrategySpec", registry.spec("strategy", name))
    strategy = cast("Strategy[Any]", registry.build("strategy", name, params))
    plain = msgspec.to_builtins(strategy.params)
    if "base" not in spec.needs:
        return Choice(spec, strategy, plain)
    if depth == _DEEPEST:
        raise InvalidParamsError(
            f"Strategies are wrapped {_DEEPEST} deep; name one that wraps no other.", field="base"
        )
    base = choice_of(registry, plain["base"], plain["base_params"], depth=depth + 1)
    return Choice(spec, strategy, plain, base)
