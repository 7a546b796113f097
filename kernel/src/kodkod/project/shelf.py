"""The orders and walks of one scheme that are in use, by what they were made from."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Mapping

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.project.board import Board
from kodkod.project.choice import Choice
from kodkod.project.orders import OrderKey
from kodkod.project.walk import BrowseWalk, PoolWalk

__all__ = ["Made", "Shelf", "WalkKey"]

# A walk takes 12 bytes a row: few are kept of a large corpus, many of a small one.
_WALKS = 32
_LEAST_WALKS = 4
_WALK_ROWS = 2_000_000
_ORDERS = 12


class WalkKey(Struct, frozen=True):
    """What a walk depends on. `user_id` is None for the pool, which all walk together.

    `n_rows` is the corpus's: a walk that was being made when rows were added is not found again.
    """

    order: OrderKey
    filter: bytes
    split: str
    sample: bytes
    user_id: int | None
    n_rows: int

    @property
    def kin(self) -> WalkKey:
        """Return what all walks for the same request have in common, whatever was learnt since."""
        return msgspec.structs.replace(self, order=_timeless(self.order))


def _timeless(key: OrderKey) -> OrderKey:
    joint = tuple(map(_timeless, key.joint))
    return msgspec.structs.replace(key, version=0, learnt=0, vectors="", joint=joint)


class Made(Struct, frozen=True):
    """A walk made in another thread, with its order where other walks can share it."""

    walk: PoolWalk | BrowseWalk
    order: NDArray[np.int64] | None


class Shelf:
    """Keeps what was asked for last. Belongs to the event loop's thread."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self._orders: OrderedDict[OrderKey, NDArray[np.int64]] = OrderedDict()
        self._walks: OrderedDict[WalkKey, PoolWalk | BrowseWalk] = OrderedDict()
        self._newest: dict[WalkKey, WalkKey] = {}
        self._choices: dict[OrderKey, Choice] = {}
        self._used: set[OrderKey] = set()
        self.making: dict[WalkKey, asyncio.Task[PoolWalk | BrowseWalk]] = {}
        """Walks that are being made: whoever wants the same waits for it."""

    # -- walks ----------------------------------------------------------------------------

    def walk(self, key: WalkKey) -> PoolWalk | BrowseWalk | None:
        """Return a walk that is under way."""
        walk = self._walks.get(key)
        if walk is not None:
            self._walks.move_to_end(key)
            self._used.add(key.order)
        return walk

    def older_walk(self, key: WalkKey) -> tuple[WalkKey, PoolWalk] | None:
        """Return a walk for the same request from before something was learnt, with its key."""
        newest = self._newest.get(key.kin)
        walk = self._walks.get(newest) if newest is not None else None
        if newest is None or not isinstance(walk, PoolWalk):
            return None
        return newest, walk

    def adopt(self, key: WalkKey, made: Made, choice: Choice) -> PoolWalk | BrowseWalk:
        """Begin a walk that was made, unless another request began it meanwhile."""
        if made.order is not None:
            self.keep_order(key.order, made.order, choice, key.n_rows)
        there = self._walks.get(key)
        if there is not None:
            return there
        if isinstance(made.walk, PoolWalk):
            made.walk.attach(self.board)
        self._walks[key] = made.walk
        self._choices[key.order] = choice
        self._used.add(key.order)
        kin = key.kin
        before = self._newest.get(kin)
        if before is not None:
            self.drop_walk(before)
        self._newest[kin] = key
        most = min(_WALKS, max(_LEAST_WALKS, _WALK_ROWS // max(key.n_rows, 1)))
        while len(self._walks) > most:
            self.drop_walk(next(iter(self._walks)))
        self._forget()
        return made.walk

    def drop_walk(self, key: WalkKey) -> None:
        """Let a walk go."""
        walk = self._walks.pop(key, None)
        if isinstance(walk, PoolWalk):
            self.board.unwatch(walk)
        if self._newest.get(key.kin) == key:
            del self._newest[key.kin]

    def drop_walks(self) -> None:
        """Let all walks go."""
        for key in list(self._walks):
            self.drop_walk(key)

    # -- orders ---------------------------------------------------------------------------

    def order(self, key: OrderKey) -> NDArray[np.int64] | None:
        """Return an order that was worked out. May be called from another thread."""
        return self._orders.get(key)

    def choice(self, key: OrderKey) -> Choice:
        """Return what an order in use was made by."""
        return self._choices[key]

    def keep_order(
        self, key: OrderKey, order: NDArray[np.int64], choice: Choice, n_rows: int
    ) -> None:
        """Keep an order for other walks; one of fewer rows would hide those added since."""
        if len(order) == n_rows:
            self._orders[key] = order
            self._orders.move_to_end(key)
            self._choices[key] = choice
            while len(self._orders) > _ORDERS:
                self._orders.popitem(last=False)

    def forget_orders(self) -> None:
        """Let all orders go."""
        self._orders.clear()
        self._forget()

    # -- a refresh of the guide -----------------------------------------------------------

    def in_use(self) -> tuple[list[OrderKey], list[WalkKey]]:
        """Return the orders and pool walks to renew on a refresh: those asked for lately."""
        orders = [key for key in self._orders if key.renews and key in self._used]
        walks = [
            key
            for key, walk in self._walks.items()
            if isinstance(walk, PoolWalk) and key.order in orders
        ]
        return orders, walks

    def replace(
        self,
        orders: Mapping[OrderKey, tuple[NDArray[np.int64], Choice]],
        walks: Mapping[WalkKey, PoolWalk],
        n_rows: int,
    ) -> None:
        """Swap everything that was made from earlier predictions."""
        for key in [key for key in self._orders if key.renews]:
            del self._orders[key]
        for walk_key in [key for key in self._walks if key.order.renews]:
            self.drop_walk(walk_key)
        for key, (order, choice) in orders.items():
            self.keep_order(key, order, choice, n_rows)
        for walk_key, walk in walks.items():
            if walk_key.n_rows == n_rows:
                choice = orders[walk_key.order][1]
                self.adopt(walk_key, Made(walk, None), choice)
        self._used.clear()
        self._forget()

    def _forget(self) -> None:
        needed: set[OrderKey] = {*self._orders, *(key.order for key in self._walks)}
        for key in self._stale(needed):
            del self._choices[key]

    def _stale(self, needed: Iterable[OrderKey]) -> list[OrderKey]:
        there = set(needed)
        return [key for key in self._choices if key not in there]
