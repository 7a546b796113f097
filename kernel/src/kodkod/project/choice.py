"""A strategy that was chosen, with those that it wraps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import Need, Strategy, StrategySpec
from kodkod.project.query import Filter, SplitName

__all__ = ["Choice", "Ordered"]


class Ordered(Protocol):
    """Another scheme, whose order can be combined with this one's."""

    def order_key(self, choice: Choice, filter_: Filter, split: SplitName) -> Any:
        """Return what its order depends on."""
        ...

    def order_by(self, choice: Choice, filter_: Filter, split: SplitName) -> NDArray[np.int64]:
        """Return its order, worked out now if need be."""
        ...


class Choice(Struct, frozen=True):
    """A strategy with its params, ready to order, and the one whose order it changes.

    `asked` is the strategy that somebody named, under which draws are logged, where others
    were put around it. `vector` is the embedding of `text`. `joint` has the other schemes, and
    their choices, whose order is combined with this one's.
    """

    spec: StrategySpec
    strategy: Strategy[Any]
    params: dict[str, Any]
    base: Choice | None = None
    asked: str = ""
    vector: NDArray[np.float32] | None = None
    joint: tuple[tuple[Ordered, Choice], ...] = ()

    @property
    def name(self) -> str:
        """Return the name under which draws are logged."""
        return self.asked or self.spec.name

    @property
    def chain(self) -> Iterator[Choice]:
        """Yield this choice, the one that it wraps, and so on."""
        each: Choice | None = self
        while each is not None:
            yield each
            each = each.base

    @property
    def needs(self) -> set[Need]:
        """Return what the pool must have for all of the chain."""
        needs: set[Need] = {need for each in self.chain for need in each.spec.needs}
        needs.discard("base")
        return needs

    @property
    def reads(self) -> set[Need]:
        """Return what any of the chain looks at where it is there."""
        reads: set[Need] = {need for each in self.chain for need in each.spec.uses}
        return reads | self.needs

    @property
    def uniform(self) -> bool:
        """Tell whether each draw is uniform over what remains."""
        return self.spec.uniform and all(choice.uniform for _, choice in self.joint)

    @property
    def explore(self) -> float | None:
        """Return the share of draws that are uniform whatever the order says, if it has one."""
        if self.spec.explores is None:
            return None
        return float(getattr(self.strategy.params, self.spec.explores))

    @property
    def text(self) -> str:
        """Return the text whose embedding the strategy asks for, or nothing."""
        if "query" not in self.reads:
            return ""
        return next((t for each in self.chain if (t := each.params.get("text"))), "")

    def encoded(self) -> str:
        """Return the names and params of the chain, the same for the same order."""
        chain = [(each.spec.name, each.params) for each in self.chain]
        return msgspec.json.encode(chain, order="sorted").decode()
